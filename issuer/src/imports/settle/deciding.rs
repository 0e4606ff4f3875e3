//! The rule, pure: the same as an earlier line, a trainee already known, somebody new, or a question.

use std::collections::HashMap;

use uuid::Uuid;

use super::super::reading::{Fault, Field};
use super::super::rows::{self, ImportRow, KeptFault};
use super::Rules;
use crate::trainees::{Book, Match, Trainee};

/// Decides line after line, in the file's order. Settling twice with the same knowledge changes nothing. One person may
/// stand on several lines, each with another badge.
pub(super) struct Decider<'a> {
    rules: &'a Rules,
    /// The achievement of lines that do not say their own.
    default: &'a str,
    /// The people of the lines above, by their first line.
    file: Book<i64>,
    /// The first line of each trainee who stands on one.
    taken: HashMap<Uuid, i64>,
    /// By the first line of a person: who it is, and whether that is still asked. Of somebody new nothing is kept.
    people: HashMap<i64, (Option<Uuid>, bool)>,
    /// By first line and achievement: the line that says it.
    seen: HashMap<(i64, u16), i64>,
    achievements: HashMap<String, u16>,
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

impl<'a> Decider<'a> {
    /// Before the first line.
    pub(super) fn new(rules: &'a Rules, default: &'a str) -> Self {
        Self {
            rules,
            default,
            file: Book::new(),
            taken: HashMap::new(),
            people: HashMap::new(),
            seen: HashMap::new(),
            achievements: HashMap::new(),
        }
    }

    /// Decides the next line. `book` and `known` hold at least every trainee that it may be.
    pub(super) fn decide(&mut self, row: &mut ImportRow, book: &Book<Uuid>, known: &HashMap<Uuid, Trainee>) {
        (row.same_as_line, row.trainee_id, row.question) = (None, None, None);
        let keys = row.keys();
        let met = (self.file.find(&keys), book.find(&keys));
        let faults = self.faults(row, met, known);
        let wrong = !faults.is_empty();
        row.set_faults(faults);
        if wrong {
            "fault".clone_into(&mut row.state);
            return;
        }
        let who = who(row, met);
        // Two lines that name one known trainee in two ways, one by number, one by address, are one person.
        let first = match who {
            Who::Line(line) => line,
            Who::Known(id) => *self.taken.entry(id).or_insert(row.line),
            Who::New | Who::Asked => row.line,
        };
        let place = (first, self.achievement(row));
        let state = if first == row.line {
            let id = if let Who::Known(id) = who { Some(id) } else { None };
            row.trainee_id = id.or(row.trainee_id);
            let asked = matches!(who, Who::Asked);
            if asked || id.is_some() {
                self.people.insert(row.line, (id, asked));
            }
            self.seen.insert(place, row.line);
            if asked { "question" } else { "ready" }
        } else {
            let (id, asked) = self.people.get(&first).copied().unwrap_or_default();
            (row.same_as_line, row.trainee_id) = (Some(first), id);
            let again = self.seen.entry(place).or_insert(row.line);
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
            self.file.add(first, &keys);
        }
    }

    /// A number for the achievement of a line: badges and levels that are read are those of the référentiel.
    fn achievement(&mut self, row: &ImportRow) -> u16 {
        let next = u16::try_from(self.achievements.len()).unwrap_or(u16::MAX);
        *self.achievements.entry(row.achievement(self.default)).or_insert(next)
    }

    /// Everything that is wrong with a line: what its reader said, then what is found against what is known now, which
    /// may be gone since. One form shows them all.
    fn faults(
        &self,
        row: &ImportRow,
        met: (Match<i64>, Match<Uuid>),
        known: &HashMap<Uuid, Trainee>,
    ) -> Vec<KeptFault> {
        let mut faults = row.faults();
        faults.retain(|(_, code, _)| !matches!(code.as_str(), "number_of_another" | "yourself" | "badge_refused"));
        let read_right = |faults: &[KeptFault], field: Field| faults.iter().all(|(wrong, ..)| wrong != field.code());
        if read_right(&faults, Field::Email)
            && row.email_key.as_deref().is_some_and(|key| key == self.rules.yourself.to_lowercase())
        {
            faults.push(rows::kept(Field::Email, &Fault::Yourself));
        }
        if read_right(&faults, Field::Name) && read_right(&faults, Field::FileNumber) {
            let whose = match met {
                (Match::NumberOf(line), _) => Some(format!("la ligne {line}")),
                (Match::Same(_), _) => None,
                (_, Match::NumberOf(id)) => Some(known.get(&id).map(|t| t.name.clone()).unwrap_or_default()),
                _ => None,
            };
            faults.extend(whose.map(|who| rows::kept(Field::FileNumber, &Fault::NumberOfAnother(who))));
        }
        if read_right(&faults, Field::Badge) {
            faults.extend(self.rules.refuse(row, self.default).map(|why| rows::kept(Field::Badge, &why)));
        }
        faults
    }
}

/// Who a line is, by whom it met among the lines above and among those known; its question is written into it.
fn who(row: &mut ImportRow, met: (Match<i64>, Match<Uuid>)) -> Who {
    let (same, other) = (row.answer.as_deref() == Some("same"), row.answer.as_deref() == Some("other"));
    let answered = |who: Who| match (same, other) {
        (true, _) => who,
        (_, true) => Who::New,
        _ => Who::Asked,
    };
    match met {
        (Match::Same(line), _) => Who::Line(line),
        // Known for certain by number or address: a namesake above does not matter.
        (_, Match::Same(id)) => Who::Known(id),
        (Match::Ask(line), _) => {
            (row.same_as_line, row.question) = (Some(line), Some("line".to_owned()));
            answered(Who::Line(line))
        }
        (Match::New, Match::Ask(id)) => {
            row.question = Some("trainee".to_owned());
            row.trainee_id = Some(id).filter(|_| !other);
            answered(Who::Known(id))
        }
        // Somebody else's number is a fault, told above.
        (Match::New | Match::NumberOf(_), _) => Who::New,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trainees::Keys;

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
        let decide = |lines: &mut [ImportRow]| {
            let rules = rules();
            let mut decider = Decider::new(&rules, "bas-lire/pratique");
            for line in lines {
                decider.decide(line, known, &HashMap::new());
            }
        };
        decide(lines);
        let once = lines.to_vec();
        decide(lines);
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
            &Keys {
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
        known.add(
            known_id,
            &Keys { folded_name: "jean martin".into(), email_key: None, file_number: Some("12".into()) },
        );
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
        known.add(known_id, &Keys { folded_name: "jean martin".into(), email_key: None, file_number: None });
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
        known.add(known_id, &Keys { folded_name: "jean martin".into(), email_key: None, file_number: None });
        let mut lines = [line(2, "Jean Martin", "j@x.fr", ""), line(3, "Jean Martin", "j@x.fr", "")];
        lines[1].badge_id = Some("bas-ecrire".into());
        assert_eq!(states(&mut lines, &known), ["question", "question"]);
        assert_eq!(lines[1].question, None);
        lines[0].answer = Some("same".into());
        assert_eq!(states(&mut lines, &known), ["ready", "ready"]);
        assert_eq!((lines[0].trainee_id, lines[1].trainee_id), (Some(known_id), Some(known_id)));
    }
}
