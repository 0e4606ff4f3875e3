//! Every row of the checklist of Open Badges 2.0 that a document alone can show, the issuing, and the official examples.

mod baking;
mod examples;
mod forms;
mod issuing;
mod legacy;
mod rows;

use serde_json::{Value, json};

use super::{Class, Document, Fault, Prepared, Rule, prepare};

/// An Assertion that breaks nothing.
fn assertion() -> Value {
    json!({
        "@context": "https://w3id.org/openbadges/v2",
        "type": "Assertion",
        "id": "https://example.org/assertions/1",
        "recipient": {
            "type": "email",
            "hashed": true,
            "salt": "deadsea",
            "identity": "sha256$ecf5409f3f4b91ab60cc5ef4c02aef7032354375e70cf4d8e43f6a1d29891942",
        },
        "image": "https://example.org/assertions/1.png",
        "evidence": "https://example.org/work.html",
        "issuedOn": "2016-12-31T23:59:59Z",
        "expires": "2017-06-30T23:59:59Z",
        "badge": "https://example.org/classes/1",
        "verification": { "type": "hosted" },
    })
}

fn badge_class() -> Value {
    json!({
        "@context": "https://w3id.org/openbadges/v2",
        "type": "BadgeClass",
        "id": "https://example.org/classes/1",
        "name": "Robots",
        "description": "Makes robots.",
        "image": "https://example.org/classes/1.png",
        "criteria": "https://example.org/classes/1.html",
        "tags": ["robots", "awesome"],
        "issuer": "https://example.org/issuer",
        "alignment": [
            { "targetName": "A", "targetUrl": "https://example.org/a", "targetCode": "1" },
            { "targetName": "B", "targetUrl": "https://example.org/b", "targetFramework": "F" },
        ],
    })
}

fn issuer() -> Value {
    json!({
        "@context": "https://w3id.org/openbadges/v2",
        "type": "Issuer",
        "id": "https://example.org/issuer",
        "name": "An issuer",
        "url": "https://example.org",
        "email": "contact@example.org",
        "publicKey": "https://example.org/key",
        "revocationList": "https://example.org/revocations",
    })
}

/// This document with one member changed.
fn with(mut document: Value, name: &str, value: Value) -> Value {
    document[name] = value;
    document
}

fn without(mut document: Value, name: &str) -> Value {
    document.as_object_mut().expect("an object").remove(name).expect("a member");
    document
}

fn prepared(value: Value, class: Class) -> Prepared {
    prepare(value, class, Some("https://example.org/here")).expect("an object")
}

/// The document, read in the plain way.
fn plain(value: Value, class: Class) -> Document {
    Document::plain(&prepared(value, class)).expect("a plain document")
}

/// `code path` of every fault of this document, as this class.
fn faults(value: Value, class: Class) -> Vec<String> {
    let document = plain(value, class);
    let faults: Vec<Fault> = match class {
        Class::Assertion => document.assertion().faults,
        Class::BadgeClass => document.badge_class().faults,
        Class::Profile => document.profile().faults,
        Class::CryptographicKey => document.cryptographic_key().faults,
        Class::RevocationList => document.revocation_list().faults,
        Class::Endorsement => document.endorsement().faults,
    };
    faults.iter().map(|fault| format!("{} {}", fault.code().trim_start_matches("ob2_"), fault.path)).collect()
}

#[test]
fn codes_are_distinct() {
    let mut codes: Vec<_> = Rule::ALL.iter().map(|rule| rule.code()).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), Rule::ALL.len());
}
