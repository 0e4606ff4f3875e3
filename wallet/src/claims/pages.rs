//! The pages of a claim, in each of its states.

use askama::Template;
use axum::response::Response;
use http::StatusCode;
use time::Date;
use time::format_description::well_known::Iso8601;
use web::form::FieldErrors;
use web::{Cache, Shell, Site};

use super::ClaimToken;
use super::issuer::Offer;
use super::keep::Other;
use crate::access::Learner;
use crate::pages::{self, Open, outside};
use crate::reading::{Reading, without_level};

#[derive(Template)]
#[template(path = "claim_type.html")]
pub struct TypePage {
    pub shell: Shell,
    pub typed: String,
    pub errors: FieldErrors,
}

impl TypePage {
    /// The page as it first comes.
    pub fn new(site: &Site) -> Self {
        Self { shell: outside(site, "Prendre mon badge").narrow(), typed: String::new(), errors: FieldErrors::new() }
    }

    /// The page with what was typed, and what is wrong with it.
    pub fn refused(mut self, typed: &str, message: String) -> web::Result<Response> {
        self.typed = typed.chars().take(40).collect();
        self.errors.add("code", message);
        web::render_status(StatusCode::UNPROCESSABLE_ENTITY, Cache::Token, &self)
    }
}

#[derive(Template)]
#[template(path = "claim.html")]
pub struct ClaimPage {
    pub shell: Shell,
    pub token: String,
    pub is_slip: bool,
    pub badge: Shown,
    /// Whose livret is open here.
    pub signed_in: Option<String>,
}

/// The badge on offer.
pub struct Shown {
    pub name: String,
    pub level: String,
    pub description: String,
    pub picture: String,
    pub organisation: String,
    /// « Observé le 12 mai 2026. Attesté le 20 novembre 2026. »: each day that the issuer tells, after its word.
    pub days: String,
}

impl ClaimPage {
    /// The page of an open offer.
    pub fn new(site: &Site, token: &ClaimToken, offer: &Offer, learner: Option<&Learner>) -> Self {
        let badge = &offer.badge;
        let name = without_level(&badge.name, &badge.level);
        let signed_in = learner.map(|learner| match learner.name.as_str() {
            "" => "Mon livret".to_owned(),
            name => name.to_owned(),
        });
        Self {
            shell: outside(site, format!("{name} – {}", badge.level)),
            token: token.as_str().to_owned(),
            is_slip: offer.kind == "slip",
            badge: Shown {
                name,
                level: badge.level.clone(),
                description: badge.description.clone(),
                picture: pages::drawn(site, &badge.image),
                organisation: badge.organisation.clone(),
                days: days(&badge.awarded_on, &badge.attested_on),
            },
            signed_in,
        }
    }
}

/// The days of an offer as sentences, out of what the issuer wrote; one that is no day is left out.
fn days(observed: &str, attested: &str) -> String {
    let day = |iso| Date::parse(iso, &Iso8601::DATE).ok();
    let said = match (day(observed), day(attested)) {
        (observed, Some(attested)) => web::dates::observed_and_attested(observed, attested),
        // An issuer of before tells the day observed alone.
        (Some(observed), None) => vec![("Observé le", web::dates::long(observed))],
        (None, None) => Vec::new(),
    };
    said.iter().map(|(word, day)| format!("{word} {day}.")).collect::<Vec<_>>().join(" ")
}

#[derive(Template)]
#[template(path = "claim_question.html")]
pub struct Question {
    pub shell: Shell,
    pub token: String,
    pub holder: String,
    pub organisation: String,
    pub from_session: bool,
    pub other: String,
    pub shared: bool,
}

/// The badge is in another name than the livret.
pub fn question(site: &Site, token: &ClaimToken, reading: &Reading, other: &Other, shared: bool) -> Question {
    Question {
        shell: outside(site, "Est-ce bien le même livret\u{202f}?").narrow(),
        token: token.as_str().to_owned(),
        holder: reading.holder.clone(),
        organisation: reading.organisation.clone(),
        from_session: other.name.is_some(),
        other: other.name.clone().unwrap_or_default(),
        shared,
    }
}

/// The button again, for the browser that pressed it and lost the answer.
pub fn resume(site: &Site, token: &ClaimToken) -> Open {
    Open {
        shell: outside(site, "Votre badge est dans votre livret").narrow(),
        title: "Votre badge est dans votre livret".to_owned(),
        lead: "Vous l’avez pris tout à l’heure sur cet appareil.".to_owned(),
        action: format!("/r/{}", token.as_str()),
        suite: None,
        ask_shared: true,
        button: "Ouvrir mon livret",
    }
}

/// What is said when there is nothing to take.
pub mod messages {
    use time::Date;
    use web::Site;

    use super::super::ClaimToken;
    use crate::pages::Message;

    /// The badge is in a livret that is not open here.
    pub fn taken(site: &Site) -> Message {
        Message::new(
            site,
            "Ce badge est déjà dans un livret",
            "C’est le vôtre\u{202f}? Ouvrez votre livret\u{a0}: le badge y est.",
        )
        .tag("circle-check", "Déjà pris", "info")
        .line("Vous aviez reçu un courriel\u{202f}? Demandez un lien avec votre adresse e-mail.")
        .line("Vous aviez un coupon\u{202f}? Prenez le code de votre carte.")
        .line("Ce n’est pas vous\u{202f}? Dites-le à l’organisme.")
        .way("/livret/entrer", "Recevoir un lien ou taper ma carte")
        .way("/livret/telephone-perdu", "Je n’ai plus rien")
    }

    /// The learner removed it from the livret.
    pub fn removed(site: &Site) -> Message {
        Message::new(
            site,
            "Vous avez supprimé ce badge",
            "Vous le voulez de nouveau\u{202f}? Demandez-le à l’organisme qui l’a attesté.",
        )
        .tag("trash-2", "Supprimé", "mute")
        .way("/livret", "Mon livret")
    }

    /// The organisation took it back, that day if it is known.
    pub fn withdrawn(site: &Site, since: Option<Date>) -> Message {
        let when = since.map(|day| format!(" le {}", web::dates::long(day))).unwrap_or_default();
        let lead = format!("L’organisme l’a repris{when}. Demandez-lui pourquoi.");
        Message::new(site, "Ce badge a été retiré", &lead).tag("ban", "Retiré", "bad").way("/livret", "Mon livret")
    }

    /// The link is too old.
    pub fn expired(site: &Site, organisation: &str) -> Message {
        let whom = if organisation.is_empty() { "votre organisme" } else { organisation };
        Message::new(
            site,
            "Ce lien est trop ancien",
            &format!("Le badge vous attend toujours. Demandez un autre lien à {whom}."),
        )
        .tag("clock", "Terminé", "warn")
        .way("/livret", "Mon livret")
    }

    /// Nobody made this code.
    pub fn unknown(site: &Site) -> Message {
        Message::new(
            site,
            "Nous ne trouvons pas ce code",
            "Il y a peut-être une faute. Relisez-le, puis tapez-le de nouveau.",
        )
        .tag("search-x", "Inconnu", "warn")
        .line("Le code d’un coupon commence par R.")
        .line("Il n’y a ni zéro, ni un, ni lettre O.")
        .way("/r", "Taper le code")
    }

    /// The issuer does not answer.
    pub fn silent(site: &Site, token: &ClaimToken) -> Message {
        Message::new(
            site,
            "Le service ne répond pas pour le moment",
            "Rien n’est perdu. Essayez de nouveau dans une minute.",
        )
        .tag("cloud-off", "Pas de réponse", "warn")
        .way(format!("/r/{}", token.as_str()), "Essayer de nouveau")
    }

    /// The text that came does not hold together.
    pub fn altered(site: &Site) -> Message {
        Message::new(
            site,
            "Ce badge n’a pas pu être gardé",
            "Son texte a changé en route. Dites-le à l’organisme\u{a0}: il peut le donner de nouveau.",
        )
        .tag("file-warning", "Modifié", "bad")
        .way("/livret", "Mon livret")
    }
}
