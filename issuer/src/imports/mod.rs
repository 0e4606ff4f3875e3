//! A file of trainees, from the drop to the lot: read, settled, reviewed page by page, attested.

pub mod attest;
mod columns;
pub mod keep;
mod mend;
pub mod order;
pub mod progress;
pub mod reading;
pub mod result;
mod review;
pub mod rows;
mod set_aside;
pub mod settle;
mod upload;
pub mod waiting;

#[cfg(test)]
mod tests;

use axum::routing::{get, post};
use web::{Routes, Sample, Site, Who};

use crate::{HOUSE, Issuer};

/// The pages of imports.
pub(crate) fn routes() -> Routes<Issuer> {
    // The form around the file takes a little more than the file.
    let drop = post(upload::drop).layer(web::body_limit(reading::MAX_BYTES + 64 * 1024));
    Routes::new(HOUSE)
        .page(Who::Trainer, "/atelier/sessions/{id}/importer", get(upload::page).merge(drop))
        .page(Who::Trainer, "/atelier/fichiers/{file}/colonnes", get(columns::page).post(columns::act))
        .page(Who::Trainer, "/atelier/imports/{import}", get(review::page).post(review::act))
        .file(Who::Trainer, "/atelier/imports/{import}/resultat.csv", get(result::csv))
        .file(Who::Trainer, "/atelier/imports/{import}/resultat.xlsx", get(result::xlsx))
        .file(Who::Trainer, "/atelier/imports/{import}/ecartees.csv", get(set_aside::file))
}

/// The pages of this slice in all their states.
pub(crate) fn samples(site: &Site) -> Vec<Sample> {
    [upload::samples(site), columns::samples(site), review::samples(site), progress::samples(site)].concat()
}
