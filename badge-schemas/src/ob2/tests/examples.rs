//! The examples of the standard itself, read from `shared/standards/ob2-data` at run time.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::json::parse_strict;
use crate::ob2::{Class, Document, Fault, VerificationType, prepare};

/// `shared/standards`, from `LIVRET_SHARED` or beside the project; in CI it must be there.
pub(super) fn shared() -> Option<PathBuf> {
    let root = std::env::var_os("LIVRET_SHARED")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared")), PathBuf::from)
        .join("standards");
    if root.is_dir() {
        return Some(root);
    }
    assert!(std::env::var_os("CI").is_none(), "the official files are missing: {}", root.display());
    eprintln!("skipped: no official files at {}", root.display());
    None
}

fn example(name: &str) -> Option<Value> {
    let text = std::fs::read_to_string(shared()?.join("ob2-data/spec-examples").join(name)).expect("an example");
    Some(parse_strict(&text).expect("JSON"))
}

fn read(value: Value, class: Class) -> Document {
    Document::plain(&prepare(value, class, None).unwrap()).expect("a plain document")
}

fn codes(faults: &[Fault]) -> Vec<String> {
    faults.iter().map(ToString::to_string).collect()
}

const NONE: [&str; 0] = [];

#[test]
fn example_01_assertion() {
    let Some(value) = example("01_Assertion_ok.json") else { return };
    let read = read(value, Class::Assertion).assertion();
    assert_eq!(codes(&read.faults), NONE);
    assert_eq!(read.value.verification.unwrap().kind, Some(VerificationType::Hosted));
}

#[test]
fn example_03_profile() {
    let Some(value) = example("03_Profile_ok.json") else { return };
    assert_eq!(codes(&read(value, Class::Profile).profile().faults), NONE);
}

#[test]
fn example_06_signed_assertion() {
    let Some(value) = example("06_example-signed-badge-assertion_ok.json") else { return };
    let read = read(value, Class::Assertion).assertion();
    assert_eq!(codes(&read.faults), NONE);
    let verification = read.value.verification.unwrap();
    assert_eq!(verification.kind, Some(VerificationType::Signed));
    assert_eq!(verification.creator.as_deref(), Some("https://example.org/publicKey.json"));
}

#[test]
fn example_07_cryptographic_key() {
    let Some(value) = example("07_CryptographicKey_ok.json") else { return };
    assert_eq!(codes(&read(value, Class::CryptographicKey).cryptographic_key().faults), NONE);
}

#[test]
fn example_08_revocation_list() {
    let Some(value) = example("08_RevocationList_ok.json") else { return };
    let read = read(value, Class::RevocationList).revocation_list();
    assert_eq!((codes(&read.faults), read.value.entries.len()), (vec![], 3));
}

#[test]
fn example_09_revoked_assertion() {
    let Some(value) = example("09_revoked-hosted-assertion_ok.json") else { return };
    let read = read(value, Class::Assertion).assertion();
    assert_eq!((codes(&read.faults), read.value.revoked), (vec![], true));
}

#[test]
fn examples_10_to_21_are_excerpts_whose_parts_are_right() {
    for name in [
        "13_Evidence_ok.json",
        "14_Evidence_ok.json",
        "17_Image_ok.json",
        "18_Image_ok.json",
        "19_badgeclass-version-control_ok.json",
        "20_Internationalization_ok.json",
        "21_Internationalization_ok.json",
    ] {
        let Some(value) = example(name) else { return };
        let faults = read(value, Class::Assertion).assertion().faults;
        assert!(faults.iter().all(|fault| fault.code() == "ob2_missing_member"), "{name} {:?}", codes(&faults));
    }
    let Some(value) = example("10_Criteria_ok.json") else { return };
    let criteria = read(value, Class::BadgeClass).badge_class().value.criteria.unwrap();
    assert_eq!(criteria.id.as_deref(), Some("https://example.org/robotics-badge.html"));
}

#[test]
fn examples_23_to_25_endorsements() {
    for name in ["23_Endorsement_ok.json", "24_Endorsement_ok.json", "25_Endorsement_ok.json", "main_03.json"] {
        let Some(value) = example(name) else { return };
        assert_eq!(codes(&read(value, Class::Endorsement).endorsement().faults), NONE, "{name}");
    }
}

#[test]
fn example_main_01_lacks_hashed_as_the_reference_says() {
    let Some(value) = example("main_01.json") else { return };
    let read = read(value, Class::Assertion).assertion();
    assert_eq!(codes(&read.faults), ["ob2_missing_member at /recipient/hashed"]);
    let class = Document::embedded(&read.value.badge.unwrap()).unwrap().badge_class();
    assert_eq!(codes(&class.faults), NONE);
    let issuer = Document::embedded(&class.value.issuer.unwrap()).unwrap().profile();
    assert_eq!(codes(&issuer.faults), NONE);
    assert_eq!(issuer.value.policy.unwrap().allowed_origins, ["example.org"]);
}

#[test]
fn row_m2_the_known_extensions_have_the_shapes_of_their_schemas() {
    let Some(root) = shared() else { return };
    for (folder, name, right, wrong) in [
        (
            "geoCoordinatesExtension",
            "GeoCoordinates",
            json!({ "description": "d", "geo": { "latitude": 1, "longitude": 2 } }),
            json!({ "description": "d" }),
        ),
        ("applyLinkExtension", "ApplyLink", json!({ "url": "https://a.example" }), json!({})),
        ("originalCreatorExtension", "OriginalCreator", json!({ "url": "https://a.example" }), json!({})),
        ("exampleExtension", "ExampleExtension", json!({ "exampleProperty": "x" }), json!({})),
        ("recipientProfile", "RecipientProfile", json!({ "name": "n" }), json!({ "name": 3 })),
    ] {
        let text = std::fs::read_to_string(root.join("ob2-data/contexts/extensions").join(folder).join("schema.json"))
            .unwrap();
        let schema: Value = serde_json::from_str(&text).unwrap();
        for (value, expected) in [(right, true), (wrong, false)] {
            assert_eq!(jsonschema::is_valid(&schema, &value), expected, "{name} {value}");
            let extension = crate::ob2::extension::Extension { path: String::new(), name: name.to_owned(), value };
            assert_eq!(extension.faults().is_empty(), expected, "{name}");
        }
    }
}
