//! The badges of a session, or one of them, with what is known of their way to their person.

use std::collections::HashMap;

use store::outbox::{self, Known, State};
use store::{Db, on};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::letter_id;
use super::standing::Standing;
use crate::{HOUSE, Issuer};

/// A badge as it is followed up.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Followed {
    /// The award.
    pub award_id: Uuid,
    /// The lot that made it.
    pub lot_id: Uuid,
    /// When that lot ended; its letters wait for « Annuler » from then on.
    pub lot_finished_at: Option<OffsetDateTime>,
    /// In which session.
    pub session_id: Uuid,
    /// Whose badge.
    pub trainee_id: Uuid,
    /// Badge of the référentiel.
    pub badge_id: String,
    /// Code of the level.
    pub level: String,
    /// The day observed.
    pub awarded_on: Date,
    /// Where the newest letter goes.
    pub email: Option<String>,
    /// Which letter that is, from 1.
    pub letter_number: i64,
    /// The first of the letters that went to that address, without another one between.
    pub letters_since: i64,
    /// When the link of the letter ends.
    pub letter_until: Option<OffsetDateTime>,
    /// Generation of the slip's code.
    pub slip_generation: i64,
    /// When that code ends.
    pub slip_until: Option<OffsetDateTime>,
    /// When a slip with that code was given in hand.
    pub handed_at: Option<OffsetDateTime>,
    /// When the badge went into a livret.
    pub claimed_at: Option<OffsetDateTime>,
    /// When it was taken back.
    pub withdrawn_at: Option<OffsetDateTime>,
}

/// Lots that were undone are as if they had never been.
const FOLLOWED: &str = "select a.award_id, a.lot_id, t.finished_at as lot_finished_at, a.session_id, a.trainee_id,
        a.badge_id, a.level, a.awarded_on, coalesce(l.email, a.email) as email,
        coalesce(l.letter_number, 1) as letter_number,
        1 + coalesce((select max(m.letter_number) from issuer_letter m
                      where m.award_id = a.award_id and lower(m.email) <> lower(l.email)),
                     case when lower(coalesce(a.email, '')) <> lower(l.email) then 1 else 0 end) as letters_since,
        (select max(c.expires_at) from issuer_claim_code c where c.award_id = a.award_id and c.kind = 'letter')
            as letter_until,
        coalesce(s.generation, 1) as slip_generation, s.expires_at as slip_until, h.handed_at, k.claimed_at,
        a.withdrawn_at
    from issuer_award a
    join issuer_lot t on t.lot_id = a.lot_id
    left join issuer_claim k on k.award_id = a.award_id
    left join issuer_withdrawal w on w.award_id = a.award_id
    left join issuer_letter l on l.award_id = a.award_id
        and l.letter_number = (select max(m.letter_number) from issuer_letter m where m.award_id = a.award_id)
    left join issuer_claim_code s on s.award_id = a.award_id and s.kind = 'slip'
        and s.generation = (select max(d.generation) from issuer_claim_code d
                            where d.award_id = a.award_id and d.kind = 'slip')
    left join issuer_slip_handed h on h.award_id = a.award_id and h.generation = s.generation
    where a.organisation_id = $1 and (w.kind is null or w.kind <> 'undone')";

/// Every badge of a session, each person's latest first.
pub(crate) async fn of_session(
    issuer: &Issuer,
    organisation_id: Uuid,
    session_id: Uuid,
) -> store::Result<Vec<(Followed, Standing)>> {
    let sql = sqlx::AssertSqlSafe(format!(
        "{FOLLOWED} and a.session_id = $2 order by a.attested_at desc, a.badge_id, a.award_id"
    ));
    let badges: Vec<Followed> =
        on!(issuer.db, c => sqlx::query_as(sql).bind(organisation_id).bind(session_id).fetch_all(c).await)?;
    standing(issuer, badges).await
}

/// One badge.
pub(crate) async fn of_award(
    issuer: &Issuer,
    organisation_id: Uuid,
    award_id: Uuid,
) -> store::Result<Option<(Followed, Standing)>> {
    let sql = sqlx::AssertSqlSafe(format!("{FOLLOWED} and a.award_id = $2"));
    let badges: Vec<Followed> =
        on!(issuer.db, c => sqlx::query_as(sql).bind(organisation_id).bind(award_id).fetch_all(c).await)?;
    Ok(standing(issuer, badges).await?.pop())
}

/// The badges of a person at this organisation that nobody claimed, in every session.
pub(crate) async fn waiting_of(
    db: &Db,
    organisation_id: Uuid,
    trainee_id: Uuid,
    at_most: i64,
) -> store::Result<Vec<Followed>> {
    let sql = sqlx::AssertSqlSafe(format!(
        "{FOLLOWED} and a.trainee_id = $2 and a.withdrawn_at is null and k.award_id is null
         order by a.attested_at, a.award_id limit $3"
    ));
    Ok(on!(db, c => sqlx::query_as(sql)
        .bind(organisation_id).bind(trainee_id).bind(at_most).fetch_all(c).await)?)
}

/// Asks the outbox about the letters of those that are still on their way.
pub(crate) async fn standing(issuer: &Issuer, badges: Vec<Followed>) -> store::Result<Vec<(Followed, Standing)>> {
    let waits = |badge: &&Followed| badge.email.is_some() && badge.claimed_at.is_none() && badge.withdrawn_at.is_none();
    let letters: Vec<String> = badges.iter().filter(waits).flat_map(|badge| letters_of(issuer, badge)).collect();
    let known: HashMap<String, Known> = outbox::states_of(&issuer.db, HOUSE, &letters)
        .await?
        .into_iter()
        .map(|known| (known.message_id.clone(), known))
        .collect();
    let now = issuer.clock.now();
    Ok(badges
        .into_iter()
        .map(|badge| {
            let newest = letter_of(issuer, &badge);
            let left = |id: &String| known.get(id).is_some_and(|letter| letter.state == State::Sent);
            let told = letters_of(issuer, &badge).any(|id| id != newest && left(&id));
            let standing = Standing::of(&badge, known.get(&newest), told, now);
            (badge, standing)
        })
        .collect())
}

/// The Message-ID of its newest letter.
pub(super) fn letter_of(issuer: &Issuer, badge: &Followed) -> String {
    letter_id(issuer, badge.award_id, badge.letter_number)
}

/// The Message-IDs of its letters to the address it has now, the newest last.
fn letters_of(issuer: &Issuer, badge: &Followed) -> impl Iterator<Item = String> {
    (badge.letters_since..=badge.letter_number).map(|number| letter_id(issuer, badge.award_id, number))
}

/// A badge for sample pages and tests, attested today, on its way.
pub(crate) fn sample(email: Option<&str>) -> Followed {
    use time::macros::{date, datetime};
    Followed {
        award_id: Uuid::nil(),
        lot_id: Uuid::nil(),
        lot_finished_at: Some(datetime!(2026-11-20 14:05 UTC)),
        session_id: Uuid::nil(),
        trainee_id: Uuid::nil(),
        badge_id: "cpt-travail-en-equipe".into(),
        level: "pratique".into(),
        awarded_on: date!(2026 - 11 - 20),
        email: email.map(str::to_owned),
        letter_number: 1,
        letters_since: 1,
        letter_until: email.map(|_| datetime!(2026-12-20 14:05 UTC)),
        slip_generation: 1,
        slip_until: Some(datetime!(2027-02-20 14:05 UTC)),
        handed_at: None,
        claimed_at: None,
        withdrawn_at: None,
    }
}
