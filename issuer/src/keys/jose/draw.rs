//! A fresh key. Slow for RSA: done where blocking is allowed.

use badge_schemas::profile::key_name;
use data_encoding::BASE64URL_NOPAD;
use josekit::jwk::KeyPair;
use josekit::jws::{ES256, RS256};
use serde_json::Value;
use web::Error;
use zeroize::Zeroizing;

use super::Algorithm;
use crate::Result;

/// What NIST SP 800-131A asks for until 2030, and what every verifier reads.
const RSA_BITS: u32 = 2048;

/// A key that nobody has yet.
pub(super) struct Drawn {
    /// Its name, for ever.
    pub name: String,
    pub multibase: String,
    /// The required members alone.
    pub public_jwk: Value,
    pub pkcs8: Zeroizing<Vec<u8>>,
}

pub(super) fn draw(algorithm: Algorithm) -> Result<Drawn> {
    match algorithm {
        Algorithm::Rs256 => {
            let pair = RS256.generate_key_pair(RSA_BITS).map_err(Error::internal)?;
            drawn(&pair, &["kty", "n", "e"], |_| Some([&RSA_PUB, &pair.to_raw_public_key()[..]].concat()))
        }
        Algorithm::Es256 => {
            let pair = ES256.generate_key_pair().map_err(Error::internal)?;
            drawn(&pair, &["kty", "crv", "x", "y"], |jwk| {
                let number = |name: &str| BASE64URL_NOPAD.decode(jwk[name].as_str()?.as_bytes()).ok();
                let odd = number("y")?.last()? & 1;
                Some([&P256_PUB, &[2 + odd][..], &number("x")?].concat())
            })
        }
    }
}

const RSA_PUB: [u8; 2] = [0x85, 0x24];
const P256_PUB: [u8; 2] = [0x80, 0x24];

fn drawn(pair: &dyn KeyPair, members: &[&str], codec: impl Fn(&Value) -> Option<Vec<u8>>) -> Result<Drawn> {
    let jwk = pair.to_jwk_public_key();
    let public_jwk: Value =
        members.iter().filter_map(|&name| Some((name.to_owned(), jwk.parameter(name)?.clone()))).collect();
    let bytes = codec(&public_jwk).ok_or_else(|| Error::internal("a key just drawn has no coordinates"))?;
    let multibase = format!("z{}", bs58::encode(bytes).into_string());
    let pkcs8 = Zeroizing::new(pair.to_der_private_key());
    Ok(Drawn { name: key_name(&multibase), multibase, public_jwk, pkcs8 })
}
