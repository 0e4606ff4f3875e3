//! The SQL of keys.

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

/// The key that signs now: a successor waits until the key before it has ended (see [`super::rotation`]).
pub(super) async fn in_use(db: &Db, organisation_id: Uuid, now: OffsetDateTime) -> store::Result<Option<KeyInUse>> {
    Ok(on!(db, c => sqlx::query_as(
        "select key_id, public_key_multibase, sealed_seed from issuer_key
         where organisation_id = $1 and (retired_at is null or retired_at > $2)
         order by case when retired_at is null then 1 else 0 end, retired_at, created_at limit 1")
        .bind(organisation_id).bind(now + super::rotation::MARGIN).fetch_optional(c).await)?)
}

/// When the newest key of an organisation was drawn, seen inside a transaction.
pub(super) async fn newest(tx: &mut Tx, organisation_id: Uuid) -> store::Result<Option<OffsetDateTime>> {
    Ok(on!(tx, c => sqlx::query_scalar(
        "select created_at from issuer_key where organisation_id = $1 and retired_at is null")
        .bind(organisation_id).fetch_optional(c).await)?)
}

/// Every key that is not retired, with whose it is.
pub(super) async fn sealed(db: &Db) -> store::Result<Vec<(String, String, Vec<u8>)>> {
    Ok(on!(db, c => sqlx::query_as(
        "select o.opaque, k.public_key_multibase, k.sealed_seed from issuer_key k
         join issuer_organisation o on o.organisation_id = k.organisation_id
         where k.retired_at is null order by o.opaque")
        .fetch_all(c).await)?)
}

/// The public ids of organisations that have no key to sign with.
pub(super) async fn without(db: &Db) -> store::Result<Vec<String>> {
    Ok(on!(db, c => sqlx::query_scalar(
        "select o.opaque from issuer_organisation o where not exists (
             select 1 from issuer_key k where k.organisation_id = o.organisation_id and k.retired_at is null)
         order by o.opaque")
        .fetch_all(c).await)?)
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
        "update issuer_key set retired_at = $2
         where organisation_id = $1 and (retired_at is null or retired_at > $2)")
        .bind(organisation_id).bind(at).execute(c).await.map(drop))?;
    Ok(())
}

/// A key, whose it is, and from when on what it signs counts.
#[derive(sqlx::FromRow)]
pub struct VouchedRow {
    /// Whose it is.
    pub organisation_id: Uuid,
    /// Since the organisation is known here: a badge repeats the instant of « Attester », which may be earlier than the key.
    pub vouched_from: OffsetDateTime,
    /// The key.
    #[sqlx(flatten)]
    pub key: PublicKeyRow,
}

/// Every key of every organisation, oldest first: for the register.
pub async fn all(db: &Db) -> store::Result<Vec<VouchedRow>> {
    Ok(on!(db, c => sqlx::query_as(
        "select k.organisation_id, o.added_at as vouched_from, k.public_key_multibase, k.created_at, k.retired_at
         from issuer_key k join issuer_organisation o on o.organisation_id = k.organisation_id
         order by k.created_at, k.public_key_multibase")
        .fetch_all(c).await)?)
}
