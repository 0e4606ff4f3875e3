//! The suites that others sign with: the same badge under each, changed for one reason.

use checks::Verdict;
use checks::codes::{
    CONTROLLER_NOT_ISSUER, JSON_LD_FAULT, KEY_NOT_FOR_ASSERTION, KEY_NOT_LISTED, PROOF_FOR_AUDIENCE, PROOF_KEY_KIND,
    PROOF_MALFORMED, PROOF_NOT_DERIVED, PROOF_PURPOSE, SIGNATURE_MISMATCH, SUITE_NOT_READ,
};
use serde_json::{Value, json};

use crate::sealing::{Disclosure, document, multibase, options, seal};
use crate::tokens::sign;
use crate::world::{ORG, World, did};
use crate::{Mutant, at, remove};

/// The suite and the algorithm of its key.
const SUITES: [(&str, &str); 6] = [
    ("eddsa-rdfc-2022", "EdDSA"),
    ("eddsa-2022", "EdDSA"),
    ("eddsa-jcs-2022", "EdDSA"),
    ("Ed25519Signature2020", "EdDSA"),
    ("ecdsa-rdfc-2019", "ES256"),
    ("ecdsa-rdfc-2019", "ES384"),
];

pub(crate) fn mutants() -> Vec<Mutant> {
    let mut all = Vec::new();
    for (suite, alg) in SUITES {
        all.extend(of_suite(suite, alg));
    }
    all.extend(selective());
    all
}

/// The badge under that suite; the deprecated one has a context of its own, which VC 1.1 alone admits.
fn badge(suite: &str) -> Value {
    let world = World::new();
    world.badge(|badge| {
        remove(badge, "/credentialStatus");
        if suite == "Ed25519Signature2020" {
            badge["@context"] = json!([
                "https://www.w3.org/2018/credentials/v1",
                "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
                "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
                "https://w3id.org/security/suites/ed25519-2020/v1",
            ]);
            badge["issuanceDate"] = badge["validFrom"].clone();
            remove(badge, "/validFrom");
        }
    })
}

fn world(alg: &str, relation: &str) -> World {
    let mut world = World::new();
    world.says(did(ORG), &document(ORG, alg, relation));
    world
}

fn of_suite(suite: &str, alg: &str) -> Vec<Mutant> {
    let sealed = seal(&badge(suite), options(suite, ORG, "assertionMethod"), alg);
    let of = |name: &str, text: &Value, verdict: Verdict, codes: &[&'static str]| {
        let name = format!("{suite} by {alg}: {name}");
        Mutant::of(name, text, verdict, codes).within(world(alg, "assertionMethod")).alone()
    };
    let changed = |name: &str, code: &'static str, change: &dyn Fn(&mut Value)| {
        let mut text = sealed.clone();
        change(&mut text);
        of(name, &text, Verdict::Altered, &[code])
    };
    let begins = if suite == "Ed25519Signature2020" { "/issuanceDate" } else { "/validFrom" };
    let value = sealed["proof"]["proofValue"].as_str().expect("a value").to_owned();
    let bytes = bs58::decode(&value[1..]).into_vec().expect("base58");
    let with_bytes = |bytes: &[u8]| json!(format!("z{}", bs58::encode(bytes).into_string()));
    let mut flipped = bytes.clone();
    flipped[10] ^= 4;
    let mut all = vec![
        of("as it was signed (a control)", &sealed, Verdict::Authentic, &[]),
        changed("the name changed", SIGNATURE_MISMATCH, &|text| text["name"] = json!("Autre")),
        changed("the person changed", SIGNATURE_MISMATCH, &|text| {
            *at(text, "/credentialSubject/identifier/0/identityHash") = json!("Paul Martin");
        }),
        changed("the beginning changed", SIGNATURE_MISMATCH, &|text| *at(text, begins) = json!("2026-11-20T14:05:08Z")),
        changed("the evidence taken away", SIGNATURE_MISMATCH, &|text| remove(text, "/evidence")),
        changed("made at another time", SIGNATURE_MISMATCH, &|text| {
            text["proof"]["created"] = json!("2026-11-20T14:05:08Z");
        }),
        changed("a bit flipped", SIGNATURE_MISMATCH, &|text| text["proof"]["proofValue"] = with_bytes(&flipped)),
        changed("cut by a byte", PROOF_MALFORMED, &|text| {
            text["proof"]["proofValue"] = with_bytes(&bytes[..bytes.len() - 1]);
        }),
        changed("written in base64url", PROOF_MALFORMED, &|text| text["proof"]["proofValue"] = json!("uAAAA")),
        changed("without its value", PROOF_MALFORMED, &|text| remove(text, "/proof/proofValue")),
        changed("for entering", PROOF_PURPOSE, &|text| text["proof"]["proofPurpose"] = json!("authentication")),
        changed("of another issuer's key", CONTROLLER_NOT_ISSUER, &|text| {
            text["proof"]["verificationMethod"] = json!("did:web:livret.example:o:r4m8t2wz#key");
        }),
        changed("of a key that is not there", KEY_NOT_LISTED, &|text| {
            text["proof"]["verificationMethod"] = json!(format!("{ORG}#other"));
        }),
    ];
    let mut audience = sealed.clone();
    audience["proof"]["challenge"] = json!("7");
    all.push(of("for one question", &audience, Verdict::CouldNotCheck, &[PROOF_FOR_AUDIENCE]));
    let mut unknown = sealed.clone();
    unknown["proof"]["type"] = json!("BbsBlsSignature2020");
    all.push(of("of a suite that is not read", &unknown, Verdict::CouldNotCheck, &[SUITE_NOT_READ]));
    let other = if alg == "EdDSA" { "ES256" } else { "EdDSA" };
    let name = |what: &str| format!("{suite} by {alg}: {what}");
    all.push(
        Mutant::of(name("a key of another kind"), &sealed, Verdict::Altered, [PROOF_KEY_KIND])
            .within(world(other, "assertionMethod"))
            .alone(),
    );
    all.push(
        Mutant::of(name("a key for entering alone"), &sealed, Verdict::Altered, [KEY_NOT_FOR_ASSERTION])
            .within(world(alg, "authentication"))
            .alone(),
    );
    if suite == "eddsa-jcs-2022" {
        all.push(changed("its context another", PROOF_MALFORMED, &|text| {
            text["proof"]["@context"] = json!(["https://www.w3.org/2018/credentials/v1"]);
        }));
        all.push(changed("a member that means nothing", JSON_LD_FAULT, &|text| text["nickname"] = json!("Nini")));
        // The JSON is signed, and so is the order of what is ordered.
        all.push(changed("contexts in another order", SIGNATURE_MISMATCH, &|text| {
            let contexts = text["@context"].as_array_mut().expect("contexts");
            contexts.push(json!("https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"));
            text["proof"]["@context"] = text["@context"].clone();
        }));
    }
    if suite == "Ed25519Signature2020" {
        all.push(changed("without its own context", PROOF_MALFORMED, &|text| {
            text["@context"].as_array_mut().expect("contexts").pop();
        }));
    }
    if suite == "eddsa-rdfc-2022" {
        all.push(changed("said to be of eddsa-jcs-2022", SIGNATURE_MISMATCH, &|text| {
            text["proof"]["cryptosuite"] = json!("eddsa-jcs-2022");
        }));
    }
    all
}

/// `ecdsa-sd-2023`: the holder shows a part; what is shown is what was signed.
fn selective() -> Vec<Mutant> {
    let badge = badge("ecdsa-sd-2023");
    let options = options("ecdsa-sd-2023", ORG, "assertionMethod");
    // What the evidence says may be left out.
    let disclosure = Disclosure::of(&badge, &options, "narrative");
    let shown = |disclosure: &Disclosure| {
        let mut shown = badge.clone();
        shown["proof"] = options.clone();
        shown["proof"]["proofValue"] = json!(disclosure.value());
        shown
    };
    let of = |name: &str, text: &Value, verdict: Verdict, codes: &[&'static str]| {
        let name = format!("ecdsa-sd-2023: {name}");
        Mutant::of(name, text, verdict, codes).within(world("ES256", "assertionMethod")).alone()
    };
    let whole = shown(&disclosure);
    let text = |name: &str, code: &'static str, change: &dyn Fn(&mut Value)| {
        let mut text = whole.clone();
        change(&mut text);
        of(name, &text, Verdict::Altered, &[code])
    };
    let proof = |name: &str, code: &'static str, change: &dyn Fn(&mut Disclosure)| {
        let mut changed = disclosure.clone();
        change(&mut changed);
        of(name, &shown(&changed), Verdict::Altered, &[code])
    };
    let mut base = disclosure.clone();
    base.header[2] = 0;
    vec![
        of("as it was derived (a control)", &whole, Verdict::Authentic, &[]),
        of("the base proof, which is the holder's alone", &shown(&base), Verdict::CouldNotCheck, &[PROOF_NOT_DERIVED]),
        text("a mandatory text changed", SIGNATURE_MISMATCH, &|text| text["name"] = json!("Autre")),
        text("a disclosed text changed", SIGNATURE_MISMATCH, &|text| {
            *at(text, "/evidence/0/narrative") = json!("Trois mille couverts.");
        }),
        text("a disclosed text left out, its signature kept", PROOF_MALFORMED, &|text| {
            remove(text, "/evidence/0/narrative");
        }),
        text("a statement added", PROOF_MALFORMED, &|text| text["credentialSubject"]["role"] = json!("cheffe")),
        text("made at another time", SIGNATURE_MISMATCH, &|text| {
            text["proof"]["created"] = json!("2026-11-20T14:05:08Z");
        }),
        proof("another key for the parts", SIGNATURE_MISMATCH, &|proof| {
            proof.key = bs58::decode(&multibase("ES256")[1..]).into_vec().expect("base58");
        }),
        proof("a key of another kind for the parts", PROOF_MALFORMED, &|proof| {
            proof.key = bs58::decode(&multibase("EdDSA")[1..]).into_vec().expect("base58");
        }),
        proof("a base signature by nobody", SIGNATURE_MISMATCH, &|proof| proof.base = sign("ES256", b"another text")),
        proof("a base signature cut", PROOF_MALFORMED, &|proof| {
            proof.base.pop();
        }),
        proof("a signature of a part missing", PROOF_MALFORMED, &|proof| {
            proof.signatures.pop();
        }),
        proof("a signature of a part twice", PROOF_MALFORMED, &|proof| {
            let last = proof.signatures.last().expect("a signature").clone();
            proof.signatures.push(last);
        }),
        proof("a mandatory statement said to be optional", PROOF_MALFORMED, &|proof| {
            proof.mandatory.remove(0);
        }),
        proof("mandatory statements out of order", PROOF_MALFORMED, &|proof| proof.mandatory.swap(0, 1)),
        proof("a mandatory statement that is not there", PROOF_MALFORMED, &|proof| proof.mandatory.push(9_999)),
        proof("a label missing", PROOF_MALFORMED, &|proof| {
            proof.labels.pop();
        }),
        proof("two nodes of one label", PROOF_MALFORMED, &|proof| proof.labels[1].1 = proof.labels[0].1.clone()),
        proof("labels exchanged", SIGNATURE_MISMATCH, &|proof| {
            let first = proof.labels[0].1.clone();
            proof.labels[0].1 = std::mem::replace(&mut proof.labels[1].1, first);
        }),
        text("a value that is no CBOR", PROOF_MALFORMED, &|text| text["proof"]["proofValue"] = json!("u2V0BgA")),
        text("a value in base58", PROOF_MALFORMED, &|text| text["proof"]["proofValue"] = json!("zAAAA")),
    ]
}
