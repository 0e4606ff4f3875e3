use std::sync::Arc;

use askama::Template;
use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::get,
};
use http::{HeaderMap, HeaderValue, header};

use crate::{Cache, Error, Result, RouteInfo, Routes, Sample, Shell, Site, Who, Words, answer, wants_json};

/// The pages every house has: `/accessibilite`, `/donnees-personnelles`, `/mentions-legales`, `/aide`.
pub fn common_pages(site: Arc<Site>) -> (Router, Vec<RouteInfo>) {
    let (router, infos) = Routes::new("web")
        .page(Who::Anyone, "/accessibilite", get(accessibility))
        .page(Who::Anyone, "/donnees-personnelles", get(privacy))
        .page(Who::Anyone, "/mentions-legales", get(legal))
        .page(Who::Anyone, "/aide", get(help))
        .build();
    (router.with_state(site), infos)
}

/// Every page of this crate with sample values, the error pages too.
pub fn samples(site: &Site) -> Vec<Sample> {
    let error = |name, error: Error| Sample::new("web", "(erreur)", name, &ErrorPage::new(site, error.words()));
    vec![
        Sample::new("web", "/accessibilite", "accessibilite", &Accessibility::new(site)),
        Sample::new("web", "/donnees-personnelles", "donnees-personnelles", &Privacy::new(site)),
        Sample::new("web", "/mentions-legales", "mentions-legales", &Legal::new(site)),
        Sample::new("web", "/aide", "aide", &Help::new(site)),
        error("erreur-404", Error::NotFound),
        error("erreur-403", Error::Forbidden),
        error("erreur-410", Error::Gone),
        error("erreur-429", Error::TooMany(180)),
        error("erreur-500", Error::Internal),
        error("erreur-503", Error::Unavailable),
    ]
}

/// The answer of an error: a page, a problem document, or the way to the sign-in page.
pub(crate) fn error_page(site: &Site, asked: &HeaderMap, error: &Error) -> Response {
    let mut response = if wants_json(asked) {
        problem(error)
    } else if let Some(to) = error.sign_in() {
        answer::redirect(to)
    } else {
        let page = ErrorPage::new(site, error.words());
        // Many of these addresses hold a code or link, or half of one.
        answer::render_status(error.status(), Cache::Token, &page).unwrap_or_else(|_| error.status().into_response())
    };
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("Accept"));
    if let Some(seconds) = error.retry_after() {
        headers.insert(header::RETRY_AFTER, seconds.into());
    }
    response
}

/// RFC 9457, with our stable `code` beside the words.
fn problem(error: &Error) -> Response {
    let words = error.words();
    let status = error.status();
    let body = serde_json::json!({
        "type": "about:blank",
        "title": words.title,
        "status": status.as_u16(),
        "detail": words.sentence,
        "code": error.code(),
    });
    let mut response = answer::document("application/problem+json", Cache::Token, body.to_string());
    *response.status_mut() = status;
    response
}

macro_rules! static_page {
    ($page:ident, $handler:ident, $file:literal, $title:literal) => {
        #[derive(Template)]
        #[template(path = $file)]
        struct $page {
            shell: Shell,
            site: Site,
        }

        impl $page {
            fn new(site: &Site) -> Self {
                Self { shell: Shell::new(site, $title).narrow(), site: site.clone() }
            }
        }

        async fn $handler(State(site): State<Arc<Site>>) -> Result {
            answer::render(Cache::Public(300), &$page::new(&site))
        }
    };
}

static_page!(Accessibility, accessibility, "web/accessibilite.html", "Accessibilité\u{a0}: non conforme");
static_page!(Privacy, privacy, "web/donnees-personnelles.html", "Vos données sont à vous");
static_page!(Legal, legal, "web/mentions-legales.html", "Mentions légales");
static_page!(Help, help, "web/aide.html", "Aide");

#[derive(Template)]
#[template(path = "web/erreur.html")]
struct ErrorPage {
    shell: Shell,
    words: Words,
}

impl ErrorPage {
    fn new(site: &Site, words: Words) -> Self {
        Self { shell: Shell::new(site, words.title.clone()).narrow().noindex(), words }
    }
}
