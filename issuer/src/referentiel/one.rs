//! One achievement: what a badge says, before anybody has it.

use axum::extract::{Path, State};
use badge_schemas::artwork::{self, Artwork};
use badge_schemas::credential::{IssuerFacts, achievement_document};
use badge_schemas::referentiel::{Achievement, Alignment, Family, Level, referentiel};
use http::HeaderMap;
use web::{Cache, Sample, Shell, Site};

use super::achievement;
use crate::organisations::pages::public_shell;
use crate::{HOUSE, Issuer, Result, organisations};

#[derive(askama::Template)]
#[template(path = "referentiel/one.html")]
struct OnePage {
    shell: Shell,
    achievement: &'static Achievement,
    level: Option<String>,
    family: &'static str,
    rule: String,
    members: Vec<(String, String)>,
    others: Vec<(String, &'static str)>,
    alignments: &'static [Alignment],
    picture: String,
    alt: String,
    url: String,
    image_url: String,
}

pub(super) async fn page(
    State(issuer): State<Issuer>,
    Path((version, badge, level)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Result {
    let achievement = achievement(&version, &badge, &level)?;
    if web::wants_json(&headers) {
        let region = organisations::region_facts(&issuer).await?;
        let region = IssuerFacts { did: region.did.clone(), name: region.name.clone(), url: region.url.clone() };
        let document = achievement_document(achievement, issuer.site.houses.issuer.as_str(), &region);
        return Ok(web::document("application/ld+json", Cache::Public(3600), document.to_string()));
    }
    web::render(Cache::Public(300), &OnePage::new(&issuer.site, achievement))
}

impl OnePage {
    fn new(site: &Site, achievement: &'static Achievement) -> Self {
        let referentiel = referentiel();
        let path = achievement.path();
        let all = if achievement.is_key() { referentiel.key_achievements() } else { referentiel.achievements() };
        let others = all
            .iter()
            .filter(|one| one.badge_id == achievement.badge_id && one.level != achievement.level)
            .map(|one| (one.path(), one.level.name()))
            .collect();
        let level = (achievement.level != Level::General).then(|| achievement.level.name().to_owned());
        Self {
            shell: public_shell(site, &achievement.name).house("Référentiel Normand"),
            level,
            family: match achievement.family {
                Family::Comportementale => "Compétence comportementale.",
                Family::Base => "Compétence de base.",
                Family::Numerique => "Compétence numérique.",
                Family::Cle => "Badge clé.",
            },
            rule: referentiel.badge(&achievement.badge_id).map(|badge| badge.evidence_rule.clone()).unwrap_or_default(),
            members: members(achievement),
            others,
            alignments: &achievement.alignments,
            picture: format!("{path}/image.svg"),
            alt: artwork::alt(&Artwork { achievement, organisation: None }),
            url: site.houses.issuer.join(&path),
            image_url: site.houses.issuer.join(&format!("{path}/image.png")),
            achievement,
        }
    }
}

/// What a key badge is made of: address and name.
fn members(achievement: &Achievement) -> Vec<(String, String)> {
    let referentiel = referentiel();
    let key = referentiel
        .key_badges
        .iter()
        .find(|key| key.badge_id == achievement.badge_id && key.level == achievement.level);
    let named = |id: &String| {
        let badge = referentiel.achievement(id, achievement.level).map(|one| (one.path(), one.name.clone()));
        badge.or_else(|| {
            let key = referentiel.key_badges.iter().find(|key| key.id == *id)?;
            let one = referentiel.achievement(&key.badge_id, key.level)?;
            Some((one.path(), one.name.clone()))
        })
    };
    key.map(|key| key.members.iter().filter_map(named).collect()).unwrap_or_default()
}

pub(super) fn samples(site: &Site) -> Vec<Sample> {
    const PATH: &str = "/referentiel/{version}/{badge}/{level}";
    [
        ("cpt-travail-en-equipe/pratique", "referentiel-badge"),
        ("cpt-travail-en-equipe/maitrise", "referentiel-second-regard"),
        ("bas-lire/decouvre", "referentiel-base"),
        ("cle-s-organiser/pratique", "referentiel-cle"),
        ("cle-general/general", "referentiel-general"),
    ]
    .into_iter()
    .filter_map(|(code, name)| {
        let achievement = referentiel().achievement_by_code(code)?;
        Some(Sample::new(HOUSE, PATH, name, &OnePage::new(site, achievement)))
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_achievement_has_a_page_without_fault() {
        let site = Site::demo(web::Origin::parse("http://localhost:8080").unwrap());
        let all = referentiel().achievements().iter().chain(referentiel().key_achievements());
        let mut seen = 0;
        for achievement in all {
            let html = askama::Template::render(&OnePage::new(&site, achievement)).unwrap();
            assert_eq!(web::testing::faults(&html), Vec::<String>::new(), "{}", achievement.human_code);
            seen += 1;
        }
        assert_eq!(seen, 143);
    }

    #[test]
    fn key_badges_name_what_they_are_made_of() {
        for achievement in referentiel().key_achievements() {
            assert!(members(achievement).len() >= 2, "{}", achievement.human_code);
        }
    }
}
