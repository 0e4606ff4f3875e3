//! One code base, two engines: an enum over two pools, and one macro.

use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, PgConnection, PgPool, Postgres, Sqlite, SqliteConnection, SqlitePool, Transaction};
use time::OffsetDateTime;

use crate::{Result, StoreError};

/// A connection to PostgreSQL that was used this recently is used again untried: it was tried when it came back to the
/// pool, and a server that restarts takes as long. Any other is tried first, for the price of one more journey.
const RESTED: Duration = Duration::from_secs(1);

/// A database, cheap to clone. Read with `on!(db, c => …)`; write in a [`Tx`].
#[derive(Clone, Debug)]
pub enum Db {
    /// One file, in WAL mode: one writer, readers beside it that never wait for it.
    Sqlite {
        /// The only connection that writes.
        writer: SqlitePool,
        /// Connections that cannot write (`query_only`).
        readers: SqlitePool,
        /// Where the file is.
        path: PathBuf,
    },
    /// A server.
    Postgres(PgPool),
}

/// A transaction, rolled back when dropped without [`Tx::commit`].
///
/// Keep it short, and never call another house inside it (decisions §23). SQLite has one writer: a second `begin` while
/// the same task holds a `Tx` waits for itself and fails.
#[derive(Debug)]
#[must_use = "a transaction that is not committed is rolled back"]
pub enum Tx {
    /// Began with `BEGIN IMMEDIATE`, so that it never fails half-way for want of the write lock.
    Sqlite(Transaction<'static, Sqlite>),
    /// Read committed.
    Postgres(Transaction<'static, Postgres>),
}

/// The connections of a [`Db`], counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolUse {
    /// Open now.
    pub open: u32,
    /// Of them, without work.
    pub idle: u32,
    /// As many as there may be.
    pub most: u32,
}

/// Something of either engine. What [`on!`](crate::on) takes apart; rarely needed by name.
#[derive(Debug)]
pub enum Engine<S, P> {
    /// SQLite's.
    Sqlite(S),
    /// PostgreSQL's.
    Postgres(P),
}

/// One SQL text on either engine: runs the expression with `c` as executor, in a transaction or straight on a
/// database for reading.
///
/// For a statement that answers no rows see [`execute!`](crate::execute): the engines' own results are two types.
///
/// The expression is compiled once per engine, so it must hold for both: literals with `$1`, types that both know
/// (`Uuid`, `OffsetDateTime`, `Date`, `bool`, `i64`, `f64`, `String`, `Vec<u8>`, `sqlx::types::Json`), rows with
/// `#[derive(sqlx::FromRow)]`. The result is sqlx's; `?` turns its error into [`StoreError`](crate::StoreError).
///
/// ```
/// # async fn example(db: store::Db) -> store::Result<()> {
/// use store::{execute, on};
///
/// #[derive(sqlx::FromRow)]
/// struct Kept { table_name: String, reason: String }
///
/// // Reading, outside a transaction:
/// let kept: Vec<Kept> = on!(db, c => sqlx::query_as("select table_name, reason from store_retention where retention_class = $1")
///     .bind("work").fetch_all(c).await)?;
///
/// // Writing, and reading what was written:
/// let mut tx = db.begin().await?;
/// let gone: u64 = execute!(tx, sqlx::query("delete from store_limit where house = $1").bind("issuer"))?;
/// let left: i64 = on!(tx, c => sqlx::query_scalar("select count(*) from store_limit").fetch_one(c).await)?;
/// tx.commit().await?;
/// # drop((kept, gone, left)); Ok(()) }
/// ```
/// A function takes `tx: &mut Tx` (or `db: &Db`) and writes `on!(tx, c => …)` just the same.
#[macro_export]
macro_rules! on {
    ($on:expr, $c:ident => $body:expr) => {
        match $on.executor() {
            $crate::Engine::Sqlite($c) => $body,
            $crate::Engine::Postgres($c) => $body,
        }
    };
}

/// Runs a statement that answers no rows, in a transaction of either engine: gives how many rows it changed.
///
/// ```
/// # async fn example(db: store::Db) -> store::Result<()> {
/// let mut tx = db.begin().await?;
/// let gone: u64 = store::execute!(tx, sqlx::query("delete from store_limit where house = $1").bind("issuer"))?;
/// # drop(gone); tx.commit().await }
/// ```
#[macro_export]
macro_rules! execute {
    ($on:expr, $query:expr) => {
        match $on.executor() {
            $crate::Engine::Sqlite(c) => $query.execute(c).await.map(|done| done.rows_affected()),
            $crate::Engine::Postgres(c) => $query.execute(c).await.map(|done| done.rows_affected()),
        }
    };
}

impl Db {
    /// Opens `sqlite:PATH` (made when missing) or `postgres://…` / `postgresql://…`. Does not migrate: see
    /// [`migrate`](crate::migrate).
    pub async fn open(url: &str) -> Result<Self> {
        Self::open_with(url, 16).await
    }

    /// As [`Db::open`], with at most so many connections to PostgreSQL or readers of SQLite.
    pub async fn open_with(url: &str, connections: u32) -> Result<Self> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            return open_sqlite(Path::new(path), connections).await;
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let options = PgConnectOptions::from_str(url)
                .map_err(|_| StoreError::Address("the postgres:// address cannot be read"))?
                .application_name("livret");
            let pool = PgPoolOptions::new()
                .max_connections(connections)
                .acquire_timeout(Duration::from_secs(15))
                .test_before_acquire(false)
                .before_acquire(|connection, past| {
                    Box::pin(async move {
                        if past.idle_for > RESTED {
                            connection.ping().await?;
                        }
                        Ok(true)
                    })
                })
                .connect_with(options)
                .await?;
            return Ok(Self::Postgres(pool));
        }
        Err(StoreError::Address("a database is sqlite:PATH or postgres://…"))
    }

    /// Begins a transaction. On SQLite it takes the write lock at once, and waits for it if needed.
    pub async fn begin(&self) -> Result<Tx> {
        Ok(match self {
            Self::Sqlite { writer, .. } => Tx::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?),
            Self::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// The same database, where the reader should see that nothing is written: `on!(db.read(), c => …)`.
    pub fn read(&self) -> &Self {
        self
    }

    /// What [`on!`](crate::on) reads with: on SQLite a connection that refuses to write.
    pub fn executor(&self) -> Engine<&SqlitePool, &PgPool> {
        match self {
            Self::Sqlite { readers, .. } => Engine::Sqlite(readers),
            Self::Postgres(pool) => Engine::Postgres(pool),
        }
    }

    /// `"sqlite"` or `"postgres"`, for people and logs.
    pub fn engine(&self) -> &'static str {
        match self {
            Self::Sqlite { .. } => "sqlite",
            Self::Postgres(_) => "postgres",
        }
    }

    /// Whether the database answers: for `/healthz`.
    pub async fn ping(&self) -> Result<()> {
        let _: i64 = crate::on!(self, c => sqlx::query_scalar("select cast(1 as bigint)").fetch_one(c).await)?;
        Ok(())
    }

    /// The time of the database's server; `None` for SQLite, which has no other clock than this machine's.
    pub async fn server_time(&self) -> Result<Option<OffsetDateTime>> {
        match self {
            Self::Sqlite { .. } => Ok(None),
            Self::Postgres(pool) => Ok(Some(sqlx::query_scalar("select clock_timestamp()").fetch_one(pool).await?)),
        }
    }

    /// What SQLite finds wrong with its own file, in its own words; `None` when it is whole, and for PostgreSQL.
    pub async fn damage(&self) -> Result<Option<String>> {
        let Self::Sqlite { readers, .. } = self else { return Ok(None) };
        let said = sqlx::query_scalar::<_, String>("pragma quick_check(1)").fetch_optional(readers).await;
        match said.map_err(StoreError::from) {
            Ok(said) => Ok(said.filter(|said| said != "ok")),
            // Too damaged even to be examined.
            Err(error) if error.is_damage() => Ok(Some(error.to_string())),
            Err(error) => Err(error),
        }
    }

    /// How many connections are open, and how many of them wait for work.
    pub fn connections(&self) -> PoolUse {
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        match self {
            Self::Sqlite { readers, writer, .. } => PoolUse {
                open: readers.size() + writer.size(),
                idle: count(readers.num_idle() + writer.num_idle()),
                most: readers.options().get_max_connections() + 1,
            },
            Self::Postgres(pool) => {
                PoolUse { open: pool.size(), idle: count(pool.num_idle()), most: pool.options().get_max_connections() }
            }
        }
    }

    /// Closes every connection, after the work in hand. On SQLite this folds the WAL into the file.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { writer, readers, .. } => {
                readers.close().await;
                writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

impl Tx {
    /// Makes everything written visible to all, at once.
    pub async fn commit(self) -> Result<()> {
        match self {
            Self::Sqlite(tx) => tx.commit().await?,
            Self::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }

    /// Forgets everything written. Dropping does the same, a little later.
    pub async fn rollback(self) -> Result<()> {
        match self {
            Self::Sqlite(tx) => tx.rollback().await?,
            Self::Postgres(tx) => tx.rollback().await?,
        }
        Ok(())
    }

    /// What [`on!`](crate::on) runs on.
    pub fn executor(&mut self) -> Engine<&mut SqliteConnection, &mut PgConnection> {
        match self {
            Self::Sqlite(tx) => Engine::Sqlite(&mut **tx),
            Self::Postgres(tx) => Engine::Postgres(&mut **tx),
        }
    }
}

async fn open_sqlite(path: &Path, readers: u32) -> Result<Db> {
    if path.as_os_str().is_empty() || path.to_string_lossy().contains(":memory:") {
        // Writer and readers are different connections: they share a file, and would not share memory.
        return Err(StoreError::Address("SQLite needs a file: sqlite:PATH"));
    }
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(15))
        .statement_cache_capacity(300);
    // The file holds names and addresses: nobody else on the machine reads it. SQLite gives its companions the same mode.
    if !path.exists() {
        let made = std::fs::OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path);
        made.map_err(sqlx::Error::Io)?;
    }
    // The writer opens first: it makes the file and turns WAL on. Ids are random, so a large lot touches pages all over
    // its indexes: they fit in 32 MB, and are copied into the file once for many transactions.
    let writing = options.clone().pragma("cache_size", "-32768").pragma("wal_autocheckpoint", "4096");
    let writer = open_writer(&writing).await?;
    let readers = SqlitePoolOptions::new()
        .max_connections(readers.max(1))
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .acquire_timeout(Duration::from_secs(15))
        .connect_lazy_with(options.pragma("query_only", "on"));
    Ok(Db::Sqlite { writer, readers, path: path.to_owned() })
}

/// Opens the connection that writes, waiting for instances that open the same file at this moment.
///
/// Turning WAL on needs the file alone, and SQLite answers « locked » at once there, whatever `busy_timeout` says: two
/// connections that each wait to be alone would wait for ever. So whoever loses begins again from nothing.
async fn open_writer(options: &SqliteConnectOptions) -> Result<SqlitePool> {
    const PATIENCE: Duration = Duration::from_secs(15);
    const PAUSE: Duration = Duration::from_millis(20);
    let mut waited = Duration::ZERO;
    loop {
        let opened = SqlitePoolOptions::new()
            .max_connections(1)
            .min_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .acquire_timeout(Duration::from_secs(30))
            .connect_with(options.clone())
            .await;
        match opened {
            Err(error) if is_busy(&error) && waited < PATIENCE => {
                tokio::time::sleep(PAUSE).await;
                waited += PAUSE;
            }
            other => return Ok(other?),
        }
    }
}

/// Whether SQLite said `SQLITE_BUSY` (5), in any of its extended forms: the low byte is the code.
fn is_busy(error: &sqlx::Error) -> bool {
    let sqlx::Error::Database(error) = error else { return false };
    error.code().and_then(|code| code.parse::<u32>().ok()).is_some_and(|code| code & 0xff == 5)
}
