//! A presentation: whoever shows has put badges together. Each is judged in its own part; the envelope attests nothing.

use serde_json::Value;

use super::{Allowance, Scope, parts};
use crate::ask::Ask;
use crate::codes;
use crate::form::{Form, Standard};
use crate::inquiry::Case;
use crate::report::{Check, Outcome, Report, Verdict};
use crate::sheet::Sheet;

/// Judges what a presentation shows. Its verdict is the least good of its parts'.
pub(crate) async fn judge(
    case: &Case,
    ask: &Ask,
    presentation: &Value,
    scope: Scope<'_>,
    allowance: &Allowance,
) -> Report {
    let mut sheet = Sheet::default();
    sheet.passed(Check::Format, codes::PRESENTATION);
    let code = if presentation["proof"].is_null() { codes::PRESENTATION_UNSIGNED } else { codes::PRESENTATION_PROOF };
    sheet.note(Check::Signature, Outcome::Noted, code, None);
    let parts = parts::presented(case, ask, presentation, scope, allowance, &mut sheet).await;
    let complete = !sheet.noted(codes::PARTS_TOO_MANY);
    let worst = parts.iter().map(|part| part.report.verdict).max_by_key(|verdict| verdict.gravity());
    let form = Form { carrier: scope.carrier, standard: Standard::Presentation, data_model: None };
    let mut report = sheet.report(case, None);
    report.verdict = match worst {
        Some(Verdict::Authentic) if !complete => Verdict::CouldNotCheck,
        Some(verdict) => verdict,
        None => Verdict::CouldNotCheck,
    };
    Report { form: Some(form), parts, ..report }
}
