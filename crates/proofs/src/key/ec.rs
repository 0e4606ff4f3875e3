//! Keys of the NIST curves P-256 and P-384 (SEC 1, FIPS 186-5); the arithmetic is OpenSSL's.

use josekit::jws::JwsVerifier;
use josekit::jws::alg::ecdsa::{EcdsaJwsAlgorithm, EcdsaJwsVerifier};
use openssl::bn::BigNumContext;
use openssl::ec::{EcGroup, EcPoint, PointConversionForm};
use openssl::nid::Nid;

use super::{KeyFault, der};

/// A curve we verify on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Curve {
    /// NIST P-256 (secp256r1).
    P256,
    /// NIST P-384 (secp384r1).
    P384,
}

impl Curve {
    /// `crv` of a JWK.
    pub const fn name(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
        }
    }

    /// Bytes of one coordinate; a signature is two numbers of that size.
    pub const fn size(self) -> usize {
        match self {
            Self::P256 => 32,
            Self::P384 => 48,
        }
    }

    const fn nid(self) -> Nid {
        match self {
            Self::P256 => Nid::X9_62_PRIME256V1,
            Self::P384 => Nid::SECP384R1,
        }
    }

    const fn jose(self) -> EcdsaJwsAlgorithm {
        match self {
            Self::P256 => EcdsaJwsAlgorithm::Es256,
            Self::P384 => EcdsaJwsAlgorithm::Es384,
        }
    }
}

/// A point of a curve, with its verifier.
pub(super) struct Ec {
    curve: Curve,
    /// `0x04`, x, y.
    point: Vec<u8>,
    verifier: EcdsaJwsVerifier,
}

impl Ec {
    /// Reads a SEC 1 point: compressed (`02`, `03`) or not (`04`). The point at infinity has another length.
    pub fn read(curve: Curve, bytes: &[u8]) -> Result<Self, KeyFault> {
        let expected = match bytes.first() {
            Some(0x02 | 0x03) => 1 + curve.size(),
            Some(0x04) => 1 + 2 * curve.size(),
            _ => return Err(KeyFault::NotAKey),
        };
        if bytes.len() != expected {
            return Err(KeyFault::Length);
        }
        let point = uncompressed(curve, bytes).map_err(|_| KeyFault::NotAKey)?;
        let verifier = curve.jose().verifier_from_der(der::ec(curve, &point)).map_err(|_| KeyFault::NotAKey)?;
        Ok(Self { curve, point, verifier })
    }

    pub const fn curve(&self) -> Curve {
        self.curve
    }

    /// `0x04`, x, y.
    pub fn point(&self) -> &[u8] {
        &self.point
    }

    pub fn coordinates(&self) -> (&[u8], &[u8]) {
        self.point[1..].split_at(self.curve.size())
    }

    /// `0x02` or `0x03`, x.
    pub fn compressed(&self) -> Vec<u8> {
        let (x, y) = self.coordinates();
        let odd = y.last().is_some_and(|byte| byte & 1 == 1);
        [&[if odd { 0x03 } else { 0x02 }], x].concat()
    }

    /// ES256 or ES384: r and s, each of the curve's size.
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.verifier.verify(message, signature).is_ok()
    }
}

impl PartialEq for Ec {
    fn eq(&self, other: &Self) -> bool {
        (self.curve, &self.point) == (other.curve, &other.point)
    }
}

impl Eq for Ec {}

/// OpenSSL refuses bytes that are no point of the curve, and coordinates that are not below its prime.
fn uncompressed(curve: Curve, bytes: &[u8]) -> Result<Vec<u8>, openssl::error::ErrorStack> {
    let group = EcGroup::from_curve_name(curve.nid())?;
    let mut context = BigNumContext::new()?;
    let point = EcPoint::from_bytes(&group, bytes, &mut context)?;
    point.to_bytes(&group, PointConversionForm::UNCOMPRESSED, &mut context)
}
