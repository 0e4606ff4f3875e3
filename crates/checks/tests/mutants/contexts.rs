//! Contexts stripped, appended, exchanged: what a member means is part of what was signed.

use checks::Verdict;
use checks::codes::{CONTEXT_NOT_KEPT, CONTEXT_ORDER, JSON_LD_FAULT, SCHEMA_FAULT, TYPE_MISSING};
use serde_json::{Value, json};

use crate::Mutant;
use crate::world::World;

const VC2: &str = "https://www.w3.org/ns/credentials/v2";
const OB: &str = "https://purl.imsglobal.org/spec/ob/v3p0/";

/// What looks like a change and is none: the statements that were signed are the same, and are read the same.
#[test]
fn the_same_statements_written_otherwise_are_authentic() {
    let world = World::new();
    let badge = world.signed();
    let mut word = badge.clone();
    word["@context"].as_array_mut().expect("a list").push(json!({"mention": "https://evil.example/mention"}));
    let mut alias = badge.clone();
    alias["type"] = json!(["VerifiableCredential", "AchievementCredential"]);
    let members: Vec<(String, Value)> = badge.as_object().expect("a badge").clone().into_iter().rev().collect();
    let reversed: Value = members.into_iter().collect();
    for (name, same) in [
        ("a word that is not used", word),
        ("the other name of a badge", alias),
        ("members in another order", reversed),
    ] {
        let report = world.judge(&same.to_string());
        assert_eq!(report.verdict, Verdict::Authentic, "{name}: {:?}", report.findings);
    }
}

pub(crate) fn mutants() -> Vec<Mutant> {
    let badge = World::new().signed();
    let ob = |version: &str| format!("{OB}{version}");
    let (ob303, extensions) = (ob("context-3.0.3.json"), ob("extensions.json"));
    let mut all = Vec::new();
    let mut with = |name: &str, contexts: Value, verdict: Verdict, codes: &[&'static str]| {
        let mut mutant = badge.clone();
        mutant["@context"] = contexts;
        all.push(Mutant::of(name, mutant, verdict, codes));
    };
    with("without the extensions", json!([VC2, ob303]), Verdict::Altered, &[JSON_LD_FAULT]);
    // Out of order, and what that makes of the words; whole as it was signed, nobody changed it.
    let lost = [CONTEXT_ORDER, JSON_LD_FAULT, SCHEMA_FAULT];
    let unknown = [CONTEXT_NOT_KEPT, CONTEXT_ORDER, SCHEMA_FAULT];
    with("without the badge context", json!([VC2]), Verdict::Altered, &lost);
    with("without the credential context", json!([ob303, extensions]), Verdict::Altered, &[CONTEXT_ORDER]);
    with(
        "contexts in another order",
        json!([ob303, VC2, extensions]),
        Verdict::CouldNotCheck,
        &[CONTEXT_ORDER, SCHEMA_FAULT],
    );
    with(
        "extensions before the badge context",
        json!([VC2, extensions, ob303]),
        Verdict::CouldNotCheck,
        &[SCHEMA_FAULT],
    );
    with(
        "a stranger's context first",
        json!(["https://evil.example/context", VC2, ob303]),
        Verdict::CouldNotCheck,
        &unknown,
    );
    with(
        "a stranger's context last",
        json!([VC2, ob303, extensions, "https://evil.example/context"]),
        Verdict::CouldNotCheck,
        &[CONTEXT_NOT_KEPT],
    );
    with(
        "a context of its own that renames",
        json!([VC2, ob303, extensions, {"name": "https://evil.example/name"}]),
        Verdict::Altered,
        &[JSON_LD_FAULT],
    );
    with(
        "the context of 3.0.1",
        json!([VC2, ob("context-3.0.1.json"), extensions]),
        Verdict::Altered,
        &[JSON_LD_FAULT],
    );
    with(
        "the context of 3.0.2",
        json!([VC2, ob("context-3.0.2.json"), extensions]),
        Verdict::Altered,
        &[JSON_LD_FAULT],
    );
    with(
        "a version that does not exist",
        json!([VC2, ob("context-3.9.9.json"), extensions]),
        Verdict::CouldNotCheck,
        &[CONTEXT_NOT_KEPT],
    );
    with("the context in capitals", json!([VC2, ob303.to_uppercase(), extensions]), Verdict::CouldNotCheck, &unknown);
    with("no context at all", json!([]), Verdict::Altered, &[CONTEXT_ORDER]);
    let mut typed = |name: &str, types: Value, codes: &[&'static str]| {
        let mut mutant = badge.clone();
        mutant["type"] = types;
        all.push(Mutant::of(name, mutant, Verdict::Altered, codes));
    };
    typed("not a badge any more", json!(["VerifiableCredential"]), &[TYPE_MISSING]);
    typed("not a credential any more", json!(["OpenBadgeCredential"]), &[TYPE_MISSING, JSON_LD_FAULT, SCHEMA_FAULT]);
    typed(
        "an undefined type more",
        json!(["VerifiableCredential", "OpenBadgeCredential", "Excellence"]),
        &[JSON_LD_FAULT],
    );
    all
}
