use super::*;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::key::KeyFault;
use crate::suite::Purpose;

/// A change, and the fault that it must give.
type Case = (DidFault, fn(&mut Value));

const DID: &str = "did:web:livret.example:o:7h2k9qx4";
const KEY: &str = "z6MkuRrt69bi6f4P8itdSUPGk4yaJDnwUGV2CKeUwNZQf4YS";

fn key_id() -> String {
    format!("{DID}#{KEY}")
}

#[test]
fn identifiers_and_addresses_both_ways() {
    // The examples of the did:web method specification §2.5, and ours.
    for (did, url) in [
        ("did:web:w3c-ccg.github.io", "https://w3c-ccg.github.io/.well-known/did.json"),
        ("did:web:w3c-ccg.github.io:user:alice", "https://w3c-ccg.github.io/user/alice/did.json"),
        ("did:web:example.com%3A3000", "https://example.com:3000/.well-known/did.json"),
        ("did:web:example.com%3A3000:user:alice", "https://example.com:3000/user/alice/did.json"),
        ("did:web:localhost%3A8080:o:7h2k9qx4", "http://localhost:8080/o/7h2k9qx4/did.json"),
        (DID, "https://livret.example/o/7h2k9qx4/did.json"),
    ] {
        let parsed = DidWeb::parse(did).unwrap();
        assert_eq!(parsed.to_string(), did);
        assert_eq!(parsed.to_url(), url);
        assert_eq!(DidWeb::from_url(url), Ok(parsed));
    }
    let ours = DidWeb::from_origin("http://localhost:8080", &["o", "7h2k9qx4"]).unwrap();
    assert_eq!(ours.to_string(), "did:web:localhost%3A8080:o:7h2k9qx4");
    assert_eq!(
        DidWeb::from_origin("https://livret.example/", &["o", "x"]).unwrap().to_string(),
        "did:web:livret.example:o:x"
    );
    assert_eq!(ours.origin(), "http://localhost:8080");
}

#[test]
fn what_is_no_did_web_is_refused() {
    for did in [
        "",
        "did:web:",
        "did:key:z6Mk",
        "did:web:127.0.0.1",
        "did:web:127.0.0.1%3A80",
        "did:web:2130706433",
        "did:web:0x7f000001",
        "did:web:[%3A%3A1]",
        "did:web:a..b",
        "did:web:-a.fr",
        "did:web:a.fr:",
        "did:web:a.fr::x",
        "did:web:a.fr:..:x",
        "did:web:a.fr:.",
        "did:web:a.fr:a/b",
        "did:web:a.fr:%2e%2e",
        "did:web:a.fr#k",
        "did:web:a.fr?x",
        "did:web:a.fr%3A0",
        "did:web:a.fr%3A080",
        "did:web:a.fr%3A99999",
        "did:web:a.fr%3A",
        "did:web:A.fr",
        "did:web:é.fr",
        "did:web:u@a.fr",
        "DID:web:a.fr",
    ] {
        assert_eq!(DidWeb::parse(did), Err(DidFault::NotDidWeb), "{did}");
    }
    for url in [
        "http://livret.example/did.json",
        "https://localhost/did.json",
        "https://127.0.0.1/.well-known/did.json",
        "https://a.fr/o/did.json?x",
        "https://a.fr/o/did.json#x",
        "https://u:p@a.fr/o/did.json",
        "https://a.fr/o",
        "ftp://a.fr/o/did.json",
    ] {
        assert_eq!(DidWeb::from_url(url), Err(DidFault::NotDidWeb), "{url}");
    }
    assert_eq!(DidWeb::from_origin("https://a.fr/x", &[]), Err(DidFault::NotDidWeb));
    assert_eq!(DidWeb::from_origin("https://a.fr", &["é"]), Err(DidFault::NotDidWeb));
}

#[test]
fn the_specimen_document_gives_its_key() {
    // design/specimen-badge/did.json
    let text = include_str!("../../tests/data/did.json");
    let document = DidDocument::parse(text, DID).unwrap();
    let facts = document.assertion_key(&key_id()).unwrap();
    assert_eq!(facts.key.to_multibase(), KEY);
    assert_eq!((facts.expires, facts.revoked), (None, None));
    assert_eq!(document.id(), DID);
    assert_eq!(DidDocument::parse(text, "did:web:livret.example:o:other").unwrap_err(), DidFault::OtherId);
    assert_eq!(DidDocument::parse("{", DID).unwrap_err(), DidFault::Malformed);
}

fn document(change: impl Fn(&mut Value)) -> Result<KeyFacts, DidFault> {
    let method = json!({"id": key_id(), "type": "Multikey", "controller": DID, "publicKeyMultibase": KEY});
    let mut document = json!({"id": DID, "verificationMethod": [method], "assertionMethod": [key_id()]});
    change(&mut document);
    DidDocument::from_value(&document, DID)?.assertion_key(&key_id())
}

#[test]
fn keys_may_be_embedded_or_relative() {
    assert!(document(|_| ()).is_ok());
    let embedded = document(|d| {
        d["assertionMethod"] = d["verificationMethod"].take();
        d["verificationMethod"] = json!([]);
    });
    assert_eq!(embedded, document(|_| ()));
    let relative = document(|d| {
        d["verificationMethod"][0]["id"] = json!(format!("#{KEY}"));
        d["assertionMethod"] = json!([format!("#{KEY}")]);
    });
    assert_eq!(relative, document(|_| ()));
}

#[test]
fn each_wrong_document_has_its_reason() {
    let cases: [Case; 12] = [
        (DidFault::OtherId, |d| d["id"] = json!("did:web:autre.example")),
        (DidFault::Malformed, |d| d["id"] = json!(3)),
        (DidFault::Malformed, |d| d["verificationMethod"] = json!({})),
        (DidFault::Malformed, |d| d["verificationMethod"][0]["controller"] = json!([DID])),
        (DidFault::Malformed, |d| d["verificationMethod"][0]["revoked"] = json!("yesterday")),
        (DidFault::Malformed, |d| d["assertionMethod"] = json!(key_id())),
        (DidFault::UnknownMethod, |d| d["verificationMethod"] = json!([])),
        (DidFault::NotForAssertion, |d| d["assertionMethod"] = json!([])),
        (DidFault::OtherController, |d| d["verificationMethod"][0]["controller"] = json!("did:web:autre.example")),
        (DidFault::UnknownType, |d| d["verificationMethod"][0]["type"] = json!("Ed25519VerificationKey2018")),
        (DidFault::Key(crate::key::KeyFault::Multibase), |d| {
            d["verificationMethod"][0]["publicKeyMultibase"] = json!("x");
        }),
        (DidFault::Ambiguous, |d| {
            let mut other = d["verificationMethod"][0].clone();
            other["publicKeyMultibase"] = json!("z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2");
            d["verificationMethod"] = json!([d["verificationMethod"][0], other]);
        }),
    ];
    for (fault, change) in cases {
        assert_eq!(document(change), Err(fault));
    }
}

#[test]
fn a_foreign_key_embedded_here_is_not_this_dids() {
    let foreign = "did:web:autre.example#k";
    let value = json!({"id": DID, "assertionMethod": [
        {"id": foreign, "type": "Multikey", "controller": DID, "publicKeyMultibase": KEY}]});
    let read = DidDocument::from_value(&value, DID).unwrap();
    assert_eq!(read.assertion_key(foreign), Err(DidFault::OtherController));
}

#[test]
fn the_dates_of_a_key_are_told() {
    let facts = document(|d| {
        d["verificationMethod"][0]["revoked"] = json!("2027-01-01T00:00:00Z");
        d["verificationMethod"][0]["expires"] = json!("2028-01-01T00:00:00+01:00");
    })
    .unwrap();
    assert_eq!(facts.revoked, Some(time::macros::datetime!(2027-01-01 0:00 UTC)));
    assert_eq!(facts.expires, Some(time::macros::datetime!(2027-12-31 23:00 UTC)));
}

#[test]
fn keys_are_read_in_every_form() {
    use crate::jws::Alg;
    use crate::test_keys::public;
    for alg in [Alg::EdDsa, Alg::Es256, Alg::Es384, Alg::Rs256] {
        for kind in ["JsonWebKey", "JsonWebKey2020"] {
            let value = json!({"id": DID, "assertionMethod": [{"id": "#k", "type": kind, "controller": DID,
                "publicKeyJwk": public(alg).to_jwk()}]});
            let read = DidDocument::from_value(&value, DID).unwrap();
            assert_eq!(read.assertion_key(&format!("{DID}#k")).unwrap().key, public(alg));
        }
    }
    let old = document(|d| d["verificationMethod"][0]["type"] = json!("Ed25519VerificationKey2020"));
    assert_eq!(old, document(|_| ()));
    let p256 = document(|d| {
        d["verificationMethod"][0]["type"] = json!("Ed25519VerificationKey2020");
        d["verificationMethod"][0]["publicKeyMultibase"] = json!(public(Alg::Es256).to_multibase());
    });
    assert_eq!(p256, Err(DidFault::Key(KeyFault::OtherAlgorithm)));
    let both = document(|d| d["verificationMethod"][0]["publicKeyJwk"] = public(Alg::EdDsa).to_jwk());
    assert_eq!(both, Err(DidFault::Ambiguous));
    let private = document(|d| {
        let mut jwk = public(Alg::Es256).to_jwk();
        jwk["d"] = json!("AAAA");
        d["verificationMethod"][0] =
            json!({"id": key_id(), "type": "JsonWebKey", "controller": DID, "publicKeyJwk": jwk});
    });
    assert_eq!(private, Err(DidFault::Key(KeyFault::Private)));
    let missing = document(|d| d["verificationMethod"][0]["type"] = json!("JsonWebKey"));
    assert_eq!(missing, Err(DidFault::Malformed));
}

#[test]
fn a_did_key_is_its_own_document() {
    for key in [
        KEY,
        "zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP",
        "z82LkuBieyGShVBhvtE2zoiD6Kma4tJGFtkAhxR5pfkp5QPw4LutoYWhvQCnGjdVn14kujQ",
    ] {
        let did = format!("did:key:{key}");
        let document = DidDocument::of_did_key(&did).unwrap();
        assert_eq!(document.id(), did);
        assert_eq!(document.assertion_key(&format!("{did}#{key}")).unwrap().key.to_multibase(), key);
        // Another key in the fragment is not this DID's.
        let other = format!("{did}#z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2");
        assert_eq!(document.assertion_key(&other), Err(DidFault::UnknownMethod));
    }
    assert_eq!(DidDocument::of_did_key("did:web:a.fr").unwrap_err(), DidFault::NotDidKey);
    assert_eq!(DidDocument::of_did_key(&format!("did:key:{KEY}#{KEY}")).unwrap_err().code(), "key_length");
    assert_eq!(DidDocument::of_did_key("did:key:z6Mk").unwrap_err().code(), "key_other_algorithm");
    assert_eq!(DidDocument::of_did_key("did:key:x").unwrap_err(), DidFault::Key(KeyFault::Multibase));
}

#[test]
fn an_https_controller_has_the_same_document() {
    let id = "https://issuer.example/issuers/1";
    let method = format!("{id}#{KEY}");
    let value = json!({"id": id, "verificationMethod": [{"id": method, "type": "Multikey", "controller": id,
        "publicKeyMultibase": KEY}], "assertionMethod": [method]});
    let read = DidDocument::parse(&value.to_string(), id).unwrap();
    assert_eq!(read.assertion_key(&method).unwrap().key.to_multibase(), KEY);
    assert!(read.names_for(Purpose::AssertionMethod, &method));
    // A key in the fragment that the document does not list: nobody vouches for it.
    let forged = format!("{id}#z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2");
    assert_eq!(read.assertion_key(&forged), Err(DidFault::UnknownMethod));
    assert!(!read.names_for(Purpose::AssertionMethod, &forged));
}

#[test]
fn a_key_may_be_a_document_of_its_own() {
    let (id, controller) = ("https://issuer.example/keys/1", "https://issuer.example/");
    let parse = |value: Value| MethodDocument::parse(&value.to_string(), id);
    let bare = parse(json!({"controller": controller, "publicKeyMultibase": KEY})).unwrap();
    assert_eq!((bare.controller.as_str(), bare.facts.key.to_multibase().as_str()), (controller, KEY));
    let whole = json!({"id": id, "type": "Multikey", "controller": controller, "publicKeyMultibase": KEY,
        "revoked": "2027-01-01T00:00:00Z"});
    assert!(parse(whole.clone()).unwrap().facts.revoked.is_some());
    let jwk = crate::test_keys::public(crate::jws::Alg::Rs256).to_jwk();
    assert!(parse(json!({"controller": controller, "publicKeyJwk": jwk})).is_ok());
    let changed = |change: fn(&mut Value)| {
        let mut value = whole.clone();
        change(&mut value);
        parse(value).unwrap_err()
    };
    assert_eq!(changed(|v| v["id"] = json!("https://issuer.example/keys/2")), DidFault::OtherId);
    assert_eq!(changed(|v| v["id"] = json!(1)), DidFault::Malformed);
    assert_eq!(changed(|v| v["type"] = json!([])), DidFault::Malformed);
    assert_eq!(changed(|v| v["type"] = json!("X")), DidFault::UnknownType);
    assert_eq!(changed(|v| drop(v.as_object_mut().unwrap().remove("controller"))), DidFault::Malformed);
    assert_eq!(changed(|v| drop(v.as_object_mut().unwrap().remove("publicKeyMultibase"))), DidFault::Malformed);
    assert_eq!(MethodDocument::parse("[", id).unwrap_err(), DidFault::Malformed);
}

#[test]
fn a_key_outside_its_dates_says_which() {
    use time::macros::datetime;
    let facts = document(|d| {
        d["verificationMethod"][0]["revoked"] = json!("2027-01-01T00:00:00Z");
        d["verificationMethod"][0]["expires"] = json!("2026-06-01T00:00:00Z");
    })
    .unwrap();
    assert_eq!(facts.usable_at(datetime!(2026-05-31 23:59:59 UTC)), Ok(()));
    assert_eq!(facts.usable_at(datetime!(2026-06-01 0:00 UTC)), Err(DidFault::Expired));
    assert_eq!(facts.usable_at(datetime!(2027-01-01 0:00 UTC)), Err(DidFault::Revoked));
    assert_eq!(document(|_| ()).unwrap().usable_at(datetime!(9999-01-01 0:00 UTC)), Ok(()));
}

proptest! {
    #[test]
    fn every_did_that_parses_is_written_as_it_was(did in "did:web:[a-z0-9.%A-]{1,20}(:[a-zA-Z0-9._%-]{1,8}){0,3}") {
        if let Ok(parsed) = DidWeb::parse(&did) {
            prop_assert_eq!(parsed.to_string(), did.replace("%3a", "%3A"));
            // An origin on the scheme's own port has one form as a URL and two as a DID.
            if url::Url::parse(&parsed.to_url()).unwrap().port().is_some() || !did.contains("%3") {
                prop_assert_eq!(DidWeb::from_url(&parsed.to_url()), Ok(parsed));
            }
        }
    }
}

#[test]
fn a_key_is_for_what_the_document_names_it_for() {
    let other = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2";
    let (attests, shows) = (key_id(), format!("{DID}#{other}"));
    let written = json!({"id": shows, "type": "Multikey", "controller": DID, "publicKeyMultibase": other});
    let value = json!({"id": DID, "verificationMethod": [{"id": attests, "type": "Multikey", "controller": DID,
        "publicKeyMultibase": KEY}], "assertionMethod": [attests], "authentication": [written]});
    let read = DidDocument::parse(&value.to_string(), DID).unwrap();
    let key = |purpose, method: &str| read.key_for(purpose, method).map(|facts| facts.key.to_multibase());
    assert_eq!(key(Purpose::AssertionMethod, &attests), Ok(KEY.to_owned()));
    assert_eq!(key(Purpose::Authentication, &shows), Ok(other.to_owned()));
    assert_eq!(key(Purpose::Authentication, &attests), Err(DidFault::NotForAuthentication));
    assert_eq!(key(Purpose::AssertionMethod, &shows), Err(DidFault::NotForAssertion));
    let itself = read.key_for(Purpose::Authentication, &shows).unwrap();
    assert_eq!(read.vouches_for(Purpose::Authentication, &itself.key), Ok(itself.clone()));
    assert_eq!(read.vouches_for(Purpose::AssertionMethod, &itself.key), Err(DidFault::NotForAssertion));
}
