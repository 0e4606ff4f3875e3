//! Adding an organisation, which habilitates it.

use axum::extract::State;
use http::StatusCode;
use web::form::Fields;
use web::{Cache, Error, FieldErrors, Form, Sample, Shell, Site};

use super::{FamilyChoice, family_choices, path_of};
use crate::access::{Officer, officer_shell};
use crate::bootstrap::{self, Fault, NewBody};
use crate::keys::jose;
use crate::members::person::NameFault;
use crate::members::{Email, PersonName, parse_words};
use crate::organisations::Siret;
use crate::{HOUSE, Issuer, Result};

/// Beyond this the rim of a badge is too small to read.
const SHORT: usize = 45;

#[derive(askama::Template)]
#[template(path = "region/add.html")]
struct AddPage {
    shell: Shell,
    form: Fields,
    families: Vec<FamilyChoice>,
    errors: FieldErrors,
}

pub(super) async fn page(State(issuer): State<Issuer>, _officer: Officer) -> Result {
    web::render(Cache::Private, &AddPage::new(&issuer.site, None, FieldErrors::new()))
}

pub(super) async fn add(State(issuer): State<Issuer>, officer: Officer, Form(form): Form) -> Result {
    let mut errors = FieldErrors::new();
    if let Some((body, email, name)) = read(&form, &mut errors) {
        match bootstrap::add_organisation(&issuer, &body, Some((&email, &name)), Some(officer.member_id)).await {
            Ok(organisation) => {
                jose::draw_soon(&issuer, organisation.organisation_id);
                return Ok(web::redirect(&path_of(&organisation.opaque)));
            }
            Err(fault @ Fault::SiretTaken) => errors.add("siret", fault.to_string()),
            Err(fault @ Fault::NoFamily) => errors.add("familles", fault.to_string()),
            Err(fault) => return Err(Error::internal(fault)),
        }
    }
    let page = AddPage::new(&issuer.site, Some(form), errors);
    web::render_status(StatusCode::UNPROCESSABLE_ENTITY, Cache::Private, &page)
}

/// Everything of the form, or `None` with what is wrong beside each field.
fn read(form: &Fields, errors: &mut FieldErrors) -> Option<(NewBody, Email, PersonName)> {
    let mut words = |id: &str, most: usize, missing: &str| {
        parse_words(form.get(id), most)
            .map_err(|fault| {
                let why = match fault {
                    NameFault::Empty => missing.to_owned(),
                    NameFault::Long => format!("C’est trop long\u{a0}: {most}\u{a0}signes au plus"),
                    NameFault::Sign => fault.to_string(),
                };
                errors.add(id, why);
            })
            .ok()
    };
    let name = words("nom", 120, "Écrivez le nom de l’organisme");
    let short_name = if form.get("court").trim().is_empty() {
        match &name {
            // A name that is missing is said once, beside the name.
            None => None,
            Some(name) if name.chars().count() <= SHORT => Some(name.clone()),
            Some(_) => words("court", SHORT, "Ce nom est long\u{a0}: écrivez un nom court, pour le bord du badge"),
        }
    } else {
        words("court", SHORT, "")
    };
    let town = words("commune", 80, "Écrivez la commune");
    let siret = Siret::parse(form.get("siret"))
        .map_err(|fault| {
            let empty = form.get("siret").trim().is_empty();
            errors.add("siret", if empty { "Écrivez le SIRET".to_owned() } else { fault.to_string() });
        })
        .ok();
    let families: Vec<String> = form.all("familles").map(str::to_owned).collect();
    if families.is_empty() {
        errors.add("familles", Fault::NoFamily.to_string());
    }
    let person =
        PersonName::parse(form.get("referent")).map_err(|fault| errors.add("referent", fault.to_string())).ok();
    let email = Email::parse(form.get("mel")).map_err(|fault| errors.add("mel", fault.to_string())).ok();
    if !errors.is_empty() {
        return None;
    }
    let body = NewBody { name: name?, short_name: short_name?, town: town?, siret: siret?, families };
    Some((body, email?, person?))
}

impl AddPage {
    fn new(site: &Site, form: Option<Fields>, errors: FieldErrors) -> Self {
        let families = match &form {
            // The three families of the référentiel; key badges follow by a choice of their own.
            None => family_choices(|code| code != "cle"),
            Some(form) => family_choices(|code| form.has("familles", code)),
        };
        Self {
            shell: officer_shell(site, "Ajouter un organisme").narrow(),
            form: form.unwrap_or_default(),
            families,
            errors,
        }
    }
}

pub(super) fn samples(site: &Site) -> Vec<Sample> {
    const PATH: &str = "/region/organismes/nouveau";
    let mut errors = FieldErrors::new();
    read(&Fields::default(), &mut errors);
    vec![
        Sample::new(HOUSE, PATH, "region-ajouter", &AddPage::new(site, None, FieldErrors::new())),
        Sample::new(HOUSE, PATH, "region-ajouter-refuse", &AddPage::new(site, Some(Fields::default()), errors)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(pairs: &[(&str, &str)]) -> Fields {
        let text = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        serde_html_form::from_str(&text).unwrap_or_default()
    }

    const GOOD: [(&str, &str); 6] = [
        ("nom", "Estuaire Compétences"),
        ("commune", "Le Havre"),
        ("siret", "732 829 320 00074"),
        ("familles", "base"),
        ("referent", "Claire Aubert"),
        ("mel", "claire.aubert@exemple.fr"),
    ];

    #[test]
    fn the_short_name_may_be_the_name() {
        let mut errors = FieldErrors::new();
        let read = read(&form(&GOOD), &mut errors);
        assert_eq!(read.map(|(body, ..)| body.short_name).as_deref(), Some("Estuaire Compétences"));
    }

    #[test]
    fn each_missing_answer_is_named() {
        let mut errors = FieldErrors::new();
        assert!(read(&form(&[]), &mut errors).is_none());
        let said: Vec<(&str, &str)> = errors.iter().collect();
        assert_eq!(
            said,
            [
                ("nom", "Écrivez le nom de l’organisme"),
                ("commune", "Écrivez la commune"),
                ("siret", "Écrivez le SIRET"),
                ("familles", "Choisissez au moins une famille de badges"),
                ("referent", "Écrivez le prénom et le nom"),
                ("mel", "Écrivez l’adresse e-mail"),
            ]
        );
    }

    #[test]
    fn a_long_name_asks_for_a_short_one() {
        let said = |pairs: &[(&str, &str)]| {
            let mut errors = FieldErrors::new();
            let all: Vec<(&str, &str)> = GOOD
                .into_iter()
                .filter(|(id, _)| pairs.iter().all(|(other, _)| other != id))
                .chain(pairs.iter().copied())
                .collect();
            read(&form(&all), &mut errors);
            errors.iter().map(|(id, why)| format!("{id}: {why}")).collect::<Vec<_>>()
        };
        let long = "a".repeat(46);
        assert_eq!(
            said(&[("nom", &long)]),
            ["court: Ce nom est long\u{a0}: écrivez un nom court, pour le bord du badge"]
        );
        assert_eq!(said(&[("nom", &long), ("court", &long)]), ["court: C’est trop long\u{a0}: 45\u{a0}signes au plus"]);
        assert_eq!(said(&[("nom", &long), ("court", "Court")]), Vec::<String>::new());
    }
}
