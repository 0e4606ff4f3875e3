//! The older list of withdrawn badges (`1EdTechRevocationList`, VCRL 1.0): unsigned; it is believed because the badge's
//! signature covers its address.

use badge_schemas::json::parse_strict;
use serde_json::Value;

use super::{Standing, Uncheckable};
use crate::ask::Ask;
use crate::codes;
use crate::credential::{Credential, issuer_id};
use crate::need::{Need, Unanswered};

/// What the list at this address says of the badge.
pub(super) async fn standing(ask: &Ask, url: &str, credential: &Credential) -> Result<Standing, Uncheckable> {
    let unanswered = |why: Unanswered| (codes::STATUS_UNANSWERED, Some(why.code().to_owned()));
    let answer = ask.need(Need::RevocationList { url: url.to_owned() }).await.map_err(unanswered)?;
    let text = answer.text().ok_or_else(|| unanswered(Unanswered::NotText))?;
    let list = parse_strict(text).map_err(|_| (codes::REVOCATION_LIST_UNREADABLE, None))?;
    let Value::Array(revoked) = &list["revokedCredential"] else {
        return Err((codes::REVOCATION_LIST_UNREADABLE, None));
    };
    let of_other = issuer_id(&list).is_some_and(|issuer| issuer != credential.issuer);
    if of_other || list["id"].as_str().is_some_and(|id| id != url) {
        return Err((codes::REVOCATION_LIST_NOT_ISSUERS, None));
    }
    let id = &credential.value()["id"];
    // An entry whose `revoked` is false was taken off the list again.
    let named = revoked.iter().find(|entry| (&entry["id"] == id || *entry == id) && entry["revoked"] != false);
    Ok(match named {
        Some(entry) => {
            Standing::Named(codes::REVOCATION_LIST_NAMES, entry["revocationReason"].as_str().map(str::to_owned))
        }
        None => Standing::Clear(codes::REVOCATION_LIST_CLEAR),
    })
}
