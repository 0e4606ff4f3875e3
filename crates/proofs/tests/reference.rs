//! The quick way from JSON-LD to canonical text against the general engine: the same text, or the same fault.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use proofs::jsonld::{Engine, JsonLdFault};
use proptest::prelude::*;
use serde_json::{Value, json};

#[test]
fn official_documents() {
    let mut documents = 0;
    for folder in ["examples", "vectors", "openid4vci"] {
        each_json(&standards("ob3-data").join(folder), &mut |_, document| {
            documents += 1;
            for part in parts_of(document) {
                let _ = same(engine(), &part);
            }
        });
    }
    each_json(&standards("ob2-data"), &mut |_, document| {
        for part in parts_of(document) {
            let _ = same(engine(), &part);
        }
    });
    said(documents > 50, "documents of ob3-data");
}

/// Both ways, twice: the first time the quick one learns, the second time it knows.
fn same(engine: &Engine, document: &Value) -> Result<String, JsonLdFault> {
    let reference = engine.canonicalize_by_reference(document);
    for _ in 0..2 {
        let quick = engine.canonicalize(document);
        assert_eq!(
            quick.as_ref().map_err(JsonLdFault::code),
            reference.as_ref().map_err(JsonLdFault::code),
            "{document:#}"
        );
    }
    reference
}

/// The document with its proof, without it, and the proof's options alone.
fn parts_of(document: Value) -> Vec<Value> {
    let mut parts = vec![document.clone()];
    let mut unsigned = document;
    if let Some(proof) = unsigned.as_object_mut().and_then(|members| members.shift_remove("proof")) {
        let mut options = proof.get(0).unwrap_or(&proof).clone();
        if let Some(members) = options.as_object_mut() {
            members.shift_remove("proofValue");
            members.insert("@context".into(), unsigned["@context"].clone());
        }
        parts.extend([unsigned, options]);
    }
    parts
}

fn each_json(folder: &Path, look: &mut impl FnMut(&Path, Value)) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        if path.is_dir() {
            each_json(&path, look);
        } else if let Some(document) =
            std::fs::read_to_string(&path).ok().and_then(|text| serde_json::from_str(&text).ok())
        {
            look(&path, document);
        }
    }
}

fn standards(folder: &str) -> PathBuf {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared");
    let shared = std::env::var_os("LIVRET_SHARED").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    shared.join("standards").join(folder)
}

fn said(here: bool, what: &str) {
    assert!(here || std::env::var_os("CI").is_none(), "the {what} are missing, and this is CI");
    if !here {
        println!("NOT EXAMINED: the {what} are not here (set LIVRET_SHARED)");
    }
}

fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| Engine::new(context))
}

/// The bundled contexts and the two that only vectors use.
fn context(url: &str) -> Option<&'static str> {
    static EXAMPLES: OnceLock<Option<String>> = OnceLock::new();
    static CLR: OnceLock<Option<String>> = OnceLock::new();
    let read = |file: &str| std::fs::read_to_string(standards("ob3-data/contexts").join(file)).ok();
    match url {
        "https://www.w3.org/ns/credentials/examples/v2" => {
            EXAMPLES.get_or_init(|| read("credentials-examples-v2.jsonld")).as_deref()
        }
        "https://purl.imsglobal.org/spec/clr/v2p0/context.json" => CLR.get_or_init(|| read("clr-v2p0.json")).as_deref(),
        _ => badge_schemas::contexts::get(url),
    }
}

fn specimen() -> Value {
    serde_json::from_str(include_str!("data/badge.json")).unwrap()
}

/// Anything that may stand where a value does.
fn anything() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        text().prop_map(Value::String),
        proptest::sample::select(vec![
            json!(3),
            json!(3.0),
            json!(3e0),
            json!(1e21),
            json!(1e20),
            json!(-0.0),
            json!(0.1),
            json!(-7),
            json!(9_007_199_254_740_991_i64),
            json!(9_007_199_254_740_993_i64),
            json!(u64::MAX),
            json!(5e-324),
            json!(true),
            json!(false),
            json!(null),
            json!([]),
            json!({}),
            json!(""),
        ]),
        any::<f64>().prop_map(|number| json!(number)),
    ];
    scalar.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            proptest::collection::vec((key(), inner), 0..5).prop_map(|members| members.into_iter().collect()),
        ]
    })
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        ".*",
        proptest::sample::select(
            [
                "",
                "a",
                "]]>",
                "\u{0}\u{1f}\u{7f}\"\\\n\r\t\u{8}\u{c}",
                "urn:x",
                "urn:y",
                "_:b0",
                "_:b1",
                "_:",
                "_:b 0",
                "cred:a",
                "xsd:string",
                "schema:name",
                "id",
                "type",
                "@id",
                "@type",
                "@json",
                "@foo",
                "https://a.example/é",
                "https://a b",
                "did:web:%ff",
                "ht!tp://x",
                ":x",
                "x:",
                "fr",
                "fr-FR",
                "f r",
                "OpenBadgeCredential",
                "Achievement",
                "Profile",
                "Image",
                "VerifiableCredential",
                "obi:Achievement",
                "data:image/png;base64,AA==",
                "assertionMethod",
                "https://w3id.org/security#assertionMethod",
                "@none",
                "😀",
                "e\u{301}",
                "../x",
                "#x",
                "BitstringStatusListEntry",
                "DataIntegrityProof",
                "Evidence",
                "EndorsementCredential",
                "Result",
            ]
            .map(str::to_owned)
            .to_vec()
        ),
    ]
}

fn key() -> impl Strategy<Value = String> {
    let keys = [
        "id",
        "type",
        "@id",
        "@type",
        "@value",
        "@language",
        "@list",
        "@set",
        "@graph",
        "@context",
        "@index",
        "@nest",
        "@reverse",
        "@included",
        "@direction",
        "@none",
        "name",
        "description",
        "image",
        "criteria",
        "narrative",
        "issuer",
        "achievement",
        "evidence",
        "proof",
        "credentialStatus",
        "statusListCredential",
        "endorsement",
        "tag",
        "result",
        "urn:p",
        "urn:q",
        "_:p",
        "x",
        "",
        "cred:x",
        "proofPurpose",
        "allowedValue",
        "creditsAvailable",
        "alignment",
        "verifiableCredential",
        "identifier",
        "hashed",
        "validFrom",
        "jsonSchema",
        "cnf",
        "jwk",
        "https://schema.org/name",
    ];
    prop_oneof![9 => proptest::sample::select(keys.map(str::to_owned).to_vec()), 1 => ".*"]
}

/// A change at a place of the document that is counted in preorder.
#[derive(Debug, Clone)]
enum Change {
    Replace(Value),
    Insert(String, Value),
    Remove,
    Wrap,
    Repeat,
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        4 => anything().prop_map(Change::Replace),
        4 => text().prop_map(|text| Change::Replace(Value::String(text))),
        3 => (key(), anything()).prop_map(|(key, value)| Change::Insert(key, value)),
        1 => Just(Change::Remove),
        1 => Just(Change::Wrap),
        1 => Just(Change::Repeat),
    ]
}

fn apply(value: &mut Value, place: &mut usize, change: &Change) -> bool {
    if *place == 0 {
        match change {
            Change::Replace(with) => *value = with.clone(),
            Change::Insert(key, with) => match value {
                Value::Object(members) => {
                    members.insert(key.clone(), with.clone());
                }
                other => *other = json!({key.clone(): with.clone(), "urn:was": other.clone()}),
            },
            Change::Remove => match value {
                Value::Object(members) => {
                    let last = members.keys().next_back().cloned();
                    last.map(|key| members.shift_remove(&key));
                }
                other => *other = json!({}),
            },
            Change::Wrap => *value = json!([value.clone()]),
            Change::Repeat => *value = json!([value.clone(), value.clone()]),
        }
        return true;
    }
    *place -= 1;
    match value {
        Value::Array(items) => items.iter_mut().any(|item| apply(item, place, change)),
        Value::Object(members) => {
            let inside = members.iter_mut().filter(|(key, _)| *key != "@context");
            inside.map(|(_, member)| member).any(|member| apply(member, place, change))
        }
        _ => false,
    }
}

fn size(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(size).sum(),
        Value::Object(members) => {
            members.iter().filter(|(key, _)| *key != "@context").map(|(_, member)| size(member)).sum()
        }
        _ => 0,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, max_shrink_iters: 300, ..ProptestConfig::default() })]

    #[test]
    fn mutated_badges(which in any::<prop::sample::Index>(), changes in proptest::collection::vec((any::<prop::sample::Index>(), change()), 1..4)) {
        let mut documents = vec![specimen()];
        documents.extend(nested());
        let mut document = which.get(&documents).clone();
        for (place, change) in &changes {
            let mut place = place.index(size(&document) - 1) + 1;
            apply(&mut document, &mut place, change);
        }
        let _ = same(engine(), &document);
    }
}

/// A badge with its endorsement, a record with a badge in it.
fn nested() -> Vec<Value> {
    let mut endorsed = specimen();
    let mut endorsement = json!({
        "@context": endorsed["@context"], "id": "urn:uuid:e", "type": ["VerifiableCredential", "EndorsementCredential"],
        "issuer": {"id": "did:web:a.example", "type": "Profile"}, "validFrom": "2026-01-01T00:00:00Z", "name": "E",
        "credentialSubject": {"id": endorsed["id"], "type": "EndorsementSubject", "endorsementComment": "bien"},
    });
    endorsement["proof"] = endorsed["proof"].clone();
    endorsed["endorsement"] = json!([endorsement]);
    let record = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
        "id": "urn:uuid:c", "type": ["VerifiableCredential", "ClrCredential"], "name": "Relevé", "partial": true,
        "issuer": {"id": "did:web:a.example", "type": "Profile"}, "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {"id": "urn:uuid:s", "type": "ClrSubject", "verifiableCredential": [specimen()],
            "association": [{"type": "Association", "associationType": "isParentOf", "sourceId": "urn:a", "targetId": "urn:b"}]},
    });
    vec![endorsed, record]
}

/// Every text of the referentiel, in the places of the specimen's achievement.
#[test]
fn every_text_of_the_referentiel() {
    let text = include_str!("../../../badge-schemas/data/referentiel-0.1.0.json");
    let referentiel: Value = serde_json::from_str(text).unwrap();
    let mut texts = Vec::new();
    collect(&referentiel, &mut texts);
    assert!(texts.len() > 143);
    for (number, texts) in texts.chunks(4).enumerate() {
        let mut badge = specimen();
        let achievement = &mut badge["credentialSubject"]["achievement"];
        for (place, text) in ["name", "description", "humanCode", "specialization"].iter().zip(texts) {
            achievement[*place] = json!(text);
        }
        achievement["id"] = json!(format!("https://livret.example/referentiel/0.1.0/b/{number}"));
        assert!(same(engine(), &badge).is_ok());
    }
}

fn collect<'t>(value: &'t Value, texts: &mut Vec<&'t str>) {
    match value {
        Value::String(text) => texts.push(text),
        Value::Array(items) => items.iter().for_each(|item| collect(item, texts)),
        Value::Object(members) => members.values().for_each(|member| collect(member, texts)),
        _ => {}
    }
}

#[test]
fn nested_credentials() {
    for document in nested() {
        assert!(same(engine(), &document).is_ok());
    }
}
