//! The register, for people and for programs.

use axum::extract::State;
use axum::routing::get;
use http::HeaderMap;
use web::{Cache, Routes, Sample, Shell, Site, Who, dates, words};

use crate::organisations::habilitations::{self, Standing};
use crate::organisations::{self, Organisation};
use crate::{HOUSE, Issuer, Result};

/// How long a copy may be kept, in seconds (decisions §20).
pub(crate) const MAX_AGE: u32 = 60;

#[derive(askama::Template)]
#[template(path = "registre/page.html")]
struct RegisterPage {
    shell: Shell,
    region: String,
    habilitated: Vec<Line>,
    ended: Vec<Line>,
}

struct Line {
    url: String,
    name: String,
    town: String,
    since: String,
    until: String,
    families: String,
}

pub(crate) fn routes() -> Routes<Issuer> {
    Routes::new(HOUSE).page(Who::Anyone, "/registre", get(page)).json(Who::Anyone, "/registre.json", get(json))
}

async fn page(state: State<Issuer>, headers: HeaderMap) -> Result {
    if web::wants_json(&headers) {
        return json(state).await;
    }
    let issuer = &state.0;
    let region = organisations::region_facts(issuer).await?;
    let mut habilitations = habilitations::all(&issuer.db).await?;
    let organisations: Vec<(Organisation, Standing)> = organisations::rows::all(&issuer.db)
        .await?
        .into_iter()
        .map(|one| {
            let of_one = habilitations.remove(&one.organisation_id).unwrap_or_default();
            (one, Standing::at(issuer.clock.now(), &of_one))
        })
        .collect();
    web::render(Cache::Public(MAX_AGE), &RegisterPage::new(&issuer.site, &region.name, &organisations))
}

async fn json(State(issuer): State<Issuer>) -> Result {
    let text = super::signed_text(&issuer).await?;
    Ok(web::document("application/vc", Cache::Public(MAX_AGE), text))
}

impl RegisterPage {
    fn new(site: &Site, region: &str, organisations: &[(Organisation, Standing)]) -> Self {
        let (mut habilitated, mut ended) = (Vec::new(), Vec::new());
        for (organisation, standing) in organisations {
            match standing {
                Standing::Habilitated(one) | Standing::Ending(one) => habilitated.push(Line::new(organisation, one)),
                Standing::Ended(one) => ended.push(Line::new(organisation, one)),
                Standing::Never => {}
            }
        }
        let title = match habilitated.len() {
            0 => "Aucun organisme n’est encore habilité".to_owned(),
            n => format!(
                "{} {} par la Région",
                words::count(n, "organisme", "organismes"),
                words::plural(n, "habilité", "habilités")
            ),
        };
        let shell = organisations::pages::public_shell(site, &title).current("/registre");
        Self { shell, region: region.to_owned(), habilitated, ended }
    }
}

impl Line {
    fn new(organisation: &Organisation, one: &habilitations::Habilitation) -> Self {
        let day = |at| dates::long(dates::paris(at).date());
        Self {
            url: format!("/o/{}", organisation.opaque),
            name: organisation.name.clone(),
            town: organisation.town.clone(),
            since: day(one.from_at),
            until: one.until_at.map(organisations::last_day).unwrap_or_default(),
            families: organisations::families_in_words(&one.families),
        }
    }
}

/// The register in all its states.
pub(crate) fn samples(site: &Site) -> Vec<Sample> {
    let some = organisations::pages::sample_organisations();
    let page = |organisations| RegisterPage::new(site, "Région Normandie", organisations);
    vec![
        Sample::new(HOUSE, "/registre", "registre", &page(&some)),
        Sample::new(HOUSE, "/registre", "registre-un", &page(&some[..1])),
        Sample::new(HOUSE, "/registre", "registre-vide", &page(&[])),
    ]
}
