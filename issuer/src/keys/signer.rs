//! What signs: an organisation's key, opened from its seal (decisions §16).

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use ed25519_dalek::{Signer as _, SigningKey};
use uuid::Uuid;

/// Something that signs for one organisation. Today a key in memory; the same words fit another process or an HSM.
pub trait Signer: Send + Sync {
    /// The id of the key: `did:web:…#z6Mk…`.
    fn verification_method(&self) -> &str;
    /// The Ed25519 signature of the 64 bytes that `proofs` prepared.
    fn sign(&self, hash_data: &[u8; 64]) -> [u8; 64];
}

/// An organisation's Ed25519 key, opened. The seed is wiped from memory when it is dropped.
pub struct OrganisationSigner {
    key_id: Uuid,
    verification_method: String,
    key: SigningKey,
}

impl OrganisationSigner {
    pub(super) fn new(key_id: Uuid, verification_method: String, seed: &[u8; 32]) -> Self {
        Self { key_id, verification_method, key: SigningKey::from_bytes(seed) }
    }

    pub(super) const fn key_id(&self) -> Uuid {
        self.key_id
    }

    pub(super) fn public_key(&self) -> [u8; 32] {
        self.key.verifying_key().to_bytes()
    }
}

impl Signer for OrganisationSigner {
    fn verification_method(&self) -> &str {
        &self.verification_method
    }

    fn sign(&self, hash_data: &[u8; 64]) -> [u8; 64] {
        self.key.sign(hash_data).to_bytes()
    }
}

/// Signers opened lately: unsealing and expanding a key costs more than a signature.
pub(crate) struct SignerCache<K, S>(Mutex<HashMap<K, Arc<S>>>);

/// Organisations beyond this number are rare on one instance; starting anew is cheaper than counting ages.
const CACHED: usize = 64;

impl<K, S> Default for SignerCache<K, S> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash, S> SignerCache<K, S> {
    /// The cached signer, if it holds that very key: another instance may have replaced it.
    pub(super) fn get(&self, owner: &K, is_that_key: impl FnOnce(&S) -> bool) -> Option<Arc<S>> {
        let signers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        signers.get(owner).filter(|signer| is_that_key(signer)).cloned()
    }

    pub(super) fn put(&self, owner: K, signer: &Arc<S>) {
        let mut signers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if signers.len() >= CACHED {
            signers.clear();
        }
        signers.insert(owner, Arc::clone(signer));
    }
}
