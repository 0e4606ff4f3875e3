//! Writes the register.

use serde_json::{Map, Value, json};

use super::{Entry, Key, Register};
use crate::{dates, profile};

/// The unsigned register. Every entry and key has an id, and every term of our own is defined in the document itself,
/// by an absolute IRI below the register's address: any JSON-LD processor reads it in safe mode, without a context of ours.
pub fn compose(register: &Register) -> Value {
    let url = &register.url;
    let mut subject = json!({ "id": format!("{url}#registre"), "type": "TrustRegister" });
    if !register.entries.is_empty() {
        subject["habilitation"] = register.entries.iter().map(|e| entry(url, e)).collect();
    }
    json!({
        "@context": ["https://www.w3.org/ns/credentials/v2", terms(url, register.entries.iter().any(|e| e.short_name.is_some()))],
        "id": url,
        "type": ["VerifiableCredential", "TrustRegisterCredential"],
        "issuer": register.issuer,
        "validFrom": dates::instant(register.at),
        "credentialSubject": subject,
    })
}

/// The terms of the register, as its inline context defines them. That of short names stands there only when it is used:
/// programs of before read every register without them.
pub(super) fn terms(url: &str, short_names: bool) -> Value {
    let term = |name: &str| format!("{url}#{name}");
    let typed = |name: &str, datatype: &str| json!({ "@id": term(name), "@type": datatype });
    let date_time = "http://www.w3.org/2001/XMLSchema#dateTime";
    let multibase = "https://w3id.org/security#multibase";
    let mut terms = json!({
        "TrustRegisterCredential": term("TrustRegisterCredential"),
        "TrustRegister": term("TrustRegister"),
        "Habilitation": term("Habilitation"),
        "HabilitatedKey": term("HabilitatedKey"),
        "habilitation": typed("habilitation", "@id"),
        "organisation": typed("organisation", "@id"),
        "organisationName": term("organisationName"),
        "town": term("town"),
        "mayAttest": term("mayAttest"),
        "signingKey": typed("signingKey", "@id"),
        "verificationMethod": typed("verificationMethod", "@id"),
        "publicKeyMultibase": typed("publicKeyMultibase", multibase),
        "from": typed("from", date_time),
        "until": typed("until", date_time),
    });
    if short_names {
        terms["organisationShortName"] = json!(term("organisationShortName"));
    }
    terms
}

fn entry(url: &str, entry: &Entry) -> Value {
    // An organisation habilitated twice has two entries: its DID alone would make them one node.
    let id = format!("{url}#{}/{}", entry.did, dates::instant(entry.from));
    let mut value = Map::new();
    value.insert("id".into(), json!(id));
    value.insert("type".into(), json!("Habilitation"));
    value.insert("organisation".into(), json!(entry.did));
    value.insert("organisationName".into(), json!(entry.name));
    if let Some(short_name) = &entry.short_name {
        value.insert("organisationShortName".into(), json!(short_name));
    }
    if let Some(town) = &entry.town {
        value.insert("town".into(), json!(town));
    }
    value.insert("from".into(), json!(dates::instant(entry.from)));
    if let Some(until) = entry.until {
        value.insert("until".into(), json!(dates::instant(until)));
    }
    if !entry.families.is_empty() {
        value.insert("mayAttest".into(), entry.families.iter().map(|f| json!(f.code())).collect());
    }
    if !entry.keys.is_empty() {
        let keys = entry.keys.iter().map(|k| key(&id, &entry.did, k)).collect();
        value.insert("signingKey".into(), keys);
    }
    Value::Object(value)
}

fn key(entry_id: &str, did: &str, key: &Key) -> Value {
    let mut value = json!({
        "id": format!("{entry_id}/{}", profile::key_name(&key.multibase)),
        "type": "HabilitatedKey",
        "verificationMethod": profile::key_id(did, &key.multibase),
        "publicKeyMultibase": key.multibase,
        "from": dates::instant(key.from),
    });
    if let Some(until) = key.until {
        value["until"] = json!(dates::instant(until));
    }
    value
}
