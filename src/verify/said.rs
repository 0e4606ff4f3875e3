//! The words of a report at a terminal: those of the room of checks, in the language asked for.

use checks::{Check, Finding, PartKind, Report, words};

use super::Language;

pub(super) fn verdict(report: &Report, language: Language) -> &'static str {
    words::verdict(report.verdict, language.into())
}

pub(super) fn check(check: Check, language: Language) -> &'static str {
    words::check(check, language.into())
}

pub(super) fn finding(finding: &Finding, language: Language) -> &'static str {
    words::sentence(finding.code, language.into())
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
