//! « Mon relevé » : chosen badges in one file, a Comprehensive Learner Record 2.0 that the Région signs as its publisher.
//! The issuer's house makes it, from the texts it signed, each opened by the key that claimed its badge.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use badge_schemas::text::fold_name;
use http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;
use web::form::{FieldErrors, Fields};
use web::{Cache, Error, Form, Shell, Site, Thumb, Words};

use crate::Wallet;
use crate::access::Learner;
use crate::badges::{self, Badge};
use crate::forms::{self, Source};
use crate::pages::{Medal, inside};

/// The issuer puts no more into one record.
pub const AT_MOST: usize = 16;

#[derive(Template)]
#[template(path = "record.html")]
pub struct Page {
    pub shell: Shell,
    pub badges: Vec<Medal>,
    pub at_most: usize,
    pub errors: FieldErrors,
}

/// What stands behind `?`.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    badge: Option<Uuid>,
}

/// `GET /livret/releve`
pub async fn page(State(wallet): State<Wallet>, learner: Learner, Query(asked): Query<Asked>) -> web::Result<Response> {
    let mut rows = badges::of_livret(&wallet.db, learner.livret_id).await?;
    badges::refresh(&wallet, learner.livret_id, &mut rows).await?;
    let chosen: Vec<Uuid> = asked.badge.into_iter().collect();
    web::render(Cache::Private, &Page::new(&wallet.site, &learner.name, &rows, &chosen))
}

impl Page {
    /// The badges that may be gathered, these ticked.
    pub fn new(site: &Site, name: &str, rows: &[Badge], chosen: &[Uuid]) -> Self {
        let mut badges: Vec<Medal> =
            rows.iter().filter(|badge| badge.can_show()).map(|badge| Medal::new(site, badge)).collect();
        for badge in &mut badges {
            badge.chosen = chosen.contains(&badge.id);
        }
        Self {
            shell: inside(site, "Plusieurs badges dans un fichier", name, Thumb::Livret).narrow(),
            badges,
            at_most: AT_MOST,
            errors: FieldErrors::new(),
        }
    }
}

/// `POST /livret/releve`: the file, or the form again with what is wrong.
pub async fn make(State(wallet): State<Wallet>, learner: Learner, Form(form): Form<Fields>) -> web::Result<Response> {
    let rows = badges::of_livret(&wallet.db, learner.livret_id).await?;
    let mut chosen: Vec<Uuid> = Vec::new();
    for text in form.all("badge") {
        let badge = rows.iter().find(|badge| badge.can_show() && text == badge.badge_id.to_string());
        let badge = badge.ok_or(Error::NotFound)?.badge_id;
        if !chosen.contains(&badge) {
            chosen.push(badge);
        }
    }
    let mut sources = Vec::with_capacity(chosen.len());
    for badge in chosen.iter().take(AT_MOST) {
        sources.extend(forms::source(&wallet, learner.livret_id, *badge).await?);
    }
    let mut names: Vec<String> = rows
        .iter()
        .filter(|badge| chosen.contains(&badge.badge_id))
        .map(|badge| fold_name(&badge.holder_name))
        .collect();
    names.sort_unstable();
    names.dedup();
    let fault = if chosen.is_empty() {
        Some("Choisissez au moins un badge".to_owned())
    } else if chosen.len() > AT_MOST {
        Some(format!("Choisissez {AT_MOST}\u{a0}badges au plus"))
    } else if sources.len() != chosen.len() {
        Some("Un de ces badges ne vient pas de notre émetteur\u{a0}: téléchargez-le seul".to_owned())
    } else if names.len() > 1 {
        Some("Ces badges sont à des noms différents\u{a0}: choisissez ceux d’un seul nom".to_owned())
    } else {
        None
    };
    if let Some(fault) = fault {
        let mut page = Page::new(&wallet.site, &learner.name, &rows, &chosen);
        page.errors.add("badges", fault);
        return web::render_status(StatusCode::UNPROCESSABLE_ENTITY, Cache::Private, &page);
    }
    let text = ask(&wallet, &sources).await?;
    let day = web::dates::iso(web::dates::day_in_paris(wallet.clock.now()));
    Ok(web::file("application/vc", &format!("{day}-mes-badges.json"), text))
}

/// The signed record, as the issuer answers it.
async fn ask(wallet: &Wallet, sources: &[Source]) -> web::Result<String> {
    const BACK: &str = "/livret/releve";
    let url = wallet.site.houses.issuer.join("/clr");
    let badges: Vec<_> = sources.iter().map(|one| json!({ "id": one.credential_id, "key": one.claim_id })).collect();
    let answer = wallet.door.post_json(&url, &[], &json!({ "badges": badges })).await;
    match answer {
        Ok(fetched) if fetched.status == StatusCode::OK => {
            fetched.text().map(str::to_owned).ok_or_else(|| forms::silent(None, BACK))
        }
        Ok(fetched) if fetched.status == StatusCode::GONE => Err(Error::Gone.with(
            Words::new(
                "Un de ces badges a été retiré",
                "Il ne peut plus aller dans un fichier. Choisissez les autres.",
            )
            .link(BACK, "Choisir de nouveau"),
        )),
        Ok(fetched) if fetched.status == StatusCode::TOO_MANY_REQUESTS => Err(Error::TooMany(3_600).with(
            Words::new("Assez de fichiers pour le moment", "Vous en avez déjà fait beaucoup. Attendez une heure.")
                .link("/livret", "Mon livret"),
        )),
        answer => Err(forms::silent(answer.err().as_ref(), BACK)),
    }
}
