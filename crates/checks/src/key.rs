//! Keys, and what they prove: the one place where `proofs` is asked.

use proofs::did::{DidDocument, DidFault, DidWeb, without_fragment};
use proofs::jsonld::{self, JsonLdFault};
use proofs::key::{KeyFault, PublicKey};
use proofs::suite::{self, ProofFacts, ProofFault, proofs_of};
use serde_json::Value;
use time::OffsetDateTime;

use std::sync::Arc;

use crate::ask::Ask;
use crate::codes;
use crate::inquiry::Case;
use crate::need::{Need, Unanswered};
use crate::report::{Check, Outcome};

/// The keys an issuer vouches for: its own DID document.
#[derive(Debug)]
pub(crate) struct IssuerKeys(DidDocument);

/// Why a text is not proven: a finding, ready to be noted.
#[derive(Debug)]
pub(crate) struct Unproven {
    pub check: Check,
    pub outcome: Outcome,
    pub code: &'static str,
    pub detail: Option<String>,
}

/// Where a `did:web` document is; `None` for anything that is not a well-formed `did:web`.
pub(crate) fn did_url(did: &str) -> Option<String> {
    DidWeb::parse(did).ok().map(|did| did.to_url())
}

/// The DID of a key's id.
pub(crate) fn did_of(method: &str) -> &str {
    without_fragment(method)
}

/// Whether every member of a signed document means something, key or no key.
pub(crate) fn meaningful(signed: &Value) -> Result<(), Unproven> {
    let members = signed.as_object().into_iter().flatten().filter(|(name, _)| *name != "proof");
    let unsigned: Value = members.map(|(name, value)| (name.clone(), value.clone())).collect();
    jsonld::canonicalize(&unsigned).map(drop).map_err(|fault| meaningless(&fault))
}

/// The keys of `did`, asked for. `Err` is the code and detail of « could not be checked ».
pub(crate) async fn issuer_keys(
    case: &Case,
    ask: &Ask,
    did: &str,
) -> Result<Arc<IssuerKeys>, (&'static str, Option<String>)> {
    let unanswered = |why: Unanswered| (codes::DID_UNANSWERED, Some(why.code().to_owned()));
    let answer = ask.need(Need::DidDocument { did: did.to_owned() }).await.map_err(unanswered)?;
    if let Some(known) = case.memory.keys.get(did, &answer.body) {
        return Ok(known);
    }
    let text = answer.text().ok_or_else(|| unanswered(Unanswered::NotText))?;
    let keys = Arc::new(IssuerKeys::read(text, did)?);
    case.memory.keys.put(did, &answer.body, &keys);
    Ok(keys)
}

impl IssuerKeys {
    /// The document fetched for `did`. `Err` is the code and detail of « could not be checked »: a document that
    /// cannot be read, or speaks of another DID, is a failed resolution and says nothing about the badge.
    pub(crate) fn read(text: &str, did: &str) -> Result<Self, (&'static str, Option<String>)> {
        DidDocument::parse(text, did).map(Self).map_err(|fault| match fault {
            DidFault::OtherId => (codes::DID_MISMATCH, None),
            other => (codes::DID_UNREADABLE, Some(other.code().to_owned())),
        })
    }

    /// Whether `signed` was signed with the key its proof names, listed here for attesting and in its dates at
    /// `signed_at`. Answers the key.
    pub(crate) fn verify(
        &self,
        signed: &Value,
        facts: &ProofFacts,
        signed_at: OffsetDateTime,
    ) -> Result<PublicKey, Unproven> {
        let listed = self.0.assertion_key(&facts.verification_method).map_err(unlisted)?;
        let over = |until: Option<OffsetDateTime>| until.is_some_and(|until| signed_at >= until);
        if over(listed.expires) || over(listed.revoked) {
            return Err(key(Outcome::Failed, codes::KEY_OUT_OF_DATES, None));
        }
        match suite::verify(signed, facts, &listed.key) {
            Ok(_) => Ok(listed.key),
            Err(fault) => Err(unproven(&fault)),
        }
    }

    /// Proves a list or register: the same, in one word. `Err` is a machine code.
    pub(crate) fn prove(&self, signed: &Value) -> Result<(), String> {
        let proofs = proofs_of(signed).map_err(|fault| fault.code().to_owned())?;
        let mut why = codes::PROOF_MISSING.to_owned();
        for proof in proofs {
            match proof {
                Ok(facts) => {
                    let signed_at = facts.created.unwrap_or(OffsetDateTime::UNIX_EPOCH);
                    match self.verify(signed, &facts, signed_at) {
                        Ok(_) => return Ok(()),
                        Err(unproven) => unproven.code.clone_into(&mut why),
                    }
                }
                Err(fault) => fault.code().clone_into(&mut why),
            }
        }
        Err(why)
    }
}

fn unlisted(fault: DidFault) -> Unproven {
    let (outcome, code) = match fault {
        DidFault::UnknownMethod => (Outcome::Failed, codes::KEY_NOT_LISTED),
        DidFault::NotForAssertion => (Outcome::Failed, codes::KEY_NOT_FOR_ASSERTION),
        DidFault::OtherController => (Outcome::Failed, codes::CONTROLLER_NOT_ISSUER),
        // With such a key anyone could sign, or nobody: it proves nothing, and the text says it does.
        DidFault::Key(KeyFault::SmallOrder | KeyFault::NotAKey | KeyFault::Length | KeyFault::OtherAlgorithm) => {
            (Outcome::Failed, codes::KEY_UNUSABLE)
        }
        // A form of key that we do not read, or a document that contradicts itself.
        _ => (Outcome::CouldNotCheck, codes::KEY_UNUSABLE),
    };
    key(outcome, code, Some(fault.code().to_owned()))
}

fn unproven(fault: &ProofFault) -> Unproven {
    match fault {
        ProofFault::JsonLd(fault) => meaningless(fault),
        ProofFault::Signature => signature(codes::SIGNATURE_MISMATCH, None),
        ProofFault::Unsupported => {
            Unproven { outcome: Outcome::CouldNotCheck, ..signature(codes::SUITE_NOT_READ, None) }
        }
        other => signature(codes::PROOF_MALFORMED, Some(other.code().to_owned())),
    }
}

fn meaningless(fault: &JsonLdFault) -> Unproven {
    let (outcome, code, detail) = match fault {
        JsonLdFault::UnknownContext(url) => (Outcome::CouldNotCheck, codes::CONTEXT_NOT_KEPT, url.clone()),
        JsonLdFault::TooLarge | JsonLdFault::Work(_) => {
            (Outcome::CouldNotCheck, codes::TOO_COMPLEX, fault.code().to_owned())
        }
        JsonLdFault::UndefinedTerm(term) => (Outcome::Failed, codes::JSON_LD_FAULT, format!("{} {term}", fault.code())),
        other => (Outcome::Failed, codes::JSON_LD_FAULT, other.code().to_owned()),
    };
    Unproven { check: Check::JsonLd, outcome, code, detail: Some(detail) }
}

fn key(outcome: Outcome, code: &'static str, detail: Option<String>) -> Unproven {
    Unproven { check: Check::Key, outcome, code, detail }
}

fn signature(code: &'static str, detail: Option<String>) -> Unproven {
    Unproven { check: Check::Signature, outcome: Outcome::Failed, code, detail }
}
