//! The pages at the two doors.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use web::{Cache, Error, FieldErrors, Form, Sample, Shell, Site, Words};

use super::sign_in::{self, OpenLink};
use super::{Visitor, door, logins};
use crate::members::{Email, Role};
use crate::{HOUSE, Issuer, Result};

/// Asks for the address.
#[derive(askama::Template)]
#[template(path = "access/door.html")]
struct DoorPage {
    shell: Shell,
    officer: bool,
    action: String,
    email: String,
    return_to: String,
    errors: FieldErrors,
}

/// Says that a letter is on its way, whether the address is known or not.
#[derive(askama::Template)]
#[template(path = "access/sent.html")]
struct SentPage {
    shell: Shell,
    again: String,
}

/// Shows what a link opens; only its button uses it.
#[derive(askama::Template)]
#[template(path = "access/link.html")]
struct LinkPage {
    shell: Shell,
    action: String,
    name: String,
    organisations: Vec<(String, String)>,
}

#[derive(Deserialize)]
pub(super) struct ReturnTo {
    #[serde(default)]
    retour: String,
    /// Fills the field in, in the demonstration alone.
    #[serde(default)]
    mel: String,
}

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    mel: String,
    #[serde(default)]
    retour: String,
}

#[derive(Deserialize)]
pub(super) struct Chosen {
    #[serde(default)]
    organisme: String,
}

pub(super) async fn trainer_door(state: State<Issuer>, query: Query<ReturnTo>) -> Result {
    door_page(&state, Role::Trainer, &query.0)
}

pub(super) async fn officer_door(state: State<Issuer>, query: Query<ReturnTo>) -> Result {
    door_page(&state, Role::Officer, &query.0)
}

pub(super) async fn trainer_asks(state: State<Issuer>, visitor: Visitor, form: Form<Asked>) -> Result {
    asks(&state, Role::Trainer, visitor, form.0).await
}

pub(super) async fn officer_asks(state: State<Issuer>, visitor: Visitor, form: Form<Asked>) -> Result {
    asks(&state, Role::Officer, visitor, form.0).await
}

pub(super) async fn trainer_sent(State(issuer): State<Issuer>) -> Result {
    web::render(Cache::Private, &SentPage::new(&issuer.site, Role::Trainer))
}

pub(super) async fn officer_sent(State(issuer): State<Issuer>) -> Result {
    web::render(Cache::Private, &SentPage::new(&issuer.site, Role::Officer))
}

pub(super) async fn trainer_link(state: State<Issuer>, token: Path<String>, visitor: Visitor) -> Result {
    link(&state, Role::Trainer, &token, visitor).await
}

pub(super) async fn officer_link(state: State<Issuer>, token: Path<String>, visitor: Visitor) -> Result {
    link(&state, Role::Officer, &token, visitor).await
}

pub(super) async fn trainer_enters(
    state: State<Issuer>,
    token: Path<String>,
    visitor: Visitor,
    headers: HeaderMap,
    form: Form<Chosen>,
) -> Result {
    enters(&state, Role::Trainer, &token, visitor, &headers, &form.0.organisme).await
}

pub(super) async fn officer_enters(
    state: State<Issuer>,
    token: Path<String>,
    visitor: Visitor,
    headers: HeaderMap,
    form: Form<Chosen>,
) -> Result {
    enters(&state, Role::Officer, &token, visitor, &headers, &form.0.organisme).await
}

fn door_page(issuer: &Issuer, role: Role, asked: &ReturnTo) -> Result {
    // People of the demonstration are invented; a real address has no place in a URL, and is not read from there.
    let email = if issuer.site.demo { asked.mel.as_str() } else { "" };
    web::render(Cache::Private, &DoorPage::new(&issuer.site, role, email, &asked.retour, FieldErrors::new()))
}

async fn asks(issuer: &Issuer, role: Role, visitor: Visitor, asked: Asked) -> Result {
    let email = match Email::parse(&asked.mel) {
        Ok(email) => email,
        Err(fault) => {
            let mut errors = FieldErrors::new();
            errors.add("mel", fault.to_string());
            let page = DoorPage::new(&issuer.site, role, &asked.mel, &asked.retour, errors);
            return web::render_status(StatusCode::UNPROCESSABLE_ENTITY, Cache::Private, &page);
        }
    };
    sign_in::ask(issuer, role, &email, Some(&asked.retour), visitor).await?;
    Ok(web::redirect(&format!("{}/entrer/envoye", door::home(role))))
}

async fn link(issuer: &Issuer, role: Role, token: &str, visitor: Visitor) -> Result {
    let open = sign_in::look(issuer, role, token, visitor).await?.ok_or_else(|| dead(role))?;
    web::render(Cache::Token, &LinkPage::new(&issuer.site, role, token, &open))
}

async fn enters(
    issuer: &Issuer,
    role: Role,
    token: &str,
    visitor: Visitor,
    headers: &HeaderMap,
    organisation: &str,
) -> Result {
    let open = sign_in::look(issuer, role, token, visitor).await?.ok_or_else(|| dead(role))?;
    let chosen = match open.memberships.as_slice() {
        [only] => Some(only),
        several => several.iter().find(|one| one.opaque == organisation),
    };
    let Some(membership) = chosen else {
        // Nothing was chosen: the link stays unused.
        return web::render(Cache::Token, &LinkPage::new(&issuer.site, role, token, &open));
    };
    let device = logins::device(headers);
    let (session, to) = sign_in::enter(issuer, role, &open, membership, &device).await?.ok_or_else(|| dead(role))?;
    Ok(with_header(web::redirect(&to), logins::cookie(role).set(&issuer.site, &session, None)))
}

/// An answer with one header more.
pub(super) fn with_header(mut answer: Response, (name, value): (http::HeaderName, http::HeaderValue)) -> Response {
    answer.headers_mut().append(name, value);
    answer
}

fn dead(role: Role) -> Error {
    Error::Gone.with(
        Words::new(
            "Ce lien ne marche plus",
            "Un lien sert une seule fois, pendant 15 minutes. Demandez-en un autre, il arrive aussitôt.",
        )
        .link(&door::address(role, None), "Recevoir un autre lien"),
    )
}

impl DoorPage {
    fn new(site: &Site, role: Role, email: &str, return_to: &str, errors: FieldErrors) -> Self {
        Self {
            shell: shell(site, role, "Entrer avec votre adresse e-mail"),
            officer: role == Role::Officer,
            action: format!("{}/entrer", door::home(role)),
            email: email.to_owned(),
            return_to: door::safe_return(role, return_to).unwrap_or_default().to_owned(),
            errors,
        }
    }
}

impl SentPage {
    fn new(site: &Site, role: Role) -> Self {
        Self { shell: shell(site, role, "Regardez vos courriels"), again: door::address(role, None) }
    }
}

impl LinkPage {
    fn new(site: &Site, role: Role, token: &str, open: &OpenLink) -> Self {
        let title = match open.memberships.as_slice() {
            [only] => format!("Entrer chez {}", only.organisation_name),
            _ => "Où entrez-vous\u{202f}?".to_owned(),
        };
        Self {
            shell: shell(site, role, &title),
            action: format!("{}/entrer/{token}", door::home(role)),
            name: open.memberships.first().map(|one| one.name.clone()).unwrap_or_default(),
            organisations: open
                .memberships
                .iter()
                .map(|one| (one.opaque.clone(), one.organisation_name.clone()))
                .collect(),
        }
    }
}

fn shell(site: &Site, role: Role, title: &str) -> Shell {
    let house = match role {
        Role::Trainer => "Atelier des organismes",
        Role::Officer => "Région",
    };
    Shell::new(site, title).house(house).narrow().noindex()
}

/// The pages of the doors in all their states.
pub(super) fn samples(site: &Site) -> Vec<Sample> {
    const TOKEN: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAA";
    let mut samples = Vec::new();
    let mut refused = FieldErrors::new();
    refused.add("mel", "Il manque la fin, par exemple «\u{a0}.fr\u{a0}»");
    for (role, door, sent, link) in [
        (Role::Trainer, "/atelier/entrer", "/atelier/entrer/envoye", "/atelier/entrer/{token}"),
        (Role::Officer, "/region/entrer", "/region/entrer/envoye", "/region/entrer/{token}"),
    ] {
        let trainer = role == Role::Trainer;
        let name = |trainers, officers| if trainer { trainers } else { officers };
        let page = DoorPage::new(site, role, "", "", FieldErrors::new());
        samples.push(Sample::new(HOUSE, door, name("entrer", "region-entrer"), &page));
        let page = DoorPage::new(site, role, "claire@exemple", "", refused.clone());
        samples.push(Sample::new(HOUSE, door, name("entrer-refuse", "region-entrer-refuse"), &page));
        samples.push(Sample::new(
            HOUSE,
            sent,
            name("entrer-envoye", "region-entrer-envoye"),
            &SentPage::new(site, role),
        ));
        let one = OpenLink::sample(&["Estuaire Compétences"]);
        let page = LinkPage::new(site, role, TOKEN, &one);
        samples.push(Sample::new(HOUSE, link, name("entrer-lien", "region-entrer-lien"), &page));
        if trainer {
            let two = OpenLink::sample(&["Estuaire Compétences", "Pôle Iton Formation"]);
            samples.push(Sample::new(HOUSE, link, "entrer-lien-choix", &LinkPage::new(site, role, TOKEN, &two)));
        }
    }
    samples
}
