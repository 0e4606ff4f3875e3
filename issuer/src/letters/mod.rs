//! What the outbox of this house sends: one handler, which dispatches on the kind of letter.

mod welcome;

use std::future::Future;
use std::pin::Pin;
use std::sync::Once;

use askama::Template;
use post::{Letter, SendError};
use store::outbox::{Delivery, Outcome};
use tracing::error;
use web::Site;

use crate::access::sign_in;
use crate::{Issuer, Result, delivery as badge};

pub(crate) use welcome::{Welcome, queue as queue_welcome};

/// Three files: one line, plain text, HTML.
#[derive(Debug, Clone)]
pub struct Written {
    /// The subject.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// HTML, with its own few styles.
    pub html: String,
}

/// Writes a letter from its three templates.
pub(crate) fn write(subject: &impl Template, text: &impl Template, html: &impl Template) -> Result<Written> {
    Ok(Written { subject: subject.render()?.trim().to_owned(), text: text.render()?, html: html.render()? })
}

/// The outbox's handler for this house.
pub(crate) fn handler(issuer: Issuer) -> impl Fn(Delivery) -> Pin<Box<dyn Future<Output = Outcome> + Send>> {
    move |delivery| {
        let issuer = issuer.clone();
        Box::pin(async move { deliver(&issuer, &delivery).await })
    }
}

/// A letter that this program cannot write is told once: it comes back until a newer program takes it.
static UNKNOWN_KIND: Once = Once::new();

/// Renders one letter and hands it to the postman. Safe to run twice: the Message-ID is the same.
pub async fn deliver(issuer: &Issuer, delivery: &Delivery) -> Outcome {
    let letter = match delivery.kind.as_str() {
        // It decides for itself: a badge withdrawn meanwhile needs no letter.
        badge::KIND => return badge::deliver(issuer, delivery).await,
        badge::withdrawn::KIND => return badge::withdrawn::deliver(issuer, delivery).await,
        sign_in::LETTER => sign_in_letter(issuer, delivery),
        welcome::KIND => welcome::letter(issuer, delivery),
        _ => {
            // Queued by a newer program that runs beside this one during an upgrade: it is for that one.
            UNKNOWN_KIND.call_once(|| error!(outbox.kind = %delivery.kind, "no letter of this kind"));
            return Outcome::Later;
        }
    };
    // What cannot be rendered now cannot be later: already logged.
    let Ok(letter) = letter else { return Outcome::Refused("unwritten".to_owned()) };
    match issuer.post.send(&letter).await {
        Ok(()) => Outcome::Sent,
        Err(SendError::Refused(word)) => Outcome::Refused(word),
        Err(SendError::Later) => Outcome::Later,
    }
}

#[derive(Template)]
#[template(path = "letters/sign-in.subject.txt")]
struct SignInSubject;

#[derive(Template)]
#[template(path = "letters/sign-in.txt")]
struct SignInText<'a> {
    name: &'a str,
    link: &'a str,
    officer: bool,
}

#[derive(Template)]
#[template(path = "letters/sign-in.html")]
struct SignInHtml<'a> {
    name: &'a str,
    link: &'a str,
    officer: bool,
}

fn sign_in_letter(issuer: &Issuer, delivery: &Delivery) -> Result<Letter> {
    let payload: sign_in::Letter = delivery.payload()?;
    let written = sign_in_written(&payload.name, &sign_in::link(issuer, &payload), payload.officer)?;
    Ok(addressed(written, payload.email, payload.name, &delivery.message_id))
}

fn sign_in_written(name: &str, link: &str, officer: bool) -> Result<Written> {
    write(&SignInSubject, &SignInText { name, link, officer }, &SignInHtml { name, link, officer })
}

/// A written letter with its address.
pub(crate) fn addressed(written: Written, to: String, name: String, message_id: &str) -> Letter {
    Letter {
        to,
        to_name: Some(name),
        subject: written.subject,
        text: written.text,
        html: written.html,
        message_id: message_id.to_owned(),
    }
}

/// The letters with sample values, as `(name, letter)`: for snapshots and the accessibility audit.
pub fn sample_letters(site: &Site) -> Result<Vec<(&'static str, Written)>> {
    let link = site.houses.issuer.join("/atelier/entrer/AAAAAAAAAAAAAAAAAAAAAAAAAA");
    let mut letters = vec![
        ("courrier-entrer", sign_in_written("Claire Aubert", &link, false)?),
        ("courrier-entrer-region", sign_in_written("Paul Lemoine", &link, true)?),
        ("courrier-bienvenue", welcome::sample(site)?),
    ];
    letters.extend(badge::sample_letters(site)?);
    Ok(letters)
}
