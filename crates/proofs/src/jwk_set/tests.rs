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
    let many = json!({"keys": vec![0; MOST_KEYS + 1]}).to_string();
    assert_eq!(JwkSet::parse(&many).unwrap_err(), JwkSetFault::TooLarge);
    let long = format!("{{\"keys\":[]{}}}", " ".repeat(LARGEST_SET));
    assert_eq!(JwkSet::parse(&long).unwrap_err(), JwkSetFault::TooLarge);
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

/// What our own issuer serves at most (`issuer/src/keys/jwk.rs`): 2,500 keys, each with its address and its issuer.
#[test]
fn the_largest_set_of_our_own_is_read() {
    let ours = |place: usize| {
        let mut jwk = entry(Alg::Rs256, "");
        let organisation = format!("did:web:attester.normandie.example:o:{place:08}");
        jwk["kid"] = json!(format!("https://attester.normandie.example/o/{place:08}/keys/{}", "k".repeat(43)));
        jwk["iss"] = json!(organisation);
        jwk["alg"] = json!("RS256");
        jwk["use"] = json!("sig");
        jwk
    };
    let mut keys: Vec<Value> = (0..2_500).map(ours).collect();
    let last = keys[2_499]["kid"].as_str().unwrap().to_owned();
    keys[2_499]["n"] = public(Alg::Rs256).to_jwk()["n"].clone();
    let text = json!({"keys": keys}).to_string();
    assert!((1_300_000..LARGEST_SET).contains(&text.len()), "{} bytes", text.len());
    let set = JwkSet::parse(&text).unwrap();
    assert_eq!(set.by_kid(&last).unwrap().iss.as_deref(), Some("did:web:attester.normandie.example:o:00002499"));
    assert_eq!(set.of_key(&public(Alg::Rs256)).unwrap().key, public(Alg::Rs256));
}
