//! The SQL of members.

use store::{Db, Tx, on};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Email, PersonName, Role};

/// Somebody who works for an organisation, or did.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Member {
    /// The membership.
    pub member_id: Uuid,
    /// Of which organisation.
    pub organisation_id: Uuid,
    /// Their address, in lower case.
    pub email: String,
    /// Their name.
    pub name: String,
    /// Whether they may add and end members.
    pub is_referent: bool,
    /// Since when.
    pub added_at: OffsetDateTime,
    /// Until when; `None` while they work there.
    pub ended_at: Option<OffsetDateTime>,
}

/// A membership that a sign-in may open.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Membership {
    /// The membership.
    pub member_id: Uuid,
    /// Of which organisation.
    pub organisation_id: Uuid,
    /// Public id of the organisation.
    pub opaque: String,
    /// Its name.
    pub organisation_name: String,
    /// The person's name there.
    pub name: String,
}

/// Somebody to add.
pub struct NewMember<'a> {
    /// Trainer or officer.
    pub role: Role,
    /// Their address.
    pub email: &'a Email,
    /// Their name.
    pub name: &'a PersonName,
    /// Whether they may add and end members.
    pub is_referent: bool,
}

/// Adds somebody; the membership. Breaks `one_membership_per_person_and_organisation` when they are there already.
pub async fn insert(
    tx: &mut Tx,
    organisation_id: Uuid,
    new: &NewMember<'_>,
    at: OffsetDateTime,
    by: Option<Uuid>,
) -> store::Result<Uuid> {
    let member_id = Uuid::new_v4();
    on!(tx, c => sqlx::query(
        "insert into issuer_member
            (member_id, organisation_id, role, email, name, sort_key, is_referent, added_at, added_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
        .bind(member_id).bind(organisation_id).bind(new.role.code()).bind(new.email.as_str()).bind(new.name.as_str())
        .bind(badge_schemas::text::sort_key(new.name.as_str())).bind(new.is_referent).bind(at).bind(by)
        .execute(c).await.map(drop))?;
    Ok(member_id)
}

/// Ends a membership and every session of it; `false` when there is none open of that id in that organisation.
pub async fn end(
    tx: &mut Tx,
    organisation_id: Uuid,
    member_id: Uuid,
    at: OffsetDateTime,
    by: Option<Uuid>,
) -> store::Result<bool> {
    let ended: Option<Uuid> = on!(tx, c => sqlx::query_scalar(
        "update issuer_member set ended_at = $3, ended_by = $4
         where organisation_id = $1 and member_id = $2 and ended_at is null returning member_id")
        .bind(organisation_id).bind(member_id).bind(at).bind(by).fetch_optional(c).await)?;
    Ok(ended.is_some())
}

/// How many referents an organisation has, read inside the transaction that may end one.
pub async fn count_referents(tx: &mut Tx, organisation_id: Uuid) -> store::Result<i64> {
    Ok(on!(tx, c => sqlx::query_scalar(
        "select count(*) from issuer_member
         where organisation_id = $1 and role = 'trainer' and is_referent = $2 and ended_at is null")
        .bind(organisation_id).bind(true).fetch_one(c).await)?)
}

/// Everybody of an organisation in one role who has not left, in alphabetical order.
pub async fn of(db: &Db, organisation_id: Uuid, role: Role) -> store::Result<Vec<Member>> {
    Ok(on!(db, c => sqlx::query_as(
        "select member_id, organisation_id, email, name, is_referent, added_at, ended_at from issuer_member
         where organisation_id = $1 and role = $2 and ended_at is null order by sort_key, email")
        .bind(organisation_id).bind(role.code()).fetch_all(c).await)?)
}

/// One member of that organisation, also one who left.
pub async fn by_id(db: &Db, organisation_id: Uuid, member_id: Uuid) -> store::Result<Option<Member>> {
    Ok(on!(db, c => sqlx::query_as(
        "select member_id, organisation_id, email, name, is_referent, added_at, ended_at from issuer_member
         where organisation_id = $1 and member_id = $2")
        .bind(organisation_id).bind(member_id).fetch_optional(c).await)?)
}

/// Where the person of that address works in that role: what a sign-in may open. By address, over all organisations.
pub async fn memberships(db: &Db, role: Role, email: &str) -> store::Result<Vec<Membership>> {
    Ok(on!(db, c => sqlx::query_as(
        "select m.member_id, m.organisation_id, o.opaque, o.name as organisation_name, m.name
         from issuer_member m join issuer_organisation o on o.organisation_id = m.organisation_id
         where m.email = $1 and m.role = $2 and m.ended_at is null order by o.sort_key, o.opaque")
        .bind(email).bind(role.code()).fetch_all(c).await)?)
}
