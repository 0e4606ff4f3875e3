//! Every page has samples, and no sample has a fault.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use http::StatusCode;
use store::testing::sqlite;
use web::testing::{faults, unknown_icons, without_sample};
use web::{Origin, Site};

use super::world::{ORIGIN, World};
use crate::Issuer;

#[tokio::test(flavor = "multi_thread")]
async fn every_page_has_a_sample() {
    let world = World::of(&sqlite().await).await;
    let samples = Issuer::samples(&world.issuer.site);
    assert_eq!(without_sample(&world.routes, &samples), Vec::<&str>::new());
    let mut names = HashSet::new();
    for sample in &samples {
        assert!(names.insert(sample.name), "two samples are called {}", sample.name);
    }
}

#[test]
fn no_sample_page_has_a_fault() {
    let site = Site::demo(Origin::parse(ORIGIN).unwrap());
    let wrong: Vec<(&str, Vec<String>)> = Issuer::samples(&site)
        .iter()
        .map(|sample| (sample.name, faults(&sample.html)))
        .filter(|(_, faults)| !faults.is_empty())
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_letter_has_a_fault() {
    let site = Site::demo(Origin::parse(ORIGIN).unwrap());
    for (name, letter) in crate::letters::sample_letters(&site).unwrap() {
        // A letter carries its own few styles: mail readers ignore linked sheets.
        let wrong: Vec<String> =
            faults(&letter.html).into_iter().filter(|fault| !fault.starts_with("inline style")).collect();
        assert_eq!(wrong, Vec::<String>::new(), "{name}");
        assert!(!letter.subject.is_empty() && !letter.subject.contains('\n'), "{name}");
        assert!(!letter.text.contains('<') && !letter.text.contains("&#"), "{name}: {}", letter.text);
    }
}

#[test]
fn every_icon_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for folder in ["templates", "src"] {
        let mut waiting = vec![root.join(folder)];
        while let Some(path) = waiting.pop() {
            if path.is_dir() {
                waiting.extend(fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
            } else if let Ok(text) = fs::read_to_string(&path) {
                assert_eq!(unknown_icons(&text), Vec::<String>::new(), "{}", path.display());
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_referentiel_stands_at_its_addresses() {
    let world = World::of(&sqlite().await).await;
    let mut browser = world.browser();
    let page = browser.get("/referentiel").await;
    assert!(page.text.contains("50\u{a0}badges") || page.text.contains("50 badges"));
    let path = "/referentiel/0.1.0/cpt-travail-en-equipe/pratique";
    let one = browser.get(path).await;
    assert!(
        one.text.contains("og:image") && one.text.contains("Ce badge n’est pas une certification professionnelle.")
    );
    let json = browser.json(path).await;
    assert_eq!(json["id"], format!("{ORIGIN}{path}"));
    let region = crate::organisations::region_facts(&world.issuer).await.unwrap();
    assert_eq!(json["creator"]["id"], region.did.as_str());
    for (picture, media) in
        [("image.svg", "image/svg+xml"), ("vignette.svg", "image/svg+xml"), ("image.png", "image/png")]
    {
        let answer = browser.get(&format!("{path}/{picture}")).await;
        assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, media));
        assert!(answer.header("cache-control").contains("immutable"));
    }
    for path in [
        "/referentiel/0.2.0/cpt-travail-en-equipe/pratique",
        "/referentiel/0.1.0/cpt-travail-en-equipe/decouvre",
        "/referentiel/0.1.0/cpt-rien/pratique/image.svg",
    ] {
        assert_eq!(browser.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}
