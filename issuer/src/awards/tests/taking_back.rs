//! « Annuler », and a second person after seven days.

use std::time::Duration;

use http::StatusCode;
use store::testing::databases;

use super::hands::{FILE, Figures, Hands, badges_are_made, db_award, db_figures, letters_leave, world};
use super::world::{CLAIRE, HUGO, OFFICER, World, house_whose_letters_wait};
use crate::awards::worker::tests_only;

#[tokio::test(flavor = "multi_thread")]
async fn undo_takes_the_whole_lot_back_unseen() {
    for test in databases().await {
        let world = world(&test).await;
        let mut claire = Hands::signed_in(&world, CLAIRE).await;
        let session = claire.opens("Socle").await;
        let lot = claire.imports(&session, FILE).await;
        badges_are_made(&world).await;
        assert!(claire.get(&lot).await.text.contains("Possible jusqu’à 10\u{a0}h\u{a0}10"), "{}", test.engine());
        world.later(Duration::from_secs(599));
        // A page says what will happen before anything does.
        let asked = claire.get(&format!("{lot}/annuler")).await;
        assert_eq!(asked.title(), "Annuler les 4\u{a0}badges\u{202f}?", "{}", test.engine());
        assert!(asked.text.contains("4\u{a0}badges disparaissent\u{a0}: personne ne les a vus"), "{}", asked.text);
        assert!(!asked.text.contains("déjà été récupéré"), "{}", asked.text);
        assert_eq!(db_figures(&world).await.in_force, 4, "nothing is done by looking");
        let undone = claire.post(&format!("{lot}/annuler"), &[]).await;
        assert_eq!((undone.status, undone.to.as_str()), (StatusCode::SEE_OTHER, lot.as_str()), "{}", undone.text);
        assert_eq!(claire.get(&lot).await.title(), "4\u{a0}badges annulés, personne ne les a vus");
        assert_eq!(db_figures(&world).await, Figures { in_force: 0, texts: 4, entries: 4, letters: 0 });
        let before = world.letters().len();
        letters_leave(&world.issuer).await;
        assert_eq!(world.letters().len(), before, "no letter left");
        let award = db_award(&world, "Amina Lefèvre").await;
        let list = claire.get(&format!("/badges/{award}")).await;
        assert_eq!(list.title(), "Ce badge a été retiré le 22\u{a0}novembre 2026");
        // The same file again: as if nothing had been.
        let lot = claire.imports(&session, &FILE.replace("Lecomte;Dylan;", "Lecomte;Dylan;dylan@exemple.fr")).await;
        badges_are_made(&world).await;
        assert!(claire.get(&lot).await.title().contains("3\u{a0}badges attestés"), "Dylan is a question");
        world.later(Duration::from_secs(600));
        for late in [claire.post(&format!("{lot}/annuler"), &[]).await, claire.get(&format!("{lot}/annuler")).await] {
            assert_eq!(
                (late.status, late.title()),
                (StatusCode::CONFLICT, "Il est trop tard pour annuler tout le lot")
            );
            assert!(late.text.contains("jusqu’au 22\u{a0}novembre 2026 à 10\u{a0}h"), "{}", late.text);
            assert!(late.text.contains("les courriels sont partis") && late.text.contains(&format!("{lot}#reprendre")));
        }
        let page = claire.get(&lot).await;
        assert!(!page.text.contains("Annuler tout le lot"), "{}", page.text);
        let award = db_award(&world, "Amina Lefèvre").await;
        assert!(page.text.contains(&format!("href=\"/atelier/badges/{award}/retirer\"")), "{}", page.text);
        assert_eq!(page.text.matches("/retirer\"").count(), 3);
        assert_eq!(db_figures(&world).await.in_force, 3);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_seven_days_a_second_person_confirms() {
    for test in databases().await {
        let world = world(&test).await;
        let mut claire = Hands::signed_in(&world, CLAIRE).await;
        let session = claire.opens("Socle").await;
        claire.imports(&session, FILE).await;
        badges_are_made(&world).await;
        world.later(Duration::from_secs(8 * 86_400));
        let mut claire = Hands::signed_in(&world, CLAIRE).await;
        let badge = format!("/atelier/badges/{}", db_award(&world, "Amina Lefèvre").await);
        assert!(claire.get(&format!("{badge}/retirer")).await.text.contains("devra confirmer"));
        claire.post(&format!("{badge}/retirer"), &[("motif", "badge")]).await;
        assert_eq!(db_figures(&world).await.in_force, 4, "nothing happens yet");
        let own = claire.post(&format!("{badge}/demande"), &[("reponse", "confirmer")]).await;
        assert_eq!(own.status, StatusCode::FORBIDDEN);
        let mut hugo = Hands::signed_in(&world, HUGO).await;
        assert!(hugo.get(&badge).await.text.contains("Claire Aubert demande de retirer ce badge"));
        hugo.post(&format!("{badge}/demande"), &[("reponse", "garder")]).await;
        assert_eq!(db_figures(&world).await.in_force, 4);
        claire.post(&format!("{badge}/retirer"), &[("motif", "badge")]).await;
        hugo.post(&format!("{badge}/demande"), &[("reponse", "confirmer")]).await;
        assert_eq!(db_figures(&world).await.in_force, 3, "{}", test.engine());
        assert!(hugo.get(&badge).await.text.contains("Confirmé par"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn undo_says_what_was_seen_already() {
    for test in databases().await {
        let world = world(&test).await;
        let mut claire = Hands::signed_in(&world, CLAIRE).await;
        let session = claire.opens("Socle").await;
        let lot = claire.imports(&session, FILE).await;
        badges_are_made(&world).await;
        // Without a delay three letters leave at once; the fourth person has only a slip.
        letters_leave(&world.issuer).await;
        let asked = claire.get(&format!("{lot}/annuler")).await.text;
        assert!(asked.contains("1\u{a0}badge disparaît") && asked.contains("3\u{a0}badges ont déjà été"), "{asked}");
        claire.post(&format!("{lot}/annuler"), &[]).await;
        let page = claire.get(&lot).await;
        assert_eq!(page.title(), "4\u{a0}badges annulés", "{}", test.engine());
        assert!(
            page.text.contains(
                "3\u{a0}badges avaient déjà été récupérés ou annoncés\u{a0}: ils apparaîtront comme retirés."
            )
        );
        let badge = async |claire: &mut Hands, name: &str| {
            let award = db_award(&world, name).await;
            claire.get(&format!("/atelier/badges/{award}")).await.text
        };
        assert!(badge(&mut claire, "Amina Lefèvre").await.contains("récupéré ou annoncé"));
        assert!(badge(&mut claire, "Dylan Lecomte").await.contains("personne ne l’a vu"));
        // The same file can still be attested again.
        let lot = claire.imports(&session, &FILE.replace("Lecomte;Dylan;", "Lecomte;Dylan;dylan@exemple.fr")).await;
        badges_are_made(&world).await;
        assert!(claire.get(&lot).await.title().contains("3\u{a0}badges attestés"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn letters_wait_until_the_lot_cannot_be_taken_back() {
    for test in databases().await {
        let mut world = world(&test).await;
        world.issuer = house_whose_letters_wait(&test, Duration::from_secs(600));
        let mut claire = Hands::signed_in(&world, CLAIRE).await;
        let session = claire.opens("Socle").await;
        claire.imports(&session, FILE).await;
        tests_only::makes_one_chunk(&world.issuer).await;
        // The instance was slow: the lot is finished long after its letters were written.
        world.later(Duration::from_secs(1_000));
        badges_are_made(&world).await;
        let before = world.letters().len();
        world.later(Duration::from_secs(599));
        letters_leave(&world.issuer).await;
        assert_eq!(world.letters().len(), before, "{}", test.engine());
        world.later(Duration::from_secs(1));
        letters_leave(&world.issuer).await;
        assert_eq!(world.letters().len(), before + 3);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn badges_are_withdrawn_also_after_the_habilitation() {
    for test in databases().await {
        let (world, estuaire, _) = World::peopled(&test).await;
        let mut claire = Hands::signed_in(&world, CLAIRE).await;
        let session = claire.opens("Socle").await;
        claire.imports(&session, FILE).await;
        badges_are_made(&world).await;
        let badge = format!("/atelier/badges/{}", db_award(&world, "Amina Lefèvre").await);
        let mut paul = world.signed_in("/region", OFFICER).await;
        let ended = paul.post(&format!("/region/organismes/{}/fin", estuaire.opaque), &[("motif", "Fin")]).await;
        assert_eq!(ended.status, StatusCode::SEE_OTHER, "{}", ended.text);
        for page in ["/atelier", &session, &badge, &format!("{badge}/retirer")] {
            assert_eq!(claire.get(page).await.status, StatusCode::OK, "{page}");
        }
        for page in [format!("{session}/attester"), format!("{session}/importer"), format!("{session}/personnes")] {
            let refused = claire.get(&page).await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN, "{page}");
            assert!(refused.text.contains("a pris fin"));
        }
        claire.post(&format!("{badge}/retirer"), &[("motif", "asked")]).await;
        assert_eq!(db_figures(&world).await.in_force, 3, "{}", test.engine());
    }
}
