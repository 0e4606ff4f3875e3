//! The findings of one Inquiry while it runs.

use crate::codes;
use crate::facts::BadgeFacts;
use crate::inquiry::{Case, Policy};
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
        Report { verdict: verdict(&findings, case.policy), at: case.now, findings, badge }
    }

    /// Every check in its order; those never reached say why.
    fn finish(mut self, policy: Policy) -> Vec<Finding> {
        for check in Check::ALL {
            if self.0.iter().any(|finding| finding.check == check) {
                continue;
            }
            let asked = match check {
                Check::Issuer => policy.trust,
                // A badge names one purpose; nobody asked about the other.
                Check::Suspension => false,
                Check::Revocation => policy.status,
                _ => true,
            };
            let code = if asked { codes::POINTLESS } else { codes::NOT_ASKED };
            self.note(check, Outcome::NotExamined, code, None);
        }
        self.0.sort_by_key(|finding| finding.check);
        self.0
    }
}
