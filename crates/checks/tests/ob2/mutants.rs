//! Mutants of 2.0: a badge that is good, hosted and signed, and everything around it, changed for one reason each; and
//! each refused **for that reason**: the whole set of codes that speak against it is compared, and of a broken rule of
//! form also which rule and where, so that a mutant caught by accident counts as a failure.

mod assertion;
mod class;
mod json;
mod key;
mod list;
mod place;
mod profile;
mod token;

use std::collections::BTreeSet;

use checks::codes::SCHEMA_FAULT;
use checks::{Check, Inquiry, Outcome, Verdict};
use serde_json::Value;

use crate::world::*;

/// A badge changed for one reason, in its world.
struct Mutant {
    name: String,
    draft: Draft,
    /// The verdict it must have.
    verdict: Verdict,
    /// Every code that must speak against it, and no other.
    codes: BTreeSet<&'static str>,
    /// The broken rule and its place, when it is one of form.
    rule: Option<String>,
}

/// What is judged.
enum Handed {
    /// What stands at this address.
    Address(String),
    /// This text.
    Text(String),
}

/// A mutant whose verdict is not told yet.
struct Draft {
    name: String,
    world: World,
    handed: Handed,
}

/// The hosted badge, in a changed world.
fn hosted(name: impl Into<String>, change: impl FnOnce(&mut World)) -> Draft {
    let mut world = World::new();
    change(&mut world);
    Draft { name: name.into(), world, handed: Handed::Address(ID.to_owned()) }
}

/// The signed badge, its payload changed before it is signed.
fn signed(name: impl Into<String>, change: impl FnOnce(&mut Value)) -> Draft {
    let mut payload = signed_assertion();
    change(&mut payload);
    token(name, jws(&payload))
}

/// A text in a world that knows the key.
fn token(name: impl Into<String>, text: String) -> Draft {
    Draft { name: name.into(), world: World::with_key(), handed: Handed::Text(text) }
}

/// The signed badge, in a changed world.
fn around(name: impl Into<String>, change: impl FnOnce(&mut World)) -> Draft {
    signed(name, |_| {}).within(change)
}

impl Draft {
    fn within(mut self, change: impl FnOnce(&mut World)) -> Self {
        change(&mut self.world);
        self
    }

    fn handing(mut self, handed: Handed) -> Self {
        self.handed = handed;
        self
    }

    /// What it must be refused for.
    fn is(self, verdict: Verdict, codes: impl IntoIterator<Item = &'static str>) -> Mutant {
        Mutant { name: self.name.clone(), draft: self, verdict, codes: codes.into_iter().collect(), rule: None }
    }

    /// It breaks this rule of form, here, and no other.
    fn breaks(self, rule: &str) -> Mutant {
        self.breaks_and(rule, Verdict::CouldNotCheck, [])
    }

    /// It breaks this rule of form, and so more codes speak against it.
    fn breaks_and(self, rule: &str, verdict: Verdict, codes: impl IntoIterator<Item = &'static str>) -> Mutant {
        let mutant = self.is(verdict, codes.into_iter().chain([SCHEMA_FAULT]));
        Mutant { rule: Some(format!("ob2_{rule}")), ..mutant }
    }
}

impl Mutant {
    /// What is wrong with its judgement, if anything.
    fn wrong(&self) -> Option<String> {
        let world = &self.draft.world;
        let report = match &self.draft.handed {
            Handed::Address(url) => world.url(url),
            Handed::Text(text) => world.run(Inquiry::open(text, world.now, POLICY)).0,
        };
        let speaks = |outcome| matches!(outcome, Outcome::Failed | Outcome::CouldNotCheck);
        let against: BTreeSet<&str> = report.findings.iter().filter(|f| speaks(f.outcome)).map(|f| f.code).collect();
        let of_form = report.findings.iter().find(|f| f.check == Check::Schema && f.code == SCHEMA_FAULT);
        let rule = of_form.and_then(|finding| finding.detail.clone());
        let told = report.verdict == Verdict::Altered && report.badge.is_some();
        let right = report.verdict == self.verdict && against == self.codes && rule == self.rule && !told;
        let are = || format!("{} {against:?} {rule:?}", report.verdict.code());
        let wanted = || format!("{} {:?} {:?}", self.verdict.code(), self.codes, self.rule);
        (!right).then(|| format!("{}:\n    is     {}\n    wanted {}", self.name, are(), wanted()))
    }
}

#[test]
fn the_badges_they_come_from_are_authentic() {
    authentic(&World::new().hosted());
    authentic(&World::with_key().text(&jws(&signed_assertion())));
}

#[test]
fn five_hundred_mutants_are_each_refused_for_their_own_reason() {
    let mut mutants = assertion::mutants();
    mutants.extend(class::mutants());
    mutants.extend(profile::mutants());
    mutants.extend(key::mutants());
    mutants.extend(list::mutants());
    mutants.extend(place::mutants());
    mutants.extend(token::mutants());
    mutants.extend(json::mutants());
    let names: BTreeSet<&str> = mutants.iter().map(|mutant| mutant.name.as_str()).collect();
    assert_eq!(names.len(), mutants.len(), "a name twice");
    assert!(mutants.len() >= 500, "{} mutants", mutants.len());
    let wrong: Vec<String> = mutants.iter().filter_map(Mutant::wrong).collect();
    println!("{} mutants", mutants.len());
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), mutants.len(), wrong.join("\n"));
}

/// A change of one member: taken out, or put.
fn without(name: &str) -> impl Fn(&mut Value) + use<'_> {
    move |value| drop(value.as_object_mut().expect("an object").remove(name).expect("a member"))
}

fn put(pointer: &str, new: Value) -> impl FnOnce(&mut Value) + use<'_> {
    move |value| {
        let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
        value.pointer_mut(parent).expect("a place")[name] = new;
    }
}
