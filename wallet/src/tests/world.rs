//! The words tests are written in: a world with a wallet and an issuer, and browsers of different people.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use fetch::{Door, DoorSettings, Peer};
use http::{Request, StatusCode, header};
use http_body_util::BodyExt;
use store::testing::TestDb;
use tower::ServiceExt;
use web::codes::{Code, Kind};
use web::tokens::LinkToken;
use web::{Houses, Origin, Site};

use super::issuer::{self, Issuer};
use crate::{Settings, Wallet};

pub const SECRET: &str = "un secret entre maisons";
pub const TEAM: &str = "cpt-travail-en-equipe/pratique";
pub const RIGOUR: &str = "cpt-rigueur/pratique";

/// A wallet on one engine, and the issuer it knows.
pub struct World {
    pub test: TestDb,
    pub issuer: Issuer,
    pub wallet: Wallet,
    pub app: Router,
}

/// One world per engine.
pub async fn worlds() -> Vec<World> {
    store::testing::databases().await.into_iter().map(World::new).collect()
}

/// The token of a letter.
pub fn letter(n: u8) -> String {
    LinkToken::from_bytes(&[n; 16]).as_str().to_owned()
}

/// The code of a slip.
pub fn slip(n: u8) -> String {
    Code::derive(Kind::Slip, &[n; 32]).as_str().to_owned()
}

pub fn site() -> Arc<Site> {
    let origin = |text| Origin::parse(text).expect("an origin");
    Arc::new(Site::new(Houses {
        issuer: origin(issuer::ORIGIN),
        wallet: origin("https://livret.test"),
        verifier: origin("https://verifier.test"),
        job: origin("https://emploi.test"),
    }))
}

impl World {
    fn new(test: TestDb) -> Self {
        let issuer = Issuer::new();
        let door = Door::new(DoorSettings { memory: Duration::ZERO, ..DoorSettings::default() })
            .with_peer(issuer::ORIGIN, Peer::Router(issuer.router()));
        let settings = post::Settings { from: "Livret <lettres@livret.test>".to_owned(), reply_to: None };
        let site = site();
        let wallet = Wallet::new(Settings {
            site: site.clone(),
            db: test.db.clone(),
            vault: test.vault.clone(),
            clock: test.clock.clone(),
            post: post::Postman::memory(settings).expect("letters in memory"),
            door,
            verifier_secret: SECRET.to_owned(),
            register_url: issuer::REGISTER.to_owned(),
        });
        let app = web::app(site, wallet.house().0);
        Self { test, issuer, wallet, app }
    }

    /// A browser of somebody new.
    pub fn browser(&self) -> Browser {
        Browser { app: self.app.clone(), cookies: BTreeMap::new() }
    }

    /// Somebody who claimed one badge by letter; answers their browser and the badge's page.
    pub async fn learner(&self, n: u8, name: &str, email: &str) -> (Browser, String) {
        self.issuer.attests(&letter(n), name, TEAM, Some(email));
        let mut browser = self.browser();
        let page = browser.claims(&letter(n), &[]).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
        let badge = page.location.split('?').next().unwrap_or_default().to_owned();
        (browser, badge)
    }

    /// Sends what waits in the outbox and answers the last link written to this address.
    pub async fn link_in_letter(&self, to: &str) -> Option<String> {
        let wallet = self.wallet.clone();
        let handler = move |delivery| crate::letters::deliver(wallet.clone(), delivery);
        store::outbox::drain_once(&self.test.db, &self.test.vault, crate::HOUSE, &self.test.clock, handler)
            .await
            .expect("the outbox drains");
        let letters = self.wallet.post.letters().expect("letters in memory").to(to);
        let text = &letters.last()?.letter.text;
        text.split_whitespace().find_map(|word| word.strip_prefix("https://livret.test")).map(str::to_owned)
    }

    /// What the verifier gets for a code.
    pub async fn verifier_asks(&self, code: &str) -> (StatusCode, serde_json::Value) {
        self.verifier_asks_with(code, SECRET, "visiteur").await
    }

    pub async fn verifier_asks_with(&self, code: &str, secret: &str, visitor: &str) -> (StatusCode, serde_json::Value) {
        let request = Request::post("/api/presentations")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, "application/json")
            .header(header::AUTHORIZATION, format!("Bearer {secret}"))
            .header("x-visitor", visitor)
            .body(Body::from(serde_json::json!({ "code": code }).to_string()))
            .expect("a request");
        let response = self.app.clone().oneshot(request).await.expect("an answer");
        let status = response.status();
        let body = response.into_body().collect().await.expect("a body").to_bytes();
        (status, serde_json::from_slice(&body).unwrap_or_default())
    }

    /// Rows of a table, straight from the database.
    pub async fn db_count(&self, table: &str) -> i64 {
        let sql = sqlx::AssertSqlSafe(format!("select count(*) from {table}"));
        store::on!(self.test.db, c => sqlx::query_scalar(sql).fetch_one(c).await).expect("a count")
    }
}

/// A browser: cookies, no script.
#[derive(Clone)]
pub struct Browser {
    app: Router,
    pub cookies: BTreeMap<String, String>,
}

/// What came back.
pub struct Page {
    pub status: StatusCode,
    pub location: String,
    pub text: String,
    pub headers: http::HeaderMap,
}

impl Browser {
    pub async fn get(&mut self, path: &str) -> Page {
        self.send(Request::get(path).body(Body::empty()).expect("a request")).await
    }

    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let body = serde_html_form::to_string(fields).expect("a form");
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(body))
            .expect("a request");
        self.send(request).await
    }

    /// Looks at a claim page, then presses the button.
    pub async fn claims(&mut self, token: &str, fields: &[(&str, &str)]) -> Page {
        self.get(&format!("/R/{token}")).await;
        self.post(&format!("/r/{token}"), fields).await
    }

    /// The page of the livret, which must be open here.
    pub async fn livret(&mut self) -> String {
        let page = self.get("/livret").await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        page.text
    }

    async fn send(&mut self, mut request: Request<Body>) -> Page {
        let jar: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !jar.is_empty() {
            request.headers_mut().insert(header::COOKIE, jar.join("; ").parse().expect("a header"));
        }
        request.headers_mut().insert(header::ACCEPT, http::HeaderValue::from_static("text/html"));
        let response = self.app.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let text = cookie.to_str().expect("ASCII");
            let (name, rest) = text.split_once('=').expect("a cookie");
            let value = rest.split(';').next().unwrap_or_default();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let bytes = body.collect().await.expect("a body").to_bytes();
        let location = parts.headers.get(header::LOCATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
        Page {
            status: parts.status,
            location: location.to_owned(),
            text: String::from_utf8_lossy(&bytes).into_owned(),
            headers: parts.headers,
        }
    }
}
