//! Verification methods (Controlled Identifiers 1.0 §2.2): a key, whose it is, and its dates.

use badge_schemas::json::parse_strict;
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::DidFault;
use crate::key::{Algorithm, KeyFault, PublicKey};

/// A key that a document speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyFacts {
    /// The key.
    pub key: PublicKey,
    /// From when on the key must not be used any more, if the document says so (`expires`).
    pub expires: Option<OffsetDateTime>,
    /// When it was revoked, if it was (`revoked`).
    pub revoked: Option<OffsetDateTime>,
}

impl KeyFacts {
    /// Whether the key could sign at this instant.
    ///
    /// # Errors
    /// [`DidFault::Revoked`], [`DidFault::Expired`]: both ends are excluded.
    pub fn usable_at(&self, at: OffsetDateTime) -> Result<(), DidFault> {
        if self.revoked.is_some_and(|revoked| at >= revoked) {
            return Err(DidFault::Revoked);
        }
        if self.expires.is_some_and(|expires| at >= expires) {
            return Err(DidFault::Expired);
        }
        Ok(())
    }
}

/// A document that is one verification method: what some issuers serve at the address of their key (Open Badges 3.0,
/// Implementation Guide).
///
/// It is the key's own word about its controller: that controller must be asked whether the key is its own
/// ([`super::DidDocument::assertion_key`]), or be who serves this document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MethodDocument {
    /// Who controls the key, says the key.
    pub controller: String,
    /// The key.
    pub facts: KeyFacts,
}

impl MethodDocument {
    /// Reads the text fetched for the verification method `id`: `{controller, publicKeyMultibase | publicKeyJwk}`, with
    /// or without `id` and `type`.
    ///
    /// # Errors
    /// [`DidFault`]: malformed, of another id, of a type or with a key that is not read.
    pub fn parse(text: &str, id: &str) -> Result<Self, DidFault> {
        let document = parse_strict(text).map_err(|_| DidFault::Malformed)?;
        match document.get("id") {
            None => {}
            Some(Value::String(own)) if own == id => {}
            Some(Value::String(_)) => return Err(DidFault::OtherId),
            Some(_) => return Err(DidFault::Malformed),
        }
        let kind = match (document.get("type"), document.get("publicKeyJwk")) {
            (Some(Value::String(kind)), _) => kind.clone(),
            (Some(_), _) => return Err(DidFault::Malformed),
            (None, Some(_)) => "JsonWebKey".to_owned(),
            (None, None) => "Multikey".to_owned(),
        };
        let method = Method::of(&document, id.to_owned(), kind)?;
        let facts = method.key()?;
        Ok(Self { controller: method.controller, facts })
    }
}

/// A verification method as written; its key is read when it is asked for, so that a key we cannot read does not
/// condemn the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Method {
    pub id: String,
    kind: String,
    pub controller: String,
    multibase: Option<String>,
    jwk: Option<Value>,
    expires: Option<OffsetDateTime>,
    revoked: Option<OffsetDateTime>,
}

impl Method {
    /// Reads a method of the document of `did`.
    pub fn read(value: &Value, did: &str) -> Result<Self, DidFault> {
        let id = absolute(text(value, "id")?, did);
        Self::of(value, id, text(value, "type")?.to_owned())
    }

    /// The one method of a `did:key`.
    pub fn of_did_key(did: &str, multibase: &str) -> Self {
        Self {
            id: format!("{did}#{multibase}"),
            kind: "Multikey".to_owned(),
            controller: did.to_owned(),
            multibase: Some(multibase.to_owned()),
            jwk: None,
            expires: None,
            revoked: None,
        }
    }

    fn of(value: &Value, id: String, kind: String) -> Result<Self, DidFault> {
        Ok(Self {
            id,
            kind,
            controller: text(value, "controller")?.to_owned(),
            multibase: value.get("publicKeyMultibase").and_then(Value::as_str).map(str::to_owned),
            jwk: value.get("publicKeyJwk").cloned(),
            expires: instant(value, "expires")?,
            revoked: instant(value, "revoked")?,
        })
    }

    /// Its key, by its type.
    pub fn key(&self) -> Result<KeyFacts, DidFault> {
        // Two materials may be two keys.
        if self.multibase.is_some() && self.jwk.is_some() {
            return Err(DidFault::Ambiguous);
        }
        let key = match self.kind.as_str() {
            "Multikey" => self.multikey()?,
            "Ed25519VerificationKey2020" => {
                let key = self.multikey()?;
                if key.algorithm() != Algorithm::Ed25519 {
                    return Err(KeyFault::OtherAlgorithm.into());
                }
                key
            }
            "JsonWebKey" | "JsonWebKey2020" => PublicKey::from_jwk(self.jwk.as_ref().ok_or(DidFault::Malformed)?)?,
            _ => return Err(DidFault::UnknownType),
        };
        Ok(KeyFacts { key, expires: self.expires, revoked: self.revoked })
    }

    fn multikey(&self) -> Result<PublicKey, DidFault> {
        Ok(PublicKey::from_multibase(self.multibase.as_deref().ok_or(DidFault::Malformed)?)?)
    }
}

/// A relative DID URL (`#key`) means a key of this document (DID Core §3.2.2).
pub(super) fn absolute(id: &str, did: &str) -> String {
    if id.starts_with('#') { format!("{did}{id}") } else { id.to_owned() }
}

pub(super) fn text<'v>(value: &'v Value, name: &str) -> Result<&'v str, DidFault> {
    value.get(name).and_then(Value::as_str).ok_or(DidFault::Malformed)
}

fn instant(value: &Value, name: &str) -> Result<Option<OffsetDateTime>, DidFault> {
    let Some(value) = value.get(name) else { return Ok(None) };
    let instant = value.as_str().and_then(|text| OffsetDateTime::parse(text, &Rfc3339).ok());
    instant.map(Some).ok_or(DidFault::Malformed)
}
