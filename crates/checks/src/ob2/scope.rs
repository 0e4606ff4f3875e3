//! Where the hosted badges of an issuer may live (2.0 §`VerificationObject`, rows F10 to F14).

use badge_schemas::ob2::{Policy, values};
use url::Url;

use super::{Stop, Word};
use crate::codes;
use crate::report::{Check, Outcome};
use crate::sheet::Sheet;

/// Notes whether its address is the issuer's to speak at; `class` is the id of the class it refers to.
pub(super) fn examine(word: &Word, class: Option<&str>, sheet: &mut Sheet) -> Result<(), Stop> {
    let Some(issuer) = word.issuer.id.as_deref().filter(|id| values::is_url(id)) else {
        // Without an address of its own, the issuer owns no place at all (row E3).
        sheet.unchecked(Check::Key, codes::OB2_ISSUER_NOT_VERIFIABLE, word.issuer.id.clone());
        return Err(Stop);
    };
    let policy = word.issuer.policy.clone().unwrap_or_default();
    let refused = if policy.unusable {
        Some(codes::OB2_POLICY_UNUSABLE)
    } else if !policy.starts_with.is_empty() && !policy.starts_with.iter().any(|start| begins(&word.id, start)) {
        Some(codes::OB2_START_NOT_ALLOWED)
    } else if !allowed(&policy, issuer, &word.id) {
        // Also beside `startsWith` (row F14).
        Some(codes::OB2_ORIGIN_NOT_ALLOWED)
    } else {
        None
    };
    if let Some(code) = refused {
        sheet.failed(Check::Key, code, Some(word.id.clone()));
        return Err(Stop);
    }
    sheet.note(Check::Key, Outcome::Passed, codes::OB2_ORIGIN_ALLOWED, host(issuer));
    if let Some(class) = class.filter(|id| values::is_url(id))
        && !allowed(&policy, issuer, class)
    {
        // The issuer's own badge refers to it, so the issuer answers for it (row F13).
        sheet.note(Check::Key, Outcome::Noted, codes::OB2_CLASS_ELSEWHERE, host(class));
    }
    Ok(())
}

/// Whether the id, as it is asked for, starts so in the same origin: `https://a.example` is no beginning of
/// `https://a.example.evil/`, nor `https://a.example/b/` of `https://a.example/b/../c`.
fn begins(id: &str, start: &str) -> bool {
    let asked_for = |url: &str| Url::parse(url).map(String::from);
    let starts = matches!((asked_for(id), asked_for(start)), (Ok(id), Ok(start)) if id.starts_with(&start));
    starts && same_origin(id, start)
}

fn allowed(policy: &Policy, issuer: &str, id: &str) -> bool {
    if policy.allowed_origins.is_empty() {
        return same_origin(issuer, id);
    }
    // Names are compared with the whole authority, so a port other than the scheme's own is another place (row F11).
    let Ok(id) = Url::parse(id) else { return false };
    id.port().is_none()
        && id.host_str().is_some_and(|host| policy.allowed_origins.iter().any(|name| name.eq_ignore_ascii_case(host)))
}

fn same_origin(a: &str, b: &str) -> bool {
    matches!((Url::parse(a), Url::parse(b)), (Ok(a), Ok(b)) if a.origin() == b.origin() && a.origin().is_tuple())
}

fn host(url: &str) -> Option<String> {
    Url::parse(url).ok()?.host_str().map(str::to_owned)
}
