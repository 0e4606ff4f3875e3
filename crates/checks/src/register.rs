//! Whether the register of trust vouches for an issuer, a key, a day and a badge (decisions §14).

use badge_schemas::register::{Entry, Register};
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::codes;
use crate::facts::named_achievement;

/// What the register is asked about.
pub(crate) struct Signing<'a> {
    pub issuer: &'a str,
    /// The name the badge gives its issuer.
    pub claimed_name: &'a str,
    /// The key, as multibase.
    pub key: &'a str,
    /// `validFrom` and the proof's `created`: both must lie within the habilitation.
    pub valid_from: OffsetDateTime,
    pub created: OffsetDateTime,
    /// `credentialSubject.achievement` of a badge; `None` for what attests no achievement.
    pub achievement: Option<&'a Value>,
}

/// The entry that vouches, or the code and detail of why none does.
pub(crate) fn vouching<'r>(
    register: &'r Register,
    signing: &Signing<'_>,
) -> Result<&'r Entry, (&'static str, Option<String>)> {
    let entries: Vec<&Entry> = register.entries.iter().filter(|entry| entry.did == signing.issuer).collect();
    if entries.is_empty() {
        return Err((codes::ISSUER_NOT_IN_REGISTER, Some(signing.claimed_name.to_owned())));
    }
    let (first, last) = (signing.valid_from.min(signing.created), signing.valid_from.max(signing.created));
    let covers = |entry: &&&Entry| entry.from <= first && entry.until.is_none_or(|until| last < until);
    let Some(entry) = entries.iter().find(covers) else {
        let ended = entries.iter().filter_map(|entry| entry.until).filter(|until| *until <= last).max();
        return Err(match ended {
            Some(until) => (codes::HABILITATION_ENDED, stamp(until)),
            None => (codes::BEFORE_HABILITATION, entries.iter().map(|entry| entry.from).min().and_then(stamp)),
        });
    };
    if entry.key_at(signing.key, signing.created).is_none() {
        return Err((codes::KEY_NOT_IN_REGISTER, None));
    }
    let Some(achievement) = signing.achievement else { return Ok(entry) };
    // The register speaks of families of the Référentiel Normand, whose achievements are the Région's.
    let of_the_region = achievement["creator"]["id"] == register.issuer.as_str();
    let family = named_achievement(achievement).map(|(_, achievement)| achievement.family);
    match family {
        Some(family) if of_the_region && entry.may_attest(family) => Ok(entry),
        _ => Err((codes::OUTSIDE_HABILITATION, None)),
    }
}

/// A date as a finding's detail carries it.
pub(crate) fn stamp(at: OffsetDateTime) -> Option<String> {
    at.format(&Rfc3339).ok()
}
