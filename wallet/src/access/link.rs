//! One-time links sent by letter: to open a livret, or to prove an address.

use std::time::Duration;

use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;
use store::limits::{self, Limit};
use store::outbox::{self, Message};
use store::{Tx, on};
use time::OffsetDateTime;
use uuid::Uuid;
use web::form::Fields;
use web::tokens::LinkToken;
use web::{Cache, Error, Form, Site, Words};

use super::address::Email;
use super::{Visitor, after, let_in, suite, with_header};
use crate::letters::{KIND, Payload};
use crate::pages::{Open, outside};
use crate::{HOUSE, Wallet, secrets};

const LIFE: time::Duration = time::Duration::minutes(15);
const BY_VISITOR: Limit =
    Limit { house: HOUSE, bucket: "links asked, by visitor", max: 20, window: Duration::from_secs(3600) };
const BY_ADDRESS: Limit =
    Limit { house: HOUSE, bucket: "links asked, by address", max: 5, window: Duration::from_secs(3600) };

/// Refuses a visitor or an address that asked for too many letters.
pub async fn may_send(wallet: &Wallet, visitor: &str, email: &Email) -> web::Result<()> {
    let now = wallet.clock.now();
    for (limit, key) in [(&BY_VISITOR, visitor), (&BY_ADDRESS, email.folded())] {
        limits::hit(&wallet.db, &wallet.vault, limit, key, now).await?.or_wait().map_err(Error::TooMany)?;
    }
    Ok(())
}

/// Writes to every livret of this address (a family may share one), each by its name.
pub async fn send_way_in(wallet: &Wallet, email: &Email, suite: Option<&str>) -> web::Result<()> {
    let mut tx = wallet.db.begin().await?;
    let livrets: Vec<(Uuid, Option<String>)> = on!(tx, c => sqlx::query_as(
        "select a.livret_id, (select b.holder_name from wallet_badge b
             where b.livret_id = a.livret_id and b.holder_name <> '' order by b.received_at desc, b.badge_id limit 1)
         from wallet_address a where a.email_lookup = $1 order by a.proven_at, a.livret_id limit 6")
        .bind(email.lookup(&wallet.vault)).fetch_all(c).await)?;
    for (livret, name) in livrets {
        send(&mut tx, wallet, livret, Purpose::Enter, email, &name.unwrap_or_default(), suite).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Opens the livret.
    Enter,
    /// Proves an address that the person adds.
    Address,
}

impl Purpose {
    /// As the database and the letter's payload write it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Enter => "enter",
            Self::Address => "address",
        }
    }
}

/// Makes a link and queues its letter, in the caller's transaction.
pub async fn send(
    tx: &mut Tx,
    wallet: &Wallet,
    livret: Uuid,
    purpose: Purpose,
    email: &Email,
    name: &str,
    suite: Option<&str>,
) -> web::Result<()> {
    let (id, now) = (Uuid::new_v4(), wallet.clock.now());
    let token = secrets::letter_link(&wallet.vault, id);
    on!(tx, c => sqlx::query(
        "insert into wallet_link (link_id, livret_id, purpose, token_lookup, email_lookup, email_sealed, sent_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)")
        .bind(id).bind(livret).bind(purpose.code()).bind(lookup(wallet, &token))
        .bind(email.lookup(&wallet.vault)).bind(email.seal(&wallet.vault)).bind(now).bind(now + LIFE)
        .execute(c).await.map(drop))?;
    let place = match purpose {
        Purpose::Enter => "/livret/lien",
        Purpose::Address => "/livret/adresses/confirmer",
    };
    let query = suite.map(|suite| format!("?suite={suite}")).unwrap_or_default();
    let payload = Payload {
        purpose: purpose.code().to_owned(),
        to: email.as_str().to_owned(),
        name: name.to_owned(),
        url: wallet.site.houses.wallet.join(&format!("{place}/{token}{query}")),
    };
    let message_id = format!("link-{}@{}", id.simple(), wallet.site.houses.wallet.host());
    let message = Message {
        house: HOUSE,
        kind: KIND,
        message_id: &message_id,
        batch_id: None,
        not_before: now,
        payload: &payload,
    };
    outbox::queue(tx, &wallet.vault, &message, now).await?;
    Ok(())
}

/// A link that still opens something.
#[derive(sqlx::FromRow)]
pub struct Known {
    pub link_id: Uuid,
    pub livret_id: Uuid,
    pub email_lookup: Vec<u8>,
    pub email_sealed: Vec<u8>,
}

/// Looks at a link without using it.
pub async fn look(wallet: &Wallet, purpose: Purpose, typed: &str) -> web::Result<Option<Known>> {
    let Some(token) = LinkToken::parse(typed) else { return Ok(None) };
    Ok(on!(wallet.db, c => sqlx::query_as(
        "select link_id, livret_id, email_lookup, email_sealed from wallet_link
         where token_lookup = $1 and purpose = $2 and used_at is null and expires_at > $3")
        .bind(lookup(wallet, &token)).bind(purpose.code()).bind(wallet.clock.now()).fetch_optional(c).await)?)
}

/// Uses a link: `true` for the one who came first.
pub async fn consume(tx: &mut Tx, link: Uuid, now: OffsetDateTime) -> store::Result<bool> {
    Ok(on!(tx, c => sqlx::query("update wallet_link set used_at = $2 where link_id = $1 and used_at is null")
        .bind(link).bind(now).execute(c).await.map(|done| done.rows_affected() == 1))?)
}

/// What stands behind `?` in the letter.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    suite: String,
}

/// `GET /livret/lien/{token}`: a button; looking uses nothing.
pub async fn page(
    State(wallet): State<Wallet>,
    visitor: Visitor,
    Path(typed): Path<String>,
    Query(asked): Query<Asked>,
) -> web::Result<Response> {
    visitor.may_try(&wallet).await?;
    if look(&wallet, Purpose::Enter, &typed).await?.is_none() {
        visitor.missed(&wallet).await?;
        return Err(used_up());
    }
    web::render(Cache::Token, &open_page(&wallet.site, &typed, suite(&asked.suite)))
}

/// The page of a link that opens a livret.
pub fn open_page(site: &Site, token: &str, next: Option<String>) -> Open {
    Open {
        shell: outside(site, "Ouvrir mon livret").narrow(),
        title: "Votre livret est prêt à s’ouvrir".to_owned(),
        lead: "Appuyez sur le bouton. Le lien ne sert qu’une fois.".to_owned(),
        action: format!("/livret/lien/{token}"),
        suite: next,
        ask_shared: true,
        button: "Ouvrir mon livret",
    }
}

/// `POST /livret/lien/{token}`
pub async fn open(
    State(wallet): State<Wallet>,
    visitor: Visitor,
    Path(typed): Path<String>,
    Form(form): Form<Fields>,
) -> web::Result<Response> {
    visitor.may_try(&wallet).await?;
    let Some(link) = look(&wallet, Purpose::Enter, &typed).await? else {
        visitor.missed(&wallet).await?;
        return Err(used_up());
    };
    let mut tx = wallet.db.begin().await?;
    // An address removed since the letter left opens nothing any more.
    let still: i64 = on!(tx, c => sqlx::query_scalar(
        "select count(*) from wallet_address where livret_id = $1 and email_lookup = $2")
        .bind(link.livret_id).bind(&link.email_lookup).fetch_one(c).await)?;
    if still == 0 || !consume(&mut tx, link.link_id, wallet.clock.now()).await? {
        return Err(used_up());
    }
    let cookie = let_in(&mut tx, &wallet, link.livret_id, form.has("shared", "1")).await?;
    tx.commit().await?;
    Ok(with_header(web::redirect(&after(suite(form.get("suite")).as_deref())), cookie))
}

/// A link that was used, or is older than fifteen minutes.
pub fn used_up() -> Error {
    Error::Gone.with(
        Words::new("Ce lien ne sert plus", "Un lien marche une fois, pendant 15\u{a0}minutes. Demandez-en un autre.")
            .link("/livret/entrer", "Recevoir un lien"),
    )
}

fn lookup(wallet: &Wallet, token: &LinkToken) -> Vec<u8> {
    wallet.vault.lookup_hash(secrets::LINK, token.as_str())
}
