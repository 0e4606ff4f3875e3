//! Rows P1 to P6: 0.5, 1.0 and 1.1 read as 2.0.

use serde_json::{Value, json};
use time::macros::datetime;

use super::{faults, plain, prepared, with, without};
use crate::ob2::{Class, Document, Rule, VerificationType, Version, prepare};

const HERE: &str = "https://example.org/here";

fn one_one() -> Value {
    json!({
        "@context": "https://w3id.org/openbadges/v1",
        "type": "Assertion",
        "id": "https://example.org/a",
        "uid": "123",
        "recipient": { "type": "email", "hashed": false, "identity": "a@example.org" },
        "badge": "https://example.org/b",
        "issuedOn": "2015-04-30",
        "verify": { "type": "hosted", "url": "https://example.org/a" },
    })
}

fn one_zero() -> Value {
    json!({
        "uid": "123",
        "recipient": { "type": "email", "hashed": false, "identity": "a@example.org" },
        "badge": "https://example.org/b",
        "issuedOn": 1_359_217_910,
        "verify": { "type": "hosted", "url": "https://example.org/a" },
    })
}

fn zero_five() -> Value {
    json!({
        "recipient": "sha256$2ad891a61112bb953171416acc9cfe2484d59a45a3ed574a1ca93b47d07629fe",
        "salt": "hashbrowns",
        "evidence": "/bimmy-badge.html",
        "expires": "2013-06-01",
        "issued_on": "2011-06-01",
        "badge": {
            "version": "0.5.0",
            "name": "HTML5",
            "image": "/html5.png",
            "description": "Knows HTML5",
            "criteria": "http://example.org/html5",
            "issuer": { "origin": "http://p2pu.org", "name": "P2PU", "org": "School of Webcraft", "contact": "admin@p2pu.org" },
        },
    })
}

#[test]
fn row_p1_the_version_is_detected() {
    for (context, version) in [
        (json!("https://w3id.org/openbadges/v1"), Version::V1_1),
        (json!("https://w3id.org/openbadges/v2"), Version::V2_0),
        (json!(["https://w3id.org/openbadges/v2", {}]), Version::V2_0),
        (json!(["https://other.example/x"]), Version::V2_0),
        (json!(["https://w3id.org/openbadges/v1", {}]), Version::V1_1),
    ] {
        assert_eq!(Version::of(&with(one_one(), "@context", context)), version);
    }
    assert_eq!(Version::of(&one_zero()), Version::V1_0);
    assert_eq!(Version::of(&zero_five()), Version::V0_5);
    assert_eq!(prepare(json!([1]), Class::Assertion, None).unwrap_err().rule, Rule::NotAnObject);
}

#[test]
fn row_p2_one_zero_gets_id_type_and_context() {
    let document = plain(one_zero(), Class::Assertion);
    let read = document.assertion();
    assert!(read.is_right(), "{:?}", read.faults);
    assert_eq!((document.version, document.id()), (Version::V1_0, Some(HERE)));
    assert_eq!(read.value.verification.unwrap().kind, Some(VerificationType::Hosted));
    // Without the address: `verify.url`, or for a signed one its uid.
    let id = |value: Value| {
        let prepared = prepare(value, Class::Assertion, None).unwrap();
        Document::plain(&prepared).unwrap().id().unwrap().to_owned()
    };
    assert_eq!(id(one_zero()), "https://example.org/a");
    assert_eq!(
        id(with(one_zero(), "verify", json!({ "type": "signed", "url": "https://example.org/key" }))),
        "uid:123"
    );
    // Types by shape, embedded ones too.
    let badge = json!({ "name": "n", "description": "d", "image": "https://example.org/i", "criteria": "https://example.org/c", "issuer": "https://example.org/o" });
    assert!(plain(badge.clone(), Class::BadgeClass).badge_class().is_right());
    let issuer = json!({ "name": "n", "url": "https://example.org" });
    assert!(plain(issuer.clone(), Class::Profile).profile().is_right());
    let nested = with(one_zero(), "badge", with(with(badge, "id", json!("https://example.org/b")), "issuer", issuer));
    let read = plain(nested, Class::Assertion).assertion().value;
    let class = Document::embedded(&read.badge.unwrap()).unwrap();
    assert!(class.is_a("BadgeClass"));
    assert!(Document::embedded(&class.badge_class().value.issuer.unwrap()).unwrap().is_a("Issuer"));
    // `verification` is no word of 1.x.
    let mut wrong = without(one_one(), "verify");
    wrong["verification"] = json!({ "type": "hosted" });
    assert_eq!(faults(wrong, Class::Assertion), ["missing_member /verification"]);
}

#[test]
fn row_p3_timestamps_and_days_are_instants() {
    let issued = |date: Value| plain(with(one_one(), "issuedOn", date), Class::Assertion).assertion();
    for (date, at) in [
        (json!(1_359_217_910), datetime!(2013-01-26 16:31:50 UTC)),
        (json!(1_359_217_910.5), datetime!(2013-01-26 16:31:50 UTC)),
        (json!("1359217910"), datetime!(2013-01-26 16:31:50 UTC)),
        (json!("2013-01-26"), datetime!(2013-01-26 0:00 UTC)),
        (json!("2013-01-26T16:31:50Z"), datetime!(2013-01-26 16:31:50 UTC)),
    ] {
        assert_eq!(issued(date.clone()).value.issued_on, Some(at), "{date}");
    }
    for wrong in [json!("2013-02-30"), json!("soon"), json!(true), json!("99999999999999"), json!(1e300), json!(-1.5)] {
        let read = issued(wrong.clone());
        assert_eq!(
            read.faults.iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["ob2_not_date_time at /issuedOn"],
            "{wrong}"
        );
    }
}

#[test]
fn row_p4_alignments_of_1_1_have_other_names() {
    let class = json!({
        "@context": "https://w3id.org/openbadges/v1",
        "type": "BadgeClass",
        "id": "https://example.org/b",
        "name": "n", "description": "d", "image": "https://example.org/i", "criteria": "https://example.org/c",
        "issuer": "https://example.org/o",
        "alignment": [{ "name": "A", "url": "https://example.org/a", "description": "About" }, { "name": "B" }],
    });
    let read = plain(class, Class::BadgeClass).badge_class();
    let first = &read.value.alignments[0];
    assert_eq!(
        (first.target_name.as_deref(), first.target_url.as_deref(), first.target_description.as_deref()),
        (Some("A"), Some("https://example.org/a"), Some("About"))
    );
    assert_eq!(read.faults[0].to_string(), "ob2_missing_member at /alignment/1/url");
}

#[test]
fn row_p5_zero_five_is_one_object_whose_issuer_has_no_address() {
    let document = plain(zero_five(), Class::Assertion);
    let read = document.assertion();
    assert!(read.is_right(), "{:?}", read.faults);
    let recipient = read.value.recipient.unwrap();
    assert_eq!((recipient.hashed, recipient.salt.as_deref()), (Some(true), Some("hashbrowns")));
    assert_eq!(read.value.evidence[0].id.as_deref(), Some("http://p2pu.org/bimmy-badge.html"));
    assert_eq!(read.value.expires, Some(datetime!(2013-06-01 0:00 UTC)));
    let class = Document::embedded(&read.value.badge.unwrap()).unwrap().badge_class();
    assert!(class.is_right(), "{:?}", class.faults);
    assert_eq!(class.value.image.unwrap().id.as_deref(), Some("http://p2pu.org/html5.png"));
    let issuer = Document::embedded(&class.value.issuer.unwrap()).unwrap().profile();
    assert!(issuer.is_right());
    assert_eq!(
        (issuer.value.url.as_deref(), issuer.value.email.as_deref()),
        (Some("http://p2pu.org"), Some("admin@p2pu.org"))
    );
    assert_eq!(issuer.value.id.as_deref(), Some("_:issuer"));
    let clear = plain(with(zero_five(), "recipient", json!("a@example.org")), Class::Assertion).assertion().value;
    assert_eq!(clear.recipient.unwrap().hashed, Some(false));
    // An upload has no address, so no id.
    let upload = Document::plain(&prepare(zero_five(), Class::Assertion, None).unwrap()).unwrap();
    assert_eq!(upload.assertion().faults[0].to_string(), "ob2_missing_member at /id");
}

#[test]
fn row_p6_a_map_of_revoked_uids_becomes_a_list() {
    let map = json!({ "qp8g1s": "Issued in error", "2i9016k": true });
    let read = plain(map, Class::RevocationList).revocation_list();
    assert!(read.is_right(), "{:?}", read.faults);
    assert_eq!(read.value.id.as_deref(), Some(HERE));
    assert_eq!(read.value.entry("x", Some("qp8g1s")).unwrap().reason.as_deref(), Some("Issued in error"));
    assert!(read.value.entry("x", Some("2i9016k")).is_some());
}

#[test]
fn what_is_odd_in_old_documents_is_no_accident() {
    for odd in [
        json!({ "recipient": "x" }),
        json!({ "recipient": "x", "badge": 3 }),
        json!({ "recipient": "x", "badge": { "issuer": [1] } }),
        json!({}),
        json!({ "verify": 3, "uid": {} }),
        json!({ "badge": { "issuer": {} } }),
    ] {
        let document = Document::plain(&prepared(odd, Class::Assertion)).unwrap();
        assert!(!document.assertion().is_right());
    }
}
