//! Whether a text is what its issuer signed: the one place where `proofs` is asked to verify.

use std::sync::Arc;

use badge_schemas::contexts;
use proofs::did::KeyFacts;
use proofs::jsonld::{self, Engine, JsonLdFault};
use proofs::jws::JwsFault;
use proofs::key::PublicKey;
use proofs::suite::{ProofFacts, ProofFault, Purpose, SecuredDocument};
use proofs::template::KnownText;
use proofs::vc_jwt::{VcJwt, VcJwtFault};
use serde_json::Value;
use time::OffsetDateTime;

use crate::ask::Ask;
use crate::codes;
use crate::credential::items;
use crate::inquiry::Case;
use crate::keys::{self, Vouchers};
use crate::memory::Memory;
use crate::report::{Check, Outcome};

/// Why a text is not proven: a finding, ready to be noted.
#[derive(Debug, Clone)]
pub(crate) struct Unproven {
    pub check: Check,
    pub outcome: Outcome,
    pub code: &'static str,
    pub detail: Option<String>,
}

impl Unproven {
    /// In one word: why a list or a register is not proven.
    pub(crate) fn word(self) -> Option<String> {
        let silent = matches!(self.code, codes::DID_UNANSWERED | codes::KEY_UNANSWERED | codes::JWK_SET_UNANSWERED);
        if silent { self.detail } else { Some(self.code.to_owned()) }
    }
}

/// What was proven of a text.
#[derive(Debug)]
pub(crate) struct Proven {
    /// The issuer's key that signed it, as registers write it.
    pub key: Arc<str>,
    /// When it was signed, as it says: the proof's `created`, else the text's beginning, else now.
    pub at: OffsetDateTime,
    /// Until when the proof is meant to be accepted. One that does not say when it was made ends with its key.
    pub expires: Option<OffsetDateTime>,
    /// The documents that vouched for the key.
    pub vouchers: Vouchers,
    /// For whom and for which question it was made; nothing for a credential.
    pub audience: Audience,
}

/// For whom (`domain`, `aud`) and for which question (`challenge`, `nonce`) a presentation was signed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Audience {
    pub domain: Vec<String>,
    pub challenge: Option<String>,
}

/// A signed text under examination. What several questions need (its canonical form) is computed once.
pub(crate) enum Sealed<'a> {
    /// With embedded proofs.
    Embedded(&'a Value, SecuredDocument<'a>),
    /// In a token.
    Token(&'a VcJwt),
}

impl<'a> Sealed<'a> {
    /// The text with its proofs, if it has any.
    pub(crate) fn read(value: &'a Value, token: Option<&'a VcJwt>, memory: &Memory) -> Result<Self, Unproven> {
        match token {
            Some(token) => Ok(Self::Token(token)),
            None if memory.by_reference => {
                Self::secured(value, SecuredDocument::read(value).map(SecuredDocument::by_reference))
            }
            None => Self::secured(value, SecuredDocument::read(value)),
        }
    }

    /// As [`Self::read`], of a register of trust, which may be larger than any badge.
    pub(crate) fn of_register(value: &'a Value, memory: &Memory) -> Result<Self, Unproven> {
        let secured = SecuredDocument::read_with(Engine::of_registers(), value);
        let by_reference =
            |secured: SecuredDocument<'a>| if memory.by_reference { secured.by_reference() } else { secured };
        Self::secured(value, secured.map(by_reference))
    }

    /// As [`Self::read`], of a text of a known class.
    pub(crate) fn read_known(known: &'a KnownText) -> Result<Self, Unproven> {
        Self::secured(known.value(), SecuredDocument::read_known(known))
    }

    fn secured(value: &'a Value, secured: Result<SecuredDocument<'a>, ProofFault>) -> Result<Self, Unproven> {
        match secured {
            Ok(secured) => Ok(Self::Embedded(value, by_the_text_of_its_time(value, secured))),
            Err(ProofFault::NoProof) => Err(signature(codes::PROOF_MISSING, None)),
            // A word where a proof should be proves nothing.
            Err(_) if !matches!(value["proof"], Value::Array(_)) => Err(signature(codes::PROOF_MISSING, None)),
            Err(fault) => Err(of_proof(&fault, value, 0)),
        }
    }

    /// A presentation with its proofs, which are for showing; `None` when it has none.
    pub(crate) fn of_presentation(value: &'a Value) -> Result<Option<Self>, Unproven> {
        match SecuredDocument::read(value) {
            Ok(secured) => Ok(Some(Self::Embedded(value, secured.expecting(Purpose::Authentication)))),
            Err(ProofFault::NoProof) => Ok(None),
            Err(fault) => Err(of_proof(&fault, value, 0)),
        }
    }

    /// The ids of the keys that its proofs name.
    pub(crate) fn methods(&self) -> Vec<String> {
        match self {
            Self::Token(_) => Vec::new(),
            Self::Embedded(_, secured) => {
                secured.proofs().into_iter().flatten().map(|facts| facts.verification_method).collect()
            }
        }
    }

    /// Whether every member of the text means something (safe JSON-LD), key or no key.
    pub(crate) fn meaningful(&self) -> Result<(), Unproven> {
        match self {
            Self::Embedded(_, secured) => secured.document_hash().map(drop),
            Self::Token(token) => jsonld::canonicalize(token.credential()).map(drop),
        }
        .map_err(|fault| meaningless(&fault))
    }

    /// Whether its class was known to the process before.
    pub(crate) fn is_of_known_class(&self) -> bool {
        matches!(self, Self::Embedded(_, secured) if secured.is_of_known_class())
    }

    /// Whether `issuer` signed it: by any one of its proofs (OB 3.0 §9, note), with a key that it vouches for.
    pub(crate) async fn prove(
        &self,
        case: &Case,
        ask: &Ask,
        issuer: &str,
        begins: Option<OffsetDateTime>,
    ) -> Result<Proven, Unproven> {
        let (value, secured) = match self {
            Self::Token(token) => return of_token(case, ask, token, issuer).await,
            Self::Embedded(value, secured) => (value, secured),
        };
        let mut worst: Option<Unproven> = None;
        for (index, facts) in secured.proofs().into_iter().enumerate() {
            let unproven = match facts {
                Ok(facts) => match of_facts(case, ask, (value, secured), issuer, &facts, begins).await {
                    Ok(proven) => return Ok(proven),
                    Err(unproven) => unproven,
                },
                Err(fault) => of_proof(&fault, value, index),
            };
            if worst.as_ref().is_none_or(|worst| weight(&unproven) > weight(worst)) {
                worst = Some(unproven);
            }
        }
        Err(worst.unwrap_or_else(|| signature(codes::PROOF_MISSING, None)))
    }
}

/// Which of several reasons is told: a text that was changed, before a proof that could not be examined and might
/// hold (its key is silent, its kind is not read), before a key that is somebody else's, before the rest.
fn weight(unproven: &Unproven) -> u8 {
    match (unproven.check, unproven.outcome, unproven.code) {
        (_, Outcome::Failed, codes::SIGNATURE_MISMATCH) => 4,
        (_, Outcome::CouldNotCheck, _) => 3,
        (Check::Key, ..) => 2,
        _ => 1,
    }
}

async fn of_facts(
    case: &Case,
    ask: &Ask,
    (value, secured): (&Value, &SecuredDocument<'_>),
    issuer: &str,
    facts: &ProofFacts,
    begins: Option<OffsetDateTime>,
) -> Result<Proven, Unproven> {
    let listed = keys::of_method(case, ask, issuer, &facts.verification_method, facts.purpose).await?;
    let (at, lasts) = signed_at(case, facts.created.or(begins), &listed.facts)?;
    let key = listed.facts.key;
    if let Err(fault) = secured.verify(facts, &key)
        && !(fault == ProofFault::Signature && holds_in_the_earlier_text(value, facts, &key))
    {
        return Err(of_proof(&fault, value, facts.index));
    }
    let expires = [facts.expires, lasts].into_iter().flatten().min();
    let audience = Audience { domain: facts.domain.clone(), challenge: facts.challenge.clone() };
    Ok(Proven { key: listed.multibase, at, expires, vouchers: listed.vouchers, audience })
}

/// When a text was signed by a key that could sign then, and until when that is believed. What does not say when it was
/// signed may have been signed just now, and its key must be good for that: today and whenever it is judged again.
fn signed_at(
    case: &Case,
    said: Option<OffsetDateTime>,
    key: &KeyFacts,
) -> Result<(OffsetDateTime, Option<OffsetDateTime>), Unproven> {
    let at = said.unwrap_or_else(|| case.now.max(case.today));
    keys::in_its_dates(key, at)?;
    let ends = if said.is_none() { [key.expires, key.revoked].into_iter().flatten().min() } else { None };
    Ok((at, ends))
}

/// The context 3.0.3 of Open Badges was extended in place. What uses the added words with a meaning of its own was
/// right before, and has a fault since: it is read by the text of its time.
fn by_the_text_of_its_time<'a>(value: &'a Value, secured: SecuredDocument<'a>) -> SecuredDocument<'a> {
    if secured.document_hash().is_ok() || !may_be_of_the_earlier_text(value) {
        return secured;
    }
    match SecuredDocument::read_with(Engine::bundled_earlier(), value) {
        Ok(earlier) if earlier.document_hash().is_ok() => earlier,
        _ => secured,
    }
}

/// The same for what has no fault today, but another hash.
fn holds_in_the_earlier_text(value: &Value, facts: &ProofFacts, key: &PublicKey) -> bool {
    may_be_of_the_earlier_text(value)
        && SecuredDocument::read_with(Engine::bundled_earlier(), value)
            .is_ok_and(|secured| secured.verify(facts, key).is_ok())
}

fn may_be_of_the_earlier_text(value: &Value) -> bool {
    let mut contexts = items(&value["@context"]).iter().filter_map(Value::as_str);
    contexts.any(|url| contexts::earlier(url).is_some()) && uses_what_was_added(value)
}

fn uses_what_was_added(value: &Value) -> bool {
    match value {
        Value::Object(members) => members
            .iter()
            .any(|(name, member)| matches!(name.as_str(), "endorsementJwt" | "jti") || uses_what_was_added(member)),
        Value::Array(all) => all.iter().any(uses_what_was_added),
        _ => false,
    }
}

async fn of_token(case: &Case, ask: &Ask, token: &VcJwt, issuer: &str) -> Result<Proven, Unproven> {
    let listed = keys::of_token(case, ask, issuer, token.key(), Purpose::AssertionMethod).await?;
    let issued = token.claims().get("iat").and_then(Value::as_i64);
    let issued = issued.and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok());
    let (at, expires) = signed_at(case, issued.or(token.valid_from()), &listed.facts)?;
    let key = listed.facts.key;
    token.verify(&key).map_err(of_jwt)?;
    Ok(Proven { key: listed.multibase, at, expires, vouchers: listed.vouchers, audience: Audience::default() })
}

/// Why a text in JWT form is not read or does not hold.
pub(crate) fn of_jwt(fault: VcJwtFault) -> Unproven {
    let detail = Some(fault.code().to_owned());
    match fault {
        VcJwtFault::Jws(JwsFault::Signature) => signature(codes::SIGNATURE_MISMATCH, None),
        VcJwtFault::Jws(JwsFault::KeyMismatch) => signature(codes::PROOF_KEY_KIND, detail),
        VcJwtFault::Jws(JwsFault::AlgNone | JwsFault::AlgSymmetric) => signature(codes::JWT_ALG_FORBIDDEN, detail),
        VcJwtFault::Jws(JwsFault::AlgUnsupported) => {
            Unproven { outcome: Outcome::CouldNotCheck, ..signature(codes::JWT_ALG_NOT_READ, detail) }
        }
        VcJwtFault::Key(fault) => proofs::did::DidFault::Key(fault).into(),
        VcJwtFault::NoKey => signature(codes::JWT_KEY_MISSING, None),
        VcJwtFault::Jws(JwsFault::NotCompact) => signature(codes::JWT_ENCODING, None),
        _ => signature(codes::JWT_HEADER, detail),
    }
}

fn of_proof(fault: &ProofFault, value: &Value, index: usize) -> Unproven {
    let detail = Some(fault.code().to_owned());
    match fault {
        ProofFault::JsonLd(fault) => meaningless(fault),
        ProofFault::Signature => signature(codes::SIGNATURE_MISMATCH, None),
        ProofFault::Unsupported => {
            let named = suite_named(value, index).or(detail);
            Unproven { outcome: Outcome::CouldNotCheck, ..signature(codes::SUITE_NOT_READ, named) }
        }
        ProofFault::Purpose => signature(codes::PROOF_PURPOSE, None),
        ProofFault::PreviousProof | ProofFault::PreviousProofAmbiguous => signature(codes::PROOF_CHAIN_BROKEN, detail),
        // Signed for more than this text alone: perhaps good for whom it was made.
        ProofFault::Audience => {
            Unproven { outcome: Outcome::CouldNotCheck, ..signature(codes::PROOF_FOR_AUDIENCE, None) }
        }
        ProofFault::BaseProof => {
            Unproven { outcome: Outcome::CouldNotCheck, ..signature(codes::PROOF_NOT_DERIVED, None) }
        }
        ProofFault::KeyMismatch => signature(codes::PROOF_KEY_KIND, None),
        _ => signature(codes::PROOF_MALFORMED, detail),
    }
}

fn suite_named(value: &Value, index: usize) -> Option<String> {
    let proof = value["proof"].get(index).unwrap_or(&value["proof"]);
    let name = if proof["type"] == "DataIntegrityProof" { &proof["cryptosuite"] } else { &proof["type"] };
    name.as_str().map(str::to_owned)
}

fn meaningless(fault: &JsonLdFault) -> Unproven {
    let (outcome, code, detail) = match fault {
        JsonLdFault::UnknownContext(url) => (Outcome::CouldNotCheck, codes::CONTEXT_NOT_KEPT, url.clone()),
        JsonLdFault::NotCompacted(name) => (Outcome::CouldNotCheck, codes::NOT_COMPACTED, name.clone()),
        JsonLdFault::TooLarge | JsonLdFault::Work(_) => {
            (Outcome::CouldNotCheck, codes::TOO_COMPLEX, fault.code().to_owned())
        }
        JsonLdFault::UndefinedTerm(term) => (Outcome::Failed, codes::JSON_LD_FAULT, format!("{} {term}", fault.code())),
        other => (Outcome::Failed, codes::JSON_LD_FAULT, other.code().to_owned()),
    };
    Unproven { check: Check::JsonLd, outcome, code, detail: Some(detail) }
}

fn signature(code: &'static str, detail: Option<String>) -> Unproven {
    Unproven { check: Check::Signature, outcome: Outcome::Failed, code, detail }
}
