//! Derived proofs of `ecdsa-sd-2023` (vc-di-ecdsa §3.4–3.5): the holder shows some of the issuer's statements.
//!
//! The issuer signed, with an ephemeral key, each statement that may be left out, and with its own key that ephemeral
//! key and the statements that may not. Blank nodes bear labels that the issuer drew by HMAC, so that they tell
//! nothing of what was left out; the proof maps the canonical labels of what is shown to those.

use std::collections::{BTreeMap, BTreeSet};

use ciborium::Value as Cbor;
use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};

use super::ProofFault;
use super::statements::relabelled;
use crate::key::{Algorithm, PublicKey};

/// Tags 0x5d00 and 0x5d01.
const BASE: [u8; 3] = [0xd9, 0x5d, 0x00];
const DERIVED: [u8; 3] = [0xd9, 0x5d, 0x01];

/// Longest `proofValue` read, in signs: a thousand signatures and as many labels.
const LONGEST: usize = 192 * 1024;

/// Most statements that may be disclosed beside the mandatory ones, hence signatures verified: each costs a quarter of a
/// millisecond. The largest official badge has 356 statements in all.
const MOST_SIGNATURES: usize = 400;

/// A derived proof's value.
pub struct Derived {
    base_signature: [u8; 64],
    /// The ephemeral key, as Multikey bytes and as a key.
    key_bytes: Vec<u8>,
    key: PublicKey,
    signatures: Vec<[u8; 64]>,
    /// The issuer's label of each canonical one, by number.
    labels: BTreeMap<usize, String>,
    mandatory: Vec<usize>,
}

impl Derived {
    /// Reads `proofValue`: `u`, then base64url of the header and five CBOR values.
    pub fn read(text: &str) -> Result<Self, ProofFault> {
        let encoded = text.strip_prefix('u').filter(|encoded| encoded.len() <= LONGEST).ok_or(ProofFault::Value)?;
        let bytes = BASE64URL_NOPAD.decode(encoded.as_bytes()).map_err(|_| ProofFault::Value)?;
        if bytes.starts_with(&BASE) {
            return Err(ProofFault::BaseProof);
        }
        let mut rest = bytes.strip_prefix(&DERIVED).ok_or(ProofFault::Value)?;
        let value: Cbor =
            ciborium::de::from_reader_with_recursion_limit(&mut rest, 4).map_err(|_| ProofFault::Value)?;
        if !rest.is_empty() {
            return Err(ProofFault::Value);
        }
        Self::of(value).ok_or(ProofFault::Value)
    }

    fn of(value: Cbor) -> Option<Self> {
        let [base, key, signatures, labels, mandatory]: [Cbor; 5] = value.into_array().ok()?.try_into().ok()?;
        let key_bytes = key.into_bytes().ok()?;
        let key = PublicKey::from_multikey_bytes(&key_bytes).ok().filter(|key| key.algorithm() == Algorithm::P256)?;
        let signatures: Vec<[u8; 64]> =
            signatures.into_array().ok()?.into_iter().map(signature).collect::<Option<_>>()?;
        if signatures.len() > MOST_SIGNATURES {
            return None;
        }
        let labels = labels_of(labels.into_map().ok()?)?;
        let mandatory: Vec<usize> = mandatory.into_array().ok()?.into_iter().map(number).collect::<Option<_>>()?;
        // As every deriver writes them; a repeated one would count a statement twice.
        let ascending = mandatory.is_sorted_by(|one, next| one < next);
        ascending.then_some(Self { base_signature: signature(base)?, key_bytes, key, signatures, labels, mandatory })
    }

    /// Whether the issuer's `key`, and through it the ephemeral one, vouch for the statements of `canonical`.
    pub fn holds(&self, proof_hash: &[u8], canonical: &str, key: &PublicKey) -> Result<bool, ProofFault> {
        let statements = relabelled(canonical, &self.labels).ok_or(ProofFault::Disclosure)?;
        let mut mandatory_hash = Sha256::new();
        let mut others = Vec::new();
        let mut indexes = self.mandatory.iter().peekable();
        for (place, statement) in statements.iter().enumerate() {
            if indexes.next_if(|index| **index == place).is_some() {
                mandatory_hash.update(statement.as_bytes());
            } else {
                others.push(statement);
            }
        }
        if indexes.next().is_some() || others.len() != self.signatures.len() {
            return Err(ProofFault::Disclosure);
        }
        let base = [proof_hash, &self.key_bytes, mandatory_hash.finalize().as_slice()].concat();
        Ok(key.verifies(&base, &self.base_signature)
            && others.iter().zip(&self.signatures).all(|(one, signature)| self.key.verifies(one.as_bytes(), signature)))
    }
}

fn signature(value: Cbor) -> Option<[u8; 64]> {
    value.into_bytes().ok()?.try_into().ok()
}

fn number(value: Cbor) -> Option<usize> {
    usize::try_from(value.into_integer().ok()?).ok()
}

/// `0: <32 bytes>` stands for `c14n0` → `u` and base64url of the HMAC. Two nodes may not become one.
fn labels_of(entries: Vec<(Cbor, Cbor)>) -> Option<BTreeMap<usize, String>> {
    let mut labels = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for (canonical, label) in entries {
        let label: [u8; 32] = label.into_bytes().ok()?.try_into().ok()?;
        let label = format!("u{}", BASE64URL_NOPAD.encode(&label));
        if !seen.insert(label.clone()) || labels.insert(number(canonical)?, label).is_some() {
            return None;
        }
    }
    Some(labels)
}
