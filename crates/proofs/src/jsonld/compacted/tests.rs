use serde_json::{Value, json};

use super::*;

const CREDENTIALS: &str = "https://www.w3.org/ns/credentials/v2";

fn told(document: &Value) -> Option<String> {
    match check(document) {
        Ok(()) => None,
        Err(JsonLdFault::NotCompacted(what)) => Some(what),
        Err(other) => panic!("{other}"),
    }
}

fn under(definitions: &Value, key: &str) -> Value {
    json!({ "@context": [CREDENTIALS, definitions], key: "2026-01-01T00:00:00Z" })
}

/// One list of names that need no expanding: a prefix that was not resolved would be a name that nobody finds.
#[test]
fn every_name_of_the_bundled_contexts_is_known_whole() {
    for name in &VOCABULARY.names {
        // `RsaSignature2018` of the context of VC 1.1 forgets to say what `sec` is: there, `sec:` is a scheme.
        assert!(is_absolute(name) || name.starts_with("sec:"), "{name}");
    }
    for name in [
        "https://www.w3.org/2018/credentials#validUntil",
        "https://www.w3.org/2018/credentials#credentialStatus",
        "https://w3id.org/security#expiration",
        "https://w3id.org/security#challenge",
        "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Achievement",
        "http://purl.org/dc/terms/created",
    ] {
        assert!(VOCABULARY.names.contains(name), "{name}");
    }
    assert!(VOCABULARY.terms.len() > 300 && VOCABULARY.json.contains("jsonSchema"));
}

#[test]
fn what_a_context_names_is_written_by_its_name() {
    let until = "https://www.w3.org/2018/credentials#validUntil";
    assert_eq!(told(&json!({ until: "x" })).as_deref(), Some(until));
    assert_eq!(told(&json!({ "cred:validUntil": "x" })).as_deref(), Some("cred:validUntil"));
    assert_eq!(told(&json!({ "credentialSubject": [[{ "Criteria": {} }]] })).as_deref(), Some("Criteria"));
    assert_eq!(told(&json!({ "validUntil": "x", "https://example.org/terms#validUntil": "x" })), None);
    assert_eq!(told(&json!({ "urn:example:colour": "x", "Example": 1 })), None);
}

#[test]
fn keywords_move_nothing_about() {
    for keyword in ["@included", "@nest", "@graph", "@reverse", "@set", "@list", "@id", "@type", "@index", "@value2"] {
        assert_eq!(told(&json!({ "a": { keyword: [] } })).as_deref(), Some(keyword));
    }
    let text = json!({ "name": { "@value": "Rigueur", "@language": "fr", "@direction": "ltr" } });
    assert_eq!(told(&text), None);
    assert_eq!(told(&json!({ "name": { "@value": "Rigueur", "@id": "urn:x" } })).as_deref(), Some("@id"));
}

#[test]
fn words_defined_in_place_are_of_others() {
    let mine = json!({ "colour": "https://example.org/terms#colour", "@vocab": "https://example.org/more#" });
    assert_eq!(told(&under(&mine, "colour")), None);
    let list = json!({ "steps": { "@id": "urn:example:steps", "@container": "@list", "@type": "@id" } });
    assert_eq!(told(&under(&list, "steps")), None);

    let until = "https://www.w3.org/2018/credentials#validUntil";
    let refused = [
        json!({ "zz": until }),
        json!({ "zz": { "@id": until } }),
        json!({ "zz": { "@reverse": "https://example.org/terms#x" } }),
        json!({ "zz": { "@id": "https://example.org/terms#x", "@container": "@graph" } }),
        json!({ "zz": { "@id": "https://example.org/terms#x", "@nest": "yy" } }),
        json!({ "zz": { "@id": "https://example.org/terms#x", "@context": { "yy": until } } }),
        json!({ "zz": "@nest" }),
        json!({ "zz": "@included" }),
        json!({ "zz": "cred:validUntil" }),
        json!({ "zz": ["https://example.org/terms#x"] }),
        json!({ "https://example.org/terms#x": "https://example.org/terms#y" }),
        json!({ "urn": "https://www.w3.org/2018/" }),
        json!({ "https": "https://www.w3.org/2018/" }),
        json!({ "@vocab": "https://www.w3.org/2018/credentials#valid" }),
        json!({ "@vocab": "" }),
        json!({ "@base": "https://example.org/" }),
        json!({ "@import": CREDENTIALS }),
        json!({ "@propagate": false }),
        Value::Null,
    ];
    for definitions in refused {
        assert!(told(&under(&definitions, "zz")).is_some(), "{definitions}");
    }
}

#[test]
fn data_is_not_statements() {
    let schema = json!({ "credentialSubject": { "jsonSchema": { "@included": [], "sec:x": 1, "$schema": "x" } } });
    assert_eq!(told(&schema), None);
}

#[test]
fn depth_is_bounded() {
    let deep = (0..100).fold(json!(1), |inner, _| json!([inner]));
    assert_eq!(check(&deep), Err(JsonLdFault::TooLarge));
}
