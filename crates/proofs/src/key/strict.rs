//! Ed25519 by the strict rules (RFC 8032 §5.1.7 without its leeway): one text, one signature, and it binds one key.

use ed25519_dalek::{Signature, Verifier, VerifyingKey};

/// The eight points of small order, in their canonical form.
const SMALL_ORDER: [[u8; 32]; 8] = {
    let mut one = [0; 32];
    one[0] = 1;
    let mut minus_one = [0xff; 32];
    minus_one[0] = 0xec;
    minus_one[31] = 0x7f;
    let (zero, mut minus_zero) = ([0; 32], [0; 32]);
    minus_zero[31] = 0x80;
    [
        one,
        minus_one,
        zero,
        minus_zero,
        eighth(false, false),
        eighth(false, true),
        eighth(true, false),
        eighth(true, true),
    ]
};

/// A point of order 8: one of two y coordinates, one of two signs.
const fn eighth(other: bool, sign: bool) -> [u8; 32] {
    let mut point = if other {
        *b"\xc7\x17\x6a\x70\x3d\x4d\xd8\x4f\xba\x3c\x0b\x76\x0d\x10\x67\x0f\x2a\x20\x53\xfa\x2c\x39\xcc\xc6\x4e\xc7\xfd\x77\x92\xac\x03\x7a"
    } else {
        *b"\x26\xe8\x95\x8f\xc2\xb2\x27\xb0\x45\xc3\xf4\x89\xf2\xef\x98\xf0\xd5\xdf\xac\x05\xd3\xc6\x33\x39\xb1\x38\x02\x88\x6d\x53\xfc\x05"
    };
    if sign {
        point[31] |= 0x80;
    }
    point
}

/// What `VerifyingKey::verify_strict` answers, for a `key` that is not of small order ([`super::PublicKey::ed25519`]
/// reads no other).
///
/// That function decompresses the signature's R, a seventh of its time, to see whether R is of small order. It then
/// compares R, as bytes, with the one canonical form of a point: so R is of small order exactly when its bytes are one
/// of eight.
pub fn verifies(key: &VerifyingKey, message: &[u8], signature: &Signature) -> bool {
    !SMALL_ORDER.contains(signature.r_bytes()) && key.verify(message, signature).is_ok()
}

#[cfg(test)]
mod tests {
    use data_encoding::HEXLOWER;
    use ed25519_dalek::{Signer, SigningKey};
    use proptest::prelude::*;

    use super::*;

    /// A key with a component of order 8, made for this test.
    const MIXED: &str = "f24bdee2e8843310289c2fe57709b8c1bc1a30f5f8bf1bb54a39bb9f1102b98a";

    /// For each point of small order: a message of one byte, and a signature with that R which fulfils the equation.
    const FORGED: [(u8, &str); 8] = [
        (
            2,
            "0100000000000000000000000000000000000000000000000000000000000000c5c7a3c824523c3464e5a47d92d290297894403c560dce85faec9d98279dbc0d",
        ),
        (
            1,
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa43c04c88165265e2dd1f91345bd4f8efd6df9ae81b6dde291177eb093c098b0f",
        ),
        (
            5,
            "0000000000000000000000000000000000000000000000000000000000000000b7d82117f9c7f38cc224043a4b1432422c183ae2eedc152cfb718fec06ba7b0c",
        ),
        (
            2,
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc852691a8b8902f7ab479cd9a7d5a419ae56229447c1a18be13e210e19b298b9907",
        ),
        (
            13,
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f9ab5b52b8a3b09c504f5696f0a3c4e747075aba9044e61ce439ec72748eca10e",
        ),
        (
            25,
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc0571a64ab8c59e710cd3d0114fb77de7fc6ef18f255cd2664ca49cf73fac68b507",
        ),
        (
            7,
            "00000000000000000000000000000000000000000000000000000000000000803d3c8d109bc54f7a9f54de794ce105a7b29fa632cd3b7cb6a1ee773654411b01",
        ),
        (
            0,
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037abaf3d41f11411cef70a1cbc328f0fd5c686ede87104c473540072c3c50f32906",
        ),
    ];

    #[test]
    fn the_eight_points_are_those_of_small_order() {
        for (place, point) in SMALL_ORDER.iter().enumerate() {
            assert!(VerifyingKey::from_bytes(point).unwrap().is_weak(), "{point:02x?}");
            assert!(!SMALL_ORDER[..place].contains(point));
        }
    }

    #[test]
    fn signatures_with_an_r_of_small_order_are_refused_though_the_equation_holds() {
        let key = VerifyingKey::from_bytes(&HEXLOWER.decode(MIXED.as_bytes()).unwrap().try_into().unwrap()).unwrap();
        for (message, signature) in FORGED {
            let signature = Signature::from_slice(&HEXLOWER.decode(signature.as_bytes()).unwrap()).unwrap();
            assert!(key.verify(&[message], &signature).is_ok(), "{message}: the equation holds");
            assert!(key.verify_strict(&[message], &signature).is_err(), "{message}");
            assert!(!verifies(&key, &[message], &signature), "{message}");
        }
    }

    proptest! {
        /// R and s bent every way: the last bits, an addition of the group's order, the points of small order.
        #[test]
        fn it_answers_what_dalek_answers(
            seed in any::<[u8; 32]>(), message in prop::collection::vec(any::<u8>(), 0..80),
            bent in prop::option::of((0_usize..64, any::<u8>())), small in prop::option::of(0_usize..8), over in any::<bool>(),
        ) {
            let signing = SigningKey::from_bytes(&seed);
            let mut bytes = signing.sign(&message).to_bytes();
            if let Some((place, byte)) = bent {
                bytes[place] ^= byte;
            }
            if let Some(small) = small {
                bytes[..32].copy_from_slice(&SMALL_ORDER[small]);
            }
            if over {
                let order = HEXLOWER.decode(b"edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010").unwrap();
                let mut carry = 0_u16;
                for (byte, order) in bytes[32..].iter_mut().zip(order) {
                    carry += u16::from(*byte) + u16::from(order);
                    *byte = carry.to_le_bytes()[0];
                    carry >>= 8;
                }
            }
            let (key, signature) = (signing.verifying_key(), Signature::from_bytes(&bytes));
            prop_assert_eq!(verifies(&key, &message, &signature), key.verify_strict(&message, &signature).is_ok());
        }
    }
}
