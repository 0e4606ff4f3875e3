//! The verdict's own words: five shapes, eight titles, a sentence, sometimes an advice (`pages.md` §9).

use checks::{Check, Finding, Outcome, Report, Verdict, codes};
use web::dates;

/// `h1`.
pub(super) const fn title(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Authentic => "Badge authentique",
        Verdict::Withdrawn => "Badge retiré",
        Verdict::Suspended => "Badge suspendu",
        Verdict::Expired => "Badge arrivé à sa fin",
        Verdict::NotYetValid => "Badge pas encore en vigueur",
        Verdict::Altered => "Badge modifié",
        Verdict::UnknownIssuer => "Émetteur inconnu",
        Verdict::CouldNotCheck => "N’a pas pu être vérifié",
    }
}

/// The title of a record that gathers badges, when something is amiss with itself.
pub(super) const fn title_of_record(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Authentic => "Relevé authentique",
        Verdict::Withdrawn => "Relevé retiré",
        Verdict::Suspended => "Relevé suspendu",
        Verdict::Expired => "Relevé arrivé à sa fin",
        Verdict::NotYetValid => "Relevé pas encore en vigueur",
        Verdict::Altered => "Relevé modifié",
        Verdict::UnknownIssuer => "Relevé d’un émetteur inconnu",
        Verdict::CouldNotCheck => "Le relevé n’a pas pu être vérifié",
    }
}

/// What that means: for the gathering alone, each badge having its own verdict.
pub(super) const fn sentence_of_record(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Authentic => "Rien n’a été changé dans ce relevé. Chaque badge a sa propre réponse.",
        Verdict::Withdrawn => "Qui avait signé ce relevé l’a retiré. Chaque badge a sa propre réponse.",
        Verdict::Suspended => "Qui a signé ce relevé l’a suspendu. Chaque badge a sa propre réponse.",
        Verdict::Expired => "La date de fin de ce relevé est passée. Chaque badge a sa propre réponse.",
        Verdict::NotYetValid => "Ce relevé commence à une date à venir. Chaque badge a sa propre réponse.",
        Verdict::Altered => {
            "Le relevé ne correspond plus à sa signature. Nous n’en affichons rien\u{a0}: nous ne savons pas ce qui est vrai."
        }
        Verdict::UnknownIssuer => {
            "Ce relevé est intact, mais la Région ne répond pas de qui l’a signé. Chaque badge a sa propre réponse."
        }
        Verdict::CouldNotCheck => {
            "Ce relevé n’a pas pu être vérifié en entier. Cela ne dit rien contre lui, ni contre ses badges."
        }
    }
}

/// Tone and drawing: circled tick, struck circle, torn sheet, question mark, cloud struck out.
pub(super) const fn shape(verdict: Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::Authentic => ("ok", web::icon!("circle-check")),
        Verdict::Withdrawn | Verdict::Suspended | Verdict::Expired | Verdict::NotYetValid => ("bad", web::icon!("ban")),
        Verdict::Altered => ("bad", web::icon!("file-warning")),
        Verdict::UnknownIssuer => ("warn", web::icon!("circle-help")),
        Verdict::CouldNotCheck => ("warn", web::icon!("cloud-off")),
    }
}

/// What the verdict means.
pub(super) fn sentence(report: &Report) -> String {
    let issuer = report.badge.as_ref().filter(|badge| badge.issuer.vouched).map(|badge| badge.issuer.name.as_str());
    match report.verdict {
        Verdict::Authentic => {
            let who = issuer.unwrap_or("l’organisme");
            // Said of what was read in the issuer's list, not of a badge that names none.
            let standing = match report.finding(Check::Revocation).map(|finding| finding.outcome) {
                Some(Outcome::Passed) => "Rien n’a été changé, rien n’a été retiré.",
                _ => "Rien n’a été changé. Le badge ne dit pas où lire s’il a été retiré.",
            };
            // Passive: the name of an organisation may be a plural.
            format!("Cette compétence a bien été attestée par {who}. {standing}")
        }
        Verdict::Withdrawn => "L’organisme qui avait attesté ce badge l’a retiré. Il ne compte plus.".to_owned(),
        Verdict::Suspended => {
            "L’organisme qui a attesté ce badge l’a suspendu. Pour le moment, il ne compte pas.".to_owned()
        }
        Verdict::Expired => match day(report, Check::End) {
            Some(day) => format!("Ce badge était signé jusqu’au {day}. Il ne compte plus."),
            None => "La date de fin de ce badge est passée. Il ne compte plus.".to_owned(),
        },
        Verdict::NotYetValid => match day(report, Check::Start) {
            Some(day) => format!("Ce badge est signé pour compter à partir du {day}."),
            None => "La date de début de ce badge n’est pas encore venue.".to_owned(),
        },
        Verdict::Altered => altered(report).to_owned(),
        Verdict::UnknownIssuer => unknown(report).to_owned(),
        Verdict::CouldNotCheck => unchecked(report).to_owned(),
    }
}

/// What to do next.
pub(super) fn advice(report: &Report) -> Option<&'static str> {
    match report.verdict {
        Verdict::Withdrawn => Some(
            "Un retrait peut corriger une simple erreur. Demandez à la personne si elle a un autre badge à vous montrer.",
        ),
        Verdict::Altered => Some(
            "Un fichier abîmé par un envoi donne le même résultat. Demandez à la personne le QR de son livret, puis vérifiez de nouveau.",
        ),
        Verdict::UnknownIssuer => Some("Il peut être bon\u{a0}: renseignez-vous auprès de l’organisme."),
        _ => None,
    }
}

fn altered(report: &Report) -> &'static str {
    match failed(report).map(|finding| (finding.check, finding.code)) {
        Some((_, codes::PROOF_MISSING)) => {
            "Ce fichier ne porte pas de signature\u{a0}: n’importe qui a pu l’écrire. Nous n’en affichons rien."
        }
        Some((Check::Key, _)) => {
            "La signature n’est pas celle de l’organisme que ce badge nomme. Nous n’en affichons rien\u{a0}: nous ne savons pas ce qui est vrai."
        }
        Some((Check::Format, _)) => {
            "Ce badge est abîmé\u{a0}: il n’a plus la forme d’un badge signé. Nous n’en affichons rien."
        }
        _ => {
            "Le contenu ne correspond plus à la signature. Nous n’en affichons rien\u{a0}: nous ne savons pas ce qui est vrai."
        }
    }
}

fn unknown(report: &Report) -> &'static str {
    match report.finding(Check::Issuer).map(|finding| finding.code) {
        Some(codes::HABILITATION_ENDED) => {
            "Ce badge est intact, mais l’organisme n’était plus habilité par la Région quand il l’a signé."
        }
        Some(codes::BEFORE_HABILITATION) => {
            "Ce badge est intact, mais l’organisme n’était pas encore habilité par la Région quand il l’a signé."
        }
        Some(codes::OUTSIDE_HABILITATION) => {
            "Ce badge est intact, mais l’organisme n’est pas habilité par la Région pour cette compétence."
        }
        Some(codes::KEY_NOT_IN_REGISTER) => "Ce badge est intact, mais la Région ne connaît pas la clé qui l’a signé.",
        _ => "Ce badge est intact, mais nous ne savons pas qui l’a fait.",
    }
}

fn unchecked(report: &Report) -> &'static str {
    let first = report.findings.iter().find(|finding| finding.outcome == Outcome::CouldNotCheck);
    match first.map(|finding| (finding.check, finding.code)) {
        Some((_, codes::SUITE_NOT_READ | codes::ISSUER_KIND_NOT_READ)) => {
            "Ce badge est d’une forme que nous ne savons pas encore lire. Cela ne dit rien contre le badge."
        }
        Some((_, codes::JSON_TOO_LARGE | codes::JSON_TOO_DEEP | codes::TOO_COMPLEX)) => {
            "Ce fichier est trop gros ou trop compliqué pour être vérifié ici. Cela ne dit rien contre le badge."
        }
        Some((Check::Format, _)) => "Nous n’avons pas trouvé de badge dans ce qui nous a été donné.",
        Some((Check::JsonLd, _)) => {
            "Ce badge emploie des mots que nous ne savons pas encore lire. Cela ne dit rien contre le badge."
        }
        Some((Check::Issuer, _)) => "Le registre de la Région n’a pas pu être lu. Cela ne dit rien contre le badge.",
        Some(_) => "Le service de l’organisme n’a pas répondu comme il faut. Cela ne dit rien contre le badge.",
        None => "Ce badge n’est pas écrit comme la norme le demande. Nous ne pouvons ni l’affirmer, ni le refuser.",
    }
}

fn failed(report: &Report) -> Option<&Finding> {
    report.findings.iter().find(|finding| finding.outcome == Outcome::Failed && finding.check != Check::Schema)
}

fn day(report: &Report, check: Check) -> Option<String> {
    super::finding::date(report.finding(check)?).map(|at| dates::long(dates::day_in_paris(at)))
}
