//! Credentials inside credentials: endorsements, collections, presentations; and what stands beside a badge: newer
//! versions, linked files, whom one asked about.

#[expect(dead_code, reason = "the world is shared with tests that need more of it")]
mod world;

use badge_schemas::baking::{Keyword, png, svg};
use checks::{
    Answer, Carrier, Check, Inquiry, Need, Outcome, PartKind, Policy, Report, Standard, Unanswered, Verdict, codes,
};
use data_encoding::BASE64;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use world::{NOW, ORG, REGION, World, achievement};

#[track_caller]
fn finds(report: &Report, check: Check, outcome: Outcome, code: &str) {
    let found: Vec<_> = report.findings.iter().filter(|f| f.check == check).map(|f| (f.outcome, f.code)).collect();
    assert!(found.contains(&(outcome, code)), "{check:?}: {found:?}\n{report:#?}");
}

/// An endorsement of `id` by the Région.
fn endorsement(world: &World, id: &str) -> Value {
    world.region.sign(&json!({
        "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
        "id": "urn:uuid:7f0c2c1e-7d0b-4b83-9a1f-2f6a1c0e9d47",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "Recommandation",
        "issuer": { "id": REGION, "type": ["Profile"], "name": "Région Normandie" },
        "validFrom": "2026-11-01T00:00:00Z",
        "credentialSubject": { "id": id, "type": ["EndorsementSubject"], "endorsementComment": "Reconnu ici." },
    }))
}

const ALONE: Policy = Policy { trust: false, status: false };

fn alone(world: &World, value: &Value) -> Report {
    world.judge_at(&value.to_string(), NOW, ALONE)
}

#[test]
fn an_endorsement_is_judged_in_its_own_part() {
    let world = World::new();
    let id = world.badge(|_| {})["id"].as_str().unwrap().to_owned();
    let of_achievement = world.badge(|_| {})["credentialSubject"]["achievement"]["id"].as_str().unwrap().to_owned();
    let signed = world.org.sign(&world.badge(|v| {
        v["endorsement"] = json!([endorsement(&world, &id)]);
        v["credentialSubject"]["achievement"]["endorsement"] = json!([endorsement(&world, &of_achievement)]);
        v["issuer"]["endorsement"] = json!([endorsement(&world, ORG)]);
    }));
    let report = alone(&world, &signed);
    assert_eq!(report.verdict, Verdict::Authentic, "{report:#?}");
    finds(&report, Check::Endorsements, Outcome::Passed, codes::ENDORSEMENTS_HOLD);
    let places: Vec<_> = report.parts.iter().map(|part| (part.kind, part.place.as_str())).collect();
    assert_eq!(
        places,
        [
            (PartKind::Endorsement, "/endorsement/0"),
            (PartKind::Endorsement, "/issuer/endorsement/0"),
            (PartKind::Endorsement, "/credentialSubject/achievement/endorsement/0"),
        ]
    );
    let said = report.parts[0].report.endorsement.as_ref().expect("facts of an endorsement");
    assert_eq!((said.endorsed.as_str(), said.comment.as_deref()), (id.as_str(), Some("Reconnu ici.")));
}

#[test]
fn a_bad_endorsement_never_makes_the_badge_bad() {
    let world = World::new();
    let id = world.badge(|_| {})["id"].as_str().unwrap().to_owned();
    let mut changed = endorsement(&world, &id);
    changed["credentialSubject"]["endorsementComment"] = json!("Excellent !");
    let rows = [
        (changed, Verdict::Altered, Check::Signature, codes::SIGNATURE_MISMATCH),
        (
            endorsement(&world, "urn:uuid:0b9f4a52-3c1d-4f0e-8e55-6a7d2b91c3aa"),
            Verdict::Altered,
            Check::Format,
            codes::ENDORSED_OTHER,
        ),
    ];
    for (inner, verdict, check, code) in rows {
        let report = alone(&world, &world.org.sign(&world.badge(|v| v["endorsement"] = json!([inner]))));
        assert_eq!(report.verdict, Verdict::Authentic, "{report:#?}");
        finds(&report, Check::Endorsements, Outcome::Failed, codes::ENDORSEMENTS_AMISS);
        assert_eq!(report.parts[0].report.verdict, verdict);
        finds(&report.parts[0].report, check, Outcome::Failed, code);
        assert_eq!(report.parts[0].report.endorsement, None, "not a word of it is believed");
    }
}

#[test]
fn endorsements_alone_and_lists_alone_say_what_they_are() {
    let world = World::new();
    let report = alone(&world, &endorsement(&world, ORG));
    finds(&report, Check::Format, Outcome::Passed, codes::ENDORSEMENT_3);
    assert_eq!((report.verdict, report.form.unwrap().standard), (Verdict::Authentic, Standard::Endorsement3));
    let report = alone(&world, &world.org.sign(&world.list(|_| {})));
    finds(&report, Check::Format, Outcome::CouldNotCheck, codes::NOT_A_BADGE);
}

fn collection(world: &World, inner: &Value) -> Value {
    world.org.sign(&json!({
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
            "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
        ],
        "id": "urn:uuid:6f0c2c1e-7d0b-4b83-9a1f-2f6a1c0e9d47",
        "type": ["VerifiableCredential", "ClrCredential"],
        "name": "Livret",
        "partial": true,
        "issuer": { "id": ORG, "type": ["Profile"], "name": "Estuaire" },
        "validFrom": "2026-11-20T15:00:00Z",
        "credentialSubject": {
            "id": "urn:uuid:0b9f4a52-3c1d-4f0e-8e55-6a7d2b91c3aa",
            "type": ["ClrSubject"],
            "verifiableCredential": inner,
        },
    }))
}

#[test]
fn rows_c16_and_c20_a_collection_and_each_badge_in_it() {
    let mut world = World::new();
    let report = world.judge(&collection(&world, &json!([world.signed()])).to_string());
    assert_eq!(report.verdict, Verdict::Authentic, "{report:#?}");
    assert_eq!(report.form.unwrap().standard, Standard::Clr2);
    finds(&report, Check::Embedded, Outcome::Passed, codes::EMBEDDED_HOLD);
    assert_eq!(report.parts[0].place, "/credentialSubject/verifiableCredential/0");
    assert!(report.parts[0].report.badge.is_some());
    // Withdrawn inside: the collection stands.
    let text = collection(&world, &json!([world.signed()])).to_string();
    let list = world.list(|bits| bits.set(world::INDEX as usize, true).expect("in range"));
    world.says(world::status(), &world.org.sign(&list));
    let report = world.judge(&text);
    assert_eq!((report.verdict, report.parts[0].report.verdict), (Verdict::Authentic, Verdict::Withdrawn));
    finds(&report, Check::Embedded, Outcome::Failed, codes::EMBEDDED_AMISS);
    // A badge that was changed before the collection was signed.
    let mut changed = world.signed();
    changed["credentialSubject"]["identifier"][0]["identityHash"] = json!("Paul");
    let report = world.judge(&collection(&world, &json!([changed])).to_string());
    assert_eq!((report.verdict, report.parts[0].report.verdict), (Verdict::Authentic, Verdict::Altered));
    // And one that was changed after: the collection does not hold either, and nothing of it is shown.
    let mut changed = collection(&world, &json!([world.signed()]));
    changed["credentialSubject"]["verifiableCredential"][0]["name"] = json!("x");
    let report = world.judge(&changed.to_string());
    assert_eq!((report.verdict, report.parts.len()), (Verdict::Altered, 0));
}

#[test]
fn a_presentation_is_as_good_as_what_it_shows() {
    let world = World::new();
    let mut changed = world.signed();
    changed["name"] = json!("x");
    let shown = |all: Value| json!({ "@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiablePresentation"], "verifiableCredential": all });
    let report = world.judge(&shown(json!([world.signed()])).to_string());
    assert_eq!((report.verdict, report.parts.len()), (Verdict::Authentic, 1), "{report:#?}");
    assert_eq!(report.parts[0].kind, PartKind::Presented);
    finds(&report, Check::Signature, Outcome::Noted, codes::PRESENTATION_UNSIGNED);
    let report = world.judge(&shown(json!([world.signed(), changed])).to_string());
    assert_eq!(report.verdict, Verdict::Altered);
    assert_eq!(
        report.parts.iter().map(|p| p.report.verdict).collect::<Vec<_>>(),
        [Verdict::Authentic, Verdict::Altered]
    );
    for nothing in [json!([]), json!(7), json!(null)] {
        assert_eq!(world.judge(&shown(nothing).to_string()).verdict, Verdict::CouldNotCheck);
    }
}

#[test]
fn no_text_can_ask_for_endless_work() {
    let world = World::new();
    let mut nested = json!({ "type": "VerifiablePresentation", "verifiableCredential": [] });
    for _ in 0..12 {
        nested = json!({ "type": "VerifiablePresentation", "verifiableCredential": [nested] });
    }
    assert_eq!(world.judge(&nested.to_string()).verdict, Verdict::CouldNotCheck);
    let many = json!({ "type": "VerifiablePresentation", "verifiableCredential": vec![json!({}); 10_000] });
    let report = world.judge(&many.to_string());
    finds(&report, Check::Embedded, Outcome::CouldNotCheck, codes::PARTS_TOO_MANY);
    assert_eq!((report.verdict, report.parts.len()), (Verdict::CouldNotCheck, 64));
}

fn refreshing(world: &World, change: impl FnOnce(&mut Value)) -> Value {
    world.org.sign(&world.badge(|v| {
        v["refreshService"] = json!({ "id": "https://livret.example/newest", "type": "1EdTechCredentialRefresh" });
        change(v);
    }))
}

#[test]
fn row_1_7_10_a_newer_version_replaces_and_anything_else_changes_nothing() {
    let mut world = World::new();
    let need = Need::Refresh { url: "https://livret.example/newest".to_owned() };
    let old = refreshing(&world, |_| {});
    let newer = refreshing(&world, |v| v["validFrom"] = json!("2026-11-21T08:00:00Z"));
    world.says(need.clone(), &newer);
    let report = world.judge(&old.to_string());
    finds(&report, Check::Refresh, Outcome::Passed, codes::REFRESH_NEWER);
    assert_eq!(report.verdict, Verdict::Authentic);
    assert_eq!(report.badge.unwrap().valid_from, time::macros::datetime!(2026-11-21 08:00 UTC));
    let mut altered = newer.clone();
    altered["name"] = json!("x");
    let other = refreshing(&world, |v| {
        v["id"] = json!("https://livret.example/badges/0b9f4a52-3c1d-4f0e-8e55-6a7d2b91c3aa");
        v["validFrom"] = json!("2026-11-21T08:00:00Z");
    });
    let rows: [(Result<String, Unanswered>, Outcome, &str); 6] = [
        (Ok(old.to_string()), Outcome::Passed, codes::REFRESH_SAME),
        (Err(Unanswered::NotFound), Outcome::CouldNotCheck, codes::REFRESH_UNANSWERED),
        (Ok("<html>".to_owned()), Outcome::CouldNotCheck, codes::REFRESH_UNREADABLE),
        (Ok(other.to_string()), Outcome::Failed, codes::REFRESH_OTHER),
        (Ok(altered.to_string()), Outcome::Failed, codes::REFRESH_NOT_PROVEN),
        (Ok("{}".to_owned()), Outcome::CouldNotCheck, codes::REFRESH_UNREADABLE),
    ];
    for (answer, outcome, code) in rows {
        world.answers.insert(need.clone(), answer);
        let report = world.judge(&old.to_string());
        finds(&report, Check::Refresh, outcome, code);
        assert_eq!(report.verdict, Verdict::Authentic, "{code}: the original stands");
    }
}

#[test]
fn a_linked_file_is_the_one_that_was_signed() {
    let mut world = World::new();
    let picture = "https://livret.example/picture.png";
    let digest = format!("sha256-{}", BASE64.encode(&Sha256::digest("the picture")));
    let signed =
        world.org.sign(&world.badge(|v| v["relatedResource"] = json!([{ "id": picture, "digestSRI": digest }])));
    let need = Need::Resource { url: picture.to_owned() };
    let rows: [(Result<&str, Unanswered>, Outcome, &str, Verdict); 3] = [
        (Ok("the picture"), Outcome::Passed, codes::RESOURCES_MATCH, Verdict::Authentic),
        (Ok("another"), Outcome::Failed, codes::RESOURCE_CHANGED, Verdict::CouldNotCheck),
        (Err(Unanswered::TimedOut), Outcome::CouldNotCheck, codes::RESOURCE_UNANSWERED, Verdict::Authentic),
    ];
    for (answer, outcome, code, verdict) in rows {
        world.answers.insert(need.clone(), answer.map(str::to_owned));
        let report = world.judge(&signed.to_string());
        finds(&report, Check::Resources, outcome, code);
        assert_eq!(report.verdict, verdict, "{code}");
    }
}

/// A small text may not have hundreds of megabytes brought: eight linked files, and twenty megabytes in all.
#[test]
fn what_one_text_has_brought_is_bounded() {
    let world = World::new();
    let resource = |holder: usize, i: usize| json!({ "id": format!("https://files.example/{holder}/{i}"), "digestSRI": format!("sha256-{}", BASE64.encode(&Sha256::digest("small"))) });
    let badge = |holder: usize| {
        world.org.sign(&world.badge(|v| v["relatedResource"] = (0..6).map(|i| resource(holder, i)).collect()))
    };
    let presentation = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiablePresentation"],
        "verifiableCredential": [badge(0), badge(1), badge(0)],
    });
    let run = |file: &[u8]| {
        let mut inquiry = Inquiry::open(&presentation.to_string(), NOW, Policy::FULL);
        let (mut files, mut taken) = (0, 0);
        while let Some(need) = inquiry.next_need() {
            let answer = match &need {
                Need::Resource { .. } => {
                    files += 1;
                    Ok(file.to_vec())
                }
                other => world.answers.get(other).cloned().unwrap_or(Err(Unanswered::NotFound)).map(String::into_bytes),
            };
            let left = inquiry.bytes_left();
            inquiry.answer(&need, answer.map(checks::Answer::new));
            taken += left - inquiry.bytes_left();
        }
        (inquiry.conclude(), files, taken)
    };
    let outcomes = |report: &Report| {
        report
            .parts
            .iter()
            .map(|part| part.report.finding(Check::Resources).map(|f| (f.outcome, f.detail.clone())))
            .collect::<Vec<_>>()
    };
    let unchecked = |why: &str| Some((Outcome::CouldNotCheck, Some(why.to_owned())));
    // What was looked at for one badge serves another; what was never brought is not known to be right or wrong.
    let (report, files, _) = run(b"small");
    assert_eq!(files, 8);
    assert_eq!(
        outcomes(&report),
        [Some((Outcome::Passed, None)), unchecked("too_many"), Some((Outcome::Passed, None))]
    );
    assert_eq!(report.parts[1].report.verdict, Verdict::Authentic);
    let (report, files, taken) = run(&vec![0; 9 * 1024 * 1024]);
    assert!(files <= 8 && taken <= 20 * 1024 * 1024, "{files} {taken}");
    let found = report.parts[0].report.findings.iter().filter(|f| f.check == Check::Resources);
    let found: Vec<_> = found.map(|f| (f.outcome, f.code)).collect();
    assert_eq!(found[..2], [(Outcome::Failed, codes::RESOURCE_CHANGED); 2]);
    assert_eq!(found[2..], [(Outcome::CouldNotCheck, codes::RESOURCE_UNANSWERED); 4]);
}

fn asking(world: &World, whom: &str) -> Report {
    let mut inquiry = Inquiry::open(&world.signed().to_string(), NOW, Policy::FULL).with_recipient(whom);
    while let Some(need) = inquiry.next_need() {
        inquiry.answer(&need, world.answers.get(&need).cloned().unwrap_or(Err(Unanswered::NotFound)));
    }
    inquiry.conclude()
}

#[test]
fn rows_1_6_4_and_8_8_the_recipient_is_a_fact_beside_the_badge() {
    let world = World::new();
    let rows = [
        ("ines@example.fr", Outcome::Passed, codes::RECIPIENT_MATCHES),
        ("Ines@Example.FR", Outcome::Passed, codes::RECIPIENT_MATCHES),
        ("urn:uuid:0b9f4a52-3c1d-4f0e-8e55-6a7d2b91c3aa", Outcome::Passed, codes::RECIPIENT_MATCHES),
        ("paul@example.fr", Outcome::Failed, codes::RECIPIENT_OTHER),
        ("urn:uuid:00000000-3c1d-4f0e-8e55-6a7d2b91c3aa", Outcome::Failed, codes::RECIPIENT_OTHER),
    ];
    for (whom, outcome, code) in rows {
        let report = asking(&world, whom);
        finds(&report, Check::Recipient, outcome, code);
        let held = outcome == Outcome::Passed;
        assert_eq!(report.verdict, if held { Verdict::Authentic } else { Verdict::CouldNotCheck }, "{whom}");
        assert!(report.badge.is_some());
    }
}

#[test]
fn a_badge_is_the_same_in_every_carrier() {
    let world = World::new();
    let text = world.signed().to_string();
    let award = achievement("cpt-travail-en-equipe/pratique");
    assert!(!award.name.is_empty());
    let plain = b"<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>";
    let baked = svg::bake(plain, Keyword::OpenBadges3, &text).expect("a baked picture");
    let mut inquiry = Inquiry::open_bytes(baked, NOW, Policy::FULL);
    let report = finish(&world, &mut inquiry);
    assert_eq!((report.verdict, report.form.unwrap().carrier), (Verdict::Authentic, Carrier::Svg));
    assert!(png::unbake(b"no picture").is_err());
    // An address: asked for once, never twice.
    let mut inquiry = Inquiry::open("https://livret.example/b/1", NOW, Policy::FULL);
    let need = inquiry.next_need().expect("a need");
    assert_eq!(need, Need::Document { url: "https://livret.example/b/1".to_owned() });
    inquiry.answer(&need, Ok(text));
    let report = finish(&world, &mut inquiry);
    assert_eq!((report.verdict, report.form.unwrap().carrier), (Verdict::Authentic, Carrier::Url));
    let mut inquiry = Inquiry::open("https://livret.example/b/1", NOW, Policy::FULL);
    inquiry.next_need();
    inquiry.answer(&need, Ok(Answer::new(&b"https://livret.example/b/2"[..])));
    finds(&finish(&world, &mut inquiry), Check::Format, Outcome::CouldNotCheck, codes::ADDRESS_OF_ADDRESS);
}

fn finish(world: &World, inquiry: &mut Inquiry) -> Report {
    while let Some(need) = inquiry.next_need() {
        inquiry.answer(&need, world.answers.get(&need).cloned().unwrap_or(Err(Unanswered::NotFound)));
    }
    std::mem::replace(inquiry, Inquiry::open("", NOW, Policy::FULL)).conclude()
}
