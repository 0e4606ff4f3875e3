//! Lines of canonical N-Quads, cut where a value or a label stands.

use std::fmt::{self, Write};

/// Text with places for values and labels.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pieces(Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Piece {
    Text(String),
    /// The value of a slot, escaped.
    Literal(usize),
    /// The value of a slot, as it is.
    Iri(usize),
    /// The label of a blank node.
    Blank(usize),
}

/// What stands in the places.
pub struct Filling<'v, V> {
    /// By slot.
    pub strings: &'v [V],
    /// The number of the label of each blank node.
    pub numbers: &'v [usize],
    /// The labels, by number.
    pub labels: &'v [String],
}

impl Pieces {
    pub fn push_text(&mut self, text: &str) {
        match self.0.last_mut() {
            Some(Piece::Text(before)) => before.push_str(text),
            _ => self.0.push(Piece::Text(text.to_owned())),
        }
    }

    pub fn push_literal(&mut self, slot: usize) {
        self.0.push(Piece::Literal(slot));
    }

    pub fn push_iri(&mut self, slot: usize) {
        self.0.push(Piece::Iri(slot));
    }

    pub fn push_blank(&mut self, blank: usize) {
        self.0.push(Piece::Blank(blank));
    }

    pub fn append(&mut self, other: Self) {
        for piece in other.0 {
            match piece {
                Piece::Text(text) => self.push_text(&text),
                piece => self.0.push(piece),
            }
        }
    }

    /// Its text, if nothing in it varies.
    pub fn fixed(&self) -> Option<&str> {
        match self.0.as_slice() {
            [] => Some(""),
            [Piece::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// How long the text is without values and labels.
    pub fn length(&self) -> usize {
        let text = |piece: &Piece| match piece {
            Piece::Text(text) => text.len(),
            Piece::Blank(_) => "_:c14n99".len(),
            Piece::Literal(_) | Piece::Iri(_) => 0,
        };
        self.0.iter().map(text).sum()
    }

    pub fn write<V: AsRef<str>>(&self, with: &Filling<'_, V>, text: &mut impl Write) {
        for piece in &self.0 {
            // Writing to memory does not fail.
            let _ = match piece {
                Piece::Text(fixed) => text.write_str(fixed),
                Piece::Literal(slot) => escape(with.strings[*slot].as_ref(), text),
                Piece::Iri(slot) => text.write_str(with.strings[*slot].as_ref()),
                Piece::Blank(blank) => text.write_str(&with.labels[with.numbers[*blank]]),
            };
        }
    }
}

/// Canonical escapes (RDF Canonicalization 1.0 §5): few texts need one, so whole stretches are copied.
pub fn escape(value: &str, text: &mut impl Write) -> fmt::Result {
    // All bytes are looked at, many at once.
    let special =
        |byte: u8| u8::from(byte < b' ') | u8::from(byte == b'"') | u8::from(byte == b'\\') | u8::from(byte == 0x7f);
    if value.bytes().fold(0, |found, byte| found | special(byte)) == 0 {
        return text.write_str(value);
    }
    let mut copied = 0;
    for (place, byte) in value.bytes().enumerate() {
        if special(byte) == 0 {
            continue;
        }
        text.write_str(&value[copied..place])?;
        copied = place + 1;
        let short = match byte {
            0x8 => 'b',
            b'\t' => 't',
            b'\n' => 'n',
            0xc => 'f',
            b'\r' => 'r',
            b'"' | b'\\' => char::from(byte),
            _ => {
                write!(text, "\\u{byte:04X}")?;
                continue;
            }
        };
        text.write_char('\\')?;
        text.write_char(short)?;
    }
    text.write_str(&value[copied..])
}
