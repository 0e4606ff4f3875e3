//! The public id of an organisation: 8 signs drawn at random, for ever (decisions §15).

use std::fmt;

use rand::RngExt as _;

/// Lower-case letters and digits without look-alikes (no 0 o 1 i l).
const ALPHABET: &[u8; 31] = b"23456789abcdefghjkmnpqrstuvwxyz";
const LENGTH: usize = 8;

/// `7h2k9qx4`: what stands in `did:web:{host}:o:7h2k9qx4` and in `/o/7h2k9qx4`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OpaqueId(String);

impl OpaqueId {
    /// A fresh one. The database refuses a second use (`one_organisation_per_opaque_id`).
    pub fn draw() -> Self {
        let mut rng = rand::rng();
        Self((0..LENGTH).map(|_| char::from(ALPHABET[rng.random_range(0..ALPHABET.len())])).collect())
    }

    /// `None` when a stranger's path cannot be one: it then needs no query.
    pub fn parse(text: &str) -> Option<Self> {
        (text.len() == LENGTH && text.bytes().all(|sign| ALPHABET.contains(&sign))).then(|| Self(text.to_owned()))
    }

    /// The 8 signs.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OpaqueId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fresh_one_reads_back() {
        let drawn = OpaqueId::draw();
        assert_eq!(OpaqueId::parse(drawn.as_str()), Some(drawn));
    }

    #[test]
    fn look_alikes_and_other_lengths_are_refused() {
        for text in ["7h2k9qx", "7h2k9qx44", "7h2k9qxl", "7H2K9QX4", "7h2k9q/4", "é2k9qx4"] {
            assert_eq!(OpaqueId::parse(text), None, "{text}");
        }
    }
}
