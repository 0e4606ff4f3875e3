use std::{any::Any, sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{DefaultBodyLimit, MatchedPath, Request, State},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use tower::ServiceBuilder;
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer, timeout::TimeoutLayer};

use crate::{Error, Site, Words, common};

/// Bytes a request may carry unless its route says otherwise.
pub const PAGE_BODY_LIMIT: usize = 64 * 1024;

/// How long an answer may take; also the time a large file has to arrive.
const PATIENCE: Duration = Duration::from_secs(120);

/// Closes a program's router: the page for what does not exist, and around every route error pages, limits,
/// cross-site protection, security headers, compression and the log. Called last, once.
pub fn app(site: Arc<Site>, router: Router) -> Router {
    let around = ServiceBuilder::new()
        .layer(middleware::from_fn(log))
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn_with_state(site.clone(), security_headers))
        .layer(middleware::from_fn_with_state(site.clone(), error_pages))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, PATIENCE))
        .layer(middleware::from_fn_with_state(site, same_site_only))
        .layer(DefaultBodyLimit::max(PAGE_BODY_LIMIT));
    router.fallback(|| async { Error::NotFound }).layer(around)
}

/// For the few routes that take more (or less) than [`PAGE_BODY_LIMIT`]: `post(handler).layer(web::body_limit(25_000_000))`.
pub fn body_limit(bytes: usize) -> DefaultBodyLimit {
    DefaultBodyLimit::max(bytes)
}

/// One line per request: method, route as declared (never the address itself), status, time.
async fn log(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let start = tokio::time::Instant::now();
    let response = next.run(request).await;
    let route = route.as_ref().map_or("(aucune)", MatchedPath::as_str);
    let micros = u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX);
    tracing::info!(http.method = %method, http.route = route, http.status = response.status().as_u16(), duration.us = micros, "réponse");
    response
}

async fn security_headers(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut unless_said = |name: header::HeaderName, value: HeaderValue| {
        headers.entry(name).or_insert(value);
    };
    unless_said(header::CONTENT_SECURITY_POLICY, policy(&site));
    unless_said(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    unless_said(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    unless_said(
        header::HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()"),
    );
    unless_said(header::HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin"));
    unless_said(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if site.secure {
        unless_said(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    response
}

/// Nothing runs or paints but our own files. Pictures of badges come from the issuer's house, and a form may end at
/// another house by redirection, so the houses' origins stand beside 'self' when they differ.
fn policy(site: &Site) -> HeaderValue {
    let mut houses: Vec<&str> = site.houses.all().iter().map(|origin| origin.as_str()).collect();
    houses.dedup();
    let others = if houses.len() > 1 { format!(" {}", houses.join(" ")) } else { String::new() };
    let text = format!(
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:{others}; connect-src 'self'; \
         form-action 'self'{others}; base-uri 'none'; frame-ancestors 'none'"
    );
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("default-src 'none'"))
}

/// Refuses what another site makes a browser send.
///
/// Browsers say so by `Sec-Fetch-Site`; older ones, and any over plain http, only by `Origin`. `Origin: null` without
/// `Sec-Fetch-Site` is let through: it is what such browsers send from our own `no-referrer` pages (Fetch §3.2), and
/// our cookies are SameSite=Lax, so a foreign page could only act as nobody. Programs send neither header.
async fn same_site_only(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) || is_ours(&site, request.headers()) {
        return next.run(request).await;
    }
    Error::Forbidden
        .with(Words::new(
            "Cette demande vient d’un autre site",
            "Pour vous protéger, elle n’a pas été suivie. Ouvrez la page ici, puis recommencez.",
        ))
        .into_response()
}

fn is_ours(site: &Site, headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let own = |origin: &str| site.houses.all().iter().any(|house| house.as_str() == origin);
    match (text("sec-fetch-site"), text("origin")) {
        (Some("same-origin" | "none") | None, None | Some("null")) => true,
        (Some("same-origin" | "none") | None, Some(origin)) => own(origin),
        (Some(_), _) => false,
    }
}

/// Turns errors into pages or problem documents: our own, and the bare English ones of the framework.
async fn error_pages(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let asked = request.headers().clone();
    let mut response = next.run(request).await;
    let error = match response.extensions_mut().remove::<Error>() {
        Some(error) => error,
        None if is_bare(&response) => of_status(response.status()),
        None => return response,
    };
    common::error_page(&site, &asked, &error)
}

/// An error with nothing but plain text in it was not written for people.
fn is_bare(response: &Response) -> bool {
    let media = response.headers().get(header::CONTENT_TYPE);
    let plain = media.is_none_or(|value| value.as_bytes().starts_with(b"text/plain"));
    plain && (response.status().is_client_error() || response.status().is_server_error())
}

fn of_status(status: StatusCode) -> Error {
    match status {
        StatusCode::NOT_FOUND => Error::NotFound,
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Error::Forbidden,
        StatusCode::GONE => Error::Gone,
        StatusCode::CONFLICT => Error::Conflict,
        StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge,
        StatusCode::TOO_MANY_REQUESTS => Error::TooMany(60),
        StatusCode::METHOD_NOT_ALLOWED => Error::Method,
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::REQUEST_TIMEOUT | StatusCode::BAD_GATEWAY => Error::Unavailable,
        status if status.is_client_error() => {
            Error::Invalid("L’adresse ou l’envoi n’est pas complet. Revenez en arrière et recommencez.".to_owned())
        }
        _ => Error::Internal,
    }
}

/// The payload may hold anything, so only the fact is logged.
fn panicked(_: Box<dyn Any + Send>) -> Response {
    Error::internal("panique dans une page").into_response()
}
