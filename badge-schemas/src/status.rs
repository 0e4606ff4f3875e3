//! Status lists: `BitstringStatusListCredential` (Bitstring Status List 1.0, §2.2), unsigned.

use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::dates;

/// How long a list may be kept by a reader, in milliseconds (decisions §20).
pub const TTL_MS: u32 = 60_000;

/// What varies from one list to another.
#[derive(Debug, Clone, Copy)]
pub struct ListFacts<'a> {
    /// Address of the list, which is also its id.
    pub url: &'a str,
    /// DID of the organisation.
    pub issuer: &'a str,
    /// When this state of the list was made.
    pub valid_from: OffsetDateTime,
    /// `u` and base64url of the gzipped bits.
    pub encoded_list: &'a str,
}

/// The unsigned list, purpose `revocation` (decisions §8).
pub fn compose_list(facts: &ListFacts<'_>) -> Value {
    json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": facts.url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": facts.issuer,
        "validFrom": dates::instant(facts.valid_from),
        "credentialSubject": {
            "id": format!("{}#list", facts.url),
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": facts.encoded_list,
            "ttl": TTL_MS,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn has_the_shape_of_the_specimen_and_its_ttl() {
        let mut expected: Value = serde_json::from_str(include_str!("../tests/data/status.json")).unwrap();
        expected.as_object_mut().unwrap().remove("proof");
        expected["credentialSubject"]["ttl"] = json!(60_000);
        let list = compose_list(&ListFacts {
            url: "https://livret.example/o/7h2k9qx4/status/1",
            issuer: "did:web:livret.example:o:7h2k9qx4",
            valid_from: datetime!(2026-11-01 00:00 UTC),
            encoded_list: expected["credentialSubject"]["encodedList"].as_str().unwrap(),
        });
        assert_eq!(serde_json::to_string(&list).unwrap(), serde_json::to_string(&expected).unwrap());
    }

    #[test]
    fn ttl_is_a_term_of_the_bundled_context() {
        let context = crate::contexts::get("https://www.w3.org/ns/credentials/v2").unwrap();
        let context: Value = serde_json::from_str(context).unwrap();
        assert!(context["@context"]["BitstringStatusList"]["@context"]["ttl"].is_string());
    }
}
