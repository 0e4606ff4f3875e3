//! The Référentiel Normand, at its permanent addresses: pages, JSON and pictures (decisions §13).

mod one;
mod pictures;
mod whole;

use axum::routing::get;
use badge_schemas::referentiel::{Achievement, Level, referentiel};
use web::{Error, Routes, Sample, Site, Who};

use crate::{HOUSE, Issuer, Result};

pub(crate) fn routes() -> Routes<Issuer> {
    Routes::new(HOUSE)
        .page(Who::Anyone, "/referentiel", get(whole::page))
        .page(Who::Anyone, "/referentiel/{version}/{badge}/{level}", get(one::page))
        .file(Who::Anyone, "/referentiel/{version}/{badge}/{level}/image.svg", get(pictures::svg))
        .file(Who::Anyone, "/referentiel/{version}/{badge}/{level}/image.png", get(pictures::png))
        .file(Who::Anyone, "/referentiel/{version}/{badge}/{level}/vignette.svg", get(pictures::vignette))
}

/// The référentiel's pages in all their states.
pub(crate) fn samples(site: &Site) -> Vec<Sample> {
    [whole::samples(site), one::samples(site)].concat()
}

/// The achievement of a path. Versions no longer in force would stay here for ever; there is one so far.
fn achievement(version: &str, badge: &str, level: &str) -> Result<&'static Achievement> {
    let referentiel = referentiel();
    Level::parse(level)
        .filter(|_| version == referentiel.version)
        .and_then(|level| referentiel.achievement(badge, level))
        .ok_or(Error::NotFound)
}
