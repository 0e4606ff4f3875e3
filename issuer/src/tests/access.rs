//! The doors: who comes in, who does not.

use std::time::Duration;

use http::StatusCode;
use store::testing::databases;
use web::{Kind, Who};

use super::world::{CLAIRE, HUGO, NADIA, OFFICER, World};
use crate::bootstrap;

const GONE: StatusCode = StatusCode::GONE;

#[tokio::test(flavor = "multi_thread")]
async fn a_link_serves_once_and_looking_does_not_use_it() {
    for test in databases().await {
        let (world, ..) = World::peopled(&test).await;
        let mut claire = world.browser();
        let link = world.link_for(&mut claire, "/atelier", CLAIRE).await.unwrap();
        for _ in 0..3 {
            let page = world.browser().get(&link).await;
            assert_eq!(page.status, StatusCode::OK);
            assert_eq!(page.header("cache-control"), "no-store");
            assert_eq!(page.header("referrer-policy"), "no-referrer");
            assert_eq!(page.header("x-robots-tag"), "noindex");
            assert!(page.text.contains("Entrer chez Estuaire Compétences"));
        }
        let lower = link.to_lowercase();
        let answer = claire.post(&lower, &[]).await;
        assert_eq!(answer.location(), "/atelier");
        let cookie = answer.header("set-cookie");
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && !cookie.contains("Max-Age"));
        assert_eq!(claire.get("/atelier/compte").await.status, StatusCode::OK);
        assert_eq!(world.browser().post(&link, &[]).await.status, GONE);
        assert_eq!(world.browser().get(&link).await.status, GONE);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hands_on_one_link_open_one_session() {
    for test in databases().await {
        let (world, ..) = World::peopled(&test).await;
        let link = world.link_for(&mut world.browser(), "/atelier", CLAIRE).await.unwrap();
        let (mut one, mut two) = (world.browser(), world.browser());
        let (one, two) = tokio::join!(one.post(&link, &[]), two.post(&link, &[]));
        let mut statuses = [one.status, two.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [StatusCode::SEE_OTHER, GONE], "{}", test.engine());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_too_old_after_fifteen_minutes() {
    for test in databases().await {
        let (world, ..) = World::peopled(&test).await;
        let link = world.link_for(&mut world.browser(), "/atelier", CLAIRE).await.unwrap();
        world.later(Duration::from_secs(15 * 60));
        assert_eq!(world.browser().get(&link).await.status, GONE);
        assert_eq!(world.browser().post(&link, &[]).await.status, GONE);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_addresses_get_the_same_answer_and_no_letter() {
    for test in databases().await {
        let (world, ..) = World::peopled(&test).await;
        let mut browser = world.browser();
        assert_eq!(world.link_for(&mut browser, "/atelier", "inconnu@nulle-part.example").await, None);
        assert_eq!(world.link_for(&mut browser, "/region", CLAIRE).await, None, "a trainer is no officer");
        assert_eq!(world.link_for(&mut browser, "/atelier", OFFICER).await, None, "an officer is no trainer");
        let refused = browser.post("/atelier/entrer", &[("mel", "claire@exemple")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("Il manque la fin") && refused.text.contains("claire@exemple"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn asking_and_guessing_are_limited() {
    for test in databases().await {
        let (world, ..) = World::peopled(&test).await;
        let mut browser = world.browser();
        for _ in 0..6 {
            assert_eq!(browser.post("/atelier/entrer", &[("mel", CLAIRE)]).await.status, StatusCode::SEE_OTHER);
        }
        let answer = browser.post("/atelier/entrer", &[("mel", CLAIRE)]).await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
        let guess = "/atelier/entrer/AAAAAAAAAAAAAAAAAAAAAAAAAA";
        for _ in 0..20 {
            assert_eq!(browser.post(guess, &[]).await.status, GONE);
        }
        assert_eq!(browser.post(guess, &[]).await.status, StatusCode::TOO_MANY_REQUESTS);
        world.later(Duration::from_secs(31 * 60));
        assert_eq!(browser.post(guess, &[]).await.status, GONE);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_works_for_two_organisations_chooses() {
    for test in databases().await {
        let (world, _, iton) = World::peopled(&test).await;
        bootstrap::trainer(&world.issuer, &iton.opaque, CLAIRE, "Claire Aubert", false).await.unwrap();
        world.letters_leave().await;
        let mut claire = world.browser();
        let link = world.link_for(&mut claire, "/atelier", CLAIRE).await.unwrap();
        let page = claire.get(&link).await;
        assert!(page.text.contains("Estuaire Compétences") && page.text.contains("Pôle Iton Formation"));
        assert_eq!(claire.post(&link, &[]).await.status, StatusCode::OK, "nothing chosen, nothing used");
        assert_eq!(claire.post(&link, &[("organisme", "22222222")]).await.status, StatusCode::OK);
        assert_eq!(claire.post(&link, &[("organisme", &iton.opaque)]).await.status, StatusCode::SEE_OTHER);
        let account = claire.get("/atelier/compte").await;
        assert!(account.text.contains("Pôle Iton Formation") && !account.text.contains("Estuaire Compétences"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_comes_back_and_signing_out_ends_it() {
    for test in databases().await {
        let (world, ..) = World::peopled(&test).await;
        let mut claire = world.browser();
        let door = claire.get("/atelier/membres").await;
        assert_eq!(door.location(), "/atelier/entrer?retour=%2Fatelier%2Fmembres");
        let asked = claire.post("/atelier/entrer", &[("mel", CLAIRE), ("retour", "/atelier/membres")]).await;
        assert_eq!(asked.status, StatusCode::SEE_OTHER);
        world.letters_leave().await;
        let letter = world.letters().pop().unwrap();
        let link = letter.text.lines().find(|line| line.starts_with("http")).unwrap().to_owned();
        let path = link.trim_start_matches(super::world::ORIGIN);
        assert_eq!(claire.post(path, &[]).await.location(), "/atelier/membres");
        let stolen = claire.clone();
        assert_eq!(claire.post("/atelier/sortir", &[]).await.location(), "/atelier/entrer");
        assert_eq!(stolen.clone().get("/atelier/compte").await.status, StatusCode::SEE_OTHER);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_lasts_twelve_hours_and_can_be_closed_from_elsewhere() {
    for test in databases().await {
        let (world, ..) = World::peopled(&test).await;
        let mut desk = world.signed_in("/atelier", CLAIRE).await;
        let mut phone = world.signed_in("/atelier", CLAIRE).await;
        let account = phone.get("/atelier/compte").await.text;
        let close =
            account.split("action=\"").filter_map(|rest| rest.split('"').next()).find(|to| to.contains("/compte/"));
        let mut hugo = world.signed_in("/atelier", HUGO).await;
        let close = close.unwrap();
        assert_eq!(hugo.post(close, &[]).await.status, StatusCode::NOT_FOUND, "not somebody else's");
        assert_eq!(phone.post(close, &[]).await.location(), "/atelier/compte");
        assert_eq!(desk.get("/atelier/compte").await.status, StatusCode::SEE_OTHER);
        world.later(Duration::from_secs(12 * 3600));
        assert_eq!(phone.get("/atelier/compte").await.status, StatusCode::SEE_OTHER);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_refuses_every_other_role() {
    for test in databases().await {
        let (world, ..) = World::peopled(&test).await;
        let mut nobody = world.browser();
        let mut trainer = world.signed_in("/atelier", CLAIRE).await;
        let mut officer = world.signed_in("/region", OFFICER).await;
        let mut tried = 0;
        for route in &world.routes {
            let path = route.path.replace("{org}", "22222222").replace(['{', '}'], "");
            let (door, other) = match route.who {
                Who::Trainer => ("/atelier/entrer", &mut officer),
                Who::Officer => ("/region/entrer", &mut trainer),
                _ => continue,
            };
            tried += 1;
            for browser in [&mut nobody, other] {
                let answer =
                    if route.kind == Kind::Form { browser.post(&path, &[]).await } else { browser.get(&path).await };
                // A path whose id cannot be one may be refused before the door.
                let refused = answer.location().starts_with(door) || answer.status == StatusCode::BAD_REQUEST;
                assert!(refused, "{path}: {} {}", answer.status, answer.location());
            }
        }
        assert!(tried > 8);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn members_of_another_organisation_see_and_do_nothing() {
    for test in databases().await {
        let (world, estuaire, _) = World::peopled(&test).await;
        let members =
            crate::members::rows::of(&world.issuer.db, estuaire.organisation_id, crate::members::Role::Trainer)
                .await
                .unwrap();
        let hugo = members.iter().find(|member| member.email == HUGO).unwrap();
        let mut nadia = world.signed_in("/atelier", NADIA).await;
        let page = nadia.get("/atelier/membres").await.text;
        assert!(page.contains("Nadia Benali") && !page.contains("Hugo") && !page.contains("Claire"));
        let end = format!("/atelier/membres/{}/fin", hugo.member_id);
        assert_eq!(nadia.get(&end).await.status, StatusCode::NOT_FOUND);
        assert_eq!(nadia.post(&end, &[]).await.status, StatusCode::NOT_FOUND);
        let mut hugo = world.signed_in("/atelier", HUGO).await;
        assert_eq!(hugo.get("/atelier/membres").await.status, StatusCode::OK, "Hugo still works there");
        assert_eq!(hugo.get(&end).await.status, StatusCode::FORBIDDEN, "and is no referent");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_referent_adds_and_ends() {
    for test in databases().await {
        let (world, ..) = World::peopled(&test).await;
        let mut claire = world.signed_in("/atelier", CLAIRE).await;
        let refused = claire.post("/atelier/membres", &[("nom", ""), ("mel", HUGO)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let twice = claire.post("/atelier/membres", &[("nom", "Hugo V."), ("mel", HUGO)]).await;
        assert!(twice.text.contains("déjà celle d’un membre"));
        let added = claire.post("/atelier/membres", &[("nom", "Léa Martin"), ("mel", "lea@estuaire.example")]).await;
        assert_eq!(added.location(), "/atelier/membres");
        world.letters_leave().await;
        let letter = world.letters().pop().unwrap();
        assert_eq!((letter.to.as_str(), letter.to_name.as_deref()), ("lea@estuaire.example", Some("Léa Martin")));
        assert!(letter.text.contains("Claire Aubert, Estuaire Compétences"));
        let mut lea = world.signed_in("/atelier", "lea@estuaire.example").await;
        assert_eq!(lea.get("/atelier/membres").await.status, StatusCode::OK);

        let page = claire.get("/atelier/membres").await.text;
        let ends: Vec<&str> =
            page.split("href=\"").filter_map(|rest| rest.split('"').next()).filter(|to| to.ends_with("/fin")).collect();
        assert_eq!(ends.len(), 2, "not oneself");
        for end in ends {
            assert_eq!(claire.post(end, &[]).await.location(), "/atelier/membres");
        }
        let ended = lea.get("/atelier/membres").await;
        assert_eq!(ended.status, StatusCode::FORBIDDEN);
        assert!(ended.text.contains("Votre accès a pris fin"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_in_the_url_fills_the_field_in_the_demonstration_alone() {
    for test in databases().await {
        let hostile = "?mel=claire%40exemple.fr%22%3E%3Cscript%3E";
        let demo = World::of(&test).await;
        for door in ["/atelier/entrer", "/region/entrer"] {
            let text = demo.browser().get(&format!("{door}{hostile}")).await.text;
            assert!(text.contains("value=\"claire@exemple.fr&#34;&#62;&#60;script&#62;\""), "{text}");
            assert!(!text.contains("<script>"), "{text}");
        }
        let earnest = World::in_earnest(&test).await;
        for door in ["/atelier/entrer", "/region/entrer"] {
            let page = earnest.browser().get(&format!("{door}{hostile}")).await;
            assert!(page.status == StatusCode::OK && !page.text.contains("claire"), "{}", page.text);
        }
    }
}
