//! Status lists: which badges of an organisation were withdrawn (decisions §20, Bitstring Status List 1.0).

pub mod lists;
pub mod pages;
mod permutation;

use std::collections::BTreeSet;

use store::{Db, Tx, bulk, execute, on};
use time::OffsetDateTime;
use uuid::Uuid;
use web::Error;

pub use permutation::{ENTRIES, Permutation};

use crate::{Issuer, Result};

/// A list is left for a new one when half of its entries are given: an index then tells nothing of how many there are.
pub const USED_PER_LIST: i64 = ENTRIES as i64 / 2;

/// Where the status of one badge stands, for ever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusSlot {
    /// Which list of the organisation, from 1.
    pub list_number: i64,
    /// Which bit of it.
    pub index: u32,
    /// The list's address: `https://{issuer}/o/{org}/status/{n}`.
    pub list_url: String,
}

/// Reserves `n` entries for that organisation, never given before nor again (unless the transaction is rolled back).
///
/// Other transactions of the same organisation wait until this one ends, so keep it short.
pub async fn reserve(tx: &mut Tx, issuer: &Issuer, organisation_id: Uuid, n: usize) -> Result<Vec<StatusSlot>> {
    let n = i64::try_from(n).map_err(Error::internal)?;
    if n == 0 {
        return Ok(Vec::new());
    }
    let end: i64 = on!(tx, c => sqlx::query_scalar(
        "insert into issuer_status_counter (organisation_id, next_position) values ($1, $2)
         on conflict (organisation_id) do update
            set next_position = issuer_status_counter.next_position + excluded.next_position
         returning next_position")
        .bind(organisation_id).bind(n).fetch_one(c).await)
    .map_err(store::StoreError::from)?;
    let positions = end - n..end;
    let first_list = positions.start / USED_PER_LIST + 1;
    let last_list = (end - 1) / USED_PER_LIST + 1;
    let opaque: String = on!(tx, c => sqlx::query_scalar(
        "select opaque from issuer_organisation where organisation_id = $1")
        .bind(organisation_id).fetch_one(c).await)
    .map_err(store::StoreError::from)?;
    let mut slots = Vec::with_capacity(usize::try_from(n).map_err(Error::internal)?);
    for list_number in first_list..=last_list {
        lists::open(tx, organisation_id, list_number, issuer.clock.now()).await?;
        let order = permutation(issuer, organisation_id, list_number)?;
        let list_url = list_url(issuer, &opaque, list_number);
        let start = (list_number - 1) * USED_PER_LIST;
        for position in positions.start.max(start)..positions.end.min(start + USED_PER_LIST) {
            let index = order.index(u32::try_from(position - start).map_err(Error::internal)?);
            slots.push(StatusSlot { list_number, index, list_url: list_url.clone() });
        }
    }
    Ok(slots)
}

/// After a backup was restored: entries given after it was made are in badges that this database does not know. Every
/// organisation goes on in a list that it cannot have reached since, and so gives none of them twice.
pub async fn leave_lists(db: &Db) -> store::Result<()> {
    let mut tx = db.begin().await?;
    execute!(
        tx,
        sqlx::query(
            "insert into issuer_status_counter (organisation_id, next_position)
             select organisation_id, $1 from issuer_organisation where is_region = $2
             on conflict (organisation_id) do update set next_position =
                 ((issuer_status_counter.next_position + $1 - 1) / $1 + 1) * $1"
        )
        .bind(USED_PER_LIST)
        .bind(false)
    )?;
    tx.commit().await
}

/// Sets one bit, for ever: the badge there is withdrawn. Within a minute every way of verifying says so, because the
/// list is signed again at its next reading. Setting it twice changes nothing.
pub async fn set(
    tx: &mut Tx,
    organisation_id: Uuid,
    list_number: i64,
    index: u32,
    at: OffsetDateTime,
) -> store::Result<()> {
    on!(tx, c => sqlx::query(
        "insert into issuer_status_set (organisation_id, list_number, status_index, set_at) values ($1, $2, $3, $4)
         on conflict (organisation_id, list_number, status_index) do nothing")
        .bind(organisation_id).bind(list_number).bind(i64::from(index)).bind(at).execute(c).await.map(drop))?;
    lists::changed(tx, organisation_id, list_number).await
}

/// Sets many bits of one organisation: « Annuler » takes a whole lot back.
pub async fn set_all(
    tx: &mut Tx,
    organisation_id: Uuid,
    entries: &[(i64, u32)],
    at: OffsetDateTime,
) -> store::Result<()> {
    for some in entries.chunks(bulk::ROWS) {
        let sql = bulk::insert(
            tx,
            "issuer_status_set (organisation_id, list_number, status_index, set_at)",
            some.len(),
            4,
            " on conflict (organisation_id, list_number, status_index) do nothing",
        );
        execute!(tx, {
            let mut query = sqlx::query(sql).persistent(bulk::stays(some.len()));
            for (list_number, index) in some {
                query = query.bind(organisation_id).bind(*list_number).bind(i64::from(*index)).bind(at);
            }
            query
        })?;
    }
    for list_number in entries.iter().map(|(list_number, _)| *list_number).collect::<BTreeSet<_>>() {
        lists::changed(tx, organisation_id, list_number).await?;
    }
    Ok(())
}

/// The address of a list.
pub(crate) fn list_url(issuer: &Issuer, opaque: &str, list_number: i64) -> String {
    issuer.url(&format!("/o/{opaque}/status/{list_number}"))
}

fn permutation(issuer: &Issuer, organisation_id: Uuid, list_number: i64) -> Result<Permutation> {
    let generation = u32::try_from(list_number).map_err(Error::internal)?;
    Ok(Permutation::new(issuer.vault.derive("issuer status order", organisation_id.as_bytes(), generation)))
}
