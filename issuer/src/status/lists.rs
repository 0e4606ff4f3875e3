//! The lists themselves: opened, changed, signed again when read after a change.

use badge_schemas::status::{self as documents, ListFacts};
use proofs::status::Bits;
use store::{Tx, on};
use time::OffsetDateTime;
use uuid::Uuid;
use web::Error;

use super::ENTRIES;
use crate::organisations::OrganisationFacts;
use crate::{Issuer, Result, keys};

#[derive(sqlx::FromRow)]
struct ListRow {
    opened_at: OffsetDateTime,
    version: i64,
    signed_version: Option<i64>,
    signed_text: Option<String>,
}

/// The signed text of a list, as it stands now; `None` when the organisation has no such list.
///
/// No withdrawal is lost: the version is read before the bits, so the text tells at least what that version says, and
/// it is stored under that version only if nothing newer is. A withdrawal in between raises the version, so the next
/// reading signs again.
pub async fn signed_text(issuer: &Issuer, facts: &OrganisationFacts, list_number: i64) -> Result<Option<String>> {
    let Some(row) = read(issuer, facts.id, list_number).await? else { return Ok(None) };
    if let (Some(text), true) = (row.signed_text, row.signed_version == Some(row.version)) {
        return Ok(Some(text));
    }
    let mut bits = Bits::new(ENTRIES as usize);
    for index in set_indexes(issuer, facts.id, list_number).await? {
        bits.set(usize::try_from(index).map_err(Error::internal)?, true).map_err(Error::internal)?;
    }
    let url = super::list_url(issuer, &facts.opaque, list_number);
    let unsigned = documents::compose_list(&ListFacts {
        url: &url,
        issuer: &facts.did,
        // Not the instant of signing: a verifier whose clock is a little late would not believe it yet.
        valid_from: row.opened_at,
        encoded_list: &bits.encode(),
    });
    let signer = keys::signer(issuer, facts.id).await?;
    let now = issuer.clock.now();
    let text = keys::sign_document(&*signer, &unsigned, now)?;
    let mut tx = issuer.db.begin().await?;
    on!(tx, c => sqlx::query(
        "update issuer_status_list set signed_text = $4, signed_version = $3, signed_at = $5
         where organisation_id = $1 and list_number = $2 and (signed_version is null or signed_version < $3)")
        .bind(facts.id).bind(list_number).bind(row.version).bind(&text).bind(now).execute(c).await.map(drop))
    .map_err(store::StoreError::from)?;
    tx.commit().await?;
    Ok(Some(text))
}

/// Makes the list if it is not there yet.
pub(super) async fn open(
    tx: &mut Tx,
    organisation_id: Uuid,
    list_number: i64,
    at: OffsetDateTime,
) -> store::Result<()> {
    on!(tx, c => sqlx::query(
        "insert into issuer_status_list (organisation_id, list_number, opened_at, version) values ($1, $2, $3, 1)
         on conflict (organisation_id, list_number) do nothing")
        .bind(organisation_id).bind(list_number).bind(at).execute(c).await.map(drop))?;
    Ok(())
}

/// Says that the signed text no longer tells everything.
pub(super) async fn changed(tx: &mut Tx, organisation_id: Uuid, list_number: i64) -> store::Result<()> {
    on!(tx, c => sqlx::query(
        "update issuer_status_list set version = version + 1 where organisation_id = $1 and list_number = $2")
        .bind(organisation_id).bind(list_number).execute(c).await.map(drop))?;
    Ok(())
}

async fn read(issuer: &Issuer, organisation_id: Uuid, list_number: i64) -> store::Result<Option<ListRow>> {
    Ok(on!(issuer.db, c => sqlx::query_as(
        "select opened_at, version, signed_version, signed_text from issuer_status_list
         where organisation_id = $1 and list_number = $2")
        .bind(organisation_id).bind(list_number).fetch_optional(c).await)?)
}

async fn set_indexes(issuer: &Issuer, organisation_id: Uuid, list_number: i64) -> store::Result<Vec<i64>> {
    Ok(on!(issuer.db, c => sqlx::query_scalar(
        "select status_index from issuer_status_set where organisation_id = $1 and list_number = $2")
        .bind(organisation_id).bind(list_number).fetch_all(c).await)?)
}
