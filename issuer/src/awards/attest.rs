//! Attesting by ticking people (specimen `attester`): which badge, who, what was seen, in what situation.

use std::collections::HashMap;

use axum::extract::{Path, Query, State};
use badge_schemas::referentiel::referentiel;
use serde::Deserialize;
use time::OffsetDateTime;
use time::macros::datetime;
use uuid::Uuid;
use web::form::Fields;
use web::{Cache, Error, FieldErrors, Form, Sample, Shell, Site, dates};

use super::choices::Choices;
use super::lots::{self, Attested};
use super::observation::{Answers, Around};
use super::picker;
use crate::access::{Trainer, trainer_shell};
use crate::trainees::Trainee;
use crate::training_sessions::pages::{badge_words, days, find, sample_session};
use crate::training_sessions::{self, TrainingSession};
use crate::{HOUSE, Issuer, Result, awards, trainees};

#[derive(askama::Template)]
#[template(path = "awards/attest.html")]
struct AttestPage {
    shell: Shell,
    id: Uuid,
    session: String,
    about: String,
    people: Vec<Person>,
    last: Vec<LastBadge>,
    form: Choices,
    today: String,
    errors: FieldErrors,
}

struct Person {
    id: Uuid,
    name: String,
    ticked: bool,
    /// Why this person cannot be ticked; empty otherwise.
    why: String,
}

struct LastBadge {
    code: String,
    name: String,
    vignette: String,
    chosen: bool,
}

/// `?badge=cpt-travail-en-equipe/pratique`, or the two apart.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    badge: String,
    #[serde(default)]
    level: String,
}

pub(super) async fn page(
    State(issuer): State<Issuer>,
    trainer: Trainer,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result {
    let session = find(&issuer, &trainer, &id).await?;
    let achievement = match (asked.badge.as_str(), asked.level.as_str()) {
        (badge, "") => badge.to_owned(),
        (badge, level) => format!("{badge}/{level}"),
    };
    let today = dates::iso(dates::day_in_paris(issuer.clock.now()));
    let answers = Answers { achievement, day: today, ..Answers::default() };
    // Nothing is chosen for the trainer, not even what they attested last: which badge is the first question.
    if answers.chosen().is_none() {
        let page = picker::show(&issuer, &trainer, &session, "", FieldErrors::new()).await?;
        return web::render(Cache::Private, &page);
    }
    let page = show(&issuer, &trainer, &session, &answers, &[], FieldErrors::new()).await?;
    web::render(Cache::Private, &page)
}

pub(super) async fn attest(
    State(issuer): State<Issuer>,
    trainer: Trainer,
    Path(id): Path<String>,
    Form(fields): Form<Fields>,
) -> Result {
    let session = find(&issuer, &trainer, &id).await?;
    let mut answers = Answers::from_form(&fields);
    let ticked: Vec<Uuid> = fields.all("p").filter_map(|p| p.parse().ok()).collect();
    // Another of « Vos derniers badges »: the page again, for that badge, with what was answered so far.
    let other: String = fields.get("choisir").chars().take(80).collect();
    if referentiel().achievement_by_code(&other).is_some() {
        answers.achievement = other;
        answers.points.clear();
        let page = show(&issuer, &trainer, &session, &answers, &ticked, FieldErrors::new()).await?;
        return web::render(Cache::Private, &page);
    }
    if answers.chosen().is_none() {
        let mut errors = FieldErrors::new();
        errors.add("cherche", "Choisissez un badge et un niveau.");
        let page = picker::show(&issuer, &trainer, &session, "", errors).await?;
        return web::render_status(http::StatusCode::UNPROCESSABLE_ENTITY, Cache::Private, &page);
    }
    let families = awards::families(&issuer, trainer.organisation_id).await?;
    let around =
        Around { today: dates::day_in_paris(issuer.clock.now()), families: families.as_deref(), points_wanted: true };
    let mut errors = FieldErrors::new();
    if ticked.is_empty() {
        errors.add("qui", "Cochez au moins une personne.");
    }
    let checked = answers.check(around);
    if let Err(more) = &checked {
        more.iter().for_each(|(id, message)| errors.add(id, message));
    }
    if let Some(question) = answers.ask_day(session.starts_on, &days(&session)) {
        errors.add("jour", question);
    }
    match checked {
        Ok(observation) if errors.is_empty() => {
            match lots::from_ticks(&issuer, &trainer, session.session_id, &ticked, &observation).await? {
                Attested::Lot(lot) => return Ok(web::redirect(&format!("/atelier/lots/{lot}"))),
                Attested::Unknown => return Err(Error::NotFound),
                Attested::Nobody => errors.add("qui", "Cochez au moins une personne de cette session."),
            }
        }
        _ => {}
    }
    let page = show(&issuer, &trainer, &session, &answers, &ticked, errors).await?;
    web::render_status(http::StatusCode::UNPROCESSABLE_ENTITY, Cache::Private, &page)
}

async fn show(
    issuer: &Issuer,
    trainer: &Trainer,
    session: &TrainingSession,
    answers: &Answers,
    ticked: &[Uuid],
    errors: FieldErrors,
) -> Result<AttestPage> {
    let organisation_id = trainer.organisation_id;
    let yourself = awards::address_of_member(&issuer.db, organisation_id, trainer.member_id).await?;
    let (badge, level) = answers.achievement.split_once('/').unwrap_or_default();
    let had: HashMap<Uuid, OffsetDateTime> =
        training_sessions::rows::has_already(&issuer.db, organisation_id, session.session_id, badge, level)
            .await?
            .into_iter()
            .collect();
    let people = trainees::rows::of_session(&issuer.db, organisation_id, session.session_id).await?;
    let people = persons(&people, ticked, &had, &yourself);
    let families = awards::families(issuer, organisation_id).await?;
    let last = lots::last_achievements(&issuer.db, organisation_id, trainer.member_id).await?;
    Ok(AttestPage::new(
        &issuer.site,
        &trainer.organisation_name,
        session,
        people,
        last,
        Choices::new(answers, families.as_deref()),
        &dates::long(dates::day_in_paris(issuer.clock.now())),
        errors,
    ))
}

/// The people of the session; those who share a name are told apart by address and file number.
fn persons(people: &[Trainee], ticked: &[Uuid], had: &HashMap<Uuid, OffsetDateTime>, yourself: &str) -> Vec<Person> {
    let mut namesakes: HashMap<&str, usize> = HashMap::new();
    for trainee in people {
        *namesakes.entry(&trainee.folded_name).or_default() += 1;
    }
    let shared = |trainee: &Trainee| namesakes.get(trainee.folded_name.as_str()).is_some_and(|count| *count > 1);
    let person = |trainee: &Trainee| {
        let mut person = Person::new(trainee, ticked, had, yourself);
        if shared(trainee) {
            let (email, number) = (trainee.email.as_deref(), trainee.file_number.as_deref());
            person.name = trainees::known_as(&trainee.name, email, number);
        }
        person
    };
    people.iter().map(person).collect()
}

impl Person {
    fn new(trainee: &Trainee, ticked: &[Uuid], had: &HashMap<Uuid, OffsetDateTime>, yourself: &str) -> Self {
        let why = match had.get(&trainee.trainee_id) {
            Some(since) => format!("A déjà ce badge, depuis le {}", dates::day_month(dates::day_in_paris(*since))),
            None if trainee.email_key.as_deref() == Some(yourself) => {
                "C’est vous\u{a0}: on ne s’atteste pas soi-même".into()
            }
            None => String::new(),
        };
        Self {
            id: trainee.trainee_id,
            name: trainee.name.clone(),
            ticked: why.is_empty() && ticked.contains(&trainee.trainee_id),
            why,
        }
    }
}

impl AttestPage {
    #[expect(clippy::too_many_arguments, reason = "one page, each of its parts")]
    fn new(
        site: &Site,
        organisation: &str,
        session: &TrainingSession,
        people: Vec<Person>,
        last: Vec<String>,
        form: Choices,
        today: &str,
        errors: FieldErrors,
    ) -> Self {
        let chosen = form.chosen.as_ref().map(|c| c.code.clone()).unwrap_or_default();
        let last = last
            .into_iter()
            .map(|code| {
                let (name, vignette) = code.split_once('/').map(|(b, l)| badge_words(b, l)).unwrap_or_default();
                LastBadge { chosen: code == chosen, code, name, vignette }
            })
            .collect();
        let count = usize::try_from(session.trainees).unwrap_or_default();
        let place = session.place.as_ref().map(|place| format!(", {place}")).unwrap_or_default();
        let people_words = web::words::count_or(count, "aucun stagiaire", "stagiaire", "stagiaires");
        Self {
            shell: trainer_shell(site, organisation, "Attester").current("/atelier"),
            id: session.session_id,
            session: session.title.clone(),
            about: format!("{}{place} · {people_words} · {}", session.title, days(session)),
            people,
            last,
            form,
            today: today.to_owned(),
            errors,
        }
    }
}

pub(super) fn samples(site: &Site) -> Vec<Sample> {
    const PATH: &str = "/atelier/sessions/{id}/attester";
    const ORGANISATION: &str = "Les Ateliers du Noireau";
    let families = ["comportementale", "base", "numerique"].map(str::to_owned);
    let names = ["Amina Lefèvre", "Bastien Roussel", "Chloé Marie", "Hugo Vasseur", "Claire Aubert"];
    let since = HashMap::from([(Uuid::from_u128(3), datetime!(2026-11-03 9:00 UTC))]);
    let people = || -> Vec<Person> {
        let trainee = |(n, name): (usize, &&str)| Trainee {
            trainee_id: Uuid::from_u128(n as u128),
            email_key: (n == 4).then(|| "moi@exemple.fr".to_owned()),
            ..Trainee::new(name, None, None)
        };
        let ticked = [Uuid::from_u128(0), Uuid::from_u128(1)];
        names.iter().enumerate().map(|one| Person::new(&trainee(one), &ticked, &since, "moi@exemple.fr")).collect()
    };
    let answers = Answers {
        achievement: "cpt-travail-en-equipe/pratique".into(),
        day: "2026-11-20".into(),
        evidence: "plateau-technique".into(),
        points: vec![0, 2],
        sentence: "Service de midi\u{a0}: 40 couverts, équipe de cinq.".into(),
        meant_day: String::new(),
    };
    let last = || vec!["cpt-travail-en-equipe/pratique".to_owned(), "bas-lire/decouvre".to_owned()];
    let page = |people, last, answers: &Answers, errors| {
        let form = Choices::new(answers, Some(&families));
        AttestPage::new(site, ORGANISATION, &sample_session(), people, last, form, "23\u{a0}novembre 2026", errors)
    };
    let empty = Answers { achievement: answers.achievement.clone(), ..Answers::default() };
    let around = Around { today: time::macros::date!(2026 - 11 - 23), families: Some(&families), points_wanted: true };
    let mut errors = FieldErrors::new();
    errors.add("qui", "Cochez au moins une personne.");
    empty.check(around).err().unwrap_or_default().iter().for_each(|(id, message)| errors.add(id, message));
    let mut early = Answers { day: "2026-10-20".into(), ..answers.clone() };
    let mut question = FieldErrors::new();
    if let Some(asked) = early.ask_day(sample_session().starts_on, &days(&sample_session())) {
        question.add("jour", asked);
    }
    vec![
        Sample::new(HOUSE, PATH, "attester-avant", &page(people(), last(), &early, question)),
        Sample::new(HOUSE, PATH, "attester", &page(people(), last(), &answers, FieldErrors::new())),
        Sample::new(HOUSE, PATH, "attester-refuse", &page(people(), last(), &empty, errors)),
        Sample::new(HOUSE, PATH, "attester-personne", &page(Vec::new(), last(), &answers, FieldErrors::new())),
    ]
}
