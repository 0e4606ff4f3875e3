//! What signed texts of a database say of it: under which origin, and until when it has signed.

use store::{Db, Result, on};
use time::OffsetDateTime;
use web::Origin;

/// The issuer's origin under which this database signs; `None` while it has signed nothing, or holds no issuer.
pub async fn origin(db: &Db) -> Result<Option<Origin>> {
    let register: Option<Option<String>> =
        on!(db, c => sqlx::query_scalar("select signed_text from issuer_register").fetch_optional(c).await)?;
    if let Some(origin) = register.flatten().as_deref().and_then(origin_of) {
        return Ok(Some(origin));
    }
    let badge: Option<String> = on!(db, c => sqlx::query_scalar(
        "select signed_text from issuer_credential order by signed_at desc limit 1").fetch_optional(c).await)?;
    Ok(badge.as_deref().and_then(origin_of))
}

/// The origin of a signed text's own address.
fn origin_of(text: &str) -> Option<Origin> {
    let value: serde_json::Value = serde_json::from_str(text).ok()?;
    let url = url::Url::parse(value["id"].as_str()?).ok()?;
    Origin::parse(&url.origin().ascii_serialization()).ok()
}

/// The latest instant at which something was signed or queued.
pub async fn latest(db: &Db) -> Result<Option<OffsetDateTime>> {
    let mut latest: Option<OffsetDateTime> = None;
    for query in [
        "select signed_at from issuer_credential order by signed_at desc limit 1",
        "select signed_at from issuer_register where signed_at is not null order by signed_at desc limit 1",
        "select signed_at from issuer_status_list where signed_at is not null order by signed_at desc limit 1",
        "select queued_at from store_outbox order by queued_at desc limit 1",
    ] {
        let found: Option<OffsetDateTime> = on!(db, c => sqlx::query_scalar(query).fetch_optional(c).await)?;
        latest = latest.max(found);
    }
    Ok(latest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_origin_is_read_in_the_address_of_a_text() {
        let origin = origin_of(r#"{"id":"http://localhost:8080/registre"}"#).expect("an origin");
        assert_eq!(origin.to_string(), "http://localhost:8080");
        for other in ["", "{}", r#"{"id":7}"#, r#"{"id":"urn:uuid:1"}"#] {
            assert!(origin_of(other).is_none(), "{other}");
        }
    }
}
