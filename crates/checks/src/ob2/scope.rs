//! Where the hosted badges of an issuer may live (2.0 §`VerificationObject`, rows F10 to F14).

use badge_schemas::ob2::{Policy, values};
use url::Url;

use super::Badge;
use crate::codes;
use crate::report::{Check, Outcome};
use crate::sheet::Sheet;

/// Notes whether the assertion's address is the issuer's to speak at, and `found`, where redirects led from there.
pub(super) fn examine(badge: &Badge, found: &str, sheet: &mut Sheet) -> bool {
    let Some(issuer) = badge.issuer.id.as_deref().filter(|id| values::is_url(id)) else {
        // Without an address of its own, the issuer owns no place at all (row E3).
        sheet.unchecked(Check::Key, codes::OB2_ISSUER_NOT_VERIFIABLE, badge.issuer.id.clone());
        return false;
    };
    let policy = badge.issuer.policy.clone().unwrap_or_default();
    let refused = [badge.id.as_str(), found].into_iter().find_map(|place| {
        let code = if policy.unusable {
            codes::OB2_POLICY_UNUSABLE
        } else if !policy.starts_with.is_empty() && !policy.starts_with.iter().any(|start| begins(place, start)) {
            codes::OB2_START_NOT_ALLOWED
        } else if !allowed(&policy, issuer, place) {
            // Also beside `startsWith` (row F14).
            codes::OB2_ORIGIN_NOT_ALLOWED
        } else {
            return None;
        };
        Some((code, place))
    });
    if let Some((code, place)) = refused {
        sheet.failed(Check::Key, code, Some(place.to_owned()));
        return false;
    }
    sheet.note(Check::Key, Outcome::Passed, codes::OB2_ORIGIN_ALLOWED, host(issuer));
    let class = badge.class.id.as_deref().filter(|id| values::is_url(id));
    if let Some(class) = class
        && !allowed(&policy, issuer, class)
    {
        // The issuer's own badge refers to it, so the issuer answers for it (row F13).
        sheet.note(Check::Key, Outcome::Noted, codes::OB2_CLASS_ELSEWHERE, host(class));
    }
    true
}

/// Whether the id starts with it as text, as the address that is asked for, and in the same origin: `https://a.example`
/// is no beginning of `https://a.example.evil/`, nor `https://a.example/good/` of `https://a.example/good/../evil/`.
fn begins(id: &str, start: &str) -> bool {
    let (Ok(place), Ok(beginning)) = (Url::parse(id), Url::parse(start)) else { return false };
    id.starts_with(start) && place.as_str().starts_with(beginning.as_str()) && same_origin(id, start) && !climbs(id)
}

/// Whether its path has steps in it, or signs that a server may read as steps once it has decoded them.
fn climbs(id: &str) -> bool {
    let path = id.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    let hidden = ["\\", "%2e", "%2f", "%5c"];
    hidden.iter().any(|sign| path.contains(sign)) || path.split('/').any(|step| matches!(step, "." | ".."))
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
