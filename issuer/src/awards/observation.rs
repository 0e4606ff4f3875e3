//! What a trainer answers before attesting: which badge, seen when and how, in one sentence. Pure.

use badge_schemas::referentiel::{Achievement, EvidenceType, Level, referentiel};
use badge_schemas::text::{self, TextFault};
use serde::{Deserialize, Serialize};
use time::Date;
use web::form::Fields;
use web::{FieldErrors, dates};

/// Longest sentence signed, in characters (decisions §7).
pub const MAX_SENTENCE: usize = 280;

/// The answers as they came, right or wrong: a refused form comes back with them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Answers {
    /// `cpt-travail-en-equipe/pratique`.
    pub achievement: String,
    /// The day observed, as typed.
    pub day: String,
    /// Id of a kind of evidence.
    pub evidence: String,
    /// Points ticked, by their order in the référentiel.
    pub points: Vec<usize>,
    /// One sentence.
    pub sentence: String,
    /// The day that was asked about because it is before the session: sent again, it was meant.
    pub meant_day: String,
}

/// Answers that can be attested.
#[derive(Debug, Clone)]
pub struct Observation {
    /// Which badge at which level.
    pub achievement: &'static Achievement,
    /// The day observed.
    pub observed_on: Date,
    /// The kind of evidence.
    pub evidence: &'static EvidenceType,
    /// Points observed, in order, each once.
    pub observed: Vec<usize>,
    /// The situation, in one sentence.
    pub sentence: String,
}

/// What surrounds the answers.
#[derive(Debug, Clone, Copy)]
pub struct Around<'a> {
    /// The last day that can have been observed.
    pub today: Date,
    /// Codes of the families that the Région lets the organisation attest; `None` when it lets it attest nothing.
    pub families: Option<&'a [String]>,
    /// Whether at least one point must be ticked (the ticking page), or none need be (a file).
    pub points_wanted: bool,
}

impl Answers {
    /// From the fields `badge`, `jour`, `jour-voulu`, `preuve`, `o` (repeated) and `phrase`.
    pub fn from_form(fields: &Fields) -> Self {
        let mut points: Vec<usize> = fields.all("o").filter_map(|o| o.parse().ok()).collect();
        points.sort_unstable();
        points.dedup();
        Self {
            achievement: fields.get("badge").chars().take(80).collect(),
            day: fields.get("jour").chars().take(40).collect(),
            evidence: fields.get("preuve").chars().take(80).collect(),
            points,
            sentence: fields.get("phrase").chars().take(4 * MAX_SENTENCE).collect(),
            meant_day: fields.get("jour-voulu").chars().take(40).collect(),
        }
    }

    /// The achievement chosen, allowed or not; `None` while nothing is chosen.
    pub fn chosen(&self) -> Option<&'static Achievement> {
        referentiel().achievement_by_code(&self.achievement)
    }

    /// What to ask, once, about a day before the session (`days`: when that is, in words): a slip of the keyboard, or an
    /// observation that the trainer did make. The same day sent again was meant.
    pub fn ask_day(&mut self, starts_on: Date, days: &str) -> Option<String> {
        let day = dates::parse_day(&self.day).filter(|day| *day < starts_on)?;
        if self.meant_day == self.day {
            return None;
        }
        self.meant_day.clone_from(&self.day);
        let day = dates::long(day);
        Some(format!(
            "Le {day} est avant la session ({days}). Corrigez la date, ou attestez de nouveau si elle est juste."
        ))
    }

    /// What can be attested, or what is to be mended, beside each field.
    pub fn check(&self, around: Around<'_>) -> Result<Observation, FieldErrors> {
        let mut errors = FieldErrors::new();
        let achievement = self.chosen();
        match achievement {
            None => errors.add("badge", "Choisissez un badge et un niveau."),
            Some(a) => {
                if let Some(why) = refused(a, around.families) {
                    errors.add("badge", why);
                }
            }
        }
        let points = achievement.map_or(0, |a| a.observables.len());
        let observed: Vec<usize> = self.points.iter().copied().filter(|p| *p < points).collect();
        if around.points_wanted && observed.is_empty() && achievement.is_some() {
            errors.add("o-0", "Cochez au moins un point que vous avez vu.");
        }
        let day = dates::parse_day(&self.day);
        match day {
            None => errors.add("jour", "Écrivez la date de l’observation, par exemple 22/11/2026."),
            Some(day) if day > around.today => {
                errors.add("jour", "Cette date n’est pas encore arrivée\u{a0}: corrigez-la.");
            }
            Some(day) if day.year() < crate::imports::reading::FIRST_YEAR => {
                errors.add("jour", "Cette date est trop ancienne\u{a0}: corrigez-la.");
            }
            Some(_) => {}
        }
        let evidence = referentiel().evidence_type(&self.evidence).filter(|e| !never_alone(e));
        match (evidence, achievement) {
            (None, _) => errors.add("preuve", "Choisissez un type de preuve."),
            (Some(e), Some(a)) if !a.evidence_types.contains(&e.id) => {
                errors.add("preuve", "Ce type de preuve n’est pas prévu pour ce badge\u{a0}: choisissez-en un autre.");
            }
            _ => {}
        }
        let sentence = text::tidy(&self.sentence);
        if let Err(why) = sentence_right(&sentence) {
            errors.add("phrase", why);
        }
        match (achievement, day, evidence) {
            (Some(achievement), Some(observed_on), Some(evidence)) if errors.is_empty() => {
                Ok(Observation { achievement, observed_on, evidence, observed, sentence })
            }
            _ => Err(errors),
        }
    }
}

/// Why this achievement cannot be attested here, in words; `None` when it can (decisions §9).
pub fn refused(achievement: &Achievement, families: Option<&[String]>) -> Option<&'static str> {
    if achievement.is_key() || achievement.level == Level::General {
        return Some(KEY_BADGE);
    }
    if achievement.needs_second_look() {
        return Some(SECOND_LOOK);
    }
    match families {
        None => Some("La Région n’habilite pas votre organisme à attester en ce moment."),
        Some(families) if !families.iter().any(|f| f == achievement.family.code()) => {
            Some("La Région n’habilite pas votre organisme pour cette famille de badges.")
        }
        Some(_) => None,
    }
}

/// Why a key badge is not attested, and what it is (decisions §9).
pub const KEY_BADGE: &str = "Un badge clé réunit des badges déjà attestés à une même personne\u{a0}: un organisme habilité le \
    donne, jamais automatiquement. Livret ne permet pas encore de l’attester.";

/// Why the 16 behavioural « Je maîtrise » are refused for now (decisions §9).
pub const SECOND_LOOK: &str = "«\u{a0}Je maîtrise\u{a0}» demande ici deux observations datées, dans deux contextes, par \
    deux personnes. Le second regard n’est pas encore possible dans Livret\u{a0}: attestez «\u{a0}Je pratique\u{a0}».";

/// « Auto-évaluation (jamais suffisante seule) »: one kind of evidence is chosen, so it would be alone.
pub fn never_alone(evidence: &EvidenceType) -> bool {
    evidence.id == "auto-evaluation"
}

fn sentence_right(sentence: &str) -> Result<(), String> {
    let signs = sentence.chars().count();
    if sentence.is_empty() {
        return Err("Écrivez une phrase\u{a0}: la situation, des faits.".into());
    }
    if signs > MAX_SENTENCE {
        let over = web::words::count(signs - MAX_SENTENCE, "signe", "signes");
        return Err(format!("La phrase a {over} de trop\u{a0}: raccourcissez-la."));
    }
    text::check_signable(sentence).map_err(|fault| {
        match fault {
            TextFault::LooksLikeNir => "Un numéro ressemble à un numéro de sécurité sociale\u{a0}: retirez-le.",
            _ => "La phrase contient des caractères invisibles\u{a0}: retapez-la.",
        }
        .to_owned()
    })
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    fn around(families: &[String]) -> Around<'_> {
        Around { today: date!(2026 - 11 - 22), families: Some(families), points_wanted: true }
    }

    fn families() -> Vec<String> {
        ["comportementale", "base", "numerique"].map(str::to_owned).to_vec()
    }

    fn answers() -> Answers {
        Answers {
            achievement: "cpt-travail-en-equipe/pratique".into(),
            day: "20/11/2026".into(),
            evidence: "mise-en-situation".into(),
            points: vec![0, 2],
            sentence: "Service de midi\u{a0}: 40 couverts.".into(),
            meant_day: String::new(),
        }
    }

    #[test]
    fn a_day_before_the_session_is_asked_about_once() {
        let start = date!(2026 - 11 - 20);
        let mut answers = answers();
        assert_eq!(answers.ask_day(start, "le 20"), None, "the first day is in it");
        answers.day = "19/11/2026".into();
        let asked = answers.ask_day(start, "depuis le 20\u{a0}novembre 2026").expect("a question");
        assert!(asked.starts_with("Le 19\u{a0}novembre 2026 est avant la session (depuis le 20"), "{asked}");
        assert_eq!(answers.ask_day(start, ""), None, "sent again, it was meant");
        answers.day = "18/11/2026".into();
        assert!(answers.ask_day(start, "").is_some(), "another day is another question");
        answers.day = "31/11/2026".into();
        assert_eq!(answers.ask_day(start, ""), None, "no day at all");
    }

    #[test]
    fn right_answers_are_an_observation() {
        let seen = answers().check(around(&families())).expect("right answers");
        assert_eq!((seen.observed, seen.observed_on), (vec![0, 2], date!(2026 - 11 - 20)));
    }

    #[test]
    fn every_refusal_stands_beside_its_field() {
        let wrong = |change: fn(&mut Answers), field: &str| {
            let mut answers = answers();
            change(&mut answers);
            let errors = answers.check(around(&families())).expect_err(field);
            assert_eq!((errors.len(), errors.of(field).is_some()), (1, true), "{field}");
        };
        wrong(|a| a.achievement = "cpt-nexiste-pas/pratique".into(), "badge");
        wrong(|a| a.achievement = "cpt-travail-en-equipe/maitrise".into(), "badge");
        wrong(|a| a.points = vec![99], "o-0");
        wrong(|a| a.day = "31/11/2026".into(), "jour");
        wrong(|a| a.day = "23/11/2026".into(), "jour");
        wrong(|a| a.evidence = "auto-evaluation".into(), "preuve");
        wrong(|a| a.sentence = String::new(), "phrase");
        wrong(|a| a.sentence = "é".repeat(281), "phrase");
        wrong(|a| a.sentence = "Elle a le 2 99 02 76 000 000 12".into(), "phrase");
        wrong(|a| a.sentence = "Vu \u{202e}midi".into(), "phrase");
    }

    #[test]
    fn sixteen_achievements_wait_for_the_second_look() {
        let families = families();
        let all = referentiel().achievements();
        let refused_here = all.iter().filter(|a| refused(a, Some(&families)).is_some()).count();
        assert_eq!((all.len(), refused_here), (134, 16));
        assert!(all.iter().all(|a| refused(a, None).is_some()));
        assert!(referentiel().key_achievements().iter().all(|a| refused(a, Some(&families)).is_some()));
    }
}
