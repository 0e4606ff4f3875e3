//! `EndorsementCredential` (Open Badges 3.0, §B.1.7–B.1.8): what somebody else vouches for in a badge, an achievement
//! or an issuer. Composed here, signed by the endorser, then put into what is composed next.

use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::credential::{CONTEXTS, IssuerFacts, StatusFacts};
use crate::dates;
use crate::text::{self, TextFault};
use crate::validate::{Class, values};

/// The schema that every endorsement names.
pub const SCHEMA: &str =
    "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_endorsementcredential_schema.json";

/// Everything an endorsement says. [`EndorsementFacts::faults`] tells what cannot be signed; ask it before [`compose`].
#[derive(Debug, Clone, Copy)]
pub struct EndorsementFacts<'a> {
    /// Id of the endorsement, an absolute IRI.
    pub id: &'a str,
    /// Who endorses.
    pub endorser: &'a IssuerFacts,
    /// Title of the endorsement; the standard requires one.
    pub name: &'a str,
    /// Id of what is endorsed: a credential, an achievement or a profile.
    pub endorsed: &'a str,
    /// The claim, in Markdown.
    pub comment: Option<&'a str>,
    /// From when it holds; whole seconds count.
    pub valid_from: OffsetDateTime,
    /// Until when it holds, if it ends.
    pub valid_until: Option<OffsetDateTime>,
    /// Place in the endorser's status list, if it can be withdrawn.
    pub status: Option<StatusFacts<'a>>,
}

/// An endorsement that cannot be signed, or cannot be put where it was to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EndorsementFault {
    /// Its id or that of what is endorsed is not an absolute IRI.
    #[error("an id is not an absolute IRI")]
    Id,
    /// There is no name.
    #[error("an endorsement has a name")]
    NameEmpty,
    /// Name, comment or endorser's name cannot be signed.
    #[error("text: {0}")]
    Text(TextFault),
    /// It ends before it starts.
    #[error("the endorsement ends before it starts")]
    Period,
    /// The badge is signed: what is added now would break its signature.
    #[error("a signed badge takes no endorsement")]
    BadgeSigned,
    /// The endorsement is not signed, or is not an `EndorsementCredential` or a compact JWS.
    #[error("only a signed endorsement is embedded")]
    NotSigned,
    /// It endorses something else than the part of the badge where it was to go.
    #[error("the endorsement is about something else")]
    AboutAnother,
    /// Its contexts are of other versions than the badge's, which JSON-LD cannot read together: deliver it as a JWS.
    #[error("the endorsement has contexts of another version")]
    ContextVersion,
}

impl EndorsementFault {
    /// Stable machine code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Id => "endorsement_id",
            Self::NameEmpty => "endorsement_name_empty",
            Self::Text(_) => "endorsement_text",
            Self::Period => "endorsement_period",
            Self::BadgeSigned => "endorsement_badge_signed",
            Self::NotSigned => "endorsement_not_signed",
            Self::AboutAnother => "endorsement_about_another",
            Self::ContextVersion => "endorsement_context_version",
        }
    }
}

impl EndorsementFacts<'_> {
    /// Why these facts cannot be signed; empty when they can.
    pub fn faults(&self) -> Vec<EndorsementFault> {
        let mut faults = Vec::new();
        if ![self.id, self.endorsed].into_iter().all(values::is_absolute_iri) {
            faults.push(EndorsementFault::Id);
        }
        if self.name.trim().is_empty() {
            faults.push(EndorsementFault::NameEmpty);
        }
        let texts = [self.name, self.comment.unwrap_or_default(), &self.endorser.name];
        faults.extend(texts.into_iter().filter_map(|t| text::check_signable(t).err()).map(EndorsementFault::Text));
        if self.valid_until.is_some_and(|until| until < self.valid_from) {
            faults.push(EndorsementFault::Period);
        }
        faults
    }
}

/// The unsigned endorsement.
pub fn compose(facts: &EndorsementFacts<'_>) -> Value {
    let mut endorsement = json!({
        "@context": CONTEXTS,
        "id": facts.id,
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": facts.name,
        "issuer": {
            "id": facts.endorser.did,
            "type": ["Profile"],
            "name": facts.endorser.name,
            "url": facts.endorser.url,
        },
        "validFrom": dates::instant(facts.valid_from),
        "credentialSubject": { "id": facts.endorsed, "type": ["EndorsementSubject"] },
        "credentialSchema": [{ "id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019" }],
    });
    if let Some(until) = facts.valid_until {
        endorsement["validUntil"] = json!(dates::instant(until));
    }
    if let Some(comment) = facts.comment {
        endorsement["credentialSubject"]["endorsementComment"] = json!(comment);
    }
    if let Some(status) = facts.status {
        endorsement["credentialStatus"] = status.entry();
    }
    endorsement
}

/// A signed endorsement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Endorsement {
    /// With its embedded proof.
    Embedded(Value),
    /// As a VC-JWT.
    Jwt(String),
}

/// The part of a badge that is endorsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Endorsed {
    /// The badge itself.
    Credential,
    /// The issuer's profile.
    Issuer,
    /// The achievement.
    Achievement,
}

/// Puts a signed endorsement into a badge that is still to be signed: into `endorsement` of the part, or into
/// `endorsementJwt`. Whom a JWT endorses is read when it is verified.
pub fn attach(badge: &mut Value, part: Endorsed, endorsement: Endorsement) -> Result<(), EndorsementFault> {
    if !badge["proof"].is_null() {
        return Err(EndorsementFault::BadgeSigned);
    }
    let place = match part {
        Endorsed::Credential => "",
        Endorsed::Issuer => "/issuer",
        Endorsed::Achievement => "/credentialSubject/achievement",
    };
    let contexts = badge["@context"].clone();
    let target = badge.pointer_mut(place).and_then(Value::as_object_mut).ok_or(EndorsementFault::AboutAnother)?;
    let (member, value) = match endorsement {
        Endorsement::Embedded(value) => {
            if Class::of(&value) != Some(Class::Endorsement) || value["proof"].is_null() {
                return Err(EndorsementFault::NotSigned);
            }
            if value["credentialSubject"]["id"].is_null() || value["credentialSubject"].get("id") != target.get("id") {
                return Err(EndorsementFault::AboutAnother);
            }
            if [0, 1].iter().any(|i| value["@context"][*i] != contexts[*i]) {
                return Err(EndorsementFault::ContextVersion);
            }
            ("endorsement", value)
        }
        Endorsement::Jwt(jws) if values::is_compact_jws(&jws) => ("endorsementJwt", json!(jws)),
        Endorsement::Jwt(_) => return Err(EndorsementFault::NotSigned),
    };
    match target.entry(member).or_insert_with(|| json!([])) {
        Value::Array(all) => all.push(value),
        one => *one = json!([one.take(), value]),
    }
    Ok(())
}

#[cfg(test)]
mod tests;
