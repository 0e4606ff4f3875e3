//! Sessions: who is signed in on which device.

use std::time::Duration;

use http::{HeaderMap, header};
use store::{Db, Tx, on};
use time::OffsetDateTime;
use uuid::Uuid;
use web::session::{SessionCookie, Token};

use crate::Issuer;
use crate::members::Role;

/// A working day: then one signs in again.
pub const LASTS: Duration = Duration::from_secs(12 * 3600);

const TRAINER: SessionCookie = SessionCookie::new("atelier", "/atelier");
const OFFICER: SessionCookie = SessionCookie::new("region", "/region");
const LOOKUP: &str = "issuer login";

/// The cookie of a role. It ends with the browser: PCs are shared.
pub fn cookie(role: Role) -> SessionCookie {
    match role {
        Role::Trainer => TRAINER,
        Role::Officer => OFFICER,
    }
}

/// An open session with its person and organisation.
#[derive(sqlx::FromRow)]
pub struct Login {
    /// The session.
    pub login_id: Uuid,
    /// Of which organisation.
    pub organisation_id: Uuid,
    /// Its name.
    pub organisation_name: String,
    /// Its public id.
    pub opaque: String,
    /// The membership.
    pub member_id: Uuid,
    /// The person's name.
    pub member_name: String,
    /// The person's address.
    pub email: String,
    /// Whether they may add and end members.
    pub is_referent: bool,
    /// When the membership ended, if it did.
    pub member_ended_at: Option<OffsetDateTime>,
}

/// One line of « Mon compte ».
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Device {
    /// The session.
    pub login_id: Uuid,
    /// « Firefox, Windows ».
    pub device: String,
    /// Since when.
    pub signed_in_at: OffsetDateTime,
    /// Until when at the latest.
    pub expires_at: OffsetDateTime,
}

/// The session that a request brings, if it is open.
pub async fn current(issuer: &Issuer, role: Role, headers: &HeaderMap) -> store::Result<Option<Login>> {
    let Some(token) = cookie(role).read(&issuer.site, headers) else { return Ok(None) };
    let hash = issuer.vault.lookup_hash(LOOKUP, token.as_str());
    Ok(on!(issuer.db, c => sqlx::query_as(
        "select l.login_id, l.organisation_id, o.name as organisation_name, o.opaque, l.member_id,
                m.name as member_name, m.email, m.is_referent, m.ended_at as member_ended_at
         from issuer_login l
         join issuer_member m on m.member_id = l.member_id and m.organisation_id = l.organisation_id
         join issuer_organisation o on o.organisation_id = l.organisation_id
         where l.token_hash = $1 and l.role = $2 and l.expires_at > $3 and l.signed_out_at is null")
        .bind(hash).bind(role.code()).bind(issuer.clock.now()).fetch_optional(c).await)?)
}

/// Opens a session; the token for the cookie.
pub async fn open(
    tx: &mut Tx,
    issuer: &Issuer,
    organisation_id: Uuid,
    member_id: Uuid,
    role: Role,
    device: &str,
) -> store::Result<Token> {
    let token = Token::draw();
    let now = issuer.clock.now();
    on!(tx, c => sqlx::query(
        "insert into issuer_login
            (login_id, organisation_id, member_id, role, token_hash, device, signed_in_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)")
        .bind(Uuid::new_v4()).bind(organisation_id).bind(member_id).bind(role.code())
        .bind(issuer.vault.lookup_hash(LOOKUP, token.as_str())).bind(device).bind(now).bind(now + LASTS)
        .execute(c).await.map(drop))?;
    Ok(token)
}

/// Closes one session of that member.
pub async fn close(
    tx: &mut Tx,
    organisation_id: Uuid,
    member_id: Uuid,
    login_id: Uuid,
    at: OffsetDateTime,
) -> store::Result<bool> {
    let closed: Option<Uuid> = on!(tx, c => sqlx::query_scalar(
        "update issuer_login set signed_out_at = $4
         where organisation_id = $1 and member_id = $2 and login_id = $3 and signed_out_at is null returning login_id")
        .bind(organisation_id).bind(member_id).bind(login_id).bind(at).fetch_optional(c).await)?;
    Ok(closed.is_some())
}

/// Where that member is signed in now, latest first.
pub async fn devices(
    db: &Db,
    organisation_id: Uuid,
    member_id: Uuid,
    now: OffsetDateTime,
) -> store::Result<Vec<Device>> {
    Ok(on!(db, c => sqlx::query_as(
        "select login_id, device, signed_in_at, expires_at from issuer_login
         where organisation_id = $1 and member_id = $2 and signed_out_at is null and expires_at > $3
         order by signed_in_at desc, login_id")
        .bind(organisation_id).bind(member_id).bind(now).fetch_all(c).await)?)
}

/// « Firefox, Windows »: enough to recognise one's own device, and no more.
pub fn device(headers: &HeaderMap) -> String {
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let first =
        |table: &[(&str, &'static str)]| table.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    // In this order: each browser claims to be those that follow.
    let browser = first(&[
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "Mac"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser}, {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => "Appareil inconnu".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_named_in_two_words() {
        for (agent, expected) in [
            ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox, Windows"),
            ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/128.0 Safari/537.36 Edg/128.0", "Edge, Windows"),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/128.0 Mobile Safari/537.36",
                "Chrome, Android",
            ),
            ("curl/8", "Appareil inconnu"),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::USER_AGENT, header::HeaderValue::from_static(agent));
            assert_eq!(device(&headers), expected);
        }
    }
}
