//! Every page has a sample, every sample is sound, and the livret is light.

use super::world::{site, worlds};
use crate::letters::{Payload, letter};

#[test]
fn every_sample_is_sound() {
    let samples = crate::samples(&site());
    let mut names: Vec<&str> = samples.iter().map(|sample| sample.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), samples.len(), "names are unique");
    let mut wrong = Vec::new();
    for sample in &samples {
        wrong.extend(web::testing::faults(&sample.html).into_iter().map(|fault| format!("{}: {fault}", sample.name)));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn every_page_route_has_a_sample() {
    let worlds = worlds().await;
    let (_, routes) = worlds[0].wallet.house();
    let missing = web::testing::without_sample(&routes, &crate::samples(&site()));
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn twelve_badges_are_light_even_uncompressed() {
    let samples = crate::samples(&site());
    let livret = samples.iter().find(|sample| sample.name == "livret").expect("the livret");
    assert!(livret.html.len() < 24_000, "{} bytes", livret.html.len());
}

#[test]
fn letters_say_one_thing() {
    for (purpose, title) in [("enter", "Ouvrez votre livret"), ("address", "Confirmez votre adresse")] {
        let payload = Payload {
            purpose: purpose.to_owned(),
            to: "ines@exemple.fr".to_owned(),
            name: "Inès <Duval>".to_owned(),
            url: "https://livret.test/livret/lien/AAAA".to_owned(),
        };
        let letter = letter(&payload, "link-1@livret.test").unwrap();
        assert_eq!(letter.subject, title);
        assert!(letter.text.contains("Bonjour Inès,\n") && letter.text.contains(&payload.url));
        assert!(letter.html.contains(&payload.url) && !letter.html.contains("<Duval>"));
    }
}
