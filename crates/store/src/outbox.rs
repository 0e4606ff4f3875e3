//! Follow-up work, mostly letters: written inside the transaction that causes it, done afterwards by a worker.
//!
//! Queued exactly once (the message id is unique, and the row lives or dies with the caller's transaction), done at
//! least once (a worker that dies leaves a lease that ends, and another does it again under the same message id).
//! What is known of a letter: queued, sent, refused, cancelled (decisions §25).

mod worker;

use serde::Serialize;
use serde::de::DeserializeOwned;
use time::OffsetDateTime;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{Db, Result, StoreError, Tx, Vault, bulk, execute, on};

pub use worker::{MAX_ATTEMPTS, Outcome, drain_once, run};

/// One message to queue.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a, P> {
    /// The house that will do the work.
    pub house: &'static str,
    /// What to do, for example `"badge letter"`: the worker's handler chooses by it.
    pub kind: &'static str,
    /// Stable and unique, and the Message-ID of a letter: `award-{uuid}.1@issuer.host`. Never holds an address.
    pub message_id: &'a str,
    /// What « Annuler » takes back together.
    pub batch_id: Option<Uuid>,
    /// Not done before this instant.
    pub not_before: OffsetDateTime,
    /// What the handler needs: sealed at once, wiped from the database when done.
    pub payload: &'a P,
}

/// What became of [`queue`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Queued {
    /// Written with the caller's transaction.
    New,
    /// A message of that id had been queued before, and stays as it was.
    Already,
}

/// What is known of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(rename_all = "lowercase", type_name = "text")]
pub enum State {
    /// Waiting, or being done.
    Queued,
    /// The server took it.
    Sent,
    /// The server refused it for good, or we gave up.
    Refused,
    /// Taken back before it left.
    Cancelled,
}

/// What is known of one message, and since when.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Known {
    /// The message.
    pub message_id: String,
    /// What is known.
    pub state: State,
    /// Machine word for a refusal (`smtp_550`, `gave_up`).
    pub reason: Option<String>,
    /// It leaves at this instant at the earliest.
    pub not_before: OffsetDateTime,
    /// When it was sent, refused or cancelled.
    pub finished_at: Option<OffsetDateTime>,
}

/// A message in a handler's hands.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// The stable id.
    pub message_id: String,
    /// What to do.
    pub kind: String,
    /// The batch, if it has one.
    pub batch_id: Option<Uuid>,
    /// How many times it was tried, this one included: more than 1 means it may have been done already.
    pub attempt: i64,
    payload: Sealed,
}

impl Delivery {
    /// The payload as it was queued.
    pub fn payload<P: DeserializeOwned>(&self) -> Result<P> {
        serde_json::from_slice(&self.payload.0).map_err(|_| StoreError::Payload("outbox"))
    }
}

/// Queues a message in the caller's transaction.
pub async fn queue<P: Serialize + Sync>(
    tx: &mut Tx,
    vault: &Vault,
    message: &Message<'_, P>,
    now: OffsetDateTime,
) -> Result<Queued> {
    let written = queue_all(tx, vault, std::slice::from_ref(message), now).await?;
    Ok(if written == 1 { Queued::New } else { Queued::Already })
}

/// Queues many messages in the caller's transaction; answers how many are new. Those queued before stay as they were.
pub async fn queue_all<P: Serialize + Sync>(
    tx: &mut Tx,
    vault: &Vault,
    messages: &[Message<'_, P>],
    now: OffsetDateTime,
) -> Result<u64> {
    let mut new = 0;
    for some in messages.chunks(bulk::ROWS) {
        let mut sealed = Vec::with_capacity(some.len());
        for message in some {
            let plain = serde_json::to_vec(message.payload).map_err(|_| StoreError::Payload("outbox"))?;
            sealed.push(vault.seal(&purpose(message.house), &Zeroizing::new(plain)));
        }
        let sql = bulk::insert(
            tx,
            "store_outbox (message_id, house, kind, batch_id, payload, queued_at, not_before, state, attempts)",
            some.len(),
            9,
            " on conflict (message_id) do nothing",
        );
        new += execute!(tx, {
            // Of the many lengths only the two that come again stay prepared.
            let mut query = sqlx::query(sql).persistent(some.len() == 1 || bulk::stays(some.len()));
            for (message, sealed) in some.iter().zip(&sealed) {
                query = query
                    .bind(message.message_id)
                    .bind(message.house)
                    .bind(message.kind)
                    .bind(message.batch_id)
                    .bind(sealed)
                    .bind(now)
                    .bind(message.not_before)
                    .bind("queued")
                    .bind(0_i64);
            }
            query
        })?;
    }
    Ok(new)
}

/// Takes back what has not left of a batch, in the caller's transaction; answers how many. What a worker holds at this
/// instant is not taken back.
pub async fn cancel_batch(tx: &mut Tx, house: &str, batch_id: Uuid, now: OffsetDateTime) -> Result<u64> {
    Ok(execute!(
        tx,
        sqlx::query(
            "update store_outbox set state = 'cancelled', payload = null, finished_at = $3
         where house = $1 and batch_id = $2 and state = 'queued' and (lease_until is null or lease_until <= $3)"
        )
        .bind(house)
        .bind(batch_id)
        .bind(now)
    )?)
}

/// Makes what has not left of a batch wait until `not_before`, in the caller's transaction; answers how many. What was
/// tried before keeps its own later instant.
pub async fn delay_batch(tx: &mut Tx, house: &str, batch_id: Uuid, not_before: OffsetDateTime) -> Result<u64> {
    Ok(execute!(
        tx,
        sqlx::query(
            "update store_outbox set not_before = $3
         where house = $1 and batch_id = $2 and state = 'queued' and (attempts = 0 or not_before < $3)"
        )
        .bind(house)
        .bind(batch_id)
        .bind(not_before)
    )?)
}

/// The message ids of a batch that have left, or are in a worker's hands: after [`cancel_batch`], in its transaction,
/// what could no longer be taken back.
pub async fn left_of_batch(tx: &mut Tx, house: &str, batch_id: Uuid) -> Result<Vec<String>> {
    Ok(on!(tx, c => sqlx::query_scalar(
        "select message_id from store_outbox
         where house = $1 and batch_id = $2 and state in ('sent', 'queued') order by message_id")
        .bind(house).bind(batch_id).fetch_all(c).await)?)
}

/// Takes back one message that has not left; answers whether it was in time.
pub async fn cancel(tx: &mut Tx, house: &str, message_id: &str, now: OffsetDateTime) -> Result<bool> {
    Ok(execute!(
        tx,
        sqlx::query(
            "update store_outbox set state = 'cancelled', payload = null, finished_at = $3
         where house = $1 and message_id = $2 and state = 'queued' and (lease_until is null or lease_until <= $3)"
        )
        .bind(house)
        .bind(message_id)
        .bind(now)
    )? == 1)
}

/// Whether one of these messages has left, or is in a worker's hands: after [`cancel`], in its transaction, what could no
/// longer be taken back. Answers the last of them, in the order given.
pub async fn last_that_left(tx: &mut Tx, house: &str, message_ids: &[String]) -> Result<Option<usize>> {
    for (place, message_id) in message_ids.iter().enumerate().rev() {
        let left: i64 = on!(tx, c => sqlx::query_scalar(
            "select count(*) from store_outbox where house = $1 and message_id = $2 and state in ('sent', 'queued')")
            .bind(house).bind(message_id).fetch_one(c).await)?;
        if left > 0 {
            return Ok(Some(place));
        }
    }
    Ok(None)
}

/// What is known of one message.
pub async fn state_of(db: &Db, house: &str, message_id: &str) -> Result<Option<Known>> {
    Ok(on!(db, c => sqlx::query_as(
        "select message_id, state, reason, not_before, finished_at from store_outbox
         where house = $1 and message_id = $2")
        .bind(house).bind(message_id).fetch_optional(c).await)?)
}

/// What is known of every message of a batch, by message id.
pub async fn states_of_batch(db: &Db, house: &str, batch_id: Uuid) -> Result<Vec<Known>> {
    Ok(on!(db, c => sqlx::query_as(
        "select message_id, state, reason, not_before, finished_at from store_outbox
         where house = $1 and batch_id = $2 order by message_id")
        .bind(house).bind(batch_id).fetch_all(c).await)?)
}

/// What is known of these messages, in any order; nothing for an id that was never queued.
pub async fn states_of(db: &Db, house: &str, message_ids: &[String]) -> Result<Vec<Known>> {
    let mut known = Vec::with_capacity(message_ids.len());
    for some in message_ids.chunks(500) {
        let places: Vec<String> = (0..some.len()).map(|n| format!("${}", n + 2)).collect();
        // Only placeholders: every id is bound.
        let sql = sqlx::AssertSqlSafe(format!(
            "select message_id, state, reason, not_before, finished_at from store_outbox
             where house = $1 and message_id in ({})",
            places.join(", ")
        ));
        let found: Vec<Known> = on!(db, c => {
            let mut query = sqlx::query_as(sql).bind(house);
            for id in some {
                query = query.bind(id);
            }
            query.fetch_all(c).await
        })?;
        known.extend(found);
    }
    Ok(known)
}

/// How many messages of a house wait, for `/healthz`, `doctor` and tests.
pub async fn waiting(db: &Db, house: &str) -> Result<i64> {
    Ok(on!(db, c => sqlx::query_scalar("select count(*) from store_outbox where house = $1 and state = 'queued'")
        .bind(house).fetch_one(c).await)?)
}

/// How letters do, over all houses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Health {
    /// Wait, their time not come included.
    pub queued: i64,
    /// Wait although their time came before `late_since`.
    pub late: i64,
    /// Were given up or could not be opened, after `failed_since`. Refusals of one address by a mail server do not count.
    pub failed: i64,
}

/// Counts what does not go well: for `doctor`.
pub async fn health(db: &Db, late_since: OffsetDateTime, failed_since: OffsetDateTime) -> Result<Health> {
    let (queued, late): (i64, i64) = on!(db, c => sqlx::query_as(
        "select count(*), cast(coalesce(sum(case when not_before < $1 then 1 else 0 end), 0) as bigint)
         from store_outbox where state = 'queued'")
        .bind(late_since).fetch_one(c).await)?;
    let failed: i64 = on!(db, c => sqlx::query_scalar(
        "select count(*) from store_outbox
         where state = 'refused' and reason in ('gave_up', 'unreadable') and finished_at >= $1")
        .bind(failed_since).fetch_one(c).await)?;
    Ok(Health { queued, late, failed })
}

/// How many messages of each house wait: for metrics.
pub async fn depth(db: &Db) -> Result<Vec<(String, i64)>> {
    Ok(on!(db, c => sqlx::query_as(
        "select house, count(*) from store_outbox where state = 'queued' group by house order by house")
        .fetch_all(c).await)?)
}

fn purpose(house: &str) -> String {
    format!("outbox/{house}")
}

/// Plain bytes that are wiped when dropped and never shown.
#[derive(Clone)]
struct Sealed(Zeroizing<Vec<u8>>);

impl std::fmt::Debug for Sealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("…")
    }
}
