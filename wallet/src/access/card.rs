//! The printed card: a code that opens a livret again, made anew when it is lost.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;
use store::{Tx, on};
use uuid::Uuid;
use web::codes::{Code, CodeFault, Kind};
use web::form::{FieldErrors, Fields};
use web::{Cache, Form, Shell, Site, Thumb, qr};

use super::enter::Page as EnterPage;
use super::{Learner, Visitor, let_in, with_header};
use crate::pages::{Confirm, Open, inside, outside};
use crate::{Wallet, secrets};

/// What a code that opens nothing is told.
const UNKNOWN: &str = "Ce code n’ouvre aucun livret\u{a0}: relisez-le, ou prenez la carte la plus récente";

/// The livret of a typed card code, or what is wrong with it. A code of the right shape that opens nothing counts
/// against the visitor.
pub async fn open(wallet: &Wallet, visitor: &Visitor, typed: &str) -> web::Result<Result<Uuid, String>> {
    let code = match Code::parse_as(&[Kind::Card], typed) {
        Ok(code) => code,
        Err(fault) => return Ok(Err(fault.message())),
    };
    let livret: Option<Uuid> = on!(wallet.db, c => sqlx::query_scalar(
        "select livret_id from wallet_card where code_lookup = $1 and ended_at is null")
        .bind(secrets::code_lookup(&wallet.vault, &code)).fetch_optional(c).await)?;
    if livret.is_none() {
        visitor.missed(wallet).await?;
    }
    Ok(livret.ok_or_else(|| UNKNOWN.to_owned()))
}

/// `GET /c/{code}`: a button, nothing more. Nothing is looked up, so the page is the same for every good code.
pub async fn door(State(wallet): State<Wallet>, Path(typed): Path<String>) -> web::Result<Response> {
    match Code::parse_as(&[Kind::Card], &typed) {
        Ok(code) => web::render(Cache::Token, &door_page(&wallet.site, &code)),
        Err(fault) => refused(&wallet.site, fault),
    }
}

/// The page of a card's QR.
pub fn door_page(site: &Site, code: &Code) -> Open {
    Open {
        shell: outside(site, "Votre carte ouvre votre livret").narrow(),
        title: "Votre carte ouvre votre livret".to_owned(),
        lead: "Elle est à vous seule. Ne la prêtez pas.".to_owned(),
        action: format!("/c/{}", code.as_str()),
        suite: None,
        ask_shared: true,
        button: "Ouvrir mon livret",
    }
}

/// `POST /c/{code}`
pub async fn through(
    State(wallet): State<Wallet>,
    visitor: Visitor,
    Path(typed): Path<String>,
    Form(form): Form<Fields>,
) -> web::Result<Response> {
    visitor.may_try(&wallet).await?;
    match open(&wallet, &visitor, &typed).await? {
        Ok(livret) => {
            let mut tx = wallet.db.begin().await?;
            let cookie = let_in(&mut tx, &wallet, livret, form.has("shared", "1")).await?;
            tx.commit().await?;
            Ok(with_header(web::redirect("/livret"), cookie))
        }
        Err(message) => {
            let mut page = EnterPage::new(&wallet.site, None);
            page.errors.add("carte", message);
            web::render_status(StatusCode::NOT_FOUND, Cache::Token, &page)
        }
    }
}

fn refused(site: &Site, fault: CodeFault) -> web::Result<Response> {
    let mut page = EnterPage::new(site, None);
    let mut errors = FieldErrors::new();
    errors.add("carte", fault.message());
    page.errors = errors;
    web::render_status(StatusCode::NOT_FOUND, Cache::Token, &page)
}

#[derive(Template)]
#[template(path = "card.html")]
pub struct Page {
    pub shell: Shell,
    pub name: String,
    pub code: String,
    pub qr: String,
    /// Where the code is typed.
    pub place: String,
    /// Shown right after the livret was made.
    pub first: bool,
    pub first_badge: Option<Uuid>,
}

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// The badge that made this livret.
    premier: Option<Uuid>,
}

/// `GET /livret/carte`: the card in force, printed as often as one likes.
pub async fn page(State(wallet): State<Wallet>, learner: Learner, Query(asked): Query<Asked>) -> web::Result<Response> {
    let generation: Option<i64> = on!(wallet.db, c => sqlx::query_scalar(
        "select generation from wallet_card where livret_id = $1 and ended_at is null")
        .bind(learner.livret_id).fetch_optional(c).await)?;
    let generation = generation.ok_or(web::Error::NotFound)?;
    let code = secrets::card(&wallet.vault, learner.livret_id, generation);
    web::render(Cache::Token, &Page::new(&wallet.site, &learner.name, &code, asked.premier))
}

impl Page {
    /// A card with this name and code.
    pub fn new(site: &Site, name: &str, code: &Code, first_badge: Option<Uuid>) -> Self {
        let wallet = &site.houses.wallet;
        let name = if name.is_empty() { "Mon livret" } else { name };
        Self {
            shell: inside(site, "Ma carte", name, Thumb::Other),
            name: name.to_owned(),
            qr: qr::svg(&wallet.join_upper(&format!("/c/{}", code.as_str())), qr::Level::M, "QR de votre carte"),
            code: code.grouped(),
            place: format!("{}/livret", wallet.authority()),
            first: first_badge.is_some(),
            first_badge,
        }
    }
}

/// `GET /livret/carte/perdue`
pub async fn lost(State(wallet): State<Wallet>, learner: Learner) -> web::Result<Response> {
    web::render(Cache::Private, &lost_page(&wallet.site, &learner.name))
}

/// Asks before the old card dies.
pub fn lost_page(site: &Site, name: &str) -> Confirm {
    Confirm {
        shell: inside(site, "Carte perdue", name, Thumb::Other).narrow(),
        title: "Faire une nouvelle carte\u{202f}?".to_owned(),
        lead: "L’ancienne carte n’ouvrira plus rien, tout de suite.".to_owned(),
        lines: vec!["Vos badges restent dans votre livret.".to_owned()],
        before: None,
        action: "/livret/carte/perdue".to_owned(),
        stop: "Arrêter l’ancienne carte",
        back: "/livret/carte".to_owned(),
        keep: "Garder ma carte",
    }
}

/// `POST /livret/carte/perdue`: the next generation, and the end of the former.
pub async fn renew(State(wallet): State<Wallet>, learner: Learner) -> web::Result<Response> {
    let now = wallet.clock.now();
    let mut tx = wallet.db.begin().await?;
    // Ending it first takes the row: two presses at once make one card after the other.
    on!(tx, c => sqlx::query("update wallet_card set ended_at = $2 where livret_id = $1 and ended_at is null")
        .bind(learner.livret_id).bind(now).execute(c).await.map(drop))?;
    let last: Option<i64> = on!(tx, c => sqlx::query_scalar("select max(generation) from wallet_card where livret_id = $1")
        .bind(learner.livret_id).fetch_one(c).await)?;
    make(&mut tx, &wallet, learner.livret_id, last.unwrap_or(0) + 1).await?;
    tx.commit().await?;
    Ok(web::redirect("/livret/carte"))
}

/// Writes the card of this generation; a code that happens to be taken is passed over for the next.
pub async fn make(tx: &mut Tx, wallet: &Wallet, livret: Uuid, mut generation: i64) -> store::Result<()> {
    loop {
        let code = secrets::card(&wallet.vault, livret, generation);
        let made = on!(tx, c => sqlx::query(
            "insert into wallet_card (livret_id, generation, code_lookup, made_at) values ($1, $2, $3, $4)
             on conflict (code_lookup) do nothing")
            .bind(livret).bind(generation).bind(secrets::code_lookup(&wallet.vault, &code)).bind(wallet.clock.now())
            .execute(c).await.map(|done| done.rows_affected()))?;
        if made == 1 {
            return Ok(());
        }
        generation += 1;
    }
}
