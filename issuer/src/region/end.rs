//! Ending a habilitation, at once or at a date, with a reason.

use axum::extract::{Path, State};
use http::StatusCode;
use serde::Deserialize;
use time::macros::format_description;
use time::{Date, OffsetDateTime, UtcOffset};
use web::{Cache, Error, FieldErrors, Form, Sample, Shell, Site, Words, dates};

use super::{organisation_of, path_of};
use crate::access::{Officer, officer_shell};
use crate::members::parse_words;
use crate::organisations::habilitations::{self, Standing};
use crate::organisations::{self, Organisation};
use crate::{HOUSE, Issuer, Result, register};

#[derive(askama::Template)]
#[template(path = "region/end.html")]
struct EndPage {
    shell: Shell,
    to: String,
    of_name: String,
    form: EndForm,
    errors: FieldErrors,
}

#[derive(Default, Deserialize)]
pub(super) struct EndForm {
    /// `jour` for a date, anything else for now.
    #[serde(default)]
    quand: String,
    #[serde(default)]
    jour: String,
    #[serde(default)]
    motif: String,
}

pub(super) async fn page(State(issuer): State<Issuer>, _officer: Officer, Path(org): Path<String>) -> Result {
    let organisation = habilitated(&issuer, &org).await?;
    web::render(Cache::Private, &EndPage::new(&issuer.site, &organisation, EndForm::default(), FieldErrors::new()))
}

pub(super) async fn end(
    State(issuer): State<Issuer>,
    officer: Officer,
    Path(org): Path<String>,
    Form(form): Form<EndForm>,
) -> Result {
    let organisation = habilitated(&issuer, &org).await?;
    let now = issuer.clock.now();
    let mut errors = FieldErrors::new();
    let Some((until, reason)) = read(&form, now, &mut errors) else {
        let page = EndPage::new(&issuer.site, &organisation, form, errors);
        return web::render_status(StatusCode::UNPROCESSABLE_ENTITY, Cache::Private, &page);
    };
    let mut tx = issuer.db.begin().await?;
    let id = organisation.organisation_id;
    if !habilitations::end(&mut tx, id, until, &reason, now, Some(officer.member_id)).await? {
        let words = Words::new(
            "La fin est déjà fixée, et plus tôt",
            "Une fin fixée ne peut qu’être avancée\u{a0}: choisissez un jour plus proche, ou maintenant.",
        );
        return Err(Error::Conflict.with(words.link(&path_of(&organisation.opaque), "Voir l’organisme")));
    }
    register::changed(&mut tx).await?;
    tx.commit().await?;
    Ok(web::redirect(&path_of(&organisation.opaque)))
}

/// An organisation whose habilitation is in force; an end that is fixed already can be brought nearer.
async fn habilitated(issuer: &Issuer, org: &str) -> Result<Organisation> {
    let organisation = organisation_of(issuer, org).await?;
    let all = habilitations::of(&issuer.db, organisation.organisation_id).await?;
    if Standing::at(issuer.clock.now(), &all).in_force().is_some() {
        return Ok(organisation);
    }
    let words = Words::new("Il n’y a pas d’habilitation à laquelle mettre fin", "Elle a déjà pris fin.");
    Err(Error::Conflict.with(words.link(&path_of(&organisation.opaque), "Voir l’organisme")))
}

/// From when on, and why; or `None` with what is wrong beside each field.
fn read(form: &EndForm, now: OffsetDateTime, errors: &mut FieldErrors) -> Option<(OffsetDateTime, String)> {
    let until = if form.quand == "jour" {
        match Date::parse(form.jour.trim(), format_description!("[year]-[month]-[day]")).ok().and_then(end_of_day) {
            None => {
                errors.add("jour", "Écrivez le dernier jour, par exemple 2027-06-30");
                None
            }
            Some(until) if until <= now || until > now + time::Duration::days(3660) => {
                errors.add("jour", "Choisissez un jour à venir, dans les dix ans");
                None
            }
            good => good,
        }
    } else {
        Some(now)
    };
    let reason = match parse_words(&form.motif, 200) {
        Ok(reason) => Some(reason),
        Err(_) if form.motif.trim().is_empty() => {
            errors.add("motif", "Dites pourquoi\u{a0}: l’organisme lira ce motif");
            None
        }
        Err(_) => {
            errors.add("motif", "Écrivez 200 signes au plus, sans numéro de sécurité sociale");
            None
        }
    };
    Some((until?, reason?))
}

/// The midnight in Paris that ends that day.
fn end_of_day(day: Date) -> Option<OffsetDateTime> {
    let midnight = day.next_day()?.midnight();
    [1, 2].into_iter().find_map(|hours| {
        let at = midnight.assume_offset(UtcOffset::from_hms(hours, 0, 0).ok()?);
        (dates::paris(at).offset() == at.offset()).then(|| at.to_offset(UtcOffset::UTC))
    })
}

impl EndPage {
    fn new(site: &Site, organisation: &Organisation, form: EndForm, errors: FieldErrors) -> Self {
        let title = format!("Mettre fin à l’habilitation {}\u{202f}?", web::words::of(&organisation.name));
        Self {
            shell: officer_shell(site, &title).narrow(),
            to: path_of(&organisation.opaque),
            of_name: web::words::of(&organisation.name),
            form,
            errors,
        }
    }
}

pub(super) fn samples(site: &Site) -> Vec<Sample> {
    const PATH: &str = "/region/organismes/{org}/fin";
    let some = organisations::pages::sample_organisations();
    let mut errors = FieldErrors::new();
    let wrong = EndForm { quand: "jour".to_owned(), ..EndForm::default() };
    read(&wrong, time::macros::datetime!(2026-11-22 09:00 UTC), &mut errors);
    let page = EndPage::new(site, &some[0].0, EndForm::default(), FieldErrors::new());
    let refused = EndPage::new(site, &some[0].0, wrong, errors);
    vec![Sample::new(HOUSE, PATH, "region-fin", &page), Sample::new(HOUSE, PATH, "region-fin-refuse", &refused)]
}

#[cfg(test)]
mod tests {
    use time::macros::{date, datetime};

    use super::*;

    #[test]
    fn a_day_ends_at_midnight_in_paris() {
        assert_eq!(end_of_day(date!(2027 - 06 - 30)), Some(datetime!(2027-06-30 22:00 UTC)));
        assert_eq!(end_of_day(date!(2026 - 12 - 31)), Some(datetime!(2026-12-31 23:00 UTC)));
    }

    #[test]
    fn a_reason_and_a_coming_day_are_wanted() {
        let now = datetime!(2026-11-22 09:00 UTC);
        let form = |quand: &str, jour: &str, motif: &str| EndForm {
            quand: quand.to_owned(),
            jour: jour.to_owned(),
            motif: motif.to_owned(),
        };
        let mut errors = FieldErrors::new();
        assert_eq!(
            read(&form("", "", "Fin de convention"), now, &mut errors),
            Some((now, "Fin de convention".to_owned()))
        );
        assert_eq!(read(&form("jour", "2026-11-21", " "), now, &mut errors), None);
        assert_eq!(errors.len(), 2);
        let mut errors = FieldErrors::new();
        assert_eq!(read(&form("jour", "30/06/2027", "Fin"), now, &mut errors), None);
        assert!(errors.of("jour").is_some());
    }
}
