//! (c) One transaction for a chunk: awards, exact texts, codes, letters, and the rows marked done.

use std::collections::HashSet;
use std::time::Instant;

use store::{Tx, execute, on};
use uuid::Uuid;
use web::Error;

use super::make::{Badge, Made};
use super::timings::{TOTALS, Timings};
use super::{LEASE, Lot, LotRow, letters_leave};
use crate::awards::bulk;
use crate::delivery::{self, codes};
use crate::{Issuer, Result};

/// Keeps a chunk. Fails, keeping nothing, when the lease was lost to another instance: it is making the same rows.
pub(super) async fn keep(issuer: &Issuer, lot: &Lot, holder: Uuid, made: &[Made], aside: &[LotRow]) -> Result<()> {
    let now = issuer.clock.now();
    let count = i64::try_from(made.len() + aside.len()).map_err(Error::internal)?;
    let mut tx = issuer.db.begin().await?;
    let held = execute!(
        tx,
        sqlx::query(
            "update issuer_lot set done = done + $4, lease_until = $5
         where organisation_id = $1 and lot_id = $2 and lease_id = $3 and finished_at is null"
        )
        .bind(lot.organisation_id)
        .bind(lot.lot_id)
        .bind(holder)
        .bind(count)
        .bind(now + LEASE)
    )?;
    if held != 1 {
        return Err(Error::Conflict);
    }
    let badges: Vec<(&Made, &Badge)> = made.iter().filter_map(|m| Some((m, m.badge.as_ref()?))).collect();
    let kept = awards(&mut tx, lot, &badges).await?;
    let badges: Vec<(&Made, &Badge)> = badges.into_iter().filter(|(_, b)| kept.contains(&b.award_id)).collect();
    credentials(&mut tx, lot, &badges).await?;
    codes::keep(&mut tx, issuer, lot.organisation_id, badges.iter().map(|(_, b)| (b.award_id, b.email.is_some())), now)
        .await?;
    let started = Instant::now();
    for (_, badge) in badges.iter().filter(|(_, b)| b.email.is_some()) {
        delivery::queue(&mut tx, issuer, lot, badge.award_id, letters_leave(issuer, lot, now)).await?;
    }
    Timings::add(&TOTALS.outbox, started);
    let attested: Vec<i64> = badges.iter().map(|(m, _)| m.row_number).collect();
    mark(&mut tx, lot, "attested", &attested).await?;
    // Another lot was quicker between our reading and this transaction.
    let overtaken = made.iter().filter(|m| m.badge.as_ref().is_some_and(|b| !kept.contains(&b.award_id)));
    let already = overtaken.map(|m| m.row_number).chain(had(aside, "already")).collect::<Vec<_>>();
    mark(&mut tx, lot, "already", &already).await?;
    mark(&mut tx, lot, "withdrawn", &had(aside, "withdrawn").collect::<Vec<_>>()).await?;
    let refused: Vec<i64> = made.iter().filter(|m| m.badge.is_none()).map(|m| m.row_number).collect();
    mark(&mut tx, lot, "refused", &refused).await?;
    tx.commit().await?;
    TOTALS.awards.fetch_add(badges.len() as u64, std::sync::atomic::Ordering::Relaxed);
    Ok(())
}

fn had<'a>(aside: &'a [LotRow], word: &'a str) -> impl Iterator<Item = i64> + 'a {
    aside.iter().filter(move |row| row.had.as_deref() == Some(word)).map(|row| row.row_number)
}

/// Which awards are new; the others break `one_award_per_person_achievement_and_session` and are left.
async fn awards(tx: &mut Tx, lot: &Lot, badges: &[(&Made, &Badge)]) -> store::Result<HashSet<Uuid>> {
    let mut kept = HashSet::with_capacity(badges.len());
    for some in badges.chunks(bulk::ROWS) {
        let sql = bulk::insert(
            "issuer_award (award_id, organisation_id, session_id, trainee_id, lot_id, badge_id, level, version,
                 awarded_on, attested_at, attested_by, subject_id, recipient_name, sort_key, email)",
            some.len(),
            15,
            " on conflict (session_id, trainee_id, badge_id, level) where withdrawn_at is null do nothing
              returning award_id",
        );
        let ids: Vec<Uuid> = on!(tx, c => {
            let mut query = sqlx::query_scalar(sql);
            for (made, badge) in some {
                query = query
                    .bind(badge.award_id).bind(lot.organisation_id).bind(lot.session_id).bind(made.trainee_id)
                    .bind(lot.lot_id).bind(&lot.badge_id).bind(&lot.level).bind(&lot.version).bind(badge.awarded_on)
                    .bind(lot.attested_at).bind(lot.attested_by).bind(badge.subject_id).bind(&badge.name)
                    .bind(&badge.sort_key).bind(&badge.email);
            }
            query.fetch_all(c).await
        })?;
        kept.extend(ids);
    }
    Ok(kept)
}

async fn credentials(tx: &mut Tx, lot: &Lot, badges: &[(&Made, &Badge)]) -> store::Result<()> {
    for some in badges.chunks(bulk::ROWS) {
        let sql = bulk::insert(
            "issuer_credential (award_id, version_number, organisation_id, signed_text, document_hash,
                 verification_method, status_list, status_index, signed_at)",
            some.len(),
            9,
            "",
        );
        execute!(tx, {
            let mut query = sqlx::query(sql);
            for (_, badge) in some {
                query = query
                    .bind(badge.award_id)
                    .bind(1_i64)
                    .bind(lot.organisation_id)
                    .bind(&badge.signed_text)
                    .bind(&badge.document_hash)
                    .bind(&badge.verification_method)
                    .bind(badge.slot.list_number)
                    .bind(i64::from(badge.slot.index))
                    .bind(badge.signed_at);
            }
            query
        })?;
    }
    Ok(())
}

async fn mark(tx: &mut Tx, lot: &Lot, outcome: &str, rows: &[i64]) -> store::Result<()> {
    for some in rows.chunks(bulk::ROWS) {
        let places: Vec<String> = (0..some.len()).map(|n| format!("${}", n + 4)).collect();
        let sql = sqlx::AssertSqlSafe(format!(
            "update issuer_lot_row set outcome = $3,
                 award_id = (select a.award_id from issuer_award a
                     where a.lot_id = $2 and a.trainee_id = issuer_lot_row.trainee_id)
             where organisation_id = $1 and lot_id = $2 and outcome is null and row_number in ({})",
            places.join(", ")
        ));
        execute!(tx, {
            let mut query = sqlx::query(sql).bind(lot.organisation_id).bind(lot.lot_id).bind(outcome);
            for row in some {
                query = query.bind(*row);
            }
            query
        })?;
    }
    Ok(())
}
