//! The tables of a database as archives need them: in an order in which no row points to one that comes later.

use std::collections::{BTreeMap, BTreeSet};

use super::ArchiveError;
use crate::{Engine, Result, Tx};

/// One table.
#[derive(Debug)]
pub(super) struct Table {
    pub name: String,
    pub columns: Vec<Column>,
}

/// One column.
#[derive(Debug)]
pub(super) struct Column {
    pub name: String,
    kind: Kind,
}

/// How a value of that column goes through JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Uuid,
    Bytes,
    Instant,
    Date,
    Boolean,
    Integer,
    Text,
    Json,
}

/// Every table of ours, those pointed to first.
pub(super) async fn tables(tx: &mut Tx) -> Result<Vec<Table>> {
    let (columns, arrows) = match tx.executor() {
        Engine::Sqlite(c) => (
            sqlx::query_as::<_, (String, String, String)>(
                "select m.name, i.name, i.type from sqlite_master m join pragma_table_info(m.name) i
                 where m.type = 'table' and m.name not like 'sqlite%' and m.name <> '_sqlx_migrations'
                 order by m.name, i.cid",
            )
            .fetch_all(&mut *c)
            .await?,
            sqlx::query_as::<_, (String, String)>(
                "select m.name, f.\"table\" from sqlite_master m join pragma_foreign_key_list(m.name) f
                 where m.type = 'table'",
            )
            .fetch_all(c)
            .await?,
        ),
        Engine::Postgres(c) => (
            sqlx::query_as(
                "select c.table_name::text, c.column_name::text, c.data_type::text from information_schema.columns c
                 join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name
                 where c.table_schema = current_schema() and t.table_type = 'BASE TABLE'
                   and c.table_name <> '_sqlx_migrations'
                 order by c.table_name, c.ordinal_position",
            )
            .fetch_all(&mut *c)
            .await?,
            sqlx::query_as(
                "select f.relname::text, t.relname::text from pg_constraint k
                 join pg_class f on f.oid = k.conrelid join pg_class t on t.oid = k.confrelid
                 join pg_namespace n on n.oid = f.relnamespace
                 where k.contype = 'f' and n.nspname = current_schema()",
            )
            .fetch_all(c)
            .await?,
        ),
    };
    let mut tables: BTreeMap<String, Vec<Column>> = BTreeMap::new();
    for (table, name, kind) in columns {
        let kind = Kind::of(&kind).ok_or_else(|| ArchiveError::Type(format!("{table}.{name}")))?;
        tables.entry(table).or_default().push(Column { name, kind });
    }
    let mut points_to: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (from, to) in &arrows {
        if from != to {
            points_to.entry(from).or_default().insert(to);
        }
    }
    let mut order: Vec<String> = Vec::with_capacity(tables.len());
    while order.len() < tables.len() {
        let ready: Vec<String> = tables
            .keys()
            .filter(|name| !order.contains(name))
            .filter(|name| {
                points_to.get(name.as_str()).is_none_or(|to| to.iter().all(|to| order.iter().any(|done| done == to)))
            })
            .cloned()
            .collect();
        if ready.is_empty() {
            return Err(ArchiveError::Circle.into());
        }
        order.extend(ready);
    }
    Ok(order
        .into_iter()
        .map(|name| {
            let columns = tables.remove(&name).unwrap_or_default();
            Table { name, columns }
        })
        .collect())
}

impl Table {
    /// The names of the columns, in their order here.
    pub(super) fn column_names(&self) -> Vec<String> {
        self.columns.iter().map(|column| column.name.clone()).collect()
    }

    /// What writes a row as a JSON array, in SQL of SQLite.
    pub(super) fn row_of_sqlite(&self) -> String {
        let values = self.columns.iter().map(|column| {
            let name = quoted(&column.name);
            match column.kind {
                Kind::Bytes => format!("case when {name} is null then null else lower(hex({name})) end"),
                _ => name,
            }
        });
        format!("json_array({})", values.collect::<Vec<_>>().join(", "))
    }

    /// What writes a row as a JSON array, in SQL of PostgreSQL.
    pub(super) fn row_of_postgres(&self) -> String {
        let values = self.columns.iter().map(|column| {
            let name = quoted(&column.name);
            match column.kind {
                Kind::Uuid => format!("replace({name}::text, '-', '')"),
                Kind::Bytes => format!("encode({name}, 'hex')"),
                Kind::Instant => format!("to_char({name} at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"),
                Kind::Date => format!("to_char({name}, 'YYYY-MM-DD')"),
                Kind::Boolean => format!("{name}::int"),
                Kind::Json => format!("{name}::text"),
                Kind::Integer | Kind::Text => name,
            }
        });
        format!("json_build_array({})::text", values.collect::<Vec<_>>().join(", "))
    }

    /// Writes rows out of `$1`, a JSON array of arrays whose values stand in the order of `columns`. `None` when these are
    /// not the columns of this table.
    pub(super) fn insert(&self, columns: &[String], postgres: bool) -> Option<String> {
        if columns.len() != self.columns.len() {
            return None;
        }
        let mut values = Vec::with_capacity(columns.len());
        for column in &self.columns {
            let place = columns.iter().position(|name| *name == column.name)?;
            values.push(if postgres {
                from_json_postgres(column.kind, place)
            } else {
                from_json_sqlite(column.kind, place)
            });
        }
        let names: Vec<String> = self.columns.iter().map(|column| quoted(&column.name)).collect();
        let source = if postgres { "json_array_elements($1::json) as e(r)" } else { "json_each($1) as e" };
        Some(format!(
            "insert into {} ({}) select {} from {source}",
            quoted(&self.name),
            names.join(", "),
            values.join(", ")
        ))
    }

    /// The name, safe in SQL.
    pub(super) fn quoted(&self) -> String {
        quoted(&self.name)
    }
}

fn from_json_sqlite(kind: Kind, place: usize) -> String {
    match kind {
        Kind::Bytes => format!("unhex(e.value ->> '$[{place}]')"),
        _ => format!("e.value ->> '$[{place}]'"),
    }
}

fn from_json_postgres(kind: Kind, place: usize) -> String {
    let value = format!("(r ->> {place})");
    match kind {
        Kind::Uuid => format!("{value}::uuid"),
        Kind::Bytes => format!("decode({value}, 'hex')"),
        Kind::Instant => format!("{value}::timestamptz"),
        Kind::Date => format!("{value}::date"),
        Kind::Boolean => format!("{value}::int::boolean"),
        Kind::Integer => format!("{value}::bigint"),
        Kind::Json => format!("{value}::jsonb"),
        Kind::Text => value,
    }
}

impl Kind {
    /// From the type as either engine names it. Floating point is not here: JSON would round it.
    fn of(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "uuid" => Self::Uuid,
            "blob" | "bytea" => Self::Bytes,
            "timestamp with time zone" => Self::Instant,
            "date" => Self::Date,
            "boolean" => Self::Boolean,
            "integer" | "bigint" => Self::Integer,
            "text" => Self::Text,
            "jsonb" => Self::Json,
            _ => return None,
        })
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
