//! The door against hostile addresses, and with peers near and far.

use std::collections::HashMap;
use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Redirect;
use axum::routing::{get, post};
use axum::{Json, Router};
use fetch::{Door, DoorSettings, FetchError, NamedOrigin, Peer, Resolver};
use serde_json::{Value, json};

/// Names that a test makes lead anywhere.
struct Names(HashMap<&'static str, Vec<IpAddr>>);

impl Resolver for Names {
    fn resolve(&self, host: String) -> Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>> {
        let found = self.0.get(host.as_str()).cloned();
        Box::pin(async move { found.ok_or_else(|| io::Error::other("no such name")) })
    }
}

fn door(names: &[(&'static str, &str)]) -> Door {
    let mut map: HashMap<&'static str, Vec<IpAddr>> = HashMap::new();
    for (name, address) in names {
        map.entry(name).or_default().push(address.parse().expect("an address"));
    }
    Door::new(DoorSettings { resolver: Arc::new(Names(map)), ..DoorSettings::default() })
}

async fn listen(router: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let origin = format!("http://{}", listener.local_addr().expect("its address"));
    tokio::spawn(async move { axum::serve(listener, router).await });
    origin
}

#[tokio::test]
async fn names_that_lead_to_private_addresses_are_refused_after_resolution() {
    for address in [
        "127.0.0.1",
        "10.1.2.3",
        "169.254.169.254",
        "100.64.0.9",
        "192.168.0.1",
        "::1",
        "fd00::1",
        "::ffff:10.0.0.1",
        "fe80::1",
        "64:ff9b::a00:1",
    ] {
        let door = door(&[("badges.example.org", address)]);
        assert_eq!(door.get("https://badges.example.org/x", "*/*").await, Err(FetchError::NotPublic), "{address}");
    }
    let mixed = door(&[("badges.example.org", "1.1.1.1"), ("badges.example.org", "127.0.0.1")]);
    assert_eq!(mixed.get("https://badges.example.org/x", "*/*").await, Err(FetchError::NotPublic));
    assert_eq!(door(&[]).get("https://nowhere.example.org/x", "*/*").await, Err(FetchError::Unresolved));
}

#[tokio::test]
async fn addresses_that_the_door_does_not_understand_are_refused() {
    for url in [
        "file:///etc/passwd",
        "ftp://example.org/",
        "badge.json",
        "https://user:secret@example.org/",
        "javascript:1",
        "https://",
        "",
    ] {
        assert_eq!(door(&[]).get(url, "*/*").await, Err(FetchError::BadAddress), "{url}");
    }
    assert_eq!(door(&[]).get("http://example.org/", "*/*").await, Err(FetchError::NotHttps));
}

#[tokio::test]
async fn redirects_are_looked_at_again() {
    let router = Router::new()
        .route("/metadata", get(|| async { Redirect::temporary("https://169.254.169.254/latest") }))
        .route("/plain", get(|| async { Redirect::temporary("http://example.org/") }))
        .route("/round", get(|| async { Redirect::temporary("/round") }))
        .route("/moved", get(|| async { Redirect::permanent("/here") }))
        .route("/here", get(|| async { "found" }))
        .route("/lost", get(|| async { StatusCode::FOUND }));
    let origin = listen(router).await;
    let door = door(&[]).with_peer(&origin, Peer::Http);
    assert_eq!(door.get(&format!("{origin}/metadata"), "*/*").await, Err(FetchError::NotPublic));
    assert_eq!(door.get(&format!("{origin}/plain"), "*/*").await, Err(FetchError::NotHttps));
    assert_eq!(door.get(&format!("{origin}/round"), "*/*").await, Err(FetchError::Redirected));
    assert_eq!(door.get(&format!("{origin}/lost"), "*/*").await, Err(FetchError::Redirected));
    assert_eq!(door.get(&format!("{origin}/moved"), "*/*").await.expect("an answer").text(), Some("found"));
}

#[tokio::test]
async fn large_compressed_and_slow_answers_are_refused() {
    let router = Router::new()
        .route("/large", get(|| async { vec![b'a'; 3 * 1024 * 1024] }))
        .route("/zipped", get(|| async { ([(header::CONTENT_ENCODING, "gzip")], vec![0x1f, 0x8b]) }))
        .route("/slow", get(|| async { tokio::time::sleep(Duration::from_secs(60)).await }));
    let origin = listen(router.clone()).await;
    let settings = DoorSettings { timeout: Duration::from_millis(400), ..DoorSettings::default() };
    let door =
        Door::new(settings).with_peer(&origin, Peer::Http).with_peer("https://near.example", Peer::Router(router));
    for origin in [origin.as_str(), "https://near.example"] {
        assert_eq!(door.get(&format!("{origin}/large"), "*/*").await, Err(FetchError::TooLarge), "{origin}");
        assert_eq!(door.get(&format!("{origin}/zipped"), "*/*").await, Err(FetchError::Encoded), "{origin}");
        assert_eq!(door.get(&format!("{origin}/slow"), "*/*").await, Err(FetchError::TimedOut), "{origin}");
    }
}

async fn mirror(
    ConnectInfo(_): ConnectInfo<std::net::SocketAddr>,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, Json<Value>) {
    let said = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    (StatusCode::CREATED, Json(json!({ "host": said("host"), "authorization": said("authorization"), "body": body })))
}

#[tokio::test]
async fn a_router_in_this_process_is_called_as_over_the_wire() {
    let router = Router::new().route("/api/presentations", post(mirror));
    let door = door(&[]).with_peer("http://localhost:8080", Peer::Router(router));
    let headers = [("Authorization", "Bearer secret")];
    // A did:web always reads as https: the configured scheme wins.
    for url in ["http://localhost:8080/api/presentations", "https://localhost:8080/api/presentations"] {
        let answer = door.post_json(url, &headers, &json!({ "code": "X" })).await.expect("an answer");
        assert_eq!(answer.status, StatusCode::CREATED);
        let value: Value = serde_json::from_slice(&answer.body).expect("JSON");
        assert_eq!(
            value,
            json!({ "host": "localhost:8080", "authorization": "Bearer secret", "body": { "code": "X" } })
        );
    }
    let elsewhere = door.post_json("http://localhost:8081/api/presentations", &headers, &json!({})).await;
    assert_eq!(elsewhere, Err(FetchError::NotAPeer));
    assert_eq!(door.get_from_peer("https://example.org/", &headers).await, Err(FetchError::NotAPeer));
}

#[tokio::test]
async fn answers_are_remembered_no_longer_than_the_door_allows() {
    async fn count(State(count): State<Arc<AtomicUsize>>) -> ([(header::HeaderName, &'static str); 1], String) {
        ([(header::CACHE_CONTROL, "public, max-age=3600")], count.fetch_add(1, Ordering::SeqCst).to_string())
    }
    async fn never(State(count): State<Arc<AtomicUsize>>) -> ([(header::HeaderName, &'static str); 1], String) {
        ([(header::CACHE_CONTROL, "no-store")], count.fetch_add(1, Ordering::SeqCst).to_string())
    }
    let router =
        Router::new().route("/list", get(count)).route("/never", get(never)).with_state(Arc::new(AtomicUsize::new(0)));
    assert_eq!(DoorSettings::default().memory, Duration::from_secs(30));
    let settings = DoorSettings { memory: Duration::from_millis(300), ..DoorSettings::default() };
    let door = Door::new(settings).with_peer("https://near.example", Peer::Router(router));
    let read = async |path: &str| {
        let answer = door.get(&format!("https://near.example{path}"), "*/*").await.expect("an answer");
        answer.text().expect("text").to_owned()
    };
    assert_eq!(read("/list").await, "0");
    assert_eq!(read("/list").await, "0");
    tokio::time::sleep(Duration::from_millis(400)).await;
    assert_eq!(read("/list").await, "1");
    assert_eq!(read("/never").await, "2");
    assert_eq!(read("/never").await, "3");
    door.forget();
    assert_eq!(read("/list").await, "4");
}

fn with_named(origin: &str) -> Door {
    Door::new(DoorSettings {
        resolver: Arc::new(Names(HashMap::new())),
        named: vec![NamedOrigin::parse(origin).expect("an origin")],
        ..DoorSettings::default()
    })
}

#[tokio::test]
async fn a_named_origin_is_reached_as_it_is_and_nothing_beside_it() {
    let router = Router::new()
        .route("/here", get(|| async { "found" }))
        .route("/moved", get(|| async { Redirect::permanent("/here") }));
    let (named, other) = (listen(router.clone()).await, listen(router).await);
    let leaving = Router::new()
        .route(
            "/other",
            get({
                let to = format!("{other}/here");
                move || async move { Redirect::temporary(&to) }
            }),
        )
        .route("/metadata", get(|| async { Redirect::temporary("http://169.254.169.254/latest") }));
    let leaving = listen(leaving).await;

    let door = with_named(&named);
    let moved = door.get(&format!("{named}/moved#x"), "*/*").await.expect("an answer");
    assert_eq!((moved.text(), moved.url.as_str()), (Some("found"), format!("{named}/here").as_str()));
    // A did:web always reads as https.
    let as_did = named.replace("http://", "https://");
    assert_eq!(door.get(&format!("{as_did}/here"), "*/*").await.expect("an answer").text(), Some("found"));
    assert_eq!(door.get(&format!("{other}/here"), "*/*").await, Err(FetchError::NotHttps));
    assert_eq!(door.get(&other.replace("http://", "https://"), "*/*").await, Err(FetchError::NotPublic));
    assert_eq!(door.post_json(&format!("{named}/here"), &[], &json!({})).await, Err(FetchError::NotAPeer));

    let door = with_named(&leaving);
    assert_eq!(door.get(&format!("{leaving}/other"), "*/*").await, Err(FetchError::NotHttps));
    assert_eq!(door.get(&format!("{leaving}/metadata"), "*/*").await, Err(FetchError::NotHttps));
}

#[tokio::test]
async fn a_larger_answer_is_carried_only_when_asked_for() {
    let router = Router::new()
        .route("/large", get(|| async { ([(header::CACHE_CONTROL, "max-age=60")], vec![b'a'; 3 * 1024 * 1024]) }));
    let door = door(&[]).with_peer("https://near.example", Peer::Router(router));
    let url = "https://near.example/large";
    assert_eq!(door.get_up_to(url, "*/*", 4 * 1024 * 1024).await.expect("an answer").body.len(), 3 * 1024 * 1024);
    assert_eq!(door.get(url, "*/*").await, Err(FetchError::TooLarge));
}
