use serde_json::json;

use super::*;
use crate::jws::Alg;
use crate::test_keys::public;

fn entry(alg: Alg, kid: &str) -> Value {
    let mut jwk = public(alg).to_jwk();
    jwk["kid"] = json!(kid);
    jwk
}

fn set(keys: &[Value]) -> JwkSet {
    JwkSet::parse(&json!({"keys": keys}).to_string()).unwrap()
}

#[test]
fn keys_are_found_by_id_and_by_themselves() {
    let mut with_iss = entry(Alg::Rs256, "two");
    with_iss["iss"] = json!("https://issuer.example/");
    let set = set(&[entry(Alg::Es256, "one"), with_iss, json!({"kty": "unknown", "kid": "three"})]);
    assert_eq!(set.by_kid("one").unwrap().key, public(Alg::Es256));
    let two = set.by_kid("two").unwrap();
    assert_eq!((two.kid.as_deref(), two.iss.as_deref()), (Some("two"), Some("https://issuer.example/")));
    assert_eq!(set.of_key(&public(Alg::Rs256)), Ok(two));
    assert_eq!(set.of_key(&public(Alg::Es256)).unwrap().iss, None);
    assert_eq!(Jwk::parse(&entry(Alg::EdDsa, "x").to_string()).unwrap().key, public(Alg::EdDsa));
}

#[test]
fn each_wrong_set_has_its_reason() {
    assert_eq!(JwkSet::parse("{").unwrap_err(), JwkSetFault::Malformed);
    assert_eq!(JwkSet::parse("{}").unwrap_err(), JwkSetFault::Malformed);
    assert_eq!(JwkSet::parse(&json!({"keys": vec![0; 257]}).to_string()).unwrap_err(), JwkSetFault::TooLarge);
    // A set where one key is expected, which 1EdTech's validator refuses too.
    let whole = json!({"keys": [entry(Alg::Es256, "one")]}).to_string();
    assert_eq!(Jwk::parse(&whole).unwrap_err(), JwkSetFault::Key(KeyFault::Jwk));

    let mut private = entry(Alg::EdDsa, "private");
    private["d"] = json!("AAAA");
    let set = set(&[entry(Alg::Es256, "one"), entry(Alg::Es384, "one"), private, json!(3)]);
    assert_eq!(set.by_kid("one"), Err(JwkSetFault::Ambiguous));
    assert_eq!(set.by_kid("none"), Err(JwkSetFault::NotListed));
    assert_eq!(set.by_kid("private"), Err(JwkSetFault::Key(KeyFault::Private)));
    assert_eq!(set.of_key(&public(Alg::EdDsa)), Err(JwkSetFault::NotListed), "a burnt key is vouched for by nobody");
    assert_eq!(set.of_key(&public(Alg::Rs256)), Err(JwkSetFault::NotListed), "a key of the header alone");
}
