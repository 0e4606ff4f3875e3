//! (c) One transaction for a chunk: awards, exact texts, codes, letters, and the rows marked done.

use std::collections::HashSet;
use std::time::Instant;

use store::{Tx, bulk, execute, on};
use uuid::Uuid;
use web::Error;

use super::make::{Badge, Made};
use super::timings::{TOTALS, Timings};
use super::{Chunk, LEASE, Lot, LotRow, letters_leave};
use crate::delivery::{self, codes};
use crate::{Issuer, Result};

/// Keeps a chunk. Fails, keeping nothing, when the lease was lost to another instance: it is making the same rows.
pub(super) async fn keep(issuer: &Issuer, lot: &Lot, holder: Uuid, chunk: &Chunk) -> Result<()> {
    let started = Instant::now();
    let now = issuer.clock.now();
    let (made, aside) = (&chunk.made, &chunk.aside);
    let count = i64::try_from(made.len() + aside.len()).map_err(Error::internal)?;
    let mut tx = issuer.db.begin().await?;
    let left: Option<i64> = on!(tx, c => sqlx::query_scalar(
        "update issuer_lot set done = done + $4, lease_until = $5
         where organisation_id = $1 and lot_id = $2 and lease_id = $3 and finished_at is null
         returning total - done")
        .bind(lot.organisation_id).bind(lot.lot_id).bind(holder).bind(count).bind(now + LEASE)
        .fetch_optional(c).await)
    .map_err(store::StoreError::from)?;
    let left = left.ok_or(Error::Conflict)?;
    let badges: Vec<(&Made, &Badge)> = made.iter().filter_map(|m| Some((m, m.badge.as_ref()?))).collect();
    let kept = awards(&mut tx, lot, &badges).await?;
    // Another lot was quicker with the others between our reading and this transaction.
    let (badges, overtaken): (Vec<_>, Vec<_>) = badges.into_iter().partition(|(_, b)| kept.holds(b.award_id));
    credentials(&mut tx, lot, chunk, &badges).await?;
    codes::keep(&mut tx, lot.organisation_id, badges.iter().map(|(_, b)| (b.award_id, &b.codes)), now).await?;
    let letters: Vec<Uuid> = badges.iter().filter(|(_, b)| b.email.is_some()).map(|(_, b)| b.award_id).collect();
    let queueing = Instant::now();
    delivery::queue(&mut tx, issuer, lot, &letters, letters_leave(issuer, left, now)).await?;
    Timings::add(&TOTALS.outbox, queueing);
    let mut done: Vec<Done> = Vec::with_capacity(made.len() + aside.len());
    done.extend(badges.iter().map(|(m, b)| (m.row_number, "attested", Some(b.award_id))));
    done.extend(overtaken.iter().map(|(m, _)| (m.row_number, "already", None)));
    done.extend(made.iter().filter(|m| m.badge.is_none()).map(|m| (m.row_number, "refused", None)));
    done.extend(aside.iter().filter_map(outcome_of_before));
    mark(&mut tx, lot, &done).await?;
    tx.commit().await?;
    TOTALS.awards.fetch_add(badges.len() as u64, std::sync::atomic::Ordering::Relaxed);
    Timings::add(&TOTALS.store, started);
    Ok(())
}

/// A row, its outcome, and its award when there is one.
type Done = (i64, &'static str, Option<Uuid>);

fn outcome_of_before(row: &LotRow) -> Option<Done> {
    let outcome = ["already", "withdrawn"].into_iter().find(|word| row.had.as_deref() == Some(*word))?;
    Some((row.row_number, outcome, None))
}

/// Which awards are new.
enum Kept {
    /// As nearly always.
    All,
    Some(HashSet<Uuid>),
}

impl Kept {
    fn holds(&self, award_id: Uuid) -> bool {
        match self {
            Self::All => true,
            Self::Some(ids) => ids.contains(&award_id),
        }
    }
}

/// Keeps the awards that are new; the others break `one_award_per_person_achievement_and_session` and are left.
async fn awards(tx: &mut Tx, lot: &Lot, badges: &[(&Made, &Badge)]) -> store::Result<Kept> {
    let mut written = 0;
    for some in badges.chunks(bulk::ROWS) {
        let sql = bulk::insert(
            tx,
            "issuer_award (award_id, organisation_id, session_id, trainee_id, lot_id, badge_id, level, version,
                 awarded_on, attested_at, attested_by, subject_id, recipient_name, sort_key, email)",
            some.len(),
            15,
            " on conflict (session_id, trainee_id, badge_id, level) where withdrawn_at is null do nothing",
        );
        written += execute!(tx, {
            let mut query = sqlx::query(sql).persistent(bulk::stays(some.len()));
            for (made, badge) in some {
                query = query
                    .bind(badge.award_id)
                    .bind(lot.organisation_id)
                    .bind(lot.session_id)
                    .bind(made.trainee_id)
                    .bind(lot.lot_id)
                    .bind(&lot.badge_id)
                    .bind(&lot.level)
                    .bind(&lot.version)
                    .bind(badge.awarded_on)
                    .bind(lot.attested_at)
                    .bind(lot.attested_by)
                    .bind(badge.subject_id)
                    .bind(&badge.name)
                    .bind(&badge.sort_key)
                    .bind(&badge.email);
            }
            query
        })?;
    }
    if written == badges.len() as u64 {
        return Ok(Kept::All);
    }
    let mut kept = HashSet::with_capacity(badges.len());
    for (made, badge) in badges {
        let found: Option<Uuid> = on!(tx, c => sqlx::query_scalar(
            "select award_id from issuer_award where award_id = $1 and trainee_id = $2")
            .bind(badge.award_id).bind(made.trainee_id).fetch_optional(c).await)?;
        kept.extend(found);
    }
    Ok(Kept::Some(kept))
}

async fn credentials(tx: &mut Tx, lot: &Lot, chunk: &Chunk, badges: &[(&Made, &Badge)]) -> store::Result<()> {
    for some in badges.chunks(bulk::ROWS) {
        let sql = bulk::insert(
            tx,
            "issuer_credential (award_id, version_number, organisation_id, signed_text, document_hash,
                 verification_method, status_list, status_index, signed_at)",
            some.len(),
            9,
            "",
        );
        execute!(tx, {
            let mut query = sqlx::query(sql).persistent(bulk::stays(some.len()));
            for (_, badge) in some {
                query = query
                    .bind(badge.award_id)
                    .bind(1_i64)
                    .bind(lot.organisation_id)
                    .bind(&badge.signed_text)
                    .bind(&badge.document_hash[..])
                    .bind(&chunk.verification_method)
                    .bind(badge.slot.list_number)
                    .bind(i64::from(badge.slot.index))
                    .bind(chunk.signed_at);
            }
            query
        })?;
    }
    Ok(())
}

/// Marks rows done.
async fn mark(tx: &mut Tx, lot: &Lot, done: &[Done]) -> store::Result<()> {
    for some in done.chunks(bulk::ROWS) {
        let (rows, after) = (bulk::values(tx, some.len(), 3), some.len() * 3);
        // Both engines call the columns of a bare list column1, column2…
        let sql = sqlx::AssertSqlSafe(format!(
            "update issuer_lot_row set outcome = done.column2, award_id = done.column3 from (values {rows}) as done
             where organisation_id = ${} and lot_id = ${} and row_number = done.column1 and outcome is null",
            after + 1,
            after + 2
        ));
        execute!(tx, {
            let mut query = sqlx::query(sql).persistent(bulk::stays(some.len()));
            for (row, outcome, award_id) in some {
                query = query.bind(*row).bind(*outcome).bind(*award_id);
            }
            query.bind(lot.organisation_id).bind(lot.lot_id)
        })?;
    }
    Ok(())
}
