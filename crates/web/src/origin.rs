use std::{fmt, str::FromStr};

use url::Url;

/// Where a house answers: scheme, host and port, never a path.
///
/// Displayed as browsers write origins: `https://livret.example`, `http://localhost:8080`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Origin {
    text: String,
    host: String,
    port: Option<u16>,
    https: bool,
}

/// Why a text is not an origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OriginError {
    /// Not an absolute URL.
    #[error("ce n’est pas une adresse complète, par exemple https://livret.example")]
    NotAUrl,
    /// Neither http nor https.
    #[error("une origine commence par http:// ou https://")]
    Scheme,
    /// A path, a query, a fragment or a name and password.
    #[error("une origine s’arrête après le nom de domaine et le port")]
    TooMuch,
}

impl Origin {
    /// Reads an origin; a single final `/` is forgiven.
    pub fn parse(text: &str) -> Result<Self, OriginError> {
        let url = Url::parse(text.trim()).map_err(|_| OriginError::NotAUrl)?;
        let https = match url.scheme() {
            "https" => true,
            "http" => false,
            _ => return Err(OriginError::Scheme),
        };
        let bare = url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        if !bare {
            return Err(OriginError::TooMuch);
        }
        let host = url.host_str().ok_or(OriginError::NotAUrl)?.to_owned();
        Ok(Self { text: url.origin().ascii_serialization(), host, port: url.port(), https })
    }

    /// The address of a path of this house: `origin.join("/livret")`. A missing first `/` is added.
    pub fn join(&self, path: &str) -> String {
        let slash = if path.starts_with('/') { "" } else { "/" };
        format!("{}{slash}{path}", self.text)
    }

    /// The same address in upper case, for QR codes in alphanumeric mode. Only for routes that are case-insensitive.
    pub fn join_upper(&self, path: &str) -> String {
        self.join(path).to_ascii_uppercase()
    }

    /// `https://livret.example`, without a final `/`.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Host without port.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Port, when it is not the scheme's own.
    pub fn port(&self) -> Option<u16> {
        self.port
    }

    /// Host and port, as people read and type it: `localhost:8080`.
    pub fn authority(&self) -> &str {
        self.text.split_once("://").map_or(&*self.text, |(_, rest)| rest)
    }

    /// Whether the house answers over TLS.
    pub fn is_https(&self) -> bool {
        self.https
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, OriginError> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_a_browser_calls_an_origin() {
        let local = Origin::parse("http://localhost:8080/").unwrap();
        assert_eq!(local.as_str(), "http://localhost:8080");
        assert_eq!(local.authority(), "localhost:8080");
        assert_eq!(local.join("/r/ABC"), "http://localhost:8080/r/ABC");
        assert_eq!(local.join("r/ABC"), "http://localhost:8080/r/ABC");
        assert_eq!(local.join_upper("/r/ABC"), "HTTP://LOCALHOST:8080/R/ABC");
        let https = Origin::parse("HTTPS://Livret.Example:443").unwrap();
        assert_eq!((https.as_str(), https.port()), ("https://livret.example", None));
        assert!(https.is_https());
    }

    #[test]
    fn refuses_more_than_an_origin() {
        for (text, fault) in [
            ("livret.example", OriginError::NotAUrl),
            ("ftp://livret.example", OriginError::Scheme),
            ("https://livret.example/chemin", OriginError::TooMuch),
            ("https://livret.example?x", OriginError::TooMuch),
            ("https://moi@livret.example", OriginError::TooMuch),
        ] {
            assert_eq!(Origin::parse(text), Err(fault), "{text}");
        }
    }
}
