//! Which version a document is, and how 0.5 and 1.0 become 1.1 (2.0 §History, as the reference validator does).

use serde_json::{Map, Value, json};
use url::Url;

use super::model::Class;
use super::{CONTEXT, CONTEXT_V1};

/// A version of Open Badges before 3.0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// 0.5: one object, the recipient is a string.
    V0_5,
    /// 1.0: JSON without context.
    V1_0,
    /// 1.1: JSON-LD.
    V1_1,
    /// 2.0 (and 2.1, whose documents are the same).
    V2_0,
}

impl Version {
    /// `2.0`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::V0_5 => "0.5",
            Self::V1_0 => "1.0",
            Self::V1_1 => "1.1",
            Self::V2_0 => "2.0",
        }
    }

    /// The version that a document is written in.
    pub fn of(document: &Value) -> Self {
        let says = |context: &Value, version: &str| context.as_str().is_some_and(|text| text.contains(version));
        match &document["@context"] {
            Value::Null if document["recipient"].is_string() => Self::V0_5,
            Value::Null => Self::V1_0,
            context @ Value::String(_) if says(context, "v2") => Self::V2_0,
            context @ Value::String(_) if says(context, "v1") => Self::V1_1,
            Value::Array(all) if all.iter().any(|c| c == CONTEXT_V1) && !all.iter().any(|c| c == CONTEXT) => Self::V1_1,
            _ => Self::V2_0,
        }
    }
}

/// Brings 0.5 and 1.0 into 1.1, and gives a 1.x document the id that it has by its place. `from` is the address that
/// it was read from, `class` what it was read as.
pub(super) fn upgrade(document: &mut Map<String, Value>, version: Version, class: Class, from: Option<&str>) {
    match version {
        Version::V2_0 => {}
        Version::V1_1 => own_id(document, from),
        Version::V1_0 => one_zero(document, class, from),
        Version::V0_5 => zero_five(document, from),
    }
}

fn own_id(document: &mut Map<String, Value>, from: Option<&str>) {
    if document.contains_key("id") || document.contains_key("@id") {
        return;
    }
    let verify = &document.get("verify").cloned().unwrap_or_default();
    let uid = document.get("uid").and_then(Value::as_str);
    let id = match (from, verify["url"].as_str(), uid) {
        (Some(from), ..) => from.to_owned(),
        // The `url` of a signed badge is its key's.
        (None, Some(url), _) if verify["type"] != "signed" => url.to_owned(),
        (None, _, Some(uid)) => format!("uid:{uid}"),
        _ => return,
    };
    document.insert("id".into(), json!(id));
}

fn one_zero(document: &mut Map<String, Value>, class: Class, from: Option<&str>) {
    if class == Class::RevocationList && !document.contains_key("type") {
        let entries: Vec<Value> = std::mem::take(document)
            .into_iter()
            .map(|(uid, reason)| {
                let mut entry = json!({ "uid": uid });
                if reason.is_string() {
                    entry["revocationReason"] = reason;
                }
                entry
            })
            .collect();
        document.insert("@context".into(), json!(CONTEXT));
        document.insert("type".into(), json!("RevocationList"));
        document.extend(from.map(|from| ("id".to_owned(), json!(from))));
        document.insert("revokedAssertions".into(), json!(entries));
        return;
    }
    own_id(document, from);
    document.insert("@context".into(), json!(CONTEXT_V1));
    by_shape(document);
    if let Some(Value::Object(badge)) = document.get_mut("badge") {
        by_shape(badge);
        if let Some(Value::Object(issuer)) = badge.get_mut("issuer") {
            by_shape(issuer);
        }
    }
    if let Some(Value::Object(issuer)) = document.get_mut("issuer") {
        by_shape(issuer);
    }
}

/// 1.0 objects do not say what they are; their members do.
fn by_shape(object: &mut Map<String, Value>) {
    if object.contains_key("type") {
        return;
    }
    let class = if object.contains_key("recipient") {
        "Assertion"
    } else if object.contains_key("criteria") {
        "BadgeClass"
    } else if object.contains_key("url") {
        "Issuer"
    } else {
        return;
    };
    object.insert("type".into(), json!(class));
}

fn zero_five(document: &mut Map<String, Value>, from: Option<&str>) {
    let mut old = std::mem::take(document);
    let mut take = |name: &str| old.remove(name).unwrap_or_default();
    let recipient = take("recipient");
    let hashed = !recipient.as_str().unwrap_or_default().contains('@');
    let mut identity = json!({ "type": "email", "identity": recipient, "hashed": hashed });
    if let salt @ Value::String(_) = take("salt") {
        identity["salt"] = salt;
    }
    let badge = take("badge");
    let issuer = &badge["issuer"];
    let origin = issuer["origin"].as_str().unwrap_or_default();
    // 0.5 allows paths, read against the issuer's origin.
    let absolute = |value: &Value| match (value.as_str(), Url::parse(origin)) {
        (Some(path), Ok(origin)) => origin.join(path).map_or_else(|_| value.clone(), |url| json!(url.as_str())),
        _ => value.clone(),
    };
    document.insert("@context".into(), json!(CONTEXT_V1));
    document.extend(from.map(|from| ("id".to_owned(), json!(from))));
    document.insert("type".into(), json!("Assertion"));
    document.insert("recipient".into(), identity);
    for (new, value) in [("issuedOn", take("issued_on")), ("expires", take("expires"))] {
        if !value.is_null() {
            document.insert(new.into(), value);
        }
    }
    if let evidence @ Value::String(_) = take("evidence") {
        document.insert("evidence".into(), absolute(&evidence));
    }
    document.insert("verify".into(), json!({ "type": "hosted", "url": from }));
    document.insert(
        "badge".into(),
        json!({
            "id": "_:badge",
            "type": "BadgeClass",
            "name": badge["name"],
            "description": badge["description"],
            "image": absolute(&badge["image"]),
            "criteria": absolute(&badge["criteria"]),
            "issuer": {
                "id": "_:issuer",
                "type": "Issuer",
                "name": issuer["name"],
                "url": issuer["origin"],
                "email": issuer["contact"],
                "description": issuer["org"],
            },
        }),
    );
}
