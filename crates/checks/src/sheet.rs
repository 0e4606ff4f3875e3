//! The findings of one Inquiry while it runs.

use crate::codes;
use crate::facts::BadgeFacts;
use crate::form::Form;
use crate::inquiry::{Case, Policy};
use crate::proof::Unproven;
use crate::report::{Check, Finding, Outcome, Report};
use crate::verdict::verdict;

/// Longest detail, in characters: it may be a stranger's text.
const LONGEST_DETAIL: usize = 200;

#[derive(Debug, Default)]
pub(crate) struct Sheet(Vec<Finding>);

impl Sheet {
    pub(crate) fn passed(&mut self, check: Check, code: &'static str) {
        self.note(check, Outcome::Passed, code, None);
    }

    pub(crate) fn failed(&mut self, check: Check, code: &'static str, detail: Option<String>) {
        self.note(check, Outcome::Failed, code, detail);
    }

    pub(crate) fn unchecked(&mut self, check: Check, code: &'static str, detail: Option<String>) {
        self.note(check, Outcome::CouldNotCheck, code, detail);
    }

    pub(crate) fn note(&mut self, check: Check, outcome: Outcome, code: &'static str, detail: Option<String>) {
        let detail = detail.map(|text| text.chars().filter(|c| !c.is_control()).take(LONGEST_DETAIL).collect());
        self.0.push(Finding { check, outcome, code, detail });
    }

    /// Everything noted on another sheet.
    pub(crate) fn take(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// The report of everything noted.
    pub(crate) fn report(self, case: &Case, badge: Option<BadgeFacts>) -> Report {
        let findings = self.finish(case.policy);
        let verdict = verdict(&findings, case.policy);
        Report {
            verdict,
            at: case.now,
            findings,
            badge,
            endorsement: None,
            record: None,
            form: None,
            parts: Vec::new(),
        }
    }

    /// Whether this check has failed so far.
    pub(crate) fn failed_at(&self, check: Check) -> bool {
        self.0.iter().any(|finding| finding.check == check && finding.outcome == Outcome::Failed)
    }

    /// Whether this code was noted so far.
    pub(crate) fn noted(&self, code: &str) -> bool {
        self.0.iter().any(|finding| finding.code == code)
    }

    /// Every check in its order; those never reached say why.
    fn finish(mut self, policy: Policy) -> Vec<Finding> {
        let proven = self.0.iter().any(|finding| finding.check == Check::Key && finding.outcome == Outcome::Passed);
        for check in Check::ALL {
            if self.0.iter().any(|finding| finding.check == check) {
                continue;
            }
            let code = match check {
                Check::Issuer if !policy.trust => codes::NOT_ASKED,
                // A badge names one purpose; nobody asked about the other.
                Check::Suspension => codes::NOT_ASKED,
                Check::Revocation if !policy.status => codes::NOT_ASKED,
                Check::Endorsements | Check::Embedded | Check::Refresh | Check::Resources if proven => codes::NOT_THERE,
                _ => codes::POINTLESS,
            };
            self.note(check, Outcome::NotExamined, code, None);
        }
        self.0.sort_by_key(|finding| finding.check);
        self.0
    }
}

/// The report of a text that is not even read.
pub(crate) fn refused(case: &Case, refusal: Unproven, form: Option<Form>) -> Report {
    let mut sheet = Sheet::default();
    if refusal.check != Check::Format {
        sheet.passed(Check::Format, codes::OPEN_BADGES_3);
    }
    sheet.note(refusal.check, refusal.outcome, refusal.code, refusal.detail);
    Report { form, ..sheet.report(case, None) }
}
