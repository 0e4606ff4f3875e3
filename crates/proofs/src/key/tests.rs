use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::test_keys::{public, rsa_pem, rsa_private_pem, sign};

/// W3C vc-di-eddsa `TestVectors/keyPair.json`.
const W3C: &str = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2";

#[test]
fn the_w3c_key_reads_and_writes_back() {
    let key = PublicKey::from_multibase(W3C).unwrap();
    assert_eq!(key.to_multibase(), W3C);
    assert_eq!(PublicKey::ed25519(*key.ed25519_bytes().unwrap()).as_ref(), Ok(&key));
    assert_eq!(W3C.parse(), Ok(key));
}

#[test]
fn each_wrong_text_has_its_reason() {
    assert_eq!(PublicKey::from_multibase(&W3C[1..]), Err(KeyFault::Multibase));
    assert_eq!(PublicKey::from_multibase("u7QEAAA"), Err(KeyFault::Multibase));
    assert_eq!(PublicKey::from_multibase("z0OIl"), Err(KeyFault::Multibase));
    assert_eq!(PublicKey::from_multibase(""), Err(KeyFault::Multibase));
    assert_eq!(PublicKey::from_multibase("z"), Err(KeyFault::OtherAlgorithm));
    assert_eq!(PublicKey::from_multibase(&format!("z{}", "2".repeat(100_000))), Err(KeyFault::Length));
    // X25519, of the same size: for agreeing on secrets, not for signing.
    let x25519 = format!("z{}", bs58::encode([&[0xec, 0x01][..], &[7; 32]].concat()).into_string());
    assert_eq!(PublicKey::from_multibase(&x25519), Err(KeyFault::OtherAlgorithm));
    let short = format!("z{}", bs58::encode([&[0xed, 0x01][..], &[7; 31]].concat()).into_string());
    assert_eq!(PublicKey::from_multibase(&short), Err(KeyFault::Length));
    let long = format!("z{}", bs58::encode([&[0xed, 0x01][..], &[7; 33]].concat()).into_string());
    assert_eq!(PublicKey::from_multibase(&long), Err(KeyFault::Length));
}

#[test]
fn small_order_and_non_canonical_points_are_refused() {
    // The eight small-order points and their other encodings (libsodium's list, sign bit aside).
    let mut one = [0; 32];
    one[0] = 1;
    let mut minus_one = [0xff; 32];
    minus_one[0] = 0xec;
    minus_one[31] = 0x7f;
    for bytes in [[0; 32], one, minus_one] {
        assert_eq!(PublicKey::ed25519(bytes), Err(KeyFault::SmallOrder), "{bytes:02x?}");
    }
    let mut p = [0xff; 32];
    p[0] = 0xed;
    p[31] = 0x7f;
    let mut p_and_one = p;
    p_and_one[0] = 0xee;
    for bytes in [p, p_and_one, [0xff; 32]] {
        assert_eq!(PublicKey::ed25519(bytes), Err(KeyFault::NotAKey), "{bytes:02x?}");
    }
}

fn changed(jwk: &Value, change: impl Fn(&mut Value)) -> Result<PublicKey, KeyFault> {
    let mut jwk = jwk.clone();
    change(&mut jwk);
    PublicKey::from_jwk(&jwk)
}

#[test]
fn every_kind_of_key_is_read_as_it_is_written() {
    for alg in [Alg::EdDsa, Alg::Es256, Alg::Es384, Alg::Rs256] {
        let key = public(alg);
        assert_eq!(key.algorithm().alg(), alg);
        assert_eq!(PublicKey::from_jwk(&key.to_jwk()).as_ref(), Ok(&key), "{alg:?}");
        assert_eq!(PublicKey::from_spki_pem(&key.to_spki_pem()).as_ref(), Ok(&key), "{alg:?}");
        match alg {
            Alg::Rs256 => assert_eq!(PublicKey::from_multibase(&key.to_multibase()), Err(KeyFault::Length)),
            _ => assert_eq!(PublicKey::from_multibase(&key.to_multibase()), Ok(key)),
        }
    }
    assert_ne!(public(Alg::Es256), public(Alg::EdDsa));
    // As OpenSSL writes it, byte for byte.
    assert_eq!(public(Alg::Rs256).to_spki_pem(), rsa_pem());
}

#[test]
fn published_keys_are_the_same_in_every_form() {
    // RFC 7515 §A.3.
    let p256 = json!({"kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"});
    let key = PublicKey::from_jwk(&p256).unwrap();
    assert_eq!(key.to_jwk(), p256);
    assert_eq!(PublicKey::from_multibase(&key.to_multibase()), Ok(key));
}

#[test]
fn each_wrong_jwk_has_its_reason() {
    let ed = public(Alg::EdDsa).to_jwk();
    let ec = public(Alg::Es256).to_jwk();
    let rsa = public(Alg::Rs256).to_jwk();
    assert_eq!(PublicKey::from_jwk(&json!("x")), Err(KeyFault::Jwk));
    for secret in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
        assert_eq!(changed(&rsa, |k| k[secret] = json!("AQAB")), Err(KeyFault::Private), "{secret}");
    }
    assert_eq!(changed(&ed, |k| k["crv"] = json!("X25519")), Err(KeyFault::OtherAlgorithm));
    assert_eq!(changed(&ec, |k| k["crv"] = json!("secp256k1")), Err(KeyFault::OtherAlgorithm));
    assert_eq!(changed(&ec, |k| k["crv"] = json!("P-384")), Err(KeyFault::Length));
    assert_eq!(changed(&ec, |k| k["kty"] = json!("OKP")), Err(KeyFault::OtherAlgorithm));
    assert_eq!(changed(&ec, |k| k["kty"] = json!("oct")), Err(KeyFault::OtherAlgorithm));
    assert_eq!(changed(&ec, |k| drop(k.as_object_mut().unwrap().remove("crv"))), Err(KeyFault::Jwk));
    assert_eq!(changed(&ec, |k| drop(k.as_object_mut().unwrap().remove("y"))), Err(KeyFault::Jwk));
    assert_eq!(changed(&ec, |k| k["x"] = k["y"].clone()), Err(KeyFault::NotAKey));
    assert_eq!(changed(&ec, |k| k["x"] = json!("AAAA")), Err(KeyFault::Length));
    assert_eq!(changed(&ec, |k| k["x"] = json!("A".repeat(100_000))), Err(KeyFault::Length));
    assert_eq!(changed(&ed, |k| k["x"] = json!(format!("{}=", k["x"].as_str().unwrap()))), Err(KeyFault::Jwk));
    assert_eq!(changed(&ed, |k| k["x"] = json!("A".repeat(43))), Err(KeyFault::SmallOrder));
    assert_eq!(changed(&ec, |k| k["use"] = json!("enc")), Err(KeyFault::NotForVerifying));
    assert_eq!(changed(&ec, |k| k["key_ops"] = json!(["sign"])), Err(KeyFault::NotForVerifying));
    assert_eq!(changed(&ec, |k| k["alg"] = json!("ES384")), Err(KeyFault::OtherAlgorithm));
    assert_eq!(changed(&rsa, |k| k["alg"] = json!("PS256")), Err(KeyFault::OtherAlgorithm));
    assert!(
        changed(&rsa, |k| {
            k["alg"] = json!("RS256");
            k["use"] = json!("sig");
            k["key_ops"] = json!(["verify"]);
            k["kid"] = json!("1");
        })
        .is_ok()
    );
}

#[test]
fn weak_rsa_keys_are_refused() {
    let number = |bits: usize| {
        let mut bytes = vec![0xff; bits / 8];
        bytes[0] = 0x80;
        bytes
    };
    assert_eq!(PublicKey::rsa(&number(1024), &[1, 0, 1]), Err(KeyFault::RsaTooShort));
    let mut short = number(2048);
    short[0] = 0x7f;
    assert_eq!(PublicKey::rsa(&short, &[1, 0, 1]), Err(KeyFault::RsaTooShort), "2047 bits");
    assert_eq!(PublicKey::rsa(&number(8200), &[1, 0, 1]), Err(KeyFault::RsaTooLong));
    assert_eq!(PublicKey::rsa(&[&[0][..], &number(2048)].concat(), &[1, 0, 1]), Err(KeyFault::NotCanonical));
    assert_eq!(PublicKey::rsa(&number(2048), &[0, 3]), Err(KeyFault::NotCanonical));
    assert_eq!(PublicKey::rsa(&number(2048), &[]), Err(KeyFault::Length));
    for exponent in [&[1][..], &[2], &[1, 0, 0], &[1; 9]] {
        assert_eq!(PublicKey::rsa(&number(2048), exponent), Err(KeyFault::RsaExponent), "{exponent:?}");
    }
    let mut even = number(2048);
    even[255] = 0xfe;
    assert_eq!(PublicKey::rsa(&even, &[1, 0, 1]), Err(KeyFault::NotAKey));
    assert!(PublicKey::rsa(&number(2048), &[3]).is_ok());
    assert!(PublicKey::rsa(&number(8192), &[1, 0, 1]).is_ok());
}

#[test]
fn each_wrong_pem_has_its_reason() {
    let pem = rsa_pem();
    let read = PublicKey::from_spki_pem;
    let one_line = pem.replace('\n', "");
    assert_eq!(read(&one_line), Ok(public(Alg::Rs256)), "on one line, as JSON often has it");
    assert_eq!(read(&pem.replace('\n', "\r\n")), Ok(public(Alg::Rs256)));
    assert_eq!(read(&rsa_private_pem()), Err(KeyFault::Private));
    assert_eq!(read(&pem.replace("PUBLIC KEY", "RSA PUBLIC KEY")), Err(KeyFault::PemLabel));
    assert_eq!(read(&pem.replace("PUBLIC KEY", "CERTIFICATE")), Err(KeyFault::PemLabel));
    assert_eq!(read(&pem.replace("BEGIN", "begin")), Err(KeyFault::Pem));
    assert_eq!(read(&format!("{pem}{pem}")), Err(KeyFault::Pem));
    assert_eq!(read(&pem.replace("-----END PUBLIC KEY-----", "")), Err(KeyFault::Pem));
    assert_eq!(read(&pem.replacen("MII", "M!I", 1)), Err(KeyFault::Pem));
    assert_eq!(read(&"x".repeat(100_000)), Err(KeyFault::Length));
    assert_eq!(read(""), Err(KeyFault::Pem));
    let block = |der: &[u8]| {
        let body = data_encoding::BASE64.encode(der);
        PublicKey::from_spki_pem(&format!("-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----"))
    };
    let whole = der::write(&public(Alg::Es256));
    assert_eq!(block(&whole), Ok(public(Alg::Es256)));
    assert_eq!(block(&whole[..whole.len() - 1]), Err(KeyFault::Der));
    assert_eq!(block(&[whole.as_slice(), &[0]].concat()), Err(KeyFault::Der));
    // secp256k1: another curve, whose points are as long.
    let k256 = [0x2b, 0x81, 0x04, 0x00, 0x0a];
    let at = whole.windows(10).position(|window| window[..2] == [0x06, 0x08]).unwrap();
    let mut other = whole.clone();
    other.splice(at..at + 10, [&[0x06, 0x05], &k256[..]].concat());
    (other[1], other[3]) = (other[1] - 3, other[3] - 3);
    assert_eq!(block(&other), Err(KeyFault::OtherAlgorithm));
    // A length that is not written as short as it can be.
    let long = [&[0x30, 0x81, whole[1]], &whole[2..]].concat();
    assert_eq!(block(&long), Err(KeyFault::Der));
}

#[test]
fn keys_go_from_thread_to_thread() {
    fn shared<T: Send + Sync + Clone + 'static>(_: &T) {}
    shared(&public(Alg::Rs256));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_is_signed_verifies_and_one_flipped_bit_does_not(
        alg in prop::sample::select(Alg::ALL.to_vec()), message in prop::collection::vec(any::<u8>(), 1..80), at in any::<u16>(),
    ) {
        let (key, signature) = (public(alg), sign(alg, &message));
        prop_assert!(key.verifies_as(alg, &message, &signature));
        for other in Alg::ALL {
            prop_assert_eq!(key.verifies_as(other, &message, &signature), other == alg, "{:?} as {:?}", alg, other);
        }
        let flip = |bytes: &[u8]| {
            let mut bytes = bytes.to_vec();
            let bit = usize::from(at) % (bytes.len() * 8);
            bytes[bit / 8] ^= 1 << (bit % 8);
            bytes
        };
        prop_assert!(!key.verifies_as(alg, &flip(&message), &signature));
        prop_assert!(!key.verifies_as(alg, &message, &flip(&signature)));
        prop_assert!(!key.verifies_as(alg, &message, &signature[1..]));
        prop_assert!(!key.verifies_as(alg, &message, &[&signature[..], &[0]].concat()));
        prop_assert!(!key.verifies_as(alg, &message, &vec![0; signature.len()]));
        prop_assert!(!key.verifies_as(alg, &message, &[]));
    }
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..120), name in "kty|crv|x|y|n|e|use|alg", value in ".{0,50}", place in any::<u16>(),
    ) {
        let _ = der::read(&bytes);
        let _ = PublicKey::from_multikey_bytes(&bytes);
        let _ = PublicKey::from_multikey_bytes(&[&[0x80, 0x24], bytes.as_slice()].concat());
        let mut whole = der::write(&public(Alg::Es384));
        let place = usize::from(place) % whole.len();
        whole[place] ^= 0x55;
        let _ = der::read(&whole);
        let mut jwk = public(Alg::Es256).to_jwk();
        jwk[&name] = json!(value);
        let _ = PublicKey::from_jwk(&jwk);
        let _ = PublicKey::from_spki_pem(&format!("-----BEGIN PUBLIC KEY-----{value}-----END PUBLIC KEY-----"));
    }
}
