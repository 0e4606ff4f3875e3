//! The newest version of a credential (OB 3.0 §9.1 step 3, VCCR 1.0): asked for once, after the proof held.

use badge_schemas::carrier;
use serde_json::Value;

use super::{Allowance, Scope, dates, judge};
use crate::ask::Ask;
use crate::codes;
use crate::credential::{self, Credential, Reading, says};
use crate::form::Carrier;
use crate::inquiry::Case;
use crate::need::{Answer, Need};
use crate::report::{Check, Outcome, Report, Verdict};
use crate::sheet::Sheet;

/// The report of a newer version of the same credential, when its service gives one that holds. Anything else is noted
/// and changes nothing: a server that can be spoilt must not be able to spoil a badge.
pub(super) async fn newer(
    case: &Case,
    ask: &Ask,
    credential: &Credential,
    scope: Scope<'_>,
    allowance: &Allowance,
    sheet: &mut Sheet,
) -> Option<Report> {
    if scope.refreshed || scope.depth > 0 {
        return None;
    }
    let service = &credential.value()["refreshService"];
    if service.is_null() {
        return None;
    }
    if !says(&service["type"], "1EdTechCredentialRefresh") {
        let kind = service["type"].as_str().map(str::to_owned);
        sheet.note(Check::Refresh, Outcome::Noted, codes::REFRESH_KIND_NOT_READ, kind);
        return None;
    }
    let Some(url) = service["id"].as_str() else {
        sheet.unchecked(Check::Refresh, codes::REFRESH_UNREADABLE, None);
        return None;
    };
    let answer = match ask.need(Need::Refresh { url: url.to_owned() }).await {
        Ok(answer) => answer,
        Err(why) => {
            sheet.unchecked(Check::Refresh, codes::REFRESH_UNANSWERED, Some(why.code().to_owned()));
            return None;
        }
    };
    let Some((carrier, newest)) = read(case, &answer) else {
        sheet.unchecked(Check::Refresh, codes::REFRESH_UNREADABLE, None);
        return None;
    };
    let (old, new) = (credential.value(), newest.value());
    if new["id"] != old["id"] || newest.issuer != credential.issuer || newest.kind != credential.kind {
        sheet.failed(Check::Refresh, codes::REFRESH_OTHER, None);
        return None;
    }
    if begins(&newest) <= begins(credential) {
        sheet.passed(Check::Refresh, codes::REFRESH_SAME);
        return None;
    }
    let scope = Scope { carrier, refreshed: true, ..scope };
    let mut report = judge(case, ask, newest, scope, allowance).await;
    let holds = [Check::Format, Check::Schema, Check::JsonLd, Check::Signature, Check::Key]
        .into_iter()
        .all(|check| report.finding(check).is_some_and(|finding| finding.outcome == Outcome::Passed));
    if !holds || report.verdict == Verdict::NotYetValid {
        sheet.failed(Check::Refresh, codes::REFRESH_NOT_PROVEN, Some(report.verdict.code().to_owned()));
        return None;
    }
    for finding in report.findings.iter_mut().filter(|finding| finding.check == Check::Refresh) {
        (finding.outcome, finding.code, finding.detail) = (Outcome::Passed, codes::REFRESH_NEWER, None);
    }
    Some(report)
}

fn read(case: &Case, answer: &Answer) -> Option<(Carrier, Credential)> {
    let carried = carrier::read(&answer.body).ok()?;
    match credential::read(&carried.text, &case.memory).ok()? {
        Reading::Credential(credential) => Some((carried.carrier.into(), *credential)),
        _ => None,
    }
}

fn begins(credential: &Credential) -> Option<time::OffsetDateTime> {
    let value: &Value = credential.value();
    dates::instant(&value[credential.begin_member()])
}
