//! Reads the file of the référentiel and composes the texts that badges freeze.

use serde::Deserialize;

use super::{Achievement, Alignment, Badge, EvidenceType, Family, KeyBadge, Level, Referentiel};
use crate::text;

/// The référentiel of a file in the project's own shape; the error names what is wrong in it.
pub(super) fn load(json: &str) -> Result<Referentiel, String> {
    let file: File = serde_json::from_str(json).map_err(|e| e.to_string())?;
    let mut badges = Vec::new();
    let mut achievements = Vec::new();
    for raw in &file.badges {
        let badge = badge(raw, &file)?;
        for level in &raw.niveaux {
            achievements.push(achievement(&badge, raw, level, &file.version)?);
        }
        badges.push(badge);
    }
    let key_badges = file.badges_cles.iter().map(key_badge).collect::<Result<Vec<_>, _>>()?;
    let key_achievements = key_badges
        .iter()
        .map(|key| key_achievement(key, &key_badges, &badges, &file.version))
        .collect::<Result<_, _>>()?;
    let evidence_types = file.types_de_preuve.into_iter().map(|t| EvidenceType { id: t.id, name: t.nom }).collect();
    Ok(Referentiel { version: file.version, badges, key_badges, evidence_types, achievements, key_achievements })
}

const TAG: &str = "Référentiel Normand";

fn badge(raw: &RawBadge, file: &File) -> Result<Badge, String> {
    let group = raw.collection.as_ref().or(raw.domaine.as_ref()).ok_or_else(|| format!("{}: no group", raw.id))?;
    let group = file
        .collections
        .iter()
        .chain(&file.domaines)
        .find(|n| &n.id == group)
        .ok_or_else(|| format!("{}: unknown group {group}", raw.id))?;
    Ok(Badge {
        id: raw.id.clone(),
        family: Family::parse(&raw.famille).ok_or_else(|| format!("{}: family", raw.id))?,
        group: group.nom.clone(),
        name: raw.nom.fr.clone(),
        name_en: raw.nom.en.clone(),
        description: raw.description.fr.clone(),
        observables: raw.criteres.observables.clone(),
        evidence_types: raw.preuves.types.clone(),
        evidence_rule: raw.preuves.regle.clone(),
        levels: raw.niveaux.iter().map(|n| level(&n.code)).collect::<Result<_, _>>()?,
        search_key: text::search_key(&raw.nom.fr),
    })
}

fn achievement(badge: &Badge, raw: &RawBadge, at: &RawLevel, version: &str) -> Result<Achievement, String> {
    let level = level(&at.code)?;
    Ok(Achievement {
        badge_id: badge.id.clone(),
        level,
        family: badge.family,
        badge_name: badge.name.clone(),
        name: format!("{} – {}", badge.name, level.name()),
        description: badge.description.clone(),
        // The specimen writes an ordinary space before this colon; signed text stays as it is.
        narrative: format!("{}\n\n{} : {}", raw.criteres.narratif, level.name(), at.descripteur),
        human_code: format!("{}/{}", badge.id, level.code()),
        tags: vec![badge.family.name().to_lowercase(), TAG.to_owned()],
        alignments: raw.alignements.iter().map(RawAlignment::read).collect(),
        observables: badge.observables.clone(),
        evidence_types: badge.evidence_types.clone(),
        level_descriptor: at.descripteur.clone(),
        version: version.to_owned(),
    })
}

fn key_badge(raw: &RawKey) -> Result<KeyBadge, String> {
    let level = match raw.genre.as_str() {
        "badge-general" => Level::General,
        _ => level(raw.regle.niveau.as_deref().unwrap_or_default())?,
    };
    let badge_id = raw
        .id
        .strip_suffix(level.code())
        .and_then(|id| id.strip_suffix('-'))
        .ok_or_else(|| format!("{}: no level", raw.id))?;
    Ok(KeyBadge {
        id: raw.id.clone(),
        badge_id: match level {
            Level::General => raw.id.clone(),
            _ => badge_id.to_owned(),
        },
        level,
        name: raw.nom.fr.clone(),
        members: raw.regle.parmi.clone(),
        minimum: raw.regle.minimum,
    })
}

/// Key badges have a rule and no prose of their own: their frozen text is written from the rule.
fn key_achievement(key: &KeyBadge, keys: &[KeyBadge], badges: &[Badge], version: &str) -> Result<Achievement, String> {
    let members = key
        .members
        .iter()
        .map(|id| {
            badges
                .iter()
                .find(|b| &b.id == id)
                .map(|b| b.name.as_str())
                .or_else(|| keys.iter().find(|k| &k.id == id).map(|k| k.name.as_str()))
                .ok_or_else(|| format!("{}: unknown member {id}", key.id))
        })
        .collect::<Result<Vec<_>, _>>()?;
    let minimum = match key.minimum {
        2 => "deux",
        3 => "trois",
        n => return Err(format!("{}: minimum {n}", key.id)),
    };
    let general = key.level == Level::General;
    let rule = if general {
        format!("au moins {minimum} de ces badges clés lui ont été attestés")
    } else {
        let level = key.level.name();
        format!("au moins {minimum} de ces badges lui ont été attestés au niveau «\u{a0}{level}\u{a0}»")
    };
    let descriptor = if general {
        format!("Réunir au moins {minimum} badges clés au niveau «\u{a0}Je maîtrise\u{a0}».")
    } else {
        format!("Réunir au moins {minimum} badges du groupe au niveau «\u{a0}{}\u{a0}».", key.level.name())
    };
    Ok(Achievement {
        badge_id: key.badge_id.clone(),
        level: key.level,
        family: Family::Cle,
        badge_name: match key.name.split_once(" – ") {
            Some((name, _)) if !general => name.to_owned(),
            _ => key.level.name().to_owned(),
        },
        name: key.name.clone(),
        description: descriptor.clone(),
        narrative: format!(
            "Ce badge clé est attribué par une personne d’un organisme habilité par la Région, jamais automatiquement, lorsque {rule}\u{a0}:\n- {}.",
            members.join("\u{202f};\n- ")
        ),
        human_code: format!("{}/{}", key.badge_id, key.level.code()),
        tags: vec![Family::Cle.name().to_lowercase(), TAG.to_owned()],
        alignments: Vec::new(),
        observables: Vec::new(),
        evidence_types: Vec::new(),
        level_descriptor: descriptor,
        version: version.to_owned(),
    })
}

fn level(code: &str) -> Result<Level, String> {
    Level::parse(code).ok_or_else(|| format!("unknown level {code}"))
}

// The file speaks French; these are its words.

#[derive(Deserialize)]
struct File {
    version: String,
    collections: Vec<Named>,
    domaines: Vec<Named>,
    types_de_preuve: Vec<Named>,
    badges_cles: Vec<RawKey>,
    badges: Vec<RawBadge>,
}

#[derive(Deserialize)]
struct Named {
    id: String,
    nom: String,
}

#[derive(Deserialize)]
struct RawBadge {
    id: String,
    famille: String,
    collection: Option<String>,
    domaine: Option<String>,
    nom: Names,
    description: Text,
    criteres: RawCriteria,
    niveaux: Vec<RawLevel>,
    preuves: RawEvidence,
    alignements: Vec<RawAlignment>,
}

#[derive(Deserialize)]
struct Names {
    fr: String,
    en: String,
}

#[derive(Deserialize)]
struct Text {
    fr: String,
}

#[derive(Deserialize)]
struct RawCriteria {
    narratif: String,
    observables: Vec<String>,
}

#[derive(Deserialize)]
struct RawLevel {
    code: String,
    descripteur: String,
}

#[derive(Deserialize)]
struct RawEvidence {
    types: Vec<String>,
    regle: String,
}

/// Already in the standard's words.
#[derive(Deserialize)]
struct RawAlignment {
    #[serde(rename = "targetName")]
    name: String,
    #[serde(rename = "targetUrl")]
    url: String,
    #[serde(rename = "targetFramework")]
    framework: String,
    #[serde(rename = "targetCode")]
    code: Option<String>,
}

impl RawAlignment {
    fn read(&self) -> Alignment {
        Alignment {
            target_name: self.name.clone(),
            target_url: self.url.clone(),
            target_framework: self.framework.clone(),
            target_code: self.code.clone(),
        }
    }
}

#[derive(Deserialize)]
struct RawKey {
    id: String,
    #[serde(rename = "type")]
    genre: String,
    nom: Text,
    regle: RawRule,
}

#[derive(Deserialize)]
struct RawRule {
    parmi: Vec<String>,
    minimum: usize,
    niveau: Option<String>,
}
