//! How many other badges wait in letters to the person who claimed one: told to the wallet that claimed it by its letter,
//! since that letter proved the address. Of the same person at the same organisation alone: there is no person across
//! organisations (decisions §1), and a family may share an address. A number, never a link: each letter gives its own.

use axum::extract::{Path, State};
use http::HeaderMap;
use serde_json::json;
use store::{Db, on};
use web::Cache;

use super::award::Award;
use super::capability;
use crate::access::Visitor;
use crate::delivery::follow;
use crate::delivery::standing::Standing;
use crate::{Issuer, Result};

/// No person has more letters unread than that, as far as a sentence is concerned.
const AT_MOST: i64 = 50;

/// `GET /badges/{uuid}/waiting`
pub(super) async fn count(
    State(issuer): State<Issuer>,
    Path(id): Path<String>,
    visitor: Visitor,
    headers: HeaderMap,
) -> Result {
    let award = Award::find(&issuer.db, &id).await?;
    if let Some(refused) = capability::refusal(&issuer, &award, visitor, &headers).await? {
        return Ok(refused);
    }
    let waiting = if claimed_by_letter(&issuer.db, &award).await? { letters(&issuer, &award).await? } else { 0 };
    Ok(web::document("application/json", Cache::Token, json!({ "waiting": waiting }).to_string()))
}

async fn claimed_by_letter(db: &Db, award: &Award) -> store::Result<bool> {
    let found: i64 = on!(db, c => sqlx::query_scalar(
        "select count(*) from issuer_claim where organisation_id = $1 and award_id = $2 and kind = 'letter'")
        .bind(award.organisation_id).bind(award.award_id).fetch_one(c).await)?;
    Ok(found == 1)
}

/// The letters that left for the same person and address, whose link works and was not used.
async fn letters(issuer: &Issuer, award: &Award) -> store::Result<usize> {
    let Some((claimed, _)) = follow::of_award(issuer, award.organisation_id, award.award_id).await? else {
        return Ok(0);
    };
    let others = follow::waiting_of(&issuer.db, award.organisation_id, claimed.trainee_id, AT_MOST).await?;
    let others = follow::standing(issuer, others).await?;
    let now = issuer.clock.now();
    let unread = |(badge, standing): &&(follow::Followed, Standing)| {
        matches!(standing, Standing::Sent(_) | Standing::QueuedAgain)
            && badge.letter_until.is_some_and(|until| until > now)
            && badge.email.is_some()
            && badge.email == claimed.email
    };
    Ok(others.iter().filter(unread).count())
}

#[cfg(test)]
mod tests;
