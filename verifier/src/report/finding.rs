//! One sentence per finding: what `checks` says of its code, with the day, the hour or the name when there is one.

use checks::{Check, Finding, Outcome, Report, codes};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use web::dates;

use super::Line;

/// The line of a finding; `None` for what a person need not read (what passed under another line, what nobody asked).
pub(super) fn line(finding: &Finding, report: &Report) -> Option<Line> {
    let text = text(finding, report)?;
    Some(match (finding.check, finding.outcome) {
        // An issuer that is not in the register is unknown, not proven bad.
        (Check::Issuer, Outcome::Failed) => {
            Line { tone: "warn", icon: web::icon!("circle-help"), word: "Inconnu.", text }
        }
        (_, outcome) => Line::new(outcome, text),
    })
}

/// The instant a finding speaks of.
pub(super) fn date(finding: &Finding) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(finding.detail.as_deref()?, &Rfc3339).ok()
}

fn text(finding: &Finding, report: &Report) -> Option<String> {
    if finding.outcome == Outcome::NotExamined {
        return None;
    }
    let detail = finding.detail.as_deref().unwrap_or_default();
    let suspension = finding.check == Check::Suspension;
    let dated = |with: fn(String) -> String| date(finding).map(|at| with(dates::long(dates::day_in_paris(at))));
    let said = match finding.code {
        // Said by the signature's line, or by the facts.
        codes::OPEN_BADGES_3
        | codes::SCHEMA_OK
        | codes::JSON_LD_OK
        | codes::KEY_OK
        | codes::RECIPIENT_NAMED
        | codes::STARTED => return None,
        codes::SIGNATURE_OK => report.badge.as_ref().map(|badge| {
            let since = dates::long(dates::day_in_paris(badge.valid_from));
            format!("La signature est bonne\u{a0}: personne n’a modifié ce badge depuis le {since}.")
        }),
        codes::DID_UNANSWERED => Some(format!("Le service de l’organisme n’a pas répondu à {}.", hour(report.at))),
        codes::ISSUER_IN_REGISTER => {
            let read = dates::long(dates::day_in_paris(report.at));
            Some(format!("L’organisme est inscrit au registre de la Région, lu le {read}."))
        }
        codes::ISSUER_NOT_IN_REGISTER => {
            Some(format!("Le badge dit venir de «\u{a0}{detail}\u{a0}». Ce nom n’est pas au registre de la Région."))
        }
        codes::BEFORE_HABILITATION => dated(|from| {
            format!("L’organisme est habilité par la Région depuis le {from}\u{a0}: le badge est plus ancien.")
        }),
        codes::HABILITATION_ENDED => dated(|until| {
            format!(
                "L’habilitation de l’organisme par la Région a pris fin le {until}\u{a0}: le badge est plus récent."
            )
        }),
        codes::REGISTER_UNANSWERED => Some(format!("Le registre de la Région n’a pas répondu à {}.", hour(report.at))),
        codes::NOT_STARTED => dated(|from| format!("Le badge compte à partir du {from}.")),
        codes::NOT_ENDED => dated(|until| format!("Le badge compte jusqu’au {until}.")),
        codes::ENDED => dated(|until| format!("Le badge comptait jusqu’au {until}.")),
        codes::STATUS_CLEAR if suspension => Some("Le badge n’est pas suspendu.".to_owned()),
        codes::STATUS_CLEAR => Some("Le badge n’a pas été retiré.".to_owned()),
        codes::STATUS_SET if suspension => Some("Le badge figure dans la liste des badges suspendus.".to_owned()),
        codes::STATUS_SET => Some("Le badge figure dans la liste des badges retirés.".to_owned()),
        codes::STATUS_UNANSWERED => Some(format!("La liste des badges retirés n’a pas répondu à {}.", hour(report.at))),
        _ => None,
    };
    Some(said.unwrap_or_else(|| sentence(finding.code)))
}

/// What the code says, whatever the badge.
fn sentence(code: &str) -> String {
    match checks::words::sentence(code, checks::words::Language::French) {
        // A code of tomorrow: shown by its machine word rather than hidden.
        "" => format!("({code})"),
        sentence => sentence.to_owned(),
    }
}

fn hour(at: OffsetDateTime) -> String {
    dates::time(dates::paris(at).time())
}
