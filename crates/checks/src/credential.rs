//! Reads a text as far as one can without believing it: what does it say it is?

mod kind;

pub(crate) use badge_schemas::carrier::is_compact_jws;
use badge_schemas::json::{JsonFault, parse_strict};
use proofs::jws::{Jws, JwsFault};
use proofs::template::{KnownText, Templates};
use proofs::vc_jwt::{self, VcJwt, VcJwtFault};
use proofs::vp_jwt::{self, VpJwt};
use serde_json::Value;

use crate::codes;
use crate::form::DataModel;
use crate::memory::Memory;
use crate::ob2::Carried;
use crate::proof::{self, Unproven};
use crate::report::{Check, Outcome};
pub(crate) use kind::Kind;

/// A credential, read but not believed.
#[derive(Debug)]
pub(crate) struct Credential {
    pub kind: Kind,
    pub model: DataModel,
    /// `issuer.id`, or `issuer` itself.
    pub issuer: String,
    /// Where it does not fit the standard, though it can be read.
    pub misfit: Option<Refusal>,
    text: Text,
}

/// How the text carries it.
#[derive(Debug)]
enum Text {
    /// Parsed; with the text, when it came in as one.
    Json(Value, Option<Box<str>>),
    /// Of a class whose texts are known, not parsed.
    Known(KnownText),
    Token(Box<VcJwt>),
}

/// What a text turned out to be.
#[derive(Debug)]
pub(crate) enum Reading {
    Credential(Box<Credential>),
    /// A `VerifiablePresentation`.
    Presentation(Box<Presentation>),
    /// Open Badges 2.0 or older: `ob2` reads it.
    OpenBadges2(Carried),
}

/// A `VerifiablePresentation`, read but not believed.
#[derive(Debug)]
pub(crate) struct Presentation {
    /// Without the claims of its token.
    pub value: Value,
    /// The token it came in, or what is wrong with that.
    pub token: Option<Result<VpJwt, VcJwtFault>>,
}

/// Why a text is nothing that is judged: one finding, ready to be noted.
pub(crate) type Refusal = Unproven;

/// Reads JSON or a compact JWS.
pub(crate) fn read(text: &str, memory: &Memory) -> Result<Reading, Refusal> {
    let bare = text.trim_start_matches('\u{feff}').trim();
    if bare.is_empty() {
        return Err(unread(codes::EMPTY, None));
    }
    if bare.starts_with('{') {
        let known = if memory.by_reference { None } else { Templates::shared().read(text) };
        return match known {
            Some(known) => of_known(known),
            None => of_json(parse(text)?, Some(text)),
        };
    }
    if is_compact_jws(bare) { token_of(bare) } else { Err(unread(codes::NOT_JSON, None)) }
}

/// Reads a document that is JSON already.
pub(crate) fn of_value(value: Value) -> Result<Reading, Refusal> {
    of_json(value, None)
}

fn of_json(value: Value, text: Option<&str>) -> Result<Reading, Refusal> {
    if says(&value["type"], "EnvelopedVerifiablePresentation") {
        return enveloped(&value);
    }
    match kind::of(&value)? {
        Kind::Presentation => Ok(Reading::Presentation(Box::new(Presentation { value, token: None }))),
        Kind::OpenBadges2 => Ok(Reading::OpenBadges2(Carried::Json(value))),
        kind => Credential::read(kind, Text::Json(value, text.map(Box::from))),
    }
}

fn of_known(known: KnownText) -> Result<Reading, Refusal> {
    match kind::of(known.value())? {
        Kind::Presentation | Kind::OpenBadges2 => of_value(known.value().clone()),
        kind => Credential::read(kind, Text::Known(known)),
    }
}

fn token_of(text: &str) -> Result<Reading, Refusal> {
    let token = match vc_jwt::read(text) {
        Ok(token) => token,
        Err(VcJwtFault::MixedForm) => return Err(failed(codes::VC_MIXTURE, Some("vc"))),
        Err(fault) => return other_token(text, fault),
    };
    match kind::of(token.credential())? {
        Kind::Presentation => Ok(presented(text, token.credential().clone())),
        Kind::OpenBadges2 => Ok(Reading::OpenBadges2(Carried::Jws(text.to_owned()))),
        kind => Credential::read(kind, Text::Token(Box::new(token))),
    }
}

/// A JWS that is no VC-JWT: a signed badge of 2.0, a presentation, a badge whose header is bad, or nothing of ours.
fn other_token(text: &str, fault: VcJwtFault) -> Result<Reading, Refusal> {
    let jws = match Jws::read(text).or_else(|_| Jws::read_padded(text)) {
        Ok(jws) => jws,
        Err(JwsFault::TooLarge) => return Err(unread(codes::JSON_TOO_LARGE, None)),
        Err(JwsFault::NotCompact) => return Err(unread(codes::JWT_ENCODING, None)),
        Err(_) => return Err(proof::of_jwt(fault)),
    };
    let payload = std::str::from_utf8(jws.payload()).ok().map(parse);
    // Broken JSON that says it is a badge of 3.0 is a broken badge of 3.0; any other broken one may be of 2.0.
    if let Some(Err(refusal)) = &payload
        && refusal.outcome == Outcome::Failed
    {
        return Err(refusal.clone());
    }
    if crate::ob2::is_ours(text) {
        return Ok(Reading::OpenBadges2(Carried::Jws(text.to_owned())));
    }
    let Some(Ok(payload)) = payload else { return Err(unread(codes::NOT_A_BADGE, None)) };
    if payload["vp"].is_object() {
        return Ok(presented(text, payload["vp"].clone()));
    }
    match kind::of(if payload["vc"].is_object() { &payload["vc"] } else { &payload })? {
        Kind::OpenBadges2 => Ok(Reading::OpenBadges2(Carried::Jws(text.to_owned()))),
        Kind::Presentation => Ok(presented(text, payload)),
        _ if fault == VcJwtFault::NotACredential => Err(failed(codes::CONTEXT_ORDER, None)),
        _ => Err(proof::of_jwt(fault)),
    }
}

/// A presentation in a token, whatever is wrong with the token: what it shows is judged all the same.
fn presented(text: &str, value: Value) -> Reading {
    let token = vp_jwt::read(text);
    let value = token.as_ref().map_or(value, |token| token.presentation().clone());
    Reading::Presentation(Box::new(Presentation { value, token: Some(token) }))
}

/// VC 2.0 §4.13: a token in an envelope of JSON, `data:application/vp+jwt,…`.
pub(crate) fn enveloped(value: &Value) -> Result<Reading, Refusal> {
    let token = value["id"].as_str().and_then(|id| id.split_once(',')).map(|(_, token)| token.trim());
    match token {
        Some(text) if is_compact_jws(text) => token_of(text),
        _ => Err(unread(codes::PART_UNREADABLE, None)),
    }
}

impl Text {
    fn value(&self) -> &Value {
        match self {
            Self::Json(value, _) => value,
            Self::Known(known) => known.value(),
            Self::Token(token) => token.credential(),
        }
    }
}

impl Credential {
    fn read(kind: Kind, text: Text) -> Result<Reading, Refusal> {
        let kind::Made { model, misfit } = kind::model(kind, text.value())?;
        let issuer = issuer_id(text.value()).ok_or_else(|| failed(codes::ISSUER_MISSING, None))?.to_owned();
        Ok(Reading::Credential(Box::new(Self { kind, model, issuer, misfit, text })))
    }

    /// The credential's members. Of a token, without its registered claims.
    pub(crate) fn value(&self) -> &Value {
        self.text.value()
    }

    /// The token it came in, if it did.
    pub(crate) fn token(&self) -> Option<&VcJwt> {
        match &self.text {
            Text::Json(..) | Text::Known(_) => None,
            Text::Token(token) => Some(token),
        }
    }

    /// The text of a known class it came in, if it did.
    pub(crate) fn known(&self) -> Option<&KnownText> {
        match &self.text {
            Text::Known(known) => Some(known),
            _ => None,
        }
    }

    /// Its signature holds: the next text of its class need not be parsed.
    pub(crate) fn notice(&self, memory: &Memory) {
        if memory.by_reference {
            return;
        }
        if let Text::Json(value, Some(text)) = &self.text {
            Templates::shared().notice_text(text, value);
        }
    }

    /// The member that says from when on it is in force.
    pub(crate) const fn begin_member(&self) -> &'static str {
        match self.model {
            DataModel::Vc2 => "validFrom",
            DataModel::Vc1 => "issuanceDate",
        }
    }

    /// The member that says until when.
    pub(crate) const fn end_member(&self) -> &'static str {
        match self.model {
            DataModel::Vc2 => "validUntil",
            DataModel::Vc1 => "expirationDate",
        }
    }
}

/// The id of `issuer`, written as a string or as an object (OB 3.0 B.1.20).
pub(crate) fn issuer_id(value: &Value) -> Option<&str> {
    value["issuer"].as_str().or_else(|| value["issuer"]["id"].as_str()).filter(|id| !id.is_empty())
}

/// Whether `member` is this string, or an array that holds it.
pub(crate) fn says(member: &Value, word: &str) -> bool {
    member.as_str() == Some(word) || member.as_array().is_some_and(|all| all.iter().any(|one| one == word))
}

/// The items of a list, or the one value written bare, or nothing.
pub(crate) fn items(value: &Value) -> &[Value] {
    match value {
        Value::Null => &[],
        Value::Array(all) => all,
        one => std::slice::from_ref(one),
    }
}

fn parse(text: &str) -> Result<Value, Refusal> {
    parse_strict(text).map_err(|fault| {
        let (code, detail) = match fault {
            JsonFault::TooLarge => (codes::JSON_TOO_LARGE, None),
            JsonFault::TooDeep => (codes::JSON_TOO_DEEP, None),
            JsonFault::TooMany => (codes::TOO_COMPLEX, Some(fault.code().to_owned())),
            JsonFault::DuplicateMember => (codes::JSON_DUPLICATE_MEMBER, None),
            JsonFault::Syntax { line, column } => (codes::JSON_SYNTAX, Some(format!("{line}:{column}"))),
        };
        // Of what says it is a badge, a broken text is a broken badge; of anything else, it is not our business.
        let ours = kind::SIGNS.iter().any(|sign| text.contains(sign));
        let broken = ours && matches!(fault, JsonFault::DuplicateMember | JsonFault::Syntax { .. });
        let outcome = if broken { Outcome::Failed } else { Outcome::CouldNotCheck };
        Refusal { check: Check::Format, outcome, code, detail }
    })
}

/// The text says something of itself that cannot be.
fn failed(code: &'static str, detail: Option<&str>) -> Refusal {
    Refusal { check: Check::Format, outcome: Outcome::Failed, code, detail: detail.map(str::to_owned) }
}

/// What came in could not be read; that says nothing about a badge.
pub(crate) fn unread(code: &'static str, detail: Option<&str>) -> Refusal {
    Refusal { check: Check::Format, outcome: Outcome::CouldNotCheck, code, detail: detail.map(str::to_owned) }
}
