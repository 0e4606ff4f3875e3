//! Mutants: valid badges changed by code, one reason each, and each refused **for that reason** – the whole set of
//! codes that speak against it is compared, so that a mutant caught by accident counts as a failure.

#[path = "../world/sealing.rs"]
mod sealing;
#[path = "../world/tokens.rs"]
mod tokens;
#[path = "../world/mod.rs"]
mod world;

mod around;
mod carriers;
mod changed;
mod collections;
mod contexts;
mod headers;
mod json;
mod payloads;
mod presentations;
mod proof;
mod suites;
mod warm;

use std::collections::BTreeSet;

use checks::{Inquiry, Outcome, Policy, Report, Verdict};
use serde_json::Value;
use world::{NOW, World};

/// A badge changed for one reason, in a world that may have changed too.
pub(crate) struct Mutant {
    pub(crate) name: String,
    pub(crate) world: World,
    pub(crate) bytes: Vec<u8>,
    pub(crate) policy: Policy,
    /// The question that a presentation must have been signed for.
    pub(crate) challenge: Option<&'static str>,
    /// The verdict it must have.
    pub(crate) verdict: Verdict,
    /// Every code that must speak against it, and no other.
    pub(crate) codes: Vec<&'static str>,
}

impl Mutant {
    /// A mutant of the text alone.
    #[expect(clippy::needless_pass_by_value, reason = "a text or a document, as it comes")]
    pub(crate) fn of(
        name: impl Into<String>,
        text: impl ToString,
        verdict: Verdict,
        codes: impl Into<Vec<&'static str>>,
    ) -> Self {
        Self::file(name, text.to_string(), verdict, codes)
    }

    /// A mutant of a file.
    pub(crate) fn file(
        name: impl Into<String>,
        bytes: impl Into<Vec<u8>>,
        verdict: Verdict,
        codes: impl Into<Vec<&'static str>>,
    ) -> Self {
        let (world, policy) = (World::new(), Policy::FULL);
        Self { name: name.into(), world, bytes: bytes.into(), policy, challenge: None, verdict, codes: codes.into() }
    }

    /// The same mutant, judged by itself: no register, no status.
    pub(crate) fn alone(mut self) -> Self {
        self.policy = ALONE;
        self
    }

    /// The same mutant, of which one asked this question.
    pub(crate) fn asked(mut self, challenge: &'static str) -> Self {
        self.challenge = Some(challenge);
        self
    }

    /// The same mutant in a changed world.
    pub(crate) fn within(mut self, world: World) -> Self {
        self.world = world;
        self
    }
}

pub(crate) const ALONE: Policy = Policy { trust: false, status: false };

pub(crate) fn all() -> Vec<Mutant> {
    let mut all = changed::mutants();
    all.extend(json::mutants());
    all.extend(contexts::mutants());
    all.extend(proof::mutants());
    all.extend(around::mutants());
    all.extend(headers::mutants());
    all.extend(payloads::mutants());
    all.extend(collections::mutants());
    all.extend(presentations::mutants());
    all.extend(suites::mutants());
    all.extend(carriers::mutants());
    all
}

/// The codes that speak against it, those of its parts among them.
fn against(report: &Report) -> BTreeSet<&'static str> {
    let speaks = |outcome: Outcome| matches!(outcome, Outcome::Failed | Outcome::CouldNotCheck);
    let own = report.findings.iter().filter(|finding| speaks(finding.outcome)).map(|finding| finding.code);
    own.chain(report.parts.iter().flat_map(|part| against(&part.report))).collect()
}

#[test]
fn the_badge_they_come_from_is_authentic() {
    let world = World::new();
    let report = world.judge(&world.signed().to_string());
    assert_eq!(report.verdict, Verdict::Authentic, "{:?}", report.findings);
}

#[test]
fn more_than_four_hundred_mutants_are_each_refused_for_their_own_reason() {
    let mutants = all();
    let names: BTreeSet<&str> = mutants.iter().map(|mutant| mutant.name.as_str()).collect();
    assert_eq!(names.len(), mutants.len(), "a name twice");
    assert!(mutants.len() >= 400, "{} mutants", mutants.len());
    let mut wrong = Vec::new();
    for mutant in &mutants {
        let mut inquiry = Inquiry::open_bytes(mutant.bytes.as_slice(), NOW, mutant.policy);
        if let Some(challenge) = mutant.challenge {
            inquiry = inquiry.with_challenge(challenge);
        }
        let report = mutant.world.bring(inquiry, NOW);
        let against = against(&report);
        let expected: BTreeSet<&str> = mutant.codes.iter().copied().collect();
        if report.verdict != mutant.verdict || against != expected {
            wrong.push(format!(
                "{}: {} {against:?}, wanted {} {expected:?}",
                mutant.name,
                report.verdict.code(),
                mutant.verdict.code()
            ));
        }
    }
    println!("{} mutants", mutants.len());
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), mutants.len(), wrong.join("\n"));
}

/// The pointers of every value for which `take` answers yes.
pub(crate) fn places(value: &Value, take: &impl Fn(&str, &Value) -> bool) -> Vec<String> {
    fn walk(value: &Value, here: &str, take: &impl Fn(&str, &Value) -> bool, all: &mut Vec<String>) {
        if take(here, value) {
            all.push(here.to_owned());
        }
        match value {
            Value::Array(items) => {
                for (i, item) in items.iter().enumerate() {
                    walk(item, &format!("{here}/{i}"), take, all);
                }
            }
            Value::Object(members) => {
                for (name, item) in members {
                    walk(item, &format!("{here}/{}", name.replace('~', "~0").replace('/', "~1")), take, all);
                }
            }
            _ => {}
        }
    }
    let mut all = Vec::new();
    walk(value, "", take, &mut all);
    all
}

/// The value at a pointer that exists.
pub(crate) fn at<'v>(value: &'v mut Value, pointer: &str) -> &'v mut Value {
    value.pointer_mut(pointer).expect("a place of the badge")
}

/// Takes the member that `pointer` names out of its object.
pub(crate) fn remove(value: &mut Value, pointer: &str) {
    let (parent, name) = pointer.rsplit_once('/').expect("a member");
    at(value, parent).as_object_mut().expect("an object").shift_remove(name).expect("a member");
}
