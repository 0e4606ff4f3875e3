//! The secret order in which the entries of a status list are given out (decisions §20).
//!
//! Neighbours in a list must not tell who was awarded a badge on the same day, and the index must be free without
//! looking it up. So a counter goes through a secret permutation: a balanced Feistel network over 18 bits whose round
//! functions are tables expanded from a derived key, walked until the value falls within the 17 bits of a list.

use sha2::{Digest, Sha256};
use zeroize::Zeroize;

/// Entries of one list: 16 kB of bits, the least the standard allows (Bitstring Status List §5.2).
pub const ENTRIES: u32 = 131_072;

const ROUNDS: usize = 8;
const HALF_BITS: u32 = 9;
const HALF: usize = 1 << HALF_BITS;
const MASK: u16 = (1 << HALF_BITS) - 1;

/// A secret one-to-one mapping of `0..131_072` onto itself.
pub struct Permutation {
    rounds: Vec<[u16; HALF]>,
}

impl Permutation {
    /// From a derived key: one per organisation and list.
    pub fn new(mut key: [u8; 32]) -> Self {
        let rounds = (0..ROUNDS).map(|round| table(&key, round)).collect();
        key.zeroize();
        Self { rounds }
    }

    /// The index of the `position`-th entry given out. `position` must be below [`ENTRIES`].
    pub fn index(&self, position: u32) -> u32 {
        debug_assert!(position < ENTRIES);
        let mut value = position;
        loop {
            value = self.once(value);
            if value < ENTRIES {
                return value;
            }
        }
    }

    fn once(&self, value: u32) -> u32 {
        let (mut left, mut right) = (value >> HALF_BITS, value & u32::from(MASK));
        for round in &self.rounds {
            (left, right) = (right, left ^ u32::from(round[right as usize]));
        }
        (left << HALF_BITS) | right
    }
}

/// 512 values of 9 bits, from SHA-256 in counter mode under the key.
fn table(key: &[u8; 32], round: usize) -> [u16; HALF] {
    let mut values = [0_u16; HALF];
    for (block, chunk) in values.chunks_mut(16).enumerate() {
        let counter = u32::try_from(round * HALF + block).unwrap_or(u32::MAX);
        let hash = Sha256::new().chain_update(key).chain_update(counter.to_be_bytes()).finalize();
        for (value, bytes) in chunk.iter_mut().zip(hash.chunks_exact(2)) {
            *value = u16::from_be_bytes([bytes[0], bytes[1]]) & MASK;
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_every_entry_once() {
        let permutation = Permutation::new([7; 32]);
        let mut seen = vec![false; ENTRIES as usize];
        for position in 0..ENTRIES {
            let index = permutation.index(position) as usize;
            assert!(!seen[index], "{index} given twice");
            seen[index] = true;
        }
    }

    #[test]
    fn another_key_gives_another_order() {
        let (one, two) = (Permutation::new([1; 32]), Permutation::new([2; 32]));
        let same = (0..1000).filter(|&position| one.index(position) == two.index(position)).count();
        assert!(same < 5, "{same} of 1000 the same");
    }

    #[test]
    fn neighbours_do_not_stay_neighbours() {
        let permutation = Permutation::new([3; 32]);
        let near = (0..1000)
            .filter(|&position| permutation.index(position).abs_diff(permutation.index(position + 1)) < 16)
            .count();
        assert!(near < 5, "{near} of 1000 side by side");
    }
}
