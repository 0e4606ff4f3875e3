//! The DID document of an organisation (`did:web`, decisions §15).

use serde_json::{Map, Value, json};
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

/// The id of a key: `did:web:…#z6Mk…`.
pub fn key_id(did: &str, multibase: &str) -> String {
    format!("{did}#{multibase}")
}

fn method(did: &str, key: &ListedKey) -> Value {
    let mut method = Map::new();
    method.insert("id".into(), json!(key_id(did, &key.multibase)));
    method.insert("type".into(), json!("Multikey"));
    method.insert("controller".into(), json!(did));
    if let Some(until) = key.until {
        method.insert("expires".into(), json!(dates::instant(until)));
    }
    method.insert("publicKeyMultibase".into(), json!(key.multibase));
    Value::Object(method)
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
}
