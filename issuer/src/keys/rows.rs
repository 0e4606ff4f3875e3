//! The SQL of keys.

use std::collections::HashMap;

use store::{Db, Tx, on};
use time::OffsetDateTime;
use uuid::Uuid;

/// What everybody may know of a key.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PublicKeyRow {
    /// The public key, which is also the fragment of its id.
    pub public_key_multibase: String,
    /// In use from then on.
    pub created_at: OffsetDateTime,
    /// Not used after; `None` for the key in use.
    pub retired_at: Option<OffsetDateTime>,
}

/// The key in use, with its sealed seed.
#[derive(sqlx::FromRow)]
pub(super) struct KeyInUse {
    pub key_id: Uuid,
    pub public_key_multibase: String,
    pub sealed_seed: Vec<u8>,
}

/// Every key of an organisation, oldest first: retired ones stay listed.
pub async fn of(db: &Db, organisation_id: Uuid) -> store::Result<Vec<PublicKeyRow>> {
    Ok(on!(db, c => sqlx::query_as(
        "select public_key_multibase, created_at, retired_at from issuer_key
         where organisation_id = $1 order by created_at, public_key_multibase")
        .bind(organisation_id).fetch_all(c).await)?)
}

pub(super) async fn in_use(db: &Db, organisation_id: Uuid) -> store::Result<Option<KeyInUse>> {
    Ok(on!(db, c => sqlx::query_as(
        "select key_id, public_key_multibase, sealed_seed from issuer_key
         where organisation_id = $1 and retired_at is null")
        .bind(organisation_id).fetch_optional(c).await)?)
}

pub(super) async fn insert(
    tx: &mut Tx,
    key_id: Uuid,
    organisation_id: Uuid,
    public_key_multibase: &str,
    sealed_seed: &[u8],
    at: OffsetDateTime,
) -> store::Result<()> {
    on!(tx, c => sqlx::query(
        "insert into issuer_key (key_id, organisation_id, public_key_multibase, sealed_seed, created_at)
         values ($1, $2, $3, $4, $5)")
        .bind(key_id).bind(organisation_id).bind(public_key_multibase).bind(sealed_seed).bind(at)
        .execute(c).await.map(drop))?;
    Ok(())
}

pub(super) async fn retire(tx: &mut Tx, organisation_id: Uuid, at: OffsetDateTime) -> store::Result<()> {
    on!(tx, c => sqlx::query(
        "update issuer_key set retired_at = $2 where organisation_id = $1 and retired_at is null")
        .bind(organisation_id).bind(at).execute(c).await.map(drop))?;
    Ok(())
}

/// Every key of every organisation, oldest first: for the register.
pub async fn all(db: &Db) -> store::Result<HashMap<Uuid, Vec<PublicKeyRow>>> {
    #[derive(sqlx::FromRow)]
    struct Row {
        organisation_id: Uuid,
        #[sqlx(flatten)]
        key: PublicKeyRow,
    }
    let rows: Vec<Row> = on!(db, c => sqlx::query_as(
        "select organisation_id, public_key_multibase, created_at, retired_at from issuer_key
         order by created_at, public_key_multibase")
        .fetch_all(c).await)?;
    let mut by_organisation: HashMap<Uuid, Vec<PublicKeyRow>> = HashMap::new();
    for row in rows {
        by_organisation.entry(row.organisation_id).or_default().push(row.key);
    }
    Ok(by_organisation)
}
