//! PNG: one `iTXt` chunk, uncompressed (PNG 3rd ed. §11.3.3.4; Open Badges 3.0 §5.3.1; Badge Baking 2.0).

use super::{BakeFault, Keyword, MAX_BYTES, Unbaked, bakeable, inflate};
use crate::json;

const SIGNATURE: &[u8; 8] = b"\x89PNG\r\n\x1a\n";
/// A picture of 10 MB in chunks of 8 KB has some 1,300 of them.
const MAX_CHUNKS: usize = 65_536;

/// The picture with the badge in it: one `iTXt` before `IEND`, every other byte as it was.
/// A badge already there, of any of the standards, is replaced: one credential per document (§5.1).
pub fn bake(picture: &[u8], keyword: Keyword, text: &str) -> Result<Vec<u8>, BakeFault> {
    bakeable(text)?;
    let (chunks, after) = chunks(picture)?;
    let mut baked = Vec::with_capacity(picture.len() + text.len() + 64);
    baked.extend_from_slice(SIGNATURE);
    for chunk in chunks {
        if badge_keyword(&chunk).is_some() {
            continue;
        }
        if chunk.kind == *b"IEND" {
            push_itxt(&mut baked, keyword, text)?;
        }
        baked.extend_from_slice(chunk.whole);
    }
    baked.extend_from_slice(after);
    Ok(baked)
}

/// The first badge in the picture, or `None`. Reads what others have written: `iTXt` compressed or not, with a
/// language or not, `zTXt`, and the `tEXt` of the first years. UTF-8 is required.
pub fn unbake(picture: &[u8]) -> Result<Option<Unbaked>, BakeFault> {
    let (chunks, _) = chunks(picture)?;
    let Some((keyword, chunk)) = chunks.iter().find_map(|c| badge_keyword(c).map(|k| (k, c))) else {
        return Ok(None);
    };
    let bytes = match &chunk.kind {
        b"iTXt" => international_text(chunk.after_keyword())?,
        b"zTXt" => match chunk.after_keyword() {
            [0, deflated @ ..] => inflate(deflated, json::MAX_BYTES)?,
            _ => return Err(BakeFault::PngChunk),
        },
        _ => chunk.after_keyword().to_vec(),
    };
    let text = String::from_utf8(bytes).map_err(|_| BakeFault::NotUtf8)?;
    match crate::carrier::trim(&text) {
        "" => Err(BakeFault::Empty),
        text => Ok(Some(Unbaked { keyword, text: text.to_owned() })),
    }
}

/// Whether these bytes start as a PNG does.
pub fn is_png(bytes: &[u8]) -> bool {
    bytes.starts_with(SIGNATURE)
}

struct Chunk<'a> {
    kind: [u8; 4],
    data: &'a [u8],
    /// Length, kind, data and check value.
    whole: &'a [u8],
}

impl<'a> Chunk<'a> {
    /// Text chunks: what follows the keyword and its zero byte.
    fn after_keyword(&self) -> &'a [u8] {
        let end = self.data.iter().position(|b| *b == 0).map_or(self.data.len(), |i| i + 1);
        &self.data[end..]
    }
}

/// Every chunk, `IHDR` first and `IEND` last, and what follows them, which no reader of PNG looks at.
fn chunks(picture: &[u8]) -> Result<(Vec<Chunk<'_>>, &[u8]), BakeFault> {
    if picture.len() > MAX_BYTES {
        return Err(BakeFault::TooLarge);
    }
    let mut rest = picture.strip_prefix(SIGNATURE).ok_or(BakeFault::NotPng)?;
    let mut chunks = Vec::new();
    loop {
        let (chunk, after) = next_chunk(rest)?;
        let header = chunk.kind == *b"IHDR" && chunk.data.len() == 13;
        if chunks.is_empty() && !header {
            return Err(BakeFault::NotPng);
        }
        let second_header = !chunks.is_empty() && chunk.kind == *b"IHDR";
        let last = chunk.kind == *b"IEND";
        if second_header || (last && !chunk.data.is_empty()) || chunks.len() == MAX_CHUNKS {
            return Err(BakeFault::PngChunk);
        }
        chunks.push(chunk);
        rest = after;
        if last {
            return Ok((chunks, rest));
        }
    }
}

fn next_chunk(bytes: &[u8]) -> Result<(Chunk<'_>, &[u8]), BakeFault> {
    let (head, rest) = bytes.split_first_chunk::<8>().ok_or(BakeFault::PngTruncated)?;
    let [a, b, c, d, kind @ ..] = *head;
    let length = u32::from_be_bytes([a, b, c, d]);
    if length > i32::MAX.unsigned_abs() || !kind.iter().all(u8::is_ascii_alphabetic) {
        return Err(BakeFault::PngChunk);
    }
    let length = usize::try_from(length).map_err(|_| BakeFault::PngTruncated)?;
    let (data, rest) = rest.split_at_checked(length).ok_or(BakeFault::PngTruncated)?;
    let (check, after) = rest.split_first_chunk::<4>().ok_or(BakeFault::PngTruncated)?;
    if crc(kind, data) != u32::from_be_bytes(*check) {
        return Err(BakeFault::PngCrc);
    }
    Ok((Chunk { kind, data, whole: &bytes[..12 + length] }, after))
}

fn crc(kind: [u8; 4], data: &[u8]) -> u32 {
    let mut crc = crc32fast::Hasher::new();
    crc.update(&kind);
    crc.update(data);
    crc.finalize()
}

fn badge_keyword(chunk: &Chunk<'_>) -> Option<Keyword> {
    if !matches!(&chunk.kind, b"iTXt" | b"zTXt" | b"tEXt") {
        return None;
    }
    // A keyword has at most 79 bytes (§11.3.3.1).
    let end = chunk.data.iter().take(80).position(|b| *b == 0)?;
    Keyword::ALL.into_iter().find(|k| k.png().as_bytes() == &chunk.data[..end])
}

/// Compression flag and method, language tag, translated keyword, text.
fn international_text(bytes: &[u8]) -> Result<Vec<u8>, BakeFault> {
    let [compressed @ (0 | 1), method, rest @ ..] = bytes else {
        return Err(BakeFault::PngChunk);
    };
    let mut parts = rest.splitn(3, |b| *b == 0);
    let (Some(_language), Some(_translated), Some(text)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(BakeFault::PngChunk);
    };
    match (compressed, method) {
        (0, _) if text.len() > json::MAX_BYTES => Err(BakeFault::TextTooLarge),
        (0, _) => Ok(text.to_vec()),
        (_, 0) => inflate(text, json::MAX_BYTES),
        _ => Err(BakeFault::PngChunk),
    }
}

fn push_itxt(png: &mut Vec<u8>, keyword: Keyword, text: &str) -> Result<(), BakeFault> {
    let mut data = Vec::with_capacity(keyword.png().len() + 5 + text.len());
    data.extend_from_slice(keyword.png().as_bytes());
    // The zero after the keyword, no compression, method 0, no language, no translated keyword.
    data.extend_from_slice(&[0, 0, 0, 0, 0]);
    data.extend_from_slice(text.as_bytes());
    let length = u32::try_from(data.len()).map_err(|_| BakeFault::TextTooLarge)?;
    png.extend_from_slice(&length.to_be_bytes());
    png.extend_from_slice(b"iTXt");
    png.extend_from_slice(&data);
    png.extend_from_slice(&crc(*b"iTXt", &data).to_be_bytes());
    Ok(())
}
