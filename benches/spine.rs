//! What the program does for a living, measured; each figure beside a baseline of the same run.
//!
//! `cargo bench --bench spine` runs everything; `-- 10000 100000` chooses the sizes of the import; `-- import 10000`
//! measures imports alone, `-- memory 10000 100000` what the program itself holds while it takes them in.

#![expect(clippy::cast_precision_loss, reason = "figures for people, not for sums")]

#[path = "shared/processor.rs"]
mod processor;
#[path = "../tests/world/mod.rs"]
mod world;

use std::process::Command;
use std::time::{Duration, Instant};

use badge_schemas::credential::{AwardFacts, IssuerFacts, StatusFacts, compose};
use badge_schemas::referentiel::{Level, referentiel};
use ed25519_dalek::{Signer, SigningKey, Verifier};
use issuer::awards::worker::{Timings, TimingsNow};
use livret::people::{Mailbox, Observation, Trainer};
use proofs::eddsa_rdfc_2022::{Options, prepare, verify};
use proofs::key::PublicKey;
use store::testing;
use time::macros::datetime;
use uuid::Uuid;
use world::{ESTUAIRE, Places, Program, TRAINER, Town, bootstrap_officer, crowd, free_port, sqlite_in};

const TEAM: Observation<'static> = Observation {
    badge: "cpt-travail-en-equipe/pratique",
    sentence: "Service de midi sur le plateau technique cuisine : 40 couverts, équipe de cinq, poste tournant.",
    evidence: "mise-en-situation",
};

/// As on a real instance, in seconds: no letter leaves while the badges are made.
const LETTERS_WAIT: u64 = 600;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let sizes: Vec<usize> = arguments.iter().filter_map(|argument| argument.parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![1_000, 10_000, 20_000] } else { sizes };
    let asked = |what: &str| arguments.iter().any(|argument| argument == what);
    let all = !asked("import") && !asked("memory");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let raw = raw_signature();
    println!(
        "raw Ed25519, signing 64 bytes: {:.1} µs, {:.0} a second on one thread",
        micros(raw),
        1.0 / raw.as_secs_f64()
    );
    if all {
        one_badge();
    }
    runtime.block_on(async {
        for engine in ["SQLite", "PostgreSQL"] {
            for &rows in &sizes {
                if all || asked("import") {
                    import(engine, rows, raw).await;
                }
                if all || asked("memory") {
                    memory(engine, rows).await;
                }
            }
        }
        if all {
            start().await;
        }
    });
}

/// The baseline of everything here.
fn raw_signature() -> Duration {
    const ROUNDS: u32 = 5_000;
    let key = SigningKey::from_bytes(&[7; 32]);
    let before = processor::this_thread();
    for _ in 0..ROUNDS {
        std::hint::black_box(key.sign(std::hint::black_box(&[5; 64])));
    }
    processor::this_thread().saturating_sub(before) / ROUNDS
}

/// Signing and verifying one badge, beside raw Ed25519 on 64 bytes.
fn one_badge() {
    const ROUNDS: u32 = 300;
    let key = SigningKey::from_bytes(&[7; 32]);
    let public = PublicKey::ed25519(key.verifying_key().to_bytes()).expect("a key");
    let multibase = public.to_multibase();
    let did = "did:web:livret.example:o:7h2k9qx4";
    let name = |name: &str| IssuerFacts {
        did: did.to_owned(),
        name: name.to_owned(),
        url: "https://livret.example/o/7h2k9qx4".to_owned(),
    };
    let (issuer, region) = (name("Estuaire Compétences"), name("Région Normandie"));
    let unsigned = compose(&AwardFacts {
        issuer_base: "https://livret.example",
        credential_id: Uuid::from_u128(0x5f0c_2c1e_7d0b_4b83_9a1f_2f6a_1c0e_9d47),
        subject_id: Uuid::from_u128(0x0b9f_4a52_3c1d_4f0e_8e55_6a7d_2b91_c3aa),
        achievement: referentiel().achievement("cpt-travail-en-equipe", Level::Pratique).expect("an achievement"),
        issuer: &issuer,
        region: &region,
        valid_from: datetime!(2026-11-20 14:05:09 UTC),
        awarded_on: time::macros::date!(2026 - 11 - 20),
        name: "Inès Duval",
        email: None,
        observed: &[0, 2],
        evidence_type: referentiel().evidence_types.first().expect("a kind of evidence"),
        sentence: TEAM.sentence,
        status: StatusFacts { list_url: "https://livret.example/o/7h2k9qx4/status/1", index: 94_567 },
    });
    let options = Options::assertion(datetime!(2026-11-20 14:05:09 UTC), format!("{did}#{multibase}"));
    let prepared = prepare(&unsigned, &options).expect("a canonical form");
    let message = prepared.hash_data;
    let raw = key.sign(&message);
    let signed = prepared.finish(raw.to_bytes());
    let text = signed.to_string();

    let sign = each(ROUNDS, || {
        let prepared = prepare(&unsigned, &options).expect("a canonical form");
        let signature = key.sign(&prepared.hash_data).to_bytes();
        std::hint::black_box(prepared.finish(signature));
    });
    let check = each(ROUNDS, || {
        let document = badge_schemas::json::parse_strict(&text).expect("JSON");
        verify(&document, &public).expect("a good proof");
    });
    let raw_sign = each(ROUNDS, || {
        std::hint::black_box(key.sign(&message));
    });
    let raw_verify = each(ROUNDS, || key.verifying_key().verify(&message, &raw).expect("a good signature"));
    println!("one badge of {} bytes, one thread:", text.len());
    println!("  sign    {:>9.1} µs   raw Ed25519 {:>6.1} µs", micros(sign), micros(raw_sign));
    println!("  verify  {:>9.1} µs   raw Ed25519 {:>6.1} µs", micros(check), micros(raw_verify));
}

fn each(rounds: u32, mut work: impl FnMut()) -> Duration {
    work();
    let start = Instant::now();
    for _ in 0..rounds {
        work();
    }
    start.elapsed() / rounds
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

/// An import from the dropped file to the last badge kept and its letter queued, through the public doors.
async fn import(engine: &str, rows: usize, raw: Duration) {
    let database = if engine == "SQLite" { testing::sqlite().await } else { testing::postgres().await };
    let town = Town::open_whose_letters_wait(database, LETTERS_WAIT).await;
    town.places.habilitates(&ESTUAIRE).await;
    let mut trainer = Trainer::enters(&town.places.issuer, &town.places.letters, TRAINER).await.expect("a door");
    let session = trainer.opens_session("Mesure", "Le Havre").await.expect("a session");
    let file = crowd(rows);
    let me = std::process::id();
    let memory = resident_kb(me);
    let used = || processor::own() + processor::started();
    let (start, used_before) = (Instant::now(), used());
    let review = trainer.drops(&session, &file).await.expect("a review").ok().expect("a review");
    let read = start.elapsed();
    let before = Timings::now();
    let start = Instant::now();
    let lot = trainer.attests(&review, TEAM).await.expect("a lot").ok().expect("a lot");
    let (pressed, used_when_pressed) = (start.elapsed(), used());
    let memory_when_pressed = resident_kb(me);
    trainer.waits_for(&lot).await.expect("an end");
    let (attested, used_after) = (start.elapsed(), used());
    let after = Timings::now();
    let made = after.awards - before.awards;
    assert_eq!(usize::try_from(made).ok(), Some(rows), "every row became a badge");
    let per = |of: fn(&TimingsNow) -> Duration| micros(of(&after).saturating_sub(of(&before))) / rows as f64;
    println!(
        "{engine}, {rows} rows: {:.0} awards/s from the dropped file, {:.0} from « Attester »",
        rows as f64 / (read + attested).as_secs_f64(),
        rows as f64 / attested.as_secs_f64(),
    );
    let whole = used_after.saturating_sub(used_before) / u32::try_from(rows).expect("not that many");
    println!(
        "  processor, per award: {:.0} µs from the dropped file ({:.1} raw signatures), {:.0} µs once the lot is written; \
         two processors of its own would do {:.0} a second from the dropped file",
        micros(whole),
        whole.as_secs_f64() / raw.as_secs_f64(),
        micros(used_after.saturating_sub(used_when_pressed)) / rows as f64,
        2.0 / whole.as_secs_f64(),
    );
    println!(
        "  seconds: read and reviewed {:.2}, lot written {:.2}, badges made {:.2}",
        read.as_secs_f64(),
        pressed.as_secs_f64(),
        attested.saturating_sub(pressed).as_secs_f64(),
    );
    println!(
        "  on the clock, per award, in µs summed over threads: compose {:.0}, sign {:.0}, judge {:.0}, codes {:.0}; beside \
         them: reserve {:.0}, store {:.0} of which outbox {:.0}",
        per(|t| t.compose),
        per(|t| t.sign),
        per(|t| t.judge),
        per(|t| t.codes),
        per(|t| t.reserve),
        per(|t| t.store),
        per(|t| t.outbox),
    );
    println!(
        "  memory of this process: {} MB before, {} MB with the lot written, {} MB after, its peak {} MB",
        memory / 1024,
        memory_when_pressed / 1024,
        resident_kb(me) / 1024,
        status_kb(me, "VmHWM:") / 1024,
    );
    town.running.stop().await;
}

/// What a program of its own holds at rest, and at most in each step of an import.
async fn memory(engine: &str, rows: usize) {
    let folder = tempfile::tempdir().expect("a folder");
    let database = match engine {
        "SQLite" => sqlite_in(folder.path(), "livret.db"),
        _ => testing::empty_postgres().await,
    };
    let (program, places) = program(folder.path(), &database, free_port());
    places.habilitates(&ESTUAIRE).await;
    let mut trainer = Trainer::enters(&places.issuer, &places.letters, TRAINER).await.expect("a door");
    let session = trainer.opens_session("Mesure", "Le Havre").await.expect("a session");
    let pid = program.pid();
    let at_rest = resident_kb(pid);
    let (file, peak) = (crowd(rows), Peak::of(pid));
    let review = trainer.drops(&session, &file).await.expect("a review").ok().expect("a review");
    let (reviewed, peak) = (peak.mb(), Peak::of(pid));
    let lot = trainer.attests(&review, TEAM).await.expect("a lot").ok().expect("a lot");
    let (written, peak) = (peak.mb(), Peak::of(pid));
    trainer.waits_for(&lot).await.expect("an end");
    println!(
        "{engine}, {rows} rows (a file of {:.1} MB), memory of the program: {} MB at rest; at most {reviewed} MB while the \
         file is read and reviewed, {written} MB while the lot is written, {} MB while the badges are made",
        file.len() as f64 / 1e6,
        at_rest / 1024,
        peak.mb(),
    );
}

/// The most that a process holds from now on.
struct Peak(u32);

impl Peak {
    fn of(pid: u32) -> Self {
        // Five: the kernel forgets the peak so far.
        std::fs::write(format!("/proc/{pid}/clear_refs"), "5").expect("a peak that can be forgotten");
        Self(pid)
    }

    fn mb(&self) -> u64 {
        status_kb(self.0, "VmHWM:") / 1024
    }
}

fn program(folder: &std::path::Path, database: &str, port: u16) -> (Program, Places) {
    let letters = folder.join("letters");
    let dir = format!("dir:{}", letters.display());
    bootstrap_officer(database, &format!("http://localhost:{port}"));
    let program = Program::start("serve", port, &[("--database", database), ("--letters", dir.as_str())]);
    let places = Places {
        issuer: program.origin.clone(),
        wallet: program.origin.clone(),
        verifier: program.origin.clone(),
        letters: Mailbox::Folder(letters),
    };
    (program, places)
}

/// Time to the first answer on a database that is there.
async fn start() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = sqlite_in(folder.path(), "livret.db");
    let port = free_port();
    let (first, places) = program(folder.path(), &database, port);
    places.habilitates(&ESTUAIRE).await;
    let mut trainer = Trainer::enters(&places.issuer, &places.letters, TRAINER).await.expect("a door");
    let session = trainer.opens_session("Mesure", "Le Havre").await.expect("a session");
    let review = trainer.drops(&session, &crowd(10_000)).await.expect("a review").ok().expect("a review");
    let lot = trainer.attests(&review, TEAM).await.expect("a lot").ok().expect("a lot");
    trainer.waits_for(&lot).await.expect("an end");
    drop(first);
    let mut times = Vec::new();
    for _ in 0..5 {
        let start = Instant::now();
        let program = Program::start("serve", port, &[("--database", database.as_str())]);
        times.push(start.elapsed());
        drop(program);
    }
    times.sort();
    let start = Instant::now();
    let _empty = Command::new("true").status();
    println!(
        "ready on a database of 10,000 badges: {:.0} ms (median of 5; starting any program: {:.0} ms)",
        times[2].as_secs_f64() * 1e3,
        start.elapsed().as_secs_f64() * 1e3
    );
}

fn resident_kb(pid: u32) -> u64 {
    status_kb(pid, "VmRSS:")
}

fn status_kb(pid: u32, line: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let value = status.lines().find_map(|text| text.strip_prefix(line)).unwrap_or_default();
    value.trim().trim_end_matches(" kB").trim().parse().unwrap_or(0)
}
