//! Which column is what: the header as people write it, in any order, case and accents free.

use csv::{ReaderBuilder, StringRecord};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::{MAX_CELL, Refusal, guard};

/// A column that the house uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Column {
    /// Surname, or the whole name when there is no first name beside.
    Surname,
    /// First name.
    FirstName,
    /// « Nom Prénom » in one column.
    WholeName,
    /// E-mail address.
    Email,
    /// File number.
    FileNumber,
    /// Day observed.
    ObservedOn,
}

/// Where each used column stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Columns {
    /// The used columns with their place in a line, from 0.
    pub used: Vec<(Column, usize)>,
    /// How many columns of the header were left unread.
    pub unused: usize,
}

impl Columns {
    /// The place of a column, if the file has it.
    pub fn place(&self, column: Column) -> Option<usize> {
        self.used.iter().find(|(c, _)| *c == column).map(|(_, place)| *place)
    }

    fn says_who(&self) -> bool {
        self.place(Column::WholeName).is_some() || self.place(Column::Surname).is_some()
    }
}

/// What was found at the top of the file.
pub(super) struct Found {
    pub separator: u8,
    /// How many records to leave before the first person.
    pub header_record: usize,
    pub columns: Columns,
}

/// How many records may stand above the header (a title, a blank line, a date of edition).
const ABOVE: usize = 10;

/// Finds the header and the separator together: the separator under which most columns are known.
pub(super) fn find(text: &str) -> Result<Found, Refusal> {
    let (mut best, mut ruled_out): (Option<Found>, Option<Refusal>) = (None, None);
    for separator in [b';', b',', b'\t'] {
        let top = match top(text, separator) {
            Ok(top) => top,
            // Under a wrong separator a long line looks like one cell: only this separator is ruled out.
            Err(refusal) => {
                if !matches!(ruled_out, Some(Refusal::TooManyColumns(_))) {
                    ruled_out = Some(refusal);
                }
                continue;
            }
        };
        for (nth, record) in top.iter().enumerate() {
            let columns = recognise(record);
            let better = best.as_ref().is_none_or(|b| columns.used.len() > b.columns.used.len());
            if columns.says_who() && better {
                best = Some(Found { separator, header_record: nth + 1, columns });
            }
        }
    }
    best.ok_or_else(|| ruled_out.unwrap_or_else(|| nothing(text)))
}

/// Excel's own first line `sep=;`, which is no data: the rest, and how many lines were left.
pub(super) fn without_separator_line(text: &str) -> (&str, u64) {
    match text.split_once('\n') {
        Some((first, rest)) if first.get(..4).is_some_and(|s| s.eq_ignore_ascii_case("sep=")) && first.len() <= 7 => {
            (rest, 1)
        }
        _ => (text, 0),
    }
}

/// The header without accents, case or punctuation: « N° de dossier » is `n de dossier`.
pub(super) fn fold(header: &str) -> String {
    let plain: String = header
        .nfkd()
        .filter(|c| !is_combining_mark(*c))
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .flat_map(char::to_lowercase)
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn nothing(text: &str) -> Refusal {
    let first = [b';', b',', b'\t']
        .iter()
        .filter_map(|separator| top(text, *separator).ok()?.into_iter().next())
        .max_by_key(StringRecord::len)
        .unwrap_or_default();
    if first.iter().any(|cell| cell.contains('@')) {
        return Refusal::NoHeader;
    }
    let short = |cell: &str| cell.trim().chars().filter(|c| !c.is_control()).take(40).collect::<String>();
    Refusal::NoUsableColumn(first.iter().map(short).filter(|s| !s.is_empty()).take(12).collect())
}

/// The first records under this separator, from a bounded part of the text.
fn top(text: &str, separator: u8) -> Result<Vec<StringRecord>, Refusal> {
    let mut end = text.len().min(2 * MAX_CELL);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let part = &text[..end];
    guard::check(part, separator, 0, guard::Part::Beginning)?;
    let mut reader =
        ReaderBuilder::new().delimiter(separator).has_headers(false).flexible(true).from_reader(part.as_bytes());
    Ok(reader.records().take(ABOVE).filter_map(Result::ok).collect())
}

fn recognise(record: &StringRecord) -> Columns {
    let mut columns = Columns::default();
    let mut birth_name = None;
    for (place, header) in record.iter().enumerate() {
        let folded = fold(header);
        match known(&folded) {
            Some(column) if columns.place(column).is_none() => columns.used.push((column, place)),
            None if folded == "nom de naissance" => birth_name = Some(place),
            _ if folded.is_empty() => {}
            _ => columns.unused += 1,
        }
    }
    // The name used every day first; the birth name only when the file has no other.
    match birth_name {
        Some(place) if columns.place(Column::Surname).is_none() => columns.used.push((Column::Surname, place)),
        Some(_) => columns.unused += 1,
        None => {}
    }
    columns
}

/// The words of `field/flows.md` §1.3 and of French spreadsheets. « N° » alone is often the line's own number, and
/// « date de naissance » is nobody's business: neither is here.
fn known(folded: &str) -> Option<Column> {
    Some(match folded {
        "nom" | "nom de famille" | "nom d usage" | "nom usage" | "nom usuel" | "last name" | "lastname" | "surname"
        | "family name" | "recipient surname" => Column::Surname,
        "prenom"
        | "prenoms"
        | "prenom s"
        | "prenom usuel"
        | "prenom d usage"
        | "first name"
        | "firstname"
        | "given name"
        | "recipient first name" => Column::FirstName,
        "nom prenom"
        | "nom et prenom"
        | "nom prenoms"
        | "prenom nom"
        | "prenom et nom"
        | "nom complet"
        | "name"
        | "full name"
        | "recipient name"
        | "stagiaire"
        | "stagiaires"
        | "nom du stagiaire"
        | "nom stagiaire"
        | "nom et prenom du stagiaire"
        | "nom prenom stagiaire"
        | "nom prenom du stagiaire"
        | "participant"
        | "participants"
        | "personne"
        | "vor nachname" => Column::WholeName,
        "email"
        | "e mail"
        | "mail"
        | "mel"
        | "courriel"
        | "adresse e mail"
        | "adresse email"
        | "adresse mail"
        | "adresse mel"
        | "adresse courriel"
        | "adresse electronique"
        | "adresse de messagerie"
        | "messagerie"
        | "courrier electronique"
        | "email address"
        | "recipient email"
        | "recipient mailadres"
        | "e mail adresse"
        | "email stagiaire"
        | "mail stagiaire"
        | "e mail stagiaire"
        | "courriel du stagiaire"
        | "email du stagiaire"
        | "mail du stagiaire" => Column::Email,
        "n de dossier"
        | "n dossier"
        | "no de dossier"
        | "no dossier"
        | "num dossier"
        | "num de dossier"
        | "numero de dossier"
        | "numero dossier"
        | "nr dossier"
        | "dossier"
        | "id dossier"
        | "ref dossier"
        | "reference dossier"
        | "reference du dossier"
        | "matricule"
        | "numero stagiaire"
        | "n stagiaire"
        | "numero de stagiaire"
        | "n de stagiaire" => Column::FileNumber,
        "date"
        | "date d observation"
        | "date de l observation"
        | "date observation"
        | "observe le"
        | "atteste le"
        | "date d attestation"
        | "date de la situation"
        | "issued on"
        | "issued at" => Column::ObservedOn,
        _ => return None,
    })
}
