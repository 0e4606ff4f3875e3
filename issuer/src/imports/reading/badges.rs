//! A badge and a level as people write them: the code, the French name, with or without the level; else the nearest.

use badge_schemas::referentiel::{Achievement, Level, referentiel};
use badge_schemas::text;

use super::Fault;
use super::cells::{nobody, shown, tidy};

/// What the cells of badge and level say.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// Id of the badge; none when the cell is empty or not understood.
    pub badge_id: Option<String>,
    /// Level; none when no cell says one.
    pub level: Option<Level>,
    /// What is to be mended.
    pub fault: Option<Fault>,
}

/// Reads both cells together. Neither said is no fault: the trainer's choice for the whole file counts then.
pub fn read(badge: &str, level: &str) -> Said {
    let (badge, level) = (tidy(badge), tidy(level));
    if text::looks_like_nir(&badge) || text::looks_like_nir(&level) {
        return Said { fault: Some(Fault::LooksLikeNir), ..Said::default() };
    }
    let quoted = |said: &str| shown(said, &Fault::NotAName).chars().take(MAX_QUOTED).collect::<String>();
    let said_level = if nobody(&level) { None } else { Some(Level::find(&level).ok_or_else(|| quoted(&level))) };
    if nobody(&badge) {
        return match said_level.transpose() {
            Ok(level) => Said { level, ..Said::default() },
            Err(said) => Said { fault: Some(Fault::LevelUnknown(said)), ..Said::default() },
        };
    }
    let Some((badge_id, name, its_level)) = find(&badge) else {
        let level = said_level.and_then(Result::ok);
        return Said { level, fault: Some(Fault::BadgeUnknown(quoted(&badge))), ..Said::default() };
    };
    let levels: Vec<Level> = of_badge(&badge_id).iter().map(|a| a.level).collect();
    let level = match (said_level, its_level) {
        (Some(Err(said)), _) => Err(Fault::LevelUnknown(said)),
        (Some(Ok(said)), Some(its)) if said != its => Err(Fault::LevelsDiffer(name)),
        (Some(Ok(level)), _) | (None, Some(level)) if levels.contains(&level) => Ok(level),
        (Some(Ok(_)), _) | (None, Some(_)) => Err(Fault::LevelNotOfBadge(name)),
        (None, None) if levels.len() == 1 => Ok(levels[0]),
        (None, None) => Err(Fault::LevelMissing(name)),
    };
    match level {
        Ok(level) => Said { badge_id: Some(badge_id), level: Some(level), fault: None },
        Err(fault) => Said { badge_id: Some(badge_id), level: None, fault: Some(fault) },
    }
}

/// The achievements of a badge, lowest level first.
pub fn of_badge(badge_id: &str) -> Vec<&'static Achievement> {
    referentiel()
        .achievements()
        .iter()
        .chain(referentiel().key_achievements())
        .filter(|a| a.badge_id == badge_id)
        .collect()
}

/// What a person may have meant, the likeliest first, six at most; at that level if one is given, else at the lowest.
pub fn nearest(said: &str, level: Option<Level>) -> Vec<&'static Achievement> {
    let said = pairs(&text::search_key(said));
    let mut near: Vec<(usize, &Achievement)> = referentiel()
        .badges
        .iter()
        .filter_map(|badge| {
            let levels = of_badge(&badge.id);
            let one = levels.iter().find(|a| level == Some(a.level)).or(levels.first())?;
            Some((likeness(&said, &pairs(&text::search_key(&badge.name))), *one))
        })
        .filter(|(likeness, _)| *likeness >= 250)
        .collect();
    near.sort_by_key(|(likeness, _)| std::cmp::Reverse(*likeness));
    near.into_iter().take(6).map(|(_, achievement)| achievement).collect()
}

/// Longest text quoted back, in characters.
const MAX_QUOTED: usize = 80;

/// Id, name, and the level if the text says one: `cpt-rigueur/pratique`, « Rigueur – Je pratique », « rigueur ».
fn find(said: &str) -> Option<(String, String, Option<Level>)> {
    // No name of the référentiel is longer: what is will not be compared.
    if said.chars().count() > 2 * MAX_QUOTED {
        return None;
    }
    let key = text::search_key(said);
    let whole = referentiel()
        .achievements()
        .iter()
        .chain(referentiel().key_achievements())
        .find(|a| a.human_code.eq_ignore_ascii_case(said) || text::search_key(&a.name) == key);
    if let Some(a) = whole {
        return Some((a.badge_id.clone(), a.badge_name.clone(), Some(a.level)));
    }
    let badge = referentiel().find(&said.to_lowercase()).or_else(|| referentiel().find(said));
    badge.map(|badge| (badge.id.clone(), badge.name.clone(), None))
}

/// Letters two by two, sorted.
fn pairs(key: &str) -> Vec<(char, char)> {
    let letters = || key.chars().filter(|c| *c != ' ').take(MAX_QUOTED);
    let mut pairs: Vec<(char, char)> = letters().zip(letters().skip(1)).collect();
    pairs.sort_unstable();
    pairs
}

/// In thousandths: what two texts share of their pairs of letters (Dice).
fn likeness(a: &[(char, char)], b: &[(char, char)]) -> usize {
    let (mut i, mut j, mut shared) = (0, 0, 0_usize);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Equal => (i, j, shared) = (i + 1, j + 1, shared + 1),
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
        }
    }
    (2000 * shared).checked_div(a.len() + b.len()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn badges_as_people_write_them() {
        for (badge, level, code) in [
            ("cpt-travail-en-equipe/pratique", "", "cpt-travail-en-equipe/pratique"),
            ("CPT-TRAVAIL-EN-EQUIPE", "pratique", "cpt-travail-en-equipe/pratique"),
            ("Travail en équipe", "Je pratique", "cpt-travail-en-equipe/pratique"),
            ("TRAVAIL EN EQUIPE", "JE PRATIQUE", "cpt-travail-en-equipe/pratique"),
            ("travail  en équipe – je maîtrise", "", "cpt-travail-en-equipe/maitrise"),
            ("Lire", "découvre", "bas-lire/decouvre"),
            ("", "maîtrise", "/maitrise"),
        ] {
            let said = read(badge, level);
            assert_eq!(said.fault, None, "{badge} {level}");
            let told = format!("{}/{}", said.badge_id.unwrap_or_default(), said.level.map_or("", Level::code));
            assert_eq!(told, code, "{badge} {level}");
        }
        assert_eq!(read(" - ", "néant"), Said::default());
    }

    #[test]
    fn what_is_not_understood_says_what_was_meant() {
        let fault = |badge, level| read(badge, level).fault.expect("a fault");
        assert_eq!(fault("Esprit d’équipe", "pratique"), Fault::BadgeUnknown("Esprit d’équipe".into()));
        assert!(
            fault("Esprit d’équipe", "").words().contains("Travail en équipe"),
            "{}",
            fault("Esprit d’équipe", "").words()
        );
        assert_eq!(fault("Travail en équipe", "niveau 3"), Fault::LevelUnknown("niveau 3".into()));
        assert_eq!(fault("Travail en équipe", "decouvre"), Fault::LevelNotOfBadge("Travail en équipe".into()));
        assert_eq!(fault("Travail en équipe", ""), Fault::LevelMissing("Travail en équipe".into()));
        assert_eq!(fault("bas-lire/pratique", "maitrise"), Fault::LevelsDiffer("Lire".into()));
        assert_eq!(fault("299027600000012", ""), Fault::LooksLikeNir);
        assert!(nearest("zzzz", None).is_empty());
        assert!(nearest("rigeur", Some(Level::Pratique)).iter().any(|a| a.human_code == "cpt-rigueur/pratique"));
        // Whatever is written costs little and comes back short.
        assert!(matches!(fault(&"é".repeat(1_000), ""), Fault::BadgeUnknown(said) if said.chars().count() == 80));
    }
}
