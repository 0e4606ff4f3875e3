//! Signed badges: rows G and H, and the pitfalls about them.

use checks::Check::{End, Format, Key, Revocation, Signature};
use checks::Outcome::{CouldNotCheck, Failed, Noted, Passed};
use checks::Unanswered;
use checks::Verdict::{Altered, CouldNotCheck as Unsure, Expired, Withdrawn};
use data_encoding::BASE64URL_NOPAD;
use josekit::jws::RS256;
use serde_json::{Value, json};

use crate::world::*;

fn changed(change: impl FnOnce(&mut Value)) -> String {
    let mut value = signed_assertion();
    change(&mut value);
    jws(&value)
}

#[test]
fn row_g1_and_g7_a_signed_badge_is_authentic() {
    let report = World::with_key().text(&jws(&signed_assertion()));
    authentic(&report);
    assert_eq!(codes(&report, Signature, Passed), ["signature_ok"]);
    assert_eq!(codes(&report, Key, Passed), ["ob2_key_listed"]);
    assert_eq!(codes(&report, Revocation, Passed), ["ob2_not_revoked"]);
    assert_eq!(report.badge.unwrap().achievement.name, "Robots");
}

#[test]
fn row_g2_other_algorithms_of_rsa_are_read_and_nothing_else() {
    let world = World::with_key();
    authentic(&world.text(&rs512(&signed_assertion())));
    let payload = BASE64URL_NOPAD.encode(signed_assertion().to_string().as_bytes());
    for alg in ["none", "HS256", "ES256", "EdDSA", "rs256", "PS256"] {
        let header = BASE64URL_NOPAD.encode(json!({ "alg": alg }).to_string().as_bytes());
        for signature in ["", "AAAA"] {
            let report = world.text(&format!("{header}.{payload}.{signature}"));
            finds(&report, Altered, Signature, Failed, "ob2_alg_refused");
            assert_eq!(report.badge, None);
        }
    }
}

#[test]
fn row_g3_a_key_of_another_owner_is_not_the_issuers() {
    let mut world = World::new();
    let mut other = key(&MINE);
    other["owner"] = json!("https://evil.example/issuer");
    world.says(KEY, &other);
    finds(&world.text(&jws(&signed_assertion())), Altered, Key, Failed, "ob2_key_owner");
}

#[test]
fn row_g4_a_key_is_an_spki_pem() {
    let mut world = World::new();
    for pem in [
        "-----BEGIN RSA PUBLIC KEY-----\nAA==\n-----END RSA PUBLIC KEY-----\n",
        "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n",
    ] {
        let mut wrong = key(&MINE);
        wrong["publicKeyPem"] = json!(pem);
        world.says(KEY, &wrong);
        finds(&world.text(&jws(&signed_assertion())), Altered, Key, Failed, "ob2_key_unusable");
    }
}

#[test]
fn row_g5_a_key_that_is_not_listed_does_not_count() {
    let world = World::with_key();
    let unlisted = changed(|a| a["verification"]["creator"] = json!("https://example.org/key2"));
    finds(&world.text(&unlisted), Altered, Key, Failed, "ob2_key_not_listed");
    let mut without = World::with_key();
    without.issuer(|i| drop(i.as_object_mut().unwrap().remove("publicKey")));
    finds(&without.text(&jws(&signed_assertion())), Altered, Key, Failed, "ob2_key_not_listed");
}

#[test]
fn row_g6_and_pitfall_2_4_without_creator_every_listed_key_is_tried() {
    let mut world = World::with_key();
    let second = "https://example.org/key2";
    let mut other = key(&OTHER);
    other["id"] = json!(second);
    world.says(second, &other);
    world.issuer(|i| i["publicKey"] = json!([second, "https://example.org/key3", KEY]));
    let text = changed(|a| drop(a["verification"].as_object_mut().unwrap().remove("creator")));
    authentic(&world.text(&text));
    world.issuer(|i| i["publicKey"] = json!([second]));
    finds(&world.text(&text), Altered, Signature, Failed, "signature_mismatch");
}

#[test]
fn row_e8_and_pitfall_2_25_the_key_of_an_embedded_profile_is_a_strangers() {
    let world = World::with_key();
    let mut value = signed_assertion();
    value["badge"] = class();
    value["badge"]["issuer"] = issuer();
    value["badge"]["issuer"]["publicKey"] = key(&OTHER);
    let text = jws_with(value.to_string().as_bytes(), &OTHER, RS256);
    finds(&world.text(&text), Altered, Signature, Failed, "signature_mismatch");
    // Even under an id of its own, and with a profile that exists nowhere else.
    value["badge"]["id"] = json!("urn:uuid:e79a6c18-787e-4868-8e65-e6a4530fb418");
    value["badge"]["issuer"]["publicKey"]["id"] = json!("https://evil.example/key");
    value["verification"]["creator"] = json!("https://evil.example/key");
    let text = jws_with(value.to_string().as_bytes(), &OTHER, RS256);
    finds(&world.text(&text), Altered, Key, Failed, "ob2_key_not_listed");
    value["badge"]["issuer"]["id"] = json!("urn:uuid:e79a6c18-787e-4868-8e65-e6a4530fb419");
    let text = jws_with(value.to_string().as_bytes(), &OTHER, RS256);
    finds(&world.text(&text), Unsure, Key, CouldNotCheck, "ob2_issuer_not_verifiable");
}

#[test]
fn row_g7_a_changed_payload_or_another_key_is_found() {
    let world = World::with_key();
    let text = jws(&signed_assertion());
    let parts: Vec<&str> = text.split('.').collect();
    let mut other = signed_assertion();
    other["issuedOn"] = json!("2020-01-31T23:59:59Z");
    let tampered = format!("{}.{}.{}", parts[0], BASE64URL_NOPAD.encode(other.to_string().as_bytes()), parts[2]);
    finds(&world.text(&tampered), Altered, Signature, Failed, "signature_mismatch");
    let other_key = jws_with(signed_assertion().to_string().as_bytes(), &OTHER, RS256);
    finds(&world.text(&other_key), Altered, Signature, Failed, "signature_mismatch");
    for payload in [&b"not json"[..], b"", b"[1]", b"\xff"] {
        let report = world.text(&jws_with(payload, &MINE, RS256));
        finds(&report, Altered, Format, Failed, "ob2_payload_not_json");
    }
}

#[test]
fn row_g7_every_key_must_come_to_be_tried() {
    let mut world = World::with_key();
    world.fails(KEY, Unanswered::TimedOut);
    finds(&world.text(&jws(&signed_assertion())), Unsure, Key, CouldNotCheck, "ob2_key_unanswered");
}

#[test]
fn row_g8_the_payload_is_no_set_of_claims() {
    let mut value = signed_assertion();
    // To a reader of claims it would have ended in 1970, for somebody else.
    value["exp"] = json!(1);
    value["iss"] = json!("https://evil.example");
    let mut header = josekit::jws::JwsHeader::new();
    header.set_token_type("JWT");
    let signer = RS256.signer_from_pem(MINE.to_pem_private_key()).unwrap();
    let text = josekit::jws::serialize_compact(value.to_string().as_bytes(), &header, &signer).unwrap();
    authentic(&World::with_key().text(&text));
}

#[test]
fn row_g9_and_pitfall_2_23_padding_is_tolerated() {
    let text = jws(&signed_assertion());
    authentic(&World::with_key().text(&format!("{text}==")));
}

#[test]
fn row_f9_a_hosted_badge_in_an_envelope_is_judged_where_it_is_hosted() {
    let world = World::new();
    let text = jws_with(assertion().to_string().as_bytes(), &OTHER, RS256);
    let report = world.text(&text);
    authentic(&report);
    assert_eq!(codes(&report, Signature, Noted), ["ob2_hosted"]);
}

#[test]
fn row_f8_an_unknown_verification_in_a_jws_is_refused() {
    let text = changed(|a| a["verification"]["type"] = json!("Trusted"));
    finds(&World::with_key().text(&text), Altered, Signature, Failed, "ob2_verification_unknown");
}

#[test]
fn row_h3_the_issuers_list_withdraws_by_id_and_uid() {
    let id = signed_assertion()["id"].clone();
    for entry in [json!([id]), json!([{ "id": id, "revocationReason": "Error" }]), json!([{ "uid": "u1" }])] {
        let mut world = World::with_key();
        world.says(LIST, &list(&entry));
        let text = changed(|a| a["uid"] = json!("u1"));
        finds(&world.text(&text), Withdrawn, Revocation, Failed, "ob2_in_list");
    }
}

#[test]
fn row_h4_and_h5_a_list_that_does_not_come_or_is_none() {
    let text = jws(&signed_assertion());
    let mut world = World::with_key();
    for why in [Unanswered::NotFound, Unanswered::TimedOut] {
        world.fails(LIST, why);
        finds(&world.text(&text), Unsure, Revocation, CouldNotCheck, "ob2_list_unanswered");
    }
    for wrong in [list(&json!(["foo"])), json!({ "@context": CONTEXT, "type": "Issuer" })] {
        world.says(LIST, &wrong);
        finds(&world.text(&text), Unsure, Revocation, CouldNotCheck, "ob2_list_unreadable");
    }
    let mut others = list(&json!([]));
    others["issuer"] = json!("https://evil.example/issuer");
    world.says(LIST, &others);
    finds(&world.text(&text), Unsure, Revocation, CouldNotCheck, "ob2_list_not_issuers");
    world.issuer(|i| drop(i.as_object_mut().unwrap().remove("revocationList")));
    let report = world.text(&text);
    authentic(&report);
    assert_eq!(codes(&report, Revocation, Noted), ["ob2_no_list"]);
}

#[test]
fn row_c7_a_signed_badge_ends() {
    let text = changed(|a| a["expires"] = json!("2026-06-01T00:00:00Z"));
    finds(&World::with_key().text(&text), Expired, End, Failed, "ended");
}

#[test]
fn row_c10_a_signed_text_may_say_it_is_revoked() {
    let text = changed(|a| a["revoked"] = json!(true));
    finds(&World::with_key().text(&text), Withdrawn, Revocation, Failed, "ob2_revoked");
}

#[test]
fn pitfall_2_5_a_signed_1_1_badge_has_its_key_at_the_issuers_origin() {
    let mut value = signed_assertion();
    value["@context"] = json!("https://w3id.org/openbadges/v1");
    value.as_object_mut().unwrap().remove("verification");
    value["verify"] = json!({ "type": "signed", "url": "https://example.org/key.pem" });
    let mut world = World::with_key();
    world.bytes("https://example.org/key.pem", &MINE.to_pem_public_key());
    world.issuer(|i| drop(i.as_object_mut().unwrap().remove("publicKey")));
    authentic(&world.text(&jws(&value)));
    // An issuer that lists its keys has said which they are, and a badge cannot step back to name another.
    world.issuer(|_| {});
    let mut old = value.clone();
    old["verify"]["url"] = json!(KEY);
    authentic(&world.text(&jws(&old)));
    world.bytes("https://example.org/uploads/evil.pem", &OTHER.to_pem_public_key());
    old["verify"]["url"] = json!("https://example.org/uploads/evil.pem");
    let text = jws_with(old.to_string().as_bytes(), &OTHER, RS256);
    finds(&world.text(&text), Altered, Signature, Failed, "signature_mismatch");
    world.issuer(|i| drop(i.as_object_mut().unwrap().remove("publicKey")));
    // The badge's own word for a key elsewhere is nothing.
    value["verify"]["url"] = json!("https://evil.example/key.pem");
    world.bytes("https://evil.example/key.pem", &OTHER.to_pem_public_key());
    let text = jws_with(value.to_string().as_bytes(), &OTHER, RS256);
    finds(&world.text(&text), Altered, Key, Failed, "ob2_key_not_listed");
}

#[test]
fn pitfall_2_24_the_case_of_an_algorithm_counts() {
    let payload = BASE64URL_NOPAD.encode(signed_assertion().to_string().as_bytes());
    let header = BASE64URL_NOPAD.encode(br#"{"alg":"rs256"}"#);
    let report = World::with_key().text(&format!("{header}.{payload}.AAAA"));
    finds(&report, Altered, Signature, Failed, "ob2_alg_refused");
    assert_eq!(report.finding(Signature).unwrap().detail.as_deref(), Some("jws_alg_case"));
}
