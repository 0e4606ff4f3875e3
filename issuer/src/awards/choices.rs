//! The observation's part of a form: what can be chosen, what was answered.

use badge_schemas::referentiel::{Family, referentiel};

use super::observation::{Answers, never_alone, refused};

/// Everything `awards/_observation.html` shows.
#[derive(Debug, Clone)]
pub(crate) struct Choices {
    /// Families with their badges at each level.
    pub families: Vec<Group>,
    /// `(id, name, chosen)`: kinds of evidence foreseen for the badge, or all while none is chosen.
    pub evidence: Vec<(String, String, bool)>,
    /// `(place, point, ticked)` of the badge chosen.
    pub points: Vec<(usize, String, bool)>,
    /// The badge chosen: name, description, vignette.
    pub chosen: Option<Chosen>,
    /// The day, as answered.
    pub day: String,
    /// The day before the session that was asked about; empty when none was.
    pub meant_day: String,
    /// The sentence, as answered.
    pub sentence: String,
}

/// One family.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    pub name: &'static str,
    pub options: Vec<Choice>,
}

/// One badge at one level.
#[derive(Debug, Clone)]
pub(crate) struct Choice {
    pub code: String,
    pub name: String,
    pub refused: bool,
    pub chosen: bool,
}

/// The badge chosen.
#[derive(Debug, Clone)]
pub(crate) struct Chosen {
    pub code: String,
    pub name: String,
    pub description: String,
    pub level: String,
    pub vignette: String,
}

impl Choices {
    pub(crate) fn new(answers: &Answers, families: Option<&[String]>) -> Self {
        let chosen = answers.chosen();
        let option = |a: &badge_schemas::referentiel::Achievement| Choice {
            code: a.human_code.clone(),
            name: a.name.clone(),
            refused: refused(a, families).is_some(),
            chosen: a.human_code == answers.achievement,
        };
        let group = |family: &Family| Group {
            name: family.name(),
            // What cannot be attested is no line of its own, unless it was answered: a refused form keeps its answers.
            options: referentiel()
                .achievements()
                .iter()
                .filter(|a| a.family == *family)
                .map(option)
                .filter(|choice| !choice.refused || choice.chosen)
                .collect(),
        };
        let evidence = referentiel()
            .evidence_types
            .iter()
            .filter(|e| !never_alone(e) && chosen.is_none_or(|a| a.evidence_types.contains(&e.id)))
            .map(|e| (e.id.clone(), e.name.clone(), e.id == answers.evidence))
            .collect();
        let points = chosen.map_or(&[][..], |a| &a.observables);
        Self {
            families: [Family::Comportementale, Family::Base, Family::Numerique]
                .iter()
                .map(group)
                .filter(|group| !group.options.is_empty())
                .collect(),
            evidence,
            points: points.iter().enumerate().map(|(n, p)| (n, p.clone(), answers.points.contains(&n))).collect(),
            chosen: chosen.map(|a| Chosen {
                code: a.human_code.clone(),
                name: a.name.clone(),
                description: a.description.clone(),
                level: a.level_descriptor.clone(),
                vignette: format!("{}/vignette.svg", a.path()),
            }),
            day: answers.day.clone(),
            meant_day: answers.meant_day.clone(),
            sentence: answers.sentence.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_attested_is_no_line() {
        let families = ["comportementale", "base", "numerique"].map(str::to_owned);
        let codes = |achievement: &str, families: &[String]| -> Vec<String> {
            let answers = Answers { achievement: achievement.to_owned(), ..Answers::default() };
            let groups = Choices::new(&answers, Some(families)).families;
            groups.into_iter().flat_map(|group| group.options).map(|option| option.code).collect()
        };
        assert_eq!((codes("", &families).len(), codes("", &families[..1]).len()), (118, 16));
        let kept = codes("cpt-rigueur/maitrise", &families);
        assert!(kept.len() == 119 && kept.iter().any(|code| code == "cpt-rigueur/maitrise"), "{kept:?}");
    }
}
