//! `publicKeyMultibase` (Controlled Identifiers 1.0 §2.2.2).

use super::{Curve, KeyFault, Material, PublicKey, der};

/// Multicodecs, as varints.
const ED25519_PUB: [u8; 2] = [0xed, 0x01];
const P256_PUB: [u8; 2] = [0x80, 0x24];
const P384_PUB: [u8; 2] = [0x81, 0x24];
const RSA_PUB: [u8; 2] = [0x85, 0x24];

/// Longest key text read: 51 bytes (P-384) are 70 signs of base58; base58 decoding is quadratic, so a stranger's text
/// is measured first.
const LONGEST: usize = 80;

pub fn read(text: &str) -> Result<PublicKey, KeyFault> {
    let encoded = text.strip_prefix('z').ok_or(KeyFault::Multibase)?;
    if encoded.len() > LONGEST {
        return Err(KeyFault::Length);
    }
    read_bytes(&bs58::decode(encoded).into_vec().map_err(|_| KeyFault::Multibase)?)
}

pub fn read_bytes(bytes: &[u8]) -> Result<PublicKey, KeyFault> {
    let Some((codec, key)) = bytes.split_first_chunk() else { return Err(KeyFault::OtherAlgorithm) };
    match *codec {
        ED25519_PUB => PublicKey::ed25519(key.try_into().map_err(|_| KeyFault::Length)?),
        P256_PUB => compressed(Curve::P256, key),
        P384_PUB => compressed(Curve::P384, key),
        _ => Err(KeyFault::OtherAlgorithm),
    }
}

pub fn write(key: &PublicKey) -> String {
    let (codec, bytes) = match &key.0 {
        Material::Ed25519(key) => (ED25519_PUB, key.as_bytes().to_vec()),
        Material::Ec(key) => (
            match key.curve() {
                Curve::P256 => P256_PUB,
                Curve::P384 => P384_PUB,
            },
            key.compressed(),
        ),
        Material::Rsa(key) => (RSA_PUB, der::pkcs1(key.modulus(), key.exponent())),
    };
    format!("z{}", bs58::encode([&codec[..], &bytes].concat()).into_string())
}

/// Multikey writes points compressed; the other form would be a second text for one key.
fn compressed(curve: Curve, point: &[u8]) -> Result<PublicKey, KeyFault> {
    if point.len() != 1 + curve.size() {
        return Err(KeyFault::Length);
    }
    PublicKey::ec(curve, point)
}
