//! The bits of a Bitstring Status List (W3C vc-bitstring-status-list 1.0 §3.3–3.4).

use std::io::{Read, Write};

use data_encoding::BASE64URL_NOPAD;
use flate2::{Compression, bufread::GzDecoder, write::GzEncoder};

/// The fewest entries a list may have (§2.2: 131,072, so that a holder hides among many).
pub const FEWEST_ENTRIES: usize = 131_072;

/// The largest list [`Bits::decode`] should be asked to unpack for a stranger: 2 MiB, 16 million entries.
pub const LARGEST_BYTES: usize = 2 * 1024 * 1024;

/// One bit for each entry of a list; entry 0 is the left-most bit of the first byte.
#[derive(Clone, PartialEq, Eq)]
pub struct Bits(Vec<u8>);

impl Bits {
    /// `entries` bits, all unset; rounded up to whole bytes, and to [`FEWEST_ENTRIES`].
    pub fn new(entries: usize) -> Self {
        Self(vec![0; entries.max(FEWEST_ENTRIES).div_ceil(8)])
    }

    /// Writes one entry.
    ///
    /// # Errors
    /// [`StatusFault::OutOfRange`].
    pub fn set(&mut self, index: usize, value: bool) -> Result<(), StatusFault> {
        let byte = self.0.get_mut(index / 8).ok_or(StatusFault::OutOfRange)?;
        let mask = 0x80 >> (index % 8);
        if value {
            *byte |= mask;
        } else {
            *byte &= !mask;
        }
        Ok(())
    }

    /// Reads one entry.
    ///
    /// # Errors
    /// [`StatusFault::OutOfRange`] (the standard's `RANGE_ERROR`).
    pub fn get(&self, index: usize) -> Result<bool, StatusFault> {
        let byte = self.0.get(index / 8).ok_or(StatusFault::OutOfRange)?;
        Ok(byte & (0x80 >> (index % 8)) != 0)
    }

    /// How many entries there are.
    pub fn entries(&self) -> usize {
        self.0.len() * 8
    }

    /// How many entries are set.
    pub fn count(&self) -> usize {
        self.0.iter().map(|byte| byte.count_ones() as usize).sum()
    }

    /// `encodedList`: `u`, then base64url without padding of the gzip of the bits. The same bits give the same text.
    pub fn encode(&self) -> String {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        // Writing to memory does not fail; were it to, an empty list would be refused by every reader.
        let packed = gzip.write_all(&self.0).and_then(|()| gzip.finish()).unwrap_or_default();
        format!("u{}", BASE64URL_NOPAD.encode(&packed))
    }

    /// Reads `encodedList`, unpacking at most `cap` bytes (see [`LARGEST_BYTES`]): a few kilobytes of gzip can hold
    /// gigabytes.
    ///
    /// # Errors
    /// [`StatusFault`], each for its reason.
    pub fn decode(text: &str, cap: usize) -> Result<Self, StatusFault> {
        let encoded = text.strip_prefix('u').ok_or(StatusFault::Multibase)?;
        // Incompressible bits are a little longer packed than unpacked, and base64 adds a third.
        if encoded.len() > cap.saturating_mul(2).saturating_add(1024) {
            return Err(StatusFault::TooLarge);
        }
        let packed = BASE64URL_NOPAD.decode(encoded.as_bytes()).map_err(|_| StatusFault::Multibase)?;
        let mut gzip = GzDecoder::new(packed.as_slice());
        let mut bits = Vec::new();
        let most = u64::try_from(cap).unwrap_or(u64::MAX).saturating_add(1);
        gzip.by_ref().take(most).read_to_end(&mut bits).map_err(|_| StatusFault::Gzip)?;
        if bits.len() > cap {
            return Err(StatusFault::TooLarge);
        }
        if !gzip.into_inner().is_empty() {
            return Err(StatusFault::Gzip);
        }
        if bits.len() * 8 < FEWEST_ENTRIES {
            return Err(StatusFault::TooShort);
        }
        Ok(Self(bits))
    }
}

impl std::fmt::Debug for Bits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Bits({} of {} set)", self.count(), self.entries())
    }
}

/// Why a status list cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StatusFault {
    /// Not `u` and base64url without padding.
    #[error("the status list is not base64url multibase")]
    Multibase,
    /// Not one whole gzip member.
    #[error("the status list is not gzip")]
    Gzip,
    /// It unpacks to more than is read.
    #[error("the status list is too large")]
    TooLarge,
    /// Fewer than 131,072 entries (`STATUS_LIST_LENGTH_ERROR`).
    #[error("the status list has fewer than 131,072 entries")]
    TooShort,
    /// No such entry (`RANGE_ERROR`).
    #[error("the status list has no such entry")]
    OutOfRange,
}

impl StatusFault {
    /// The stable machine code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Multibase => "status_not_multibase",
            Self::Gzip => "status_not_gzip",
            Self::TooLarge => "status_too_large",
            Self::TooShort => "status_too_short",
            Self::OutOfRange => "status_out_of_range",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The example of w3c/vc-bitstring-status-list (index.html at 74fcae11): nobody is revoked.
    const W3C_EMPTY: &str = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA";

    /// 1EdTech/digital-credentials-public-validator at 38254719, `bit-string-list/testlist`: entry 23 is revoked.
    const ONE_EDTECH_23: &str = "uH4sIAAAAAAAA_-3BMQEAAAzDoMy_6cnoA9QFAAAAAAAAAAAAAAAAAAAAbD3uPa2cAEAAAA";

    #[test]
    fn the_w3c_example_is_16384_zero_bytes() {
        let bits = Bits::decode(W3C_EMPTY, LARGEST_BYTES).unwrap();
        assert_eq!(bits.0, vec![0; 16_384]);
        assert_eq!(bits, Bits::new(131_072));
    }

    #[test]
    fn the_1edtech_example_has_entry_23_set_and_no_other() {
        let bits = Bits::decode(ONE_EDTECH_23, LARGEST_BYTES).unwrap();
        assert_eq!((bits.get(23), bits.count(), bits.entries()), (Ok(true), 1, 131_072));
    }

    #[test]
    fn the_left_most_bit_is_entry_0() {
        let mut bits = Bits::new(0);
        bits.set(0, true).unwrap();
        bits.set(9, true).unwrap();
        assert_eq!(bits.0[..2], [0x80, 0x40]);
        bits.set(0, false).unwrap();
        assert_eq!(bits.0[0], 0);
        assert_eq!(bits.get(131_072), Err(StatusFault::OutOfRange));
        assert_eq!(bits.set(131_072, true), Err(StatusFault::OutOfRange));
        assert_eq!(bits.get(usize::MAX), Err(StatusFault::OutOfRange));
    }

    #[test]
    fn each_wrong_list_has_its_reason() {
        let cap = LARGEST_BYTES;
        assert_eq!(Bits::decode(&W3C_EMPTY[1..], cap), Err(StatusFault::Multibase));
        assert_eq!(Bits::decode(&format!("{W3C_EMPTY}="), cap), Err(StatusFault::Multibase));
        assert_eq!(Bits::decode("", cap), Err(StatusFault::Multibase));
        assert_eq!(Bits::decode("u", cap), Err(StatusFault::Gzip));
        assert_eq!(Bits::decode("uAAAA", cap), Err(StatusFault::Gzip));
        assert_eq!(Bits::decode(&W3C_EMPTY[..61], cap), Err(StatusFault::Gzip));
        assert_eq!(Bits::decode(&packed(&[0; 16_383]), cap), Err(StatusFault::TooShort));
        assert_eq!(Bits::decode(W3C_EMPTY, 16_383), Err(StatusFault::TooLarge));
        assert!(Bits::decode(W3C_EMPTY, 16_384).is_ok());
    }

    #[test]
    fn bytes_after_the_gzip_member_are_refused() {
        let mut gzip = BASE64URL_NOPAD.decode(&W3C_EMPTY.as_bytes()[1..]).unwrap();
        gzip.push(0);
        let text = format!("u{}", BASE64URL_NOPAD.encode(&gzip));
        assert_eq!(Bits::decode(&text, LARGEST_BYTES), Err(StatusFault::Gzip));
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "it measures")]
    fn a_gzip_bomb_is_unpacked_no_further_than_the_cap_and_refused_at_once() {
        let bomb = packed(&vec![0; 64 * 1024 * 1024]);
        assert!(bomb.len() < 100_000);
        // The quickest of a few: the machine may have other things to do.
        let quickest = (0..5)
            .map(|_| {
                let started = std::time::Instant::now();
                assert_eq!(Bits::decode(&bomb, LARGEST_BYTES), Err(StatusFault::TooLarge));
                started.elapsed()
            })
            .min();
        assert!(quickest < Some(std::time::Duration::from_millis(100)), "{quickest:?}");
    }

    fn packed(bytes: &[u8]) -> String {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(bytes).unwrap();
        format!("u{}", BASE64URL_NOPAD.encode(&gzip.finish().unwrap()))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn what_is_set_is_read_back(indices in proptest::collection::btree_set(0usize..131_072, 0..200)) {
            let mut bits = Bits::new(131_072);
            for index in &indices {
                bits.set(*index, true).unwrap();
            }
            let back = Bits::decode(&bits.encode(), 16_384).unwrap();
            prop_assert_eq!(&back, &bits);
            prop_assert_eq!(back.encode(), bits.encode());
            prop_assert_eq!((0..131_072).filter(|i| back.get(*i).unwrap()).collect::<std::collections::BTreeSet<_>>(), indices);
        }

        #[test]
        fn no_text_makes_it_panic(text in "u?[A-Za-z0-9_-]{0,200}") {
            let _ = Bits::decode(&text, LARGEST_BYTES);
        }
    }
}
