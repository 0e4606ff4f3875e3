//! The judge of Open Badges 3.0 (§9.1), step by step in the order of the crate's README.

use badge_schemas::credential::validate;
use badge_schemas::dates::parse_instant;
use serde_json::Value;
use time::OffsetDateTime;

use crate::ask::Ask;
use crate::codes;
use crate::document::Document;
use crate::facts::{self, BadgeFacts};
use crate::inquiry::{Case, TOLERANCE};
use crate::key::{self, Unproven};
use crate::register::{Signing, stamp, vouching};
use crate::report::{Check, Outcome, Report};
use crate::sheet::Sheet;
use crate::{status, trust};

/// Judges one credential.
pub(crate) async fn judge(case: &Case, ask: &Ask, document: Document) -> Report {
    let mut sheet = Sheet::default();
    let badge = examine(case, ask, &document, &mut sheet).await;
    sheet.report(case, badge)
}

async fn examine(case: &Case, ask: &Ask, document: &Document, sheet: &mut Sheet) -> Option<BadgeFacts> {
    shape(document, sheet);
    let (key, created) = prove(case, ask, document, sheet).await?;
    let mut badge = signed_text(case, document, sheet);
    if case.policy.trust {
        trusted(case, ask, document, (&key, created), badge.as_mut(), sheet).await;
    }
    if case.policy.status {
        statuses(case, ask, document, sheet).await;
    }
    badge
}

fn shape(document: &Document, sheet: &mut Sheet) {
    sheet.passed(Check::Format, codes::OPEN_BADGES_3);
    let faults = validate(&document.value);
    if faults.is_empty() {
        sheet.passed(Check::Schema, codes::SCHEMA_OK);
    } else {
        let first: Vec<String> = faults.iter().take(3).map(|f| format!("{} {}", f.code, f.path)).collect();
        sheet.failed(Check::Schema, codes::SCHEMA_FAULT, Some(first.join(", ")));
    }
}

/// The key that signed, as multibase, and when it says it did; `None` when that is not proven, with the reason noted.
async fn prove(case: &Case, ask: &Ask, document: &Document, sheet: &mut Sheet) -> Option<(String, OffsetDateTime)> {
    let did = key::did_of(&document.proof.verification_method);
    if did != document.issuer {
        sheet.failed(Check::Key, codes::CONTROLLER_NOT_ISSUER, None);
        return None;
    }
    if key::did_url(did).is_none() {
        let kind = did.splitn(3, ':').take(2).collect::<Vec<_>>().join(":");
        sheet.unchecked(Check::Key, codes::ISSUER_KIND_NOT_READ, Some(kind));
        return None;
    }
    let keys = match key::issuer_keys(case, ask, did).await {
        Ok(keys) => keys,
        Err((code, detail)) => {
            sheet.unchecked(Check::Key, code, detail);
            // Even without the key, a text whose members mean nothing is known not to be what was signed.
            if let Err(unproven) = key::meaningful(&document.value) {
                note(sheet, unproven);
            }
            return None;
        }
    };
    let created = document.proof.created.or(instant(&document.value["validFrom"]));
    // A proof without a date under a text without a date was made at no time that a key's dates could cover.
    let created = created.unwrap_or(OffsetDateTime::UNIX_EPOCH);
    match keys.verify(&document.value, &document.proof, created) {
        Ok(key) => {
            sheet.passed(Check::JsonLd, codes::JSON_LD_OK);
            sheet.passed(Check::Signature, codes::SIGNATURE_OK);
            sheet.passed(Check::Key, codes::KEY_OK);
            Some((key.to_multibase(), created))
        }
        Err(unproven) => {
            note(sheet, unproven);
            None
        }
    }
}

fn note(sheet: &mut Sheet, unproven: Unproven) {
    let Unproven { check, outcome, code, detail } = unproven;
    if check == Check::Signature {
        sheet.passed(Check::JsonLd, codes::JSON_LD_OK);
        sheet.passed(Check::Key, codes::KEY_OK);
    }
    sheet.note(check, outcome, code, detail);
}

/// What the text itself says, now that it is known to be the issuer's.
fn signed_text(case: &Case, document: &Document, sheet: &mut Sheet) -> Option<BadgeFacts> {
    let value = &document.value;
    match instant(&value["validFrom"]) {
        None => sheet.unchecked(Check::Start, codes::DATE_UNREADABLE, None),
        Some(from) if from > case.now + TOLERANCE => sheet.failed(Check::Start, codes::NOT_STARTED, stamp(from)),
        Some(_) => sheet.passed(Check::Start, codes::STARTED),
    }
    let until = &value["validUntil"];
    let unreadable = !until.is_null() && instant(until).is_none();
    // A proof may end before its text does; it then proves nothing more.
    match [instant(until), document.proof.expires].into_iter().flatten().min() {
        _ if unreadable => sheet.unchecked(Check::End, codes::DATE_UNREADABLE, None),
        None => sheet.passed(Check::End, codes::NO_END),
        Some(until) if until < case.now - TOLERANCE => sheet.failed(Check::End, codes::ENDED, stamp(until)),
        Some(until) => sheet.note(Check::End, Outcome::Passed, codes::NOT_ENDED, stamp(until)),
    }
    let badge = facts::read(value);
    if let Some(badge) = &badge {
        let named = badge.recipient.name.is_some();
        let code = if named { codes::RECIPIENT_NAMED } else { codes::RECIPIENT_HASHED };
        sheet.note(Check::Recipient, Outcome::Noted, code, None);
    }
    badge
}

async fn trusted(
    case: &Case,
    ask: &Ask,
    document: &Document,
    (key, created): (&str, OffsetDateTime),
    badge: Option<&mut BadgeFacts>,
    sheet: &mut Sheet,
) {
    let proven = match trust::register(case, ask).await {
        Ok(proven) => proven,
        Err((code, detail)) => return sheet.unchecked(Check::Issuer, code, detail),
    };
    let Some(badge) = badge else {
        // Without readable facts there is nothing to vouch for.
        return sheet.unchecked(Check::Issuer, codes::DATE_UNREADABLE, None);
    };
    let signing = Signing {
        issuer: &document.issuer,
        claimed_name: &badge.issuer.name,
        key,
        valid_from: badge.valid_from,
        created,
        achievement: &document.value["credentialSubject"]["achievement"],
    };
    match vouching(&proven.register, &signing) {
        Ok(entry) => {
            badge.issuer.name.clone_from(&entry.name);
            badge.issuer.town.clone_from(&entry.town);
            badge.issuer.vouched = true;
            sheet.note(Check::Issuer, Outcome::Passed, codes::ISSUER_IN_REGISTER, stamp(proven.register.at));
        }
        Err((code, detail)) => sheet.failed(Check::Issuer, code, detail),
    }
}

async fn statuses(case: &Case, ask: &Ask, document: &Document, sheet: &mut Sheet) {
    let statuses = status::entries(&document.value);
    if statuses.entries.is_empty() && statuses.unread.is_empty() {
        sheet.note(Check::Revocation, Outcome::Noted, codes::STATUS_NONE, None);
    }
    for (check, code, detail) in statuses.unread {
        sheet.unchecked(check, code, detail);
    }
    for entry in statuses.entries {
        match status::is_set(case, ask, &entry, &document.issuer).await {
            Ok(false) => sheet.passed(entry.check, codes::STATUS_CLEAR),
            Ok(true) => sheet.failed(entry.check, codes::STATUS_SET, None),
            Err((code, detail)) => sheet.unchecked(entry.check, code, detail),
        }
    }
}

fn instant(value: &Value) -> Option<OffsetDateTime> {
    value.as_str().and_then(parse_instant)
}
