//! Session tokens and their cookies. What a session means is the house's; the database holds only the hash of the
//! token, made by the house's vault.

use std::fmt;

use axum_extra::extract::cookie::{Cookie, SameSite};
use data_encoding::BASE64URL_NOPAD;
use http::{HeaderMap, HeaderName, HeaderValue, header};
use rand::Rng as _;

use crate::Site;

/// 256 random bits, 43 signs of base64url. Its `Debug` does not tell it.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

/// The session cookie of one kind of visitor, declared once per house:
/// `const LEARNER: SessionCookie = SessionCookie::new("livret", "/");`
#[derive(Debug, Clone, Copy)]
pub struct SessionCookie {
    name: &'static str,
    path: &'static str,
}

impl Token {
    /// A fresh token.
    pub fn draw() -> Self {
        let mut bytes = [0; 32];
        rand::rng().fill_bytes(&mut bytes);
        Self(BASE64URL_NOPAD.encode(&bytes))
    }

    /// Reads a token from a cookie; `None` when it cannot be one of ours.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        (bytes.len() == 32).then(|| Self(text.to_owned()))
    }

    /// What is hashed for the database.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl SessionCookie {
    /// A cookie called `livret-{name}`, sent back under `path` (under `/` when its house has a host of its own).
    pub const fn new(name: &'static str, path: &'static str) -> Self {
        Self { name, path }
    }

    /// The header that gives the token to the browser, for `max_age` seconds, or until it closes.
    pub fn set(&self, site: &Site, token: &Token, max_age: Option<i64>) -> (HeaderName, HeaderValue) {
        self.header(site, token.as_str(), max_age)
    }

    /// The header that makes the browser forget the token.
    pub fn clear(&self, site: &Site) -> (HeaderName, HeaderValue) {
        self.header(site, "", Some(0))
    }

    /// The token a request brings, if any. Garbage and other people's cookies are passed over.
    pub fn read(&self, site: &Site, headers: &HeaderMap) -> Option<Token> {
        let name = self.full_name(site);
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(Cookie::split_parse)
            .filter_map(Result::ok)
            .filter(|cookie| cookie.name() == name)
            .find_map(|cookie| Token::parse(cookie.value()))
    }

    fn full_name(&self, site: &Site) -> String {
        let prefix = if site.host_cookies() { "__Host-" } else { "" };
        format!("{prefix}livret-{}", self.name)
    }

    fn header(&self, site: &Site, value: &str, max_age: Option<i64>) -> (HeaderName, HeaderValue) {
        let mut cookie = Cookie::build((self.full_name(site), value))
            .path(if site.host_cookies() { "/" } else { self.path })
            .same_site(SameSite::Lax)
            .http_only(true)
            .secure(site.secure)
            .build();
        if let Some(seconds) = max_age {
            cookie.set_max_age(time::Duration::seconds(seconds));
        }
        // Name, path and value are ours and ASCII: this cannot fail, and an empty header would only sign out.
        let text = HeaderValue::from_str(&cookie.to_string());
        (header::SET_COOKIE, text.unwrap_or_else(|_| HeaderValue::from_static("")))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Houses, Origin};

    const LEARNER: SessionCookie = SessionCookie::new("livret", "/livret");

    fn demo() -> Site {
        Site::demo(Origin::parse("http://localhost:8080").unwrap())
    }

    fn production() -> Site {
        let at = |name: &str| Origin::parse(&format!("https://{name}.example")).unwrap();
        Site::new(Houses { issuer: at("badges"), wallet: at("livret"), verifier: at("verifier"), job: at("job") })
    }

    #[test]
    fn the_demonstration_scopes_by_path() {
        let token = Token::draw();
        let (_, value) = LEARNER.set(&demo(), &token, Some(60));
        assert_eq!(
            value.to_str().unwrap(),
            format!("livret-livret={}; HttpOnly; SameSite=Lax; Path=/livret; Max-Age=60", token.as_str())
        );
    }

    #[test]
    fn production_takes_the_host_prefix() {
        let (_, value) = LEARNER.clear(&production());
        assert_eq!(value, "__Host-livret-livret=; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=0");
    }

    #[test]
    fn reads_its_own_among_others_and_garbage() {
        let token = Token::draw();
        let mut headers = HeaderMap::new();
        let sent = format!("a=b; livret-livret=court; livret-atelier=x; livret-livret={}", token.as_str());
        headers.insert(header::COOKIE, sent.parse().unwrap());
        assert_eq!(LEARNER.read(&demo(), &headers), Some(token));
        assert_eq!(LEARNER.read(&production(), &headers), None);
    }

    #[test]
    fn tokens_are_fresh_and_silent() {
        assert_ne!(Token::draw(), Token::draw());
        assert_eq!(format!("{:?}", Token::draw()), "Token(…)");
    }
}
