//! Documents that vouch for keys, read once for the bytes they are.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use proofs::did::{DidDocument, DidFault, KeyFacts, MethodDocument};
use proofs::jwk_set::{Jwk, JwkSet};
use proofs::key::PublicKey;
use proofs::suite::Purpose;

use super::{NoRing, controller_need};
use crate::ask::Ask;
use crate::inquiry::Case;
use crate::need::{Need, Unanswered};

/// A document that speaks of keys.
#[derive(Debug)]
pub(crate) enum Ring {
    /// A DID document or controller document, and those of its keys that were asked for before.
    Document(DidDocument, RwLock<HashMap<String, KeyFacts>>),
    /// One verification method.
    Method(MethodDocument),
    /// A JWK set.
    Set(JwkSet),
    /// One JWK.
    Jwk(Jwk),
}

/// The documents that vouched for a key, so that one can see later whether they are still the same.
#[derive(Debug, Clone, Default)]
pub(crate) struct Vouchers(Vec<(Need, Arc<Ring>)>);

/// The document that answers `need`, read by `read` unless these very bytes were read before.
pub(super) async fn ring<E: Into<NoRing>>(
    case: &Case,
    ask: &Ask,
    need: Need,
    read: impl FnOnce(&str) -> Result<Ring, E>,
) -> Result<Arc<Ring>, NoRing> {
    let address = address(&need);
    let answer = ask.need(need).await.map_err(NoRing::Unanswered)?;
    if let Some(known) = case.memory.rings.get(&address, &answer.body) {
        return Ok(known);
    }
    let text = answer.text().ok_or(NoRing::Unanswered(Unanswered::NotText))?;
    let ring = Arc::new(read(text).map_err(Into::into)?);
    case.memory.rings.put(&address, &answer.body, &ring);
    Ok(ring)
}

/// The name under which a document is remembered: what stands at one address may be read in two ways.
fn address(need: &Need) -> String {
    match need {
        Need::DidDocument { did } => did.clone(),
        other => format!("{} {}", other.name(), other.url("").unwrap_or_default()),
    }
}

impl Ring {
    pub(super) fn document_of(document: DidDocument) -> Self {
        Self::Document(document, RwLock::default())
    }

    /// The DID document or controller document, if it is one.
    pub(super) fn document(&self) -> Option<&DidDocument> {
        match self {
            Self::Document(document, _) => Some(document),
            _ => None,
        }
    }

    /// The key with this id for that purpose; one for attesting is decoded once.
    pub(super) fn key_for(&self, purpose: Purpose, method: &str) -> Result<KeyFacts, DidFault> {
        let Self::Document(document, decoded) = self else { return Err(DidFault::UnknownMethod) };
        if purpose != Purpose::AssertionMethod {
            return document.key_for(purpose, method);
        }
        if let Some(known) = decoded.read().unwrap_or_else(PoisonError::into_inner).get(method) {
            return Ok(known.clone());
        }
        let facts = document.assertion_key(method)?;
        // Only what the document lists is kept, so its length bounds the memory.
        decoded.write().unwrap_or_else(PoisonError::into_inner).insert(method.to_owned(), facts.clone());
        Ok(facts)
    }

    /// The key for that purpose that is this very key.
    pub(super) fn key_of(&self, purpose: Purpose, key: &PublicKey) -> Result<KeyFacts, DidFault> {
        self.document().ok_or(DidFault::UnknownMethod)?.vouches_for(purpose, key)
    }

    /// That this document of `issuer` vouched.
    pub(super) fn vouchers(self: &Arc<Self>, issuer: &str) -> Vouchers {
        // A `did:key` is its own document and never changes.
        Vouchers(controller_need(issuer).map(|need| (need, Arc::clone(self))).into_iter().collect())
    }
}

impl Vouchers {
    pub(super) fn one(need: Need, ring: Arc<Ring>) -> Self {
        Self(vec![(need, ring)])
    }

    pub(super) fn and(mut self, need: Need, ring: Arc<Ring>) -> Self {
        self.0.push((need, ring));
        self
    }

    /// Whether each of them, asked for again, is still the same document.
    pub(crate) async fn stand(&self, case: &Case, ask: &Ask) -> bool {
        for (need, ring) in &self.0 {
            let Ok(answer) = ask.need(need.clone()).await else { return false };
            let known = case.memory.rings.get(&address(need), &answer.body);
            if !known.is_some_and(|known| Arc::ptr_eq(&known, ring)) {
                return false;
            }
        }
        true
    }
}
