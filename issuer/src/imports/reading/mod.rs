//! A file of trainees as people write it, read into rows: pure, bounded, without opinion on badges.
//!
//! What is read: CSV with `;`, `,` or tab, quotes, UTF-8 with or without BOM, Windows-1252, UTF-16 with BOM
//! (« Texte Unicode »), old Macintosh files, any line ending, a title above the header, `sep=;` on the first line; and
//! XLSX workbooks. Only the columns that the house uses are looked at; nothing of the others leaves this function.

pub mod badges;
mod bytes;
mod cells;
mod columns;
mod guard;
mod source;
mod words;
mod workbook;

#[cfg(test)]
mod tests;

/// What only tests do.
#[cfg(test)]
pub(crate) mod tests_only {
    pub(crate) use super::workbook::tests::plain as workbook;
}

use time::Date;

pub use cells::{
    Email, FIRST_YEAR, MAX_NAME, day, email, file_number, name_as_written, person_name, shown, surname_last,
};
pub use columns::{Column, Columns, Look, Plan, first_name_first, fold, nothing};

use source::{Flow, Source};

/// Largest text read, in bytes; a workbook has its own, smaller limit.
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
    /// The badge, when the file has such a column.
    pub badge_id: Option<String>,
    /// The code of the level, when the file says one.
    pub level: Option<String>,
    /// What is to be mended before anything can be attested, the most important first.
    pub faults: Vec<(Field, Fault)>,
}

impl Row {
    /// What is to be mended first.
    pub fn fault(&self) -> Option<&Fault> {
        self.faults.first().map(|(_, fault)| fault)
    }
}

/// What is done with each line; `false` when nobody wants the next.
pub type Take<'t> = &'t mut dyn FnMut(Row) -> bool;

/// Where a fault stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The name.
    Name,
    /// The address.
    Email,
    /// The file number.
    FileNumber,
    /// The day observed.
    ObservedOn,
    /// The badge and its level.
    Badge,
}

impl Field {
    /// Every field.
    pub const ALL: [Self; 5] = [Self::Name, Self::Email, Self::FileNumber, Self::ObservedOn, Self::Badge];

    /// The word kept in forms and in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Email => "email",
            Self::FileNumber => "file_number",
            Self::ObservedOn => "observed_on",
            Self::Badge => "badge",
        }
    }

    /// Back from its code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.code() == code)
    }
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
    /// No badge of the référentiel; what was written.
    BadgeUnknown(String),
    /// No level of the référentiel; what was written.
    LevelUnknown(String),
    /// The badge without its level; the badge's name.
    LevelMissing(String),
    /// The badge has no such level; the badge's name.
    LevelNotOfBadge(String),
    /// The badge's cell says one level, the level's cell another; the badge's name.
    LevelsDiffer(String),
    /// Cannot be attested by this organisation, or not in a file; why. Found when lines are settled.
    BadgeRefused(String),
}

/// Why a whole file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// More than [`MAX_BYTES`].
    TooBig,
    /// Nothing in it.
    Empty,
    /// XLS, XLSB, or protected by a password.
    OldWorkbook,
    /// ODS.
    OpenDocument,
    /// A workbook of more than 10 MB, or more than its parts may hold once inflated.
    WorkbookTooLarge,
    /// A workbook that does not read as one.
    WorkbookDamaged,
    /// A text in a workbook is longer than [`MAX_CELL`].
    WorkbookCell,
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

/// Reads a file whose header says who is who, whole. `today` is the last day that an observation can have.
pub fn read(file: &[u8], today: Date) -> Result<Reading, Refusal> {
    let source = Source::open(file)?;
    let look = columns::look(&source, None)?;
    if !look.recognised {
        return Err(columns::nothing(&look));
    }
    let mut read = Vec::new();
    rows(&source, &look.plan, today, &mut |row| {
        read.push(row);
        true
    })?;
    Ok(Reading { rows: read, columns: look.plan.columns })
}

/// Looks at the top of a file, at this sheet or at the first that holds something.
pub fn look(file: &[u8], sheet: Option<usize>) -> Result<Look, Refusal> {
    columns::look(&Source::open(file)?, sheet)
}

/// Reads a file as a person said: hands its lines to `take`, one after the other, while it answers `true`. A refusal may
/// come after lines that were handed on.
pub fn read_as(file: &[u8], plan: &Plan, today: Date, take: Take<'_>) -> Result<(), Refusal> {
    rows(&Source::open(file)?, plan, today, take)
}

fn rows(source: &Source<'_>, plan: &Plan, today: Date, take: Take<'_>) -> Result<(), Refusal> {
    let (mut read, mut nth) = (0_usize, 0_usize);
    let whole_name = plan.columns.place(Column::WholeName);
    let mut in_order = false;
    source.walk(plan.sheet, plan.separator, &mut |line, record| {
        nth += 1;
        if nth == plan.header_record {
            in_order = whole_name.is_some_and(|place| first_name_first(record.cell(place)));
        }
        if nth <= plan.header_record || (0..record.width()).all(|place| record.cell(place).trim().is_empty()) {
            return Ok(Flow::On);
        }
        if read == MAX_ROWS {
            return Err(Refusal::TooManyRows);
        }
        read += 1;
        Ok(if take(cells::row(line, record, &plan.columns, in_order, today)) { Flow::On } else { Flow::Enough })
    })?;
    if read == 0 { Err(Refusal::Empty) } else { Ok(()) }
}
