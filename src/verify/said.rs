//! The words of a report at a terminal: those of the room of checks, in the language asked for.

use checks::{Check, Finding, Report, words};

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

impl From<Language> for words::Language {
    fn from(language: Language) -> Self {
        match language {
            Language::Fr => Self::French,
            Language::En => Self::English,
        }
    }
}
