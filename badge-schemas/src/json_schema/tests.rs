use serde_json::json;

use super::*;

fn fault(schema: &Value, value: &Value) -> Result<Option<String>, Unread> {
    JsonSchema::parse(&schema.to_string())?.fault(value)
}

fn unread(schema: &Value, value: &Value) -> Unread {
    fault(schema, value).expect_err("a schema that is not read")
}

#[test]
fn what_breaks_is_pointed_at() {
    let schema = json!({
        "type": "object", "required": ["name"],
        "properties": { "name": { "type": "string", "minLength": 2 }, "tags": { "items": { "$ref": "#/$defs/tag" } } },
        "$defs": { "tag": { "type": "string", "pattern": "^[a-z]+$" } },
    });
    let rows = [
        (json!({ "name": "é!" }), None),
        (json!({ "name": "é" }), Some("/name")),
        (json!({}), Some("")),
        (json!({ "name": "ab", "tags": ["ok", "Non"] }), Some("/tags/1")),
    ];
    for (value, place) in rows {
        assert_eq!(fault(&schema, &value).unwrap().as_deref(), place, "{value}");
    }
}

#[test]
fn what_is_not_read_says_so_instead_of_judging() {
    let value = json!({ "a": [1] });
    assert_eq!(JsonSchema::parse("<html>").unwrap_err(), Unread::Malformed);
    assert_eq!(JsonSchema::parse(&" ".repeat(LARGEST + 1)).unwrap_err(), Unread::TooLarge);
    assert_eq!(JsonSchema::parse("7").unwrap_err(), Unread::Malformed);
    let rows = [
        (json!({ "$schema": "http://json-schema.org/draft-04/schema#" }), Unread::Dialect),
        (json!({ "unevaluatedProperties": false }), Unread::Keyword),
        (json!({ "$ref": "https://elsewhere.example/schema" }), Unread::Reference),
        (json!({ "$ref": "#/$defs/none" }), Unread::Reference),
        (json!({ "properties": { "a": { "$id": "other" } } }), Unread::Reference),
        (json!({ "type": "thing" }), Unread::Malformed),
        (json!({ "allOf": [] }), Unread::Malformed),
        (json!({ "patternProperties": { "(?=a)a": true } }), Unread::Pattern),
        (json!({ "patternProperties": { "((a{99}){99}){99}": true } }), Unread::Pattern),
    ];
    for (schema, why) in rows {
        assert_eq!(unread(&schema, &value), why, "{schema}");
    }
}

/// Each of these would take hours, or all the stack.
#[test]
fn no_schema_takes_endless_work() {
    let doubling: Map<String, Value> = (0..60)
        .map(|n| (format!("d{n}"), json!({ "allOf": [{ "$ref": format!("#/$defs/d{}", n + 1) }, { "$ref": format!("#/$defs/d{}", n + 1) }] })))
        .chain([("d60".to_owned(), json!(true))])
        .collect();
    let chain: Map<String, Value> =
        (0..5_000).map(|n| (format!("c{n}"), json!({ "$ref": format!("#/$defs/c{}", n + 1) }))).collect();
    let big: Vec<Value> = (0..3_000).map(Value::from).collect();
    let rows = [
        (json!({ "$ref": "#" }), json!(1)),
        (json!({ "$ref": "#/$defs/d0", "$defs": doubling }), json!(1)),
        (json!({ "$ref": "#/$defs/c0", "$defs": chain }), json!(1)),
        (json!({ "uniqueItems": true }), json!(big)),
        (json!({ "items": { "not": { "enum": vec![json!("x".repeat(64)); 500] } } }), json!(vec!["y"; 3_000])),
        (json!({ "pattern": "^(a+)+$" }), json!("a".repeat(200_000))),
        (
            json!({ "anyOf": vec![json!({ "items": { "type": "array" }, "not": {} }); 400] }),
            json!(vec![json!([]); 2_000]),
        ),
    ];
    for (schema, value) in rows {
        assert_eq!(unread(&schema, &value), Unread::TooMuchWork);
    }
}

#[test]
fn numbers_are_compared_by_value_and_whole_ones_exactly() {
    let rows = [
        (json!({ "const": 1.0 }), json!(1), true),
        (json!({ "type": "integer" }), json!(3.0), true),
        (json!({ "multipleOf": 0.01 }), json!(19.99), true),
        (json!({ "multipleOf": 2 }), json!(9_007_199_254_740_993_u64), false),
        (json!({ "maximum": 9_007_199_254_740_992_u64 }), json!(9_007_199_254_740_993_u64), false),
        (json!({ "exclusiveMinimum": 0 }), json!(0.5), true),
    ];
    for (schema, value, holds) in rows {
        assert_eq!(fault(&schema, &value).unwrap().is_none(), holds, "{schema} {value}");
    }
}

#[test]
fn patterns_are_those_of_ecma_262() {
    let rows = [
        (r"^\d+$", "٣", false),
        (r"^\w$", "é", false),
        (r"^[\w.-]+$", "a.b-c", true),
        (r"^[[&]$", "&", true),
        (r"^a\/b$", "a/b", true),
        (r"^.$", "é", true),
    ];
    for (pattern, text, holds) in rows {
        assert_eq!(fault(&json!({ "pattern": pattern }), &json!(text)).unwrap().is_none(), holds, "{pattern} {text}");
    }
}
