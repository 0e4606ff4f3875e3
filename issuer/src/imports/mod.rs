//! A file of trainees, from the drop to the lot: read, settled, reviewed page by page, attested.

pub mod reading;
mod review;
pub mod rows;
mod set_aside;
pub mod settle;
mod upload;

use axum::routing::{get, post};
use web::{Routes, Sample, Site, Who};

use crate::{HOUSE, Issuer};

/// The pages of imports.
pub(crate) fn routes() -> Routes<Issuer> {
    // The form around the file takes a little more than the file.
    let drop = post(upload::drop).layer(web::body_limit(reading::MAX_BYTES + 64 * 1024));
    Routes::new(HOUSE)
        .page(Who::Trainer, "/atelier/sessions/{id}/importer", get(upload::page).merge(drop))
        .page(Who::Trainer, "/atelier/imports/{import}", get(review::page).post(review::act))
        .file(Who::Trainer, "/atelier/imports/{import}/ecartees.csv", get(set_aside::file))
}

/// The pages of this slice in all their states.
pub(crate) fn samples(site: &Site) -> Vec<Sample> {
    [upload::samples(site), review::samples(site)].concat()
}
