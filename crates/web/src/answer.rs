use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use http::{HeaderName, HeaderValue, StatusCode, header};

use crate::{Error, Result};

const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");

/// How long an answer may be kept, and by whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cache {
    /// Nowhere: pages of signed-in people, forms, verdicts.
    Private,
    /// Nowhere, and the address is a secret: no referrer, no index (decisions §19).
    Token,
    /// Anywhere, this many seconds.
    Public(u32),
    /// Anywhere, for ever: the address changes with the content.
    Immutable,
}

/// A page, 200.
pub fn render(cache: Cache, page: &impl askama::Template) -> Result<Response> {
    render_status(StatusCode::OK, cache, page)
}

/// A page with another status: 422 for a refused form that comes back with its answers, 410 for what is gone.
pub fn render_status(status: StatusCode, cache: Cache, page: &impl askama::Template) -> Result<Response> {
    let html = page.render().map_err(Error::internal)?;
    let mut response = document("text/html; charset=utf-8", cache, html);
    *response.status_mut() = status;
    Ok(response)
}

/// A JSON document, a picture, a text: any body with its media type. Public ones may be read by any web page.
pub fn document(media: &'static str, cache: Cache, body: impl Into<Body>) -> Response {
    let mut response = body.into().into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    cache.write(headers);
    if matches!(cache, Cache::Public(_)) && !media.starts_with("text/html") {
        // What anyone may fetch, any page may read: verifiers of others run in browsers too.
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    }
    response
}

/// A file to keep, under this name (ASCII letters, digits, `.`, `-`, `_`; anything else becomes `-`).
pub fn file(media: &'static str, name: &str, body: impl Into<Body>) -> Response {
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '-' }
    };
    let name: String = name.chars().map(plain).collect();
    let mut response = document(media, Cache::Private, body);
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

/// After a form: 303 to this address.
pub fn redirect(to: &str) -> Response {
    let mut response = axum::response::Redirect::to(to).into_response();
    Cache::Private.write(response.headers_mut());
    response
}

/// Adds `X-Robots-Tag: noindex` to an answer that is public but not for search engines.
pub fn not_indexed(mut response: Response) -> Response {
    response.headers_mut().insert(ROBOTS, HeaderValue::from_static("noindex"));
    response
}

impl Cache {
    fn write(self, headers: &mut http::HeaderMap) {
        let value = match self {
            Self::Private | Self::Token => HeaderValue::from_static("no-store"),
            Self::Public(seconds) => HeaderValue::from_str(&format!("public, max-age={seconds}"))
                .unwrap_or(HeaderValue::from_static("no-store")),
            Self::Immutable => HeaderValue::from_static("public, max-age=31536000, immutable"),
        };
        headers.insert(header::CACHE_CONTROL, value);
        if self == Self::Token {
            headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
            headers.insert(ROBOTS, HeaderValue::from_static("noindex"));
        }
        if matches!(self, Self::Public(_)) {
            // The same address answers a page or JSON.
            headers.append(header::VARY, HeaderValue::from_static("Accept"));
        }
    }
}
