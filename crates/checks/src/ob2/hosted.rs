//! Hosted badges (2.0 §`HostedBadge`): whose address is it?

use badge_schemas::ob2::VerificationType;

use super::{Stop, Word, scope};
use crate::codes;
use crate::report::{Check, Outcome};
use crate::sheet::Sheet;

/// Notes whether it says that it is hosted, and its issuer lets badges live there (rows F8 to F14).
pub(super) fn verify(word: &Word, class: Option<&str>, sheet: &mut Sheet) -> Result<(), Stop> {
    match word.verification.kind {
        Some(VerificationType::Hosted) => {
            sheet.note(Check::Signature, Outcome::Noted, codes::OB2_HOSTED, Some(word.id.clone()));
        }
        // What was signed must come signed (row F9).
        Some(VerificationType::Signed) => {
            sheet.unchecked(Check::Signature, codes::OB2_SIGNED_WITHOUT_JWS, None);
            return Err(Stop);
        }
        None => {
            sheet.failed(Check::Signature, codes::OB2_VERIFICATION_UNKNOWN, None);
            return Err(Stop);
        }
    }
    scope::examine(word, class, sheet)?;
    // Else it would not have been found.
    sheet.passed(Check::Revocation, codes::OB2_NOT_REVOKED);
    Ok(())
}
