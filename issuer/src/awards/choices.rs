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
    pub vignette: String,
    pub refused: Option<&'static str>,
    pub second_look: bool,
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
            vignette: format!("{}/vignette.svg", a.path()),
            refused: refused(a, families),
            second_look: a.needs_second_look(),
            chosen: a.human_code == answers.achievement,
        };
        let group = |family: &Family| Group {
            name: family.name(),
            options: referentiel().achievements().iter().filter(|a| a.family == *family).map(option).collect(),
        };
        let evidence = referentiel()
            .evidence_types
            .iter()
            .filter(|e| !never_alone(e) && chosen.is_none_or(|a| a.evidence_types.contains(&e.id)))
            .map(|e| (e.id.clone(), e.name.clone(), e.id == answers.evidence))
            .collect();
        let points = chosen.map_or(&[][..], |a| &a.observables);
        Self {
            families: [Family::Comportementale, Family::Base, Family::Numerique].iter().map(group).collect(),
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
            sentence: answers.sentence.clone(),
        }
    }
}
