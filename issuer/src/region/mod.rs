//! The pages of the Région's officers: who is habilitated, since when, until when.

mod add;
mod end;
mod list;
mod one;

use axum::routing::get;
use web::{Error, Routes, Sample, Site, Who};

use crate::organisations::{self, OpaqueId, Organisation};
use crate::{HOUSE, Issuer, Result};

pub(crate) fn routes() -> Routes<Issuer> {
    Routes::new(HOUSE)
        .page(Who::Officer, "/region", get(list::page))
        .page(Who::Officer, "/region/organismes/nouveau", get(add::page).post(add::add))
        .page(Who::Officer, "/region/organismes/{org}", get(one::page))
        .page(Who::Officer, "/region/organismes/{org}/habilitation", get(one::ask).post(one::habilitate))
        .page(Who::Officer, "/region/organismes/{org}/fin", get(end::page).post(end::end))
}

/// The officers' pages in all their states.
pub(crate) fn samples(site: &Site) -> Vec<Sample> {
    [list::samples(site), add::samples(site), one::samples(site), end::samples(site)].concat()
}

/// The organisation of a path, never the Région itself: nobody habilitates the habilitator.
async fn organisation_of(issuer: &Issuer, org: &str) -> Result<Organisation> {
    let opaque = OpaqueId::parse(org).ok_or(Error::NotFound)?;
    organisations::rows::by_opaque(&issuer.db, &opaque).await?.filter(|one| !one.is_region).ok_or(Error::NotFound)
}

fn path_of(opaque: &str) -> String {
    format!("/region/organismes/{opaque}")
}

/// One family as a choice of a form.
struct FamilyChoice {
    code: &'static str,
    name: &'static str,
    chosen: bool,
}

fn family_choices(chosen: impl Fn(&str) -> bool) -> Vec<FamilyChoice> {
    badge_schemas::referentiel::Family::ALL
        .into_iter()
        .map(|family| FamilyChoice { code: family.code(), name: family.name(), chosen: chosen(family.code()) })
        .collect()
}
