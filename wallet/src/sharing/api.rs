//! `POST /api/presentations`: the verifier asks for what a code or link opens (decisions §22).

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode, header};
use serde::{Deserialize, Serialize};
use serde_json::json;
use serde_json::value::RawValue;
use std::time::Duration;
use store::limits::{self, Limit};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use web::codes::{Code, Kind};
use web::tokens::LinkToken;
use web::{Cache, document};

use super::rows::{self, By, Opened};
use crate::{HOUSE, Wallet, secrets};

/// Codes that open nothing, by the visitor the verifier speaks for.
const MISSES: Limit =
    Limit { house: HOUSE, bucket: "presentations that do not exist", max: 20, window: Duration::from_secs(900) };
const SECRET: &str = "wallet/peer";

/// What the verifier says.
#[derive(Deserialize)]
pub struct Asked {
    /// The token of a share's link, its 12 signs, or the 8 signs of a showing.
    #[serde(default)]
    code: String,
}

enum Found {
    Share(Opened),
    Showing(Opened),
}

/// Answers the exact texts, and a Verifiable Presentation of them. The view is written before the texts leave.
pub async fn present(
    State(wallet): State<Wallet>,
    headers: HeaderMap,
    body: Result<Json<Asked>, axum::extract::rejection::JsonRejection>,
) -> web::Result<Response> {
    if !is_peer(&wallet, &headers) {
        return Ok(problem(StatusCode::UNAUTHORIZED, "sign_in"));
    }
    let Ok(Json(asked)) = body else { return Ok(problem(StatusCode::UNPROCESSABLE_ENTITY, "invalid")) };
    // Without a visitor everybody would be counted as one, and nobody could be stopped alone.
    let visitor = headers.get("x-visitor").and_then(|value| value.to_str().ok()).filter(|said| !said.trim().is_empty());
    let Some(visitor) = visitor else { return Ok(problem(StatusCode::UNPROCESSABLE_ENTITY, "invalid")) };
    let now = wallet.clock.now();
    if let Err(seconds) = limits::look(&wallet.db, &wallet.vault, &MISSES, visitor, now).await?.or_wait() {
        return Ok(wait(seconds));
    }
    let Some(found) = find(&wallet, &asked.code, now).await? else {
        let _ = limits::hit(&wallet.db, &wallet.vault, &MISSES, visitor, now).await?;
        return Ok(problem(StatusCode::NOT_FOUND, "not_found"));
    };
    let (opened, kind) = match &found {
        Found::Share(opened) => (opened, "share"),
        Found::Showing(opened) => (opened, "showing"),
    };
    if let Some(reason) = closed(opened, now) {
        return Ok(problem(StatusCode::GONE, reason));
    }
    if opened.texts.is_empty() {
        return Ok(problem(StatusCode::GONE, "stopped"));
    }
    rows::write_view(&wallet, opened, kind == "share").await?;
    Ok(document("application/json", Cache::Private, answer(opened, kind)?))
}

/// A Verifiable Presentation (VCDM 2.0 §4.13), without holder or proof: it names nobody. Each badge stands in it as it
/// was signed, sign for sign.
#[derive(Serialize)]
pub struct Presentation<'a> {
    #[serde(rename = "@context")]
    context: [&'static str; 1],
    #[serde(rename = "type")]
    kind: [&'static str; 1],
    #[serde(rename = "verifiableCredential")]
    credentials: Vec<&'a RawValue>,
}

impl<'a> Presentation<'a> {
    /// Of the texts that are JSON: tokens (VC-JWT) stand elsewhere.
    pub fn of(texts: &'a [String]) -> Self {
        Self {
            context: ["https://www.w3.org/ns/credentials/v2"],
            kind: ["VerifiablePresentation"],
            credentials: texts.iter().filter_map(|text| serde_json::from_str(text).ok()).collect(),
        }
    }
}

/// What the verifier is answered.
#[derive(Serialize)]
struct Answer<'a> {
    presentation: Presentation<'a>,
    texts: &'a [String],
    until: &'a str,
    livret: Livret<'a>,
}

/// How the livret shows it.
#[derive(Serialize)]
struct Livret<'a> {
    kind: &'a str,
    until: &'a str,
}

fn answer(opened: &Opened, kind: &str) -> web::Result<String> {
    let (texts, until) = (&opened.texts, &*opened.until_at.format(&Rfc3339).unwrap_or_default());
    let answer = Answer { presentation: Presentation::of(texts), texts, until, livret: Livret { kind, until } };
    serde_json::to_string(&answer).map_err(web::Error::internal)
}

fn closed(opened: &Opened, now: OffsetDateTime) -> Option<&'static str> {
    if opened.ended_at.is_some() {
        return Some("stopped");
    }
    (now >= opened.until_at).then_some("expired")
}

async fn find(wallet: &Wallet, typed: &str, now: OffsetDateTime) -> store::Result<Option<Found>> {
    if let Some(token) = LinkToken::parse(typed.trim()) {
        let link = secrets::share_link_lookup(&wallet.vault, &token);
        return Ok(rows::share_by(&wallet.db, By::Link(link), now).await?.map(Found::Share));
    }
    let Ok(code) = Code::parse_as(&[Kind::Share, Kind::Showing], typed) else { return Ok(None) };
    let lookup = secrets::code_lookup(&wallet.vault, &code);
    Ok(match code.kind() {
        Kind::Share => rows::share_by(&wallet.db, By::Code(lookup), now).await?.map(Found::Share),
        _ => rows::showing_by(&wallet.db, lookup, now).await?.map(Found::Showing),
    })
}

/// Compares keyed hashes, so that the time it takes says nothing of the secret.
fn is_peer(wallet: &Wallet, headers: &HeaderMap) -> bool {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let Some(given) = given.and_then(|value| value.strip_prefix("Bearer ")) else { return false };
    let hash = |text: &str| wallet.vault.lookup_hash(SECRET, text);
    !wallet.verifier_secret.is_empty() && hash(given) == hash(&wallet.verifier_secret)
}

/// RFC 9457, with the reason as a stable word: `stopped`, `expired`, `not_found`…
fn problem(status: StatusCode, reason: &'static str) -> Response {
    let title = status.canonical_reason().unwrap_or_default();
    let body =
        json!({ "type": "about:blank", "title": title, "status": status.as_u16(), "code": reason, "reason": reason });
    let mut response = document("application/problem+json", Cache::Private, body.to_string());
    *response.status_mut() = status;
    response
}

fn wait(seconds: u64) -> Response {
    let mut response = problem(StatusCode::TOO_MANY_REQUESTS, "too_many");
    response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_json_stands_in_the_presentation_as_it_was_signed() {
        let texts = ["{\"b\": 1.0,\n \"a\": \"« é »\"}", "eyJhbGciOi.J9.c2ln", "{\"c\":[]}"].map(str::to_owned);
        let text = serde_json::to_string(&Presentation::of(&texts)).expect("JSON");
        let begins = r#"{"@context":["https://www.w3.org/ns/credentials/v2"],"type":["VerifiablePresentation"],"#;
        assert_eq!(text, format!("{begins}\"verifiableCredential\":[{},{}]}}", texts[0], texts[2]));
    }
}
