//! §2: tokens, and proofs of every suite.

use badge_schemas::credential::validate;
use checks::{Check, Outcome, Verdict, codes};
use proofs::jsonld::canonicalize;
use proofs::key::PublicKey;
use proofs::vc_jwt;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::sealing::{Disclosure, document, options, seal};
use crate::tokens::{header, payload, token, vouch};
use crate::world::{ORG, SIGNED, World, did};
use crate::{finds, holds, judge, meaningless, remove, signed};

fn token_world() -> World {
    let mut world = World::new();
    vouch(&mut world, "ES256");
    world
}

#[test]
fn row_2_2_1_other_headers_decide_nothing() {
    let world = token_world();
    let mut header = header("ES256");
    header["x5c"] = json!(["MIIB"]);
    header["iss"] = json!("https://other.example");
    header["jku"] = json!("https://attacker.example/keys");
    let text = token("ES256", &header, &payload(&world));
    assert_eq!(vc_jwt::read(&text).expect("a token").other_headers(), ["x5c", "iss", "jku"]);
    let report = world.judge_at(&text, crate::world::NOW, crate::ALONE);
    assert_eq!(report.verdict, Verdict::Authentic, "{report:#?}");
}

#[test]
fn row_2_2_5_a_type_says_that_it_is_a_token() {
    let world = token_world();
    for (typ, verdict) in [
        (json!("JWT"), Verdict::Authentic),
        (json!("vc+jwt"), Verdict::Authentic),
        (json!("VC+LD+JWT"), Verdict::Authentic),
        (json!("JOSE"), Verdict::Altered),
    ] {
        let mut header = header("ES256");
        header["typ"] = typ;
        let text = token("ES256", &header, &payload(&world));
        assert_eq!(world.judge_at(&text, crate::world::NOW, crate::ALONE).verdict, verdict, "{header}");
    }
}

#[test]
fn rows_2_2_6_and_2_2_12_the_payload_is_the_credential_and_its_claims_mean_something() {
    let world = token_world();
    let payload = payload(&world);
    assert_eq!(payload["iss"], payload["issuer"]["id"]);
    assert_eq!((&payload["jti"], &payload["sub"]), (&payload["id"], &payload["credentialSubject"]["id"]));
    assert_eq!(payload["nbf"], json!(SIGNED.unix_timestamp()));
    assert_eq!((payload.get("vc"), payload.get("exp")), (None, None));
    assert!(canonicalize(&payload).is_ok(), "the claims are defined terms");
    assert_eq!(validate(vc_jwt::read(&token("ES256", &header("ES256"), &payload)).expect("a token").credential()), []);
}

#[test]
fn row_2_2_10_an_embedded_proof_is_part_of_what_a_token_signs() {
    let world = token_world();
    let mut value = payload(&world);
    value["proof"] = world.signed()["proof"].clone();
    let good = token("ES256", &header("ES256"), &value);
    let report = world.judge_at(&good, crate::world::NOW, crate::ALONE);
    finds(&report, Check::Signature, Outcome::Passed, codes::SIGNATURE_OK);
    let (input, signature) = good.rsplit_once('.').expect("parts");
    remove(&mut value, "/proof");
    let without = token("ES256", &header("ES256"), &value);
    assert_ne!(without.rsplit_once('.').expect("parts").0, input);
    let forged = format!("{}.{signature}", without.rsplit_once('.').expect("parts").0);
    let report = world.judge_at(&forged, crate::world::NOW, crate::ALONE);
    finds(&report, Check::Signature, Outcome::Failed, codes::SIGNATURE_MISMATCH);
}

/// The proof's members, and the refusal of each without which it is none.
#[test]
fn row_2_3_1_what_a_proof_has() {
    let world = World::new();
    let text = world.signed();
    let proof = &text["proof"];
    assert_eq!((&proof["type"], &proof["cryptosuite"]), (&json!("DataIntegrityProof"), &json!("eddsa-rdfc-2022")));
    let value = proof["proofValue"].as_str().and_then(|value| value.strip_prefix('z')).expect("base58btc");
    assert_eq!(bs58::decode(value).into_vec().expect("base58").len(), 64);
    for (member, code) in [
        ("type", codes::PROOF_MALFORMED),
        ("cryptosuite", codes::PROOF_MALFORMED),
        ("verificationMethod", codes::PROOF_MALFORMED),
        ("proofPurpose", codes::PROOF_PURPOSE),
        ("proofValue", codes::PROOF_MALFORMED),
    ] {
        let mut text = text.clone();
        remove(&mut text, &format!("/proof/{member}"));
        finds(&judge(&world, &text), Check::Signature, Outcome::Failed, code);
    }
    // `created` may be absent: then the beginning of the text counts.
    let mut options = options("eddsa-rdfc-2022", ORG, "assertionMethod");
    remove(&mut options, "/created");
    let (mut world, undated) = (World::new(), seal(&world.badge(|_| {}), options, "EdDSA"));
    world.says(did(ORG), &document(ORG, "EdDSA", "assertionMethod"));
    assert_eq!(judge(&world, &undated).verdict, Verdict::Authentic);
}

/// hashData is SHA-256 of the options, then of the document, both canonical under the document's contexts.
#[test]
fn rows_2_3_2_to_2_3_4_the_proofs_hash_comes_first() {
    use ed25519_dalek::Signer;
    let world = World::new();
    let good = world.signed();
    let mut configuration = good["proof"].clone();
    remove(&mut configuration, "/proofValue");
    configuration["@context"] = good["@context"].clone();
    let mut unsigned = good.clone();
    remove(&mut unsigned, "/proof");
    let hash = |value: &Value| Sha256::digest(canonicalize(value).expect("a document"));
    let (first, second) = (hash(&configuration), hash(&unsigned));
    let sign = |data: &[u8]| format!("z{}", bs58::encode(world.org.key.sign(data).to_bytes()).into_string());
    assert_eq!(good["proof"]["proofValue"], json!(sign(&[first.as_slice(), &second].concat())), "deterministic");
    for wrong in
        [[second.as_slice(), &first].concat(), second.to_vec(), Sha256::digest([first, second].concat()).to_vec()]
    {
        let mut text = good.clone();
        text["proof"]["proofValue"] = json!(sign(&wrong));
        finds(&judge(&world, &text), Check::Signature, Outcome::Failed, codes::SIGNATURE_MISMATCH);
    }
}

#[test]
fn row_2_3_5_a_multikey_is_a_multicodec_and_a_key() {
    let world = World::new();
    let document = world.org.document();
    let method = &document["verificationMethod"][0];
    let multibase = method["publicKeyMultibase"].as_str().expect("a key");
    let bytes = bs58::decode(&multibase[1..]).into_vec().expect("base58");
    assert_eq!((method["type"].as_str(), &bytes[..2], bytes.len()), (Some("Multikey"), &[0xed, 0x01][..], 34));
    assert!(PublicKey::from_multibase(multibase).is_ok());
    // The type that a table of the specification names by mistake.
    let mut other = document.clone();
    other["verificationMethod"][0]["type"] = json!("DataIntegrityProof");
    let mut world = World::new();
    world.says(did(ORG), &other);
    finds(&judge(&world, &world.signed()), Check::Key, Outcome::CouldNotCheck, codes::KEY_UNUSABLE);
}

#[test]
fn rows_2_3_6_and_2_3_7_the_key_is_the_issuers_and_always_looked_up() {
    let theirs = crate::world::Party::new(ORG, 66);
    let world = World::new();
    // A key of one's own in the fragment of somebody else's id.
    let report = judge(&world, &theirs.sign(&world.badge(|_| {})));
    finds(&report, Check::Key, Outcome::Failed, codes::KEY_NOT_LISTED);
    let report = judge(&world, &world.region.sign(&world.badge(|_| {})));
    finds(&report, Check::Key, Outcome::Failed, codes::CONTROLLER_NOT_ISSUER);
    // And nothing is believed of a key that nobody could ask for.
    let mut world = World::new();
    world.fails(did(ORG), checks::Unanswered::TimedOut);
    let report = judge(&world, &world.signed());
    finds(&report, Check::Key, Outcome::CouldNotCheck, codes::DID_UNANSWERED);
    assert_eq!(report.badge, None);
}

#[test]
fn row_2_3_10_nothing_is_dropped_in_silence() {
    meaningless(|badge| badge["foo"] = json!("bar"));
    meaningless(|badge| badge["credentialSubject"]["achievement"]["type"] = json!(["Achievement", "relative"]));
    meaningless(|badge| badge["evidence"][0]["id"] = json!("relative/address"));
    meaningless(|badge| badge["name"] = json!({ "@value": "Équipe", "@language": "not a language" }));
}

#[test]
fn row_2_3_11_three_is_three_however_written() {
    let world = World::new();
    let text = world.org.sign(&world.badge(|badge| badge["credentialSubject"]["creditsEarned"] = json!(3))).to_string();
    for (written, verdict) in [
        ("\"creditsEarned\":3.0", Verdict::Authentic),
        ("\"creditsEarned\":3e0", Verdict::Authentic),
        ("\"creditsEarned\":3.5", Verdict::Altered),
        ("\"creditsEarned\":30", Verdict::Altered),
    ] {
        let text = text.replace("\"creditsEarned\":3", written);
        assert_eq!(world.judge_at(&text, crate::world::NOW, crate::ALONE).verdict, verdict, "{written}");
    }
    let canonical = canonicalize(&world.badge(|badge| badge["credentialSubject"]["creditsEarned"] = json!(3.5)));
    assert!(canonical.expect("a badge").contains("\"3.5E0\"^^<https://www.w3.org/2001/XMLSchema#float>"));
}

#[test]
fn row_2_3_12_a_poisoned_graph_is_given_up() {
    let report = judge(&World::new(), &crate::order::poisoned());
    finds(&report, Check::JsonLd, Outcome::CouldNotCheck, codes::TOO_COMPLEX);
    assert_eq!(report.verdict, Verdict::CouldNotCheck);
}

/// Signed under a suite, by the key of `alg`.
fn under(suite: &str, alg: &str, change: impl FnOnce(&mut Value)) -> Verdict {
    let mut world = World::new();
    world.says(did(ORG), &document(ORG, alg, "assertionMethod"));
    let badge = world.badge(change);
    judge(&world, &seal(&badge, options(suite, ORG, "assertionMethod"), alg)).verdict
}

#[test]
fn row_2_4_1_ed25519_signature_2020_in_the_older_form() {
    let older = |badge: &mut Value| {
        badge["@context"] = json!([
            "https://www.w3.org/2018/credentials/v1",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
            "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
            "https://w3id.org/security/suites/ed25519-2020/v1",
        ]);
        badge["issuanceDate"] = badge["validFrom"].clone();
        remove(badge, "/validFrom");
        remove(badge, "/credentialStatus");
    };
    assert_eq!(under("Ed25519Signature2020", "EdDSA", older), Verdict::Authentic);
}

#[test]
fn row_2_4_2_the_early_name_of_the_suite() {
    assert_eq!(under("eddsa-2022", "EdDSA", |_| {}), Verdict::Authentic);
}

#[test]
fn row_2_4_3_eddsa_jcs_2022() {
    assert_eq!(under("eddsa-jcs-2022", "EdDSA", |_| {}), Verdict::Authentic);
}

#[test]
fn row_2_4_ecdsa_rdfc_2019_with_both_curves() {
    assert_eq!(under("ecdsa-rdfc-2019", "ES256", |_| {}), Verdict::Authentic);
    assert_eq!(under("ecdsa-rdfc-2019", "ES384", |_| {}), Verdict::Authentic);
}

#[test]
fn row_2_4_4_ecdsa_sd_2023_shows_a_part() {
    let mut world = World::new();
    world.says(did(ORG), &document(ORG, "ES256", "assertionMethod"));
    let badge = world.badge(|_| {});
    let options = options("ecdsa-sd-2023", ORG, "assertionMethod");
    let disclosure = Disclosure::of(&badge, &options, "narrative");
    let mut shown = badge;
    shown["proof"] = options;
    shown["proof"]["proofValue"] = json!(disclosure.value());
    assert_eq!(judge(&world, &shown).verdict, Verdict::Authentic);
    let mut base = disclosure;
    base.header[2] = 0;
    shown["proof"]["proofValue"] = json!(base.value());
    let report = judge(&world, &shown);
    finds(&report, Check::Signature, Outcome::CouldNotCheck, codes::PROOF_NOT_DERIVED);
}

#[test]
fn row_2_1_one_supported_proof_is_enough_beside_unknown_ones() {
    let mut text = signed(|_| {});
    let mut unknown = text["proof"].clone();
    unknown["cryptosuite"] = json!("bbs-2023");
    text["proof"] = json!([unknown, text["proof"]]);
    assert_eq!(judge(&World::new(), &text).verdict, Verdict::Authentic);
    holds(|_| {});
}
