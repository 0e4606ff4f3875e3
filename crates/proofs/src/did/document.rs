//! DID documents (DID Core 1.0 §5, Controlled Identifiers 1.0), as far as assertion keys go.

use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::{DidFault, without_fragment};
use crate::key::PublicKey;

/// A DID document that is the one asked for.
#[derive(Debug, Clone)]
pub struct DidDocument {
    did: String,
    methods: Vec<Method>,
    assertion: Vec<String>,
}

/// A key that the document vouches for as an assertion key of its DID.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyFacts {
    /// The key.
    pub key: PublicKey,
    /// From when on the key must not be used any more, if the document says so (`expires` of Multikey).
    pub expires: Option<OffsetDateTime>,
    /// When it was revoked, if it was (`revoked` of Multikey).
    pub revoked: Option<OffsetDateTime>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Method {
    id: String,
    kind: String,
    controller: String,
    multibase: Option<String>,
    expires: Option<OffsetDateTime>,
    revoked: Option<OffsetDateTime>,
}

impl DidDocument {
    /// Reads the text of the document that was fetched for `did`.
    ///
    /// # Errors
    /// [`DidFault::Malformed`], or [`DidFault::OtherId`] when the document speaks of another DID (did:web §2.5.2).
    pub fn parse(text: &str, did: &str) -> Result<Self, DidFault> {
        let document = badge_schemas::json::parse_strict(text).map_err(|_| DidFault::Malformed)?;
        Self::from_value(&document, did)
    }

    /// As [`Self::parse`], of a document already read.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn from_value(document: &Value, did: &str) -> Result<Self, DidFault> {
        if text(document, "id")? != did {
            return Err(DidFault::OtherId);
        }
        let mut methods = Vec::new();
        for method in list(document, "verificationMethod")? {
            methods.push(Method::read(method, did)?);
        }
        let mut assertion = Vec::new();
        for entry in list(document, "assertionMethod")? {
            if let Some(id) = entry.as_str() {
                assertion.push(absolute(id, did));
            } else {
                let method = Method::read(entry, did)?;
                assertion.push(method.id.clone());
                methods.push(method);
            }
        }
        Ok(Self { did: did.to_owned(), methods, assertion })
    }

    /// The DID it speaks of.
    pub fn id(&self) -> &str {
        &self.did
    }

    /// The assertion key with this id (`{did}#…`).
    ///
    /// # Errors
    /// [`DidFault`]: not listed, not for assertions, controlled by another, not an Ed25519 Multikey, listed twice
    /// differently.
    pub fn assertion_key(&self, verification_method: &str) -> Result<KeyFacts, DidFault> {
        let mut listed = self.methods.iter().filter(|method| method.id == verification_method);
        let method = listed.next().ok_or(DidFault::UnknownMethod)?;
        if listed.any(|other| other != method) {
            return Err(DidFault::Ambiguous);
        }
        if !self.assertion.iter().any(|id| id == verification_method) {
            return Err(DidFault::NotForAssertion);
        }
        // A key of this DID has its id under it: another's key, embedded here, is not this DID's word.
        if method.controller != self.did || without_fragment(&method.id) != self.did {
            return Err(DidFault::OtherController);
        }
        if method.kind != "Multikey" {
            return Err(DidFault::NotMultikey);
        }
        let multibase = method.multibase.as_deref().ok_or(DidFault::Malformed)?;
        Ok(KeyFacts { key: PublicKey::from_multibase(multibase)?, expires: method.expires, revoked: method.revoked })
    }
}

impl Method {
    fn read(value: &Value, did: &str) -> Result<Self, DidFault> {
        Ok(Self {
            id: absolute(text(value, "id")?, did),
            kind: text(value, "type")?.to_owned(),
            controller: text(value, "controller")?.to_owned(),
            multibase: value.get("publicKeyMultibase").and_then(Value::as_str).map(str::to_owned),
            expires: instant(value, "expires")?,
            revoked: instant(value, "revoked")?,
        })
    }
}

/// A relative DID URL (`#key`) means a key of this document (DID Core §3.2.2).
fn absolute(id: &str, did: &str) -> String {
    if id.starts_with('#') { format!("{did}{id}") } else { id.to_owned() }
}

fn text<'v>(value: &'v Value, name: &str) -> Result<&'v str, DidFault> {
    value.get(name).and_then(Value::as_str).ok_or(DidFault::Malformed)
}

fn list<'v>(value: &'v Value, name: &str) -> Result<&'v [Value], DidFault> {
    match value.get(name) {
        None => Ok(&[]),
        Some(Value::Array(items)) => Ok(items),
        Some(_) => Err(DidFault::Malformed),
    }
}

fn instant(value: &Value, name: &str) -> Result<Option<OffsetDateTime>, DidFault> {
    let Some(value) = value.get(name) else { return Ok(None) };
    let instant = value.as_str().and_then(|text| OffsetDateTime::parse(text, &Rfc3339).ok());
    instant.map(Some).ok_or(DidFault::Malformed)
}
