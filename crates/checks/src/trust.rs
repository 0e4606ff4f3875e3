//! The register of trust, fetched and proven: whether it vouches for an issuer (decisions §14).

use badge_schemas::json::parse_strict;
use badge_schemas::register::{self, Register};
use std::sync::Arc;
use time::{Duration, OffsetDateTime};

use crate::ask::Ask;
use crate::codes;
use crate::inquiry::Case;
use crate::key::IssuerKeys;
use crate::need::{Answer, Need};
use crate::register::stamp;

/// How old a register may be: the Région signs it anew at least daily. An older one could be one from before an end of
/// habilitation, kept and served again.
const REGISTER_LASTS: Duration = Duration::days(3);

/// A register that its signer was seen to have signed.
#[derive(Debug)]
pub(crate) struct Proven {
    pub register: Register,
    /// The very keys it was proven with.
    keys: Arc<IssuerKeys>,
}

/// The register as it may be believed now, or the code and detail of why it could not be checked.
pub(crate) async fn register(case: &Case, ask: &Ask) -> Result<Arc<Proven>, (&'static str, Option<String>)> {
    let unanswered = |why: crate::Unanswered| (codes::REGISTER_UNANSWERED, Some(why.code().to_owned()));
    let answer = ask.need(Need::Register).await.map_err(unanswered)?;
    let address = case.register_url.as_deref().unwrap_or_default();
    let before = case.memory.registers.get(address, &answer.body);
    let signer = match &before {
        Some(proven) => proven.register.issuer.clone(),
        None => parse(&answer)?.1.issuer,
    };
    // Believed or not, its keys are asked for each time: a key that the Région ends stops counting.
    let keys = crate::key::issuer_keys(case, ask, &signer).await;
    if let (Some(proven), Ok(keys)) = (&before, &keys)
        && Arc::ptr_eq(&proven.keys, keys)
    {
        in_force(case, &proven.register)?;
        return Ok(Arc::clone(proven));
    }
    let (value, register) = parse(&answer)?;
    in_force(case, &register)?;
    let keys = keys.map_err(|(code, detail)| {
        let why = if code == codes::DID_UNANSWERED { detail } else { Some(code.to_owned()) };
        (codes::REGISTER_NOT_PROVEN, why)
    })?;
    keys.prove(&value).map_err(|why| (codes::REGISTER_NOT_PROVEN, Some(why)))?;
    let proven = Arc::new(Proven { register, keys });
    case.memory.registers.put(address, &answer.body, &proven);
    Ok(proven)
}

fn parse(answer: &Answer) -> Result<(serde_json::Value, Register), (&'static str, Option<String>)> {
    let text = answer.text().ok_or((codes::REGISTER_UNANSWERED, Some(crate::Unanswered::NotText.code().to_owned())))?;
    let value = parse_strict(text).map_err(|fault| (codes::REGISTER_UNREADABLE, Some(fault.code().to_owned())))?;
    let register = register::parse(&value).map_err(|fault| (codes::REGISTER_UNREADABLE, Some(fault.path)))?;
    Ok((value, register))
}

/// Whether the register is signed by an issuer of the origin it is read from, and not too long ago.
fn in_force(case: &Case, register: &Register) -> Result<(), (&'static str, Option<String>)> {
    let origin = |url: &str| url::Url::parse(url).ok().map(|url| url.origin().ascii_serialization());
    let claimed = origin(&register.url);
    let read_from = case.register_url.as_deref().map_or_else(|| claimed.clone(), origin);
    let signer = proofs::did::DidWeb::parse(&register.issuer).ok().map(|did| did.origin());
    if !(claimed.is_some() && claimed == read_from && claimed == signer) {
        return Err((codes::REGISTER_ELSEWHERE, None));
    }
    if is_old(register.at, case.today) {
        return Err((codes::REGISTER_TOO_OLD, stamp(register.at)));
    }
    Ok(())
}

fn is_old(at: OffsetDateTime, now: OffsetDateTime) -> bool {
    at < now - REGISTER_LASTS
}
