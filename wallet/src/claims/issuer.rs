//! What the wallet says to the issuer's `/claims/{token}` (decisions §22). Never inside a transaction.

use badge_schemas::json::parse_strict;
use http::StatusCode;
use serde::Deserialize;
use time::Date;
use time::format_description::well_known::Iso8601;
use uuid::Uuid;

use super::ClaimToken;
use crate::Wallet;
use crate::access::Visitor;

/// What the issuer says of a token.
pub enum Looked {
    Found(Box<Offer>),
    Unknown,
    /// This visitor named too many tokens that do not exist.
    TooMany,
    /// No answer, or none that can be read.
    Silent,
}

/// A badge that waits.
#[derive(Debug, Clone, Deserialize)]
pub struct Offer {
    /// `open`, `claimed`, `withdrawn`, `expired`.
    pub state: String,
    /// `letter` or `slip`.
    pub kind: String,
    pub badge: OfferedBadge,
    /// Since when it is withdrawn, ISO day, where the issuer says so.
    #[serde(default)]
    pub withdrawn_on: Option<String>,
}

impl Offer {
    /// The day since which it is withdrawn, if the issuer says one.
    pub fn withdrawn_since(&self) -> Option<Date> {
        Date::parse(self.withdrawn_on.as_deref()?, &Iso8601::DATE).ok()
    }

    /// What names the award itself, whichever of its links and codes was used: the address of its own picture. A lost
    /// answer to the letter's link may then be asked again with the code written under it.
    pub fn award(&self, token: &ClaimToken) -> String {
        let named = self.badge.image.contains("/badges/");
        if named { self.badge.image.clone() } else { token.as_str().to_owned() }
    }
}

/// The badge before any identity.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct OfferedBadge {
    pub name: String,
    /// « Je pratique »
    pub level: String,
    pub description: String,
    /// The picture's address.
    pub image: String,
    pub organisation: String,
    /// The day observed, ISO.
    pub awarded_on: String,
    /// The day attested, ISO; empty from an issuer that does not tell it.
    pub attested_on: String,
}

/// What came of claiming.
pub enum Answered {
    Given(Given),
    Unknown,
    /// Claimed with another key.
    Taken,
    Withdrawn,
    Expired,
    TooMany,
    Silent,
}

/// The badge, and the address that the letter proved.
#[derive(Deserialize)]
pub struct Given {
    /// The exact text.
    pub credential: String,
    /// For letters only.
    #[serde(default)]
    pub address: Option<String>,
}

/// Looks; takes nothing. The visitor, hashed, is whom the issuer counts misses for.
pub async fn look(wallet: &Wallet, visitor: &Visitor, token: &ClaimToken) -> Looked {
    let visitor = visitor.told(wallet);
    let headers = [("accept", "application/json"), ("x-visitor", visitor.as_str())];
    let Ok(fetched) = wallet.door.get_from_peer(&url(wallet, token), &headers).await else {
        return Looked::Silent;
    };
    match fetched.status {
        StatusCode::OK => read(fetched.text()).map_or(Looked::Silent, |offer| Looked::Found(Box::new(offer))),
        StatusCode::NOT_FOUND => Looked::Unknown,
        StatusCode::TOO_MANY_REQUESTS => Looked::TooMany,
        _ => Looked::Silent,
    }
}

/// Claims with this key; the same key gets the same answer again.
pub async fn claim(wallet: &Wallet, visitor: &Visitor, token: &ClaimToken, key: Uuid) -> Answered {
    let key = key.to_string();
    let visitor = visitor.told(wallet);
    let headers = [("idempotency-key", key.as_str()), ("x-visitor", visitor.as_str())];
    let Ok(fetched) = wallet.door.post_json(&url(wallet, token), &headers, &serde_json::json!({})).await else {
        return Answered::Silent;
    };
    match fetched.status {
        StatusCode::OK => read(fetched.text()).map_or(Answered::Silent, Answered::Given),
        StatusCode::NOT_FOUND => Answered::Unknown,
        StatusCode::CONFLICT => Answered::Taken,
        StatusCode::TOO_MANY_REQUESTS => Answered::TooMany,
        StatusCode::GONE if fetched.text().is_some_and(|text| text.contains("expired")) => Answered::Expired,
        StatusCode::GONE => Answered::Withdrawn,
        _ => Answered::Silent,
    }
}

fn url(wallet: &Wallet, token: &ClaimToken) -> String {
    wallet.site.houses.issuer.join(&format!("/claims/{}", token.as_str()))
}

fn read<T: for<'de> Deserialize<'de>>(text: Option<&str>) -> Option<T> {
    parse_strict(text?).ok().and_then(|value| serde_json::from_value(value).ok())
}
