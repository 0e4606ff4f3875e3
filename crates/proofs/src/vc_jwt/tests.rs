use serde_json::json;

use super::*;
use crate::jws::{JwsFault, signing_input};
use crate::key::KeyFault;
use crate::test_keys::{public, sign};

const KID: &str = "https://issuer.example/keys/1";

/// Our specimen, to which an end is added.
fn credential() -> Value {
    let mut badge: Value = serde_json::from_str(include_str!("../../tests/data/badge.json")).unwrap();
    badge.as_object_mut().unwrap().shift_remove("proof");
    badge["validUntil"] = json!("2030-01-01T00:00:00Z");
    badge
}

/// A VC 1.1 badge with its claims.
fn old() -> Value {
    let subject = json!({"id": "did:example:learner", "type": "AchievementSubject"});
    let vc = json!({
        "@context": [VC_1, "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json"], "id": "urn:uuid:1",
        "type": ["VerifiableCredential", "OpenBadgeCredential"], "issuer": {"id": "https://issuer.example/", "type": "Profile"},
        "issuanceDate": "2024-01-01T00:00:00Z", "expirationDate": "2024-06-01T00:00:00Z", "credentialSubject": subject,
    });
    json!({"iss": "https://issuer.example/", "jti": "urn:uuid:1", "sub": "did:example:learner", "nbf": 1_704_067_200,
        "exp": 1_717_200_000, "vc": vc})
}

fn header() -> Value {
    json!({"alg": "RS256", "kid": KID, "typ": "JWT"})
}

fn jwt(header: &Value, payload: &Value) -> String {
    let unsigned = signing_input(header.as_object().unwrap(), payload.to_string().as_bytes());
    let signature = sign(Alg::Rs256, unsigned.signing_input().as_bytes());
    unsigned.finish(&signature)
}

/// The payload that [`prepare`] writes.
fn payload() -> Value {
    let prepared = prepare(&credential(), Alg::Rs256, KID).unwrap();
    let jws = Jws::read(&prepared.finish(b"x")).unwrap();
    serde_json::from_slice(jws.payload()).unwrap()
}

#[test]
fn what_is_prepared_is_read_back_in_every_algorithm() {
    for alg in Alg::ALL {
        let prepared = prepare(&credential(), alg, KID).unwrap();
        let signature = sign(alg, prepared.signing_input().as_bytes());
        let read = read(&prepared.finish(&signature)).unwrap();
        assert_eq!(read.verify(&public(alg)), Ok(alg));
        assert_eq!(read.credential(), &credential());
        assert_eq!(read.claim_faults(), []);
        assert_eq!((read.form(), read.alg(), read.typ()), (Form::Vc2, alg, Some("JWT")));
        assert_eq!(read.key(), &KeyHint::Kid(KID.to_owned()));
        assert!(read.other_headers().is_empty());
        assert_eq!(read.valid_from(), Some(time::macros::datetime!(2026-11-20 14:05:09 UTC)));
        assert_eq!(read.valid_until(), Some(time::macros::datetime!(2030-01-01 0:00 UTC)));
    }
    let without_end = |c: &mut Value| drop(c.as_object_mut().unwrap().shift_remove("validUntil"));
    let mut unending = credential();
    without_end(&mut unending);
    let read = read(&prepare(&unending, Alg::EdDsa, KID).unwrap().finish(b"x")).unwrap();
    assert!(!read.claims().contains_key("exp"));
    assert_eq!((read.claim_faults(), read.valid_until()), (vec![], None));
}

#[test]
fn what_cannot_be_a_vc_jwt_is_not_prepared() {
    type Case = (VcJwtFault, fn(&mut Value));
    let cases: [Case; 10] = [
        (VcJwtFault::Unfit, |c| *c = json!("x")),
        (VcJwtFault::Unfit, |c| c["@context"][0] = json!(VC_1)),
        (VcJwtFault::Unfit, |c| c["vc"] = json!({})),
        (VcJwtFault::Unfit, |c| c["iss"] = json!("x")),
        (VcJwtFault::NoId, |c| drop(c.as_object_mut().unwrap().remove("id"))),
        (VcJwtFault::NoId, |c| c["issuer"] = json!({})),
        // openbadges-3.0 1.3.3: a learner known by e-mail alone.
        (VcJwtFault::NoSubjectId, |c| drop(c["credentialSubject"].as_object_mut().unwrap().remove("id"))),
        (VcJwtFault::Date, |c| drop(c.as_object_mut().unwrap().remove("validFrom"))),
        (VcJwtFault::Date, |c| c["validFrom"] = json!("2026-11-20T14:05:09.5Z")),
        (VcJwtFault::Date, |c| c["validUntil"] = json!("2030")),
    ];
    for (fault, change) in cases {
        let mut changed = credential();
        change(&mut changed);
        assert_eq!(prepare(&changed, Alg::Rs256, KID), Err(fault));
    }
    assert_eq!(prepare(&credential(), Alg::Rs256, "key-1"), Err(VcJwtFault::Kid));
}

#[test]
fn the_header_follows_open_badges() {
    let judge = |change: fn(&mut Value)| {
        let mut header = header();
        change(&mut header);
        read(&jwt(&header, &payload()))
    };
    for typ in ["JWT", "vc+jwt", "vc+ld+jwt", "jwt"] {
        let mut header = header();
        header["typ"] = json!(typ);
        assert_eq!(read(&jwt(&header, &payload())).unwrap().typ(), Some(typ));
    }
    assert_eq!(judge(|h| drop(h.as_object_mut().unwrap().remove("typ"))).unwrap().typ(), None);
    assert_eq!(judge(|h| h["typ"] = json!("at+jwt")).unwrap_err(), VcJwtFault::Typ);
    assert_eq!(judge(|h| h["typ"] = json!(1)).unwrap_err(), VcJwtFault::Typ);
    assert_eq!(judge(|h| drop(h.as_object_mut().unwrap().remove("kid"))).unwrap_err(), VcJwtFault::NoKey);
    assert_eq!(judge(|h| h["jwk"] = public(Alg::Rs256).to_jwk()).unwrap_err(), VcJwtFault::TwoKeys);
    assert_eq!(judge(|h| h["kid"] = json!("")).unwrap_err(), VcJwtFault::Kid);
    assert_eq!(judge(|h| h["kid"] = json!(3)).unwrap_err(), VcJwtFault::Kid);
    let with_jwk = |change: fn(&mut Value)| {
        let mut jwk = public(Alg::Rs256).to_jwk();
        change(&mut jwk);
        read(&jwt(&json!({"alg": "RS256", "jwk": jwk}), &payload()))
    };
    assert_eq!(with_jwk(|_| ()).unwrap().key(), &KeyHint::Jwk(public(Alg::Rs256)));
    assert_eq!(with_jwk(|k| k["d"] = json!("AQAB")).unwrap_err(), VcJwtFault::Key(KeyFault::Private));
    assert_eq!(with_jwk(|k| k["e"] = json!("AQ")).unwrap_err(), VcJwtFault::Key(KeyFault::RsaExponent));
    assert_eq!(judge(|h| h["alg"] = json!("none")).unwrap_err(), VcJwtFault::Jws(JwsFault::AlgNone));
    assert_eq!(judge(|h| h["alg"] = json!("HS256")).unwrap_err(), VcJwtFault::Jws(JwsFault::AlgSymmetric));
    assert_eq!(judge(|h| h["crit"] = json!(["x"])).unwrap_err(), VcJwtFault::Jws(JwsFault::Critical));
    let noted = judge(|h| {
        h["iss"] = json!("https://issuer.example/");
        h["x5c"] = json!([]);
    })
    .unwrap();
    assert_eq!(noted.other_headers(), ["iss", "x5c"]);
}

#[test]
fn the_two_forms_do_not_mix() {
    assert_eq!(read(&jwt(&header(), &old())).unwrap().form(), Form::Vc1);
    let judge = |payload: &Value| read(&jwt(&header(), payload)).map(|_| ()).unwrap_err();
    let mut inside = old();
    inside["vc"]["@context"][0] = json!(VC_2);
    assert_eq!(judge(&inside), VcJwtFault::MixedForm);
    let mut outside = payload();
    outside["@context"][0] = json!(VC_1);
    assert_eq!(judge(&outside), VcJwtFault::MixedForm);
    let mut both = payload();
    both["vc"] = old()["vc"].clone();
    assert_eq!(judge(&both), VcJwtFault::MixedForm);
    assert_eq!(judge(&json!({"iss": "x"})), VcJwtFault::NotACredential);
    assert_eq!(judge(&json!({"@context": ["https://example.org"]})), VcJwtFault::NotACredential);
    assert_eq!(judge(&json!({"vc": "x"})), VcJwtFault::Payload);
    assert_eq!(judge(&json!([])), VcJwtFault::Payload);
    let twice = signing_input(header().as_object().unwrap(), br#"{"iss":"a","iss":"b"}"#).finish(b"x");
    assert_eq!(read(&twice).map(|_| ()).unwrap_err(), VcJwtFault::Payload);
}

#[test]
fn each_claim_that_contradicts_the_credential_has_its_reason() {
    type Case = (&'static str, fn(&mut Value));
    let cases: [Case; 17] = [
        ("jwt_iss_mismatch", |p| p["iss"] = json!("https://another.example/")),
        ("jwt_iss_missing", |p| drop(p.as_object_mut().unwrap().remove("iss"))),
        ("jwt_iss_malformed", |p| p["iss"] = json!(["x"])),
        ("jwt_jti_mismatch", |p| p["jti"] = json!("urn:uuid:other")),
        ("jwt_jti_missing", |p| drop(p.as_object_mut().unwrap().remove("jti"))),
        ("jwt_jti_malformed", |p| p["jti"] = json!(1)),
        ("jwt_sub_mismatch", |p| p["sub"] = json!("urn:uuid:other")),
        ("jwt_sub_missing", |p| drop(p.as_object_mut().unwrap().remove("sub"))),
        ("jwt_sub_malformed", |p| p["sub"] = json!(null)),
        ("jwt_nbf_mismatch", |p| p["nbf"] = json!(p["nbf"].as_i64().unwrap() + 1)),
        ("jwt_nbf_missing", |p| drop(p.as_object_mut().unwrap().remove("nbf"))),
        ("jwt_nbf_malformed", |p| p["nbf"] = json!("2026-11-20T14:05:09Z")),
        ("jwt_nbf_malformed", |p| p["nbf"] = json!(i64::MAX)),
        ("jwt_exp_mismatch", |p| p["exp"] = json!(1)),
        ("jwt_exp_missing", |p| drop(p.as_object_mut().unwrap().remove("exp"))),
        ("jwt_exp_malformed", |p| p["exp"] = json!(1e300)),
        ("jwt_exp_mismatch", |p| p["validUntil"] = json!("soon")),
    ];
    for (code, change) in cases {
        let mut changed = payload();
        change(&mut changed);
        let read = read(&jwt(&header(), &changed)).unwrap();
        assert_eq!(read.claim_faults().iter().map(|fault| fault.code()).collect::<Vec<_>>(), [code]);
        // The signature is another question.
        assert_eq!(read.verify(&public(Alg::Rs256)), Ok(Alg::Rs256));
    }
    // Several at once are all told.
    let mut several = payload();
    several["iss"] = json!("x");
    several["sub"] = json!("y");
    assert_eq!(read(&jwt(&header(), &several)).unwrap().claim_faults().len(), 2);
}

#[test]
fn an_expired_badge_is_read_and_says_when_it_ended() {
    let read = read(&jwt(&header(), &old())).unwrap();
    assert_eq!(read.claim_faults(), []);
    assert_eq!(read.valid_until(), Some(time::macros::datetime!(2024-06-01 0:00 UTC)));
    assert_eq!(read.credential()["issuer"]["id"], "https://issuer.example/");
}

#[test]
fn an_end_that_only_the_claim_gives_is_an_end() {
    let mut ends = payload();
    ends.as_object_mut().unwrap().remove("validUntil");
    ends["exp"] = json!(1_800_000_000);
    let read = read(&jwt(&header(), &ends)).unwrap();
    assert_eq!(read.claim_faults(), []);
    assert_eq!(read.valid_until().map(OffsetDateTime::unix_timestamp), Some(1_800_000_000));
}

#[test]
fn seconds_say_of_a_fraction_what_they_can() {
    let mut finer = payload();
    finer["validFrom"] = json!("2026-11-20T14:05:09.750Z");
    assert_eq!(read(&jwt(&header(), &finer)).unwrap().claim_faults(), []);
    finer["nbf"] = json!(1_795_183_509.75);
    let nbf = time::macros::datetime!(2026-11-20 14:05:09.75 UTC).unix_timestamp_nanos() / 1_000_000;
    assert_eq!(nbf, 1_795_183_509_750);
    assert_eq!(read(&jwt(&header(), &finer)).unwrap().claim_faults(), []);
    finer["nbf"] = json!(1_795_183_509.5);
    assert_eq!(read(&jwt(&header(), &finer)).unwrap().claim_faults()[0].code(), "jwt_nbf_mismatch");
}

#[test]
fn vc_1_1_is_completed_by_its_claims() {
    // VC 1.1 §6.3.1: claims stand in for members of the credential.
    let mut bare = old();
    for name in ["id", "issuer", "issuanceDate", "expirationDate"] {
        bare["vc"].as_object_mut().unwrap().remove(name);
    }
    bare["vc"]["credentialSubject"].as_object_mut().unwrap().remove("id");
    let read = read(&jwt(&header(), &bare)).unwrap();
    assert_eq!(read.claim_faults(), []);
    assert_eq!(read.credential()["id"], "urn:uuid:1");
    assert_eq!(read.credential()["issuer"], "https://issuer.example/");
    assert_eq!(read.credential()["issuanceDate"], "2024-01-01T00:00:00Z");
    assert_eq!(read.credential()["credentialSubject"]["id"], "did:example:learner");
}

#[test]
fn a_changed_text_does_not_verify() {
    let text = jwt(&header(), &payload());
    let changed = jwt(&header(), &{
        let mut other = payload();
        other["name"] = json!("Another");
        other
    });
    let (start, _) = changed.rsplit_once('.').unwrap();
    let (_, signature) = text.rsplit_once('.').unwrap();
    let forged = read(&format!("{start}.{signature}")).unwrap();
    assert_eq!(forged.verify(&public(Alg::Rs256)), Err(VcJwtFault::Jws(JwsFault::Signature)));
    assert_eq!(forged.verify(&public(Alg::EdDsa)), Err(VcJwtFault::Jws(JwsFault::KeyMismatch)));
}
