//! The Région's officers: adding, habilitating, ending.

use http::StatusCode;
use store::testing::databases;

use super::world::{CLAIRE, OFFICER, World};

const NEW: [(&str, &str); 8] = [
    ("nom", "Bocage Métiers"),
    ("court", ""),
    ("commune", "Flers"),
    ("siret", "552 100 554 00013"),
    ("familles", "base"),
    ("familles", "numerique"),
    ("referent", "Anne Le Goff"),
    ("mel", "anne@bocage.example"),
];

#[tokio::test(flavor = "multi_thread")]
async fn an_organisation_added_is_habilitated_and_its_referent_told() {
    for test in databases().await {
        let (world, ..) = World::peopled(&test).await;
        let mut paul = world.signed_in("/region", OFFICER).await;
        let added = paul.post("/region/organismes/nouveau", &NEW).await;
        assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text);
        let page = paul.get(added.location()).await.text;
        assert!(page.contains("Habilité depuis le 22\u{a0}novembre 2026"), "{page}");
        assert!(page.contains("552\u{a0}100\u{a0}554\u{a0}00013"));
        let twice = paul.post("/region/organismes/nouveau", &NEW).await;
        assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(twice.text.contains("Un organisme a déjà ce SIRET"));
        world.letters_leave().await;
        world.signed_in("/atelier", "anne@bocage.example").await;
        let register = world.browser().json("/registre.json").await;
        assert_eq!(badge_schemas::register::parse(&register).unwrap().entries.len(), 4, "three, and the Région");
        assert!(world.browser().get("/registre").await.text.contains("Bocage Métiers"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ending_refuses_the_trainers_with_the_reason_and_changes_the_register() {
    for test in databases().await {
        let (world, estuaire, _) = World::peopled(&test).await;
        let mut claire = world.signed_in("/atelier", CLAIRE).await;
        assert_eq!(claire.get("/atelier/membres").await.status, StatusCode::OK);
        let mut paul = world.signed_in("/region", OFFICER).await;
        let end = format!("/region/organismes/{}/fin", estuaire.opaque);
        let ask = paul.get(&end).await.text;
        assert!(ask.contains("Mettre fin à l’habilitation d’Estuaire Compétences"));
        assert!(ask.contains("Garder l’habilitation"));
        assert_eq!(paul.post(&end, &[("motif", "")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let ended = paul.post(&end, &[("quand", "maintenant"), ("motif", "Fin de la convention")]).await;
        assert_eq!(ended.status, StatusCode::SEE_OTHER, "{}", ended.text);
        assert_eq!(paul.post(&end, &[("motif", "Encore")]).await.status, StatusCode::CONFLICT);

        let refused = claire.get("/atelier/membres").await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert!(refused.text.contains("Fin de la convention"), "{}", refused.text);
        assert_eq!(claire.get("/atelier/compte").await.status, StatusCode::OK, "she can still leave");
        let register = badge_schemas::register::parse(&world.browser().json("/registre.json").await).unwrap();
        let did = world.issuer.did(&estuaire.opaque);
        assert!(register.entry_at(&did, world.issuer.clock.now()).is_none());
        let public = world.browser().get(&format!("/o/{}", estuaire.opaque)).await.text;
        assert!(public.contains("N’est plus habilité"));

        world.later(std::time::Duration::from_secs(60));
        let again = format!("/region/organismes/{}/habilitation", estuaire.opaque);
        assert_eq!(paul.post(&again, &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(paul.post(&again, &[("familles", "base")]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(claire.get("/atelier/membres").await.status, StatusCode::OK);
        let register = badge_schemas::register::parse(&world.browser().json("/registre.json").await).unwrap();
        assert_eq!(register.entries_of(&did).count(), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_may_lie_ahead() {
    for test in databases().await {
        let (world, estuaire, _) = World::peopled(&test).await;
        let mut claire = world.signed_in("/atelier", CLAIRE).await;
        let mut paul = world.signed_in("/region", OFFICER).await;
        let end = format!("/region/organismes/{}/fin", estuaire.opaque);
        let form = [("quand", "jour"), ("jour", "2026-11-22"), ("motif", "Convention échue")];
        assert_eq!(paul.post(&end, &form).await.status, StatusCode::SEE_OTHER);
        assert!(paul.get("/region").await.text.contains("Habilité jusqu’au 22\u{a0}novembre 2026"));
        let later = [("quand", "jour"), ("jour", "2026-11-30"), ("motif", "Convention échue")];
        assert_eq!(paul.post(&end, &later).await.status, StatusCode::CONFLICT, "a fixed end is never put off");
        world.later(std::time::Duration::from_secs(8 * 3600));
        assert_eq!(claire.get("/atelier/membres").await.status, StatusCode::OK);
        // Midnight in Paris is 23:00 UTC in winter; the tests begin at 09:00.
        world.later(std::time::Duration::from_secs(6 * 3600));
        let mut claire_again = world.signed_in("/atelier", CLAIRE).await;
        assert_eq!(claire_again.get("/atelier/membres").await.status, StatusCode::FORBIDDEN);
        assert_eq!(claire.get("/atelier/membres").await.status, StatusCode::SEE_OTHER, "her session is over too");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fixed_end_can_be_brought_nearer() {
    for test in databases().await {
        let (world, estuaire, _) = World::peopled(&test).await;
        let mut claire = world.signed_in("/atelier", CLAIRE).await;
        let mut paul = world.signed_in("/region", OFFICER).await;
        let end = format!("/region/organismes/{}/fin", estuaire.opaque);
        let form = [("quand", "jour"), ("jour", "2027-06-30"), ("motif", "Convention échue")];
        assert_eq!(paul.post(&end, &form).await.status, StatusCode::SEE_OTHER);
        assert!(paul.get(&format!("/region/organismes/{}", estuaire.opaque)).await.text.contains("Avancer la fin"));
        assert_eq!(paul.post(&end, &[("motif", "Fraude")]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(claire.get("/atelier/membres").await.status, StatusCode::FORBIDDEN);
        assert_eq!(paul.post(&end, &form).await.status, StatusCode::CONFLICT, "it has ended");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_habilitates_the_region() {
    for test in databases().await {
        let (world, ..) = World::peopled(&test).await;
        let region = crate::organisations::region_facts(&world.issuer).await.unwrap();
        let mut paul = world.signed_in("/region", OFFICER).await;
        for path in ["", "/fin", "/habilitation"] {
            let answer = paul.get(&format!("/region/organismes/{}{path}", region.opaque)).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND);
        }
    }
}
