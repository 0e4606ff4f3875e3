use super::*;

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
