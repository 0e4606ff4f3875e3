//! A badge's page, with where it stands on its way and its forms; and taking a badge back: with a reason, and after seven days with a second person.

use axum::extract::{Path, Query, State};
use serde::Deserialize;
use store::{Tx, execute, on};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;
use web::form::Fields;
use web::{Cache, Error, FieldErrors, Form, Sample, Shell, Site, dates};

use super::rows::{self, Award, Request};
use super::undo;
use crate::access::{Reader, Trainer, trainer_shell};
use crate::delivery::standing::Standing;
use crate::delivery::{self, Acts, Back, follow};
use crate::members::{self, Role};
use crate::training_sessions::pages::badge_words;
use crate::{HOUSE, Issuer, Result, status};

/// After that, a second member must confirm (scenarios §2).
pub const ALONE: Duration = Duration::days(7);

/// Why a badge can be withdrawn: code and words.
pub const REASONS: [(&str, &str); 5] = [
    ("person", "Erreur de personne"),
    ("badge", "Erreur de badge ou de niveau"),
    ("observation", "Observation contestée"),
    ("asked", "Demande de la personne"),
    ("fraud", "Fraude"),
];

#[derive(askama::Template)]
#[template(path = "awards/badge.html")]
struct BadgePage {
    shell: Shell,
    award: Uuid,
    session_id: Uuid,
    badge: String,
    picture: String,
    name: String,
    sentence: String,
    observed: String,
    attested: String,
    claimed: String,
    withdrawal: Vec<(&'static str, String)>,
    in_force: bool,
    request: Option<Asked>,
    /// What was just done.
    said: Option<&'static str>,
    /// Tone, drawing and words of where it stands, and what may be done; nothing once it is in a livret or withdrawn.
    way: Option<((&'static str, &'static str, String), Acts)>,
}

/// `?fait=lettre`
#[derive(Debug, Default, Deserialize)]
pub(super) struct Done {
    #[serde(default)]
    fait: String,
}

struct Asked {
    by: String,
    when: String,
    reason: &'static str,
    /// Whether this member is not the one who asked.
    may_answer: bool,
}

#[derive(askama::Template)]
#[template(path = "awards/withdraw.html")]
struct WithdrawPage {
    shell: Shell,
    award: Uuid,
    badge: String,
    name: String,
    /// What will happen: at once, after a second person, or alone because there is nobody else.
    second_person: Second,
    reasons: [(&'static str, &'static str); 5],
    reason: String,
    errors: FieldErrors,
}

/// Whether somebody else must confirm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Second {
    NotNeeded,
    Needed,
    NobodyElse,
}

pub(super) async fn badge(
    State(issuer): State<Issuer>,
    Reader(trainer): Reader,
    Path(id): Path<String>,
    Query(done): Query<Done>,
) -> Result {
    let award = find(&issuer, &trainer, &id).await?;
    let request = rows::open_request(&issuer.db, trainer.organisation_id, award.award_id).await?;
    let followed = follow::of_award(&issuer, trainer.organisation_id, award.award_id).await?;
    let site = &issuer.site;
    let mut page = BadgePage::new(site, &trainer.organisation_name, &award, request.as_ref(), trainer.member_id);
    page.said = delivery::said(&done.fait);
    page.way = followed.and_then(|(badge, standing)| page.way(&badge, standing));
    web::render(Cache::Private, &page)
}

pub(super) async fn page(State(issuer): State<Issuer>, Reader(trainer): Reader, Path(id): Path<String>) -> Result {
    let award = find(&issuer, &trainer, &id).await?;
    if award.withdrawn_at.is_some() {
        return Ok(web::redirect(&format!("/atelier/badges/{}", award.award_id)));
    }
    let second = second(&issuer, &trainer, &award).await?;
    let site = &issuer.site;
    let page = WithdrawPage::new(site, &trainer.organisation_name, &award, second, "", FieldErrors::new());
    web::render(Cache::Private, &page)
}

pub(super) async fn withdraw(
    State(issuer): State<Issuer>,
    Reader(trainer): Reader,
    Path(id): Path<String>,
    Form(fields): Form<Fields>,
) -> Result {
    let award = find(&issuer, &trainer, &id).await?;
    let back = web::redirect(&format!("/atelier/badges/{}", award.award_id));
    if award.withdrawn_at.is_some() {
        return Ok(back);
    }
    let second = second(&issuer, &trainer, &award).await?;
    let reason = fields.get("motif");
    if !REASONS.iter().any(|(code, _)| *code == reason) {
        let mut errors = FieldErrors::new();
        errors.add("motif", "Choisissez un motif.");
        let page = WithdrawPage::new(&issuer.site, &trainer.organisation_name, &award, second, reason, errors);
        return web::render_status(http::StatusCode::UNPROCESSABLE_ENTITY, Cache::Private, &page);
    }
    let now = issuer.clock.now();
    let mut tx = issuer.db.begin().await?;
    if second == Second::Needed {
        execute!(tx, sqlx::query(
            "insert into issuer_withdrawal_request (request_id, award_id, organisation_id, reason, asked_by, asked_at)
             values ($1, $2, $3, $4, $5, $6) on conflict (award_id) where answer is null do nothing")
            .bind(Uuid::new_v4()).bind(award.award_id).bind(trainer.organisation_id).bind(reason)
            .bind(trainer.member_id).bind(now))?;
    } else {
        take_back(&mut tx, &issuer, &trainer, award.award_id, reason, trainer.member_id, None).await?;
    }
    tx.commit().await?;
    Ok(back)
}

/// « Confirmer » or « Garder le badge », by another member than the one who asked.
pub(super) async fn answer(
    State(issuer): State<Issuer>,
    Reader(trainer): Reader,
    Path(id): Path<String>,
    Form(fields): Form<Fields>,
) -> Result {
    let award = find(&issuer, &trainer, &id).await?;
    let organisation_id = trainer.organisation_id;
    let back = web::redirect(&format!("/atelier/badges/{}", award.award_id));
    let Some(request) = rows::open_request(&issuer.db, organisation_id, award.award_id).await? else { return Ok(back) };
    let answer = match fields.get("reponse") {
        "confirmer" => "confirmed",
        "garder" => "refused",
        _ => return Err(Error::Invalid("Choisissez «\u{a0}Confirmer\u{a0}» ou «\u{a0}Garder le badge\u{a0}».".into())),
    };
    // Whoever asked may change their mind, never confirm themselves.
    if answer == "confirmed" && request.asked_by == trainer.member_id {
        return Err(Error::Forbidden);
    }
    let now = issuer.clock.now();
    let mut tx = issuer.db.begin().await?;
    let answered = execute!(
        tx,
        sqlx::query(
            "update issuer_withdrawal_request set answer = $3, answered_by = $4, answered_at = $5
         where organisation_id = $1 and request_id = $2 and answer is null"
        )
        .bind(organisation_id)
        .bind(request.request_id)
        .bind(answer)
        .bind(trainer.member_id)
        .bind(now)
    )?;
    if answered == 1 && answer == "confirmed" {
        let second = Some(trainer.member_id);
        take_back(&mut tx, &issuer, &trainer, award.award_id, &request.reason, request.asked_by, second).await?;
    }
    tx.commit().await?;
    Ok(back)
}

/// Withdraws one badge in the caller's transaction: the row that says who and why, the status bit, the letter that has
/// not left, and the one that tells whoever had heard of it. Nothing happens when another request was quicker.
async fn take_back(
    tx: &mut Tx,
    issuer: &Issuer,
    trainer: &Trainer,
    award_id: Uuid,
    reason: &str,
    by: Uuid,
    confirmed_by: Option<Uuid>,
) -> Result<()> {
    let (organisation_id, now) = (trainer.organisation_id, issuer.clock.now());
    let taken = execute!(tx, sqlx::query(
        "update issuer_award set withdrawn_at = $3 where organisation_id = $1 and award_id = $2 and withdrawn_at is null")
        .bind(organisation_id).bind(award_id).bind(now))?;
    if taken != 1 {
        return Ok(());
    }
    execute!(tx, sqlx::query(
        "insert into issuer_withdrawal (award_id, organisation_id, kind, reason, withdrawn_by, confirmed_by, withdrawn_at)
         values ($1, $2, 'withdrawn', $3, $4, $5, $6)")
        .bind(award_id).bind(organisation_id).bind(reason).bind(by).bind(confirmed_by).bind(now))?;
    let entries: Vec<(i64, i64)> = on!(tx, c => sqlx::query_as(
        "select status_list, status_index from issuer_credential where organisation_id = $1 and award_id = $2")
        .bind(organisation_id).bind(award_id).fetch_all(c).await)?;
    for (list, index) in entries {
        status::set(tx, organisation_id, list, u32::try_from(index).map_err(Error::internal)?, now).await?;
    }
    delivery::cancel(tx, issuer, organisation_id, award_id, now).await?;
    delivery::withdrawn::queue(tx, issuer, organisation_id, award_id).await?;
    Ok(())
}

async fn find(issuer: &Issuer, trainer: &Trainer, id: &str) -> Result<Award> {
    let id = id.parse().map_err(|_| Error::NotFound)?;
    rows::find(&issuer.db, trainer.organisation_id, id).await?.ok_or(Error::NotFound)
}

async fn second(issuer: &Issuer, trainer: &Trainer, award: &Award) -> Result<Second> {
    if issuer.clock.now() <= award.attested_at + ALONE {
        return Ok(Second::NotNeeded);
    }
    let members = members::rows::of(&issuer.db, trainer.organisation_id, Role::Trainer).await?;
    let other = members.iter().any(|m| m.member_id != trainer.member_id);
    Ok(if other { Second::Needed } else { Second::NobodyElse })
}

fn reason_words(code: &str) -> &'static str {
    REASONS.iter().find(|(c, _)| *c == code).map_or("Sans précision", |(_, words)| words)
}

fn day(at: OffsetDateTime) -> String {
    dates::long(dates::day_in_paris(at))
}

impl BadgePage {
    fn new(site: &Site, organisation: &str, award: &Award, request: Option<&Request>, member: Uuid) -> Self {
        let title = match (award.withdrawn_at, award.claimed_at) {
            (Some(at), _) => format!("Ce badge a été retiré le {}", day(at)),
            (None, Some(_)) => "Ce badge est en vigueur, et dans un livret".to_owned(),
            (None, None) => "Ce badge est en vigueur, pas encore récupéré".to_owned(),
        };
        let mut withdrawal = Vec::new();
        if award.withdrawn_at.is_some() {
            let why = match (award.withdrawal_kind.as_deref(), award.withdrawal_reason.as_deref()) {
                (Some("undone"), _) => "Annulé dans les dix minutes, personne ne l’a vu",
                (_, Some(undo::SEEN)) => {
                    "Lot annulé dans les dix minutes, après que ce badge a été récupéré ou annoncé"
                }
                (_, reason) => reason_words(reason.unwrap_or_default()),
            };
            withdrawal.push(("Motif", why.to_owned()));
            withdrawal.extend(award.withdrawn_by_name.clone().map(|name| ("Retiré par", name)));
            withdrawal.extend(award.confirmed_by_name.clone().map(|name| ("Confirmé par", name)));
        }
        Self {
            shell: trainer_shell(site, organisation, &title).current("/atelier"),
            award: award.award_id,
            session_id: award.session_id,
            badge: badge_words(&award.badge_id, &award.level).0,
            picture: format!("/badges/{}/image.svg", award.award_id),
            name: award.recipient_name.clone(),
            sentence: award.sentence.clone(),
            observed: dates::long(award.awarded_on),
            attested: format!("{}, par {}", dates::moment(award.attested_at), award.attested_by_name),
            claimed: award.claimed_at.map(day).unwrap_or_default(),
            withdrawal,
            in_force: award.withdrawn_at.is_none(),
            request: request.map(|r| Asked {
                by: r.asked_by_name.clone(),
                when: day(r.asked_at),
                reason: reason_words(&r.reason),
                may_answer: r.asked_by != member,
            }),
            said: None,
            way: None,
        }
    }

    fn way(
        &self,
        badge: &follow::Followed,
        standing: Standing,
    ) -> Option<((&'static str, &'static str, String), Acts)> {
        let acts = Acts::of(badge, standing, self.name.clone(), Back::TO_BADGE)?;
        Some((standing.tag(), acts))
    }
}

impl WithdrawPage {
    fn new(site: &Site, organisation: &str, award: &Award, second: Second, reason: &str, errors: FieldErrors) -> Self {
        Self {
            shell: trainer_shell(site, organisation, "Retirer ce badge\u{202f}?").current("/atelier").narrow(),
            award: award.award_id,
            badge: badge_words(&award.badge_id, &award.level).0,
            name: award.recipient_name.clone(),
            second_person: second,
            reasons: REASONS,
            reason: reason.to_owned(),
            errors,
        }
    }
}

pub(super) fn samples(site: &Site) -> Vec<Sample> {
    const PAGE: &str = "/atelier/badges/{award}";
    const FORM: &str = "/atelier/badges/{award}/retirer";
    const ORGANISATION: &str = "Les Ateliers du Noireau";
    let at = datetime!(2026-11-20 14:05 UTC);
    let award = Award {
        award_id: Uuid::nil(),
        session_id: Uuid::nil(),
        badge_id: "cpt-travail-en-equipe".into(),
        level: "pratique".into(),
        awarded_on: at.date(),
        attested_at: at,
        attested_by_name: "Claire Aubert".into(),
        recipient_name: "Hugo Vasseur".into(),
        sentence: "Service de midi\u{a0}: 40 couverts, équipe de cinq.".into(),
        claimed_at: None,
        withdrawn_at: None,
        withdrawal_kind: None,
        withdrawal_reason: None,
        withdrawn_by_name: None,
        confirmed_by_name: None,
    };
    let claimed = Award { claimed_at: Some(at), ..award.clone() };
    let withdrawn = Award {
        withdrawn_at: Some(at),
        withdrawal_kind: Some("withdrawn".into()),
        withdrawal_reason: Some("person".into()),
        withdrawn_by_name: Some("Claire Aubert".into()),
        confirmed_by_name: Some("Paul Lemoine".into()),
        ..award.clone()
    };
    let me = Uuid::from_u128(1);
    let request = |by| Request {
        request_id: Uuid::nil(),
        reason: "badge".into(),
        asked_by: by,
        asked_by_name: "Claire Aubert".into(),
        asked_at: at,
    };
    let badge = |award: &Award, request: Option<&Request>| BadgePage::new(site, ORGANISATION, award, request, me);
    let form = |second, errors| WithdrawPage::new(site, ORGANISATION, &award, second, "", errors);
    let mut errors = FieldErrors::new();
    errors.add("motif", "Choisissez un motif.");
    let mut refused = badge(&award, None);
    refused.way = refused.way(&follow::sample(Some("hugo@exemple.fr")), Standing::Refused);
    refused.said = delivery::said("pas-remis");
    vec![
        Sample::new(HOUSE, PAGE, "badge-courriel-refuse", &refused),
        Sample::new(HOUSE, PAGE, "badge-remis", &badge(&award, None)),
        Sample::new(HOUSE, PAGE, "badge-recupere", &badge(&claimed, None)),
        Sample::new(HOUSE, PAGE, "badge-retire", &badge(&withdrawn, None)),
        Sample::new(HOUSE, PAGE, "badge-demande-autre", &badge(&claimed, Some(&request(Uuid::nil())))),
        Sample::new(HOUSE, PAGE, "badge-demande-moi", &badge(&claimed, Some(&request(me)))),
        Sample::new(HOUSE, FORM, "retirer", &form(Second::NotNeeded, FieldErrors::new())),
        Sample::new(HOUSE, FORM, "retirer-deux", &form(Second::Needed, FieldErrors::new())),
        Sample::new(HOUSE, FORM, "retirer-seul", &form(Second::NobodyElse, errors)),
    ]
}
