//! One-time links: asked with an address, sent in a letter, used once (decisions §18, §19).

use std::time::Duration;

use serde::{Deserialize, Serialize};
use store::limits::{self, Limit};
use store::on;
use store::outbox::{self, Message};
use time::OffsetDateTime;
use uuid::Uuid;
use web::Error;
use web::session::Token;
use web::tokens::LinkToken;

use super::{Visitor, door, logins};
use crate::members::{self, Email, Membership, Role};
use crate::{HOUSE, Issuer, Result};

/// How long a link works.
pub const LASTS: Duration = Duration::from_secs(15 * 60);

/// The kind of letter in the outbox.
pub const LETTER: &str = "sign-in";

const BY_ADDRESS: Limit =
    Limit { house: HOUSE, bucket: "sign-in by address", max: 6, window: Duration::from_secs(30 * 60) };
const BY_VISITOR: Limit =
    Limit { house: HOUSE, bucket: "sign-in by visitor", max: 30, window: Duration::from_secs(30 * 60) };
const WRONG_LINKS: Limit =
    Limit { house: HOUSE, bucket: "sign-in wrong links", max: 20, window: Duration::from_secs(30 * 60) };
const LOOKUP: &str = "issuer sign-in link";

/// What the letter needs. Sealed in the outbox.
#[derive(Serialize, Deserialize)]
pub struct Letter {
    /// The link is derived from it.
    pub sign_in_id: Uuid,
    /// To whom.
    pub email: String,
    /// Their name.
    pub name: String,
    /// Which door.
    pub officer: bool,
}

/// A link that works now.
pub struct OpenLink {
    /// Where the person may go in: one membership, or several to choose from.
    pub memberships: Vec<Membership>,
    sign_in_id: Uuid,
    return_to: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Row {
    sign_in_id: Uuid,
    email: String,
    return_to: Option<String>,
}

/// Somebody asks for a link. What is answered does not depend on whether the address is known.
pub async fn ask(issuer: &Issuer, role: Role, email: &Email, return_to: Option<&str>, visitor: Visitor) -> Result<()> {
    let now = issuer.clock.now();
    for (limit, key) in [(&BY_VISITOR, visitor.key()), (&BY_ADDRESS, format!("{} {}", role.code(), email.as_str()))] {
        limits::hit(&issuer.db, &issuer.vault, limit, &key, now).await?.or_wait().map_err(Error::TooMany)?;
    }
    super::purge(issuer, now).await?;
    let memberships = members::rows::memberships(&issuer.db, role, email.as_str()).await?;
    let Some(first) = memberships.first() else { return Ok(()) };
    let sign_in_id = Uuid::new_v4();
    let hash = issuer.vault.lookup_hash(LOOKUP, token(issuer, sign_in_id).as_str());
    let return_to = return_to.and_then(|path| door::safe_return(role, path));
    let mut tx = issuer.db.begin().await?;
    on!(tx, c => sqlx::query(
        "insert into issuer_sign_in
            (sign_in_id, organisation_id, member_id, role, token_hash, return_to, asked_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)")
        .bind(sign_in_id).bind(first.organisation_id).bind(first.member_id).bind(role.code()).bind(hash)
        .bind(return_to).bind(now).bind(now + LASTS).execute(c).await.map(drop))?;
    let letter = Letter {
        sign_in_id,
        email: email.as_str().to_owned(),
        name: first.name.clone(),
        officer: role == Role::Officer,
    };
    let message = Message {
        house: HOUSE,
        kind: LETTER,
        message_id: &format!("sign-in-{sign_in_id}@{}", issuer.site.houses.issuer.host()),
        batch_id: None,
        not_before: now,
        payload: &letter,
    };
    outbox::queue(&mut tx, &issuer.vault, &message, now).await?;
    tx.commit().await?;
    Ok(())
}

/// The link's address, as the letter writes it. Only this house can derive it.
pub fn link(issuer: &Issuer, letter: &Letter) -> String {
    let role = if letter.officer { Role::Officer } else { Role::Trainer };
    issuer.url(&format!("{}/entrer/{}", door::home(role), token(issuer, letter.sign_in_id)))
}

/// Looks at a link without using it: mail scanners open links first. `None` when it is unknown, used or too old.
pub async fn look(issuer: &Issuer, role: Role, typed: &str, visitor: Visitor) -> Result<Option<OpenLink>> {
    let now = issuer.clock.now();
    limits::look(&issuer.db, &issuer.vault, &WRONG_LINKS, &visitor.key(), now)
        .await?
        .or_wait()
        .map_err(Error::TooMany)?;
    let found = match LinkToken::parse(typed) {
        Some(token) => find(issuer, role, &token, now).await?,
        None => None,
    };
    if found.is_none() {
        // Only failures count: whoever has a good link is not held up by a neighbour behind the same address.
        let _ = limits::hit(&issuer.db, &issuer.vault, &WRONG_LINKS, &visitor.key(), now).await?;
    }
    let Some(row) = found else { return Ok(None) };
    let memberships = members::rows::memberships(&issuer.db, role, &row.email).await?;
    if memberships.is_empty() {
        return Ok(None);
    }
    Ok(Some(OpenLink { memberships, sign_in_id: row.sign_in_id, return_to: row.return_to }))
}

/// Uses a link, once, to go in at one of its memberships. `None` when somebody was quicker.
pub async fn enter(
    issuer: &Issuer,
    role: Role,
    link: &OpenLink,
    membership: &Membership,
    device: &str,
) -> Result<Option<(Token, String)>> {
    let now = issuer.clock.now();
    let mut tx = issuer.db.begin().await?;
    let used: Option<Uuid> = on!(tx, c => sqlx::query_scalar(
        "update issuer_sign_in set used_at = $3
         where sign_in_id = $1 and role = $2 and used_at is null and expires_at > $3 returning sign_in_id")
        .bind(link.sign_in_id).bind(role.code()).bind(now).fetch_optional(c).await)?;
    if used.is_none() {
        return Ok(None);
    }
    let token = logins::open(&mut tx, issuer, membership.organisation_id, membership.member_id, role, device).await?;
    tx.commit().await?;
    let to = link.return_to.as_deref().and_then(|path| door::safe_return(role, path)).unwrap_or(door::home(role));
    Ok(Some((token, to.to_owned())))
}

fn token(issuer: &Issuer, sign_in_id: Uuid) -> LinkToken {
    LinkToken::derive(&issuer.vault.derive(LOOKUP, sign_in_id.as_bytes(), 1))
}

async fn find(issuer: &Issuer, role: Role, token: &LinkToken, now: OffsetDateTime) -> store::Result<Option<Row>> {
    let hash = issuer.vault.lookup_hash(LOOKUP, token.as_str());
    Ok(on!(issuer.db, c => sqlx::query_as(
        "select s.sign_in_id, m.email, s.return_to
         from issuer_sign_in s join issuer_member m on m.member_id = s.member_id and m.organisation_id = s.organisation_id
         where s.token_hash = $1 and s.role = $2 and s.used_at is null and s.expires_at > $3")
        .bind(hash).bind(role.code()).bind(now).fetch_optional(c).await)?)
}

impl OpenLink {
    /// For sample pages.
    pub(super) fn sample(organisations: &[&str]) -> Self {
        let membership = |(at, name): (usize, &&str)| Membership {
            member_id: Uuid::nil(),
            organisation_id: Uuid::nil(),
            opaque: format!("7h2k9qx{}", at + 2),
            organisation_name: (*name).to_owned(),
            name: "Claire Aubert".to_owned(),
        };
        Self {
            memberships: organisations.iter().enumerate().map(membership).collect(),
            sign_in_id: Uuid::nil(),
            return_to: None,
        }
    }
}
