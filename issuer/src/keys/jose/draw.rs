//! A fresh key. Slow for RSA: done where blocking is allowed.

use badge_schemas::profile::key_name;
use josekit::jwk::KeyPair;
use josekit::jws::{ES256, RS256};
use proofs::key::PublicKey;
use serde_json::Value;
use web::Error;
use zeroize::Zeroizing;

use super::Algorithm;
use crate::Result;

/// What NIST SP 800-131A asks for until 2030, and what every verifier reads.
const RSA_BITS: u32 = 2048;

/// A key that nobody has yet.
pub(in crate::keys) struct Drawn {
    /// Its name, for ever.
    pub name: String,
    pub multibase: String,
    /// The required members alone.
    pub public_jwk: Value,
    pub pkcs8: Zeroizing<Vec<u8>>,
}

pub(super) fn draw(algorithm: Algorithm) -> Result<Drawn> {
    match algorithm {
        Algorithm::Rs256 => drawn(&RS256.generate_key_pair(RSA_BITS).map_err(Error::internal)?),
        Algorithm::Es256 => drawn(&ES256.generate_key_pair().map_err(Error::internal)?),
    }
}

fn drawn(pair: &dyn KeyPair) -> Result<Drawn> {
    let public = PublicKey::from_spki_pem(&String::from_utf8_lossy(&pair.to_pem_public_key()))?;
    let multibase = public.to_multibase();
    let pkcs8 = Zeroizing::new(pair.to_der_private_key());
    Ok(Drawn { name: key_name(&multibase), multibase, public_jwk: public.to_jwk(), pkcs8 })
}
