//! What a wallet asks, and what anyone sees of a badge.

use std::time::Duration;

use http::{Request, StatusCode};
use serde_json::Value;
use store::testing::databases;

use super::hands::{FILE, Hands, badges_are_made, db_award, letters_leave, world};
use super::world::{CLAIRE, ORIGIN, World};

const KEY: &str = "6f1c2c1e-7d0b-4b83-9a1f-2f6a1c0e9d47";
const OTHER: &str = "7f1c2c1e-7d0b-4b83-9a1f-2f6a1c0e9d47";

async fn look(world: &World, token: &str) -> (StatusCode, Value) {
    let (status, text) =
        Hands::of(world).ask(Request::get(format!("/claims/{token}")).header("accept", "application/json")).await;
    (status, serde_json::from_str(&text).unwrap_or_default())
}

async fn claim(world: &World, token: &str, key: &str) -> (StatusCode, Value) {
    let request =
        Request::post(format!("/claims/{token}")).header("accept", "application/json").header("idempotency-key", key);
    let (status, text) = Hands::of(world).ask(request).await;
    (status, serde_json::from_str(&text).unwrap_or_default())
}

/// The token of a letter's button.
fn link_of(world: &World, to: &str) -> String {
    let letters = world.letters();
    let letter = letters.iter().rev().find(|letter| letter.to == to).expect("a letter");
    assert!(letter.html.contains("Voir mon badge") && letter.text.contains("pas une certification professionnelle"));
    let start = format!("{ORIGIN}/r/");
    letter.text.lines().find_map(|line| line.strip_prefix(&start)).expect("a link").to_owned()
}

/// The code of a person's slip, as printed.
async fn slip_of(claire: &mut Hands, page: &str, name: &str) -> String {
    let text = claire.get(page).await.text;
    let slip = text.split("<li class=\"slip\">").find(|slip| slip.contains(name)).expect("a slip").to_owned();
    let code = slip.split("<p class=\"code\">").nth(1).and_then(|rest| rest.split('<').next()).expect("a code");
    code.replace(' ', "")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_and_a_slip_are_claimed_once() {
    for test in databases().await {
        let world = world(&test).await;
        let mut claire = Hands::signed_in(&world, CLAIRE).await;
        let session = claire.opens("Socle").await;
        let lot = claire.imports(&session, FILE).await;
        badges_are_made(&world).await;
        letters_leave(&world.issuer).await;
        let token = link_of(&world, "amina@exemple.fr");
        let (status, seen) = look(&world, &token.to_lowercase()).await;
        assert_eq!((status, &seen["state"], &seen["kind"]), (StatusCode::OK, &"open".into(), &"letter".into()));
        assert_eq!(seen["badge"]["name"], "Travail en équipe – Je pratique");
        assert_eq!(seen["badge"]["awarded_on"], "2026-11-20");
        assert!(!seen.to_string().contains("Amina"), "looking tells no name");
        let (status, given) = claim(&world, &token, KEY).await;
        assert_eq!((status, &given["address"]), (StatusCode::OK, &"amina@exemple.fr".into()), "{}", test.engine());
        assert_eq!(claim(&world, &token, KEY).await, (status, given.clone()), "a retry gets the same answer");
        assert_eq!(claim(&world, &token, OTHER).await.0, StatusCode::CONFLICT);
        assert_eq!(look(&world, &token).await.1["state"], "claimed");

        let code = slip_of(&mut claire, &format!("{lot}/coupons"), "Dylan Lecomte").await;
        assert_eq!(look(&world, &code.to_lowercase()).await.1["kind"], "slip");
        let (status, given) = claim(&world, &code, KEY).await;
        assert_eq!((status, given.get("address")), (StatusCode::OK, None));
        assert_eq!(claire.get(&session).await.title(), "Socle\u{a0}: 4\u{a0}badges remis, 2\u{a0}récupérés");

        for wrong in ["AAAAAAAAAAAAAAAAAAAAAAAAAA", "RAAAAAAAAAAA", "x"] {
            assert_eq!(look(&world, wrong).await.0, StatusCode::NOT_FOUND);
        }
        let (status, _) = Hands::of(&world).ask(Request::post(format!("/claims/{code}"))).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "without a key nothing is claimed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_gone_says_why() {
    for test in databases().await {
        let world = world(&test).await;
        let mut claire = Hands::signed_in(&world, CLAIRE).await;
        let session = claire.opens("Socle").await;
        claire.imports(&session, FILE).await;
        badges_are_made(&world).await;
        letters_leave(&world.issuer).await;
        let (amina, bastien) = (link_of(&world, "amina@exemple.fr"), link_of(&world, "bastien@exemple.fr"));
        let dylan = slip_of(&mut claire, &format!("{session}/coupons"), "Dylan Lecomte").await;
        let award = db_award(&world, "Amina Lefèvre").await;
        claire.post(&format!("/atelier/badges/{award}/retirer"), &[("motif", "asked")]).await;
        assert_eq!(look(&world, &amina).await.1["state"], "withdrawn");
        let (status, why) = claim(&world, &amina, KEY).await;
        assert_eq!((status, &why["state"]), (StatusCode::GONE, &"withdrawn".into()), "{}", test.engine());
        world.later(Duration::from_secs(31 * 86_400));
        let (status, why) = claim(&world, &bastien, KEY).await;
        assert_eq!((status, &why["state"]), (StatusCode::GONE, &"expired".into()));
        assert_eq!(look(&world, &dylan).await.1["state"], "open", "a slip lasts 90 days");
        world.later(Duration::from_secs(60 * 86_400));
        assert_eq!(look(&world, &dylan).await.1["state"], "expired");
        let mut claire = Hands::signed_in(&world, CLAIRE).await;
        assert!(claire.get(&format!("{session}/coupons")).await.text.contains("a fini de servir"));
        claire.post(&format!("{session}/coupons"), &[]).await;
        let again = slip_of(&mut claire, &format!("{session}/coupons"), "Dylan Lecomte").await;
        assert_ne!(again, dylan);
        assert_eq!(claim(&world, &again, KEY).await.0, StatusCode::OK);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_badge_in_public_has_no_name() {
    for test in databases().await {
        let world = world(&test).await;
        let mut claire = Hands::signed_in(&world, CLAIRE).await;
        let session = claire.opens("Socle").await;
        claire.imports(&session, FILE).await;
        badges_are_made(&world).await;
        letters_leave(&world.issuer).await;
        let award = db_award(&world, "Amina Lefèvre").await;
        let page = Hands::of(&world).get(&format!("/badges/{award}")).await;
        assert_eq!(page.title(), "Ce badge est en vigueur\u{a0}: Travail en équipe – Je pratique");
        assert!(page.text.contains("noindex") && page.text.contains("Estuaire Compétences"));
        for secret in ["Amina", "couverts", "amina@"] {
            assert!(!page.text.contains(secret), "{secret}");
        }
        let json = || Request::get(format!("/badges/{award}")).header("accept", "application/vc");
        let (status, text) = Hands::of(&world).ask(json()).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
        assert!(!text.contains("Amina"));
        let bastien = link_of(&world, "bastien@exemple.fr");
        let (status, _) = Hands::of(&world).ask(json().header("authorization", format!("Bearer {bastien}"))).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "the token of another badge");
        let amina = link_of(&world, "amina@exemple.fr");
        let (status, text) = Hands::of(&world).ask(json().header("authorization", format!("Bearer {amina}"))).await;
        assert_eq!(status, StatusCode::OK);
        let (_, given) = claim(&world, &amina, KEY).await;
        assert_eq!(given["credential"], text.as_str(), "the exact text, everywhere");
        let used = Hands::of(&world).ask(json().header("authorization", format!("Bearer {amina}"))).await;
        assert_eq!(used.0, StatusCode::UNAUTHORIZED, "a used token opens nothing any more");
        let award = db_award(&world, "Bastien Roussel").await;
        let bearer = |token: &str| {
            Request::get(format!("/badges/{award}"))
                .header("accept", "application/json")
                .header("authorization", format!("Bearer {token}"))
        };
        assert_eq!(Hands::of(&world).ask(bearer(&bastien)).await.0, StatusCode::OK);
        claire.post(&format!("/atelier/badges/{award}/retirer"), &[("motif", "asked")]).await;
        assert_eq!(Hands::of(&world).ask(bearer(&bastien)).await.0, StatusCode::UNAUTHORIZED, "withdrawn");
        let chloe = link_of(&world, "chloe@exemple.fr");
        let award = db_award(&world, "Chloé Marie").await;
        world.later(Duration::from_secs(31 * 86_400));
        let ended = Request::get(format!("/badges/{award}")).header("accept", "application/json");
        let ended = Hands::of(&world).ask(ended.header("authorization", format!("Bearer {chloe}"))).await;
        assert_eq!(ended.0, StatusCode::UNAUTHORIZED, "ended");
        for picture in ["image.svg", "image.png"] {
            let page = Hands::of(&world).get(&format!("/badges/{award}/{picture}")).await;
            assert_eq!(page.status, StatusCode::OK);
        }
        assert_eq!(Hands::of(&world).get("/badges/nobody").await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_tokens_of_one_visitor_stop_nobody_else() {
    for test in databases().await {
        let world = world(&test).await;
        let mut claire = Hands::signed_in(&world, CLAIRE).await;
        let session = claire.opens("Socle").await;
        claire.imports(&session, FILE).await;
        badges_are_made(&world).await;
        letters_leave(&world.issuer).await;
        let amina = link_of(&world, "amina@exemple.fr");
        let asks = async |token: &str, visitor: &str| {
            let request = Request::get(format!("/claims/{token}")).header("accept", "application/json");
            Hands::of(&world).ask(request.header("x-visitor", visitor)).await.0
        };
        for _ in 0..300 {
            assert_eq!(asks("RAAAAAAAAAAA", "one").await, StatusCode::NOT_FOUND);
        }
        assert_eq!(asks("RAAAAAAAAAAA", "one").await, StatusCode::TOO_MANY_REQUESTS, "{}", test.engine());
        assert_eq!(asks("RAAAAAAAAAAA", "two").await, StatusCode::NOT_FOUND);
        assert_eq!(look(&world, "RAAAAAAAAAAA").await.0, StatusCode::NOT_FOUND, "nor the caller itself");
        assert_eq!(asks(&amina, "one").await, StatusCode::OK, "a right token is never stopped");
    }
}
