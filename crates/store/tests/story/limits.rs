//! Tries are counted once each, for all instances together.

use std::time::Duration;

use store::limits::{self, Answer, Limit};
use store::{on, testing};

const CODES: Limit = Limit { house: "wallet", bucket: "slip code", max: 3, window: Duration::from_secs(600) };

#[tokio::test]
async fn three_tries_then_wait_until_the_window_ends() {
    for test in testing::databases().await {
        let (db, vault, clock) = (&test.db, &test.vault, &test.clock);
        for _ in 0..3 {
            assert_eq!(limits::look(db, vault, &CODES, "192.0.2.1", clock.now()).await.unwrap(), Answer::Allowed);
            assert!(limits::hit(db, vault, &CODES, "192.0.2.1", clock.now()).await.unwrap().is_allowed());
        }
        clock.advance(Duration::from_secs(100));
        assert_eq!(limits::look(db, vault, &CODES, "192.0.2.1", clock.now()).await.unwrap(), Answer::Wait(500));
        assert_eq!(limits::hit(db, vault, &CODES, "192.0.2.1", clock.now()).await.unwrap().or_wait(), Err(500));

        // Another visitor, another bucket and another house count by themselves.
        assert!(limits::hit(db, vault, &CODES, "192.0.2.2", clock.now()).await.unwrap().is_allowed());
        for other in [Limit { bucket: "sign-in", ..CODES }, Limit { house: "verifier", ..CODES }] {
            assert!(limits::hit(db, vault, &other, "192.0.2.1", clock.now()).await.unwrap().is_allowed());
        }

        // Waiting more does not push the end away.
        clock.advance(Duration::from_secs(500));
        assert!(
            limits::hit(db, vault, &CODES, "192.0.2.1", clock.now()).await.unwrap().is_allowed(),
            "{}",
            test.engine()
        );
        assert!(limits::hit(db, vault, &CODES, "192.0.2.1", clock.now()).await.unwrap().is_allowed());
    }
}

#[tokio::test]
async fn a_success_forgets_the_failures_and_ended_windows_go() {
    for test in testing::databases().await {
        let (db, vault, clock) = (&test.db, &test.vault, &test.clock);
        for _ in 0..4 {
            let _ = limits::hit(db, vault, &CODES, "a", clock.now()).await.unwrap();
            let _ = limits::hit(db, vault, &CODES, "b", clock.now()).await.unwrap();
        }
        limits::forget(db, vault, &CODES, "a").await.unwrap();
        assert!(limits::look(db, vault, &CODES, "a", clock.now()).await.unwrap().is_allowed());
        assert!(!limits::look(db, vault, &CODES, "b", clock.now()).await.unwrap().is_allowed());
        assert_eq!(limits::purge(db, clock.now()).await.unwrap(), 0);
        clock.advance(CODES.window);
        assert_eq!(limits::purge(db, clock.now()).await.unwrap(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tries_at_the_same_instant_are_each_counted() {
    let many = Limit { max: 10, ..CODES };
    for test in testing::databases().await {
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..40 {
            let (db, vault, now) = (test.db.clone(), test.vault.clone(), test.clock.now());
            tasks.spawn(async move { limits::hit(&db, &vault, &many, "one code", now).await.unwrap() });
        }
        let answers = tasks.join_all().await;
        assert_eq!(answers.iter().filter(|answer| answer.is_allowed()).count(), 10, "{}", test.engine());
    }
}

#[tokio::test]
async fn what_is_left_is_said_without_counting() {
    for test in testing::databases().await {
        let left = async || limits::left(&test.db, &test.vault, &CODES, "a visitor", test.clock.now()).await.unwrap();
        assert_eq!((left().await, left().await), (CODES.max, CODES.max), "{}", test.engine());
        for used in 1..=CODES.max + 1 {
            let _ = limits::hit(&test.db, &test.vault, &CODES, "a visitor", test.clock.now()).await.unwrap();
            assert_eq!(left().await, CODES.max.saturating_sub(used), "{}", test.engine());
        }
        let after = test.clock.now() + CODES.window;
        let later = limits::left(&test.db, &test.vault, &CODES, "a visitor", after).await.unwrap();
        assert_eq!(later, CODES.max, "{}", test.engine());
    }
}

#[tokio::test]
async fn the_database_never_holds_the_visitor() {
    for test in testing::databases().await {
        let _ = limits::hit(&test.db, &test.vault, &CODES, "192.0.2.1", test.clock.now()).await.unwrap();
        let held: Vec<u8> =
            on!(test.db, c => sqlx::query_scalar("select key_hash from store_limit").fetch_one(c).await).unwrap();
        assert_eq!(held.len(), 32);
        assert!(!String::from_utf8_lossy(&held).contains("192"));
    }
}
