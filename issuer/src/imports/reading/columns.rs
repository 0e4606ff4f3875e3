//! Which column is what: the header as people write it, in any order, case and accents free; or as they said by hand.

use badge_schemas::text;
use time::Date;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::source::Source;
use super::{Refusal, badges, day};

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
    /// Badge of the référentiel, perhaps with its level.
    Badge,
    /// Level.
    Level,
}

impl Column {
    /// Every meaning, in the order of the page that asks.
    pub const ALL: [Self; 8] = [
        Self::Surname,
        Self::FirstName,
        Self::WholeName,
        Self::Email,
        Self::FileNumber,
        Self::ObservedOn,
        Self::Badge,
        Self::Level,
    ];

    /// The word kept in forms and in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Surname => "surname",
            Self::FirstName => "first_name",
            Self::WholeName => "whole_name",
            Self::Email => "email",
            Self::FileNumber => "file_number",
            Self::ObservedOn => "observed_on",
            Self::Badge => "badge",
            Self::Level => "level",
        }
    }

    /// Back from its code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.code() == code)
    }
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

    /// Whether a column says who.
    pub fn says_who(&self) -> bool {
        self.place(Column::WholeName).is_some() || self.place(Column::Surname).is_some()
    }
}

/// How a file is read: from which sheet, under which separator, below which record, which columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The sheet, from 0; 0 for a text.
    pub sheet: usize,
    /// How many records to leave before the first person.
    pub header_record: usize,
    /// What is read as what.
    pub columns: Columns,
    pub(super) separator: u8,
}

/// What a look at the top of a file shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// The sheets that hold something, with their names; empty for a text.
    pub sheets: Vec<(usize, String)>,
    /// How it would be read.
    pub plan: Plan,
    /// Whether the header says who: else a person must say which column is what.
    pub recognised: bool,
    /// The file's own titles, or « Colonne A » when the first line is already a person.
    pub titles: Vec<String>,
    /// Whether the titles are the file's own.
    pub own_titles: bool,
    /// The first values of each column, three at most.
    pub samples: Vec<Vec<String>>,
}

impl Look {
    /// What tells this set of titles from others, whatever their order, case and accents; `None` without titles.
    pub fn key(&self) -> Option<String> {
        let mut folded = self.folded();
        folded.sort_unstable();
        (self.own_titles && folded.iter().any(|title| !title.is_empty())).then(|| folded.join("\n"))
    }

    /// The places of columns that would be left unread though they look like something that counts: an address where
    /// none is read, a badge where none is read, or anything at all where nothing but a name is read. A person is asked
    /// rather than surprised.
    pub fn overlooked(&self) -> Vec<usize> {
        let columns = &self.plan.columns;
        let read = |column| columns.place(column).is_some();
        let only_who = ![Column::Email, Column::FileNumber, Column::ObservedOn, Column::Badge].into_iter().any(read);
        let counts = |sample: &String| {
            let an_address = !read(Column::Email) && sample.contains('@');
            let a_badge = || !read(Column::Badge) && badges::read(sample, "").badge_id.is_some();
            only_who || an_address || a_badge()
        };
        let unread = |place: &usize| !columns.used.iter().any(|(_, used)| used == place);
        let looks = |place: &usize| self.samples.get(*place).is_some_and(|samples| samples.iter().any(counts));
        (0..self.titles.len()).filter(unread).filter(looks).collect()
    }

    /// The columns to propose to a person who is asked anyway: those that the titles say, and those whose first values all
    /// are addresses, badges, levels, or days under a title about an observation.
    pub fn guessed(&self) -> Columns {
        let mut columns = self.plan.columns.clone();
        for (place, samples) in self.samples.iter().enumerate() {
            if samples.is_empty() || columns.used.iter().any(|(_, used)| *used == place) {
                continue;
            }
            let title = fold(self.titles.get(place).map_or("", String::as_str));
            let of_observation =
                ["evaluation", "observation", "attestation", "vu le"].iter().any(|w| title.contains(w));
            let all = |is: fn(&str) -> bool| samples.iter().all(|sample| is(sample));
            let column = if all(|sample| sample.contains('@')) {
                Column::Email
            } else if all(|sample| badges::read(sample, "").badge_id.is_some()) {
                Column::Badge
            } else if all(|sample| badges::read("", sample).level.is_some()) {
                Column::Level
            } else if of_observation && all(|sample| matches!(day(sample, Date::MAX), Ok(Some(_)))) {
                Column::ObservedOn
            } else {
                continue;
            };
            if columns.place(column).is_none() {
                columns.used.push((column, place));
                columns.unused = columns.unused.saturating_sub(1);
            }
        }
        columns
    }

    /// The titles as they are compared, each once: the second « nom » is `nom 2`.
    pub fn folded(&self) -> Vec<String> {
        let mut seen = std::collections::HashMap::new();
        let mut once = |title: &String| {
            let folded = fold(title);
            let count = seen.entry(folded.clone()).or_insert(0_usize);
            *count += 1;
            if *count == 1 || folded.is_empty() { folded } else { format!("{folded} {count}") }
        };
        self.titles.iter().map(&mut once).collect()
    }
}

/// How many records may stand above the header (a title, a blank line, a date of edition).
const ABOVE: usize = 10;
/// How many records are looked at for samples.
const TOP: usize = 60;
/// How many samples of a column are shown.
const SAMPLES: usize = 3;

/// Looks at the top of a file: its sheets, and the header under the separator that makes most columns known.
pub(super) fn look(source: &Source<'_>, sheet: Option<usize>) -> Result<Look, Refusal> {
    let (mut best, mut other, mut ruled_out): (Option<Found>, Option<Found>, Option<Refusal>) = (None, None, None);
    let separators: &[u8] = if matches!(source, Source::Book(_)) { b";" } else { b";,\t" };
    let sheets = with_rows(source)?;
    let sheet = sheet.unwrap_or_else(|| sheets.first().map_or(0, |(nth, _)| *nth));
    for separator in separators {
        let top = match source.top(sheet, *separator, TOP) {
            Ok(top) => top,
            // Under a wrong separator a long line looks like one cell: only this separator is ruled out.
            Err(refusal) => {
                if !matches!(ruled_out, Some(Refusal::TooManyColumns(_))) {
                    ruled_out = Some(refusal);
                }
                continue;
            }
        };
        for (nth, (_, record)) in top.iter().enumerate().take(ABOVE) {
            let columns = recognise(record);
            let better = best.as_ref().is_none_or(|b| columns.used.len() > b.columns.used.len());
            if columns.says_who() && better {
                best = Some(Found { separator: *separator, header: Some(nth), columns, top: Vec::new() });
            }
        }
        let (header, width) = probable_header(&top);
        if best.as_ref().is_some_and(|b| b.separator == *separator) {
            if let Some(best) = &mut best {
                best.top = top;
            }
        } else if other.as_ref().is_none_or(|o| width > o.width()) {
            let columns = header.and_then(|nth| top.get(nth)).map(|(_, r)| recognise(r)).unwrap_or_default();
            other = Some(Found { separator: *separator, header, columns, top });
        }
    }
    let recognised = best.is_some();
    let found = best.or(other).ok_or_else(|| ruled_out.unwrap_or(Refusal::Empty))?;
    if found.top.is_empty() {
        return Err(Refusal::Empty);
    }
    Ok(found.look(sheets, sheet, recognised))
}

/// What was found at the top of the file.
struct Found {
    separator: u8,
    /// Which record is the header; none when the first is already a person.
    header: Option<usize>,
    columns: Columns,
    top: Vec<(i64, Vec<String>)>,
}

impl Found {
    fn width(&self) -> usize {
        self.top.iter().map(|(_, record)| record.len()).max().unwrap_or_default()
    }

    fn look(self, sheets: Vec<(usize, String)>, sheet: usize, recognised: bool) -> Look {
        let width = self.width();
        let header = self.header.and_then(|nth| self.top.get(nth));
        let title = |place: usize| match header {
            Some((_, record)) => shown(record.get(place).map_or("", String::as_str)),
            None => format!("Colonne {}", letters(place)),
        };
        let header_record = self.header.map_or(0, |nth| nth + 1);
        let below = &self.top[header_record.min(self.top.len())..];
        let sample = |place: usize| {
            let values = below.iter().filter_map(|(_, record)| record.get(place)).filter(|value| !value.is_empty());
            values.take(SAMPLES).map(|value| shown(value)).collect()
        };
        Look {
            sheets,
            recognised,
            titles: (0..width).map(title).collect(),
            own_titles: header.is_some(),
            samples: (0..width).map(sample).collect(),
            plan: Plan { sheet, header_record, columns: self.columns, separator: self.separator },
        }
    }
}

/// The sheets that hold something.
fn with_rows(source: &Source<'_>) -> Result<Vec<(usize, String)>, Refusal> {
    let mut filled = Vec::new();
    for (nth, name) in source.sheets().into_iter().enumerate() {
        if !source.top(nth, b';', 1)?.is_empty() {
            filled.push((nth, name));
        }
    }
    Ok(filled)
}

/// The widest of the first records, unless it holds an address: then the file has no header. With its width.
fn probable_header(top: &[(i64, Vec<String>)]) -> (Option<usize>, usize) {
    let filled = |record: &[String]| record.iter().filter(|cell| !cell.is_empty()).count();
    let widest = top.iter().take(ABOVE).map(|(_, record)| filled(record)).max().unwrap_or_default();
    let first = top.iter().take(ABOVE).position(|(_, record)| filled(record) == widest);
    let person = |nth: &usize| top[*nth].1.iter().any(|cell| cell.contains('@'));
    (first.filter(|nth| !person(nth)), top.iter().map(|(_, record)| record.len()).max().unwrap_or_default())
}

/// What may be shown of a cell of any column: never a number that looks like a NIR.
fn shown(cell: &str) -> String {
    if text::looks_like_nir(cell) {
        return "(numéro masqué)".to_owned();
    }
    cell.chars().filter(|sign| !sign.is_control()).take(40).collect()
}

/// A, B… Z, AA…
fn letters(place: usize) -> String {
    let last = char::from(b'A' + u8::try_from(place % 26).unwrap_or_default());
    if place < 26 { last.to_string() } else { format!("{}{last}", letters(place / 26 - 1)) }
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

/// Whether the title of a column of whole names says that the first name comes first: « Prénom et nom ».
pub fn first_name_first(title: &str) -> bool {
    fold(title).starts_with("prenom")
}

/// The header without accents, case or punctuation: « N° de dossier » is `n de dossier`.
pub fn fold(header: &str) -> String {
    let plain: String = header
        .nfkd()
        .filter(|c| !is_combining_mark(*c))
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .flat_map(char::to_lowercase)
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Why a file that no column says who of cannot be read as it is.
pub fn nothing(look: &Look) -> Refusal {
    if !look.own_titles {
        return Refusal::NoHeader;
    }
    Refusal::NoUsableColumn(look.titles.iter().filter(|s| !s.is_empty()).take(12).cloned().collect())
}

fn recognise(record: &[String]) -> Columns {
    let mut columns = Columns::default();
    let (mut birth_name, mut level) = (None, None);
    for (place, header) in record.iter().enumerate() {
        let folded = fold(header);
        match known(&folded) {
            Some(column) if columns.place(column).is_none() => columns.used.push((column, place)),
            None if folded == "nom de naissance" => birth_name = Some(place),
            // Beside a badge it is the badge's; alone it is often that of a diploma.
            None if matches!(folded.as_str(), "niveau" | "level") => level = Some(place),
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
    match level {
        Some(place) if columns.place(Column::Badge).is_some() && columns.place(Column::Level).is_none() => {
            columns.used.push((Column::Level, place));
        }
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
        "badge" | "badges" | "open badge" | "nom du badge" | "badge attribue" | "badge a attester"
        | "badge et niveau" | "code du badge" | "code badge" | "badge name" | "badge class" => Column::Badge,
        "niveau du badge" | "niveau badge" | "niveau atteint" | "niveau observe" | "badge level" => Column::Level,
        _ => return None,
    })
}
