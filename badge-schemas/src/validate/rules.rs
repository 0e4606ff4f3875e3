//! Rules that bind several members, or that the class table cannot say. Each is told where its object stands.

use std::collections::BTreeSet;

use serde_json::Value;

use super::model::Context;
use super::{Judge, Path, Surrounding, Version, values};
use crate::dates;

const VC_2: &str = "https://www.w3.org/ns/credentials/v2";
const VC_1: &str = "https://www.w3.org/2018/credentials/v1";
const SCHEMA_VALIDATOR: &str = "1EdTechJsonSchemaValidator2019";

/// What every credential of the two standards obeys.
pub(super) fn credential(judge: &mut Judge, credential: &Value, path: Path<'_>) {
    period(judge, credential, path);
    schemas(judge, credential, path);
}

/// The context of the data model first, those of the class after it in order, then any other (§B.1.2; CLR 2.0).
/// Answers what holds inside.
pub(super) fn contexts(judge: &mut Judge, found: Option<&Value>, wanted: &[Context], path: Path<'_>) -> Surrounding {
    let path = Path::Member(&path, "@context");
    let mut inside = Surrounding { version: Version::Vc2, open_badges: None };
    let all = match found {
        None | Some(Value::Null) => {
            judge.fault("missing_member", path);
            return inside;
        }
        Some(Value::Array(all)) => all,
        Some(_) => {
            judge.fault("not_an_array", path);
            return inside;
        }
    };
    let at = |place: usize| all.get(place).and_then(Value::as_str);
    match at(0) {
        Some(VC_2) => {}
        // What we write is VC 2.0.
        Some(VC_1) if !judge.canonical => inside.version = Version::Vc1,
        _ => judge.fault("context_not_vc_2", format!("{path}/0")),
    }
    for (i, context) in wanted.iter().enumerate() {
        if !at(i + 1).is_some_and(context.right) {
            judge.fault(context.code, format!("{path}/{}", i + 1));
        }
    }
    for (i, context) in all.iter().enumerate() {
        match context {
            Value::String(url) if values::is_absolute_iri(url) => {}
            Value::String(_) => judge.fault("not_absolute_iri", format!("{path}/{i}")),
            Value::Object(_) => {}
            _ => judge.fault("not_a_context", format!("{path}/{i}")),
        }
    }
    inside.open_badges = all.iter().filter_map(Value::as_str).find(|url| values::is_ob_context(url)).map(str::to_owned);
    // The contexts outside hold inside too, and their terms are protected: another version of them cannot be read.
    if let Some(outside) = &judge.surrounding {
        let other = inside.open_badges.is_some() && outside.open_badges != inside.open_badges;
        if outside.version != inside.version || other {
            judge.fault("context_version_differs", path);
        }
    }
    inside
}

/// The end is not before the start (VC 2.0, §4.9; VC 1.1, §4.6).
pub(super) fn period(judge: &mut Judge, credential: &Value, path: Path<'_>) {
    let at = |name: &str| credential[name].as_str().and_then(dates::parse_instant);
    for (from, until) in [("validFrom", "validUntil"), ("issuanceDate", "expirationDate")] {
        if let (Some(start), Some(end)) = (at(from), at(until))
            && end < start
        {
            judge.fault("ends_before_it_starts", format!("{path}/{until}"));
        }
    }
}

/// `BitstringStatusListEntry` (Bitstring Status List 1.0, §2.1), or the `1EdTechRevocationList` of before, which is
/// read and no longer written (Open Badges 3.0 as of document 1.3).
pub(super) fn status(judge: &mut Judge, status: &Value, path: Path<'_>) {
    let old = has_type(status, "1EdTechRevocationList");
    // The schema of 2025 asks for an id, that of 2026 no longer does: what has one passes both.
    if (old || judge.canonical) && status["id"].is_null() {
        judge.fault("missing_member", format!("{path}/id"));
    }
    if old && judge.canonical {
        judge.fault("status_no_longer_written", path);
    }
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
fn schemas(judge: &mut Judge, credential: &Value, path: Path<'_>) {
    let schemas = items(&credential["credentialSchema"]);
    if !schemas.is_empty() && !schemas.iter().any(|s| has_type(s, SCHEMA_VALIDATOR)) {
        judge.fault("schema_not_of_the_standard", format!("{path}/credentialSchema"));
    }
}

/// `AchievementSubject` (§B.1.3).
pub(super) fn subject(judge: &mut Judge, subject: &Value, path: Path<'_>) {
    recipient(judge, subject, path);
    results(judge, subject, path);
}

/// `ClrSubject`: a recipient, and associations between achievements that are there.
pub(super) fn clr_subject(judge: &mut Judge, subject: &Value, path: Path<'_>) {
    recipient(judge, subject, path);
    let mut known = BTreeSet::new();
    known_achievements(subject, &mut known);
    for (i, association) in items(&subject["association"]).into_iter().enumerate() {
        for end in ["sourceId", "targetId"] {
            if association[end].as_str().is_some_and(|id| !known.contains(id)) {
                judge.fault("association_dangles", format!("{path}/association/{i}/{end}"));
            }
        }
    }
}

fn known_achievements<'a>(subject: &'a Value, known: &mut BTreeSet<&'a str>) {
    known.extend(items(&subject["achievement"]).into_iter().filter_map(|a| a["id"].as_str()));
    for credential in items(&subject["verifiableCredential"]) {
        known_achievements(&credential["credentialSubject"], known);
    }
}

/// Somebody receives it. The official schemas do not catch this.
fn recipient(judge: &mut Judge, subject: &Value, path: Path<'_>) {
    if !subject["id"].is_string() && items(&subject["identifier"]).is_empty() {
        judge.fault("no_recipient", path);
    }
}

/// `IdentityObject` (§B.1.12).
pub(super) fn identity(judge: &mut Judge, identity: &Value, path: Path<'_>) {
    let hash_is_right = identity["identityHash"].as_str().is_some_and(values::is_identity_hash);
    if identity["hashed"].as_bool() == Some(true) && !hash_is_right {
        judge.fault("identity_hash", format!("{path}/identityHash"));
    }
}

/// `Criteria` (§B.1.6).
pub(super) fn criteria(judge: &mut Judge, criteria: &Value, path: Path<'_>) {
    if !criteria["id"].is_string() && !criteria["narrative"].is_string() {
        judge.fault("criteria_say_nothing", path);
    }
}

/// A result speaks of a description of this very achievement, and of its levels (§B.1.16).
fn results(judge: &mut Judge, subject: &Value, path: Path<'_>) {
    let descriptions = items(&subject["achievement"]["resultDescription"]);
    for (i, result) in items(&subject["result"]).iter().enumerate() {
        let results = Path::Member(&path, "result");
        let path = Path::Item(&results, i);
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

pub(super) fn has_type(value: &Value, name: &str) -> bool {
    items(&value["type"]).iter().any(|t| t.as_str() == Some(name))
}
