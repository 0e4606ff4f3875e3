//! Who each line is: the same as an earlier line, a trainee already known, somebody new, or a question.

use std::collections::HashMap;

use store::Tx;
use uuid::Uuid;

use super::reading::Fault;
use super::rows::{self, Import, ImportRow};
use crate::trainees::{self, Book, Keys, Match, Trainee};

/// Settles every line of an import against what is known now, and writes what changed. Answers all lines.
///
/// `yourself` is the address of who attests.
pub async fn settle(tx: &mut Tx, organisation_id: Uuid, import: &Import, yourself: &str) -> store::Result<Settled> {
    let (book, known) =
        trainees::rows::perhaps_in_import(tx, organisation_id, import.session_id, import.import_id).await?;
    let names: HashMap<Uuid, String> = known.iter().map(|t| (t.trainee_id, t.name.clone())).collect();
    let mut lines = rows::all(tx, organisation_id, import.import_id).await?;
    let before = lines.clone();
    decide(&mut lines, &book, &names, yourself);
    for (line, _) in lines.iter().zip(&before).filter(|(now, before)| now != before) {
        rows::settle(tx, organisation_id, import.import_id, line).await?;
    }
    Ok(Settled { lines, known: known.into_iter().map(|t| (t.trainee_id, t)).collect() })
}

/// An import, settled.
pub struct Settled {
    /// Every line, in the file's order.
    pub lines: Vec<ImportRow>,
    /// The trainees that lines may be, by id.
    pub known: HashMap<Uuid, Trainee>,
}

/// The rule, pure: settling twice with the same knowledge changes nothing.
pub(super) fn decide(lines: &mut [ImportRow], known: &Book<Uuid>, names: &HashMap<Uuid, String>, yourself: &str) {
    let mut file: Book<i64> = Book::new();
    let mut taken: HashMap<Uuid, i64> = HashMap::new();
    for row in lines {
        // Found here and not by the reader: it may be gone now.
        if matches!(row.fault.as_deref(), Some("number_of_another" | "yourself")) {
            (row.fault, row.fault_detail) = (None, None);
        }
        if row.fault.is_some() {
            "fault".clone_into(&mut row.state);
            continue;
        }
        let keys = Keys {
            folded_name: row.folded_name.clone(),
            email_key: row.email_key.clone(),
            file_number: row.file_number.clone(),
        };
        (row.same_as_line, row.trainee_id, row.question) = (None, None, None);
        let (same, other) = (row.answer.as_deref() == Some("same"), row.answer.as_deref() == Some("other"));
        let state = if row.email_key.as_deref().is_some_and(|key| key == yourself.to_lowercase()) {
            fault(row, &Fault::Yourself)
        } else {
            match (file.find(&keys), known.find(&keys)) {
                (Match::Same(line), _) => {
                    row.same_as_line = Some(line);
                    "duplicate"
                }
                (Match::NumberOf(line), _) => fault(row, &Fault::NumberOfAnother(format!("la ligne {line}"))),
                (_, Match::NumberOf(id)) => {
                    let who = names.get(&id).cloned().unwrap_or_default();
                    fault(row, &Fault::NumberOfAnother(who))
                }
                // Known for certain by number or address: a namesake above does not matter.
                (_, Match::Same(id)) => {
                    row.trainee_id = Some(id);
                    "ready"
                }
                (Match::Ask(line), _) => {
                    (row.same_as_line, row.question) = (Some(line), Some("line".to_owned()));
                    if same {
                        "duplicate"
                    } else if other {
                        "ready"
                    } else {
                        "question"
                    }
                }
                (Match::New, Match::Ask(id)) => {
                    row.question = Some("trainee".to_owned());
                    row.trainee_id = Some(id).filter(|_| !other);
                    if same || other { "ready" } else { "question" }
                }
                (Match::New, Match::New) => "ready",
            }
        };
        // Two lines that name one known trainee in two ways, one by number, one by address.
        let earlier = row.trainee_id.filter(|_| state == "ready").map(|id| *taken.entry(id).or_insert(row.line));
        let state = match earlier {
            Some(line) if line != row.line => {
                row.same_as_line = Some(line);
                "duplicate"
            }
            _ => state,
        };
        state.clone_into(&mut row.state);
        if matches!(state, "ready" | "question") {
            file.add(row.line, keys);
        }
    }
}

fn fault(row: &mut ImportRow, fault: &Fault) -> &'static str {
    row.fault = Some(fault.code().to_owned());
    row.fault_detail = fault.detail().map(str::to_owned);
    "fault"
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
        }
    }

    fn states(lines: &mut [ImportRow], known: &Book<Uuid>) -> Vec<String> {
        decide(lines, known, &HashMap::new(), "moi@x.fr");
        let once = lines.to_vec();
        decide(lines, known, &HashMap::new(), "moi@x.fr");
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
}
