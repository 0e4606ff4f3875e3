//! Documents that vouch for keys, read once for the bytes they are.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock, Weak};

use proofs::did::{DidDocument, DidFault, KeyFacts, MethodDocument};
use proofs::jwk_set::{Jwk, JwkSet};
use proofs::key::PublicKey;
use proofs::suite::Purpose;

use super::{NoRing, controller_need};
use crate::ask::Ask;
use crate::inquiry::Case;
use crate::memory::{Shelf, Weigh};
use crate::need::{Need, Unanswered};

/// A key, and how registers write it.
pub(crate) type Decoded = (KeyFacts, Arc<str>);

/// A document that speaks of keys.
#[derive(Debug)]
pub(crate) enum Ring {
    /// A DID document or controller document, and those of its keys that were asked for before.
    Document(DidDocument, RwLock<HashMap<String, Decoded>>),
    /// One verification method.
    Method(MethodDocument),
    /// A JWK set.
    Set(JwkSet),
    /// One JWK.
    Jwk(Jwk),
}

/// What a document is read as. What stands at one address may be read in two ways, and reading it in one way says
/// nothing about the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    Document,
    Method,
    Set,
    Jwk,
}

/// The documents that vouched for a key, so that one can see later whether they are still the same. They are not kept
/// alive for that: what memory has let go of is asked for anew.
#[derive(Debug, Clone, Default)]
pub(crate) struct Vouchers(Vec<(Need, Reading, Weak<Ring>)>);

/// The document that answers `need`, read by `read` unless these very bytes were read so before.
pub(super) async fn ring<E: Into<NoRing>>(
    case: &Case,
    ask: &Ask,
    need: Need,
    reading: Reading,
    read: impl FnOnce(&str) -> Result<Ring, E>,
) -> Result<Arc<Ring>, NoRing> {
    let address = address(&need, reading);
    let shelf = match &need {
        Need::DidDocument { did } => case.memory.shelf_of(did),
        _ => Shelf::Stranger,
    };
    let answer = ask.need(need).await.map_err(NoRing::Unanswered)?;
    if let Some(known) = case.memory.rings.get(&address, &answer.body) {
        return Ok(known);
    }
    let text = answer.text().ok_or(NoRing::Unanswered(Unanswered::NotText))?;
    let ring = Arc::new(read(text).map_err(Into::into)?);
    case.memory.rings.put(shelf, &address, &answer.body, &ring);
    Ok(ring)
}

/// The name under which a document is remembered.
fn address(need: &Need, reading: Reading) -> String {
    match need {
        Need::DidDocument { did } => did.clone(),
        other => format!("{} {reading:?} {}", other.name(), other.url("").unwrap_or_default()),
    }
}

impl Weigh for Ring {
    fn weight(&self, document: usize) -> usize {
        // JSON takes several times its text, and keys are decoded beside it.
        8 * document
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
    pub(super) fn key_for(&self, purpose: Purpose, method: &str) -> Result<Decoded, DidFault> {
        let Self::Document(document, decoded) = self else { return Err(DidFault::UnknownMethod) };
        if purpose != Purpose::AssertionMethod {
            let facts = document.key_for(purpose, method)?;
            let multibase = Arc::from(facts.key.to_multibase());
            return Ok((facts, multibase));
        }
        if let Some(known) = decoded.read().unwrap_or_else(PoisonError::into_inner).get(method) {
            return Ok(known.clone());
        }
        let facts = document.assertion_key(method)?;
        let key = (facts.clone(), Arc::from(facts.key.to_multibase()));
        // Only what the document lists is kept, so its length bounds the memory.
        decoded.write().unwrap_or_else(PoisonError::into_inner).insert(method.to_owned(), key.clone());
        Ok(key)
    }

    /// The key for that purpose that is this very key.
    pub(super) fn key_of(&self, purpose: Purpose, key: &PublicKey) -> Result<KeyFacts, DidFault> {
        self.document().ok_or(DidFault::UnknownMethod)?.vouches_for(purpose, key)
    }

    /// That this document of `issuer` vouched.
    pub(super) fn vouchers(self: &Arc<Self>, issuer: &str) -> Vouchers {
        // A `did:key` is its own document and never changes.
        Vouchers(
            controller_need(issuer).map(|need| (need, Reading::Document, Arc::downgrade(self))).into_iter().collect(),
        )
    }
}

impl Vouchers {
    pub(super) fn one(need: Need, reading: Reading, ring: &Arc<Ring>) -> Self {
        Self::default().and(need, reading, ring)
    }

    pub(super) fn and(mut self, need: Need, reading: Reading, ring: &Arc<Ring>) -> Self {
        self.0.push((need, reading, Arc::downgrade(ring)));
        self
    }

    /// Whether each of them, asked for again, is still the same document.
    pub(crate) async fn stand(&self, case: &Case, ask: &Ask) -> bool {
        for (need, reading, ring) in &self.0 {
            let Ok(answer) = ask.need(need.clone()).await else { return false };
            let known = case.memory.rings.get(&address(need, *reading), &answer.body);
            // The place of a document that was let go of is nobody else's while this points there.
            if !known.is_some_and(|known| std::ptr::eq(Arc::as_ptr(&known), ring.as_ptr())) {
                return false;
            }
        }
        true
    }
}
