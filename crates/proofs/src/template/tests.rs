use badge_schemas::credential::{AwardFacts, IssuerFacts, Prepared, StatusFacts, compose};
use badge_schemas::identity::HashedEmail;
use badge_schemas::referentiel::referentiel;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::macros::datetime;
use uuid::Uuid;

use super::*;
use crate::eddsa_rdfc_2022::{Options, prepare};
use crate::jsonld::canonicalize;

const SPECIMEN: &str = include_str!("../../tests/data/badge.json");
const SPECIMEN_QUADS: &str = include_str!("../../tests/data/badge.nq");
const METHOD: &str = "did:web:livret.example:o:7h2k9qx4#z6MkuRrt69bi6f4P8itdSUPGk4yaJDnwUGV2CKeUwNZQf4YS";

fn specimen() -> Value {
    let mut badge: Value = serde_json::from_str(SPECIMEN).unwrap();
    badge.as_object_mut().unwrap().shift_remove("proof");
    badge
}

/// Every slot of the specimen.
const SLOTS: [&str; 14] = [
    "/id",
    "/image/id",
    "/validFrom",
    "/awardedDate",
    "/credentialSubject/id",
    "/credentialSubject/identifier/0/identityHash",
    "/credentialSubject/identifier/1/identityHash",
    "/credentialSubject/identifier/1/salt",
    "/evidence/0/genre",
    "/evidence/0/description",
    "/evidence/0/narrative",
    "/credentialStatus/id",
    "/credentialStatus/statusListIndex",
    "/credentialStatus/statusListCredential",
];

fn values(document: &Value, slots: &[impl AsRef<str>]) -> Vec<String> {
    slots.iter().map(|slot| document.pointer(slot.as_ref()).unwrap().as_str().unwrap().to_owned()).collect()
}

fn with(document: &Value, slots: &[impl AsRef<str>], values: &[impl AsRef<str>]) -> Value {
    let mut document = document.clone();
    for (slot, value) in slots.iter().zip(values) {
        *document.pointer_mut(slot.as_ref()).unwrap() = json!(value.as_ref());
    }
    document
}

fn sha256(text: &str) -> [u8; 32] {
    Sha256::digest(text).into()
}

/// The template says what the engine says, or nothing. Whether it said something.
fn agrees(template: &Template, document: &Value, slots: &[impl AsRef<str>], values: &[impl AsRef<str>]) -> bool {
    let Ok(text) = template.fill(values) else { return false };
    assert_eq!(Ok(text), canonicalize(&with(document, slots, values)));
    true
}

#[test]
fn the_specimen_has_its_published_canonical_form() {
    let template = Template::learn(&specimen(), &SLOTS).unwrap();
    assert_eq!(template.fill(&values(&specimen(), &SLOTS)).unwrap(), SPECIMEN_QUADS);
    assert_eq!(template.hash(&values(&specimen(), &SLOTS)).unwrap(), sha256(SPECIMEN_QUADS));
    assert_eq!(template.slots(), 14);
    let text = IssuingTemplate::learn(&specimen(), &SLOTS).unwrap();
    let options = Options::assertion(datetime!(2026-11-20 14:05:09 UTC), METHOD);
    let signature = [7; 64];
    let written = text.prepare(&values(&specimen(), &SLOTS), &options).unwrap().finish(signature);
    assert_eq!(written, prepare(&specimen(), &options).unwrap().finish(signature).to_string());
}

#[test]
fn no_bundled_context_gives_a_scheme_another_meaning() {
    fn look(value: &Value) {
        match value {
            Value::Array(items) => items.iter().for_each(look),
            Value::Object(members) => members.iter().for_each(|(name, member)| {
                let lower = name.to_lowercase();
                let scheme = |scheme: &&str| lower.starts_with(*scheme) || lower == scheme.trim_end_matches(':');
                assert!(!SCHEMES.iter().any(scheme), "a context defines {name}");
                look(member);
            }),
            _ => {}
        }
    }
    for context in badge_schemas::contexts::all() {
        look(&serde_json::from_str(context.text).unwrap());
    }
}

#[test]
fn what_is_no_slot_is_refused() {
    let fault = |slot: &str| Template::learn(&specimen(), &[slot]).unwrap_err();
    for slot in [
        "/type/1",
        "/@context/0",
        "/nothing",
        "/evidence",
        "/credentialSubject/identifier/0/hashed",
        "/image/type",
        "/credentialSchema/0/type",
    ] {
        assert_eq!(fault(slot), TemplateFault::Slot, "{slot}");
    }
    assert_eq!(Template::learn(&specimen(), &["/name", "/name"]).unwrap_err(), TemplateFault::NotLearnable);
    let twins = json!({"@context": specimen()["@context"], "id": "urn:x", "type": ["VerifiableCredential"],
        "evidence": [{"type": ["Evidence"], "name": "a"}, {"type": ["Evidence"], "name": "a"}]});
    assert_eq!(Template::learn(&twins, &["/id"]).unwrap_err(), TemplateFault::NotLearnable);
    // One of them may differ, so that there is a template; but it is unsure of twins.
    let mut brothers = twins.clone();
    brothers["evidence"][1]["name"] = json!("b");
    let slots = ["/id", "/evidence/1/name"];
    let template = Template::learn(&brothers, &slots).unwrap();
    assert!(agrees(&template, &brothers, &slots, &["urn:y", "c"]));
    assert_eq!(template.fill(&["urn:y", "a"]), Err(Unsure));
    let local = json!({"@context": {"p": "urn:p"}, "@id": "urn:x", "p": "a"});
    assert_eq!(Template::learn(&local, &["/p"]).unwrap_err(), TemplateFault::NotLearnable);
    assert!(matches!(Template::learn(&json!({"a": "b"}), &["/a"]), Err(TemplateFault::JsonLd(_))));
    let mut marked = specimen();
    marked["name"] = json!("urn:livret:template:slot:0:");
    assert_eq!(Template::learn(&marked, &["/id"]).unwrap_err(), TemplateFault::NotLearnable);
}

#[test]
fn values_that_are_no_iris_or_meet_others_are_unsure() {
    let (document, slots) = (specimen(), ["/id", "/image/id", "/credentialSubject/id"]);
    let template = Template::learn(&document, &slots).unwrap();
    let good = ["https://a.example/1", "https://a.example/1/image.png", "urn:uuid:2"];
    assert!(agrees(&template, &document, &slots, &good));
    assert_eq!(template.fill(&good[..2]), Err(Unsure));
    for bad in
        ["", "a", "/a", "_:b0", "schema:x", "mailto:a@b.example", "https://a b", "urn:<x>", "HTTPS://x", "urn:%f"]
    {
        assert_eq!(template.fill(&[good[0], good[1], bad]), Err(Unsure), "{bad}");
    }
    // The same subject twice, or one of the fixed ones.
    assert_eq!(template.fill(&[good[0], good[0], good[2]]), Err(Unsure));
    assert_eq!(template.fill(&[good[0], good[1], "did:web:livret.example:o:7h2k9qx4"]), Err(Unsure));
    // An IRI that is only spoken of is nobody's twin; the end of an IRI is a sign, too.
    for pair in
        [["urn:a", "urn:a/b"], ["urn:a/b", "urn:a"], ["urn:a", "urn:a!"], ["urn:é", "urn:e"], ["urn:a", "urn:aa"]]
    {
        assert!(agrees(&template, &document, &slots, &[pair[0], pair[1], "urn:%ff"]), "{pair:?}");
    }
}

fn text() -> impl Strategy<Value = String> {
    let known: &[&str] = &[
        "",
        " ",
        "same",
        "]]>",
        "<![CDATA[",
        "\"\\",
        "\\u0000",
        "\0\u{1}\u{8}\t\n\u{b}\u{c}\r\u{1f}\u{7f}\u{80}",
        "Zoe\u{308}",
        "Zoë",
        "\u{202e}abc\u{200f}",
        "עברית العربية",
        "😀\u{fffd}\u{ffff}\u{10ffff}",
        "\" .\n_:c14n0 <urn:p> \"",
        "_:a",
        "@type",
        "urn:livret:template:slot:0:",
        "name",
        "true",
    ];
    prop_oneof![any::<String>(), "\\PC{0,80}", select(known).prop_map(str::to_owned)]
}

fn iri() -> impl Strategy<Value = String> {
    let known: &[&str] = &[
        "urn:same",
        "https://livret.example/badges/1",
        "https://livret.example/badges/1/image.png",
        "did:web:livret.example:o:7h2k9qx4",
        "https://livret.example/referentiel/0.1.0/cpt-travail-en-equipe/pratique",
        "https://www.w3.org/ns/credentials/v2",
        "https://a.example/é?q#f",
        "urn:%ff",
        "urn:x:\u{202e}",
        "https://[::1]:80/",
        "http://a.example:port/",
        "_:b0",
        "relative",
        "",
        "xsd:string",
        "cred:VerifiableCredential",
    ];
    prop_oneof![
        3 => "(https://|http://|urn:|did:web:)[a-z]{1,3}(/[a-z0-9!~%é]{0,3}){0,2}",
        1 => text(),
        2 => select(known).prop_map(str::to_owned),
    ]
}

/// For each slot of [`SLOTS`]: an IRI or a text.
fn all_values() -> impl Strategy<Value = Vec<String>> {
    let one = |slot: &&str| {
        let iri_slot = slot.ends_with("/id") || slot.ends_with("statusListCredential");
        if iri_slot { iri().boxed() } else { text().boxed() }
    };
    SLOTS.iter().map(one).collect::<Vec<_>>()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Any strings in any slots, several the same.
    #[test]
    fn hostile_values_give_the_engines_form_or_none(values in all_values(), same in any::<[prop::sample::Index; 2]>()) {
        let mut values = values;
        let document = specimen();
        let template = Template::learn(&document, &SLOTS).unwrap();
        agrees(&template, &document, &SLOTS, &values);
        values[same[0].index(SLOTS.len())] = values[same[1].index(SLOTS.len())].clone();
        agrees(&template, &document, &SLOTS, &values);
        // Only texts vary: it is certain.
        let good = self::values(&document, &SLOTS);
        for (value, good) in values.iter_mut().zip(good) {
            if iref::Iri::new(&good).is_ok() {
                *value = good;
            }
        }
        prop_assert!(agrees(&template, &document, &SLOTS, &values));
    }

    /// Badges of the référentiel, issued by template and by the general engine: the same text, the same hashes.
    #[test]
    fn badges_are_issued_as_by_the_general_engine(
        (which, ids, index, seconds) in (any::<prop::sample::Index>(), any::<[u128; 2]>(), any::<u32>(), 0..250_000_000_000_i64),
        (email, salt, hash_hex) in (any::<bool>(), text(), text()),
        (observed, sentence, name) in (prop::collection::vec(0..5usize, 0..4), text(), text()),
        list_url in prop_oneof![4 => Just("https://livret.example/o/7h2k9qx4/status/1".to_owned()), 1 => iri()],
    ) {
        let all = referentiel().achievements();
        let email_facts = HashedEmail { hash_hex, salt };
        let named = |id: &str, name: &str| IssuerFacts {
            did: format!("did:web:livret.example:o:{id}"),
            name: name.to_owned(),
            url: format!("https://livret.example/o/{id}"),
        };
        let (issuer, region) = (named("7h2k9qx4", "Estuaire « Compétences »"), named("r4m8t2wz", "Région Normandie"));
        let valid_from = OffsetDateTime::from_unix_timestamp(seconds).unwrap();
        let facts = AwardFacts {
            issuer_base: "https://livret.example",
            credential_id: Uuid::from_u128(ids[0]),
            subject_id: Uuid::from_u128(ids[1]),
            achievement: which.get(all),
            issuer: &issuer,
            region: &region,
            valid_from,
            awarded_on: valid_from.date(),
            name: &name,
            email: email.then_some(&email_facts),
            observed: &observed,
            evidence_type: which.get(&referentiel().evidence_types),
            sentence: &sentence,
            status: StatusFacts { list_url: &list_url, index },
        };
        let composed = compose(&facts);
        // Facts of the same shape that may be signed: those here need not.
        let v4 = Uuid::from_u128(0x5f0c_2c1e_7d0b_4b83_9a1f_2f6a_1c0e_9d47);
        let plain: &str = if sentence.is_empty() { "" } else { "x" };
        let points: Vec<usize> = observed.iter().copied().filter(|place| *place < facts.achievement.observables.len()).collect();
        let signable = AwardFacts { credential_id: v4, subject_id: v4, name: "Inès", sentence: plain, observed: &points, ..facts };
        let Ok(prepared) = Prepared::new(&signable) else { return Ok(()) };
        let options = Options::assertion(valid_from, METHOD);
        let general = prepare(&composed, &options);
        let issuing = IssuingTemplate::learn(prepared.document(), prepared.slots());
        let Ok(issuing) = issuing else {
            // The list's address is no IRI.
            prop_assert!(general.is_err() || list_url != "https://livret.example/o/7h2k9qx4/status/1");
            return Ok(());
        };
        let values = values(&composed, prepared.slots());
        if let Ok(given) = prepared.values(&facts) {
            prop_assert_eq!(&given, &values);
        }
        match (issuing.prepare(&values, &options), general) {
            (Ok(fast), Ok(general)) => {
                prop_assert_eq!(fast.hash_data, general.hash_data);
                prop_assert_eq!(fast.document_hash, general.document_hash);
                prop_assert_eq!(fast.proof_hash, general.proof_hash);
                prop_assert_eq!(fast.finish([9; 64]), general.finish([9; 64]).to_string());
            }
            (Ok(_), Err(refused)) => prop_assert!(false, "{}", refused),
            (Err(Unsure), general) => {
                prop_assert!(general.is_err() || list_url != "https://livret.example/o/7h2k9qx4/status/1" || ids[0] == ids[1]);
            }
        }
    }
}

fn signed() -> Value {
    serde_json::from_str(SPECIMEN).unwrap()
}

#[test]
fn a_class_is_known_once_learnt_and_not_before() {
    let templates = Templates::new(1 << 20);
    assert_eq!(templates.canonical_hash(&signed()), None);
    assert!(!templates.notice(&signed()), "seen once");
    assert!(templates.notice(&signed()), "seen twice");
    assert_eq!(templates.canonical_hash(&signed()), Some(sha256(SPECIMEN_QUADS)));
    assert_eq!(templates.canonical_hash(&specimen()), Some(sha256(SPECIMEN_QUADS)), "with its proof or without");
    let mut other = signed();
    other["credentialSubject"]["identifier"][0]["identityHash"] = json!("Zoë \"]]>\"");
    other["credentialSubject"]["id"] = json!("urn:uuid:9");
    let mut unsigned = other.clone();
    unsigned.as_object_mut().unwrap().shift_remove("proof");
    assert_eq!(templates.canonical_hash(&other), Some(sha256(&canonicalize(&unsigned).unwrap())));

    let (document, proof) = (signed(), signed()["proof"].clone());
    assert_eq!(templates.options_hash(&document, &proof), None);
    templates.learn_options(&document, &proof).unwrap();
    let options = Options::assertion(datetime!(2026-11-20 14:05:09 UTC), METHOD);
    let expected = prepare(&specimen(), &options).unwrap();
    assert_eq!(templates.options_hash(&document, &proof), Some(expected.proof_hash));
    let mut own_context = proof.clone();
    own_context["@context"] = json!("https://www.w3.org/ns/credentials/v2");
    assert_eq!(templates.options_hash(&document, &own_context), None);
    assert_eq!(templates.classes(), 2);
}

/// Every change of one place of the document, and every member taken away, added, renamed or moved.
pub fn mutations(value: &Value) -> Vec<Value> {
    let mut all = vec![json!("x"), json!(""), json!(null), json!(true), json!(7), json!([]), json!({}), json!(["x"])];
    match value {
        Value::String(text) => all.extend([json!(format!("{text}x")), json!([text]), json!({"id": text})]),
        Value::Array(items) => {
            all.push(items.iter().rev().cloned().collect());
            all.push(items.iter().skip(1).cloned().collect());
            all.push(items.iter().chain(items.first()).cloned().collect());
            for (place, item) in items.iter().enumerate() {
                all.extend(mutations(item).into_iter().map(|item| {
                    let mut items = items.clone();
                    items[place] = item;
                    json!(items)
                }));
            }
        }
        Value::Object(members) => {
            all.push(members.iter().rev().map(|(name, member)| (name.clone(), member.clone())).collect());
            for extra in ["id", "name", "@id", "@context", "undefined"] {
                let mut more = members.clone();
                more.insert(extra.to_owned(), json!("urn:x"));
                all.push(Value::Object(more));
            }
            for (name, member) in members {
                let mut less = members.clone();
                less.shift_remove(name);
                less.insert(format!("{name}x"), member.clone());
                all.push(Value::Object(less.clone()));
                less.shift_remove(&format!("{name}x"));
                all.push(Value::Object(less));
                all.extend(mutations(member).into_iter().map(|member| {
                    let mut members = members.clone();
                    members[name] = member;
                    Value::Object(members)
                }));
            }
        }
        _ => {}
    }
    all
}

#[test]
fn a_document_changed_anywhere_is_never_canonicalised_wrongly() {
    let templates = Templates::new(1 << 20);
    templates.learn(&specimen()).unwrap();
    let (mut answered, mut all) = (0, 0);
    for changed in mutations(&specimen()) {
        all += 1;
        // An answer must be the engine's; only strings of the slots may have changed.
        if let Some(hash) = templates.canonical_hash(&changed) {
            answered += 1;
            assert_eq!(hash, sha256(&canonicalize(&changed).unwrap()));
        }
    }
    // Nine texts with three strings each and five IRIs with one (a string and an `x`), or the original.
    assert!(all > 1_000 && (20..=60).contains(&answered), "{answered} of {all}");
}

#[test]
fn the_memory_is_bounded_and_forgets_what_is_not_asked_for() {
    let class = |number: usize| {
        let mut document = specimen();
        document["name"] = json!(format!("class {number}"));
        document
    };
    let templates = Templates::new(150_000);
    for number in 0..8 {
        templates.learn(&class(number)).unwrap();
        templates.learn(&class(number)).unwrap();
        assert!(templates.canonical_hash(&class(0)).is_some(), "asked for each time");
    }
    assert!((2..8).contains(&templates.classes()), "{}", templates.classes());
    assert_eq!(templates.canonical_hash(&class(1)), None);
    assert!(templates.canonical_hash(&class(7)).is_some());
    assert_eq!(Templates::new(1_000).learn(&class(0)), Err(TemplateFault::NotLearnable));
}

#[test]
fn what_cannot_be_learnt_is_not_tried_again_and_deep_documents_are_passed_over() {
    let templates = Templates::new(1 << 20);
    let mut mailed = specimen();
    mailed["credentialSubject"]["id"] = json!("mailto:ines@example.org");
    assert!((0..4).all(|_| !templates.notice(&mailed)));
    assert!(templates.learn(&mailed).is_err());
    let mut deep = json!("x");
    for _ in 0..200 {
        deep = json!([deep]);
    }
    let deep = json!({"@context": [], "a": deep});
    assert_eq!(templates.canonical_hash(&deep), None);
    assert!(!templates.notice(&deep) && templates.learn(&deep).is_err());
    for nothing in [json!(null), json!([]), json!({})] {
        assert_eq!(templates.canonical_hash(&nothing), None);
    }
}
