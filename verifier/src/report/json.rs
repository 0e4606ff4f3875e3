//! The same as JSON: the shape documented in the crate's README.

use checks::{RecordFacts, Report};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::{Shown, finding};
use crate::count::Way;

/// The JSON of these judgements.
pub(crate) fn answer(
    way: Way,
    until: Option<OffsetDateTime>,
    reports: &[&Report],
    from_livret: bool,
    record: Option<&RecordFacts>,
) -> Value {
    json!({
        "version": 1,
        "way": way.code(),
        "until": until.and_then(|until| until.format(&Rfc3339).ok()),
        "record": record,
        "badges": reports.iter().map(|report| badge(report, from_livret)).collect::<Vec<_>>(),
        "notice": "Ce badge n’est pas une certification professionnelle.",
    })
}

fn badge(report: &Report, from_livret: bool) -> Value {
    let shown = Shown::new(report, from_livret);
    let mut facts = json!(report.badge);
    // Whoever checks a badge has no use for hashes of addresses, and could only try addresses on them.
    if let Some(recipient) = facts.get_mut("recipient").and_then(Value::as_object_mut) {
        recipient.remove("hashed");
    }
    json!({
        "verdict": report.verdict.code(),
        "at": report.at.format(&Rfc3339).ok(),
        "title": shown.title,
        "sentence": shown.sentence,
        "findings": report.findings.iter().map(|f| json!({
            "check": f.check,
            "outcome": f.outcome,
            "code": f.code,
            "detail": f.detail,
            "sentence": finding::line(f, report).map(|line| line.text),
        })).collect::<Vec<_>>(),
        "badge": facts,
    })
}
