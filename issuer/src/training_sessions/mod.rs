//! Sessions: the group in front of a trainer, its people and what became of their badges.

pub(crate) mod pages;
pub mod paging;
pub mod people;
pub mod rows;
mod session;

use axum::routing::get;
use web::{Routes, Sample, Site, Who};

use crate::{HOUSE, Issuer};

pub use rows::TrainingSession;

/// The pages of sessions.
pub(crate) fn routes() -> Routes<Issuer> {
    Routes::new(HOUSE)
        .page(Who::Trainer, "/atelier", get(pages::list))
        .page(Who::Trainer, "/atelier/sessions/nouvelle", get(pages::new).post(pages::open))
        .page(Who::Trainer, "/atelier/sessions/{id}", get(session::page))
        .page(Who::Trainer, "/atelier/sessions/{id}/personnes", get(people::page).post(people::add))
}

/// The pages of this slice in all their states.
pub(crate) fn samples(site: &Site) -> Vec<Sample> {
    [pages::samples(site), session::samples(site), people::samples(site)].concat()
}
