//! Records, by the rows of the checklist of CLR 2.0 (C1–C22).

use time::macros::datetime;

use super::*;
use crate::credential::{SchemaFault, validate, validate_canonical};

fn badge() -> Value {
    serde_json::from_str(include_str!("../../tests/data/badge.json")).unwrap()
}

fn publisher() -> IssuerFacts {
    IssuerFacts {
        did: "did:web:livret.example:o:r4m8t2wz".into(),
        name: "Livret".into(),
        url: "https://livret.example".into(),
    }
}

fn facts<'a>(publisher: &'a IssuerFacts, badges: &'a [Held<'a>]) -> ClrFacts<'a> {
    ClrFacts {
        id: "urn:uuid:0b9f4a52-3c1d-4f0e-8e55-6a7d2b91c3aa",
        name: "Livret de compétences – Inès Duval",
        description: None,
        publisher,
        valid_from: datetime!(2026-11-22 10:00 UTC),
        learner: Learner::Id("did:key:z6MkuRrt69bi6f4P8itdSUPGk4yaJDnwUGV2CKeUwNZQf4YS"),
        badges,
        achievements: &[],
        associations: &[],
    }
}

fn record() -> Value {
    compose(&facts(&publisher(), &[Held::Json(&badge())])).unwrap().clr
}

fn codes(clr: &Value) -> Vec<(&'static str, String)> {
    validate(clr).into_iter().map(|f| (f.code, f.path)).collect()
}

fn with(change: impl FnOnce(&mut Value)) -> Vec<(&'static str, String)> {
    let mut record = record();
    change(&mut record);
    codes(&record)
}

fn without(path: &str) -> Vec<(&'static str, String)> {
    with(|record| {
        let (parent, name) = path.rsplit_once('/').unwrap();
        record.pointer_mut(parent).unwrap().as_object_mut().unwrap().shift_remove(name).unwrap();
    })
}

fn one(code: &'static str, path: &str) -> Vec<(&'static str, String)> {
    vec![(code, path.to_owned())]
}

#[test]
fn clr_c1_and_c2_contexts_in_order() {
    assert_eq!(record()["@context"], json!(CONTEXTS));
    assert_eq!(
        with(|r| r["@context"].as_array_mut().unwrap().swap(1, 2)),
        [("context_not_clr_2", "/@context/1".into()), ("context_not_open_badges_3", "/@context/2".into())]
    );
    assert_eq!(with(|r| r["@context"][1] = json!("https://purl.imsglobal.org/spec/clr/v2p0/context.json")), []);
}

#[test]
fn clr_c1_the_form_of_vc_1_1_is_read_and_not_written() {
    let mut old = record();
    old["@context"][0] = json!("https://www.w3.org/2018/credentials/v1");
    let from = old["validFrom"].take();
    old.as_object_mut().unwrap().shift_remove("validFrom");
    old["issuanceDate"] = from;
    assert_eq!(codes(&old), one("context_version_differs", "/credentialSubject/verifiableCredential/0/@context"));
    assert!(validate_canonical(&old).iter().any(|f| f.code == "context_not_vc_2"));
}

#[test]
fn clr_c3_types() {
    assert_eq!(record()["type"], json!(["VerifiableCredential", "ClrCredential"]));
    assert_eq!(with(|r| r["type"] = json!(["ClrCredential"])), one("wrong_type", "/type"));
    assert_eq!(without("/credentialSubject/type"), one("missing_member", "/credentialSubject/type"));
}

#[test]
fn clr_c4_names_the_schema_of_the_standard() {
    assert_eq!(record()["credentialSchema"][0]["id"], SCHEMA);
}

#[test]
fn clr_c6_to_c8_required_members() {
    for path in ["/id", "/name", "/issuer", "/validFrom", "/issuer/id", "/credentialSubject/verifiableCredential"] {
        assert_eq!(without(path), one("missing_member", path));
    }
    assert_eq!(without("/@context").first(), Some(&("missing_member", "/@context".into())));
}

#[test]
fn clr_c7_the_publisher_signs() {
    assert_eq!(record()["issuer"]["id"], "did:web:livret.example:o:r4m8t2wz");
    assert_eq!(record()["issuer"]["type"], json!(["Profile"]));
}

/// What a person chooses is never said to be everything.
#[test]
fn clr_c9_a_chosen_record_is_partial() {
    assert_eq!(record()["partial"], true);
    assert_eq!(with(|r| r["partial"] = json!("true")), one("not_a_boolean", "/partial"));
}

#[test]
fn clr_c11_somebody_is_the_learner() {
    let nobody = without("/credentialSubject/id");
    assert_eq!(nobody, one("no_recipient", "/credentialSubject"));
    let (publisher, badge) = (publisher(), badge());
    let held = [Held::Json(&badge)];
    let named = ClrFacts { learner: Learner::Named("Inès Duval", None), ..facts(&publisher, &held) };
    let clr = compose(&named).unwrap().clr;
    assert_eq!(clr["credentialSubject"]["identifier"][0]["identityHash"], "Inès Duval");
    assert_eq!(validate_canonical(&clr), []);
    for learner in [Learner::Id("me"), Learner::Named(" ", None), Learner::Named("a\u{202e}b", None)] {
        assert!(compose(&ClrFacts { learner, ..facts(&publisher, &held) }).is_err());
    }
}

/// A record holds at least one credential; each is judged as what it says it is.
#[test]
fn clr_c12_embedded_credentials_are_whole() {
    assert_eq!(validate_canonical(&record()), []);
    let inner = "/credentialSubject/verifiableCredential/0";
    assert_eq!(
        without(&format!("{inner}/credentialSubject/achievement/name")),
        one("missing_member", &format!("{inner}/credentialSubject/achievement/name"))
    );
    // Another kind of credential: the members of any credential, no more.
    let other = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiableCredential"],
        "issuer": "did:web:a.example", "validFrom": "2026-01-01T00:00:00Z", "credentialSubject": {"id": "urn:a:b"},
    });
    assert_eq!(with(|r| *r.pointer_mut(inner).unwrap() = other.clone()), []);
    let mut dateless = other;
    dateless.as_object_mut().unwrap().shift_remove("validFrom");
    let faults = with(|r| *r.pointer_mut(inner).unwrap() = dateless);
    assert_eq!(faults, one("missing_member", &format!("{inner}/validFrom")));
    assert_eq!(compose(&facts(&publisher(), &[])), Err(ClrFault::NoBadge(vec![])));
}

#[test]
fn clr_c13_and_c14_associations_name_achievements_that_are_there() {
    let (publisher, badge) = (publisher(), badge());
    let held = [Held::Json(&badge)];
    let ours = badge["credentialSubject"]["achievement"]["id"].as_str().unwrap();
    let programme = [json!({
        "id": "urn:uuid:dd887f0a-56cb-41ec-bf63-0242ac130002", "type": ["Achievement"], "name": "Parcours",
        "description": "Parcours", "criteria": {"narrative": "Tous les badges"},
    })];
    let part =
        Association { kind: AssociationType::IsPartOf, source: ours, target: programme[0]["id"].as_str().unwrap() };
    let right = ClrFacts { achievements: &programme, associations: &[part], ..facts(&publisher, &held) };
    let clr = compose(&right).unwrap().clr;
    assert_eq!(validate_canonical(&clr), []);
    assert_eq!(compose(&ClrFacts { achievements: &[], ..right }), Err(ClrFault::Dangling(0)));
    let path = "/credentialSubject/association/0";
    for (member, value, code) in [
        ("targetId", json!("urn:a:b"), "association_dangles"),
        ("associationType", json!("ext:isLike"), "not_in_vocabulary"),
        ("type", json!(["Association"]), "not_text"),
        ("sequenceNumber", json!(1), "unknown_member"),
    ] {
        let mut wrong = clr.clone();
        wrong.pointer_mut(path).unwrap()[member] = value;
        assert_eq!(codes(&wrong), one(code, &format!("{path}/{member}")));
    }
}

/// The signed text of a badge is what is embedded, proof included, member for member.
#[test]
fn clr_c16_badges_are_embedded_as_they_were_signed() {
    let record = record();
    let embedded = &record["credentialSubject"]["verifiableCredential"][0];
    assert_eq!(embedded.to_string(), badge().to_string());
    assert!(embedded["proof"].is_object());
}

/// C17: the same achievement under two descriptions is two badges, each whole.
#[test]
fn clr_c17_badges_about_one_achievement_stay_apart() {
    let (first, mut second) = (badge(), badge());
    second["credentialSubject"]["achievement"]["description"] = json!("Autre texte");
    let clr = compose(&facts(&publisher(), &[Held::Json(&first), Held::Json(&second)])).unwrap().clr;
    assert_eq!(clr["credentialSubject"]["verifiableCredential"], json!([first, second]));
    assert_eq!(validate_canonical(&clr), []);
}

#[test]
fn clr_c18_and_c19_what_cannot_be_embedded_is_set_aside_and_named() {
    let good = badge();
    let changed = |change: fn(&mut Value)| {
        let mut badge = badge();
        change(&mut badge);
        badge
    };
    let older = changed(|b| b["@context"][1] = json!("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json"));
    let vc_1 = changed(|b| b["@context"][0] = json!("https://www.w3.org/2018/credentials/v1"));
    let bare = changed(|b| b["@context"] = json!("https://www.w3.org/ns/credentials/v2"));
    let more = changed(|b| b["@context"].as_array_mut().unwrap().push(json!({"x": "https://a.example/x"})));
    let unsigned = changed(|b| b["proof"] = Value::Null);
    let two = json!({"@context": "https://w3id.org/openbadges/v2", "type": "Assertion"});
    let badges = [
        (Held::Json(&older), Some(Reason::ContextVersion)),
        (Held::Json(&good), None),
        (Held::Json(&vc_1), Some(Reason::ContextVersion)),
        (Held::Json(&bare), Some(Reason::ContextVersion)),
        (Held::Json(&more), Some(Reason::OtherContext)),
        (Held::Json(&unsigned), Some(Reason::Unsigned)),
        (Held::Json(&two), Some(Reason::NotOpenBadges3)),
        (Held::Jws("e30.e30.c2ln"), Some(Reason::Jws)),
    ];
    let held: Vec<Held> = badges.iter().map(|(held, _)| *held).collect();
    let expected: Vec<SetAside> = badges
        .iter()
        .enumerate()
        .filter_map(|(place, (_, reason))| reason.map(|reason| SetAside { place, reason }))
        .collect();
    let composed = compose(&facts(&publisher(), &held)).unwrap();
    assert_eq!(composed.aside, expected);
    assert_eq!(composed.clr["credentialSubject"]["verifiableCredential"], json!([good]));
    assert!(matches!(compose(&facts(&publisher(), &held[4..])), Err(ClrFault::NoBadge(aside)) if aside.len() == 4));
}

/// C22: the learner's identifiers are a term of this context only.
#[test]
fn clr_c22_the_context_defines_the_learners_identifiers() {
    let context: Value = serde_json::from_str(crate::contexts::get(CONTEXTS[1]).unwrap()).unwrap();
    assert!(context.to_string().contains("\"identifier\""));
}

#[test]
fn what_is_no_record_does_not_panic() {
    for wrong in [
        json!({"type": "ClrCredential"}),
        json!({"type": ["ClrCredential"], "@context": [], "credentialSubject": {"verifiableCredential": [1, null, [], {}]}}),
        json!({"type": ["ClrCredential"], "credentialSubject": {"association": [1, {}], "verifiableCredential": {"type": 1}}}),
    ] {
        let faults: Vec<SchemaFault> = validate(&wrong);
        assert!(!faults.is_empty());
    }
}
