//! How a badge reaches its person: a letter with one big button, or a printed slip (decisions §18, §19, §25).

pub mod codes;
mod letter;
pub mod slips;

use post::SendError;
use serde::{Deserialize, Serialize};
use store::outbox::{self, Delivery, Message, Outcome};
use store::{Db, Tx, on};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use crate::awards::lots::Lot;
use crate::{HOUSE, Issuer, Result};

pub use letter::sample_letters;
pub(crate) use slips::{routes, samples};

/// The kind of letter in the outbox.
pub const KIND: &str = "badge";

/// Sealed in the outbox: only where to look. What the letter says is read when it leaves.
#[derive(Serialize, Deserialize)]
struct Payload {
    organisation_id: Uuid,
    award_id: Uuid,
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
    let letters: Vec<_> =
        awards.iter().map(|&award_id| (message_id(issuer, award_id), Payload { organisation_id, award_id })).collect();
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

/// The letter of an award, for ever the same: sent twice, it can be recognised.
pub fn message_id(issuer: &Issuer, award_id: Uuid) -> String {
    format!("badge-{award_id}.1@{}", issuer.site.houses.issuer.host())
}

/// Sends one badge letter. Safe to run twice: the link and the Message-ID are derived from the award.
pub async fn deliver(issuer: &Issuer, delivery: &Delivery) -> Outcome {
    let letter = match write(issuer, delivery).await {
        Ok(Some(letter)) => letter,
        Ok(None) => return Outcome::Refused("withdrawn".to_owned()),
        // The database may answer better in a moment; what went wrong is logged.
        Err(_) => return Outcome::Later,
    };
    match issuer.post.send(&letter).await {
        Ok(()) => Outcome::Sent,
        Err(SendError::Refused(word)) => Outcome::Refused(word),
        Err(SendError::Later) => Outcome::Later,
    }
}

async fn write(issuer: &Issuer, delivery: &Delivery) -> Result<Option<post::Letter>> {
    let payload: Payload = delivery.payload()?;
    let Some(badge) = to_deliver(&issuer.db, payload.organisation_id, payload.award_id).await? else {
        return Ok(None);
    };
    let Some(email) = badge.email.clone() else { return Ok(None) };
    let generations = codes::generations(&issuer.db, badge.organisation_id, badge.award_id).await?;
    let letter = letter::write(
        &issuer.site,
        &badge,
        &codes::letter_link(issuer, badge.award_id, generations.letter),
        &codes::slip_code(issuer, badge.award_id, generations.slip).grouped(),
    )?;
    Ok(Some(crate::letters::addressed(letter, email, badge.recipient_name, &delivery.message_id)))
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
    /// When the slip's code ends.
    pub slip_until: OffsetDateTime,
}

/// The columns of [`ToDeliver`] from `issuer_award a` and `issuer_organisation o`.
const TO_DELIVER: &str = "select a.award_id, a.organisation_id, o.name as organisation_name, a.badge_id, a.level,
        a.awarded_on, a.recipient_name, a.email,
        (select max(k.expires_at) from issuer_claim_code k where k.award_id = a.award_id and k.kind = 'slip') as slip_until
    from issuer_award a join issuer_organisation o on o.organisation_id = a.organisation_id";

async fn to_deliver(db: &Db, organisation_id: Uuid, award_id: Uuid) -> store::Result<Option<ToDeliver>> {
    let sql = sqlx::AssertSqlSafe(format!(
        "{TO_DELIVER} where a.organisation_id = $1 and a.award_id = $2 and a.withdrawn_at is null"
    ));
    Ok(on!(db, c => sqlx::query_as(sql).bind(organisation_id).bind(award_id).fetch_optional(c).await)?)
}
