//! « Emporter mes badges »: what each file is for and with what it opens, and the page made for paper.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use time::OffsetDateTime;
use uuid::Uuid;
use web::{Cache, Shell, Site, Thumb, qr};

use crate::Wallet;
use crate::access::Learner;
use crate::badges::{self, Badge};
use crate::pages::{Medal, inside};
use crate::texts;

#[derive(Template)]
#[template(path = "takeout.html")]
pub struct Page {
    pub shell: Shell,
    pub empty: bool,
    pub can_show: bool,
}

/// `GET /livret/emporter`
pub async fn page(State(wallet): State<Wallet>, learner: Learner) -> web::Result<Response> {
    let rows = badges::of_livret(&wallet.db, learner.livret_id).await?;
    web::render(Cache::Private, &Page::new(&wallet.site, &learner.name, &rows))
}

impl Page {
    /// The ways that these badges may go.
    pub fn new(site: &Site, name: &str, rows: &[Badge]) -> Self {
        Self {
            shell: inside(site, "Emporter mes badges", name, Thumb::Livret).narrow(),
            empty: rows.is_empty(),
            can_show: rows.iter().any(Badge::can_show),
        }
    }
}

#[derive(Template)]
#[template(path = "paper.html")]
pub struct Paper {
    pub shell: Shell,
    pub name: String,
    pub day: String,
    pub lines: Vec<Line>,
    /// How many badges of the livret do not count any more, and are not printed.
    pub left_out: usize,
}

/// A badge on paper: what it says in public, and where that is checked.
pub struct Line {
    pub medal: Medal,
    /// When it is another name than the livret's.
    pub holder: Option<String>,
    /// The badge's own page, which names nobody; `None` for a badge of another issuer.
    pub address: Option<String>,
    pub qr: String,
}

/// `GET /livret/imprimer`
pub async fn paper(State(wallet): State<Wallet>, learner: Learner) -> web::Result<Response> {
    let mut rows = badges::of_livret(&wallet.db, learner.livret_id).await?;
    badges::refresh(&wallet, learner.livret_id, &mut rows).await?;
    web::render(Cache::Private, &Paper::new(&wallet.site, &learner.name, &rows, wallet.clock.now()))
}

impl Paper {
    /// The badges that count, as they are on that day. The sentence of the trainer stays in the livret (decisions §7).
    pub fn new(site: &Site, name: &str, rows: &[Badge], now: OffsetDateTime) -> Self {
        let lines: Vec<Line> =
            rows.iter().filter(|badge| badge.can_show()).map(|badge| Line::new(site, name, badge)).collect();
        Self {
            shell: inside(site, "Imprimer ou enregistrer mon livret", name, Thumb::Livret).narrow(),
            name: name.to_owned(),
            day: web::dates::long(web::dates::day_in_paris(now)),
            left_out: rows.len() - lines.len(),
            lines,
        }
    }
}

impl Line {
    fn new(site: &Site, name: &str, badge: &Badge) -> Self {
        let mut medal = Medal::new(site, badge);
        // Paper says it without a verification beside: every doubt is told.
        medal.doubt = medal.doubt.or_else(|| texts::state(&badge.verdict).map(|state| state.sentence));
        let address = public_address(site, &badge.credential_id);
        let label = format!("QR pour vérifier\u{a0}: {}", medal.title);
        Self {
            holder: Some(&badge.holder_name).filter(|holder| *holder != name).cloned(),
            qr: address.as_ref().map(|address| qr::svg(address, qr::Level::M, &label)).unwrap_or_default(),
            address,
            medal,
        }
    }
}

/// The page of a badge of our issuer: its id, which stands in signed text, when it is such an address.
fn public_address(site: &Site, credential_id: &str) -> Option<String> {
    let id = credential_id.strip_prefix(&site.houses.issuer.join("/badges/"))?;
    Uuid::parse_str(id).ok().map(|_| credential_id.to_owned())
}
