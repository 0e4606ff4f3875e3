//! The letter of a badge: subject, text, HTML.

use askama::Template;
use badge_schemas::referentiel::{Level, referentiel};
use time::macros::date;
use uuid::Uuid;
use web::{Error, Site, dates};

use super::ToDeliver;
use crate::Result;
use crate::letters::{self, Written};

#[derive(Template)]
#[template(path = "delivery/badge.subject.txt")]
struct Subject<'a> {
    badge: &'a Said,
}

#[derive(Template)]
#[template(path = "delivery/badge.txt")]
struct Text<'a> {
    badge: &'a Said,
}

#[derive(Template)]
#[template(path = "delivery/badge.html")]
struct Html<'a> {
    badge: &'a Said,
}

struct Said {
    name: String,
    badge: String,
    description: String,
    organisation: String,
    day: String,
    link: String,
    /// `livret.example/r`, as a person types it.
    place: String,
    code: String,
    rights: String,
}

/// Writes the letter of one badge.
pub(super) fn write(site: &Site, badge: &ToDeliver, link: &str, code: &str) -> Result<Written> {
    let level = Level::parse(&badge.level).ok_or_else(|| Error::internal("a level that is none"))?;
    let achievement = referentiel()
        .achievement(&badge.badge_id, level)
        .ok_or_else(|| Error::internal("an achievement that is not of the référentiel"))?;
    let wallet = &site.houses.wallet;
    let said = Said {
        name: badge.recipient_name.clone(),
        badge: achievement.name.clone(),
        description: achievement.description.clone(),
        organisation: badge.organisation_name.clone(),
        day: dates::long(badge.awarded_on),
        link: link.to_owned(),
        place: format!("{}/r", wallet.authority()),
        code: code.to_owned(),
        rights: wallet.join("/donnees-personnelles"),
    };
    letters::write(&Subject { badge: &said }, &Text { badge: &said }, &Html { badge: &said })
}

/// The letter with sample values.
pub fn sample_letters(site: &Site) -> Result<Vec<(&'static str, Written)>> {
    let badge = ToDeliver {
        award_id: Uuid::nil(),
        organisation_id: Uuid::nil(),
        organisation_name: "Estuaire Compétences".into(),
        badge_id: "cpt-travail-en-equipe".into(),
        level: "pratique".into(),
        awarded_on: date!(2026 - 11 - 20),
        recipient_name: "Inès Duval".into(),
        email: Some("ines@exemple.fr".into()),
        letter_number: 1,
        letter_generation: 1,
        slip_generation: 1,
    };
    let link = site.houses.wallet.join("/r/AAAAAAAAAAAAAAAAAAAAAAAAAA");
    Ok(vec![("courrier-badge", write(site, &badge, &link, "RK4M 2PQ9 7WXY")?)])
}
