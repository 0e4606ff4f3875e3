//! The words of a report at a terminal: those of the room of checks, in the language asked for.

use checks::{Check, Finding, Outcome, PartKind, Report, Standard, Unanswered, codes, words};

use super::Language;

/// The first line: what the exit code says, in words.
pub(super) fn verdict(report: &Report, language: Language) -> String {
    let french = language == Language::Fr;
    if is_of_another(report) {
        return if french { "Badge de quelqu’un d’autre" } else { "Somebody else’s badge" }.to_owned();
    }
    let least = words::verdict(report.least(), language.into());
    match (report.least() == report.verdict, french) {
        (true, _) => least.to_owned(),
        (false, true) => format!("{least} (l’un de ceux qu’il contient)"),
        (false, false) => format!("{least} (one of those inside)"),
    }
}

/// Whether the badge is good, but not of the person asked about.
pub(super) fn is_of_another(report: &Report) -> bool {
    let speaks = |finding: &&Finding| matches!(finding.outcome, Outcome::Failed | Outcome::CouldNotCheck);
    let mut against = report.findings.iter().filter(speaks).peekable();
    against.peek().is_some()
        && against.all(|finding| finding.check == Check::Recipient && finding.outcome == Outcome::Failed)
}

pub(super) fn check(check: Check, language: Language) -> &'static str {
    words::check(check, language.into())
}

pub(super) fn finding(finding: &Finding, report: &Report, language: Language) -> &'static str {
    // Before 3.0 a hosted badge has no signature to cover its words.
    if finding.code == codes::JSON_LD_OK && report.form.is_some_and(|form| is_before_3(form.standard)) {
        return match language {
            Language::Fr => "Tous les mots du badge sont ceux de la norme.",
            Language::En => "All the words of the badge are the standard’s.",
        };
    }
    // Nobody failed to answer: nobody was asked.
    if finding.outcome == Outcome::CouldNotCheck && finding.detail.as_deref() == Some(Unanswered::Forbidden.code()) {
        return match language {
            Language::Fr => "Rien n’a été demandé\u{a0}: l’adresse n’est pas sur le web public, ou pas en https.",
            Language::En => "Nothing was asked: the address is not on the public web, or not https.",
        };
    }
    words::sentence(finding.code, language.into())
}

const fn is_before_3(standard: Standard) -> bool {
    match standard {
        Standard::OpenBadges2
        | Standard::Endorsement2
        | Standard::OpenBadges1_1
        | Standard::OpenBadges1_0
        | Standard::OpenBadges0_5 => true,
        Standard::OpenBadges3 | Standard::Endorsement3 | Standard::Clr2 | Standard::Presentation => false,
    }
}

pub(super) const fn part(kind: PartKind, language: Language) -> &'static str {
    match (kind, language) {
        (PartKind::Endorsement, Language::Fr) => "Recommandation",
        (PartKind::Endorsement, Language::En) => "Endorsement",
        (PartKind::Embedded, Language::Fr) => "Badge du relevé",
        (PartKind::Embedded, Language::En) => "Badge of the collection",
        (PartKind::Presented, Language::Fr) => "Badge présenté",
        (PartKind::Presented, Language::En) => "Badge presented",
    }
}

impl From<Language> for words::Language {
    fn from(language: Language) -> Self {
        match language {
            Language::Fr => Self::French,
            Language::En => Self::English,
        }
    }
}

#[cfg(test)]
mod tests {
    use checks::{Carrier, Form, Verdict};

    use super::*;

    #[test]
    fn no_signature_is_said_to_cover_a_badge_that_has_none() {
        let found = Finding { check: Check::JsonLd, outcome: Outcome::Passed, code: codes::JSON_LD_OK, detail: None };
        let said = |standard| {
            let form = Form { carrier: Carrier::Url, standard, data_model: None };
            let report = Report {
                verdict: Verdict::Authentic,
                at: time::OffsetDateTime::UNIX_EPOCH,
                findings: Vec::new(),
                badge: None,
                endorsement: None,
                record: None,
                form: Some(form),
                parts: Vec::new(),
            };
            finding(&found, &report, Language::Fr)
        };
        for standard in [Standard::OpenBadges2, Standard::Endorsement2, Standard::OpenBadges1_0] {
            assert_eq!(said(standard), "Tous les mots du badge sont ceux de la norme.");
        }
        assert!(said(Standard::OpenBadges3).contains("couvert par sa signature"));
    }
}
