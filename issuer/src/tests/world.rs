//! The words these tests are written in.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use serde_json::Value;
use store::testing::TestDb;
use tower::ServiceExt as _;
use web::{Origin, RouteInfo, Site};

use crate::organisations::Organisation;
use crate::{HOUSE, Issuer, Settings, bootstrap, first_start, letters};

pub const ORIGIN: &str = "http://localhost:8080";
pub const FAMILIES: [&str; 3] = ["comportementale", "base", "numerique"];
pub const OFFICER: &str = "paul.lemoine@region.example";
pub const CLAIRE: &str = "claire.aubert@estuaire.example";
pub const HUGO: &str = "hugo.vasseur@estuaire.example";
pub const NADIA: &str = "nadia.benali@iton.example";

/// The house of one database, with its router.
pub struct World {
    pub issuer: Issuer,
    pub app: Router,
    pub routes: Vec<RouteInfo>,
}

/// A person's browser: cookies, and nothing else.
#[derive(Clone)]
pub struct Browser {
    app: Router,
    cookies: Vec<(String, String)>,
}

/// What came back.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl World {
    /// A house after its first start.
    pub async fn of(test: &TestDb) -> Self {
        Self::started(house(test)).await
    }

    async fn started(issuer: Issuer) -> Self {
        first_start::ensure(&issuer).await.expect("the first start works");
        let (router, table) = issuer.house();
        let app = web::app(issuer.site.clone(), router);
        Self { issuer, app, routes: table }
    }

    /// The same, outside the demonstration.
    pub async fn in_earnest(test: &TestDb) -> Self {
        let mut site = Site::demo(Origin::parse(ORIGIN).expect("an origin"));
        site.demo = false;
        Self::started(house_of(test, site, Duration::ZERO)).await
    }

    /// With an officer, and two organisations: Claire (referent) and Hugo at Estuaire, Nadia (referent) at Iton.
    pub async fn peopled(test: &TestDb) -> (Self, Organisation, Organisation) {
        let world = Self::of(test).await;
        let issuer = &world.issuer;
        bootstrap::officer(issuer, OFFICER, "Paul Lemoine").await.expect("an officer");
        let estuaire = world.organisation("Estuaire Compétences", "73282932000074").await;
        let iton = world.organisation("Pôle Iton Formation", "35600000000048").await;
        for (organisation, email, name, referent) in [
            (&estuaire, CLAIRE, "Claire Aubert", true),
            (&estuaire, HUGO, "Hugo Vasseur", false),
            (&iton, NADIA, "Nadia Benali", true),
        ] {
            bootstrap::trainer(issuer, &organisation.opaque, email, name, referent).await.expect("a trainer");
        }
        world.letters_leave().await;
        (world, estuaire, iton)
    }

    pub async fn organisation(&self, name: &str, siret: &str) -> Organisation {
        bootstrap::organisation(&self.issuer, name, name, "Le Havre", siret, &FAMILIES).await.expect("an organisation")
    }

    pub fn browser(&self) -> Browser {
        Browser { app: self.app.clone(), cookies: Vec::new() }
    }

    /// Somebody who has signed in.
    pub async fn signed_in(&self, home: &str, email: &str) -> Browser {
        let mut browser = self.browser();
        let link = self.link_for(&mut browser, home, email).await.expect("a link in a letter");
        let answer = browser.post(&link, &[]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        browser
    }

    /// Asks for a link and reads it in the letter.
    pub async fn link_for(&self, browser: &mut Browser, home: &str, email: &str) -> Option<String> {
        let before = self.letters().len();
        let answer = browser.post(&format!("{home}/entrer"), &[("mel", email)]).await;
        assert_eq!(answer.location(), format!("{home}/entrer/envoye"));
        self.letters_leave().await;
        let letters = self.letters();
        // Letters of badges may have come due in the meantime: the newest one with a way in is ours.
        let way_in = format!("{home}/entrer/");
        let letter = letters.get(before..)?.iter().rev().find(|l| l.to == email && l.text.contains(&way_in))?;
        let link = letter.text.lines().find(|line| line.starts_with(ORIGIN))?;
        assert!(letter.html.contains(link));
        Some(link.trim_start_matches(ORIGIN).to_owned())
    }

    pub fn letters(&self) -> Vec<post::Letter> {
        self.issuer.post.letters().expect("letters stay in memory").all().into_iter().map(|sent| sent.letter).collect()
    }

    pub async fn letters_leave(&self) {
        let issuer = &self.issuer;
        store::outbox::drain_once(&issuer.db, &issuer.vault, HOUSE, &issuer.clock, letters::handler(issuer.clone()))
            .await
            .expect("the outbox is read");
    }

    pub fn later(&self, by: Duration) {
        self.issuer.clock.advance(by);
    }
}

/// The house of a database, before its first start.
pub fn house(test: &TestDb) -> Issuer {
    house_whose_letters_wait(test, Duration::ZERO)
}

/// The same, with the delay of letters.
pub fn house_whose_letters_wait(test: &TestDb, letter_delay: Duration) -> Issuer {
    house_of(test, Site::demo(Origin::parse(ORIGIN).expect("an origin")), letter_delay)
}

fn house_of(test: &TestDb, site: Site, letter_delay: Duration) -> Issuer {
    let settings = post::Settings { from: "Livret <ne-pas-repondre@localhost>".to_owned(), reply_to: None };
    Issuer::new(Settings {
        db: test.db.clone(),
        vault: test.vault.clone(),
        clock: test.clock.clone(),
        site: Arc::new(site),
        post: post::Postman::memory(settings).expect("a postman"),
        letter_delay,
    })
}

impl Browser {
    pub async fn get(&mut self, path: &str) -> Answer {
        self.go(Request::get(path).header(header::ACCEPT, "text/html").body(Body::empty())).await
    }

    /// As a program that asks for this type.
    pub async fn typed(&mut self, path: &str, accept: &str) -> Answer {
        self.go(Request::get(path).header(header::ACCEPT, accept).body(Body::empty())).await
    }

    pub async fn json(&mut self, path: &str) -> Value {
        let answer = self.typed(path, "application/json").await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        serde_json::from_str(&answer.text).expect("JSON")
    }

    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::post(path)
            .header(header::ACCEPT, "text/html")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ORIGIN, ORIGIN)
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(body));
        self.go(request).await
    }

    async fn go(&mut self, request: http::Result<Request<Body>>) -> Answer {
        let mut request = request.expect("a request");
        if !self.cookies.is_empty() {
            let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request.headers_mut().insert(header::COOKIE, cookies.join("; ").parse().expect("a header"));
        }
        let response = self.app.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let text = cookie.to_str().expect("ASCII");
            let (name, rest) = text.split_once('=').expect("a cookie");
            self.cookies.retain(|(known, _)| known != name);
            let value = rest.split(';').next().unwrap_or_default();
            if !value.is_empty() {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        let bytes = body.collect().await.expect("a body").to_bytes();
        Answer { status: parts.status, headers: parts.headers, text: String::from_utf8_lossy(&bytes).into_owned() }
    }
}

impl Answer {
    pub fn location(&self) -> &str {
        self.headers.get(header::LOCATION).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}
