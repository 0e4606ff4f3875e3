//! What several pages share: the shell of this house, a badge as it is drawn, and the page that says one thing.

use askama::Template;
use axum::response::Response;
use http::StatusCode;
use time::Date;
use time::format_description::well_known::Iso8601;
use uuid::Uuid;
use web::{Cache, Shell, Site, Thumb};

use crate::badges::Badge;
use crate::{reading, texts};

/// The shell of a page outside the livret: nobody's name on it.
pub fn outside(site: &Site, title: impl Into<String>) -> Shell {
    Shell::new(site, title).house("Mon livret").noindex()
}

/// The shell of a page of an open livret.
pub fn inside(site: &Site, title: impl Into<String>, name: &str, thumb: Thumb) -> Shell {
    let name = if name.is_empty() { "Mon livret" } else { name };
    Shell::new(site, title).house(name).thumb(thumb).noindex()
}

/// A badge as it is drawn in a list or on top of a page.
#[derive(Debug, Clone)]
pub struct Medal {
    pub id: Uuid,
    pub name: String,
    pub level: String,
    /// With the level.
    pub title: String,
    pub organisation: String,
    /// The day observed: « 12 mai 2026 »; empty when it is the day attested.
    pub observed: String,
    /// The day attested: « 20 novembre 2026 ».
    pub attested: String,
    /// That day's month: « nov. 2026 ».
    pub month: String,
    pub vignette: String,
    pub picture: String,
    /// « Retiré » and the like.
    pub gone: Option<&'static str>,
    /// Why it could not be checked.
    pub doubt: Option<&'static str>,
    /// Ticked in a form.
    pub chosen: bool,
}

impl Medal {
    /// Draws a row.
    pub fn new(site: &Site, badge: &Badge) -> Self {
        let level = badge_schemas::referentiel::Level::parse(&badge.level_code).map_or("", |level| level.name());
        let attested = reading::day(&badge.valid_from);
        let observed = Date::parse(&badge.awarded_on, &Iso8601::DATE).ok().filter(|day| Some(*day) != attested);
        let doubt = badge.is(checks::Verdict::CouldNotCheck).then(|| texts::state(&badge.verdict)).flatten();
        Self {
            id: badge.badge_id,
            name: badge.name.clone(),
            level: level.to_owned(),
            title: if level.is_empty() { badge.name.clone() } else { format!("{} – {level}", badge.name) },
            organisation: badge.organisation.clone(),
            observed: observed.map(web::dates::long).unwrap_or_default(),
            attested: attested.map(web::dates::long).unwrap_or_default(),
            month: attested.map(web::dates::short_month).unwrap_or_default(),
            vignette: vignette(site, badge),
            picture: drawn(site, &badge.image_url),
            gone: texts::gone(&badge.verdict),
            doubt: doubt.map(|state| state.sentence),
            chosen: false,
        }
    }
}

/// The small picture, cached by the browser for all badges of one achievement.
fn vignette(site: &Site, badge: &Badge) -> String {
    if badge.achievement_url.starts_with(&site.houses.issuer.join("/referentiel/")) {
        format!("{}/vignette.svg", badge.achievement_url)
    } else {
        drawn(site, &badge.image_url)
    }
}

/// The drawing beside a signed picture of our issuer: the same, lighter and sharper.
pub fn drawn(site: &Site, image_url: &str) -> String {
    match image_url.strip_suffix("/image.png") {
        Some(stem) if image_url.starts_with(&site.houses.issuer.join("/")) => format!("{stem}/image.svg"),
        _ => image_url.to_owned(),
    }
}

/// A page that says one thing and where to go next.
#[derive(Template)]
#[template(path = "message.html")]
pub struct Message {
    pub shell: Shell,
    pub title: String,
    pub lead: String,
    /// Icon, word, tone.
    pub tag: Option<(&'static str, &'static str, &'static str)>,
    pub lines: Vec<String>,
    pub actions: Vec<Action>,
}

/// A way forward.
pub struct Action {
    pub href: String,
    pub label: &'static str,
}

impl Message {
    /// A title and a sentence.
    pub fn new(site: &Site, title: &str, lead: &str) -> Self {
        Self {
            shell: outside(site, title).narrow(),
            title: title.to_owned(),
            lead: lead.to_owned(),
            tag: None,
            lines: Vec::new(),
            actions: Vec::new(),
        }
    }

    /// A state above the title.
    #[must_use]
    pub fn tag(mut self, icon: &'static str, word: &'static str, class: &'static str) -> Self {
        self.tag = Some((icon, word, class));
        self
    }

    /// A line of help.
    #[must_use]
    pub fn line(mut self, line: &str) -> Self {
        self.lines.push(line.to_owned());
        self
    }

    /// A way forward; the first is the main one.
    #[must_use]
    pub fn way(mut self, href: impl Into<String>, label: &'static str) -> Self {
        self.actions.push(Action { href: href.into(), label });
        self
    }

    /// The answer.
    pub fn answer(&self, status: StatusCode) -> web::Result<Response> {
        web::render_status(status, Cache::Token, self)
    }
}

/// A page that asks before something is lost; the button names the object on both sides.
#[derive(Template)]
#[template(path = "confirm.html")]
pub struct Confirm {
    pub shell: Shell,
    pub title: String,
    pub lead: String,
    pub lines: Vec<String>,
    pub before: Option<(&'static str, &'static str)>,
    pub action: String,
    pub stop: &'static str,
    pub back: String,
    pub keep: &'static str,
}

/// A page with one button, so that looking at an address changes nothing.
#[derive(Template)]
#[template(path = "open.html")]
pub struct Open {
    pub shell: Shell,
    pub title: String,
    pub lead: String,
    pub action: String,
    pub suite: Option<String>,
    pub ask_shared: bool,
    pub button: &'static str,
}
