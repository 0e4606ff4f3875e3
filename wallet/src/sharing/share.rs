//! « Partager » : what, for whom, until when; what is open now; stop.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use badge_schemas::text::looks_like_nir;
use http::StatusCode;
use serde::Deserialize;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;
use web::codes::Code;
use web::form::{FieldErrors, Fields};
use web::tokens::LinkToken;
use web::{Cache, Error, Form, Shell, Site, Thumb, qr, words};

use super::rows::{self, NewShare, Share};
use super::show::chosen;
use crate::access::Learner;
use crate::badges::{self, Badge};
use crate::pages::{Medal, inside};
use crate::texts::{AUDIENCES, SPANS};
use crate::{Wallet, secrets};

const LABEL: usize = 80;

#[derive(Template)]
#[template(path = "share.html")]
pub struct Page {
    pub shell: Shell,
    pub badges: Vec<Medal>,
    pub audiences: Vec<Choice>,
    pub label: String,
    pub spans: Vec<Choice>,
    pub active: Vec<Line>,
    pub ended: Vec<Line>,
    pub errors: FieldErrors,
}

/// A radio button.
pub struct Choice {
    pub value: &'static str,
    pub icon: &'static str,
    pub label: &'static str,
    pub hint: &'static str,
    pub chosen: bool,
}

/// A share in a list.
pub struct Line {
    pub id: Uuid,
    pub who: String,
    pub what: String,
    pub until: String,
    pub seen: String,
}

/// What the form holds when it first comes, or comes back.
#[derive(Default)]
pub struct Answers {
    pub badges: Vec<Uuid>,
    pub audience: String,
    pub span: String,
    pub label: String,
}

impl Answers {
    fn read(form: &Fields) -> Self {
        Self {
            badges: form.all("badge").filter_map(|text| Uuid::parse_str(text).ok()).collect(),
            audience: form.get("audience").to_owned(),
            span: form.get("span").to_owned(),
            label: form.get("label").chars().take(LABEL).collect(),
        }
    }
}

/// What stands behind `?`.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    badge: Option<Uuid>,
}

/// `GET /livret/partager`
pub async fn page(State(wallet): State<Wallet>, learner: Learner, Query(asked): Query<Asked>) -> web::Result<Response> {
    let mut rows = badges::of_livret(&wallet.db, learner.livret_id).await?;
    badges::refresh(&wallet, learner.livret_id, &mut rows).await?;
    let answers = Answers { badges: asked.badge.into_iter().collect(), ..Answers::default() };
    let shares = rows::shares(&wallet.db, learner.livret_id).await?;
    web::render(Cache::Private, &Page::new(&wallet.site, &learner.name, &rows, &shares, &answers, wallet.clock.now()))
}

impl Page {
    /// The form with these answers, and the shares under it.
    pub fn new(
        site: &Site,
        name: &str,
        rows: &[Badge],
        shares: &[Share],
        answers: &Answers,
        now: OffsetDateTime,
    ) -> Self {
        let mut badges: Vec<Medal> =
            rows.iter().filter(|badge| badge.can_show()).map(|badge| Medal::new(site, badge)).collect();
        for badge in &mut badges {
            badge.chosen = answers.badges.contains(&badge.id);
        }
        let or = |given: &str, usual: &'static str| if given.is_empty() { usual.to_owned() } else { given.to_owned() };
        let (audience, span) = (or(&answers.audience, "company"), or(&answers.span, "7j"));
        let lines =
            |open| shares.iter().filter(move |share| share.is_open(now) == open).map(|share| Line::new(share, now));
        Self {
            shell: inside(site, "Partager", name, Thumb::Partager).narrow(),
            badges,
            audiences: AUDIENCES
                .iter()
                .map(|a| Choice {
                    value: a.code,
                    icon: a.icon,
                    label: a.label,
                    hint: a.hint,
                    chosen: a.code == audience,
                })
                .collect(),
            label: answers.label.clone(),
            spans: SPANS
                .iter()
                .map(|s| Choice { value: s.code, icon: "", label: s.label, hint: s.hint, chosen: s.code == span })
                .collect(),
            active: lines(true).collect(),
            ended: lines(false).collect(),
            errors: FieldErrors::new(),
        }
    }
}

impl Line {
    /// A share in words.
    pub fn new(share: &Share, now: OffsetDateTime) -> Self {
        Self {
            id: share.share_id,
            who: who(share, false),
            what: what(share.badges),
            until: until(share, now),
            seen: seen(share),
        }
    }
}

/// `POST /livret/partager`
pub async fn make(State(wallet): State<Wallet>, learner: Learner, Form(form): Form<Fields>) -> web::Result<Response> {
    let rows = badges::of_livret(&wallet.db, learner.livret_id).await?;
    let mine: Vec<Uuid> = rows.iter().filter(|badge| badge.can_show()).map(|badge| badge.badge_id).collect();
    let badges = chosen(&form, &mine)?;
    let answers = Answers::read(&form);
    let audience = AUDIENCES.iter().find(|audience| audience.code == answers.audience);
    let span = SPANS.iter().find(|span| span.code == answers.span);
    let told = looks_like_nir(&answers.label);
    let (Some(audience), Some(span), false, false) = (audience, span, badges.is_empty(), told) else {
        let shares = rows::shares(&wallet.db, learner.livret_id).await?;
        let mut page = Page::new(&wallet.site, &learner.name, &rows, &shares, &answers, wallet.clock.now());
        if badges.is_empty() {
            page.errors.add("badges", "Choisissez au moins un badge");
        }
        if audience.is_none() {
            page.errors.add("pour-qui", "Dites pour qui");
        }
        if told {
            page.errors.add(
                "nom",
                "Ce nom ressemble à un numéro de sécurité sociale\u{a0}: donnez seulement le nom de qui recevra le lien",
            );
            page.label.clear();
        }
        if span.is_none() {
            page.errors.add("jusqu-a", "Dites jusqu’à quand");
        }
        return web::render_status(StatusCode::UNPROCESSABLE_ENTITY, Cache::Private, &page);
    };
    let until = wallet.clock.now() + Duration::minutes(span.minutes);
    let mut tx = wallet.db.begin().await?;
    let new =
        NewShare { livret: learner.livret_id, badges: &badges, audience: audience.code, label: &answers.label, until };
    let share = rows::write_share(&mut tx, &wallet, &new).await?;
    tx.commit().await?;
    Ok(web::redirect(&format!("/livret/partages/{share}")))
}

#[derive(Template)]
#[template(path = "share_one.html")]
pub struct One {
    pub shell: Shell,
    pub id: Uuid,
    pub open: Option<OpenShare>,
    pub stopped: bool,
    pub who: String,
    pub what: String,
    pub until: String,
    pub seen: String,
    pub verifier: String,
}

/// What is given away while a share is open.
pub struct OpenShare {
    pub link: String,
    pub code: String,
    pub qr: String,
}

/// `GET /livret/partages/{id}`: its link and code, or that it has ended.
pub async fn one(State(wallet): State<Wallet>, learner: Learner, Path(id): Path<Uuid>) -> web::Result<Response> {
    let shares = rows::shares(&wallet.db, learner.livret_id).await?;
    let share = shares.iter().find(|share| share.share_id == id).ok_or(Error::NotFound)?;
    let (link, code) = (secrets::share_link(&wallet.vault, id), secrets::share_code(&wallet.vault, id));
    web::render(Cache::Token, &One::new(&wallet.site, &learner.name, share, &link, &code, wallet.clock.now()))
}

impl One {
    /// The page of one share.
    pub fn new(site: &Site, name: &str, share: &Share, link: &LinkToken, code: &Code, now: OffsetDateTime) -> Self {
        let verifier = &site.houses.verifier;
        let is_open = share.is_open(now);
        let path = format!("/v/{link}");
        let title = if is_open { "Votre partage est prêt" } else { "Partage terminé" };
        let label = "QR du partage. Le code écrit à côté donne la même page.";
        Self {
            shell: inside(site, title, name, Thumb::Partager).narrow(),
            id: share.share_id,
            open: is_open.then(|| OpenShare {
                link: verifier.join(&path),
                code: code.grouped(),
                qr: qr::svg(&verifier.join_upper(&path), qr::Level::Q, label),
            }),
            stopped: share.ended_at.is_some(),
            who: who(share, is_open),
            what: what(share.badges),
            until: until(share, now),
            seen: seen(share),
            verifier: format!("{}/v", verifier.authority()),
        }
    }
}

/// `POST /livret/partages/{id}/arreter`: at once.
pub async fn stop(State(wallet): State<Wallet>, learner: Learner, Path(id): Path<Uuid>) -> web::Result<Response> {
    let mut tx = wallet.db.begin().await?;
    if !rows::stop(&mut tx, learner.livret_id, id, wallet.clock.now()).await? {
        return Err(Error::NotFound);
    }
    tx.commit().await?;
    Ok(web::redirect(&format!("/livret/partages/{id}")))
}

/// The label if there is one, else the kind; `after_to` for « Donnez ce code à … ».
pub fn who(share: &Share, after_to: bool) -> String {
    if !share.label.is_empty() {
        return share.label.clone();
    }
    let audience = AUDIENCES.iter().find(|audience| audience.code == share.audience);
    audience.map_or("", |audience| if after_to { audience.to } else { audience.label }).to_owned()
}

fn what(badges: i64) -> String {
    words::count(usize::try_from(badges).unwrap_or(0), "badge", "badges")
}

/// « 29 novembre 2026 », « aujourd’hui à 14 h 45 », or how it ended.
fn until(share: &Share, now: OffsetDateTime) -> String {
    let day = |at| web::dates::long(web::dates::day_in_paris(at));
    match share.ended_at {
        Some(at) => format!("Arrêté par vous le {}.", day(at)),
        None if now >= share.until_at => format!("Terminé le {}.", day(share.until_at)),
        None => web::dates::moment(share.until_at),
    }
}

fn seen(share: &Share) -> String {
    match share.views {
        0 => "Pas encore ouvert.".to_owned(),
        n => {
            let times = format!("Ouvert {}\u{a0}fois", words::number(n));
            match share.last_view {
                Some(at) => format!("{times}, la dernière le {}.", web::dates::moment(at)),
                None => format!("{times}."),
            }
        }
    }
}
