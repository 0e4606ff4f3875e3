//! The same badges judged and signed by other people's implementations and by ours, one after the other in one run:
//! Digital Bazaar's Data Integrity libraries in Node, and the reference validator of Open Badges 2.0 in Python. Each is
//! warm, has every document at hand and works in one thread; starting it is not counted.
//!
//! `tests/run` installs the peers; then `cargo bench -p checks --bench peers`.

#![expect(clippy::disallowed_methods, reason = "it measures")]

#[expect(dead_code, reason = "the peers are shared with tests that need more of them")]
#[path = "../tests/world/peers.rs"]
mod peers;
#[expect(dead_code, reason = "the world is shared with tests that need more of it")]
#[path = "../tests/world/mod.rs"]
mod world;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use checks::{Answer, Inquiry, Memory, Policy, Unanswered, Verdict};
use peers::{Town, node, node_folder, write};
use serde_json::json;
use world::{NOW, ORG, World};

fn main() {
    let world = World::new();
    let badge = world.signed();
    let folder = node_folder(&world, "rate");
    write(&folder, "badge.json", &badge);
    write(&folder, "unsigned.json", &world.badge(|_| {}));
    write(&folder, "key.json", &json!({ "seed": "07".repeat(32), "did": ORG }));
    let theirs = node(&["rate", &folder.to_string_lossy()]);
    let unsigned = world.badge(|_| {});
    let text = badge.to_string();
    println!("Open Badges 3.0, a badge of {} bytes, eddsa-rdfc-2022:", text.len());
    let micros = |of: &serde_json::Value| of.as_f64().expect("microseconds");
    row("Digital Bazaar (Node): sign", micros(&theirs["sign"]), None);
    row("ours: sign, any document", median(|| drop(world.org.sign(&unsigned))), Some(micros(&theirs["sign"])));
    row("Digital Bazaar (Node): verify the proof, no status, no trust", micros(&theirs["verify"]), None);
    let memory = Arc::new(Memory::default());
    let judge = || {
        let policy = Policy { trust: false, status: false };
        let mut inquiry = Inquiry::open(text.as_str(), NOW, policy).with_memory(&memory);
        while let Some(need) = inquiry.next_need() {
            let answer = world.answers.get(&need).cloned().unwrap_or(Err(Unanswered::NotFound));
            inquiry.answer(&need, answer);
        }
        assert_eq!(inquiry.conclude().verdict, Verdict::Authentic);
    };
    row("ours: the same questions, and a report", median(judge), Some(micros(&theirs["verify"])));

    let mut town = Town::new("rate");
    town.serve(&town.badge.clone());
    town.recipient = json!({ "email": "ines@example.fr" });
    let said = town.judged(&town.id(), &["60"]);
    assert_eq!(said["valid"], true, "{said}");
    let theirs = micros(&said["micros"]);
    println!("\nOpen Badges 2.0, a hosted badge, its class, profile and picture:");
    row("reference validator (Python)", theirs, None);
    let answers: HashMap<&str, Answer> =
        town.documents.iter().map(|(url, said)| (url.as_str(), answer(said))).collect();
    let (id, policy) = (town.id(), Policy { trust: false, status: true });
    let judge = || {
        let mut inquiry = Inquiry::open_url(id.as_str(), NOW, policy).with_recipient("ines@example.fr");
        while let Some(need) = inquiry.next_need() {
            let known = need.url("").and_then(|url| answers.get(url.as_str()).cloned());
            inquiry.answer(&need, known.ok_or(Unanswered::NotFound));
        }
        assert_eq!(inquiry.conclude().verdict, Verdict::Authentic);
    };
    row("ours: the same questions, and a report", median(judge), Some(theirs));
}

fn answer(said: &serde_json::Value) -> Answer {
    let body = said["body"].as_str().and_then(|body| data_encoding::BASE64.decode(body.as_bytes()).ok());
    Answer::new(body.expect("a body").as_slice())
}

/// In microseconds, of all rounds but the first hundred.
fn median(mut work: impl FnMut()) -> f64 {
    let mut times: Vec<f64> = (0..2_100)
        .map(|_| {
            let begun = Instant::now();
            work();
            begun.elapsed().as_secs_f64() * 1e6
        })
        .skip(100)
        .collect();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn row(name: &str, micros: f64, beside: Option<f64>) {
    let times = beside.map(|peer| format!("  {:.0} times as fast", peer / micros)).unwrap_or_default();
    println!("{micros:12.1} µs  {name}{times}");
}
