//! The migrations of the repository, inside the program, and how they are applied (`migrations/README.md`).

use std::collections::HashMap;
use std::sync::LazyLock;
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::{Connection, PgConnection};

use crate::error::told;
use crate::{Db, Result, StoreError};

static SQLITE: Migrator = sqlx::migrate!("../../migrations/sqlite");
pub(crate) static POSTGRES: Migrator = sqlx::migrate!("../../migrations/postgres");

/// Any number that no other program of the same PostgreSQL server would lock by chance ("livret" in ASCII).
const LOCK: i64 = 0x6c69_7672_6574;
const LOCK_PAUSE: Duration = Duration::from_millis(100);
const LOCK_PATIENCE: Duration = Duration::from_secs(120);

/// Brings the database up to this program, under a lock: instances that start together cooperate, the first one
/// migrates and the others find nothing left to do. Refuses a database newer than the program.
pub async fn migrate(db: &Db) -> Result<()> {
    migrate_to(db, None).await
}

/// As [`migrate`], as far as that migration only: an archive goes into the tables it was read from.
pub(crate) async fn migrate_to(db: &Db, target: Option<i64>) -> Result<()> {
    match db {
        Db::Sqlite { writer, .. } => {
            // One immediate transaction is the lock, and makes all the missing files one step. What runs inside nests
            // as savepoints.
            let mut tx = writer.begin_with("BEGIN IMMEDIATE").await?;
            SQLITE.run_direct(target, &mut *tx, false).await?;
            tx.commit().await?;
        }
        Db::Postgres(pool) => {
            // A session lock lives as long as its connection, so the connection is our own and is closed at the end,
            // however it ends.
            let mut connection = pool.acquire().await?.detach();
            let done = migrate_postgres(&mut connection, target).await;
            let closed = connection.close().await;
            done?;
            closed?;
        }
    }
    Ok(())
}

/// How far a database is behind this program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    /// Number of the last migration the database has; 0 for an empty one.
    pub database: i64,
    /// Number of the last migration the program has.
    pub program: i64,
}

/// Compares without changing anything: for `doctor`, and for instances that must not migrate by themselves.
pub async fn state(db: &Db) -> Result<State> {
    let known = match db {
        Db::Sqlite { .. } => &SQLITE,
        Db::Postgres(_) => &POSTGRES,
    };
    let program = known.iter().map(|migration| migration.version).max().unwrap_or(0);
    let there: i64 = match db {
        Db::Sqlite { readers, .. } => {
            sqlx::query_scalar("select count(*) from sqlite_master where name = '_sqlx_migrations'")
                .fetch_one(readers)
                .await?
        }
        Db::Postgres(pool) => {
            sqlx::query_scalar("select count(to_regclass('_sqlx_migrations'))").fetch_one(pool).await?
        }
    };
    let database = if there == 0 {
        0
    } else {
        crate::on!(db, c => sqlx::query_scalar::<_, Option<i64>>("select max(version) from _sqlx_migrations")
            .fetch_one(c).await)?
        .unwrap_or(0)
    };
    Ok(State { database, program })
}

async fn migrate_postgres(connection: &mut PgConnection, target: Option<i64>) -> Result<()> {
    // Taken by trying: a session that waits inside `pg_advisory_lock` holds a snapshot, and `create index
    // concurrently` would wait for that snapshot while we wait for the lock.
    let mut waited = Duration::ZERO;
    loop {
        let mine: bool =
            sqlx::query_scalar("select pg_try_advisory_lock($1)").bind(LOCK).fetch_one(&mut *connection).await?;
        if mine {
            break;
        }
        if waited >= LOCK_PATIENCE {
            return Err(StoreError::Migration("lock: another instance has been migrating for two minutes".into()));
        }
        tokio::time::sleep(LOCK_PAUSE).await;
        waited += LOCK_PAUSE;
    }
    // sqlx would lock once more, waiting.
    let mut migrator = Migrator::with_migrations(POSTGRES.iter().cloned().collect());
    migrator.set_locking(false);
    migrator.run_direct(target, connection, false).await?;
    Ok(())
}

/// Name of the unique index SQLite means by « UNIQUE constraint failed: table.a, table.b ».
///
/// SQLite tells the columns; the names stand in our own migrations. A test holds this table against the real schema.
pub(crate) fn sqlite_rule_name(message: &str) -> String {
    let columns = message.rsplit("failed: ").next().unwrap_or_default();
    if let Some(name) = columns.strip_prefix("index ") {
        // An index on an expression: then SQLite does say its name.
        return name.trim_matches('\'').to_owned();
    }
    let columns: String = columns.split_whitespace().collect();
    if let Some(name) = UNIQUE_INDEXES.get(&columns) {
        return name.clone();
    }
    let table = columns.split('.').next().unwrap_or_default();
    format!("{table}_pkey")
}

/// `table.a,table.b` → index name, from the text of SQLite's migrations.
static UNIQUE_INDEXES: LazyLock<HashMap<String, String>> =
    LazyLock::new(|| SQLITE.iter().flat_map(|migration| unique_indexes(migration.sql.as_str())).collect());

fn unique_indexes(sql: &str) -> Vec<(String, String)> {
    let bare: String = sql
        .lines()
        .map(|line| line.split("--").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase();
    bare.split(';')
        .filter_map(|statement| {
            let rest = statement.trim_start().strip_prefix("create")?.trim_start().strip_prefix("unique")?;
            let rest = rest.trim_start().strip_prefix("index")?.trim_start();
            let rest = rest.strip_prefix("if not exists").unwrap_or(rest);
            let (name, rest) = rest.trim_start().split_once(char::is_whitespace)?;
            let rest = rest.trim_start().strip_prefix("on")?;
            let (table, rest) = rest.split_once('(')?;
            let (columns, _) = rest.split_once(')')?;
            let key = columns
                .split(',')
                .filter_map(|column| column.split_whitespace().next())
                .map(|column| format!("{}.{column}", table.trim()))
                .collect::<Vec<_>>()
                .join(",");
            Some((key, name.to_owned()))
        })
        .collect()
}

impl From<MigrateError> for StoreError {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::VersionMissing(version) => Self::DatabaseIsNewer(version),
            MigrateError::VersionMismatch(version) => {
                Self::Migration(format!("{version} was edited after it had been applied"))
            }
            MigrateError::Execute(error) => Self::from(error),
            MigrateError::ExecuteMigration(error, version) => Self::Migration(format!("{version}: {}", told(&error))),
            other => Self::Migration(other.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    /// Every unique index of the real schema is found again by the columns SQLite would name, and no two of a table
    /// share them.
    #[tokio::test]
    async fn sqlite_rules_are_named_by_their_columns() {
        let test = testing::sqlite().await;
        let Db::Sqlite { readers, .. } = &test.db else { unreachable!("a SQLite database") };
        let indexes: Vec<(String, String, String, i64)> = sqlx::query_as(
            "select t.name, i.name, group_concat(t.name || '.' || coalesce(k.name, '?'), ', '), cast(sum(k.cid = -2) as bigint)
             from pragma_table_list t join pragma_index_list(t.name) i join pragma_index_info(i.name) k
             where t.schema = 'main' and i.origin = 'c' and i.\"unique\" = 1 group by 1, 2")
            .fetch_all(readers).await.unwrap();
        let mut seen = HashMap::new();
        for (table, name, columns, expressions) in indexes {
            if expressions > 0 {
                // SQLite names these itself.
                continue;
            }
            let message = format!("UNIQUE constraint failed: {columns}");
            assert_eq!(sqlite_rule_name(&message), name, "on {table}");
            assert_eq!(seen.insert(columns, name.clone()), None, "two rules on the columns of {name}");
        }
    }

    #[test]
    fn index_texts_are_read_as_people_write_them() {
        let sql = "-- create unique index no on t (a);\ncreate table t (a text);\nCREATE UNIQUE INDEX one_a_per_b\n  on t (a, b desc)\n where c is null;\ncreate index x on t (b);";
        assert_eq!(unique_indexes(sql), [("t.a,t.b".to_owned(), "one_a_per_b".to_owned())]);
        assert_eq!(sqlite_rule_name("UNIQUE constraint failed: index 'one_lower'"), "one_lower");
        assert_eq!(sqlite_rule_name("UNIQUE constraint failed: store_outbox.message_id"), "store_outbox_pkey");
    }
}
