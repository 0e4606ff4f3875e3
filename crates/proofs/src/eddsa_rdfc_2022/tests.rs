use ed25519_dalek::{Signer, SigningKey};
use proptest::prelude::*;
use serde_json::{Value, json};
use time::macros::datetime;

/// A change, and the fault that it must give.
type Case = (ProofFault, fn(&mut Value));

use super::*;
use crate::jsonld::JsonLdFault;

const METHOD: &str = "did:web:livret.example:o:7h2k9qx4#z6MkuRrt69bi6f4P8itdSUPGk4yaJDnwUGV2CKeUwNZQf4YS";

fn badge() -> Value {
    serde_json::from_str(include_str!("../../tests/data/badge.json")).unwrap()
}

fn key() -> PublicKey {
    PublicKey::from_multibase(METHOD.split_once('#').unwrap().1).unwrap()
}

fn ours() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn sign(unsigned: &Value, key: &SigningKey) -> Value {
    let prepared = prepare(unsigned, &Options::assertion(datetime!(2026-11-20 14:05:09 UTC), METHOD)).unwrap();
    let signature = key.sign(&prepared.hash_data).to_bytes();
    prepared.finish(signature)
}

fn public(key: &SigningKey) -> PublicKey {
    PublicKey::ed25519(key.verifying_key().to_bytes()).unwrap()
}

#[test]
fn the_specimen_is_prepared_as_published_and_verifies() {
    // design/specimen-badge: badge.json, expected.json. Signed with a test key.
    let expected: Value = serde_json::from_str(include_str!("../../tests/data/expected.json")).unwrap();
    let mut unsigned = badge();
    unsigned.as_object_mut().unwrap().shift_remove("proof");
    let prepared = prepare(&unsigned, &Options::assertion(datetime!(2026-11-20 14:05:09 UTC), METHOD)).unwrap();
    let hex = |bytes: &[u8]| data_encoding::HEXLOWER.encode(bytes);
    assert_eq!(hex(&prepared.document_hash), expected["documentHash"]);
    assert_eq!(hex(&prepared.proof_hash), expected["proofHash"]);
    assert_eq!(hex(&prepared.hash_data), format!("{}{}", hex(&prepared.proof_hash), hex(&prepared.document_hash)));

    let facts = verify(&badge(), &key()).unwrap();
    assert_eq!(facts.verification_method, METHOD);
    assert_eq!(facts.created, Some(datetime!(2026-11-20 14:05:09 UTC)));
    assert_eq!(facts.cryptosuite, CRYPTOSUITE);
    assert_eq!(proofs_of(&badge()).unwrap(), [Ok(facts)]);
}

#[test]
fn the_specimens_signature_put_back_gives_its_very_text() {
    let text = include_str!("../../tests/data/badge.json");
    let mut unsigned = badge();
    let proof = unsigned.as_object_mut().unwrap().shift_remove("proof").unwrap();
    let value = proof["proofValue"].as_str().unwrap();
    let signature: [u8; 64] = bs58::decode(&value[1..]).into_vec().unwrap().try_into().unwrap();
    let prepared = prepare(&unsigned, &Options::assertion(datetime!(2026-11-20 14:05:09 UTC), METHOD)).unwrap();
    assert_eq!(serde_json::to_string_pretty(&prepared.finish(signature)).unwrap(), text.trim_end());
}

#[test]
fn the_specimens_status_list_verifies() {
    // design/specimen-badge/status.json
    let list: Value = serde_json::from_str(include_str!("../../tests/data/status.json")).unwrap();
    assert!(verify(&list, &key()).is_ok());
}

#[test]
fn every_changed_byte_of_the_specimen_that_still_parses_is_noticed() {
    // Each byte in turn becomes another; about half of the results are JSON. A change that only rewrites an escape
    // gives the same document, which is no change. Sampled to keep the test short: every third byte, the offset
    // varying with the kind of change.
    let text = include_str!("../../tests/data/badge.json");
    let original = badge();
    let (mut judged, mut unchanged) = (0, 0);
    for (offset, change) in [0x01u8, 0x02, 0x20].into_iter().enumerate() {
        for place in (offset..text.len()).step_by(3) {
            let mut bytes = text.as_bytes().to_vec();
            bytes[place] ^= change;
            let Ok(changed) = serde_json::from_slice::<Value>(&bytes) else { continue };
            if changed == original {
                unchanged += 1;
                continue;
            }
            judged += 1;
            let answer = verify(&changed, &key());
            assert!(answer.is_err(), "byte {place} changed to {:?}: {answer:?}", char::from(bytes[place]));
        }
    }
    assert!(judged > 1_500, "{judged} judged, {unchanged} of the same value");
}

#[test]
fn another_key_does_not_verify() {
    assert_eq!(verify(&badge(), &public(&ours())), Err(ProofFault::Signature));
}

#[test]
fn each_wrong_proof_has_its_reason() {
    let cases: [Case; 16] = [
        (ProofFault::NoProof, |b| drop(b.as_object_mut().unwrap().shift_remove("proof"))),
        (ProofFault::NoProof, |b| b["proof"] = json!([])),
        (ProofFault::Malformed, |b| b["proof"] = json!("z")),
        (ProofFault::Malformed, |b| b["proof"] = json!(vec![b["proof"].clone(); 17])),
        (ProofFault::Malformed, |b| b["proof"]["created"] = json!(3)),
        (ProofFault::Unsupported, |b| b["proof"]["type"] = json!("Ed25519Signature2020")),
        (ProofFault::Unsupported, |b| b["proof"]["cryptosuite"] = json!("eddsa-jcs-2022")),
        (ProofFault::PreviousProof, |b| b["proof"]["previousProof"] = json!("urn:x")),
        (ProofFault::Purpose, |b| b["proof"]["proofPurpose"] = json!("authentication")),
        (ProofFault::Created, |b| b["proof"]["created"] = json!("2026-11-20")),
        (ProofFault::Created, |b| b["proof"]["created"] = json!("2026-11-20T14:05:09")),
        (ProofFault::VerificationMethod, |b| b["proof"]["verificationMethod"] = json!("#key")),
        (ProofFault::Value, |b| b["proof"]["proofValue"] = json!("u1234")),
        (ProofFault::Value, |b| b["proof"]["proofValue"] = json!("z1234")),
        (ProofFault::Signature, |b| b["proof"]["created"] = json!("2026-11-20T14:05:10Z")),
        (ProofFault::JsonLd(JsonLdFault::UndefinedTerm("added".into())), |b| b["added"] = json!("x")),
    ];
    for (fault, change) in cases {
        let mut changed = badge();
        change(&mut changed);
        assert_eq!(verify(&changed, &key()), Err(fault));
    }
    assert_eq!(verify(&json!([]), &key()), Err(ProofFault::NotAnObject));
}

#[test]
fn one_supported_proof_among_others_suffices() {
    // OB 3.0 §9: any one supported proof; unknown ones do no harm (1EdTech `simple-multiple-proofs.json`).
    let mut several = badge();
    let other = json!({"type": "DataIntegrityProof", "cryptosuite": "bbs-2023", "proofValue": "u1"});
    several["proof"] = json!([other, "not a proof", badge()["proof"]]);
    assert_eq!(verify(&several, &key()).unwrap().verification_method, METHOD);
    let kinds: Vec<_> = proofs_of(&several).unwrap().into_iter().map(|proof| proof.map(|_| ())).collect();
    assert_eq!(kinds, [Err(ProofFault::Unsupported), Err(ProofFault::Malformed), Ok(())]);
    several["proof"] = json!([other]);
    assert_eq!(verify(&several, &key()), Err(ProofFault::Unsupported));
}

#[test]
fn what_cannot_be_covered_is_not_prepared() {
    let options = Options::assertion(datetime!(2026-11-20 14:05:09 UTC), METHOD);
    assert_eq!(prepare(&badge(), &options).unwrap_err(), ProofFault::AlreadySigned);
    assert_eq!(prepare(&json!("x"), &options).unwrap_err(), ProofFault::NotAnObject);
    let mut unsigned = badge();
    unsigned.as_object_mut().unwrap().shift_remove("proof");
    let relative = Options::assertion(datetime!(2026-11-20 14:05:09 UTC), "#key");
    assert_eq!(prepare(&unsigned, &relative).unwrap_err(), ProofFault::VerificationMethod);
    unsigned["credentialSubject"]["achievement"]["level"] = json!("Je pratique");
    assert_eq!(prepare(&unsigned, &options).unwrap_err().code(), "term_undefined");
}

#[test]
fn created_is_written_in_utc_and_whole_seconds() {
    let members = write(&Options::assertion(datetime!(2026-11-20 15:05:09.987 +1), METHOD)).unwrap();
    assert_eq!(members["created"], "2026-11-20T14:05:09Z");
}

fn general_and_template(context: &Value, proof: &Value) -> (Option<String>, String) {
    let proof = proof.as_object().unwrap();
    let general = Engine::bundled().canonicalize(&options::document(context, proof)).unwrap();
    (options::template(context, proof), general)
}

const CONTEXTS: [&str; 3] = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
];

#[test]
fn other_shapes_have_no_template() {
    let proof = badge()["proof"].as_object().unwrap().clone();
    let shape = |change: fn(&mut Map<String, Value>)| {
        let mut proof = proof.clone();
        proof.shift_remove("proofValue");
        change(&mut proof);
        options::template(&json!(CONTEXTS), &proof)
    };
    assert!(shape(|_| ()).is_some());
    assert!(shape(|p| drop(p.insert("expires".into(), json!("2027-01-01T00:00:00Z")))).is_none());
    assert!(shape(|p| drop(p.shift_remove("created"))).is_none());
    assert!(shape(|p| drop(p.insert("type".into(), json!(["DataIntegrityProof"])))).is_none());
    assert!(shape(|p| drop(p.insert("proofPurpose".into(), json!("authentication")))).is_none());
    assert!(shape(|p| drop(p.insert("verificationMethod".into(), json!("did:x:a b")))).is_none());
    assert!(shape(|p| drop(p.insert("verificationMethod".into(), json!("type:x")))).is_none());
    assert!(options::template(&json!([CONTEXTS[0], {}]), &proof).is_none());
    assert!(options::template(&json!([CONTEXTS[0], CONTEXTS[2]]), &proof).is_none());
    assert!(options::template(&json!(CONTEXTS[0]), &proof).is_none());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// design/dependencies.md, trap 8: the template against the general engine.
    #[test]
    fn the_template_is_what_the_general_engine_writes(
        contexts in 1usize..=3,
        scheme in prop_oneof![Just("did:web:"), Just("did:key:"), Just("https://"), Just("http://"), Just("did:")],
        rest in "[a-zA-Z0-9.:%_~é/?=&;,()'*+!$@-]{1,30}",
        fragment in "(#[a-zA-Z0-9é?/:@-]{0,20})?",
        seconds in 0i64..4_000_000_000,
    ) {
        let method = format!("{scheme}{rest}{fragment}");
        prop_assume!(iref::Iri::new(&method).is_ok());
        let created = OffsetDateTime::from_unix_timestamp(seconds).unwrap();
        let proof = Value::Object(write(&Options::assertion(created, method)).unwrap());
        let (template, general) = general_and_template(&json!(CONTEXTS[..contexts]), &proof);
        prop_assert_eq!(template.unwrap(), general);
    }

    #[test]
    fn what_is_signed_verifies_and_what_is_changed_does_not(
        name in "\\PC{1,20}", sentence in "(?s).{0,40}", index in 0u32..131_072,
    ) {
        let mut unsigned = badge();
        unsigned.as_object_mut().unwrap().shift_remove("proof");
        unsigned["credentialSubject"]["identifier"][0]["identityHash"] = json!(name);
        unsigned["evidence"][0]["narrative"] = json!(sentence);
        unsigned["credentialStatus"]["statusListIndex"] = json!(index.to_string());
        let mut signed = sign(&unsigned, &ours());
        let text = signed.to_string();
        prop_assert!(verify(&serde_json::from_str(&text).unwrap(), &public(&ours())).is_ok());
        signed["credentialSubject"]["identifier"][0]["identityHash"] = json!(format!("{name}."));
        prop_assert_eq!(verify(&signed, &public(&ours())), Err(ProofFault::Signature));
    }
}
