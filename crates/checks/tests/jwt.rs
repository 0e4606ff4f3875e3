//! VC-JWT (OB 3.0 §8.2; openbadges-3.0.md §2.2): what holds, and each thing that does not.

#[path = "world/tokens.rs"]
mod tokens;
#[expect(dead_code, reason = "the world is shared with tests that need more of it")]
mod world;

use checks::{Carrier, Check, DataModel, Need, Outcome, Policy, Report, Unanswered, Verdict, codes};
use serde_json::{Value, json};
use tokens::{ISSUER, KID, badge, header, jwk, key_set, payload, token, vouch};
use world::{NOW, ORG, Party, World, did};

const ALONE: Policy = Policy { trust: false, status: false };

fn judge(world: &World, text: &str) -> Report {
    world.judge_at(text, NOW, ALONE)
}

#[track_caller]
fn says(report: &Report, verdict: Verdict, check: Check, outcome: Outcome, code: &str) {
    let found: Vec<_> = report.findings.iter().filter(|f| f.check == check).map(|f| (f.outcome, f.code)).collect();
    assert!(found.contains(&(outcome, code)), "{check:?}: {found:?}\n{report:#?}");
    assert_eq!(report.verdict, verdict, "{report:#?}");
}

fn signed(world: &World, alg: &str) -> String {
    token(alg, &header(alg), &payload(world))
}

#[test]
fn row_2_1_every_algorithm_that_is_read_holds() {
    for alg in ["RS256", "ES256", "ES384", "EdDSA"] {
        let mut world = World::new();
        vouch(&mut world, alg);
        let report = judge(&world, &signed(&world, alg));
        assert_eq!(report.verdict, Verdict::Authentic, "{alg} {report:#?}");
        let form = report.form.expect("a form");
        assert_eq!((form.carrier, form.data_model), (Carrier::Jws, Some(DataModel::Vc2)));
        assert_eq!(report.badge.expect("facts").issuer.id, ISSUER);
    }
}

#[test]
fn row_2_2_2_never_none_nor_a_shared_secret() {
    let mut world = World::new();
    vouch(&mut world, "RS256");
    for alg in ["none", "None", "HS256", "HS512"] {
        let text = token("RS256", &header(alg), &payload(&world));
        let report = judge(&world, &text);
        says(&report, Verdict::Altered, Check::Signature, Outcome::Failed, codes::JWT_ALG_FORBIDDEN);
        assert_eq!(report.badge, None);
    }
    // `none` as it is meant: no signature at all.
    let text = token("RS256", &header("none"), &payload(&world));
    let unsigned = format!("{}.", text.rsplit_once('.').expect("parts").0);
    says(&judge(&world, &unsigned), Verdict::Altered, Check::Signature, Outcome::Failed, codes::JWT_ALG_FORBIDDEN);
}

#[test]
fn an_algorithm_of_tomorrow_could_not_be_checked() {
    let world = World::new();
    for alg in ["PS256", "ES256K"] {
        let text = token("RS256", &header(alg), &payload(&world));
        says(
            &judge(&world, &text),
            Verdict::CouldNotCheck,
            Check::Signature,
            Outcome::CouldNotCheck,
            codes::JWT_ALG_NOT_READ,
        );
    }
}

#[test]
fn an_algorithm_that_is_not_the_keys_is_told() {
    let mut world = World::new();
    vouch(&mut world, "RS256");
    let text = token("ES256", &header("ES256"), &payload(&world));
    says(&judge(&world, &text), Verdict::Altered, Check::Signature, Outcome::Failed, codes::PROOF_KEY_KIND);
}

#[test]
fn a_token_that_was_changed() {
    let mut world = World::new();
    vouch(&mut world, "ES256");
    let good = signed(&world, "ES256");
    let (_, signature) = good.rsplit_once('.').expect("parts");
    let mut other = payload(&world);
    other["name"] = json!("Travail en équipe – Je maîtrise");
    let changed = token("ES256", &header("ES256"), &other);
    let forged = format!("{}.{signature}", changed.rsplit_once('.').expect("parts").0);
    says(&judge(&world, &forged), Verdict::Altered, Check::Signature, Outcome::Failed, codes::SIGNATURE_MISMATCH);
}

#[test]
fn row_2_2_3_a_header_names_one_public_key() {
    let mut world = World::new();
    vouch(&mut world, "EdDSA");
    let mut private = jwk("EdDSA");
    private["d"] = json!("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    let rows: [(Value, Check, &str); 6] = [
        (json!({ "alg": "EdDSA" }), Check::Signature, codes::JWT_KEY_MISSING),
        (json!({ "alg": "EdDSA", "kid": KID, "jwk": jwk("EdDSA") }), Check::Signature, codes::JWT_HEADER),
        (json!({ "alg": "EdDSA", "kid": 7 }), Check::Signature, codes::JWT_HEADER),
        (json!({ "alg": "EdDSA", "kid": KID, "typ": "at+jwt" }), Check::Signature, codes::JWT_HEADER),
        (json!({ "alg": "EdDSA", "kid": KID, "crit": ["exp"] }), Check::Signature, codes::JWT_HEADER),
        (json!({ "alg": "EdDSA", "jwk": private }), Check::Key, codes::KEY_PRIVATE),
    ];
    for (header, check, code) in rows {
        let report = judge(&world, &token("EdDSA", &header, &payload(&world)));
        says(&report, Verdict::Altered, check, Outcome::Failed, code);
    }
    // Other headers, as others write them, decide nothing (row 2.2.1); nor does the type (row 2.2.5).
    for extra in [json!({ "iss": ISSUER }), json!({ "typ": "vc+jwt" }), json!({ "typ": "vc+ld+jwt" })] {
        let mut header = header("EdDSA");
        header.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        assert_eq!(judge(&world, &token("EdDSA", &header, &payload(&world))).verdict, Verdict::Authentic);
    }
}

#[test]
fn pitfall_a2_a_key_in_the_header_is_nobodys_word() {
    let mut world = World::new();
    let text = token("EdDSA", &json!({ "alg": "EdDSA", "jwk": jwk("EdDSA") }), &payload(&world));
    // Nobody says anything.
    let report = judge(&world, &text);
    says(&report, Verdict::CouldNotCheck, Check::Key, Outcome::CouldNotCheck, codes::JWK_SET_UNANSWERED);
    assert_eq!(report.badge, None);
    // The issuer's host has other keys.
    vouch(&mut world, "RS256");
    says(&judge(&world, &text), Verdict::Altered, Check::Key, Outcome::Failed, codes::KEY_NOT_VOUCHED);
    // It has this one.
    vouch(&mut world, "EdDSA");
    assert_eq!(judge(&world, &text).verdict, Verdict::Authentic);
}

#[test]
fn row_2_2_4_a_kid_is_the_address_of_one_key_and_row_2_2_11_its_issuers_host_vouches() {
    let mut world = World::new();
    let text = signed(&world, "RS256");
    // The host lists the key without its id: the address is asked which key it means.
    world.says(key_set(), &json!({ "keys": [jwk("RS256")] }));
    let at_kid = Need::Jwk { url: KID.to_owned() };
    says(&judge(&world, &text), Verdict::CouldNotCheck, Check::Key, Outcome::CouldNotCheck, codes::KEY_UNANSWERED);
    world.says(at_kid.clone(), &jwk("RS256"));
    assert_eq!(judge(&world, &text).verdict, Verdict::Authentic);
    // Pitfall A4: a set where one key should be.
    world.says(at_kid.clone(), &json!({ "keys": [jwk("RS256")] }));
    says(&judge(&world, &text), Verdict::CouldNotCheck, Check::Key, Outcome::CouldNotCheck, codes::KEY_UNREADABLE);
    // A key at the address that the host does not list.
    world.says(at_kid, &jwk("ES256"));
    let of_other = token("ES256", &header("ES256"), &payload(&world));
    says(&judge(&world, &of_other), Verdict::Altered, Check::Key, Outcome::Failed, codes::KEY_NOT_VOUCHED);
    // A bare name that the host does not list.
    let bare = token("RS256", &json!({ "alg": "RS256", "kid": "key-1" }), &payload(&world));
    says(&judge(&world, &bare), Verdict::Altered, Check::Key, Outcome::Failed, codes::KEY_NOT_VOUCHED);
    world.says(key_set(), &json!({ "keys": "none" }));
    says(&judge(&world, &text), Verdict::CouldNotCheck, Check::Key, Outcome::CouldNotCheck, codes::JWK_SET_UNREADABLE);
}

#[test]
fn a_host_that_gives_the_key_to_another_issuer_does_not_vouch() {
    let mut world = World::new();
    let mut key = jwk("ES256");
    key["kid"] = json!(KID);
    key["iss"] = json!("https://skills.example/another");
    world.says(key_set(), &json!({ "keys": [key] }));
    says(
        &judge(&world, &signed(&world, "ES256")),
        Verdict::Altered,
        Check::Key,
        Outcome::Failed,
        codes::KEY_OF_ANOTHER,
    );
}

#[test]
fn a_did_vouches_for_a_token_in_its_document() {
    let mut world = World::new();
    let mut value = payload(&world);
    (value["issuer"]["id"], value["iss"]) = (json!(ORG), json!(ORG));
    let method = format!("{ORG}#rsa");
    let document = json!({
        "@context": "https://www.w3.org/ns/did/v1", "id": ORG,
        "verificationMethod": [{ "id": method, "type": "JsonWebKey", "controller": ORG, "publicKeyJwk": jwk("RS256") }],
        "assertionMethod": [method],
    });
    world.says(did(ORG), &document);
    for kid in [method.as_str(), "#rsa", "rsa"] {
        let text = token("RS256", &json!({ "alg": "RS256", "kid": kid }), &value);
        assert_eq!(judge(&world, &text).verdict, Verdict::Authentic, "{kid}");
    }
    let by_key = token("RS256", &json!({ "alg": "RS256", "jwk": jwk("RS256") }), &value);
    assert_eq!(judge(&world, &by_key).verdict, Verdict::Authentic);
    // A key of the document that is not for attesting, one that is not there, one of another.
    let mut silent = document.clone();
    silent["assertionMethod"] = json!([]);
    world.says(did(ORG), &silent);
    says(&judge(&world, &by_key), Verdict::Altered, Check::Key, Outcome::Failed, codes::KEY_NOT_FOR_ASSERTION);
    world.says(did(ORG), &document);
    let strange = token("ES256", &json!({ "alg": "ES256", "jwk": jwk("ES256") }), &value);
    says(&judge(&world, &strange), Verdict::Altered, Check::Key, Outcome::Failed, codes::KEY_NOT_VOUCHED);
    let of_other = token("RS256", &json!({ "alg": "RS256", "kid": "did:web:other.example#rsa" }), &value);
    says(&judge(&world, &of_other), Verdict::Altered, Check::Key, Outcome::Failed, codes::CONTROLLER_NOT_ISSUER);
}

#[test]
fn row_2_2_9_each_claim_says_what_the_credential_says() {
    let mut world = World::new();
    vouch(&mut world, "ES256");
    let rows: [(&str, Value); 5] = [
        ("iss", json!("https://other.example/issuer")),
        ("sub", json!("urn:uuid:0b9f4a52-3c1d-4f0e-8e55-6a7d2b91c3ab")),
        ("jti", json!("urn:uuid:5f0c2c1e-7d0b-4b83-9a1f-2f6a1c0e9d48")),
        ("nbf", json!(1)),
        ("nbf", json!("2026")),
    ];
    for (claim, other) in rows {
        let mut value = payload(&world);
        value[claim] = other;
        let report = judge(&world, &token("ES256", &header("ES256"), &value));
        says(&report, Verdict::Altered, Check::Format, Outcome::Failed, codes::JWT_CLAIMS_DIFFER);
        assert!(report.finding(Check::Format).unwrap().detail.as_deref().unwrap().contains(claim));
    }
    for claim in ["iss", "sub", "jti", "nbf"] {
        let mut value = payload(&world);
        value.as_object_mut().unwrap().remove(claim);
        let report = judge(&world, &token("ES256", &header("ES256"), &value));
        says(&report, Verdict::CouldNotCheck, Check::Schema, Outcome::Failed, codes::SCHEMA_FAULT);
    }
}

#[test]
fn an_end_that_the_claim_alone_gives_counts_and_an_expired_token_is_expired() {
    let mut world = World::new();
    vouch(&mut world, "ES256");
    let mut value = payload(&world);
    value["exp"] = json!(NOW.unix_timestamp() - 3600);
    let report = judge(&world, &token("ES256", &header("ES256"), &value));
    says(&report, Verdict::Expired, Check::End, Outcome::Failed, codes::ENDED);
    assert!(report.badge.is_some());
}

#[test]
fn row_1_1_10_safe_json_ld_judges_a_token_too() {
    let mut world = World::new();
    vouch(&mut world, "ES256");
    let mut value = payload(&world);
    value["nickname"] = json!("Nini");
    let report = judge(&world, &token("ES256", &header("ES256"), &value));
    says(&report, Verdict::Altered, Check::JsonLd, Outcome::Failed, codes::JSON_LD_FAULT);
}

#[test]
fn rows_2_2_7_and_2_2_8_the_older_form_in_a_token_and_no_mixture() {
    let mut world = World::new();
    vouch(&mut world, "ES256");
    let mut inner = badge(&world);
    inner["@context"][0] = json!("https://www.w3.org/2018/credentials/v1");
    inner["issuanceDate"] = inner["validFrom"].clone();
    inner.as_object_mut().unwrap().remove("validFrom");
    let claims = payload(&world);
    let wrap = |vc: &Value| json!({ "vc": vc, "iss": ISSUER, "jti": claims["jti"], "sub": claims["sub"], "nbf": claims["nbf"] });
    let report = judge(&world, &token("ES256", &header("ES256"), &wrap(&inner)));
    says(&report, Verdict::Authentic, Check::Format, Outcome::Passed, codes::OPEN_BADGES_3_VC_1);
    assert_eq!(report.form.unwrap().data_model, Some(DataModel::Vc1));
    // A 2.0 credential in the claim, a 1.1 credential outside it, dates of both.
    let mixed = token("ES256", &header("ES256"), &wrap(&badge(&world)));
    says(&judge(&world, &mixed), Verdict::Altered, Check::Format, Outcome::Failed, codes::VC_MIXTURE);
    let mut outside = claims.clone();
    outside["@context"][0] = json!("https://www.w3.org/2018/credentials/v1");
    let mixed = token("ES256", &header("ES256"), &outside);
    says(&judge(&world, &mixed), Verdict::Altered, Check::Format, Outcome::Failed, codes::VC_MIXTURE);
    inner["validFrom"] = inner["issuanceDate"].clone();
    let mixed = token("ES256", &header("ES256"), &wrap(&inner));
    says(&judge(&world, &mixed), Verdict::CouldNotCheck, Check::Format, Outcome::Failed, codes::VC_MIXTURE);
}

#[test]
fn a_silent_host_could_not_be_checked() {
    let mut world = World::new();
    let text = signed(&world, "ES256");
    world.fails(key_set(), Unanswered::TimedOut);
    let report = judge(&world, &text);
    says(&report, Verdict::CouldNotCheck, Check::Key, Outcome::CouldNotCheck, codes::JWK_SET_UNANSWERED);
    assert_eq!(report.finding(Check::Key).unwrap().detail.as_deref(), Some("timed_out"));
}

#[test]
fn an_embedded_badge_of_the_same_organisation_is_not_disturbed() {
    // The token world and the world of embedded proofs are one.
    let world = World::new();
    assert_eq!(world.judge(&Party::new(ORG, 7).sign(&world.badge(|_| {})).to_string()).verdict, Verdict::Authentic);
}
