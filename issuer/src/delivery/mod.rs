//! How a badge reaches its person: a letter with one big button, or a printed slip (decisions §18, §19, §25); and what
//! a trainer may do until it did: send again (one letter, or all of a session), change the address, print again, hand over.

mod acts;
mod address;
pub mod codes;
pub(crate) mod follow;
mod letter;
pub(crate) mod remind;
pub mod slips;
pub(crate) mod standing;
#[cfg(test)]
mod tests;
pub(crate) mod withdrawn;

use post::SendError;
use serde::{Deserialize, Serialize};
use store::outbox::{self, Delivery, Message, Outcome};
use store::{Db, Tx, on};
use time::{Date, OffsetDateTime};
use uuid::Uuid;
use web::{Routes, Sample, Site};

use crate::awards::lots::Lot;
use crate::letters::Written;
use crate::{HOUSE, Issuer, Result};

pub(crate) use acts::{Acts, Back, said};

/// The kind of letter in the outbox.
pub const KIND: &str = "badge";

/// Sealed in the outbox: only where to look. What the letter says is read when it leaves.
#[derive(Serialize, Deserialize)]
struct Payload {
    organisation_id: Uuid,
    award_id: Uuid,
    /// Which letter of the badge: the lot's own is the first.
    #[serde(default = "first")]
    letter_number: i64,
}

const fn first() -> i64 {
    1
}

/// The letters with sample values.
pub fn sample_letters(site: &Site) -> Result<Vec<(&'static str, Written)>> {
    Ok([letter::sample_letters(site)?, withdrawn::sample_letters(site)?].concat())
}

/// The pages of this slice, and the targets of its forms.
pub(crate) fn routes() -> Routes<Issuer> {
    slips::routes().merge(acts::routes()).merge(address::routes()).merge(remind::routes())
}

/// The pages of this slice in all their states.
pub(crate) fn samples(site: &Site) -> Vec<Sample> {
    [slips::samples(site), address::samples(site), remind::samples(site)].concat()
}

/// Queues the letters of badges in the transaction that keeps them.
pub(crate) async fn queue(
    tx: &mut Tx,
    issuer: &Issuer,
    lot: &Lot,
    awards: &[Uuid],
    not_before: OffsetDateTime,
) -> store::Result<()> {
    let organisation_id = lot.organisation_id;
    let letters: Vec<_> = awards
        .iter()
        .map(|&award_id| (message_id(issuer, award_id), Payload { organisation_id, award_id, letter_number: 1 }))
        .collect();
    let message = |(message_id, payload)| Message {
        house: HOUSE,
        kind: KIND,
        message_id,
        batch_id: Some(lot.lot_id),
        not_before,
        payload,
    };
    let messages: Vec<Message<'_, Payload>> =
        letters.iter().map(|(id, payload)| message((id.as_str(), payload))).collect();
    outbox::queue_all(tx, &issuer.vault, &messages, issuer.clock.now()).await.map(drop)
}

/// The first letter of an award, for ever the same: sent twice, it can be recognised.
pub fn message_id(issuer: &Issuer, award_id: Uuid) -> String {
    letter_id(issuer, award_id, 1)
}

/// The same of its letters after the first.
pub(crate) fn letter_id(issuer: &Issuer, award_id: Uuid, letter_number: i64) -> String {
    format!("badge-{award_id}.{letter_number}@{}", issuer.site.houses.issuer.host())
}

/// The award of a Message-ID of ours.
pub(crate) fn award_of(message_id: &str) -> Option<Uuid> {
    message_id.strip_prefix("badge-")?.split_once('.')?.0.parse().ok()
}

/// Takes back the letters of a withdrawn badge that have not left, in the caller's transaction.
pub(crate) async fn cancel(
    tx: &mut Tx,
    issuer: &Issuer,
    organisation_id: Uuid,
    award_id: Uuid,
    now: OffsetDateTime,
) -> store::Result<()> {
    let newest: i64 = on!(tx, c => sqlx::query_scalar(
        "select coalesce(max(letter_number), 1) from issuer_letter where organisation_id = $1 and award_id = $2")
        .bind(organisation_id).bind(award_id).fetch_one(c).await)?;
    for number in 1..=newest {
        outbox::cancel(tx, HOUSE, &letter_id(issuer, award_id, number), now).await?;
    }
    Ok(())
}

/// Sends one badge letter. Safe to run twice: the link and the Message-ID are derived from the award.
pub async fn deliver(issuer: &Issuer, delivery: &Delivery) -> Outcome {
    let letter = match write(issuer, delivery).await {
        Ok(Ok(letter)) => letter,
        Ok(Err(why)) => return Outcome::Refused(why.to_owned()),
        // The database may answer better in a moment; what went wrong is logged.
        Err(_) => return Outcome::Later,
    };
    match issuer.post.send(&letter).await {
        Ok(()) => Outcome::Sent,
        Err(SendError::Refused(word)) => Outcome::Refused(word),
        Err(SendError::Later) => Outcome::Later,
    }
}

/// The letter, or a machine word for why there is none any more.
async fn write(issuer: &Issuer, delivery: &Delivery) -> Result<std::result::Result<post::Letter, &'static str>> {
    let payload: Payload = delivery.payload()?;
    let Some(badge) = to_deliver(&issuer.db, payload.organisation_id, payload.award_id).await? else {
        return Ok(Err("withdrawn"));
    };
    // A newer letter is on its way, perhaps to another address: its link is not for the former one.
    if badge.letter_number != payload.letter_number {
        return Ok(Err("replaced"));
    }
    let Some(email) = badge.email.clone() else { return Ok(Err("no_address")) };
    let generation = |number: i64| u32::try_from(number).map_err(web::Error::internal);
    let letter = letter::write(
        &issuer.site,
        &badge,
        &codes::letter_link(issuer, badge.award_id, generation(badge.letter_generation)?),
        &codes::slip_code(issuer, badge.award_id, generation(badge.slip_generation)?).grouped(),
    )?;
    Ok(Ok(crate::letters::addressed(letter, email, badge.recipient_name, &delivery.message_id)))
}

/// What a letter or a slip says of a badge.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ToDeliver {
    /// The award.
    pub award_id: Uuid,
    /// Whose.
    pub organisation_id: Uuid,
    /// The organisation's name today.
    pub organisation_name: String,
    /// The badge of the référentiel.
    pub badge_id: String,
    /// Its level's code.
    pub level: String,
    /// The day observed.
    pub awarded_on: Date,
    /// The person, as signed.
    pub recipient_name: String,
    /// Where the letter goes.
    pub email: Option<String>,
    /// Which letter is the newest, from 1.
    pub letter_number: i64,
    /// Generation of the letter's link in force.
    pub letter_generation: i64,
    /// Generation of the slip's code in force.
    pub slip_generation: i64,
}

/// The columns of [`ToDeliver`], read at once: an address and a link of different moments would not belong together.
const TO_DELIVER: &str = "select a.award_id, a.organisation_id, o.name as organisation_name, a.badge_id, a.level,
        a.awarded_on, a.recipient_name, coalesce(l.email, a.email) as email,
        coalesce(l.letter_number, 1) as letter_number,
        (select coalesce(max(c.generation), 1) from issuer_claim_code c
         where c.award_id = a.award_id and c.kind = 'letter') as letter_generation,
        (select coalesce(max(c.generation), 1) from issuer_claim_code c
         where c.award_id = a.award_id and c.kind = 'slip') as slip_generation
    from issuer_award a join issuer_organisation o on o.organisation_id = a.organisation_id
    left join issuer_letter l on l.award_id = a.award_id
        and l.letter_number = (select max(m.letter_number) from issuer_letter m where m.award_id = a.award_id)";

async fn to_deliver(db: &Db, organisation_id: Uuid, award_id: Uuid) -> store::Result<Option<ToDeliver>> {
    let sql = sqlx::AssertSqlSafe(format!(
        "{TO_DELIVER} where a.organisation_id = $1 and a.award_id = $2 and a.withdrawn_at is null"
    ));
    Ok(on!(db, c => sqlx::query_as(sql).bind(organisation_id).bind(award_id).fetch_optional(c).await)?)
}
