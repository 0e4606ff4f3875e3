//! What a judgement is brought, and what it is not.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::Uri;
use axum::response::{IntoResponse, Redirect, Response};
use checks::{Inquiry, Policy, Report, codes};
use fetch::{Door, DoorSettings, FetchError, Peer, gather};
use time::macros::datetime;
use tokio::time::Instant;

const NEAR: &str = "https://near.example";
const REGISTER: &str = "https://near.example/registre.json";

/// A house that counts who knocks.
async fn knocked(State(count): State<Arc<AtomicUsize>>, uri: Uri) -> Response {
    count.fetch_add(1, Ordering::SeqCst);
    match uri.path() {
        "/badges/moved" => Redirect::temporary("/v/Q7N2V5T8").into_response(),
        "/badges/slow" => std::future::pending().await,
        _ => "{}".into_response(),
    }
}

fn house() -> (Door, Arc<AtomicUsize>) {
    let count = Arc::new(AtomicUsize::new(0));
    let router = Router::new().fallback(knocked).with_state(count.clone());
    (Door::new(DoorSettings::default()).with_peer(NEAR, Peer::Router(router)), count)
}

fn inquiry(path: &str) -> Inquiry {
    Inquiry::open_url(&format!("{NEAR}{path}"), datetime!(2026-11-22 09:00 UTC), Policy::FULL)
}

/// Why what stands at the address did not come; `None` when it came.
fn unanswered(report: &Report) -> Option<String> {
    report.findings.iter().find(|f| f.code == codes::DOCUMENT_UNANSWERED).and_then(|f| f.detail.clone())
}

#[tokio::test]
async fn a_document_makes_no_house_knock_at_another() {
    let (door, count) = house();
    for path in
        ["/v/Q7N2V5T8", "/V/Q7N2V5T8", "/v/x/json", "/r/x", "/claims/x", "/livret", "/atelier/sessions/1", "/", ""]
    {
        let report = gather::finish(inquiry(path), &door, REGISTER).await;
        assert_eq!((unanswered(&report).as_deref(), count.load(Ordering::SeqCst)), (Some("forbidden"), 0), "{path}");
    }
    for path in ["/badges/../v/x", "/badges/%2e%2e/v/x", "/o/..\\v\\x"] {
        let report = gather::finish(inquiry(path), &door, REGISTER).await;
        assert_eq!((unanswered(&report).as_deref(), count.load(Ordering::SeqCst)), (Some("forbidden"), 0), "{path}");
    }
    let named =
        ["/badges/1/ob2.json", "/o/x/did.json", "/.well-known/jwks.json", "/referentiel/1/x/y", "/registre.json"];
    for (before, path) in named.into_iter().enumerate() {
        let report = gather::finish(inquiry(path), &door, REGISTER).await;
        assert_eq!((unanswered(&report), count.load(Ordering::SeqCst)), (None, before + 1), "{path}");
    }
    // One of our own redirects does not lead there either.
    let report = gather::finish(inquiry("/badges/moved"), &door, REGISTER).await;
    assert_eq!((unanswered(&report).as_deref(), count.load(Ordering::SeqCst)), (Some("forbidden"), named.len() + 1));
    // What a house asks for by itself is its own affair, and nothing of it is left for documents to find.
    assert!(door.get(&format!("{NEAR}/v/Q7N2V5T8"), "*/*").await.is_ok());
    assert_eq!(door.post_json(NEAR, &[], &serde_json::json!({})).await.map(|_| ()), Ok::<_, FetchError>(()));
    let report = gather::finish(inquiry("/v/Q7N2V5T8"), &door, REGISTER).await;
    assert_eq!(unanswered(&report).as_deref(), Some("forbidden"));
}

#[tokio::test]
async fn what_has_not_come_by_the_hour_took_too_long() {
    assert_eq!(gather::PATIENCE, Duration::from_secs(20));
    let (door, count) = house();
    let report = gather::finish_by(inquiry("/badges/slow"), &door, REGISTER, Instant::now()).await;
    assert_eq!(unanswered(&report).as_deref(), Some("timed_out"));
    assert!(count.load(Ordering::SeqCst) <= 1);
}
