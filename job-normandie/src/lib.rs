#![doc = include_str!("../README.md")]

use std::sync::Arc;

use askama::Template;
use axum::{Router, extract::State, routing::get};
use web::{Cache, RouteInfo, Routes, Sample, Shell, Site, Who};

/// The house's only route, `/job-normandie`.
pub fn routes(site: Arc<Site>) -> (Router, Vec<RouteInfo>) {
    let (router, infos) = Routes::new("job-normandie").page(Who::Anyone, "/job-normandie", get(soon)).build();
    (router.with_state(site), infos)
}

/// The page with sample values.
pub fn samples(site: &Site) -> Vec<Sample> {
    vec![Sample::new("job-normandie", "/job-normandie", "bientot", &Soon::new(site))]
}

#[derive(Template)]
#[template(path = "job/bientot.html")]
struct Soon {
    shell: Shell,
    verify: String,
}

impl Soon {
    fn new(site: &Site) -> Self {
        Self {
            shell: Shell::new(site, "Job-Normandie ouvrira bientôt").house("Job-Normandie").narrow(),
            verify: site.houses.verifier.join("/v"),
        }
    }
}

async fn soon(State(site): State<Arc<Site>>) -> web::Result {
    web::render(Cache::Public(300), &Soon::new(&site))
}
