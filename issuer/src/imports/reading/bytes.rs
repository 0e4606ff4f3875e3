//! Bytes into text: which encoding, or why this is no text at all.

use std::borrow::Cow;

use super::{MAX_BYTES, Refusal};

/// The file as text, without byte order mark, every line ended by a line feed, with or without a carriage return.
pub(super) fn decode(file: &[u8]) -> Result<Cow<'_, str>, Refusal> {
    if file.len() > MAX_BYTES {
        return Err(Refusal::TooBig);
    }
    // The older compound file: XLS, or a workbook under a password.
    if file.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return Err(Refusal::OldWorkbook);
    }
    let text = match encoding_rs::Encoding::for_bom(file) {
        // « Texte Unicode » of spreadsheets is UTF-16 with its mark.
        Some((encoding, mark)) => encoding.decode_without_bom_handling(&file[mark..]).0,
        None if not_text(file) => return Err(Refusal::NotText),
        None => match std::str::from_utf8(file) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) if only_carriage_returns(file) => encoding_rs::MACINTOSH.decode_without_bom_handling(file).0,
            Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(file).0,
        },
    };
    if text.trim().is_empty() {
        return Err(Refusal::Empty);
    }
    if text.contains('\0') {
        return Err(Refusal::NotText);
    }
    Ok(with_line_feeds(text))
}

/// Lines are counted by line feeds, and each row has its own number: a file of several hands may end some of its lines
/// by a carriage return alone.
fn with_line_feeds(text: Cow<'_, str>) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    if !bytes.iter().enumerate().any(|(at, byte)| *byte == b'\r' && bytes.get(at + 1) != Some(&b'\n')) {
        return text;
    }
    let mut lines = String::with_capacity(text.len());
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        let alone = sign == '\r' && signs.peek() != Some(&'\n');
        lines.push(if alone { '\n' } else { sign });
    }
    Cow::Owned(lines)
}

fn only_carriage_returns(file: &[u8]) -> bool {
    file.contains(&b'\r') && !file.contains(&b'\n')
}

/// A zero byte, a known signature, or many control characters at the beginning.
fn not_text(file: &[u8]) -> bool {
    let head = &file[..file.len().min(64 * 1024)];
    let controls = head.iter().filter(|b| **b < 0x20 && !matches!(**b, b'\t' | b'\n' | b'\r' | 0x0C)).count();
    head.starts_with(b"%PDF-") || head.contains(&0) || controls * 20 > head.len()
}
