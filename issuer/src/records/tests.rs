//! Records: made of claimed badges alone, signed by the Région, kept nowhere.

use axum::body::Body;
use http::{Request, StatusCode, header};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use store::testing::databases;
use time::macros::datetime;
use tower::ServiceExt as _;
use uuid::Uuid;

use super::{AT_MOST, Claimed, Publisher, publisher};
use crate::awards::tests::hands::{FILE, Hands, badges_are_made, db_award, letters_leave, world};
use crate::tests::world::{CLAIRE, ORIGIN, World};

const KEY: &str = "6f1c2c1e-7d0b-4b83-9a1f-2f6a1c0e9d47";

async fn asks(world: &World, badges: Value) -> (StatusCode, String) {
    let request = Request::post("/clr")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ORIGIN, ORIGIN)
        .body(Body::from(json!({ "badges": badges }).to_string()))
        .unwrap();
    let response = world.app.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8_lossy(&bytes).into_owned())
}

/// Amina, Bastien and Dylan have badges; Amina's and Bastien's are claimed with [`KEY`].
async fn claimed(world: &World) -> (Hands, [String; 3]) {
    let mut claire = Hands::signed_in(world, CLAIRE).await;
    let session = claire.opens("Socle").await;
    claire.imports(&session, FILE).await;
    badges_are_made(world).await;
    letters_leave(&world.issuer).await;
    let start = format!("{ORIGIN}/r/");
    for to in ["amina@exemple.fr", "bastien@exemple.fr"] {
        let letters = world.letters();
        let letter = letters.iter().rev().find(|letter| letter.to == to).expect("a letter");
        let token = letter.text.lines().find_map(|line| line.strip_prefix(&start)).expect("a link");
        let request = Request::post(format!("/claims/{token}")).header("idempotency-key", KEY);
        assert_eq!(Hands::of(world).ask(request).await.0, StatusCode::OK);
    }
    let address = async |name| format!("{ORIGIN}/badges/{}", db_award(world, name).await);
    (claire, [address("Amina Lefèvre").await, address("Bastien Roussel").await, address("Dylan Lecomte").await])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_holds_what_was_signed_and_only_for_who_claimed_it() {
    for test in databases().await {
        let world = world(&test).await;
        let (mut claire, [amina, bastien, dylan]) = claimed(&world).await;
        let (status, text) = asks(&world, json!([{ "id": amina, "key": KEY }, { "id": amina, "key": KEY }])).await;
        assert_eq!(status, StatusCode::OK, "{} {text}", test.engine());
        let record: Value = serde_json::from_str(&text).unwrap();
        let region = crate::organisations::region_facts(&world.issuer).await.unwrap();
        assert_eq!((&record["issuer"]["id"], &record["partial"]), (&region.did.as_str().into(), &true.into()));
        let inside = record["credentialSubject"]["verifiableCredential"].as_array().unwrap();
        assert_eq!(inside.len(), 1, "named twice, there once");
        assert_eq!(inside[0]["id"], amina.as_str());
        assert!(inside[0]["proof"].is_object());
        crate::tests::keys::verifies(&world, &record).await;
        let other = Uuid::new_v4();
        for (badges, status) in [
            (json!([]), StatusCode::UNPROCESSABLE_ENTITY),
            (json!("amina"), StatusCode::UNPROCESSABLE_ENTITY),
            (json!([{ "id": "https://autre.example/badges/x", "key": KEY }]), StatusCode::UNPROCESSABLE_ENTITY),
            (json!([{ "id": amina, "key": other }]), StatusCode::UNAUTHORIZED),
            (json!([{ "id": dylan, "key": KEY }]), StatusCode::UNAUTHORIZED),
            (json!([{ "id": amina, "key": KEY }, { "id": bastien, "key": KEY }]), StatusCode::CONFLICT),
        ] {
            let (answered, text) = asks(&world, badges.clone()).await;
            assert_eq!(answered, status, "{badges}");
            assert!(!text.contains("Amina"), "{text}");
        }
        let award = amina.rsplit('/').next().unwrap();
        claire.post(&format!("/atelier/badges/{award}/retirer"), &[("motif", "asked")]).await;
        let (status, text) = asks(&world, json!([{ "id": amina, "key": KEY }])).await;
        assert_eq!((status, text.contains("withdrawn")), (StatusCode::GONE, true));
    }
}

/// Each badge names its contexts again, and our own reader counts them.
#[tokio::test(flavor = "multi_thread")]
async fn the_largest_record_is_read_by_our_own_judge() {
    let test = store::testing::sqlite().await;
    let world = world(&test).await;
    let (_, [amina, ..]) = claimed(&world).await;
    let (_, text) = asks(&world, json!([{ "id": amina, "key": KEY }])).await;
    let record: Value = serde_json::from_str(&text).unwrap();
    let badge = &record["credentialSubject"]["verifiableCredential"][0];
    let one = |n: usize| {
        let mut badge = badge.clone();
        badge["id"] = json!(format!("{ORIGIN}/badges/{}", Uuid::from_u128(n as u128)));
        Claimed { signed_text: badge.to_string(), recipient_name: "Amina Lefèvre".into(), withdrawn_at: None }
    };
    let badges: Vec<Claimed> = (0..AT_MOST).map(one).collect();
    let publisher: Publisher = publisher(&world.issuer).await.unwrap();
    let text = publisher.sign(&badges, "Amina Lefèvre", datetime!(2026-11-25 10:00 UTC)).expect("a record");
    assert!(text.len() < 1_000_000, "{} bytes", text.len());
}
