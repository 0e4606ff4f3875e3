//! Keys of every kind to sign tests with. None of them signs anything else.

use std::sync::LazyLock;

use data_encoding::BASE64URL_NOPAD;
use ed25519_dalek::{Signer, SigningKey};
use josekit::jwk::{Jwk, KeyPair, alg::rsa::RsaKeyPair};
use josekit::jws::JwsSigner;
use josekit::jws::alg::{ecdsa::EcdsaJwsAlgorithm, rsassa::RsassaJwsAlgorithm};
use serde_json::json;

use crate::jws::Alg;
use crate::key::PublicKey;

/// One RSA pair for all tests: drawing it takes a while.
static RSA: LazyLock<RsaKeyPair> = LazyLock::new(|| RsaKeyPair::generate(2048).unwrap());

/// The public key that verifies with `alg`: Ed25519 from a fixed seed, the NIST keys of the W3C vectors
/// (`p256KeyPair.json`, `p384KeyPair.json`), RSA drawn once.
pub fn public(alg: Alg) -> PublicKey {
    match alg {
        Alg::EdDsa => PublicKey::ed25519(ed25519().verifying_key().to_bytes()).unwrap(),
        Alg::Es256 => PublicKey::from_multibase("zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP").unwrap(),
        Alg::Es384 => {
            let key = "z82LkuBieyGShVBhvtE2zoiD6Kma4tJGFtkAhxR5pfkp5QPw4LutoYWhvQCnGjdVn14kujQ";
            PublicKey::from_multibase(key).unwrap()
        }
        _ => PublicKey::from_spki_pem(&rsa_pem()).unwrap(),
    }
}

/// `BEGIN PUBLIC KEY` of the RSA key, as OpenSSL writes it.
pub fn rsa_pem() -> String {
    String::from_utf8(RSA.to_pem_public_key()).unwrap()
}

/// `BEGIN PRIVATE KEY` of the RSA key.
pub fn rsa_private_pem() -> String {
    String::from_utf8(RSA.to_pem_private_key()).unwrap()
}

/// Signs with the private key of [`public`].
pub fn sign(alg: Alg, message: &[u8]) -> Vec<u8> {
    match alg {
        Alg::EdDsa => ed25519().sign(message).to_bytes().to_vec(),
        Alg::Es256 => ecdsa(EcdsaJwsAlgorithm::Es256, &secret(alg), message),
        Alg::Es384 => ecdsa(EcdsaJwsAlgorithm::Es384, &secret(alg), message),
        Alg::Rs256 => rsa(RsassaJwsAlgorithm::Rs256, message),
        Alg::Rs384 => rsa(RsassaJwsAlgorithm::Rs384, message),
        Alg::Rs512 => rsa(RsassaJwsAlgorithm::Rs512, message),
    }
}

fn ed25519() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn rsa(alg: RsassaJwsAlgorithm, message: &[u8]) -> Vec<u8> {
    alg.signer_from_der(RSA.to_der_private_key()).unwrap().sign(message).unwrap()
}

fn ecdsa(alg: EcdsaJwsAlgorithm, private: &Jwk, message: &[u8]) -> Vec<u8> {
    alg.signer_from_jwk(private).unwrap().sign(message).unwrap()
}

fn secret(alg: Alg) -> Jwk {
    let multibase = match alg {
        Alg::Es256 => "42twTcNeSYcnqg1FLuSFs2bsGH3ZqbRHFmvS9XMsYhjxvHN",
        _ => "2fanyY7zgwNpZGxX5fXXibvScNaUWNprHU9dKx7qpVj7mws9J8LLt4mDB5TyH2GLHWkUc",
    };
    // Two bytes of multicodec, then the number.
    let bytes = bs58::decode(multibase).into_vec().unwrap();
    let mut jwk = public(alg).to_jwk();
    jwk["d"] = json!(BASE64URL_NOPAD.encode(&bytes[2..]));
    Jwk::from_bytes(jwk.to_string()).unwrap()
}
