//! How findings become one word. The reasons for this order stand in the crate's README.

use crate::inquiry::Policy;
use crate::report::{Check, Finding, Outcome, Verdict};

/// The verdict of findings that hold every check at least once.
pub(crate) fn verdict(findings: &[Finding], policy: Policy) -> Verdict {
    let any = |check: Check, outcome: Outcome| findings.iter().any(|f| f.check == check && f.outcome == outcome);
    let failed = |check| any(check, Outcome::Failed);
    let unchecked = |check| any(check, Outcome::CouldNotCheck);
    if [Check::JsonLd, Check::Signature, Check::Key].into_iter().any(failed) {
        return Verdict::Altered;
    }
    let misfit = failed(Check::Format);
    let whole = [Check::Signature, Check::Key].into_iter().all(|check| any(check, Outcome::Passed));
    let open = [Check::JsonLd, Check::Signature, Check::Key].into_iter().any(unchecked);
    // No badge of its standard, and not made so: neither whole as its issuer signed it, nor beyond saying.
    if misfit && !whole && !open {
        return Verdict::Altered;
    }
    if failed(Check::Revocation) {
        return Verdict::Withdrawn;
    }
    if failed(Check::Suspension) {
        return Verdict::Suspended;
    }
    if misfit {
        return Verdict::CouldNotCheck;
    }
    if failed(Check::Issuer) {
        return Verdict::UnknownIssuer;
    }
    if [Check::Format, Check::JsonLd, Check::Signature, Check::Key, Check::Issuer].into_iter().any(unchecked) {
        return Verdict::CouldNotCheck;
    }
    if failed(Check::Start) {
        return Verdict::NotYetValid;
    }
    if failed(Check::End) {
        return Verdict::Expired;
    }
    let amiss = |f: &Finding| match f.check {
        // Facts beside the badge: what others say of it, what it holds, a newer version.
        Check::Endorsements | Check::Embedded | Check::Refresh => false,
        // A linked file that did not come says nothing; one that was changed is not what was signed.
        Check::Resources => f.outcome == Outcome::Failed,
        _ => matches!(f.outcome, Outcome::Failed | Outcome::CouldNotCheck),
    };
    let something_amiss = findings.iter().any(amiss);
    if something_amiss || !all_passed(findings, policy) {
        return Verdict::CouldNotCheck;
    }
    Verdict::Authentic
}

/// « Authentique » is said only of what was positively found: silence never adds up to it.
fn all_passed(findings: &[Finding], policy: Policy) -> bool {
    let good = |check: Check| {
        let mut of_check = findings.iter().filter(|f| f.check == check).peekable();
        of_check.peek().is_some() && of_check.all(|f| matches!(f.outcome, Outcome::Passed | Outcome::Noted))
    };
    [Check::Format, Check::Schema, Check::JsonLd, Check::Signature, Check::Key, Check::Start, Check::End]
        .into_iter()
        .all(good)
        && (!policy.trust || good(Check::Issuer))
        && (!policy.status || good(Check::Revocation))
}
