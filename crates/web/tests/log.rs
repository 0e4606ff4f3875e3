//! The log tells the route, never the address.

use std::{
    io,
    sync::{Arc, Mutex},
};

use axum::{Router, body::Body, http::Request, routing::get};
use tower::ServiceExt as _;
use web::{Origin, Site};

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn addresses_tokens_and_queries_stay_out_of_the_log() {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
    let _guard = tracing::subscriber::set_default(subscriber);

    let site = Arc::new(Site::demo(Origin::parse("http://localhost:8080").unwrap()));
    let app = web::app(site, Router::new().route("/r/{token}", get(|| async { "ok" })));
    for path in ["/r/JETONSECRET?nom=Duval", "/inconnu/JETONSECRET?nom=Duval"] {
        let request = Request::get(path).header("cookie", "livret-livret=JETONSECRET").body(Body::empty()).unwrap();
        app.clone().oneshot(request).await.unwrap();
    }

    let log = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("http.route=\"/r/{token}\" http.status=200"), "{log}");
    assert!(log.contains("http.route=\"(aucune)\" http.status=404"), "{log}");
    assert!(!log.contains("JETONSECRET") && !log.contains("Duval") && !log.contains("inconnu"), "{log}");
}
