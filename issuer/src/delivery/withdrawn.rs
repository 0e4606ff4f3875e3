//! The letter that says that a badge was withdrawn: to whoever had been told of the badge, once.
//!
//! It does not say why: the reason is between the organisation and the person, and a letter may be read by others
//! (`docs/formes.md`).

use askama::Template;
use badge_schemas::referentiel::{Level, referentiel};
use post::SendError;
use serde::{Deserialize, Serialize};
use store::outbox::{self, Delivery, Message, Outcome, State};
use store::{Tx, on};
use time::OffsetDateTime;
use time::macros::datetime;
use uuid::Uuid;
use web::{Error, Site, dates};

use super::letter_id;
use crate::letters::{self, Written};
use crate::{HOUSE, Issuer, Result};

/// The kind of letter in the outbox.
pub(crate) const KIND: &str = "withdrawn";

/// Sealed in the outbox: only where to look, as for the letter of a badge.
#[derive(Serialize, Deserialize)]
struct Payload {
    organisation_id: Uuid,
    award_id: Uuid,
    /// The letter of the badge whose address this one goes to.
    letter_number: i64,
}

/// The one letter of this kind of an award, for ever the same.
pub(crate) fn message_id(issuer: &Issuer, award_id: Uuid) -> String {
    format!("withdrawn-{award_id}@{}", issuer.site.houses.issuer.host())
}

/// Queues the letter in the transaction that withdraws the badge, once the letters of the badge that had not left are
/// cancelled. Nobody is told of the end of what they never heard of, and nobody without an address.
pub(crate) async fn queue(tx: &mut Tx, issuer: &Issuer, organisation_id: Uuid, award_id: Uuid) -> store::Result<()> {
    let Some(letter_number) = told_by(tx, issuer, organisation_id, award_id).await? else { return Ok(()) };
    let now = issuer.clock.now();
    let message = Message {
        house: HOUSE,
        kind: KIND,
        message_id: &message_id(issuer, award_id),
        batch_id: None,
        not_before: now,
        payload: &Payload { organisation_id, award_id, letter_number },
    };
    outbox::queue(tx, &issuer.vault, &message, now).await.map(drop)
}

/// The newest letter of the badge that left; of a claimed badge of which none did, its newest letter.
async fn told_by(tx: &mut Tx, issuer: &Issuer, organisation_id: Uuid, award_id: Uuid) -> store::Result<Option<i64>> {
    let newest: i64 = on!(tx, c => sqlx::query_scalar(
        "select coalesce(max(letter_number), 1) from issuer_letter where organisation_id = $1 and award_id = $2")
        .bind(organisation_id).bind(award_id).fetch_one(c).await)?;
    let ids: Vec<String> = (1..=newest).map(|number| letter_id(issuer, award_id, number)).collect();
    if let Some(place) = outbox::last_that_left(tx, HOUSE, &ids).await? {
        return Ok(Some(i64::try_from(place + 1).unwrap_or(newest)));
    }
    let reachable: i64 = on!(tx, c => sqlx::query_scalar(
        "select count(*) from issuer_claim k join issuer_award a on a.award_id = k.award_id
         where k.organisation_id = $1 and k.award_id = $2 and coalesce(
             (select l.email from issuer_letter l where l.award_id = a.award_id and l.letter_number = $3), a.email)
             is not null")
        .bind(organisation_id).bind(award_id).bind(newest).fetch_one(c).await)?;
    Ok((reachable > 0).then_some(newest))
}

/// Sends it. Safe to run twice: the Message-ID is derived from the award.
pub(crate) async fn deliver(issuer: &Issuer, delivery: &Delivery) -> Outcome {
    let letter = match write(issuer, delivery).await {
        Ok(Ok(letter)) => letter,
        Ok(Err(outcome)) => return outcome,
        // The database may answer better in a moment; what went wrong is logged.
        Err(_) => return Outcome::Later,
    };
    match issuer.post.send(&letter).await {
        Ok(()) => Outcome::Sent,
        Err(SendError::Refused(word)) => Outcome::Refused(word),
        Err(SendError::Later) => Outcome::Later,
    }
}

/// What the letter says.
#[derive(Debug, Clone, sqlx::FromRow)]
struct TakenBack {
    organisation_name: String,
    opaque: String,
    badge_id: String,
    level: String,
    recipient_name: String,
    withdrawn_at: OffsetDateTime,
    claimed_at: Option<OffsetDateTime>,
    /// Where the letter of the badge went.
    email: Option<String>,
}

/// The letter, or what becomes of it when there is none to send.
async fn write(issuer: &Issuer, delivery: &Delivery) -> Result<std::result::Result<post::Letter, Outcome>> {
    let Payload { organisation_id, award_id, letter_number } = delivery.payload()?;
    let found: Option<TakenBack> = on!(issuer.db, c => sqlx::query_as(
        "select o.name as organisation_name, o.opaque, a.badge_id, a.level, a.recipient_name,
             a.withdrawn_at, k.claimed_at, coalesce(l.email, a.email) as email
         from issuer_award a join issuer_organisation o on o.organisation_id = a.organisation_id
         left join issuer_claim k on k.award_id = a.award_id
         left join issuer_letter l on l.award_id = a.award_id and l.letter_number = $3
         where a.organisation_id = $1 and a.award_id = $2 and a.withdrawn_at is not null")
        .bind(organisation_id).bind(award_id).bind(letter_number).fetch_optional(c).await)
    .map_err(store::StoreError::from)?;
    let Some(badge) = found else { return Ok(Err(Outcome::Refused("not_withdrawn".to_owned()))) };
    if badge.claimed_at.is_none() {
        // The badge's letter was in a worker's hands when the badge was withdrawn: did it leave?
        let told = outbox::state_of(&issuer.db, HOUSE, &letter_id(issuer, award_id, letter_number)).await?;
        match told.map(|known| known.state) {
            Some(State::Sent) => {}
            Some(State::Queued) => return Ok(Err(Outcome::Later)),
            _ => return Ok(Err(Outcome::Refused("untold".to_owned()))),
        }
    }
    let Some(email) = badge.email.clone() else { return Ok(Err(Outcome::Refused("no_address".to_owned()))) };
    let written = written(&issuer.site, &badge)?;
    Ok(Ok(letters::addressed(written, email, badge.recipient_name, &delivery.message_id)))
}

#[derive(Template)]
#[template(path = "delivery/withdrawn.subject.txt")]
struct Subject<'a> {
    badge: &'a Said,
}

#[derive(Template)]
#[template(path = "delivery/withdrawn.txt")]
struct Text<'a> {
    badge: &'a Said,
}

#[derive(Template)]
#[template(path = "delivery/withdrawn.html")]
struct Html<'a> {
    badge: &'a Said,
}

struct Said {
    name: String,
    badge: String,
    organisation: String,
    /// The organisation's page.
    page: String,
    day: String,
    claimed: bool,
    livret: String,
    rights: String,
}

fn written(site: &Site, badge: &TakenBack) -> Result<Written> {
    let level = Level::parse(&badge.level).ok_or_else(|| Error::internal("a level that is none"))?;
    let achievement = referentiel()
        .achievement(&badge.badge_id, level)
        .ok_or_else(|| Error::internal("an achievement that is not of the référentiel"))?;
    let said = Said {
        name: badge.recipient_name.clone(),
        badge: achievement.name.clone(),
        organisation: badge.organisation_name.clone(),
        page: site.houses.issuer.join(&format!("/o/{}", badge.opaque)),
        day: dates::long(dates::day_in_paris(badge.withdrawn_at)),
        claimed: badge.claimed_at.is_some(),
        livret: site.houses.wallet.join("/livret"),
        rights: site.houses.wallet.join("/donnees-personnelles"),
    };
    letters::write(&Subject { badge: &said }, &Text { badge: &said }, &Html { badge: &said })
}

/// The letter with sample values: of a badge in a livret, and of one that nobody claimed.
pub(super) fn sample_letters(site: &Site) -> Result<Vec<(&'static str, Written)>> {
    let at = datetime!(2026-11-22 10:00 UTC);
    let badge = |claimed_at| TakenBack {
        organisation_name: "Estuaire Compétences".into(),
        opaque: "7h2k9qx4".into(),
        badge_id: "cpt-travail-en-equipe".into(),
        level: "pratique".into(),
        recipient_name: "Inès Duval".into(),
        withdrawn_at: at,
        claimed_at,
        email: Some("ines@exemple.fr".into()),
    };
    Ok(vec![
        ("courrier-badge-retire", written(site, &badge(Some(at)))?),
        ("courrier-badge-retire-avant", written(site, &badge(None))?),
    ])
}
