#![doc = include_str!("../README.md")]

mod access;
mod badges;
mod claims;
mod forms;
mod leaving;
mod letters;
mod livret;
mod pages;
mod reading;
mod record;
mod routes;
mod samples;
mod secrets;
mod sharing;
mod takeout;
mod texts;

#[cfg(test)]
mod tests;

use std::ops::Deref;
use std::sync::Arc;

use fetch::Door;
use store::{Clock, Db, Vault};
use web::Site;

pub use samples::samples;

/// What the house is made of.
pub struct Settings {
    /// The instance, with every house's origin.
    pub site: Arc<Site>,
    /// Where livrets are kept.
    pub db: Db,
    /// Seals addresses, derives codes and links.
    pub vault: Vault,
    /// The time.
    pub clock: Clock,
    /// Letters out.
    pub post: post::Postman,
    /// The way to the issuer and to what judging needs.
    pub door: Door,
    /// What the verifier presents at `/api/presentations`.
    pub verifier_secret: String,
    /// The Région's register of trust.
    pub register_url: String,
}

/// The learner's house, cheap to clone.
#[derive(Clone)]
pub struct Wallet(Arc<Settings>);

impl Wallet {
    /// A house on these settings.
    pub fn new(settings: Settings) -> Self {
        Self(Arc::new(settings))
    }

    /// The router of the house, and what is in it.
    pub fn house(&self) -> (axum::Router, Vec<web::RouteInfo>) {
        let (router, infos) = routes::routes().build();
        (router.with_state(self.clone()), infos)
    }

    /// Sends the house's letters until `shutdown` resolves.
    pub async fn workers(&self, shutdown: impl Future<Output = ()> + Send) {
        let house = self.clone();
        store::outbox::run(
            &self.db,
            &self.vault,
            HOUSE,
            &self.clock,
            move |delivery| letters::deliver(house.clone(), delivery),
            shutdown,
        )
        .await;
    }
}

impl Deref for Wallet {
    type Target = Settings;

    fn deref(&self) -> &Settings {
        &self.0
    }
}

/// The name of this house in shared tables.
pub(crate) const HOUSE: &str = "wallet";
