//! Whose key is it? An issuer's own documents are asked, never the text that was signed.

mod ring;
mod token;

use std::sync::Arc;

use proofs::did::{DidDocument, DidFault, DidWeb, KeyFacts, MethodDocument, without_fragment};
use proofs::jwk_set::JwkSetFault;
use proofs::key::KeyFault;
use proofs::suite::Purpose;
use time::OffsetDateTime;

use crate::ask::Ask;
use crate::codes;
use crate::inquiry::Case;
use crate::need::{Need, Unanswered};
use crate::proof::Unproven;
use crate::report::{Check, Outcome};
use ring::Reading;
pub(crate) use ring::{Ring, Vouchers};
pub(crate) use token::of_token;

/// A key that the issuer vouches for.
#[derive(Debug, Clone)]
pub(crate) struct Listed {
    pub facts: KeyFacts,
    /// The key as registers write it ([`proofs::key::PublicKey::to_multibase`]).
    pub multibase: Arc<str>,
    /// The documents that said so.
    pub vouchers: Vouchers,
}

impl Listed {
    pub(crate) fn new(facts: KeyFacts, vouchers: Vouchers) -> Self {
        let multibase = facts.key.to_multibase().into();
        Self { facts, multibase, vouchers }
    }
}

/// Where a `did:web` document is; `None` for anything that is not a well-formed `did:web`.
pub(crate) fn did_url(did: &str) -> Option<String> {
    DidWeb::parse(did).ok().map(|did| did.to_url())
}

/// The key of `issuer` for `purpose` that a proof names (VC Data Integrity §4.6, Controlled Identifiers §3.3).
///
/// A key's id lies under its controller's: `{issuer}#…`. An address without fragment is a document of its own, which
/// the issuer's document must name in turn. No text is believed for bringing its own key in the fragment.
pub(crate) async fn of_method(
    case: &Case,
    ask: &Ask,
    issuer: &str,
    method: &str,
    purpose: Purpose,
) -> Result<Listed, Unproven> {
    let base = without_fragment(method);
    if base == issuer {
        let ring = controller(case, ask, issuer).await?;
        let (facts, multibase) = ring.key_for(purpose, method)?;
        return Ok(Listed { facts, multibase, vouchers: ring.vouchers(issuer) });
    }
    if base != method || !is_address(method) {
        return Err(failed(codes::CONTROLLER_NOT_ISSUER, None));
    }
    let need = Need::KeyDocument { url: method.to_owned() };
    let read = |text: &str| MethodDocument::parse(text, method).map(Ring::Method);
    let alone = ring::ring(case, ask, need.clone(), Reading::Method, read).await;
    let alone = alone.map_err(|fault| fault.unproven(&need, codes::KEY_UNANSWERED, codes::KEY_UNREADABLE))?;
    let Ring::Method(document) = &*alone else { return Err(unchecked(codes::KEY_UNREADABLE, None)) };
    if document.controller != issuer {
        return Err(failed(codes::CONTROLLER_NOT_ISSUER, Some(document.controller.clone())));
    }
    let facts = document.facts.clone();
    let ring = controller(case, ask, issuer).await?;
    if !ring.document().is_some_and(|document| document.names_for(purpose, method)) {
        let code = match purpose {
            Purpose::AssertionMethod => codes::KEY_NOT_FOR_ASSERTION,
            Purpose::Authentication => codes::KEY_NOT_FOR_SHOWING,
        };
        return Err(failed(code, None));
    }
    Ok(Listed::new(facts, ring.vouchers(issuer).and(need, Reading::Method, &alone)))
}

/// The document in which `id` says which keys are its own: a DID document, or a controller document at an address.
pub(crate) async fn controller(case: &Case, ask: &Ask, id: &str) -> Result<Arc<Ring>, Unproven> {
    if id.starts_with("did:key:") {
        return DidDocument::of_did_key(id).map(|document| Arc::new(Ring::document_of(document))).map_err(Into::into);
    }
    let Some(need) = controller_need(id) else {
        let kind = if id.starts_with("did:") { 2 } else { 1 };
        let kind = id.splitn(3, ':').take(kind).collect::<Vec<_>>().join(":");
        return Err(unchecked(codes::ISSUER_KIND_NOT_READ, Some(kind)));
    };
    let read = |text: &str| DidDocument::parse(text, id).map(Ring::document_of);
    ring::ring(case, ask, need.clone(), Reading::Document, read).await.map_err(|fault| match need {
        Need::DidDocument { .. } => fault.unproven(&need, codes::DID_UNANSWERED, codes::DID_UNREADABLE),
        _ => fault.unproven(&need, codes::KEY_UNANSWERED, codes::KEY_UNREADABLE),
    })
}

fn controller_need(id: &str) -> Option<Need> {
    if DidWeb::parse(id).is_ok() {
        return Some(Need::DidDocument { did: id.to_owned() });
    }
    (is_address(id) && !id.contains('#')).then(|| Need::KeyDocument { url: id.to_owned() })
}

/// Whether this is an https address (or one of this very machine, for demonstrations).
pub(crate) fn is_address(id: &str) -> bool {
    let Ok(url) = url::Url::parse(id) else { return false };
    let local = url.host_str().is_some_and(|host| host == "localhost" || host.ends_with(".localhost"));
    url.has_host() && (url.scheme() == "https" || (url.scheme() == "http" && local))
}

/// Whether the key could sign at this instant.
pub(crate) fn in_its_dates(facts: &KeyFacts, at: OffsetDateTime) -> Result<(), Unproven> {
    facts.usable_at(at).map_err(Into::into)
}

/// Why a document did not come or cannot be read.
#[derive(Debug)]
pub(crate) enum NoRing {
    Unanswered(Unanswered),
    Document(DidFault),
    Set(JwkSetFault),
}

impl NoRing {
    fn unproven(&self, need: &Need, unanswered: &'static str, unreadable: &'static str) -> Unproven {
        let of_did = matches!(need, Need::DidDocument { .. });
        match self {
            Self::Unanswered(why) => unchecked(unanswered, Some(why.code().to_owned())),
            // A document that speaks of another id is a failed resolution, and says nothing about the badge.
            Self::Document(DidFault::OtherId) if of_did => unchecked(codes::DID_MISMATCH, None),
            Self::Document(DidFault::OtherId) => unchecked(codes::KEY_DOCUMENT_MISMATCH, None),
            Self::Document(fault @ DidFault::Key(_)) => (*fault).into(),
            Self::Document(fault) => unchecked(unreadable, Some(fault.code().to_owned())),
            // Not a key at all: a set of keys, perhaps, or a page.
            Self::Set(JwkSetFault::Key(KeyFault::Jwk)) => unchecked(unreadable, Some(KeyFault::Jwk.code().to_owned())),
            Self::Set(JwkSetFault::Key(fault)) => DidFault::Key(*fault).into(),
            Self::Set(fault) => unchecked(unreadable, Some(fault.code().to_owned())),
        }
    }
}

impl From<DidFault> for NoRing {
    fn from(fault: DidFault) -> Self {
        Self::Document(fault)
    }
}

impl From<JwkSetFault> for NoRing {
    fn from(fault: JwkSetFault) -> Self {
        Self::Set(fault)
    }
}

impl From<DidFault> for Unproven {
    fn from(fault: DidFault) -> Self {
        let (outcome, code) = match fault {
            DidFault::UnknownMethod => (Outcome::Failed, codes::KEY_NOT_LISTED),
            DidFault::NotForAssertion => (Outcome::Failed, codes::KEY_NOT_FOR_ASSERTION),
            DidFault::NotForAuthentication => (Outcome::Failed, codes::KEY_NOT_FOR_SHOWING),
            DidFault::OtherController => (Outcome::Failed, codes::CONTROLLER_NOT_ISSUER),
            DidFault::Expired | DidFault::Revoked => (Outcome::Failed, codes::KEY_OUT_OF_DATES),
            DidFault::Key(KeyFault::Private) => (Outcome::Failed, codes::KEY_PRIVATE),
            // With such a key anyone could sign, or nobody: it proves nothing, and the text says it does.
            DidFault::Key(
                KeyFault::SmallOrder
                | KeyFault::NotAKey
                | KeyFault::Length
                | KeyFault::OtherAlgorithm
                | KeyFault::RsaTooShort
                | KeyFault::RsaExponent
                | KeyFault::NotForVerifying,
            ) => (Outcome::Failed, codes::KEY_UNUSABLE),
            // A form of key that we do not read, or a document that contradicts itself.
            _ => (Outcome::CouldNotCheck, codes::KEY_UNUSABLE),
        };
        Self { check: Check::Key, outcome, code, detail: Some(fault.code().to_owned()) }
    }
}

fn failed(code: &'static str, detail: Option<String>) -> Unproven {
    Unproven { check: Check::Key, outcome: Outcome::Failed, code, detail }
}

fn unchecked(code: &'static str, detail: Option<String>) -> Unproven {
    Unproven { check: Check::Key, outcome: Outcome::CouldNotCheck, code, detail }
}
