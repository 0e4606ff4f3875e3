//! `/clr`: badges that a person chose, in one Comprehensive Learner Record 2.0 that the Région signs as its publisher.
//!
//! Nothing a caller writes is signed: each badge is named by its address and the key its livret claimed it with, and what
//! goes in is the exact text this house signed. Nothing is kept: what people gather is theirs.

#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::response::Response;
use axum::routing::post;
use badge_schemas::clr::{self, ClrFacts, Held, Learner};
use badge_schemas::credential::{self, IssuerFacts};
use badge_schemas::text::fold_name;
use checks::{Answer, Inquiry, Need, Policy, Unanswered, Verdict};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use store::limits::{self, Limit};
use store::{Db, on};
use time::OffsetDateTime;
use uuid::Uuid;
use web::{Cache, Error, Routes, Who};

use crate::keys::{self, OrganisationSigner};
use crate::{HOUSE, Issuer, Result, organisations};

/// Badges in one record: readers of JSON-LD load the contexts of each, and stop at some number.
pub const AT_MOST: usize = 16;

/// Records that hold the same badge first.
const MADE: Limit = Limit { house: HOUSE, bucket: "records made", max: 30, window: Duration::from_secs(3_600) };

const DESCRIPTION: &str = "Badges que la personne a choisis dans son livret. La signature de ce relevé répond du \
                           rassemblement\u{202f}; chaque badge porte celle de l’organisme qui l’atteste.";

/// The route of wallets.
pub(crate) fn routes() -> Routes<Issuer> {
    Routes::new(HOUSE).json(Who::Capability, "/clr", post(make))
}

/// What a wallet asks for.
#[derive(Debug, Deserialize)]
struct Asked {
    badges: Vec<Named>,
}

/// A badge, and the key that opens it.
#[derive(Debug, Deserialize)]
struct Named {
    /// `https://{issuer}/badges/{uuid}`
    id: String,
    /// Under which it was claimed.
    key: Uuid,
}

/// A badge as it was signed.
#[derive(Debug, Clone, sqlx::FromRow)]
struct Claimed {
    signed_text: String,
    recipient_name: String,
    withdrawn_at: Option<OffsetDateTime>,
}

async fn make(State(issuer): State<Issuer>, asked: std::result::Result<Json<Asked>, JsonRejection>) -> Result {
    let Ok(Json(asked)) = asked else { return Ok(refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid")) };
    let start = issuer.url("/badges/");
    let mut named: Vec<(Uuid, Uuid)> = Vec::new();
    let mut seen = HashSet::new();
    for one in &asked.badges {
        let id = one.id.strip_prefix(&start).and_then(|id| id.parse().ok());
        let Some(id) = id else { return Ok(refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid")) };
        if seen.insert(id) {
            named.push((id, one.key));
        }
    }
    if named.is_empty() || named.len() > AT_MOST {
        return Ok(refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid"));
    }
    let mut badges = Vec::with_capacity(named.len());
    for (award, key) in &named {
        match claimed(&issuer.db, *award, *key).await? {
            None => return Ok(refused(StatusCode::UNAUTHORIZED, "capability_wanted")),
            Some(badge) if badge.withdrawn_at.is_some() => return Ok(refused(StatusCode::GONE, "withdrawn")),
            Some(badge) => badges.push(badge),
        }
    }
    let name = badges.first().map(|badge| badge.recipient_name.clone()).unwrap_or_default();
    let folded = fold_name(&name);
    if badges.iter().any(|badge| fold_name(&badge.recipient_name) != folded) {
        return Ok(refused(StatusCode::CONFLICT, "names_differ"));
    }
    let now = issuer.clock.now();
    let first = named.first().map(|(award, _)| award.to_string()).unwrap_or_default();
    limits::hit(&issuer.db, &issuer.vault, &MADE, &first, now).await?.or_wait().map_err(Error::TooMany)?;
    let publisher = publisher(&issuer).await?;
    let work = move || publisher.sign(&badges, &name, now);
    let text = tokio::task::spawn_blocking(work).await.map_err(Error::internal)??;
    Ok(web::document("application/vc", Cache::Token, text))
}

/// The newest signed version of a badge claimed with that key, whoever's it is: the key itself is the right to ask.
async fn claimed(db: &Db, award_id: Uuid, key: Uuid) -> store::Result<Option<Claimed>> {
    Ok(on!(db, c => sqlx::query_as(
        "select v.signed_text, a.recipient_name, a.withdrawn_at
         from issuer_claim k
         join issuer_award a on a.award_id = k.award_id
         join issuer_credential v on v.award_id = k.award_id
         where k.award_id = $1 and k.idempotency_key = $2 order by v.version_number desc limit 1")
        .bind(award_id).bind(key).fetch_optional(c).await)?)
}

/// Who signs records: the Région, organisation number one.
struct Publisher {
    facts: IssuerFacts,
    did_document: String,
    signer: Arc<OrganisationSigner>,
}

async fn publisher(issuer: &Issuer) -> Result<Publisher> {
    let region = organisations::region_facts(issuer).await?;
    Ok(Publisher {
        facts: IssuerFacts { did: region.did.clone(), name: region.name.clone(), url: region.url.clone() },
        did_document: keys::did_document_text(issuer, region.id).await?,
        signer: keys::signer(issuer, region.id).await?,
    })
}

impl Publisher {
    /// The exact text of a record, judged as any reader will before it leaves.
    fn sign(&self, badges: &[Claimed], name: &str, now: OffsetDateTime) -> Result<String> {
        let texts: Vec<Value> = badges
            .iter()
            .map(|badge| serde_json::from_str(&badge.signed_text).map_err(Error::internal))
            .collect::<Result<_>>()?;
        let held: Vec<Held<'_>> = texts.iter().map(Held::Json).collect();
        let facts = ClrFacts {
            id: &format!("urn:uuid:{}", Uuid::new_v4()),
            name: &format!("Relevé de badges – {name}"),
            description: Some(DESCRIPTION),
            publisher: &self.facts,
            valid_from: now,
            learner: Learner::Named(name, None),
            badges: &held,
            achievements: &[],
            associations: &[],
        };
        let composed = clr::compose(&facts).map_err(Error::internal)?;
        if let Some(aside) = composed.aside.first() {
            return Err(Error::internal(aside.reason.code()));
        }
        if let Some(fault) = credential::validate(&composed.clr).first() {
            return Err(Error::internal(fault.code));
        }
        let text = keys::sign_document(&*self.signer, &composed.clr, now)?;
        match self.judged(&text, now) {
            Verdict::Authentic => Ok(text),
            verdict => Err(Error::internal(verdict.code())),
        }
    }

    fn judged(&self, text: &str, now: OffsetDateTime) -> Verdict {
        let mut inquiry = Inquiry::open(text, now, Policy { trust: false, status: false });
        while let Some(need) = inquiry.next_need() {
            let answer = match &need {
                Need::DidDocument { did } if *did == self.facts.did => Ok(Answer::from(self.did_document.clone())),
                // The badges inside were judged when they were signed.
                _ => Err(Unanswered::NotAsked),
            };
            inquiry.answer(&need, answer);
        }
        inquiry.conclude().verdict
    }
}

/// RFC 9457, with a stable word.
fn refused(status: StatusCode, code: &'static str) -> Response {
    let body = json!({
        "type": "about:blank",
        "title": status.canonical_reason().unwrap_or_default(),
        "status": status.as_u16(),
        "code": code,
    });
    let mut response = web::document("application/problem+json", Cache::Token, body.to_string());
    *response.status_mut() = status;
    response
}
