//! Our bounded evaluation of JSON Schema beside the `jsonschema` crate, which has no bound: the same answers.

use std::path::PathBuf;

use badge_schemas::json_schema::JsonSchema;
use proptest::prelude::*;
use serde_json::{Value, json};

/// The other answer; `None` when it is no schema.
fn theirs(schema: &Value, value: &Value) -> Option<bool> {
    let built = jsonschema::options().should_validate_formats(false).build(schema).ok()?;
    Some(built.is_valid(value))
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-4i64..5).prop_map(Value::from),
        (-4i64..5).prop_map(|n| json!(f64::from(i32::try_from(n).expect("small")) / 2.0)),
        "[ab1é]{0,3}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 20, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[ab]{1,2}", inner, 0..4).prop_map(|map| map.into_iter().collect()),
        ]
    })
}

fn any_schema() -> impl Strategy<Value = Value> {
    let kind = prop::sample::select(vec!["null", "boolean", "object", "array", "number", "string", "integer"]);
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from),
        kind.prop_map(|kind| json!({ "type": kind })),
        any_value().prop_map(|value| json!({ "const": value })),
        prop::collection::vec(any_value(), 1..4).prop_map(|all| json!({ "enum": all })),
        (-3i64..4).prop_map(|n| json!({ "minimum": n, "exclusiveMaximum": n + 3 })),
        (1i64..4).prop_map(|n| json!({ "multipleOf": n })),
        (0u64..3).prop_map(|n| json!({ "minLength": n, "maxLength": n + 1 })),
        (0u64..3).prop_map(|n| json!({ "minItems": n, "maxItems": n + 1, "uniqueItems": n == 1 })),
        (0u64..3).prop_map(|n| json!({ "minProperties": n, "maxProperties": n + 1 })),
        "[ab1^$.]{0,3}".prop_map(|pattern| json!({ "pattern": pattern })),
        prop::collection::vec("[ab]{1,2}", 0..3).prop_map(|names| json!({ "required": names })),
        "[ab]".prop_map(|name| json!({ "dependentRequired": { name: ["a"] } })),
        Just(json!({ "$ref": "#/$defs/a" })),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        let some = prop::collection::vec(inner.clone(), 1..3);
        let named = prop::collection::btree_map("[ab]{1,2}", inner.clone(), 1..3);
        prop_oneof![
            some.clone().prop_map(|all| json!({ "allOf": all })),
            some.clone().prop_map(|all| json!({ "anyOf": all })),
            some.clone().prop_map(|all| json!({ "oneOf": all })),
            inner.clone().prop_map(|one| json!({ "not": one })),
            (inner.clone(), inner.clone(), inner.clone())
                .prop_map(|(a, b, c)| json!({ "if": a, "then": b, "else": c })),
            (named.clone(), inner.clone()).prop_map(|(a, b)| json!({ "properties": a, "additionalProperties": b })),
            (inner.clone(), inner.clone())
                .prop_map(|(a, b)| json!({ "patternProperties": { "^a": a }, "propertyNames": b })),
            inner.clone().prop_map(|one| json!({ "dependentSchemas": { "a": one } })),
            inner.clone().prop_map(|one| json!({ "items": one })),
            (some, inner.clone()).prop_map(|(a, b)| json!({ "items": a, "additionalItems": b })),
            (inner, 0u64..3).prop_map(|(a, n)| json!({ "contains": a, "minContains": n, "maxContains": n + 1 })),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn the_same_answer(inner in any_schema(), definition in any_schema(), value in any_value()) {
        let schema = json!({
            "$schema": "https://json-schema.org/draft/2019-09/schema", "allOf": [inner], "$defs": { "a": definition },
        });
        let ours = JsonSchema::parse(&schema.to_string()).expect("a schema").fault(&value);
        // A definition that refers to itself in place never ends: they recurse, we stop.
        prop_assume!(!definition_refers_in_place(&schema["$defs"]["a"]));
        if let (Ok(fault), Some(theirs)) = (ours, theirs(&schema, &value)) {
            prop_assert_eq!(fault.is_none(), theirs, "{} {}", schema, value);
        }
    }

    #[test]
    fn no_text_panics(text in ".{0,200}") {
        if let Ok(schema) = JsonSchema::parse(&text) {
            let _any = schema.fault(&json!({ "a": [text] }));
        }
    }
}

fn definition_refers_in_place(schema: &Value) -> bool {
    schema.to_string().contains("$ref")
}

/// The standards' own schemas, over their examples and over examples with each member taken away.
#[test]
fn row_1_7_2_the_same_answer_for_the_standards_own_schemas() {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared");
    let shared = std::env::var_os("LIVRET_SHARED").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    let read = |path: &str| -> Option<Value> {
        let text = std::fs::read_to_string(shared.join("standards/ob3-data").join(path)).ok();
        assert!(text.is_some() || std::env::var_os("CI").is_none(), "the official file {path} is missing in CI");
        text.map(|text| serde_json::from_str(&text).expect("JSON"))
    };
    let mut compared = 0;
    for schema in [
        "schemas/ob/ob_v3p0_achievementcredential_schema.json",
        "schemas/ob/ob_v3p0_endorsementcredential_schema.json",
        "schemas/clr/clr_v2p0_clrcredential_schema.json",
        "schemas/ob-canonical-2025-03/achievementcredential.json",
    ] {
        let Some(schema) = read(schema) else { return };
        let built = jsonschema::options().should_validate_formats(false).build(&schema).expect("a schema");
        let ours = JsonSchema::parse(&schema.to_string()).expect("a schema");
        for name in ["basicOpenBadgeCredential", "fullOpenBadge", "endorsement"] {
            let whole = read(&format!("examples/ob-spec/{name}.json")).expect("an example");
            let mut mutants = vec![whole.clone()];
            for place in places(&whole) {
                let mut mutant = whole.clone();
                let (parent, member) = place.rsplit_once('/').expect("a place");
                match mutant.pointer_mut(parent) {
                    Some(Value::Object(members)) => {
                        members.remove(&member.replace("~1", "/"));
                    }
                    Some(Value::Array(items)) => items[member.parse::<usize>().expect("a place")] = json!(7),
                    _ => unreachable!("a parent"),
                }
                mutants.push(mutant);
            }
            for mutant in mutants {
                let fault = ours.fault(&mutant).expect("a schema that is read");
                assert_eq!(fault.is_none(), built.is_valid(&mutant), "{name}: {fault:?}");
                compared += 1;
            }
        }
    }
    assert!(compared > 500, "{compared}");
}

fn places(value: &Value) -> Vec<String> {
    let mut all = Vec::new();
    let mut open = vec![(String::new(), value)];
    while let Some((here, value)) = open.pop() {
        let inner: Vec<(String, &Value)> = match value {
            Value::Object(members) => {
                members.iter().map(|(k, v)| (format!("{here}/{}", k.replace('/', "~1")), v)).collect()
            }
            Value::Array(items) => items.iter().enumerate().map(|(i, v)| (format!("{here}/{i}"), v)).collect(),
            _ => Vec::new(),
        };
        all.extend(inner.iter().map(|(place, _)| place.clone()));
        open.extend(inner);
    }
    all
}
