//! Figures for Prometheus, on an address of their own that visitors do not reach.
//!
//! Nothing of a person is in them: labels are houses, routes as declared, methods, statuses and verdicts, all of which are
//! few and known. What the database knows (awards, verdicts, letters) is read there when asked, so that it is the same
//! from every instance and outlives a restart.

use std::collections::HashMap;
use std::fmt::Debug;
use std::hash::Hash;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{Method, StatusCode, header};
use prometheus_client::encoding::text::encode;
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};
use store::{Db, on, outbox};
use tokio::sync::Mutex;
use web::RouteInfo;

/// What the database says is asked again after this time: a scraper in a hurry costs nothing more.
const FRESH: Duration = Duration::from_secs(10);

/// From 1 ms to 16 s: a page, a large file, a slow database.
const SECONDS: [f64; 8] = [0.001, 0.004, 0.016, 0.064, 0.25, 1.0, 4.0, 16.0];

/// The figures of one process; clones share them.
#[derive(Clone)]
pub struct Metrics(Arc<Inner>);

struct Inner {
    registry: Registry,
    /// Path as declared → house.
    houses: HashMap<&'static str, &'static str>,
    requests: Family<RequestLabels, Counter>,
    seconds: Family<RouteLabels, Histogram, fn() -> Histogram>,
    stored: Stored,
    read_at: Mutex<Option<Instant>>,
    db: Db,
}

/// What is read in the database.
#[derive(Default)]
struct Stored {
    awards: Gauge,
    withdrawals: Gauge,
    claims: Gauge,
    lots: Gauge,
    letters: Family<HouseLabel, Gauge>,
    verdicts: Family<VerdictLabel, Gauge>,
    connections: Family<ConnectionLabel, Gauge>,
    up: Gauge,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RequestLabels {
    house: &'static str,
    route: String,
    method: &'static str,
    status: u16,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RouteLabels {
    house: &'static str,
    route: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct HouseLabel {
    house: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct VerdictLabel {
    verdict: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct ConnectionLabel {
    state: Connection,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelValue)]
enum Connection {
    #[expect(non_camel_case_types, reason = "the name is the value of the label")]
    open,
    #[expect(non_camel_case_types, reason = "the name is the value of the label")]
    idle,
    #[expect(non_camel_case_types, reason = "the name is the value of the label")]
    most,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct BuildLabels {
    version: &'static str,
    engine: &'static str,
}

impl Metrics {
    /// The figures of a process that serves these routes on this database.
    pub fn new(routes: &[RouteInfo], db: Db) -> Self {
        let mut registry = Registry::with_prefix("livret");
        let requests = Family::<RequestLabels, Counter>::default();
        let seconds: Family<RouteLabels, Histogram, fn() -> Histogram> =
            Family::new_with_constructor(|| Histogram::new(SECONDS));
        let stored = Stored::default();
        registry.register("http_requests", "Requests answered", requests.clone());
        registry.register_with_unit("http_request_duration", "Time to answer", Unit::Seconds, seconds.clone());
        for (name, help, gauge) in [
            ("awards", "Badges signed, withdrawn ones included, as the database says", &stored.awards),
            ("withdrawals", "Badges taken back, as the database says", &stored.withdrawals),
            ("claims", "Badges that went into a livret, as the database says", &stored.claims),
            ("unfinished_lots", "Lots of badges that are not done", &stored.lots),
            ("database_up", "1 when the database answered this scrape", &stored.up),
        ] {
            registry.register(name, help, gauge.clone());
        }
        registry.register("letters_waiting", "Letters in the outbox, by house", stored.letters.clone());
        registry.register("verdicts", "Verdicts given, as the database says", stored.verdicts.clone());
        registry.register("database_connections", "Connections of this process", stored.connections.clone());
        let build = BuildLabels { version: env!("CARGO_PKG_VERSION"), engine: db.engine() };
        registry.register("build", "Version and database engine", Info::new(build));
        Self(Arc::new(Inner {
            registry,
            houses: routes.iter().map(|route| (route.path, route.house)).collect(),
            requests,
            seconds,
            stored,
            read_at: Mutex::new(None),
            db,
        }))
    }

    /// The same router, each request counted by its route as declared. Called last.
    pub fn around(&self, router: Router) -> Router {
        router.layer(middleware::from_fn_with_state(self.clone(), count))
    }

    /// What answers on the address of the figures.
    pub fn router(&self) -> Router {
        Router::new().route("/metrics", get(page)).with_state(self.clone())
    }

    /// The text that Prometheus reads.
    async fn text(&self) -> Result<String, std::fmt::Error> {
        self.read().await;
        let mut text = String::new();
        encode(&mut text, &self.0.registry)?;
        Ok(text)
    }

    async fn read(&self) {
        let inner = &self.0;
        let used = inner.db.connections();
        for (state, count) in
            [(Connection::open, used.open), (Connection::idle, used.idle), (Connection::most, used.most)]
        {
            inner.stored.connections.get_or_create(&ConnectionLabel { state }).set(i64::from(count));
        }
        // One scrape at a time asks the database.
        let mut read_at = inner.read_at.lock().await;
        if read_at.is_some_and(|at| at.elapsed() < FRESH) {
            return;
        }
        let up = match inner.stored.read(&inner.db).await {
            Ok(()) => 1,
            Err(error) => {
                tracing::warn!(error = %error, "the database did not answer a scrape");
                0
            }
        };
        inner.stored.up.set(up);
        *read_at = Some(Instant::now());
    }
}

impl Stored {
    async fn read(&self, db: &Db) -> store::Result<()> {
        for (gauge, query) in [
            (&self.awards, "select count(*) from issuer_award"),
            (&self.withdrawals, "select count(*) from issuer_withdrawal"),
            (&self.claims, "select count(*) from issuer_claim"),
            (&self.lots, "select count(*) from issuer_lot where finished_at is null"),
        ] {
            gauge.set(on!(db, c => sqlx::query_scalar(query).fetch_one(c).await)?);
        }
        self.letters.clear();
        for (house, count) in outbox::depth(db).await? {
            self.letters.get_or_create(&HouseLabel { house }).set(count);
        }
        let verdicts: Vec<(String, i64)> = on!(db, c => sqlx::query_as(
            "select verdict, cast(sum(count) as bigint) from verifier_count group by verdict")
            .fetch_all(c).await)?;
        for (verdict, count) in verdicts {
            self.verdicts.get_or_create(&VerdictLabel { verdict }).set(count);
        }
        Ok(())
    }
}

async fn count(State(metrics): State<Metrics>, request: Request, next: Next) -> Response {
    let method = known(request.method());
    let route = request.extensions().get::<MatchedPath>().map_or("(none)", MatchedPath::as_str).to_owned();
    let house = metrics.0.houses.get(route.as_str()).copied().unwrap_or("livret");
    let start = Instant::now();
    let response = next.run(request).await;
    let status = response.status().as_u16();
    let by_route = RouteLabels { house, route };
    metrics.0.seconds.get_or_create(&by_route).observe(start.elapsed().as_secs_f64());
    let labels = RequestLabels { house, route: by_route.route, method, status };
    metrics.0.requests.get_or_create(&labels).inc();
    response
}

/// A stranger may invent methods, and each would be a series.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

async fn page(State(metrics): State<Metrics>) -> Response {
    const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    match metrics.text().await {
        Ok(text) => ([(header::CONTENT_TYPE, OPEN_METRICS)], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
