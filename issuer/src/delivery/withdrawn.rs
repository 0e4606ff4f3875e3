//! The letter that says that a badge was withdrawn: to whoever had been told of the badge, once,
//! at the address that the badge's newest letter goes to.
//!
//! It does not say why: the reason is between the organisation and the person, and a letter may be read by others
//! (`docs/formes.md`).

use std::collections::{HashMap, HashSet};

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
}

/// The one letter of this kind of an award, for ever the same.
pub(crate) fn message_id(issuer: &Issuer, award_id: Uuid) -> String {
    format!("withdrawn-{award_id}@{}", issuer.site.houses.issuer.host())
}

/// Where the newest letter of a badge goes, and the Message-IDs of its letters that went there. Whoever reads another
/// address may be a stranger: a letter that left for it tells the person nothing.
struct Reach {
    email: String,
    message_ids: Vec<String>,
}

impl Reach {
    /// From the number and address of every letter, oldest first; `None` of a badge that never had an address.
    fn of(issuer: &Issuer, award_id: Uuid, letters: &[(i64, String)]) -> Option<Self> {
        let (_, newest) = letters.last()?;
        let key = newest.to_lowercase();
        let there = letters.iter().filter(|(_, email)| email.to_lowercase() == key);
        let message_ids = there.map(|(number, _)| letter_id(issuer, award_id, *number)).collect();
        Some(Self { email: newest.clone(), message_ids })
    }
}

/// Number and address of every letter of a badge, oldest first; the lot's own goes to the award's address.
const LETTERS: &str = "select 1 as letter_number, email from issuer_award
     where organisation_id = $1 and award_id = $2 and email is not null
     union all select letter_number, email from issuer_letter where organisation_id = $1 and award_id = $2
     order by letter_number";

/// Queues the letter in the transaction that withdraws the badge, once the letters of the badge that had not left are
/// cancelled. Nobody is told of the end of what they never heard of, and nobody without an address.
pub(crate) async fn queue(tx: &mut Tx, issuer: &Issuer, organisation_id: Uuid, award_id: Uuid) -> store::Result<()> {
    let letters: Vec<(i64, String)> = on!(tx, c => sqlx::query_as(LETTERS)
        .bind(organisation_id).bind(award_id).fetch_all(c).await)?;
    let Some(reach) = Reach::of(issuer, award_id, &letters) else { return Ok(()) };
    let claimed: i64 = on!(tx, c => sqlx::query_scalar(
        "select count(*) from issuer_claim where organisation_id = $1 and award_id = $2")
        .bind(organisation_id).bind(award_id).fetch_one(c).await)?;
    if claimed == 0 && outbox::last_that_left(tx, HOUSE, &reach.message_ids).await?.is_none() {
        return Ok(());
    }
    queue_all(tx, issuer, organisation_id, &[award_id]).await
}

/// The same of the badges of a lot that somebody has seen, whether claimed. `left`: the Message-IDs of the lot's letters
/// that could no longer be taken back.
pub(crate) async fn queue_of_lot(
    tx: &mut Tx,
    issuer: &Issuer,
    (organisation_id, lot_id): (Uuid, Uuid),
    seen: &[(Uuid, bool)],
    left: &HashSet<String>,
) -> store::Result<()> {
    if seen.is_empty() {
        return Ok(());
    }
    let written: Vec<(Uuid, i64, String)> = on!(tx, c => sqlx::query_as(
        "select award_id, 1 as letter_number, email from issuer_award
         where organisation_id = $1 and lot_id = $2 and email is not null
         union all select l.award_id, l.letter_number, l.email
         from issuer_letter l join issuer_award a on a.award_id = l.award_id
         where a.organisation_id = $1 and a.lot_id = $2
         order by letter_number")
        .bind(organisation_id).bind(lot_id).fetch_all(c).await)?;
    let mut letters: HashMap<Uuid, Vec<(i64, String)>> = HashMap::new();
    for (award_id, number, email) in written {
        letters.entry(award_id).or_default().push((number, email));
    }
    let told = |&(award_id, claimed): &(Uuid, bool)| {
        let reach = letters.get(&award_id).and_then(|letters| Reach::of(issuer, award_id, letters));
        reach.is_some_and(|reach| claimed || reach.message_ids.iter().any(|id| left.contains(id)))
    };
    let awards: Vec<Uuid> = seen.iter().filter(|badge| told(badge)).map(|(award_id, _)| *award_id).collect();
    queue_all(tx, issuer, organisation_id, &awards).await
}

async fn queue_all(tx: &mut Tx, issuer: &Issuer, organisation_id: Uuid, awards: &[Uuid]) -> store::Result<()> {
    let now = issuer.clock.now();
    let letters: Vec<(String, Payload)> =
        awards.iter().map(|&award_id| (message_id(issuer, award_id), Payload { organisation_id, award_id })).collect();
    let messages: Vec<Message<'_, Payload>> = letters
        .iter()
        .map(|(message_id, payload)| Message {
            house: HOUSE,
            kind: KIND,
            message_id,
            batch_id: None,
            not_before: now,
            payload,
        })
        .collect();
    outbox::queue_all(tx, &issuer.vault, &messages, now).await.map(drop)
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
}

/// The letter, or what becomes of it when there is none to send.
async fn write(issuer: &Issuer, delivery: &Delivery) -> Result<std::result::Result<post::Letter, Outcome>> {
    let Payload { organisation_id, award_id } = delivery.payload()?;
    let found: Option<TakenBack> = on!(issuer.db, c => sqlx::query_as(
        "select o.name as organisation_name, o.opaque, a.badge_id, a.level, a.recipient_name,
             a.withdrawn_at, k.claimed_at
         from issuer_award a join issuer_organisation o on o.organisation_id = a.organisation_id
         left join issuer_claim k on k.award_id = a.award_id
         where a.organisation_id = $1 and a.award_id = $2 and a.withdrawn_at is not null")
        .bind(organisation_id).bind(award_id).fetch_optional(c).await)
    .map_err(store::StoreError::from)?;
    let Some(badge) = found else { return Ok(Err(Outcome::Refused("not_withdrawn".to_owned()))) };
    let letters: Vec<(i64, String)> = on!(issuer.db, c => sqlx::query_as(LETTERS)
        .bind(organisation_id).bind(award_id).fetch_all(c).await)
    .map_err(store::StoreError::from)?;
    let Some(Reach { email, message_ids }) = Reach::of(issuer, award_id, &letters) else {
        return Ok(Err(Outcome::Refused("no_address".to_owned())));
    };
    if badge.claimed_at.is_none() {
        // A letter of the badge may have been in a worker's hands when the badge was withdrawn: did one leave?
        let known = outbox::states_of(&issuer.db, HOUSE, &message_ids).await?;
        let one_is = |state| known.iter().any(|letter| letter.state == state);
        match (one_is(State::Sent), one_is(State::Queued)) {
            (true, _) => {}
            (false, true) => return Ok(Err(Outcome::Later)),
            (false, false) => return Ok(Err(Outcome::Refused("untold".to_owned()))),
        }
    }
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
    };
    Ok(vec![
        ("courrier-badge-retire", written(site, &badge(Some(at)))?),
        ("courrier-badge-retire-avant", written(site, &badge(None))?),
    ])
}
