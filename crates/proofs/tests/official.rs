//! The published test vectors, byte for byte.
//!
//! The expected hashes and signatures stand here; the documents are read from the project's shared standards
//! (`../shared/standards` beside the workspace, or the folder in `LIVRET_SHARED`). In CI (`CI` set) they must be
//! there; elsewhere a test says that it could not look.

use std::path::PathBuf;
use std::sync::OnceLock;

use data_encoding::HEXLOWER;
use ed25519_dalek::{Signer, SigningKey};
use proofs::eddsa_rdfc_2022::{Options, Purpose, prepare, prepare_with, proofs_of, verify, verify_with};
use proofs::jsonld::{Engine, canonicalize};
use proofs::key::PublicKey;
use serde_json::Value;
use time::macros::datetime;

/// The file's text, or `None` (said on the output) when the standards are not here.
fn standard(path: &str) -> Option<String> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared");
    let shared = std::env::var_os("LIVRET_SHARED").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    let file = shared.join("standards/ob3-data").join(path);
    let text = std::fs::read_to_string(file).ok();
    assert!(text.is_some() || std::env::var_os("CI").is_none(), "the official file {path} is missing, and this is CI");
    if text.is_none() {
        println!("NOT EXAMINED: the official file {path} is not here (set LIVRET_SHARED)");
    }
    text
}

fn document(path: &str) -> Option<Value> {
    standard(path).map(|text| serde_json::from_str(&text).unwrap())
}

fn unsigned(signed: &Value) -> Value {
    let mut unsigned = signed.clone();
    unsigned.as_object_mut().unwrap().shift_remove("proof");
    unsigned
}

/// The proof's options, canonical: its members without the value, with the document's context.
fn options_of(signed: &Value) -> Value {
    let proof = &signed["proof"];
    let mut options = proof.get(0).unwrap_or(proof).clone();
    options.as_object_mut().unwrap().shift_remove("proofValue");
    options["@context"] = signed["@context"].clone();
    options
}

/// 1EdTech/openbadges-specification at 1af145ff, OB 3.0 §"Signed badge": document, canonical texts, hashes, value.
#[test]
fn ob_3_0_signed_badge() {
    let Some(signed) = document("vectors/ob-clr-official/ob3-signed.json") else { return };
    let text = standard("vectors/ob-clr-official/obv3p0-document-canon.txt").unwrap();
    assert_eq!(canonicalize(&unsigned(&signed)).unwrap().trim_end(), text.trim_end());
    let text = standard("vectors/ob-clr-official/obv3p0-proof-canon.txt").unwrap();
    assert_eq!(canonicalize(&options_of(&signed)).unwrap().trim_end(), text.trim_end());

    let method = "https://example.edu/issuers/565049#z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi";
    let options = Options::assertion(datetime!(2010-01-01 19:23:24 UTC), method);
    let prepared = prepare(&unsigned(&signed), &options).unwrap();
    let document_hash = HEXLOWER.encode(&prepared.document_hash);
    let proof_hash = HEXLOWER.encode(&prepared.proof_hash);
    assert_eq!((&document_hash[..8], &document_hash[60..]), ("87f65a76", "0773"));
    assert_eq!((&proof_hash[..8], &proof_hash[60..]), ("d34009ce", "5d19"));

    let key = PublicKey::from_multibase("z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi").unwrap();
    let facts = verify(&signed, &key).unwrap();
    assert_eq!((facts.verification_method.as_str(), facts.purpose), (method, Purpose::AssertionMethod));
    let value = "z5x9aCBYovW3CQCbKdNyhEm7ffYSw1YpEdPywQJoNbzDD2gkzQDKJ1sYKJaWvqZtkMtSbz35HcbgXVEDYHxCzgkCr";
    assert_eq!(signed["proof"]["proofValue"], value);
}

/// CLR 2.0 (1EdTech, same provenance): a badge inside a signed record.
#[test]
fn clr_2_0_signed_record() {
    let Some(signed) = document("vectors/ob-clr-official/clr2-signed.json") else { return };
    let engine = Engine::new(context);
    let text = standard("vectors/ob-clr-official/clrv2p0-document-canon.txt").unwrap();
    assert_eq!(engine.canonicalize(&unsigned(&signed)).unwrap().trim_end(), text.trim_end());
    let text = standard("vectors/ob-clr-official/clrv2p0-proof-canon.txt").unwrap();
    assert_eq!(engine.canonicalize(&options_of(&signed)).unwrap().trim_end(), text.trim_end());
    for proof in proofs_of(&signed).unwrap() {
        let method = proof.unwrap().verification_method;
        let key = PublicKey::from_multibase(method.rsplit('#').next().unwrap()).unwrap();
        verify_with(&engine, &signed, &key).unwrap();
    }
}

/// W3C vc-di-eddsa `TestVectors/eddsa-rdfc-2022`, with its context of examples; signed again from `keyPair.json`.
#[test]
fn w3c_eddsa_rdfc_2022() {
    let Some(signed) = document("vectors/vc-di-eddsa/eddsa-rdfc-2022/signedDataInt.json") else { return };
    let engine = Engine::new(context);
    let folder = "vectors/vc-di-eddsa/eddsa-rdfc-2022";
    let text = standard(&format!("{folder}/canonDocDataInt.txt")).unwrap();
    assert_eq!(engine.canonicalize(&unsigned(&signed)).unwrap(), text);
    let text = standard(&format!("{folder}/proofCanonDataInt.txt")).unwrap();
    assert_eq!(engine.canonicalize(&options_of(&signed)).unwrap(), text);

    let key = w3c_key();
    let public = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2";
    assert_eq!(PublicKey::ed25519(key.verifying_key().to_bytes()).unwrap().to_multibase(), public);
    let options = Options::assertion(datetime!(2023-02-24 23:36:38 UTC), format!("did:key:{public}#{public}"));
    let prepared = prepare_with(&engine, &unsigned(&signed), &options).unwrap();
    assert_eq!(
        HEXLOWER.encode(&prepared.hash_data),
        "bea7b7acfbad0126b135104024a5f1733e705108f42d59668b05c0c50004c6b0\
         517744132ae165a5349155bef0bb0cf2258fff99dfe1dbd914b938d775a36017"
    );
    let signature = key.sign(&prepared.hash_data).to_bytes();
    assert_eq!(
        HEXLOWER.encode(&signature),
        "4d8e53c2d5b3f2a7891753eb16ca993325bdb0d3cfc5be1093d0a18426f5ef85\
         78cadc0fd4b5f4dd0d1ce0aefd15ab120b7a894d0eb094ffda4e6553cd1ed50d"
    );
    assert_eq!(prepared.finish(signature)["proof"]["proofValue"], signed["proof"]["proofValue"]);
    let facts = verify_with(&engine, &signed, &PublicKey::from_multibase(public).unwrap()).unwrap();
    assert_eq!(facts.created, Some(datetime!(2023-02-24 23:36:38 UTC)));
}

/// Documents of OB 3.0 (spec examples): whatever has a canonical form is said to, whatever has none says why.
#[test]
fn examples_of_the_specification_never_panic() {
    let Some(_) = standard("contexts/credentials-examples-v2.jsonld") else { return };
    let shared = std::env::var_os("LIVRET_SHARED")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")), PathBuf::from);
    let engine = Engine::new(context);
    let (mut canonical, mut refused) = (0, Vec::new());
    for file in std::fs::read_dir(shared.join("standards/ob3-data/examples/ob-spec")).unwrap() {
        let file = file.unwrap();
        let Ok(text) = std::fs::read_to_string(file.path()) else { continue };
        let Ok(value) = serde_json::from_str::<Value>(&text) else { continue };
        match engine.canonicalize(&unsigned_or_other(value)) {
            Ok(_) => canonical += 1,
            Err(fault) => refused.push((file.file_name(), fault)),
        }
    }
    for (name, fault) in &refused {
        println!("{}: {} ({fault})", name.to_string_lossy(), fault.code());
    }
    println!("{canonical} canonical, {} refused", refused.len());
    assert!(canonical > 0);
}

fn unsigned_or_other(mut value: Value) -> Value {
    if let Some(members) = value.as_object_mut() {
        members.shift_remove("proof");
    }
    value
}

/// `keyPair.json` of the W3C vectors: multicodec 0x8026 and the seed.
fn w3c_key() -> SigningKey {
    let bytes = bs58::decode("3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq").into_vec().unwrap();
    assert_eq!(bytes[..2], [0x80, 0x26]);
    SigningKey::from_bytes(&bytes[2..].try_into().unwrap())
}

/// The bundled contexts and the two that only vectors use.
fn context(url: &str) -> Option<&'static str> {
    static EXAMPLES: OnceLock<Option<String>> = OnceLock::new();
    static CLR: OnceLock<Option<String>> = OnceLock::new();
    match url {
        "https://www.w3.org/ns/credentials/examples/v2" => {
            EXAMPLES.get_or_init(|| standard("contexts/credentials-examples-v2.jsonld")).as_deref()
        }
        "https://purl.imsglobal.org/spec/clr/v2p0/context.json" => {
            CLR.get_or_init(|| standard("contexts/clr-v2p0.json")).as_deref()
        }
        _ => badge_schemas::contexts::get(url),
    }
}
