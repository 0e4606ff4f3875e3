//! Attesting: an observation and its people become a lot, a worker makes the badges, a lot or a badge is taken back.

pub mod attest;
pub(crate) mod choices;
pub mod lots;
pub mod observation;
pub mod pages;
mod picker;
pub mod rows;
pub mod undo;
pub mod withdrawals;
pub mod worker;

#[cfg(test)]
pub(crate) mod tests;

use store::{Db, on};
use uuid::Uuid;

use crate::organisations::habilitations::{self, Standing};
use crate::{Issuer, Result};

pub use worker::attest_all_pending;

/// Codes of the families that the Région lets an organisation attest now; `None` when it lets it attest nothing.
pub async fn families(issuer: &Issuer, organisation_id: Uuid) -> Result<Option<Vec<String>>> {
    let all = habilitations::of(&issuer.db, organisation_id).await?;
    let standing = Standing::at(issuer.clock.now(), &all);
    Ok(standing.in_force().map(|h| h.families.0.clone()))
}

/// The address of a member, without case: nobody attests themselves.
pub async fn address_of_member(db: &Db, organisation_id: Uuid, member_id: Uuid) -> store::Result<String> {
    let email: Option<String> = on!(db, c => sqlx::query_scalar(
        "select email from issuer_member where organisation_id = $1 and member_id = $2")
        .bind(organisation_id).bind(member_id).fetch_optional(c).await)?;
    Ok(email.unwrap_or_default().to_lowercase())
}
