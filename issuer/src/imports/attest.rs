//! From reviewed lines to lots: one observation for each badge and level of the file.

use web::FieldErrors;

use super::rows::{self, Import};
use crate::access::Trainer;
use crate::awards::lots::{self, Attested};
use crate::awards::observation::{Answers, Around, Observation};
use crate::{Issuer, Result, awards};

/// Attests the ready lines of an import with the answers it holds, or says what is to be mended.
pub async fn attest(
    issuer: &Issuer,
    trainer: &Trainer,
    import: &Import,
) -> Result<std::result::Result<Attested, FieldErrors>> {
    let organisation_id = trainer.organisation_id;
    let families = awards::families(issuer, organisation_id).await?;
    let today = web::dates::day_in_paris(issuer.clock.now());
    let around = Around { today, families: families.as_deref(), points_wanted: false };
    let said = rows::badges_said(&issuer.db, organisation_id, import.import_id).await?;
    match observations(&import.answers.0, &said, import.says_badges(), around) {
        Ok(observations) => Ok(Ok(lots::from_import(issuer, trainer, import, &observations).await?)),
        Err(errors) => Ok(Err(errors)),
    }
}

/// An observation for each badge and level: the answers of the form hold for all, the points only for the badge they
/// were ticked for.
fn observations(
    answers: &Answers,
    said: &[(Option<String>, Option<String>, i64)],
    says_badges: bool,
    around: Around<'_>,
) -> std::result::Result<Vec<Observation>, FieldErrors> {
    let (badge, level) = answers.achievement.split_once('/').unwrap_or_default();
    let mut codes: Vec<String> = Vec::new();
    let mut silent = 0;
    for (own_badge, own_level, lines) in said {
        let (badge, level) = (own_badge.as_deref().unwrap_or(badge), own_level.as_deref().unwrap_or(level));
        if badge.is_empty() || level.is_empty() {
            silent += lines;
            continue;
        }
        let code = format!("{badge}/{level}");
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    if said.is_empty() && says_badges {
        // Nothing is ready: which badge would have been is not the question.
        return Ok(Vec::new());
    }
    let mut errors = FieldErrors::new();
    if silent > 0 && says_badges {
        let lines = web::words::count(usize::try_from(silent).unwrap_or_default(), "ligne ne dit", "lignes ne disent");
        errors.add("badge", format!("{lines} pas de badge\u{a0}: choisissez celui de ces lignes."));
    } else if codes.is_empty() {
        codes.push(answers.achievement.clone());
    }
    let several = codes.len() > 1;
    let mut observations = Vec::with_capacity(codes.len());
    for code in codes {
        let points = if code == answers.achievement { answers.points.clone() } else { Vec::new() };
        let one = Answers { achievement: code, points, ..answers.clone() };
        match one.check(around) {
            Ok(observation) => observations.push(observation),
            Err(more) => {
                let name = one.chosen().map(|a| a.name.as_str()).filter(|_| several).unwrap_or_default();
                for (id, message) in more.iter() {
                    let about_this_badge = id == "preuve" && !answers.evidence.is_empty() && !name.is_empty();
                    errors.add(
                        id,
                        if about_this_badge { format!("{name}\u{a0}: {message}") } else { message.to_owned() },
                    );
                }
            }
        }
    }
    if errors.is_empty() { Ok(observations) } else { Err(errors) }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn each_badge_of_the_file_is_an_observation() {
        let families = ["comportementale", "base", "numerique"].map(str::to_owned);
        let around = Around { today: date!(2026 - 11 - 25), families: Some(&families), points_wanted: false };
        let answers = Answers {
            achievement: "bas-lire/pratique".into(),
            day: "2026-11-20".into(),
            evidence: "mise-en-situation".into(),
            points: vec![0],
            sentence: "Lecture du planning.".into(),
            meant_day: String::new(),
        };
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let said = |pairs: &[(&str, &str)]| -> Vec<_> { pairs.iter().map(|(b, l)| (some(b), some(l), 2)).collect() };
        let told = |answers: &Answers, pairs: &[(&str, &str)]| {
            observations(answers, &said(pairs), true, around).map(|all| {
                all.iter().map(|o| (o.achievement.human_code.clone(), o.observed.clone())).collect::<Vec<_>>()
            })
        };
        let code = |code: &str, points: &[usize]| (code.to_owned(), points.to_vec());
        assert_eq!(
            told(&answers, &[("", ""), ("bas-ecrire", "decouvre"), ("", "decouvre"), ("bas-lire", "pratique")]),
            Ok(vec![code("bas-lire/pratique", &[0]), code("bas-ecrire/decouvre", &[]), code("bas-lire/decouvre", &[])])
        );
        let unchosen = Answers { achievement: String::new(), ..answers.clone() };
        assert_eq!(told(&unchosen, &[("bas-ecrire", "decouvre")]), Ok(vec![code("bas-ecrire/decouvre", &[])]));
        let errors = told(&unchosen, &[("bas-ecrire", "decouvre"), ("", "")]).expect_err("two lines say nothing");
        assert!(errors.of("badge").is_some_and(|why| why.starts_with("2\u{a0}lignes")), "{errors:?}");
        assert_eq!(told(&unchosen, &[]), Ok(Vec::new()));
        let none = observations(&unchosen, &[], false, around).map(|all| all.len());
        assert!(none.is_err_and(|errors| errors.of("badge").is_some()));
        let unseen = Answers { sentence: String::new(), ..answers };
        let errors = told(&unseen, &[("bas-ecrire", "decouvre"), ("", "")]).expect_err("a sentence is missing");
        assert_eq!(errors.len(), 1);
    }
}
