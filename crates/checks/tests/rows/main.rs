//! The checklist of Open Badges 3.0, row by row, asked of the judge: a badge signed for the row, and what it says.
//!
//! Rows that stand elsewhere, by their names: 0.5, 1.1.8 and 3.1 (`forms.rs`), 1.1.9b, 1.2.11, 1.5.16–18 and 1.7.5b
//! (`badge-schemas`), 1.6.4, 1.7.10 and 8.8 (`parts.rs`), 1.7.4 and 1.7.8 (`status.rs`), 2.1, 2.2.2–2.2.4, 2.2.7–2.2.9
//! and 2.2.11 (`jwt.rs`), 2.3.8 and 2.3.9 (`keys.rs`), 4.4–4.6 (`badge-schemas`), each refusal of 1.7.7 (`mutants`), the
//! published vectors of 2.3.2–2.3.4 and 2.4 (`proofs/tests`), C1–C19 as composed (`badge-schemas/src/clr/tests.rs`).
//!
//! Rows that no judge can hold, and why: 1.4.3, 4.3, 5.1–5.20 and E (answers of an HTTP server: the houses'); 1.4.2, 8.4,
//! 8.7 and 8.9 (pages: the houses'); 1.7.9 (places of a list are drawn by the issuer); 4.2 (names of files: the bytes
//! decide); 6 and 7.1–7.7 and F (a host's store; membership and visits of 1EdTech); 9.2, 9.3, 9.5 and 9.6 (what an issuer
//! chooses to publish, and where it keeps keys).

#[path = "../world/sealing.rs"]
mod sealing;
#[path = "../world/tokens.rs"]
mod tokens;
#[path = "../world/mod.rs"]
mod world;

mod classes;
mod clr;
mod credential;
mod order;
mod pitfalls;
mod safety;
mod schemas;
mod signatures;

use checks::{Check, Outcome, Policy, Report, Verdict, codes};
use serde_json::Value;
use world::{NOW, World};

const ALONE: Policy = Policy { trust: false, status: false };

fn judge(world: &World, text: &Value) -> Report {
    world.judge_at(&text.to_string(), NOW, ALONE)
}

/// The badge with this change, signed.
fn signed(change: impl FnOnce(&mut Value)) -> Value {
    let world = World::new();
    world.org.sign(&world.badge(change))
}

#[track_caller]
fn finds(report: &Report, check: Check, outcome: Outcome, code: &str) {
    let found: Vec<_> = report.findings.iter().filter(|f| f.check == check).map(|f| (f.outcome, f.code)).collect();
    assert!(found.contains(&(outcome, code)), "{check:?}: {found:?}\n{report:#?}");
}

/// Signed with this change, it is a badge of the standard.
#[track_caller]
fn holds(change: impl FnOnce(&mut Value)) {
    let report = judge(&World::new(), &signed(change));
    assert_eq!(report.verdict, Verdict::Authentic, "{report:#?}");
}

/// Signed with this change, it is no badge of the standard: its issuer's word, in a shape that is refused. Without what
/// it lacks, some members mean nothing: then nobody can sign it, and it is altered.
#[track_caller]
fn against(change: impl FnOnce(&mut Value), fault: &str) {
    let world = World::new();
    let text = sealing::sign_or_move(&world.org, &world.badge(change), &world.signed());
    let report = judge(&world, &text);
    finds(&report, Check::Schema, Outcome::Failed, codes::SCHEMA_FAULT);
    let told = report.finding(Check::Schema).and_then(|finding| finding.detail.clone()).unwrap_or_default();
    assert!(told.contains(fault), "{fault}: {told}");
    if report.verdict == Verdict::Altered {
        return finds(&report, Check::JsonLd, Outcome::Failed, codes::JSON_LD_FAULT);
    }
    assert_eq!(report.verdict, Verdict::CouldNotCheck, "{fault}: {report:#?}");
    finds(&report, Check::Signature, Outcome::Passed, codes::SIGNATURE_OK);
}

/// With this change it says something that no signature covers: refused before any key is asked for.
#[track_caller]
fn meaningless(change: impl FnOnce(&mut Value)) {
    let mut text = World::new().signed();
    change(&mut text);
    let mut inquiry = checks::Inquiry::open(&text.to_string(), NOW, Policy::FULL);
    assert_eq!(inquiry.next_need(), None, "nothing is asked for what means nothing");
    let report = inquiry.conclude();
    finds(&report, Check::JsonLd, Outcome::Failed, codes::JSON_LD_FAULT);
    assert_eq!((report.verdict, report.badge), (Verdict::Altered, None));
}

/// Takes the member that `pointer` names out of its object.
fn remove(value: &mut Value, pointer: &str) {
    let (parent, name) = pointer.rsplit_once('/').expect("a member");
    let parent = value.pointer_mut(parent).expect("a place").as_object_mut().expect("an object");
    parent.shift_remove(name).expect("a member");
}
