use ciborium::cbor;
use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::jws::Alg;
use crate::test_keys::{public, sign};

/// A change, and the fault that it must give.
type Case = (ProofFault, fn(&mut Value));

const CREATED: &str = "2026-11-20T14:05:09Z";

/// Our specimen without its proof.
fn unsigned() -> Value {
    let mut badge: Value = serde_json::from_str(include_str!("../../tests/data/badge.json")).unwrap();
    badge.as_object_mut().unwrap().shift_remove("proof");
    badge
}

fn options(suite: Suite, alg: Alg) -> Value {
    let key = public(alg);
    let method = format!("did:key:{key}#{key}");
    let mut options = json!({"created": CREATED, "verificationMethod": method, "proofPurpose": "assertionMethod"});
    if suite == Suite::Ed25519Signature2020 {
        options["type"] = json!("Ed25519Signature2020");
    } else {
        options["type"] = json!("DataIntegrityProof");
        options["cryptosuite"] = json!(suite.name());
    }
    options
}

/// What the suites other than selective disclosure sign, computed step by step as the standards say.
fn hash_data(suite: Suite, alg: Alg, document: &Value, options: &Value) -> Vec<u8> {
    let canonical = |value: &Value| match suite {
        Suite::EddsaJcs2022 => serde_json_canonicalizer::to_string(value).unwrap(),
        _ => crate::jsonld::canonicalize(value).unwrap(),
    };
    let mut config = options.clone();
    if suite != Suite::EddsaJcs2022 {
        config["@context"] = document["@context"].clone();
    }
    let (config, document) = (canonical(&config), canonical(document));
    match alg {
        Alg::Es384 => [Sha384::digest(config).as_slice(), Sha384::digest(document).as_slice()].concat(),
        _ => [Sha256::digest(config).as_slice(), Sha256::digest(document).as_slice()].concat(),
    }
}

fn add_proof(document: &mut Value, mut options: Value, signature: &[u8]) {
    options["proofValue"] = json!(format!("z{}", bs58::encode(signature).into_string()));
    match document.get_mut("proof") {
        Some(Value::Array(proofs)) => proofs.push(options),
        _ => document["proof"] = json!([options]),
    }
}

fn signed(suite: Suite, alg: Alg) -> Value {
    let mut document = unsigned();
    if suite == Suite::Ed25519Signature2020 {
        let contexts = document["@context"].as_array_mut().unwrap();
        contexts.push(json!("https://w3id.org/security/suites/ed25519-2020/v1"));
    }
    let options = options(suite, alg);
    let signature = sign(alg, &hash_data(suite, alg, &document, &options));
    add_proof(&mut document, options, &signature);
    document
}

const WHOLE: [(Suite, Alg); 6] = [
    (Suite::EddsaRdfc2022, Alg::EdDsa),
    (Suite::Eddsa2022, Alg::EdDsa),
    (Suite::EddsaJcs2022, Alg::EdDsa),
    (Suite::Ed25519Signature2020, Alg::EdDsa),
    (Suite::EcdsaRdfc2019, Alg::Es256),
    (Suite::EcdsaRdfc2019, Alg::Es384),
];

#[test]
fn every_suite_verifies_what_it_signed_and_nothing_else() {
    for (suite, alg) in WHOLE {
        let document = signed(suite, alg);
        let facts = proofs_of(&document).unwrap().remove(0).unwrap();
        assert_eq!((facts.suite, facts.index, facts.cryptosuite.as_str()), (suite, 0, suite.name()));
        assert_eq!(verify(&document, &facts, &public(alg)).as_ref(), Ok(&facts), "{suite:?}");
        assert_eq!(verify_at(&document, 0, &public(alg)).as_ref(), Ok(&facts));
        assert_eq!(verify_at(&document, 1, &public(alg)), Err(ProofFault::OtherProof));
        let mut other = document.clone();
        other["credentialSubject"]["achievement"]["name"] = json!("Another");
        assert_eq!(verify(&other, &facts, &public(alg)), Err(ProofFault::Signature), "{suite:?}");
        for wrong in Alg::ALL.into_iter().filter(|wrong| !suite.fits(public(*wrong).algorithm())) {
            assert_eq!(verify(&document, &facts, &public(wrong)), Err(ProofFault::KeyMismatch), "{suite:?} {wrong:?}");
        }
        // The facts are of this very proof.
        let mut later = facts.clone();
        later.expires = facts.created;
        assert_eq!(verify(&document, &later, &public(alg)), Err(ProofFault::OtherProof));
    }
}

#[test]
fn each_wrong_proof_has_its_reason() {
    let cases: [Case; 22] = [
        (ProofFault::Malformed, |p| *p = json!("z")),
        (ProofFault::Malformed, |p| drop(p.as_object_mut().unwrap().remove("type"))),
        (ProofFault::Malformed, |p| drop(p.as_object_mut().unwrap().remove("cryptosuite"))),
        (ProofFault::Malformed, |p| p["id"] = json!(1)),
        (ProofFault::Malformed, |p| p["previousProof"] = json!([])),
        (ProofFault::Malformed, |p| p["previousProof"] = json!([1])),
        (ProofFault::Malformed, |p| p["previousProof"] = json!(vec!["urn:x"; 17])),
        (ProofFault::Unsupported, |p| p["cryptosuite"] = json!("bbs-2023")),
        (ProofFault::Unsupported, |p| p["cryptosuite"] = json!("Ed25519Signature2020")),
        (ProofFault::Unsupported, |p| p["type"] = json!("RsaSignature2018")),
        (ProofFault::Unsupported, |p| p["type"] = json!("Ed25519Signature2020")),
        (ProofFault::Purpose, |p| p["proofPurpose"] = json!("authentication")),
        (ProofFault::Purpose, |p| drop(p.as_object_mut().unwrap().remove("proofPurpose"))),
        (ProofFault::Audience, |p| p["domain"] = json!("https://example.org")),
        (ProofFault::Audience, |p| p["challenge"] = json!("x")),
        (ProofFault::Context, |p| p["@context"] = json!("https://www.w3.org/ns/credentials/v2")),
        (ProofFault::VerificationMethod, |p| p["verificationMethod"] = json!("#key")),
        (ProofFault::VerificationMethod, |p| drop(p.as_object_mut().unwrap().remove("verificationMethod"))),
        (ProofFault::PreviousProof, |p| p["previousProof"] = json!("urn:x")),
        (ProofFault::Created, |p| p["expires"] = json!("tomorrow")),
        (ProofFault::Value, |p| p["proofValue"] = json!("z1234")),
        (ProofFault::Value, |p| p["proofValue"] = json!(format!("z{}", "2".repeat(100_000)))),
    ];
    for (fault, change) in cases {
        let mut document = signed(Suite::EddsaRdfc2022, Alg::EdDsa);
        change(&mut document["proof"][0]);
        assert_eq!(proofs_of(&document).unwrap(), [Err(fault.clone())]);
        assert_eq!(verify_at(&document, 0, &public(Alg::EdDsa)), Err(fault));
    }
    assert_eq!(proofs_of(&json!(1)), Err(ProofFault::NotAnObject));
    assert_eq!(proofs_of(&json!({})), Err(ProofFault::NoProof));
    assert_eq!(proofs_of(&json!({"proof": []})), Err(ProofFault::NoProof));
    assert_eq!(proofs_of(&json!({"proof": vec![1; 17]})), Err(ProofFault::Malformed));
    let mut bare = signed(Suite::Ed25519Signature2020, Alg::EdDsa);
    bare["@context"].as_array_mut().unwrap().pop();
    assert_eq!(proofs_of(&bare).unwrap(), [Err(ProofFault::SuiteContext)]);
}

#[test]
fn an_unknown_suite_does_no_harm_to_the_others() {
    let mut document = signed(Suite::EcdsaRdfc2019, Alg::Es256);
    let unknown = json!({"type": "DataIntegrityProof", "cryptosuite": "bbs-2023", "proofValue": "u2V0C"});
    document["proof"].as_array_mut().unwrap().insert(0, unknown);
    let proofs = proofs_of(&document).unwrap();
    assert_eq!(proofs[0], Err(ProofFault::Unsupported));
    let facts = proofs[1].clone().unwrap();
    assert_eq!(facts.index, 1);
    assert!(verify(&document, &facts, &public(Alg::Es256)).is_ok());
}

#[test]
fn a_proof_may_repeat_the_documents_context() {
    let mut document = unsigned();
    let context = document["@context"].clone();
    let proof = options(Suite::EddsaRdfc2022, Alg::EdDsa);
    let signature = sign(Alg::EdDsa, &hash_data(Suite::EddsaRdfc2022, Alg::EdDsa, &document, &proof));
    let mut repeated = proof;
    repeated["@context"] = context;
    add_proof(&mut document, repeated, &signature);
    assert!(verify_at(&document, 0, &public(Alg::EdDsa)).is_ok());
}

#[test]
fn a_chain_of_different_suites_covers_what_it_follows() {
    let mut document = unsigned();
    let mut first = options(Suite::EddsaJcs2022, Alg::EdDsa);
    first["id"] = json!("urn:uuid:1");
    let signature = sign(Alg::EdDsa, &hash_data(Suite::EddsaJcs2022, Alg::EdDsa, &document, &first));
    add_proof(&mut document, first, &signature);
    let mut second = options(Suite::EcdsaRdfc2019, Alg::Es256);
    second["previousProof"] = json!("urn:uuid:1");
    // At this point the document holds the one proof that is followed.
    let signature = sign(Alg::Es256, &hash_data(Suite::EcdsaRdfc2019, Alg::Es256, &document, &second));
    add_proof(&mut document, second, &signature);
    assert!(verify_at(&document, 0, &public(Alg::EdDsa)).is_ok());
    assert_eq!(verify_at(&document, 1, &public(Alg::Es256)).unwrap().previous_proof, ["urn:uuid:1"]);
    document["proof"][0]["proofValue"] = document["proof"][1]["proofValue"].clone();
    assert_eq!(verify_at(&document, 1, &public(Alg::Es256)), Err(ProofFault::Signature));
    // Two proofs that follow each other cover each other: neither could have been made.
    document["proof"][0]["previousProof"] = json!("urn:uuid:2");
    document["proof"][1]["id"] = json!("urn:uuid:2");
    assert_eq!(verify_at(&document, 0, &public(Alg::EdDsa)), Err(ProofFault::Signature));
}

#[test]
fn jcs_signs_no_number_that_two_readers_read_differently() {
    let mut document = signed(Suite::EddsaJcs2022, Alg::EdDsa);
    document["credentialSubject"]["number"] = json!(9_007_199_254_740_993_u64);
    let fault = ProofFault::JsonLd(JsonLdFault::UnsafeNumber);
    assert_eq!(verify_at(&document, 0, &public(Alg::EdDsa)), Err(fault));
}

/// The parts of a derived proof, made as a holder would: each change must be noticed.
struct Shown {
    document: Value,
    options: Value,
    labels: Vec<[u8; 32]>,
    mandatory: Vec<usize>,
    signatures: Vec<Vec<u8>>,
    base: Vec<u8>,
}

/// The ephemeral key is the RFC's; here, to be short, the issuer's own.
fn shown(mandatory: &dyn Fn(usize) -> bool) -> Shown {
    let document = unsigned();
    let canonical = crate::jsonld::canonicalize(&document).unwrap();
    let count = (0..1_000).take_while(|n| canonical.contains(&format!("_:c14n{n} "))).count();
    let labels: Vec<[u8; 32]> = (0..count)
        .map(|n| {
            let mut mac = Hmac::<Sha256>::new_from_slice(&[9; 32]).unwrap();
            mac.update(format!("c14n{n}").as_bytes());
            mac.finalize().into_bytes().into()
        })
        .collect();
    let map = labels.iter().enumerate().map(|(n, label)| (n, format!("u{}", BASE64URL_NOPAD.encode(label)))).collect();
    let statements = statements::relabelled(&canonical, &map).unwrap();
    let options = options(Suite::EcdsaSd2023, Alg::Es256);
    let mut config = options.clone();
    config["@context"] = document["@context"].clone();
    let proof_hash = Sha256::digest(crate::jsonld::canonicalize(&config).unwrap());
    let (mut mandatory_text, mut indexes, mut signatures) = (String::new(), Vec::new(), Vec::new());
    for (place, statement) in statements.iter().enumerate() {
        if mandatory(place) {
            mandatory_text.push_str(statement);
            indexes.push(place);
        } else {
            signatures.push(sign(Alg::Es256, statement.as_bytes()));
        }
    }
    let covered = [proof_hash.as_slice(), &key_bytes(), Sha256::digest(mandatory_text).as_slice()].concat();
    Shown { document, options, labels, mandatory: indexes, signatures, base: sign(Alg::Es256, &covered) }
}

fn key_bytes() -> Vec<u8> {
    bs58::decode(&public(Alg::Es256).to_multibase()[1..]).into_vec().unwrap()
}

fn bytes(bytes: &[u8]) -> ciborium::Value {
    ciborium::Value::Bytes(bytes.to_vec())
}

fn number(number: usize) -> ciborium::Value {
    u64::try_from(number).unwrap().into()
}

impl Shown {
    fn value(&self) -> ciborium::Value {
        let labels = self.labels.iter().enumerate().map(|(n, label)| (number(n), bytes(label)));
        ciborium::Value::Array(vec![
            bytes(&self.base),
            bytes(&key_bytes()),
            ciborium::Value::Array(self.signatures.iter().map(|one| bytes(one)).collect()),
            ciborium::Value::Map(labels.collect()),
            ciborium::Value::Array(self.mandatory.iter().map(|one| number(*one)).collect()),
        ])
    }

    fn judge(&self) -> Result<(), ProofFault> {
        self.judge_value([0xd9, 0x5d, 0x01], &self.value(), &[])
    }

    fn judge_value(&self, header: [u8; 3], value: &ciborium::Value, after: &[u8]) -> Result<(), ProofFault> {
        let mut text = header.to_vec();
        ciborium::into_writer(value, &mut text).unwrap();
        text.extend_from_slice(after);
        let mut document = self.document.clone();
        document["proof"] = self.options.clone();
        document["proof"]["proofValue"] = json!(format!("u{}", BASE64URL_NOPAD.encode(&text)));
        verify_at(&document, 0, &public(Alg::Es256)).map(|_| ())
    }
}

#[test]
fn a_derived_proof_holds_for_what_it_shows_and_nothing_else() {
    type Case = (ProofFault, fn(&mut Shown));
    let sound = || shown(&|place| place % 3 == 0);
    assert_eq!(sound().judge(), Ok(()));
    assert_eq!(shown(&|_| true).judge(), Ok(()), "all mandatory");
    assert_eq!(shown(&|_| false).judge(), Ok(()), "none mandatory");

    let cases: [Case; 13] = [
        (ProofFault::Signature, |s| s.document["name"] = json!("Another")),
        (ProofFault::Signature, |s| s.options["created"] = json!("2026-11-20T14:05:10Z")),
        (ProofFault::Signature, |s| s.base[5] ^= 1),
        (ProofFault::Signature, |s| s.signatures[3][40] ^= 1),
        (ProofFault::Signature, |s| s.signatures.swap(0, 1)),
        (ProofFault::Signature, |s| s.labels[0][0] ^= 1),
        (ProofFault::Disclosure, |s| drop(s.signatures.pop())),
        (ProofFault::Disclosure, |s| s.mandatory.push(10_000)),
        (ProofFault::Disclosure, |s| s.mandatory.truncate(2)),
        (ProofFault::Disclosure, |s| s.labels.truncate(1)),
        // Two nodes that would become one; an index twice; a signature of another size.
        (ProofFault::Value, |s| s.labels[1] = s.labels[0]),
        (ProofFault::Value, |s| s.mandatory.insert(0, s.mandatory[0])),
        (ProofFault::Value, |s| s.signatures[0].push(0)),
    ];
    for (place, (fault, change)) in cases.into_iter().enumerate() {
        let mut changed = sound();
        change(&mut changed);
        assert_eq!(changed.judge(), Err(fault), "case {place}");
    }
}

#[test]
fn each_wrong_selective_value_has_its_reason() {
    let sound = shown(&|_| true);
    let value = sound.value();
    let derived = [0xd9, 0x5d, 0x01];
    assert_eq!(sound.judge_value([0xd9, 0x5d, 0x00], &value, &[]), Err(ProofFault::BaseProof));
    assert_eq!(sound.judge_value([0xd9, 0x5d, 0x02], &value, &[]), Err(ProofFault::Value));
    assert_eq!(sound.judge_value(derived, &value, &[0]), Err(ProofFault::Value), "bytes after the end");
    let wrong = [
        cbor!({}).unwrap(),
        cbor!([]).unwrap(),
        cbor!([1, 2, 3, 4, 5]).unwrap(),
        cbor!([[[[[[[[[[1]]]]]]]]]]).unwrap(),
        ciborium::Value::Array(vec![ciborium::Value::Null; 100_000]),
    ];
    for value in wrong {
        assert_eq!(sound.judge_value(derived, &value, &[]), Err(ProofFault::Value));
    }
    let replaced = |place: usize, by: ciborium::Value| {
        let mut parts = value.clone().into_array().unwrap();
        parts[place] = by;
        sound.judge_value(derived, &ciborium::Value::Array(parts), &[])
    };
    let p384 = bs58::decode(&public(Alg::Es384).to_multibase()[1..]).into_vec().unwrap();
    assert_eq!(replaced(1, bytes(&p384)), Err(ProofFault::Value), "the ephemeral key is P-256");
    assert_eq!(replaced(2, ciborium::Value::Array(vec![bytes(&[1; 64]); 1025])), Err(ProofFault::Value));
    assert_eq!(replaced(4, cbor!([-1]).unwrap()), Err(ProofFault::Value));
    // CBOR that announces gigabytes and brings none.
    for bomb in
        [&[0x9b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff][..], &[0x5b, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff]]
    {
        let text = format!("u{}", BASE64URL_NOPAD.encode(&[&derived[..], bomb].concat()));
        assert_eq!(sd::Derived::read(&text).err(), Some(ProofFault::Value));
    }
    assert_eq!(sd::Derived::read(&format!("u{}", "A".repeat(300_000))).err(), Some(ProofFault::Value));
    assert_eq!(sd::Derived::read("z2V0B").err(), Some(ProofFault::Value));
}

proptest! {
    #[test]
    fn no_value_makes_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), text in "\\PC{0,60}") {
        for start in [&[0xd9_u8, 0x5d, 0x01][..], &[0xd9, 0x5d, 0x01, 0x85, 0x58, 0x40]] {
            let _ = sd::Derived::read(&format!("u{}", BASE64URL_NOPAD.encode(&[start, bytes.as_slice()].concat())));
        }
        let _ = statements::relabelled(&text, &std::collections::BTreeMap::new());
        let mut document = signed(Suite::EddsaJcs2022, Alg::EdDsa);
        document["proof"][0]["proofValue"] = json!(text);
        let _ = verify_at(&document, 0, &public(Alg::EdDsa));
    }
}
