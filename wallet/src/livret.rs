//! « Mon livret » : the shelf, and the page of one badge.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use checks::Verdict;
use serde::Deserialize;
use store::on;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;
use web::{Cache, Shell, Site, Thumb};

use crate::Wallet;
use crate::access::Learner;
use crate::badges::{self, Badge};
use crate::forms::{self, FORMS, Form};
use crate::pages::{Medal, inside};
use crate::reading::{self, Reading};
use crate::texts::{self, State as BadgeState};

/// How long a badge is new.
const NEW: Duration = Duration::days(7);

#[derive(Template)]
#[template(path = "livret.html")]
pub struct Page {
    pub shell: Shell,
    pub given_name: String,
    pub newest: Option<Medal>,
    pub shelf: Vec<Medal>,
    pub can_show: bool,
    pub active_shares: i64,
    pub said: Option<&'static str>,
}

/// What the page says of the last act.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    fait: Option<String>,
}

/// `GET /livret`
pub async fn page(State(wallet): State<Wallet>, learner: Learner, Query(asked): Query<Asked>) -> web::Result<Response> {
    let mut rows = badges::of_livret(&wallet.db, learner.livret_id).await?;
    badges::refresh(&wallet, learner.livret_id, &mut rows).await?;
    let active: i64 = on!(wallet.db, c => sqlx::query_scalar(
        "select count(*) from wallet_share s where s.livret_id = $1 and s.until_at > $2
         and not exists (select 1 from wallet_share_end e where e.share_id = s.share_id)")
        .bind(learner.livret_id).bind(wallet.clock.now()).fetch_one(c).await)?;
    let mut page = Page::new(&wallet.site, &learner.name, &rows, active, wallet.clock.now());
    page.said = match asked.fait.as_deref() {
        Some("badge-supprime") => Some("Le badge est supprimé de votre livret."),
        _ => None,
    };
    web::render(Cache::Private, &page)
}

impl Page {
    /// The page of these badges, newest first.
    pub fn new(site: &Site, name: &str, rows: &[Badge], active_shares: i64, now: OffsetDateTime) -> Self {
        let newest = rows.first().filter(|badge| badge.can_show() && now < badge.received_at + NEW);
        Self {
            shell: inside(site, "Mon livret", name, Thumb::Livret),
            given_name: texts::given_name(name),
            newest: newest.map(|badge| Medal::new(site, badge)),
            shelf: rows.iter().map(|badge| Medal::new(site, badge)).collect(),
            can_show: rows.iter().any(Badge::can_show),
            active_shares,
            said: None,
        }
    }
}

#[derive(Template)]
#[template(path = "badge.html")]
pub struct BadgePage {
    pub shell: Shell,
    pub badge: Medal,
    pub state: Option<BadgeState>,
    pub said: Option<&'static str>,
    /// Letters of the same organisation to the same person, not opened yet.
    pub waiting: usize,
    pub gone: bool,
    pub authentic: bool,
    pub can_show: bool,
    /// Taken back by its organisation, on that day: « 22 novembre 2026 », empty when the issuer does not say.
    pub withdrawn: Option<String>,
    pub level_means: String,
    pub observed: Vec<String>,
    pub sentence: Option<String>,
    pub description: String,
    pub criteria: Vec<String>,
    pub holder: String,
    pub organisation_url: String,
    pub file_name: String,
    /// The badge's public address and its other forms; `None` when the issuer does not give any.
    pub forms: Option<Forms>,
}

/// The forms of a badge, the picture first.
pub struct Forms {
    /// Says nothing of the person.
    pub address: String,
    pub picture: &'static Form,
    pub others: &'static [Form],
}

impl Forms {
    /// Those of a badge at this address.
    pub fn at(address: String) -> Option<Self> {
        let (picture, others) = FORMS.split_first()?;
        Some(Self { address, picture, others })
    }
}

/// Whether the badge has just arrived.
#[derive(Debug, Default, Deserialize)]
pub struct AskedBadge {
    nouveau: Option<u8>,
}

/// `GET /livret/badges/{id}`
pub async fn badge(
    State(wallet): State<Wallet>,
    learner: Learner,
    Path(id): Path<Uuid>,
    Query(asked): Query<AskedBadge>,
) -> web::Result<Response> {
    let mut rows = badges::of_livret(&wallet.db, learner.livret_id).await?;
    rows.retain(|badge| badge.badge_id == id);
    badges::refresh(&wallet, learner.livret_id, &mut rows).await?;
    let row = rows.first().ok_or(web::Error::NotFound)?;
    let text = badges::text_of(&wallet.db, learner.livret_id, id).await?.ok_or(web::Error::NotFound)?;
    let mut page = BadgePage::new(&wallet.site, &learner.name, row, reading::read(&text).unwrap_or_default());
    let source = forms::source(&wallet, learner.livret_id, id).await?;
    if let (Some(day), Some(source)) = (&mut page.withdrawn, &source) {
        *day = forms::withdrawn_on(&wallet, source).await.map(web::dates::long).unwrap_or_default();
    }
    if let (Some(_), Some(source)) = (asked.nouveau, &source) {
        page.waiting = forms::waiting(&wallet, source).await;
    }
    if row.can_show() {
        page.forms = source.and_then(|source| Forms::at(source.credential_id));
    }
    page.said =
        asked.nouveau.map(|_| "Le badge est dans votre livret. Rien n’est envoyé à un employeur sans votre accord.");
    web::render(Cache::Private, &page)
}

impl BadgePage {
    /// The page of one badge. Of an altered text nothing is shown but that it is.
    pub fn new(site: &Site, name: &str, row: &Badge, reading: Reading) -> Self {
        let badge = Medal::new(site, row);
        let reading = if row.is(Verdict::Altered) { Reading::default() } else { reading };
        let url = reading.organisation_url;
        Self {
            shell: inside(site, badge.title.clone(), name, Thumb::Livret),
            state: texts::state(&row.verdict),
            said: None,
            waiting: 0,
            gone: badge.gone.is_some(),
            authentic: row.is(Verdict::Authentic),
            can_show: row.can_show(),
            withdrawn: row.is(Verdict::Withdrawn).then(String::new),
            level_means: reading.level_means,
            observed: reading.observed,
            sentence: reading.sentence,
            description: reading.description,
            criteria: reading.criteria,
            holder: row.holder_name.clone(),
            // Signed by a stranger perhaps: only an address of the web becomes a link.
            organisation_url: if url.starts_with("https://") || url.starts_with("http://") {
                url
            } else {
                String::new()
            },
            file_name: file_name(row),
            forms: None,
            badge,
        }
    }
}

/// `AAAA-MM-JJ-nom-du-badge.json`
pub fn file_name(badge: &Badge) -> String {
    format!("{}.json", file_stem(badge))
}

/// `AAAA-MM-JJ-nom-du-badge`
pub fn file_stem(badge: &Badge) -> String {
    let mut slug = String::new();
    for c in badge_schemas::text::sort_key(&badge.name).split('\u{1}').next().unwrap_or_default().chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
    }
    let level = if badge.level_code.is_empty() { String::new() } else { format!("-{}", badge.level_code) };
    format!("{}-{}{level}", badge.awarded_on, slug.trim_matches('-'))
}

/// `GET /livret/badges/{id}/fichier.json`: the exact text.
pub async fn download(State(wallet): State<Wallet>, learner: Learner, Path(id): Path<Uuid>) -> web::Result<Response> {
    let rows = badges::of_livret(&wallet.db, learner.livret_id).await?;
    let row = rows.iter().find(|badge| badge.badge_id == id).ok_or(web::Error::NotFound)?;
    let text = badges::text_of(&wallet.db, learner.livret_id, id).await?.ok_or(web::Error::NotFound)?;
    Ok(web::file("application/vc", &file_name(row), text))
}
