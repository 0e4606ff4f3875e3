//! The SQL of keys that sign in JOSE.

use serde_json::Value;
use store::{Db, Tx, execute, on};
use time::OffsetDateTime;
use uuid::Uuid;
use web::Error;

use super::Algorithm;
use super::draw::Drawn;
use crate::Result;

/// What everybody may know of a key.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PublicKeyRow {
    /// Whose it is.
    pub organisation_id: Uuid,
    /// `RS256` or `ES256`.
    pub algorithm: String,
    /// Last part of its address.
    pub key_name: String,
    /// The key as multibase: what the register of trust lists.
    pub public_key_multibase: String,
    /// The key as JWK, its required members alone.
    pub public_jwk: String,
    /// What it signs counts from then on.
    pub vouched_from: OffsetDateTime,
    /// Not used after; `None` for the key in use.
    pub retired_at: Option<OffsetDateTime>,
}

impl PublicKeyRow {
    /// The JWK as it was written when the key was drawn.
    pub fn jwk(&self) -> Result<Value> {
        serde_json::from_str(&self.public_jwk).map_err(Error::internal)
    }
}

/// The key in use, with its sealed private part.
#[derive(sqlx::FromRow)]
pub(super) struct KeyInUse {
    pub key_id: Uuid,
    pub key_name: String,
    pub sealed_key: Vec<u8>,
}

/// Every key of an organisation, oldest first: retired ones stay listed.
pub async fn of(db: &Db, organisation_id: Uuid) -> store::Result<Vec<PublicKeyRow>> {
    Ok(on!(db, c => sqlx::query_as(
        "select organisation_id, algorithm, key_name, public_key_multibase, public_jwk, vouched_from, retired_at
         from issuer_jose_key where organisation_id = $1 order by created_at, key_name")
        .bind(organisation_id).fetch_all(c).await)?)
}

/// One key of an organisation, by its name.
pub async fn named(db: &Db, organisation_id: Uuid, key_name: &str) -> store::Result<Option<PublicKeyRow>> {
    Ok(on!(db, c => sqlx::query_as(
        "select organisation_id, algorithm, key_name, public_key_multibase, public_jwk, vouched_from, retired_at
         from issuer_jose_key where organisation_id = $1 and key_name = $2")
        .bind(organisation_id).bind(key_name).fetch_optional(c).await)?)
}

/// Every key of every organisation, oldest first: for the register.
pub async fn all(db: &Db) -> store::Result<Vec<PublicKeyRow>> {
    Ok(on!(db, c => sqlx::query_as(
        "select organisation_id, algorithm, key_name, public_key_multibase, public_jwk, vouched_from, retired_at
         from issuer_jose_key order by created_at, key_name")
        .fetch_all(c).await)?)
}

/// The key that signs now: a successor waits until the key before it has ended.
pub(super) async fn in_use(
    db: &Db,
    organisation_id: Uuid,
    algorithm: Algorithm,
    now: OffsetDateTime,
) -> store::Result<Option<KeyInUse>> {
    Ok(on!(db, c => sqlx::query_as(
        "select key_id, key_name, sealed_key from issuer_jose_key
         where organisation_id = $1 and algorithm = $2 and (retired_at is null or retired_at > $3)
         order by case when retired_at is null then 1 else 0 end, retired_at, created_at limit 1")
        .bind(organisation_id).bind(algorithm.code()).bind(now + crate::keys::rotation::MARGIN)
        .fetch_optional(c).await)?)
}

/// When the newest key of that algorithm was drawn, if there is one that is not retired.
pub(in crate::keys) async fn newest(
    tx: &mut Tx,
    organisation_id: Uuid,
    algorithm: Algorithm,
) -> store::Result<Option<OffsetDateTime>> {
    Ok(on!(tx, c => sqlx::query_scalar(
        "select created_at from issuer_jose_key
         where organisation_id = $1 and algorithm = $2 and retired_at is null")
        .bind(organisation_id).bind(algorithm.code()).fetch_optional(c).await)?)
}

/// Every key that is not retired, sealed, with whose it is.
pub(in crate::keys) async fn sealed(db: &Db) -> store::Result<Vec<(String, Vec<u8>)>> {
    Ok(on!(db, c => sqlx::query_as(
        "select o.opaque, k.sealed_key from issuer_jose_key k
         join issuer_organisation o on o.organisation_id = k.organisation_id
         where k.retired_at is null order by o.opaque")
        .fetch_all(c).await)?)
}

/// Writes a key, vouched for since the organisation is known here; `false` when there is one in use already.
pub(super) async fn insert(
    tx: &mut Tx,
    organisation_id: Uuid,
    algorithm: Algorithm,
    drawn: &Drawn,
    sealed_key: &[u8],
    at: OffsetDateTime,
) -> store::Result<bool> {
    let written = execute!(
        tx,
        sqlx::query(
            "insert into issuer_jose_key (key_id, organisation_id, algorithm, key_name, public_key_multibase,
                 public_jwk, sealed_key, created_at, vouched_from)
             select $1, organisation_id, $3, $4, $5, $6, $7, $8, added_at from issuer_organisation
             where organisation_id = $2
             on conflict (organisation_id, algorithm) where retired_at is null do nothing"
        )
        .bind(Uuid::new_v4())
        .bind(organisation_id)
        .bind(algorithm.code())
        .bind(&drawn.name)
        .bind(&drawn.multibase)
        .bind(drawn.public_jwk.to_string())
        .bind(sealed_key)
        .bind(at)
    )?;
    Ok(written == 1)
}

pub(super) async fn retire(
    tx: &mut Tx,
    organisation_id: Uuid,
    algorithm: Algorithm,
    at: OffsetDateTime,
) -> store::Result<()> {
    execute!(
        tx,
        sqlx::query(
            "update issuer_jose_key set retired_at = $3
             where organisation_id = $1 and algorithm = $2 and (retired_at is null or retired_at > $3)"
        )
        .bind(organisation_id)
        .bind(algorithm.code())
        .bind(at)
    )?;
    Ok(())
}
