//! Reads a badge's status entries and the lists they name (Bitstring Status List 1.0 §2.1, §3.2; VCRL 1.0).

mod list;
mod revoked;

use serde_json::Value;

use crate::ask::Ask;
use crate::codes;
use crate::credential::{Credential, items, says};
use crate::inquiry::Case;
use crate::report::Check;
pub(crate) use list::List;

/// The most entries of one badge that are read.
const MOST_STATUSES: usize = 4;

/// One entry of a badge that says where to look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StatusEntry {
    /// Revocation or suspension.
    pub check: Check,
    place: Place,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    /// `BitstringStatusListEntry`: the purpose in the standard's word, the list, the bit.
    Bit { purpose: &'static str, list: String, index: usize },
    /// `1EdTechRevocationList`: the list.
    Names { list: String },
}

/// What a badge says of its own status.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Statuses {
    /// Lists to be asked for.
    pub entries: Vec<StatusEntry>,
    /// Entries that cannot be asked for: check, code, detail.
    pub unread: Vec<(Check, &'static str, Option<String>)>,
}

/// What a list says: the code, and a word of it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    Clear(&'static str),
    Named(&'static str, Option<String>),
}

/// The code and detail of « could not be checked ».
pub(crate) type Uncheckable = (&'static str, Option<String>);

impl Statuses {
    /// Whether anything was said about withdrawal.
    pub(crate) fn speak_of_withdrawal(&self) -> bool {
        let entries = self.entries.iter().map(|entry| entry.check);
        entries.chain(self.unread.iter().map(|(check, ..)| *check)).any(|check| check == Check::Revocation)
    }
}

/// Reads `credentialStatus`.
pub(crate) fn entries(value: &Value) -> Statuses {
    let mut statuses = Statuses::default();
    let all = items(&value["credentialStatus"]);
    if all.len() > MOST_STATUSES {
        statuses.unread.push((Check::Revocation, codes::STATUS_TOO_MANY, None));
        return statuses;
    }
    for status in all {
        match entry(status) {
            Ok(Some(entry)) => statuses.entries.push(entry),
            Ok(None) => {}
            Err(unread) => statuses.unread.push(unread),
        }
    }
    statuses
}

fn entry(status: &Value) -> Result<Option<StatusEntry>, (Check, &'static str, Option<String>)> {
    let malformed = |check| (check, codes::STATUS_ENTRY_MALFORMED, None);
    if says(&status["type"], "1EdTechRevocationList") {
        let list = status["id"].as_str().ok_or(malformed(Check::Revocation))?.to_owned();
        return Ok(Some(StatusEntry { check: Check::Revocation, place: Place::Names { list } }));
    }
    if !says(&status["type"], "BitstringStatusListEntry") {
        let kind = items(&status["type"]).iter().find_map(Value::as_str).map(str::to_owned);
        return Err((Check::Revocation, codes::STATUS_KIND_NOT_READ, kind));
    }
    let (check, purpose) = match status["statusPurpose"].as_str() {
        Some("revocation") => (Check::Revocation, "revocation"),
        Some("suspension") => (Check::Suspension, "suspension"),
        // Messages and offers of a newer version say nothing against the badge.
        Some("message" | "refresh") => return Ok(None),
        _ => return Err(malformed(Check::Revocation)),
    };
    let (Some(index), Some(list)) = (index(&status["statusListIndex"]), status["statusListCredential"].as_str()) else {
        return Err(malformed(check));
    };
    if !(status["statusSize"].is_null() || status["statusSize"] == 1) {
        return Err((check, codes::STATUS_KIND_NOT_READ, Some("statusSize".to_owned())));
    }
    Ok(Some(StatusEntry { check, place: Place::Bit { purpose, list: list.to_owned(), index } }))
}

/// What the list that the entry names says of the badge.
pub(crate) async fn standing(
    case: &Case,
    ask: &Ask,
    entry: &StatusEntry,
    credential: &Credential,
) -> Result<Standing, Uncheckable> {
    match &entry.place {
        Place::Bit { purpose, list, index } => {
            let set = list::is_set(case, ask, (purpose, list, *index), &credential.issuer).await?;
            Ok(if set { Standing::Named(codes::STATUS_SET, None) } else { Standing::Clear(codes::STATUS_CLEAR) })
        }
        Place::Names { list } => revoked::standing(ask, list, credential).await,
    }
}

/// `statusListIndex`: a base-10 string; 1EdTech's own sample writes a number, so a number is read too.
fn index(value: &Value) -> Option<usize> {
    match value {
        Value::String(digits) if digits.bytes().all(|b| b.is_ascii_digit()) => digits.parse().ok(),
        Value::Number(number) => usize::try_from(number.as_u64()?).ok(),
        _ => None,
    }
}
