//! How long a warm full verdict takes: a signed badge of a known issuer, every document at hand.
//! `cargo run --release -p checks --example ob3_rate`

#![expect(clippy::disallowed_methods, reason = "an example that measures needs a clock")]

#[expect(dead_code, reason = "the world is shared with tests that need more of it")]
#[path = "../tests/world/mod.rs"]
mod world;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use checks::{Answer, Inquiry, Memory, Need, Policy, Verdict};
use world::{NOW, World};

const ROUNDS: u32 = 5_000;

fn main() {
    let world = World::new();
    let text = world.signed().to_string();
    let memory = Arc::new(Memory::default());
    let all = world.answers.iter();
    let answers: HashMap<Need, Answer> =
        all.filter_map(|(need, text)| Some((need.clone(), Answer::from(text.clone().ok()?)))).collect();
    let verdict = || {
        let mut inquiry = Inquiry::open(&text, NOW, Policy::FULL).with_memory(&memory);
        while let Some(need) = inquiry.next_need() {
            inquiry.answer(&need, Ok(answers[&need].clone()));
        }
        inquiry.conclude().verdict
    };
    assert_eq!(verdict(), Verdict::Authentic);
    let begin = Instant::now();
    let good = (0..ROUNDS).filter(|_| verdict() == Verdict::Authentic).count();
    println!("{good} verdicts, {:?} each", begin.elapsed() / ROUNDS);
}
