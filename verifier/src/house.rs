//! The house: what it is given, its routes, its samples.

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use fetch::Door;
use store::{Clock, Db, Vault};
use tokio::sync::Semaphore;
use web::{RouteInfo, Routes, Site, Who};

use crate::count::Counts;
use crate::{intake, verdict};

/// What the house is given.
#[derive(Clone)]
pub struct Settings {
    /// Origins, instance, proxies.
    pub site: Arc<Site>,
    /// Where counts and limits are.
    pub db: Db,
    /// Hashes the addresses of visitors for the limits.
    pub vault: Vault,
    /// The time.
    pub clock: Clock,
    /// The way out: the wallet and the issuer are its peers.
    pub door: Door,
    /// The secret shared with the wallet.
    pub wallet_secret: String,
    /// Where the register of trust is: `https://{issuer}/registre.json`.
    pub register_url: String,
}

/// The house of whoever checks a badge. Cheap to clone.
#[derive(Clone)]
pub struct Verifier {
    pub(crate) given: Arc<Settings>,
    /// Pictures are unpacked one at a time: each may take a hundred megabytes.
    pub(crate) darkroom: Arc<Semaphore>,
    /// What strangers send is judged a few at a time: each may bring twenty megabytes, and wait for slow servers.
    pub(crate) bench: Arc<Semaphore>,
    /// What livrets show waits for nobody's slow servers.
    pub(crate) counter: Arc<Semaphore>,
    pub(crate) counts: Arc<Counts>,
}

/// The most things sent by strangers that are read and judged at once.
const SENT_AT_ONCE: usize = 4;
/// The most showings and shares that are judged at once.
const SHOWN_AT_ONCE: usize = 16;

impl Verifier {
    /// A house with these settings.
    pub fn new(settings: Settings) -> Self {
        Self {
            given: Arc::new(settings),
            darkroom: Arc::new(Semaphore::new(1)),
            bench: Arc::new(Semaphore::new(SENT_AT_ONCE)),
            counter: Arc::new(Semaphore::new(SHOWN_AT_ONCE)),
            counts: Arc::default(),
        }
    }

    /// Its router, and what is in it.
    pub fn house(&self) -> (Router, Vec<RouteInfo>) {
        let (router, infos) = Routes::new("verifier")
            // Whoever checks a badge
            .page(Who::Anyone, "/v", get(intake::page))
            .form(Who::Anyone, "/v/code", post(intake::code))
            .form(Who::Anyone, "/v/photo", post(intake::photo).layer(web::body_limit(intake::PHOTO_BYTES + 64 * 1024)))
            .form(Who::Anyone, "/v/fichier", post(intake::file).layer(web::body_limit(intake::FILE_BYTES + 64 * 1024)))
            .form(Who::Anyone, "/v/lien", post(intake::link))
            // Whoever holds a code or a link; QR codes write it in upper case
            .page(Who::Capability, "/v/{token}", get(verdict::page))
            .page(Who::Capability, "/V/{token}", get(verdict::page))
            .json(Who::Capability, "/v/{token}/json", get(verdict::json))
            .build();
        (router.with_state(self.clone()), infos)
    }

    /// Writes the counts that still wait: the last thing to do once requests have ended.
    pub async fn close(&self) {
        if let Err(error) = self.counts.write(&self.given.db).await {
            tracing::warn!(error.message = %error, "the last verdicts were not counted");
        }
    }

    pub(crate) fn site(&self) -> &Site {
        &self.given.site
    }
}
