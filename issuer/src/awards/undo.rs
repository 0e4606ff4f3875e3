//! « Annuler »: within ten minutes the whole lot is taken back (decisions §25). Letters wait until then; what somebody
//! has seen nevertheless, claimed or announced, is said to be withdrawn.

use std::collections::HashSet;

use axum::extract::{Path, State};
use store::{execute, on, outbox};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;
use web::{Error, Words};

use super::lots::Lot;
use super::pages::find;
use crate::access::Trainer;
use crate::{HOUSE, Issuer, Result, delivery, status};

/// How long after its end a lot can be taken back.
pub const LASTS: Duration = Duration::minutes(10);

/// The reason of a badge that had been claimed or announced before its lot was taken back.
pub const SEEN: &str = "lot_undone";

/// Until when a lot can be taken back; `None` while it is being made, and once it was.
pub fn until(lot: &Lot) -> Option<OffsetDateTime> {
    lot.finished_at.filter(|_| lot.undone_at.is_none()).map(|at| at + LASTS)
}

pub(super) async fn act(State(issuer): State<Issuer>, trainer: Trainer, Path(id): Path<String>) -> Result {
    let lot = find(&issuer, &trainer, &id).await?;
    let page = format!("/atelier/lots/{}", lot.lot_id);
    if lot.undone_at.is_some() || undo(&issuer, &trainer, &lot).await? {
        return Ok(web::redirect(&page));
    }
    Err(Error::Conflict.with(
        Words::new(
            "Il est trop tard pour annuler",
            "Les dix minutes sont passées, ou les badges se préparent encore. Vous pouvez retirer un badge depuis sa page.",
        )
        .link(&page, "Revenir au lot"),
    ))
}

/// Takes a lot back: letters that have not left are cancelled, every status bit is set, every award is withdrawn and
/// its codes end. `false` when it is too late, or too early. The same file can be attested again afterwards.
pub async fn undo(issuer: &Issuer, trainer: &Trainer, lot: &Lot) -> Result<bool> {
    let now = issuer.clock.now();
    let (organisation_id, lot_id) = (trainer.organisation_id, lot.lot_id);
    let mut tx = issuer.db.begin().await?;
    let taken = execute!(
        tx,
        sqlx::query(
            "update issuer_lot set undone_at = $3, undone_by = $4
         where organisation_id = $1 and lot_id = $2 and undone_at is null and finished_at is not null
           and finished_at > $5"
        )
        .bind(organisation_id)
        .bind(lot_id)
        .bind(now)
        .bind(trainer.member_id)
        .bind(now - LASTS)
    )?;
    if taken != 1 {
        return Ok(false);
    }
    outbox::cancel_batch(&mut tx, HOUSE, lot_id, now).await?;
    // Whichever of its letters it is.
    let left = outbox::left_of_batch(&mut tx, HOUSE, lot_id).await?;
    let left: HashSet<Uuid> = left.iter().filter_map(|id| delivery::award_of(id)).collect();
    // What was withdrawn one by one in the meantime keeps its own reason.
    let found: Vec<(Uuid, i64, i64, Option<Uuid>)> = on!(tx, c => sqlx::query_as(
        "select a.award_id, v.status_list, v.status_index, k.award_id as claimed
         from issuer_credential v join issuer_award a on a.award_id = v.award_id
         left join issuer_claim k on k.award_id = a.award_id
         where a.organisation_id = $1 and a.lot_id = $2 and a.withdrawn_at is null")
        .bind(organisation_id).bind(lot_id).fetch_all(c).await)?;
    let entries = found
        .iter()
        .map(|(_, list, index, _)| Ok((*list, u32::try_from(*index).map_err(Error::internal)?)))
        .collect::<Result<Vec<_>>>()?;
    status::set_all(&mut tx, organisation_id, &entries, now).await?;
    execute!(
        tx,
        sqlx::query(
            "insert into issuer_withdrawal (award_id, organisation_id, kind, withdrawn_by, withdrawn_at)
         select award_id, organisation_id, 'undone', $3, $4 from issuer_award
         where organisation_id = $1 and lot_id = $2 and withdrawn_at is null"
        )
        .bind(organisation_id)
        .bind(lot_id)
        .bind(trainer.member_id)
        .bind(now)
    )?;
    let seen = |award: Uuid, claimed: Option<Uuid>| claimed.is_some() || left.contains(&award);
    for (award, ..) in found.iter().filter(|(award, _, _, claimed)| seen(*award, *claimed)) {
        execute!(
            tx,
            sqlx::query(
                "update issuer_withdrawal set kind = 'withdrawn', reason = $3
             where organisation_id = $1 and award_id = $2 and kind = 'undone'"
            )
            .bind(organisation_id)
            .bind(*award)
            .bind(SEEN)
        )?;
        delivery::withdrawn::queue(&mut tx, issuer, organisation_id, *award).await?;
    }
    execute!(tx, sqlx::query(
        "update issuer_award set withdrawn_at = $3 where organisation_id = $1 and lot_id = $2 and withdrawn_at is null")
        .bind(organisation_id).bind(lot_id).bind(now))?;
    tx.commit().await?;
    Ok(true)
}
