//! Other people's ids, and deletion for good.

use http::StatusCode;

use super::world::{RIGOUR, letter, worlds};

#[tokio::test]
async fn another_learners_ids_do_not_exist() {
    for world in worlds().await {
        let (mut ines, badge) = world.learner(1, "Inès Duval", "ines@exemple.fr").await;
        let id = badge.rsplit('/').next().unwrap().to_owned();
        let showing = ines.post("/livret/montrer", &[("badge", &id)]).await.location;
        let share =
            ines.post("/livret/partager", &[("badge", &id), ("audience", "other"), ("span", "7j")]).await.location;
        let (mut paul, _) = world.learner(2, "Paul Martin", "paul@exemple.fr").await;
        for path in [&badge, &format!("{badge}/fichier.json"), &format!("{badge}/supprimer"), &showing, &share] {
            assert_eq!(paul.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
            let stranger = world.browser().get(path).await;
            assert_eq!(
                (stranger.status, stranger.location.as_str()),
                (StatusCode::SEE_OTHER, "/livret/entrer"),
                "{path}"
            );
        }
        let share_id = format!("{share}/arreter");
        for (path, fields) in [
            ("/livret/montrer", vec![("badge", id.as_str())]),
            ("/livret/partager", vec![("badge", id.as_str()), ("audience", "other"), ("span", "7j")]),
            (share_id.as_str(), vec![]),
            (&format!("{badge}/supprimer"), vec![("confirm", "1")]),
        ] {
            assert_eq!(paul.post(path, &fields).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        assert!(!paul.get("/livret/tout.json").await.text.contains("Inès"));
        assert_eq!((world.db_count("wallet_badge").await, world.db_count("wallet_share_end").await), (2, 0));
    }
}

#[tokio::test]
async fn a_deleted_badge_leaves_shares_and_stays_away() {
    for world in worlds().await {
        let (mut ines, badge) = world.learner(1, "Inès Duval", "ines@exemple.fr").await;
        world.issuer.attests(&letter(2), "Inès Duval", RIGOUR, Some("ines@exemple.fr"));
        let second = ines.claims(&letter(2), &[]).await.location;
        let (first_id, second_id) = (badge.rsplit('/').next().unwrap(), second.split(['/', '?']).nth(3).unwrap());
        let both = [("badge", first_id), ("badge", second_id), ("audience", "other"), ("span", "7j")];
        let of_both = ines.post("/livret/partager", &both).await.location;
        ines.post("/livret/partager", &[("badge", first_id), ("audience", "other"), ("span", "7j")]).await;
        assert!(ines.get(&format!("{badge}/supprimer")).await.text.contains("Garder le badge"));
        assert_eq!(
            ines.post(&format!("{badge}/supprimer"), &[("confirm", "1")]).await.location,
            "/livret?fait=badge-supprime"
        );
        assert_eq!(ines.get(&badge).await.status, StatusCode::NOT_FOUND);
        assert_eq!(world.db_count("wallet_share_end").await, 1, "the share without a badge has ended");
        assert!(ines.get(&of_both).await.text.contains("1\u{a0}badge"));
        assert_eq!(ines.claims(&letter(1), &[]).await.status, StatusCode::GONE, "its link brings nothing back");
    }
}

#[tokio::test]
async fn a_deleted_livret_leaves_nothing() {
    for world in worlds().await {
        let (mut ines, badge) = world.learner(1, "Inès Duval", "ines@exemple.fr").await;
        let (mut paul, _) = world.learner(2, "Paul Martin", "paul@exemple.fr").await;
        let id = badge.rsplit('/').next().unwrap().to_owned();
        let share =
            ines.post("/livret/partager", &[("badge", &id), ("audience", "other"), ("span", "7j")]).await.location;
        let page = ines.get(&share).await.text;
        let token = page.split("https://verifier.test/v/").nth(1).unwrap()[..26].to_owned();
        assert_eq!(world.verifier_asks(&token).await.0, StatusCode::OK);
        ines.post("/livret/entrer/courriel", &[("courriel", "ines@exemple.fr")]).await;
        let asked = ines.get("/livret/supprimer").await.text;
        assert!(asked.contains("D’abord, tout télécharger") && asked.contains("Garder mon livret"));
        assert_eq!(ines.post("/livret/supprimer", &[]).await.location, "/livret/supprimer", "two steps");
        assert_eq!(ines.post("/livret/supprimer", &[("confirm", "1")]).await.location, "/livret/au-revoir");

        assert_eq!(ines.get("/livret").await.status, StatusCode::SEE_OTHER);
        assert_eq!(world.verifier_asks(&token).await.0, StatusCode::NOT_FOUND);
        for table in ["livret", "badge", "address", "card", "login", "claim"] {
            assert_eq!(world.db_count(&format!("wallet_{table}")).await, 1, "{table}: only Paul’s");
        }
        for table in ["share", "share_badge", "view", "link", "showing"] {
            assert_eq!(world.db_count(&format!("wallet_{table}")).await, 0, "{table}");
        }
        assert!(paul.livret().await.contains("Paul"));
        let letter_link = world.link_in_letter("ines@exemple.fr").await.expect("it was queued before");
        assert_eq!(world.browser().post(&letter_link, &[]).await.status, StatusCode::GONE);
    }
}
