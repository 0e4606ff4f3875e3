//! Recipients: `IdentityObject` (Open Badges 3.0, §B.1.12) and its hashes.

use data_encoding::HEXLOWER;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::text;

/// An e-mail address hashed for one badge, ready to be signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HashedEmail {
    /// SHA-256 in lower-case hexadecimal, without the `sha256$` in front.
    pub hash_hex: String,
    /// The salt as text: base32 of 128 fresh random bits (decisions §6).
    pub salt: String,
}

impl HashedEmail {
    /// Hashes an address, lower-cased, with a salt drawn by the caller.
    pub fn new(email: &str, salt: impl Into<String>) -> Self {
        let salt = salt.into();
        Self { hash_hex: digest(&normal_email(email), &salt), salt }
    }
}

/// `sha256$` and the hash of the address (lower-cased) followed by the salt (§B.1.12, 2.0 §`IdentityObject`).
pub fn hash_email(email: &str, salt: &str) -> String {
    format!("sha256${}", digest(&normal_email(email), salt))
}

/// Whether an `IdentityObject` speaks of this plain value (Open Badges 3.0, §9.3). Hashes are compared without regard to
/// the case of their digits; an e-mail address is tried as it is, then lower-cased, because the standard does not say.
/// `md5` is never written, and not read either: it proves nothing today.
pub fn matches(identity: &Value, plain: &str) -> bool {
    let Some(expected) = identity["identityHash"].as_str() else {
        return false;
    };
    let salt = identity["salt"].as_str().unwrap_or_default();
    let plain = plain.trim();
    if identity["hashed"].as_bool() != Some(true) {
        return match identity["identityType"].as_str() {
            Some("emailAddress") => expected.eq_ignore_ascii_case(plain),
            _ => text::fold_name(expected) == text::fold_name(plain),
        };
    }
    let Some(hex) = expected.strip_prefix("sha256$") else {
        return false;
    };
    [text::nfc(plain), normal_email(plain)].iter().any(|p| digest(p, salt).eq_ignore_ascii_case(hex))
}

/// An address as we hash and compare it: NFC, trimmed, lower case.
pub fn normal_email(email: &str) -> String {
    text::nfc(email.trim()).to_lowercase()
}

fn digest(plain: &str, salt: &str) -> String {
    HEXLOWER.encode(&Sha256::new().chain_update(plain).chain_update(salt).finalize())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_vector_of_the_standard() {
        let hash = "sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399";
        assert_eq!(hash_email("a@example.com", "Kosher"), hash);
        assert_eq!(hash_email(" A@Example.COM ", "Kosher"), hash);
        let identity = json!({"type": "IdentityObject", "identityType": "emailAddress", "hashed": true, "identityHash": hash.to_uppercase().replace("SHA256", "sha256"), "salt": "Kosher"});
        assert!(matches(&identity, "A@example.com"));
        assert!(!matches(&identity, "b@example.com"));
    }

    #[test]
    fn a_plain_name_matches_without_case_and_spaces() {
        let identity =
            json!({"type": "IdentityObject", "identityType": "name", "hashed": false, "identityHash": "Inès Duval"});
        assert!(matches(&identity, " inès  DUVAL"));
        assert!(!matches(&identity, "Ines Duval"));
    }

    #[test]
    fn what_is_not_an_identity_matches_nothing() {
        for identity in [
            json!({}),
            json!(null),
            json!({"hashed": true, "identityHash": "sha1$00"}),
            json!({"hashed": true, "identityHash": "b5"}),
        ] {
            assert!(!matches(&identity, "a@example.com"));
        }
    }
}
