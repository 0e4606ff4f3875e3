//! Faults planted one by one: `livret doctor` finds each, names it by its code, and says what to do.

mod world;

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use store::testing::{self, MASTER_KEY};
use store::{Clock, Db, execute};
use tempfile::TempDir;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;
use world::{OFFICER, free_port, sqlite_in};

const OTHER_KEY: &str = "0909090909090909090909090909090909090909090909090909090909090909";

/// An instance after its first start, with one officer whose letter waits.
struct Instance {
    folder: TempDir,
    url: String,
    port: u16,
    key: &'static str,
}

/// What `doctor` said: code → level and advice.
struct Said {
    code: Option<i32>,
    findings: BTreeMap<String, (String, String)>,
}

impl Instance {
    fn on(folder: TempDir, url: String) -> Self {
        let instance = Self { folder, url, port: free_port(), key: MASTER_KEY };
        let origin = instance.origin();
        let made = instance
            .livret(&["bootstrap", "officer", "--email", OFFICER, "--name", "Ariane Lecoq", "--origin", &origin])
            .status()
            .expect("the program runs");
        assert!(made.success());
        instance
    }

    fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = sqlite_in(folder.path(), "livret.db");
        Self::on(folder, url)
    }

    async fn both() -> [Self; 2] {
        let postgres = testing::empty_postgres().await;
        [Self::sqlite(), Self::on(tempfile::tempdir().expect("a folder"), postgres)]
    }

    fn origin(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    fn livret(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_livret"));
        let listen = format!("127.0.0.1:{}", self.port);
        command.args(words).args(["--database", &self.url, "--listen", &listen]);
        if !words.contains(&"--letters") {
            command.args(["--letters", "memory"]);
        }
        command.current_dir(self.folder.path());
        command.env("LIVRET_MASTER_KEY", self.key).env("RUST_LOG", "error");
        command
    }

    fn doctor(&self, more: &[&str]) -> Said {
        let mut words = vec!["doctor", "--json"];
        words.extend(more);
        if !more.contains(&"--min-free") {
            words.extend(["--min-free", "1"]);
        }
        let origin = self.origin();
        if !more.contains(&"--origin") {
            words.extend(["--origin", &origin]);
        }
        let output = self.livret(&words).output().expect("the program runs");
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        let report: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("JSON: {text}"));
        let findings = report["findings"].as_array().expect("findings").iter().map(|one| {
            let word = |name: &str| one[name].as_str().expect("a text").to_owned();
            assert!(!word("said").is_empty());
            (word("code"), (word("level"), word("todo")))
        });
        Said { code: output.status.code(), findings: findings.collect() }
    }

    /// A planted fault: its code, and a word that its advice must hold.
    #[track_caller]
    fn finds(&self, more: &[&str], fault: &str, advice: &str) {
        let said = self.doctor(more);
        let (level, todo) = said.findings.get(fault).unwrap_or_else(|| panic!("{fault} in {:?}", said.findings));
        assert_eq!((level.as_str(), said.code), ("to_mend", Some(1)), "{fault}");
        assert!(todo.contains(advice), "{fault}: {todo}");
    }

    async fn db(&self) -> Db {
        Db::open(&self.url).await.expect("the database")
    }

    fn file(&self) -> std::path::PathBuf {
        self.folder.path().join("livret.db")
    }
}

fn now() -> OffsetDateTime {
    Clock::system().now()
}

/// Runs a statement with one instant.
async fn sql(instance: &Instance, statement: &'static str, at: OffsetDateTime) {
    let db = instance.db().await;
    let mut tx = db.begin().await.expect("a transaction");
    let changed = execute!(tx, sqlx::query(statement).bind(at)).expect("a statement");
    assert!(changed > 0, "{statement}");
    tx.commit().await.expect("a commit");
    db.close().await;
}

#[tokio::test]
async fn a_healthy_instance_has_nothing_to_mend() {
    for instance in Instance::both().await {
        let said = instance.doctor(&[]);
        let faults: Vec<_> = said.findings.iter().filter(|(_, (level, _))| level == "to_mend").collect();
        assert!(faults.is_empty(), "{faults:?}");
        assert_eq!(said.code, Some(0));
        for looked_at in ["database", "master_key", "clock", "register", "organisation_keys", "listening", "files"] {
            assert_eq!(said.findings.get(looked_at).map(|(level, _)| level.as_str()), Some("good"), "{looked_at}");
        }
        // For people, the advice stands beside its code, and no secret is told.
        let secret = "smtp://compte:motdepasse@127.0.0.1:1";
        let output = instance.livret(&["doctor", "--letters", secret]).output().expect("the program runs");
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        assert!(text.contains("à réparer  courriers") && text.contains("[letters_unreachable]"), "{text}");
        assert!(!text.contains("motdepasse") && !text.contains(MASTER_KEY), "{text}");
    }
}

#[tokio::test]
async fn faults_of_the_configuration_are_found() {
    for mut instance in Instance::both().await {
        instance.finds(&["--origin", "https://autre.example"], "origin_changed", &instance.origin());
        instance.finds(&["--origin", "https://192.0.2.7"], "origin_is_address", "nom de domaine");
        instance.finds(&["--trusted-proxy", "partout"], "proxy_malformed", "127.0.0.1/32");
        instance.finds(&["--peer-secret", "court"], "peer_secret_short", "openssl rand");
        instance.finds(&["--letters", "courrier.example"], "letters_malformed", "smtps://");
        let silent = format!("smtp://127.0.0.1:{}", free_port());
        instance.finds(&["--letters", &silent], "letters_unreachable", "pare-feu");
        instance.finds(&["--letters", "dir:/proc/courriers"], "folder_unwritable", "chown");
        instance.finds(&["--min-free", "99999999999"], "disk_low", "place");
        instance.finds(&["--online"], "public_page_unreachable", "DNS");
        let taken = TcpListener::bind(("127.0.0.1", instance.port)).expect("the port");
        instance.finds(&[], "port_taken", "--listen");
        drop(taken);
        let file = instance.folder.path().join("faute.toml");
        std::fs::write(&file, "orgin = \"https://livret.example\"\n").expect("a file");
        instance.finds(&["--config", file.to_str().expect("UTF-8")], "configuration_unreadable", "--config");
        instance.key = OTHER_KEY;
        instance.finds(&[], "master_key_wrong", "bonne");
        instance.key = "trop court";
        instance.finds(&[], "master_key_unreadable", "32 octets");
        instance.key = "";
        instance.finds(&[], "master_key_missing", "LIVRET_MASTER_KEY");
    }
}

#[tokio::test]
async fn faults_inside_the_database_are_found() {
    for instance in Instance::both().await {
        let at = now();
        sql(&instance, "update store_outbox set not_before = $1", at - Duration::hours(2)).await;
        instance.finds(&[], "letters_late", "post.code");
        sql(&instance, "update store_outbox set state = 'refused', reason = 'gave_up', finished_at = $1", at).await;
        instance.finds(&[], "letters_given_up", "coupon");
        lot(&instance, at - Duration::hours(2)).await;
        instance.finds(&[], "lots_stuck", "journaux");
        sql(&instance, "update issuer_register set signed_at = $1", at + Duration::hours(5)).await;
        instance.finds(&[], "clock_off", "timedatectl");
        sql(&instance, "update issuer_register set signed_at = $1", at).await;
        sql(
            &instance,
            "update issuer_register set signed_text = replace(signed_text, 'alidFrom', 'alidfrom'), signed_at = $1",
            at,
        )
        .await;
        instance.finds(&[], "register_altered", "key rotate");
        sql(&instance, "update issuer_register set signed_text = null, signed_at = $1", at).await;
        instance.finds(&[], "register_unsigned", "livret serve");
        let db = instance.db().await;
        let mut tx = db.begin().await.expect("a transaction");
        execute!(tx, sqlx::query("update issuer_key set sealed_seed = $1").bind(vec![1_u8; 73])).expect("a statement");
        tx.commit().await.expect("a commit");
        db.close().await;
        instance.finds(&[], "organisation_key_unreadable", "sauvegarde");
        // Last, as nothing more is asked of such a database.
        sql(
            &instance,
            "update _sqlx_migrations set version = 9999, installed_on = $1
             where version = (select max(version) from _sqlx_migrations)",
            at,
        )
        .await;
        instance.finds(&[], "database_newer", "récent");
        sql(&instance, "update _sqlx_migrations set version = 0, installed_on = $1 where version = 9999", at).await;
        instance.finds(&[], "migrations_missing", "livret migrate");
    }
}

#[tokio::test]
async fn faults_of_files_are_found() {
    let instance = Instance::sqlite();
    let mode = |path: &Path, mode: u32| {
        std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).expect("a mode");
    };
    // In a folder that is private, a file is private too.
    mode(instance.folder.path(), 0o700);
    mode(&instance.file(), 0o644);
    assert!(!instance.doctor(&[]).findings.contains_key("file_readable_by_all"));
    mode(instance.folder.path(), 0o755);
    instance.finds(&[], "file_readable_by_all", "chmod 600");
    mode(&instance.file(), 0o600);
    assert_eq!(instance.doctor(&[]).code, Some(0));

    let mut nowhere = Instance::sqlite();
    nowhere.url = "sqlite:/proc/livret.db".into();
    nowhere.finds(&[], "folder_unwritable", "chown");
    let mut folder = Instance::sqlite();
    let path = folder.folder.path().join("dossier.db");
    std::fs::create_dir(&path).expect("a folder");
    folder.url = format!("sqlite:{}", path.display());
    folder.finds(&[], "file_unwritable", "chmod 600");

    // Without a variable, the key is the file beside the database.
    let mut keyless = Instance::sqlite();
    keyless.key = "";
    keyless.finds(&[], "master_key_missing", "copie");
    std::fs::write(keyless.folder.path().join("livret.key"), "bonjour").expect("a file");
    keyless.finds(&[], "master_key_unreadable", "32 octets");

    let other = Instance::sqlite();
    // Closing folds the write-ahead log into the file: else it would mend what is broken here.
    other.db().await.close().await;
    std::fs::write(other.file(), "ceci n’est pas une base ".repeat(4_000)).expect("a file");
    other.finds(&[], "database_unreachable", "--database");
    // The schema itself, then only an index in the middle: both are damage.
    for (pages_from_the_end, pages) in [(6, 6), (60, 3)] {
        let damaged = Instance::sqlite();
        damaged.db().await.close().await;
        let mut bytes = std::fs::read(damaged.file()).expect("the file");
        let from = bytes.len() - pages_from_the_end * 4096;
        bytes[from..from + pages * 4096].fill(0x5a);
        std::fs::write(damaged.file(), bytes).expect("a file");
        damaged.finds(&[], "database_damaged", "livret restore");
    }
}

/// A lot that was pressed and never done.
async fn lot(instance: &Instance, at: OffsetDateTime) {
    let db = instance.db().await;
    let mut tx = db.begin().await.expect("a transaction");
    execute!(
        tx,
        sqlx::query(
            "insert into issuer_training_session (session_id, organisation_id, title, starts_on, opened_by, opened_at, lots)
             select $1, m.organisation_id, 'Lundi', $2, m.member_id, $3, 1 from issuer_member m"
        )
        .bind(Uuid::nil())
        .bind(at.date())
        .bind(at)
    )
    .expect("a session");
    execute!(
        tx,
        sqlx::query(
            "insert into issuer_lot (lot_id, organisation_id, session_id, badge_id, level, version, observed_on,
                 evidence_type, observed, sentence, attested_by, attested_at, total, done)
             select $1, m.organisation_id, $1, 'bas-lire', 'pratique', '0.1.0', $2, 'x', $4, '', m.member_id, $3, 1, 0
             from issuer_member m"
        )
        .bind(Uuid::nil())
        .bind(at.date())
        .bind(at)
        .bind(sqlx::types::Json(Vec::<u8>::new()))
    )
    .expect("a lot");
    tx.commit().await.expect("a commit");
    db.close().await;
}
