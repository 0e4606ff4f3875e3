//! Adding one person to a session by hand.

use axum::extract::{Path, State};
use store::StoreError;
use web::form::Fields;
use web::{Cache, FieldErrors, Form, Sample, Shell, Site};

use super::pages::{find, sample_session};
use super::rows::TrainingSession;
use crate::access::{Trainer, trainer_shell};
use crate::imports::reading;
use crate::trainees::{Match, Trainee, rows};
use crate::{HOUSE, Issuer, Result, trainees};

#[derive(askama::Template)]
#[template(path = "training_sessions/person.html")]
struct PersonPage {
    shell: Shell,
    id: uuid::Uuid,
    session: String,
    name: String,
    email: String,
    number: String,
    question: Option<String>,
    answer: String,
    errors: FieldErrors,
}

pub(super) async fn page(State(issuer): State<Issuer>, trainer: Trainer, Path(id): Path<String>) -> Result {
    let session = find(&issuer, &trainer, &id).await?;
    let page = PersonPage::new(&issuer.site, &trainer.organisation_name, &session, &Fields::default());
    web::render(Cache::Private, &page)
}

pub(super) async fn add(
    State(issuer): State<Issuer>,
    trainer: Trainer,
    Path(id): Path<String>,
    Form(fields): Form<Fields>,
) -> Result {
    let session = find(&issuer, &trainer, &id).await?;
    let mut page = PersonPage::new(&issuer.site, &trainer.organisation_name, &session, &fields);
    // Its label says the order: « Prénom et nom ».
    let name = reading::name_as_written(fields.get("nom"));
    let email = reading::email(fields.get("courriel"));
    let number = reading::file_number(fields.get("dossier"));
    let faults = [("nom", name.as_ref().err()), ("courriel", email.as_ref().err()), ("dossier", number.as_ref().err())];
    for (field, fault) in faults {
        if let Some(fault) = fault {
            page.errors.add(field, fault.words());
        }
    }
    if let (Ok(name), Ok(email), Ok(number)) = (name, email, number) {
        let person = Trainee::new(&name, email.as_ref().map(|e| e.0.as_str()), number.as_deref());
        match join(&issuer, &trainer, &session, person, fields.get("meme")).await {
            Ok(Joined::Yes) => return Ok(web::redirect(&format!("/atelier/sessions/{}", session.session_id))),
            Ok(Joined::Ask(who)) => {
                page.errors.add("meme", "Dites si c’est la même personne.");
                page.question = Some(who);
            }
            Ok(Joined::NumberOf(who)) => {
                page.errors.add("dossier", reading::Fault::NumberOfAnother(who).words());
            }
            // Somebody added the same person at the same instant: the form answers what is known now.
            Err(StoreError::Unique { .. }) => {
                page.errors.add("nom", "Cette personne vient d’être ajoutée. Recommencez.");
            }
            Err(error) => return Err(error.into()),
        }
    }
    web::render_status(http::StatusCode::UNPROCESSABLE_ENTITY, Cache::Private, &page)
}

enum Joined {
    Yes,
    Ask(String),
    NumberOf(String),
}

async fn join(
    issuer: &Issuer,
    trainer: &Trainer,
    session: &TrainingSession,
    person: Trainee,
    answer: &str,
) -> store::Result<Joined> {
    let (organisation_id, now) = (trainer.organisation_id, issuer.clock.now());
    rows::note_words(&issuer.db, organisation_id).await?;
    let mut tx = issuer.db.begin().await?;
    let keys = person.keys();
    let (book, known) = rows::perhaps(&mut tx, organisation_id, session.session_id, &keys).await?;
    let name_of = |id| known.iter().find(|t| t.trainee_id == id).map(|t| t.name.clone()).unwrap_or_default();
    let existing = match book.find(&keys) {
        Match::Same(id) => Some(id),
        Match::Ask(id) if answer == "same" => Some(id),
        Match::Ask(id) if answer != "other" => {
            let who = known.iter().find(|t| t.trainee_id == id);
            let who = who.map(|t| trainees::known_as(&t.name, t.email.as_deref(), t.file_number.as_deref()));
            return Ok(Joined::Ask(who.unwrap_or_default()));
        }
        Match::NumberOf(id) => return Ok(Joined::NumberOf(name_of(id))),
        Match::Ask(_) | Match::New => None,
    };
    let id = existing.unwrap_or(person.trainee_id);
    if existing.is_some() {
        let (email, number) = (person.email.as_deref(), person.file_number.as_deref());
        rows::complete(&mut tx, organisation_id, id, email, number).await?;
    } else {
        rows::add(&mut tx, organisation_id, &mut [person], now).await?;
    }
    rows::join_session(&mut tx, organisation_id, session.session_id, &[id], now).await?;
    tx.commit().await?;
    Ok(Joined::Yes)
}

impl PersonPage {
    fn new(site: &Site, organisation: &str, session: &TrainingSession, fields: &Fields) -> Self {
        Self {
            shell: trainer_shell(site, organisation, "Ajouter une personne").current("/atelier").narrow(),
            id: session.session_id,
            session: session.title.clone(),
            name: fields.get("nom").to_owned(),
            email: fields.get("courriel").to_owned(),
            number: fields.get("dossier").to_owned(),
            question: None,
            answer: fields.get("meme").to_owned(),
            errors: FieldErrors::new(),
        }
    }
}

pub(super) fn samples(site: &Site) -> Vec<Sample> {
    const PATH: &str = "/atelier/sessions/{id}/personnes";
    let page = || PersonPage::new(site, "Les Ateliers du Noireau", &sample_session(), &Fields::default());
    let mut refused = page();
    refused.email = "d.lecomte@exemple".into();
    refused.errors.add("nom", reading::Fault::NameMissing.words());
    refused.errors.add("courriel", reading::Fault::AddressIncomplete.words());
    let mut question = page();
    question.name = "Jean Martin".into();
    question.question = Some("Jean Martin (sans adresse)".into());
    question.errors.add("meme", "Dites si c’est la même personne.");
    vec![
        Sample::new(HOUSE, PATH, "personne", &page()),
        Sample::new(HOUSE, PATH, "personne-refusee", &refused),
        Sample::new(HOUSE, PATH, "personne-question", &question),
    ]
}
