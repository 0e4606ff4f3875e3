//! DID documents (DID Core 1.0 §5) and controlled identifier documents (Controlled Identifiers 1.0 §2.1), as far as
//! keys for attesting and for showing go. An `https` id has the same kind of document as a DID.

use serde_json::Value;

use super::method::{KeyFacts, Method, absolute, text};
use super::{DidFault, without_fragment};
use crate::key::PublicKey;
use crate::suite::Purpose;

/// A document that is the one asked for.
#[derive(Debug, Clone)]
pub struct DidDocument {
    did: String,
    methods: Vec<Method>,
    assertion: Vec<String>,
    authentication: Vec<String>,
}

impl DidDocument {
    /// Reads the text of the document that was fetched for `did` (a DID, or an `https` id of a controller).
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
        let assertion = relation(document, "assertionMethod", did, &mut methods)?;
        let authentication = relation(document, "authentication", did, &mut methods)?;
        Ok(Self { did: did.to_owned(), methods, assertion, authentication })
    }

    /// The document that a `did:key` is (did:key method specification §3): one Ed25519, P-256 or P-384 key, which
    /// vouches for itself and for nobody else. Nothing is fetched.
    ///
    /// # Errors
    /// [`DidFault::NotDidKey`], or [`DidFault::Key`].
    pub fn of_did_key(did: &str) -> Result<Self, DidFault> {
        let multibase = did.strip_prefix("did:key:").ok_or(DidFault::NotDidKey)?;
        // The text is the identity: a key written in another way would be another DID.
        if PublicKey::from_multibase(multibase)?.to_multibase() != multibase {
            return Err(DidFault::NotDidKey);
        }
        let method = Method::of_did_key(did, multibase);
        let (assertion, authentication) = (vec![method.id.clone()], vec![method.id.clone()]);
        Ok(Self { did: did.to_owned(), assertion, authentication, methods: vec![method] })
    }

    /// The DID it speaks of.
    pub fn id(&self) -> &str {
        &self.did
    }

    /// Whether the document names this verification method for that purpose, wherever its key may be written.
    pub fn names_for(&self, purpose: Purpose, verification_method: &str) -> bool {
        let named = match purpose {
            Purpose::AssertionMethod => &self.assertion,
            Purpose::Authentication => &self.authentication,
        };
        named.iter().any(|id| id == verification_method)
    }

    /// The key for that purpose that is this very key, under whatever id it is listed.
    ///
    /// # Errors
    /// [`DidFault::UnknownMethod`]; [`DidFault::NotForAssertion`] or [`DidFault::NotForAuthentication`] when it is
    /// listed for something else alone.
    pub fn vouches_for(&self, purpose: Purpose, key: &PublicKey) -> Result<KeyFacts, DidFault> {
        let same = |method: &&Method| method.key().is_ok_and(|facts| facts.key == *key);
        let mut fault = DidFault::UnknownMethod;
        for method in self.methods.iter().filter(same) {
            match self.key_for(purpose, &method.id) {
                Ok(facts) => return Ok(facts),
                Err(why) => fault = why,
            }
        }
        Err(fault)
    }

    /// The assertion key with this id (`{did}#…`): [`Self::key_for`] an assertion.
    ///
    /// # Errors
    /// As [`Self::key_for`].
    pub fn assertion_key(&self, verification_method: &str) -> Result<KeyFacts, DidFault> {
        self.key_for(Purpose::AssertionMethod, verification_method)
    }

    /// The key with this id (`{did}#…`) for that purpose.
    ///
    /// # Errors
    /// [`DidFault`]: not listed, not for the purpose, controlled by another, of a type or with a key that is not read,
    /// listed twice differently.
    pub fn key_for(&self, purpose: Purpose, verification_method: &str) -> Result<KeyFacts, DidFault> {
        let mut listed = self.methods.iter().filter(|method| method.id == verification_method);
        let method = listed.next().ok_or(DidFault::UnknownMethod)?;
        if listed.any(|other| other != method) {
            return Err(DidFault::Ambiguous);
        }
        if !self.names_for(purpose, verification_method) {
            return Err(match purpose {
                Purpose::AssertionMethod => DidFault::NotForAssertion,
                Purpose::Authentication => DidFault::NotForAuthentication,
            });
        }
        // A key of this DID has its id under it: another's key, embedded here, is not this DID's word.
        if method.controller != self.did || without_fragment(&method.id) != self.did {
            return Err(DidFault::OtherController);
        }
        method.key()
    }
}

/// The methods that the document names for a purpose; those written there in full are added to `methods`.
fn relation(document: &Value, name: &str, did: &str, methods: &mut Vec<Method>) -> Result<Vec<String>, DidFault> {
    let mut named = Vec::new();
    for entry in list(document, name)? {
        if let Some(id) = entry.as_str() {
            named.push(absolute(id, did));
        } else {
            let method = Method::read(entry, did)?;
            named.push(method.id.clone());
            methods.push(method);
        }
    }
    Ok(named)
}

fn list<'v>(value: &'v Value, name: &str) -> Result<&'v [Value], DidFault> {
    match value.get(name) {
        None => Ok(&[]),
        Some(Value::Array(items)) => Ok(items),
        Some(_) => Err(DidFault::Malformed),
    }
}
