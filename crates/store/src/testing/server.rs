//! The PostgreSQL of the tests: given by `LIVRET_TEST_POSTGRES`, or started once per test program.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection};
use tokio::sync::OnceCell;
use uuid::Uuid;

use crate::migrations::POSTGRES;
use crate::{Db, migrate};

/// Makes the server, says where, waits until nobody holds its standard input any more (the test program has ended,
/// however it ended), then kills the server at once and removes everything.
const GUARD: &str = r#"
set -eu
cd /
folder=$(mktemp -d "${TMPDIR:-/tmp}/livret-pg-XXXXXX")
"$1/initdb" -D "$folder/data" -U livret -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$folder/log" 2>&1 \
    || { cat "$folder/log" >&2; rm -rf "$folder"; exit 1; }
"$1/postgres" -D "$folder/data" -k "$folder" -c listen_addresses='' -c fsync=off -c synchronous_commit=off \
    -c full_page_writes=off -c max_connections=400 -c shared_buffers=64MB -c autovacuum=off \
    >>"$folder/log" 2>&1 </dev/null &
server=$!
stop() {
    # A shell starts its background programs deaf to QUIT, and one that is still starting would miss it: say it again.
    ( for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        kill -QUIT $server 2>/dev/null || exit 0
        sleep 0.1
    done; kill -KILL $server 2>/dev/null ) &
    wait $server 2>/dev/null || true
    rm -rf "$folder"
}
trap stop EXIT
trap 'exit 1' INT TERM HUP
# The test program may already be gone: then writing fails, and the server goes too.
trap '' PIPE
echo "$folder"
read -r _ || true
"#;

const TEMPLATE_LOCK: i64 = 0x7465_6d70_6c61_7465;

/// A database to drop when its test ends, on a server that outlives it.
#[derive(Debug)]
pub(super) struct Dropped {
    name: String,
}

impl Dropped {
    /// From a thread with a runtime of its own: `drop` cannot wait inside the test's.
    pub(super) fn drop_now(&self) {
        let name = self.name.clone();
        let work = move || {
            let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
            runtime.block_on(async {
                if let Ok(mut connection) = options("postgres").connect().await {
                    let sql = format!("drop database if exists {name} with (force)");
                    // At worst a database stays behind on a server for tests.
                    drop(sqlx::query(AssertSqlSafe(sql)).execute(&mut connection).await);
                    drop(connection.close().await);
                }
            });
        };
        drop(std::thread::spawn(work).join());
    }
}

/// A migrated database of its own; with what to drop later, if the server is not ours.
pub(super) async fn fresh_database() -> (String, Option<Dropped>) {
    static TEMPLATE: OnceCell<String> = OnceCell::const_new();
    let template = TEMPLATE.get_or_init(make_template).await;
    let name = new_name();
    let mut connection = connect("postgres").await;
    execute(&mut connection, format!("create database {name} template {template}")).await;
    drop(connection.close().await);
    let dropped = server().given.is_some().then(|| Dropped { name: name.clone() });
    (url(&name), dropped)
}

/// A database without any table.
pub(super) async fn empty_database() -> String {
    let name = new_name();
    let mut connection = connect("postgres").await;
    execute(&mut connection, format!("create database {name}")).await;
    drop(connection.close().await);
    url(&name)
}

/// Makes the migrated database that every test's is copied from. Its name holds a hash of the migrations, so that a
/// shared server never gives yesterday's tables.
async fn make_template() -> String {
    let mut hasher = DefaultHasher::new();
    for migration in POSTGRES.iter() {
        migration.checksum.hash(&mut hasher);
    }
    let name = format!("livret_template_{:016x}", hasher.finish());
    let mut connection = connect("postgres").await;
    // Several test programs may share a given server. Unlocked when the connection closes.
    sqlx::query("select pg_advisory_lock($1)").bind(TEMPLATE_LOCK).execute(&mut connection).await.expect("a lock");
    let there: i64 = sqlx::query_scalar("select count(*) from pg_database where datname = $1")
        .bind(&name)
        .fetch_one(&mut connection)
        .await
        .expect("the list of databases");
    if there == 0 {
        let draft = format!("{name}_draft");
        execute(&mut connection, format!("drop database if exists {draft} with (force)")).await;
        execute(&mut connection, format!("create database {draft}")).await;
        let db = Db::open_with(&url(&draft), 2).await.expect("PostgreSQL opens the template");
        migrate(&db).await.expect("the migrations run on PostgreSQL");
        db.close().await;
        // `migrate` closes a connection of its own; the server may take a moment to notice.
        let rename = format!("alter database {draft} rename to {name}");
        for _ in 0..50 {
            if sqlx::query(AssertSqlSafe(rename.clone())).execute(&mut connection).await.is_ok() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
    drop(connection.close().await);
    name
}

fn new_name() -> String {
    format!("livret_test_{}", Uuid::new_v4().simple())
}

async fn execute(connection: &mut PgConnection, sql: String) {
    let done = sqlx::query(AssertSqlSafe(sql.clone())).execute(connection).await;
    assert!(done.is_ok(), "PostgreSQL for tests refuses « {sql} »: {done:?}");
}

async fn connect(database: &str) -> PgConnection {
    // The server answers a moment after it has been started.
    let mut last = None;
    for _ in 0..300 {
        match options(database).connect().await {
            Ok(connection) => return connection,
            Err(error) => last = Some(error),
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("PostgreSQL for tests does not answer: {last:?}");
}

fn options(database: &str) -> PgConnectOptions {
    url(database).parse().expect("the address of PostgreSQL for tests is one")
}

fn url(database: &str) -> String {
    let server = server();
    match &server.given {
        Some(given) => {
            let (base, query) = given.split_once('?').map_or((given.as_str(), None), |(b, q)| (b, Some(q)));
            let authority = base.find("://").map_or(0, |at| at + 3);
            let end = base[authority..].find('/').map_or(base.len(), |at| authority + at);
            query.map_or_else(|| format!("{}/{database}", &base[..end]), |q| format!("{}/{database}?{q}", &base[..end]))
        }
        None => format!("postgres://livret@localhost/{database}?host={}", server.folder.display()),
    }
}

/// Where the server is. Ours lives as long as this holds the guard's standard input.
struct Server {
    given: Option<String>,
    folder: PathBuf,
    _guard: Option<(Child, ChildStdin)>,
}

fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| match std::env::var("LIVRET_TEST_POSTGRES") {
        Ok(url) if !url.trim().is_empty() => {
            Server { given: Some(url.trim().to_owned()), folder: PathBuf::new(), _guard: None }
        }
        _ => start(),
    })
}

fn start() -> Server {
    let binaries = binaries().unwrap_or_else(|| {
        panic!(
            "These tests need a real PostgreSQL: install Debian's package (apt install postgresql), which brings \
             /usr/lib/postgresql/*/bin/postgres, or set LIVRET_TEST_POSTGRES=postgres://… to a server where the role \
             may create databases."
        )
    });
    // PostgreSQL refuses to run as root; Debian's package makes the user `postgres`.
    let mut command = if is_root() {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--", "sh"]);
        command
    } else {
        Command::new("sh")
    };
    let mut guard = command
        .args(["-c", GUARD, "livret-test-postgres"])
        .arg(&binaries)
        .env_remove("TMPDIR")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .expect("sh and runuser are there to start PostgreSQL for tests");
    let stdin = guard.stdin.take().expect("a piped standard input");
    let mut said = String::new();
    let stdout = guard.stdout.take().expect("a piped standard output");
    BufReader::new(stdout).read_line(&mut said).expect("the guard of PostgreSQL says where it is");
    assert!(!said.trim().is_empty(), "PostgreSQL for tests could not be started: its reasons stand above");
    Server { given: None, folder: PathBuf::from(said.trim()), _guard: Some((guard, stdin)) }
}

/// The newest installed version's programs.
fn binaries() -> Option<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .ok()?
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let version = entry.file_name().to_str()?.parse().ok()?;
            let bin = entry.path().join("bin");
            bin.join("postgres").exists().then_some((version, bin))
        })
        .collect();
    found.sort();
    found.pop().map(|(_, bin)| bin)
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0)
}
