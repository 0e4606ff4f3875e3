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

use crate::{Db, Result, StoreError, Tx, Vault, execute, on};

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
    let plain = Zeroizing::new(serde_json::to_vec(message.payload).map_err(|_| StoreError::Payload("outbox"))?);
    let sealed = vault.seal(&purpose(message.house), &plain);
    let written = execute!(tx, sqlx::query(
        "insert into store_outbox (message_id, house, kind, batch_id, payload, state, attempts, queued_at, not_before)
         values ($1, $2, $3, $4, $5, 'queued', 0, $6, $7) on conflict (message_id) do nothing")
        .bind(message.message_id).bind(message.house).bind(message.kind).bind(message.batch_id)
        .bind(sealed).bind(now).bind(message.not_before))?;
    Ok(if written == 1 { Queued::New } else { Queued::Already })
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
