//! Instances that start together, and a program older than its database.

use store::migrations::{self, State};
use store::{Db, StoreError, execute, migrate, testing};

/// An empty database of each engine, with what must outlive its use.
async fn empty() -> Vec<(String, Option<tempfile::TempDir>)> {
    let folder = tempfile::tempdir().unwrap();
    let sqlite = format!("sqlite:{}", folder.path().join("new.db").display());
    vec![(sqlite, Some(folder)), (testing::empty_postgres().await, None)]
}

#[tokio::test(flavor = "multi_thread")]
async fn instances_that_start_together_migrate_once() {
    for (url, _folder) in empty().await {
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..6 {
            let url = url.clone();
            tasks.spawn(async move {
                let db = Db::open_with(&url, 2).await?;
                migrate(&db).await?;
                let state = migrations::state(&db).await?;
                db.close().await;
                Ok::<State, StoreError>(state)
            });
        }
        while let Some(done) = tasks.join_next().await {
            let state = done.unwrap().unwrap();
            assert_eq!(state.database, state.program);
            assert!(state.program >= 1);
        }
    }
}

/// Turning WAL on wants the file alone, and is refused at once when it is not: openings that meet must not fail.
#[tokio::test(flavor = "multi_thread", worker_threads = 6)]
async fn a_new_file_may_be_opened_by_many_at_once() {
    let folder = tempfile::tempdir().unwrap();
    for round in 0..40 {
        let url = format!("sqlite:{}", folder.path().join(format!("{round}.db")).display());
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let url = url.clone();
            tasks.spawn(async move {
                let db = Db::open_with(&url, 1).await?;
                db.ping().await?;
                db.close().await;
                Ok::<(), StoreError>(())
            });
        }
        while let Some(done) = tasks.join_next().await {
            done.unwrap().unwrap();
        }
    }
}

#[tokio::test]
async fn an_empty_database_is_at_zero() {
    for (url, _folder) in empty().await {
        let db = Db::open_with(&url, 2).await.unwrap();
        assert_eq!(migrations::state(&db).await.unwrap().database, 0);
        db.close().await;
    }
}

#[tokio::test]
async fn migrating_again_changes_nothing() {
    for test in testing::databases().await {
        migrate(&test.db).await.unwrap();
    }
}

#[tokio::test]
async fn a_program_older_than_the_database_refuses() {
    for test in testing::databases().await {
        let mut tx = test.db.begin().await.unwrap();
        execute!(
            tx,
            sqlx::query(
                "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
            values (9999, 'from the future', true, $1, 1)"
            )
            .bind(vec![0_u8])
        )
        .unwrap();
        tx.commit().await.unwrap();
        let refused = migrate(&test.db).await.unwrap_err();
        assert!(matches!(refused, StoreError::DatabaseIsNewer(9999)), "{}: {refused}", test.engine());
        let state = migrations::state(&test.db).await.unwrap();
        assert!(state.database > state.program);
    }
}

#[tokio::test]
async fn an_edited_migration_is_noticed() {
    for test in testing::databases().await {
        let mut tx = test.db.begin().await.unwrap();
        execute!(tx, sqlx::query("update _sqlx_migrations set checksum = $1 where version = 1").bind(vec![0_u8]))
            .unwrap();
        tx.commit().await.unwrap();
        let refused = migrate(&test.db).await.unwrap_err();
        assert!(matches!(refused, StoreError::Migration(_)), "{}: {refused}", test.engine());
    }
}

#[tokio::test]
async fn a_failed_migration_says_which_and_why_without_the_values_of_rows() {
    for test in testing::databases().await {
        let last = migrations::state(&test.db).await.unwrap().program;
        // As if the last one had not run: its columns are there already.
        let mut tx = test.db.begin().await.unwrap();
        execute!(tx, sqlx::query("delete from _sqlx_migrations where version = $1").bind(last)).unwrap();
        tx.commit().await.unwrap();
        let StoreError::Migration(words) = migrate(&test.db).await.unwrap_err() else {
            panic!("{}: another error", test.engine())
        };
        let why = ["duplicate", "already exists"].iter().any(|why| words.contains(why));
        assert!(words.starts_with(&format!("{last}: ")) && why, "{}: {words}", test.engine());

        let refused = store::on!(test.db, c => sqlx::query_scalar::<_, i32>(
            "select cast(recipient as integer) from (select 'Inès Duval' as recipient) as one").fetch_one(c).await);
        // SQLite reads a number out of anything.
        if let Err(error) = refused {
            assert_eq!(StoreError::from(error).to_string(), "database: code 22P02");
        } else {
            assert_eq!(test.engine(), "sqlite");
        }
    }
}
