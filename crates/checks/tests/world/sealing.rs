//! Proofs of every suite and purpose, made for tests by the keys of [`crate::tokens`].

use ciborium::Value as Cbor;
use data_encoding::BASE64URL_NOPAD;
use josekit::jwk::KeyPair;
use josekit::jwk::alg::ec::{EcCurve, EcKeyPair};
use josekit::jws::JwsSigner;
use proofs::eddsa_rdfc_2022::{Options, prepare};
use proofs::jsonld::canonicalize;
use proofs::key::PublicKey;
use serde_json::{Value, json};
use sha2::{Digest, Sha256, Sha384};

use crate::tokens::{jwk, sign};
use crate::world::{Party, SIGNED};

/// Signed by the party; or, when it means nothing and no signature can cover it, with the proof of `signed`.
pub fn sign_or_move(party: &Party, unsigned: &Value, signed: &Value) -> Value {
    let method = format!("{}#{}", party.did, party.multibase());
    if prepare(unsigned, &Options::assertion(SIGNED, &method)).is_ok() {
        return party.sign(unsigned);
    }
    let mut moved = unsigned.clone();
    moved["proof"] = signed["proof"].clone();
    moved
}

/// Who signs: a DID with one key of the kind that `alg` signs with.
pub fn method(did: &str) -> String {
    format!("{did}#key")
}

/// The document of `did` that lists the key of `alg` for `relation`.
pub fn document(did: &str, alg: &str, relation: &str) -> Value {
    let mut document = json!({
        "@context": "https://www.w3.org/ns/did/v1", "id": did,
        "verificationMethod": [{
            "id": method(did), "type": "Multikey", "controller": did, "publicKeyMultibase": multibase(alg),
        }],
    });
    document[relation] = json!([method(did)]);
    document
}

pub fn multibase(alg: &str) -> String {
    PublicKey::from_jwk(&jwk(alg)).expect("a key").to_multibase()
}

/// A proof of `suite` without its value, by `did`, for `purpose`.
pub fn options(suite: &str, did: &str, purpose: &str) -> Value {
    let mut options = json!({
        "type": "DataIntegrityProof", "cryptosuite": suite, "created": "2026-11-20T14:05:09Z",
        "verificationMethod": method(did), "proofPurpose": purpose,
    });
    if suite == "Ed25519Signature2020" {
        options["type"] = json!(suite);
        options.as_object_mut().expect("options").remove("cryptosuite");
    }
    options
}

/// The document with a proof of these options, by the key of `alg`.
pub fn seal(document: &Value, mut options: Value, alg: &str) -> Value {
    let jcs = options["cryptosuite"] == "eddsa-jcs-2022";
    let (configuration, text) = if jcs {
        options["@context"] = document["@context"].clone();
        (jcs_of(&options), jcs_of(document))
    } else {
        (canonical_options(document, &options), canonicalize(document).expect("a document that means something"))
    };
    let hashes = if alg == "ES384" {
        [Sha384::digest(configuration).as_slice(), Sha384::digest(text).as_slice()].concat()
    } else {
        [Sha256::digest(configuration).as_slice(), Sha256::digest(text).as_slice()].concat()
    };
    options["proofValue"] = json!(format!("z{}", bs58::encode(sign(alg, &hashes)).into_string()));
    let mut sealed = document.clone();
    sealed["proof"] = options;
    sealed
}

fn jcs_of(value: &Value) -> String {
    serde_json_canonicalizer::to_string(value).expect("JSON")
}

fn canonical_options(document: &Value, options: &Value) -> String {
    let mut options = options.clone();
    options["@context"] = document["@context"].clone();
    canonicalize(&options).expect("options that mean something")
}

/// What an `ecdsa-sd-2023` proof is made of.
#[derive(Clone)]
pub struct Disclosure {
    pub header: [u8; 3],
    pub base: Vec<u8>,
    pub key: Vec<u8>,
    pub signatures: Vec<Vec<u8>>,
    pub labels: Vec<(usize, Vec<u8>)>,
    pub mandatory: Vec<usize>,
}

impl Disclosure {
    /// Of the whole document: statements that speak of `optional` are signed one by one, the others together.
    pub fn of(document: &Value, options: &Value, optional: &str) -> Self {
        let ephemeral = EcKeyPair::generate(EcCurve::P256).expect("a key");
        let public = Value::Object(ephemeral.to_jwk_public_key().as_ref().clone());
        let multibase = PublicKey::from_jwk(&public).expect("a key").to_multibase();
        let key = bs58::decode(&multibase[1..]).into_vec().expect("base58");
        let canonical = canonicalize(document).expect("a document that means something");
        let mut labels = Vec::new();
        let mut statements: Vec<String> = canonical.split_inclusive('\n').map(str::to_owned).collect();
        for number in 0.. {
            let node = format!("_:c14n{number} ");
            if !canonical.contains(&node) {
                break;
            }
            let label = Sha256::digest(node.as_bytes()).to_vec();
            let written = format!("_:u{} ", BASE64URL_NOPAD.encode(&label));
            for statement in &mut statements {
                *statement = statement.replace(&node, &written);
            }
            labels.push((number, label));
        }
        statements.sort_unstable();
        let signer = josekit::jws::ES256.signer_from_der(ephemeral.to_der_private_key()).expect("a signer");
        let (mut mandatory, mut signatures, mut together) = (Vec::new(), Vec::new(), Sha256::new());
        for (place, statement) in statements.iter().enumerate() {
            if statement.contains(optional) {
                signatures.push(signer.sign(statement.as_bytes()).expect("a signature"));
            } else {
                mandatory.push(place);
                together.update(statement.as_bytes());
            }
        }
        assert!(!signatures.is_empty(), "nothing is optional");
        let configuration = Sha256::digest(canonical_options(document, options));
        let base = [configuration.as_slice(), &key, together.finalize().as_slice()].concat();
        Self { header: [0xd9, 0x5d, 0x01], base: sign("ES256", &base), key, signatures, labels, mandatory }
    }

    /// `proofValue`.
    pub fn value(&self) -> String {
        let bytes = |bytes: &Vec<u8>| Cbor::Bytes(bytes.clone());
        let value = Cbor::Array(vec![
            bytes(&self.base),
            bytes(&self.key),
            Cbor::Array(self.signatures.iter().map(bytes).collect()),
            Cbor::Map(self.labels.iter().map(|(number, label)| (number_of(*number), bytes(label))).collect()),
            Cbor::Array(self.mandatory.iter().map(|place| number_of(*place)).collect()),
        ]);
        let mut encoded = self.header.to_vec();
        ciborium::into_writer(&value, &mut encoded).expect("CBOR");
        format!("u{}", BASE64URL_NOPAD.encode(&encoded))
    }
}

fn number_of(number: usize) -> Cbor {
    Cbor::from(u64::try_from(number).expect("a small number"))
}
