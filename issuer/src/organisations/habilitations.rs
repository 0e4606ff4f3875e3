//! The Région lets an organisation attest: a row per habilitation, with who and when it began and ended.

use std::collections::HashMap;

use sqlx::types::Json;
use store::{Db, Tx, on};
use time::OffsetDateTime;
use uuid::Uuid;

/// One habilitation.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Habilitation {
    /// Its id.
    pub habilitation_id: Uuid,
    /// Whose.
    pub organisation_id: Uuid,
    /// From this instant on, inclusive.
    pub from_at: OffsetDateTime,
    /// Until this instant, exclusive; `None` while nobody has ended it.
    pub until_at: Option<OffsetDateTime>,
    /// Codes of the families it may attest.
    pub families: Json<Vec<String>>,
    /// When somebody decided its end.
    pub ended_at: Option<OffsetDateTime>,
    /// Why, in the officer's words.
    pub ended_reason: Option<String>,
}

/// Where an organisation stands at an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It may attest, until somebody ends it.
    Habilitated(Habilitation),
    /// It may attest, until a known instant.
    Ending(Habilitation),
    /// It may no longer attest.
    Ended(Habilitation),
    /// It has never been habilitated.
    Never,
}

impl Standing {
    /// From all habilitations of one organisation.
    pub fn at(now: OffsetDateTime, habilitations: &[Habilitation]) -> Self {
        if let Some(current) = habilitations.iter().find(|one| one.in_force(now)) {
            return if current.until_at.is_some() {
                Self::Ending(current.clone())
            } else {
                Self::Habilitated(current.clone())
            };
        }
        habilitations.iter().max_by_key(|one| one.from_at).cloned().map_or(Self::Never, Self::Ended)
    }

    /// The habilitation in force, if any.
    pub fn in_force(&self) -> Option<&Habilitation> {
        match self {
            Self::Habilitated(one) | Self::Ending(one) => Some(one),
            Self::Ended(_) | Self::Never => None,
        }
    }
}

impl Habilitation {
    /// Whether the organisation may attest at that instant.
    pub fn in_force(&self, now: OffsetDateTime) -> bool {
        self.from_at <= now && self.until_at.is_none_or(|until| now < until)
    }
}

/// Begins one. Breaks `one_open_habilitation_per_organisation` when one is open.
pub async fn begin(
    tx: &mut Tx,
    organisation_id: Uuid,
    families: &[String],
    at: OffsetDateTime,
    by: Option<Uuid>,
) -> store::Result<()> {
    on!(tx, c => sqlx::query(
        "insert into issuer_habilitation
            (habilitation_id, organisation_id, from_at, families, habilitated_at, habilitated_by)
         values ($1, $2, $3, $4, $5, $6)")
        .bind(Uuid::new_v4()).bind(organisation_id).bind(at).bind(Json(families)).bind(at).bind(by)
        .execute(c).await.map(drop))?;
    Ok(())
}

/// Ends the open one at `until` (now or later), or brings a fixed end nearer; `false` when there is nothing to end.
pub async fn end(
    tx: &mut Tx,
    organisation_id: Uuid,
    until: OffsetDateTime,
    reason: &str,
    at: OffsetDateTime,
    by: Option<Uuid>,
) -> store::Result<bool> {
    let ended: Option<Uuid> = on!(tx, c => sqlx::query_scalar(
        "update issuer_habilitation set until_at = $2, ended_at = $3, ended_by = $4, ended_reason = $5
         where organisation_id = $1 and (ended_at is null or (until_at > $3 and until_at > $2)) returning habilitation_id")
        .bind(organisation_id).bind(until).bind(at).bind(by).bind(reason)
        .fetch_optional(c).await)?;
    Ok(ended.is_some())
}

/// Whether one is in force at that instant, read inside the transaction that relies on it.
pub async fn any_in_force(tx: &mut Tx, organisation_id: Uuid, now: OffsetDateTime) -> store::Result<bool> {
    let found: Option<Uuid> = on!(tx, c => sqlx::query_scalar(
        "select habilitation_id from issuer_habilitation
         where organisation_id = $1 and from_at <= $2 and (until_at is null or until_at > $2)")
        .bind(organisation_id).bind(now).fetch_optional(c).await)?;
    Ok(found.is_some())
}

/// All of one organisation, oldest first.
pub async fn of(db: &Db, organisation_id: Uuid) -> store::Result<Vec<Habilitation>> {
    Ok(on!(db, c => sqlx::query_as(
        "select habilitation_id, organisation_id, from_at, until_at, families, ended_at, ended_reason
         from issuer_habilitation where organisation_id = $1 order by from_at, habilitated_at")
        .bind(organisation_id).fetch_all(c).await)?)
}

/// All of all organisations, for the register and the Région's list.
pub async fn all(db: &Db) -> store::Result<HashMap<Uuid, Vec<Habilitation>>> {
    let rows: Vec<Habilitation> = on!(db, c => sqlx::query_as(
        "select habilitation_id, organisation_id, from_at, until_at, families, ended_at, ended_reason
         from issuer_habilitation order by from_at, habilitated_at")
        .fetch_all(c).await)?;
    let mut by_organisation: HashMap<Uuid, Vec<Habilitation>> = HashMap::new();
    for row in rows {
        by_organisation.entry(row.organisation_id).or_default().push(row);
    }
    Ok(by_organisation)
}
