//! A crash in the middle loses and duplicates nothing: SIGKILL of the program at three random moments of a
//! 10,000-row import, and two instances attesting the same file at the same time.

mod world;

use std::time::Duration;

use livret::browser::Page;
use livret::people::{Mailbox, Observation, Trainer};
use store::{Db, on, testing};
use world::{ESTUAIRE, Places, Program, TRAINER, bootstrap_officer, crowd, free_port, sqlite_in};

const ROWS: usize = 10_000;
const AWARDS: i64 = 10_000;
const TEAM: Observation<'static> = Observation {
    badge: "cpt-travail-en-equipe/pratique",
    sentence: "Service de midi, équipe de cinq, poste tournant.",
    evidence: "mise-en-situation",
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_three_times_each_badge_is_there_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = sqlite_in(folder.path(), "livret.db");
    let letters = folder.path().join("letters");
    let dir = format!("dir:{}", letters.display());
    let port = free_port();
    let arguments = [("--database", database.as_str()), ("--letters", dir.as_str())];
    let start = || Program::start("serve", port, &arguments);

    let mut program = start();
    let places = places(&program.origin, &letters);
    bootstrap_officer(&database, &program.origin);
    places.habilitates(&ESTUAIRE).await;
    let mut trainer = Trainer::enters(&places.issuer, &places.letters, TRAINER).await.expect("the trainer's door");
    let session = trainer.opens_session("Le grand groupe", "Le Havre").await.expect("a session");
    let review = trainer.drops(&session, &crowd(ROWS)).await.expect("a review").ok().expect("a review");
    let lot = trainer.attests(&review, TEAM).await.expect("a lot").ok().expect("a lot");

    let db = Db::open(&database).await.expect("the database");
    for crash in 0..3_i64 {
        // Anywhere in the next part of the work, also before its first badge.
        let before = count(&db, "select count(*) from issuer_award").await;
        let aim = before + rand::random_range(0..(AWARDS - before) / (4 - crash));
        while count(&db, "select count(*) from issuer_award").await < aim {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        tokio::time::sleep(Duration::from_millis(rand::random_range(0..200))).await;
        program.kill();
        println!("killed at {} awards", count(&db, "select count(*) from issuer_award").await);
        program = start();
    }
    let lot = trainer.waits_for(&lot).await.expect("an end");
    assert!(lot.title().replace(['\u{202f}', '\u{a0}', ' '], "").contains("10000"), "{}", lot.title());
    each_exactly_once(&db, ROWS, ROWS / 2).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_instances_attest_the_same_file_at_once() {
    const ROWS: usize = 1_000;
    let database = testing::empty_postgres().await;
    let folder = tempfile::tempdir().expect("a folder");
    let letters = folder.path().join("letters");
    let dir = format!("dir:{}", letters.display());
    let (first_port, second_port) = (free_port(), free_port());
    let origin = format!("http://localhost:{first_port}");
    bootstrap_officer(&database, &origin);
    let arguments = [("--database", database.as_str()), ("--letters", dir.as_str())];
    let _first = Program::start("serve", first_port, &arguments);
    let _second = Program::start_as("serve", second_port, &origin, &arguments);

    let places = places(&origin, &letters);
    places.habilitates(&ESTUAIRE).await;
    let mut one = Trainer::enters(&places.issuer, &places.letters, TRAINER).await.expect("the trainer's door");
    let session = one.opens_session("Deux instances", "Le Havre").await.expect("a session");
    let mut two = Trainer(one.0.clone().at(&format!("http://localhost:{second_port}")).expect("the second instance"));
    let file = crowd(ROWS);
    let (a, b) = tokio::join!(review(&mut one, &session, &file), review(&mut two, &session, &file));
    let (a, b) = tokio::join!(attest(&mut one, &a), attest(&mut two, &b));
    assert!(a.is_some() || b.is_some(), "one of them finds people to attest");
    for (trainer, lot) in [(&mut one, a), (&mut two, b)] {
        if let Some(lot) = lot {
            trainer.waits_for(&lot).await.expect("the lot ends");
        }
    }

    let db = Db::open(&database).await.expect("the database");
    each_exactly_once(&db, ROWS, ROWS / 2).await;
}

async fn review(trainer: &mut Trainer, session: &str, file: &[u8]) -> Page {
    trainer.drops(session, file).await.expect("a review").ok().expect("a review")
}

/// The lot; `None` when the other instance had made everybody's badge before this one was asked.
async fn attest(trainer: &mut Trainer, review: &Page) -> Option<Page> {
    let page = trainer.attests(review, TEAM).await.expect("an answer");
    if page.status == 422 {
        assert!(page.text.contains("Aucune ligne n’est prête"), "{}", page.title());
        return None;
    }
    Some(page.ok().expect("a lot"))
}

/// Awards, credentials, status entries, codes and queued letters, counted in the tables.
async fn each_exactly_once(db: &Db, people: usize, with_address: usize) {
    let people = i64::try_from(people).expect("a number");
    let with_address = i64::try_from(with_address).expect("a number");
    for (what, query, expected) in [
        ("awards", "select count(*) from issuer_award", people),
        ("people attested", "select count(distinct trainee_id) from issuer_award", people),
        ("signed texts", "select count(distinct signed_text) from issuer_credential", people),
        (
            "status entries",
            "select count(*) from (select distinct organisation_id, status_list, status_index from issuer_credential) as entries",
            people,
        ),
        ("letters", "select count(*) from store_outbox where house = 'issuer' and kind = 'badge'", with_address),
        (
            "awards without a signed text",
            "select count(*) from issuer_award a where not exists (select 1 from issuer_credential c where c.award_id = a.award_id)",
            0,
        ),
        ("badges of nobody's lot", "select count(*) from issuer_lot_row where outcome is null", 0),
    ] {
        assert_eq!(count(db, query).await, expected, "{what}");
    }
}

async fn count(db: &Db, query: &'static str) -> i64 {
    on!(db, c => sqlx::query_scalar(query).fetch_one(c).await).expect("a count")
}

fn places(origin: &str, letters: &std::path::Path) -> Places {
    Places {
        issuer: origin.to_owned(),
        wallet: origin.to_owned(),
        verifier: origin.to_owned(),
        letters: Mailbox::Folder(letters.to_owned()),
    }
}
