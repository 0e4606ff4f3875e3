//! How many verdicts a second the program answers, beside a static file of the same server: same run, same load.
//!
//! `cargo bench --bench verdict`; `-- 10` measures ten seconds each instead of five. The requests come from this very
//! machine, which they keep busy too: so what the server's processes use for one request is printed beside.

#![expect(clippy::cast_precision_loss, reason = "figures for people, not for sums")]

#[expect(dead_code, reason = "the other bench needs the rest")]
#[path = "shared/processor.rs"]
mod processor;
#[path = "../tests/world/mod.rs"]
mod world;

use std::time::{Duration, Instant};

use livret::people::{Learner, Mailbox, Observation, Trainer};
use store::testing;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use world::{ESTUAIRE, Places, Program, TRAINER, bootstrap_officer, free_port, sqlite_in};

/// Requests under way at any moment.
const AT_ONCE: usize = 16;
const LEARNER: &str = "theo.auvray@courriel.example";

fn main() {
    let seconds = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(5);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        for engine in ["SQLite", "PostgreSQL"] {
            measure(engine, Duration::from_secs(seconds)).await;
        }
    });
}

async fn measure(engine: &str, lasting: Duration) {
    let folder = tempfile::tempdir().expect("a folder");
    let database = match engine {
        "SQLite" => sqlite_in(folder.path(), "livret.db"),
        _ => testing::empty_postgres().await,
    };
    let letters = folder.path().join("letters");
    let port = free_port();
    let dir = format!("dir:{}", letters.display());
    let arguments = [("--database", database.as_str()), ("--letters", dir.as_str()), ("--letter-delay", "0")];
    let program = Program::start("serve", port, &arguments);
    let places = Places {
        issuer: program.origin.clone(),
        wallet: program.origin.clone(),
        verifier: program.origin.clone(),
        letters: Mailbox::Folder(letters),
    };
    bootstrap_officer(&database, &program.origin);
    let verdict = shared_badge(&places).await;
    let (page, _) = get(port, &verdict).await;
    assert!(page.contains("authentique"), "a good verdict");
    let style = page
        .split('"')
        .find(|part| part.starts_with("/static/livret-") && part.contains(".css"))
        .expect("a style sheet");
    let json = format!("{verdict}/json");
    println!("{engine}, {AT_ONCE} requests at once, {} s each:", lasting.as_secs());
    // Once to warm up: what a class costs the first time is not what is asked here.
    load(port, &verdict, Duration::from_secs(1)).await;
    let still = load(port, style, lasting).await;
    for (what, path) in [("the page of a verdict", verdict.as_str()), ("a verdict as JSON", json.as_str())] {
        let rate = load(port, path, lasting).await;
        println!("  {what}: {}", rate.words());
        println!(
            "    {:.2} of a static file in requests, {:.1} times its processor time",
            rate.each_second / still.each_second,
            rate.used.as_secs_f64() / still.used.as_secs_f64(),
        );
    }
    println!("  a static file: {}", still.words());
    drop(program);
}

/// One of our badges, shared by its learner: the path of its verdict.
async fn shared_badge(places: &Places) -> String {
    places.habilitates(&ESTUAIRE).await;
    let mut trainer = Trainer::enters(&places.issuer, &places.letters, TRAINER).await.expect("a door");
    let session = trainer.opens_session("Mesure", "Le Havre").await.expect("a session");
    let file = format!("Prénom;Nom;Courriel\r\nThéo;Auvray;{LEARNER}\r\n");
    let review = trainer.drops(&session, file.as_bytes()).await.expect("a review").ok().expect("a review");
    let observation = Observation {
        badge: "cpt-travail-en-equipe/pratique",
        sentence: "Service de midi sur le plateau technique cuisine : 40 couverts, équipe de cinq, poste tournant.",
        evidence: "mise-en-situation",
    };
    let lot = trainer.attests(&review, observation).await.expect("a lot").ok().expect("a lot");
    trainer.waits_for(&lot).await.expect("an end");
    let mut learner = Learner::new(&places.wallet).expect("a browser");
    let link = places.letters.link(LEARNER, "/r/").await.expect("a letter");
    learner.claims(&link).await.expect("a badge");
    let share = learner.shares("Mécanique du Talou").await.expect("a share");
    let link = share.link("/v/").expect("its address");
    let path = link.find("/v/").expect("its path");
    link[path..].to_owned()
}

/// What a load measured.
struct Rate {
    each_second: f64,
    bytes: usize,
    /// Processor time of the server, and of its database's, for one request.
    used: Duration,
    /// How long half and 99 % of the requests took at most.
    half: Duration,
    nearly_all: Duration,
}

impl Rate {
    fn words(&self) -> String {
        format!(
            "{:.0} requests/s of {} bytes; the server uses {:.0} µs of processor for one: two of its own would answer \
             {:.0} a second; half within {:.1} ms, 99 % within {:.1} ms",
            self.each_second,
            self.bytes,
            self.used.as_secs_f64() * 1e6,
            2.0 / self.used.as_secs_f64(),
            self.half.as_secs_f64() * 1e3,
            self.nearly_all.as_secs_f64() * 1e3,
        )
    }
}

/// Asks for one address again and again, over connections that stay open.
async fn load(port: u16, path: &str, lasting: Duration) -> Rate {
    let (start, used) = (Instant::now(), processor::started());
    let mut hands = tokio::task::JoinSet::new();
    for _ in 0..AT_ONCE {
        let request = request(path);
        hands.spawn(async move {
            let mut stream = TcpStream::connect(("127.0.0.1", port)).await.expect("the program listens");
            stream.set_nodelay(true).expect("a socket");
            let (mut times, mut room) = (Vec::new(), Vec::new());
            let mut bytes = 0;
            while start.elapsed() < lasting {
                let asked = Instant::now();
                stream.write_all(request.as_bytes()).await.expect("a request");
                bytes = answer(&mut stream, &mut room).await;
                assert!(room.starts_with(b"HTTP/1.1 200 "), "an answer");
                times.push(asked.elapsed());
            }
            (times, bytes)
        });
    }
    let (mut times, mut size) = (Vec::new(), 0);
    while let Some(done) = hands.join_next().await {
        let (some, bytes) = done.expect("no panic");
        times.extend(some);
        size = bytes;
    }
    let used = processor::started().saturating_sub(used) / u32::try_from(times.len()).expect("not that many");
    let each_second = times.len() as f64 / start.elapsed().as_secs_f64();
    times.sort_unstable();
    Rate { each_second, bytes: size, used, half: times[times.len() / 2], nearly_all: times[times.len() * 99 / 100] }
}

fn request(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\n\r\n")
}

async fn get(port: u16, path: &str) -> (String, usize) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.expect("the program listens");
    stream.write_all(request(path).as_bytes()).await.expect("a request");
    let mut room = Vec::new();
    let bytes = answer(&mut stream, &mut room).await;
    (String::from_utf8(room).expect("UTF-8"), bytes)
}

/// Reads one answer into `room`, head and body; how many bytes its body has.
async fn answer(stream: &mut TcpStream, room: &mut Vec<u8>) -> usize {
    room.clear();
    let mut whole = None;
    while whole.is_none_or(|whole| room.len() < whole) {
        let read = stream.read_buf(room).await.expect("an answer");
        assert!(read > 0, "an answer that ends");
        if whole.is_none()
            && let Some(head) = room.windows(4).position(|four| four == b"\r\n\r\n")
        {
            let text = String::from_utf8_lossy(&room[..head]).to_ascii_lowercase();
            let length = text.lines().find_map(|line| line.strip_prefix("content-length: ")).expect("a length");
            whole = Some(head + 4 + length.trim().parse::<usize>().expect("a number"));
        }
    }
    room.len() - (room.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or_default() + 4)
}
