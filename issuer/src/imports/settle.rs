//! Who each line is: the same as an earlier line, a trainee already known, somebody new, or a question.

use std::collections::HashMap;

use badge_schemas::referentiel::referentiel;
use store::Tx;
use uuid::Uuid;

use super::reading::{Fault, Field};
use super::rows::{self, Import, ImportRow, KeptFault};
use crate::access::Trainer;
use crate::awards::{self, observation};
use crate::trainees::{self, Book, Keys, Match, Trainee};
use crate::{Issuer, Result};

/// What lines are settled by, besides who is known.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// The address of who attests, without case.
    pub yourself: String,
    /// Codes of the families that the organisation may attest now; `None` when it may attest nothing.
    pub families: Option<Vec<String>>,
}

impl Rules {
    /// Those of a trainer now.
    pub async fn of(issuer: &Issuer, trainer: &Trainer) -> Result<Self> {
        let organisation_id = trainer.organisation_id;
        Ok(Self {
            yourself: awards::address_of_member(&issuer.db, organisation_id, trainer.member_id).await?,
            families: awards::families(issuer, organisation_id).await?,
        })
    }

    /// Why a line that says its own badge or level cannot be attested as it says; `default` is the file's choice.
    fn refuse(&self, row: &ImportRow, default: &str) -> Option<Fault> {
        if row.badge_id.is_none() && row.level.is_none() {
            return None;
        }
        let code = row.achievement(default);
        let (badge, _) = code.split_once('/')?;
        if badge.is_empty() {
            return None;
        }
        if let Some(achievement) = referentiel().achievement_by_code(&code) {
            let why = observation::refused(achievement, self.families.as_deref());
            return why.map(|why| Fault::BadgeRefused(why.to_owned()));
        }
        let name = referentiel().badge(badge).map_or(badge, |badge| &badge.name);
        Some(Fault::BadgeRefused(Fault::LevelNotOfBadge(name.to_owned()).words()))
    }
}

/// Settles every line of an import against what is known now, and writes what changed. Answers all lines.
pub async fn settle(tx: &mut Tx, organisation_id: Uuid, import: &Import, rules: &Rules) -> store::Result<Settled> {
    let (book, known) =
        trainees::rows::perhaps_in_import(tx, organisation_id, import.session_id, import.import_id).await?;
    let names: HashMap<Uuid, String> = known.iter().map(|t| (t.trainee_id, t.name.clone())).collect();
    let mut lines = rows::all(tx, organisation_id, import.import_id).await?;
    let before: Vec<Standing> = lines.iter().map(Standing::of).collect();
    decide(&mut lines, &book, &names, rules, &import.answers.0.achievement);
    for (line, _) in lines.iter().zip(&before).filter(|(line, before)| Standing::of(line) != **before) {
        rows::settle(tx, organisation_id, import.import_id, line).await?;
    }
    Ok(Settled { lines, known: known.into_iter().map(|t| (t.trainee_id, t)).collect() })
}

/// What settling writes of a line ([`rows::settle`]): of most lines nothing but a word.
#[derive(PartialEq, Eq)]
struct Standing {
    state: String,
    same_as_line: Option<i64>,
    trainee_id: Option<Uuid>,
    /// Fault, its detail, its field; question and answer.
    said: Option<Box<[Option<String>; 5]>>,
    more_faults: Option<Vec<KeptFault>>,
}

impl Standing {
    fn of(row: &ImportRow) -> Self {
        let said = [&row.fault, &row.fault_detail, &row.fault_field, &row.question, &row.answer];
        Self {
            state: row.state.clone(),
            same_as_line: row.same_as_line,
            trainee_id: row.trainee_id,
            said: said.iter().any(|word| word.is_some()).then(|| Box::new(said.map(Option::clone))),
            more_faults: row.more_faults.as_ref().map(|more| more.0.clone()),
        }
    }
}

/// An import, settled.
pub struct Settled {
    /// Every line, in the file's order.
    pub lines: Vec<ImportRow>,
    /// The trainees that lines may be, by id.
    pub known: HashMap<Uuid, Trainee>,
}

/// Who a line is.
enum Who {
    /// The person of that earlier line.
    Line(i64),
    /// Somebody known.
    Known(Uuid),
    /// Somebody new.
    New,
    /// The trainer is asked.
    Asked,
}

/// The rule, pure: settling twice with the same knowledge changes nothing. `default` is the achievement of lines that do
/// not say their own: one person may stand on several lines, each with another badge.
pub(super) fn decide(
    lines: &mut [ImportRow],
    known: &Book<Uuid>,
    names: &HashMap<Uuid, String>,
    rules: &Rules,
    default: &str,
) {
    let mut file: Book<i64> = Book::new();
    let mut taken: HashMap<Uuid, i64> = HashMap::new();
    // By the first line of each person: who it is, and whether that is still asked.
    let mut people: HashMap<i64, (Option<Uuid>, bool)> = HashMap::new();
    let mut seen: HashMap<(i64, String), i64> = HashMap::new();
    for row in lines {
        (row.same_as_line, row.trainee_id, row.question) = (None, None, None);
        let keys = Keys {
            folded_name: row.folded_name.clone(),
            email_key: row.email_key.clone(),
            file_number: row.file_number.clone(),
        };
        let met = (file.find(&keys), known.find(&keys));
        let faults = faults(row, met, names, rules, default);
        let wrong = !faults.is_empty();
        row.set_faults(faults);
        if wrong {
            "fault".clone_into(&mut row.state);
            continue;
        }
        let (same, other) = (row.answer.as_deref() == Some("same"), row.answer.as_deref() == Some("other"));
        let who = match met {
            (Match::Same(line), _) => Who::Line(line),
            // Known for certain by number or address: a namesake above does not matter.
            (_, Match::Same(id)) => Who::Known(id),
            (Match::Ask(line), _) => {
                (row.same_as_line, row.question) = (Some(line), Some("line".to_owned()));
                if same {
                    Who::Line(line)
                } else if other {
                    Who::New
                } else {
                    Who::Asked
                }
            }
            (Match::New, Match::Ask(id)) => {
                row.question = Some("trainee".to_owned());
                row.trainee_id = Some(id).filter(|_| !other);
                if same {
                    Who::Known(id)
                } else if other {
                    Who::New
                } else {
                    Who::Asked
                }
            }
            // Somebody else's number is a fault, told above.
            (Match::New | Match::NumberOf(_), _) => Who::New,
        };
        // Two lines that name one known trainee in two ways, one by number, one by address, are one person.
        let first = match who {
            Who::Line(line) => line,
            Who::Known(id) => *taken.entry(id).or_insert(row.line),
            Who::New | Who::Asked => row.line,
        };
        let state = if first == row.line {
            let id = if let Who::Known(id) = who { Some(id) } else { None };
            row.trainee_id = id.or(row.trainee_id);
            people.insert(row.line, (id, matches!(who, Who::Asked)));
            seen.insert((row.line, row.achievement(default)), row.line);
            if matches!(who, Who::Asked) { "question" } else { "ready" }
        } else {
            let (id, asked) = people.get(&first).copied().unwrap_or_default();
            (row.same_as_line, row.trainee_id) = (Some(first), id);
            let again = seen.entry((first, row.achievement(default))).or_insert(row.line);
            if *again != row.line {
                row.same_as_line = Some(*again);
                "duplicate"
            } else if asked {
                "question"
            } else {
                "ready"
            }
        };
        state.clone_into(&mut row.state);
        if matches!(state, "ready" | "question") {
            file.add(first, keys);
        }
    }
}

/// Everything that is wrong with a line: what its reader said, then what is found against what is known now, which may
/// be gone since. One form shows them all.
fn faults(
    row: &ImportRow,
    met: (Match<i64>, Match<Uuid>),
    names: &HashMap<Uuid, String>,
    rules: &Rules,
    default: &str,
) -> Vec<KeptFault> {
    let mut faults = row.faults();
    faults.retain(|(_, code, _)| !matches!(code.as_str(), "number_of_another" | "yourself" | "badge_refused"));
    let read_right = |faults: &[KeptFault], field: Field| faults.iter().all(|(wrong, ..)| wrong != field.code());
    if read_right(&faults, Field::Email)
        && row.email_key.as_deref().is_some_and(|key| key == rules.yourself.to_lowercase())
    {
        faults.push(rows::kept(Field::Email, &Fault::Yourself));
    }
    if read_right(&faults, Field::Name) && read_right(&faults, Field::FileNumber) {
        let whose = match met {
            (Match::NumberOf(line), _) => Some(format!("la ligne {line}")),
            (Match::Same(_), _) => None,
            (_, Match::NumberOf(id)) => Some(names.get(&id).cloned().unwrap_or_default()),
            _ => None,
        };
        faults.extend(whose.map(|who| rows::kept(Field::FileNumber, &Fault::NumberOfAnother(who))));
    }
    if read_right(&faults, Field::Badge) {
        faults.extend(rules.refuse(row, default).map(|why| rows::kept(Field::Badge, &why)));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(line: i64, name: &str, email: &str, number: &str) -> ImportRow {
        let some = |s: &str| (!s.is_empty()).then(|| s.to_owned());
        ImportRow {
            line,
            name: name.to_owned(),
            folded_name: badge_schemas::text::fold_name(name),
            email: some(email),
            email_key: some(&email.to_lowercase()),
            file_number: some(number),
            observed_on: None,
            fault: None,
            fault_detail: None,
            same_as_line: None,
            trainee_id: None,
            question: None,
            answer: None,
            state: "ready".to_owned(),
            badge_id: None,
            level: None,
            fault_field: None,
            more_faults: None,
        }
    }

    fn rules() -> Rules {
        let families = ["comportementale", "base", "numerique"].map(str::to_owned).to_vec();
        Rules { yourself: "moi@x.fr".to_owned(), families: Some(families) }
    }

    fn states(lines: &mut [ImportRow], known: &Book<Uuid>) -> Vec<String> {
        decide(lines, known, &HashMap::new(), &rules(), "bas-lire/pratique");
        let once = lines.to_vec();
        decide(lines, known, &HashMap::new(), &rules(), "bas-lire/pratique");
        assert_eq!(lines, once, "settling twice changes nothing");
        lines.iter().map(|l| l.state.clone()).collect()
    }

    #[test]
    fn duplicates_questions_and_faults_inside_one_file() {
        let mut lines = [
            line(2, "Amina Lefèvre", "a@x.fr", ""),
            line(3, "amina  lefèvre", "A@X.fr", ""),
            line(4, "Jean Martin", "", ""),
            line(5, "Jean Martin", "", ""),
            line(6, "Lise Roy", "", "12"),
            line(7, "Paul Roy", "", "12"),
            line(8, "Moi Même", "Moi@x.fr", ""),
        ];
        let states = states(&mut lines, &Book::new());
        assert_eq!(states, ["ready", "duplicate", "ready", "question", "ready", "fault", "fault"]);
        assert_eq!(lines[1].same_as_line, Some(2));
        assert_eq!(lines[5].fault.as_deref(), Some("number_of_another"));
        assert_eq!(lines[6].fault.as_deref(), Some("yourself"));
    }

    #[test]
    fn the_order_of_the_words_is_a_question_too() {
        let known_id = Uuid::from_u128(7);
        let mut known = Book::new();
        known.add(
            known_id,
            Keys {
                folded_name: "inès duval".into(),
                email_key: Some("ines@x.fr".into()),
                file_number: Some("D-4711".into()),
            },
        );
        let mut lines = [
            line(2, "DUVAL Inès", "", ""),
            line(3, "DUVAL Inès", "", "D-4711"),
            line(4, "Roy Lise", "", ""),
            line(5, "Lise ROY", "", ""),
        ];
        assert_eq!(states(&mut lines, &known), ["question", "ready", "ready", "question"]);
        assert_eq!((lines[0].question.as_deref(), lines[0].trainee_id), (Some("trainee"), Some(known_id)));
        assert_eq!(lines[1].trainee_id, Some(known_id));
        assert_eq!((lines[3].question.as_deref(), lines[3].same_as_line), (Some("line"), Some(4)));
    }

    #[test]
    fn every_fault_of_a_line_is_told_at_once() {
        let known_id = Uuid::from_u128(7);
        let mut known = Book::new();
        known
            .add(known_id, Keys { folded_name: "jean martin".into(), email_key: None, file_number: Some("12".into()) });
        let mut row = line(2, "Lise Roy", "Moi@x.fr", "12");
        (row.badge_id, row.level) = (Some("cpt-rigueur".into()), Some("maitrise".into()));
        row.set_faults(vec![rows::kept(Field::ObservedOn, &Fault::DateDoesNotExist("31/11/2026".into()))]);
        let mut lines = [row];
        assert_eq!(states(&mut lines, &known), ["fault"]);
        let codes: Vec<String> = lines[0].faults().into_iter().map(|(_, code, _)| code).collect();
        assert_eq!(codes, ["date_does_not_exist", "yourself", "number_of_another", "badge_refused"]);
        // What is mended is gone, what is found again is told again.
        let kept: Vec<KeptFault> = lines[0].faults().into_iter().skip(1).collect();
        lines[0].set_faults(kept);
        (lines[0].email_key, lines[0].file_number, lines[0].level) = (None, None, Some("pratique".into()));
        assert_eq!(states(&mut lines, &known), ["ready"]);
    }

    #[test]
    fn answers_are_followed() {
        let known_id = Uuid::from_u128(7);
        let mut known = Book::new();
        known.add(known_id, Keys { folded_name: "jean martin".into(), email_key: None, file_number: None });
        let mut lines = [line(2, "Jean Martin", "", "")];
        assert_eq!(states(&mut lines, &known), ["question"]);
        assert_eq!(lines[0].trainee_id, Some(known_id));
        lines[0].answer = Some("same".into());
        assert_eq!(states(&mut lines, &known), ["ready"]);
        assert_eq!(lines[0].trainee_id, Some(known_id));
        lines[0].answer = Some("other".into());
        assert_eq!(states(&mut lines, &known), ["ready"]);
        assert_eq!(lines[0].trainee_id, None);
    }

    #[test]
    fn one_person_may_have_several_badges() {
        let with = |mut row: ImportRow, badge: &str, level: &str| {
            let some = |s: &str| (!s.is_empty()).then(|| s.to_owned());
            (row.badge_id, row.level) = (some(badge), some(level));
            row
        };
        let mut lines = [
            line(2, "Amina Lefèvre", "a@x.fr", ""),
            with(line(3, "Amina Lefèvre", "a@x.fr", ""), "bas-ecrire", "pratique"),
            with(line(4, "Amina Lefèvre", "a@x.fr", ""), "bas-lire", "pratique"),
            with(line(5, "Amina Lefèvre", "a@x.fr", ""), "", "decouvre"),
            with(line(6, "Lise Roy", "", ""), "cpt-rigueur", "maitrise"),
            with(line(7, "Paul Roy", "", ""), "cle-general", "general"),
            with(line(8, "Jean Martin", "", ""), "bas-ecrire", "pratique"),
            with(line(9, "Jean Martin", "j@x.fr", ""), "bas-ecrire", "decouvre"),
        ];
        let states = states(&mut lines, &Book::new());
        assert_eq!(states, ["ready", "ready", "duplicate", "ready", "fault", "fault", "ready", "question"]);
        assert_eq!(lines.each_ref().map(ImportRow::first_line), [2, 2, 2, 2, 6, 7, 8, 8]);
        assert!(lines[4].fault_detail.as_deref().is_some_and(|why| why.contains("deux observations")));
        assert_eq!(
            (lines[4].fault.as_deref(), lines[4].fault_field.as_deref()),
            (Some("badge_refused"), Some("badge"))
        );
        lines[7].answer = Some("other".into());
        assert_eq!(self::states(&mut lines, &Book::new())[7], "ready");
        assert_eq!(lines[7].first_line(), 9);
    }

    #[test]
    fn what_a_first_line_asks_holds_for_its_followers() {
        let known_id = Uuid::from_u128(7);
        let mut known = Book::new();
        known.add(known_id, Keys { folded_name: "jean martin".into(), email_key: None, file_number: None });
        let mut lines = [line(2, "Jean Martin", "j@x.fr", ""), line(3, "Jean Martin", "j@x.fr", "")];
        lines[1].badge_id = Some("bas-ecrire".into());
        assert_eq!(states(&mut lines, &known), ["question", "question"]);
        assert_eq!(lines[1].question, None);
        lines[0].answer = Some("same".into());
        assert_eq!(states(&mut lines, &known), ["ready", "ready"]);
        assert_eq!((lines[0].trainee_id, lines[1].trainee_id), (Some(known_id), Some(known_id)));
    }
}
