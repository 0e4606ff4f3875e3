//! A file as records, whatever its format: text under a separator, or a sheet of a workbook.

use std::borrow::Cow;

use csv::{ReaderBuilder, StringRecord};

use super::columns::without_separator_line;
use super::workbook::Workbook;
use super::{MAX_CELL, Refusal, bytes, guard};

/// One line of the file.
pub(super) trait Record {
    /// What the cell at this place shows; nothing beyond the last.
    fn cell(&self, place: usize) -> &str;
    /// How many cells there may be.
    fn width(&self) -> usize;
}

/// What is done with each record and its line, as a spreadsheet numbers it.
pub(super) type Each<'e> = &'e mut dyn FnMut(i64, &dyn Record) -> Result<Flow, Refusal>;

/// Whether a walk goes on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    /// To what comes next.
    On,
    /// Enough was seen.
    Enough,
}

impl Record for StringRecord {
    fn cell(&self, place: usize) -> &str {
        self.get(place).unwrap_or_default()
    }

    fn width(&self) -> usize {
        self.len()
    }
}

/// A file that was opened.
pub(super) enum Source<'a> {
    /// Text, and how many of its lines stand before it.
    Text(Cow<'a, str>, u64),
    /// A workbook.
    Book(Workbook<'a>),
}

/// Longest text of a cell kept of the top, in characters: enough to recognise a title and to show a sample.
const SHOWN: usize = 80;

impl<'a> Source<'a> {
    /// Opens a file by what it is, not by its name.
    pub(super) fn open(file: &'a [u8]) -> Result<Self, Refusal> {
        if file.starts_with(b"PK\x03\x04") {
            return Workbook::open(file).map(Self::Book);
        }
        Ok(match bytes::decode(file)? {
            Cow::Borrowed(text) => {
                let (text, skipped) = without_separator_line(text);
                Self::Text(Cow::Borrowed(text), skipped)
            }
            Cow::Owned(text) => {
                let (rest, skipped) = without_separator_line(&text);
                if skipped == 0 {
                    Self::Text(Cow::Owned(text), 0)
                } else {
                    Self::Text(Cow::Owned(rest.to_owned()), skipped)
                }
            }
        })
    }

    /// The sheets to choose from; none for a text.
    pub(super) fn sheets(&self) -> Vec<String> {
        match self {
            Self::Text(..) => Vec::new(),
            Self::Book(book) => book.sheets(),
        }
    }

    /// Every record, in order.
    pub(super) fn walk(&self, sheet: usize, separator: u8, each: Each<'_>) -> Result<(), Refusal> {
        match self {
            Self::Book(book) => book.rows(sheet, each),
            Self::Text(text, skipped) => {
                guard::check(text, separator, *skipped, guard::Part::Whole)?;
                records(text, separator, *skipped, each)
            }
        }
    }

    /// The first records, cells shortened, from a bounded part of the file.
    pub(super) fn top(&self, sheet: usize, separator: u8, count: usize) -> Result<Vec<(i64, Vec<String>)>, Refusal> {
        let mut top: Vec<(i64, Vec<String>)> = Vec::new();
        let mut keep = |line: i64, record: &dyn Record| {
            let cells = (0..record.width()).map(|place| record.cell(place).trim().chars().take(SHOWN).collect());
            top.push((line, cells.collect()));
            Ok(if top.len() == count { Flow::Enough } else { Flow::On })
        };
        match self {
            Self::Book(book) => book.rows(sheet, &mut keep)?,
            Self::Text(text, skipped) => {
                let mut end = text.len().min(2 * MAX_CELL);
                while !text.is_char_boundary(end) {
                    end -= 1;
                }
                let part = &text[..end];
                guard::check(part, separator, 0, guard::Part::Beginning)?;
                records(part, separator, *skipped, &mut keep)?;
                // The part may end inside a record.
                if end < text.len() && top.len() > 1 && top.len() < count {
                    top.pop();
                }
            }
        }
        Ok(top)
    }
}

fn records(text: &str, separator: u8, skipped: u64, each: Each<'_>) -> Result<(), Refusal> {
    let mut reader =
        ReaderBuilder::new().delimiter(separator).has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut record = StringRecord::new();
    let mut inner_breaks = 0;
    // The text is UTF-8 and in memory: the reader has nothing left to fail on, an error ends the file.
    while reader.read_record(&mut record).unwrap_or(false) {
        let start = record.position().map_or(1, |p| p.line() + blank_lines(text, p.byte()));
        let line = i64::try_from(start + skipped - inner_breaks).unwrap_or(i64::MAX);
        inner_breaks += record.iter().map(|cell| cell.matches('\n').count() as u64).sum::<u64>();
        if each(line, &record)? == Flow::Enough {
            break;
        }
    }
    Ok(())
}

/// The reader places a record before the blank lines that it skips; a spreadsheet numbers those too.
fn blank_lines(text: &str, from: u64) -> u64 {
    let rest = usize::try_from(from).ok().and_then(|from| text.as_bytes().get(from..)).unwrap_or_default();
    rest.iter().take_while(|b| matches!(b, b'\n' | b'\r')).filter(|b| **b == b'\n').count() as u64
}
