//! Pages in a real browser: every sample audited for accessibility, and the walk from letter to verdict.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Html;
use axum::routing::get;
use livret::config::Options;
use livret::serve;
use web::{Origin, RouteInfo, Sample, Site};

fn samples(site: &Site) -> Vec<Sample> {
    [
        web::samples(site),
        issuer::Issuer::samples(site),
        wallet::samples(site),
        verifier::samples(site),
        job_normandie::samples(site),
        livret::home::samples(site),
    ]
    .concat()
}

fn demonstration() -> Options {
    Options { listen: Some("127.0.0.1:0".parse().expect("an address")), demo: true, ..Options::default() }
}

/// A page that no sample shows would escape the audit.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_has_a_sample() {
    let running = serve::start(demonstration(), serve::ALL).await.expect("a demonstration");
    let site = Site::demo(Origin::parse("http://localhost:8080").expect("an origin"));
    let samples = samples(&site);
    let routes: Vec<RouteInfo> = running.routes.clone();
    assert!(routes.len() > 60, "the routers were not iterated: {}", routes.len());
    let missing = web::testing::without_sample(&routes, &samples);
    assert!(missing.is_empty(), "pages without a sample: {missing:?}");
    running.stop().await;
}

#[test]
fn samples_hold_no_fault() {
    let site = Site::demo(Origin::parse("http://localhost:8080").expect("an origin"));
    let mut faults = Vec::new();
    for sample in samples(&site) {
        if sample.html.contains("<main") && sample.html.contains("class=\"skip\"") {
            for fault in web::testing::faults(&sample.html) {
                faults.push(format!("{} {}: {fault}", sample.house, sample.name));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_sample_passes_the_accessibility_audit() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("its number").port();
    let base = format!("http://localhost:{port}");
    let site = Arc::new(Site::demo(Origin::parse(&base).expect("an origin")));
    let samples = Arc::new(samples(&site));
    let count = samples.len();
    let (assets, _) = web::static_routes();
    let router = Router::new()
        .route("/samples.json", get(names))
        .route("/sample/{index}", get(sample))
        .with_state(samples)
        .merge(assets)
        .merge(pictures());
    let server = tokio::spawn(web::server::serve(web::app(site, router), listener, std::future::pending()));
    let shots = std::env::var("LIVRET_SHOTS").unwrap_or_default();
    run_node("audit.mjs", &[&base, &count.to_string(), &shots]).await;
    server.abort();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_letter_to_verdict_in_a_browser() {
    let running = serve::start(demonstration(), serve::ALL).await.expect("a demonstration");
    let shots = std::env::var("LIVRET_SHOTS").unwrap_or_default();
    run_node("walk.mjs", &[&running.origin, &shots]).await;
    running.stop().await;
}

async fn names(State(samples): State<Arc<Vec<Sample>>>) -> axum::Json<Vec<String>> {
    axum::Json(samples.iter().map(|sample| format!("{} {}", sample.house, sample.name)).collect())
}

async fn sample(State(samples): State<Arc<Vec<Sample>>>, Path(index): Path<usize>) -> Html<String> {
    Html(samples.get(index).map(|sample| sample.html.clone()).unwrap_or_default())
}

/// The pictures that samples show, drawn as the issuer draws them.
fn pictures() -> Router {
    async fn vignette(Path((_, badge, level)): Path<(String, String, String)>) -> axum::response::Response {
        picture(&badge, &level, true)
    }
    async fn whole(Path((_, badge, level)): Path<(String, String, String)>) -> axum::response::Response {
        picture(&badge, &level, false)
    }
    async fn of_a_badge() -> axum::response::Response {
        picture("cpt-travail-en-equipe", "pratique", false)
    }
    Router::new()
        .route("/referentiel/{version}/{badge}/{level}/vignette.svg", get(vignette))
        .route("/referentiel/{version}/{badge}/{level}/image.svg", get(whole))
        .route("/badges/{id}/image.svg", get(of_a_badge))
}

fn picture(badge: &str, level: &str, vignette: bool) -> axum::response::Response {
    use axum::response::IntoResponse;
    use badge_schemas::{artwork, referentiel};
    let level = referentiel::Level::parse(level);
    let Some(achievement) = level.and_then(|level| referentiel::referentiel().achievement(badge, level)) else {
        return http::StatusCode::NOT_FOUND.into_response();
    };
    let art = artwork::Artwork { achievement, organisation: None };
    let svg = if vignette { artwork::vignette(&art) } else { artwork::svg(&art) };
    ([(http::header::CONTENT_TYPE, "image/svg+xml")], svg).into_response()
}

/// Runs a script of tests/browser; its own sentences are the failure.
async fn run_node(script: &'static str, arguments: &[&str]) {
    let arguments: Vec<String> = arguments.iter().map(|&argument| argument.to_owned()).collect();
    let output = tokio::task::spawn_blocking(move || {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/browser");
        assert!(
            folder.join("node_modules").exists(),
            "the Node packages are missing: run tests/run (or `npm ci` in tests/browser)"
        );
        Command::new("node").arg(script).args(arguments).current_dir(folder).output().expect("node runs")
    })
    .await
    .expect("a thread");
    let said = String::from_utf8_lossy(&output.stdout);
    let failed = String::from_utf8_lossy(&output.stderr);
    println!("{said}");
    assert!(output.status.success(), "{script}:\n{said}\n{failed}");
}
