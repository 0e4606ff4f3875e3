//! Limits, checked in one pass before a record is built: a hostile line must not cost more than its bytes.

use super::{MAX_CELL, MAX_COLUMNS, Refusal};

/// Walks the text as the CSV reader will, and refuses a giant cell or a line of endless columns.
pub(super) fn check(text: &str, separator: u8, skipped: u64, part: Part) -> Result<(), Refusal> {
    let (mut line, mut cell_line) = (skipped + 1, skipped + 1);
    let (mut size, mut columns) = (0usize, 1usize);
    let mut at = At::Start;
    for byte in text.bytes() {
        line += u64::from(byte == b'\n');
        at = match (at, byte) {
            (At::Quoted, b'"') => At::MaybeEnd,
            (At::Start | At::MaybeEnd, b'"') | (At::Quoted, _) => At::Quoted,
            (_, b) if b == separator => {
                columns += 1;
                At::Start
            }
            (_, b'\n' | b'\r') => {
                columns = 1;
                At::Start
            }
            _ => At::Plain,
        };
        if at == At::Start {
            (size, cell_line) = (0, line);
        } else {
            size += 1;
        }
        if size > MAX_CELL {
            return Err(Refusal::HugeCell(number(cell_line)));
        }
        if columns > MAX_COLUMNS {
            return Err(Refusal::TooManyColumns(number(line)));
        }
    }
    // A quote never closed would swallow every line after it, in silence.
    if at == At::Quoted && part == Part::Whole {
        return Err(Refusal::HugeCell(number(cell_line)));
    }
    Ok(())
}

/// Whether the text checked is the whole file.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Part {
    Beginning,
    Whole,
}

#[derive(Clone, Copy, PartialEq)]
enum At {
    Start,
    Plain,
    Quoted,
    MaybeEnd,
}

fn number(line: u64) -> i64 {
    i64::try_from(line).unwrap_or(i64::MAX)
}
