//! Verifiable credentials as JWTs: Open Badges 3.0 §8.2 over VC 2.0 (the payload is the credential) and VC 1.1 (the
//! credential is the claim `vc`).
//!
//! [`read`] answers what the text says, even when the credential has expired or a claim contradicts it; then
//! [`VcJwt::claim_faults`] says what is wrong with the claims, and [`VcJwt::verify`] whether the signature holds. A
//! `jwk` in the header is the signer's own word: somebody else must vouch for that key.

pub(crate) mod claims;
mod fault;
mod prepare;

use badge_schemas::json::parse_strict;
use serde_json::{Map, Value};
use time::OffsetDateTime;

use crate::jws::{Alg, Jws};
use crate::key::PublicKey;
pub use claims::{Claim, ClaimFault, ClaimTrouble};
pub use fault::VcJwtFault;
pub use prepare::prepare;

pub(crate) const VC_2: &str = "https://www.w3.org/ns/credentials/v2";
pub(crate) const VC_1: &str = "https://www.w3.org/2018/credentials/v1";

/// Registered claims of JWT (RFC 7519 §4.1), which are not the credential's members.
pub(crate) const REGISTERED: [&str; 7] = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"];

/// Header members that Open Badges 3.0 allows (§8.2.2).
const HEADERS: [&str; 4] = ["alg", "kid", "jwk", "typ"];

/// What `typ` may say (vc-jose-cose §3.1.1, also under its early name).
const TYPES: [&str; 3] = ["JWT", "vc+jwt", "vc+ld+jwt"];

/// Longest `kid` read, in bytes.
const LONGEST_KID: usize = 2048;

/// In which way the payload carries the credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// VC 2.0: the payload is the credential, with registered claims.
    Vc2,
    /// VC 1.1: the credential is the claim `vc`.
    Vc1,
}

/// Which key the header names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyHint {
    /// The id or address of a key.
    Kid(String),
    /// A key. It proves nothing of whose it is.
    Jwk(PublicKey),
}

/// A VC-JWT, read but not believed.
#[derive(Debug, Clone)]
pub struct VcJwt {
    jws: Jws,
    alg: Alg,
    form: Form,
    key: KeyHint,
    typ: Option<String>,
    other_headers: Vec<String>,
    claims: Map<String, Value>,
    credential: Value,
}

/// Reads a compact JWS whose payload is a credential.
///
/// # Errors
/// [`VcJwtFault`]: no JWS of an algorithm that is verified, headers that Open Badges forbid, no credential, or a
/// mixture of the two forms.
pub fn read(text: &str) -> Result<VcJwt, VcJwtFault> {
    let jws = Jws::read(text)?;
    let alg = jws.alg()?;
    let typ = typ(jws.header(), &TYPES)?;
    let key = key_hint(jws.header())?;
    let payload = std::str::from_utf8(jws.payload()).map_err(|_| VcJwtFault::Payload)?;
    let Ok(Value::Object(mut payload)) = parse_strict(payload) else { return Err(VcJwtFault::Payload) };
    let (form, credential) = match payload.shift_remove("vc") {
        // A credential beside the claim, or one of the other version in it.
        Some(_) if payload.contains_key("@context") => return Err(VcJwtFault::MixedForm),
        Some(Value::Object(credential)) => (Form::Vc1, credential),
        Some(_) => return Err(VcJwtFault::Payload),
        None => {
            let members = payload.iter().filter(|(name, _)| !REGISTERED.contains(&name.as_str()));
            (Form::Vc2, members.map(|(name, value)| (name.clone(), value.clone())).collect())
        }
    };
    let (own, other) = match form {
        Form::Vc2 => (VC_2, VC_1),
        Form::Vc1 => (VC_1, VC_2),
    };
    match first_context(&credential) {
        Some(context) if context == own => {}
        Some(context) if context == other => return Err(VcJwtFault::MixedForm),
        _ => return Err(VcJwtFault::NotACredential),
    }
    let other_headers = jws.header().keys().filter(|name| !HEADERS.contains(&name.as_str())).cloned().collect();
    let claims: Map<String, Value> =
        payload.into_iter().filter(|(name, _)| REGISTERED.contains(&name.as_str())).collect();
    let credential = match form {
        Form::Vc2 => Value::Object(credential),
        Form::Vc1 => Value::Object(claims::completed(credential, &claims)),
    };
    Ok(VcJwt { jws, alg, form, key, typ, other_headers, claims, credential })
}

impl VcJwt {
    /// The credential, without the registered claims. In VC 1.1 form, members that only the claims carry are written
    /// into it (VC 1.1 §6.3.1): `id`, `issuer`, `issuanceDate`, `expirationDate`, `credentialSubject.id`.
    pub const fn credential(&self) -> &Value {
        &self.credential
    }

    /// In which way the payload carries it.
    pub const fn form(&self) -> Form {
        self.form
    }

    /// The algorithm of the header.
    pub const fn alg(&self) -> Alg {
        self.alg
    }

    /// Which key the header names.
    pub const fn key(&self) -> &KeyHint {
        &self.key
    }

    /// `typ` of the header, if it is there.
    pub fn typ(&self) -> Option<&str> {
        self.typ.as_deref()
    }

    /// Header members that Open Badges 3.0 does not allow (§8.2.2); others write `iss`, `x5c`… They decide nothing.
    pub fn other_headers(&self) -> &[String] {
        &self.other_headers
    }

    /// The registered claims, as written.
    pub const fn claims(&self) -> &Map<String, Value> {
        &self.claims
    }

    /// The signed text.
    pub const fn jws(&self) -> &Jws {
        &self.jws
    }

    /// Every way in which a registered claim is missing, malformed, or says something else than the credential
    /// (Open Badges 3.0 §8.2.4, §8.3). None: they agree. Dates are not compared with today.
    pub fn claim_faults(&self) -> Vec<ClaimFault> {
        claims::faults(self.form, &self.claims, &self.credential)
    }

    /// From when on it is valid, by its claim or its own date: the later.
    pub fn valid_from(&self) -> Option<OffsetDateTime> {
        claims::instants(Claim::Nbf, self.form, &self.claims, &self.credential).into_iter().flatten().max()
    }

    /// Until when it is valid, by its claim or its own date: the earlier.
    pub fn valid_until(&self) -> Option<OffsetDateTime> {
        claims::instants(Claim::Exp, self.form, &self.claims, &self.credential).into_iter().flatten().min()
    }

    /// Verifies the signature with a key that the caller found by [`Self::key`] and somebody vouches for.
    ///
    /// # Errors
    /// [`VcJwtFault::Jws`].
    pub fn verify(&self, key: &PublicKey) -> Result<Alg, VcJwtFault> {
        Ok(self.jws.verify(key)?)
    }
}

/// `typ`, if present, says that it is a JWT (Open Badges 3.0 §8.2.2), or more exactly what kind of one.
pub(crate) fn typ(header: &Map<String, Value>, types: &[&str]) -> Result<Option<String>, VcJwtFault> {
    match header.get("typ") {
        None => Ok(None),
        Some(Value::String(typ)) if types.iter().any(|known| typ.eq_ignore_ascii_case(known)) => Ok(Some(typ.clone())),
        Some(_) => Err(VcJwtFault::Typ),
    }
}

/// Exactly one of `kid` and `jwk` (Open Badges 3.0 §8.2.2).
pub(crate) fn key_hint(header: &Map<String, Value>) -> Result<KeyHint, VcJwtFault> {
    match (header.get("kid"), header.get("jwk")) {
        (Some(_), Some(_)) => Err(VcJwtFault::TwoKeys),
        (Some(Value::String(kid)), None) if (1..=LONGEST_KID).contains(&kid.len()) => Ok(KeyHint::Kid(kid.clone())),
        (Some(_), None) => Err(VcJwtFault::Kid),
        (None, Some(jwk)) => Ok(KeyHint::Jwk(PublicKey::from_jwk(jwk)?)),
        (None, None) => Err(VcJwtFault::NoKey),
    }
}

fn first_context(credential: &Map<String, Value>) -> Option<&str> {
    match credential.get("@context")? {
        Value::Array(contexts) => contexts.first()?.as_str(),
        one => one.as_str(),
    }
}

#[cfg(test)]
mod tests;
