//! Hosted badges (2.0 §`HostedBadge`), steps 1 to 12 of the checklist's section L.

use badge_schemas::ob2::{Class, Document, VerificationType, values};

use super::load::{self, Wanted};
use super::{Badge, Stop, facts, gather, scope, terms, trust};
use crate::ask::Ask;
use crate::codes;
use crate::facts::BadgeFacts;
use crate::inquiry::Case;
use crate::report::{Check, Outcome};
use crate::sheet::Sheet;

/// The address that an uploaded or baked copy points to.
pub(super) fn address(copy: &Document, sheet: &mut Sheet) -> Result<String, Stop> {
    let read = copy.assertion().value;
    let verification = read.verification.unwrap_or_default();
    if verification.kind == Some(VerificationType::Signed) {
        sheet.passed(Check::Format, codes::OPEN_BADGES_2);
        sheet.unchecked(Check::Signature, codes::OB2_SIGNED_WITHOUT_JWS, None);
        return Err(Stop);
    }
    // 1.x named the address in `verify.url`, which counts when there is no better id.
    let id = copy.id().filter(|id| values::is_url(id)).map(str::to_owned);
    id.or(verification.url).ok_or_else(|| {
        sheet.unchecked(Check::Format, codes::OB2_NO_ADDRESS, None);
        Stop
    })
}

/// Judges what stands at `url`; `copy` is what pointed there.
pub(super) async fn judge(
    case: &Case,
    ask: &Ask,
    url: &str,
    copy: Option<&Document>,
    sheet: &mut Sheet,
) -> Result<Option<BadgeFacts>, Stop> {
    let (document, id, found) = fetch(ask, url, sheet).await?;
    sheet.note(Check::Format, Outcome::Passed, codes::OPEN_BADGES_2, Some(document.version.code().to_owned()));
    if copy.is_some_and(|copy| *copy != document) {
        // The hosted value is judged and shown (row K13).
        sheet.note(Check::Format, Outcome::Noted, codes::OB2_COPY_DIFFERS, None);
    }
    sheet.passed(Check::JsonLd, codes::JSON_LD_OK);
    let badge = gather(ask, &document, &id, sheet).await?;
    let allowed = verified(&badge, &found, sheet);
    sheet.passed(Check::Revocation, codes::OB2_NOT_REVOKED);
    terms::examine(case, &badge, sheet);
    if !allowed {
        return Ok(None);
    }
    let vouched = trust::examine(case, ask, &badge, sheet).await;
    Ok(facts::read(&badge, vouched))
}

/// The assertion as its own address states it, that address, and where redirects led from there. Revoked badges end here.
async fn fetch(ask: &Ask, url: &str, sheet: &mut Sheet) -> Result<(Document, String, String), Stop> {
    let mut address = url.to_owned();
    for moved in [false, true] {
        let answer = load::fetch(ask, &address, Wanted::Assertion, sheet).await?;
        let document = load::read(&answer.body, Class::Assertion, Some(&address));
        if answer.gone {
            // A 410 is the answer, whatever its body (rows H1, H2).
            let reason = document.ok().and_then(|document| document.assertion().value.revocation_reason);
            sheet.passed(Check::Format, codes::OPEN_BADGES_2);
            sheet.failed(Check::Revocation, codes::OB2_GONE, reason);
            return Err(Stop);
        }
        let document = document.map_err(|unread| unread.note(sheet))?;
        match load::other_id(&document, &address) {
            None if document.is_revoked() => {
                sheet.passed(Check::Format, codes::OPEN_BADGES_2);
                let reason = document.assertion().value.revocation_reason;
                sheet.failed(Check::Revocation, codes::OB2_REVOKED, reason);
                return Err(Stop);
            }
            None => {
                load::at_home(&answer, &address, Wanted::Assertion, sheet)?;
                let found = load::found_at(&answer, &address);
                return Ok((document, address, found));
            }
            Some(other) if !moved => {
                sheet.note(Check::Format, Outcome::Noted, codes::OB2_ID_ELSEWHERE, Some(other.clone()));
                address = other;
            }
            Some(other) => sheet.failed(Check::Format, codes::OB2_IDS_DIFFER, Some(other)),
        }
    }
    Err(Stop)
}

/// Whether the badge says it is hosted, and its issuer lets badges live there (rows F8 to F14).
fn verified(badge: &Badge, found: &str, sheet: &mut Sheet) -> bool {
    match badge.assertion.verification.as_ref().and_then(|verification| verification.kind) {
        Some(VerificationType::Hosted) => {
            sheet.note(Check::Signature, Outcome::Noted, codes::OB2_HOSTED, Some(badge.id.clone()));
        }
        // What was signed must come signed (row F9).
        Some(VerificationType::Signed) => {
            sheet.unchecked(Check::Signature, codes::OB2_SIGNED_WITHOUT_JWS, None);
            return false;
        }
        None => {
            sheet.failed(Check::Signature, codes::OB2_VERIFICATION_UNKNOWN, None);
            return false;
        }
    }
    scope::examine(badge, found, sheet)
}
