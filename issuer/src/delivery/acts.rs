//! What a trainer may do for a badge on its way: send its letter again, say that its slip was handed over, give its slip
//! another code. Plain forms: each answers with the page it came from.

use std::time::Duration;

use axum::extract::{Path, Query, State};
use axum::routing::post;
use serde::Deserialize;
use store::limits::{self, Limit};
use store::outbox::{self, Message, State as LetterState};
use store::{Tx, bulk, execute};
use time::OffsetDateTime;
use uuid::Uuid;
use web::form::Fields;
use web::{Error, Form, Routes, Who, Words};

use super::codes::{self, Way};
use super::follow::{self, Followed};
use super::standing::{Standing, View};
use super::{KIND, Payload, letter_id};
use crate::access::Trainer;
use crate::{HOUSE, Issuer, Result};

/// Letters of one badge sent again: whoever did not see three will not see a fourth.
pub(super) const AGAIN: Limit =
    Limit { house: HOUSE, bucket: "badge letter again", max: 3, window: Duration::from_secs(86_400) };
/// The same of one member, whatever the badge: nobody turns this house into a machine for letters.
pub(super) const BY_MEMBER: Limit =
    Limit { house: HOUSE, bucket: "badge letters again by member", max: 200, window: Duration::from_secs(3_600) };

pub(super) fn routes() -> Routes<Issuer> {
    Routes::new(HOUSE).form(Who::Trainer, "/atelier/badges/{award}/suivi", post(act))
}

/// The page an act came from, in the query of its form.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Back {
    /// The badge's own page instead of the session's.
    #[serde(default)]
    de: String,
    #[serde(default)]
    voir: String,
    #[serde(default)]
    page: Option<i64>,
}

impl Back {
    /// `?de=badge`: to the badge's page.
    pub(crate) const TO_BADGE: &str = "?de=badge";

    /// To this page of the session's list.
    pub(crate) fn query(view: View, page: i64) -> String {
        match view {
            View::All => format!("?page={page}"),
            view => format!("?voir={}&page={page}", view.word()),
        }
    }

    /// The address to go back to, saying what was done; only ever a page of ours.
    pub(crate) fn address(&self, badge: &Followed, done: &str) -> String {
        if self.de == "badge" {
            return format!("/atelier/badges/{}?fait={done}", badge.award_id);
        }
        let query = Self::query(View::parse(&self.voir), self.page.unwrap_or(1).max(1));
        format!("/atelier/sessions/{}{query}&fait={done}", badge.session_id)
    }
}

/// What was done, in the words of the note on top of the next page.
pub(crate) fn said(done: &str) -> Option<&'static str> {
    Some(match done {
        "lettre" => "Le courriel part de nouveau. Le lien marche 30\u{a0}jours.",
        "en-attente" => "Ce courriel n’est pas encore parti\u{a0}: il attend la fin du délai d’annulation.",
        "remis" => "C’est noté\u{a0}: coupon remis en main propre.",
        "pas-remis" => "C’est noté\u{a0}: coupon pas encore remis.",
        "adresse" => "L’adresse est changée. Un courriel part pour chaque badge qui attendait.",
        "adresse-seule" => "L’adresse est changée. Elle servira pour les prochains badges.",
        _ => return None,
    })
}

/// The acts of one badge, as templates draw them.
#[derive(Debug, Clone)]
pub(crate) struct Acts {
    pub award: Uuid,
    pub session: Uuid,
    pub trainee: Uuid,
    /// « Amina Lefèvre, Travail en équipe » for whoever does not see the row.
    pub whose: String,
    /// Query of the forms: where to come back.
    pub back: String,
    pub again: bool,
    pub handed: bool,
    pub has_address: bool,
    pub advice: &'static str,
}

impl Acts {
    /// `None` when there is nothing left to do.
    pub(crate) fn of(badge: &Followed, standing: Standing, whose: String, back: &str) -> Option<Self> {
        standing.waits().then(|| Self {
            award: badge.award_id,
            session: badge.session_id,
            trainee: badge.trainee_id,
            whose,
            back: back.to_owned(),
            again: badge.email.is_some() && !matches!(standing, Standing::Queued | Standing::QueuedAgain),
            handed: badge.handed_at.is_some(),
            has_address: badge.email.is_some(),
            advice: standing.advice(),
        })
    }
}

async fn act(
    State(issuer): State<Issuer>,
    trainer: Trainer,
    Path(award): Path<String>,
    Query(back): Query<Back>,
    Form(fields): Form<Fields>,
) -> Result {
    let award = award.parse().map_err(|_| Error::NotFound)?;
    let (badge, standing) = follow::of_award(&issuer, trainer.organisation_id, award).await?.ok_or(Error::NotFound)?;
    if !standing.waits() {
        return Err(over(&badge, &back));
    }
    let done = match fields.get("do") {
        "lettre" => send_again(&issuer, &trainer, &badge, &back).await?,
        "remis" => {
            hand_over(&issuer, &trainer, &[(badge.award_id, badge.slip_generation)]).await?;
            "remis"
        }
        "pas-remis" => {
            take_back_slip(&issuer, &trainer, badge.award_id).await?;
            "pas-remis"
        }
        _ => return Err(Error::Invalid("Revenez à la page et choisissez de nouveau.".to_owned())),
    };
    Ok(web::redirect(&back.address(&badge, done)))
}

/// Sends the newest letter again, to the same address; answers what to say of it.
async fn send_again(issuer: &Issuer, trainer: &Trainer, badge: &Followed, back: &Back) -> Result<&'static str> {
    if badge.email.is_none() {
        return Err(Error::Conflict.with(
            Words::new("Cette personne n’a pas d’adresse", "Donnez-lui une adresse, ou remettez-lui un coupon.").link(
                &format!("/atelier/sessions/{}/personnes/{}/adresse", badge.session_id, badge.trainee_id),
                "Donner une adresse",
            ),
        ));
    }
    let now = issuer.clock.now();
    let newest = outbox::state_of(&issuer.db, HOUSE, &follow::letter_of(issuer, badge)).await?;
    if newest.is_some_and(|known| known.state == LetterState::Queued) {
        return Ok("en-attente");
    }
    let sent = one_more(issuer, trainer, badge, now).await?;
    if sent.map_err(|seconds| too_many(seconds, &back.address(badge, "")))? {
        return Ok("lettre");
    }
    // Another request was quicker: it sent the letter, or there is nothing to send any more.
    match follow::of_award(issuer, trainer.organisation_id, badge.award_id).await? {
        Some((badge, standing)) if !standing.waits() => Err(over(&badge, back)),
        _ => Ok("en-attente"),
    }
}

/// One more letter of a badge to the same address, within the limits; else how many seconds one must wait. `false` when
/// there was none to write: claimed, withdrawn or sent again meanwhile.
pub(super) async fn one_more(
    issuer: &Issuer,
    trainer: &Trainer,
    badge: &Followed,
    now: OffsetDateTime,
) -> Result<std::result::Result<bool, u64>> {
    // What one limit refuses does not count against the other.
    let badge_may = limits::look(&issuer.db, &issuer.vault, &AGAIN, &badge.award_id.to_string(), now).await?;
    if let Err(seconds) = badge_may.or_wait() {
        return Ok(Err(seconds));
    }
    for (limit, key) in [(&BY_MEMBER, trainer.member_id), (&AGAIN, badge.award_id)] {
        let answer = limits::hit(&issuer.db, &issuer.vault, limit, &key.to_string(), now).await?;
        if let Err(seconds) = answer.or_wait() {
            return Ok(Err(seconds));
        }
    }
    let mut tx = issuer.db.begin().await?;
    codes::prolong_letter(&mut tx, trainer.organisation_id, badge.award_id, now).await?;
    let written = another_letter(&mut tx, issuer, trainer, badge, None, now).await?;
    if written {
        tx.commit().await?;
    }
    Ok(Ok(written))
}

/// Queues one more letter of a badge that still waits, to this address or to the one it had; once, however often the
/// button is pressed. The earlier one, if it has not left, never will. Answers whether it was written.
pub(super) async fn another_letter(
    tx: &mut Tx,
    issuer: &Issuer,
    trainer: &Trainer,
    badge: &Followed,
    to: Option<&str>,
    now: OffsetDateTime,
) -> store::Result<bool> {
    let organisation_id = trainer.organisation_id;
    let Some(email) = to.or(badge.email.as_deref()) else { return Ok(false) };
    let letter_number = badge.letter_number + 1;
    let written = execute!(
        tx,
        sqlx::query(
            "insert into issuer_letter (award_id, letter_number, organisation_id, email, asked_by, asked_at)
         select a.award_id, $3, a.organisation_id, $4, $5, $6 from issuer_award a
         where a.organisation_id = $1 and a.award_id = $2 and a.withdrawn_at is null
           and not exists (select 1 from issuer_claim k where k.award_id = a.award_id)
         on conflict (award_id, letter_number) do nothing"
        )
        .bind(organisation_id)
        .bind(badge.award_id)
        .bind(letter_number)
        .bind(email)
        .bind(trainer.member_id)
        .bind(now)
    )?;
    if written == 0 {
        return Ok(false);
    }
    outbox::cancel(tx, HOUSE, &follow::letter_of(issuer, badge), now).await?;
    let payload = Payload { organisation_id, award_id: badge.award_id, letter_number };
    let message = Message {
        house: HOUSE,
        kind: KIND,
        message_id: &letter_id(issuer, badge.award_id, letter_number),
        batch_id: Some(badge.lot_id),
        not_before: leaves(issuer, badge, now),
        payload: &payload,
    };
    outbox::queue(tx, &issuer.vault, &message, now).await?;
    Ok(true)
}

/// Not while its lot can still be taken back unseen.
fn leaves(issuer: &Issuer, badge: &Followed, now: OffsetDateTime) -> OffsetDateTime {
    let earliest = badge.lot_finished_at.unwrap_or(now) + issuer.letter_delay;
    now.max(earliest)
}

/// Writes that these slips, by award and generation of their code, were given in hand.
pub(super) async fn hand_over(issuer: &Issuer, trainer: &Trainer, slips: &[(Uuid, i64)]) -> store::Result<()> {
    let now = issuer.clock.now();
    let mut tx = issuer.db.begin().await?;
    for some in slips.chunks(bulk::ROWS) {
        let sql = bulk::insert(
            &tx,
            "issuer_slip_handed (award_id, generation, organisation_id, handed_by, handed_at)",
            some.len(),
            5,
            " on conflict (award_id, generation) do nothing",
        );
        execute!(tx, {
            let mut query = sqlx::query(sql).persistent(bulk::stays(some.len()));
            for (award, generation) in some {
                query = query
                    .bind(*award)
                    .bind(*generation)
                    .bind(trainer.organisation_id)
                    .bind(trainer.member_id)
                    .bind(now);
            }
            query
        })?;
    }
    tx.commit().await
}

/// A slip was marked by mistake.
async fn take_back_slip(issuer: &Issuer, trainer: &Trainer, award_id: Uuid) -> store::Result<()> {
    let mut tx = issuer.db.begin().await?;
    execute!(
        tx,
        sqlx::query("delete from issuer_slip_handed where organisation_id = $1 and award_id = $2")
            .bind(trainer.organisation_id)
            .bind(award_id)
    )?;
    tx.commit().await
}

/// Gives a slip another code; the former opens nothing from now on.
pub(super) async fn another_code(issuer: &Issuer, trainer: &Trainer, award_id: Uuid) -> store::Result<()> {
    let mut tx = issuer.db.begin().await?;
    codes::another(&mut tx, issuer, trainer.organisation_id, award_id, Way::Slip, issuer.clock.now()).await?;
    tx.commit().await
}

fn over(badge: &Followed, back: &Back) -> Error {
    let words = if badge.withdrawn_at.is_some() {
        Words::new("Ce badge a été retiré", "Il n’y a plus rien à envoyer ni à remettre.")
    } else {
        Words::new(
            "Ce badge est déjà dans un livret",
            "La personne l’a récupéré entre-temps\u{a0}: rien n’est à faire.",
        )
    };
    Error::Conflict.with(words.link(&back.address(badge, ""), "Revenir"))
}

pub(super) fn too_many(seconds: u64, back: &str) -> Error {
    let hours = seconds.div_ceil(3_600).max(1);
    Error::TooMany(seconds).with(
        Words::new(
            "Assez de courriels pour le moment",
            &format!(
                "Celui-ci est déjà reparti plusieurs fois. Attendez {}, ou remettez un coupon en main propre.",
                web::words::count(usize::try_from(hours).unwrap_or(usize::MAX), "heure", "heures")
            ),
        )
        .link(back, "Revenir"),
    )
}
