//! `/livret/entrer`: the two ways in, and the pages for those who lost theirs.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;
use web::form::{FieldErrors, Fields};
use web::{Cache, Form, Shell, Thumb};

use super::{Visitor, address, after, card, let_in, link, suite, with_header};
use crate::Wallet;
use crate::pages::{Message, inside, outside};

#[derive(Template)]
#[template(path = "enter.html")]
pub struct Page {
    pub shell: Shell,
    pub suite: Option<String>,
    pub email: String,
    pub errors: FieldErrors,
}

/// What stands behind `?`.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    suite: String,
}

impl Page {
    /// The page as it first comes.
    pub fn new(site: &web::Site, next: Option<String>) -> Self {
        Self {
            shell: outside(site, "Ouvrir mon livret").narrow(),
            suite: next,
            email: String::new(),
            errors: FieldErrors::new(),
        }
    }

    fn refused(mut self, field: &str, message: impl Into<String>) -> web::Result<Response> {
        self.errors.add(field, message);
        web::render_status(StatusCode::UNPROCESSABLE_ENTITY, Cache::Private, &self)
    }
}

/// `GET /livret/entrer`
pub async fn page(State(wallet): State<Wallet>, visitor: Visitor, Query(asked): Query<Asked>) -> web::Result<Response> {
    let suite = suite(&asked.suite);
    if visitor.learner.is_some() {
        return Ok(web::redirect(&after(suite.as_deref())));
    }
    web::render(Cache::Private, &Page::new(&wallet.site, suite))
}

/// `POST /livret/entrer/courriel`: the same answer whether the address is known or not.
pub async fn by_email(
    State(wallet): State<Wallet>,
    visitor: Visitor,
    Form(form): Form<Fields>,
) -> web::Result<Response> {
    let suite = suite(form.get("suite"));
    let email = match address::parse(form.get("courriel")) {
        Ok(email) => email,
        Err(message) => {
            let mut page = Page::new(&wallet.site, suite);
            form.get("courriel").clone_into(&mut page.email);
            return page.refused("courriel", message);
        }
    };
    link::may_send(&wallet, &visitor.key, &email).await?;
    link::send_way_in(&wallet, &email, suite.as_deref()).await?;
    Ok(web::redirect("/livret/entrer/envoye"))
}

/// `GET /livret/entrer/envoye`
pub async fn sent(State(wallet): State<Wallet>) -> web::Result<Response> {
    sent_page(&wallet.site).answer(StatusCode::OK)
}

/// The page after asking for a link.
pub fn sent_page(site: &web::Site) -> Message {
    Message::new(
        site,
        "Regardez vos courriels",
        "Si un livret connaît cette adresse, un lien arrive. Il marche 15\u{a0}minutes.",
    )
    .tag("mail", "Envoyé", "ok")
    .line("Rien n’arrive\u{202f}? Regardez dans les indésirables.")
    .line("Vous avez peut-être donné une autre adresse à votre organisme.")
    .way("/livret/entrer", "Essayer autrement")
}

/// `POST /livret/entrer/carte`
pub async fn by_card(
    State(wallet): State<Wallet>,
    visitor: Visitor,
    Form(form): Form<Fields>,
) -> web::Result<Response> {
    visitor.may_try(&wallet).await?;
    let suite = suite(form.get("suite"));
    match card::open(&wallet, &visitor, form.get("carte")).await? {
        Ok(livret) => {
            let mut tx = wallet.db.begin().await?;
            let cookie = let_in(&mut tx, &wallet, livret, form.has("shared", "1")).await?;
            tx.commit().await?;
            Ok(with_header(web::redirect(&after(suite.as_deref())), cookie))
        }
        Err(message) => Page::new(&wallet.site, suite).refused("carte", message),
    }
}

#[derive(Template)]
#[template(path = "phone.html")]
pub struct Phone {
    pub shell: Shell,
    pub signed_in: bool,
}

/// `GET /livret/telephone-perdu`
pub async fn phone(State(wallet): State<Wallet>, visitor: Visitor) -> web::Result<Response> {
    let title = "Téléphone perdu";
    let shell = match &visitor.learner {
        Some(learner) => inside(&wallet.site, title, &learner.name, Thumb::Other),
        None => outside(&wallet.site, title),
    };
    web::render(Cache::Private, &Phone { shell: shell.narrow(), signed_in: visitor.learner.is_some() })
}

#[derive(Template)]
#[template(path = "help.html")]
pub struct Help {
    pub shell: Shell,
}

/// `GET /livret/aide`
pub async fn help(State(wallet): State<Wallet>, visitor: Visitor) -> web::Result<Response> {
    let shell = match &visitor.learner {
        Some(learner) => inside(&wallet.site, "Aide", &learner.name, Thumb::Aide),
        None => outside(&wallet.site, "Aide"),
    };
    web::render(Cache::Private, &Help { shell: shell.narrow() })
}

#[derive(Template)]
#[template(path = "privacy.html")]
pub struct Privacy {
    pub shell: Shell,
}

/// `GET /livret/vos-donnees`
pub async fn privacy(State(wallet): State<Wallet>) -> web::Result<Response> {
    web::render(Cache::Private, &Privacy { shell: outside(&wallet.site, "Vos données et vos droits").narrow() })
}
