//! What the badge says, once its signature is known to be its issuer's.

use badge_schemas::dates::parse_instant;
use badge_schemas::referentiel::{Achievement, referentiel};
use serde::Serialize;
use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::credential::{Credential, items};

/// The facts of a badge, read from its signed text (and the issuer's name from the register when it vouches).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BadgeFacts {
    /// The credential's `id`.
    pub credential_id: String,
    /// What is attested.
    pub achievement: AchievementFacts,
    /// The credential's own picture: an address that nobody has checked.
    pub image: Option<String>,
    /// Whom it names.
    pub recipient: RecipientFacts,
    /// Who attests.
    pub issuer: IssuerFacts,
    /// The instant of attestation.
    #[serde(with = "time::serde::rfc3339")]
    pub valid_from: OffsetDateTime,
    /// The signed end, if any.
    #[serde(with = "time::serde::rfc3339::option")]
    pub valid_until: Option<OffsetDateTime>,
    /// The day observed, if said.
    #[serde(with = "time::serde::rfc3339::option")]
    pub awarded: Option<OffsetDateTime>,
    /// The points observed, one each, without their list mark.
    pub observed: Vec<String>,
    /// The sentence written by the trainer.
    pub sentence: Option<String>,
    /// The kind of evidence (`evidence[0].genre`).
    pub evidence_type: Option<String>,
}

/// What is attested.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AchievementFacts {
    /// Its address, as signed.
    pub id: String,
    /// Its name, with the level: « Travail en équipe – Je pratique ».
    pub name: String,
    /// One sentence.
    pub description: String,
    /// The criteria, Markdown as signed.
    pub criteria: Option<String>,
    /// The neutral picture's address.
    pub image: Option<String>,
    /// The badge and level of the Référentiel Normand it stands for: only when its address and its name say so and the
    /// référentiel has it. Whether its issuer may attest it is the `issuer` check.
    pub referentiel: Option<ReferentielFacts>,
}

/// A place in the Référentiel Normand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReferentielFacts {
    /// The version in its address.
    pub version: String,
    /// The badge, as `cpt-travail-en-equipe`.
    pub badge: String,
    /// Its name: « Travail en équipe ».
    pub badge_name: String,
    /// The level, as `pratique`.
    pub level: String,
    /// « Je pratique ».
    pub level_name: String,
    /// What the level means, one sentence.
    pub level_descriptor: String,
}

/// Whom the badge names. Never a check of who stands before you.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RecipientFacts {
    /// `credentialSubject.id`.
    pub id: Option<String>,
    /// The person's name, signed in clear.
    pub name: Option<String>,
    /// Addresses, as salted hashes.
    pub hashed: Vec<HashedIdentity>,
}

impl RecipientFacts {
    /// Whether `email` is one of the hashed addresses (OB 3.0 §9.3; as typed, then in lower case).
    pub fn matches_email(&self, email: &str) -> bool {
        let mut addresses = self.hashed.iter().filter(|identity| identity.identity_type == "emailAddress");
        addresses.any(|identity| {
            let object = json!({
                "identityType": identity.identity_type,
                "hashed": true,
                "identityHash": identity.hash,
                "salt": identity.salt,
            });
            badge_schemas::identity::matches(&object, email)
        })
    }
}

/// One hashed `IdentityObject` (OB 3.0 B.1.12).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HashedIdentity {
    /// `emailAddress`, mostly.
    pub identity_type: String,
    /// `sha256$…`
    pub hash: String,
    /// The text appended before hashing.
    pub salt: Option<String>,
}

/// Who attests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IssuerFacts {
    /// The issuer's id, as signed.
    pub id: String,
    /// Its name: the register's when [`Self::vouched`], else what the badge says of itself (show it in guillemets).
    pub name: String,
    /// Its short name, from the register, when it has another one: what stands on the rim of its badges.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub short_name: Option<String>,
    /// Its town, from the register.
    pub town: Option<String>,
    /// The register vouches for this issuer, this key and this day.
    pub vouched: bool,
}

/// What an endorsement says (OB 3.0 B.1.7), known to be its issuer's word.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EndorsementFacts {
    /// The credential's `id`.
    pub credential_id: String,
    /// The id of what is endorsed: a badge, an achievement or a profile.
    pub endorsed: String,
    /// What the endorser says of it, Markdown as signed.
    pub comment: Option<String>,
    /// Who endorses.
    pub issuer: IssuerFacts,
    /// The instant of the endorsement.
    #[serde(with = "time::serde::rfc3339")]
    pub valid_from: OffsetDateTime,
    /// Its signed end, if any.
    #[serde(with = "time::serde::rfc3339::option")]
    pub valid_until: Option<OffsetDateTime>,
}

/// What a collection says of itself (CLR 2.0), known to be its issuer's word. What its badges say is theirs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RecordFacts {
    /// The credential's `id`.
    pub credential_id: String,
    /// Who gathered and signed.
    pub issuer: IssuerFacts,
    /// The instant of gathering.
    #[serde(with = "time::serde::rfc3339")]
    pub valid_from: OffsetDateTime,
}

/// Reads the facts of a collection whose signature holds.
pub(crate) fn read_record(credential: &Credential) -> Option<RecordFacts> {
    let value = credential.value();
    Some(RecordFacts {
        credential_id: text(&value["id"])?,
        issuer: issuer(credential),
        valid_from: instant(&value[credential.begin_member()])?,
    })
}

/// Reads the facts out of a text whose signature holds. `None` when what a badge must say is missing.
pub(crate) fn read(credential: &Credential) -> Option<BadgeFacts> {
    let value = credential.value();
    let subject = &value["credentialSubject"];
    let achievement = &subject["achievement"];
    let evidence = value["evidence"].get(0).unwrap_or(&value["evidence"]);
    Some(BadgeFacts {
        credential_id: text(&value["id"])?,
        achievement: AchievementFacts {
            id: text(&achievement["id"])?,
            name: text(&achievement["name"])?,
            description: text(&achievement["description"]).unwrap_or_default(),
            criteria: text(&achievement["criteria"]["narrative"]),
            image: text(&achievement["image"]["id"]),
            referentiel: place(achievement),
        },
        image: text(&value["image"]["id"]),
        recipient: recipient(subject),
        issuer: issuer(credential),
        valid_from: instant(&value[credential.begin_member()])?,
        valid_until: instant(&value[credential.end_member()]),
        awarded: instant(&value["awardedDate"]),
        observed: text(&evidence["description"]).map(|list| points(&list)).unwrap_or_default(),
        sentence: text(&evidence["narrative"]),
        evidence_type: text(&evidence["genre"]),
    })
}

/// Reads the facts of an endorsement whose signature holds.
pub(crate) fn read_endorsement(credential: &Credential) -> Option<EndorsementFacts> {
    let value = credential.value();
    let subject = &value["credentialSubject"];
    Some(EndorsementFacts {
        credential_id: text(&value["id"])?,
        endorsed: text(&subject["id"])?,
        comment: text(&subject["endorsementComment"]),
        issuer: issuer(credential),
        valid_from: instant(&value[credential.begin_member()])?,
        valid_until: instant(&value[credential.end_member()]),
    })
}

fn issuer(credential: &Credential) -> IssuerFacts {
    let id = credential.issuer.clone();
    let name = text(&credential.value()["issuer"]["name"]).unwrap_or_else(|| id.clone());
    IssuerFacts { id, name, short_name: None, town: None, vouched: false }
}

/// The achievement of the référentiel that a signed achievement's address names: `…/referentiel/{version}/{badge}/{level}`.
pub(crate) fn named_achievement(achievement: &Value) -> Option<(&str, &'static Achievement)> {
    let (_, path) = achievement["id"].as_str()?.split_once("/referentiel/")?;
    let (version, human_code) = path.split_once('/')?;
    Some((version, referentiel().achievement_by_code(human_code)?))
}

pub(crate) fn place(achievement: &Value) -> Option<ReferentielFacts> {
    let (version, known) = named_achievement(achievement)?;
    // Another text under the same address would put its words under our level.
    (achievement["name"] == known.name.as_str()).then(|| ReferentielFacts {
        version: version.to_owned(),
        badge: known.badge_id.clone(),
        badge_name: known.badge_name.clone(),
        level: known.level.code().to_owned(),
        level_name: known.level.name().to_owned(),
        level_descriptor: known.level_descriptor.clone(),
    })
}

fn recipient(subject: &Value) -> RecipientFacts {
    let identities = items(&subject["identifier"]);
    let mut facts = RecipientFacts { id: text(&subject["id"]), ..RecipientFacts::default() };
    for identity in identities {
        let (Some(kind), Some(hash)) = (text(&identity["identityType"]), text(&identity["identityHash"])) else {
            continue;
        };
        if identity["hashed"] == true {
            facts.hashed.push(HashedIdentity { identity_type: kind, hash, salt: text(&identity["salt"]) });
        } else if kind == "name" {
            facts.name.get_or_insert(hash);
        }
    }
    facts
}

/// The lines of a Markdown list, as badges of Livret write the points observed; any other text is one point.
fn points(list: &str) -> Vec<String> {
    list.lines().map(|line| line.trim().trim_start_matches("- ").to_owned()).filter(|line| !line.is_empty()).collect()
}

fn text(value: &Value) -> Option<String> {
    value.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

fn instant(value: &Value) -> Option<OffsetDateTime> {
    value.as_str().and_then(parse_instant)
}
