//! Opening a livret without a password: who comes in, by which door, and how one leaves.

pub mod address;
pub mod card;
pub mod enter;
pub mod link;

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::response::Response;
use data_encoding::HEXLOWER;
use http::request::Parts;
use http::{HeaderName, HeaderValue};
use store::limits::{self, Limit};
use store::{Tx, on};
use time::OffsetDateTime;
use uuid::Uuid;
use web::codes::{Code, Kind};
use web::form::Fields;
use web::session::{SessionCookie, Token};
use web::tokens::LinkToken;
use web::{Form, Site};

use crate::{HOUSE, Wallet, secrets};

/// The livret open in this browser.
const LEARNER: SessionCookie = SessionCookie::new("livret", "/");
/// The browser that presses « C’est à moi »: lets it in again when the answer to that was lost. Gone when it closes.
const PRESENTER: SessionCookie = SessionCookie::new("retrait", "/");

const LONG: time::Duration = time::Duration::days(180);
const SHARED: time::Duration = time::Duration::hours(2);

/// Codes and links that open nothing, by visitor.
const MISSES: Limit =
    Limit { house: HOUSE, bucket: "codes that open nothing", max: 15, window: Duration::from_secs(900) };

/// Whoever asks for a page.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// Whose livret is open here, if one is.
    pub learner: Option<Learner>,
    /// What limits count by; never kept but hashed.
    pub key: String,
    /// The browser's claim cookie.
    pub presenter: Option<Token>,
}

/// The person whose livret is open.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Learner {
    /// Their livret.
    pub livret_id: Uuid,
    /// This browser.
    pub login_id: Uuid,
    /// As the newest badge writes it; empty while there is none.
    #[sqlx(skip)]
    pub name: String,
}

impl FromRequestParts<Wallet> for Visitor {
    type Rejection = web::Error;

    async fn from_request_parts(parts: &mut Parts, wallet: &Wallet) -> Result<Self, web::Error> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0);
        let peer = peer.unwrap_or_else(|| SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)));
        let key = web::client_key(web::client_ip(&parts.headers, peer, &wallet.site.trusted_proxies));
        let learner = match LEARNER.read(&wallet.site, &parts.headers) {
            Some(token) => learner(wallet, &token).await?,
            None => None,
        };
        Ok(Self { learner, key, presenter: PRESENTER.read(&wallet.site, &parts.headers) })
    }
}

impl FromRequestParts<Wallet> for Learner {
    type Rejection = web::Error;

    async fn from_request_parts(parts: &mut Parts, wallet: &Wallet) -> Result<Self, web::Error> {
        let visitor = Visitor::from_request_parts(parts, wallet).await?;
        visitor.learner.ok_or_else(|| web::Error::SignIn("/livret/entrer".to_owned()))
    }
}

impl Visitor {
    /// Refuses a visitor who has missed too often.
    pub async fn may_try(&self, wallet: &Wallet) -> web::Result<()> {
        let answer = limits::look(&wallet.db, &wallet.vault, &MISSES, &self.key, wallet.clock.now()).await?;
        answer.or_wait().map_err(web::Error::TooMany)
    }

    /// Counts a code or link that opens nothing.
    pub async fn missed(&self, wallet: &Wallet) -> web::Result<()> {
        let _ = limits::hit(&wallet.db, &wallet.vault, &MISSES, &self.key, wallet.clock.now()).await?;
        Ok(())
    }

    /// What the issuer is told, so that it counts this visitor without learning who it is.
    pub fn told(&self, wallet: &Wallet) -> String {
        HEXLOWER.encode(&wallet.vault.lookup_hash(secrets::VISITOR, &self.key))
    }

    /// What the database remembers of the browser that claims.
    pub fn presenter_lookup(&self, wallet: &Wallet) -> Option<Vec<u8>> {
        self.presenter.as_ref().map(|token| wallet.vault.lookup_hash(secrets::PRESENTER, token.as_str()))
    }

    /// The header that gives this browser its claim cookie (the same again, if it has one).
    pub fn presenter_cookie(&self, site: &Site) -> (HeaderName, HeaderValue) {
        let token = self.presenter.clone().unwrap_or_else(Token::draw);
        PRESENTER.set(site, &token, None)
    }
}

async fn learner(wallet: &Wallet, token: &Token) -> web::Result<Option<Learner>> {
    let lookup = wallet.vault.lookup_hash(secrets::LOGIN, token.as_str());
    let found: Option<Learner> = on!(wallet.db, c => sqlx::query_as(
        "select livret_id, login_id from wallet_login where token_lookup = $1 and expires_at > $2")
        .bind(&lookup).bind(wallet.clock.now()).fetch_optional(c).await)?;
    let Some(mut learner) = found else { return Ok(None) };
    let name: Option<String> = on!(wallet.db, c => sqlx::query_scalar(
        "select holder_name from wallet_badge where livret_id = $1 and holder_name <> ''
         order by received_at desc, badge_id limit 1")
        .bind(learner.livret_id).fetch_optional(c).await)?;
    learner.name = name.unwrap_or_default();
    Ok(Some(learner))
}

/// Opens a livret in this browser, in the caller's transaction. The header goes out with the answer.
pub async fn let_in(
    tx: &mut Tx,
    wallet: &Wallet,
    livret: Uuid,
    shared: bool,
) -> store::Result<(HeaderName, HeaderValue)> {
    let token = Token::draw();
    let now: OffsetDateTime = wallet.clock.now();
    let expires = now + if shared { SHARED } else { LONG };
    on!(tx, c => sqlx::query("delete from wallet_login where livret_id = $1 and expires_at <= $2")
        .bind(livret).bind(now).execute(c).await.map(drop))?;
    on!(tx, c => sqlx::query(
        "insert into wallet_login (login_id, livret_id, token_lookup, shared, opened_at, expires_at)
         values ($1, $2, $3, $4, $5, $6)")
        .bind(Uuid::new_v4()).bind(livret).bind(wallet.vault.lookup_hash(secrets::LOGIN, token.as_str()))
        .bind(shared).bind(now).bind(expires).execute(c).await.map(drop))?;
    Ok(LEARNER.set(&wallet.site, &token, (!shared).then(|| LONG.whole_seconds())))
}

/// An answer with one more header.
pub fn with_header(mut response: Response, header: (HeaderName, HeaderValue)) -> Response {
    response.headers_mut().append(header.0, header.1);
    response
}

/// The claim to go on with after coming in: a letter's token or a slip's code, in its one form.
pub fn suite(text: &str) -> Option<String> {
    let token = LinkToken::parse(text.trim()).map(|token| token.as_str().to_owned());
    token.or_else(|| Code::parse_as(&[Kind::Slip], text).ok().map(|code| code.as_str().to_owned()))
}

/// Where one goes after coming in.
pub fn after(suite: Option<&str>) -> String {
    suite.map_or_else(|| "/livret".to_owned(), |token| format!("/r/{token}"))
}

/// `POST /livret/sortir`: closes this browser, or every one.
pub async fn leave(
    axum::extract::State(wallet): axum::extract::State<Wallet>,
    visitor: Visitor,
    Form(form): Form<Fields>,
) -> web::Result<Response> {
    if let Some(learner) = &visitor.learner {
        let mut tx = wallet.db.begin().await?;
        if form.has("everywhere", "1") {
            on!(tx, c => sqlx::query("delete from wallet_login where livret_id = $1")
                .bind(learner.livret_id).execute(c).await.map(drop))?;
        } else {
            on!(tx, c => sqlx::query("delete from wallet_login where login_id = $1")
                .bind(learner.login_id).execute(c).await.map(drop))?;
        }
        tx.commit().await?;
    }
    let to = suite(form.get("suite")).map_or_else(|| "/livret/entrer".to_owned(), |token| format!("/r/{token}"));
    Ok(with_header(with_header(web::redirect(&to), LEARNER.clear(&wallet.site)), PRESENTER.clear(&wallet.site)))
}
