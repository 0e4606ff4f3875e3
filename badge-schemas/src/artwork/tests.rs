use std::fs;
use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::referentiel::{Achievement, Family, referentiel};

/// The specimen's alt of the general badge says « Badge » twice; ours does not.
fn expected(folder: &str, code: &str) -> Option<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/data/artwork/{folder}/{code}.svg"));
    fs::read_to_string(file).ok().map(|svg| svg.replace("Badge Badge général", "Badge général"))
}

fn everything() -> impl Iterator<Item = &'static Achievement> {
    referentiel().achievements().iter().chain(referentiel().key_achievements())
}

fn file_name(a: &Achievement) -> String {
    if a.badge_id == "cle-general" { a.badge_id.clone() } else { format!("{}-{}", a.badge_id, a.level.code()) }
}

fn organisation_of(svg: &str) -> String {
    let (_, rest) = svg.split_once("attesté par ").unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}

#[test]
fn equals_the_18_examples() {
    let mut compared = 0;
    for achievement in everything() {
        let Some(expected) = expected("exemples", &file_name(achievement)) else { continue };
        let organisation = organisation_of(&expected);
        assert_eq!(svg(&Artwork { achievement, organisation: Some(&organisation) }), expected);
        compared += 1;
    }
    assert_eq!(compared, 18);
}

#[test]
fn equals_the_15_vignettes() {
    let mut compared = 0;
    for achievement in everything() {
        let Some(expected) = expected("vignettes", &file_name(achievement)) else { continue };
        let organisation = organisation_of(&expected);
        assert_eq!(vignette(&Artwork { achievement, organisation: Some(&organisation) }), expected);
        compared += 1;
    }
    assert_eq!(compared, 15);
}

#[test]
fn every_badge_has_its_pictogram_as_the_table_says() {
    let table = include_str!("../../data/pictogrammes.csv");
    let ids: Vec<&str> = table.lines().skip(1).filter_map(|l| l.split(',').next()).collect();
    assert_eq!(ids.len(), 55);
    let source = include_str!("pictogram.rs");
    for line in table.lines().skip(1) {
        let (id, constant) = (line.split(',').next().unwrap(), line.rsplit(',').next().unwrap());
        assert!(source.contains(&format!("\"{id}\" => lu::{constant},")), "{line}");
    }
    assert!(everything().all(|a| pictogram::pictogram(&a.badge_id).is_some_and(|i| !i.data.is_empty())));
}

#[test]
fn a_neutral_picture_names_no_organisation() {
    let achievement = &referentiel().achievements()[0];
    let artwork = Artwork { achievement, organisation: None };
    assert_eq!(alt(&artwork), format!("Badge {}", achievement.name));
    assert!(!svg(&artwork).contains("attesté"));
}

#[test]
fn hostile_names_stay_text() {
    let achievement = &referentiel().achievements()[0];
    let hostile = "\"/><script>alert(1)</script>&\u{0}\u{8}{{ 7*7 }}<!--";
    let artwork = Artwork { achievement, organisation: Some(hostile) };
    for drawn in [svg(&artwork), vignette(&artwork)] {
        assert!(!drawn.contains("<script") && !drawn.contains("<!--") && !drawn.contains('\u{8}'));
        assert!(resvg::usvg::roxmltree::Document::parse(&drawn).is_ok());
    }
    assert!(png(&artwork, 64).is_ok());
    let long = "Ω".repeat(5_000);
    assert!(png(&Artwork { achievement, organisation: Some(&long) }, 64).is_ok());
}

#[test]
fn a_png_has_the_size_asked_within_bounds() {
    let achievement = &referentiel().achievements()[0];
    let artwork = Artwork { achievement, organisation: Some("Estuaire Compétences") };
    for (asked, drawn) in [(512, 512), (0, MIN_PX), (u32::MAX, MAX_PX)] {
        let png = png(&artwork, asked).unwrap();
        assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
        assert_eq!(png[16..24], [drawn.to_be_bytes(), drawn.to_be_bytes()].concat());
    }
}

/// Text is drawn with the bundled font: a badge with a name on its rim differs from one without.
#[test]
fn a_png_has_its_text() {
    let achievement = referentiel().achievements().iter().find(|a| a.family == Family::Base).unwrap();
    let draw = |name| png(&Artwork { achievement, organisation: Some(name) }, 256).unwrap();
    assert_ne!(draw("Estuaire Compétences"), draw(" "));
    assert_eq!(draw("Estuaire"), draw("Estuaire"));
}

#[test]
fn ids_of_two_inlined_badges_are_apart() {
    let artwork = Artwork { achievement: &referentiel().achievements()[0], organisation: None };
    let one = svg_inline(&artwork, "a");
    assert!(one.contains("id=\"an\"") && one.contains("href=\"#an\"") && !one.contains("id=\"tn\""));
}

proptest! {
    #[test]
    fn any_name_makes_a_well_formed_picture(name in any::<String>()) {
        let artwork = Artwork { achievement: &referentiel().achievements()[0], organisation: Some(&name) };
        for drawn in [svg(&artwork), vignette(&artwork)] {
            prop_assert!(resvg::usvg::roxmltree::Document::parse(&drawn).is_ok());
        }
    }
}
