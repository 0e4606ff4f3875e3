//! `SubjectPublicKeyInfo` (RFC 5280 §4.1.2.7, RFC 8410, RFC 5480, RFC 3279) in DER, and nothing more of ASN.1.
//!
//! Strangers' bytes are read here, strictly, and written anew for OpenSSL: no other DER reader sees them.

use super::{Curve, KeyFault, Material, PublicKey};

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OBJECT_ID: u8 = 0x06;

/// 1.3.101.112
const ED25519: &[u8] = &[0x2b, 0x65, 0x70];
/// 1.2.840.10045.2.1
const EC_PUBLIC_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
/// 1.2.840.10045.3.1.7
const PRIME256V1: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
/// 1.3.132.0.34
const SECP384R1: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x22];
/// 1.2.840.113549.1.1.1
const RSA_ENCRYPTION: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
/// NULL, the parameters of `rsaEncryption`.
const NULL: &[u8] = &[0x05, 0x00];

/// Reads a `SubjectPublicKeyInfo`.
pub fn read(bytes: &[u8]) -> Result<PublicKey, KeyFault> {
    let info = only(SEQUENCE, bytes)?;
    let (algorithm, rest) = take(SEQUENCE, info)?;
    let bits = only(BIT_STRING, rest)?;
    // No key has a number of bits that is not whole bytes.
    let key = bits.strip_prefix(&[0]).ok_or(KeyFault::Der)?;
    let (id, parameters) = take(OBJECT_ID, algorithm)?;
    match id {
        ED25519 if parameters.is_empty() => PublicKey::ed25519(key.try_into().map_err(|_| KeyFault::Length)?),
        EC_PUBLIC_KEY => match only(OBJECT_ID, parameters)? {
            PRIME256V1 => PublicKey::ec(Curve::P256, key),
            SECP384R1 => PublicKey::ec(Curve::P384, key),
            _ => Err(KeyFault::OtherAlgorithm),
        },
        RSA_ENCRYPTION if parameters == NULL => {
            let numbers = only(SEQUENCE, key)?;
            let (modulus, rest) = take(INTEGER, numbers)?;
            let exponent = only(INTEGER, rest)?;
            PublicKey::rsa(positive(modulus)?, positive(exponent)?)
        }
        ED25519 | RSA_ENCRYPTION => Err(KeyFault::Der),
        _ => Err(KeyFault::OtherAlgorithm),
    }
}

/// Writes the `SubjectPublicKeyInfo` of a key.
pub fn write(key: &PublicKey) -> Vec<u8> {
    match &key.0 {
        Material::Ed25519(key) => info(&tlv(OBJECT_ID, ED25519), key.as_bytes()),
        Material::Ec(key) => ec(key.curve(), key.point()),
        Material::Rsa(key) => rsa(key.modulus(), key.exponent()),
    }
}

/// The `SubjectPublicKeyInfo` of a point.
pub fn ec(curve: Curve, point: &[u8]) -> Vec<u8> {
    let curve = match curve {
        Curve::P256 => PRIME256V1,
        Curve::P384 => SECP384R1,
    };
    info(&[tlv(OBJECT_ID, EC_PUBLIC_KEY), tlv(OBJECT_ID, curve)].concat(), point)
}

/// The `SubjectPublicKeyInfo` of an RSA key.
pub fn rsa(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
    info(&[&tlv(OBJECT_ID, RSA_ENCRYPTION), NULL].concat(), &pkcs1(modulus, exponent))
}

/// `RSAPublicKey` (RFC 8017 §A.1.1).
pub fn pkcs1(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
    tlv(SEQUENCE, &[integer(modulus), integer(exponent)].concat())
}

fn info(algorithm: &[u8], key: &[u8]) -> Vec<u8> {
    let bits = tlv(BIT_STRING, &[&[0], key].concat());
    tlv(SEQUENCE, &[tlv(SEQUENCE, algorithm), bits].concat())
}

fn integer(number: &[u8]) -> Vec<u8> {
    let sign: &[u8] = if number.first().is_some_and(|byte| byte & 0x80 != 0) { &[0] } else { &[] };
    tlv(INTEGER, &[sign, number].concat())
}

fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let length = &length[length.iter().take_while(|byte| **byte == 0).count()..];
    let mut written = vec![tag];
    match (length, u8::try_from(length.len())) {
        ([], _) => written.push(0),
        ([short], _) if *short < 0x80 => written.push(*short),
        (_, Ok(bytes)) => {
            written.push(0x80 | bytes);
            written.extend_from_slice(length);
        }
        // A usize has eight bytes.
        (_, Err(_)) => {}
    }
    written.extend_from_slice(content);
    written
}

/// The content of the first element, which must have this tag, and what follows it. Lengths must be minimal (DER), and
/// of at most two bytes.
fn take(tag: u8, bytes: &[u8]) -> Result<(&[u8], &[u8]), KeyFault> {
    let (length, rest) = match *bytes {
        [first, short, ref rest @ ..] if first == tag && short < 0x80 => (usize::from(short), rest),
        [first, 0x81, long, ref rest @ ..] if first == tag && long >= 0x80 => (usize::from(long), rest),
        [first, 0x82, high, low, ref rest @ ..] if first == tag && high > 0 => {
            (usize::from(u16::from_be_bytes([high, low])), rest)
        }
        _ => return Err(KeyFault::Der),
    };
    rest.split_at_checked(length).ok_or(KeyFault::Der)
}

/// As [`take`], when nothing may follow.
fn only(tag: u8, bytes: &[u8]) -> Result<&[u8], KeyFault> {
    match take(tag, bytes)? {
        (content, []) => Ok(content),
        _ => Err(KeyFault::Der),
    }
}

/// The magnitude of a positive integer, which DER writes with as few bytes as it can.
fn positive(integer: &[u8]) -> Result<&[u8], KeyFault> {
    match integer {
        [0, rest @ ..] if rest.first().is_some_and(|byte| byte & 0x80 != 0) => Ok(rest),
        [first, ..] if (1..0x80).contains(first) => Ok(integer),
        _ => Err(KeyFault::Der),
    }
}
