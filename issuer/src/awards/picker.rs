//! « Quel badge ? »: the last ones used, a search that is a plain address, and the families, folded. What cannot be
//! attested is said once, not line by line.

use axum::extract::{Path, Query, State};
use badge_schemas::referentiel::{Achievement, Family, referentiel};
use badge_schemas::text;
use serde::Deserialize;
use uuid::Uuid;
use web::{Cache, FieldErrors, Sample, Shell, Site, words};

use super::lots;
use super::observation::{KEY_BADGE, SECOND_LOOK, refused};
use crate::access::{Trainer, trainer_shell};
use crate::imports::reading::badges;
use crate::training_sessions::TrainingSession;
use crate::training_sessions::pages::{badge_words, find, sample_session};
use crate::{HOUSE, Issuer, Result, awards};

/// Longest search read, in characters.
const MAX_SEARCH: usize = 80;

/// Badges offered when a search finds none.
const NEAR: usize = 3;

#[derive(askama::Template)]
#[template(path = "awards/picker.html")]
pub(super) struct PickerPage {
    shell: Shell,
    id: Uuid,
    session: String,
    /// The last badges this trainer attested: code, name, vignette.
    last: Vec<(String, String, String)>,
    search: String,
    /// What a search found; nothing while one does not search.
    found: Option<Found>,
    families: Vec<FamilyPart>,
    /// « 16 « Je maîtrise » attendent un second regard »; empty when none does.
    waiting: String,
    /// Which.
    waiting_names: String,
    second_look: &'static str,
    key_badge: &'static str,
    errors: FieldErrors,
}

struct Found {
    title: String,
    /// Whether these are only the nearest.
    near: bool,
    badges: Vec<Badge>,
}

struct FamilyPart {
    name: &'static str,
    count: String,
    badges: Vec<Badge>,
    /// Why nothing of this family can be attested; empty when something can.
    closed: &'static str,
}

/// A badge with the levels that can be attested.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Badge {
    id: &'static str,
    name: &'static str,
    vignette: String,
    /// Code and words of each level.
    levels: Vec<(&'static str, &'static str)>,
}

/// `?cherche=équipe`
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    cherche: String,
}

pub(super) async fn page(
    State(issuer): State<Issuer>,
    trainer: Trainer,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result {
    let session = find(&issuer, &trainer, &id).await?;
    web::render(Cache::Private, &show(&issuer, &trainer, &session, &asked.cherche, FieldErrors::new()).await?)
}

/// The page for this session; also what « Attester » opens while no badge is chosen.
pub(super) async fn show(
    issuer: &Issuer,
    trainer: &Trainer,
    session: &TrainingSession,
    search: &str,
    errors: FieldErrors,
) -> Result<PickerPage> {
    let families = awards::families(issuer, trainer.organisation_id).await?;
    let last = lots::last_achievements(&issuer.db, trainer.organisation_id, trainer.member_id).await?;
    let mut page =
        PickerPage::new(&issuer.site, &trainer.organisation_name, session, search, last, families.as_deref());
    page.errors = errors;
    Ok(page)
}

/// The badges of these achievements that can be attested, in their order, each with its levels.
fn grouped(achievements: impl IntoIterator<Item = &'static Achievement>, families: Option<&[String]>) -> Vec<Badge> {
    let mut badges: Vec<Badge> = Vec::new();
    for one in achievements.into_iter().filter(|one| refused(one, families).is_none()) {
        if badges.last().is_none_or(|badge| badge.id != one.badge_id) {
            badges.push(Badge {
                id: &one.badge_id,
                name: &one.badge_name,
                vignette: String::new(),
                levels: Vec::new(),
            });
        }
        if let Some(badge) = badges.last_mut() {
            badge.levels.push((&one.human_code, one.level.name()));
            // The second level, where there is one, shows the family's colour best.
            if badge.levels.len() <= 2 {
                badge.vignette = format!("{}/vignette.svg", one.path());
            }
        }
    }
    badges
}

/// The badges that have every word of a search: in their name first, else in what they say.
fn search(said: &str, families: Option<&[String]>) -> Vec<Badge> {
    let key = text::search_key(said);
    let has = |text: &str| {
        let text = text::search_key(text);
        key.split(' ').all(|word| text.contains(word))
    };
    let all = referentiel().achievements();
    let named = grouped(all.iter().filter(|a| has(&a.badge_name)), families);
    let about = |a: &&Achievement| has(&format!("{} {} {}", a.badge_name, a.description, a.observables.join(" ")));
    // All levels of a badge, whichever of them says the word.
    let ids: Vec<&str> = all.iter().filter(about).map(|a| a.badge_id.as_str()).collect();
    let others = grouped(all.iter().filter(|a| ids.contains(&a.badge_id.as_str())), families);
    let others = others.into_iter().filter(|badge| !named.contains(badge)).collect::<Vec<_>>();
    [named, others].concat()
}

impl Found {
    fn of(said: &str, families: Option<&[String]>) -> Self {
        let badges = search(said, families);
        let quoted = format!("«\u{a0}{said}\u{a0}»");
        if !badges.is_empty() {
            let count = words::count(badges.len(), "badge", "badges");
            return Self { title: format!("{count} pour {quoted}"), near: false, badges };
        }
        let near = badges::nearest(said, None).into_iter().flat_map(|a| badges::of_badge(&a.badge_id));
        let mut near = grouped(near, families);
        near.truncate(NEAR);
        Self { title: format!("Aucun badge pour {quoted}"), near: true, badges: near }
    }
}

impl FamilyPart {
    fn new(family: Family, families: Option<&[String]>) -> Self {
        let of_family = || referentiel().achievements().iter().filter(move |a| a.family == family);
        let badges = grouped(of_family(), families);
        let why = of_family().filter_map(|a| refused(a, families)).find(|why| *why != SECOND_LOOK);
        Self {
            name: family.name(),
            count: words::count(badges.len(), "badge", "badges"),
            closed: if badges.is_empty() { why.unwrap_or_default() } else { "" },
            badges,
        }
    }
}

impl PickerPage {
    fn new(
        site: &Site,
        organisation: &str,
        session: &TrainingSession,
        said: &str,
        last: Vec<String>,
        families: Option<&[String]>,
    ) -> Self {
        let said: String = text::tidy(said).chars().filter(|c| !c.is_control()).take(MAX_SEARCH).collect();
        let attestable = |code: &String| {
            referentiel().achievement_by_code(code).is_some_and(|achievement| refused(achievement, families).is_none())
        };
        let last = last.into_iter().filter(attestable).map(|code| {
            let (name, vignette) = code.split_once('/').map(|(b, l)| badge_words(b, l)).unwrap_or_default();
            (code, name, vignette)
        });
        let waiting: Vec<&str> = referentiel()
            .achievements()
            .iter()
            .filter(|a| refused(a, families) == Some(SECOND_LOOK))
            .map(|a| a.badge_name.as_str())
            .collect();
        let shown = if text::search_key(&said).is_empty() { None } else { Some(Found::of(&said, families)) };
        let by_family = [Family::Comportementale, Family::Base, Family::Numerique];
        Self {
            shell: trainer_shell(site, organisation, "Quel badge\u{202f}?").current("/atelier"),
            id: session.session_id,
            session: session.title.clone(),
            last: last.collect(),
            search: said,
            found: shown,
            families: by_family.into_iter().map(|family| FamilyPart::new(family, families)).collect(),
            waiting: match waiting.len() {
                0 => String::new(),
                n => format!("{n}\u{a0}badges «\u{a0}Je maîtrise\u{a0}» attendent un second regard"),
            },
            waiting_names: words::list(&waiting),
            second_look: SECOND_LOOK,
            key_badge: KEY_BADGE,
            errors: FieldErrors::new(),
        }
    }
}

pub(super) fn samples(site: &Site) -> Vec<Sample> {
    const BADGES: &str = "/atelier/sessions/{id}/badges";
    let families = ["comportementale", "base", "numerique"].map(str::to_owned);
    let last = ["cpt-travail-en-equipe/pratique", "bas-lire/decouvre"].map(str::to_owned).to_vec();
    let page = |said: &str, last: &[String], families: &[String]| {
        let (organisation, session) = ("Les Ateliers du Noireau", sample_session());
        PickerPage::new(site, organisation, &session, said, last.to_vec(), Some(families))
    };
    let mut refused = page("", &last, &families);
    refused.errors.add("cherche", "Choisissez un badge et un niveau.");
    vec![
        Sample::new(HOUSE, BADGES, "choisir-badge", &page("", &last, &families)),
        Sample::new(HOUSE, BADGES, "choisir-badge-premier", &page("", &[], &families[1..])),
        Sample::new(HOUSE, BADGES, "choisir-badge-trouve", &page("équipe", &last, &families)),
        Sample::new(HOUSE, BADGES, "choisir-badge-proche", &page("rigeur", &last, &families)),
        Sample::new(HOUSE, BADGES, "choisir-badge-rien", &page("zzzz", &last, &families)),
        Sample::new(HOUSE, "/atelier/sessions/{id}/attester", "attester-premier", &refused),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn families() -> [String; 3] {
        ["comportementale", "base", "numerique"].map(str::to_owned)
    }

    fn names(badges: &[Badge]) -> Vec<&'static str> {
        badges.iter().map(|badge| badge.name).collect()
    }

    #[test]
    fn a_search_finds_names_first_then_what_badges_say() {
        let families = families();
        let find = |said: &str| search(said, Some(&families));
        assert_eq!(names(&find("EQUIPE travail"))[0], "Travail en équipe");
        let lire = find("lire");
        assert_eq!(names(&lire)[0], "Lire");
        assert!(lire[0].levels.len() > 1, "every level that can be attested: {lire:?}");
        // « Je maîtrise » of this family cannot be attested: it is not offered.
        let rigueur = find("rigueur");
        assert!(rigueur[0].levels.iter().all(|(code, _)| !code.ends_with("/maitrise")), "{rigueur:?}");
        // No badge twice, whether its name or its text has the word.
        let mut all = names(&find("e"));
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!((all.len(), count), (50, 50));
        assert!(find("zzzz").is_empty());
        assert!(names(&search("lire", Some(&families[..1]))).iter().all(|name| *name != "Lire"));
    }

    #[test]
    fn what_is_misspelt_offers_the_nearest() {
        let families = families();
        let found = Found::of("rigeur", Some(&families));
        assert!(found.near && names(&found.badges).contains(&"Rigueur"), "{:?}", found.badges);
        assert!(Found::of("zzzz", Some(&families)).badges.is_empty());
    }

    #[test]
    fn every_badge_is_within_reach_on_a_light_page() {
        let site = Site::demo(web::Origin::parse("http://localhost:8080").unwrap());
        let html = samples(&site).into_iter().find(|sample| sample.name == "choisir-badge").unwrap().html;
        assert_eq!(html.matches("<details").count(), 4, "three families and one sentence");
        assert!(!html.contains("<details open"), "folded");
        for achievement in referentiel().achievements() {
            let link = format!("/attester?badge={}\"", achievement.human_code);
            assert_eq!(html.contains(&link), refused(achievement, Some(&families())).is_none(), "{link}");
        }
        assert!(html.len() < 60_000, "{} bytes", html.len());
    }
}
