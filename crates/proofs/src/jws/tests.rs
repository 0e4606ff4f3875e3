use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::test_keys::{public, sign};

fn encoded(header: &str, payload: &str) -> String {
    format!("{}.{}", BASE64URL_NOPAD.encode(header.as_bytes()), BASE64URL_NOPAD.encode(payload.as_bytes()))
}

fn signed(header: &Value, alg: Alg) -> String {
    let unsigned = signing_input(header.as_object().unwrap(), b"{}");
    let signature = sign(alg, unsigned.signing_input().as_bytes());
    unsigned.finish(&signature)
}

#[test]
fn rfc_7515_a3_es256() {
    let key = json!({"kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"});
    let text = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290\
                Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
    let jws = Jws::read(text).unwrap();
    assert_eq!(jws.payload(), b"{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}");
    assert_eq!(jws.verify(&PublicKey::from_jwk(&key).unwrap()), Ok(Alg::Es256));
}

#[test]
fn rfc_7515_a2_rs256() {
    let key = json!({"kty": "RSA", "e": "AQAB", "n": "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"});
    let text = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290\
                Ijp0cnVlfQ.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujG\
                bds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN\
                9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWy\
                wlVmtVrBp0igcN_IoypGlUPQGe77Rw";
    assert_eq!(Jws::read(text).unwrap().verify(&PublicKey::from_jwk(&key).unwrap()), Ok(Alg::Rs256));
}

#[test]
fn rfc_8037_a4_eddsa() {
    let key = json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"});
    let text = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.\
                hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
    assert_eq!(Jws::read(text).unwrap().verify(&PublicKey::from_jwk(&key).unwrap()), Ok(Alg::EdDsa));
}

#[test]
fn each_algorithm_we_do_not_verify_has_its_reason() {
    for (name, fault) in [
        ("none", JwsFault::AlgNone),
        ("None", JwsFault::AlgNone),
        ("nOnE", JwsFault::AlgNone),
        ("", JwsFault::AlgNone),
        ("HS256", JwsFault::AlgSymmetric),
        ("HS384", JwsFault::AlgSymmetric),
        ("HS512", JwsFault::AlgSymmetric),
        ("hs256", JwsFault::AlgSymmetric),
        ("rs256", JwsFault::AlgCase),
        ("Es256", JwsFault::AlgCase),
        ("EDDSA", JwsFault::AlgCase),
        ("PS256", JwsFault::AlgUnsupported),
        ("ES512", JwsFault::AlgUnsupported),
        ("ES256K", JwsFault::AlgUnsupported),
        ("RS256 ", JwsFault::AlgUnsupported),
        ("é", JwsFault::AlgUnsupported),
    ] {
        let text = signed(&json!({"alg": name}), Alg::Rs256);
        let jws = Jws::read(&text).unwrap();
        assert_eq!(jws.alg(), Err(fault), "{name}");
        assert_eq!(jws.verify(&public(Alg::Rs256)), Err(fault), "{name}");
    }
    // Not even with no signature, which `none` asks for.
    let unsigned = format!("{}.", encoded(r#"{"alg":"none"}"#, "{}"));
    assert_eq!(Jws::read(&unsigned).unwrap().verify(&public(Alg::EdDsa)), Err(JwsFault::AlgNone));
    let missing = signed(&json!({"typ": "JWT"}), Alg::Rs256);
    assert_eq!(Jws::read(&missing).unwrap().alg(), Err(JwsFault::AlgMissing));
    let number = signed(&json!({"alg": 256}), Alg::Rs256);
    assert_eq!(Jws::read(&number).unwrap().alg(), Err(JwsFault::Header));
}

#[test]
fn a_key_verifies_its_own_algorithms_alone() {
    for named in Alg::ALL {
        for own in Alg::ALL {
            let jws = Jws::read(&signed(&json!({"alg": named.name()}), own)).unwrap();
            let expected = match (named == own, named.fits(public(own).algorithm())) {
                (true, _) => Ok(named),
                (false, true) => Err(JwsFault::Signature),
                (false, false) => Err(JwsFault::KeyMismatch),
            };
            assert_eq!(jws.verify(&public(own)), expected, "{named:?} with the key of {own:?}");
        }
    }
}

#[test]
fn each_text_that_is_no_jws_has_its_reason() {
    let good = signed(&json!({"alg": "ES256"}), Alg::Es256);
    assert!(Jws::read(&format!(" {good}\n")).is_ok());
    let parts: Vec<&str> = good.split('.').collect();
    for text in [
        "",
        "a",
        "a.b",
        "..",
        &format!("{good}.x"),
        &format!("{}.{}.{}=", parts[0], parts[1], parts[2]),
        &format!("{}.{}=.{}", parts[0], parts[1], parts[2]),
        &format!("{} .{}.{}", parts[0], parts[1], parts[2]),
        &format!("{}.{}.+/+/", parts[0], parts[1]),
        r#"{"payload":"","signatures":[]}"#,
    ] {
        assert!(matches!(Jws::read(text), Err(JwsFault::NotCompact | JwsFault::Header)), "{text}");
    }
    let header = |header: &str| Jws::read(&format!("{}.AAAA", encoded(header, "{}"))).map(|_| ());
    for wrong in ["{", "[]", "{}", r#"{"alg":"ES256","alg":"RS256"}"#, "\u{1}"] {
        assert_eq!(header(wrong), Err(JwsFault::Header), "{wrong}");
    }
    assert_eq!(header(r#"{"alg":"ES256","crit":["b64"],"b64":false}"#), Err(JwsFault::Critical));
    assert_eq!(header(r#"{"alg":"ES256","crit":[]}"#), Err(JwsFault::Critical));
    assert_eq!(header(&format!(r#"{{"alg":"ES256","x":"{}"}}"#, "x".repeat(40_000))), Err(JwsFault::TooLarge));
    assert_eq!(Jws::read(&format!("{good}{}", "A".repeat(2_000))), Err(JwsFault::TooLarge));
    assert_eq!(Jws::read(&"a".repeat(LONGEST + 1)), Err(JwsFault::TooLarge));
    let last = good.char_indices().last().unwrap().0;
    // The last sign carries bits that must be zero: another text of the same signature is refused.
    let other = format!("{}{}", &good[..last], if good.ends_with('B') { 'C' } else { 'B' });
    assert_eq!(Jws::read(&other), Err(JwsFault::NotCompact));
}

#[test]
fn padding_is_tolerated_when_asked() {
    // openbadges-2.0 G9.
    let good = signed(&json!({"alg": "RS256"}), Alg::Rs256);
    let padded = format!("{good}==");
    assert_eq!(Jws::read(&padded), Err(JwsFault::NotCompact));
    assert_eq!(Jws::read_padded(&padded).unwrap().verify(&public(Alg::Rs256)), Ok(Alg::Rs256));
    assert_eq!(Jws::read_padded(&good), Jws::read(&good));
    assert_eq!(Jws::read_padded(&format!("{good}=")), Err(JwsFault::NotCompact));
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "[A-Za-z0-9_.=-]{0,120}", header in "\\PC{0,40}") {
        let _ = Jws::read(&text);
        let _ = Jws::read_padded(&text);
        if let Ok(jws) = Jws::read(&format!("{}.", encoded(&header, "x"))) {
            let _ = jws.verify(&public(Alg::EdDsa));
        }
    }
}
