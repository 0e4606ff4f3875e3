//! What implementers get wrong: items A to D of the list (E and F are the houses' and 1EdTech's), as far as they are not
//! rows already. A2, A3, A5 and A7 are in `jwt.rs`, `keys.rs` and `forms.rs`.

use checks::{Check, Need, Outcome, Verdict, codes};
use serde_json::{Value, json};

use crate::tokens::{KID, header, jwk, key_set, payload, token};
use crate::world::{NOW, ORG, World, did, status};
use crate::{against, finds, holds, judge, meaningless, remove, signed};

#[test]
fn pitfall_a1_undefined_terms_are_refused_by_the_signer_too() {
    use proofs::eddsa_rdfc_2022::{Options, prepare};
    let undefined = World::new().badge(|badge| badge["foo"] = json!("bar"));
    assert!(prepare(&undefined, &Options::assertion(crate::world::SIGNED, ORG)).is_err());
    meaningless(|badge| badge["foo"] = json!("bar"));
    meaningless(|badge| badge["termsOfUse"] = json!([{ "type": "Policy", "policyId": "1" }]));
}

#[test]
fn pitfall_a4_a_kid_that_is_no_address_of_one_key() {
    let mut world = World::new();
    let text = token("RS256", &header("RS256"), &payload(&world));
    world.says(key_set(), &json!({ "keys": [jwk("RS256")] }));
    world.says(Need::Jwk { url: KID.to_owned() }, &json!({ "keys": [jwk("RS256")] }));
    let report = world.judge_at(&text, NOW, crate::ALONE);
    finds(&report, Check::Key, Outcome::CouldNotCheck, codes::KEY_UNREADABLE);
    let fragment = token("RS256", &json!({ "alg": "RS256", "kid": "#1" }), &payload(&world));
    let report = world.judge_at(&fragment, NOW, crate::ALONE);
    finds(&report, Check::Key, Outcome::Failed, codes::KEY_NOT_VOUCHED);
    // Our DID documents name methods by whole ids, which the official validator compares as texts.
    let document = world.org.document();
    let named = document["assertionMethod"][0].as_str().expect("a text");
    assert!(named.starts_with(ORG) && document["verificationMethod"][0]["id"] == named);
}

#[test]
fn pitfall_a6_a_status_is_one_entry_and_silence_is_no_answer() {
    let entry = World::new().badge(|_| {})["credentialStatus"].clone();
    against(|badge| badge["credentialStatus"] = json!([entry.clone(), entry]), "not_single /credentialStatus");
    let mut world = World::new();
    let text = world.signed().to_string();
    let list = world.list(|_| {});
    for encoded in [json!("H4sIAAAA"), json!("1,5,9"), json!(["u"])] {
        let mut list = list.clone();
        list["credentialSubject"]["encodedList"] = encoded;
        world.says(status(), &world.org.sign(&list));
        finds(&world.judge(&text), Check::Revocation, Outcome::CouldNotCheck, codes::STATUS_UNREADABLE);
    }
    for nowhere in ["urn:uuid:7f0c2c1e-7d0b-4b83-9a1f-2f6a1c0e9d47", "http://10.0.0.1/list"] {
        let text = signed(|badge| badge["credentialStatus"]["statusListCredential"] = json!(nowhere)).to_string();
        assert_eq!(World::new().judge(&text).verdict, Verdict::CouldNotCheck, "{nowhere}");
    }
}

#[test]
fn pitfall_a8_an_endorsement_of_other_contexts_is_told() {
    let world = World::new();
    let mut text = world.signed();
    text["endorsement"] = json!([{
        "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json"],
        "id": "urn:uuid:7f0c2c1e-7d0b-4b83-9a1f-2f6a1c0e9d47", "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "Recommandation", "issuer": ORG, "validFrom": "2026-11-01T00:00:00Z",
        "credentialSubject": { "id": text["id"], "type": ["EndorsementSubject"] },
    }]);
    let report = judge(&world, &text);
    finds(&report, Check::JsonLd, Outcome::Failed, codes::JSON_LD_FAULT);
    let told = report.finding(Check::Schema).and_then(|finding| finding.detail.clone()).unwrap_or_default();
    assert!(told.contains("context_version_differs /endorsement/0/@context"), "{told}");
}

#[test]
fn pitfall_a9_a_did_document_is_at_did_json() {
    let need = did("did:web:a.example:issuers:1");
    assert_eq!(need.url("").as_deref(), Some("https://a.example/issuers/1/did.json"));
    assert_eq!(did("did:web:a.example%3A3000").url("").as_deref(), Some("https://a.example:3000/.well-known/did.json"));
}

#[test]
fn pitfall_a10_a_file_or_a_picture_needs_no_exchange() {
    // Whatever wallets speak: bytes alone, without a name or a media type, are enough.
    let report = World::new()
        .bring(checks::Inquiry::open_bytes(signed(|_| {}).to_string().into_bytes(), NOW, crate::ALONE), NOW);
    assert_eq!(report.verdict, Verdict::Authentic);
}

#[test]
fn pitfall_b_what_data_models_get_wrong() {
    against(|badge| badge["image"] = json!("https://livret.example/p.png"), "not_an_object /image");
    against(|badge| badge["credentialSubject"]["achievement"]["criteria"] = json!({}), "criteria_say_nothing");
    against(
        |badge| badge["credentialSubject"]["achievement"]["achievementType"] = json!("zz ext:a"),
        "not_in_vocabulary",
    );
    // A language map loses its texts.
    meaningless(|badge| badge["description"] = json!({ "fr": "Équipe", "en": "Team" }));
    // The person's name is an identifier; the credential's name is the achievement's.
    let facts = judge(&World::new(), &signed(|_| {})).badge.expect("facts");
    assert_eq!(facts.recipient.name.as_deref(), Some("Inès Duval"));
    // A date typed as a day, though it is an instant in the model.
    holds(|badge| badge["credentialSubject"]["activityStartDate"] = json!("2026-11-01T08:00:00Z"));
    // The salt is appended.
    let whom = |whom: &str| {
        let inquiry = checks::Inquiry::open(&signed(|_| {}).to_string(), NOW, crate::ALONE).with_recipient(whom);
        World::new().bring(inquiry, NOW)
    };
    finds(&whom("ines@example.fr"), Check::Recipient, Outcome::Passed, codes::RECIPIENT_MATCHES);
    // Proven is not: belongs to whoever shows it.
    finds(&whom("paul@example.fr"), Check::Recipient, Outcome::Failed, codes::RECIPIENT_OTHER);
}

#[test]
fn pitfall_c_blank_nodes_alike_are_told_apart() {
    let twins = json!({ "type": ["Evidence"], "narrative": "Deux fois la même." });
    holds(|badge| badge["evidence"] = json!([twins, twins, { "type": ["Evidence"], "narrative": "Une autre." }]));
    let world = World::new();
    let mut text = world.org.sign(&world.badge(|badge| badge["evidence"] = json!([twins, twins])));
    text["evidence"].as_array_mut().expect("evidence").pop();
    finds(&judge(&world, &text), Check::Signature, Outcome::Failed, codes::SIGNATURE_MISMATCH);
}

#[test]
fn pitfall_c_fractions_of_a_second_and_expired_tokens() {
    let mut world = World::new();
    crate::tokens::vouch(&mut world, "ES256");
    let judge = |value: &Value| world.judge_at(&token("ES256", &header("ES256"), value), NOW, crate::ALONE);
    let mut value = payload(&world);
    value["validFrom"] = json!("2026-11-20T14:05:09.500Z");
    assert_eq!(judge(&value).verdict, Verdict::Authentic, "nbf knows whole seconds");
    value["exp"] = json!(NOW.unix_timestamp() - 3600);
    let report = judge(&value);
    assert_eq!(report.verdict, Verdict::Expired, "parsed first, then told");
    assert!(report.badge.is_some());
}

#[test]
fn pitfall_d_pictures_are_read_by_namespace_and_not_by_name() {
    let text = signed(|_| {}).to_string();
    let svg = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' xmlns:b='https://purl.imsglobal.org/ob/v3p0'><b:credential><![CDATA[\n{text}\n]]></b:credential></svg>"
    );
    let read = |svg: String| World::new().bring(checks::Inquiry::open_bytes(svg.into_bytes(), NOW, crate::ALONE), NOW);
    assert_eq!(read(svg.clone()).verdict, Verdict::Authentic);
    let report = read(svg.replace("/ob/v3p0'>", "/spec/ob/v3p0'>"));
    finds(&report, Check::Format, Outcome::CouldNotCheck, codes::NO_BADGE_IN_PICTURE);
}

#[test]
fn pitfall_d_a_good_signature_without_register_is_no_known_issuer() {
    let world = World::new();
    let mut world_without = World::new();
    let register = world.register(|entry| "did:web:other.example".clone_into(&mut entry.did));
    world_without.says(Need::Register, &world.region.sign(&register));
    let report = world_without.judge(&world.signed().to_string());
    finds(&report, Check::Signature, Outcome::Passed, codes::SIGNATURE_OK);
    assert_eq!(report.verdict, Verdict::UnknownIssuer);
}

#[test]
fn pitfall_e_what_a_host_wrote_anew_is_no_longer_signed_by_bytes_but_by_meaning() {
    let world = World::new();
    let text = world.signed();
    // Other spaces and another order of members: the same badge under eddsa-rdfc-2022.
    let mut members: Vec<_> = text.as_object().expect("an object").clone().into_iter().collect();
    members.reverse();
    let again: Value = members.into_iter().collect();
    let pretty = serde_json::to_string_pretty(&again).expect("JSON");
    assert_eq!(world.judge(&pretty).verdict, Verdict::Authentic);
    let mut lossy = text;
    remove(&mut lossy, "/credentialSubject/achievement/humanCode");
    assert_eq!(world.judge(&lossy.to_string()).verdict, Verdict::Altered);
}
