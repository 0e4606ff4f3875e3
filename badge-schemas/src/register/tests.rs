use serde_json::{Value, json};
use time::macros::datetime;

use super::*;

fn register() -> Register {
    let key =
        |multibase: &str, until| Key { multibase: multibase.into(), from: datetime!(2026-11-01 08:00 UTC), until };
    Register {
        url: "https://livret.example/registre".into(),
        issuer: "did:web:livret.example:o:r4m8t2wz".into(),
        at: datetime!(2026-11-20 14:05:09 UTC),
        entries: vec![
            Entry {
                did: "did:web:livret.example:o:7h2k9qx4".into(),
                name: "Estuaire Compétences".into(),
                short_name: Some("Estuaire".into()),
                town: Some("Le Havre".into()),
                keys: vec![key("z6MkA", Some(datetime!(2026-11-10 00:00 UTC))), key("z6MkB", None)],
                from: datetime!(2026-11-01 08:00 UTC),
                until: Some(datetime!(2026-11-15 12:00 UTC)),
                families: vec![Family::Comportementale, Family::Base],
            },
            Entry {
                did: "did:web:livret.example:o:7h2k9qx4".into(),
                name: "Estuaire Compétences".into(),
                short_name: None,
                town: None,
                keys: vec![key("z6MkB", None)],
                from: datetime!(2026-11-18 08:00 UTC),
                until: None,
                families: vec![Family::Numerique],
            },
        ],
    }
}

#[test]
fn what_is_composed_is_read_back() {
    for entries in [register().entries, Vec::new()] {
        let register = Register { entries, ..register() };
        let text = compose(&register).to_string();
        assert_eq!(parse(&crate::json::parse_strict(&text).unwrap()), Ok(register));
    }
}

#[test]
fn the_term_of_short_names_stands_there_when_it_is_used() {
    let mut register = register();
    let terms = |register: &Register| compose(register)["@context"][1].clone();
    assert_eq!(terms(&register)["organisationShortName"], "https://livret.example/registre#organisationShortName");
    register.entries[0].short_name = None;
    assert!(terms(&register).get("organisationShortName").is_none(), "as programs of before know it");
    assert_eq!(parse(&compose(&register)), Ok(register));
}

#[test]
fn every_node_has_an_absolute_id_of_its_own() {
    let mut ids = Vec::new();
    collect(&compose(&register())["credentialSubject"], &mut ids);
    let count = ids.len();
    assert_eq!(count, 1 + 2 + 3);
    assert!(ids.iter().all(|id| id.starts_with("https://livret.example/registre#")));
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count);
}

fn collect(value: &Value, ids: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            ids.push(members["id"].as_str().unwrap().to_owned());
            members.values().for_each(|v| collect(v, ids));
        }
        Value::Array(items) => items.iter().for_each(|v| collect(v, ids)),
        _ => {}
    }
}

#[test]
fn every_term_is_defined_by_an_absolute_iri() {
    let document = compose(&register());
    let terms = document["@context"][1].as_object().unwrap();
    for term in terms.values() {
        let iri = term["@id"].as_str().or(term.as_str()).unwrap();
        assert!(iri.starts_with("https://livret.example/registre#"));
    }
    let known = ["@context", "id", "type", "issuer", "validFrom", "credentialSubject"];
    let mut used = Vec::new();
    names(&document["credentialSubject"], &mut used);
    assert!(used.iter().all(|n| terms.contains_key(n) || known.contains(&n.as_str())));
}

fn names(value: &Value, all: &mut Vec<String>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(n, v)| {
            all.push(n.clone());
            names(v, all);
        }),
        Value::Array(items) => items.iter().for_each(|v| names(v, all)),
        _ => {}
    }
}

#[test]
fn a_signed_register_is_read_too() {
    let mut document = compose(&register());
    document["proof"] = json!({"type": "DataIntegrityProof"});
    assert!(parse(&document).is_ok());
}

#[test]
fn anything_unknown_or_out_of_shape_is_refused_where_it_stands() {
    let entry = "/credentialSubject/habilitation/0";
    let cases: [(&str, Value); 11] = [
        ("/issuer", json!({"id": "did:web:other"})),
        ("/validFrom", json!("2026-11-20")),
        ("/type", json!(["VerifiableCredential"])),
        ("/@context", json!(["https://www.w3.org/ns/credentials/v2"])),
        ("/credentialSubject/type", json!("Other")),
        ("/credentialSubject/habilitation", json!([])),
        ("/credentialSubject/habilitation/0/organisation", json!("")),
        ("/credentialSubject/habilitation/0/from", json!("yesterday")),
        ("/credentialSubject/habilitation/0/mayAttest", json!("base")),
        ("/credentialSubject/habilitation/0/mayAttest/1", json!("everything")),
        ("/credentialSubject/habilitation/0/signingKey/0/verificationMethod", json!("did:web:other#z6MkA")),
    ];
    for (path, value) in cases {
        let mut document = compose(&register());
        *document.pointer_mut(path).unwrap() = value;
        assert_eq!(parse(&document).unwrap_err().path, path);
    }
    let mut document = compose(&register());
    document.pointer_mut(entry).unwrap()["extra"] = json!(1);
    assert_eq!(parse(&document).unwrap_err().path, format!("{entry}/extra"));
    assert!(parse(&json!("register")).is_err());
}

#[test]
fn a_habilitation_holds_from_its_start_until_just_before_its_end() {
    let register = register();
    let did = "did:web:livret.example:o:7h2k9qx4";
    assert!(register.entry_at(did, datetime!(2026-11-01 07:59:59 UTC)).is_none());
    assert_eq!(register.entry_at(did, datetime!(2026-11-01 08:00 UTC)).unwrap().town.as_deref(), Some("Le Havre"));
    assert!(register.entry_at(did, datetime!(2026-11-15 12:00 UTC)).is_none());
    assert!(register.entry_at(did, datetime!(2026-11-18 08:00 UTC)).is_some());
    assert!(register.entry_at("did:web:other", datetime!(2026-11-18 08:00 UTC)).is_none());
    assert_eq!(register.entries_of(did).count(), 2);
    let entry = &register.entries[0];
    assert!(entry.key_at("z6MkA", datetime!(2026-11-09 23:59:59 UTC)).is_some());
    assert!(entry.key_at("z6MkA", datetime!(2026-11-10 00:00 UTC)).is_none());
    assert!(entry.may_attest(Family::Cle) && !entry.may_attest(Family::Numerique));
}
