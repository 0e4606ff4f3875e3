//! Proofs swapped, moved, bent; keys that are not the issuer's.

use badge_schemas::profile::{ListedKey, did_document};
use checks::Verdict;
use checks::codes::{
    CONTROLLER_NOT_ISSUER, KEY_NOT_FOR_ASSERTION, KEY_NOT_LISTED, KEY_OUT_OF_DATES, KEY_UNUSABLE, PROOF_MALFORMED,
    PROOF_MISSING, PROOF_PURPOSE, SCHEMA_FAULT, SIGNATURE_MISMATCH, SUITE_NOT_READ,
};
use serde_json::{Value, json};
use time::Duration;

use crate::Mutant;
use crate::world::{ORG, Party, REGION, SIGNED, World, did};

pub(crate) fn mutants() -> Vec<Mutant> {
    let mut all = bent();
    all.extend(flipped());
    all.extend(exchanged());
    all.extend(keys());
    all
}

/// The proof's own members changed.
fn bent() -> Vec<Mutant> {
    let badge = World::new().signed();
    let mut all = Vec::new();
    let mut with = |name: &str, verdict: Verdict, codes: &[&'static str], change: &dyn Fn(&mut Value)| {
        let mut mutant = badge.clone();
        change(&mut mutant["proof"]);
        all.push(Mutant::of(name, mutant, verdict, codes));
    };
    let altered = Verdict::Altered;
    with("no proof", altered, &[PROOF_MISSING, SCHEMA_FAULT], &|proof| *proof = json!([]));
    with("the proof is a word", altered, &[PROOF_MISSING, SCHEMA_FAULT], &|proof| *proof = json!("valid"));
    with("made a second later", altered, &[SIGNATURE_MISMATCH], &|proof| {
        proof["created"] = json!("2026-11-20T14:05:10Z");
    });
    with("made at no time", altered, &[SIGNATURE_MISMATCH], &|proof| {
        proof.as_object_mut().expect("a proof").shift_remove("created");
    });
    with("made at a date without offset", altered, &[PROOF_MALFORMED, SCHEMA_FAULT], &|proof| {
        proof["created"] = json!("2026-11-20T14:05:09");
    });
    with("an end added", altered, &[SIGNATURE_MISMATCH], &|proof| proof["expires"] = json!("2099-01-01T00:00:00Z"));
    with("an id added", altered, &[SIGNATURE_MISMATCH], &|proof| {
        proof["id"] = json!("urn:uuid:6a1676b8-b51f-11ed-937b-d76685a20ff5");
    });
    for purpose in ["authentication", "keyAgreement", "capabilityInvocation", "capabilityDelegation", "assertion", ""] {
        with(&format!("for the purpose {purpose:?}"), altered, &[PROOF_PURPOSE], &|proof| {
            proof["proofPurpose"] = json!(purpose);
        });
    }
    for (name, value) in [
        ("hexadecimal", json!("f00112233")),
        ("empty", json!("")),
        ("only a z", json!("z")),
        ("base64url", json!("uAAAA")),
        ("with a sign that base58 has not", json!("z0OIl")),
        ("one byte", json!("z2")),
        ("a number", json!(1)),
        ("very long", json!(format!("z{}", "2".repeat(5_000)))),
    ] {
        // The schema asks for a text, and leaves it to the suite what is in it.
        let told: &[&str] = if value.is_string() { &[PROOF_MALFORMED] } else { &[PROOF_MALFORMED, SCHEMA_FAULT] };
        with(&format!("a value that is {name}"), altered, told, &|proof| proof["proofValue"] = value.clone());
    }
    with("of a suite that nobody knows", Verdict::CouldNotCheck, &[SUITE_NOT_READ], &|proof| {
        proof["cryptosuite"] = json!("rot13-2026");
    });
    with("of a type that nobody knows", Verdict::CouldNotCheck, &[SUITE_NOT_READ], &|proof| {
        proof["type"] = json!("WaxSeal2026");
    });
    with("without a method", altered, &[PROOF_MALFORMED], &|proof| {
        proof.as_object_mut().expect("a proof").shift_remove("verificationMethod");
    });
    with("with a relative method", altered, &[PROOF_MALFORMED], &|proof| proof["verificationMethod"] = json!("#key"));
    with("with another's method", altered, &[CONTROLLER_NOT_ISSUER], &|proof| {
        proof["verificationMethod"] = json!(format!("{REGION}#z6MkuRrt69bi6f4P8itdSUPGk4yaJDnwUGV2CKeUwNZQf4YS"));
    });
    with("with a key that the issuer has not", altered, &[KEY_NOT_LISTED], &|proof| {
        proof["verificationMethod"] = json!(format!("{ORG}#z6MkuRrt69bi6f4P8itdSUPGk4yaJDnwUGV2CKeUwNZQf4YS"));
    });
    all
}

/// One bit of the signature, in every eighth byte.
fn flipped() -> Vec<Mutant> {
    let badge = World::new().signed();
    let value = badge["proof"]["proofValue"].as_str().expect("a value").trim_start_matches('z').to_owned();
    let alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    (4..value.len() - 1)
        .step_by(8)
        .map(|place| {
            let sign = value.as_bytes()[place];
            let next = alphabet.bytes().find(|other| *other != sign).expect("another sign");
            let mut bytes = value.clone().into_bytes();
            bytes[place] = next;
            let mut mutant = badge.clone();
            mutant["proof"]["proofValue"] = json!(format!("z{}", String::from_utf8(bytes).expect("base58")));
            Mutant::of(
                format!("another sign at {place} of the signature"),
                mutant,
                Verdict::Altered,
                [SIGNATURE_MISMATCH],
            )
        })
        .collect()
}

/// Proofs of other documents, and proofs put elsewhere.
fn exchanged() -> Vec<Mutant> {
    let world = World::new();
    let badge = world.signed();
    let other = world.org.sign(&world.badge(|badge| badge["name"] = json!("Un autre badge")));
    let list = world.org.sign(&world.list(|_| {}));
    let mut all = Vec::new();
    for (name, from) in [("of another badge", &other), ("of the status list", &list)] {
        let mut mutant = badge.clone();
        mutant["proof"] = from["proof"].clone();
        all.push(Mutant::of(format!("the proof {name}"), mutant, Verdict::Altered, [SIGNATURE_MISMATCH]));
    }
    let mut moved = badge.clone();
    let proof = moved.as_object_mut().expect("a badge").shift_remove("proof").expect("a proof");
    moved["credentialSubject"]["proof"] = proof;
    all.push(Mutant::of("the proof moved into the subject", moved, Verdict::Altered, [PROOF_MISSING]));
    let mut many = badge.clone();
    let mut bad = badge["proof"].clone();
    bad["created"] = json!("2026-11-20T14:05:10Z");
    many["proof"] = json!([bad.clone(), bad]);
    all.push(Mutant::of("two bad proofs", many, Verdict::Altered, [SIGNATURE_MISMATCH]));
    all
}

/// Signed as it should be, by a key that may not.
fn keys() -> Vec<Mutant> {
    let mut all = Vec::new();
    let world = World::new();
    let text = world.signed();
    // Another key of one's own, vouched for by nobody.
    let forged = Party::new(ORG, 8).sign(&world.badge(|_| {}));
    all.push(Mutant::of("signed by a key that the issuer does not list", forged, Verdict::Altered, [KEY_NOT_LISTED]));
    let region = world.region.sign(&world.badge(|_| {}));
    all.push(Mutant::of(
        "signed by the Région in the organisation's name",
        region,
        Verdict::Altered,
        [CONTROLLER_NOT_ISSUER],
    ));

    let mut with = |name: &str, code: &'static str, change: &dyn Fn(&mut Value)| {
        let mut world = World::new();
        let mut document = world.org.document();
        change(&mut document);
        world.says(did(ORG), &document);
        all.push(Mutant::of(name, &text, Verdict::Altered, [code]).within(world));
    };
    with("a key that is no longer for attesting", KEY_NOT_FOR_ASSERTION, &|document| {
        document["assertionMethod"] = json!(["did:web:livret.example:o:7h2k9qx4#other"]);
    });
    with("a key for entering alone", KEY_NOT_FOR_ASSERTION, &|document| {
        let methods = document.as_object_mut().expect("a document").shift_remove("assertionMethod");
        document["authentication"] = methods.expect("methods");
    });
    with("a key of another controller", CONTROLLER_NOT_ISSUER, &|document| {
        document["verificationMethod"][0]["controller"] = json!(REGION);
    });
    with("a revoked key", KEY_OUT_OF_DATES, &|document| {
        document["verificationMethod"][0]["revoked"] = json!("2026-11-20T14:05:09Z");
    });
    with("a key of small order", KEY_UNUSABLE, &|document| {
        // The neutral element, encoded: with it any text verifies under some readers.
        let mut bytes = vec![0xed, 0x01, 1];
        bytes.resize(34, 0);
        document["verificationMethod"][0]["publicKeyMultibase"] = json!(format!("z{}", bs58(&bytes)));
    });

    let mut retired = World::new();
    let multibase = retired.org.multibase();
    retired.says(did(ORG), &did_document(ORG, &[ListedKey { multibase, until: Some(SIGNED - Duration::SECOND) }]));
    all.push(
        Mutant::of("signed after the key was retired", &text, Verdict::Altered, [KEY_OUT_OF_DATES]).within(retired),
    );
    all
}

/// Base58 (Bitcoin), for keys that no library would write.
fn bs58(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    let mut digits: Vec<u8> = Vec::new();
    for byte in bytes {
        let mut carry = u32::from(*byte);
        for digit in &mut digits {
            carry += u32::from(*digit) << 8;
            *digit = u8::try_from(carry % 58).expect("below 58");
            carry /= 58;
        }
        while carry > 0 {
            digits.push(u8::try_from(carry % 58).expect("below 58"));
            carry /= 58;
        }
    }
    let zeros = bytes.iter().take_while(|byte| **byte == 0).map(|_| '1');
    zeros.chain(digits.iter().rev().map(|digit| char::from(ALPHABET[usize::from(*digit)]))).collect()
}
