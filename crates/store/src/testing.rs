//! Fresh, migrated databases for tests: a SQLite file in a folder of its own, and a database on a real PostgreSQL.
//!
//! ```no_run
//! # async fn example() -> store::Result<()> {
//! for test in store::testing::databases().await {
//!     let (db, vault, clock) = (&test.db, &test.vault, &test.clock);
//!     // … the same test, on both engines; `test.engine()` names it in a failed assertion
//! }
//! # Ok(()) }
//! ```
//! PostgreSQL is Debian's `postgresql` package (`initdb` and `postgres` under `/usr/lib/postgresql`), started once per
//! test program as an ordinary user, on a private socket, and stopped with it. With `LIVRET_TEST_POSTGRES=postgres://…`
//! (a role that may create databases) tests use that server instead. Neither: the test fails and says so.

mod server;

use std::fs;
use std::path::PathBuf;

use time::OffsetDateTime;
use time::macros::datetime;

use crate::{Clock, Db, Vault, migrate};

/// When tests begin, on the clock of [`TestDb`].
pub const START: OffsetDateTime = datetime!(2026-11-22 09:00 UTC);

/// One database of one test, removed when dropped.
#[derive(Debug)]
pub struct TestDb {
    /// Open and migrated.
    pub db: Db,
    /// A fixed key, so that snapshots of derived codes hold. Known to this database's key check only once obtained.
    pub vault: Vault,
    /// Stands still at [`START`].
    pub clock: Clock,
    url: String,
    _remains: Remains,
}

impl TestDb {
    /// `"sqlite"` or `"postgres"`.
    pub fn engine(&self) -> &'static str {
        self.db.engine()
    }

    /// The address to give to a program under test (`--database`). For PostgreSQL give it [`MASTER_KEY`] too.
    pub fn url(&self) -> &str {
        &self.url
    }
}

/// The key of [`TestDb::vault`], as `LIVRET_MASTER_KEY` takes it.
pub const MASTER_KEY: &str = "0707070707070707070707070707070707070707070707070707070707070707";

/// One database per engine: SQLite first, then PostgreSQL.
///
/// # Panics
/// When PostgreSQL is neither installed nor given: tests on one engine only would prove half.
pub async fn databases() -> Vec<TestDb> {
    vec![sqlite().await, postgres().await]
}

/// A fresh SQLite database.
///
/// # Panics
/// When the folder for temporary files cannot be written.
pub async fn sqlite() -> TestDb {
    let folder = std::env::temp_dir().join(format!("livret-test-{}", uuid::Uuid::new_v4().simple()));
    fs::create_dir(&folder).expect("the folder for temporary files can be written");
    let url = format!("sqlite:{}", folder.join("livret.db").display());
    let db = Db::open(&url).await.expect("SQLite opens a new file");
    migrate(&db).await.expect("the migrations run on SQLite");
    made(db, url, Remains::Folder(folder))
}

/// A fresh database on PostgreSQL, copied from a migrated template.
///
/// # Panics
/// See [`databases`].
pub async fn postgres() -> TestDb {
    let (url, dropped) = server::fresh_database().await;
    let db = Db::open_with(&url, 6).await.expect("PostgreSQL opens the new database");
    made(db, url, dropped.map_or(Remains::Nothing, Remains::Database))
}

/// An empty database of each engine, without a table: for tests of migrating itself. Answers its address.
///
/// # Panics
/// See [`databases`].
pub async fn empty_postgres() -> String {
    server::empty_database().await
}

fn made(db: Db, url: String, remains: Remains) -> TestDb {
    TestDb { db, vault: Vault::from_bytes([7; 32]), clock: Clock::manual(START), url, _remains: remains }
}

/// What to tidy away after a test.
#[derive(Debug)]
enum Remains {
    Folder(PathBuf),
    /// On a server that outlives the test program.
    Database(server::Dropped),
    Nothing,
}

impl Drop for Remains {
    fn drop(&mut self) {
        match self {
            // A folder left behind harms nobody.
            Self::Folder(folder) => drop(fs::remove_dir_all(folder)),
            Self::Database(database) => database.drop_now(),
            Self::Nothing => {}
        }
    }
}
