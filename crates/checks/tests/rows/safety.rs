//! §9: privacy and safety, as far as a judge can hold them.

use badge_schemas::identity::hash_email;
use checks::{Check, Need, Outcome, Policy, Verdict, codes};
use proofs::did::DidWeb;
use serde_json::json;
use time::Duration;

use crate::world::{LIST, NOW, ORG, SIGNED, World, did, status};
use crate::{finds, judge, signed};

#[test]
fn row_9_1_an_address_is_hashed_with_a_salt_of_its_own() {
    let badge = World::new().badge(|_| {});
    assert!(!badge.to_string().contains("ines@example.fr"));
    let identity = &badge["credentialSubject"]["identifier"][1];
    let salt = identity["salt"].as_str().expect("a salt");
    assert!(salt.len() >= 26, "128 bits in base32");
    assert_eq!(identity["identityHash"], json!(hash_email("ines@example.fr", salt)));
}

#[test]
fn row_9_4_one_list_for_many_and_no_address_of_one_badge() {
    let badge = World::new().badge(|_| {});
    assert_eq!(badge["credentialStatus"]["statusListCredential"], LIST);
    assert!(!LIST.contains(badge["id"].as_str().expect("an id")));
    let world = World::new();
    assert!(proofs::status::Bits::new(1).entries() >= 131_072);
    assert_eq!(world.judge(&world.signed().to_string()).verdict, Verdict::Authentic);
}

#[test]
fn row_9_7_a_retired_key_still_vouches_for_what_it_signed() {
    let mut world = World::new();
    let mut document = world.org.document();
    document["verificationMethod"][0]["revoked"] = json!("2026-11-21T00:00:00Z");
    world.says(did(ORG), &document);
    assert_eq!(world.judge(&world.signed().to_string()).verdict, Verdict::Authentic);
    let method = format!("{ORG}#{}", world.org.multibase());
    let later = world.org.sign_as(&world.badge(|_| {}), &method, SIGNED + Duration::DAY);
    finds(&judge(&world, &later), Check::Key, Outcome::Failed, codes::KEY_OUT_OF_DATES);
}

#[test]
fn row_9_8_no_context_is_ever_fetched() {
    let mut text = World::new().signed();
    text["@context"].as_array_mut().expect("contexts").push(json!("https://attacker.example/context.json"));
    let mut inquiry = checks::Inquiry::open(&text.to_string(), NOW, Policy::FULL);
    assert_eq!(inquiry.next_need(), None);
    let report = inquiry.conclude();
    finds(&report, Check::JsonLd, Outcome::CouldNotCheck, codes::CONTEXT_NOT_KEPT);
    for context in
        ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"]
    {
        assert!(badge_schemas::contexts::get(context).is_some());
    }
}

#[test]
fn row_9_9_keys_are_looked_up_at_https_addresses_alone() {
    for issuer in
        ["http://10.0.0.1/issuer", "file:///etc/passwd", "ftp://skills.example/issuer", "urn:x:1", "data:text/plain,x"]
    {
        let text = signed(|badge| badge["issuer"]["id"] = json!(issuer));
        let mut inquiry = checks::Inquiry::open(&text.to_string(), NOW, crate::ALONE);
        assert_eq!(inquiry.next_need(), None, "{issuer}");
        assert_ne!(inquiry.conclude().verdict, Verdict::Authentic);
    }
    // A bomb of a list: it is unpacked no further than a list can be.
    let mut world = World::new();
    let mut list = world.list(|_| {});
    list["credentialSubject"]["encodedList"] = json!(proofs::status::Bits::new(8 * 64 * 1024 * 1024).encode());
    world.says(status(), &world.org.sign(&list));
    let report = world.judge(&world.signed().to_string());
    finds(&report, Check::Revocation, Outcome::CouldNotCheck, codes::STATUS_UNREADABLE);
}

#[test]
fn row_9_10_a_did_is_an_address_and_its_document_says_so() {
    let url = |did: &str| DidWeb::parse(did).map(|did| did.to_url());
    assert_eq!(url("did:web:a.example").unwrap(), "https://a.example/.well-known/did.json");
    assert_eq!(url("did:web:a.example%3A8443:o:1").unwrap(), "https://a.example:8443/o/1/did.json");
    assert!(url("did:web:10.0.0.1").is_err());
    let mut world = World::new();
    let region = world.region.document();
    world.says(Need::DidDocument { did: ORG.to_owned() }, &region);
    let report = judge(&world, &world.signed());
    finds(&report, Check::Key, Outcome::CouldNotCheck, codes::DID_MISMATCH);
}
