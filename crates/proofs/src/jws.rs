//! JSON Web Signatures in compact form (RFC 7515): read without belief, then verified with a key that someone vouches
//! for; and written for a key that is elsewhere.
//!
//! The algorithm is the header's word, so it decides nothing: a key verifies with its own algorithms alone
//! ([`PublicKey::verifies_as`]), and `none` and the symmetric algorithms have no meaning here.

mod alg;
mod fault;

use badge_schemas::json::parse_strict;
use data_encoding::{BASE64URL, BASE64URL_NOPAD};
use serde_json::{Map, Value};

use crate::key::PublicKey;
pub use alg::Alg;
pub use fault::JwsFault;

/// Longest text read, in bytes: the base64url of the largest JSON read.
pub const LONGEST: usize = 14 * 1024 * 1024;

/// Longest header read, in signs of base64url.
const LONGEST_HEADER: usize = 32 * 1024;

/// Longest signature read, in signs of base64url: RSA of 8192 bits.
const LONGEST_SIGNATURE: usize = 1368;

/// A compact JWS, read but not believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Jws {
    header: Map<String, Value>,
    payload: Vec<u8>,
    signature: Vec<u8>,
    signing_input: String,
}

impl Jws {
    /// Reads `header.payload.signature`, each base64url without padding. White space around the text is allowed.
    ///
    /// # Errors
    /// [`JwsFault`]: not such a text, too large, a header that is not strict JSON, or a `crit` header (RFC 7515
    /// §4.1.11: we understand no extension).
    pub fn read(text: &str) -> Result<Self, JwsFault> {
        Self::parts(text, false)
    }

    /// As [`Self::read`], but the signature may be padded with `=`, as some signers of Open Badges 2.0 write it.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn read_padded(text: &str) -> Result<Self, JwsFault> {
        Self::parts(text, true)
    }

    fn parts(text: &str, padded: bool) -> Result<Self, JwsFault> {
        if text.len() > LONGEST {
            return Err(JwsFault::TooLarge);
        }
        let text = text.trim();
        let (signing_input, signature) = text.rsplit_once('.').ok_or(JwsFault::NotCompact)?;
        let (header, payload) = signing_input.split_once('.').ok_or(JwsFault::NotCompact)?;
        if payload.contains('.') {
            return Err(JwsFault::NotCompact);
        }
        if header.len() > LONGEST_HEADER || signature.len() > LONGEST_SIGNATURE {
            return Err(JwsFault::TooLarge);
        }
        let decode = |part: &str| BASE64URL_NOPAD.decode(part.as_bytes()).map_err(|_| JwsFault::NotCompact);
        let signature = if padded && signature.ends_with('=') {
            BASE64URL.decode(signature.as_bytes()).map_err(|_| JwsFault::NotCompact)?
        } else {
            decode(signature)?
        };
        let header = String::from_utf8(decode(header)?).map_err(|_| JwsFault::Header)?;
        // RFC 8725 §3.11 and RFC 8259 §8.1 know no byte order mark here.
        let header = match parse_strict(&header) {
            Ok(Value::Object(header)) if !header.is_empty() => header,
            _ => return Err(JwsFault::Header),
        };
        if header.contains_key("crit") {
            return Err(JwsFault::Critical);
        }
        Ok(Self { payload: decode(payload)?, header, signature, signing_input: signing_input.to_owned() })
    }

    /// The header's members.
    pub const fn header(&self) -> &Map<String, Value> {
        &self.header
    }

    /// The payload's bytes.
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// The algorithm named by the header.
    ///
    /// # Errors
    /// [`JwsFault::AlgMissing`], [`JwsFault::AlgNone`], [`JwsFault::AlgSymmetric`], [`JwsFault::AlgCase`] (`rs256`),
    /// [`JwsFault::AlgUnsupported`].
    pub fn alg(&self) -> Result<Alg, JwsFault> {
        match self.header.get("alg") {
            Some(Value::String(name)) => Alg::parse(name),
            Some(_) => Err(JwsFault::Header),
            None => Err(JwsFault::AlgMissing),
        }
    }

    /// Verifies the signature with `key`, by the algorithm of the header when it is one of the key's.
    ///
    /// # Errors
    /// As [`Self::alg`]; [`JwsFault::KeyMismatch`] when the algorithm is not for such a key; [`JwsFault::Signature`].
    pub fn verify(&self, key: &PublicKey) -> Result<Alg, JwsFault> {
        let alg = self.alg()?;
        if !alg.fits(key.algorithm()) {
            return Err(JwsFault::KeyMismatch);
        }
        if key.verifies_as(alg, self.signing_input.as_bytes(), &self.signature) {
            Ok(alg)
        } else {
            Err(JwsFault::Signature)
        }
    }
}

/// What is to be signed: the header and the payload, encoded. Whoever holds the key signs
/// [`Unsigned::signing_input`] with the algorithm named in the header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsigned {
    signing_input: String,
}

/// The signing input of a header and a payload (RFC 7515 §5.1).
pub fn signing_input(header: &Map<String, Value>, payload: &[u8]) -> Unsigned {
    let header = serde_json::Value::Object(header.clone()).to_string();
    let (header, payload) = (BASE64URL_NOPAD.encode(header.as_bytes()), BASE64URL_NOPAD.encode(payload));
    Unsigned { signing_input: format!("{header}.{payload}") }
}

impl Unsigned {
    /// The ASCII text to sign.
    pub fn signing_input(&self) -> &str {
        &self.signing_input
    }

    /// The compact JWS. The signature is taken at its word; of ECDSA it is r and s side by side (RFC 7518 §3.4), not
    /// DER.
    pub fn finish(self, signature: &[u8]) -> String {
        format!("{}.{}", self.signing_input, BASE64URL_NOPAD.encode(signature))
    }
}

#[cfg(test)]
mod tests;
