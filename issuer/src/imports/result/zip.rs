//! A ZIP written file by file (APPNOTE 4.3), deflated; small enough never to need ZIP64.

use std::io::{self, Write};

use flate2::Compression;
use flate2::write::DeflateEncoder;

/// An archive being written.
#[derive(Default)]
pub(super) struct Zip {
    out: Vec<u8>,
    directory: Vec<u8>,
    count: u16,
}

impl Zip {
    /// Adds a file whose bytes `fill` writes.
    pub(super) fn add(&mut self, name: &str, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
        let mut counted = Counted {
            inner: DeflateEncoder::new(Vec::new(), Compression::fast()),
            crc: crc32fast::Hasher::new(),
            size: 0,
        };
        fill(&mut counted)?;
        let (crc, size) = (counted.crc.finalize(), counted.size);
        let packed = counted.inner.finish()?;
        let place = u32_of(self.out.len())?;
        let name_length = u16::try_from(name.len()).map_err(io::Error::other)?;
        // Version 2.0, names in UTF-8, deflated, on the first day there is (1980-01-01).
        let mut common: Vec<u8> = vec![20, 0, 0, 8, 8, 0, 0, 0, 0x21, 0];
        common.extend(crc.to_le_bytes());
        common.extend(u32_of(packed.len())?.to_le_bytes());
        common.extend(u32_of(size)?.to_le_bytes());
        common.extend(name_length.to_le_bytes());
        common.extend([0, 0]);
        self.out.extend(b"PK\x03\x04");
        self.out.extend(&common);
        self.out.extend(name.as_bytes());
        self.out.extend(&packed);
        self.directory.extend(b"PK\x01\x02\x14\x00");
        self.directory.extend(&common);
        self.directory.extend([0; 10]);
        self.directory.extend(place.to_le_bytes());
        self.directory.extend(name.as_bytes());
        self.count += 1;
        Ok(())
    }

    /// The archive with its directory.
    pub(super) fn finish(mut self) -> io::Result<Vec<u8>> {
        let (start, size) = (u32_of(self.out.len())?, u32_of(self.directory.len())?);
        self.out.extend(&self.directory);
        self.out.extend(b"PK\x05\x06\0\0\0\0");
        self.out.extend(self.count.to_le_bytes());
        self.out.extend(self.count.to_le_bytes());
        self.out.extend(size.to_le_bytes());
        self.out.extend(start.to_le_bytes());
        self.out.extend([0, 0]);
        Ok(self.out)
    }
}

struct Counted {
    inner: DeflateEncoder<Vec<u8>>,
    crc: crc32fast::Hasher,
    size: usize,
}

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.crc.update(bytes);
        self.size += bytes.len();
        self.inner.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

fn u32_of(number: usize) -> io::Result<u32> {
    u32::try_from(number).map_err(io::Error::other)
}
