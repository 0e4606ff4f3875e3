//! Reads a badge's status entries and the lists they name (Bitstring Status List 1.0 §2.1, §3.2).

use badge_schemas::dates::parse_instant;
use badge_schemas::json::parse_strict;
use proofs::status::{Bits, LARGEST_BYTES, StatusFault};
use serde_json::Value;
use time::OffsetDateTime;

use std::sync::Arc;

use crate::ask::Ask;
use crate::codes;
use crate::document::{issuer_id, says};
use crate::inquiry::{Case, TOLERANCE};
use crate::key::{self, IssuerKeys};
use crate::need::{Need, Unanswered};
use crate::report::Check;

/// The most entries of one badge that are read.
const MOST_STATUSES: usize = 4;

/// One `BitstringStatusListEntry` of a badge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StatusEntry {
    /// Revocation or suspension.
    pub check: Check,
    /// The purpose in the standard's word.
    pub purpose: &'static str,
    pub list: String,
    pub index: usize,
}

/// What a badge says of its own status.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Statuses {
    /// Lists to be asked for.
    pub entries: Vec<StatusEntry>,
    /// Entries that cannot be asked for: check, code, detail.
    pub unread: Vec<(Check, &'static str, Option<String>)>,
}

/// Reads `credentialStatus`.
pub(crate) fn entries(value: &Value) -> Statuses {
    let mut statuses = Statuses::default();
    let all = match &value["credentialStatus"] {
        Value::Null => return statuses,
        Value::Array(all) => all.as_slice(),
        one => std::slice::from_ref(one),
    };
    if all.len() > MOST_STATUSES {
        statuses.unread.push((Check::Revocation, codes::STATUS_ENTRY_MALFORMED, None));
        return statuses;
    }
    for status in all {
        if !says(&status["type"], "BitstringStatusListEntry") {
            let kind = status["type"].as_str().map(str::to_owned);
            statuses.unread.push((Check::Revocation, codes::STATUS_KIND_NOT_READ, kind));
            continue;
        }
        let (check, purpose) = match status["statusPurpose"].as_str() {
            Some("revocation") => (Check::Revocation, "revocation"),
            Some("suspension") => (Check::Suspension, "suspension"),
            // Messages and offers of a newer version say nothing against the badge.
            Some("message" | "refresh") => continue,
            _ => {
                statuses.unread.push((Check::Revocation, codes::STATUS_ENTRY_MALFORMED, None));
                continue;
            }
        };
        match (index(&status["statusListIndex"]), status["statusListCredential"].as_str(), single_bit(status)) {
            (Some(index), Some(list), true) => {
                statuses.entries.push(StatusEntry { check, purpose, list: list.to_owned(), index });
            }
            (Some(_), Some(_), false) => {
                statuses.unread.push((check, codes::STATUS_KIND_NOT_READ, Some("statusSize".to_owned())));
            }
            _ => statuses.unread.push((check, codes::STATUS_ENTRY_MALFORMED, None)),
        }
    }
    statuses
}

/// A status list that its issuer was seen to have signed.
#[derive(Debug)]
pub(crate) struct List {
    issuer: String,
    /// The very keys it was proven with.
    keys: Arc<IssuerKeys>,
    purposes: Value,
    from: Option<OffsetDateTime>,
    until: Option<OffsetDateTime>,
    bits: Bits,
}

type Uncheckable = (&'static str, Option<String>);

/// Whether the list names the entry. `Err` is the code and detail of « could not be checked ».
///
/// The list must be the issuer's own, for this purpose, in force, proven by a key that the issuer lists for attesting,
/// and of the standard's length: a list that is anything else says nothing.
pub(crate) async fn is_set(case: &Case, ask: &Ask, entry: &StatusEntry, issuer: &str) -> Result<bool, Uncheckable> {
    let unanswered = |why: Unanswered| (codes::STATUS_UNANSWERED, Some(why.code().to_owned()));
    let answer = ask.need(Need::StatusList { url: entry.list.clone() }).await.map_err(unanswered)?;
    // The issuer's keys are at hand: its badge was proven with them.
    let keys = key::issuer_keys(case, ask, issuer).await.map_err(|(code, _)| (code, None))?;
    let before = case.memory.lists.get(&entry.list, &answer.body);
    let list = if let Some(list) = before.filter(|list| list.issuer == issuer && Arc::ptr_eq(&list.keys, &keys)) {
        list
    } else {
        let text = answer.text().ok_or_else(|| unanswered(Unanswered::NotText))?;
        let list = Arc::new(read(text, entry, issuer, keys)?);
        case.memory.lists.put(&entry.list, &answer.body, &list);
        list
    };
    if !says(&list.purposes, entry.purpose) {
        return Err((codes::STATUS_PURPOSE, None));
    }
    let begun = list.from.is_none_or(|from| from <= case.today + TOLERANCE);
    if !begun || list.until.is_some_and(|until| until < case.today) {
        return Err((codes::STATUS_OUT_OF_DATE, None));
    }
    list.bits.get(entry.index).map_err(|_| (codes::STATUS_RANGE, None))
}

/// Everything about a list that does not depend on the entry's place or the hour.
fn read(text: &str, entry: &StatusEntry, issuer: &str, keys: Arc<IssuerKeys>) -> Result<List, Uncheckable> {
    let list = parse_strict(text).map_err(|_| (codes::STATUS_UNREADABLE, None))?;
    if !says(&list["type"], "BitstringStatusListCredential") {
        return Err((codes::STATUS_UNREADABLE, None));
    }
    if issuer_id(&list) != Some(issuer) || list["id"] != entry.list.as_str() {
        return Err((codes::STATUS_NOT_ISSUERS, None));
    }
    keys.prove(&list).map_err(|why| (codes::STATUS_NOT_PROVEN, Some(why)))?;
    let subject = &list["credentialSubject"];
    if !says(&subject["type"], "BitstringStatusList") {
        return Err((codes::STATUS_UNREADABLE, None));
    }
    if !says(&subject["statusPurpose"], entry.purpose) {
        return Err((codes::STATUS_PURPOSE, None));
    }
    let instant = |member: &str| match &list[member] {
        Value::Null => Ok(None),
        date => date.as_str().and_then(parse_instant).map(Some).ok_or((codes::STATUS_OUT_OF_DATE, None)),
    };
    let (from, until) = (instant("validFrom")?, instant("validUntil")?);
    let encoded = subject["encodedList"].as_str().ok_or((codes::STATUS_UNREADABLE, None))?;
    let bits = Bits::decode(encoded, LARGEST_BYTES).map_err(|fault| match fault {
        StatusFault::TooShort => (codes::STATUS_LENGTH, None),
        other => (codes::STATUS_UNREADABLE, Some(other.code().to_owned())),
    })?;
    Ok(List { issuer: issuer.to_owned(), keys, purposes: subject["statusPurpose"].clone(), from, until, bits })
}

/// `statusListIndex`: a base-10 string; 1EdTech's own sample writes a number, so a number is read too.
fn index(value: &Value) -> Option<usize> {
    match value {
        Value::String(digits) if digits.bytes().all(|b| b.is_ascii_digit()) => digits.parse().ok(),
        Value::Number(number) => usize::try_from(number.as_u64()?).ok(),
        _ => None,
    }
}

fn single_bit(status: &Value) -> bool {
    status["statusSize"].is_null() || status["statusSize"] == 1
}
