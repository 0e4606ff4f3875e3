//! The lines of an archive, one after the other, and the SHA-256 of those that were read.

use std::io::{self, BufRead, BufReader, Read};

use data_encoding::HEXLOWER;
use flate2::bufread::MultiGzDecoder;
use sha2::{Digest, Sha256};

use super::{ArchiveError, FORMAT, Header, LastLine, TableLine};

/// The longest line: no row of ours comes near.
const LONGEST: u64 = 64 * 1024 * 1024;

/// One line.
pub(super) enum Line<'a> {
    /// A table begins.
    Table(TableLine),
    /// A row of it, as JSON.
    Row(&'a str),
    /// The end; what was read before has the SHA-256 it says.
    Last(LastLine),
}

pub(super) struct Lines<R: Read> {
    source: BufReader<MultiGzDecoder<BufReader<R>>>,
    buffer: Vec<u8>,
    hash: Sha256,
    number: u64,
}

impl<R: Read> Lines<R> {
    /// Reads the first line.
    pub(super) fn open(source: R) -> Result<(Self, Header), ArchiveError> {
        let source = BufReader::with_capacity(1 << 18, MultiGzDecoder::new(BufReader::new(source)));
        let mut lines = Self { source, buffer: Vec::new(), hash: Sha256::new(), number: 0 };
        let first = match lines.take() {
            Ok(true) => &lines.buffer[..],
            Err(ArchiveError::Io(error)) if error.kind() != io::ErrorKind::InvalidInput => return Err(error.into()),
            Ok(false) | Err(_) => return Err(ArchiveError::NotAnArchive),
        };
        // A later format may have other members: its number is looked at first.
        let format = serde_json::from_slice::<serde_json::Value>(first).map_err(|_| ArchiveError::NotAnArchive)?;
        let format = format["livret_archive"].as_u64().ok_or(ArchiveError::NotAnArchive)?;
        if format != u64::from(FORMAT) {
            return Err(ArchiveError::Format(u32::try_from(format).unwrap_or(u32::MAX)));
        }
        let header = serde_json::from_slice(first).map_err(|_| ArchiveError::NotAnArchive)?;
        lines.seen();
        Ok((lines, header))
    }

    /// The next line; the end of the file before the last line is [`ArchiveError::Cut`].
    pub(super) fn next(&mut self) -> Result<Line<'_>, ArchiveError> {
        if !self.take()? {
            return Err(ArchiveError::Cut);
        }
        let number = self.number;
        let bad = || ArchiveError::Line(number);
        if self.buffer.first() == Some(&b'[') {
            self.seen();
            return Ok(Line::Row(std::str::from_utf8(&self.buffer).map_err(|_| bad())?));
        }
        if let Ok(table) = serde_json::from_slice::<TableLine>(&self.buffer) {
            self.seen();
            return Ok(Line::Table(table));
        }
        let last: LastLine = serde_json::from_slice(&self.buffer).map_err(|_| bad())?;
        if HEXLOWER.encode(&self.hash.clone().finalize()) != last.sha256 {
            return Err(ArchiveError::Altered);
        }
        // Also the checksum of gzip, and that nothing follows.
        if self.take()? { Err(bad()) } else { Ok(Line::Last(last)) }
    }

    pub(super) const fn number(&self) -> u64 {
        self.number
    }

    fn take(&mut self) -> Result<bool, ArchiveError> {
        self.buffer.clear();
        self.number += 1;
        let mut limited = (&mut self.source).take(LONGEST);
        match limited.read_until(b'\n', &mut self.buffer) {
            Ok(0) => return Ok(false),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Err(ArchiveError::Cut),
            // What gzip says of bytes that are not its own.
            Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData) => {
                return Err(if self.number == 1 { ArchiveError::NotAnArchive } else { ArchiveError::Altered });
            }
            Err(error) => return Err(error.into()),
        }
        if self.buffer.pop() != Some(b'\n') {
            return Err(if limited.limit() == 0 { ArchiveError::Line(self.number) } else { ArchiveError::Cut });
        }
        Ok(true)
    }

    /// The line in hand is before the last: it counts.
    fn seen(&mut self) {
        self.hash.update(&self.buffer);
        self.hash.update(b"\n");
    }
}
