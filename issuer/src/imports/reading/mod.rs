//! A file of trainees as people write it, read into rows: pure, bounded, without opinion on badges.
//!
//! What is read: CSV with `;`, `,` or tab, quotes, UTF-8 with or without BOM, Windows-1252, UTF-16 with BOM
//! (« Texte Unicode »), old Macintosh files, any line ending, a title above the header, `sep=;` on the first line.
//! Only the columns that the house uses are looked at; nothing of the others leaves this function.

mod bytes;
mod cells;
mod columns;
mod guard;
mod words;

#[cfg(test)]
mod tests;

use time::Date;

pub use cells::{Email, FIRST_YEAR, MAX_NAME, email, file_number, person_name};
pub use columns::{Column, Columns};

/// Largest file read, in bytes.
pub const MAX_BYTES: usize = 25 * 1024 * 1024;
/// Most rows read from one file.
pub const MAX_ROWS: usize = 100_000;
/// Largest cell read, in bytes: beyond, a quote was probably never closed.
pub const MAX_CELL: usize = 64 * 1024;
/// Most columns on one line.
pub const MAX_COLUMNS: usize = 1_000;

/// What a file says, once read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// One per line that names somebody or tries to, in the file's order.
    pub rows: Vec<Row>,
    /// Which columns were used.
    pub columns: Columns,
}

/// One line of the file. Empty fields where the value was refused and must not be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The line as a spreadsheet numbers it, the header's included.
    pub line: i64,
    /// The person's name, as written, spaces tidied.
    pub name: String,
    /// The address, right or as written when it is the fault.
    pub email: Option<String>,
    /// The file number, when the file has such a column.
    pub file_number: Option<String>,
    /// The day observed, when the file has such a column.
    pub observed_on: Option<Date>,
    /// What is to be mended before anything can be attested.
    pub fault: Option<Fault>,
}

/// Why one line cannot be used as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// No name.
    NameMissing,
    /// Something, but not a name (an address, a formula, a figure).
    NotAName,
    /// The address has no `@`.
    AddressWithoutAt,
    /// The address stops before its end, as `d.lecomte@exemple`.
    AddressIncomplete,
    /// More than one address in the cell.
    AddressSeveral,
    /// Signs that no address has.
    AddressSigns,
    /// A day that the calendar does not have; what was written.
    DateDoesNotExist(String),
    /// Not read as a date; what was written.
    DateUnreadable(String),
    /// A day that has not come yet; what was written.
    DateInFuture(String),
    /// A day before [`FIRST_YEAR`]; what was written.
    DateTooOld(String),
    /// Looks like a social security number: refused at every door, never kept.
    LooksLikeNir,
    /// Control or direction-changing characters.
    HiddenCharacters,
    /// Characters broken by an earlier save, as `AmÃ©lie`.
    Illegible,
    /// Longer than the house keeps.
    TooLong,
    /// A file number that the spreadsheet shortened, as `1,23E+12`.
    NumberShortened,
    /// The file number is somebody else's; who. Found when people are matched, not when the file is read.
    NumberOfAnother(String),
    /// The person who attests, by their address: nobody attests themselves.
    Yourself,
}

/// Why a whole file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// More than [`MAX_BYTES`].
    TooBig,
    /// Nothing in it.
    Empty,
    /// XLSX, XLS or ODS: to be saved as CSV.
    Spreadsheet,
    /// A picture, a PDF, a program: not text.
    NotText,
    /// More than [`MAX_ROWS`].
    TooManyRows,
    /// More than [`MAX_COLUMNS`] on this line.
    TooManyColumns(i64),
    /// More than [`MAX_CELL`] in one cell that starts on this line.
    HugeCell(i64),
    /// The first line is already a person.
    NoHeader,
    /// No column says who; the headers found.
    NoUsableColumn(Vec<String>),
}

/// Reads a file. `today` is the last day that an observation can have.
pub fn read(file: &[u8], today: Date) -> Result<Reading, Refusal> {
    let text = bytes::decode(file)?;
    let (text, skipped) = columns::without_separator_line(&text);
    let found = columns::find(text)?;
    guard::check(text, found.separator, skipped, guard::Part::Whole)?;
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(found.separator)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let mut rows = Vec::new();
    let mut inner_breaks = 0;
    let mut nth = 0usize;
    // The text is UTF-8 and in memory: the reader has nothing left to fail on, an error ends the file.
    while reader.read_record(&mut record).unwrap_or(false) {
        let start = record.position().map_or(1, |p| p.line() + blank_lines(text, p.byte()));
        let line = i64::try_from(start + skipped - inner_breaks).unwrap_or(i64::MAX);
        inner_breaks += record.iter().map(|cell| cell.matches('\n').count() as u64).sum::<u64>();
        nth += 1;
        if nth <= found.header_record || record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if rows.len() == MAX_ROWS {
            return Err(Refusal::TooManyRows);
        }
        rows.push(cells::row(line, &record, &found.columns, today));
    }
    if rows.is_empty() {
        return Err(Refusal::Empty);
    }
    Ok(Reading { rows, columns: found.columns })
}

/// The reader places a record before the blank lines that it skips; a spreadsheet numbers those too.
fn blank_lines(text: &str, from: u64) -> u64 {
    let rest = usize::try_from(from).ok().and_then(|from| text.as_bytes().get(from..)).unwrap_or_default();
    rest.iter().take_while(|b| matches!(b, b'\n' | b'\r')).filter(|b| **b == b'\n').count() as u64
}
