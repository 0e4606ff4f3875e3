//! Endorsements, composed and put into badges.

use time::macros::datetime;

use super::*;
use crate::credential::{validate, validate_canonical};

fn endorser() -> IssuerFacts {
    IssuerFacts {
        did: "did:web:livret.example:o:r4m8t2wz".into(),
        name: "Région Normandie".into(),
        url: "https://livret.example/o/r4m8t2wz".into(),
    }
}

fn facts<'a>(endorser: &'a IssuerFacts, endorsed: &'a str) -> EndorsementFacts<'a> {
    EndorsementFacts {
        id: "urn:uuid:0b9f4a52-3c1d-4f0e-8e55-6a7d2b91c3aa",
        endorser,
        name: "Reconnaissance de la Région",
        endorsed,
        comment: Some("Conforme au **référentiel** normand."),
        valid_from: datetime!(2026-11-20 14:05:09 UTC),
        valid_until: Some(datetime!(2029-11-20 14:05:09 UTC)),
        status: Some(StatusFacts { list_url: "https://livret.example/o/r4m8t2wz/status/1", index: 7 }),
    }
}

fn badge() -> Value {
    let mut badge: Value = serde_json::from_str(include_str!("../../tests/data/badge.json")).unwrap();
    badge.as_object_mut().unwrap().shift_remove("proof");
    badge
}

fn signed(endorsed: &str) -> Value {
    let mut endorsement = compose(&facts(&endorser(), endorsed));
    endorsement["proof"] = json!({"type": "DataIntegrityProof"});
    endorsement
}

/// Open Badges 3.0 §B.1.7 and §B.1.8: required members, `name` among them.
#[test]
fn row_1_5_16_and_1_5_17_required_members_are_required() {
    let endorsement = compose(&facts(&endorser(), "https://livret.example/badges/1"));
    assert_eq!(validate_canonical(&endorsement), []);
    for path in ["@context", "id", "type", "name", "issuer", "validFrom", "credentialSubject"] {
        let mut without = endorsement.clone();
        without.as_object_mut().unwrap().shift_remove(path);
        assert!(!validate(&without).is_empty(), "{path}");
    }
    for path in ["id", "type"] {
        let mut without = endorsement.clone();
        without["credentialSubject"].as_object_mut().unwrap().shift_remove(path);
        let faults = validate(&without);
        assert_eq!(
            (faults[0].code, faults[0].path.as_str()),
            ("missing_member", &*format!("/credentialSubject/{path}"))
        );
    }
}

#[test]
fn what_cannot_be_signed_is_said() {
    let endorser = endorser();
    assert_eq!(facts(&endorser, "urn:a:b").faults(), []);
    let wrong =
        EndorsementFacts { name: " ", valid_until: Some(datetime!(2020-01-01 0:00 UTC)), ..facts(&endorser, "b/1") };
    assert_eq!(wrong.faults(), [EndorsementFault::Id, EndorsementFault::NameEmpty, EndorsementFault::Period]);
    let hidden = EndorsementFacts { comment: Some("a\u{202e}b"), ..facts(&endorser, "urn:a:b") };
    assert!(matches!(hidden.faults()[..], [EndorsementFault::Text(_)]));
}

/// Checklist 1.5.18: on the credential, the issuer and the achievement, both forms.
#[test]
fn row_1_5_18_endorsements_go_where_they_belong() {
    let mut badge = badge();
    for (part, pointer) in [
        (Endorsed::Credential, ""),
        (Endorsed::Issuer, "/issuer"),
        (Endorsed::Achievement, "/credentialSubject/achievement"),
    ] {
        let id = badge.pointer(&format!("{pointer}/id")).unwrap().as_str().unwrap().to_owned();
        attach(&mut badge, part, Endorsement::Embedded(signed(&id))).unwrap();
        attach(&mut badge, part, Endorsement::Embedded(signed(&id))).unwrap();
        attach(&mut badge, part, Endorsement::Jwt("e30.e30.c2ln".into())).unwrap();
        let target = badge.pointer(pointer).unwrap();
        assert_eq!(target["endorsement"], json!([signed(&id), signed(&id)]));
        assert_eq!(target["endorsementJwt"], json!(["e30.e30.c2ln"]));
    }
    assert_eq!(validate_canonical(&badge), []);
}

/// Checklist 1.1.9b: another version of the contexts is delivered as a JWT.
#[test]
fn row_1_1_9b_contexts_of_another_version_are_not_embedded() {
    let mut old = signed("https://livret.example/badges/5f0c2c1e-7d0b-4b83-9a1f-2f6a1c0e9d47");
    old["@context"][1] = json!("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json");
    let attached = attach(&mut badge(), Endorsed::Credential, Endorsement::Embedded(old.clone()));
    assert_eq!(attached, Err(EndorsementFault::ContextVersion));
    let mut badge = badge();
    badge["endorsement"] = json!([old]);
    let faults = validate(&badge);
    assert_eq!(
        (faults.len(), faults[0].code, &*faults[0].path),
        (1, "context_version_differs", "/endorsement/0/@context")
    );
}

#[test]
fn what_does_not_fit_is_refused() {
    let id = "https://livret.example/badges/5f0c2c1e-7d0b-4b83-9a1f-2f6a1c0e9d47";
    let embedded = |value: Value| attach(&mut badge(), Endorsed::Credential, Endorsement::Embedded(value));
    assert_eq!(embedded(signed(id)), Ok(()));
    assert_eq!(embedded(signed("urn:a:b")), Err(EndorsementFault::AboutAnother));
    assert_eq!(embedded(compose(&facts(&endorser(), id))), Err(EndorsementFault::NotSigned));
    assert_eq!(embedded(badge()), Err(EndorsementFault::NotSigned));
    assert_eq!(
        attach(&mut badge(), Endorsed::Issuer, Endorsement::Jwt("e30".into())),
        Err(EndorsementFault::NotSigned)
    );
    let mut done = badge();
    done["proof"] = json!({"type": "DataIntegrityProof"});
    assert_eq!(
        attach(&mut done, Endorsed::Issuer, Endorsement::Jwt("e30.e30.c2ln".into())),
        Err(EndorsementFault::BadgeSigned)
    );
}
