//! Signed tokens: keys of every kind, drawn for the test, and badges in JWT form.

use std::sync::LazyLock;

use checks::Need;
use data_encoding::BASE64URL_NOPAD;
use ed25519_dalek::{Signer, SigningKey};
use josekit::jwk::KeyPair;
use josekit::jwk::alg::ec::{EcCurve, EcKeyPair};
use josekit::jwk::alg::rsa::RsaKeyPair;
use josekit::jws::JwsSigner;
use josekit::jws::alg::ecdsa::EcdsaJwsAlgorithm;
use josekit::jws::alg::rsassa::RsassaJwsAlgorithm;
use proofs::key::PublicKey;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::world::World;

/// An issuer whose id is an https address.
pub const ISSUER: &str = "https://skills.example/issuer";
pub const KID: &str = "https://skills.example/keys/1";

static RSA: LazyLock<RsaKeyPair> = LazyLock::new(|| RsaKeyPair::generate(2048).expect("a key"));
static P256: LazyLock<EcKeyPair> = LazyLock::new(|| EcKeyPair::generate(EcCurve::P256).expect("a key"));
static P384: LazyLock<EcKeyPair> = LazyLock::new(|| EcKeyPair::generate(EcCurve::P384).expect("a key"));

/// The public JWK of the key that signs with `alg`.
pub fn jwk(alg: &str) -> Value {
    let pair = match alg {
        "EdDSA" => {
            let key = PublicKey::ed25519(ed25519().verifying_key().to_bytes()).expect("a key");
            return key.to_jwk();
        }
        "ES256" => P256.to_jwk_public_key(),
        "ES384" => P384.to_jwk_public_key(),
        _ => RSA.to_jwk_public_key(),
    };
    Value::Object(pair.as_ref().clone())
}

pub fn sign(alg: &str, message: &[u8]) -> Vec<u8> {
    match alg {
        "EdDSA" => ed25519().sign(message).to_bytes().to_vec(),
        "ES256" => ecdsa(EcdsaJwsAlgorithm::Es256, &P256.to_der_private_key(), message),
        "ES384" => ecdsa(EcdsaJwsAlgorithm::Es384, &P384.to_der_private_key(), message),
        _ => {
            let signer = RsassaJwsAlgorithm::Rs256.signer_from_der(RSA.to_der_private_key()).expect("a signer");
            signer.sign(message).expect("a signature")
        }
    }
}

fn ed25519() -> SigningKey {
    SigningKey::from_bytes(&[21; 32])
}

fn ecdsa(alg: EcdsaJwsAlgorithm, der: &[u8], message: &[u8]) -> Vec<u8> {
    alg.signer_from_der(der).expect("a signer").sign(message).expect("a signature")
}

/// `header.payload.signature`, signed as `alg` signs whatever the header says.
pub fn token(alg: &str, header: &Value, payload: &Value) -> String {
    raw(alg, &header.to_string(), &payload.to_string())
}

/// As [`token`], of texts that need not be JSON.
pub fn raw(alg: &str, header: &str, payload: &str) -> String {
    let part = |text: &str| BASE64URL_NOPAD.encode(text.as_bytes());
    let input = format!("{}.{}", part(header), part(payload));
    let signature = BASE64URL_NOPAD.encode(&sign(alg, input.as_bytes()));
    format!("{input}.{signature}")
}

/// The badge of [`ISSUER`], without status, in VC 2.0 form with its claims.
pub fn payload(world: &World) -> Value {
    let mut value = badge(world);
    let seconds = |date: &Value| {
        let at = OffsetDateTime::parse(date.as_str().expect("a date"), &Rfc3339).expect("a date");
        json!(at.unix_timestamp())
    };
    value["iss"] = json!(ISSUER);
    value["jti"] = value["id"].clone();
    value["sub"] = value["credentialSubject"]["id"].clone();
    value["nbf"] = seconds(&value["validFrom"]);
    if !value["validUntil"].is_null() {
        value["exp"] = seconds(&value["validUntil"]);
    }
    value
}

/// The badge of [`ISSUER`], without status.
pub fn badge(world: &World) -> Value {
    world.badge(|v| {
        v["issuer"]["id"] = json!(ISSUER);
        v.as_object_mut().expect("an object").remove("credentialStatus");
    })
}

pub fn header(alg: &str) -> Value {
    json!({ "alg": alg, "kid": KID, "typ": "JWT" })
}

/// `/.well-known/jwks.json` of the issuer's host.
pub fn key_set() -> Need {
    Need::JwkSet { url: "https://skills.example/.well-known/jwks.json".to_owned() }
}

/// The host vouches for the key that signs with `alg`, under [`KID`].
pub fn vouch(world: &mut World, alg: &str) {
    let mut key = jwk(alg);
    key["kid"] = json!(KID);
    world.says(key_set(), &json!({ "keys": [key] }));
}
