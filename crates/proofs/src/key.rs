//! Public keys: Ed25519, P-256, P-384 and RSA, as Multikey, JWK and PEM write them (Controlled Identifiers 1.0 §2.2.2
//! and §2.2.3, RFC 7517, RFC 8037, RFC 5280 §4.1.2.7).

mod der;
mod ec;
mod fault;
mod jwk;
mod multibase;
mod pem;
mod rsa;
mod strict;

use std::fmt;
use std::sync::Arc;

use ed25519_dalek::{Signature, VerifyingKey};
use serde_json::Value;

use crate::jws::Alg;
pub use ec::Curve;
use ec::Ec;
pub use fault::KeyFault;
use rsa::Rsa;

/// A public key that may be verified with: well-formed, canonically written, and of a strength that proves something.
///
/// Reading a key prepares its verifier; a key that is kept verifies again without that cost. Copies share it.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey(Material);

#[derive(Clone, PartialEq, Eq)]
enum Material {
    Ed25519(VerifyingKey),
    Ec(Arc<Ec>),
    Rsa(Arc<Rsa>),
}

/// What kind of key it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// Edwards curve 25519 (RFC 8032).
    Ed25519,
    /// ECDSA over NIST P-256.
    P256,
    /// ECDSA over NIST P-384.
    P384,
    /// RSA, PKCS #1 v1.5 signatures; 2048 bits or more.
    Rsa,
}

impl PublicKey {
    /// The Ed25519 key of these 32 bytes (RFC 8032 §5.1.3).
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
        Ok(Self(Material::Ed25519(key)))
    }

    /// The P-256 or P-384 key of a point in SEC 1 form, compressed or not.
    ///
    /// # Errors
    /// [`KeyFault::Length`], or [`KeyFault::NotAKey`] when it is not on the curve.
    pub fn ec(curve: Curve, point: &[u8]) -> Result<Self, KeyFault> {
        Ec::read(curve, point).map(|key| Self(Material::Ec(Arc::new(key))))
    }

    /// The RSA key of this modulus and exponent, big-endian without leading zeros.
    ///
    /// # Errors
    /// [`KeyFault::NotCanonical`], [`KeyFault::RsaTooShort`] under 2048 bits, [`KeyFault::RsaTooLong`] over 8192,
    /// [`KeyFault::RsaExponent`] when it is even, 1, or longer than 64 bits.
    pub fn rsa(modulus: &[u8], exponent: &[u8]) -> Result<Self, KeyFault> {
        Rsa::read(modulus, exponent).map(|key| Self(Material::Rsa(Arc::new(key))))
    }

    /// Reads `publicKeyMultibase`: `z`, then base58btc of a multicodec (`0xed01`, `0x8024` for P-256, `0x8124` for
    /// P-384) and the key; points of the NIST curves are compressed.
    ///
    /// # Errors
    /// [`KeyFault`], each for its reason.
    pub fn from_multibase(text: &str) -> Result<Self, KeyFault> {
        multibase::read(text)
    }

    /// As [`Self::from_multibase`], of the bytes without multibase (as `ecdsa-sd-2023` carries them).
    ///
    /// # Errors
    /// As [`Self::from_multibase`].
    pub fn from_multikey_bytes(bytes: &[u8]) -> Result<Self, KeyFault> {
        multibase::read_bytes(bytes)
    }

    /// Writes `publicKeyMultibase`. RSA keys, for which Multikey has no form, are written as did:key does (`0x8524`
    /// and the PKCS #1 bytes); that form is not read back.
    pub fn to_multibase(&self) -> String {
        multibase::write(self)
    }

    /// Reads a JWK that is public. `use`, `key_ops` and `alg`, when there, must allow verifying signatures of ours;
    /// other members (`kid`, `x5c`…) are the caller's.
    ///
    /// # Errors
    /// [`KeyFault::Private`] when it holds a secret member, and others, each for its reason.
    pub fn from_jwk(jwk: &Value) -> Result<Self, KeyFault> {
        jwk::read(jwk)
    }

    /// The public JWK: the required members of RFC 7638 alone.
    pub fn to_jwk(&self) -> Value {
        jwk::write(self)
    }

    /// Reads `publicKeyPem` of Open Badges 2.0: one block `BEGIN PUBLIC KEY`, a `SubjectPublicKeyInfo`.
    ///
    /// # Errors
    /// [`KeyFault::Private`] for a block that holds a private key, [`KeyFault::PemLabel`] for another kind of block,
    /// [`KeyFault::Pem`] when it is no PEM, [`KeyFault::Der`] when its bytes are no key.
    pub fn from_spki_pem(text: &str) -> Result<Self, KeyFault> {
        pem::read(text)
    }

    /// Writes `BEGIN PUBLIC KEY`; what [`Self::from_spki_pem`] reads.
    pub fn to_spki_pem(&self) -> String {
        pem::write(self)
    }

    /// What kind of key it is.
    pub fn algorithm(&self) -> Algorithm {
        match &self.0 {
            Material::Ed25519(_) => Algorithm::Ed25519,
            Material::Ec(key) => match key.curve() {
                Curve::P256 => Algorithm::P256,
                Curve::P384 => Algorithm::P384,
            },
            Material::Rsa(_) => Algorithm::Rsa,
        }
    }

    /// The 32 bytes of an Ed25519 key.
    pub fn ed25519_bytes(&self) -> Option<&[u8; 32]> {
        match &self.0 {
            Material::Ed25519(key) => Some(key.as_bytes()),
            _ => None,
        }
    }

    /// Whether `signature` is this key's over `message`, with the key's first algorithm: `EdDSA`, ES256, ES384 or
    /// RS256. Ed25519 is judged by the strict rules: no small-order point, no other encoding of the same signature.
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.verifies_as(self.algorithm().alg(), message, signature)
    }

    /// As [`Self::verifies`], with a named algorithm; `false` when it is not one of this kind of key.
    pub fn verifies_as(&self, alg: Alg, message: &[u8], signature: &[u8]) -> bool {
        match &self.0 {
            Material::Ed25519(key) if alg == Alg::EdDsa => {
                Signature::from_slice(signature).is_ok_and(|signature| strict::verifies(key, message, &signature))
            }
            Material::Ec(key) if alg == self.algorithm().alg() => key.verifies(message, signature),
            Material::Rsa(key) => key.verifies(alg, message, signature),
            _ => false,
        }
    }
}

impl Algorithm {
    /// The JWS algorithm this kind of key signs with when nothing else is said.
    pub const fn alg(self) -> Alg {
        match self {
            Self::Ed25519 => Alg::EdDsa,
            Self::P256 => Alg::Es256,
            Self::P384 => Alg::Es384,
            Self::Rsa => Alg::Rs256,
        }
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

/// Whether the y coordinate is below p = 2²⁵⁵ − 19: dalek also reads the few encodings above it.
fn is_canonical(bytes: &[u8; 32]) -> bool {
    let high = bytes[31] & 0x7f == 0x7f && bytes[1..31].iter().all(|byte| *byte == 0xff);
    !(high && bytes[0] >= 0xed)
}

#[cfg(test)]
mod tests;
