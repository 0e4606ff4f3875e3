//! What a wallet asks with the token of a letter or the code of a slip: look, then claim (decisions §22).
//!
//! Looking never consumes anything. Claiming is written once, under the wallet's own key: asked again with the same key
//! it answers the same, with another key somebody was quicker.

use std::time::Duration;

use axum::extract::{Path, State};
use axum::routing::get;
use badge_schemas::referentiel::{Level, referentiel};
use http::{HeaderMap, StatusCode};
use serde_json::json;
use store::limits::{self, Limit};
use store::{Db, execute, on};
use time::{Date, OffsetDateTime};
use uuid::Uuid;
use web::{Cache, Error, Routes, Who, dates};

use crate::access::Visitor;
use crate::delivery::codes;
use crate::{HOUSE, Issuer, Result};

/// Wrong tokens of one visitor of a wallet, or of one caller that names no visitor. Only wrong ones count and only wrong
/// ones are refused: whoever mistypes never stops somebody else's badge.
const WRONG: Limit = Limit { house: HOUSE, bucket: "claim wrong tokens", max: 300, window: Duration::from_secs(600) };

/// The wallet's opaque hash of its own visitor.
const VISITOR: &str = "x-visitor";
/// Longest one read.
const VISITOR_MAX: usize = 128;

/// The routes of wallets.
pub(crate) fn routes() -> Routes<Issuer> {
    Routes::new(HOUSE).json(Who::Capability, "/claims/{token}", get(look).post(claim))
}

/// A badge as its token finds it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct Found {
    pub award_id: Uuid,
    organisation_id: Uuid,
    organisation_name: String,
    kind: String,
    expires_at: OffsetDateTime,
    badge_id: String,
    level: String,
    awarded_on: Date,
    attested_at: OffsetDateTime,
    email: Option<String>,
    withdrawn_at: Option<OffsetDateTime>,
    claimed_with: Option<Uuid>,
}

/// Where a badge stands for whoever holds its token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Open,
    Claimed,
    Withdrawn,
    Expired,
}

async fn look(State(issuer): State<Issuer>, Path(token): Path<String>, visitor: Visitor, headers: HeaderMap) -> Result {
    let found = find_or_count(&issuer, &token, visitor, &headers).await?;
    let standing = found.standing(issuer.clock.now());
    let level = Level::parse(&found.level).ok_or_else(|| Error::internal("a level that is none"))?;
    let achievement = referentiel()
        .achievement(&found.badge_id, level)
        .ok_or_else(|| Error::internal("an achievement that is not of the référentiel"))?;
    let body = json!({
        "state": standing.code(),
        "kind": found.kind,
        "badge": {
            "name": achievement.name,
            "level": level.name(),
            "level_code": level.code(),
            "badge_id": achievement.badge_id,
            "version": achievement.version,
            "description": achievement.description,
            "image": issuer.url(&format!("/badges/{}/image.svg", found.award_id)),
            "organisation": found.organisation_name,
            "awarded_on": dates::iso(found.awarded_on),
            "attested_on": dates::iso(dates::day_in_paris(found.attested_at)),
        },
        "withdrawn_on": found.withdrawn_at.map(|at| dates::iso(dates::day_in_paris(at))),
        "expires_on": dates::iso(dates::day_in_paris(found.expires_at)),
    });
    Ok(web::document("application/json", Cache::Token, body.to_string()))
}

async fn claim(
    State(issuer): State<Issuer>,
    Path(token): Path<String>,
    visitor: Visitor,
    headers: HeaderMap,
) -> Result {
    let key = headers
        .get("idempotency-key")
        .and_then(|value| value.to_str().ok())
        .and_then(|text| Uuid::parse_str(text.trim().trim_matches('"')).ok())
        .ok_or_else(|| Error::Invalid("Idempotency-Key: a UUID is wanted".to_owned()))?;
    let found = find_or_count(&issuer, &token, visitor, &headers).await?;
    match found.standing(issuer.clock.now()) {
        Standing::Withdrawn => return Ok(gone(Standing::Withdrawn)),
        Standing::Expired => return Ok(gone(Standing::Expired)),
        Standing::Claimed if found.claimed_with != Some(key) => return Err(Error::Conflict),
        Standing::Open | Standing::Claimed => {}
    }
    if !record(&issuer, &found, key).await? {
        // Withdrawn or claimed by another between our reading and our writing.
        let now = by_hash(&issuer.db, &codes::lookup(&issuer, &token).ok_or(Error::NotFound)?).await?;
        let withdrawn = now.is_some_and(|found| found.withdrawn_at.is_some());
        return if withdrawn { Ok(gone(Standing::Withdrawn)) } else { Err(Error::Conflict) };
    }
    let text: Option<String> = on!(issuer.db, c => sqlx::query_scalar(
        "select signed_text from issuer_credential where organisation_id = $1 and award_id = $2
         order by version_number desc limit 1")
        .bind(found.organisation_id).bind(found.award_id).fetch_optional(c).await)?;
    let text = text.ok_or_else(|| Error::internal("an award without its signed text"))?;
    let mut body = json!({ "credential": text, "organisation": found.organisation_name });
    // Only a letter proves an address: whoever holds a slip is told none.
    if let (Some(email), "letter") = (&found.email, found.kind.as_str()) {
        body["address"] = json!(email);
    }
    Ok(web::document("application/json", Cache::Token, body.to_string()))
}

/// Writes the claim, once; `true` when it is there under this key.
async fn record(issuer: &Issuer, found: &Found, key: Uuid) -> store::Result<bool> {
    let mut tx = issuer.db.begin().await?;
    execute!(
        tx,
        sqlx::query(
            "insert into issuer_claim (award_id, organisation_id, idempotency_key, kind, claimed_at)
         select a.award_id, a.organisation_id, $3, $4, $5 from issuer_award a
         where a.organisation_id = $1 and a.award_id = $2 and a.withdrawn_at is null
         on conflict (award_id) do nothing"
        )
        .bind(found.organisation_id)
        .bind(found.award_id)
        .bind(key)
        .bind(&found.kind)
        .bind(issuer.clock.now())
    )?;
    let written: Option<Uuid> = on!(tx, c => sqlx::query_scalar(
        "select k.idempotency_key from issuer_claim k join issuer_award a on a.award_id = k.award_id
         where k.organisation_id = $1 and k.award_id = $2 and a.withdrawn_at is null")
        .bind(found.organisation_id).bind(found.award_id).fetch_optional(c).await)?;
    tx.commit().await?;
    Ok(written == Some(key))
}

/// The badge of a token or code, whoever's it is: the token itself is the right to ask.
async fn find(issuer: &Issuer, token: &str) -> Result<Option<Found>> {
    match codes::lookup(issuer, token) {
        Some(hash) => Ok(by_hash(&issuer.db, &hash).await?),
        None => Ok(None),
    }
}

/// The badge of a token; a wrong token is counted, and refused without an answer beyond the limit.
pub(crate) async fn find_or_count(
    issuer: &Issuer,
    token: &str,
    visitor: Visitor,
    headers: &HeaderMap,
) -> Result<Found> {
    if let Some(found) = find(issuer, token).await? {
        return Ok(found);
    }
    let key = counted_by(visitor, headers);
    limits::hit(&issuer.db, &issuer.vault, &WRONG, &key, issuer.clock.now())
        .await?
        .or_wait()
        .map_err(Error::TooMany)?;
    Err(Error::NotFound)
}

/// Whom to count for: the visitor that the wallet tells apart, else the caller. The two never share a key.
fn counted_by(visitor: Visitor, headers: &HeaderMap) -> String {
    let said = headers.get(VISITOR).and_then(|value| value.to_str().ok()).map(str::trim);
    match said.filter(|said| !said.is_empty() && said.len() <= VISITOR_MAX) {
        Some(said) => format!("visitor {said}"),
        None => visitor.key(),
    }
}

async fn by_hash(db: &Db, hash: &[u8]) -> store::Result<Option<Found>> {
    Ok(on!(db, c => sqlx::query_as(
        "select a.award_id, a.organisation_id, o.name as organisation_name, c.kind, c.expires_at, a.badge_id, a.level,
             a.awarded_on, a.attested_at, a.withdrawn_at, k.idempotency_key as claimed_with,
             coalesce((select l.email from issuer_letter l where l.award_id = a.award_id
                       order by l.letter_number desc limit 1), a.email) as email
         from issuer_claim_code c
         join issuer_award a on a.award_id = c.award_id
         join issuer_organisation o on o.organisation_id = a.organisation_id
         left join issuer_claim k on k.award_id = a.award_id
         where c.lookup_hash = $1")
        .bind(hash).fetch_optional(c).await)?)
}

/// 410 with the reason, as RFC 9457 with one member more.
fn gone(standing: Standing) -> axum::response::Response {
    let body = json!({
        "type": "about:blank",
        "title": "Gone",
        "status": 410,
        "code": "gone",
        "state": standing.code(),
    });
    let mut response = web::document("application/problem+json", Cache::Token, body.to_string());
    *response.status_mut() = StatusCode::GONE;
    response
}

impl Found {
    /// Whether this token gives the text of its badge: not claimed, not ended, and the badge not withdrawn.
    pub(crate) fn opens(&self, now: OffsetDateTime) -> bool {
        self.standing(now) == Standing::Open
    }

    fn standing(&self, now: OffsetDateTime) -> Standing {
        if self.withdrawn_at.is_some() {
            Standing::Withdrawn
        } else if self.claimed_with.is_some() {
            Standing::Claimed
        } else if self.expires_at <= now {
            Standing::Expired
        } else {
            Standing::Open
        }
    }
}

impl Standing {
    const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Claimed => "claimed",
            Self::Withdrawn => "withdrawn",
            Self::Expired => "expired",
        }
    }
}
