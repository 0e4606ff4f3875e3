//! The public page of an organisation.

use axum::extract::{Path, State};
use axum::routing::get;
use http::HeaderMap;
use sqlx::types::Json;
use time::macros::datetime;
use uuid::Uuid;
use web::{Cache, Error, Routes, Sample, Shell, Site, Who, dates, words};

use super::habilitations::{self, Habilitation, Standing};
use super::{OpaqueId, Organisation, families_in_words, last_day, rows};
use crate::{HOUSE, Issuer, Result, badges, keys};

#[derive(askama::Template)]
#[template(path = "organisation/page.html")]
struct OrganisationPage {
    shell: Shell,
    town: String,
    is_region: bool,
    state: &'static str,
    since: String,
    until: String,
    families: String,
    keys: String,
    did: String,
}

pub(crate) fn routes() -> Routes<Issuer> {
    Routes::new(HOUSE).page(Who::Anyone, "/o/{org}", get(page))
}

async fn page(State(issuer): State<Issuer>, Path(org): Path<String>, headers: HeaderMap) -> Result {
    if ["application/did+json", "application/did+ld+json"].iter().any(|media| web::accepts(&headers, media)) {
        return keys::pages::answer(&issuer, &org).await;
    }
    if !web::wants_page(&headers) {
        return badges::profile(&issuer, &org, &headers).await;
    }
    let opaque = OpaqueId::parse(&org).ok_or(Error::NotFound)?;
    let organisation = rows::by_opaque(&issuer.db, &opaque).await?.ok_or(Error::NotFound)?;
    let all = habilitations::of(&issuer.db, organisation.organisation_id).await?;
    let standing = Standing::at(issuer.clock.now(), &all);
    let keys = keys::count(&issuer.db, organisation.organisation_id).await?;
    let did = issuer.did(&organisation.opaque);
    let page = OrganisationPage::new(&issuer.site, &organisation, &standing, keys, did);
    web::render(Cache::Public(60), &page)
}

/// The shell of the public pages of this house.
pub(crate) fn public_shell(site: &Site, title: &str) -> Shell {
    Shell::new(site, title).menu([("Référentiel", "/referentiel"), ("Organismes habilités", "/registre")])
}

impl OrganisationPage {
    fn new(site: &Site, organisation: &Organisation, standing: &Standing, keys: usize, did: String) -> Self {
        let day = |at| dates::long(dates::paris(at).date());
        let (state, habilitation) = match standing {
            Standing::Habilitated(one) => ("habilitated", Some(one)),
            Standing::Ending(one) => ("ending", Some(one)),
            Standing::Ended(one) => ("ended", Some(one)),
            Standing::Never => ("never", None),
        };
        Self {
            shell: public_shell(site, &organisation.name),
            town: organisation.town.clone(),
            is_region: organisation.is_region,
            state,
            since: habilitation.map(|one| day(one.from_at)).unwrap_or_default(),
            until: habilitation.and_then(|one| one.until_at).map(last_day).unwrap_or_default(),
            families: habilitation.map(|one| families_in_words(&one.families)).unwrap_or_default(),
            keys: words::count(keys, "clé de signature", "clés de signature"),
            did,
        }
    }
}

/// Organisations in each state, for sample pages.
pub(crate) fn sample_organisations() -> Vec<(Organisation, Standing)> {
    let from = datetime!(2026-01-05 08:00 UTC);
    let organisation = |opaque: &str, name: &str, town: &str| Organisation {
        organisation_id: Uuid::nil(),
        opaque: opaque.to_owned(),
        is_region: false,
        name: name.to_owned(),
        short_name: name.to_owned(),
        town: town.to_owned(),
        siret: Some("73282932000074".to_owned()),
        added_at: from,
    };
    let habilitation = |until, reason: Option<&str>| Habilitation {
        habilitation_id: Uuid::nil(),
        organisation_id: Uuid::nil(),
        from_at: from,
        until_at: until,
        families: Json(vec!["comportementale".to_owned(), "base".to_owned(), "numerique".to_owned()]),
        ended_at: until.map(|_| from),
        ended_reason: reason.map(str::to_owned),
    };
    vec![
        (organisation("7h2k9qx4", "Estuaire Compétences", "Le Havre"), Standing::Habilitated(habilitation(None, None))),
        (
            organisation("8j3m2rw5", "Pôle Iton Formation", "Évreux"),
            Standing::Ending(habilitation(Some(datetime!(2027-06-30 22:00 UTC)), Some("Fin de la convention"))),
        ),
        (
            organisation("9k4n3sx6", "Bocage Métiers", "Flers"),
            Standing::Ended(habilitation(Some(datetime!(2026-09-30 22:00 UTC)), Some("Cessation d’activité"))),
        ),
        (organisation("2m5p4ty7", "Cotentin Savoirs", "Cherbourg-en-Cotentin"), Standing::Never),
    ]
}

/// The public page in all its states.
pub(crate) fn samples(site: &Site) -> Vec<Sample> {
    const PATH: &str = "/o/{org}";
    let names = ["organisme", "organisme-fin-prevue", "organisme-fini", "organisme-pas-habilite"];
    let did = || "did:web:livret.example:o:7h2k9qx4".to_owned();
    let mut samples: Vec<Sample> = sample_organisations()
        .iter()
        .zip(names)
        .map(|((organisation, standing), name)| {
            Sample::new(HOUSE, PATH, name, &OrganisationPage::new(site, organisation, standing, 1, did()))
        })
        .collect();
    let region = Organisation {
        is_region: true,
        name: "Région Normandie".to_owned(),
        town: "Rouen".to_owned(),
        siret: None,
        ..sample_organisations().swap_remove(0).0
    };
    let page = OrganisationPage::new(site, &region, &Standing::Never, 2, did());
    samples.push(Sample::new(HOUSE, PATH, "organisme-region", &page));
    samples
}
