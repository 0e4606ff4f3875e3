//! Showing, sharing, stopping; and the verifier's door.

use http::StatusCode;

use super::world::{Browser, Page, RIGOUR, TEAM, letter, worlds};

fn code_of(page: &Page) -> String {
    let after = page.text.split("<span class=\"sr\">Code\u{a0}: </span>").nth(1).expect("a code on the page");
    after.split('<').next().unwrap_or_default().to_owned()
}

async fn shares(browser: &mut Browser, badge: &str, span: &str) -> (String, Page) {
    let id = badge.rsplit('/').next().unwrap();
    let fields = [("badge", id), ("audience", "company"), ("span", span), ("label", "Mécanique du Talou")];
    let made = browser.post("/livret/partager", &fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    let page = browser.get(&made.location).await;
    (made.location, page)
}

#[tokio::test]
async fn two_taps_to_the_qr_and_a_quarter_of_an_hour() {
    for world in worlds().await {
        let (mut ines, badge) = world.learner(1, "Inès Duval", "ines@exemple.fr").await;
        assert_eq!(ines.get("/livret/montrer").await.status, StatusCode::OK);
        assert_eq!(world.db_count("wallet_showing").await, 0, "a GET makes nothing");
        let id = badge.rsplit('/').next().unwrap().to_owned();
        let made = ines.post("/livret/montrer", &[("badge", &id)]).await;
        let qr = ines.get(&made.location).await;
        assert!(qr.text.contains("class=\"qrc\"") && qr.text.contains("data-awake") && qr.text.contains("Fermer"));
        assert!(qr.text.contains("jusqu’à 10\u{a0}h\u{a0}15"), "{}", qr.text);
        let code = code_of(&qr);
        assert_eq!(code.len(), 9, "{code}");

        let (status, answer) = world.verifier_asks(&code.to_lowercase()).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(answer["texts"][0], world.issuer.text_of(&letter(1)));
        assert_eq!(answer["presentation"]["type"][0], "VerifiablePresentation");
        assert_eq!(
            answer["presentation"]["verifiableCredential"][0]["id"],
            answer["presentation"]["verifiableCredential"][0]["id"]
        );
        assert_eq!(answer["livret"]["kind"], "showing");
        let members: Vec<&String> = answer.as_object().unwrap().keys().collect();
        assert_eq!(members, ["presentation", "texts", "until", "livret"], "nothing more leaves");
        assert!(ines.get("/livret/vues").await.text.contains("QR visé ou code tapé"));

        world.test.clock.advance(std::time::Duration::from_secs(15 * 60));
        let (status, answer) = world.verifier_asks(&code).await;
        assert_eq!((status, answer["reason"].as_str()), (StatusCode::GONE, Some("expired")));
        assert_eq!(ines.get(&made.location).await.status, StatusCode::GONE);
    }
}

#[tokio::test]
async fn several_badges_are_chosen_before_showing() {
    for world in worlds().await {
        let (mut ines, first) = world.learner(1, "Inès Duval", "ines@exemple.fr").await;
        world.issuer.attests(&letter(2), "Inès Duval", RIGOUR, Some("ines@exemple.fr"));
        ines.claims(&letter(2), &[]).await;
        assert_eq!(ines.post("/livret/montrer", &[]).await.location, "/livret/montrer");
        let none = ines.post("/livret/montrer", &[("chosen", "1")]).await;
        assert!(none.text.contains("Choisissez au moins un badge"));
        let id = first.rsplit('/').next().unwrap().to_owned();
        let made = ines.post("/livret/montrer", &[("chosen", "1"), ("badge", &id)]).await;
        let (_, answer) = world.verifier_asks(&code_of(&ines.get(&made.location).await)).await;
        assert_eq!(answer["texts"].as_array().unwrap().len(), 1, "only what was chosen");
    }
}

#[tokio::test]
async fn a_stopped_share_is_gone_at_once() {
    for world in worlds().await {
        let (mut ines, badge) = world.learner(1, "Inès Duval", "ines@exemple.fr").await;
        let (place, page) = shares(&mut ines, &badge, "7j").await;
        assert!(page.text.contains("Votre partage est prêt") && page.text.contains("Mécanique du Talou"));
        let code = code_of(&page);
        let link = page.text.split("https://verifier.test/v/").nth(1).unwrap()[..26].to_owned();
        for asked in [&code, &link, &link.to_lowercase()] {
            let (status, answer) = world.verifier_asks(asked).await;
            assert_eq!((status, answer["livret"]["kind"].as_str()), (StatusCode::OK, Some("share")));
            // Opened again within the minute is the same opening.
            assert_eq!(world.verifier_asks(asked).await.0, StatusCode::OK);
            world.test.clock.advance(std::time::Duration::from_secs(60));
        }
        let list = ines.get("/livret/partager").await;
        assert!(list.text.contains("Ouvert 3\u{a0}fois"), "{}", list.text);

        let stopped = ines.post(&format!("{place}/arreter"), &[]).await;
        assert!(ines.get(&stopped.location).await.text.contains("Le partage est arrêté"));
        for asked in [&code, &link] {
            let (status, answer) = world.verifier_asks(asked).await;
            assert_eq!((status, answer["reason"].as_str()), (StatusCode::GONE, Some("stopped")));
        }
        assert_eq!(ines.post(&format!("{place}/arreter"), &[]).await.status, StatusCode::SEE_OTHER, "twice is once");
        assert!(ines.get("/livret/partager").await.text.contains("Partages terminés (1)"));
        assert_eq!(world.db_count("wallet_view").await, 3);
    }
}

#[tokio::test]
async fn a_share_ends_by_itself() {
    for world in worlds().await {
        let (mut ines, badge) = world.learner(1, "Inès Duval", "ines@exemple.fr").await;
        let (_, page) = shares(&mut ines, &badge, "1j").await;
        world.test.clock.advance(std::time::Duration::from_secs(24 * 3600));
        let (status, answer) = world.verifier_asks(&code_of(&page)).await;
        assert_eq!((status, answer["reason"].as_str()), (StatusCode::GONE, Some("expired")));
        let refused = ines.post("/livret/partager", &[("audience", "company"), ("span", "7j")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let strange = ines.post("/livret/partager", &[("audience", "x"), ("span", "100j")]).await;
        assert!(strange.text.contains("3\u{a0}réponses à corriger"), "{}", strange.text);
        let id = badge.rsplit('/').next().unwrap();
        let fields = [("badge", id), ("audience", "company"), ("span", "7j"), ("label", "2 85 05 76 540 123 37")];
        let told = ines.post("/livret/partager", &fields).await;
        assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(told.text.contains("numéro de sécurité sociale") && !told.text.contains("540 123"), "{}", told.text);
        assert_eq!(web::testing::faults(&told.text), Vec::<String>::new());
    }
}

#[tokio::test]
async fn a_withdrawn_badge_is_still_presented_so_that_the_verifier_says_so() {
    for world in worlds().await {
        let index = world.issuer.attests(&letter(1), "Inès Duval", TEAM, Some("ines@exemple.fr"));
        let mut ines = world.browser();
        let badge = ines.claims(&letter(1), &[]).await.location;
        let (_, page) = shares(&mut ines, badge.split('?').next().unwrap(), "7j").await;
        world.issuer.withdraws(index);
        world.test.clock.advance(std::time::Duration::from_secs(31));
        ines.livret().await;
        assert_eq!(world.verifier_asks(&code_of(&page)).await.0, StatusCode::OK);
    }
}

#[tokio::test]
async fn only_the_verifier_may_ask_and_only_so_often() {
    for world in worlds().await {
        let (mut ines, badge) = world.learner(1, "Inès Duval", "ines@exemple.fr").await;
        let code = code_of(&shares(&mut ines, &badge, "7j").await.1);
        for secret in ["", "un secret entre maison", "autre"] {
            assert_eq!(world.verifier_asks_with(&code, secret, "v").await.0, StatusCode::UNAUTHORIZED);
        }
        for nobody in ["", " "] {
            let asked = world.verifier_asks_with(&code, super::world::SECRET, nobody).await;
            assert_eq!(asked.0, StatusCode::UNPROCESSABLE_ENTITY, "for whom?");
        }
        assert_eq!(world.db_count("wallet_view").await, 0);
        for wrong in ["", "n’importe quoi", "CCCCCCCCCCCC", "AAAAAAAAAAAAAAAAAAAAAAAAAA"] {
            assert_eq!(world.verifier_asks(wrong).await.0, StatusCode::NOT_FOUND, "{wrong}");
        }
        for _ in 0..20 {
            world.verifier_asks_with("AAAAAAAAAAAAAAAAAAAAAAAAAA", super::world::SECRET, "devineur").await;
        }
        assert_eq!(
            world.verifier_asks_with(&code, super::world::SECRET, "devineur").await.0,
            StatusCode::TOO_MANY_REQUESTS
        );
        assert_eq!(world.verifier_asks(&code).await.0, StatusCode::OK, "others are not stopped by it");
    }
}
