//! `ClrCredential` (CLR 2.0): the record that gathers a person's signed badges in one document.
//! Whoever signs the record vouches for the gathering alone; each badge keeps its own signature.

use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::credential::IssuerFacts;
use crate::dates;
use crate::identity::HashedEmail;
use crate::text::{self, TextFault};
use crate::validate::{Class, values};

/// The contexts of every record we sign, in order.
pub const CONTEXTS: [&str; 4] = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
];
/// The schema that every record names.
pub const SCHEMA: &str = "https://purl.imsglobal.org/spec/clr/v2p0/schema/json/clr_v2p0_clrcredential_schema.json";

/// Everything a record says.
#[derive(Debug, Clone, Copy)]
pub struct ClrFacts<'a> {
    /// Id of the record, an absolute IRI.
    pub id: &'a str,
    /// Title; the standard requires one.
    pub name: &'a str,
    /// What it is, in a sentence or two.
    pub description: Option<&'a str>,
    /// Who gathers and signs: the platform.
    pub publisher: &'a IssuerFacts,
    /// When it is gathered; whole seconds count.
    pub valid_from: OffsetDateTime,
    /// Whose record it is.
    pub learner: Learner<'a>,
    /// The badges chosen, in order.
    pub badges: &'a [Held<'a>],
    /// Achievements that associations name and that no badge holds: a programme, for one.
    pub achievements: &'a [Value],
    /// How achievements relate.
    pub associations: &'a [Association<'a>],
}

/// Whose record it is: an id, or who they are.
#[derive(Debug, Clone, Copy)]
pub enum Learner<'a> {
    /// A DID or another absolute IRI.
    Id(&'a str),
    /// A name in clear, and the e-mail address, hashed, if there is one.
    Named(&'a str, Option<&'a HashedEmail>),
}

/// A badge as the person holds it.
#[derive(Debug, Clone, Copy)]
pub enum Held<'a> {
    /// JSON, with its embedded proof.
    Json(&'a Value),
    /// A compact JWS (VC-JWT, or a signed badge of 2.0).
    Jws(&'a str),
}

/// "The source is … of the target", both by the id of an achievement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Association<'a> {
    /// How they relate.
    pub kind: AssociationType,
    /// Id of the source achievement.
    pub source: &'a str,
    /// Id of the target achievement.
    pub target: &'a str,
}

/// `AssociationType` (CLR 2.0): a closed vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AssociationType {
    /// Equivalent to the target.
    ExactMatchOf,
    /// Below the target.
    IsChildOf,
    /// Above the target.
    IsParentOf,
    /// A part of the target.
    IsPartOf,
    /// Beside the target.
    IsPeerOf,
    /// Related in another way.
    IsRelatedTo,
    /// Comes before the target.
    Precedes,
    /// The target takes its place.
    ReplacedBy,
}

impl AssociationType {
    /// The term of the standard.
    pub const fn term(self) -> &'static str {
        match self {
            Self::ExactMatchOf => "exactMatchOf",
            Self::IsChildOf => "isChildOf",
            Self::IsParentOf => "isParentOf",
            Self::IsPartOf => "isPartOf",
            Self::IsPeerOf => "isPeerOf",
            Self::IsRelatedTo => "isRelatedTo",
            Self::Precedes => "precedes",
            Self::ReplacedBy => "replacedBy",
        }
    }
}

/// The unsigned record, and the badges that it does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Composed {
    /// The record.
    pub clr: Value,
    /// The badges to hand over beside it.
    pub aside: Vec<SetAside>,
}

/// A badge that a record cannot hold: it goes along as a file of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetAside {
    /// Place in [`ClrFacts::badges`].
    pub place: usize,
    /// Why.
    pub reason: Reason,
}

/// Why a badge is set aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// A compact JWS: `verifiableCredential` holds objects only.
    Jws,
    /// Not a badge of Open Badges 3.0 (2.0, or something else).
    NotOpenBadges3,
    /// Without a proof of its own, it would look vouched for by the publisher.
    Unsigned,
    /// Contexts of another version than the record's: JSON-LD refuses to redefine protected terms.
    ContextVersion,
    /// A context beyond those of the record, whose terms nobody can vouch for here.
    OtherContext,
}

impl Reason {
    /// Stable machine code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Jws => "aside_jws",
            Self::NotOpenBadges3 => "aside_not_open_badges_3",
            Self::Unsigned => "aside_unsigned",
            Self::ContextVersion => "aside_context_version",
            Self::OtherContext => "aside_other_context",
        }
    }
}

/// Why there is no record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClrFault {
    /// No badge is left to hold; the standard requires one. All are named here.
    #[error("no badge can be embedded")]
    NoBadge(Vec<SetAside>),
    /// The record's id or the learner's is not an absolute IRI.
    #[error("an id is not an absolute IRI")]
    Id,
    /// There is no name.
    #[error("a record has a name")]
    NameEmpty,
    /// A text cannot be signed.
    #[error("text: {0}")]
    Text(TextFault),
    /// An association names an achievement that the record does not hold; its place in [`ClrFacts::associations`].
    #[error("association {0} names an achievement that is not there")]
    Dangling(usize),
}

impl ClrFault {
    /// Stable machine code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoBadge(_) => "clr_no_badge",
            Self::Id => "clr_id",
            Self::NameEmpty => "clr_name_empty",
            Self::Text(_) => "clr_text",
            Self::Dangling(_) => "clr_association_dangles",
        }
    }
}

/// The unsigned record: `partial`, as a person chooses what to show; each badge as it was signed, proof included.
pub fn compose(facts: &ClrFacts<'_>) -> Result<Composed, ClrFault> {
    check(facts)?;
    let (mut embedded, mut aside) = (Vec::new(), Vec::new());
    for (place, held) in facts.badges.iter().enumerate() {
        match embeddable(held) {
            Ok(badge) => embedded.push(badge),
            Err(reason) => aside.push(SetAside { place, reason }),
        }
    }
    if embedded.is_empty() {
        return Err(ClrFault::NoBadge(aside));
    }
    let known = |id: &str| {
        let badges = embedded.iter().map(|badge| &badge["credentialSubject"]["achievement"]);
        badges.chain(facts.achievements).any(|achievement| achievement["id"] == id)
    };
    if let Some(place) = facts.associations.iter().position(|a| !known(a.source) || !known(a.target)) {
        return Err(ClrFault::Dangling(place));
    }
    let mut clr = json!({
        "@context": CONTEXTS,
        "id": facts.id,
        "type": ["VerifiableCredential", "ClrCredential"],
        "name": facts.name,
        "partial": true,
        "issuer": {
            "id": facts.publisher.did,
            "type": ["Profile"],
            "name": facts.publisher.name,
            "url": facts.publisher.url,
        },
        "validFrom": dates::instant(facts.valid_from),
        "credentialSubject": subject(facts, &embedded),
        "credentialSchema": [{ "id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019" }],
    });
    if let Some(description) = facts.description {
        clr["description"] = json!(description);
    }
    Ok(Composed { clr, aside })
}

fn check(facts: &ClrFacts<'_>) -> Result<(), ClrFault> {
    let (id, name) = match facts.learner {
        Learner::Id(id) => (id, ""),
        Learner::Named(name, _) => ("urn:none", name),
    };
    if ![facts.id, id].into_iter().all(values::is_absolute_iri) {
        return Err(ClrFault::Id);
    }
    if facts.name.trim().is_empty() || (name.trim().is_empty() && matches!(facts.learner, Learner::Named(..))) {
        return Err(ClrFault::NameEmpty);
    }
    for text in [facts.name, facts.description.unwrap_or_default(), name, &facts.publisher.name] {
        text::check_signable(text).map_err(ClrFault::Text)?;
    }
    Ok(())
}

fn embeddable<'a>(held: &Held<'a>) -> Result<&'a Value, Reason> {
    let Held::Json(badge) = *held else {
        return Err(Reason::Jws);
    };
    if Class::of(badge) != Some(Class::Achievement) {
        return Err(Reason::NotOpenBadges3);
    }
    if badge["proof"].is_null() || badge["proof"] == json!([]) {
        return Err(Reason::Unsigned);
    }
    let contexts = badge["@context"].as_array().map_or(&[][..], Vec::as_slice);
    match contexts {
        [vc, ob, others @ ..] if *vc == CONTEXTS[0] && *ob == CONTEXTS[2] => {
            others.iter().all(|other| *other == CONTEXTS[3]).then_some(badge).ok_or(Reason::OtherContext)
        }
        _ => Err(Reason::ContextVersion),
    }
}

fn subject(facts: &ClrFacts<'_>, embedded: &[&Value]) -> Value {
    let mut subject = json!({ "type": ["ClrSubject"], "verifiableCredential": embedded });
    match facts.learner {
        Learner::Id(id) => subject["id"] = json!(id),
        Learner::Named(name, email) => subject["identifier"] = crate::credential::identifiers(name, email),
    }
    if !facts.achievements.is_empty() {
        subject["achievement"] = json!(facts.achievements);
    }
    if !facts.associations.is_empty() {
        subject["association"] = facts
            .associations
            .iter()
            .map(|a| {
                json!({
                    "type": "Association",
                    "associationType": a.kind.term(),
                    "sourceId": a.source,
                    "targetId": a.target,
                })
            })
            .collect();
    }
    subject
}

#[cfg(test)]
mod tests;
