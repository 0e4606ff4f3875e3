//! What a kept text says, read for its own holder. Judging is the business of `checks`; here nothing is believed.

use serde_json::Value;
use time::format_description::well_known::Rfc3339;
use time::{Date, OffsetDateTime};

/// The words of a badge, out of its exact text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// `id`.
    pub credential_id: String,
    /// `validFrom`, as written.
    pub valid_from: String,
    /// Without the level: « Travail en équipe ».
    pub name: String,
    /// `pratique`…; empty outside the référentiel.
    pub level_code: String,
    /// « Je pratique »; empty outside the référentiel.
    pub level: String,
    /// What the level means, without the final stop.
    pub level_means: String,
    /// Whom it names.
    pub holder: String,
    /// Who attests, as the badge says.
    pub organisation: String,
    /// Their page.
    pub organisation_url: String,
    /// The day observed.
    pub awarded_on: Option<Date>,
    /// The achievement's address.
    pub achievement_url: String,
    /// The credential's picture.
    pub image_url: String,
    /// One sentence.
    pub description: String,
    /// The list of the criteria.
    pub criteria: Vec<String>,
    /// What was observed.
    pub observed: Vec<String>,
    /// The trainer's sentence.
    pub sentence: Option<String>,
}

/// Reads a text; `None` when it is not the JSON of a badge with an id and a beginning.
pub fn read(text: &str) -> Option<Reading> {
    let value = badge_schemas::json::parse_strict(text).ok()?;
    let credential_id = value.get("id")?.as_str()?.to_owned();
    let valid_from = value.get("validFrom")?.as_str()?.to_owned();
    let subject = first(value.get("credentialSubject")?)?;
    let achievement = subject.get("achievement")?;
    let achievement_url = string(achievement, "id");
    let narrative = achievement.get("criteria").map(|criteria| string(criteria, "narrative")).unwrap_or_default();
    let (level_code, level) = level_of(&achievement_url);
    let evidence = value.get("evidence").and_then(first);
    let awarded = value.get("awardedDate").and_then(Value::as_str).unwrap_or(&valid_from);
    Some(Reading {
        name: without_level(&string(achievement, "name"), level),
        level_means: level_means(&narrative, level),
        level_code: level_code.to_owned(),
        level: level.to_owned(),
        holder: holder(subject),
        organisation: value.get("issuer").map(|issuer| string(issuer, "name")).unwrap_or_default(),
        organisation_url: value.get("issuer").map(|issuer| string(issuer, "url")).unwrap_or_default(),
        awarded_on: day(awarded),
        image_url: value.get("image").map(|image| string(image, "id")).unwrap_or_default(),
        description: string(achievement, "description"),
        criteria: points(&narrative),
        observed: evidence.map(|evidence| points(&string(evidence, "description"))).unwrap_or_default(),
        sentence: evidence.map(|evidence| string(evidence, "narrative")).filter(|sentence| !sentence.is_empty()),
        achievement_url,
        credential_id,
        valid_from,
    })
}

/// « Travail en équipe », « pratique » out of « Travail en équipe – Je pratique » and its level.
pub fn without_level(name: &str, level: &str) -> String {
    let end = name.strip_suffix(level).filter(|_| !level.is_empty()).map(|rest| rest.trim_end_matches([' ', '–', '-']));
    end.filter(|rest| !rest.is_empty()).unwrap_or(name).to_owned()
}

/// The level in the last segment of a référentiel address, with its words; both empty elsewhere.
pub fn level_of(achievement_url: &str) -> (&'static str, &'static str) {
    let code = achievement_url.rsplit('/').next().unwrap_or_default();
    let level =
        achievement_url.contains("/referentiel/").then(|| badge_schemas::referentiel::Level::parse(code)).flatten();
    level.map_or(("", ""), |level| (level.code(), level.name()))
}

fn holder(subject: &Value) -> String {
    let identities = match subject.get("identifier") {
        Some(Value::Array(list)) => list.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    let named = |identity: &&Value| {
        identity.get("identityType").and_then(Value::as_str) == Some("name")
            && identity.get("hashed").and_then(Value::as_bool) != Some(true)
    };
    identities.iter().find(named).map(|identity| string(identity, "identityHash")).unwrap_or_default()
}

fn level_means(narrative: &str, level: &str) -> String {
    let said = narrative.lines().find_map(|line| line.trim().strip_prefix(level)).filter(|_| !level.is_empty());
    let words = said.unwrap_or_default().trim_start_matches([' ', '\u{a0}', '\u{202f}', ':']).trim_end_matches('.');
    lower_first(words)
}

/// The lines of a Markdown list, each as a sentence of its own.
fn points(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for line in text.lines().filter_map(|line| line.trim().strip_prefix("- ")) {
        let words = line.trim_end_matches([' ', '\u{a0}', '\u{202f}', ';', '.', ',']);
        let mut letters = words.chars();
        let Some(first) = letters.next() else { continue };
        out.push(format!("{}{}.", first.to_uppercase(), letters.as_str()));
    }
    out
}

fn lower_first(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| format!("{}{}", first.to_lowercase(), letters.as_str())).unwrap_or_default()
}

/// The day it was in Paris at an instant as badges write it.
pub fn day(text: &str) -> Option<Date> {
    OffsetDateTime::parse(text, &Rfc3339).ok().map(web::dates::day_in_paris)
}

fn string(value: &Value, member: &str) -> String {
    value.get(member).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn first(value: &Value) -> Option<&Value> {
    match value {
        Value::Array(list) => list.first(),
        Value::Object(_) => Some(value),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_their_level() {
        assert_eq!(without_level("Travail en équipe – Je pratique", "Je pratique"), "Travail en équipe");
        assert_eq!(without_level("Badge général", ""), "Badge général");
        assert_eq!(without_level("Je pratique", "Je pratique"), "Je pratique");
    }

    #[test]
    fn lists_become_sentences() {
        let text = "Ce badge est attribué :\n- prend sa part ;\n- respecte les rôles.\n\nJe pratique : Avec un appui.";
        assert_eq!(points(text), ["Prend sa part.", "Respecte les rôles."]);
        assert_eq!(level_means(text, "Je pratique"), "avec un appui");
        assert_eq!(level_means(text, ""), "");
    }

    #[test]
    fn only_badges_are_read() {
        assert_eq!(read("[]"), None);
        assert_eq!(read("{\"id\":1}"), None);
        let bare =
            r#"{"id":"urn:x","validFrom":"2026-11-20T14:05:09Z","credentialSubject":{"achievement":{"name":"Lire"}}}"#;
        let reading = read(bare).unwrap();
        assert_eq!((reading.name.as_str(), reading.level.as_str(), reading.holder.as_str()), ("Lire", "", ""));
        assert!(reading.awarded_on.is_some());
    }
}
