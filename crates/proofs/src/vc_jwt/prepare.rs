//! Issuing: a VC 2.0 credential to what is to be signed (Open Badges 3.0 §8.2.4).

use badge_schemas::dates::parse_instant;
use iref::Iri;
use serde_json::{Map, Value, json};

use super::{REGISTERED, VC_2, VcJwtFault, first_context};
use crate::jws::{Alg, Unsigned, signing_input};

/// The header and payload of a credential, ready for whoever holds the key named `kid`: `typ` is `JWT`, the payload is
/// the credential with `iss`, `jti`, `sub`, `nbf`, and `exp` when it has an end.
///
/// An embedded proof, if there is to be one, is made before and is part of what is signed (§8.2.3).
///
/// # Errors
/// [`VcJwtFault::Unfit`] for another version or a credential that already has claims, [`VcJwtFault::NoId`],
/// [`VcJwtFault::NoSubjectId`], [`VcJwtFault::Date`], [`VcJwtFault::Kid`].
pub fn prepare(credential: &Value, alg: Alg, kid: &str) -> Result<Unsigned, VcJwtFault> {
    let Value::Object(members) = credential else { return Err(VcJwtFault::Unfit) };
    let claimed = members.keys().any(|name| name == "vc" || REGISTERED.contains(&name.as_str()));
    if claimed || first_context(members) != Some(VC_2) {
        return Err(VcJwtFault::Unfit);
    }
    if Iri::new(kid).is_err() {
        return Err(VcJwtFault::Kid);
    }
    let id = word(&credential["id"]).ok_or(VcJwtFault::NoId)?;
    let issuer = word(&credential["issuer"]).or_else(|| word(&credential["issuer"]["id"])).ok_or(VcJwtFault::NoId)?;
    let subject = word(&credential["credentialSubject"]["id"]).ok_or(VcJwtFault::NoSubjectId)?;
    let from = seconds(members.get("validFrom"))?.ok_or(VcJwtFault::Date)?;

    let mut payload = members.clone();
    payload.insert("iss".to_owned(), json!(issuer));
    payload.insert("jti".to_owned(), json!(id));
    payload.insert("sub".to_owned(), json!(subject));
    payload.insert("nbf".to_owned(), json!(from));
    if let Some(until) = seconds(members.get("validUntil"))? {
        payload.insert("exp".to_owned(), json!(until));
    }
    let header: Map<String, Value> = [("alg", alg.name()), ("kid", kid), ("typ", "JWT")]
        .map(|(name, value)| (name.to_owned(), json!(value)))
        .into_iter()
        .collect();
    Ok(signing_input(&header, Value::Object(payload).to_string().as_bytes()))
}

fn word(value: &Value) -> Option<&str> {
    value.as_str().filter(|word| !word.is_empty())
}

/// Readers compare the date with the claim to the second, some by their text: fractions are refused.
fn seconds(date: Option<&Value>) -> Result<Option<i64>, VcJwtFault> {
    let Some(date) = date else { return Ok(None) };
    let at = date.as_str().and_then(parse_instant).filter(|at| at.nanosecond() == 0).ok_or(VcJwtFault::Date)?;
    Ok(Some(at.unix_timestamp()))
}
