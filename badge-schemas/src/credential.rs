//! `OpenBadgeCredential`: the one fixed shape that Livret signs (decisions §5–15), and the rules that any must obey.

mod prepared;
mod write;

use serde_json::{Map, Value, json};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use crate::dates;
use crate::identity::HashedEmail;
use crate::referentiel::{Achievement, EvidenceType};
use crate::text::{self, TextFault};

pub use prepared::{Prepared, PreparedFault};
pub use write::{WriteFault, write};

pub use crate::validate::{Class, MOST_FAULTS, SchemaFault, validate, validate_again, validate_canonical};

/// The contexts of every badge we sign, in order.
pub const CONTEXTS: [&str; 3] = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
];
/// The schema every badge we sign names.
pub const SCHEMA: &str =
    "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json";
/// Longest evidence sentence, in characters (decisions §7).
pub const MAX_SENTENCE: usize = 280;

/// Everything a badge says. [`AwardFacts::faults`] tells what cannot be signed; ask it before [`compose`].
#[derive(Debug, Clone, Copy)]
pub struct AwardFacts<'a> {
    /// Origin of the issuer, `https://livret.example`.
    pub issuer_base: &'a str,
    /// Public id of the award (UUID v4): part of the credential's id.
    pub credential_id: Uuid,
    /// Id of the subject (UUID v4), drawn for this award alone.
    pub subject_id: Uuid,
    /// What is attested.
    pub achievement: &'a Achievement,
    /// The organisation that attests.
    pub issuer: &'a IssuerFacts,
    /// The Région, creator of the achievements (decisions §14).
    pub region: &'a IssuerFacts,
    /// The instant of attestation; whole seconds count.
    pub valid_from: OffsetDateTime,
    /// The day observed.
    pub awarded_on: Date,
    /// The person's name.
    pub name: &'a str,
    /// The person's e-mail address, hashed, if there is one.
    pub email: Option<&'a HashedEmail>,
    /// Points observed, as places in [`Achievement::observables`]; order and repetition do not matter.
    pub observed: &'a [usize],
    /// Kind of evidence.
    pub evidence_type: &'a EvidenceType,
    /// The evidence sentence, at most [`MAX_SENTENCE`] characters; may be empty.
    pub sentence: &'a str,
    /// Place in the organisation's status list.
    pub status: StatusFacts<'a>,
}

/// An organisation as its badges name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuerFacts {
    /// `did:web:livret.example:o:7h2k9qx4`.
    pub did: String,
    /// Name.
    pub name: String,
    /// Page of the organisation, `https://livret.example/o/7h2k9qx4`.
    pub url: String,
}

/// Where the status of a badge is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatusFacts<'a> {
    /// Address of the list.
    pub list_url: &'a str,
    /// Place in the list.
    pub index: u32,
}

impl StatusFacts<'_> {
    /// The `BitstringStatusListEntry` (Bitstring Status List 1.0, §2.1), with the id that the schema of 2025 asks for.
    pub(crate) fn entry(&self) -> Value {
        json!({
            "id": format!("{}#{}", self.list_url, self.index),
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": self.index.to_string(),
            "statusListCredential": self.list_url,
        })
    }
}

/// A fact that cannot be signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FactFault {
    /// The name cannot be signed.
    #[error("name: {0}")]
    Name(TextFault),
    /// There is no name.
    #[error("name is empty")]
    NameEmpty,
    /// The sentence cannot be signed.
    #[error("sentence: {0}")]
    Sentence(TextFault),
    /// The sentence is longer than [`MAX_SENTENCE`].
    #[error("sentence has more than 280 characters")]
    SentenceTooLong,
    /// The organisation's name cannot be signed.
    #[error("organisation name: {0}")]
    Organisation(TextFault),
    /// A point observed does not exist in this badge.
    #[error("observed point does not exist")]
    UnknownPoint,
    /// The level asks for a second look (decisions §9).
    #[error("this level needs a second look, which does not exist yet")]
    NeedsSecondLook,
    /// A public id is not a UUID v4 (decisions §11).
    #[error("public ids are UUID v4")]
    NotV4,
}

impl AwardFacts<'_> {
    /// Why these facts cannot be signed; empty when they can.
    pub fn faults(&self) -> Vec<FactFault> {
        let mut faults = Vec::new();
        if self.name.trim().is_empty() {
            faults.push(FactFault::NameEmpty);
        }
        faults.extend(text::check_signable(self.name).err().map(FactFault::Name));
        faults.extend(text::check_signable(self.sentence).err().map(FactFault::Sentence));
        faults.extend(text::check_signable(&self.issuer.name).err().map(FactFault::Organisation));
        if self.sentence.chars().count() > MAX_SENTENCE {
            faults.push(FactFault::SentenceTooLong);
        }
        if self.observed.iter().any(|i| *i >= self.achievement.observables.len()) {
            faults.push(FactFault::UnknownPoint);
        }
        if self.achievement.needs_second_look() {
            faults.push(FactFault::NeedsSecondLook);
        }
        if [self.credential_id, self.subject_id].iter().any(|id| id.get_version_num() != 4) {
            faults.push(FactFault::NotV4);
        }
        faults
    }

    /// Id of the credential: `https://{issuer}/badges/{uuid}` (decisions §11).
    pub fn credential_url(&self) -> String {
        format!("{}/badges/{}", base(self.issuer_base), self.credential_id)
    }
}

/// The unsigned badge, member for member as the signed specimen of the design.
pub fn compose(facts: &AwardFacts<'_>) -> Value {
    let id = facts.credential_url();
    let achievement = facts.achievement;
    json!({
        "@context": CONTEXTS,
        "id": id,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": achievement.name,
        "description": achievement.description,
        "image": {
            "id": format!("{id}/image.png"),
            "type": "Image",
            "caption": format!("Badge « {} », attesté par {}", achievement.name, facts.issuer.name),
        },
        "issuer": {
            "id": facts.issuer.did,
            "type": ["Profile"],
            "name": facts.issuer.name,
            "url": facts.issuer.url,
        },
        "validFrom": dates::instant(facts.valid_from),
        "awardedDate": dates::day(facts.awarded_on),
        "credentialSubject": {
            "id": format!("urn:uuid:{}", facts.subject_id),
            "type": ["AchievementSubject"],
            "identifier": identifiers(facts.name, facts.email),
            "achievement": compose_achievement(achievement, facts.issuer_base, facts.region),
        },
        "evidence": [evidence(facts)],
        "credentialStatus": facts.status.entry(),
        "credentialSchema": [{ "id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019" }],
    })
}

/// The achievement as every badge about it carries it, frozen with its version (decisions §13).
pub fn compose_achievement(achievement: &Achievement, issuer_base: &str, region: &IssuerFacts) -> Value {
    let id = achievement.url(base(issuer_base));
    let mut value = json!({
        "id": id,
        "type": ["Achievement"],
        "achievementType": "Competency",
        "name": achievement.name,
        "description": achievement.description,
        "criteria": { "narrative": achievement.narrative },
        "creator": { "id": region.did, "type": ["Profile"], "name": region.name },
        "humanCode": achievement.human_code,
        "inLanguage": "fr",
        "version": achievement.version,
        "image": {
            "id": format!("{id}/image.png"),
            "type": "Image",
            "caption": achievement.name,
        },
        "tag": achievement.tags,
    });
    if !achievement.alignments.is_empty() {
        value["alignment"] = achievement.alignments.iter().map(alignment).collect();
    }
    value
}

/// What the achievement's permanent address answers in JSON-LD: the same object, with its contexts.
pub fn achievement_document(achievement: &Achievement, issuer_base: &str, region: &IssuerFacts) -> Value {
    let mut document = json!({ "@context": [CONTEXTS[0], CONTEXTS[1]] });
    if let (Value::Object(all), Value::Object(members)) =
        (&mut document, compose_achievement(achievement, issuer_base, region))
    {
        all.extend(members);
    }
    document
}

pub(crate) fn identifiers(name: &str, email: Option<&HashedEmail>) -> Value {
    let mut all = vec![json!({
        "type": "IdentityObject",
        "identityType": "name",
        "hashed": false,
        "identityHash": name,
    })];
    all.extend(email.map(|email| {
        json!({
            "type": "IdentityObject",
            "identityType": "emailAddress",
            "hashed": true,
            "identityHash": format!("sha256${}", email.hash_hex),
            "salt": email.salt,
        })
    }));
    Value::Array(all)
}

fn evidence(facts: &AwardFacts<'_>) -> Value {
    let mut evidence = Map::new();
    evidence.insert("type".into(), json!(["Evidence"]));
    evidence.insert("genre".into(), json!(facts.evidence_type.id));
    let points = points(facts);
    if !points.is_empty() {
        evidence.insert("description".into(), json!(points));
    }
    if !facts.sentence.is_empty() {
        evidence.insert("narrative".into(), json!(facts.sentence));
    }
    Value::Object(evidence)
}

/// The points observed, one a line, in the order of the référentiel: a reader can write them by their places.
fn points(facts: &AwardFacts<'_>) -> String {
    let mut lines = String::new();
    for (place, point) in facts.achievement.observables.iter().enumerate() {
        if facts.observed.contains(&place) {
            lines.push_str(if lines.is_empty() { "- " } else { "\n- " });
            lines.push_str(point);
        }
    }
    lines
}

fn alignment(alignment: &crate::referentiel::Alignment) -> Value {
    let mut value = json!({
        "type": ["Alignment"],
        "targetName": alignment.target_name,
        "targetUrl": alignment.target_url,
        "targetFramework": alignment.target_framework,
    });
    if let Some(code) = &alignment.target_code {
        value["targetCode"] = json!(code);
    }
    value
}

fn base(origin: &str) -> &str {
    origin.trim_end_matches('/')
}

#[cfg(test)]
mod tests;
