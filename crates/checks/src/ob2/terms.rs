//! Dates and recipient: what the badge says once one knows whose it is (steps 10 and 11).

use badge_schemas::ob2::recipient::{Identifier, find};
use badge_schemas::ob2::{IdentityType, values};

use time::OffsetDateTime;

use super::badge::Badge;
use crate::codes;
use crate::inquiry::{Case, TOLERANCE};
use crate::register::stamp;
use crate::report::{Check, Outcome};
use crate::sheet::Sheet;

/// Notes start, end and recipient.
pub(super) fn examine(case: &Case, badge: &Badge, sheet: &mut Sheet) {
    start(case, badge.assertion.issued_on, sheet);
    match badge.assertion.expires {
        None => sheet.passed(Check::End, codes::NO_END),
        Some(until) if until < case.now.saturating_sub(TOLERANCE) => {
            sheet.failed(Check::End, codes::ENDED, stamp(until));
        }
        Some(until) => sheet.note(Check::End, Outcome::Passed, codes::NOT_ENDED, stamp(until)),
    }
    let Some(recipient) = &badge.assertion.recipient else { return };
    match case.recipient.as_deref() {
        // Never to be taken for a match (pitfall 7).
        None => sheet.note(Check::Recipient, Outcome::Noted, codes::OB2_RECIPIENT_NOT_COMPARED, None),
        Some(value) => match find(recipient, &known_by(value)) {
            Some(found) => {
                let kind = Some(found.kind.name().to_owned());
                sheet.note(Check::Recipient, Outcome::Passed, codes::OB2_RECIPIENT_MATCHES, kind);
            }
            None => sheet.failed(Check::Recipient, codes::OB2_RECIPIENT_DIFFERS, None),
        },
    }
}

/// What a person may be known by who is asked about so: an e-mail address is nobody's telephone number.
fn known_by(value: &str) -> Vec<Identifier<'_>> {
    let shape = value.trim();
    let kinds: &[IdentityType] = match shape {
        _ if values::is_email(shape) => &[IdentityType::Email],
        _ if values::is_url(shape) => &[IdentityType::Url, IdentityType::Id],
        _ if values::is_telephone(shape) => &[IdentityType::Telephone],
        _ => &[IdentityType::Id],
    };
    kinds.iter().map(|kind| Identifier { kind: *kind, value }).collect()
}

/// Notes whether it is already in force.
pub(super) fn start(case: &Case, issued_on: Option<OffsetDateTime>, sheet: &mut Sheet) {
    match issued_on {
        None => sheet.unchecked(Check::Start, codes::DATE_UNREADABLE, None),
        Some(from) if from > case.now.saturating_add(TOLERANCE) => {
            sheet.failed(Check::Start, codes::NOT_STARTED, stamp(from));
        }
        Some(_) => sheet.passed(Check::Start, codes::STARTED),
    }
}
