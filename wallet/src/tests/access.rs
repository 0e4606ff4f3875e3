//! Coming back to one's livret, and leaving it.

use http::StatusCode;

use super::world::{Page, TEAM, slip, worlds};

fn code_of(page: &Page) -> String {
    let after = page.text.split("<p class=\"code\">").nth(1).expect("a code on the page");
    after.split('<').next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_link_by_letter_opens_once() {
    for world in worlds().await {
        world.learner(1, "Inès Duval", "ines@exemple.fr").await;
        let mut phone = world.browser();
        assert_eq!(phone.get("/livret").await.location, "/livret/entrer");
        let known = phone.post("/livret/entrer/courriel", &[("courriel", "INES@exemple.fr")]).await;
        let unknown = phone.post("/livret/entrer/courriel", &[("courriel", "personne@exemple.fr")]).await;
        assert_eq!((known.status, &known.location), (unknown.status, &unknown.location));
        let link = world.link_in_letter("INES@exemple.fr").await.expect("a letter");
        assert!(world.link_in_letter("personne@exemple.fr").await.is_none());

        for _ in 0..3 {
            let look = phone.get(&link).await;
            assert!(look.text.contains("Ouvrir mon livret"), "looking uses nothing");
        }
        let opened = phone.post(&link, &[]).await;
        assert_eq!(opened.location, "/livret");
        assert!(phone.livret().await.contains("Inès"));
        assert_eq!(world.browser().post(&link, &[]).await.status, StatusCode::GONE);

        phone.post("/livret/entrer/courriel", &[("courriel", "ines@exemple.fr")]).await;
        let late = world.link_in_letter("ines@exemple.fr").await.expect("a letter");
        world.test.clock.advance(std::time::Duration::from_secs(16 * 60));
        assert_eq!(world.browser().get(&late).await.status, StatusCode::GONE);

        let wrong = phone.post("/livret/sortir", &[]).await;
        assert_eq!(wrong.location, "/livret/entrer");
        assert_eq!(phone.get("/livret").await.status, StatusCode::SEE_OTHER);
        let bad = phone.post("/livret/entrer/courriel", &[("courriel", "ines@exemple")]).await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(bad.text.contains("Il manque la fin"));
    }
}

#[tokio::test]
async fn letters_are_limited() {
    for world in worlds().await {
        let mut phone = world.browser();
        let mut last = StatusCode::OK;
        for _ in 0..6 {
            last = phone.post("/livret/entrer/courriel", &[("courriel", "ines@exemple.fr")]).await.status;
        }
        assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    }
}

#[tokio::test]
async fn the_card_reopens_until_it_is_lost() {
    for world in worlds().await {
        world.issuer.attests(&slip(1), "Karim Benali", TEAM, None);
        let mut karim = world.browser();
        let shown = karim.claims(&slip(1), &[]).await.location;
        let old = code_of(&karim.get(&shown).await);
        assert_eq!(old, code_of(&karim.get("/livret/carte").await), "printed again, the same");
        assert!(old.starts_with('C'));

        let mut library = world.browser();
        let bare = old.replace(' ', "");
        let door = library.get(&format!("/C/{bare}")).await;
        assert!(door.text.contains("ordinateur partagé"));
        let opened = library.post(&format!("/c/{bare}"), &[("shared", "1")]).await;
        assert_eq!(opened.location, "/livret");
        let cookie = opened.headers["set-cookie"].to_str().unwrap();
        assert!(!cookie.contains("Max-Age") && cookie.contains("HttpOnly"), "{cookie}");
        assert!(library.livret().await.contains("Karim"));
        world.test.clock.advance(std::time::Duration::from_secs(3 * 3600));
        assert_eq!(library.get("/livret").await.status, StatusCode::SEE_OTHER, "a shared computer forgets");

        karim.post("/livret/carte/perdue", &[]).await;
        let new = code_of(&karim.get("/livret/carte").await);
        assert_ne!(old, new);
        let dead = library.post("/livret/entrer/carte", &[("carte", &old)]).await;
        assert_eq!(dead.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(dead.text.contains("Ce code n’ouvre aucun livret"));
        assert_eq!(library.post("/livret/entrer/carte", &[("carte", &new.to_lowercase())]).await.location, "/livret");
    }
}

#[tokio::test]
async fn a_second_slip_continues_after_coming_in_by_card() {
    for world in worlds().await {
        for n in [1, 2] {
            let badge = if n == 1 { TEAM } else { super::world::RIGOUR };
            world.issuer.attests(&slip(n), "Karim Benali", badge, None);
        }
        let mut karim = world.browser();
        let shown = karim.claims(&slip(1), &[]).await.location;
        let card = code_of(&karim.get(&shown).await);
        let mut other = world.browser();
        let enter = other.get(&format!("/livret/entrer?suite={}", slip(2))).await;
        assert!(enter.text.contains(&slip(2)));
        let back = other.post("/livret/entrer/carte", &[("carte", &card), ("suite", &slip(2))]).await;
        assert_eq!(back.location, format!("/r/{}", slip(2)));
        other.claims(&slip(2), &[("livret", "session")]).await;
        assert!(karim.livret().await.contains("Mes 2\u{a0}badges"));
        let hostile = other.post("/livret/sortir", &[("suite", "//ailleurs.test")]).await;
        assert_eq!(hostile.location, "/livret/entrer");
    }
}

#[tokio::test]
async fn addresses_come_and_go() {
    for world in worlds().await {
        let (mut ines, _) = world.learner(1, "Inès Duval", "ines@exemple.fr").await;
        ines.post("/livret/adresses", &[("courriel", "autre@exemple.org")]).await;
        let link = world.link_in_letter("autre@exemple.org").await.expect("a letter");
        assert!(!ines.get("/livret/adresses").await.text.contains("autre@exemple.org"), "not before it is proved");
        // The link proves the address from any device, and opens nothing there.
        world.test.clock.advance(std::time::Duration::from_secs(60));
        let mut mailbox = world.browser();
        assert!(mailbox.get(&link).await.text.contains("Ajouter mon adresse"));
        mailbox.post(&link, &[]).await;
        assert_eq!(mailbox.get("/livret").await.status, StatusCode::SEE_OTHER);
        let list = ines.get("/livret/adresses").await.text;
        assert!(list.contains("autre@exemple.org") && list.contains("ines@exemple.fr"));

        let first = list.split("/livret/adresses/").nth(1).unwrap().split('/').next().unwrap().to_owned();
        let (mut other, _) = world.learner(2, "Paul Martin", "paul@exemple.fr").await;
        assert_eq!(other.post(&format!("/livret/adresses/{first}/retirer"), &[]).await.status, StatusCode::NOT_FOUND);
        // A link asked before the address was removed opens nothing after.
        let mut thief = world.browser();
        thief.post("/livret/entrer/courriel", &[("courriel", "ines@exemple.fr")]).await;
        let link = world.link_in_letter("ines@exemple.fr").await.expect("a letter");
        ines.post(&format!("/livret/adresses/{first}/retirer"), &[]).await;
        assert_eq!(thief.post(&link, &[]).await.status, StatusCode::GONE);
        // No address stands in clear in the database.
        let sealed: Vec<Vec<u8>> =
            store::on!(world.test.db, c => sqlx::query_scalar("select email_sealed from wallet_address")
            .fetch_all(c).await)
            .unwrap();
        assert!(sealed.iter().all(|bytes| !String::from_utf8_lossy(bytes).contains("exemple")));
    }
}

#[tokio::test]
async fn a_stolen_phone_is_closed_from_elsewhere() {
    for world in worlds().await {
        let (mut phone, _) = world.learner(1, "Inès Duval", "ines@exemple.fr").await;
        let mut computer = world.browser();
        computer.post("/livret/entrer/courriel", &[("courriel", "ines@exemple.fr")]).await;
        let link = world.link_in_letter("ines@exemple.fr").await.expect("a letter");
        computer.post(&link, &[]).await;
        assert!(computer.get("/livret/telephone-perdu").await.text.contains("Fermer partout"));
        computer.post("/livret/sortir", &[("everywhere", "1")]).await;
        assert_eq!(phone.get("/livret").await.status, StatusCode::SEE_OTHER);
    }
}
