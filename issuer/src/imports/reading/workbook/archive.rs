//! The ZIP around a workbook, opened with distrust: counted, sized by what it declares, and never inflated beyond it.

use std::io::Read;

use flate2::read::DeflateDecoder;

use super::super::Refusal;

/// Most files inside; a large workbook has some hundreds.
pub(crate) const MAX_ENTRIES: usize = 2_000;
/// Most bytes of all files inside together, once inflated.
pub(crate) const MAX_INFLATED: u64 = 200 * 1024 * 1024;

/// A ZIP whose directory was read. Nothing is inflated before a file of it is opened.
pub(super) struct Archive<'a> {
    file: &'a [u8],
    entries: Vec<Entry>,
}

/// The bytes of a file inside, inflated as they are read, and how many it declares.
pub(super) type Part<'a> = (Box<dyn Read + 'a>, u64);

struct Entry {
    name: String,
    method: u16,
    /// Where its local header starts.
    place: usize,
    packed: usize,
    size: u64,
}

impl<'a> Archive<'a> {
    /// Reads the directory at the end of the file; the sum of the sizes it declares is bounded.
    pub(super) fn open(file: &'a [u8]) -> Result<Self, Refusal> {
        let (count, directory) = end(file).ok_or(Refusal::WorkbookDamaged)?;
        if count > MAX_ENTRIES {
            return Err(Refusal::WorkbookTooLarge);
        }
        let (mut entries, mut at, mut total) = (Vec::with_capacity(count), directory, 0_u64);
        for _ in 0..count {
            let (entry, next) = Entry::read(file, at)?;
            // Two's sizes can only add up: 2,000 of at most 4 GB each.
            total += entry.size;
            if total > MAX_INFLATED {
                return Err(Refusal::WorkbookTooLarge);
            }
            entries.push(entry);
            at = next;
        }
        Ok(Self { file, entries })
    }

    /// Whether there is a file of this name, without regard to case (OPC, part names).
    pub(super) fn has(&self, name: &str) -> bool {
        self.entry(name).is_some()
    }

    /// The bytes of one file, inflated as they are read, with how many it declares; `None` when there is none.
    pub(super) fn file(&self, name: &str) -> Result<Option<Part<'a>>, Refusal> {
        let Some(entry) = self.entry(name) else { return Ok(None) };
        let packed = entry.packed(self.file).ok_or(Refusal::WorkbookDamaged)?;
        let bytes: Box<dyn Read + 'a> = match entry.method {
            0 => Box::new(packed),
            8 => Box::new(DeflateDecoder::new(packed)),
            _ => return Err(Refusal::WorkbookDamaged),
        };
        Ok(Some((bytes, entry.size)))
    }

    fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.name.eq_ignore_ascii_case(name))
    }
}

impl Entry {
    /// One header of the directory (APPNOTE §4.3.12), and where the next one starts.
    fn read(file: &[u8], at: usize) -> Result<(Self, usize), Refusal> {
        let damaged = || Refusal::WorkbookDamaged;
        let header = at.checked_add(46).and_then(|end| file.get(at..end)).ok_or_else(damaged)?;
        if !header.starts_with(b"PK\x01\x02") {
            return Err(damaged());
        }
        if u16_at(header, 8) & 1 == 1 {
            return Err(Refusal::OldWorkbook);
        }
        let (packed, size, place) = (u32_at(header, 20), u32_at(header, 24), u32_at(header, 42));
        // The marks of ZIP64: no file of ten megabytes needs it.
        if [packed, size, place].contains(&u32::MAX) {
            return Err(damaged());
        }
        let name_end = at + 46 + usize::from(u16_at(header, 28));
        let next = name_end + usize::from(u16_at(header, 30)) + usize::from(u16_at(header, 32));
        let name = file.get(at + 46..name_end).ok_or_else(damaged)?;
        let entry = Self {
            name: String::from_utf8_lossy(name).replace('\\', "/").trim_start_matches('/').to_owned(),
            method: u16_at(header, 10),
            place: usize::try_from(place).map_err(|_| damaged())?,
            packed: usize::try_from(packed).map_err(|_| damaged())?,
            size: size.into(),
        };
        Ok((entry, next))
    }

    /// Its bytes as they stand in the file, after the local header (APPNOTE §4.3.7).
    fn packed<'a>(&self, file: &'a [u8]) -> Option<&'a [u8]> {
        let header = file.get(self.place..self.place.checked_add(30)?)?;
        if !header.starts_with(b"PK\x03\x04") {
            return None;
        }
        let start = self.place + 30 + usize::from(u16_at(header, 26)) + usize::from(u16_at(header, 28));
        file.get(start..start.checked_add(self.packed)?)
    }
}

/// The end of the directory (APPNOTE §4.3.16): how many entries, and where the first is.
fn end(file: &[u8]) -> Option<(usize, usize)> {
    let last = file.len().checked_sub(22)?;
    let first = last.saturating_sub(usize::from(u16::MAX));
    let at = (first..=last).rev().find(|at| file[*at..].starts_with(b"PK\x05\x06"))?;
    let record = &file[at..at + 22];
    let count = u16_at(record, 10);
    (u16_at(record, 8) == count && u16_at(record, 4) == 0).then_some(())?;
    Some((count.into(), usize::try_from(u32_at(record, 16)).ok()?))
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}
