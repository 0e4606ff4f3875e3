//! One sheet, row by row: what each cell shows.

use super::super::source::{Each, Flow, Record};
use super::super::{MAX_CELL, MAX_COLUMNS, Refusal};
use super::numbers::{Style, shown};
use super::strings::Strings;
use super::xml::{Attributes, Node};

/// Most rows of a sheet, empty ones included: what a spreadsheet itself allows.
const MAX_SHEET_ROWS: i64 = 1_048_576;
/// Of a longer text only this much is looked at: no value that the house keeps is as long.
const LOOKED_AT: usize = 1_024;

/// The walk of one sheet. Values are those the spreadsheet computed last; formulas are not read.
#[expect(clippy::struct_excessive_bools, reason = "where a stream of nodes stands: each is one of its facts")]
pub(super) struct Pass<'b> {
    strings: &'b Strings,
    styles: &'b [Style],
    since_1904: bool,
    inside: bool,
    row: i64,
    cells: Vec<Cell>,
    filled: bool,
    column: usize,
    kind: String,
    style: Style,
    value: String,
    reads: bool,
    phonetic: bool,
}

enum Cell {
    Nothing,
    Shared(usize),
    Own(String),
}

struct Row<'b>(&'b [Cell], &'b Strings);

impl Record for Row<'_> {
    fn cell(&self, place: usize) -> &str {
        match self.0.get(place) {
            None | Some(Cell::Nothing) => "",
            Some(Cell::Shared(nth)) => self.1.get(*nth).map(beginning).unwrap_or_default(),
            Some(Cell::Own(text)) => beginning(text),
        }
    }

    fn width(&self) -> usize {
        self.0.len()
    }
}

fn beginning(text: &str) -> &str {
    let mut end = text.len().min(LOOKED_AT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

impl<'b> Pass<'b> {
    pub(super) fn new(strings: &'b Strings, styles: &'b [Style], since_1904: bool) -> Self {
        Self {
            strings,
            styles,
            since_1904,
            inside: false,
            row: 0,
            cells: Vec::new(),
            filled: false,
            column: 0,
            kind: String::new(),
            style: Style::Plain,
            value: String::new(),
            reads: false,
            phonetic: false,
        }
    }

    pub(super) fn node(&mut self, node: &Node<'_>, each: Each<'_>) -> Result<Flow, Refusal> {
        match node {
            Node::Start("sheetData", _) => self.inside = true,
            Node::End("sheetData") => return Ok(Flow::Enough),
            _ if !self.inside => {}
            Node::Start("row", attributes) => self.start_row(*attributes)?,
            Node::End("row") if self.filled => return each(self.row, &Row(&self.cells, self.strings)),
            Node::Start("c", attributes) => self.start_cell(*attributes)?,
            Node::End("c") => self.end_cell()?,
            Node::Start("rPh", _) => self.phonetic = true,
            Node::End("rPh") => self.phonetic = false,
            Node::Start("v" | "t", _) => self.reads = !self.phonetic,
            Node::End("v" | "t") => self.reads = false,
            Node::Text(text) if self.reads => {
                self.value.push_str(text);
                if self.value.len() > MAX_CELL {
                    return Err(Refusal::HugeCell(self.row));
                }
            }
            _ => {}
        }
        Ok(Flow::On)
    }

    fn start_row(&mut self, attributes: Attributes<'_>) -> Result<(), Refusal> {
        let next = match attributes.get("r")? {
            Some(number) => number.parse().map_err(|_| Refusal::WorkbookDamaged)?,
            None => self.row + 1,
        };
        if next <= self.row || next > MAX_SHEET_ROWS {
            return Err(Refusal::WorkbookDamaged);
        }
        (self.row, self.column, self.filled) = (next, 0, false);
        self.cells.clear();
        Ok(())
    }

    fn start_cell(&mut self, attributes: Attributes<'_>) -> Result<(), Refusal> {
        self.column = match attributes.get("r")? {
            Some(place) => column(&place).ok_or(Refusal::WorkbookDamaged)?,
            None => self.column + 1,
        };
        self.kind = attributes.get("t")?.unwrap_or_default();
        let style = attributes.get("s")?.and_then(|s| s.parse::<usize>().ok()).unwrap_or_default();
        self.style = self.styles.get(style).copied().unwrap_or(Style::Plain);
        self.value.clear();
        Ok(())
    }

    fn end_cell(&mut self) -> Result<(), Refusal> {
        let value = self.value.trim();
        if value.is_empty() {
            return Ok(());
        }
        let cell = match self.kind.as_str() {
            "s" => {
                let nth = value.parse().map_err(|_| Refusal::WorkbookDamaged)?;
                if self.strings.get(nth).ok_or(Refusal::WorkbookDamaged)?.is_empty() {
                    return Ok(());
                }
                Cell::Shared(nth)
            }
            "b" => Cell::Own(if value == "1" { "VRAI" } else { "FAUX" }.to_owned()),
            "" | "n" => Cell::Own(shown(value, self.style, self.since_1904)),
            // `str` and `inlineStr` are texts, `d` is a date of ISO 8601, `e` is an error as shown (`#N/A`).
            _ => Cell::Own(value.to_owned()),
        };
        // From 1.
        let place = self.column.checked_sub(1).filter(|place| *place < MAX_COLUMNS);
        let place = place.ok_or(Refusal::TooManyColumns(self.row))?;
        while self.cells.len() <= place {
            self.cells.push(Cell::Nothing);
        }
        self.cells[place] = cell;
        self.filled = true;
        Ok(())
    }
}

/// `AB12` stands in column 28; `None` for what no sheet has.
fn column(place: &str) -> Option<usize> {
    let letters = place.bytes().take_while(u8::is_ascii_alphabetic);
    let (mut column, mut count) = (0, 0);
    for letter in letters {
        column = column * 26 + usize::from(letter.to_ascii_uppercase() - b'A') + 1;
        count += 1;
        if count > 3 {
            return None;
        }
    }
    (count > 0).then_some(column)
}
