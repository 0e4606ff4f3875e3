//! XML of a workbook, token by token: no token is longer than a cell may be, nothing is declared, nothing is fetched.

use std::io::{self, BufReader, Read};

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};

use super::super::source::Flow;
use super::super::{MAX_CELL, Refusal};

/// Deepest element; a workbook needs eight.
const MAX_DEPTH: usize = 64;

/// What a part of a workbook says, in its order.
pub(super) enum Node<'a> {
    /// An element starts: its name without prefix, its attributes.
    Start(&'a str, Attributes<'a>),
    /// An element ends.
    End(&'a str),
    /// Text, references resolved.
    Text(&'a str),
}

/// The attributes of an element.
#[derive(Clone, Copy)]
pub(super) struct Attributes<'a>(&'a BytesStart<'a>);

impl Attributes<'_> {
    /// The value of an attribute by its name without prefix.
    pub(super) fn get(self, name: &str) -> Result<Option<String>, Refusal> {
        for attribute in self.0.attributes().with_checks(false) {
            let attribute = attribute.map_err(|_| Refusal::WorkbookDamaged)?;
            if attribute.key.local_name().as_ref() == name {
                let value = unescape(&attribute.value).map_err(|_| Refusal::WorkbookDamaged)?;
                return Ok(Some(value.into_owned()));
            }
        }
        Ok(None)
    }
}

/// Walks a part of `size` bytes, node by node.
pub(super) fn walk(
    bytes: impl Read,
    size: u64,
    mut each: impl FnMut(Node<'_>) -> Result<Flow, Refusal>,
) -> Result<(), Refusal> {
    let mut reader = Reader::from_reader(BufReader::with_capacity(64 * 1024, Guarded::new(bytes, size)));
    reader.config_mut().expand_empty_elements = true;
    let (mut buffer, mut depth) = (Vec::new(), 0_usize);
    loop {
        buffer.clear();
        let flow = match reader.read_event_into(&mut buffer).map_err(|error| refusal(&error))? {
            Event::Start(start) => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err(Refusal::WorkbookDamaged);
                }
                each(Node::Start(start.local_name().as_ref(), Attributes(&start)))?
            }
            Event::End(end) => {
                depth = depth.saturating_sub(1);
                each(Node::End(end.local_name().as_ref()))?
            }
            Event::Text(text) => each(Node::Text(&text))?,
            Event::GeneralRef(reference) => {
                let sign = match reference.resolve_char_ref().map_err(|_| Refusal::WorkbookDamaged)? {
                    Some(sign) => sign,
                    None => match &*reference {
                        "lt" => '<',
                        "gt" => '>',
                        "amp" => '&',
                        "apos" => '\'',
                        "quot" => '"',
                        _ => return Err(Refusal::WorkbookDamaged),
                    },
                };
                each(Node::Text(sign.encode_utf8(&mut [0; 4])))?
            }
            Event::Decl(_) | Event::PI(_) | Event::Empty(_) => Flow::On,
            // Refused by `Guarded` before they get here.
            Event::DocType(_) | Event::CData(_) | Event::Comment(_) => return Err(Refusal::WorkbookDamaged),
            Event::Eof => return if depth == 0 { Ok(()) } else { Err(Refusal::WorkbookDamaged) },
        };
        if flow == Flow::Enough {
            return Ok(());
        }
    }
}

fn refusal(error: &quick_xml::Error) -> Refusal {
    match error {
        quick_xml::Error::Io(error) => error
            .get_ref()
            .and_then(|e| e.downcast_ref::<Stop>())
            .map_or(Refusal::WorkbookDamaged, |stop| stop.0.clone()),
        _ => Refusal::WorkbookDamaged,
    }
}

/// Why reading stops, carried through the reader's own error.
#[derive(Debug, thiserror::Error)]
#[error("refused")]
struct Stop(Refusal);

/// Bytes on their way to the reader, which would keep a token whole however long: each is bounded here, and so is the
/// sum. Declarations (`<!…`), which no workbook has and which could declare entities, are refused.
struct Guarded<R> {
    bytes: R,
    left: u64,
    at: At,
    run: usize,
    before: u8,
}

#[derive(Clone, Copy, PartialEq)]
enum At {
    Text,
    Open,
    Instruction,
    Tag,
    Double,
    Single,
}

impl<R: Read> Guarded<R> {
    fn new(bytes: R, size: u64) -> Self {
        Self { bytes, left: size, at: At::Text, run: 0, before: 0 }
    }

    fn check(&mut self, some: &[u8]) -> Result<(), Refusal> {
        let read = some.len() as u64;
        self.left = self.left.checked_sub(read).ok_or(Refusal::WorkbookTooLarge)?;
        for byte in some {
            let next = match (self.at, byte) {
                (At::Text, b'<') => At::Open,
                (At::Open, b'!') => return Err(Refusal::WorkbookDamaged),
                (At::Open, b'?') => At::Instruction,
                (At::Instruction, b'>') if self.before == b'?' => At::Text,
                (At::Open | At::Tag, b'>') => At::Text,
                (At::Tag, b'"') => At::Double,
                (At::Tag, b'\'') => At::Single,
                (At::Open, _) | (At::Double, b'"') | (At::Single, b'\'') => At::Tag,
                (same, _) => same,
            };
            self.run = if next != self.at && matches!(next, At::Text | At::Open) { 0 } else { self.run + 1 };
            if self.run > MAX_CELL {
                return Err(Refusal::WorkbookCell);
            }
            // The sign that begins an instruction does not end it: `<?>` goes on.
            let opens = self.at == At::Open && next == At::Instruction;
            (self.at, self.before) = (next, if opens { 0 } else { *byte });
        }
        Ok(())
    }
}

impl<R: Read> Read for Guarded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.bytes.read(buffer)?;
        self.check(&buffer[..count]).map_err(|refusal| io::Error::other(Stop(refusal)))?;
        Ok(count)
    }
}
