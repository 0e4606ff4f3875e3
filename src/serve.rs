//! Runs one house or all of them in one process, on one listener.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use fetch::{Door, DoorSettings, Peer};
use issuer::Issuer;
use post::Postman;
use store::{Clock, Db, KeySource, Vault};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use verifier::Verifier;
use wallet::Wallet;
use web::{Houses, Origin, RouteInfo, Site};

use crate::config::Options;
use crate::home::Home;
use crate::metrics::Metrics;
use crate::{StartError, demo};

/// A house, as a command names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HouseName {
    /// Organisations and the Région.
    Issuer,
    /// The learner's livret.
    Wallet,
    /// Verification.
    Verifier,
    /// Companies.
    JobNormandie,
}

/// The four houses.
pub const ALL: &[HouseName] = &[HouseName::Issuer, HouseName::Wallet, HouseName::Verifier, HouseName::JobNormandie];

/// Runs until the program is asked to stop (Ctrl-C or SIGTERM).
///
/// # Errors
/// What kept it from starting, in words.
pub async fn run(options: Options, houses: &[HouseName]) -> Result<(), StartError> {
    if options.demo {
        println!("La démonstration se prépare : quelques secondes.");
    }
    let running = start(options, houses).await?;
    println!("{}", running.greeting());
    stop_asked().await;
    running.stop().await;
    Ok(())
}

/// The houses of one process, listening.
pub struct Running {
    /// The base address of this process, without a final `/`.
    pub origin: String,
    /// Every route that answers, for the tests that iterate them.
    pub routes: Vec<RouteInfo>,
    /// The issuer's house when it is here.
    pub issuer: Option<Issuer>,
    /// The wallet's house when it is here.
    pub wallet: Option<Wallet>,
    verifier: Option<Verifier>,
    /// Letters kept in memory, when they are.
    pub letters: Option<post::Memory>,
    /// Where the figures are, when they are served.
    pub metrics: Option<SocketAddr>,
    demo: Option<demo::Walk>,
    key: Option<KeySource>,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
    _throwaway: Option<demo::Throwaway>,
}

/// Opens, migrates, builds and listens; answers once requests are served.
///
/// # Errors
/// What kept it from starting, in words.
pub async fn start(options: Options, houses: &[HouseName]) -> Result<Running, StartError> {
    start_with(options, houses, Given::default()).await
}

/// What a caller in the same process may give instead of the system's own: tests move time, and hold the key.
#[derive(Default)]
pub struct Given {
    /// Else the system's clock.
    pub clock: Option<Clock>,
    /// Else the key of the environment or of the file beside the database.
    pub vault: Option<Vault>,
}

/// As [`start`], with a clock or a key of the caller's.
///
/// # Errors
/// What kept it from starting, in words.
pub async fn start_with(options: Options, houses: &[HouseName], given: Given) -> Result<Running, StartError> {
    let clock = given.clock.unwrap_or_else(Clock::system);
    let options = options.with_file()?;
    let listener = TcpListener::bind(options.listen())
        .await
        .map_err(|source| StartError::Listen { address: options.listen(), source })?;
    let address = listener.local_addr().map_err(|source| StartError::Listen { address: options.listen(), source })?;
    let throwaway = demo::throwaway(&options)?;
    let database = throwaway.as_ref().map_or_else(|| options.database().to_owned(), demo::Throwaway::database);
    if database.starts_with("postgres") && given.vault.is_none() && matches!(Vault::from_env(), Ok(None)) {
        return Err(StartError::Store(store::VaultError::Missing.into()));
    }
    let db = Db::open(&database).await?;
    store::migrate(&db).await?;
    let (vault, key) = match given.vault {
        Some(vault) => {
            vault.check(&db, clock.now()).await?;
            (vault, KeySource::Environment)
        }
        None => Vault::obtain(&db, clock.now()).await?,
    };
    let ground = Ground { site: Arc::new(site(&options, address, houses)?), db, vault, clock };
    let post = postman(&options, &ground.site)?;

    let (stop, stopped) = watch::channel(false);
    let built = build(&options, houses, &ground, &post, &stopped).await?;
    let mut app = web::app(ground.site.clone(), built.router);
    let mut tasks = built.tasks;
    let mut metrics = None;
    if let Some(address) = options.metrics {
        let figures = Metrics::new(&built.routes, ground.db.clone());
        app = figures.around(app);
        let failed = |source| StartError::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        metrics = Some(listener.local_addr().map_err(failed)?);
        let (router, asked) = (figures.router(), stopped.clone());
        tasks.push(tokio::spawn(async move {
            if let Err(error) = web::server::serve(router, listener, until(asked)).await {
                tracing::error!(server.error = %error, "the figures are no longer served");
            }
        }));
    }
    let asked = stopped.clone();
    tasks.push(tokio::spawn(async move {
        if let Err(error) = web::server::serve(app, listener, until(asked)).await {
            tracing::error!(server.error = %error, "the server stopped");
        }
    }));
    let origin = own_origin(&ground.site, houses).to_string();
    let mut running = Running {
        origin,
        routes: built.routes,
        issuer: built.issuer,
        wallet: built.wallet,
        verifier: built.verifier,
        letters: post.letters().cloned(),
        metrics,
        demo: None,
        key: (matches!(key, KeySource::NewFile(_)) && throwaway.is_none()).then_some(key),
        stop,
        tasks,
        _throwaway: throwaway,
    };
    if options.demo {
        built.home.invite(demo::Walk::people());
        let walk = demo::prepare(&running).await?;
        built.home.invite(walk.clone());
        running.demo = Some(walk);
    }
    Ok(running)
}

impl Running {
    /// What the program prints when it is ready.
    pub fn greeting(&self) -> String {
        let ready = if self.demo.is_some() { "La démonstration est prête" } else { "Livret est prêt" };
        let mut text = format!("{ready} : {}", self.origin);
        if let Some(words) = self.key.as_ref().and_then(new_key) {
            text.push('\n');
            text.push_str(&words);
        }
        if let Some(walk) = &self.demo {
            text.push('\n');
            text.push_str(&walk.sentence());
        }
        text
    }

    /// What the demonstration prepared, when there is one.
    pub fn walk(&self) -> Option<&demo::Walk> {
        self.demo.as_ref()
    }

    /// Lets open requests and workers end.
    pub async fn stop(self) {
        let _nobody = self.stop.send(true);
        for task in self.tasks {
            if let Err(error) = tokio::time::timeout(Duration::from_secs(15), task).await {
                tracing::warn!(server.error = %error, "a task did not stop in time");
            }
        }
        if let Some(house) = self.verifier {
            house.close().await;
        }
    }
}

/// What every house stands on.
struct Ground {
    site: Arc<Site>,
    db: Db,
    vault: Vault,
    clock: Clock,
}

struct Built {
    router: Router,
    routes: Vec<RouteInfo>,
    home: Home,
    issuer: Option<Issuer>,
    wallet: Option<Wallet>,
    verifier: Option<Verifier>,
    tasks: Vec<JoinHandle<()>>,
}

async fn build(
    options: &Options,
    houses: &[HouseName],
    ground: &Ground,
    post: &Postman,
    stopped: &watch::Receiver<bool>,
) -> Result<Built, StartError> {
    let Ground { site, db, vault, clock } = ground;
    let here = |house| houses.contains(&house);
    let secret = peer_secret(options, houses)?;
    let register_url = site.houses.issuer.join("/registre.json");
    let door = Door::new(DoorSettings { development: !site.secure, ..DoorSettings::default() })
        .with_peer(site.houses.issuer.as_str(), Peer::Http)
        .with_peer(site.houses.wallet.as_str(), Peer::Http)
        .with_peer(site.houses.verifier.as_str(), Peer::Http);
    let (common, mut routes) = web::common_pages(site.clone());
    let (assets, asset_routes) = web::static_routes();
    routes.extend(asset_routes);
    let mut built = Built {
        router: common.merge(assets).merge(Router::new().route("/healthz", get(healthz)).with_state(db.clone())),
        routes,
        home: Home::new(site.clone(), post.letters().filter(|_| options.demo).cloned()),
        issuer: None,
        wallet: None,
        verifier: None,
        tasks: Vec::new(),
    };
    let mut inside = Router::new();
    if here(HouseName::Issuer) {
        let house = Issuer::new(issuer::Settings {
            db: db.clone(),
            vault: vault.clone(),
            clock: clock.clone(),
            site: site.clone(),
            post: post.clone(),
            letter_delay: options.letter_delay(),
        });
        issuer::first_start::ensure(&house).await.map_err(|fault| StartError::Refused(fault.to_string()))?;
        let (router, infos) = house.house();
        inside = inside.merge(router);
        built.routes.extend(infos);
        let (hands, asked) = (house.clone(), stopped.clone());
        built.tasks.push(tokio::spawn(async move { hands.workers(until(asked)).await }));
        built.issuer = Some(house);
    }
    if here(HouseName::Wallet) {
        let house = Wallet::new(wallet::Settings {
            site: site.clone(),
            db: db.clone(),
            vault: vault.clone(),
            clock: clock.clone(),
            post: post.clone(),
            door: door.clone(),
            verifier_secret: secret.clone(),
            register_url: register_url.clone(),
        });
        let (router, infos) = house.house();
        inside = inside.merge(router);
        built.routes.extend(infos);
        let (hands, asked) = (house.clone(), stopped.clone());
        built.tasks.push(tokio::spawn(async move { hands.workers(until(asked)).await }));
        built.wallet = Some(house);
    }
    if here(HouseName::Verifier) {
        let house = Verifier::new(verifier::Settings {
            site: site.clone(),
            db: db.clone(),
            vault: vault.clone(),
            clock: clock.clone(),
            door: door.clone(),
            wallet_secret: secret,
            register_url,
        });
        let (router, infos) = house.house();
        inside = inside.merge(router);
        built.routes.extend(infos);
        built.verifier = Some(house);
    }
    if here(HouseName::JobNormandie) {
        let (router, infos) = job_normandie::routes(site.clone());
        inside = inside.merge(router);
        built.routes.extend(infos);
    }
    let (home, infos) = built.home.routes();
    inside = inside.merge(home);
    built.routes.extend(infos);
    if houses.len() > 1 {
        // In one process the houses still speak requests and responses, only without a socket.
        door.add_peer(site.houses.issuer.as_str(), Peer::Router(inside.clone()));
    }
    built.router = built.router.merge(inside);
    Ok(built)
}

/// What to say of a master key made just now.
pub(crate) fn new_key(key: &KeySource) -> Option<String> {
    let KeySource::NewFile(path) = key else { return None };
    Some(format!(
        "Une clé maîtresse a été créée : {}\nGardez-en une copie ailleurs que la base : sans elle, les clés des \
         organismes ne s’ouvrent plus.",
        path.display()
    ))
}

async fn until(mut asked: watch::Receiver<bool>) {
    // An error means that the sender is gone: that is a stop too.
    let _closed = asked.wait_for(|stop| *stop).await;
}

async fn healthz(axum::extract::State(db): axum::extract::State<Db>) -> (http::StatusCode, &'static str) {
    match db.ping().await {
        Ok(()) => (http::StatusCode::OK, "ok\n"),
        Err(_) => (http::StatusCode::SERVICE_UNAVAILABLE, "database\n"),
    }
}

pub(crate) fn site(options: &Options, address: SocketAddr, houses: &[HouseName]) -> Result<Site, StartError> {
    let origin = |text: &str| Origin::parse(text).map_err(|error| StartError::Origin { text: text.to_owned(), error });
    // did:web knows no addresses, only names (decisions §14).
    let own = match &options.origin {
        Some(text) => origin(text)?,
        None => origin(&format!("http://localhost:{}", address.port()))?,
    };
    let or_own = |given: &Option<String>| given.as_deref().map_or_else(|| Ok(own.clone()), origin);
    let one = |house: HouseName, given: &Option<String>| {
        if houses.len() == 1 && houses[0] == house { Ok(own.clone()) } else { or_own(given) }
    };
    let houses = Houses {
        issuer: one(HouseName::Issuer, &options.issuer_origin)?,
        wallet: one(HouseName::Wallet, &options.wallet_origin)?,
        verifier: one(HouseName::Verifier, &options.verifier_origin)?,
        job: one(HouseName::JobNormandie, &options.job_origin)?,
    };
    let mut site = Site::new(houses);
    site.demo = options.demo;
    if let Some(name) = &options.instance_name {
        site.instance_name.clone_from(name);
    }
    site.contact.clone_from(&options.contact);
    for network in &options.trusted_proxy {
        site.trusted_proxies.push(network.parse().map_err(|_| StartError::Network(network.clone()))?);
    }
    Ok(site)
}

fn own_origin<'a>(site: &'a Site, houses: &[HouseName]) -> &'a Origin {
    match houses {
        [HouseName::Wallet] => &site.houses.wallet,
        [HouseName::Verifier] => &site.houses.verifier,
        [HouseName::JobNormandie] => &site.houses.job,
        _ => &site.houses.issuer,
    }
}

pub(crate) fn postman(options: &Options, site: &Site) -> Result<Postman, StartError> {
    let from = options
        .letters_from
        .clone()
        .unwrap_or_else(|| format!("Livret <ne-pas-repondre@{}>", site.houses.issuer.host()));
    let address = match &options.letters {
        Some(address) => address.as_str(),
        None if options.demo => "memory",
        None => "dir:courriers",
    };
    Ok(Postman::open(address, post::Settings { from, reply_to: None })?)
}

/// The secret between verifier and wallet: given when they are apart, drawn when they are together.
fn peer_secret(options: &Options, houses: &[HouseName]) -> Result<String, StartError> {
    let together = houses.contains(&HouseName::Wallet) && houses.contains(&HouseName::Verifier);
    match &options.peer_secret {
        Some(secret) if secret.len() >= 16 => Ok(secret.clone()),
        Some(_) => Err(StartError::ShortSecret),
        None if together => {
            let mut bytes = [0_u8; 32];
            rand::fill(&mut bytes);
            Ok(data_encoding::BASE64URL_NOPAD.encode(&bytes))
        }
        None if houses.contains(&HouseName::Wallet) || houses.contains(&HouseName::Verifier) => {
            Err(StartError::NoSecret)
        }
        None => Ok(String::new()),
    }
}

async fn stop_asked() {
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminate => {}
    }
}
