//! How long it takes to refuse what is made to cost without end: milliseconds each, the best of three.
//! `cargo run --release -p checks --example poison_rate`

#![expect(clippy::disallowed_methods, reason = "an example that measures needs a clock")]

#[path = "../tests/world/poison.rs"]
mod poison;
#[expect(dead_code, reason = "the tokens are shared with tests that need more of them")]
#[path = "../tests/world/tokens.rs"]
mod tokens;
#[expect(dead_code, reason = "the world is shared with tests that need more of it")]
#[path = "../tests/world/mod.rs"]
mod world;

use std::sync::Arc;
use std::time::{Duration, Instant};

use checks::{Inquiry, Policy, Unanswered};
use world::NOW;

fn main() {
    let mut slowest = Duration::ZERO;
    for poison in poison::all() {
        let bytes: Arc<[u8]> = poison.bytes.into();
        let judged = || {
            let begin = Instant::now();
            let mut inquiry = Inquiry::open_bytes(Arc::clone(&bytes), NOW, Policy::FULL);
            while let Some(need) = inquiry.next_need() {
                let answer = poison.world.answers.get(&need).cloned().unwrap_or(Err(Unanswered::NotFound));
                inquiry.answer(&need, answer);
            }
            let report = inquiry.conclude();
            (begin.elapsed(), report.verdict.code())
        };
        let (time, verdict) = (0..3).map(|_| judged()).min().expect("three times");
        slowest = slowest.max(time);
        println!("{:8.1} ms  {verdict:15} {:24} {}", time.as_secs_f64() * 1000.0, poison.code, poison.name);
    }
    println!("{:8.1} ms  the slowest", slowest.as_secs_f64() * 1000.0);
}
