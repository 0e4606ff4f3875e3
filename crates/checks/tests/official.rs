//! The standard's own signed examples, judged end to end with the answers that their world lacks.

use std::path::PathBuf;

use checks::{Check, Inquiry, Need, Outcome, Policy, Report, Standard, Verdict};
use serde_json::{Value, json};
use time::macros::datetime;

const ISSUER: &str = "https://example.edu/issuers/565049";
const KEY: &str = "z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi";

/// An official file; `None`, said aloud, when the shared standards are not here.
fn official(name: &str) -> Option<String> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared");
    let shared = std::env::var_os("LIVRET_SHARED").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    let file = shared.join("standards/ob3-data/vectors/ob-clr-official").join(name);
    let text = std::fs::read_to_string(file).ok();
    if text.is_none() {
        assert!(std::env::var_os("CI").is_none(), "the official file {name} must be here in CI");
        println!("NOT EXAMINED: the official file {name} is not here (set LIVRET_SHARED)");
    }
    text
}

fn judge(text: &str) -> Report {
    let method = format!("{ISSUER}#{KEY}");
    let document = json!({
        "id": ISSUER,
        "verificationMethod": [
            { "id": method, "type": "Multikey", "controller": ISSUER, "publicKeyMultibase": KEY },
        ],
        "assertionMethod": [method],
    });
    let mut inquiry = Inquiry::open(text, datetime!(2026-11-22 09:00 UTC), Policy { trust: false, status: true });
    while let Some(need) = inquiry.next_need() {
        assert_eq!(need, Need::KeyDocument { url: ISSUER.to_owned() });
        inquiry.answer(&need, Ok(document.to_string()));
    }
    inquiry.conclude()
}

#[test]
fn the_signed_badge_of_the_standard_is_authentic() {
    let Some(text) = official("ob3-signed.json") else { return };
    let report = judge(&text);
    assert_eq!(report.verdict, Verdict::Authentic, "{report:#?}");
    assert_eq!(report.badge.expect("facts").achievement.name, "Teamwork");
    let mut changed: Value = serde_json::from_str(&text).expect("JSON");
    changed["credentialSubject"]["achievement"]["name"] = json!("Leadership");
    assert_eq!(judge(&changed.to_string()).verdict, Verdict::Altered);
}

#[test]
fn the_signed_collection_of_the_standard_and_the_badge_in_it() {
    let Some(text) = official("clr2-signed.json") else { return };
    let report = judge(&text);
    assert_eq!(report.form.expect("a form").standard, Standard::Clr2);
    let proven = |report: &Report, check| report.finding(check).map(|f| f.outcome) == Some(Outcome::Passed);
    for check in [Check::Format, Check::JsonLd, Check::Signature, Check::Key] {
        assert!(proven(&report, check), "{check:?} {report:#?}");
        assert!(proven(&report.parts[0].report, check), "{check:?} {report:#?}");
    }
    assert_eq!(report.parts.len(), 1);
    assert_eq!(report.parts[0].report.verdict, Verdict::Authentic, "{report:#?}");
}
