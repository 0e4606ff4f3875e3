//! What every handler of the house holds.

use std::future::Future;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::Router;
use store::{Clock, Db, Vault, outbox};
use tokio::sync::watch;
use tokio::task::JoinSet;
use uuid::Uuid;
use web::{RouteInfo, Routes, Sample, Site};

use crate::keys::jose::{self, OrganisationJwsSigner};
use crate::keys::{OrganisationSigner, SignerCache};
use crate::organisations::OrganisationFacts;
use crate::{
    access, awards, badges, claims, delivery, imports, keys, letters, members, organisations, records, referentiel,
    region, register, status, training_sessions,
};

/// The word of this house in `store_` tables and in route tables.
pub const HOUSE: &str = "issuer";

/// The house: cheap to clone, the same for every request and worker.
#[derive(Clone)]
pub struct Issuer(Arc<Inner>);

/// What [`Issuer`] gives access to.
pub struct Inner {
    /// The database of this house.
    pub db: Db,
    /// The master key.
    pub vault: Vault,
    /// The time.
    pub clock: Clock,
    /// Where the houses are.
    pub site: Arc<Site>,
    /// How letters leave.
    pub post: post::Postman,
    /// How long a badge letter waits, so that « Annuler » takes it back unseen.
    pub letter_delay: Duration,
    pub(crate) signers: SignerCache<Uuid, OrganisationSigner>,
    pub(crate) jws_signers: SignerCache<(Uuid, jose::Algorithm), OrganisationJwsSigner>,
    pub(crate) region: OnceLock<Arc<OrganisationFacts>>,
}

/// What the program gives the house at start.
pub struct Settings {
    /// The database, migrated.
    pub db: Db,
    /// The master key.
    pub vault: Vault,
    /// The time.
    pub clock: Clock,
    /// Where the houses are.
    pub site: Arc<Site>,
    /// How letters leave.
    pub post: post::Postman,
    /// 10 minutes; 0 in the demonstration (decisions §25).
    pub letter_delay: Duration,
}

impl Issuer {
    /// The house with these settings. Call [`crate::first_start::ensure`] before serving.
    pub fn new(settings: Settings) -> Self {
        let Settings { db, vault, clock, site, post, letter_delay } = settings;
        Self(Arc::new(Inner {
            db,
            vault,
            clock,
            site,
            post,
            letter_delay,
            signers: SignerCache::default(),
            jws_signers: SignerCache::default(),
            region: OnceLock::new(),
        }))
    }

    /// Every route of the house, and the table of them.
    pub fn house(&self) -> (Router, Vec<RouteInfo>) {
        let (router, infos) = Routes::new(HOUSE)
            // Anyone
            .merge(organisations::pages::routes())
            .merge(keys::pages::routes())
            .merge(status::pages::routes())
            .merge(register::pages::routes())
            .merge(referentiel::routes())
            .merge(badges::routes())
            // Whoever holds a letter or a slip
            .merge(claims::routes())
            // Whoever claimed badges
            .merge(records::routes())
            // Trainers and officers at the door
            .merge(access::routes())
            // Trainers
            .merge(training_sessions::routes())
            .merge(imports::routes())
            .merge(awards::pages::routes())
            .merge(delivery::routes())
            .merge(members::pages::routes())
            // Officers
            .merge(region::routes())
            .build();
        (router.with_state(self.clone()), infos)
    }

    /// Works in the background until `shutdown`: letters, and lots of awards. Returns when all have ended.
    pub async fn workers(&self, shutdown: impl Future<Output = ()> + Send) {
        let (stop, _) = watch::channel(false);
        let asked = |mut seen: watch::Receiver<bool>| async move {
            // An error means that the sender is gone: that is a stop too.
            drop(seen.wait_for(|stop| *stop).await);
        };
        let mut hands = JoinSet::new();
        let (state, outbox_stop) = (self.clone(), asked(stop.subscribe()));
        hands.spawn(async move {
            let handler = letters::handler(state.clone());
            outbox::run(&state.db, &state.vault, HOUSE, &state.clock, handler, outbox_stop).await;
        });
        hands.spawn(awards::worker::run(self.clone(), asked(stop.subscribe())));
        shutdown.await;
        // Nobody listens when every worker has already ended.
        let _ = stop.send(true);
        while hands.join_next().await.is_some() {}
    }

    /// The sample pages of every slice, in all their states. Letters: [`letters::sample_letters`].
    pub fn samples(site: &Site) -> Vec<Sample> {
        [
            organisations::pages::samples(site),
            register::pages::samples(site),
            referentiel::samples(site),
            badges::samples(site),
            access::samples(site),
            training_sessions::samples(site),
            imports::samples(site),
            awards::pages::samples(site),
            delivery::samples(site),
            members::pages::samples(site),
            region::samples(site),
        ]
        .concat()
    }

    /// `https://{issuer}{path}`.
    pub fn url(&self, path: &str) -> String {
        self.site.houses.issuer.join(path)
    }

    /// `did:web:{host}:o:{opaque}`, the port as `%3A8080` (did:web §3.1, decisions §15).
    pub fn did(&self, opaque: &str) -> String {
        format!("did:web:{}:o:{opaque}", self.site.houses.issuer.authority().replace(':', "%3A"))
    }
}

impl std::ops::Deref for Issuer {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}
