//! Writes an archive out of one snapshot.

use std::collections::BTreeMap;
use std::io::Write;

use data_encoding::HEXLOWER;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Serialize;
use sha2::{Digest, Sha256};
use sqlx::AssertSqlSafe;
use time::OffsetDateTime;

use super::schema::{self, Table};
use super::{ArchiveError, Contents, FORMAT, Header, LastLine, TableLine};
use crate::{Db, Engine, Result, Tx};

/// Rows read at once: with signed texts of some kilobytes, a few megabytes.
const AT_ONCE: i64 = 500;

/// Writes every table of the database as it stands at one instant, while others go on writing. SQLite's file is examined
/// first: a damaged one is not archived as if it were whole.
///
/// `program` and `origin` go into the first line. The caller flushes and syncs `out`.
pub async fn write<W: Write + Send>(
    db: &Db,
    program: &str,
    origin: Option<String>,
    made_at: OffsetDateTime,
    out: W,
) -> Result<Contents> {
    let mut tx = snapshot(db).await?;
    whole(&mut tx).await?;
    let migration: i64 = crate::on!(tx, c => sqlx::query_scalar("select coalesce(max(version), 0) from _sqlx_migrations")
        .fetch_one(c).await)?;
    let header = Header {
        livret_archive: FORMAT,
        program: program.to_owned(),
        migration,
        engine: db.engine().to_owned(),
        made_at,
        origin,
    };
    let mut sink = Sink { out: GzEncoder::new(out, Compression::default()), hash: Sha256::new() };
    sink.json(&header)?;
    let mut rows = BTreeMap::new();
    let mut key_check = None;
    for table in schema::tables(&mut tx).await? {
        sink.json(&TableLine { table: table.name.clone(), columns: table.column_names() })?;
        let count = match tx.executor() {
            Engine::Sqlite(_) => rows_of_sqlite(&mut tx, &table, &mut sink).await?,
            Engine::Postgres(_) => rows_of_postgres(&mut tx, &table, &mut sink).await?,
        };
        if table.name == "store_key_check" && count > 0 {
            key_check = crate::on!(tx, c => sqlx::query_scalar("select key_check from store_key_check where name = 'master'")
                .fetch_optional(c).await)?;
        }
        rows.insert(table.name, count);
    }
    tx.rollback().await?;
    let sha256 = HEXLOWER.encode(&sink.hash.clone().finalize());
    sink.json(&LastLine { rows: rows.clone(), sha256: sha256.clone() })?;
    sink.out.finish().and_then(|mut out| out.flush()).map_err(ArchiveError::Io)?;
    Ok(Contents { header, rows, sha256, key_check })
}

/// A transaction that sees one instant, and holds up nobody.
async fn snapshot(db: &Db) -> Result<Tx> {
    Ok(match db {
        Db::Sqlite { readers, .. } => Tx::Sqlite(readers.begin().await?),
        Db::Postgres(pool) => Tx::Postgres(pool.begin_with("begin isolation level repeatable read read only").await?),
    })
}

async fn whole(tx: &mut Tx) -> Result<()> {
    let Engine::Sqlite(connection) = tx.executor() else { return Ok(()) };
    let said: Vec<String> = sqlx::query_scalar("pragma integrity_check(1)").fetch_all(connection).await?;
    match said.as_slice() {
        [ok] if ok == "ok" => Ok(()),
        other => Err(ArchiveError::Damaged(other.first().cloned().unwrap_or_default()).into()),
    }
}

async fn rows_of_sqlite<W: Write>(tx: &mut Tx, table: &Table, sink: &mut Sink<W>) -> Result<u64> {
    let sql = format!(
        "select rowid, {} from {} where rowid > $1 order by rowid limit {AT_ONCE}",
        table.row_of_sqlite(),
        table.quoted()
    );
    let (mut last, mut count) = (i64::MIN, 0);
    loop {
        let Engine::Sqlite(connection) = tx.executor() else { return Ok(count) };
        let rows: Vec<(i64, String)> =
            sqlx::query_as(AssertSqlSafe(sql.clone())).bind(last).fetch_all(connection).await?;
        let Some((end, _)) = rows.last() else { return Ok(count) };
        last = *end;
        for (_, row) in &rows {
            sink.line(row)?;
            count += 1;
        }
    }
}

async fn rows_of_postgres<W: Write>(tx: &mut Tx, table: &Table, sink: &mut Sink<W>) -> Result<u64> {
    let Engine::Postgres(connection) = tx.executor() else { return Ok(0) };
    let declare = format!(
        "declare livret_archive no scroll cursor for select {} from {}",
        table.row_of_postgres(),
        table.quoted()
    );
    sqlx::query(AssertSqlSafe(declare)).execute(&mut *connection).await?;
    let mut count = 0;
    loop {
        let fetch = format!("fetch {AT_ONCE} from livret_archive");
        let rows: Vec<String> =
            sqlx::query_scalar(AssertSqlSafe(fetch)).persistent(false).fetch_all(&mut *connection).await?;
        if rows.is_empty() {
            break;
        }
        for row in &rows {
            // PostgreSQL keeps line breaks of JSON only inside strings, escaped.
            sink.line(row)?;
            count += 1;
        }
    }
    sqlx::query("close livret_archive").execute(connection).await?;
    Ok(count)
}

struct Sink<W: Write> {
    out: GzEncoder<W>,
    hash: Sha256,
}

impl<W: Write> Sink<W> {
    fn json(&mut self, value: &impl Serialize) -> Result<()> {
        let text = serde_json::to_string(value).map_err(|error| ArchiveError::Io(error.into()))?;
        self.line(&text)
    }

    fn line(&mut self, text: &str) -> Result<()> {
        for part in [text.as_bytes(), b"\n"] {
            self.hash.update(part);
            self.out.write_all(part).map_err(ArchiveError::Io)?;
        }
        Ok(())
    }
}
