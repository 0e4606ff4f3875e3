//! The whole référentiel on one page.

use axum::extract::State;
use badge_schemas::referentiel::{Achievement, Family, referentiel};
use web::{Cache, Sample, Shell, Site, words};

use crate::awards::observation::KEY_BADGE;
use crate::organisations::pages::public_shell;
use crate::{HOUSE, Issuer, Result};

#[derive(askama::Template)]
#[template(path = "referentiel/whole.html")]
struct WholePage {
    shell: Shell,
    version: &'static str,
    families: Vec<FamilyPart>,
}

struct FamilyPart {
    id: &'static str,
    name: &'static str,
    count: String,
    /// How one obtains a badge of this family; empty where one attests what was seen.
    how: &'static str,
    badges: Vec<BadgeLine>,
}

struct BadgeLine {
    name: &'static str,
    picture: String,
    levels: Vec<(String, &'static str)>,
}

pub(super) async fn page(State(issuer): State<Issuer>) -> Result {
    web::render(Cache::Public(300), &WholePage::new(&issuer.site))
}

impl WholePage {
    fn new(site: &Site) -> Self {
        let referentiel = referentiel();
        let title = format!("{} badges, en trois familles", referentiel.badges.len());
        let families = Family::ALL
            .into_iter()
            .map(|family| {
                let all =
                    if family == Family::Cle { referentiel.key_achievements() } else { referentiel.achievements() };
                FamilyPart::new(family, all.iter().filter(|one| one.family == family))
            })
            .collect();
        Self {
            shell: public_shell(site, &title).house("Référentiel Normand").current("/referentiel"),
            version: &referentiel.version,
            families,
        }
    }
}

impl FamilyPart {
    fn new(family: Family, achievements: impl Iterator<Item = &'static Achievement>) -> Self {
        let mut badges: Vec<BadgeLine> = Vec::new();
        let mut last = "";
        for one in achievements {
            if one.badge_id != last {
                last = &one.badge_id;
                badges.push(BadgeLine { name: &one.badge_name, picture: String::new(), levels: Vec::new() });
            }
            if let Some(line) = badges.last_mut() {
                line.levels.push((one.path(), one.level.name()));
                // The second level, where there is one, shows the family's colour best.
                if line.levels.len() <= 2 {
                    line.picture = format!("{}/vignette.svg", one.path());
                }
            }
        }
        let count = badges.iter().map(|line| line.levels.len()).sum();
        Self {
            id: family.code(),
            name: family.name(),
            count: words::count(count, "badge possible", "badges possibles"),
            how: if family == Family::Cle { KEY_BADGE } else { "" },
            badges,
        }
    }
}

pub(super) fn samples(site: &Site) -> Vec<Sample> {
    vec![Sample::new(HOUSE, "/referentiel", "referentiel", &WholePage::new(site))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_badges_are_there_and_the_page_is_light() {
        let site = Site::demo(web::Origin::parse("http://localhost:8080").unwrap());
        let page = WholePage::new(&site);
        let counts: Vec<usize> = page.families.iter().map(|part| part.badges.len()).collect();
        assert_eq!(counts.iter().take(3).sum::<usize>(), 50);
        assert_eq!(page.families[3].badges.iter().map(|line| line.levels.len()).sum::<usize>(), 9);
        let html = askama::Template::render(&page).unwrap();
        assert!(html.len() < 60_000, "{} bytes before compression", html.len());
    }
}
