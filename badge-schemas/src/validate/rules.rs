//! Rules that bind several members, or that the class table cannot say.

use serde_json::Value;

use super::{Judge, values};
use crate::dates;

const VC_CONTEXT: &str = "https://www.w3.org/ns/credentials/v2";
const SCHEMA_VALIDATOR: &str = "1EdTechJsonSchemaValidator2019";

pub(super) fn credential(judge: &mut Judge, credential: &Value) {
    contexts(judge, &credential["@context"]);
    period(judge, credential);
    status(judge, credential);
    schemas(judge, credential);
    subject(judge, &credential["credentialSubject"]);
}

/// VC 2.0 first, Open Badges 3.0 second, then any other (§B.1.2).
fn contexts(judge: &mut Judge, contexts: &Value) {
    let path = "/@context";
    match contexts {
        Value::Null => judge.fault("missing_member", path),
        Value::Array(all) => {
            if all.first().and_then(Value::as_str) != Some(VC_CONTEXT) {
                judge.fault("context_not_vc_2", format!("{path}/0"));
            }
            if !all.get(1).and_then(Value::as_str).is_some_and(values::is_ob_context) {
                judge.fault("context_not_open_badges_3", format!("{path}/1"));
            }
            for (i, context) in all.iter().enumerate() {
                match context {
                    Value::String(url) if values::is_absolute_iri(url) => {}
                    Value::String(_) => judge.fault("not_absolute_iri", format!("{path}/{i}")),
                    Value::Object(_) => {}
                    _ => judge.fault("not_a_context", format!("{path}/{i}")),
                }
            }
        }
        _ => judge.fault("not_an_array", path),
    }
}

/// `validUntil` is not before `validFrom` (VC 2.0, §4.9).
fn period(judge: &mut Judge, credential: &Value) {
    let at = |name: &str| credential[name].as_str().and_then(dates::parse_instant);
    if let (Some(from), Some(until)) = (at("validFrom"), at("validUntil"))
        && until < from
    {
        judge.fault("ends_before_it_starts", "/validUntil");
    }
}

/// `BitstringStatusListEntry` (Bitstring Status List 1.0, §2.1).
fn status(judge: &mut Judge, credential: &Value) {
    let status = &credential["credentialStatus"];
    let path = "/credentialStatus";
    if !has_type(status, "BitstringStatusListEntry") {
        return;
    }
    if !status["statusPurpose"].is_string() {
        judge.fault("status_without_purpose", format!("{path}/statusPurpose"));
    }
    let index_is_right = match &status["statusListIndex"] {
        Value::String(index) => !index.is_empty() && index.bytes().all(|b| b.is_ascii_digit()),
        // Against the standard, but in its publisher's own samples.
        Value::Number(index) => !judge.canonical && index.is_u64(),
        _ => false,
    };
    if !index_is_right {
        judge.fault("status_index", format!("{path}/statusListIndex"));
    }
    let list = status["statusListCredential"].as_str();
    if !list.is_some_and(values::is_absolute_iri) {
        judge.fault("status_list", format!("{path}/statusListCredential"));
    } else if status["id"].as_str() == list {
        judge.fault("status_id_is_the_list", format!("{path}/id"));
    }
}

/// When schemas are named, one is the standard's own (§B.1.21).
fn schemas(judge: &mut Judge, credential: &Value) {
    let schemas = items(&credential["credentialSchema"]);
    if !schemas.is_empty() && !schemas.iter().any(|s| has_type(s, SCHEMA_VALIDATOR)) {
        judge.fault("schema_not_of_the_standard", "/credentialSchema");
    }
}

fn subject(judge: &mut Judge, subject: &Value) {
    let path = "/credentialSubject";
    let identifiers = items(&subject["identifier"]);
    if subject.is_object() && !subject["id"].is_string() && identifiers.is_empty() {
        judge.fault("no_recipient", path); // §B.1.3; the official schema does not catch it
    }
    for (i, identity) in identifiers.iter().enumerate() {
        let hash_is_right = identity["identityHash"].as_str().is_some_and(values::is_identity_hash);
        if identity["hashed"].as_bool() == Some(true) && !hash_is_right {
            judge.fault("identity_hash", format!("{path}/identifier/{i}/identityHash"));
        }
    }
    let criteria = &subject["achievement"]["criteria"];
    if criteria.is_object() && !criteria["id"].is_string() && !criteria["narrative"].is_string() {
        judge.fault("criteria_say_nothing", format!("{path}/achievement/criteria")); // §B.1.6
    }
    results(judge, subject, path);
}

/// A result speaks of a description of this very achievement, and of its levels (§B.1.16).
fn results(judge: &mut Judge, subject: &Value, path: &str) {
    let descriptions = items(&subject["achievement"]["resultDescription"]);
    for (i, result) in items(&subject["result"]).iter().enumerate() {
        let path = format!("{path}/result/{i}");
        let Some(id) = result["resultDescription"].as_str() else {
            continue;
        };
        let Some(description) = descriptions.iter().find(|d| d["id"].as_str() == Some(id)) else {
            judge.fault("result_of_another_achievement", format!("{path}/resultDescription"));
            continue;
        };
        if description["resultType"] == "Status" && result["status"].is_null() {
            judge.fault("result_without_status", format!("{path}/status"));
        }
        if let Some(level) = result["achievedLevel"].as_str() {
            // The standard's own full example takes a level of a neighbouring description: read, never written.
            let mut among = if judge.canonical { vec![*description] } else { descriptions.clone() };
            among.retain(|d| items(&d["rubricCriterionLevel"]).iter().any(|l| l["id"].as_str() == Some(level)));
            if among.is_empty() {
                judge.fault("level_of_another_result", format!("{path}/achievedLevel"));
            }
        }
    }
}

/// The items of a list, or the one value written bare.
fn items(value: &Value) -> Vec<&Value> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(items) => items.iter().collect(),
        one => vec![one],
    }
}

fn has_type(value: &Value, name: &str) -> bool {
    items(&value["type"]).iter().any(|t| t.as_str() == Some(name))
}
