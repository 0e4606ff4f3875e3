//! `did:web` identifiers (did:web method specification §3), `did:key`, and the documents in which a DID or an address
//! says which keys are its own; read strictly.

mod document;
mod method;

use std::fmt;

pub use document::DidDocument;
pub use method::{KeyFacts, MethodDocument};

/// A `did:web` identifier: who an issuer is, and where its keys are.
///
/// A host name, perhaps a port, perhaps a path; never an IP address (the method forbids it).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DidWeb {
    host: String,
    port: Option<u16>,
    path: Vec<String>,
}

impl DidWeb {
    /// Reads `did:web:host[%3Aport][:segment…]`.
    ///
    /// # Errors
    /// [`DidFault::NotDidWeb`]
    pub fn parse(did: &str) -> Result<Self, DidFault> {
        let specific = did.strip_prefix("did:web:").ok_or(DidFault::NotDidWeb)?;
        let mut parts = specific.split(':');
        let authority = parts.next().unwrap_or_default();
        let (host, port) = match authority.split_once("%3A").or_else(|| authority.split_once("%3a")) {
            Some((host, port)) => (host, Some(read_port(port)?)),
            None => (authority, None),
        };
        Self::checked(host, port, parts.map(str::to_owned).collect())
    }

    /// The identifier under an origin (`https://host[:port]`, or `http` on localhost) with these path segments.
    ///
    /// # Errors
    /// [`DidFault::NotDidWeb`] for an address, another scheme, an origin with a path, or a segment that a DID cannot
    /// carry.
    pub fn from_origin(origin: &str, segments: &[&str]) -> Result<Self, DidFault> {
        let url = url::Url::parse(origin).map_err(|_| DidFault::NotDidWeb)?;
        if !matches!(url.path(), "" | "/") {
            return Err(DidFault::NotDidWeb);
        }
        Self::of_url(&url, segments.iter().map(|segment| (*segment).to_owned()).collect())
    }

    /// The identifier whose document is at this URL: the other way of [`Self::to_url`].
    ///
    /// # Errors
    /// [`DidFault::NotDidWeb`]
    pub fn from_url(url: &str) -> Result<Self, DidFault> {
        let url = url::Url::parse(url).map_err(|_| DidFault::NotDidWeb)?;
        let path = url.path().strip_suffix("/did.json").ok_or(DidFault::NotDidWeb)?;
        let path = if path == "/.well-known" { "" } else { path };
        let segments = path.split('/').skip(1).map(str::to_owned).collect();
        Self::of_url(&url, segments)
    }

    /// Where its document is: `https://host/.well-known/did.json`, or `https://host/path/did.json`; `http` for
    /// localhost only.
    pub fn to_url(&self) -> String {
        let path = if self.path.is_empty() { ".well-known".to_owned() } else { self.path.join("/") };
        format!("{}/{path}/did.json", self.origin())
    }

    /// The origin it lives under: `https://host[:port]`.
    pub fn origin(&self) -> String {
        let scheme = if is_localhost(&self.host) { "http" } else { "https" };
        let port = self.port.map(|port| format!(":{port}")).unwrap_or_default();
        format!("{scheme}://{}{port}", self.host)
    }

    /// The host name, without port.
    pub fn host(&self) -> &str {
        &self.host
    }

    fn of_url(url: &url::Url, path: Vec<String>) -> Result<Self, DidFault> {
        let Some(url::Host::Domain(host)) = url.host() else { return Err(DidFault::NotDidWeb) };
        let expected = if is_localhost(host) { "http" } else { "https" };
        let plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
        if url.scheme() != expected || !plain || url.password().is_some() {
            return Err(DidFault::NotDidWeb);
        }
        Self::checked(host, url.port(), path)
    }

    fn checked(host: &str, port: Option<u16>, path: Vec<String>) -> Result<Self, DidFault> {
        let right = is_host(host) && path.iter().all(|segment| is_segment(segment));
        if right { Ok(Self { host: host.to_owned(), port, path }) } else { Err(DidFault::NotDidWeb) }
    }
}

impl fmt::Display for DidWeb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "did:web:{}", self.host)?;
        if let Some(port) = self.port {
            write!(f, "%3A{port}")?;
        }
        self.path.iter().try_for_each(|segment| write!(f, ":{segment}"))
    }
}

impl std::str::FromStr for DidWeb {
    type Err = DidFault;

    fn from_str(text: &str) -> Result<Self, DidFault> {
        Self::parse(text)
    }
}

/// The DID of a key's id: everything before `#`.
pub fn without_fragment(id: &str) -> &str {
    id.split_once('#').map_or(id, |(did, _)| did)
}

/// Why an identifier or its document says nothing about a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DidFault {
    /// Not a `did:web` with a host name.
    #[error("not a did:web identifier")]
    NotDidWeb,
    /// Not a `did:key` of a kind of key that is read.
    #[error("not a did:key identifier")]
    NotDidKey,
    /// Not strict JSON, or not shaped as such a document.
    #[error("not a DID document")]
    Malformed,
    /// The document speaks of another DID.
    #[error("the document is another DID's")]
    OtherId,
    /// The document does not list this verification method.
    #[error("the document does not have this key")]
    UnknownMethod,
    /// The key is listed, but not for assertions.
    #[error("the key is not for assertions")]
    NotForAssertion,
    /// The key is listed, but not for authentication.
    #[error("the key is not for authentication")]
    NotForAuthentication,
    /// The key is controlled by somebody else.
    #[error("the key is controlled by another DID")]
    OtherController,
    /// A verification method of a type that is not read.
    #[error("the key's type is not one that is read")]
    UnknownType,
    /// The key had expired (`expires`).
    #[error("the key had expired")]
    Expired,
    /// The key had been revoked (`revoked`).
    #[error("the key had been revoked")]
    Revoked,
    /// Two different methods with one id.
    #[error("the document lists this key twice, differently")]
    Ambiguous,
    /// The method's key is no key that is read.
    #[error(transparent)]
    Key(#[from] crate::key::KeyFault),
}

impl DidFault {
    /// The stable machine code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotDidWeb => "did_not_web",
            Self::NotDidKey => "did_not_key",
            Self::Malformed => "did_document_malformed",
            Self::OtherId => "did_document_other_id",
            Self::UnknownMethod => "key_not_listed",
            Self::NotForAssertion => "key_not_for_assertion",
            Self::NotForAuthentication => "key_not_for_authentication",
            Self::OtherController => "key_other_controller",
            Self::UnknownType => "key_type_unknown",
            Self::Expired => "key_expired",
            Self::Revoked => "key_revoked",
            Self::Ambiguous => "key_ambiguous",
            Self::Key(fault) => fault.code(),
        }
    }
}

fn is_localhost(host: &str) -> bool {
    host == "localhost" || host.ends_with(".localhost")
}

/// A host name in lower case whose last label is not a number (so not an IPv4 address, however written).
fn is_host(host: &str) -> bool {
    let label = |label: &str| {
        let sign = |sign: u8| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == b'-';
        (1..=63).contains(&label.len()) && label.bytes().all(sign) && !label.starts_with('-') && !label.ends_with('-')
    };
    let last = host.rsplit('.').next().unwrap_or_default();
    let number = last.bytes().all(|sign| sign.is_ascii_digit())
        || last.strip_prefix("0x").is_some_and(|hex| hex.bytes().all(|sign| sign.is_ascii_hexdigit()));
    host.len() <= 253 && host.split('.').all(label) && !number
}

/// Signs that a DID may carry as they are; percent-encoding would let one path be written in several ways.
fn is_segment(segment: &str) -> bool {
    let sign = |sign: u8| sign.is_ascii_alphanumeric() || matches!(sign, b'.' | b'-' | b'_');
    !segment.is_empty() && segment.bytes().all(sign) && !segment.bytes().all(|sign| sign == b'.')
}

fn read_port(text: &str) -> Result<u16, DidFault> {
    let port: u16 = text.parse().map_err(|_| DidFault::NotDidWeb)?;
    if port == 0 || text != port.to_string() { Err(DidFault::NotDidWeb) } else { Ok(port) }
}

#[cfg(test)]
mod tests;
