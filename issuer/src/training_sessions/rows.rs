//! The SQL of sessions.

use store::{Db, Tx, execute, on};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

/// A session with its figures.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct TrainingSession {
    /// Its id.
    pub session_id: Uuid,
    /// As the trainer named it.
    pub title: String,
    /// Where.
    pub place: Option<String>,
    /// First day.
    pub starts_on: Date,
    /// Last day; `None`: entries and exits all year long.
    pub ends_on: Option<Date>,
    /// How many people are in it.
    pub trainees: i64,
    /// Badges in force.
    pub badges: i64,
    /// Of these, how many went into a livret.
    pub claimed: i64,
}

const FIGURES: &str = "select s.session_id, s.title, s.place, s.starts_on, s.ends_on,
        (select count(*) from issuer_session_trainee t where t.session_id = s.session_id) as trainees,
        (select count(*) from issuer_award a where a.session_id = s.session_id and a.withdrawn_at is null) as badges,
        (select count(*) from issuer_award a join issuer_claim k on k.award_id = a.award_id
         where a.session_id = s.session_id and a.withdrawn_at is null) as claimed
    from issuer_training_session s";

/// Opens a session.
pub async fn insert(
    tx: &mut Tx,
    organisation_id: Uuid,
    session: &TrainingSession,
    by: Uuid,
    at: OffsetDateTime,
) -> store::Result<()> {
    execute!(tx, sqlx::query(
        "insert into issuer_training_session (session_id, organisation_id, title, place, starts_on, ends_on, opened_by,
             opened_at, lots) values ($1, $2, $3, $4, $5, $6, $7, $8, 0)")
        .bind(session.session_id).bind(organisation_id).bind(&session.title).bind(&session.place)
        .bind(session.starts_on).bind(session.ends_on).bind(by).bind(at))?;
    Ok(())
}

/// One session of that organisation.
pub async fn find(db: &Db, organisation_id: Uuid, session_id: Uuid) -> store::Result<Option<TrainingSession>> {
    let sql = sqlx::AssertSqlSafe(format!("{FIGURES} where s.organisation_id = $1 and s.session_id = $2"));
    Ok(on!(db, c => sqlx::query_as(sql).bind(organisation_id).bind(session_id).fetch_optional(c).await)?)
}

/// The title of a session, for pages that show no figures of it: nobody counts a hundred thousand badges at each look
/// at how far they are.
pub async fn title(db: &Db, organisation_id: Uuid, session_id: Uuid) -> store::Result<Option<String>> {
    Ok(on!(db, c => sqlx::query_scalar(
        "select title from issuer_training_session where organisation_id = $1 and session_id = $2")
        .bind(organisation_id).bind(session_id).fetch_optional(c).await)?)
}

/// First and last day of a session, without its figures either.
pub async fn lasts(db: &Db, organisation_id: Uuid, session_id: Uuid) -> store::Result<Option<(Date, Option<Date>)>> {
    Ok(on!(db, c => sqlx::query_as(
        "select starts_on, ends_on from issuer_training_session where organisation_id = $1 and session_id = $2")
        .bind(organisation_id).bind(session_id).fetch_optional(c).await)?)
}

/// How many sessions the organisation has.
pub async fn count(db: &Db, organisation_id: Uuid) -> store::Result<i64> {
    Ok(on!(db, c => sqlx::query_scalar("select count(*) from issuer_training_session where organisation_id = $1")
        .bind(organisation_id).fetch_one(c).await)?)
}

/// One page of sessions: those of today first, then the most recent.
pub async fn page(
    db: &Db,
    organisation_id: Uuid,
    today: Date,
    limit: i64,
    offset: i64,
) -> store::Result<Vec<TrainingSession>> {
    let sql = sqlx::AssertSqlSafe(format!(
        "{FIGURES} where s.organisation_id = $1
         order by case when s.starts_on <= $2 and (s.ends_on is null or s.ends_on >= $2) then 0 else 1 end,
             s.starts_on desc, s.opened_at desc, s.session_id limit $3 offset $4"
    ));
    Ok(on!(db, c => sqlx::query_as(sql)
        .bind(organisation_id).bind(today).bind(limit).bind(offset).fetch_all(c).await)?)
}

/// Since when each person of a session has this badge at this level there.
pub async fn has_already(
    db: &Db,
    organisation_id: Uuid,
    session_id: Uuid,
    badge_id: &str,
    level: &str,
) -> store::Result<Vec<(Uuid, OffsetDateTime)>> {
    Ok(on!(db, c => sqlx::query_as(
        "select trainee_id, attested_at from issuer_award
         where organisation_id = $1 and session_id = $2 and badge_id = $3 and level = $4 and withdrawn_at is null")
        .bind(organisation_id).bind(session_id).bind(badge_id).bind(level).fetch_all(c).await)?)
}

/// The lots of a session that are still being made.
pub async fn unfinished_lots(db: &Db, organisation_id: Uuid, session_id: Uuid) -> store::Result<Vec<Uuid>> {
    Ok(on!(db, c => sqlx::query_scalar(
        "select lot_id from issuer_lot where organisation_id = $1 and session_id = $2 and finished_at is null
         order by attested_at")
        .bind(organisation_id).bind(session_id).fetch_all(c).await)?)
}
