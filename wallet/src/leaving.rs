//! Taking everything away, and deleting for good.

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use store::on;
use uuid::Uuid;
use web::form::Fields;
use web::{Error, Form, Site, Thumb};

use crate::access::Learner;
use crate::pages::{Confirm, Message, inside};
use crate::sharing::{api, rows};
use crate::{Wallet, badges};

/// `GET /livret/tout.json`: every badge in one file, each also as its exact text.
pub async fn everything(State(wallet): State<Wallet>, learner: Learner) -> web::Result<Response> {
    let texts = badges::texts_of_livret(&wallet.db, learner.livret_id).await?;
    let mut all = serde_json::to_value(api::Presentation::of(&texts)).map_err(Error::internal)?;
    // Beside the presentation: signatures hold for any order of members, but the texts are what was signed.
    all["texts"] = serde_json::json!(texts);
    let day = web::dates::iso(web::dates::day_in_paris(wallet.clock.now()));
    Ok(web::file("application/json", &format!("{day}-mon-livret.json"), format!("{all:#}")))
}

/// `GET /livret/badges/{id}/supprimer`
pub async fn ask_badge(State(wallet): State<Wallet>, learner: Learner, Path(id): Path<Uuid>) -> web::Result<Response> {
    let rows = badges::of_livret(&wallet.db, learner.livret_id).await?;
    let badge = rows.iter().find(|badge| badge.badge_id == id).ok_or(Error::NotFound)?;
    web::render(web::Cache::Private, &badge_page(&wallet.site, &learner.name, id, &badge.name))
}

/// Asks before a badge goes.
pub fn badge_page(site: &Site, name: &str, id: Uuid, badge: &str) -> Confirm {
    Confirm {
        shell: inside(site, "Supprimer un badge", name, Thumb::Livret).narrow(),
        title: format!("Supprimer «\u{a0}{badge}\u{a0}» de votre livret\u{202f}?"),
        lead: "Ce badge disparaît d’ici, pour toujours. Le coupon ou le courriel ne le rendra pas.".to_owned(),
        lines: vec![
            "Il part aussi de vos partages.".to_owned(),
            "L’organisme garde la trace qu’il l’a attesté.".to_owned(),
        ],
        before: None,
        action: format!("/livret/badges/{id}/supprimer"),
        stop: "Supprimer le badge",
        back: format!("/livret/badges/{id}"),
        keep: "Garder le badge",
    }
}

/// `POST /livret/badges/{id}/supprimer`
pub async fn delete_badge(
    State(wallet): State<Wallet>,
    learner: Learner,
    Path(id): Path<Uuid>,
) -> web::Result<Response> {
    let mut tx = wallet.db.begin().await?;
    let gone = on!(tx, c => sqlx::query("delete from wallet_badge where livret_id = $1 and badge_id = $2")
        .bind(learner.livret_id).bind(id).execute(c).await.map(|done| done.rows_affected()))?;
    if gone == 0 {
        return Err(Error::NotFound);
    }
    rows::stop_empty(&mut tx, learner.livret_id, wallet.clock.now()).await?;
    tx.commit().await?;
    Ok(web::redirect("/livret?fait=badge-supprime"))
}

/// `GET /livret/supprimer`
pub async fn ask_livret(State(wallet): State<Wallet>, learner: Learner) -> web::Result<Response> {
    let count = badges::of_livret(&wallet.db, learner.livret_id).await?.len();
    web::render(web::Cache::Private, &livret_page(&wallet.site, &learner.name, count))
}

/// Asks before a livret goes.
pub fn livret_page(site: &Site, name: &str, badges: usize) -> Confirm {
    Confirm {
        shell: inside(site, "Supprimer mon livret", name, Thumb::Other).narrow(),
        title: "Supprimer votre livret\u{202f}?".to_owned(),
        lead: match badges {
            0 => "Il disparaît pour toujours.".to_owned(),
            n => format!("Il disparaît pour toujours, avec {}.", web::words::count(n, "badge", "badges")),
        },
        lines: vec![
            "Vos partages s’arrêtent tout de suite.".to_owned(),
            "Votre carte et vos adresses n’ouvrent plus rien.".to_owned(),
            "Vos organismes gardent la trace qu’ils ont attesté vos badges.".to_owned(),
        ],
        before: Some(("/livret/emporter", "D’abord, tout télécharger")),
        action: "/livret/supprimer".to_owned(),
        stop: "Supprimer mon livret",
        back: "/livret".to_owned(),
        keep: "Garder mon livret",
    }
}

/// `POST /livret/supprimer`: every row of the livret goes with it.
pub async fn delete_livret(
    State(wallet): State<Wallet>,
    learner: Learner,
    Form(form): Form<Fields>,
) -> web::Result<Response> {
    if !form.has("confirm", "1") {
        return Ok(web::redirect("/livret/supprimer"));
    }
    let mut tx = wallet.db.begin().await?;
    on!(tx, c => sqlx::query("delete from wallet_livret where livret_id = $1")
        .bind(learner.livret_id).execute(c).await.map(drop))?;
    tx.commit().await?;
    Ok(web::redirect("/livret/au-revoir"))
}

/// `GET /livret/au-revoir`
pub async fn goodbye(State(wallet): State<Wallet>) -> web::Result<Response> {
    goodbye_page(&wallet.site).answer(StatusCode::OK)
}

/// After a livret has gone.
pub fn goodbye_page(site: &Site) -> Message {
    Message::new(
        site,
        "Votre livret est supprimé",
        "Il ne reste rien de vous ici. Les badges que vous avez téléchargés restent à vous.",
    )
    .tag("circle-check", "Fait", "ok")
    .way("/", "Aller à l’accueil")
}
