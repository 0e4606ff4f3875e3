//! Taking the badges along, on paper and in files.

use http::StatusCode;

use super::world::{RIGOUR, TEAM, letter, worlds};

#[tokio::test]
async fn the_page_for_paper_says_what_is_checked_and_nothing_more() {
    for world in worlds().await {
        let (mut ines, _) = world.learner(1, "Inès Duval", "ines@exemple.fr").await;
        let index = world.issuer.attests(&letter(2), "Inès Duval", RIGOUR, Some("ines@exemple.fr"));
        assert_eq!(ines.claims(&letter(2), &[]).await.status, StatusCode::SEE_OTHER);
        let page = ines.get("/livret/imprimer").await;
        assert_eq!((page.status, page.headers["cache-control"].to_str().unwrap()), (StatusCode::OK, "no-store"));
        let text = page.text;
        let address = |token: &str| {
            let signed: serde_json::Value = serde_json::from_str(&world.issuer.text_of(token)).unwrap();
            signed["id"].as_str().unwrap().to_owned()
        };
        for said in [
            "Inès Duval</h2>",
            "2\u{a0}badges, le ",
            "Travail en équipe – Je pratique</h3>",
            "Rigueur – Je pratique</h3>",
            "Observé le 12\u{a0}mai 2026. Attesté le 20\u{a0}novembre 2026 par <b>Estuaire Compétences</b>",
            "aria-label=\"QR pour vérifier\u{a0}: Travail en équipe – Je pratique\"",
            &address(&letter(1)),
            &address(&letter(2)),
            "Enregistrer en PDF",
        ] {
            assert!(text.contains(said), "{said}: {text}");
        }
        assert!(!text.contains("Service de midi"), "the sentence stays in the livret");
        // Withdrawn, it is not printed any more.
        world.issuer.withdraws(index);
        world.test.clock.advance(std::time::Duration::from_secs(61));
        let text = ines.get("/livret/imprimer").await.text;
        assert!(!text.contains("Rigueur") && text.contains("1\u{a0}badge n’est pas sur cette page"), "{text}");
        assert!(text.contains("Travail en équipe"));
    }
}

#[tokio::test]
async fn each_way_out_says_what_it_is_for_and_is_the_holders_alone() {
    for world in worlds().await {
        let (mut ines, _) = world.learner(1, "Inès Duval", "ines@exemple.fr").await;
        let text = ines.get("/livret/emporter").await.text;
        for way in ["/livret/imprimer", "/livret/tout.json", "/livret/releve"] {
            assert!(text.contains(&format!("href=\"{way}\"")), "{way}: {text}");
        }
        assert!(text.contains("Vous ne pouvez pas les lire vous-même."), "{text}");
        assert!(ines.livret().await.contains("href=\"/livret/emporter\""));
        let (mut paul, _) = world.learner(2, "Paul Martin", "paul@exemple.fr").await;
        for path in ["/livret/emporter", "/livret/imprimer"] {
            assert!(!paul.get(path).await.text.contains("Inès"), "{path}");
            let stranger = world.browser().get(path).await;
            assert_eq!((stranger.status, stranger.location.as_str()), (StatusCode::SEE_OTHER, "/livret/entrer"));
        }
        // Another name in the same livret is said beside its badge.
        world.issuer.attests(&letter(3), "Inès Martin", TEAM, Some("ines@exemple.fr"));
        let kept = ines.claims(&letter(3), &[("livret", "same")]).await;
        assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text);
        let text = ines.get("/livret/imprimer").await.text;
        assert!(text.contains("au nom d’Inès "), "{text}");
    }
}
