//! Two instances, and one that dies.

use std::time::Duration;

use store::testing::databases;

use super::hands::{FILE, Figures, Hands, badges_are_made, db_figures, world};
use super::world::CLAIRE;
use crate::awards;
use crate::awards::worker::tests_only;

#[tokio::test(flavor = "multi_thread")]
async fn two_lots_of_the_same_people_and_two_workers() {
    for test in databases().await {
        let world = world(&test).await;
        let mut claire = Hands::signed_in(&world, CLAIRE).await;
        let session = claire.opens("Socle").await;
        let people: Vec<String> = (0..230).map(|n| format!("Personne{n};p{n}@exemple.fr")).collect();
        let file = format!("nom;courriel\n{}\n", people.join("\n"));
        // Two imports reviewed before either is attested, as by two trainers on two instances.
        let one = claire.drops(&session, file.as_bytes()).await.to;
        let two = claire.drops(&session, file.as_bytes()).await.to;
        let (one, two) = (claire.attests_import(&one).await.to, claire.attests_import(&two).await.to);
        let (a, b) = tokio::join!(awards::attest_all_pending(&world.issuer), awards::attest_all_pending(&world.issuer));
        a.and(b).expect("both workers end well");
        badges_are_made(&world).await;
        let figures = Figures { in_force: 230, texts: 230, entries: 230, letters: 230 };
        assert_eq!(db_figures(&world).await, figures, "{}", test.engine());
        let titles = [claire.get(&one).await, claire.get(&two).await];
        let attested: usize = titles
            .iter()
            .map(|page| page.title().split('\u{a0}').next().and_then(|n| n.parse().ok()).unwrap_or(0))
            .sum();
        assert_eq!(attested, 230, "{} / {}", titles[0].title(), titles[1].title());
        assert!(titles.iter().any(|page| page.text.contains("déjà ce badge")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_dies_before_keeping_leaves_nothing_and_loses_nothing() {
    for test in databases().await {
        let world = world(&test).await;
        let mut claire = Hands::signed_in(&world, CLAIRE).await;
        let session = claire.opens("Socle").await;
        let lot = claire.imports(&session, FILE).await;
        let made = tests_only::makes_and_dies(&world.issuer).await;
        assert_eq!(made, 4);
        assert_eq!(db_figures(&world).await.in_force, 0);
        // The dead one's lease holds the lot for a while.
        badges_are_made(&world).await;
        assert_eq!(db_figures(&world).await.in_force, 0, "{}", test.engine());
        world.later(Duration::from_secs(31));
        badges_are_made(&world).await;
        assert_eq!(db_figures(&world).await, Figures { in_force: 4, texts: 4, entries: 4, letters: 3 });
        assert_eq!(claire.get(&lot).await.title(), "4\u{a0}badges attestés");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lot_that_fails_waits_and_the_others_go_on() {
    for test in databases().await {
        let world = world(&test).await;
        let mut claire = Hands::signed_in(&world, CLAIRE).await;
        let (one, two) = (claire.opens("Socle").await, claire.opens("Suite").await);
        let first = claire.imports(&one, FILE).await;
        world.later(Duration::from_secs(1));
        let second = claire.imports(&two, "nom;courriel\nLina Morel;lina@exemple.fr\n").await;
        let failed = tests_only::fails_once(&world.issuer).await;
        assert!(first.ends_with(&failed.to_string()), "the oldest lot comes first");
        badges_are_made(&world).await;
        assert_eq!(claire.get(&second).await.title(), "1\u{a0}badge attesté", "{}", test.engine());
        assert_eq!(db_figures(&world).await.in_force, 1);
        world.later(Duration::from_secs(31));
        badges_are_made(&world).await;
        assert_eq!(db_figures(&world).await.in_force, 5);
    }
}
