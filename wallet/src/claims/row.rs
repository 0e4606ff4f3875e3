//! The row of a claim: its idempotency key, and what came of it.

use store::{Result, on};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::{Wallet, secrets};

/// How long the browser that was let in by keeping a badge is let in again.
const PRESENTED: Duration = Duration::hours(1);

/// One award being claimed, or claimed.
#[derive(Debug, Clone, sqlx::FromRow)]
#[expect(clippy::struct_field_names, reason = "the names of the columns")]
pub struct Claim {
    /// The key told to the issuer.
    pub claim_id: Uuid,
    /// The browser that the keeping of the badge let into its livret.
    pub presenter_lookup: Option<Vec<u8>>,
    pub kept_at: Option<OffsetDateTime>,
    pub livret_id: Option<Uuid>,
    pub badge_id: Option<Uuid>,
}

impl Claim {
    /// Whether this browser was let in by keeping the badge, less than an hour ago.
    pub fn is_presented_by(&self, presenter: Option<&[u8]>, now: OffsetDateTime) -> bool {
        let recent = self.kept_at.is_some_and(|at| now <= at + PRESENTED);
        recent && presenter.is_some() && self.presenter_lookup.as_deref() == presenter
    }
}

/// The claim of an award, if it was ever asked here.
pub async fn find(wallet: &Wallet, award: &str) -> Result<Option<Claim>> {
    Ok(on!(wallet.db, c => sqlx::query_as(
        "select claim_id, presenter_lookup, kept_at, livret_id, badge_id from wallet_claim where award_lookup = $1")
        .bind(lookup(wallet, award)).fetch_optional(c).await)?)
}

/// Writes the key before the issuer is asked; a key written before is used again. Pressing gives no right to what
/// another press keeps: who may come back is written with the keeping.
pub async fn ask(wallet: &Wallet, award: &str) -> Result<Claim> {
    let mut tx = wallet.db.begin().await?;
    on!(tx, c => sqlx::query(
        "insert into wallet_claim (claim_id, award_lookup, asked_at) values ($1, $2, $3)
         on conflict (award_lookup) do nothing")
        .bind(Uuid::new_v4()).bind(lookup(wallet, award)).bind(wallet.clock.now())
        .execute(c).await.map(drop))?;
    let claim = on!(tx, c => sqlx::query_as(
        "select claim_id, presenter_lookup, kept_at, livret_id, badge_id from wallet_claim where award_lookup = $1")
        .bind(lookup(wallet, award)).fetch_one(c).await)?;
    tx.commit().await?;
    Ok(claim)
}

/// Forgets a claim that the issuer does not know.
pub async fn forget(wallet: &Wallet, claim: Uuid) -> Result<()> {
    let mut tx = wallet.db.begin().await?;
    on!(tx, c => sqlx::query("delete from wallet_claim where claim_id = $1 and kept_at is null")
        .bind(claim).execute(c).await.map(drop))?;
    tx.commit().await
}

fn lookup(wallet: &Wallet, award: &str) -> Vec<u8> {
    wallet.vault.lookup_hash(secrets::CLAIM, award)
}
