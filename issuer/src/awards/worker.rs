//! Makes the badges of lots, chunk by chunk, on any instance: each row exactly once, whatever crashes.
//!
//! A chunk is (a) a short transaction that reserves status entries, (b) work without a transaction: compose, sign, have
//! the judge read the exact text, (c) one transaction that keeps awards, texts, codes and letters and marks the rows. A
//! crash before the end of (c) leaves rows unmarked, and nothing else: another instance makes them again.
//!
//! While (c) of one chunk waits for the database, (b) of the next has the processors: two chunks are in memory, however
//! long the lot is.

mod form;
mod keep;
mod make;
mod timings;

use std::future::Future;
use std::pin::pin;
use std::time::{Duration, Instant};

use store::{execute, on, outbox};
use time::OffsetDateTime;
use uuid::Uuid;

use super::lots::{self, Lot};
use crate::status::{self, StatusSlot};
use crate::{HOUSE, Issuer, Result};

pub use timings::{Timings, TimingsNow};

/// Rows of one chunk: as many as one statement writes (`store::bulk::ROWS`).
const CHUNK: i64 = 500;
/// A dead instance's lot waits this long before another takes it; renewed by every chunk.
const LEASE: Duration = Duration::from_secs(30);
/// How long an idle worker sleeps.
const PAUSE: Duration = Duration::from_millis(500);

/// Works until `shutdown` resolves; the chunk in hand is dropped, and made again by whoever comes next.
pub async fn run(issuer: Issuer, shutdown: impl Future<Output = ()> + Send) {
    let mut shutdown = pin!(shutdown);
    let holder = Uuid::new_v4();
    loop {
        let worked = tokio::select! {
            biased;
            () = &mut shutdown => {
                let_go(&issuer, holder).await;
                return;
            }
            worked = step(&issuer, holder) => worked,
        };
        if !matches!(worked, Ok(Step::Worked)) {
            // An error of a lot was logged; its rows are still there.
            tokio::select! {
                biased;
                () = &mut shutdown => return,
                () = tokio::time::sleep(PAUSE) => {}
            }
        }
    }
}

/// Works until nothing is left to do: for tests, the demonstration and benchmarks.
pub async fn attest_all_pending(issuer: &Issuer) -> Result<()> {
    let holder = Uuid::new_v4();
    while step(issuer, holder).await? == Step::Worked {}
    Ok(())
}

#[derive(Debug, PartialEq, Eq)]
enum Step {
    Worked,
    Nothing,
}

/// One lot to its end, if there is any.
async fn step(issuer: &Issuer, holder: Uuid) -> Result<Step> {
    let Some(lot) = lease(issuer, holder).await? else { return Ok(Step::Nothing) };
    match work(issuer, &lot, holder).await {
        Ok(()) => Ok(Step::Worked),
        Err(error) => {
            tracing::error!(lot.id = %lot.lot_id, error.code = error.code(), "un lot n’avance pas\u{a0}: il attend, les autres passent");
            if let Err(error) = back_off(issuer, &lot, holder).await {
                tracing::warn!(lot.id = %lot.lot_id, error.message = %error, "un lot reste réservé jusqu’à la fin de son bail");
            }
            Err(error)
        }
    }
}

/// Chunk after chunk, each renewing the lease.
async fn work(issuer: &Issuer, lot: &Lot, holder: Uuid) -> Result<()> {
    let mut made = match begin(issuer, lot, None).await? {
        Some(begun) => Some(begun.make().await?),
        None => None,
    };
    while let Some(chunk) = made {
        made = if let Some(next) = begin(issuer, lot, Some(chunk.last)).await? {
            let (kept, next) = tokio::join!(keep::keep(issuer, lot, holder, &chunk), next.make());
            kept?;
            Some(next?)
        } else {
            keep::keep(issuer, lot, holder, &chunk).await?;
            None
        };
    }
    Ok(finish(issuer, lot, holder).await?)
}

/// Rows about to be made, their status entries reserved.
struct Begun {
    shared: make::Shared,
    to_make: Vec<(LotRow, StatusSlot)>,
    aside: Vec<LotRow>,
    last: i64,
}

/// Rows made, about to be kept.
struct Chunk {
    made: Vec<make::Made>,
    /// Rows of people who had the badge before.
    aside: Vec<LotRow>,
    /// The last row's number.
    last: i64,
    verification_method: String,
    signed_at: OffsetDateTime,
}

/// (a): the rows that follow `after`; `None` when there are none.
async fn begin(issuer: &Issuer, lot: &Lot, after: Option<i64>) -> Result<Option<Begun>> {
    let rows = left(issuer, lot, after).await?;
    let Some(last) = rows.last().map(|row| row.row_number) else { return Ok(None) };
    let (to_make, aside): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.had.is_none());
    // First what may fail: status entries are never given twice.
    let shared = make::shared(issuer, lot).await?;
    let started = Instant::now();
    let mut tx = issuer.db.begin().await?;
    let slots = status::reserve(&mut tx, issuer, lot.organisation_id, to_make.len()).await?;
    tx.commit().await?;
    Timings::add(&timings::TOTALS.reserve, started);
    let to_make = to_make.into_iter().zip(slots).collect();
    Ok(Some(Begun { shared, to_make, aside, last }))
}

impl Begun {
    /// (b): a badge, or a refusal, for every row.
    async fn make(self) -> Result<Chunk> {
        let Self { shared, to_make, aside, last } = self;
        let verification_method = shared.verification_method().to_owned();
        let signed_at = shared.now;
        let made = make::make(shared, to_make).await?;
        Ok(Chunk { made, aside, last, verification_method, signed_at })
    }
}

/// Nobody holds the lot, and nobody takes it before [`LEASE`] has passed: other lots go on meanwhile.
async fn back_off(issuer: &Issuer, lot: &Lot, holder: Uuid) -> store::Result<()> {
    let mut tx = issuer.db.begin().await?;
    execute!(
        tx,
        sqlx::query(
            "update issuer_lot set lease_until = $4, lease_id = null
         where organisation_id = $1 and lot_id = $2 and lease_id = $3 and finished_at is null"
        )
        .bind(lot.organisation_id)
        .bind(lot.lot_id)
        .bind(holder)
        .bind(issuer.clock.now() + LEASE)
    )?;
    tx.commit().await
}

/// A row of a lot that is not done, with its person.
#[derive(Debug, Clone, sqlx::FromRow)]
struct LotRow {
    row_number: i64,
    observed_on: Option<time::Date>,
    trainee_id: Uuid,
    name: String,
    sort_key: String,
    email: Option<String>,
    /// `already` or `withdrawn`, when there is nothing to make.
    had: Option<String>,
}

/// The first rows that are not done, of those that follow `after`: the ones before it are in hand.
async fn left(issuer: &Issuer, lot: &Lot, after: Option<i64>) -> store::Result<Vec<LotRow>> {
    // A file never resurrects a withdrawn badge; a person ticked by hand may get it again (decisions §3).
    Ok(on!(issuer.db, c => sqlx::query_as(
        "select r.row_number, r.observed_on, r.trainee_id, t.name, t.sort_key, t.email,
             case when exists (select 1 from issuer_award a where a.session_id = $4 and a.trainee_id = r.trainee_id
                       and a.badge_id = $5 and a.level = $6 and a.withdrawn_at is null) then 'already'
                  when r.line is not null and exists (select 1 from issuer_award a
                       join issuer_withdrawal w on w.award_id = a.award_id
                           and w.kind = 'withdrawn' and w.reason <> 'lot_undone'
                       where a.session_id = $4 and a.trainee_id = r.trainee_id
                       and a.badge_id = $5 and a.level = $6) then 'withdrawn' end as had
         from issuer_lot_row r join issuer_trainee t on t.trainee_id = r.trainee_id
         where r.organisation_id = $1 and r.lot_id = $2 and r.outcome is null and r.row_number > $7
         order by r.row_number limit $3")
        .bind(lot.organisation_id).bind(lot.lot_id).bind(CHUNK).bind(lot.session_id).bind(&lot.badge_id)
        .bind(&lot.level).bind(after.unwrap_or(-1)).fetch_all(c).await)?)
}

/// Takes the oldest unfinished lot that nobody holds, or goes on holding ours. The worker serves every organisation:
/// the lot itself says whose rows it may touch.
async fn lease(issuer: &Issuer, holder: Uuid) -> store::Result<Option<Lot>> {
    let now = issuer.clock.now();
    let waiting: Option<Uuid> = on!(issuer.db, c => sqlx::query_scalar(
        "select lot_id from issuer_lot where finished_at is null
           and (lease_until is null or lease_until < $1 or lease_id = $2)
         order by case when lease_id = $2 then 0 else 1 end, attested_at, lot_id limit 1")
        .bind(now).bind(holder).fetch_optional(c).await)?;
    let Some(lot_id) = waiting else { return Ok(None) };
    let mut tx = issuer.db.begin().await?;
    let sql = sqlx::AssertSqlSafe(format!(
        "update issuer_lot set lease_until = $3, lease_id = $4
         where lot_id = $1 and finished_at is null and (lease_until is null or lease_until < $2 or lease_id = $4)
         returning {}",
        lots::COLUMNS
    ));
    let lot = on!(tx, c => sqlx::query_as(sql)
        .bind(lot_id).bind(now).bind(now + LEASE).bind(holder).fetch_optional(c).await)?;
    tx.commit().await?;
    Ok(lot)
}

/// Everybody of the lot is done.
async fn finish(issuer: &Issuer, lot: &Lot, holder: Uuid) -> store::Result<()> {
    let now = issuer.clock.now();
    let mut tx = issuer.db.begin().await?;
    let finished = execute!(
        tx,
        sqlx::query(
            "update issuer_lot set finished_at = $4, lease_until = null, lease_id = null
         where organisation_id = $1 and lot_id = $2 and lease_id = $3 and finished_at is null
           and not exists (select 1 from issuer_lot_row r where r.lot_id = $2 and r.outcome is null)"
        )
        .bind(lot.organisation_id)
        .bind(lot.lot_id)
        .bind(holder)
        .bind(now)
    )?;
    if finished == 1 {
        // Now the instant is known: no letter leaves while the lot can be taken back.
        outbox::delay_batch(&mut tx, HOUSE, lot.lot_id, now + issuer.letter_delay).await?;
    }
    tx.commit().await
}

/// A graceful stop leaves nothing to wait for.
async fn let_go(issuer: &Issuer, holder: Uuid) {
    let released: store::Result<()> =
        async {
            let mut tx = issuer.db.begin().await?;
            execute!(tx, sqlx::query(
            "update issuer_lot set lease_until = null, lease_id = null where lease_id = $1 and finished_at is null")
            .bind(holder))?;
            tx.commit().await
        }
        .await;
    if let Err(error) = released {
        tracing::warn!(error.message = %error, "un lot reste réservé jusqu’à la fin de son bail");
    }
}

/// When letters of a chunk may leave: not before the lot is done and its « Annuler » has ended. What remains of the lot
/// is counted at a slow pace, 25 ms a person; without a delay (demonstration) letters leave at once.
fn letters_leave(issuer: &Issuer, left: i64, now: OffsetDateTime) -> OffsetDateTime {
    if issuer.letter_delay.is_zero() {
        return now;
    }
    let left = u64::try_from(left).unwrap_or_default();
    now + issuer.letter_delay + Duration::from_secs(Duration::from_millis(25 * left).as_secs())
}

/// What only tests do.
#[cfg(test)]
pub(crate) mod tests_only {
    use super::*;

    /// Leases a lot, makes its first chunk and forgets it: a crash between (b) and (c). How many badges were made.
    pub(crate) async fn makes_and_dies(issuer: &Issuer) -> usize {
        let (_, made) = makes(issuer, Uuid::new_v4()).await;
        made.made.iter().filter(|one| one.badge.is_some()).count()
    }

    /// Makes and keeps the first chunk of a lot, and stops there.
    pub(crate) async fn makes_one_chunk(issuer: &Issuer) {
        let holder = Uuid::new_v4();
        let (lot, made) = makes(issuer, holder).await;
        keep::keep(issuer, &lot, holder, &made).await.expect("the chunk is kept");
        let_go(issuer, holder).await;
    }

    async fn makes(issuer: &Issuer, holder: Uuid) -> (Lot, Chunk) {
        let lot = lease(issuer, holder).await.expect("the database answers").expect("a lot waits");
        let begun = begin(issuer, &lot, None).await.expect("the database answers").expect("rows are left");
        let made = begun.make().await.expect("badges are made");
        (lot, made)
    }

    /// A lot that fails lets go, and waits; the next lot is taken instead.
    pub(crate) async fn fails_once(issuer: &Issuer) -> Uuid {
        let holder = Uuid::new_v4();
        let lot = lease(issuer, holder).await.expect("the database answers").expect("a lot waits");
        back_off(issuer, &lot, holder).await.expect("the database answers");
        lot.lot_id
    }
}
