//! The door: decides, for each address, whether it is a peer's or a stranger's, and carries the answer in.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION};
use http::{HeaderMap, Method, StatusCode};
use tokio::time::timeout;
use url::Url;

use crate::cache::Cache;
use crate::error::FetchError;
use crate::named::NamedOrigin;
use crate::outside::{self, Outside, Resolver, SystemResolver};
use crate::peer::{self, Peer, Peers};

/// The most origins kept by [`Door::refused`].
const MOST_REFUSED: usize = 8;

/// The one way out. Cheap to clone; clones share peers and memory.
#[derive(Clone)]
pub struct Door {
    inner: Arc<Inner>,
}

struct Inner {
    settings: DoorSettings,
    outside: Outside,
    peers: Peers,
    cache: Cache,
    proven: Arc<checks::Memory>,
    refused: Mutex<BTreeSet<String>>,
}

/// How the door behaves.
#[derive(Clone)]
pub struct DoorSettings {
    /// Also plain http to public addresses: never on a real instance.
    pub development: bool,
    /// For a whole answer, redirects included.
    pub timeout: Duration,
    /// The largest body carried, in bytes.
    pub max_bytes: usize,
    /// The most redirects followed.
    pub max_redirects: usize,
    /// The longest an answer is remembered; zero forgets at once (tests that move a clock by hand).
    pub memory: Duration,
    /// Where names become addresses.
    pub resolver: Arc<dyn Resolver>,
    /// Origins reached as they are, public or not, https or not: named by whoever runs the program, never by a document.
    pub named: Vec<NamedOrigin>,
}

impl Default for DoorSettings {
    fn default() -> Self {
        Self {
            development: false,
            timeout: Duration::from_secs(10),
            max_bytes: 2 * 1024 * 1024,
            max_redirects: 3,
            memory: Duration::from_secs(30),
            resolver: Arc::new(SystemResolver),
            named: Vec::new(),
        }
    }
}

/// What the door brought: any status is an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// The address that answered in the end, redirects followed, as it was asked for and without fragment.
    pub url: String,
    /// The answer's status.
    pub status: StatusCode,
    /// Its media type with parameters, as sent.
    pub content_type: Option<String>,
    /// Its body, whole.
    pub body: Bytes,
    /// How long it may be remembered by its own word; `None` when it must not be.
    pub max_age: Option<Duration>,
}

impl Fetched {
    /// The body of a 200 as text, if it is UTF-8.
    pub fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.body).ok()
    }
}

impl Door {
    /// A door without peers.
    ///
    /// # Panics
    /// Never in practice: only if the built-in TLS configuration were refused by its own library.
    pub fn new(settings: DoorSettings) -> Self {
        let outside = Outside::new(&settings);
        let cache = Cache::new(settings.memory);
        let proven = Arc::new(checks::Memory::default());
        let refused = Mutex::default();
        Self { inner: Arc::new(Inner { settings, outside, peers: Peers::default(), cache, proven, refused }) }
    }

    /// The same door, knowing one more peer. `origin` as configured: `https://livret.example`.
    #[must_use]
    pub fn with_peer(self, origin: &str, peer: Peer) -> Self {
        self.add_peer(origin, peer);
        self
    }

    /// Names a peer later on: in `serve` the houses hold the door before their routers exist.
    pub fn add_peer(&self, origin: &str, peer: Peer) {
        self.inner.peers.add(origin, peer);
    }

    /// Whether `url` leads to a peer.
    pub fn is_peer(&self, url: &str) -> bool {
        Url::parse(url).is_ok_and(|url| self.inner.peers.find(&url).is_some())
    }

    /// Gets `url`, following redirects. Answers of any status are answers; errors are [`FetchError`].
    pub async fn get(&self, url: &str, accept: &str) -> Result<Fetched, FetchError> {
        self.get_up_to(url, accept, self.inner.settings.max_bytes).await
    }

    /// As [`Self::get`], of a body of up to `max_bytes` instead of [`DoorSettings::max_bytes`]. An answer larger than the
    /// settings' own limit is not remembered.
    pub async fn get_up_to(&self, url: &str, accept: &str, max_bytes: usize) -> Result<Fetched, FetchError> {
        self.carry(parse(url)?, accept, max_bytes, false).await
    }

    /// As [`Self::get_up_to`], of an address that a document names: of a peer, only what documents have reason to name.
    /// Whoever writes a document must not make one house knock at another.
    pub(crate) async fn get_named(&self, url: &str, accept: &str, max_bytes: usize) -> Result<Fetched, FetchError> {
        let url = parse(url)?;
        if self.is_private(&url) {
            return Err(FetchError::NotPublic);
        }
        self.carry(url, accept, max_bytes, true).await
    }

    /// Whether this is a peer's, and nothing that documents have reason to name.
    fn is_private(&self, url: &Url) -> bool {
        self.inner.peers.find(url).is_some() && !peer::is_named_by_documents(url)
    }

    async fn carry(&self, url: Url, accept: &str, max_bytes: usize, named: bool) -> Result<Fetched, FetchError> {
        let key = format!("{accept} {url}");
        if let Some((known, _)) = self.inner.cache.get(&key) {
            return if known.body.len() > max_bytes { Err(FetchError::TooLarge) } else { Ok(known) };
        }
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_str(accept).map_err(|_| FetchError::BadAddress)?);
        let fetched = self.timed(self.follow(url, &headers, max_bytes, named)).await?;
        if fetched.body.len() <= self.inner.settings.max_bytes {
            self.inner.cache.put(key, &fetched);
        }
        Ok(fetched)
    }

    /// What [`Self::get_up_to`] would answer without going anywhere, and its body once more, shared: the same document is
    /// the same allocation. `None` when it would have to ask, or to refuse.
    pub(crate) fn remembered(
        &self,
        url: &str,
        accept: &str,
        max_bytes: usize,
        ours: bool,
    ) -> Option<(Fetched, Arc<[u8]>)> {
        let url = parse(url).ok()?;
        if !ours && self.is_private(&url) {
            return None;
        }
        let key = format!("{accept} {url}");
        self.inner.cache.get(&key).filter(|(_, body)| body.len() <= max_bytes)
    }

    /// Gets `url` from a peer with headers of ours (a bearer secret, say). Never remembered, never redirected.
    pub async fn get_from_peer(&self, url: &str, headers: &[(&str, &str)]) -> Result<Fetched, FetchError> {
        let url = parse(url)?;
        let headers = header_map(headers)?;
        self.timed(self.peer_call(Method::GET, &url, &headers, Bytes::new())).await
    }

    /// Posts JSON to a peer, with headers of ours (`Authorization`, `Idempotency-Key`). Never redirected.
    pub async fn post_json(
        &self,
        url: &str,
        headers: &[(&str, &str)],
        body: &serde_json::Value,
    ) -> Result<Fetched, FetchError> {
        let url = parse(url)?;
        let mut headers = header_map(headers)?;
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.entry(ACCEPT).or_insert(HeaderValue::from_static("application/json"));
        self.timed(self.peer_call(Method::POST, &url, &headers, Bytes::from(body.to_string()))).await
    }

    /// The origins that this door was asked to go to and did not, because they are not public or not https: what whoever
    /// runs the program may name in [`DoorSettings::named`]. The first ones only.
    pub fn refused(&self) -> Vec<String> {
        self.inner.refused.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    fn refuses(&self, url: &Url, error: FetchError) -> FetchError {
        if matches!(error, FetchError::NotHttps | FetchError::NotPublic) {
            let mut refused = self.inner.refused.lock().unwrap_or_else(PoisonError::into_inner);
            if refused.len() < MOST_REFUSED {
                refused.insert(url.origin().ascii_serialization());
            }
        }
        error
    }

    /// Forgets every remembered answer.
    pub fn forget(&self) {
        self.inner.cache.clear();
    }

    /// The largest body carried unless asked otherwise, in bytes.
    pub(crate) fn max_bytes(&self) -> usize {
        self.inner.settings.max_bytes
    }

    /// What judging through this door has read and proven.
    pub(crate) fn proven(&self) -> &Arc<checks::Memory> {
        &self.inner.proven
    }

    async fn timed(&self, call: impl Future<Output = Result<Fetched, FetchError>>) -> Result<Fetched, FetchError> {
        timeout(self.inner.settings.timeout, call).await.unwrap_or(Err(FetchError::TimedOut))
    }

    async fn follow(
        &self,
        mut url: Url,
        headers: &HeaderMap,
        max: usize,
        by_document: bool,
    ) -> Result<Fetched, FetchError> {
        let settings = &self.inner.settings;
        let outside = &self.inner.outside;
        let mut came_from_outside = false;
        for _ in 0..=settings.max_redirects {
            // A stranger that sends us to a named origin is looked at like any other redirect.
            let named = settings.named.iter().find_map(|origin| origin.address(&url)).filter(|_| !came_from_outside);
            let (fetched, location) = match (self.inner.peers.find(&url), named) {
                // A stranger may not send us to a peer: peers may live on a private network.
                (Some(_), _) if came_from_outside => return Err(FetchError::NotPublic),
                (Some(_), _) if by_document && !peer::is_named_by_documents(&url) => return Err(FetchError::NotPublic),
                (Some((peer, url)), _) => outside.peer(&peer, Method::GET, &url, headers, Bytes::new(), max).await?,
                (None, Some(url)) => outside.named(&url, headers, max).await?,
                (None, None) => {
                    // Where a stranger sent us on to is not ours to name.
                    let by_stranger = std::mem::replace(&mut came_from_outside, true);
                    let refused = |error| if by_stranger { error } else { self.refuses(&url, error) };
                    outside::allowed(&url, settings.development).map_err(refused)?;
                    outside.get(&url, headers, max).await.map_err(refused)?
                }
            };
            if !matches!(fetched.status.as_u16(), 301 | 302 | 303 | 307 | 308) {
                return Ok(Fetched { url: url.into(), ..fetched });
            }
            let location = location.ok_or(FetchError::Redirected)?;
            url = parse(url.join(&location).map_err(|_| FetchError::BadAddress)?.as_str())?;
        }
        Err(FetchError::Redirected)
    }

    async fn peer_call(
        &self,
        method: Method,
        url: &Url,
        headers: &HeaderMap,
        body: Bytes,
    ) -> Result<Fetched, FetchError> {
        let (peer, url) = self.inner.peers.find(url).ok_or(FetchError::NotAPeer)?;
        // A share of many badges is larger than any stranger's document; peers are named, and trusted that far.
        let max = self.inner.settings.max_bytes.saturating_mul(4);
        Ok(self.inner.outside.peer(&peer, method, &url, headers, body, max).await?.0)
    }
}

/// The header a redirect names its target with, out of an answer's headers.
pub(crate) fn location(headers: &HeaderMap) -> Option<String> {
    headers.get(LOCATION).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

pub(crate) fn parse(url: &str) -> Result<Url, FetchError> {
    let mut url = Url::parse(url.trim()).map_err(|_| FetchError::BadAddress)?;
    let known = matches!(url.scheme(), "http" | "https");
    if !known || url.host_str().is_none_or(str::is_empty) || !url.username().is_empty() || url.password().is_some() {
        return Err(FetchError::BadAddress);
    }
    url.set_fragment(None);
    Ok(url)
}

fn header_map(headers: &[(&str, &str)]) -> Result<HeaderMap, FetchError> {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| FetchError::BadAddress)?;
        let mut value = HeaderValue::from_str(value).map_err(|_| FetchError::BadAddress)?;
        value.set_sensitive(name == AUTHORIZATION);
        map.insert(name, value);
    }
    Ok(map)
}
