//! The register of trust, fetched and proven: whether it vouches for an issuer (decisions §14).

use badge_schemas::json::parse_strict;
use badge_schemas::register::{self, Register};
use serde_json::Value;
use std::sync::Arc;
use time::{Duration, OffsetDateTime};

use crate::ask::Ask;
use crate::codes;
use crate::inquiry::Case;
use crate::keys::Vouchers;
use crate::memory::{Shelf, Weigh};
use crate::need::{Answer, Need};
use crate::proof::{self, Sealed, Unproven};
use crate::register::stamp;

/// How old a register may be: the Région signs it anew at least daily. An older one could be one from before an end of
/// habilitation, kept and served again.
const REGISTER_LASTS: Duration = Duration::days(3);

/// A register that its signer was seen to have signed.
#[derive(Debug)]
pub(crate) struct Proven {
    pub register: Register,
    /// The documents that vouched for its key.
    vouchers: Vouchers,
    /// Until when its proof is meant to be accepted.
    expires: Option<OffsetDateTime>,
}

impl Weigh for Proven {
    fn weight(&self, document: usize) -> usize {
        4 * document
    }
}

/// The register as it may be believed now, or the code and detail of why it could not be checked.
pub(crate) async fn register(case: &Case, ask: &Ask) -> Result<Arc<Proven>, (&'static str, Option<String>)> {
    let unanswered = |why: crate::Unanswered| (codes::REGISTER_UNANSWERED, Some(why.code().to_owned()));
    let answer = ask.need(Need::Register).await.map_err(unanswered)?;
    let address = case.register_url.as_deref().unwrap_or_default();
    // Believed or not, its keys are asked for each time: a key that the Région ends stops counting.
    if let Some(proven) = case.memory.registers.get(address, &answer.body)
        && proven.vouchers.stand(case, ask).await
    {
        // Of these bytes at this address it was seen that they stand where they should.
        fresh(case, &proven.register)?;
        not_expired(case, &proven)?;
        return Ok(proven);
    }
    let (value, register) = parse(&answer)?;
    stands_at_its_signers(case, &register)?;
    fresh(case, &register)?;
    let proof::Proven { vouchers, expires, .. } =
        prove(case, ask, &value, &register).await.map_err(|why| (codes::REGISTER_NOT_PROVEN, why))?;
    let proven = Arc::new(Proven { register, vouchers, expires });
    not_expired(case, &proven)?;
    case.memory.vouch(&proven.register);
    case.memory.registers.put(Shelf::Vouched, address, &answer.body, &proven);
    Ok(proven)
}

/// Who vouches for the register's key and until when, or a word for why it is not proven.
async fn prove(case: &Case, ask: &Ask, value: &Value, register: &Register) -> Result<proof::Proven, Option<String>> {
    let sealed = Sealed::of_register(value, &case.memory).map_err(Unproven::word)?;
    sealed.prove(case, ask, &register.issuer, Some(register.at)).await.map_err(Unproven::word)
}

/// Whether the proof still speaks.
fn not_expired(case: &Case, proven: &Proven) -> Result<(), (&'static str, Option<String>)> {
    match proven.expires {
        Some(until) if until < case.today => Err((codes::REGISTER_NOT_PROVEN, Some(codes::ENDED.to_owned()))),
        _ => Ok(()),
    }
}

fn parse(answer: &Answer) -> Result<(Value, Register), (&'static str, Option<String>)> {
    let text = answer.text().ok_or((codes::REGISTER_UNANSWERED, Some(crate::Unanswered::NotText.code().to_owned())))?;
    let value = parse_strict(text).map_err(|fault| (codes::REGISTER_UNREADABLE, Some(fault.code().to_owned())))?;
    let register = register::parse(&value).map_err(|fault| (codes::REGISTER_UNREADABLE, Some(fault.path)))?;
    Ok((value, register))
}

/// Whether the register is signed by an issuer of the origin it is read from.
fn stands_at_its_signers(case: &Case, register: &Register) -> Result<(), (&'static str, Option<String>)> {
    let origin = |url: &str| url::Url::parse(url).ok().map(|url| url.origin().ascii_serialization());
    let claimed = origin(&register.url);
    let read_from = case.register_url.as_deref().map_or_else(|| claimed.clone(), origin);
    let signer = proofs::did::DidWeb::parse(&register.issuer).ok().map(|did| did.origin());
    if claimed.is_some() && claimed == read_from && claimed == signer {
        Ok(())
    } else {
        Err((codes::REGISTER_ELSEWHERE, None))
    }
}

/// Whether it was not signed too long ago.
fn fresh(case: &Case, register: &Register) -> Result<(), (&'static str, Option<String>)> {
    if is_old(register.at, case.today) {
        return Err((codes::REGISTER_TOO_OLD, stamp(register.at)));
    }
    Ok(())
}

fn is_old(at: OffsetDateTime, now: OffsetDateTime) -> bool {
    at < now.saturating_sub(REGISTER_LASTS)
}
