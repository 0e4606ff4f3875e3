//! JSON Web Keys (RFC 7517; RFC 7518 §6 for EC and RSA, RFC 8037 for Ed25519).

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Map, Value, json};

use super::{Algorithm, Curve, KeyFault, Material, PublicKey};

/// Members that only a private or a shared key has (RFC 7518 §6.2.2, §6.3.2, §6.4.1).
const SECRET: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// Longest number read, in signs of base64url: 8192 bits, and room to say that more is too long.
const LONGEST: usize = 2048;

pub fn read(jwk: &Value) -> Result<PublicKey, KeyFault> {
    let members = jwk.as_object().ok_or(KeyFault::Jwk)?;
    if SECRET.iter().any(|name| members.contains_key(*name)) {
        return Err(KeyFault::Private);
    }
    let key = match (word(members, "kty")?, members.get("crv").and_then(Value::as_str)) {
        ("OKP", Some("Ed25519")) => PublicKey::ed25519(bytes(members, "x")?.try_into().map_err(|_| KeyFault::Length)?)?,
        ("EC", Some("P-256")) => point(Curve::P256, members)?,
        ("EC", Some("P-384")) => point(Curve::P384, members)?,
        ("RSA", None) => PublicKey::rsa(&bytes(members, "n")?, &bytes(members, "e")?)?,
        ("OKP" | "EC", None) | ("RSA", Some(_)) => return Err(KeyFault::Jwk),
        _ => return Err(KeyFault::OtherAlgorithm),
    };
    purpose(members, key.algorithm())?;
    Ok(key)
}

pub fn write(key: &PublicKey) -> Value {
    let number = |bytes: &[u8]| BASE64URL_NOPAD.encode(bytes);
    match &key.0 {
        Material::Ed25519(key) => json!({"kty": "OKP", "crv": "Ed25519", "x": number(key.as_bytes())}),
        Material::Ec(key) => {
            let (x, y) = key.coordinates();
            json!({"kty": "EC", "crv": key.curve().name(), "x": number(x), "y": number(y)})
        }
        Material::Rsa(key) => json!({"kty": "RSA", "n": number(key.modulus()), "e": number(key.exponent())}),
    }
}

/// What the key says it is for, if it says.
fn purpose(members: &Map<String, Value>, algorithm: Algorithm) -> Result<(), KeyFault> {
    match members.get("use") {
        None => {}
        Some(word) if word == "sig" => {}
        Some(_) => return Err(KeyFault::NotForVerifying),
    }
    match members.get("key_ops") {
        None => {}
        Some(Value::Array(operations)) if operations.iter().any(|one| one == "verify") => {}
        Some(_) => return Err(KeyFault::NotForVerifying),
    }
    let fits = |alg: &str| match algorithm {
        Algorithm::Ed25519 => matches!(alg, "EdDSA" | "Ed25519"),
        Algorithm::P256 => alg == "ES256",
        Algorithm::P384 => alg == "ES384",
        Algorithm::Rsa => matches!(alg, "RS256" | "RS384" | "RS512"),
    };
    match members.get("alg") {
        None => Ok(()),
        Some(Value::String(alg)) if fits(alg) => Ok(()),
        Some(_) => Err(KeyFault::OtherAlgorithm),
    }
}

/// Coordinates have the curve's size, leading zeros included (RFC 7518 §6.2.1.2).
fn point(curve: Curve, members: &Map<String, Value>) -> Result<PublicKey, KeyFault> {
    let (x, y) = (bytes(members, "x")?, bytes(members, "y")?);
    if (x.len(), y.len()) != (curve.size(), curve.size()) {
        return Err(KeyFault::Length);
    }
    PublicKey::ec(curve, &[&[0x04], x.as_slice(), &y].concat())
}

fn bytes(members: &Map<String, Value>, name: &str) -> Result<Vec<u8>, KeyFault> {
    let text = word(members, name)?;
    if text.len() > LONGEST {
        return Err(KeyFault::Length);
    }
    BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| KeyFault::Jwk)
}

fn word<'m>(members: &'m Map<String, Value>, name: &str) -> Result<&'m str, KeyFault> {
    members.get(name).and_then(Value::as_str).ok_or(KeyFault::Jwk)
}
