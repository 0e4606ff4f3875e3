//! Already, and still, in force?

use badge_schemas::dates::parse_instant;
use proofs::vc_jwt::VcJwt;
use serde_json::Value;
use time::OffsetDateTime;

use crate::codes;
use crate::credential::Credential;
use crate::inquiry::{Case, TOLERANCE};
use crate::proof::Proven;
use crate::register::stamp;
use crate::report::{Check, Outcome};
use crate::sheet::Sheet;

/// Notes both checks and answers the beginning.
pub(super) fn examine(
    case: &Case,
    credential: &Credential,
    proven: &Proven,
    sheet: &mut Sheet,
) -> Option<OffsetDateTime> {
    let value = credential.value();
    let from = instant(&value[credential.begin_member()]);
    match from {
        None => sheet.unchecked(Check::Start, codes::DATE_UNREADABLE, None),
        Some(from) if from > case.now.saturating_add(TOLERANCE) => {
            sheet.failed(Check::Start, codes::NOT_STARTED, stamp(from));
        }
        Some(_) => sheet.passed(Check::Start, codes::STARTED),
    }
    let until = &value[credential.end_member()];
    let unreadable = !until.is_null() && instant(until).is_none();
    let of_token = credential.token().and_then(VcJwt::valid_until);
    // A proof may end before its text does; it then proves nothing more.
    match [instant(until), proven.expires, of_token].into_iter().flatten().min() {
        _ if unreadable => sheet.unchecked(Check::End, codes::DATE_UNREADABLE, None),
        None => sheet.passed(Check::End, codes::NO_END),
        Some(until) if until < case.now.saturating_sub(TOLERANCE) => {
            sheet.failed(Check::End, codes::ENDED, stamp(until));
        }
        Some(until) => sheet.note(Check::End, Outcome::Passed, codes::NOT_ENDED, stamp(until)),
    }
    from
}

pub(super) fn instant(value: &Value) -> Option<OffsetDateTime> {
    value.as_str().and_then(parse_instant)
}
