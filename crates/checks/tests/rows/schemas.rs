//! §1.7: schemas, status, refresh, terms of use.

use checks::{Check, Need, Outcome, Unanswered, Verdict, codes};
use proofs::status::Bits;
use serde_json::{Value, json};

use crate::world::{INDEX, LIST, World, status};
use crate::{against, finds, holds, judge, meaningless, signed};

const OURS: &str = "https://livret.example/schemas/badge.json";

#[test]
fn row_1_7_1_one_schema_is_of_the_standards_kind() {
    let badge = World::new().badge(|_| {});
    assert_eq!(badge["credentialSchema"][0]["type"], "1EdTechJsonSchemaValidator2019");
    let report = judge(&World::new(), &signed(|badge| badge["credentialSchema"][0]["type"] = json!("JsonSchema")));
    finds(&report, Check::Schema, Outcome::Failed, codes::SCHEMA_FAULT);
    finds(&report, Check::Schema, Outcome::CouldNotCheck, codes::SCHEMA_KIND_NOT_READ);
    assert_eq!(report.verdict, Verdict::CouldNotCheck);
    // Its type means nothing without the context of the extensions (VAL #64).
    meaningless(|badge| drop(badge["@context"].as_array_mut().expect("contexts").remove(2)));
}

/// A badge that names this schema beside the standard's.
fn naming(schema: Value) -> Value {
    signed(|badge| badge["credentialSchema"].as_array_mut().expect("schemas").push(schema))
}

/// What came of the schema, what is found, and its detail.
type Row = (Result<String, Unanswered>, Outcome, &'static str, Option<&'static str>);

fn ours() -> Value {
    json!({ "id": OURS, "type": "1EdTechJsonSchemaValidator2019" })
}

#[test]
fn row_1_7_2_a_schema_that_the_badge_names_is_evaluated() {
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2019-09/schema", "$id": OURS, "type": "object",
        "properties": { "name": { "$ref": "#/$defs/name" } }, "required": ["name", "evidence"],
        "$defs": { "name": { "type": "string", "pattern": "^[A-ZÉ]" } },
    });
    let mut other = schema.clone();
    other["$defs"]["name"]["pattern"] = json!("^Cuisine");
    let mut more = schema.clone();
    more["required"] = json!(["validUntil"]);
    let text = |schema: &Value| Ok(schema.to_string());
    let doubt = Outcome::CouldNotCheck;
    let rows: [Row; 9] = [
        (text(&schema), Outcome::Passed, codes::NAMED_SCHEMA_OK, None),
        (text(&other), Outcome::Failed, codes::NAMED_SCHEMA_FAULT, Some("/name")),
        (text(&more), Outcome::Failed, codes::NAMED_SCHEMA_FAULT, Some("")),
        (Err(Unanswered::TimedOut), doubt, codes::NAMED_SCHEMA_UNANSWERED, Some("timed_out")),
        (Ok("<html>".to_owned()), doubt, codes::NAMED_SCHEMA_UNREADABLE, Some("json_schema_malformed")),
        (
            text(&json!({ "$ref": "https://other.example/schema" })),
            doubt,
            codes::NAMED_SCHEMA_UNREADABLE,
            Some("json_schema_reference"),
        ),
        (text(&json!({ "$ref": "#" })), doubt, codes::NAMED_SCHEMA_UNREADABLE, Some("json_schema_too_much_work")),
        (
            text(&json!({ "unevaluatedProperties": false })),
            doubt,
            codes::NAMED_SCHEMA_UNREADABLE,
            Some("json_schema_keyword"),
        ),
        (
            text(&json!({ "$schema": "http://json-schema.org/draft-04/schema#" })),
            doubt,
            codes::NAMED_SCHEMA_UNREADABLE,
            Some("json_schema_dialect"),
        ),
    ];
    for (answer, outcome, code, detail) in rows {
        let mut world = World::new();
        world.answers.insert(Need::Resource { url: OURS.to_owned() }, answer);
        let report = judge(&world, &naming(ours()));
        finds(&report, Check::Schema, Outcome::Passed, codes::SCHEMA_OK);
        finds(&report, Check::Schema, outcome, code);
        let finding = report.findings.iter().find(|finding| finding.code == code).expect("a finding");
        assert_eq!(finding.detail.as_deref(), detail, "{code}");
        let good = outcome == Outcome::Passed;
        assert_eq!(report.verdict, if good { Verdict::Authentic } else { Verdict::CouldNotCheck }, "{code}");
    }
}

#[test]
fn row_1_7_2_schemas_are_asked_for_after_the_proof_and_never_without_end() {
    let mut forged = naming(ours());
    forged["name"] = json!("Autre");
    let world = World::new();
    let mut inquiry = checks::Inquiry::open(&forged.to_string(), crate::world::NOW, crate::ALONE);
    while let Some(need) = inquiry.next_need() {
        assert!(!matches!(need, Need::Resource { .. }), "a text that nobody signed sends us nowhere");
        inquiry.answer(&need, world.answers.get(&need).cloned().expect("an answer"));
    }
    let many: Vec<Value> = (0..9)
        .map(|place| json!({ "id": format!("https://livret.example/schemas/{place}"), "type": "1EdTechJsonSchemaValidator2019" }))
        .collect();
    let report = judge(&world, &signed(|badge| badge["credentialSchema"] = json!(many)));
    finds(&report, Check::Schema, Outcome::CouldNotCheck, codes::NAMED_SCHEMAS_TOO_MANY);
    // Another kind of schema is neither right nor wrong.
    let report = judge(&world, &naming(json!({ "id": OURS, "type": "JsonSchema" })));
    finds(&report, Check::Schema, Outcome::CouldNotCheck, codes::SCHEMA_KIND_NOT_READ);
    assert_eq!(report.verdict, Verdict::CouldNotCheck);
}

#[test]
fn row_1_7_3_what_is_issued_can_be_withdrawn_by_a_bitstring_list() {
    let mut world = World::new();
    let badge = world.badge(|_| {});
    assert_eq!(badge["credentialStatus"]["type"], "BitstringStatusListEntry");
    assert_eq!(badge["credentialStatus"]["statusPurpose"], "revocation");
    let list = world.list(|bits| bits.set(INDEX as usize, true).expect("a place"));
    world.says(status(), &world.org.sign(&list));
    let report = world.judge(&world.signed().to_string());
    finds(&report, Check::Revocation, Outcome::Failed, codes::STATUS_SET);
    assert_eq!(report.verdict, Verdict::Withdrawn);
}

#[test]
fn row_1_7_5_a_place_is_a_text_and_a_number_is_read() {
    let badge = World::new().badge(|_| {});
    assert_eq!(badge["credentialStatus"]["statusListIndex"], json!(INDEX.to_string()));
    let world = World::new();
    let number = world.org.sign(&world.badge(|badge| badge["credentialStatus"]["statusListIndex"] = json!(INDEX)));
    assert_eq!(world.judge(&number.to_string()).verdict, Verdict::Authentic);
    against(|badge| badge["credentialStatus"]["id"] = json!(LIST), "status_id_is_the_list");
}

#[test]
fn row_1_7_6_bits_are_counted_from_the_left() {
    let empty = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA";
    let bits = Bits::decode(empty, 1 << 20).expect("the vector of the W3C");
    assert_eq!((bits.entries(), bits.count()), (131_072, 0));
    let mut one = Bits::new(131_072);
    one.set(0, true).expect("a place");
    let again = Bits::decode(&one.encode(), 1 << 20).expect("what we wrote");
    assert_eq!((again.get(0), again.get(7), again.count()), (Ok(true), Ok(false), 1));
}

#[test]
fn row_1_7_7_each_step_of_the_list_has_its_refusal() {
    let mut world = World::new();
    let text = world.signed().to_string();
    let list = world.list(|_| {});
    let forged = crate::world::Party::new(crate::world::ORG, 8).sign(&list);
    let mut purpose = list.clone();
    purpose["credentialSubject"]["statusPurpose"] = json!("suspension");
    let rows: [(Result<String, Unanswered>, &str); 4] = [
        (Err(Unanswered::NotFound), codes::STATUS_UNANSWERED),
        (Ok(forged.to_string()), codes::STATUS_NOT_PROVEN),
        (Ok(world.org.sign(&purpose).to_string()), codes::STATUS_PURPOSE),
        (Ok("[]".to_owned()), codes::STATUS_UNREADABLE),
    ];
    for (answer, code) in rows {
        world.answers.insert(status(), answer);
        let report = world.judge(&text);
        finds(&report, Check::Revocation, Outcome::CouldNotCheck, code);
        assert_eq!(report.verdict, Verdict::CouldNotCheck, "never « authentic » by silence");
    }
}

#[test]
fn row_1_7_11_terms_of_use_have_a_type_that_means_something() {
    let own = json!({ "Terms": "https://livret.example/terms#Terms" });
    holds(|badge| {
        badge["@context"].as_array_mut().expect("contexts").push(own.clone());
        badge["termsOfUse"] = json!([{ "id": "https://livret.example/cgu", "type": "Terms" }]);
    });
    against(
        |badge| badge["termsOfUse"] = json!([{ "id": "https://livret.example/cgu" }]),
        "missing_member /termsOfUse/0/type",
    );
    meaningless(|badge| badge["termsOfUse"] = json!([{ "id": "https://livret.example/cgu", "type": "Terms" }]));
}
