//! `/atelier`: the list of sessions, and opening one.

use axum::extract::{Query, State};
use badge_schemas::referentiel::{Level, referentiel};
use time::Date;
use time::macros::date;
use uuid::Uuid;
use web::form::Fields;
use web::{Cache, Error, FieldErrors, Form, Sample, Shell, Site, dates, words};

use super::paging::{Asked, PER_PAGE, Paging};
use super::rows::{self, TrainingSession};
use crate::access::{Reader, Trainer, trainer_shell};
use crate::members::person::{NameFault, parse_words};
use crate::{HOUSE, Issuer, Result};

#[derive(askama::Template)]
#[template(path = "training_sessions/list.html")]
struct ListPage {
    shell: Shell,
    sessions: Vec<SessionLine>,
    paging: Paging,
}

struct SessionLine {
    id: Uuid,
    title: String,
    place: String,
    days: String,
    today: bool,
    figures: String,
}

#[derive(askama::Template)]
#[template(path = "training_sessions/new.html")]
struct NewPage {
    shell: Shell,
    title: String,
    place: String,
    from: String,
    until: String,
    errors: FieldErrors,
}

pub(super) async fn list(State(issuer): State<Issuer>, Reader(trainer): Reader, Query(asked): Query<Asked>) -> Result {
    let today = dates::day_in_paris(issuer.clock.now());
    let paging = asked.of(rows::count(&issuer.db, trainer.organisation_id).await?);
    let sessions = rows::page(&issuer.db, trainer.organisation_id, today, PER_PAGE, paging.offset()).await?;
    web::render(Cache::Private, &ListPage::new(&issuer.site, &trainer.organisation_name, &sessions, paging, today))
}

pub(super) async fn new(State(issuer): State<Issuer>, trainer: Trainer) -> Result {
    let today = dates::iso(dates::day_in_paris(issuer.clock.now()));
    let page = NewPage::new(&issuer.site, &trainer.organisation_name, "", "", &today, "", FieldErrors::new());
    web::render(Cache::Private, &page)
}

pub(super) async fn open(State(issuer): State<Issuer>, trainer: Trainer, Form(fields): Form<Fields>) -> Result {
    let mut errors = FieldErrors::new();
    let title = parse_words(fields.get("intitule"), 100);
    if let Err(fault) = &title {
        errors.add("intitule", words_of(*fault, "Écrivez le nom de la session"));
    }
    let place = match fields.get("lieu") {
        "" => Ok(None),
        place => parse_words(place, 100).map(Some),
    };
    if let Err(fault) = &place {
        errors.add("lieu", words_of(*fault, "Écrivez le lieu, ou rien"));
    }
    let from = dates::parse_day(fields.get("debut"));
    if from.is_none() {
        errors.add("debut", "Écrivez le premier jour, par exemple 22/11/2026.");
    }
    let until = match fields.get("fin") {
        "" => None,
        typed => {
            let day = dates::parse_day(typed);
            if day.is_none() {
                errors.add("fin", "Écrivez le dernier jour, par exemple 22/12/2026, ou rien.");
            } else if from.is_some_and(|from| day < Some(from)) {
                errors.add("fin", "La fin est avant le début\u{a0}: corrigez l’une des deux.");
            }
            day
        }
    };
    let (Ok(title), Ok(place), Some(starts_on), true) = (title, place, from, errors.is_empty()) else {
        let value = |name| fields.get(name);
        let page = NewPage::new(
            &issuer.site,
            &trainer.organisation_name,
            value("intitule"),
            value("lieu"),
            value("debut"),
            value("fin"),
            errors,
        );
        return web::render_status(http::StatusCode::UNPROCESSABLE_ENTITY, Cache::Private, &page);
    };
    let session = TrainingSession {
        session_id: Uuid::new_v4(),
        title,
        place,
        starts_on,
        ends_on: until,
        trainees: 0,
        badges: 0,
        claimed: 0,
    };
    let mut tx = issuer.db.begin().await?;
    rows::insert(&mut tx, trainer.organisation_id, &session, trainer.member_id, issuer.clock.now()).await?;
    tx.commit().await?;
    Ok(web::redirect(&format!("/atelier/sessions/{}", session.session_id)))
}

/// The session of an address, if it is this organisation's; not found otherwise, whoever else has it.
pub(crate) async fn find(issuer: &Issuer, trainer: &Trainer, id: &str) -> Result<TrainingSession> {
    let id = id.parse().map_err(|_| Error::NotFound)?;
    rows::find(&issuer.db, trainer.organisation_id, id).await?.ok_or(Error::NotFound)
}

/// « Travail en équipe – Je pratique », and where its vignette is.
pub(crate) fn badge_words(badge_id: &str, level: &str) -> (String, String) {
    let achievement = Level::parse(level).and_then(|level| referentiel().achievement(badge_id, level));
    achievement.map_or_else(
        || (badge_id.to_owned(), String::new()),
        |a| (a.name.clone(), format!("{}/vignette.svg", a.path())),
    )
}

/// « du 3 au 28 novembre 2026 » in short words.
pub(crate) fn days(session: &TrainingSession) -> String {
    lasting(session.starts_on, session.ends_on)
}

/// The same of its first and last day.
pub(crate) fn lasting(starts_on: Date, ends_on: Option<Date>) -> String {
    match ends_on {
        None => format!("depuis le {}, entrées et sorties permanentes", dates::long(starts_on)),
        Some(end) if end == starts_on => format!("le {}", dates::long(end)),
        Some(end) => format!("du {} au {}", dates::long(starts_on), dates::long(end)),
    }
}

impl ListPage {
    fn new(site: &Site, organisation: &str, sessions: &[TrainingSession], paging: Paging, today: Date) -> Self {
        let line = |s: &TrainingSession| SessionLine {
            id: s.session_id,
            title: s.title.clone(),
            place: s.place.clone().unwrap_or_default(),
            days: days(s),
            today: s.starts_on <= today && s.ends_on.is_none_or(|end| end >= today),
            figures: format!(
                "{}, {}",
                words::count_or(count(s.trainees), "aucun stagiaire", "stagiaire", "stagiaires"),
                words::count_or(count(s.badges), "aucun badge", "badge", "badges")
            ),
        };
        let title = if sessions.is_empty() { "Ouvrez votre première session" } else { "Mes sessions" };
        Self {
            shell: trainer_shell(site, organisation, title).current("/atelier"),
            sessions: sessions.iter().map(line).collect(),
            paging,
        }
    }
}

impl NewPage {
    fn new(
        site: &Site,
        organisation: &str,
        title: &str,
        place: &str,
        from: &str,
        until: &str,
        errors: FieldErrors,
    ) -> Self {
        let [title, place, from, until] = [title, place, from, until].map(str::to_owned);
        let shell = trainer_shell(site, organisation, "Ouvrir une session").current("/atelier").narrow();
        Self { shell, title, place, from, until, errors }
    }
}

/// The fault of a name, with what is missing said for this field.
fn words_of(fault: NameFault, empty: &str) -> String {
    match fault {
        NameFault::Empty => empty.to_owned(),
        NameFault::Long => "C’est trop long\u{a0}: 100\u{a0}signes au plus".to_owned(),
        NameFault::Sign => fault.to_string(),
    }
}

pub(super) fn count(n: i64) -> usize {
    usize::try_from(n).unwrap_or_default()
}

/// A session for sample pages.
pub(crate) fn sample_session() -> TrainingSession {
    TrainingSession {
        session_id: Uuid::nil(),
        title: "#Avenir, groupe du lundi".into(),
        place: Some("Flers".into()),
        starts_on: date!(2026 - 11 - 02),
        ends_on: None,
        trainees: 12,
        badges: 12,
        claimed: 7,
    }
}

pub(super) fn samples(site: &Site) -> Vec<Sample> {
    const ORGANISATION: &str = "Les Ateliers du Noireau";
    let today = date!(2026 - 11 - 23);
    let session = sample_session();
    let past = TrainingSession {
        title: "Socle – bureautique".into(),
        place: None,
        ends_on: Some(date!(2026 - 11 - 20)),
        ..session.clone()
    };
    let list = |sessions: &[TrainingSession], total| {
        ListPage::new(site, ORGANISATION, sessions, Asked { page: Some(2) }.of(total), today)
    };
    let mut errors = FieldErrors::new();
    errors.add("intitule", "Écrivez le nom de la session");
    errors.add("fin", "La fin est avant le début\u{a0}: corrigez l’une des deux.");
    vec![
        Sample::new(HOUSE, "/atelier", "sessions-vide", &list(&[], 0)),
        Sample::new(HOUSE, "/atelier", "sessions", &list(&[session.clone(), past.clone()], 2)),
        Sample::new(HOUSE, "/atelier", "sessions-beaucoup", &list(&[session.clone(), past], 300)),
        Sample::new(
            HOUSE,
            "/atelier/sessions/nouvelle",
            "session-nouvelle",
            &NewPage::new(site, ORGANISATION, "", "", "2026-11-23", "", FieldErrors::new()),
        ),
        Sample::new(
            HOUSE,
            "/atelier/sessions/nouvelle",
            "session-nouvelle-refusee",
            &NewPage::new(site, ORGANISATION, "", "Flers", "2026-11-23", "2026-11-01", errors),
        ),
    ]
}
