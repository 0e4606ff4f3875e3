//! Loads an archive into an empty database.

use std::collections::BTreeMap;
use std::io::Read;

use sqlx::AssertSqlSafe;

use super::lines::{Line, Lines};
use super::schema::{self, Table};
use super::{ArchiveError, Contents};
use crate::{Db, Result, Tx, execute, migrations, on};

/// Rows written at once, in bytes of JSON.
const AT_ONCE: usize = 1 << 20;

/// Loads what `contents` (of [`read`](super::read)) describes into a database without rows, then brings the tables up to
/// this program. All rows or none: what fails leaves empty tables, into which one may load again.
pub async fn load<R: Read + Send>(db: &Db, contents: &Contents, source: R) -> Result<()> {
    let archive = contents.header.migration;
    let state = migrations::state(db).await?;
    if archive > state.program {
        return Err(ArchiveError::Newer { archive, program: state.program }.into());
    }
    nothing_there(db).await?;
    if state.database != 0 && state.database != archive {
        return Err(ArchiveError::OtherMigration(state.database).into());
    }
    migrations::migrate_to(db, Some(archive)).await?;
    let mut tx = db.begin().await?;
    let tables = schema::tables(&mut tx).await?;
    // The rows that migrations made stand in the archive too.
    for table in tables.iter().rev() {
        let sql = format!("delete from {}", table.quoted());
        execute!(tx, sqlx::query(AssertSqlSafe(sql)))?;
    }
    rows(&mut tx, &tables, contents, source).await?;
    tx.commit().await?;
    migrations::migrate(db).await
}

/// Fails unless no table holds a row, those apart that migrations fill.
async fn nothing_there(db: &Db) -> Result<()> {
    let mut tx = db.begin().await?;
    for table in schema::tables(&mut tx).await? {
        if table.name == "store_retention" {
            continue;
        }
        let sql = AssertSqlSafe(format!("select count(*) from (select 1 from {} limit 1) as one", table.quoted()));
        let found: i64 = on!(tx, c => sqlx::query_scalar(sql).fetch_one(c).await)?;
        if found > 0 {
            return Err(ArchiveError::NotEmpty(table.name).into());
        }
    }
    tx.rollback().await
}

async fn rows<R: Read + Send>(tx: &mut Tx, tables: &[Table], contents: &Contents, source: R) -> Result<()> {
    let (mut lines, header) = Lines::open(source)?;
    if header != contents.header {
        return Err(ArchiveError::Altered.into());
    }
    let mut written: BTreeMap<String, u64> = BTreeMap::new();
    let mut now: Option<(String, String)> = None;
    let mut batch = String::new();
    loop {
        let number = lines.number() + 1;
        match lines.next()? {
            Line::Table(line) => {
                flush(tx, now.as_ref(), &mut batch, &mut written).await?;
                let table = tables.iter().find(|table| table.name == line.table);
                let sql = table.and_then(|table| table.insert(&line.columns, matches!(tx, Tx::Postgres(_))));
                let sql = sql.ok_or_else(|| ArchiveError::Table(line.table.clone()))?;
                written.insert(line.table.clone(), 0);
                now = Some((line.table, sql));
            }
            Line::Row(row) => {
                if now.is_none() {
                    return Err(ArchiveError::Line(number).into());
                }
                batch.push(if batch.is_empty() { '[' } else { ',' });
                batch.push_str(row);
                if batch.len() >= AT_ONCE {
                    flush(tx, now.as_ref(), &mut batch, &mut written).await?;
                }
            }
            Line::Last(_) => break,
        }
    }
    flush(tx, now.as_ref(), &mut batch, &mut written).await?;
    for table in tables {
        if written.get(&table.name) != contents.rows.get(&table.name) || !written.contains_key(&table.name) {
            return Err(ArchiveError::Rows(table.name.clone()).into());
        }
    }
    Ok(())
}

async fn flush(
    tx: &mut Tx,
    now: Option<&(String, String)>,
    batch: &mut String,
    written: &mut BTreeMap<String, u64>,
) -> Result<()> {
    let Some((table, sql)) = now.filter(|_| !batch.is_empty()) else { return Ok(()) };
    batch.push(']');
    let done = execute!(tx, sqlx::query(AssertSqlSafe(sql.clone())).bind(batch.as_str()))?;
    *written.entry(table.clone()).or_default() += done;
    batch.clear();
    Ok(())
}
