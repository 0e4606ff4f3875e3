//! How often a thing may be tried: counted in the database, so that every instance counts together.
//!
//! A window starts with the first try and ends after its length; then the count starts again. The key (visitor, code,
//! address) is kept as a keyed hash only.

use std::time::Duration;

use time::OffsetDateTime;

use crate::{Db, Result, Vault, execute, on};

/// A rule: how many tries in how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// The house that counts.
    pub house: &'static str,
    /// What is counted, for example `"sign-in by address"`.
    pub bucket: &'static str,
    /// Tries allowed in one window.
    pub max: u32,
    /// Length of a window, in whole seconds.
    pub window: Duration,
}

/// The answer to a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Answer {
    /// Go on.
    Allowed,
    /// Too many: how many seconds until the window ends.
    Wait(u64),
}

impl Answer {
    /// Whether the try may go on.
    pub fn is_allowed(self) -> bool {
        self == Self::Allowed
    }

    /// `Err(seconds)` when one must wait: `limits::hit(…).await?.or_wait().map_err(web::Error::TooMany)?`.
    pub fn or_wait(self) -> std::result::Result<(), u64> {
        match self {
            Self::Allowed => Ok(()),
            Self::Wait(seconds) => Err(seconds),
        }
    }
}

/// Counts one try and answers whether it is still within the limit. One statement, so that tries at the same instant
/// on several instances are each counted.
///
/// It has its own transaction: the count stays when the caller's work is rolled back. Do not call it while holding a
/// [`Tx`](crate::Tx).
pub async fn hit(db: &Db, vault: &Vault, limit: &Limit, key: &str, now: OffsetDateTime) -> Result<Answer> {
    let mut tx = db.begin().await?;
    let (hits, ends): (i64, OffsetDateTime) = on!(tx, c => sqlx::query_as(
        "insert into store_limit (house, bucket, key_hash, window_ends, hits) values ($1, $2, $3, $4, 1)
         on conflict (house, bucket, key_hash) do update set
            hits = case when store_limit.window_ends <= $5 then 1 else store_limit.hits + 1 end,
            window_ends = case when store_limit.window_ends <= $5 then excluded.window_ends
                               else store_limit.window_ends end
         returning hits, window_ends")
        .bind(limit.house).bind(limit.bucket).bind(key_hash(vault, limit, key))
        .bind(now + limit.window).bind(now)
        .fetch_one(c).await)?;
    tx.commit().await?;
    Ok(answer(hits - 1, ends, limit, now))
}

/// Whether another try would be within the limit, without counting one: for codes of which only the failures count.
pub async fn look(db: &Db, vault: &Vault, limit: &Limit, key: &str, now: OffsetDateTime) -> Result<Answer> {
    let seen: Option<(i64, OffsetDateTime)> = on!(db, c => sqlx::query_as(
        "select hits, window_ends from store_limit
         where house = $1 and bucket = $2 and key_hash = $3 and window_ends > $4")
        .bind(limit.house).bind(limit.bucket).bind(key_hash(vault, limit, key)).bind(now)
        .fetch_optional(c).await)?;
    Ok(seen.map_or(Answer::Allowed, |(hits, ends)| answer(hits, ends, limit, now)))
}

/// How many tries are left within the limit, without counting one: to say beforehand how much will be done.
pub async fn left(db: &Db, vault: &Vault, limit: &Limit, key: &str, now: OffsetDateTime) -> Result<u32> {
    let hits: Option<i64> = on!(db, c => sqlx::query_scalar(
        "select hits from store_limit where house = $1 and bucket = $2 and key_hash = $3 and window_ends > $4")
        .bind(limit.house).bind(limit.bucket).bind(key_hash(vault, limit, key)).bind(now)
        .fetch_optional(c).await)?;
    Ok(limit.max.saturating_sub(u32::try_from(hits.unwrap_or(0)).unwrap_or(u32::MAX)))
}

/// Forgets the tries of a key: after a sign-in that succeeded.
pub async fn forget(db: &Db, vault: &Vault, limit: &Limit, key: &str) -> Result<()> {
    let mut tx = db.begin().await?;
    execute!(
        tx,
        sqlx::query("delete from store_limit where house = $1 and bucket = $2 and key_hash = $3")
            .bind(limit.house)
            .bind(limit.bucket)
            .bind(key_hash(vault, limit, key))
    )?;
    tx.commit().await
}

/// Removes the windows that have ended. The outbox worker does it from time to time.
pub async fn purge(db: &Db, now: OffsetDateTime) -> Result<u64> {
    let mut tx = db.begin().await?;
    let gone = execute!(tx, sqlx::query("delete from store_limit where window_ends <= $1").bind(now))?;
    tx.commit().await?;
    Ok(gone)
}

fn answer(hits_before: i64, ends: OffsetDateTime, limit: &Limit, now: OffsetDateTime) -> Answer {
    if hits_before < i64::from(limit.max) {
        return Answer::Allowed;
    }
    Answer::Wait(u64::try_from((ends - now).whole_seconds()).unwrap_or(0).max(1))
}

fn key_hash(vault: &Vault, limit: &Limit, key: &str) -> Vec<u8> {
    vault.lookup_hash(&format!("limit/{}/{}", limit.house, limit.bucket), key)
}
