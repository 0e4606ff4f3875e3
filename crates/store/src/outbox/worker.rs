//! The worker: leases, sends, remembers.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use time::OffsetDateTime;
use tokio::task::JoinSet;
use tracing::{error, info, warn};
use uuid::Uuid;

use super::{Delivery, Sealed, purpose};
use crate::{Clock, Db, Result, Vault, execute, limits, on};

/// After so many tries (about three days) a message is refused with the reason `gave_up`.
pub const MAX_ATTEMPTS: i64 = 14;

/// A dead worker's messages wait this long before another takes them.
const LEASE: Duration = Duration::from_secs(5 * 60);
/// No handler may outlive its lease.
const PATIENCE: Duration = Duration::from_secs(2 * 60);
/// Messages done side by side.
const AT_ONCE: i64 = 8;
/// How long an idle worker sleeps.
const PAUSE: Duration = Duration::from_secs(1);
/// Ended windows of `store_limit` are removed this often.
const PURGE_EVERY: Duration = Duration::from_secs(10 * 60);

/// What a handler answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Done.
    Sent,
    /// Will never work; a machine word without any address (`smtp_550`).
    Refused(String),
    /// Not now: tried again later, less and less often.
    Later,
}

/// Does the messages of a house as they come due, until `shutdown` resolves; then finishes those in hand and returns.
/// An error of the database is logged and tried again: only `shutdown` ends it.
///
/// The handler must be safe to run twice for one message id.
///
/// ```
/// # use store::{Clock, Db, Vault, outbox::{self, Outcome}};
/// # async fn example(db: Db, vault: Vault, stop: tokio::sync::watch::Receiver<bool>) {
/// let mut stop = stop.clone();
/// tokio::spawn(async move {
///     let asked = async move { drop(stop.wait_for(|stop| *stop).await) };
///     outbox::run(&db, &vault, "issuer", &Clock::system(), async |delivery| Outcome::Sent, asked).await;
/// });
/// # }
/// ```
pub async fn run<H, F>(
    db: &Db,
    vault: &Vault,
    house: &str,
    clock: &Clock,
    handler: H,
    shutdown: impl Future<Output = ()> + Send,
) where
    H: Fn(Delivery) -> F + Send + Sync + 'static,
    F: Future<Output = Outcome> + Send + 'static,
{
    let handler = Arc::new(handler);
    let mut shutdown = pin!(shutdown);
    let mut purged = clock.now() - PURGE_EVERY;
    loop {
        let done = tokio::select! {
            biased;
            () = &mut shutdown => return,
            // Leasing may be dropped at any point: a lease nobody works on ends by itself.
            leased = lease(db, vault, house, clock.now()) => leased,
        };
        let found = match done {
            Ok(leased) => {
                let found = leased.len();
                if let Err(error) = work(db, clock, &handler, leased).await {
                    error!(outbox.house = house, error = %error, "the outbox could not be written");
                }
                found
            }
            Err(error) => {
                error!(outbox.house = house, error = %error, "the outbox could not be read");
                0
            }
        };
        if found == 0 {
            if clock.now() - purged >= PURGE_EVERY {
                purged = clock.now();
                if let Err(error) = limits::purge(db, purged).await {
                    error!(error = %error, "ended limits could not be removed");
                }
            }
            tokio::select! {
                () = &mut shutdown => return,
                () = tokio::time::sleep(PAUSE) => {}
            }
        }
    }
}

/// Does everything that is due now and returns how many messages were tried: for tests and the demonstration.
pub async fn drain_once<H, F>(db: &Db, vault: &Vault, house: &str, clock: &Clock, handler: H) -> Result<usize>
where
    H: Fn(Delivery) -> F + Send + Sync + 'static,
    F: Future<Output = Outcome> + Send + 'static,
{
    let handler = Arc::new(handler);
    let mut tried = 0;
    loop {
        let leased = lease(db, vault, house, clock.now()).await?;
        if leased.is_empty() {
            return Ok(tried);
        }
        tried += leased.len();
        work(db, clock, &handler, leased).await?;
    }
}

/// A message and the lease under which it is held.
struct Leased {
    delivery: Delivery,
    lease_id: Uuid,
}

#[derive(sqlx::FromRow)]
struct Row {
    message_id: String,
    kind: String,
    batch_id: Option<Uuid>,
    attempts: i64,
    payload: Option<Vec<u8>>,
}

async fn lease(db: &Db, vault: &Vault, house: &str, now: OffsetDateTime) -> Result<Vec<Leased>> {
    // A quiet outbox costs a read, not the write lock.
    let due: i64 = on!(db, c => sqlx::query_scalar(
        "select count(*) from (select 1 from store_outbox where house = $1 and state = 'queued' and not_before <= $2
            and (lease_until is null or lease_until <= $2) limit 1) as due")
        .bind(house).bind(now).fetch_one(c).await)?;
    if due == 0 {
        return Ok(Vec::new());
    }
    let lease_id = Uuid::new_v4();
    let mut tx = db.begin().await?;
    // The conditions stand twice: when two workers choose the same rows on PostgreSQL, the second waits for the first
    // and looks again at the outer ones, which no longer hold.
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(
        "update store_outbox set lease_until = $3, lease_id = $4, attempts = attempts + 1
         where message_id in (
            select message_id from store_outbox
            where house = $1 and state = 'queued' and not_before <= $2 and (lease_until is null or lease_until <= $2)
            order by not_before, message_id limit $5)
         and state = 'queued' and not_before <= $2 and (lease_until is null or lease_until <= $2)
         returning message_id, kind, batch_id, attempts, payload")
        .bind(house).bind(now).bind(now + LEASE).bind(lease_id).bind(AT_ONCE)
        .fetch_all(c).await)?;
    tx.commit().await?;
    let mut leased = Vec::with_capacity(rows.len());
    for row in rows {
        let Row { message_id, kind, batch_id, attempts, payload } = row;
        match vault.open(&purpose(house), payload.as_deref().unwrap_or_default()) {
            Ok(plain) => leased.push(Leased {
                delivery: Delivery { message_id, kind, batch_id, attempt: attempts, payload: Sealed(plain) },
                lease_id,
            }),
            Err(error) => {
                warn!(outbox.house = house, error = %error, "a sealed message cannot be opened");
                finish(db, &message_id, lease_id, "refused", Some("unreadable"), now).await?;
            }
        }
    }
    Ok(leased)
}

async fn work<H, F>(db: &Db, clock: &Clock, handler: &Arc<H>, leased: Vec<Leased>) -> Result<()>
where
    H: Fn(Delivery) -> F + Send + Sync + 'static,
    F: Future<Output = Outcome> + Send + 'static,
{
    let mut hands = JoinSet::new();
    for Leased { delivery, lease_id } in leased {
        let (handler, db, clock) = (Arc::clone(handler), db.clone(), clock.clone());
        hands.spawn(async move {
            let (message_id, attempt) = (delivery.message_id.clone(), delivery.attempt);
            let outcome = tokio::time::timeout(PATIENCE, handler(delivery)).await.unwrap_or(Outcome::Later);
            settle(&db, &message_id, attempt, lease_id, outcome, clock.now()).await
        });
    }
    let mut result = Ok(());
    while let Some(joined) = hands.join_next().await {
        match joined {
            Ok(Ok(())) => {}
            Ok(Err(error)) => result = Err(error),
            // Its lease ends by itself, and it is tried again.
            Err(_) => error!("a handler of the outbox panicked"),
        }
    }
    result
}

async fn settle(
    db: &Db,
    message_id: &str,
    attempt: i64,
    lease_id: Uuid,
    outcome: Outcome,
    now: OffsetDateTime,
) -> Result<()> {
    match outcome {
        Outcome::Sent => finish(db, message_id, lease_id, "sent", None, now).await,
        Outcome::Refused(reason) => {
            info!(outbox.reason = %reason, "a message was refused");
            finish(db, message_id, lease_id, "refused", Some(&reason), now).await
        }
        Outcome::Later if attempt >= MAX_ATTEMPTS => {
            warn!("a message was given up");
            finish(db, message_id, lease_id, "refused", Some("gave_up"), now).await
        }
        Outcome::Later => {
            let mut tx = db.begin().await?;
            execute!(
                tx,
                sqlx::query(
                    "update store_outbox set lease_until = null, lease_id = null, not_before = $3
                 where message_id = $1 and lease_id = $2 and state = 'queued'"
                )
                .bind(message_id)
                .bind(lease_id)
                .bind(now + backoff(attempt))
            )?;
            tx.commit().await
        }
    }
}

/// Writes a final state, unless the lease went to another worker meanwhile, and empties the payload.
async fn finish(
    db: &Db,
    message_id: &str,
    lease_id: Uuid,
    state: &str,
    reason: Option<&str>,
    now: OffsetDateTime,
) -> Result<()> {
    let mut tx = db.begin().await?;
    execute!(
        tx,
        sqlx::query(
            "update store_outbox set state = $3, reason = $4, finished_at = $5, payload = null, lease_until = null,
            lease_id = null
         where message_id = $1 and lease_id = $2 and state = 'queued'"
        )
        .bind(message_id)
        .bind(lease_id)
        .bind(state)
        .bind(reason)
        .bind(now)
    )?;
    tx.commit().await
}

/// 30 s, then twice as long each time, at most 8 hours.
fn backoff(attempt: i64) -> Duration {
    let doublings = u32::try_from(attempt.clamp(1, 11) - 1).unwrap_or(0);
    Duration::from_secs(30 << doublings).min(Duration::from_secs(8 * 3600))
}
