//! Whether the badges of a collection name the person whose collection it is (CLR 2.0, `ClrSubject`).
//!
//! Each award may give the same person another id, so different ids say nothing. Two names in clear do, and so do the
//! same kind of identifier in clear, or the same id.

use serde_json::Value;

use crate::credential::items;

/// The places of the badges that name somebody else.
pub(super) fn others(subject: &Value) -> Vec<String> {
    let badges = &subject["verifiableCredential"];
    let is_other = |badge: &Value| named_alike(subject, &badge["credentialSubject"]) == Some(false);
    let place = |place: usize| {
        let at = "/credentialSubject/verifiableCredential";
        if badges.is_array() { format!("{at}/{place}") } else { at.to_owned() }
    };
    items(badges)
        .iter()
        .enumerate()
        .filter(|(_, badge)| is_other(badge))
        .map(|(i, _)| place(i))
        .take(MOST_TOLD)
        .collect()
}

/// The most places that are told, and the most identifiers of one person that are compared.
const MOST_TOLD: usize = 4;
const MOST_IDENTIFIERS: usize = 16;

/// Whether both name one person; `None` when nothing can be compared.
fn named_alike(one: &Value, other: &Value) -> Option<bool> {
    if one["id"].is_string() && one["id"] == other["id"] {
        return Some(true);
    }
    let mut alike = None;
    for mine in items(&one["identifier"]).iter().take(MOST_IDENTIFIERS) {
        for theirs in items(&other["identifier"]).iter().take(MOST_IDENTIFIERS) {
            let same_kind = mine["identityType"] == theirs["identityType"] && mine["identityType"].is_string();
            let in_clear = mine["hashed"] == false && theirs["hashed"] == false;
            if !(same_kind && in_clear) {
                continue;
            }
            if folded(&mine["identityHash"]) == folded(&theirs["identityHash"]) {
                return Some(true);
            }
            alike = Some(false);
        }
    }
    alike
}

/// A name without what two writings of it may differ in.
fn folded(name: &Value) -> String {
    badge_schemas::text::fold_name(name.as_str().unwrap_or_default())
}
