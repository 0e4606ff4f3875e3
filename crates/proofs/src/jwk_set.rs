//! JWK sets (RFC 7517 §5), and single JWKs served at the address that a `kid` names: where the key of a VC-JWT is
//! vouched for (Open Badges 3.0, Implementation Guide: `/.well-known/jwks.json` of the issuer's host).

use badge_schemas::json::parse_strict;
use serde_json::Value;

use crate::key::{KeyFault, PublicKey};

/// Longest set read, in bytes: what `fetch` brings of an issuer's document at most.
pub const LARGEST_SET: usize = 2 * 1024 * 1024;

/// More keys than this are not read. A house of many organisations lists each key that ever signed: ours stops at 2,500
/// keys and 1.5 MB. Two megabytes of the shortest keys that are read would be some 16,000.
pub const MOST_KEYS: usize = 4096;

/// A set of public keys, as served.
#[derive(Debug, Clone)]
pub struct JwkSet(Vec<Value>);

/// A key of a set, with what is said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Jwk {
    /// The key.
    pub key: PublicKey,
    /// Its id, if it has one.
    pub kid: Option<String>,
    /// For which issuer it signs, if it says (the member `iss`): it must then be the credential's issuer.
    pub iss: Option<String>,
}

impl JwkSet {
    /// Reads `{"keys": […]}`.
    ///
    /// # Errors
    /// [`JwkSetFault::Malformed`], [`JwkSetFault::TooLarge`].
    pub fn parse(text: &str) -> Result<Self, JwkSetFault> {
        if text.len() > LARGEST_SET {
            return Err(JwkSetFault::TooLarge);
        }
        let mut set = parse_strict(text).map_err(|_| JwkSetFault::Malformed)?;
        match set.get_mut("keys").map(Value::take) {
            Some(Value::Array(keys)) if keys.len() > MOST_KEYS => Err(JwkSetFault::TooLarge),
            Some(Value::Array(keys)) => Ok(Self(keys)),
            _ => Err(JwkSetFault::Malformed),
        }
    }

    /// The key with this id.
    ///
    /// # Errors
    /// [`JwkSetFault::NotListed`], [`JwkSetFault::Ambiguous`] when different keys bear it, [`JwkSetFault::Key`].
    pub fn by_kid(&self, kid: &str) -> Result<Jwk, JwkSetFault> {
        let mut listed = self.0.iter().filter(|jwk| jwk["kid"] == kid);
        let jwk = listed.next().ok_or(JwkSetFault::NotListed)?;
        if listed.any(|other| other != jwk) {
            return Err(JwkSetFault::Ambiguous);
        }
        Jwk::read(jwk)
    }

    /// The entry that is this very key. Entries that cannot be read are none.
    ///
    /// # Errors
    /// [`JwkSetFault::NotListed`].
    pub fn of_key(&self, key: &PublicKey) -> Result<Jwk, JwkSetFault> {
        let public = key.to_jwk();
        // Compared as written first: decoding each entry would cost more than the question is worth.
        let same =
            |jwk: &&Value| ["kty", "crv", "x", "y", "n", "e"].iter().all(|name| jwk.get(*name) == public.get(*name));
        let entry = self.0.iter().find(|jwk| same(jwk) && Jwk::read(jwk).is_ok()).ok_or(JwkSetFault::NotListed)?;
        Jwk::read(entry)
    }
}

impl Jwk {
    /// Reads a text that is one JWK: what 1EdTech's validator expects at a `kid`.
    ///
    /// # Errors
    /// [`JwkSetFault::Malformed`], [`JwkSetFault::Key`].
    pub fn parse(text: &str) -> Result<Self, JwkSetFault> {
        Self::read(&parse_strict(text).map_err(|_| JwkSetFault::Malformed)?)
    }

    fn read(jwk: &Value) -> Result<Self, JwkSetFault> {
        let word = |name: &str| match jwk.get(name) {
            None => Ok(None),
            Some(Value::String(word)) => Ok(Some(word.clone())),
            Some(_) => Err(JwkSetFault::Malformed),
        };
        Ok(Self { key: PublicKey::from_jwk(jwk)?, kid: word("kid")?, iss: word("iss")? })
    }
}

/// Why a set does not vouch for a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JwkSetFault {
    /// Not strict JSON, or not shaped as a JWK set or a JWK.
    #[error("not a JWK set")]
    Malformed,
    /// More bytes ([`LARGEST_SET`]) or keys ([`MOST_KEYS`]) than are read.
    #[error("the JWK set is too large")]
    TooLarge,
    /// The set does not list this key.
    #[error("the JWK set does not list the key")]
    NotListed,
    /// Two different keys with one id.
    #[error("the JWK set lists this key id twice, differently")]
    Ambiguous,
    /// The key is no key that is read.
    #[error(transparent)]
    Key(#[from] KeyFault),
}

impl JwkSetFault {
    /// The stable machine code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Malformed => "jwk_set_malformed",
            Self::TooLarge => "jwk_set_too_large",
            Self::NotListed => "jwk_not_listed",
            Self::Ambiguous => "jwk_ambiguous",
            Self::Key(fault) => fault.code(),
        }
    }
}

#[cfg(test)]
mod tests;
