//! Both migration folders yield the same tables, columns and rules, as `migrations/README.md` asks.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use sqlx::{AssertSqlSafe, PgPool, SqlitePool};
use store::{Db, on, testing};

#[derive(Debug, PartialEq)]
struct Column {
    kind: String,
    required: bool,
}

type Columns = BTreeMap<(String, String), Column>;

#[test]
fn both_folders_hold_the_same_names() {
    let names = |engine: &str| -> BTreeSet<String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations").join(engine);
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    };
    assert_eq!(names("sqlite"), names("postgres"));
}

#[tokio::test]
async fn both_engines_have_the_same_tables_and_columns() {
    let (sqlite, postgres) = (testing::sqlite().await, testing::postgres().await);
    let (ours, theirs) = (sqlite_columns(lite(&sqlite.db)).await, postgres_columns(pg(&postgres.db)).await);
    let only = |a: &Columns, b: &Columns| a.keys().filter(|key| !b.contains_key(*key)).cloned().collect::<Vec<_>>();
    assert_eq!(only(&ours, &theirs), [], "columns only in migrations/sqlite");
    assert_eq!(only(&theirs, &ours), [], "columns only in migrations/postgres");
    let mut faults = Vec::new();
    for (name, column) in &ours {
        let other = &theirs[name];
        if column.required != other.required {
            faults.push(format!("{name:?}: « not null » on one engine only"));
        }
        let twins: &[&str] = match column.kind.as_str() {
            "blob" => &["uuid", "bytea"],
            "text" => &["text", "timestamp with time zone", "date", "jsonb"],
            "integer" => &["bigint", "boolean"],
            "real" => &["double precision"],
            _ => &[],
        };
        if !twins.contains(&other.kind.as_str()) {
            faults.push(format!("{name:?}: {} on SQLite, {} on PostgreSQL", column.kind, other.kind));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[tokio::test]
async fn every_table_belongs_to_a_house_and_is_strict() {
    let test = testing::sqlite().await;
    let tables: Vec<(String, bool)> = sqlx::query_as(
        "select name, strict from pragma_table_list where schema = 'main' and type = 'table' and name not like 'sqlite_%'
         and name <> '_sqlx_migrations'",
    )
    .fetch_all(lite(&test.db))
    .await
    .unwrap();
    for (table, strict) in tables {
        let house = table.split('_').next().unwrap_or_default();
        assert!(["store", "issuer", "wallet", "verifier", "job"].contains(&house), "{table} has no house");
        assert!(strict, "{table} is not « strict » on SQLite");
    }
}

#[tokio::test]
async fn every_table_has_a_retention_class() {
    for test in testing::databases().await {
        let tables: BTreeSet<String> = match &test.db {
            Db::Sqlite { readers, .. } => sqlite_columns(readers).await,
            Db::Postgres(pool) => postgres_columns(pool).await,
        }
        .into_keys()
        .map(|(table, _)| table)
        .collect();
        let said: Vec<(String, String)> =
            on!(test.db, c => sqlx::query_as("select table_name, reason from store_retention").fetch_all(c).await)
                .unwrap();
        assert!(said.iter().all(|(_, reason)| reason.len() > 10), "each class has its reason");
        let said: BTreeSet<String> = said.into_iter().map(|(table, _)| table).collect();
        assert_eq!(tables, said, "tables, and tables that store_retention names ({})", test.engine());
    }
}

#[tokio::test]
async fn unique_rules_are_named_indexes_of_the_same_names() {
    let (sqlite, postgres) = (testing::sqlite().await, testing::postgres().await);
    let ours: Vec<(String, String, String)> = sqlx::query_as(
        "select t.name, i.name, i.origin from pragma_table_list t join pragma_index_list(t.name) i
         where t.schema = 'main' and t.type = 'table' and i.\"unique\" = 1 and t.name <> '_sqlx_migrations' order by 1, 2",
    )
    .fetch_all(lite(&sqlite.db))
    .await
    .unwrap();
    for (table, _, origin) in &ours {
        assert_ne!(
            origin, "u",
            "{table}: write « create unique index name on {table} (…) », not « unique » in the table"
        );
    }
    let ours: BTreeSet<(String, String)> =
        ours.into_iter().filter(|(_, _, origin)| origin == "c").map(|(table, index, _)| (table, index)).collect();
    let theirs: Vec<(String, String)> = sqlx::query_as(
        "select t.relname::text, i.relname::text from pg_index x join pg_class i on i.oid = x.indexrelid
         join pg_class t on t.oid = x.indrelid join pg_namespace n on n.oid = t.relnamespace
         where n.nspname = 'public' and x.indisunique and not x.indisprimary and t.relname <> '_sqlx_migrations'",
    )
    .fetch_all(pg(&postgres.db))
    .await
    .unwrap();
    assert_eq!(ours, theirs.into_iter().collect());
}

async fn sqlite_columns(pool: &SqlitePool) -> Columns {
    let tables: Vec<String> = sqlx::query_scalar(
        "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name <> '_sqlx_migrations'",
    )
    .fetch_all(pool)
    .await
    .unwrap();
    let mut columns = Columns::new();
    for table in tables {
        let sql = format!("select name, type, \"notnull\", pk from pragma_table_info('{table}')");
        let rows: Vec<(String, String, bool, i64)> = sqlx::query_as(AssertSqlSafe(sql)).fetch_all(pool).await.unwrap();
        for (name, kind, not_null, key) in rows {
            let column = Column { kind: kind.to_lowercase(), required: not_null || key > 0 };
            columns.insert((table.clone(), name), column);
        }
    }
    columns
}

async fn postgres_columns(pool: &PgPool) -> Columns {
    let rows: Vec<(String, String, String, bool)> = sqlx::query_as(
        "select table_name::text, column_name::text, data_type::text, is_nullable = 'NO'
         from information_schema.columns where table_schema = 'public' and table_name <> '_sqlx_migrations'",
    )
    .fetch_all(pool)
    .await
    .unwrap();
    rows.into_iter().map(|(table, name, kind, required)| ((table, name), Column { kind, required })).collect()
}

fn lite(db: &Db) -> &SqlitePool {
    let Db::Sqlite { readers, .. } = db else { unreachable!("a SQLite database") };
    readers
}

fn pg(db: &Db) -> &PgPool {
    let Db::Postgres(pool) = db else { unreachable!("a PostgreSQL database") };
    pool
}
