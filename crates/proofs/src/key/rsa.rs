//! RSA keys (RFC 8017), for RSASSA-PKCS1-v1_5 alone: what Open Badges sign with.

use std::sync::OnceLock;

use josekit::jws::JwsVerifier;
use josekit::jws::alg::rsassa::{RsassaJwsAlgorithm, RsassaJwsVerifier};

use super::{KeyFault, der};
use crate::jws::Alg;

/// Longest modulus read, in bits; verifying costs with its square.
const MOST_BITS: usize = 8192;

/// Fewest bits that prove something today (NIST SP 800-131A).
const FEWEST_BITS: usize = 2048;

/// A modulus and an exponent, with their verifiers.
pub(super) struct Rsa {
    modulus: Vec<u8>,
    exponent: Vec<u8>,
    rs256: RsassaJwsVerifier,
    rs384: OnceLock<Option<RsassaJwsVerifier>>,
    rs512: OnceLock<Option<RsassaJwsVerifier>>,
}

impl Rsa {
    pub fn read(modulus: &[u8], exponent: &[u8]) -> Result<Self, KeyFault> {
        for number in [modulus, exponent] {
            match number.first() {
                None => return Err(KeyFault::Length),
                Some(0) => return Err(KeyFault::NotCanonical),
                Some(_) => {}
            }
        }
        let bits = modulus.len() * 8 - modulus[0].leading_zeros() as usize;
        if bits < FEWEST_BITS {
            return Err(KeyFault::RsaTooShort);
        }
        if bits > MOST_BITS {
            return Err(KeyFault::RsaTooLong);
        }
        // An even modulus has the factor 2.
        if modulus.last().is_some_and(|byte| byte & 1 == 0) {
            return Err(KeyFault::NotAKey);
        }
        if exponent.len() > 8 || exponent == [1] || exponent.last().is_some_and(|byte| byte & 1 == 0) {
            return Err(KeyFault::RsaExponent);
        }
        let rs256 = verifier(RsassaJwsAlgorithm::Rs256, modulus, exponent).ok_or(KeyFault::NotAKey)?;
        Ok(Self {
            modulus: modulus.to_vec(),
            exponent: exponent.to_vec(),
            rs256,
            rs384: OnceLock::new(),
            rs512: OnceLock::new(),
        })
    }

    pub fn modulus(&self) -> &[u8] {
        &self.modulus
    }

    pub fn exponent(&self) -> &[u8] {
        &self.exponent
    }

    /// RS256, RS384 or RS512; `false` for any other algorithm.
    pub fn verifies(&self, alg: Alg, message: &[u8], signature: &[u8]) -> bool {
        let later = |alg| verifier(alg, &self.modulus, &self.exponent);
        let verifier = match alg {
            Alg::Rs256 => Some(&self.rs256),
            Alg::Rs384 => self.rs384.get_or_init(|| later(RsassaJwsAlgorithm::Rs384)).as_ref(),
            Alg::Rs512 => self.rs512.get_or_init(|| later(RsassaJwsAlgorithm::Rs512)).as_ref(),
            _ => None,
        };
        verifier.is_some_and(|verifier| verifier.verify(message, signature).is_ok())
    }
}

impl PartialEq for Rsa {
    fn eq(&self, other: &Self) -> bool {
        (&self.modulus, &self.exponent) == (&other.modulus, &other.exponent)
    }
}

impl Eq for Rsa {}

fn verifier(alg: RsassaJwsAlgorithm, modulus: &[u8], exponent: &[u8]) -> Option<RsassaJwsVerifier> {
    alg.verifier_from_der(der::rsa(modulus, exponent)).ok()
}
