//! The two letters of this house: a link to open a livret, a link to confirm an address.

use askama::Template;
use post::{Letter, SendError};
use serde::{Deserialize, Serialize};
use store::outbox::{Delivery, Outcome};

use crate::Wallet;
use crate::texts::given_name;

/// The outbox kind of both.
pub const KIND: &str = "link letter";

/// What the outbox keeps, sealed, until the letter has left.
#[derive(Serialize, Deserialize)]
pub struct Payload {
    /// `enter` or `address`.
    pub purpose: String,
    pub to: String,
    /// As the badges write it; may be empty.
    pub name: String,
    pub url: String,
}

#[derive(Template)]
#[template(path = "letters/link.txt", escape = "none")]
struct Text<'a>(&'a Words<'a>);

#[derive(Template)]
#[template(path = "letters/link.html")]
struct Html<'a>(&'a Words<'a>);

struct Words<'a> {
    hello: String,
    title: &'static str,
    lead: &'static str,
    button: &'static str,
    url: &'a str,
}

/// Renders a letter.
pub fn letter(payload: &Payload, message_id: &str) -> Result<Letter, askama::Error> {
    let given = given_name(&payload.name);
    let hello = if given.is_empty() { "Bonjour,".to_owned() } else { format!("Bonjour {given},") };
    let words = match payload.purpose.as_str() {
        "address" => Words {
            hello,
            title: "Confirmez votre adresse",
            lead: "Vous voulez ajouter cette adresse à votre livret.",
            button: "Confirmer mon adresse",
            url: &payload.url,
        },
        _ => Words {
            hello,
            title: "Ouvrez votre livret",
            lead: "Vous avez demandé un lien pour ouvrir votre livret.",
            button: "Ouvrir mon livret",
            url: &payload.url,
        },
    };
    Ok(Letter {
        to: payload.to.clone(),
        to_name: (!payload.name.is_empty()).then(|| payload.name.clone()),
        subject: words.title.to_owned(),
        text: Text(&words).render()?,
        html: Html(&words).render()?,
        message_id: message_id.to_owned(),
    })
}

/// Sends what the outbox hands over.
pub async fn deliver(wallet: Wallet, delivery: Delivery) -> Outcome {
    let payload: Payload = match delivery.payload() {
        Ok(payload) if delivery.kind == KIND => payload,
        _ => return Outcome::Refused("unknown_letter".to_owned()),
    };
    let Ok(letter) = letter(&payload, &delivery.message_id) else {
        return Outcome::Refused("bad_letter".to_owned());
    };
    match wallet.post.send(&letter).await {
        Ok(()) => Outcome::Sent,
        Err(SendError::Refused(reason)) => Outcome::Refused(reason),
        Err(SendError::Later) => Outcome::Later,
    }
}
