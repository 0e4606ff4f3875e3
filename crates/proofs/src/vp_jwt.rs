//! Verifiable presentations as JWTs: VC 2.0 (vc-jose-cose §3.1.2: the payload is the presentation) and VC 1.1 (§6.3.1:
//! the presentation is the claim `vp`).
//!
//! Whoever shows badges signs the envelope, for one reader and one moment. As with [`crate::vc_jwt`], [`read`] believes
//! nothing: somebody must vouch that the key is the holder's, and the caller knows what was asked.

use badge_schemas::json::parse_strict;
use serde_json::{Map, Value};
use time::OffsetDateTime;

use crate::jws::{Alg, Jws};
use crate::key::PublicKey;
use crate::vc_jwt::claims::numeric_date;
use crate::vc_jwt::{KeyHint, REGISTERED, VcJwtFault, key_hint, typ};

/// What `typ` may say.
const TYPES: [&str; 3] = ["JWT", "vp+jwt", "vp+ld+jwt"];

/// A presentation in a token, read but not believed.
#[derive(Debug, Clone)]
pub struct VpJwt {
    jws: Jws,
    key: KeyHint,
    claims: Map<String, Value>,
    presentation: Value,
}

/// Reads a compact JWS whose payload is a presentation.
///
/// # Errors
/// [`VcJwtFault`], as for a credential; [`VcJwtFault::NotACredential`] when the payload is no presentation.
pub fn read(text: &str) -> Result<VpJwt, VcJwtFault> {
    let jws = Jws::read(text)?;
    jws.alg()?;
    typ(jws.header(), &TYPES)?;
    let key = key_hint(jws.header())?;
    let payload = std::str::from_utf8(jws.payload()).map_err(|_| VcJwtFault::Payload)?;
    let Ok(Value::Object(mut payload)) = parse_strict(payload) else { return Err(VcJwtFault::Payload) };
    let registered = |name: &str| REGISTERED.contains(&name) || name == "nonce";
    let presentation = match payload.shift_remove("vp") {
        // A presentation beside the claim: which one is shown?
        Some(_) if payload.contains_key("@context") => return Err(VcJwtFault::MixedForm),
        Some(Value::Object(presentation)) => presentation,
        Some(_) => return Err(VcJwtFault::Payload),
        None => {
            payload.iter().filter(|(name, _)| !registered(name)).map(|(name, v)| (name.clone(), v.clone())).collect()
        }
    };
    let presentation = Value::Object(presentation);
    let types = &presentation["type"];
    let is_one = |kind: &Value| kind == "VerifiablePresentation";
    if !(is_one(types) || types.as_array().is_some_and(|types| types.iter().any(is_one))) {
        return Err(VcJwtFault::NotACredential);
    }
    let claims = payload.into_iter().filter(|(name, _)| registered(name)).collect();
    Ok(VpJwt { jws, key, claims, presentation })
}

impl VpJwt {
    /// The presentation, without the claims.
    pub const fn presentation(&self) -> &Value {
        &self.presentation
    }

    /// Which key the header names.
    pub const fn key(&self) -> &KeyHint {
        &self.key
    }

    /// Who shows, by the claim `iss`.
    pub fn issuer(&self) -> Option<&str> {
        self.claims.get("iss").and_then(Value::as_str)
    }

    /// For whom it was made (`aud`).
    pub fn audience(&self) -> Vec<String> {
        match self.claims.get("aud") {
            Some(Value::String(one)) => vec![one.clone()],
            Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            _ => Vec::new(),
        }
    }

    /// For which question it was made (`nonce`).
    pub fn nonce(&self) -> Option<&str> {
        self.claims.get("nonce").and_then(Value::as_str)
    }

    /// When it was made (`iat`), or from when on it counts (`nbf`).
    pub fn begins(&self) -> Option<OffsetDateTime> {
        self.date("iat").or_else(|| self.date("nbf"))
    }

    /// Until when it counts (`exp`).
    pub fn ends(&self) -> Option<OffsetDateTime> {
        self.date("exp")
    }

    /// Verifies the signature with a key that somebody vouches is the holder's.
    ///
    /// # Errors
    /// [`VcJwtFault::Jws`].
    pub fn verify(&self, key: &PublicKey) -> Result<Alg, VcJwtFault> {
        Ok(self.jws.verify(key)?)
    }

    fn date(&self, name: &str) -> Option<OffsetDateTime> {
        self.claims.get(name).and_then(numeric_date).map(|(at, _)| at)
    }
}

#[cfg(test)]
mod tests;
