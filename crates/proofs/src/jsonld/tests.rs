#![expect(clippy::disallowed_methods, reason = "a refusal must also be quick: the test looks at the clock")]

use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// A change, and the fault that it must give.
type Case = (&'static str, fn(&mut Value));

use super::*;

/// design/specimen-badge/badge.json and badge.nq, which Digital Bazaar's libraries accept.
const SPECIMEN: &str = include_str!("../../tests/data/badge.json");
const SPECIMEN_QUADS: &str = include_str!("../../tests/data/badge.nq");
const VC2: &str = "https://www.w3.org/ns/credentials/v2";
const OB303: &str = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json";

fn specimen() -> Value {
    let mut badge: Value = serde_json::from_str(SPECIMEN).unwrap();
    badge.as_object_mut().unwrap().shift_remove("proof");
    badge
}

/// A document with a context of its own, canonicalised.
#[expect(clippy::needless_pass_by_value, reason = "json! literals read better than references to them")]
fn local(context: Value, body: Value) -> Result<String, JsonLdFault> {
    let mut document = json!({"@context": context});
    document.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
    canonicalize(&document)
}

#[test]
fn the_specimen_has_its_published_canonical_form() {
    assert_eq!(canonicalize(&specimen()).unwrap(), SPECIMEN_QUADS);
    assert_eq!(canonicalize(&specimen()).unwrap(), SPECIMEN_QUADS, "warm");
}

#[test]
fn many_threads_canonicalise_at_once() {
    let engine = Engine::new(badge_schemas::contexts::get);
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| assert_eq!(engine.canonicalize(&specimen()).unwrap(), SPECIMEN_QUADS));
        }
    });
}

#[test]
fn datatypes_and_numbers_are_those_of_the_contexts() {
    // Traps 1 and 2: context 3.0.3 writes XSD with https; a number follows jsonld.js.
    let of = |credits: Value| {
        local(
            json!([VC2, OB303]),
            json!({
                "id": "urn:uuid:1", "type": ["VerifiableCredential", "OpenBadgeCredential"],
                "credentialSubject": {"id": "urn:uuid:2", "type": ["AchievementSubject"], "creditsEarned": credits}
            }),
        )
        .unwrap()
    };
    assert!(of(json!(42.0)).contains("\"42\"^^<https://www.w3.org/2001/XMLSchema#float>"), "{}", of(json!(42.0)));
    assert!(of(json!(42)).contains("\"42\"^^<https://www.w3.org/2001/XMLSchema#float>"));
    assert!(of(json!(3.5)).contains("\"3.5E0\"^^<https://www.w3.org/2001/XMLSchema#float>"));
    assert!(SPECIMEN_QUADS.contains("\"true\"^^<https://www.w3.org/2001/XMLSchema#boolean>"));
}

#[test]
fn what_would_be_dropped_is_refused() {
    let cases: [Case; 22] = [
        ("term_undefined", |b| b["foo"] = json!("x")),
        ("term_undefined", |b| b["credentialSubject"]["foo"] = json!(["x"])),
        ("term_undefined", |b| b["@foo"] = json!("x")),
        ("term_undefined", |b| b["@index"] = json!("x")),
        ("iri_not_absolute", |b| b["id"] = json!("badges/1")),
        ("iri_not_absolute", |b| b["id"] = json!("")),
        ("iri_not_absolute", |b| b["id"] = json!("@foo")),
        ("iri_not_absolute", |b| b["id"] = json!("https://livret.example/a b")),
        ("iri_not_absolute", |b| b["issuer"]["id"] = json!("#x")),
        ("iri_not_absolute", |b| b["issuer"] = json!("../o/1")),
        ("iri_not_absolute", |b| b["credentialStatus"]["statusListCredential"] = json!("/status/1")),
        ("iri_not_absolute", |b| b["type"] = json!(["VerifiableCredential", "OpenBadgeCredential", "Foo"])),
        ("data_dropped", |b| b["description"] = json!(null)),
        ("data_dropped", |b| b["evidence"] = json!([])),
        ("data_dropped", |b| b["evidence"][0] = json!(null)),
        ("iri_not_absolute", |b| b["type"] = json!(["VerifiableCredential", "OpenBadgeCredential", "@none"])),
        ("data_dropped", |b| b["name"] = json!({"@value": null})),
        ("language_malformed", |b| b["name"] = json!({"@value": "x", "@language": "f r"})),
        ("direction_unsupported", |b| b["name"] = json!({"@value": "x", "@direction": "rtl"})),
        ("json_ld_malformed", |b| b["id"] = json!(["urn:uuid:1"])),
        ("json_ld_malformed", |b| b["@id"] = json!("urn:uuid:1")),
        ("number_unsafe", |b| b["name"] = json!(9_007_199_254_740_993_i64)),
    ];
    for (number, (code, change)) in cases.into_iter().enumerate() {
        let mut changed = specimen();
        change(&mut changed);
        let answer = canonicalize(&changed);
        assert_eq!(answer.as_ref().map_err(JsonLdFault::code).err(), Some(code), "case {number}: {answer:?}");
    }
}

#[test]
fn contexts_may_not_undo_what_others_protect() {
    let mut badge = specimen();
    badge["@context"].as_array_mut().unwrap().push(json!({"name": "https://elsewhere.example/name"}));
    assert_eq!(canonicalize(&badge), Err(JsonLdFault::ProtectedTerm));
    badge["@context"][3] = json!(null);
    assert_eq!(canonicalize(&badge), Err(JsonLdFault::ProtectedTerm));
}

#[test]
fn contexts_are_never_fetched() {
    let mut badge = specimen();
    badge["@context"][2] = json!("https://elsewhere.example/context.json");
    assert_eq!(canonicalize(&badge), Err(JsonLdFault::UnknownContext("https://elsewhere.example/context.json".into())));
    badge["@context"][2] = json!("context.json");
    assert_eq!(canonicalize(&badge).unwrap_err().code(), "context_invalid");
    assert_eq!(canonicalize(&json!({"id": "urn:x"})), Err(JsonLdFault::NotJsonLd));
    assert_eq!(canonicalize(&json!(3)), Err(JsonLdFault::NotJsonLd));
}

#[test]
fn terms_defined_as_nothing_and_keys_that_are_lost_are_noticed() {
    let name = json!({"@id": "urn:name"});
    let fine = local(json!({"name": name}), json!({"@id": "urn:x", "name": "a"})).unwrap();
    assert_eq!(fine, "<urn:x> <urn:name> \"a\" .\n");
    let dropped = Err(JsonLdFault::DroppedData);
    assert_eq!(local(json!({"name": null}), json!({"@id": "urn:x", "name": "a", "urn:b": "c"})), dropped);
    let index = json!({"name": {"@id": "urn:name", "@container": "@index"}});
    assert_eq!(local(index, json!({"@id": "urn:x", "name": {"k": "a"}})), dropped);
    let of_ids = json!({"name": {"@id": "urn:name", "@container": "@id"}});
    assert_eq!(local(of_ids, json!({"@id": "urn:x", "name": {"urn:k": {"urn:b": "c"}}})), dropped);
    assert_eq!(local(json!({}), json!({"@id": "urn:x"})), dropped);
    assert_eq!(local(json!({}), json!({"@id": "urn:x", "@graph": [{"@id": "urn:y"}]})), dropped);
    let blank = local(json!({"name": "_:p"}), json!({"@id": "urn:x", "name": "a"}));
    assert_eq!(blank, Err(JsonLdFault::BlankPredicate));
}

#[test]
fn identifiers_are_compared_as_written() {
    // json-ld's own identifiers undo percent-escapes to compare, and panic on those that are not UTF-8.
    let mut badge = specimen();
    badge["id"] = json!("did:web:%ff%c3");
    assert!(canonicalize(&badge).unwrap().contains("<did:web:%ff%c3> <https://schema.org/name>"));
    let two = local(json!({}), json!({"@id": "urn:x", "urn:%41": "a", "urn:A": "a"})).unwrap();
    assert_eq!(two, "<urn:x> <urn:%41> \"a\" .\n<urn:x> <urn:A> \"a\" .\n");
    let nodes = local(json!({}), json!({"@graph": [{"@id": "urn:%41", "urn:p": "a"}, {"@id": "urn:A", "urn:p": "a"}]}));
    assert_eq!(nodes.unwrap().lines().count(), 2);
}

#[test]
fn shapes_that_lose_nothing_pass() {
    let context = json!({
        "list": {"@id": "urn:list", "@container": "@list"}, "set": {"@id": "urn:set", "@container": "@set"},
        "said": {"@id": "urn:said", "@container": "@language"}, "of": {"@reverse": "urn:has"},
        "graph": {"@id": "urn:graph", "@container": "@graph"}, "yes": "urn:yes", "empty": "urn:empty"
    });
    let body = json!({
        "@id": "urn:x", "@type": "urn:T", "list": ["a", ["b"], []], "set": "c", "said": {"fr": "d", "en-GB": ["e", "f"]},
        "of": {"@id": "_:o", "yes": true}, "graph": {"@id": "_:o", "yes": false}, "empty": {},
    });
    let text = local(context, body).unwrap();
    for part in [
        "<urn:x> <urn:empty> _:",
        "<urn:x> <urn:said> \"d\"@fr .",
        "<urn:x> <urn:said> \"f\"@en-gb .",
        "<urn:has> <urn:x> .",
        "\"true\"^^<http://www.w3.org/2001/XMLSchema#boolean> .",
        "<urn:x> <urn:list> _:",
        "#nil> .",
        "<urn:x> <urn:graph> _:",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert_eq!(text.lines().filter(|line| line.contains("\"false\"")).count(), 1);
    assert_eq!(text.lines().count(), 19, "{text}");
}

#[test]
fn large_and_deep_documents_are_refused_quickly() {
    let refused = |change: &dyn Fn(&mut Value)| {
        let mut badge = specimen();
        change(&mut badge);
        let started = Instant::now();
        assert_eq!(canonicalize(&badge), Err(JsonLdFault::TooLarge));
        assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    };
    refused(&|b| b["credentialSubject"]["achievement"]["tag"] = json!(vec!["x"; limits::Bounds::BADGE.leaves]));
    refused(&|b| b["evidence"] = (0..80).fold(json!("x"), |inner, _| json!([inner])));
    refused(&|b| b["@context"][2] = json!(vec![json!({}); limits::LOCAL_CONTEXT_LEAVES]));
    // Each endorsement names a context again, and each naming costs a load.
    let again = json!({"@context": [VC2, OB303], "id": "urn:e", "type": "EndorsementCredential"});
    refused(&|b| b["endorsement"] = json!(vec![again.clone(); 40]));
}

#[test]
fn the_deepest_document_fits_the_stack_of_a_small_thread() {
    let deep = (0..limits::DEPTH - 2).fold(json!({"urn:p": "x"}), |inner, _| json!({"urn:p": inner}));
    let document = json!({"@context": {}, "@id": "urn:x", "urn:p": deep["urn:p"]});
    let thread = std::thread::Builder::new().stack_size(2 * 1024 * 1024);
    let answer = thread.spawn(move || canonicalize(&document)).unwrap().join().unwrap();
    assert!(answer.is_ok(), "{answer:?}");
}

#[test]
fn a_poison_graph_in_a_badge_is_refused() {
    let people: Vec<Value> = (0..12)
        .map(|from| {
            let others: Vec<Value> =
                (0..12).filter(|to| *to != from).map(|to| json!({"@id": format!("_:p{to}")})).collect();
            json!({"@id": format!("_:p{from}"), "urn:knows": others})
        })
        .collect();
    let mut badge = specimen();
    badge["urn:people"] = json!(people);
    let started = Instant::now();
    assert_eq!(canonicalize(&badge).unwrap_err().code(), "work_budget_exceeded");
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
}

#[test]
fn our_quads_are_those_of_json_ld_itself() {
    // json-ld's own to_rdf is right on all official documents (design/dependencies.md): ours must say the same.
    let engine = Engine::bundled();
    let document = specimen();
    let remote: json_ld::RemoteDocument = json_ld::RemoteDocument::new(None, None, input::convert(&document));
    let loader = Loads::new(&engine.documents);
    let generator = rdf_types::generator::Blank::new_with_prefix("b".to_owned());
    let rdf = json_ld::JsonLdProcessor::to_rdf(&remote, generator, &loader);
    let theirs = pollster::block_on(rdf).unwrap().cloned_quads().count();
    assert_eq!(theirs, engine.to_rdf(&document).unwrap().len());
}

#[test]
fn an_expanded_document_says_what_the_document_said() {
    let expanded = expand(&specimen()).unwrap();
    let again = json!({"@context": {}, "@graph": expanded});
    assert_eq!(canonicalize(&again).unwrap(), SPECIMEN_QUADS);
    let mut badge = specimen();
    badge["foo"] = json!("x");
    assert_eq!(expand(&badge).unwrap_err().code(), "term_undefined");
    assert_eq!(expand_lenient(&badge).unwrap(), expand(&specimen()).unwrap());
}

#[test]
fn open_badges_2_is_read_as_far_as_its_contexts_know() {
    let badge = json!({
        "@context": ["https://w3id.org/openbadges/v2", {"stars": "https://a.example/stars"}],
        "type": ["Assertion", "Other"], "id": "https://a.example/1", "badge": "relative", "foo": "x", "stars": 3,
        "issuedOn": "2026-01-01T00:00:00Z", "recipient": {"type": "email", "hashed": true},
        "extensions:ApplyLink": {
            "@context": "https://openbadgespec.org/extensions/applyLinkExtension/context.json",
            "type": ["Extension", "extensions:ApplyLink"], "url": "https://a.example/apply",
        },
    });
    assert_eq!(
        expand_lenient(&badge).unwrap(),
        json!([{
            "@id": "https://a.example/1",
            "@type": ["https://w3id.org/openbadges#Assertion"],
            "https://a.example/stars": [{"@value": 3}],
            "https://w3id.org/openbadges#issueDate":
                [{"@value": "2026-01-01T00:00:00Z", "@type": "http://www.w3.org/2001/XMLSchema#dateTime"}],
            // Their context knows the word "email": as the property of that name.
            "https://w3id.org/openbadges#recipient": [{
                "@type": ["http://schema.org/email"],
                "https://w3id.org/openbadges#hashed":
                    [{"@value": true, "@type": "http://www.w3.org/2001/XMLSchema#boolean"}],
            }],
            "https://w3id.org/openbadges/extensions#ApplyLink": [{
                "@type": ["https://w3id.org/openbadges#Extension", "https://w3id.org/openbadges/extensions#ApplyLink"],
                "https://w3id.org/openbadges/extensions#applyLink": [{"@value": "https://a.example/apply"}],
            }],
        }])
    );
    assert_eq!(expand_lenient(&json!({"type": "Assertion"})).unwrap(), json!([]));
    let unknown = json!({"@context": "https://a.example/c", "id": "urn:x"});
    assert_eq!(expand_lenient(&unknown).unwrap_err().code(), "context_unknown");
}

#[test]
fn a_badge_that_the_earlier_text_allows_is_read_by_it() {
    let mut badge = specimen();
    badge["@context"].as_array_mut().unwrap().push(json!({"jti": "urn:jti"}));
    badge["jti"] = json!("a");
    assert_eq!(canonicalize(&badge), Err(JsonLdFault::ProtectedTerm));
    assert!(Engine::bundled_earlier().canonicalize(&badge).unwrap().contains(" <urn:jti> \"a\" .\n"));
    assert_eq!(Engine::bundled_earlier().canonicalize(&specimen()).unwrap(), SPECIMEN_QUADS);
}

#[test]
fn huge_texts_are_refused_at_once() {
    let mut badge = specimen();
    badge["description"] = json!("x".repeat(10 * 1024 * 1024));
    let started = Instant::now();
    assert_eq!(canonicalize(&badge), Err(JsonLdFault::TooLarge));
    assert!(started.elapsed() < Duration::from_secs(1), "{:?}", started.elapsed());
}

#[test]
fn full_tables_are_begun_anew() {
    let engine = Engine::new(badge_schemas::contexts::get);
    let urls: Vec<&str> = badge_schemas::contexts::all().map(|context| context.url).take(8).collect();
    for first in &urls {
        for second in &urls {
            for third in &urls {
                let document = json!({"@context": [first, second, third], "id": "urn:x", "urn:p": "a"});
                let answer = engine.canonicalize(&document);
                assert!(answer.is_ok() || answer == Err(JsonLdFault::ProtectedTerm), "{answer:?}");
            }
        }
    }
    assert_eq!(engine.canonicalize(&specimen()).unwrap(), SPECIMEN_QUADS);
}

#[test]
fn the_quick_way_reads_what_badges_say() {
    let engine = Engine::bundled();
    let quick = |document: &Value| {
        engine.fast.read(&engine.documents, document, engine.bounds, |statements, _| statements.len())
    };
    let mut endorsed = specimen();
    let achievement = &mut endorsed["credentialSubject"]["achievement"];
    achievement["creditsAvailable"] = json!(3.5);
    achievement["description"] = json!({"@value": "bien", "@language": "fr-FR"});
    achievement["resultDescription"] = json!([{
        "id": "urn:uuid:r", "type": ["ResultDescription"], "name": "R", "resultType": "Status", "allowedValue": ["a", "b"]
    }]);
    let signed: Value = serde_json::from_str(SPECIMEN).unwrap();
    endorsed["endorsement"] = json!([{
        "@context": endorsed["@context"], "id": "urn:uuid:e", "type": ["VerifiableCredential", "EndorsementCredential"],
        "issuer": {"id": "did:web:a.example", "type": "Profile"}, "proof": signed["proof"],
        "credentialSubject": {"id": "_:b0", "type": "EndorsementSubject", "endorsementComment": true},
    }]);
    for document in [specimen(), signed, endorsed] {
        let quads = engine.to_rdf(&document).unwrap().len();
        assert_eq!(quick(&document), Some(quads));
        // Once known, no context is prepared again: the tables stay as they are.
        let known = engine.fast.known();
        assert_eq!(quick(&document), Some(quads));
        assert_eq!(engine.fast.known(), known);
    }
    let mut odd = specimen();
    odd["@context"].as_array_mut().unwrap().push(json!({"urn:x": "urn:y"}));
    assert_eq!(quick(&odd), None);
}
