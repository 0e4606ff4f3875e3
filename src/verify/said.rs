//! The words of a report at a terminal.

use checks::{Check, Finding, Report, Verdict};

use super::Language;

pub(super) fn verdict(report: &Report, language: Language) -> &'static str {
    let (fr, en) = match report.verdict {
        Verdict::Authentic => ("Badge authentique", "Authentic badge"),
        Verdict::Withdrawn => ("Badge retiré", "Withdrawn badge"),
        Verdict::Suspended => ("Badge suspendu", "Suspended badge"),
        Verdict::Expired => ("Badge arrivé à sa fin", "Expired badge"),
        Verdict::NotYetValid => ("Badge pas encore en vigueur", "Badge not yet in force"),
        Verdict::Altered => ("Badge modifié", "Altered badge"),
        Verdict::UnknownIssuer => ("Émetteur inconnu", "Unknown issuer"),
        Verdict::CouldNotCheck => ("N’a pas pu être vérifié", "Could not be checked"),
    };
    choose(language, fr, en)
}

pub(super) fn check(check: Check, language: Language) -> &'static str {
    let (fr, en) = match check {
        Check::Format => ("Format", "Format"),
        Check::Schema => ("Forme", "Schema"),
        Check::JsonLd => ("Sens de chaque mot", "JSON-LD"),
        Check::Signature => ("Signature", "Signature"),
        Check::Key => ("Clé", "Key"),
        Check::Issuer => ("Émetteur", "Issuer"),
        Check::Start => ("Début", "Start"),
        Check::End => ("Fin", "End"),
        Check::Revocation => ("Retrait", "Revocation"),
        Check::Suspension => ("Suspension", "Suspension"),
        Check::Recipient => ("Personne", "Recipient"),
    };
    choose(language, fr, en)
}

/// Its stable code, until the room of checks has a sentence for each.
pub(super) fn finding(finding: &Finding, _language: Language) -> String {
    finding.code.replace('_', " ")
}

fn choose(language: Language, fr: &'static str, en: &'static str) -> &'static str {
    match language {
        Language::Fr => fr,
        Language::En => en,
    }
}
