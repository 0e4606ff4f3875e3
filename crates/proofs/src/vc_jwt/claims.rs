//! Registered claims against the credential (Open Badges 3.0 §8.2.4.1).

use std::fmt;

use badge_schemas::dates::{instant, parse_instant};
use serde_json::{Map, Value, json};
use time::OffsetDateTime;

use super::Form;

/// A registered claim that repeats something of the credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Claim {
    /// `issuer.id`
    Iss,
    /// `id`
    Jti,
    /// `credentialSubject.id`
    Sub,
    /// `validFrom` (VC 1.1: `issuanceDate`)
    Nbf,
    /// `validUntil` (VC 1.1: `expirationDate`)
    Exp,
}

/// What is wrong with a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ClaimTrouble {
    /// It is mandatory, and not there.
    Missing,
    /// Not a string, or not a date as seconds.
    Malformed,
    /// It is not what the credential says.
    Mismatch,
}

/// A claim that is not what the standard asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ClaimFault {
    /// Which.
    pub claim: Claim,
    /// Why.
    pub trouble: ClaimTrouble,
}

impl std::error::Error for ClaimFault {}

impl fmt::Display for ClaimFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let trouble = match self.trouble {
            ClaimTrouble::Missing => "is missing",
            ClaimTrouble::Malformed => "is malformed",
            ClaimTrouble::Mismatch => "is not what the credential says",
        };
        write!(f, "the claim `{}` {trouble}", self.claim.name())
    }
}

impl ClaimFault {
    /// The stable machine code.
    pub const fn code(self) -> &'static str {
        match (self.claim, self.trouble) {
            (Claim::Iss, ClaimTrouble::Missing) => "jwt_iss_missing",
            (Claim::Iss, ClaimTrouble::Malformed) => "jwt_iss_malformed",
            (Claim::Iss, ClaimTrouble::Mismatch) => "jwt_iss_mismatch",
            (Claim::Jti, ClaimTrouble::Missing) => "jwt_jti_missing",
            (Claim::Jti, ClaimTrouble::Malformed) => "jwt_jti_malformed",
            (Claim::Jti, ClaimTrouble::Mismatch) => "jwt_jti_mismatch",
            (Claim::Sub, ClaimTrouble::Missing) => "jwt_sub_missing",
            (Claim::Sub, ClaimTrouble::Malformed) => "jwt_sub_malformed",
            (Claim::Sub, ClaimTrouble::Mismatch) => "jwt_sub_mismatch",
            (Claim::Nbf, ClaimTrouble::Missing) => "jwt_nbf_missing",
            (Claim::Nbf, ClaimTrouble::Malformed) => "jwt_nbf_malformed",
            (Claim::Nbf, ClaimTrouble::Mismatch) => "jwt_nbf_mismatch",
            (Claim::Exp, ClaimTrouble::Missing) => "jwt_exp_missing",
            (Claim::Exp, ClaimTrouble::Malformed) => "jwt_exp_malformed",
            (Claim::Exp, ClaimTrouble::Mismatch) => "jwt_exp_mismatch",
        }
    }
}

impl Claim {
    /// Every such claim.
    pub const ALL: [Self; 5] = [Self::Iss, Self::Jti, Self::Sub, Self::Nbf, Self::Exp];

    /// Its name in the payload.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Iss => "iss",
            Self::Jti => "jti",
            Self::Sub => "sub",
            Self::Nbf => "nbf",
            Self::Exp => "exp",
        }
    }

    const fn is_date(self) -> bool {
        matches!(self, Self::Nbf | Self::Exp)
    }
}

/// What is wrong with each claim.
pub fn faults(form: Form, claims: &Map<String, Value>, credential: &Value) -> Vec<ClaimFault> {
    let judged =
        Claim::ALL.map(|claim| judge(claim, form, claims, credential).map(|trouble| ClaimFault { claim, trouble }));
    judged.into_iter().flatten().collect()
}

fn judge(claim: Claim, form: Form, claims: &Map<String, Value>, credential: &Value) -> Option<ClaimTrouble> {
    let Some(value) = claims.get(claim.name()) else {
        // `exp` repeats an end of validity where there is one; the others are mandatory.
        let needed = claim != Claim::Exp || own(claim, form, credential).is_some();
        return needed.then_some(ClaimTrouble::Missing);
    };
    let agrees = if claim.is_date() {
        let Some((at, whole)) = numeric_date(value) else { return Some(ClaimTrouble::Malformed) };
        match own(claim, form, credential).map(|own| own.as_str().and_then(parse_instant)) {
            // A date in whole seconds can say no more of one with a fraction than its second.
            Some(Some(own)) => own == at || (whole && own.unix_timestamp() == at.unix_timestamp()),
            Some(None) => false,
            // An end that only the claim gives is the credential's end.
            None => claim == Claim::Exp,
        }
    } else {
        let Some(word) = value.as_str() else { return Some(ClaimTrouble::Malformed) };
        own(claim, form, credential).and_then(Value::as_str) == Some(word)
    };
    (!agrees).then_some(ClaimTrouble::Mismatch)
}

/// A date as the claim gives it, and as the credential does.
pub fn instants(
    claim: Claim,
    form: Form,
    claims: &Map<String, Value>,
    credential: &Value,
) -> [Option<OffsetDateTime>; 2] {
    let claimed = claims.get(claim.name()).and_then(numeric_date).map(|(at, _)| at);
    [claimed, own(claim, form, credential).and_then(Value::as_str).and_then(parse_instant)]
}

/// VC 1.1 §6.3.1, decoding: what only the claims say is said by the credential too.
pub fn completed(mut credential: Map<String, Value>, claims: &Map<String, Value>) -> Map<String, Value> {
    let word = |claim: Claim| claims.get(claim.name()).filter(|value| value.is_string()).cloned();
    let date = |claim: Claim| claims.get(claim.name()).and_then(numeric_date).map(|(at, _)| json!(instant(at)));
    for (name, value) in [
        ("id", word(Claim::Jti)),
        ("issuer", word(Claim::Iss)),
        ("issuanceDate", date(Claim::Nbf)),
        ("expirationDate", date(Claim::Exp)),
    ] {
        if let (Some(value), false) = (value, credential.contains_key(name)) {
            credential.insert(name.to_owned(), value);
        }
    }
    if let (Some(sub), Some(Value::Object(subject))) = (word(Claim::Sub), credential.get_mut("credentialSubject")) {
        subject.entry("id").or_insert(sub);
    }
    credential
}

/// What the credential itself says.
fn own(claim: Claim, form: Form, credential: &Value) -> Option<&Value> {
    match (claim, form) {
        (Claim::Iss, _) => credential.get("issuer").map(|issuer| issuer.get("id").unwrap_or(issuer)),
        (Claim::Jti, _) => credential.get("id"),
        (Claim::Sub, _) => match credential.get("credentialSubject")? {
            Value::Array(subjects) if subjects.len() == 1 => subjects[0].get("id"),
            subject => subject.get("id"),
        },
        (Claim::Nbf, Form::Vc2) => credential.get("validFrom"),
        (Claim::Nbf, Form::Vc1) => credential.get("issuanceDate"),
        (Claim::Exp, Form::Vc2) => credential.get("validUntil"),
        (Claim::Exp, Form::Vc1) => credential.get("expirationDate"),
    }
}

/// A `NumericDate` (RFC 7519 §2), and whether it is in whole seconds.
pub fn numeric_date(value: &Value) -> Option<(OffsetDateTime, bool)> {
    if let Some(seconds) = value.as_i64() {
        return OffsetDateTime::from_unix_timestamp(seconds).ok().map(|at| (at, true));
    }
    let seconds = value.as_f64().filter(|seconds| seconds.abs() < 1e12)?;
    let at = OffsetDateTime::UNIX_EPOCH.checked_add(time::Duration::milliseconds(milliseconds(seconds)))?;
    Some((at, seconds.fract() == 0.0))
}

/// Doubles near today's date are exact to a fraction of a microsecond; dates are written with milliseconds at most.
#[expect(clippy::cast_possible_truncation, reason = "below 10¹⁵, checked by the caller")]
fn milliseconds(seconds: f64) -> i64 {
    (seconds * 1000.0).round() as i64
}
