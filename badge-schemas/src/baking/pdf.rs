//! PDF: the files attached to it (ISO 32000-2 §7.11.4), as far as a badge can be among them.
//!
//! A small reader of our own. A whole PDF library inflates every object stream it meets before anybody can say stop;
//! this one goes through the file once, never follows a reference, and has a budget for each thing it does.
//! What it gives up: files under LZW or ASCII filters, and encrypted documents.

mod objects;

use std::collections::{BTreeMap, BTreeSet};

use super::{BakeFault, MAX_BYTES, inflate_counted};
use crate::json;
use objects::{Dictionary, find, name_at, parse_dictionary, skip_space};

/// Most attached files read.
pub const MAX_FILES: usize = 64;
/// Most objects of one document.
const MAX_OBJECTS: usize = 200_000;
/// Most white space between the data of a stream and its `endstream`: an end of line, as the standard has it, and more.
const MAX_SPACE: usize = 1024;
/// Bytes inflated in one document, all streams together.
const MAX_INFLATED: usize = json::MAX_BYTES + 2 * 1024 * 1024;

/// The content of every attached file that can be read, in the order of their object numbers; the last version of
/// each counts. Empty when nothing is attached.
pub fn attachments(document: &[u8]) -> Result<Vec<Vec<u8>>, BakeFault> {
    if document.len() > MAX_BYTES {
        return Err(BakeFault::TooLarge);
    }
    if !document.starts_with(b"%PDF-") {
        return Err(BakeFault::NotPdf);
    }
    let outline = outline(document)?;
    let mut budget = MAX_INFLATED;
    let mut referenced = BTreeSet::new();
    for plain in &outline.plain {
        if has_name(plain, b"/Encrypt") {
            return Err(BakeFault::PdfEncrypted);
        }
        embedded_references(plain, &mut referenced);
    }
    for stream in outline.streams.values().filter(|s| s.kind == Kind::Objects) {
        if let Some(objects) = stream.content(&mut budget)? {
            embedded_references(&objects, &mut referenced);
        }
    }
    let mut files = Vec::new();
    for (number, stream) in &outline.streams {
        let attached = match stream.kind {
            Kind::EmbeddedFile => true,
            Kind::Untyped => referenced.contains(number),
            Kind::Objects => false,
        };
        if attached {
            files.extend(stream.content(&mut budget)?);
        }
        if files.len() == MAX_FILES {
            break;
        }
    }
    Ok(files)
}

/// A stream that is, or may lead to, an attached file.
struct Stream<'a> {
    kind: Kind,
    /// `None`: a filter that is not read.
    deflated: Option<bool>,
    data: &'a [u8],
}

#[derive(PartialEq, Eq)]
enum Kind {
    /// `/Type /EmbeddedFile`.
    EmbeddedFile,
    /// `/Type /ObjStm`: objects in a stream, file specifications among them.
    Objects,
    /// No `/Type`, which embedded files may leave out.
    Untyped,
}

impl Stream<'_> {
    /// The content, `None` when it cannot be read. What one stream costs is taken from the budget of all.
    fn content(&self, budget: &mut usize) -> Result<Option<Vec<u8>>, BakeFault> {
        let (cost, content) = match self.deflated {
            Some(true) => inflate_counted(self.data, *budget),
            Some(false) => (self.data.len(), Ok(self.data.to_vec())),
            None => return Ok(None),
        };
        // A damaged stream costs what came out of it before the damage.
        *budget = budget.checked_sub(cost.max(64)).ok_or(BakeFault::PdfTooComplex)?;
        // One damaged attachment does not hide the others.
        Ok(content.ok())
    }
}

/// The file cut in streams and the rest.
struct Outline<'a> {
    streams: BTreeMap<u32, Stream<'a>>,
    plain: Vec<&'a [u8]>,
}

fn outline(document: &[u8]) -> Result<Outline<'_>, BakeFault> {
    let mut outline = Outline { streams: BTreeMap::new(), plain: Vec::new() };
    // What is read without going on, in bytes: a file that opens many dictionaries and closes none, or whose lengths all
    // point at one run of white space, would be read again and again.
    let mut work = document.len().saturating_mul(2);
    let (mut from, mut plain_from, mut objects) = (0, 0, 0);
    while let Some(at) = find(document, b"obj", from) {
        from = at + 3;
        let Some(number) = object_number(&document[..at]) else { continue };
        objects += 1;
        if objects > MAX_OBJECTS {
            return Err(BakeFault::PdfTooComplex);
        }
        let start = skip_space(document, from);
        let (dictionary, end) = parse_dictionary(document, start);
        work = work.checked_sub(end - start).ok_or(BakeFault::PdfTooComplex)?;
        // A later version of an object takes the place of the earlier one.
        outline.streams.remove(&number);
        let Some(dictionary) = dictionary else { continue };
        from = end;
        let Some(data_start) = stream_start(document, end) else { continue };
        let Some(data_end) = stream_end(document, data_start, &dictionary, &mut work)? else { break };
        outline.plain.push(&document[plain_from..data_start]);
        (from, plain_from) = (data_end, data_end);
        if let Some(kind) = kind(&dictionary) {
            let data = &document[data_start..data_end];
            outline.streams.insert(number, Stream { kind, deflated: deflated(&dictionary), data });
        }
    }
    outline.plain.push(&document[plain_from..]);
    Ok(outline)
}

/// The number of `12 0 obj`, read backwards from `obj`.
fn object_number(before: &[u8]) -> Option<u32> {
    let before = &before[before.len().saturating_sub(24)..];
    let mut parts = before.rsplit(u8::is_ascii_whitespace).filter(|part| !part.is_empty());
    let generation = parts.next()?;
    let number = parts.next()?;
    // What stands before the number may touch it: `endobj12 0 obj` is seen in the wild.
    let digits = number.iter().rev().take_while(|b| b.is_ascii_digit()).count();
    let number = std::str::from_utf8(&number[number.len() - digits..]).ok()?;
    generation.iter().all(u8::is_ascii_digit).then_some(())?;
    number.parse().ok()
}

/// Where the data begins, if `stream` follows.
fn stream_start(document: &[u8], at: usize) -> Option<usize> {
    let at = skip_space(document, at);
    let rest = document[at..].strip_prefix(b"stream")?;
    let line = match rest {
        [b'\r', b'\n', ..] => 2,
        [b'\n' | b'\r', ..] => 1,
        _ => 0,
    };
    Some(at + 6 + line)
}

/// Where the data ends: by `/Length` when `endstream` stands there, else at the next `endstream`.
fn stream_end(
    document: &[u8],
    start: usize,
    dictionary: &Dictionary<'_>,
    work: &mut usize,
) -> Result<Option<usize>, BakeFault> {
    let by_length = dictionary.get(b"Length").and_then(|v| std::str::from_utf8(v).ok()?.trim().parse::<usize>().ok());
    if let Some(end) = by_length.and_then(|length| start.checked_add(length)).filter(|end| *end <= document.len()) {
        let near = &document[..document.len().min(end + MAX_SPACE)];
        let word = skip_space(near, end);
        *work = work.checked_sub(word - end).ok_or(BakeFault::PdfTooComplex)?;
        if document[word..].starts_with(b"endstream") {
            return Ok(Some(end));
        }
    }
    Ok(find(document, b"endstream", start))
}

fn kind(dictionary: &Dictionary<'_>) -> Option<Kind> {
    match dictionary.get(b"Type").map(|value| name_at(value)) {
        Some(Some(b"EmbeddedFile")) => Some(Kind::EmbeddedFile),
        Some(Some(b"ObjStm")) => Some(Kind::Objects),
        None => Some(Kind::Untyped),
        Some(_) => None,
    }
}

/// Whether the data is deflated (`Some(true)`), as it is (`Some(false)`), or under filters that are not read.
fn deflated(dictionary: &Dictionary<'_>) -> Option<bool> {
    if dictionary.get(b"DecodeParms").is_some_and(|p| has_name(p, b"/Predictor")) {
        return None;
    }
    let Some(filter) = dictionary.get(b"Filter") else { return Some(false) };
    let filter = filter.trim_ascii();
    let filter = filter.strip_prefix(b"[").and_then(|f| f.strip_suffix(b"]")).unwrap_or(filter).trim_ascii();
    match filter {
        b"" => Some(false),
        b"/FlateDecode" | b"/Fl" => Some(true),
        _ => None,
    }
}

/// `/EF << /F 12 0 R /UF 12 0 R >>`: the objects that file specifications name.
fn embedded_references(text: &[u8], references: &mut BTreeSet<u32>) {
    let mut from = 0;
    for _ in 0..4 * MAX_FILES {
        let Some(at) = find(text, b"/EF", from) else { return };
        from = at + 3;
        let start = skip_space(text, from);
        if !text[start..].starts_with(b"<<") {
            continue;
        }
        // Short by nature: at most five references.
        let end = text.len().min(start + 256);
        let inner = &text[start + 2..end];
        let inner = &inner[..find(inner, b">>", 0).unwrap_or(inner.len())];
        let words: Vec<&[u8]> =
            inner.split(|b| b.is_ascii_whitespace() || *b == b'/').filter(|w| !w.is_empty()).collect();
        for reference in words.windows(3).filter(|w| w[2] == b"R") {
            references.extend(std::str::from_utf8(reference[0]).ok().and_then(|n| n.parse::<u32>().ok()));
        }
    }
}

/// Whether this very name stands there, not one that begins with it.
fn has_name(text: &[u8], name: &[u8]) -> bool {
    let mut from = 0;
    while let Some(at) = find(text, name, from) {
        from = at + name.len();
        if text.get(from).is_none_or(|b| !b.is_ascii_alphanumeric()) {
            return true;
        }
    }
    false
}
