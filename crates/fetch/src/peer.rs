//! Peers: the origins named in the configuration, in this process or elsewhere.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{PoisonError, RwLock};

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use bytes::Bytes;
use http::header::HOST;
use http::{HeaderMap, HeaderValue, Method, Request, Response};
use tower::ServiceExt;
use url::Url;

use crate::error::FetchError;

/// Where a named origin lives.
#[derive(Clone)]
pub enum Peer {
    /// In this process: the same request and answer as over the wire, without a socket.
    Router(Router),
    /// At its origin, over HTTP(S), private address or not.
    Http,
}

/// The peers by host and explicit port; the scheme is the configuration's.
#[derive(Default)]
pub(crate) struct Peers(RwLock<HashMap<Key, (Url, Peer)>>);

/// Host and explicit port.
type Key = (String, Option<u16>);

impl Peers {
    pub(crate) fn add(&self, origin: &str, peer: Peer) {
        let Ok(url) = Url::parse(origin) else {
            tracing::error!(fetch.origin = origin, "a peer's origin is not an address; it will not be reached");
            return;
        };
        if let Some(key) = key(&url) {
            self.0.write().unwrap_or_else(PoisonError::into_inner).insert(key, (url, peer));
        }
    }

    /// The peer `url` leads to, and the address with the scheme the configuration gave.
    pub(crate) fn find(&self, url: &Url) -> Option<(Peer, Url)> {
        let peers = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let (origin, peer) = peers.get(&key(url)?)?;
        let mut url = url.clone();
        url.set_scheme(origin.scheme()).ok()?;
        Some((peer.clone(), url))
    }
}

fn key(url: &Url) -> Option<Key> {
    Some((url.host_str()?.to_owned(), url.port()))
}

/// Whether an address of a house is one that badges, lists and issuers' documents have reason to name: badges and their
/// pictures, organisations with their keys and lists, the référentiel, the register of trust.
pub(crate) fn is_named_by_documents(url: &Url) -> bool {
    let first = url.path_segments().and_then(|mut segments| segments.next()).unwrap_or_default();
    matches!(first, "badges" | "o" | "referentiel" | "registre" | "registre.json" | ".well-known")
}

/// Calls a router as the network would.
pub(crate) async fn call(
    router: Router,
    method: Method,
    url: &Url,
    headers: &HeaderMap,
    body: Bytes,
) -> Result<Response<Body>, FetchError> {
    let target = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    let mut request =
        Request::builder().method(method).uri(target).body(Body::from(body)).map_err(|_| FetchError::BadAddress)?;
    *request.headers_mut() = headers.clone();
    let host = match (url.host_str(), url.port()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (Some(host), None) => host.to_owned(),
        (None, _) => return Err(FetchError::BadAddress),
    };
    request.headers_mut().insert(HOST, HeaderValue::from_str(&host).map_err(|_| FetchError::BadAddress)?);
    // Over the wire the server would know where the call comes from: here, from ourselves.
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))));
    match router.oneshot(request).await {
        Ok(response) => Ok(response),
        Err(never) => match never {},
    }
}
