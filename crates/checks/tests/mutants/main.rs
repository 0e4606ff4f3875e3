//! Mutants: valid badges changed by code, one reason each, and each refused **for that reason** – the whole set of
//! codes that speak against it is compared, so that a mutant caught by accident counts as a failure.

#[path = "../world/mod.rs"]
mod world;

mod around;
mod changed;
mod contexts;
mod json;
mod proof;
mod warm;

use std::collections::BTreeSet;

use checks::{Outcome, Policy, Verdict};
use serde_json::Value;
use world::{NOW, World};

/// A badge changed for one reason, in a world that may have changed too.
pub(crate) struct Mutant {
    pub(crate) name: String,
    pub(crate) world: World,
    pub(crate) text: String,
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
        Self { name: name.into(), world: World::new(), text: text.to_string(), verdict, codes: codes.into() }
    }

    /// The same mutant in a changed world.
    pub(crate) fn within(mut self, world: World) -> Self {
        self.world = world;
        self
    }
}

pub(crate) fn all() -> Vec<Mutant> {
    let mut all = changed::mutants();
    all.extend(json::mutants());
    all.extend(contexts::mutants());
    all.extend(proof::mutants());
    all.extend(around::mutants());
    all
}

#[test]
fn the_badge_they_come_from_is_authentic() {
    let world = World::new();
    let report = world.judge(&world.signed().to_string());
    assert_eq!(report.verdict, Verdict::Authentic, "{:?}", report.findings);
}

#[test]
fn more_than_two_hundred_mutants_are_each_refused_for_their_own_reason() {
    let mutants = all();
    let names: BTreeSet<&str> = mutants.iter().map(|mutant| mutant.name.as_str()).collect();
    assert_eq!(names.len(), mutants.len(), "a name twice");
    assert!(mutants.len() >= 200, "{} mutants", mutants.len());
    let mut wrong = Vec::new();
    for mutant in &mutants {
        let report = mutant.world.judge_at(&mutant.text, NOW, Policy::FULL);
        let against: BTreeSet<&str> = report
            .findings
            .iter()
            .filter(|finding| matches!(finding.outcome, Outcome::Failed | Outcome::CouldNotCheck))
            .map(|finding| finding.code)
            .collect();
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
