//! §3–4: the steps of verification in their order, and one credential in one document.

use checks::{Check, Inquiry, Need, Outcome, Policy, Verdict, codes};
use serde_json::{Value, json};

use crate::world::{NOW, Party, REGION, World, did};
use crate::{finds, judge, remove, signed};

/// Twelve blank nodes that all know one another: telling them apart costs without end.
pub fn poisoned() -> Value {
    let mut text = World::new().signed();
    let node = |from: usize| {
        let others: Vec<Value> =
            (0..12).filter(|to| *to != from).map(|to| json!({ "id": format!("_:p{to}") })).collect();
        json!({ "id": format!("_:p{from}"), "type": ["Evidence"], "urn:knows": others })
    };
    text["evidence"] = (0..12).map(node).collect();
    text
}

#[test]
fn row_3_2_conformance_comes_before_any_key() {
    let mut text = World::new().signed();
    text["nickname"] = json!("Nini");
    let mut inquiry = Inquiry::open(&text.to_string(), NOW, Policy::FULL);
    assert_eq!(inquiry.next_need(), None);
    let report = inquiry.conclude();
    finds(&report, Check::JsonLd, Outcome::Failed, codes::JSON_LD_FAULT);
    for check in [Check::Key, Check::Issuer, Check::Revocation, Check::Recipient, Check::Embedded] {
        finds(&report, check, Outcome::NotExamined, codes::POINTLESS);
    }
}

#[test]
fn rows_3_3_to_3_7_what_is_asked_comes_in_the_order_of_the_standard() {
    let mut world = World::new();
    let region = world.region.document();
    world.says(did(REGION), &region);
    let text = world.org.sign(&world.badge(|badge| {
        badge["refreshService"] = json!({ "id": "https://livret.example/newest", "type": "1EdTechCredentialRefresh" });
        badge["relatedResource"] = json!([{ "id": "https://livret.example/file", "digestSRI": "sha256-AAAA" }]);
        let endorsement = Party::new("did:web:endorser.example", 5).sign(&json!({
            "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
            "id": "urn:uuid:7f0c2c1e-7d0b-4b83-9a1f-2f6a1c0e9d47", "type": ["VerifiableCredential", "EndorsementCredential"],
            "name": "Recommandation", "issuer": { "id": "did:web:endorser.example", "type": ["Profile"] },
            "validFrom": "2026-11-01T00:00:00Z",
            "credentialSubject": { "id": badge["id"], "type": ["EndorsementSubject"] },
        }));
        badge["endorsement"] = json!([endorsement]);
    }));
    let mut inquiry = Inquiry::open(&text.to_string(), NOW, Policy::FULL);
    let mut names = Vec::new();
    while let Some(need) = inquiry.next_need() {
        names.push(need.name());
        inquiry.answer(&need, world.answers.get(&need).cloned().unwrap_or(Err(checks::Unanswered::NotFound)));
    }
    let expected = ["did_document", "refresh", "register", "did_document", "status_list", "resource", "did_document"];
    assert_eq!(names, expected);
    assert_eq!(inquiry.conclude().verdict, Verdict::Authentic);
}

#[test]
fn row_3_4_nothing_newer_is_asked_for_what_is_not_proven() {
    let world = World::new();
    let mut text = world.org.sign(&world.badge(|badge| {
        badge["refreshService"] = json!({ "id": "https://livret.example/newest", "type": "1EdTechCredentialRefresh" });
    }));
    text["name"] = json!("Autre");
    let mut inquiry = Inquiry::open(&text.to_string(), NOW, Policy::FULL);
    while let Some(need) = inquiry.next_need() {
        assert!(matches!(need, Need::DidDocument { .. }), "{need:?}");
        inquiry.answer(&need, world.answers.get(&need).cloned().expect("an answer"));
    }
    assert_eq!(inquiry.conclude().verdict, Verdict::Altered);
}

#[test]
fn row_3_5_dates_and_lists_are_told_apart() {
    let at = |change: fn(&mut Value)| World::new().judge(&signed(change).to_string()).verdict;
    assert_eq!(at(|_| {}), Verdict::Authentic);
    assert_eq!(at(|badge| badge["validUntil"] = json!("2026-11-21T00:00:00Z")), Verdict::Expired);
    let future = World::new().judge_at(&signed(|_| {}).to_string(), NOW - time::Duration::days(30), crate::ALONE);
    assert_eq!(future.verdict, Verdict::NotYetValid);
}

#[test]
fn row_3_8_who_attests_is_unverified_without_the_register() {
    let world = World::new();
    let text = world.signed();
    let alone = judge(&world, &text).badge.expect("facts").issuer;
    let full = world.judge(&text.to_string()).badge.expect("facts").issuer;
    assert_eq!((alone.vouched, alone.name.as_str()), (false, "Estuaire"));
    assert_eq!((full.vouched, full.name.as_str()), (true, "Estuaire Compétences"), "the register's name (row 8.3)");
}

#[test]
fn row_4_1_one_credential_in_one_document() {
    let world = World::new();
    let two = json!([world.signed(), world.signed()]);
    let report = judge(&world, &two);
    finds(&report, Check::Format, Outcome::CouldNotCheck, codes::NOT_JSON);
    let text = format!("{}{}", world.signed(), world.signed());
    let report = world.judge(&text);
    finds(&report, Check::Format, Outcome::Failed, codes::JSON_SYNTAX);
}

#[test]
fn row_4_7_pictures_have_their_places() {
    let badge = World::new().badge(|_| {});
    assert!(badge["image"]["id"].as_str().expect("a picture").starts_with("https://"));
    assert!(badge["credentialSubject"]["achievement"]["image"]["id"].is_string(), "the neutral picture");
    let facts = judge(&World::new(), &signed(|badge| remove(badge, "/image"))).badge.expect("facts");
    assert!(facts.image.is_none() && facts.achievement.image.is_some());
}

#[test]
fn rows_8_1_and_8_2_what_is_displayed_is_signed() {
    let facts = judge(&World::new(), &signed(|_| {})).badge.expect("facts");
    assert_eq!(facts.achievement.name, "Travail en équipe – Je pratique");
    assert_eq!(facts.valid_from, crate::world::SIGNED);
    assert!(facts.awarded.is_some_and(|day| day <= facts.valid_from));
}

#[test]
fn row_8_5_a_result_keeps_its_status() {
    let text = signed(|badge| {
        badge["credentialSubject"]["achievement"]["resultDescription"] =
            json!([{ "id": "urn:x:2", "type": ["ResultDescription"], "name": "Issue", "resultType": "Status" }]);
        badge["credentialSubject"]["result"] =
            json!([{ "type": ["Result"], "resultDescription": "urn:x:2", "status": "Failed" }]);
    });
    assert_eq!(judge(&World::new(), &text).verdict, Verdict::Authentic);
    let mut without = text;
    remove(&mut without, "/credentialSubject/result/0/status");
    let report = judge(&World::new(), &without);
    finds(&report, Check::Signature, Outcome::Failed, codes::SIGNATURE_MISMATCH);
    finds(&report, Check::Schema, Outcome::Failed, codes::SCHEMA_FAULT);
}

#[test]
fn row_8_6_an_endorsement_has_a_verdict_of_its_own() {
    let world = World::new();
    let text = world.org.sign(&world.badge(|badge| {
        badge["endorsement"] = json!([{
            "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
            "id": "urn:uuid:7f0c2c1e-7d0b-4b83-9a1f-2f6a1c0e9d47", "type": ["VerifiableCredential", "EndorsementCredential"],
            "name": "Recommandation", "issuer": { "id": REGION, "type": ["Profile"] }, "validFrom": "2026-11-01T00:00:00Z",
            "credentialSubject": { "id": badge["id"], "type": ["EndorsementSubject"] },
        }]);
    }));
    let report = judge(&world, &text);
    assert_eq!((report.verdict, report.parts[0].report.verdict), (Verdict::Authentic, Verdict::Altered));
    assert_eq!(report.parts[0].report.endorsement, None);
}
