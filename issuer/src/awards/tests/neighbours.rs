//! Every trainer route of one organisation, tried by a member of another.

use http::StatusCode;
use store::testing::databases;

use super::hands::{FILE, Hands, SEEN, badges_are_made, db_award, db_figures, world};
use super::world::{CLAIRE, NADIA};

#[tokio::test(flavor = "multi_thread")]
async fn another_organisation_finds_nothing() {
    for test in databases().await {
        let world = world(&test).await;
        let mut claire = Hands::signed_in(&world, CLAIRE).await;
        let session = claire.opens("Socle").await;
        let lot = claire.imports(&session, FILE).await;
        badges_are_made(&world).await;
        let import = claire.drops(&session, FILE.as_bytes()).await.to;
        let badge = format!("/atelier/badges/{}", db_award(&world, "Amina Lefèvre").await);
        let mut nadia = Hands::signed_in(&world, NADIA).await;
        let pages = [
            session.clone(),
            format!("{session}/personnes"),
            format!("{session}/importer"),
            format!("{session}/attester"),
            format!("{session}/badges"),
            format!("{session}/coupons"),
            import.clone(),
            format!("{import}/ecartees.csv"),
            lot.clone(),
            format!("{lot}/coupons"),
            badge.clone(),
            format!("{badge}/retirer"),
        ];
        for page in &pages {
            assert_eq!(claire.get(page).await.status, StatusCode::OK, "{page}");
            assert_eq!(nadia.get(page).await.status, StatusCode::NOT_FOUND, "{page}");
            assert_eq!(Hands::of(&world).get(page).await.status, StatusCode::SEE_OTHER, "{page}");
        }
        assert_eq!(nadia.drops(&session, FILE.as_bytes()).await.status, StatusCode::NOT_FOUND);
        let forms = [
            format!("{session}/personnes"),
            format!("{session}/attester"),
            format!("{session}/coupons"),
            import,
            format!("{lot}/annuler"),
            format!("{lot}/coupons"),
            format!("{badge}/retirer"),
            format!("{badge}/demande"),
        ];
        for form in &forms {
            let fields = [&SEEN[..], &[("motif", "fraud"), ("do", "attest"), ("nom", "X Y")]].concat();
            assert_eq!(nadia.post(form, &fields).await.status, StatusCode::NOT_FOUND, "{form}");
        }
        assert!(!nadia.get("/atelier").await.text.contains("Socle"));
        assert_eq!(db_figures(&world).await.in_force, 4, "{}", test.engine());
    }
}
