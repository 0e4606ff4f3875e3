//! Origins named by whoever runs the program: the one way past the guard that is not a peer.

use url::{Host, Url};

use crate::door::parse;
use crate::error::FetchError;

/// One origin, exactly: scheme, host and port.
///
/// It may be http, and on a private address. Only `GET` goes there, and what it redirects to elsewhere is looked at like
/// any stranger's address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedOrigin {
    https: bool,
    host: Host<String>,
    port: u16,
}

impl NamedOrigin {
    /// Reads `http://localhost:8931` or `https://badges.example`.
    ///
    /// # Errors
    /// [`FetchError::BadAddress`] for anything that is not an origin: a path, a query, a user name, another scheme.
    pub fn parse(text: &str) -> Result<Self, FetchError> {
        let url = parse(text)?;
        if url.path() != "/" || url.query().is_some() || text.contains('#') {
            return Err(FetchError::BadAddress);
        }
        let (Some(host), Some(port)) = (url.host(), url.port_or_known_default()) else {
            return Err(FetchError::BadAddress);
        };
        Ok(Self { https: url.scheme() == "https", host: host.to_owned(), port })
    }

    /// Where `url` leads when it is of this origin.
    ///
    /// A `did:web` always reads as https: an https address of this very host and port goes to the scheme that was named,
    /// as one port does not speak both.
    pub(crate) fn address(&self, url: &Url) -> Option<Url> {
        let same_place = url.host().is_some_and(|host| host.to_owned() == self.host)
            && url.port_or_known_default() == Some(self.port);
        match (same_place, url.scheme(), self.https) {
            (true, "https", true) | (true, "http", false) => Some(url.clone()),
            (true, "https", false) => {
                let mut url = url.clone();
                url.set_scheme("http").ok()?;
                url.set_port(Some(self.port)).ok()?;
                Some(url)
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_that_origin_and_no_other() {
        let named = NamedOrigin::parse("http://localhost:8931").expect("an origin");
        let leads = |url: &str| named.address(&Url::parse(url).expect("a URL")).map(String::from);
        assert_eq!(leads("http://localhost:8931/a?b").as_deref(), Some("http://localhost:8931/a?b"));
        assert_eq!(leads("https://localhost:8931/a").as_deref(), Some("http://localhost:8931/a"));
        for url in [
            "http://localhost/",
            "https://localhost/",
            "http://localhost:8932/",
            "http://127.0.0.1:8931/",
            "http://a.localhost:8931/",
            "http://localhost.:8931/",
            "http://[::1]:8931/",
        ] {
            assert_eq!(leads(url), None, "{url}");
        }
        let named = NamedOrigin::parse("https://badges.example/").expect("an origin");
        let leads = |url: &str| named.address(&Url::parse(url).expect("a URL")).map(String::from);
        assert_eq!(leads("https://badges.example:443/a").as_deref(), Some("https://badges.example/a"));
        assert_eq!(leads("http://badges.example/"), None);
        assert_eq!(leads("http://badges.example:443/"), None);
    }

    #[test]
    fn what_is_not_an_origin_is_refused() {
        for text in ["localhost:8931", "http://a/b", "http://a/?b", "http://a/#", "http://u@a/", "file:///", "*", ""] {
            assert_eq!(NamedOrigin::parse(text), Err(FetchError::BadAddress), "{text}");
        }
    }
}
