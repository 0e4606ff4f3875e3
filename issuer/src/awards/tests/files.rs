//! Files: what is ready, what is not, and nothing twice.

use http::StatusCode;
use store::testing::databases;

use super::hands::{FILE, Figures, Hands, SEEN, badges_are_made, db_award, db_figures, world};
use super::world::CLAIRE;

#[tokio::test(flavor = "multi_thread")]
async fn the_same_file_twice_attests_nothing_twice() {
    for test in databases().await {
        let world = world(&test).await;
        let mut claire = Hands::signed_in(&world, CLAIRE).await;
        assert_eq!(claire.get("/atelier").await.title(), "Ouvrez votre première session");
        let session = claire.opens("#Avenir, groupe du lundi").await;
        let import = claire.drops(&session, FILE.as_bytes()).await.to;
        let review = claire.get(&import).await;
        assert_eq!(review.title(), "4\u{a0}lignes sont prêtes, 1\u{a0}est à corriger", "{}", test.engine());
        assert!(review.text.contains("Il manque la fin de l’adresse"), "{}", review.text);
        assert!(review.text.contains("Même personne qu’à la ligne 2"));
        let lot = claire.attests_import(&import).await;
        assert_eq!(lot.status, StatusCode::SEE_OTHER, "{}", lot.text);
        assert!(claire.get(&lot.to).await.title().starts_with("0 sur 4"));
        // The same press again follows the same lot.
        assert_eq!(claire.attests_import(&import).await.to, lot.to);
        badges_are_made(&world).await;
        assert_eq!(claire.get(&lot.to).await.title(), "4\u{a0}badges attestés");
        let once = Figures { in_force: 4, texts: 4, entries: 4, letters: 3 };
        assert_eq!(db_figures(&world).await, once, "{}", test.engine());

        let again = claire.drops(&session, FILE.as_bytes()).await.to;
        let saved = claire.post(&again, &[&SEEN[..], &[("do", "save")]].concat()).await;
        let review = claire.get(saved.to.split('#').next().unwrap_or_default()).await;
        // Dylan has no address: the trainer says whether it is the same person.
        assert_eq!(review.title(), "Aucune ligne n’est prête, 1\u{a0}est à corriger, 1\u{a0}attend votre réponse");
        assert!(review.text.contains("dans cette session depuis le 22\u{a0}novembre 2026"));
        assert_eq!(claire.attests_import(&again).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        claire.post(&again, &[&SEEN[..], &[("toutes", "same")]].concat()).await;
        assert_eq!(claire.get(&again).await.title(), "Aucune ligne n’est prête, 1\u{a0}est à corriger");
        assert_eq!(claire.attests_import(&again).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        badges_are_made(&world).await;
        assert_eq!(db_figures(&world).await, once, "{}", test.engine());

        let aside = claire.get(&format!("{again}/ecartees.csv")).await;
        assert!(aside.text.starts_with("\u{feff}ligne;nom;courriel"), "{}", aside.text);
        assert!(aside.text.contains("Lina Morel;lina@exemple;"), "{}", aside.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mended_file_attests_only_what_was_mended() {
    for test in databases().await {
        let world = world(&test).await;
        let mut claire = Hands::signed_in(&world, CLAIRE).await;
        let session = claire.opens("Socle").await;
        claire.imports(&session, FILE).await;
        badges_are_made(&world).await;
        let lot = claire.imports(&session, &FILE.replace("lina@exemple", "lina@exemple.fr")).await;
        badges_are_made(&world).await;
        assert_eq!(claire.get(&lot).await.title(), "1\u{a0}badge attesté", "{}", test.engine());
        assert_eq!(db_figures(&world).await.in_force, 5);
        let page = claire.get(&session).await;
        assert_eq!(page.title(), "Socle\u{a0}: aucun badge remis sur 5");
        assert!(page.text.contains("Courriel en attente") && page.text.contains("Coupon à remettre"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_never_resurrects_a_withdrawn_badge_and_a_tick_may() {
    for test in databases().await {
        let world = world(&test).await;
        let mut claire = Hands::signed_in(&world, CLAIRE).await;
        let session = claire.opens("Socle").await;
        claire.imports(&session, FILE).await;
        badges_are_made(&world).await;
        let award = db_award(&world, "Amina Lefèvre").await;
        let badge = format!("/atelier/badges/{award}");
        assert_eq!(claire.post(&format!("{badge}/retirer"), &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        claire.post(&format!("{badge}/retirer"), &[("motif", "person")]).await;
        let page = claire.get(&badge).await;
        assert_eq!(page.title(), "Ce badge a été retiré le 22\u{a0}novembre 2026", "{}", test.engine());
        assert!(page.text.contains("Erreur de personne") && page.text.contains("Claire Aubert"));
        let again = claire.drops(&session, FILE.as_bytes()).await.to;
        claire.post(&again, &[&SEEN[..], &[("do", "save")]].concat()).await;
        let review = claire.get(&again).await;
        assert!(review.text.contains("Ce badge lui a été retiré le 22\u{a0}novembre 2026"), "{}", review.text);
        assert_eq!(claire.attests_import(&again).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(db_figures(&world).await.in_force, 3);

        // Nothing is chosen on opening, not even the badge attested last.
        let first = claire.get(&format!("{session}/attester")).await;
        assert_eq!(first.title(), "Quel badge\u{202f}?", "{}", test.engine());
        assert!(first.text.contains("Vos derniers badges") && !first.text.contains("name=\"p\""), "{}", first.text);
        let form = claire.get(&format!("{session}/attester?badge=cpt-travail-en-equipe/pratique")).await;
        let (what, who) = (form.text.find("Quel badge"), form.text.find("Pour qui"));
        assert!(what.is_some() && what < who, "which badge comes before for whom");
        assert!(form.text.contains("A déjà ce badge, depuis le 22\u{a0}novembre"));
        let enabled = form.text.split("name=\"p\" value=\"").skip(1).find(|rest| rest.contains("Amina"));
        let amina = enabled.and_then(|rest| rest.get(..36)).expect("Amina can be ticked").to_owned();
        let lot = claire.post(&format!("{session}/attester"), &[&SEEN[..], &[("p", &amina)]].concat()).await;
        assert_eq!(lot.status, StatusCode::SEE_OTHER, "{}", lot.text);
        badges_are_made(&world).await;
        assert_eq!(claire.get(&lot.to).await.title(), "1\u{a0}badge attesté");
        assert_eq!(db_figures(&world).await.in_force, 4);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn je_maitrise_waits_for_the_second_look() {
    for test in databases().await {
        let world = world(&test).await;
        let mut claire = Hands::signed_in(&world, CLAIRE).await;
        let session = claire.opens("Socle").await;
        let import = claire.drops(&session, FILE.as_bytes()).await.to;
        let mut fields = SEEN.to_vec();
        fields[0].1 = "cpt-travail-en-equipe/maitrise";
        fields.push(("do", "attest"));
        let refused = claire.post(&import, &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("deux observations datées"), "{}", refused.text);
        // The answers came back.
        assert!(refused.text.contains("40 couverts"));
        let form = claire.get(&format!("{session}/attester?badge=cpt-autonomie/maitrise")).await;
        assert_eq!(form.status, StatusCode::OK);
        assert_eq!(db_figures(&world).await.in_force, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_not_a_list_gets_a_clear_answer() {
    for test in databases().await {
        let world = world(&test).await;
        let mut claire = Hands::signed_in(&world, CLAIRE).await;
        let session = claire.opens("Socle").await;
        for (file, words) in [
            (&b"PK\x03\x04classeur"[..], "ne se lit pas"),
            (&b"\xD0\xCF\x11\xE0classeur"[..], "Enregistrer sous"),
            (&b"\x89PNG\0\0"[..], "pas une liste"),
            (&b""[..], "ne contient personne"),
        ] {
            let refused = claire.drops(&session, file).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(refused.text.contains(words), "{words}: {}", refused.text);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_attests_themselves_and_namesakes_are_asked() {
    for test in databases().await {
        let world = world(&test).await;
        let mut claire = Hands::signed_in(&world, CLAIRE).await;
        let session = claire.opens("Socle").await;
        let file = format!("nom;courriel\nClaire Aubert;{CLAIRE}\nJean Martin;\nJean Martin;\n");
        let import = claire.drops(&session, file.as_bytes()).await.to;
        let review = claire.get(&import).await;
        assert_eq!(review.title(), "1\u{a0}ligne est prête, 1\u{a0}est à corriger, 1\u{a0}attend votre réponse");
        assert!(review.text.contains("on ne s’atteste pas soi-même"));
        claire.post(&import, &[("q-4", "other"), ("do", "save")]).await;
        assert_eq!(claire.get(&import).await.title(), "2\u{a0}lignes sont prêtes, 1\u{a0}est à corriger");
        claire.attests_import(&import).await;
        badges_are_made(&world).await;
        assert_eq!(
            db_figures(&world).await,
            Figures { in_force: 2, texts: 2, entries: 2, letters: 0 },
            "{}",
            test.engine()
        );
        // By hand: the name is known, twice; the form asks.
        let asked = claire.post(&format!("{session}/personnes"), &[("nom", "jean  martin")]).await;
        assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(asked.text.contains("Est-ce la même personne"));
        let joined = claire.post(&format!("{session}/personnes"), &[("nom", "Jean Martin"), ("meme", "other")]).await;
        assert_eq!(joined.status, StatusCode::SEE_OTHER);
    }
}
