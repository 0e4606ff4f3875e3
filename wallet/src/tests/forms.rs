//! Every form of a badge as a file, and chosen badges in one record, on both engines.

use http::StatusCode;

use super::world::{RIGOUR, TEAM, letter, worlds};
use crate::forms::FORMS;

fn header<'a>(page: &'a super::world::Page, name: &str) -> &'a str {
    page.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

#[tokio::test]
async fn each_form_comes_from_the_issuer_for_the_key_that_claimed() {
    for world in worlds().await {
        let (mut ines, badge) = world.learner(1, "Inès Duval", "ines@exemple.fr").await;
        let (mut paul, other) = world.learner(2, "Paul Martin", "paul@exemple.fr").await;
        let page = ines.get(&badge).await.text;
        let places: Vec<Option<usize>> =
            FORMS.iter().map(|form| page.find(&format!("{badge}/formes/{}\"", form.path))).collect();
        assert!(places.iter().all(Option::is_some) && places.is_sorted(), "each is offered, the picture first");
        for form in FORMS {
            let path = format!("{badge}/formes/{}", form.path);
            let file = ines.get(&path).await;
            assert_eq!((file.status, file.text), (StatusCode::OK, format!("the form {}", form.path)));
            let file = ines.get(&path).await;
            assert_eq!(header(&file, "content-type"), form.media);
            let name = header(&file, "content-disposition");
            assert!(name.contains("2026-05-12-travail-en-equipe-pratique") && name.contains(form.ending), "{name}");
            assert_eq!(header(&file, "cache-control"), "no-store");
            assert_eq!(paul.get(&path).await.status, StatusCode::NOT_FOUND, "not of his livret");
        }
        assert_eq!(ines.get(&format!("{badge}/formes/ob3.exe")).await.status, StatusCode::NOT_FOUND);
        assert_eq!(world.browser().get(&format!("{badge}/formes/ob3.png")).await.status, StatusCode::SEE_OTHER);
        world.issuer.becomes(&letter(1), "withdrawn");
        let gone = ines.get(&format!("{badge}/formes/ob3.png")).await;
        assert_eq!(gone.status, StatusCode::GONE);
        assert!(gone.text.contains("Ce badge a été retiré") && gone.text.contains(&badge), "{}", gone.text);
        world.issuer.0.lock().unwrap().silent = true;
        let silent = paul.get(&format!("{other}/formes/ob2.jws")).await;
        assert_eq!(silent.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(silent.text.contains("Le fichier n’est pas venu"), "{}", silent.text);
    }
}

#[tokio::test]
async fn chosen_badges_go_into_one_record() {
    for world in worlds().await {
        let (mut ines, first) = world.learner(1, "Inès Duval", "ines@exemple.fr").await;
        world.issuer.attests(&letter(2), "Inès Duval", RIGOUR, Some("ines@exemple.fr"));
        let second = ines.claims(&letter(2), &[]).await.location;
        world.issuer.attests(&letter(3), "Karim Benali", TEAM, Some("ines@exemple.fr"));
        let third = ines.claims(&letter(3), &[("livret", "same")]).await.location;
        let id =
            |path: &str| path.split('?').next().and_then(|path| path.rsplit('/').next()).unwrap_or_default().to_owned();
        let (first, second, third) = (id(&first), id(&second), id(&third));
        assert!(ines.get("/livret/emporter").await.text.contains("/livret/releve"));
        let page = ines.get(&format!("/livret/releve?badge={second}")).await.text;
        assert_eq!(page.matches(" checked").count(), 1, "the badge one comes from");
        let none = ines.post("/livret/releve", &[]).await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(none.text.contains("Choisissez au moins un badge"));
        let mixed = ines.post("/livret/releve", &[("badge", &first), ("badge", &third)]).await;
        assert_eq!(mixed.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(mixed.text.contains("à des noms différents") && mixed.text.matches(" checked").count() == 2);
        let file = ines.post("/livret/releve", &[("badge", &first), ("badge", &second), ("badge", &first)]).await;
        assert_eq!((file.status, file.text.as_str()), (StatusCode::OK, "a record of 2"));
        assert!(header(&file, "content-disposition").contains("-mes-badges.json"));
        let (mut paul, _) = world.learner(4, "Paul Martin", "paul@exemple.fr").await;
        assert_eq!(paul.post("/livret/releve", &[("badge", &first)]).await.status, StatusCode::NOT_FOUND);
        world.issuer.becomes(&letter(1), "withdrawn");
        let gone = ines.post("/livret/releve", &[("badge", &first)]).await;
        assert_eq!(gone.status, StatusCode::GONE);
        assert!(gone.text.contains("Un de ces badges a été retiré"), "{}", gone.text);
        world.issuer.0.lock().unwrap().silent = true;
        let silent = ines.post("/livret/releve", &[("badge", &second)]).await;
        assert_eq!(silent.status, StatusCode::SERVICE_UNAVAILABLE);
    }
}
