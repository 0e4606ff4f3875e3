//! Queued exactly once, done at least once.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use store::outbox::{self, Delivery, Known, MAX_ATTEMPTS, Message, Outcome, Queued, State};
use store::testing::{self, TestDb};
use store::{execute, on};
use uuid::Uuid;

const HOUSE: &str = "issuer";
const ADDRESS: &str = "ines@example.org";

#[derive(Clone, Default)]
struct Postbag(Arc<Mutex<Vec<String>>>);

impl Postbag {
    /// A handler that keeps what it is given and answers always the same.
    fn answering(&self, outcome: Outcome) -> impl Fn(Delivery) -> std::future::Ready<Outcome> + Send + Sync + 'static {
        let bag = self.clone();
        move |delivery| {
            assert_eq!(delivery.payload::<String>().unwrap(), ADDRESS);
            bag.0.lock().unwrap().push(delivery.message_id);
            std::future::ready(outcome.clone())
        }
    }

    fn sorted(&self) -> Vec<String> {
        let mut all = self.0.lock().unwrap().clone();
        all.sort();
        all
    }
}

#[tokio::test]
async fn a_letter_waits_for_its_hour_leaves_once_and_is_emptied() {
    for test in testing::databases().await {
        let bag = Postbag::default();
        assert_eq!(queue(&test, "a@x", None, 600).await, Queued::New);
        assert_eq!(queue(&test, "a@x", None, 0).await, Queued::Already, "queued exactly once");
        assert_eq!(known(&test, "a@x").await.state, State::Queued);
        assert!(!stored(&test).await.contains(ADDRESS), "the database never holds the address in clear");

        assert_eq!(drain(&test, &bag, Outcome::Sent).await, 0);
        test.clock.advance(Duration::from_secs(600));
        assert_eq!(drain(&test, &bag, Outcome::Sent).await, 1);
        assert_eq!(drain(&test, &bag, Outcome::Sent).await, 0);
        assert_eq!(bag.sorted(), ["a@x"]);

        let known = known(&test, "a@x").await;
        assert_eq!((known.state, known.finished_at), (State::Sent, Some(test.clock.now())));
        assert_eq!(queue(&test, "a@x", None, 0).await, Queued::Already, "also after it was sent");
        assert!(payload(&test, "a@x").await.is_none(), "nothing of the letter is kept");
        assert_eq!(outbox::waiting(&test.db, HOUSE).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn a_letter_lives_and_dies_with_the_transaction() {
    for test in testing::databases().await {
        let mut tx = test.db.begin().await.unwrap();
        let now = test.clock.now();
        outbox::queue(&mut tx, &test.vault, &message("a@x", None, now), now).await.unwrap();
        drop(tx);
        assert!(outbox::state_of(&test.db, HOUSE, "a@x").await.unwrap().is_none());
        assert_eq!(queue(&test, "a@x", None, 0).await, Queued::New);
    }
}

#[tokio::test]
async fn a_worker_that_dies_with_a_letter_in_hand_leaves_it_to_another() {
    for test in testing::databases().await {
        queue(&test, "a@x", None, 0).await;
        // It took the letter and was killed before it could say so.
        let died = tokio::time::timeout(
            Duration::from_secs(1),
            outbox::drain_once(&test.db, &test.vault, HOUSE, &test.clock, |_| std::future::pending::<Outcome>()),
        );
        assert!(died.await.is_err());
        let bag = Postbag::default();
        assert_eq!(drain(&test, &bag, Outcome::Sent).await, 0, "the lease still holds");
        let mut tx = test.db.begin().await.unwrap();
        assert!(!outbox::cancel(&mut tx, HOUSE, "a@x", test.clock.now()).await.unwrap(), "it may have left");
        tx.commit().await.unwrap();

        test.clock.advance(Duration::from_secs(301));
        assert_eq!(drain(&test, &bag, Outcome::Sent).await, 1, "{}", test.engine());
        assert_eq!(bag.sorted(), ["a@x"], "the same message id");
    }
}

#[tokio::test]
async fn a_worker_whose_lease_has_ended_cannot_overrule_the_next() {
    for test in testing::databases().await {
        queue(&test, "a@x", None, 0).await;
        let (db, vault, clock) = (test.db.clone(), test.vault.clone(), test.clock.clone());
        let (inner_db, inner_vault, inner_clock) = (db.clone(), vault.clone(), clock.clone());
        // While the first is at it, its lease ends and a second sends the letter; then the first says « later ».
        let handler = move |_| {
            let (db, vault, clock) = (inner_db.clone(), inner_vault.clone(), inner_clock.clone());
            async move {
                clock.advance(Duration::from_secs(301));
                let bag = Postbag::default();
                let sent = outbox::drain_once(&db, &vault, HOUSE, &clock, bag.answering(Outcome::Sent)).await.unwrap();
                assert_eq!(sent, 1);
                Outcome::Later
            }
        };
        outbox::drain_once(&db, &vault, HOUSE, &clock, handler).await.unwrap();
        assert_eq!(known(&test, "a@x").await.state, State::Sent, "{}", test.engine());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_workers_send_each_letter_once() {
    for test in testing::databases().await {
        let mut expected = Vec::new();
        let mut tx = test.db.begin().await.unwrap();
        let now = test.clock.now();
        for n in 0..60 {
            let id = format!("{n:02}@x");
            outbox::queue(&mut tx, &test.vault, &message(&id, None, now), now).await.unwrap();
            expected.push(id);
        }
        tx.commit().await.unwrap();
        let other = store::Db::open_with(test.url(), 4).await.unwrap();
        let bag = Postbag::default();
        let (first, second) = tokio::join!(
            outbox::drain_once(&test.db, &test.vault, HOUSE, &test.clock, bag.answering(Outcome::Sent)),
            outbox::drain_once(&other, &test.vault, HOUSE, &test.clock, bag.answering(Outcome::Sent)),
        );
        assert_eq!(first.unwrap() + second.unwrap(), 60, "{}", test.engine());
        assert_eq!(bag.sorted(), expected);
        other.close().await;
    }
}

#[tokio::test]
async fn annuler_takes_back_the_whole_batch_unseen() {
    for test in testing::databases().await {
        let (batch, other) = (Uuid::new_v4(), Uuid::new_v4());
        for id in ["a@x", "b@x"] {
            queue(&test, id, Some(batch), 600).await;
        }
        queue(&test, "c@x", Some(other), 600).await;
        let mut tx = test.db.begin().await.unwrap();
        assert_eq!(outbox::cancel_batch(&mut tx, "wallet", batch, test.clock.now()).await.unwrap(), 0, "another house");
        assert_eq!(outbox::cancel_batch(&mut tx, HOUSE, batch, test.clock.now()).await.unwrap(), 2);
        assert_eq!(outbox::cancel_batch(&mut tx, HOUSE, batch, test.clock.now()).await.unwrap(), 0);
        tx.commit().await.unwrap();
        let states = outbox::states_of_batch(&test.db, HOUSE, batch).await.unwrap();
        assert!(states.len() == 2 && states.iter().all(|known| known.state == State::Cancelled));
        assert!(payload(&test, "a@x").await.is_none());

        let mut tx = test.db.begin().await.unwrap();
        let later = test.clock.now() + Duration::from_secs(900);
        assert_eq!(outbox::delay_batch(&mut tx, HOUSE, batch, later).await.unwrap(), 0, "taken back");
        assert_eq!(outbox::delay_batch(&mut tx, HOUSE, other, later).await.unwrap(), 1);
        assert!(outbox::left_of_batch(&mut tx, HOUSE, batch).await.unwrap().is_empty());
        tx.commit().await.unwrap();
        test.clock.advance(Duration::from_secs(601));
        let bag = Postbag::default();
        assert_eq!(drain(&test, &bag, Outcome::Sent).await, 0, "delayed");
        test.clock.advance(Duration::from_secs(300));
        assert_eq!(drain(&test, &bag, Outcome::Sent).await, 1);
        assert_eq!(bag.sorted(), ["c@x"]);
        let mut tx = test.db.begin().await.unwrap();
        assert_eq!(outbox::left_of_batch(&mut tx, HOUSE, other).await.unwrap(), ["c@x"]);
        assert_eq!(outbox::cancel_batch(&mut tx, HOUSE, other, test.clock.now()).await.unwrap(), 0, "it has left");
        assert!(!outbox::cancel(&mut tx, HOUSE, "c@x", test.clock.now()).await.unwrap());
    }
}

#[tokio::test]
async fn one_letter_can_be_taken_back() {
    for test in testing::databases().await {
        queue(&test, "a@x", None, 600).await;
        let mut tx = test.db.begin().await.unwrap();
        assert!(outbox::cancel(&mut tx, HOUSE, "a@x", test.clock.now()).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(known(&test, "a@x").await.state, State::Cancelled);
    }
}

#[tokio::test]
async fn a_refusal_is_final_and_says_a_word_without_address() {
    for test in testing::databases().await {
        queue(&test, "a@x", None, 0).await;
        let bag = Postbag::default();
        assert_eq!(drain(&test, &bag, Outcome::Refused("smtp_550".into())).await, 1);
        let known = known(&test, "a@x").await;
        assert_eq!((known.state, known.reason.as_deref()), (State::Refused, Some("smtp_550")));
        test.clock.advance(Duration::from_secs(1_000_000));
        assert_eq!(drain(&test, &bag, Outcome::Sent).await, 0);
    }
}

#[tokio::test]
async fn a_letter_that_cannot_leave_is_tried_less_and_less_often_then_given_up() {
    for test in testing::databases().await {
        queue(&test, "a@x", None, 0).await;
        let bag = Postbag::default();
        let start = test.clock.now();
        let mut pauses = Vec::new();
        let mut last = start;
        while known(&test, "a@x").await.state == State::Queued {
            if drain(&test, &bag, Outcome::Later).await == 1 {
                pauses.push((test.clock.now() - last).whole_seconds());
                last = test.clock.now();
            }
            let next = known(&test, "a@x").await.not_before;
            test.clock.advance((next - test.clock.now()).try_into().unwrap_or(Duration::ZERO));
        }
        assert_eq!(i64::try_from(pauses.len()).unwrap(), MAX_ATTEMPTS);
        assert_eq!(&pauses[..4], &[0, 30, 60, 120]);
        assert!(pauses.windows(2).all(|pair| pair[0] <= pair[1]));
        let hours = (last - start).whole_hours();
        assert!((24..120).contains(&hours), "given up after {hours} h");
        assert_eq!(known(&test, "a@x").await.reason.as_deref(), Some("gave_up"));
    }
}

#[tokio::test]
async fn a_house_does_its_own_work_only() {
    for test in testing::databases().await {
        queue(&test, "a@x", None, 0).await;
        let bag = Postbag::default();
        let tried = outbox::drain_once(&test.db, &test.vault, "wallet", &test.clock, bag.answering(Outcome::Sent))
            .await
            .unwrap();
        assert_eq!(tried, 0);
        assert!(outbox::state_of(&test.db, "wallet", "a@x").await.unwrap().is_none());
    }
}

#[tokio::test]
async fn many_letters_are_asked_about_at_once() {
    for test in testing::databases().await {
        queue(&test, "a@x", None, 0).await;
        drain(&test, &Postbag::default(), Outcome::Refused("smtp_550".into())).await;
        queue(&test, "b@x", None, 0).await;
        // More than one statement's worth, most of them unknown.
        let mut ids: Vec<String> = (0..1_200).map(|n| format!("unknown-{n}@x")).collect();
        ids.extend(["a@x".to_owned(), "b@x".to_owned()]);
        let mut known = outbox::states_of(&test.db, HOUSE, &ids).await.unwrap();
        known.sort_by(|one, other| one.message_id.cmp(&other.message_id));
        let said: Vec<(&str, State, Option<&str>)> =
            known.iter().map(|one| (one.message_id.as_str(), one.state, one.reason.as_deref())).collect();
        assert_eq!(said, [("a@x", State::Refused, Some("smtp_550")), ("b@x", State::Queued, None)]);
        assert!(outbox::states_of(&test.db, "wallet", &ids).await.unwrap().is_empty(), "of another house, nothing");
        assert!(outbox::states_of(&test.db, HOUSE, &[]).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_letter_sealed_by_another_key_does_not_stop_the_others() {
    for test in testing::databases().await {
        queue(&test, "a@x", None, 0).await;
        queue(&test, "b@x", None, 0).await;
        let mut tx = test.db.begin().await.unwrap();
        execute!(tx, sqlx::query("update store_outbox set payload = $1 where message_id = 'a@x'").bind(vec![1_u8; 60]))
            .unwrap();
        tx.commit().await.unwrap();
        let bag = Postbag::default();
        drain(&test, &bag, Outcome::Sent).await;
        assert_eq!(bag.sorted(), ["b@x"]);
        assert_eq!(known(&test, "a@x").await.reason.as_deref(), Some("unreadable"));
    }
}

#[tokio::test]
async fn the_worker_runs_until_it_is_asked_to_stop_and_finishes_what_it_holds() {
    for test in testing::databases().await {
        queue(&test, "a@x", None, 0).await;
        let (stop, asked) = tokio::sync::oneshot::channel::<()>();
        let (taken, in_hand) = tokio::sync::oneshot::channel::<()>();
        let taken = Arc::new(Mutex::new(Some(taken)));
        let (db, vault, clock) = (test.db.clone(), test.vault.clone(), test.clock.clone());
        let worker = tokio::spawn(async move {
            let handler = move |_: Delivery| {
                let taken = Arc::clone(&taken);
                async move {
                    if let Some(taken) = taken.lock().unwrap().take() {
                        taken.send(()).unwrap();
                    }
                    tokio::time::sleep(Duration::from_millis(200)).await;
                    Outcome::Sent
                }
            };
            outbox::run(&db, &vault, HOUSE, &clock, handler, async move { drop(asked.await) }).await;
        });
        in_hand.await.unwrap();
        stop.send(()).unwrap();
        tokio::time::timeout(Duration::from_secs(5), worker).await.expect("it stops").unwrap();
        assert_eq!(known(&test, "a@x").await.state, State::Sent, "{}", test.engine());
    }
}

fn message(id: &str, batch: Option<Uuid>, not_before: time::OffsetDateTime) -> Message<'_, &'static str> {
    Message { house: HOUSE, kind: "badge letter", message_id: id, batch_id: batch, not_before, payload: &ADDRESS }
}

async fn queue(test: &TestDb, id: &str, batch: Option<Uuid>, wait: i64) -> Queued {
    let now = test.clock.now();
    let mut tx = test.db.begin().await.unwrap();
    let message = message(id, batch, now + time::Duration::seconds(wait));
    let queued = outbox::queue(&mut tx, &test.vault, &message, now).await.unwrap();
    tx.commit().await.unwrap();
    queued
}

async fn drain(test: &TestDb, bag: &Postbag, outcome: Outcome) -> usize {
    outbox::drain_once(&test.db, &test.vault, HOUSE, &test.clock, bag.answering(outcome)).await.unwrap()
}

async fn known(test: &TestDb, id: &str) -> Known {
    outbox::state_of(&test.db, HOUSE, id).await.unwrap().expect("a message of that id")
}

async fn payload(test: &TestDb, id: &str) -> Option<Vec<u8>> {
    on!(test.db, c => sqlx::query_scalar("select payload from store_outbox where message_id = $1")
        .bind(id).fetch_one(c).await)
    .unwrap()
}

/// Everything the outbox holds, as text.
async fn stored(test: &TestDb) -> String {
    let rows: Vec<(String, String, Option<Vec<u8>>)> =
        on!(test.db, c => sqlx::query_as("select message_id, kind, payload from store_outbox").fetch_all(c).await)
            .unwrap();
    let as_text = |bytes: &Option<Vec<u8>>| String::from_utf8_lossy(bytes.as_deref().unwrap_or_default()).into_owned();
    rows.iter().flat_map(|(id, kind, bytes)| [id.clone(), kind.clone(), as_text(bytes)]).collect()
}
