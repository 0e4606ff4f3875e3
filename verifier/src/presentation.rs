//! Asks the wallet what a code or a link shows (decisions §22): one configured secret says who calls, and a
//! hash says for whom, so that the wallet's limits count the visitor and not this house.

use http::StatusCode;
use serde::Deserialize;
use time::OffsetDateTime;

use crate::house::Verifier;
use crate::visitor::Visitor;

/// The most badges judged of one showing.
const MOST_BADGES: usize = 150;
/// How long the wallet's limit lasts at most, in seconds.
const WAIT: u64 = 900;

/// What a showing or share holds.
#[derive(Debug, Deserialize)]
pub(crate) struct Presentation {
    /// The exact signed texts.
    pub texts: Vec<String>,
    /// When it ends.
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub until: Option<OffsetDateTime>,
}

/// Why there is nothing to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Absent {
    /// No such code or link.
    Unknown,
    /// Stopped, or over.
    Gone,
    /// The wallet has counted too many tries of this visitor: wait this many seconds.
    TooMany(u64),
    /// The wallet does not answer, or not as it should.
    Silent,
}

/// What the wallet shows for `code`.
pub(crate) async fn ask(house: &Verifier, visitor: &Visitor, code: &str) -> Result<Presentation, Absent> {
    let given = &house.given;
    let url = given.site.houses.wallet.join("/api/presentations");
    let secret = format!("Bearer {}", given.wallet_secret);
    let visitor = visitor.told(house);
    let headers = [("Authorization", secret.as_str()), ("X-Visitor", visitor.as_str())];
    let body = serde_json::json!({ "code": code });
    let answer = given.door.post_json(&url, &headers, &body).await.map_err(|error| {
        tracing::warn!(fetch.error = %error, "the wallet does not answer");
        Absent::Silent
    })?;
    match answer.status {
        StatusCode::OK => {}
        StatusCode::NOT_FOUND => return Err(Absent::Unknown),
        StatusCode::GONE => return Err(Absent::Gone),
        StatusCode::TOO_MANY_REQUESTS => return Err(Absent::TooMany(WAIT)),
        status => {
            tracing::warn!(http.status = status.as_u16(), "the wallet refuses to show");
            return Err(Absent::Silent);
        }
    }
    let mut presentation: Presentation = serde_json::from_slice(&answer.body).map_err(|_| {
        tracing::warn!("the wallet's answer cannot be read");
        Absent::Silent
    })?;
    presentation.texts.truncate(MOST_BADGES);
    Ok(presentation)
}
