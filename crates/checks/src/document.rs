//! Reads a text as far as one can without believing it: is it an Open Badges 3.0 credential, and whose proof is on it?

use badge_schemas::json::{JsonFault, parse_strict};
use proofs::eddsa_rdfc_2022::{CRYPTOSUITE, ProofFacts, ProofFault, proofs_of};
use serde_json::Value;

use crate::codes;
use crate::report::{Check, Outcome};

const VC_2: &str = "https://www.w3.org/ns/credentials/v2";
const VC_1: &str = "https://www.w3.org/2018/credentials/v1";
const OB_3: &str = "https://purl.imsglobal.org/spec/ob/v3p0/";
/// The most proofs looked at on one document.
const MOST_PROOFS: usize = 8;

/// A badge text, read but not believed.
#[derive(Debug)]
pub(crate) struct Document {
    /// The credential with the one proof that will be examined.
    pub value: Value,
    /// `issuer.id`, or `issuer` itself.
    pub issuer: String,
    /// What that proof says of itself.
    pub proof: ProofFacts,
}

/// Why a text is not such a document: one finding, ready to be noted.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub check: Check,
    pub outcome: Outcome,
    pub code: &'static str,
    pub detail: Option<String>,
}

/// Reads a badge text.
pub(crate) fn read(text: &str) -> Result<Document, Refusal> {
    let value = value(text)?;
    kind(&value)?;
    let Some(issuer) = issuer_id(&value) else { return Err(failed(Check::Format, codes::ISSUER_MISSING)) };
    let issuer = issuer.to_owned();
    let proof = choose_proof(&value)?;
    signed(value, issuer, proof)
}

/// The id of `issuer`, written as a string or as an object (OB 3.0 B.1.20).
pub(crate) fn issuer_id(value: &Value) -> Option<&str> {
    value["issuer"].as_str().or_else(|| value["issuer"]["id"].as_str()).filter(|id| !id.is_empty())
}

/// Whether `member` is this string, or an array that holds it.
pub(crate) fn says(member: &Value, word: &str) -> bool {
    member.as_str() == Some(word) || member.as_array().is_some_and(|all| all.iter().any(|one| one == word))
}

fn value(text: &str) -> Result<Value, Refusal> {
    let bare = text.trim_start_matches('\u{feff}').trim();
    if bare.is_empty() {
        return Err(unread(codes::EMPTY, None));
    }
    if is_compact_jws(bare) {
        return Err(unread(codes::FORMAT_NOT_READ, Some("compact_jws")));
    }
    if !bare.starts_with('{') {
        return Err(unread(codes::NOT_JSON, None));
    }
    parse_strict(text).map_err(|fault| {
        let (code, detail) = match fault {
            JsonFault::TooLarge => (codes::JSON_TOO_LARGE, None),
            JsonFault::TooDeep => (codes::JSON_TOO_DEEP, None),
            JsonFault::DuplicateMember => (codes::JSON_DUPLICATE_MEMBER, None),
            JsonFault::Syntax { line, column } => (codes::JSON_SYNTAX, Some(format!("{line}:{column}"))),
        };
        // Of what says it is a badge, a broken text is a broken badge; of anything else, it is not our business.
        let ours = text.contains("OpenBadgeCredential") || text.contains(OB_3);
        let broken = ours && matches!(fault, JsonFault::DuplicateMember | JsonFault::Syntax { .. });
        let outcome = if broken { Outcome::Failed } else { Outcome::CouldNotCheck };
        Refusal { check: Check::Format, outcome, code, detail }
    })
}

/// Header, payload and signature of a JWS: three runs of base64url with two dots.
fn is_compact_jws(text: &str) -> bool {
    let mut parts = 0;
    text.starts_with("eyJ")
        && text.split('.').all(|part| {
            parts += 1;
            part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'='))
        })
        && parts == 3
}

fn kind(value: &Value) -> Result<(), Refusal> {
    let contexts = &value["@context"];
    let types = &value["type"];
    if says(contexts, "https://w3id.org/openbadges/v2") || says(types, "Assertion") {
        return Err(unread(codes::FORMAT_NOT_READ, Some("open_badges_2")));
    }
    for (kind, name) in [
        ("VerifiablePresentation", "presentation"),
        ("ClrCredential", "clr"),
        ("EndorsementCredential", "endorsement"),
        ("BitstringStatusListCredential", "status_list"),
    ] {
        if says(types, kind) {
            return Err(unread(codes::FORMAT_NOT_READ, Some(name)));
        }
    }
    let is_badge = says(types, "OpenBadgeCredential") || says(types, "AchievementCredential");
    let list = contexts.as_array().map(Vec::as_slice).unwrap_or_default();
    let of_ob3 = list.iter().filter_map(Value::as_str).any(|context| context.starts_with(OB_3));
    match list.first().and_then(Value::as_str) {
        Some(VC_1) if is_badge => return Err(unread(codes::FORMAT_NOT_READ, Some("vc_1_1"))),
        _ if !is_badge && !of_ob3 => return Err(unread(codes::NOT_A_BADGE, None)),
        _ => {}
    }
    let in_order = list.first().is_some_and(|first| first == VC_2)
        && list.get(1).and_then(Value::as_str).is_some_and(|second| second.starts_with(OB_3));
    if !in_order {
        return Err(failed(Check::Format, codes::CONTEXT_ORDER));
    }
    if !is_badge || !says(types, "VerifiableCredential") {
        return Err(failed(Check::Format, codes::TYPE_MISSING));
    }
    Ok(())
}

/// The first proof of the suite we read (any one supported proof may be taken, OB 3.0 §9 note).
fn choose_proof(value: &Value) -> Result<Value, Refusal> {
    let proofs: Vec<&Value> = match &value["proof"] {
        Value::Object(_) => vec![&value["proof"]],
        Value::Array(all) => all.iter().take(MOST_PROOFS).collect(),
        _ => vec![],
    };
    let Some(first) = proofs.first() else { return Err(failed(Check::Signature, codes::PROOF_MISSING)) };
    let suite = |proof: &Value| match proof["type"].as_str() {
        Some("DataIntegrityProof") => proof["cryptosuite"].as_str().map(str::to_owned),
        other => other.map(str::to_owned),
    };
    if let Some(ours) = proofs.iter().find(|proof| suite(proof).as_deref() == Some(CRYPTOSUITE)) {
        return Ok((*ours).clone());
    }
    match suite(first) {
        Some(name) => Err(Refusal {
            check: Check::Signature,
            outcome: Outcome::CouldNotCheck,
            code: codes::SUITE_NOT_READ,
            detail: Some(name),
        }),
        None => Err(failed(Check::Signature, codes::PROOF_MALFORMED)),
    }
}

fn signed(mut value: Value, issuer: String, proof: Value) -> Result<Document, Refusal> {
    value["proof"] = proof;
    let facts = proofs_of(&value).and_then(|all| all.into_iter().next().unwrap_or(Err(ProofFault::NoProof)));
    match facts {
        Ok(proof) => Ok(Document { value, issuer, proof }),
        Err(ProofFault::Purpose) => Err(failed(Check::Signature, codes::PROOF_PURPOSE)),
        // A chain of proofs, a challenge: signed for more than this text alone.
        Err(fault @ (ProofFault::Unsupported | ProofFault::PreviousProof | ProofFault::Audience)) => Err(Refusal {
            outcome: Outcome::CouldNotCheck,
            detail: Some(fault.code().to_owned()),
            ..failed(Check::Signature, codes::SUITE_NOT_READ)
        }),
        Err(fault) => {
            Err(Refusal { detail: Some(fault.code().to_owned()), ..failed(Check::Signature, codes::PROOF_MALFORMED) })
        }
    }
}

impl Refusal {
    /// What came in could not be read; that says nothing about a badge.
    pub(crate) fn unread(code: &'static str, detail: Option<&str>) -> Self {
        unread(code, detail)
    }
}

fn failed(check: Check, code: &'static str) -> Refusal {
    Refusal { check, outcome: Outcome::Failed, code, detail: None }
}

fn unread(code: &'static str, detail: Option<&str>) -> Refusal {
    Refusal { check: Check::Format, outcome: Outcome::CouldNotCheck, code, detail: detail.map(str::to_owned) }
}
