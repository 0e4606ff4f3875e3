//! The invariants of ARCHITECTURE.md, held by a test each.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

const PURE: [&str; 3] = ["badge-schemas", "proofs", "checks"];
const HOUSES: [(&str, &str); 4] =
    [("issuer", "issuer_"), ("wallet", "wallet_"), ("verifier", "verifier_"), ("job-normandie", "job_")];

#[test]
fn pure_rooms_reach_no_runtime_database_or_socket() {
    let graph = Graph::read();
    for room in PURE {
        let reached = graph.reached_from(room);
        for forbidden in ["tokio", "sqlx", "axum", "reqwest", "hyper", "mio", "lettre", "async-std"] {
            assert!(!reached.contains(forbidden), "{room} reaches {forbidden}: the pure rooms only compute");
        }
    }
}

#[test]
fn pure_rooms_ban_the_clock_and_entropy() {
    for folder in ["badge-schemas", "crates/proofs", "crates/checks"] {
        let rules = fs::read_to_string(root().join(folder).join("clippy.toml"))
            .unwrap_or_else(|_| panic!("{folder}/clippy.toml bans the clock and entropy"));
        for call in ["std::time::SystemTime::now", "time::OffsetDateTime::now_utc", "uuid::Uuid::new_v4"] {
            assert!(rules.contains(call), "{folder}/clippy.toml bans {call}");
        }
    }
}

#[test]
fn houses_do_not_know_one_another() {
    let graph = Graph::read();
    for (house, _) in HOUSES {
        let reached = graph.reached_from(house);
        for (other, _) in HOUSES {
            assert!(house == other || !reached.contains(other), "{house} depends on {other}: houses speak HTTP");
        }
    }
}

#[test]
fn no_query_names_another_house() {
    let tables = tables();
    assert!(tables.len() > 10, "the migrations were not found");
    for (house, prefix) in HOUSES {
        for file in rust_files(&root().join(house).join("src")) {
            let text = fs::read_to_string(&file).expect("a source file");
            for table in &tables {
                let own = table.starts_with(prefix) || table.starts_with("store_");
                assert!(own || !names(&text, table), "{} names {table}, a table of another house", file.display());
            }
        }
    }
}

#[test]
fn one_door_out_and_one_post() {
    let graph = Graph::read();
    for (package, needs) in &graph.direct {
        // The root's `browser` is a visitor: it speaks to our own public pages in the demonstration and the tests.
        if needs.contains("reqwest") {
            assert!(
                ["fetch", "livret"].contains(&package.as_str()),
                "{package} opens its own way out: only `fetch` does"
            );
        }
        if needs.contains("lettre") {
            assert_eq!(package, "post", "only `post` sends letters");
        }
    }
}

#[test]
fn both_engines_have_the_same_migrations() {
    let list = |engine: &str| -> BTreeSet<String> {
        fs::read_dir(root().join("migrations").join(engine))
            .expect("the migrations")
            .map(|entry| entry.expect("a file").file_name().to_string_lossy().into_owned())
            .collect()
    };
    assert_eq!(list("sqlite"), list("postgres"));
}

#[test]
fn pages_carry_no_style_or_script_of_their_own() {
    for file in templates() {
        let text = fs::read_to_string(&file).expect("a template");
        // A letter carries its own few styles: mail readers ignore linked sheets.
        if text.contains("role=\"presentation\"")
            || text.contains("letters/frame.html")
            || file.to_string_lossy().contains("/letters/")
        {
            continue;
        }
        for forbidden in [" style=\"", "<script>", "onclick=", "javascript:"] {
            assert!(!text.contains(forbidden), "{} holds {forbidden}: the content policy refuses it", file.display());
        }
    }
}

#[test]
fn people_do_not_meet_these_words() {
    for file in templates() {
        let text = fs::read_to_string(&file).expect("a template").to_lowercase();
        let text = text.replace("n’est pas une certification professionnelle", "");
        for word in
            ["certifié", "diplôm", "passeport", "révoqu", "credential", "apprenant", "niveau 1", "niveau 2", "niveau 3"]
        {
            // Names of fields and functions inside {{ }} and {% %} are not read by people.
            let shown = without_code(&text);
            assert!(!shown.contains(word), "{} says « {word} » (see scenarios: the words to use)", file.display());
        }
    }
}

#[test]
fn every_room_introduces_itself() {
    for folder in [
        "badge-schemas",
        "crates/proofs",
        "crates/checks",
        "crates/store",
        "crates/web",
        "crates/post",
        "crates/fetch",
        "issuer",
        "wallet",
        "verifier",
        "job-normandie",
    ] {
        let lib = fs::read_to_string(root().join(folder).join("src/lib.rs")).expect("a crate");
        assert!(lib.contains("include_str!(\"../README.md\")"), "{folder}/README.md is the documentation of the crate");
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn without_code(text: &str) -> String {
    let mut shown = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(['{']) {
        let (before, tail) = rest.split_at(start);
        shown.push_str(before);
        let end = if tail.starts_with("{{") {
            tail.find("}}").map(|at| at + 2)
        } else if tail.starts_with("{%") {
            tail.find("%}").map(|at| at + 2)
        } else if tail.starts_with("{#") {
            tail.find("#}").map(|at| at + 2)
        } else {
            None
        };
        rest = &tail[end.unwrap_or(1)..];
    }
    shown.push_str(rest);
    shown
}

fn names(text: &str, table: &str) -> bool {
    let mut rest = text;
    while let Some(at) = rest.find(table) {
        let before = rest[..at].chars().next_back();
        let after = rest[at + table.len()..].chars().next();
        let part_of_word = |sign: Option<char>| sign.is_some_and(|c| c.is_alphanumeric() || c == '_');
        if !part_of_word(before) && !part_of_word(after) {
            return true;
        }
        rest = &rest[at + table.len()..];
    }
    false
}

fn tables() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(root().join("migrations/sqlite")).expect("the migrations") {
        let text = fs::read_to_string(entry.expect("a file").path()).expect("a migration");
        for line in text.to_lowercase().lines() {
            if let Some(rest) = line.trim().strip_prefix("create table ") {
                let name = rest.trim_start_matches("if not exists ");
                let name: String = name.chars().take_while(|sign| sign.is_alphanumeric() || *sign == '_').collect();
                found.insert(name);
            }
        }
    }
    found
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    files(folder, "rs")
}

fn templates() -> Vec<PathBuf> {
    let mut all = Vec::new();
    for folder in [
        "crates/web/templates",
        "issuer/templates",
        "wallet/templates",
        "verifier/templates",
        "job-normandie/templates",
        "src/pages",
    ] {
        for extension in ["html", "txt"] {
            all.extend(files(&root().join(folder), extension));
        }
    }
    assert!(all.len() > 20, "the templates were not found");
    all
}

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else {
        return found;
    };
    for entry in entries {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|e| e == extension) {
            found.push(path);
        }
    }
    found
}

/// The dependency graph as cargo resolves it: normal dependencies only.
struct Graph {
    direct: BTreeMap<String, BTreeSet<String>>,
    all: BTreeMap<String, BTreeSet<String>>,
}

impl Graph {
    fn read() -> Self {
        // Of this machine's platform: packages of the others are not downloaded by building.
        let version = Command::new("rustc").arg("-vV").output().expect("rustc runs").stdout;
        let version = String::from_utf8_lossy(&version).into_owned();
        let host = version.lines().find_map(|line| line.strip_prefix("host: ")).expect("the host's platform");
        let output = Command::new(env!("CARGO"))
            .args(["metadata", "--format-version", "1", "--locked", "--offline", "--filter-platform", host])
            .current_dir(root())
            .output()
            .expect("cargo metadata runs");
        assert!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
        let metadata: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let mut name_of = BTreeMap::new();
        for package in metadata["packages"].as_array().expect("packages") {
            name_of.insert(
                package["id"].as_str().expect("an id").to_owned(),
                package["name"].as_str().expect("a name").to_owned(),
            );
        }
        let members: BTreeSet<&str> =
            metadata["workspace_members"].as_array().expect("members").iter().filter_map(Value::as_str).collect();
        let mut graph = Self { direct: BTreeMap::new(), all: BTreeMap::new() };
        for node in metadata["resolve"]["nodes"].as_array().expect("nodes") {
            let id = node["id"].as_str().expect("an id");
            let needs: BTreeSet<String> = node["deps"]
                .as_array()
                .expect("deps")
                .iter()
                .filter(|dep| {
                    dep["dep_kinds"].as_array().is_some_and(|kinds| kinds.iter().any(|kind| kind["kind"].is_null()))
                })
                .map(|dep| name_of[dep["pkg"].as_str().expect("a package")].clone())
                .collect();
            if members.contains(id) {
                graph.direct.insert(name_of[id].clone(), needs.clone());
            }
            graph.all.entry(name_of[id].clone()).or_default().extend(needs);
        }
        graph
    }

    fn reached_from(&self, start: &str) -> BTreeSet<&str> {
        let mut reached = BTreeSet::new();
        let mut todo = vec![start];
        while let Some(package) = todo.pop() {
            for next in self.all.get(package).into_iter().flatten() {
                if reached.insert(next.as_str()) {
                    todo.push(next);
                }
            }
        }
        reached
    }
}
