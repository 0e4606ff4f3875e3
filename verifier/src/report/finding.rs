//! One sentence per finding.

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
    let text = match finding.code {
        // Said by the signature's line, or by the facts.
        codes::OPEN_BADGES_3
        | codes::SCHEMA_OK
        | codes::JSON_LD_OK
        | codes::KEY_OK
        | codes::RECIPIENT_NAMED
        | codes::STARTED => return None,

        codes::EMPTY => "Le fichier est vide.".to_owned(),
        codes::NOT_JSON => "Ce que nous avons lu n’est pas un fichier de badge (JSON).".to_owned(),
        codes::JSON_SYNTAX => "Le fichier JSON est abîmé.".to_owned(),
        codes::JSON_DUPLICATE_MEMBER => {
            "Le fichier dit deux fois la même chose de deux façons\u{a0}: deux lecteurs y verraient deux badges."
                .to_owned()
        }
        codes::JSON_TOO_LARGE | codes::JSON_TOO_DEEP | codes::TOO_COMPLEX => {
            "Le fichier est trop gros ou trop compliqué pour un badge.".to_owned()
        }
        codes::NOT_COMPACTED => {
            "Le badge est écrit d’une façon détournée\u{a0}: nous pourrions ne pas voir tout ce qui a été signé."
                .to_owned()
        }
        codes::NOT_A_BADGE => "Ce fichier JSON n’est pas un badge.".to_owned(),
        codes::FORMAT_NOT_READ => format_not_read(detail).to_owned(),
        codes::CONTEXT_ORDER | codes::TYPE_MISSING | codes::ISSUER_MISSING => {
            "Le badge n’a pas la forme d’un badge Open Badges\u{a0}3.0.".to_owned()
        }
        codes::SCHEMA_FAULT => "Le badge n’est pas écrit comme la norme le demande.".to_owned(),
        codes::JSON_LD_FAULT => "Le badge contient quelque chose que sa signature ne peut pas couvrir.".to_owned(),
        codes::CONTEXT_NOT_KEPT => "Le badge emploie un vocabulaire que nous ne gardons pas ici.".to_owned(),

        codes::SIGNATURE_OK => match &report.badge {
            Some(badge) => format!(
                "La signature est bonne\u{a0}: personne n’a modifié ce badge depuis le {}.",
                dates::long(dates::day_in_paris(badge.valid_from))
            ),
            None => "La signature est bonne.".to_owned(),
        },
        codes::SIGNATURE_MISMATCH => "La signature ne correspond pas au contenu.".to_owned(),
        codes::PROOF_MISSING => "Le badge ne porte pas de signature.".to_owned(),
        codes::PROOF_MALFORMED => "La signature n’est pas faite comme il faut.".to_owned(),
        codes::PROOF_PURPOSE => "La signature a été faite pour autre chose que pour attester.".to_owned(),
        codes::SUITE_NOT_READ => "La signature est d’une sorte que nous ne savons pas encore lire.".to_owned(),

        codes::CONTROLLER_NOT_ISSUER => {
            "La clé qui a signé n’est pas celle de l’organisme que le badge nomme.".to_owned()
        }
        codes::KEY_NOT_LISTED => "L’organisme que le badge nomme ne connaît pas la clé qui l’a signé.".to_owned(),
        codes::KEY_NOT_FOR_ASSERTION => "La clé qui a signé ne sert pas à attester.".to_owned(),
        codes::KEY_OUT_OF_DATES => "La clé qui a signé ne servait plus ce jour-là.".to_owned(),
        codes::KEY_UNUSABLE => "La clé publiée par l’organisme ne permet pas de vérifier.".to_owned(),
        codes::ISSUER_KIND_NOT_READ => "Nous ne savons pas encore trouver la clé de cet émetteur.".to_owned(),
        codes::DID_UNANSWERED => {
            format!("Le service de l’organisme n’a pas répondu à {}.", hour(report.at))
        }
        codes::DID_UNREADABLE | codes::DID_MISMATCH => {
            "Le service de l’organisme n’a pas donné sa clé comme il faut.".to_owned()
        }

        codes::ISSUER_IN_REGISTER => format!(
            "L’organisme est inscrit au registre de la Région, lu le {}.",
            dates::long(dates::day_in_paris(report.at))
        ),
        codes::ISSUER_NOT_IN_REGISTER => {
            format!("Le badge dit venir de «\u{a0}{detail}\u{a0}». Ce nom n’est pas au registre de la Région.")
        }
        codes::BEFORE_HABILITATION => match date(finding) {
            Some(from) => format!(
                "L’organisme est habilité par la Région depuis le {}\u{a0}: le badge est plus ancien.",
                day(from)
            ),
            None => "Le badge est plus ancien que l’habilitation de l’organisme.".to_owned(),
        },
        codes::HABILITATION_ENDED => match date(finding) {
            Some(until) => format!(
                "L’habilitation de l’organisme par la Région a pris fin le {}\u{a0}: le badge est plus récent.",
                day(until)
            ),
            None => "Le badge est plus récent que l’habilitation de l’organisme.".to_owned(),
        },
        codes::KEY_NOT_IN_REGISTER => "La clé qui a signé n’est pas au registre de la Région pour ce jour.".to_owned(),
        codes::OUTSIDE_HABILITATION => "L’organisme n’est pas habilité par la Région pour cette compétence.".to_owned(),
        codes::REGISTER_UNANSWERED => format!("Le registre de la Région n’a pas répondu à {}.", hour(report.at)),
        codes::REGISTER_UNREADABLE
        | codes::REGISTER_NOT_PROVEN
        | codes::REGISTER_ELSEWHERE
        | codes::REGISTER_TOO_OLD => "Le registre de la Région n’a pas pu être lu avec certitude.".to_owned(),

        codes::NOT_STARTED => match date(finding) {
            Some(from) => format!("Le badge compte à partir du {}.", day(from)),
            None => "Le badge ne compte pas encore.".to_owned(),
        },
        codes::DATE_UNREADABLE => "Une date du badge ne se lit pas.".to_owned(),
        codes::NOT_ENDED => match date(finding) {
            Some(until) => format!("Le badge compte jusqu’au {}.", day(until)),
            None => "Le badge compte encore.".to_owned(),
        },
        codes::NO_END => "Le badge n’a pas de date de fin.".to_owned(),
        codes::ENDED => match date(finding) {
            Some(until) => format!("Le badge comptait jusqu’au {}.", day(until)),
            None => "La date de fin du badge est passée.".to_owned(),
        },

        codes::STATUS_CLEAR if finding.check == Check::Suspension => "Le badge n’est pas suspendu.".to_owned(),
        codes::STATUS_CLEAR => "Le badge n’a pas été retiré.".to_owned(),
        codes::STATUS_SET if finding.check == Check::Suspension => {
            "Le badge figure dans la liste des badges suspendus.".to_owned()
        }
        codes::STATUS_SET => "Le badge figure dans la liste des badges retirés.".to_owned(),
        codes::STATUS_NONE => "Le badge ne dit pas où lire s’il a été retiré.".to_owned(),
        codes::STATUS_UNANSWERED => {
            format!("La liste des badges retirés n’a pas répondu à {}.", hour(report.at))
        }
        codes::STATUS_KIND_NOT_READ => {
            "La liste des badges retirés est d’une sorte que nous ne savons pas encore lire.".to_owned()
        }
        codes::STATUS_NOT_ISSUERS | codes::STATUS_NOT_PROVEN => {
            "La liste des badges retirés n’est pas signée par l’organisme.".to_owned()
        }
        codes::STATUS_OUT_OF_DATE => "La liste des badges retirés n’est pas à jour.".to_owned(),
        codes::STATUS_ENTRY_MALFORMED
        | codes::STATUS_UNREADABLE
        | codes::STATUS_PURPOSE
        | codes::STATUS_LENGTH
        | codes::STATUS_RANGE => "La liste des badges retirés ne se lit pas.".to_owned(),

        codes::RECIPIENT_HASHED => "Le badge ne dit pas le nom de la personne en clair.".to_owned(),
        other => match checks::words::sentence(other, checks::words::Language::French) {
            // A code of tomorrow: shown by its machine word rather than hidden.
            "" => format!("({other})"),
            sentence => sentence.to_owned(),
        },
    };
    Some(text)
}

fn format_not_read(kind: &str) -> &'static str {
    match kind {
        "compact_jws" => "C’est un badge en jeton signé (JWT)\u{a0}: nous ne savons pas encore le lire.",
        "open_badges_2" => "C’est un badge Open Badges\u{a0}2.0\u{a0}: nous ne savons pas encore le lire.",
        "vc_1_1" => "C’est un badge d’une forme plus ancienne (VC\u{a0}1.1)\u{a0}: nous ne savons pas encore le lire.",
        "presentation" => "C’est une présentation de plusieurs badges\u{a0}: nous ne savons pas encore la lire.",
        "clr" => "C’est un relevé de plusieurs badges (CLR)\u{a0}: nous ne savons pas encore le lire.",
        "endorsement" => "C’est une recommandation, pas un badge.",
        "status_list" => "C’est une liste de badges retirés, pas un badge.",
        _ => "Nous ne savons pas encore lire cette forme.",
    }
}

fn day(at: OffsetDateTime) -> String {
    dates::long(dates::day_in_paris(at))
}

fn hour(at: OffsetDateTime) -> String {
    dates::time(dates::paris(at).time())
}
