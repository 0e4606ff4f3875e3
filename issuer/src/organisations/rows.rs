//! The SQL of organisations.

use store::{Db, Tx, execute, on};
use time::OffsetDateTime;
use uuid::Uuid;

use super::OpaqueId;

/// An organisation as it is today. Number one is the Région.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Organisation {
    /// Its id inside the house.
    pub organisation_id: Uuid,
    /// Its public id, for ever.
    pub opaque: String,
    /// Whether it is the Région.
    pub is_region: bool,
    /// Its name today.
    pub name: String,
    /// What fits on the rim of a badge.
    pub short_name: String,
    /// Where it is.
    pub town: String,
    /// 14 digits; `None` for the Région.
    pub siret: Option<String>,
    /// Since when it is known here.
    pub added_at: OffsetDateTime,
}

/// What is needed to add one.
pub struct NewOrganisation<'a> {
    /// A fresh public id.
    pub opaque: &'a OpaqueId,
    /// Whether it is the Région: one only (`one_region`).
    pub is_region: bool,
    /// Its name.
    pub name: &'a str,
    /// What fits on the rim of a badge.
    pub short_name: &'a str,
    /// Where it is.
    pub town: &'a str,
    /// 14 digits (`one_organisation_per_siret`).
    pub siret: Option<&'a str>,
}

/// Adds an organisation; its id. Breaks `one_organisation_per_siret` when it is there already.
pub async fn insert(
    tx: &mut Tx,
    new: &NewOrganisation<'_>,
    at: OffsetDateTime,
    by: Option<Uuid>,
) -> store::Result<Uuid> {
    let organisation_id = Uuid::new_v4();
    let sort_key = badge_schemas::text::sort_key(new.name);
    on!(tx, c => sqlx::query(
        "insert into issuer_organisation
            (organisation_id, opaque, is_region, name, short_name, town, siret, sort_key, added_at, added_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
        .bind(organisation_id).bind(new.opaque.as_str()).bind(new.is_region).bind(new.name).bind(new.short_name)
        .bind(new.town).bind(new.siret).bind(&sort_key).bind(at).bind(by)
        .execute(c).await.map(drop))?;
    Ok(organisation_id)
}

/// Makes what is decided about an organisation follow one another: its row is held until the transaction ends.
pub async fn lock(tx: &mut Tx, organisation_id: Uuid) -> store::Result<()> {
    on!(tx, c => sqlx::query("update issuer_organisation set name = name where organisation_id = $1")
        .bind(organisation_id).execute(c).await.map(drop))?;
    Ok(())
}

/// The organisation with that id.
pub async fn by_id(db: &Db, organisation_id: Uuid) -> store::Result<Option<Organisation>> {
    Ok(on!(db, c => sqlx::query_as(
        "select organisation_id, opaque, is_region, name, short_name, town, siret, added_at
         from issuer_organisation where organisation_id = $1")
        .bind(organisation_id).fetch_optional(c).await)?)
}

/// The organisation with that public id.
pub async fn by_opaque(db: &Db, opaque: &OpaqueId) -> store::Result<Option<Organisation>> {
    Ok(on!(db, c => sqlx::query_as(
        "select organisation_id, opaque, is_region, name, short_name, town, siret, added_at
         from issuer_organisation where opaque = $1")
        .bind(opaque.as_str()).fetch_optional(c).await)?)
}

/// The Région, once the first start has made it.
pub async fn region(db: &Db) -> store::Result<Option<Organisation>> {
    Ok(on!(db, c => sqlx::query_as(
        "select organisation_id, opaque, is_region, name, short_name, town, siret, added_at
         from issuer_organisation where is_region = $1")
        .bind(true).fetch_optional(c).await)?)
}

/// Every organisation but the Région, in French alphabetical order. For the Région's officers and the register.
pub async fn all(db: &Db) -> store::Result<Vec<Organisation>> {
    Ok(on!(db, c => sqlx::query_as(
        "select organisation_id, opaque, is_region, name, short_name, town, siret, added_at
         from issuer_organisation where is_region = $1 order by sort_key, opaque")
        .bind(false).fetch_all(c).await)?)
}

/// Makes transactions that hold the same organisation follow one another, to the end of this one. Whatever else is done
/// with its people, sessions and badges goes on.
pub async fn hold(tx: &mut Tx, organisation_id: Uuid) -> store::Result<()> {
    execute!(
        tx,
        sqlx::query("update issuer_organisation set name = name where organisation_id = $1").bind(organisation_id)
    )?;
    Ok(())
}
