//! « Montrer » : one press makes a showing of fifteen minutes, its page is the QR and nothing else.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;
use store::on;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;
use web::codes::Code;
use web::form::{FieldErrors, Fields};
use web::{Cache, Error, Form, Shell, Site, Thumb, Words, qr};

use super::rows;
use crate::access::Learner;
use crate::badges::{self, Badge};
use crate::pages::{Medal, inside};
use crate::{Wallet, secrets};

const LIFE: Duration = Duration::minutes(15);
/// More would not be looked at, and the verifier judges each.
pub const AT_MOST: usize = 30;

#[derive(Template)]
#[template(path = "show_choose.html")]
pub struct Choose {
    pub shell: Shell,
    pub badges: Vec<Medal>,
    pub errors: FieldErrors,
}

/// What stands behind `?`.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    badge: Option<Uuid>,
}

/// `GET /livret/montrer`: the choice. It makes nothing.
pub async fn page(State(wallet): State<Wallet>, learner: Learner, Query(asked): Query<Asked>) -> web::Result<Response> {
    let mut rows = badges::of_livret(&wallet.db, learner.livret_id).await?;
    badges::refresh(&wallet, learner.livret_id, &mut rows).await?;
    web::render(Cache::Private, &Choose::new(&wallet.site, &learner.name, &rows, asked.badge))
}

impl Choose {
    /// The badges that may be shown; this one ticked, or the only one.
    pub fn new(site: &Site, name: &str, rows: &[Badge], chosen: Option<Uuid>) -> Self {
        let mut badges: Vec<Medal> =
            rows.iter().filter(|badge| badge.can_show()).map(|badge| Medal::new(site, badge)).collect();
        let alone = badges.len() == 1;
        for badge in &mut badges {
            badge.chosen = alone || chosen == Some(badge.id);
        }
        Self { shell: inside(site, "Montrer", name, Thumb::Montrer).narrow(), badges, errors: FieldErrors::new() }
    }
}

/// `POST /livret/montrer`: makes the showing and goes to its QR. Without a choice: the only badge, or the choice.
pub async fn make(State(wallet): State<Wallet>, learner: Learner, Form(form): Form<Fields>) -> web::Result<Response> {
    let rows = badges::of_livret(&wallet.db, learner.livret_id).await?;
    let showable: Vec<Uuid> = rows.iter().filter(|badge| badge.can_show()).map(|badge| badge.badge_id).collect();
    let mut chosen = chosen(&form, &showable)?;
    if chosen.is_empty() && showable.len() == 1 {
        chosen = showable;
    }
    if chosen.is_empty() {
        let mut page = Choose::new(&wallet.site, &learner.name, &rows, None);
        if !form.has("chosen", "1") {
            return Ok(web::redirect("/livret/montrer"));
        }
        page.errors.add("badges", "Choisissez au moins un badge");
        return web::render_status(StatusCode::UNPROCESSABLE_ENTITY, Cache::Private, &page);
    }
    let mut tx = wallet.db.begin().await?;
    let until = wallet.clock.now() + LIFE;
    let showing = rows::write_showing(&mut tx, &wallet, learner.livret_id, &chosen, until).await?;
    tx.commit().await?;
    Ok(web::redirect(&format!("/livret/montrer/{showing}")))
}

/// The badges ticked in a form, each once. One that is not in this livret does not exist.
pub fn chosen(form: &Fields, mine: &[Uuid]) -> web::Result<Vec<Uuid>> {
    let mut chosen: Vec<Uuid> = Vec::new();
    for text in form.all("badge") {
        let badge = Uuid::parse_str(text).ok().filter(|badge| mine.contains(badge)).ok_or(Error::NotFound)?;
        if !chosen.contains(&badge) {
            chosen.push(badge);
        }
    }
    if chosen.len() > AT_MOST {
        return Err(Error::Invalid(format!("Choisissez {AT_MOST}\u{a0}badges au plus.")));
    }
    Ok(chosen)
}

#[derive(Template)]
#[template(path = "show.html")]
pub struct Show {
    pub shell: Shell,
    pub title: String,
    pub under: String,
    pub qr: String,
    pub code: String,
    pub verifier: String,
    pub until: String,
    pub close: String,
}

#[derive(sqlx::FromRow)]
struct Shown {
    badge_id: Uuid,
    name: String,
    level_code: String,
}

/// `GET /livret/montrer/{id}`
pub async fn show(State(wallet): State<Wallet>, learner: Learner, Path(id): Path<Uuid>) -> web::Result<Response> {
    let until: Option<OffsetDateTime> = on!(wallet.db, c => sqlx::query_scalar(
        "select until_at from wallet_showing where livret_id = $1 and showing_id = $2")
        .bind(learner.livret_id).bind(id).fetch_optional(c).await)?;
    let until = until.ok_or(Error::NotFound)?;
    if wallet.clock.now() >= until {
        let words = Words::new("Ce QR a fini de servir", "Il marchait 15\u{a0}minutes. Faites-en un autre.");
        return Err(Error::Gone.with(words.link("/livret/montrer", "Montrer de nouveau")));
    }
    let shown: Vec<Shown> = on!(wallet.db, c => sqlx::query_as(
        "select b.badge_id, b.name, b.level_code from wallet_showing_badge s join wallet_badge b on b.badge_id = s.badge_id
         where s.showing_id = $1 order by s.place")
        .bind(id).fetch_all(c).await)?;
    let code = secrets::showing(&wallet.vault, id);
    let page = match shown.as_slice() {
        [] => return Err(Error::NotFound),
        [one] => {
            let level = badge_schemas::referentiel::Level::parse(&one.level_code).map_or("", |level| level.name());
            Show::new(
                &wallet.site,
                &one.name,
                level,
                &learner.name,
                &code,
                until,
                &format!("/livret/badges/{}", one.badge_id),
            )
        }
        many => {
            let title = web::words::count(many.len(), "badge", "badges");
            Show::new(&wallet.site, &title, "", &learner.name, &code, until, "/livret")
        }
    };
    web::render(Cache::Token, &page)
}

impl Show {
    /// The QR of a code.
    pub fn new(
        site: &Site,
        title: &str,
        level: &str,
        holder: &str,
        code: &Code,
        until: OffsetDateTime,
        close: &str,
    ) -> Self {
        let verifier = &site.houses.verifier;
        let label = "QR à viser. Sans appareil photo, le code écrit dessous donne la même page.";
        let under: Vec<&str> = [level, holder].into_iter().filter(|part| !part.is_empty()).collect();
        Self {
            shell: Shell::new(site, format!("Montrer\u{a0}: {title}")).bright().noindex(),
            title: title.to_owned(),
            under: under.join(" · "),
            qr: qr::svg(&verifier.join_upper(&format!("/v/{}", code.as_str())), qr::Level::Q, label),
            code: code.grouped(),
            verifier: format!("{}/v", verifier.authority()),
            until: web::dates::time(web::dates::paris(until).time()),
            close: close.to_owned(),
        }
    }
}
