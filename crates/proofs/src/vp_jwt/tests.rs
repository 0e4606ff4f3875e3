use serde_json::json;

use super::*;
use crate::jws::{JwsFault, signing_input};
use crate::test_keys::{public, sign};

const HOLDER: &str = "did:web:holder.example";

fn payload() -> Value {
    json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiablePresentation"], "holder": HOLDER,
        "verifiableCredential": [], "iss": HOLDER, "aud": "https://verifier.example", "nonce": "7", "iat": 1_764_000_000,
        "exp": 1_764_000_600,
    })
}

fn token(header: &Value, payload: &Value) -> String {
    let unsigned = signing_input(header.as_object().unwrap(), payload.to_string().as_bytes());
    let signature = sign(Alg::Es256, unsigned.signing_input().as_bytes());
    unsigned.finish(&signature)
}

fn header() -> Value {
    json!({"alg": "ES256", "kid": "did:web:holder.example#key", "typ": "vp+jwt"})
}

#[test]
fn a_presentation_in_a_token_is_read_in_both_forms() {
    let token_2 = read(&token(&header(), &payload())).unwrap();
    let vp = json!({"@context": ["https://www.w3.org/2018/credentials/v1"], "type": "VerifiablePresentation"});
    let older = json!({"iss": HOLDER, "aud": ["a", "b"], "nonce": "7", "nbf": 1_764_000_000, "vp": vp});
    let token_1 = read(&token(&json!({"alg": "ES256", "kid": "k", "typ": "JWT"}), &older)).unwrap();
    for read in [&token_1, &token_2] {
        assert_eq!(read.verify(&public(Alg::Es256)), Ok(Alg::Es256));
        assert_eq!(read.verify(&public(Alg::EdDsa)), Err(VcJwtFault::Jws(JwsFault::KeyMismatch)));
        assert_eq!((read.issuer(), read.nonce()), (Some(HOLDER), Some("7")));
        assert_eq!(read.begins().unwrap().unix_timestamp(), 1_764_000_000);
    }
    assert_eq!(token_1.presentation(), &vp);
    assert_eq!(token_1.audience(), ["a", "b"]);
    assert_eq!((token_1.ends(), token_2.ends().unwrap().unix_timestamp()), (None, 1_764_000_600));
    assert_eq!(token_2.presentation()["holder"], HOLDER);
    assert_eq!(token_2.presentation().get("nonce"), None);
    assert_eq!(token_2.key(), &KeyHint::Kid("did:web:holder.example#key".to_owned()));
}

#[test]
fn each_wrong_token_has_its_reason() {
    let with = |name: &str, value: Value| {
        let mut header = header();
        header[name] = value;
        read(&token(&header, &payload())).map(|_| ())
    };
    assert_eq!(with("alg", json!("none")), Err(VcJwtFault::Jws(JwsFault::AlgNone)));
    assert_eq!(with("typ", json!("vc+jwt")), Err(VcJwtFault::Typ));
    assert_eq!(with("jwk", json!({})), Err(VcJwtFault::TwoKeys));
    let mut both = payload();
    both["vp"] = json!({"type": "VerifiablePresentation"});
    assert_eq!(read(&token(&header(), &both)).map(|_| ()), Err(VcJwtFault::MixedForm));
    let mut other = payload();
    other["type"] = json!(["VerifiableCredential"]);
    assert_eq!(read(&token(&header(), &other)).map(|_| ()), Err(VcJwtFault::NotACredential));
}
