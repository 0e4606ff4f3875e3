//! Who may read the texts that name a person, or that nobody can take back once they are out (decisions §12, §22).

use axum::response::Response;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::json;
use store::{Db, on};
use time::OffsetDateTime;
use uuid::Uuid;
use web::{Cache, Error, dates};

use super::award::Award;
use crate::access::Visitor;
use crate::{Issuer, Result, claims};

/// Whether this caller named a capability at all.
pub(super) fn named(headers: &HeaderMap) -> bool {
    bearer(headers).is_some()
}

/// `None`: this caller may read every form of that award. Else the refusal.
///
/// Two capabilities open an award: its own claim token, until it is used, ended or withdrawn; then the key under which a
/// wallet claimed it, which that wallet alone keeps. Any other is counted as a wrong token.
pub(super) async fn refusal(
    issuer: &Issuer,
    award: &Award,
    visitor: Visitor,
    headers: &HeaderMap,
) -> Result<Option<Response>> {
    let Some(token) = bearer(headers) else { return Ok(Some(wanted())) };
    if let Ok(key) = Uuid::parse_str(token)
        && claimed_with(&issuer.db, award, key).await?
    {
        return Ok(award.withdrawn_at.map(gone));
    }
    let found = match claims::find_or_count(issuer, token, visitor, headers).await {
        Ok(found) => found,
        Err(Error::NotFound) => return Ok(Some(wanted())),
        Err(error) => return Err(error),
    };
    let opens = found.award_id == award.award_id && found.opens(issuer.clock.now());
    Ok((!opens).then(wanted))
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

async fn claimed_with(db: &Db, award: &Award, key: Uuid) -> store::Result<bool> {
    let found: i64 = on!(db, c => sqlx::query_scalar(
        "select count(*) from issuer_claim where organisation_id = $1 and award_id = $2 and idempotency_key = $3")
        .bind(award.organisation_id).bind(award.award_id).bind(key).fetch_one(c).await)?;
    Ok(found == 1)
}

/// 401: the text names a person.
fn wanted() -> Response {
    let body = json!({
        "type": "about:blank",
        "title": "A capability is wanted",
        "status": 401,
        "code": "capability_wanted",
        "detail": "Ce texte signé appartient à une personne. Il se lit avec le jeton de retrait du badge \
                   (Authorization: Bearer) ou par un partage de son livret.",
    });
    let mut response = problem(StatusCode::UNAUTHORIZED, &body);
    response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    response
}

/// 410: the badge was withdrawn, since that day; no form of it is given any more.
fn gone(at: OffsetDateTime) -> Response {
    let body = json!({
        "type": "about:blank",
        "title": "Gone",
        "status": 410,
        "code": "gone",
        "state": "withdrawn",
        "withdrawn_on": dates::iso(dates::day_in_paris(at)),
    });
    problem(StatusCode::GONE, &body)
}

fn problem(status: StatusCode, body: &serde_json::Value) -> Response {
    let mut response = web::document("application/problem+json", Cache::Private, body.to_string());
    *response.status_mut() = status;
    web::not_indexed(response)
}
