//! What the issuer's own lists say of the badge.

use crate::ask::Ask;
use crate::codes;
use crate::credential::Credential;
use crate::inquiry::Case;
use crate::report::{Check, Outcome};
use crate::sheet::Sheet;
use crate::status::{self, Standing};

pub(super) async fn examine(case: &Case, ask: &Ask, credential: &Credential, sheet: &mut Sheet) {
    let statuses = status::entries(credential.value());
    if !statuses.speak_of_withdrawal() {
        sheet.note(Check::Revocation, Outcome::Noted, codes::STATUS_NONE, None);
    }
    for (check, code, detail) in statuses.unread {
        sheet.unchecked(check, code, detail);
    }
    for entry in statuses.entries {
        match status::standing(case, ask, &entry, credential).await {
            Ok(Standing::Clear(code)) => sheet.passed(entry.check, code),
            Ok(Standing::Named(code, detail)) => sheet.failed(entry.check, code, detail),
            Err((code, detail)) => sheet.unchecked(entry.check, code, detail),
        }
    }
}
