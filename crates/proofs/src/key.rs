//! Ed25519 public keys as Multikey writes them (Controlled Identifiers 1.0 §2.2.2, Multikey; vc-di-eddsa §2.1.1).

use std::fmt;

use ed25519_dalek::{Signature, VerifyingKey};

/// Multicodec `ed25519-pub`, as a varint.
const ED25519_PUB: [u8; 2] = [0xed, 0x01];

/// Longest key text read: 34 bytes are 48 signs of base58; base58 decoding is quadratic, so a stranger's text is
/// measured first.
const LONGEST: usize = 64;

/// An Ed25519 public key that may be verified with: a canonical encoding of a point that is not of small order.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// The key of these 32 bytes (RFC 8032 §5.1.3).
    ///
    /// # Errors
    /// [`KeyFault::NotAKey`] when they encode no point, or not in the one canonical way; [`KeyFault::SmallOrder`] for
    /// the few points with which a signature can be forged for any text.
    pub fn ed25519(bytes: [u8; 32]) -> Result<Self, KeyFault> {
        if !is_canonical(&bytes) {
            return Err(KeyFault::NotAKey);
        }
        let key = VerifyingKey::from_bytes(&bytes).map_err(|_| KeyFault::NotAKey)?;
        if key.is_weak() {
            return Err(KeyFault::SmallOrder);
        }
        Ok(Self(key))
    }

    /// Reads `publicKeyMultibase`: `z`, then base58btc of `0xed01` and the 32 bytes.
    ///
    /// # Errors
    /// [`KeyFault`], each for its reason.
    pub fn from_multibase(text: &str) -> Result<Self, KeyFault> {
        let encoded = text.strip_prefix('z').ok_or(KeyFault::Multibase)?;
        if encoded.len() > LONGEST {
            return Err(KeyFault::Length);
        }
        let bytes = bs58::decode(encoded).into_vec().map_err(|_| KeyFault::Multibase)?;
        let key = bytes.strip_prefix(&ED25519_PUB).ok_or(KeyFault::OtherAlgorithm)?;
        let key: [u8; 32] = key.try_into().map_err(|_| KeyFault::Length)?;
        Self::ed25519(key)
    }

    /// Writes `publicKeyMultibase`; what [`Self::from_multibase`] reads.
    pub fn to_multibase(&self) -> String {
        let mut bytes = [0; 34];
        bytes[..2].copy_from_slice(&ED25519_PUB);
        bytes[2..].copy_from_slice(self.0.as_bytes());
        format!("z{}", bs58::encode(bytes).into_string())
    }

    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// Whether `signature` is this key's over `message`, by the strict rules: no small-order point, no other encoding
    /// of the same signature.
    pub fn verifies(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        self.0.verify_strict(message, &Signature::from_bytes(signature)).is_ok()
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_multibase())
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.to_multibase())
    }
}

impl std::str::FromStr for PublicKey {
    type Err = KeyFault;

    fn from_str(text: &str) -> Result<Self, KeyFault> {
        Self::from_multibase(text)
    }
}

/// Why a text or bytes are not a key we verify with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// Not `z` and base58btc.
    #[error("the key is not base58btc multibase")]
    Multibase,
    /// A key of another algorithm.
    #[error("the key is not Ed25519")]
    OtherAlgorithm,
    /// Not 32 bytes.
    #[error("the key has the wrong length")]
    Length,
    /// No point of the curve, or not its canonical encoding.
    #[error("the bytes are no Ed25519 key")]
    NotAKey,
    /// A point of small order: anyone could sign.
    #[error("the key is of small order")]
    SmallOrder,
}

impl KeyFault {
    /// The stable machine code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Multibase => "key_not_multibase",
            Self::OtherAlgorithm => "key_other_algorithm",
            Self::Length => "key_length",
            Self::NotAKey => "key_not_a_point",
            Self::SmallOrder => "key_small_order",
        }
    }
}

/// Whether the y coordinate is below p = 2²⁵⁵ − 19: dalek also reads the few encodings above it.
fn is_canonical(bytes: &[u8; 32]) -> bool {
    let high = bytes[31] & 0x7f == 0x7f && bytes[1..31].iter().all(|byte| *byte == 0xff);
    !(high && bytes[0] >= 0xed)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// W3C vc-di-eddsa `TestVectors/keyPair.json`.
    const W3C: &str = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2";

    #[test]
    fn the_w3c_key_reads_and_writes_back() {
        let key = PublicKey::from_multibase(W3C).unwrap();
        assert_eq!(key.to_multibase(), W3C);
        assert_eq!(PublicKey::ed25519(*key.as_bytes()), Ok(key));
        assert_eq!(W3C.parse(), Ok(key));
    }

    #[test]
    fn each_wrong_text_has_its_reason() {
        assert_eq!(PublicKey::from_multibase(&W3C[1..]), Err(KeyFault::Multibase));
        assert_eq!(PublicKey::from_multibase("u7QEAAA"), Err(KeyFault::Multibase));
        assert_eq!(PublicKey::from_multibase("z0OIl"), Err(KeyFault::Multibase));
        assert_eq!(PublicKey::from_multibase(""), Err(KeyFault::Multibase));
        assert_eq!(PublicKey::from_multibase("z"), Err(KeyFault::OtherAlgorithm));
        assert_eq!(PublicKey::from_multibase(&format!("z{}", "2".repeat(100_000))), Err(KeyFault::Length));
        // The P-256 key of W3C vc-di-ecdsa `p256KeyPair.json`.
        assert_eq!(
            PublicKey::from_multibase("zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP"),
            Err(KeyFault::OtherAlgorithm)
        );
        let short = format!("z{}", bs58::encode([&ED25519_PUB[..], &[7; 31]].concat()).into_string());
        assert_eq!(PublicKey::from_multibase(&short), Err(KeyFault::Length));
        let long = format!("z{}", bs58::encode([&ED25519_PUB[..], &[7; 33]].concat()).into_string());
        assert_eq!(PublicKey::from_multibase(&long), Err(KeyFault::Length));
    }

    #[test]
    fn small_order_and_non_canonical_points_are_refused() {
        // The eight small-order points and their other encodings (libsodium's list, sign bit aside).
        let mut one = [0; 32];
        one[0] = 1;
        let mut minus_one = [0xff; 32];
        minus_one[0] = 0xec;
        minus_one[31] = 0x7f;
        for bytes in [[0; 32], one, minus_one] {
            assert_eq!(PublicKey::ed25519(bytes), Err(KeyFault::SmallOrder), "{bytes:02x?}");
        }
        let mut p = [0xff; 32];
        p[0] = 0xed;
        p[31] = 0x7f;
        let mut p_and_one = p;
        p_and_one[0] = 0xee;
        for bytes in [p, p_and_one, [0xff; 32]] {
            assert_eq!(PublicKey::ed25519(bytes), Err(KeyFault::NotAKey), "{bytes:02x?}");
        }
    }
}
