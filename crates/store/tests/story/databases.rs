//! Reading, writing, types, broken rules, and writers at the same instant.

use sqlx::types::Json;
use store::testing::{self, TestDb};
use store::{Db, StoreError, Tx, execute, on};
use time::macros::{date, datetime};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

#[derive(Debug, PartialEq, sqlx::FromRow)]
struct Everything {
    id: Uuid,
    at: OffsetDateTime,
    day: Date,
    yes: bool,
    number: i64,
    part: Option<f64>,
    words: Option<String>,
    bytes: Vec<u8>,
    facts: Json<Vec<u32>>,
}

#[tokio::test]
async fn every_type_comes_back_as_it_went_in_on_both_engines() {
    for test in testing::databases().await {
        let mut tx = test.db.begin().await.unwrap();
        match &mut tx {
            Tx::Sqlite(tx) => sqlx::query(
                "create table try_everything (id blob primary key, at text not null, day text not null, yes integer not null,
                 number integer not null, part real, words text, bytes blob not null, facts text not null) strict",
            )
            .execute(&mut **tx)
            .await
            .map(drop),
            Tx::Postgres(tx) => sqlx::query(
                "create table try_everything (id uuid primary key, at timestamptz not null, day date not null,
                 yes boolean not null, number bigint not null, part double precision, words text, bytes bytea not null,
                 facts jsonb not null)",
            )
            .execute(&mut **tx)
            .await
            .map(drop),
        }
        .unwrap();
        for part in [Some(3.5), None] {
            let row = Everything {
                id: Uuid::new_v4(),
                at: datetime!(2026-11-22 10:30:00 UTC),
                day: date!(2026 - 11 - 22),
                yes: true,
                number: i64::MAX,
                part,
                words: part.map(|_| "Élodie ’ 🎓".into()),
                bytes: vec![0, 255],
                facts: Json(vec![1, 2]),
            };
            let back: Everything = on!(tx, c => sqlx::query_as(
                "insert into try_everything (id, at, day, yes, number, part, words, bytes, facts)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning *")
                .bind(row.id).bind(row.at).bind(row.day).bind(row.yes).bind(row.number).bind(row.part)
                .bind(&row.words).bind(&row.bytes).bind(&row.facts)
                .fetch_one(c).await)
            .unwrap();
            assert_eq!(back, row, "{}", test.engine());
        }
        let earlier: i64 =
            on!(tx, c => sqlx::query_scalar("select count(*) from try_everything where at < $1 and yes = $2")
            .bind(datetime!(2026-11-22 10:30:01 UTC)).bind(true).fetch_one(c).await)
            .unwrap();
        assert_eq!(earlier, 2, "{}", test.engine());
        tx.commit().await.unwrap();
        test.db.ping().await.unwrap();
    }
}

#[tokio::test]
async fn a_broken_rule_says_its_name() {
    for test in testing::databases().await {
        let db = &test.db;
        let again = insert_retention(db, "store_limit", "passing").await.unwrap_err();
        assert!(again.violates("store_retention_pkey"), "{}: {again}", test.engine());
        assert!(again.is_unique_violation());

        let check = insert_retention(db, "store_x", "for a while").await.unwrap_err();
        assert!(matches!(check, StoreError::Check { .. }), "{}: {check}", test.engine());

        let mut tx = db.begin().await.unwrap();
        execute!(tx, sqlx::query("create table try_parent (id bigint primary key)")).unwrap();
        execute!(tx, sqlx::query("create table try_child (parent bigint references try_parent (id))")).unwrap();
        tx.commit().await.unwrap();
        let mut tx = db.begin().await.unwrap();
        let orphan = execute!(tx, sqlx::query("insert into try_child (parent) values ($1)").bind(7_i64));
        assert!(matches!(StoreError::from(orphan.unwrap_err()), StoreError::ForeignKey), "{}", test.engine());
    }
}

#[tokio::test]
async fn an_error_never_repeats_the_row() {
    for test in testing::databases().await {
        insert_retention(&test.db, "ines@example.org", "work").await.unwrap();
        let error = insert_retention(&test.db, "ines@example.org", "work").await.unwrap_err();
        let words = format!("{error} {error:?}");
        assert!(!words.contains("ines"), "{words}");
        // PostgreSQL's « detail » repeats the whole row.
        let error = insert_retention(&test.db, "ines@example.org", "another class").await.unwrap_err();
        let words = format!("{error} {error:?}");
        assert!(!words.contains("ines"), "{words}");
    }
}

#[tokio::test]
async fn what_is_not_committed_is_not_there() {
    for test in testing::databases().await {
        for commits in [false, true] {
            let mut tx = test.db.begin().await.unwrap();
            write_retention(&mut tx, "store_try", "work").await.unwrap();
            assert!(!has_retention(&test.db, "store_try").await, "a reader sees only what is committed");
            if commits {
                tx.commit().await.unwrap();
            } else {
                drop(tx);
            }
            assert_eq!(has_retention(&test.db, "store_try").await, commits, "{}", test.engine());
        }
        let mut tx = test.db.begin().await.unwrap();
        write_retention(&mut tx, "store_other", "work").await.unwrap();
        tx.rollback().await.unwrap();
        assert!(!has_retention(&test.db, "store_other").await);
    }
}

#[tokio::test]
async fn on_sqlite_a_write_outside_a_transaction_is_refused() {
    let test = testing::sqlite().await;
    let refused = execute!(test.db, sqlx::query("delete from store_retention"));
    assert!(refused.is_err());
    assert!(has_retention(&test.db, "store_limit").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_writers_at_once_lose_nothing() {
    for test in testing::databases().await {
        // A second pool on the same database stands for another instance.
        let other = Db::open_with(test.url(), 4).await.unwrap();
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..40 {
            let db = if n % 2 == 0 { test.db.clone() } else { other.clone() };
            tasks.spawn(async move { insert_retention(&db, &format!("store_{n}"), "work").await });
        }
        while let Some(done) = tasks.join_next().await {
            done.unwrap().unwrap();
        }
        let there: i64 = on!(test.db.read(), c => sqlx::query_scalar(
            "select count(*) from store_retention where reason = 'try'").fetch_one(c).await)
        .unwrap();
        assert_eq!(there, 40, "{}", test.engine());
        other.close().await;
    }
}

#[tokio::test]
async fn sqlite_is_opened_as_decided() {
    let test = testing::sqlite().await;
    let Db::Sqlite { writer, readers, .. } = &test.db else { unreachable!("a SQLite database") };
    for pool in [writer, readers] {
        let mode: String = sqlx::query_scalar("pragma journal_mode").fetch_one(pool).await.unwrap();
        let keys: i64 = sqlx::query_scalar("pragma foreign_keys").fetch_one(pool).await.unwrap();
        let sync: i64 = sqlx::query_scalar("pragma synchronous").fetch_one(pool).await.unwrap();
        assert_eq!((mode.as_str(), keys, sync), ("wal", 1, 1));
    }
    assert_eq!(writer.options().get_max_connections(), 1);
}

#[tokio::test]
async fn an_address_that_is_not_one_is_refused_without_repeating_it() {
    for address in ["", "mysql://x:secret@y", "sqlite:", "sqlite::memory:", "postgres://user:secret@[bad"] {
        let error = Db::open(address).await.unwrap_err();
        assert!(matches!(error, StoreError::Address(_)), "{address}: {error}");
        assert!(!error.to_string().contains("secret"));
    }
}

#[tokio::test]
async fn each_test_has_its_own_databases() {
    let (first, second) = (testing::databases().await, testing::databases().await);
    for (a, b) in first.iter().zip(&second) {
        insert_retention(&a.db, "store_mine", "work").await.unwrap();
        assert!(!has_retention(&b.db, "store_mine").await, "{}", a.engine());
    }
    let folder = first[0].url().trim_start_matches("sqlite:").trim_end_matches("/livret.db").to_owned();
    assert!(std::path::Path::new(&folder).exists());
    drop::<Vec<TestDb>>(first);
    assert!(!std::path::Path::new(&folder).exists(), "a test tidies up");
}

async fn insert_retention(db: &Db, table: &str, class: &str) -> store::Result<()> {
    let mut tx = db.begin().await?;
    write_retention(&mut tx, table, class).await?;
    tx.commit().await
}

async fn write_retention(tx: &mut Tx, table: &str, class: &str) -> store::Result<()> {
    execute!(
        tx,
        sqlx::query("insert into store_retention (table_name, retention_class, reason) values ($1, $2, 'try')")
            .bind(table)
            .bind(class)
    )?;
    Ok(())
}

async fn has_retention(db: &Db, table: &str) -> bool {
    let count: i64 = on!(db, c => sqlx::query_scalar("select count(*) from store_retention where table_name = $1")
        .bind(table).fetch_one(c).await)
    .unwrap();
    count == 1
}
