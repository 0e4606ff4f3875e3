//! The letter that tells somebody that they may go in.

use askama::Template;
use post::Letter;
use serde::{Deserialize, Serialize};
use store::Tx;
use store::outbox::{self, Delivery, Message};
use uuid::Uuid;
use web::Site;

use super::Written;
use crate::access::door;
use crate::members::{Email, PersonName, Role};
use crate::{HOUSE, Issuer, Result};

/// The kind of letter in the outbox.
pub(super) const KIND: &str = "welcome";

/// Sealed in the outbox.
#[derive(Serialize, Deserialize)]
struct Payload {
    email: String,
    name: String,
    organisation: String,
    /// Who added them; empty when the program did.
    by: String,
    officer: bool,
    referent: bool,
}

#[derive(Template)]
#[template(path = "letters/welcome.subject.txt")]
struct WelcomeSubject<'a> {
    payload: &'a Payload,
}

#[derive(Template)]
#[template(path = "letters/welcome.txt")]
struct WelcomeText<'a> {
    payload: &'a Payload,
    door: &'a str,
}

#[derive(Template)]
#[template(path = "letters/welcome.html")]
struct WelcomeHtml<'a> {
    payload: &'a Payload,
    door: &'a str,
}

/// Somebody who was just added.
pub(crate) struct Welcome<'a> {
    pub member_id: Uuid,
    pub email: &'a Email,
    pub name: &'a PersonName,
    pub organisation: &'a str,
    pub by: &'a str,
    pub role: Role,
    pub referent: bool,
}

/// Queues the letter in the transaction that adds the person.
pub(crate) async fn queue(tx: &mut Tx, issuer: &Issuer, welcome: &Welcome<'_>) -> store::Result<()> {
    let payload = Payload {
        email: welcome.email.as_str().to_owned(),
        name: welcome.name.as_str().to_owned(),
        organisation: welcome.organisation.to_owned(),
        by: welcome.by.to_owned(),
        officer: welcome.role == Role::Officer,
        referent: welcome.referent,
    };
    let now = issuer.clock.now();
    let message = Message {
        house: HOUSE,
        kind: KIND,
        message_id: &format!("welcome-{}@{}", welcome.member_id, issuer.site.houses.issuer.host()),
        batch_id: None,
        not_before: now,
        payload: &payload,
    };
    outbox::queue(tx, &issuer.vault, &message, now).await.map(drop)
}

pub(super) fn letter(issuer: &Issuer, delivery: &Delivery) -> Result<Letter> {
    let payload: Payload = delivery.payload()?;
    let written = written(&issuer.site, &payload)?;
    Ok(super::addressed(written, payload.email, payload.name, &delivery.message_id))
}

pub(super) fn sample(site: &Site) -> Result<Written> {
    let payload = Payload {
        email: "hugo.vasseur@exemple.fr".to_owned(),
        name: "Hugo Vasseur".to_owned(),
        organisation: "Estuaire Compétences".to_owned(),
        by: "Claire Aubert".to_owned(),
        officer: false,
        referent: false,
    };
    written(site, &payload)
}

fn written(site: &Site, payload: &Payload) -> Result<Written> {
    let role = if payload.officer { Role::Officer } else { Role::Trainer };
    let door = site.houses.issuer.join(&door::address(role, None));
    super::write(
        &WelcomeSubject { payload },
        &WelcomeText { payload, door: &door },
        &WelcomeHtml { payload, door: &door },
    )
}
