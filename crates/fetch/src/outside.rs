//! What goes over sockets: strangers behind the guard, peers without it.

use std::error::Error as StdError;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use reqwest::Client;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use url::{Host, Url};

use crate::address::is_public;
use crate::door::{DoorSettings, Fetched, location};
use crate::error::FetchError;
use crate::peer::{self, Peer};

/// Turns a name into addresses. The door decides which of them may be used.
pub trait Resolver: Send + Sync {
    /// Every address of `host`.
    fn resolve(&self, host: String) -> Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;
}

/// The machine's own resolver.
#[derive(Debug, Clone, Copy)]
pub struct SystemResolver;

impl Resolver for SystemResolver {
    fn resolve(&self, host: String) -> Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>> {
        Box::pin(
            async move { Ok(tokio::net::lookup_host((host.as_str(), 0)).await?.map(|address| address.ip()).collect()) },
        )
    }
}

/// An answer and where it redirects to.
pub(crate) type Answer = (Fetched, Option<String>);

pub(crate) struct Outside {
    strangers: Client,
    peers: Client,
}

impl Outside {
    pub(crate) fn new(settings: &DoorSettings) -> Self {
        let tls = tls();
        let client = |guard: Option<Guard>| {
            let builder = Client::builder()
                .tls_backend_preconfigured(tls.clone())
                .redirect(Policy::none())
                .no_proxy()
                .referer(false)
                .connect_timeout(settings.timeout)
                .user_agent("Livret/0.1");
            let builder = match guard {
                Some(guard) => builder.dns_resolver(Arc::new(guard)),
                None => builder,
            };
            builder.build().expect("the built-in TLS configuration is accepted by its own library")
        };
        Self { strangers: client(Some(Guard(settings.resolver.clone()))), peers: client(None) }
    }

    /// Gets from a stranger. `url` went through [`allowed`] before.
    pub(crate) async fn get(&self, url: &Url, headers: &HeaderMap, max: usize) -> Result<Answer, FetchError> {
        over_the_wire(&self.strangers, Method::GET, url, headers, Bytes::new(), max).await
    }

    /// Gets from an origin that whoever runs the program named: no guard.
    pub(crate) async fn named(&self, url: &Url, headers: &HeaderMap, max: usize) -> Result<Answer, FetchError> {
        over_the_wire(&self.peers, Method::GET, url, headers, Bytes::new(), max).await
    }

    /// Calls a peer, in this process or at its origin.
    pub(crate) async fn peer(
        &self,
        peer: &Peer,
        method: Method,
        url: &Url,
        headers: &HeaderMap,
        body: Bytes,
        max: usize,
    ) -> Result<Answer, FetchError> {
        match peer {
            Peer::Http => over_the_wire(&self.peers, method, url, headers, body, max).await,
            Peer::Router(router) => {
                let response = peer::call(router.clone(), method, url, headers, body).await?;
                let (parts, body) = response.into_parts();
                plain(&parts.headers)?;
                let body = limited(body, max).await?;
                Ok((fetched(url, parts.status, &parts.headers, body), location(&parts.headers)))
            }
        }
    }
}

/// Whether the door goes to a stranger's `url` at all; names are looked at again once resolved.
pub(crate) fn allowed(url: &Url, development: bool) -> Result<(), FetchError> {
    if url.scheme() != "https" && !development {
        return Err(FetchError::NotHttps);
    }
    let public = match url.host() {
        Some(Host::Ipv4(address)) => is_public(address.into()),
        Some(Host::Ipv6(address)) => is_public(address.into()),
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            // Names that resolve here only, refused before anybody is asked.
            name.contains('.') && !matches!(name.rsplit('.').next(), Some("localhost" | "local"))
        }
        None => return Err(FetchError::BadAddress),
    };
    if public { Ok(()) } else { Err(FetchError::NotPublic) }
}

/// Resolves, refuses, and hands the very addresses it looked at to the connection: there is no second look-up.
struct Guard(Arc<dyn Resolver>);

#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error("the address is not public")]
    NotPublic,
    #[error("the name could not be resolved")]
    Unresolved,
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let resolving = self.0.resolve(name.as_str().to_owned());
        Box::pin(async move {
            let addresses = resolving.await.map_err(|_| Refusal::Unresolved)?;
            if addresses.is_empty() {
                return Err(Refusal::Unresolved.into());
            }
            // One private address among public ones is a trap, not a spare.
            if !addresses.iter().copied().all(is_public) {
                return Err(Refusal::NotPublic.into());
            }
            let addresses: Addrs = Box::new(addresses.into_iter().map(|ip| SocketAddr::new(ip, 0)));
            Ok(addresses)
        })
    }
}

async fn over_the_wire(
    client: &Client,
    method: Method,
    url: &Url,
    headers: &HeaderMap,
    body: Bytes,
    max: usize,
) -> Result<Answer, FetchError> {
    let mut headers = headers.clone();
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    let request = client.request(method, url.clone()).headers(headers).body(body);
    let mut response = request.send().await.map_err(|error| why(&error))?;
    plain(response.headers())?;
    if response.content_length().is_some_and(|length| length > max as u64) {
        return Err(FetchError::TooLarge);
    }
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| why(&error))? {
        if body.len() + chunk.len() > max {
            return Err(FetchError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    let to = location(response.headers());
    Ok((fetched(url, response.status(), response.headers(), body.freeze()), to))
}

async fn limited(body: Body, max: usize) -> Result<Bytes, FetchError> {
    match Limited::new(body, max).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.downcast_ref::<LengthLimitError>().is_some() => Err(FetchError::TooLarge),
        Err(_) => Err(FetchError::Unreachable),
    }
}

/// We ask for plain bytes; whoever compresses all the same is not unpacked.
fn plain(headers: &HeaderMap) -> Result<(), FetchError> {
    match headers.get(CONTENT_ENCODING) {
        Some(encoding) if encoding != "identity" => Err(FetchError::Encoded),
        _ => Ok(()),
    }
}

fn fetched(url: &Url, status: StatusCode, headers: &HeaderMap, body: Bytes) -> Fetched {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    Fetched {
        url: url.to_string(),
        status,
        content_type: text(CONTENT_TYPE).map(str::to_owned),
        body,
        max_age: text(CACHE_CONTROL).and_then(max_age),
    }
}

/// `max-age` of a `Cache-Control` without `no-store`, `no-cache` or `private`.
fn max_age(cache_control: &str) -> Option<Duration> {
    let lower = cache_control.to_ascii_lowercase();
    let mut directives = lower.split(',').map(str::trim);
    if directives.clone().any(|word| matches!(word, "no-store" | "no-cache" | "private")) {
        return None;
    }
    let seconds = directives.find_map(|word| word.strip_prefix("max-age="))?.parse().ok()?;
    Some(Duration::from_secs(seconds))
}

fn why(error: &reqwest::Error) -> FetchError {
    let mut source: Option<&(dyn StdError + 'static)> = error.source();
    while let Some(cause) = source {
        if let Some(refusal) = cause.downcast_ref::<Refusal>() {
            return match refusal {
                Refusal::NotPublic => FetchError::NotPublic,
                Refusal::Unresolved => FetchError::Unresolved,
            };
        }
        source = cause.source();
    }
    if error.is_timeout() { FetchError::TimedOut } else { FetchError::Unreachable }
}

/// TLS by rustls and ring, with the public authorities as data.
fn tls() -> rustls::ClientConfig {
    let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring speaks TLS 1.2 and 1.3")
        .with_root_certificates(roots)
        .with_no_client_auth()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn max_age_is_read_and_no_store_wins() {
        assert_eq!(max_age("public, max-age=60"), Some(Duration::from_secs(60)));
        assert_eq!(max_age("max-age=60, no-store"), None);
        assert_eq!(max_age("Private, max-age=60"), None);
        assert_eq!(max_age("max-age=soon"), None);
    }

    #[test]
    fn literals_and_local_names_are_refused_before_any_look_up() {
        for (url, why) in [
            ("http://example.org/", FetchError::NotHttps),
            ("https://127.0.0.1/", FetchError::NotPublic),
            ("https://2130706433/", FetchError::NotPublic),
            ("https://0x7f.1/", FetchError::NotPublic),
            ("https://[::1]/", FetchError::NotPublic),
            ("https://[::ffff:169.254.169.254]/", FetchError::NotPublic),
            ("https://localhost/", FetchError::NotPublic),
            ("https://localhost./", FetchError::NotPublic),
            ("https://db/", FetchError::NotPublic),
            ("https://printer.local/", FetchError::NotPublic),
            ("https://a.localhost/", FetchError::NotPublic),
        ] {
            assert_eq!(allowed(&Url::parse(url).expect("a URL"), false), Err(why), "{url}");
        }
        assert_eq!(allowed(&Url::parse("https://example.org/").expect("a URL"), false), Ok(()));
        assert_eq!(allowed(&Url::parse("http://example.org/").expect("a URL"), true), Ok(()));
    }
}
