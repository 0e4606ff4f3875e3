//! The SQL of one award.

use store::{Db, on};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

/// A badge as its organisation sees it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Award {
    /// Its public id.
    pub award_id: Uuid,
    /// In which session.
    pub session_id: Uuid,
    /// Badge of the référentiel.
    pub badge_id: String,
    /// Code of the level.
    pub level: String,
    /// The day observed.
    pub awarded_on: Date,
    /// When it was attested.
    pub attested_at: OffsetDateTime,
    /// By whom.
    pub attested_by_name: String,
    /// The person, as signed.
    pub recipient_name: String,
    /// The situation, as signed.
    pub sentence: String,
    /// When it was claimed.
    pub claimed_at: Option<OffsetDateTime>,
    /// When it was withdrawn.
    pub withdrawn_at: Option<OffsetDateTime>,
    /// `undone` or `withdrawn`.
    pub withdrawal_kind: Option<String>,
    /// Why.
    pub withdrawal_reason: Option<String>,
    /// By whom.
    pub withdrawn_by_name: Option<String>,
    /// Who confirmed.
    pub confirmed_by_name: Option<String>,
}

/// One award of that organisation.
pub async fn find(db: &Db, organisation_id: Uuid, award_id: Uuid) -> store::Result<Option<Award>> {
    Ok(on!(db, c => sqlx::query_as(
        "select a.award_id, a.session_id, a.badge_id, a.level, a.awarded_on, a.attested_at,
             m.name as attested_by_name, a.recipient_name, l.sentence, k.claimed_at, a.withdrawn_at,
             w.kind as withdrawal_kind, w.reason as withdrawal_reason, wm.name as withdrawn_by_name,
             cm.name as confirmed_by_name
         from issuer_award a
         join issuer_lot l on l.lot_id = a.lot_id
         join issuer_member m on m.member_id = a.attested_by
         left join issuer_claim k on k.award_id = a.award_id
         left join issuer_withdrawal w on w.award_id = a.award_id
         left join issuer_member wm on wm.member_id = w.withdrawn_by
         left join issuer_member cm on cm.member_id = w.confirmed_by
         where a.organisation_id = $1 and a.award_id = $2")
        .bind(organisation_id).bind(award_id).fetch_optional(c).await)?)
}

/// A withdrawal that waits for a second person.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Request {
    /// Its id.
    pub request_id: Uuid,
    /// Why.
    pub reason: String,
    /// Who asked.
    pub asked_by: Uuid,
    /// Their name.
    pub asked_by_name: String,
    /// When.
    pub asked_at: OffsetDateTime,
}

/// The open request about an award.
pub async fn open_request(db: &Db, organisation_id: Uuid, award_id: Uuid) -> store::Result<Option<Request>> {
    Ok(on!(db, c => sqlx::query_as(
        "select r.request_id, r.reason, r.asked_by, m.name as asked_by_name, r.asked_at
         from issuer_withdrawal_request r join issuer_member m on m.member_id = r.asked_by
         where r.organisation_id = $1 and r.award_id = $2 and r.answer is null")
        .bind(organisation_id).bind(award_id).fetch_optional(c).await)?)
}
