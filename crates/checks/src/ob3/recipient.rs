//! Whom it names, and whether that is whom one asked about (OB 3.0 §9.3). Never a check of who stands before you.

use badge_schemas::identity;
use serde_json::Value;

use crate::codes;
use crate::credential::{Credential, Kind, items};
use crate::facts::BadgeFacts;
use crate::inquiry::Case;
use crate::report::{Check, Outcome};
use crate::sheet::Sheet;

pub(super) fn examine(case: &Case, credential: &Credential, badge: Option<&BadgeFacts>, sheet: &mut Sheet) {
    if credential.kind == Kind::Endorsement {
        return;
    }
    let subject = &credential.value()["credentialSubject"];
    if let Some(asked) = &case.recipient {
        return match compare(subject, asked) {
            Some(true) => sheet.passed(Check::Recipient, codes::RECIPIENT_MATCHES),
            Some(false) => sheet.failed(Check::Recipient, codes::RECIPIENT_OTHER, None),
            None => sheet.unchecked(Check::Recipient, codes::RECIPIENT_NOT_COMPARABLE, None),
        };
    }
    if let Some(badge) = badge {
        let named = badge.recipient.name.is_some();
        let code = if named { codes::RECIPIENT_NAMED } else { codes::RECIPIENT_HASHED };
        sheet.note(Check::Recipient, Outcome::Noted, code, None);
    }
}

/// Whether the subject is the one asked about; `None` when it has nothing to compare with.
///
/// A name is not compared: two people may bear it.
fn compare(subject: &Value, asked: &str) -> Option<bool> {
    let asked = asked.trim();
    let id = subject["id"].as_str();
    if id == Some(asked)
        || id.and_then(|id| id.strip_prefix("mailto:")).is_some_and(|id| id.eq_ignore_ascii_case(asked))
    {
        return Some(true);
    }
    let kind = if asked.contains('@') && !asked.contains(':') { Some("emailAddress") } else { None };
    let mut compared = id.is_some() && kind.is_none();
    for identifier in items(&subject["identifier"]) {
        let of_kind = match (kind, identifier["identityType"].as_str()) {
            (Some(kind), Some(own)) => kind == own,
            (None, Some(own)) => own != "emailAddress" && own != "name",
            _ => false,
        };
        // A hash of a kind that is not read (md5) compares nothing.
        let hash = identifier["identityHash"].as_str().unwrap_or_default();
        let readable = identifier["hashed"] != true || hash.starts_with("sha256$");
        if !of_kind || !readable {
            continue;
        }
        if identity::matches(identifier, asked) {
            return Some(true);
        }
        compared = true;
    }
    compared.then_some(false)
}
