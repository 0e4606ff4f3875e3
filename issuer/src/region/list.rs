//! Every organisation with its state.

use axum::extract::{Query, State};
use serde::Deserialize;
use web::{Cache, Sample, Shell, Site, dates, words};

use super::path_of;
use crate::access::{Officer, officer_shell};
use crate::organisations::habilitations::{self, Standing};
use crate::organisations::{self, Organisation, last_day};
use crate::{HOUSE, Issuer, Result};

const PER_PAGE: usize = 25;

#[derive(askama::Template)]
#[template(path = "region/list.html")]
struct ListPage {
    shell: Shell,
    lines: Vec<Line>,
    page: usize,
    pages: usize,
}

struct Line {
    to: String,
    name: String,
    town: String,
    tone: &'static str,
    icon: &'static str,
    state: String,
}

#[derive(Deserialize)]
pub(super) struct PageNumber {
    #[serde(default)]
    page: Option<usize>,
}

pub(super) async fn page(State(issuer): State<Issuer>, _officer: Officer, query: Query<PageNumber>) -> Result {
    let mut habilitations = habilitations::all(&issuer.db).await?;
    let now = issuer.clock.now();
    let organisations: Vec<(Organisation, Standing)> = organisations::rows::all(&issuer.db)
        .await?
        .into_iter()
        .map(|one| {
            let of_one = habilitations.remove(&one.organisation_id).unwrap_or_default();
            (one, Standing::at(now, &of_one))
        })
        .collect();
    web::render(Cache::Private, &ListPage::new(&issuer.site, &organisations, query.page.unwrap_or(1)))
}

impl ListPage {
    fn new(site: &Site, organisations: &[(Organisation, Standing)], page: usize) -> Self {
        let habilitated = organisations.iter().filter(|(_, standing)| standing.in_force().is_some()).count();
        let title = match organisations.len() {
            0 => "Aucun organisme pour l’instant".to_owned(),
            n => format!(
                "{}, dont {habilitated} {}",
                words::count(n, "organisme", "organismes"),
                words::plural(habilitated, "habilité", "habilités")
            ),
        };
        let pages = organisations.len().div_ceil(PER_PAGE).max(1);
        let page = page.clamp(1, pages);
        let lines = organisations.iter().skip((page - 1) * PER_PAGE).take(PER_PAGE).map(Line::new).collect();
        Self { shell: officer_shell(site, &title).current("/region"), lines, page, pages }
    }
}

impl Line {
    fn new((organisation, standing): &(Organisation, Standing)) -> Self {
        let day = |at| dates::long(dates::paris(at).date());
        let until = |one: &habilitations::Habilitation| one.until_at.map(last_day).unwrap_or_default();
        let (tone, icon, state) = match standing {
            Standing::Habilitated(one) => ("ok", "shield-check", format!("Habilité depuis le {}", day(one.from_at))),
            Standing::Ending(one) => ("info", "calendar", format!("Habilité jusqu’au {}", until(one))),
            Standing::Ended(one) => ("warn", "shield-alert", format!("Fin le {}", until(one))),
            Standing::Never => ("", "shield", "Pas encore habilité".to_owned()),
        };
        Self {
            to: path_of(&organisation.opaque),
            name: organisation.name.clone(),
            town: organisation.town.clone(),
            tone,
            icon,
            state,
        }
    }
}

pub(super) fn samples(site: &Site) -> Vec<Sample> {
    let some = organisations::pages::sample_organisations();
    let many: Vec<_> = (0..60).map(|n| some[n % some.len()].clone()).collect();
    vec![
        Sample::new(HOUSE, "/region", "region", &ListPage::new(site, &some, 1)),
        Sample::new(HOUSE, "/region", "region-vide", &ListPage::new(site, &[], 1)),
        Sample::new(HOUSE, "/region", "region-plusieurs-pages", &ListPage::new(site, &many, 2)),
    ]
}
