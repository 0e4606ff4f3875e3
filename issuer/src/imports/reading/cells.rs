//! Cells into values: a name, an address, a file number, a day; or what is to be mended.

mod names;

pub use names::surname_last;

use badge_schemas::text;
use time::{Date, Month};

use super::columns::fold;
use super::source::Record;
use super::{Column, Columns, Fault, Field, Row, badges};

/// Longest name kept, in characters.
pub const MAX_NAME: usize = 120;
/// First year in which something can have been observed, in files as on the page.
pub const FIRST_YEAR: i32 = 2000;
const MAX_NUMBER: usize = 40;
const MAX_ADDRESS: usize = 254;

/// One line of the file; `first_name_first`: its title says so of names in one cell. A value that looks like a NIR does not
/// leave this function.
pub(super) fn row(line: i64, record: &dyn Record, columns: &Columns, first_name_first: bool, today: Date) -> Row {
    let cell = |column| columns.place(column).map(|place| record.cell(place)).unwrap_or_default();
    let (whole, one_cell) = match (cell(Column::WholeName).trim(), cell(Column::FirstName).trim()) {
        ("", "") => (cell(Column::Surname).to_owned(), true),
        ("", first) => (format!("{first} {}", cell(Column::Surname)), false),
        (whole, _) => (whole.to_owned(), true),
    };
    let mut row = Row {
        line,
        name: String::new(),
        email: None,
        file_number: None,
        observed_on: None,
        badge_id: None,
        level: None,
        faults: Vec::new(),
    };
    match if one_cell && !first_name_first { person_name(&whole) } else { name_as_written(&whole) } {
        Ok(name) => row.name = name,
        Err(fault) => {
            row.name = shown(&whole, &fault);
            row.faults.push((Field::Name, fault));
        }
    }
    match email(cell(Column::Email)) {
        Ok(address) => row.email = address.map(|a| a.0),
        Err(fault) => {
            row.email = Some(shown(cell(Column::Email), &fault)).filter(|s| !s.is_empty());
            row.faults.push((Field::Email, fault));
        }
    }
    match file_number(cell(Column::FileNumber)) {
        Ok(number) => row.file_number = number,
        Err(fault) => row.faults.push((Field::FileNumber, fault)),
    }
    match day(cell(Column::ObservedOn), today) {
        Ok(day) => row.observed_on = day,
        Err(fault) => row.faults.push((Field::ObservedOn, fault)),
    }
    let said = badges::read(cell(Column::Badge), cell(Column::Level));
    (row.badge_id, row.level) = (said.badge_id, said.level.map(|level| level.code().to_owned()));
    row.faults.extend(said.fault.map(|fault| (Field::Badge, fault)));
    // A number that must not be here is said first, whatever else is wrong.
    row.faults.sort_by_key(|(_, fault)| *fault != Fault::LooksLikeNir);
    row
}

/// An address that a letter can be sent to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email(pub String);

impl Email {
    /// The address as it is compared: without case.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

/// A person's whole name as one cell or one field says it: tidied, NFC, signable; « MARTIN Lucie » is « Lucie MARTIN ».
pub fn person_name(said: &str) -> Result<String, Fault> {
    name_as_written(said).map(|name| surname_last(&name))
}

/// The same where its words are known to stand in their order.
pub fn name_as_written(said: &str) -> Result<String, Fault> {
    if text::looks_like_nir(said) {
        return Err(Fault::LooksLikeNir);
    }
    let name = text::nfc(&tidy(said));
    if name.is_empty() {
        return Err(Fault::NameMissing);
    }
    if name.chars().count() > MAX_NAME {
        return Err(Fault::TooLong);
    }
    if illegible(&name) {
        return Err(Fault::Illegible);
    }
    if text::check_signable(&name).is_err() {
        return Err(Fault::HiddenCharacters);
    }
    if name.contains('@') || name.starts_with(['=', '+', '-', '#']) || !name.chars().any(char::is_alphabetic) {
        return Err(Fault::NotAName);
    }
    Ok(name)
}

/// An e-mail address, none when the cell says that there is none.
pub fn email(said: &str) -> Result<Option<Email>, Fault> {
    let said = tidy(said);
    let said = said.strip_prefix("mailto:").unwrap_or(&said);
    let said = said.strip_prefix('<').and_then(|s| s.strip_suffix('>')).unwrap_or(said);
    if nobody(said) {
        return Ok(None);
    }
    if text::looks_like_nir(said) {
        return Err(Fault::LooksLikeNir);
    }
    if said.len() > MAX_ADDRESS {
        return Err(Fault::TooLong);
    }
    let (local, domain) = said.split_once('@').ok_or(Fault::AddressWithoutAt)?;
    if domain.contains('@') {
        return Err(Fault::AddressSeveral);
    }
    let local_sign = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    let label = |l: &str| {
        !l.is_empty()
            && l.len() <= 63
            && !l.starts_with('-')
            && !l.ends_with('-')
            && l.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    let local_right = !local.is_empty()
        && local.len() <= 64
        && local.chars().all(local_sign)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..");
    let (before, end) = domain.rsplit_once('.').unwrap_or((domain, ""));
    if !local_right || !before.split('.').all(|l| l.is_empty() || label(l)) || before.contains("..") {
        return Err(Fault::AddressSigns);
    }
    if before.is_empty() || before.split('.').any(str::is_empty) || end.len() < 2 {
        return Err(Fault::AddressIncomplete);
    }
    if !end.chars().all(|c| c.is_ascii_alphabetic()) && !end.starts_with("xn--") {
        return Err(Fault::AddressSigns);
    }
    Ok(Some(Email(format!("{local}@{}", domain.to_ascii_lowercase()))))
}

/// A file number as the organisation writes it, without case.
pub fn file_number(said: &str) -> Result<Option<String>, Fault> {
    let number = text::nfc(&tidy(said)).to_uppercase();
    if nobody(&number) {
        return Ok(None);
    }
    if text::looks_like_nir(&number) {
        return Err(Fault::LooksLikeNir);
    }
    if number.chars().count() > MAX_NUMBER {
        return Err(Fault::TooLong);
    }
    if text::check_signable(&number).is_err() {
        return Err(Fault::HiddenCharacters);
    }
    // 1,23456E+12: the digits that mattered are gone.
    let shortened = number.split_once("E+").is_some_and(|(mantissa, power)| {
        !power.is_empty()
            && power.bytes().all(|b| b.is_ascii_digit())
            && mantissa.contains([',', '.'])
            && mantissa.bytes().all(|b| b.is_ascii_digit() || b == b',' || b == b'.')
    });
    if shortened { Err(Fault::NumberShortened) } else { Ok(Some(number)) }
}

/// A day as French files write it, or ISO 8601; a time of day after it is left.
pub fn day(said: &str, today: Date) -> Result<Option<Date>, Fault> {
    let said = tidy(said);
    if nobody(&said) {
        return Ok(None);
    }
    if text::looks_like_nir(&said) {
        return Err(Fault::LooksLikeNir);
    }
    let quoted: String = said.chars().filter(|c| !c.is_control()).take(40).collect();
    let (year, month, day) = parts(&said).ok_or_else(|| Fault::DateUnreadable(quoted.clone()))?;
    let date = Month::try_from(month)
        .and_then(|month| Date::from_calendar_date(year, month, day))
        .map_err(|_| Fault::DateDoesNotExist(quoted.clone()))?;
    if date > today {
        Err(Fault::DateInFuture(quoted))
    } else if date.year() < FIRST_YEAR {
        Err(Fault::DateTooOld(quoted))
    } else {
        Ok(Some(date))
    }
}

fn parts(said: &str) -> Option<(i32, u8, u8)> {
    let folded = fold(said);
    let words: Vec<&str> = folded.split(' ').collect();
    let &[a, b, c, ..] = words.as_slice() else { return None };
    let month = MONTHS.iter().position(|m| *m == b).and_then(|m| u8::try_from(m + 1).ok());
    let month = month.or_else(|| b.parse().ok())?;
    // `2026-11-22T10:00` folds its day with the hour.
    let c = c.split('t').next().unwrap_or(c);
    if a.len() == 4 {
        return Some((a.parse().ok()?, month, c.parse().ok()?));
    }
    let day = a.strip_suffix("er").unwrap_or(a).parse().ok()?;
    let year = match c.len() {
        4 => c.parse().ok()?,
        2 => 2000 + c.parse::<i32>().ok()?,
        _ => return None,
    };
    Some((year, month, day))
}

const MONTHS: [&str; 12] = [
    "janvier",
    "fevrier",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "decembre",
];

/// Spaces of every kind made one; line breaks inside a cell too.
pub(super) fn tidy(said: &str) -> String {
    said.split(|c: char| c.is_whitespace() || c == '\u{feff}').filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
}

/// « néant », « - »: people fill a cell to say that there is nothing.
pub(super) fn nobody(said: &str) -> bool {
    let folded = fold(said);
    (folded.is_empty() && said.chars().all(|c| matches!(c, '-' | '–' | '—' | '/' | '.' | ' ')))
        || matches!(folded.as_str(), "neant" | "aucun" | "aucune" | "sans" | "non" | "n a" | "na" | "nc" | "x")
}

/// UTF-8 read as Windows-1252 by an earlier program, or a replacement sign.
fn illegible(said: &str) -> bool {
    said.contains('\u{fffd}')
        || said.chars().zip(said.chars().skip(1)).any(|(a, b)| {
            let beside = b.is_alphabetic() && !matches!(b, 'ª' | 'º' | 'ˆ');
            matches!(a, 'Ã' | 'Â') && !beside && !matches!(b, ' ' | '-' | '\'' | '’')
        })
}

/// What may be shown of a refused value: nothing of a NIR, no control character, not too long.
pub fn shown(said: &str, fault: &Fault) -> String {
    if *fault == Fault::LooksLikeNir {
        return String::new();
    }
    let bidi = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    tidy(said).chars().filter(|c| !c.is_control() && !bidi(*c)).take(MAX_NAME).collect()
}
