//! Row A2 and A6: the plain way and the expanded way read the same.

use serde_json::{Value, json};

use super::{assertion, badge_class, issuer, plain, prepared, with};
use crate::ob2::{Class, Document, NotExpanded, vocabulary};

fn expanded(original: Value, class: Class, form: &Value) -> Document {
    Document::from_expanded(&prepared(original, class), form).expect("an expanded document")
}

#[test]
fn row_a2_an_assertion_reads_the_same_expanded() {
    let form = json!([{
        "@id": "https://example.org/assertions/1",
        "@type": ["https://w3id.org/openbadges#Assertion"],
        "https://w3id.org/openbadges#badge": [{ "@id": "https://example.org/classes/1" }],
        "https://w3id.org/openbadges#evidence": [{ "@id": "https://example.org/work.html" }],
        "https://w3id.org/security#expiration": [{ "@type": "http://www.w3.org/2001/XMLSchema#dateTime", "@value": "2017-06-30T23:59:59Z" }],
        "http://schema.org/image": [{ "@id": "https://example.org/assertions/1.png" }],
        "https://w3id.org/openbadges#issueDate": [{ "@type": "http://www.w3.org/2001/XMLSchema#dateTime", "@value": "2016-12-31T23:59:59Z" }],
        "https://w3id.org/openbadges#recipient": [{
            "@type": ["http://schema.org/email"],
            "https://w3id.org/openbadges#hashed": [{ "@type": "http://www.w3.org/2001/XMLSchema#boolean", "@value": true }],
            "https://w3id.org/openbadges#identityHash": [{ "@value": "sha256$ecf5409f3f4b91ab60cc5ef4c02aef7032354375e70cf4d8e43f6a1d29891942" }],
            "https://w3id.org/openbadges#salt": [{ "@value": "deadsea" }],
        }],
        "https://w3id.org/openbadges#verify": [{ "@type": ["https://w3id.org/openbadges#HostedBadge"] }],
        "https://example.org/unmapped": [{ "@value": "x" }],
    }]);
    assert_eq!(expanded(assertion(), Class::Assertion, &form), plain(assertion(), Class::Assertion));
}

#[test]
fn row_a6_a_class_and_an_issuer_read_the_same_expanded() {
    let class = with(badge_class(), "@language", json!("en-US"));
    let form = json!([{
        "@id": "https://example.org/classes/1",
        "@type": ["https://w3id.org/openbadges#BadgeClass"],
        "@language": "en-US",
        "http://schema.org/name": [{ "@value": "Robots" }],
        "http://schema.org/description": [{ "@value": "Makes robots." }],
        "http://schema.org/image": [{ "@id": "https://example.org/classes/1.png" }],
        "http://schema.org/keywords": [{ "@value": "robots" }, { "@value": "awesome" }],
        "https://w3id.org/openbadges#criteria": [{ "@id": "https://example.org/classes/1.html" }],
        "https://w3id.org/openbadges#issuer": [{ "@id": "https://example.org/issuer" }],
        "https://w3id.org/openbadges#alignment": [
            {
                "http://schema.org/targetName": [{ "@value": "A" }],
                "http://schema.org/targetUrl": [{ "@value": "https://example.org/a" }],
                "https://w3id.org/openbadges#targetCode": [{ "@value": "1" }],
            },
            {
                "http://schema.org/targetName": [{ "@value": "B" }],
                "http://schema.org/targetUrl": [{ "@value": "https://example.org/b" }],
                "http://schema.org/educationalFramework": [{ "@value": "F" }],
            },
        ],
    }]);
    assert_eq!(expanded(class.clone(), Class::BadgeClass, &form), plain(class, Class::BadgeClass));

    let form = json!({
        "@id": "https://example.org/issuer",
        "@type": ["https://w3id.org/openbadges#Issuer"],
        "http://schema.org/name": [{ "@value": "An issuer" }],
        "http://schema.org/url": [{ "@id": "https://example.org" }],
        "http://schema.org/email": [{ "@value": "contact@example.org" }],
        "https://w3id.org/security#publicKey": [{ "@id": "https://example.org/key" }],
        "https://w3id.org/openbadges#revocationList": [{ "@id": "https://example.org/revocations" }],
    });
    assert_eq!(expanded(issuer(), Class::Profile, &form), plain(issuer(), Class::Profile));
}

#[test]
fn row_a6_one_iri_two_names() {
    let list = json!({
        "@context": "https://w3id.org/openbadges/v2",
        "type": "RevocationList",
        "id": "https://example.org/revocations",
        "revokedAssertions": ["https://example.org/a", { "uid": "u" }],
    });
    let form = json!([{
        "@id": "https://example.org/revocations",
        "@type": ["https://w3id.org/openbadges#RevocationList"],
        "https://w3id.org/openbadges#revoked": [
            { "@value": "https://example.org/a" },
            { "https://w3id.org/openbadges#uid": [{ "@value": "u" }] },
        ],
    }]);
    assert_eq!(expanded(list.clone(), Class::RevocationList, &form), plain(list, Class::RevocationList));

    let revoked =
        json!({ "@context": "https://w3id.org/openbadges/v2", "id": "https://example.org/a", "revoked": true });
    let form = json!([{
        "@id": "https://example.org/a",
        "https://w3id.org/openbadges#revoked": [{ "@type": "http://www.w3.org/2001/XMLSchema#boolean", "@value": true }],
    }]);
    let document = expanded(revoked.clone(), Class::Assertion, &form);
    assert_eq!(document, plain(revoked, Class::Assertion));
    assert!(document.is_revoked());
}

#[test]
fn row_a6_the_vocabulary_is_that_of_the_context() {
    // Pinned: the aliases and odd IRIs of the context, `targetFramework` as mended in October 2020.
    for (name, iri) in [
        ("verify", "https://w3id.org/openbadges#verify"),
        ("verification", "https://w3id.org/openbadges#verify"),
        ("identity", "https://w3id.org/openbadges#identityHash"),
        ("issuedOn", "https://w3id.org/openbadges#issueDate"),
        ("expires", "https://w3id.org/security#expiration"),
        ("tags", "http://schema.org/keywords"),
        ("targetFramework", "http://schema.org/educationalFramework"),
        ("revoked", "https://w3id.org/openbadges#revoked"),
        ("revokedAssertions", "https://w3id.org/openbadges#revoked"),
    ] {
        assert_eq!(vocabulary::by_name(name, false).unwrap().iri, iri, "{name}");
    }
    for (iri, name) in [
        ("https://w3id.org/credentials#Credential", "Endorsement"),
        ("https://w3id.org/security#Key", "CryptographicKey"),
        ("https://w3id.org/openbadges#HostedBadge", "HostedBadge"),
    ] {
        assert_eq!(vocabulary::class_by_iri(iri), Some(name));
    }
    assert_eq!(vocabulary::class_by_name("hosted"), Some("HostedBadge"));
    assert_eq!(vocabulary::class_by_name("signed"), Some("SignedBadge"));
}

#[test]
fn row_a6_the_vocabulary_equals_the_published_contexts() {
    let Some(root) = super::examples::shared() else { return };
    for (file, v1) in [("openbadges-v2.json", false), ("openbadges-v1.json", true)] {
        let text = std::fs::read_to_string(root.join("ob2-data/contexts").join(file)).unwrap();
        let context: Value = serde_json::from_str(&text).unwrap();
        let mut terms = serde_json::Map::new();
        if v1 {
            let legacy = std::fs::read_to_string(root.join("ob2-data/contexts/legacy-v1.json")).unwrap();
            terms.extend(serde_json::from_str::<Value>(&legacy).unwrap()["@context"].as_object().unwrap().clone());
            terms.extend(context["@context"][1].as_object().unwrap().clone());
        } else {
            terms.extend(context["@context"].as_object().unwrap().clone());
        }
        let iri = |name: &str| {
            let mut value = terms.get(name)?;
            if value == "verification" {
                value = terms.get("verification")?;
            }
            let short = value.as_str().or_else(|| value["@id"].as_str())?;
            let (prefix, rest) = short.split_once(':')?;
            Some(terms.get(prefix).map_or_else(|| short.to_owned(), |home| format!("{}{rest}", home.as_str().unwrap())))
        };
        let is_id = |name: &str| terms[name]["@type"] == "@id";
        for term in vocabulary::TERMS.iter().filter(|term| !v1 || term.in_v1) {
            assert_eq!(iri(term.name).as_deref(), Some(term.iri), "{file} {}", term.name);
            assert_eq!(is_id(term.name), term.is_id, "{file} {}", term.name);
        }
    }
}

#[test]
fn what_needs_json_ld_is_left_to_it() {
    for odd in [
        with(assertion(), "schema:name", json!("x")),
        with(assertion(), "type", json!("obi:Assertion")),
        with(assertion(), "badge", json!("obi:x")),
        with(assertion(), "badge", json!({ "@context": { "id": "@id" }, "id": "x" })),
        with(assertion(), "narrative", json!({ "@value": "x" })),
        with(assertion(), "@graph", json!([])),
        with(assertion(), "@id", json!("https://example.org/b")),
        with(assertion(), "@context", json!("https://w3id.org/openbadges/v2.1")),
        with(assertion(), "@context", json!({})),
    ] {
        assert!(Document::plain(&prepared(odd.clone(), Class::Assertion)).is_none(), "{odd}");
    }
}

#[test]
fn what_is_not_one_object_is_not_read() {
    let original = prepared(assertion(), Class::Assertion);
    for form in [json!([]), json!([{}, {}]), json!("x"), json!(null), json!([[{}]])] {
        assert_eq!(Document::from_expanded(&original, &form), Err(NotExpanded), "{form}");
    }
    let mut deep = json!({ "@value": "x" });
    for _ in 0..300 {
        deep = json!([{ "http://schema.org/image": [deep] }]);
    }
    assert_eq!(Document::from_expanded(&original, &deep), Err(NotExpanded));
}
