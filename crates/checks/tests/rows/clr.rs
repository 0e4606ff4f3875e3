//! CLR 2.0 over real signatures: C5, C10, C15–C17, C20–C22.

use badge_schemas::baking::{Keyword, png, svg};
use badge_schemas::clr::{ClrFacts, Held, Learner, compose};
use badge_schemas::credential::{IssuerFacts, validate_canonical};
use checks::{Carrier, Check, Inquiry, Outcome, PartKind, Report, Standard, Verdict, codes};
use proofs::jsonld::canonicalize;
use serde_json::{Value, json};
use time::macros::datetime;

use crate::sealing::{document, options, seal};
use crate::tokens::{header, jwk, token};
use crate::world::{BASE, INDEX, NOW, ORG, World, did, status};
use crate::{finds, judge, remove};

/// A record of these badges as our own house composes it, unsigned.
fn record(badges: &[Value]) -> Value {
    let publisher = IssuerFacts { did: ORG.to_owned(), name: "Estuaire".to_owned(), url: format!("{BASE}/o/x") };
    let held: Vec<Held<'_>> = badges.iter().map(Held::Json).collect();
    let composed = compose(&ClrFacts {
        id: "urn:uuid:6f0c2c1e-7d0b-4b83-9a1f-2f6a1c0e9d47",
        name: "Livret de compétences – Inès Duval",
        description: None,
        publisher: &publisher,
        valid_from: datetime!(2026-11-20 15:00 UTC),
        learner: Learner::Named("Inès Duval", None),
        badges: &held,
        achievements: &[],
        associations: &[],
    });
    composed.expect("a record").clr
}

fn another(world: &World, change: impl FnOnce(&mut Value)) -> Value {
    world.org.sign(&world.badge(|badge| {
        badge["id"] = json!("https://livret.example/badges/0b9f4a52-3c1d-4f0e-8e55-6a7d2b91c3aa");
        change(badge);
    }))
}

fn parts(report: &Report) -> Vec<Verdict> {
    report.parts.iter().map(|part| part.report.verdict).collect()
}

#[test]
fn row_c5_a_record_is_baked_under_its_own_name() {
    let world = World::new();
    let text = world.org.sign(&record(&[world.signed()])).to_string();
    let picture = b"<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>";
    let baked = svg::bake(picture, Keyword::Clr2, &text).expect("a picture");
    assert!(String::from_utf8_lossy(&baked).contains("https://purl.imsglobal.org/clr/v2p0"));
    let report = world.bring(Inquiry::open_bytes(baked, NOW, checks::Policy::FULL), NOW);
    assert_eq!(report.verdict, Verdict::Authentic, "{report:#?}");
    let form = report.form.expect("a form");
    assert_eq!((form.carrier, form.standard), (Carrier::Svg, Standard::Clr2));
    let signed = report.record.expect("who gathered and signed");
    assert_eq!((signed.issuer.name.as_str(), signed.issuer.vouched), ("Estuaire Compétences", true), "by the register");
    assert_eq!(signed.valid_from, datetime!(2026-11-20 15:00 UTC));
    assert_eq!(Keyword::Clr2.png(), "clrcredential");
    assert!(png::bake(b"no picture", Keyword::Clr2, &text).is_err());
}

#[test]
fn row_c10_a_record_ends_is_withdrawn_and_is_endorsed_as_a_badge_is() {
    let mut world = World::new();
    let mut ended = record(&[world.signed()]);
    ended["validUntil"] = json!("2026-11-21T00:00:00Z");
    assert_eq!(world.judge(&world.org.sign(&ended).to_string()).verdict, Verdict::Expired);
    let mut listed = record(&[world.signed()]);
    listed["credentialStatus"] = world.badge(|_| {})["credentialStatus"].clone();
    listed["credentialStatus"]["statusListIndex"] = json!("7");
    listed["credentialStatus"]["id"] = json!(format!("{}#7", crate::world::LIST));
    let text = world.org.sign(&listed).to_string();
    assert_eq!(world.judge(&text).verdict, Verdict::Authentic);
    let list = world.list(|bits| bits.set(7, true).expect("a place"));
    world.says(status(), &world.org.sign(&list));
    let report = world.judge(&text);
    assert_eq!((report.verdict, parts(&report)), (Verdict::Withdrawn, vec![Verdict::Authentic]));
    let mut endorsed = record(&[world.signed()]);
    endorsed["endorsement"] = json!([world.region.sign(&json!({
        "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
        "id": "urn:uuid:7f0c2c1e-7d0b-4b83-9a1f-2f6a1c0e9d47", "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "Recommandation", "issuer": { "id": world.region.did, "type": ["Profile"] }, "validFrom": "2026-11-01T00:00:00Z",
        "credentialSubject": { "id": endorsed["id"], "type": ["EndorsementSubject"] },
    }))]);
    let report = judge(&world, &world.org.sign(&endorsed));
    let kinds: Vec<_> = report.parts.iter().map(|part| part.kind).collect();
    assert_eq!(kinds, [PartKind::Embedded, PartKind::Endorsement]);
    finds(&report, Check::Endorsements, Outcome::Passed, codes::ENDORSEMENTS_HOLD);
}

#[test]
fn row_c15_a_record_under_every_proof() {
    let record = |world: &World| record(&[world.signed()]);
    for (suite, alg) in [
        ("eddsa-rdfc-2022", "EdDSA"),
        ("eddsa-jcs-2022", "EdDSA"),
        ("ecdsa-rdfc-2019", "ES256"),
        ("ecdsa-rdfc-2019", "ES384"),
    ] {
        let mut world = World::new();
        // The publisher signs with a key of its own, the badge with the organisation's.
        let publisher = "did:web:publisher.example";
        world.says(did(publisher), &document(publisher, alg, "assertionMethod"));
        let mut unsigned = record(&world);
        unsigned["issuer"]["id"] = json!(publisher);
        let report = judge(&world, &seal(&unsigned, options(suite, publisher, "assertionMethod"), alg));
        assert_eq!((report.verdict, parts(&report)), (Verdict::Authentic, vec![Verdict::Authentic]), "{suite} {alg}");
    }
    // A VC-JWT in the form of VC 2.0, over which the official inspector stumbles.
    for alg in ["RS256", "ES256"] {
        let mut world = World::new();
        let method = format!("{ORG}#jose");
        let mut keys = world.org.document();
        keys["verificationMethod"]
            .as_array_mut()
            .expect("keys")
            .push(json!({ "id": method, "type": "JsonWebKey", "controller": ORG, "publicKeyJwk": jwk(alg) }));
        keys["assertionMethod"].as_array_mut().expect("keys").push(json!(method));
        world.says(did(ORG), &keys);
        let mut payload = record(&world);
        payload["credentialSubject"]["id"] = json!("urn:uuid:0b9f4a52-3c1d-4f0e-8e55-6a7d2b91c3ab");
        payload["iss"] = json!(ORG);
        payload["jti"] = payload["id"].clone();
        payload["sub"] = payload["credentialSubject"]["id"].clone();
        payload["nbf"] = json!(datetime!(2026-11-20 15:00 UTC).unix_timestamp());
        let mut header = header(alg);
        header["kid"] = json!(method);
        let report = world.judge_at(&token(alg, &header, &payload), NOW, crate::ALONE);
        assert_eq!(
            (report.verdict, parts(&report)),
            (Verdict::Authentic, vec![Verdict::Authentic]),
            "{alg} {report:#?}"
        );
        assert_eq!(report.form.expect("a form").standard, Standard::Clr2);
    }
}

#[test]
fn row_c16_the_outer_proof_covers_the_inner_ones() {
    let world = World::new();
    let good = world.org.sign(&record(&[world.signed()]));
    assert_eq!(judge(&world, &good).verdict, Verdict::Authentic);
    let at = "/credentialSubject/verifiableCredential/0/proof";
    // Another proof of the same badge, which holds by itself, is not what the publisher signed.
    let method = format!("{ORG}#{}", world.org.multibase());
    let other = world.org.sign_as(&world.badge(|_| {}), &method, crate::world::SIGNED + time::Duration::SECOND);
    assert_eq!(judge(&world, &other).verdict, Verdict::Authentic);
    let mut exchanged = good.clone();
    *exchanged.pointer_mut(at).expect("a proof") = other["proof"].clone();
    let mut taken = good;
    remove(&mut taken, at);
    for text in [exchanged, taken] {
        let report = judge(&world, &text);
        finds(&report, Check::Signature, Outcome::Failed, codes::SIGNATURE_MISMATCH);
        assert_eq!((report.verdict, report.parts.len()), (Verdict::Altered, 0), "nothing of it is shown");
    }
}

#[test]
fn row_c17_two_badges_of_one_achievement_and_one_person_stay_apart() {
    let world = World::new();
    let other = another(&world, |badge| {
        badge["credentialSubject"]["achievement"]["description"] = json!("La même, dite autrement.");
        badge["credentialSubject"]["role"] = json!("cheffe");
    });
    let badges = [world.signed(), other];
    assert_eq!(badges[0]["credentialSubject"]["id"], badges[1]["credentialSubject"]["id"]);
    let mut unsigned = record(&badges);
    // The learner has the very id of both subjects.
    unsigned["credentialSubject"]["id"] = badges[0]["credentialSubject"]["id"].clone();
    let report = judge(&world, &world.org.sign(&unsigned));
    assert_eq!((report.verdict, parts(&report)), (Verdict::Authentic, vec![Verdict::Authentic; 2]), "{report:#?}");
    let descriptions: Vec<_> = report
        .parts
        .iter()
        .map(|part| part.report.badge.as_ref().expect("facts").achievement.description.as_str())
        .collect();
    assert_ne!(descriptions[0], descriptions[1]);
}

#[test]
fn row_c18_badges_of_other_contexts_are_never_signed_into_a_record() {
    let world = World::new();
    let mut older = record(&[world.signed()]);
    older["credentialSubject"]["verifiableCredential"][0]["@context"][1] =
        json!("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json");
    assert!(canonicalize(&older).is_err());
}

#[test]
fn row_c20_each_badge_is_told_apart() {
    let mut world = World::new();
    let ended = another(&world, |badge| {
        badge["validUntil"] = json!("2026-11-21T00:00:00Z");
        remove(badge, "/credentialStatus");
    });
    let text = world.org.sign(&record(&[world.signed(), ended])).to_string();
    let list = world.list(|bits| bits.set(INDEX as usize, true).expect("a place"));
    world.says(status(), &world.org.sign(&list));
    let report = world.judge(&text);
    assert_eq!((report.verdict, parts(&report)), (Verdict::Authentic, vec![Verdict::Withdrawn, Verdict::Expired]));
    finds(&report, Check::Embedded, Outcome::Failed, codes::EMBEDDED_AMISS);
}

#[test]
fn row_c21_odd_datatypes_are_kept_as_the_context_writes_them() {
    let world = World::new();
    let mut unsigned = record(&[world.signed()]);
    let achievement =
        unsigned["credentialSubject"]["verifiableCredential"][0]["credentialSubject"]["achievement"]["id"].clone();
    unsigned["credentialSubject"]["association"] = json!([{ "type": "Association", "associationType": "isRelatedTo", "sourceId": achievement, "targetId": achievement }]);
    let canonical = canonicalize(&unsigned).expect("a record");
    assert!(canonical.contains("\"true\"^^<xsd:boolean>"), "partial");
    assert!(canonical.contains("^^<xsd:anyURI>"), "sourceId, targetId");
    assert_eq!(judge(&world, &world.org.sign(&unsigned)).verdict, Verdict::Authentic);
    assert_eq!(validate_canonical(&unsigned), []);
}

#[test]
fn row_c22_the_learners_identifiers_are_signed() {
    let world = World::new();
    let mut text = world.org.sign(&record(&[world.signed()]));
    text["credentialSubject"]["identifier"][0]["identityHash"] = json!("Paul Martin");
    finds(&judge(&world, &text), Check::Signature, Outcome::Failed, codes::SIGNATURE_MISMATCH);
    // The context of before drops them: nothing vouches for what it does not define.
    let mut older = record(&[world.signed()]);
    older["@context"][1] = json!("https://purl.imsglobal.org/spec/clr/v2p0/context.json");
    let canonical = canonicalize(&older);
    assert!(canonical.is_err() || !canonical.expect("a record").contains("clr/v2p0/vocab#identifier-1"));
}
