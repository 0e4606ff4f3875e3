//! Who learns that other letters wait, and of which letters, on both engines.

use http::{Request, StatusCode, header};
use serde_json::Value;
use store::testing::databases;

use crate::awards::tests::hands::{FILE, Hands, badges_are_made, letters_leave, world};
use crate::tests::world::{CLAIRE, ORIGIN, World};

const AMINA: &str = "amina@exemple.fr";
const CHLOE: &str = "chloe@exemple.fr";

/// What follows these words in each letter to an address, oldest first.
fn after(world: &World, to: &str, words: &str) -> Vec<String> {
    let texts = world.letters().into_iter().filter(|letter| letter.to == to).map(|letter| letter.text);
    texts.filter_map(|text| Some(text.split(words).nth(1)?.lines().next()?.trim().replace(' ', ""))).collect()
}

/// Claims with a key of its own and answers the path of the badge.
async fn claims(world: &World, token: &str, key: &str) -> String {
    let request = Request::post(format!("/claims/{token}")).header("idempotency-key", key);
    let (status, text) = Hands::of(world).ask(request).await;
    assert_eq!(status, StatusCode::OK, "{text}");
    let given: Value = serde_json::from_str(&text).expect("JSON");
    let badge: Value = serde_json::from_str(given["credential"].as_str().expect("a text")).expect("JSON");
    badge["id"].as_str().and_then(|id| id.strip_prefix(ORIGIN)).expect("our id").to_owned()
}

async fn offer(world: &World, token: &str) -> Value {
    let look = Request::get(format!("/claims/{token}")).header("accept", "application/json");
    serde_json::from_str(&Hands::of(world).ask(look).await.1).expect("JSON")
}

async fn waiting(world: &World, badge: &str, key: Option<&str>) -> (StatusCode, Value) {
    let mut request = Request::get(format!("{badge}/waiting"));
    if let Some(key) = key {
        request = request.header(header::AUTHORIZATION, format!("Bearer {key}"));
    }
    let (status, text) = Hands::of(world).ask(request).await;
    (status, serde_json::from_str::<Value>(&text).expect("JSON")["waiting"].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_claimed_by_a_letter_learns_how_many_others_wait_for_them() {
    for test in databases().await {
        let world = world(&test).await;
        let mut claire = Hands::signed_in(&world, CLAIRE).await;
        // Three groups have Amina and Chloé; in one of them a brother has Amina's address.
        let mut lots = Vec::new();
        for title in ["Socle", "Cuisine", "Service"] {
            let session = claire.opens(title).await;
            let brother = if title == "Socle" { "Lefèvre;Paul;amina@exemple.fr\r\n" } else { "" };
            lots.push(claire.imports(&session, &format!("{FILE}{brother}")).await);
            badges_are_made(&world).await;
        }
        letters_leave(&world.issuer).await;
        let mut links = after(&world, AMINA, &format!("{ORIGIN}/r/"));
        links.sort_unstable();
        links.dedup();
        assert_eq!(links.len(), 4, "three of hers, one of his: {}", test.engine());
        let keys: Vec<String> = (0..4).map(|n| format!("6f1c2c1e-7d0b-4b83-9a1f-2f6a1c0e9d4{n}")).collect();
        let mut hers = Vec::new();
        for (link, key) in links.iter().zip(&keys) {
            let offer = offer(&world, link).await;
            assert_eq!((&offer["badge"]["awarded_on"], &offer["withdrawn_on"]), (&"2026-11-20".into(), &Value::Null));
            let attested = web::dates::iso(web::dates::day_in_paris(world.issuer.clock.now()));
            assert_eq!(offer["badge"]["attested_on"], attested.as_str());
            let badge = claims(&world, link, key).await;
            let (status, left) = waiting(&world, &badge, Some(key)).await;
            assert_eq!(status, StatusCode::OK);
            hers.push((badge, left.as_u64().expect("a number")));
        }
        let mut counted: Vec<u64> = hers.iter().map(|(_, left)| *left).collect();
        counted.sort_unstable();
        assert_eq!(counted, [0, 0, 1, 2], "hers as she opens them; his own is alone: {}", test.engine());

        // Nobody else: without the key, with another badge's, or by a slip, which proves no address.
        assert_eq!(waiting(&world, &hers[0].0, None).await.0, StatusCode::UNAUTHORIZED);
        assert_eq!(waiting(&world, &hers[0].0, Some(&keys[1])).await.0, StatusCode::UNAUTHORIZED);
        let slip = after(&world, CHLOE, "tapez ce code").remove(0);
        let slip = slip.rsplit([':', '\u{a0}']).next().expect("a code");
        let key = "6f1c2c1e-7d0b-4b83-9a1f-2f6a1c0e9d49";
        let badge = claims(&world, slip, key).await;
        assert_eq!(waiting(&world, &badge, Some(key)).await, (StatusCode::OK, 0.into()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_may_still_be_undone_or_was_withdrawn_is_not_told() {
    for test in databases().await {
        let world = world(&test).await;
        let mut claire = Hands::signed_in(&world, CLAIRE).await;
        let socle = claire.opens("Socle").await;
        claire.imports(&socle, FILE).await;
        badges_are_made(&world).await;
        letters_leave(&world.issuer).await;
        let link = after(&world, AMINA, &format!("{ORIGIN}/r/")).remove(0);
        let key = "6f1c2c1e-7d0b-4b83-9a1f-2f6a1c0e9d48";
        let badge = claims(&world, &link, key).await;
        let cuisine = claire.opens("Cuisine").await;
        claire.imports(&cuisine, FILE).await;
        badges_are_made(&world).await;
        assert_eq!(waiting(&world, &badge, Some(key)).await.1, 0, "its letter has not left: {}", test.engine());
        letters_leave(&world.issuer).await;
        assert_eq!(waiting(&world, &badge, Some(key)).await.1, 1);
        let second = after(&world, AMINA, &format!("{ORIGIN}/r/")).into_iter().find(|one| *one != link);
        let second = second.expect("a letter");
        let image = offer(&world, &second).await["badge"]["image"].as_str().expect("a picture").to_owned();
        let other =
            image.strip_prefix(ORIGIN).and_then(|path| path.strip_suffix("/image.svg")).expect("its own picture");
        assert_ne!(badge, other);
        claire.post(&format!("/atelier{other}/retirer"), &[("motif", "badge")]).await;
        assert_eq!(waiting(&world, &badge, Some(key)).await.1, 0, "withdrawn");
        let offer = offer(&world, &second).await;
        let today = web::dates::iso(web::dates::day_in_paris(world.issuer.clock.now()));
        assert_eq!((&offer["state"], &offer["withdrawn_on"]), (&"withdrawn".into(), &today.as_str().into()));
    }
}
