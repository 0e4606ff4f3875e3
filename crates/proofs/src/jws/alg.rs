//! The algorithms of RFC 7518 §3.1 and RFC 8037 that are verified.

use super::JwsFault;
use crate::key::Algorithm;

/// A JWS algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Alg {
    /// Ed25519.
    EdDsa,
    /// ECDSA over P-256, SHA-256.
    Es256,
    /// ECDSA over P-384, SHA-384.
    Es384,
    /// RSASSA-PKCS1-v1_5, SHA-256: what Open Badges ask for.
    Rs256,
    /// RSASSA-PKCS1-v1_5, SHA-384.
    Rs384,
    /// RSASSA-PKCS1-v1_5, SHA-512.
    Rs512,
}

impl Alg {
    /// Every algorithm that is verified.
    pub const ALL: [Self; 6] = [Self::EdDsa, Self::Es256, Self::Es384, Self::Rs256, Self::Rs384, Self::Rs512];

    /// The word in the header.
    pub const fn name(self) -> &'static str {
        match self {
            Self::EdDsa => "EdDSA",
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::Rs256 => "RS256",
            Self::Rs384 => "RS384",
            Self::Rs512 => "RS512",
        }
    }

    /// Reads the word, which is case-sensitive (RFC 7515 §4.1.1).
    ///
    /// # Errors
    /// [`JwsFault`]: none, symmetric, known but for its case, or unknown.
    pub fn parse(name: &str) -> Result<Self, JwsFault> {
        if let Some(alg) = Self::ALL.into_iter().find(|alg| alg.name() == name) {
            return Ok(alg);
        }
        // Whatever its case, these two are attacks and not accidents of writing.
        if name.eq_ignore_ascii_case("none") || name.is_empty() {
            return Err(JwsFault::AlgNone);
        }
        if name.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("HS")) {
            return Err(JwsFault::AlgSymmetric);
        }
        if Self::ALL.into_iter().any(|alg| alg.name().eq_ignore_ascii_case(name)) {
            return Err(JwsFault::AlgCase);
        }
        Err(JwsFault::AlgUnsupported)
    }

    /// Whether a key of this kind signs with it.
    pub const fn fits(self, key: Algorithm) -> bool {
        matches!(
            (self, key),
            (Self::EdDsa, Algorithm::Ed25519)
                | (Self::Es256, Algorithm::P256)
                | (Self::Es384, Algorithm::P384)
                | (Self::Rs256 | Self::Rs384 | Self::Rs512, Algorithm::Rsa)
        )
    }
}
