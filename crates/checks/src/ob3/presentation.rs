//! A presentation: whoever shows has put badges together. Each is judged in its own part; the envelope attests nothing,
//! and its own signature says who shows.

use super::{Allowance, Scope, holder, parts};
use crate::ask::Ask;
use crate::codes;
use crate::credential::Presentation;
use crate::form::{Form, Standard};
use crate::inquiry::Case;
use crate::report::{Check, Report, Verdict};
use crate::sheet::Sheet;

/// Judges what a presentation shows. Its verdict is the least good of its parts' and of its own signature's.
pub(crate) async fn judge(
    case: &Case,
    ask: &Ask,
    presentation: &Presentation,
    scope: Scope<'_>,
    allowance: &Allowance,
) -> Report {
    let mut sheet = Sheet::default();
    sheet.passed(Check::Format, codes::PRESENTATION);
    let own = holder::examine(case, ask, presentation, scope.depth == 0, &mut sheet).await;
    let parts = parts::presented(case, ask, &presentation.value, scope, allowance, &mut sheet).await;
    let complete = !sheet.noted(codes::PARTS_TOO_MANY);
    let worst = parts.iter().map(|part| part.report.verdict).max_by_key(|verdict| verdict.gravity());
    let form = Form { carrier: scope.carrier, standard: Standard::Presentation, data_model: None };
    let mut report = sheet.report(case, None);
    report.verdict = match worst {
        Some(Verdict::Authentic) if !complete => Verdict::CouldNotCheck,
        Some(verdict) => verdict,
        None => Verdict::CouldNotCheck,
    };
    if own.gravity() > report.verdict.gravity() {
        report.verdict = own;
    }
    Report { form: Some(form), parts, ..report }
}
