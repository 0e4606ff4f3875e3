//! The DID document of an organisation (`did:web`, decisions §15).

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;

use crate::dates;

/// A signing key as the organisation's document lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedKey {
    /// Ed25519 public key, `z6Mk…`.
    pub multibase: String,
    /// When it was retired; a retired key stays listed, so that what it signed before stays verifiable.
    pub until: Option<OffsetDateTime>,
}

/// A key that signs in JOSE, as the organisation's document lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedJwk {
    /// The key as multibase: what it is called comes from there ([`key_name`]).
    pub multibase: String,
    /// The public JWK.
    pub jwk: Value,
    /// When it was retired; see [`ListedKey::until`].
    pub until: Option<OffsetDateTime>,
}

/// Longest multibase that serves as a name.
const LONGEST_NAME: usize = 64;

/// The unsigned DID document: every key listed in `verificationMethod` and `assertionMethod`, key id = DID `#` multibase.
/// A retired key carries `expires` (Controlled Identifiers 1.0, §2.2): what it signs later does not count.
pub fn did_document(did: &str, keys: &[ListedKey]) -> Value {
    let mut document = json!({
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did,
    });
    if !keys.is_empty() {
        document["verificationMethod"] = keys.iter().map(|key| method(did, key)).collect();
        document["assertionMethod"] = keys.iter().map(|key| json!(key_id(did, &key.multibase))).collect();
    }
    document
}

/// The same with the keys that sign in JOSE after the others: `JsonWebKey` methods (Controlled Identifiers 1.0, §2.2.3).
pub fn did_document_with_jwks(did: &str, keys: &[ListedKey], jwks: &[ListedJwk]) -> Value {
    let mut document = did_document(did, keys);
    if jwks.is_empty() {
        return document;
    }
    if let Some(contexts) = document["@context"].as_array_mut() {
        contexts.push(json!("https://w3id.org/security/jwk/v1"));
    }
    for (name, added) in [
        ("verificationMethod", jwks.iter().map(|one| jwk_method(did, one)).collect::<Vec<_>>()),
        ("assertionMethod", jwks.iter().map(|one| json!(key_id(did, &one.multibase))).collect()),
    ] {
        match document[name].as_array_mut() {
            Some(all) => all.extend(added),
            None => document[name] = added.into(),
        }
    }
    document
}

/// The id of a key: `did:web:…#z6Mk…`.
pub fn key_id(did: &str, multibase: &str) -> String {
    format!("{did}#{}", key_name(multibase))
}

/// What a key is called in its id and its address: its multibase (decisions §15). One longer than 64 signs, which only RSA
/// keys have, is called by the SHA-256 of it, in base64url.
pub fn key_name(multibase: &str) -> String {
    if multibase.len() <= LONGEST_NAME {
        multibase.to_owned()
    } else {
        BASE64URL_NOPAD.encode(&Sha256::digest(multibase))
    }
}

fn method(did: &str, key: &ListedKey) -> Value {
    let mut method = start(did, "Multikey", &key.multibase, key.until);
    method.insert("publicKeyMultibase".into(), json!(key.multibase));
    Value::Object(method)
}

fn jwk_method(did: &str, key: &ListedJwk) -> Value {
    let mut method = start(did, "JsonWebKey", &key.multibase, key.until);
    method.insert("publicKeyJwk".into(), key.jwk.clone());
    Value::Object(method)
}

fn start(did: &str, kind: &str, multibase: &str, until: Option<OffsetDateTime>) -> Map<String, Value> {
    let mut method = Map::new();
    method.insert("id".into(), json!(key_id(did, multibase)));
    method.insert("type".into(), json!(kind));
    method.insert("controller".into(), json!(did));
    if let Some(until) = until {
        method.insert("expires".into(), json!(dates::instant(until)));
    }
    method
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn equals_the_specimen() {
        let key = ListedKey { multibase: "z6MkuRrt69bi6f4P8itdSUPGk4yaJDnwUGV2CKeUwNZQf4YS".into(), until: None };
        let expected: Value = serde_json::from_str(include_str!("../tests/data/did.json")).unwrap();
        let document = did_document("did:web:livret.example:o:7h2k9qx4", &[key]);
        assert_eq!(serde_json::to_string(&document).unwrap(), serde_json::to_string(&expected).unwrap());
    }

    #[test]
    fn a_retired_key_stays_with_its_date() {
        let key = ListedKey { multibase: "zA".into(), until: Some(datetime!(2027-01-02 03:04:05 UTC)) };
        let document = did_document("did:web:a", &[key]);
        assert_eq!(document["verificationMethod"][0]["expires"], "2027-01-02T03:04:05Z");
        assert_eq!(document["assertionMethod"], json!(["did:web:a#zA"]));
    }

    #[test]
    fn a_key_of_jose_is_a_json_web_key() {
        let key = ListedKey { multibase: "zA".into(), until: None };
        let jwk = ListedJwk { multibase: "z".repeat(372), jwk: json!({"kty": "RSA"}), until: None };
        let document = did_document_with_jwks("did:web:a", &[key], &[jwk]);
        let name = key_name(&"z".repeat(372));
        assert_eq!(name.len(), 43);
        assert_eq!(document["verificationMethod"][1]["type"], "JsonWebKey");
        assert_eq!(document["verificationMethod"][1]["publicKeyJwk"]["kty"], "RSA");
        assert_eq!(document["assertionMethod"], json!(["did:web:a#zA", format!("did:web:a#{name}")]));
        assert_eq!(document["@context"][2], "https://w3id.org/security/jwk/v1");
    }
}
