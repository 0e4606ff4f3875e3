//! Refusals in bounded work: what is made to cost a judge without end is refused, each for its own reason. How long each
//! takes, `cargo run --release -p checks --example poison_rate` says.

#[path = "world/poison.rs"]
mod poison;
#[expect(dead_code, reason = "the tokens are shared with tests that need more of them")]
#[path = "world/tokens.rs"]
mod tokens;
#[expect(dead_code, reason = "the world is shared with tests that need more of it")]
mod world;

use checks::{Inquiry, Policy, Report, Unanswered, Verdict};
use world::NOW;

/// The most documents that one text may send us to, and the most parts of it that are judged.
const MOST: usize = 64;

#[test]
fn row_2_3_12_and_9_9_each_is_refused_for_its_own_reason_and_asks_for_little() {
    let mut wrong = Vec::new();
    for poison in poison::all() {
        let mut inquiry = Inquiry::open_bytes(poison.bytes, NOW, Policy::FULL);
        let mut asked = 0;
        while let Some(need) = inquiry.next_need() {
            let answer = poison.world.answers.get(&need).cloned().unwrap_or(Err(Unanswered::NotFound));
            inquiry.answer(&need, answer);
            asked += 1;
            assert!(asked <= MOST, "{} asks without end", poison.name);
        }
        let report = inquiry.conclude();
        let said = codes(&report);
        if !said.contains(&poison.code) || report.verdict == Verdict::Authentic {
            wrong.push(format!("{}: {} {said:?}, wanted {}", poison.name, report.verdict.code(), poison.code));
        }
        assert!(parts(&report) <= MOST, "{}", poison.name);
        let length = serde_json::to_string(&report).expect("JSON").len();
        assert!(length < 200_000, "{}: a report of {length} bytes", poison.name);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every code that speaks against it, those of its parts among them.
fn codes(report: &Report) -> Vec<&'static str> {
    let speaks = |outcome| matches!(outcome, checks::Outcome::Failed | checks::Outcome::CouldNotCheck);
    let own = report.findings.iter().filter(|finding| speaks(finding.outcome)).map(|finding| finding.code);
    let mut all: Vec<_> = own.chain(report.parts.iter().flat_map(|part| codes(&part.report))).collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn parts(report: &Report) -> usize {
    report.parts.iter().map(|part| 1 + parts(&part.report)).sum()
}
