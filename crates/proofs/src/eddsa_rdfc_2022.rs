//! Making proofs of the cryptosuite `eddsa-rdfc-2022` (vc-di-eddsa 1.0 §3.2): what is signed, and where the signature
//! goes.
//!
//! Signing is in two steps, so that the key may be anywhere: [`prepare`] gives 64 bytes, whoever holds the key signs
//! them with Ed25519, [`Prepared::finish`] puts the signature in its place. Verifying is [`crate::suite`]'s; the short
//! [`verify`] here knows this suite alone.

use iref::Iri;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcOffset};

use crate::jsonld::{self, Engine};
use crate::key::PublicKey;
pub use crate::suite::{ProofFacts, ProofFault, Purpose, proofs_of};
use crate::suite::{SecuredDocument, Suite, options};

/// The name of the suite.
pub const CRYPTOSUITE: &str = Suite::EddsaRdfc2022.name();

/// What a proof says besides its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// When it was made; written in UTC, whole seconds.
    pub created: OffsetDateTime,
    /// The id of the key, an absolute IRI: `did:web:…#z6Mk…`.
    pub verification_method: String,
    /// What it is for.
    pub purpose: Purpose,
}

impl Options {
    /// Of a proof by which an issuer attests.
    pub fn assertion(created: OffsetDateTime, verification_method: impl Into<String>) -> Self {
        Self { created, verification_method: verification_method.into(), purpose: Purpose::AssertionMethod }
    }
}

/// Canonicalises and hashes an unsigned document and its proof options (vc-di-eddsa §3.2.3–3.2.5).
///
/// # Errors
/// [`ProofFault::AlreadySigned`] when it has a proof; [`ProofFault::JsonLd`] when a part of it would not be covered;
/// [`ProofFault::Created`], [`ProofFault::VerificationMethod`] when the options cannot be written.
pub fn prepare(unsigned: &Value, options: &Options) -> Result<Prepared, ProofFault> {
    prepare_with(Engine::bundled(), unsigned, options)
}

/// As [`prepare`], with the contexts of `engine`.
///
/// # Errors
/// As [`prepare`].
pub fn prepare_with(engine: &Engine, unsigned: &Value, options: &Options) -> Result<Prepared, ProofFault> {
    let Value::Object(document) = unsigned else { return Err(ProofFault::NotAnObject) };
    if document.contains_key("proof") {
        return Err(ProofFault::AlreadySigned);
    }
    let proof = write(options)?;
    jsonld::is_compacted(unsigned)?;
    let document_hash = hash(&engine.canonicalize(unsigned)?);
    let proof_hash = hash(&options::canonical(engine, document.get("@context"), &proof)?);
    Ok(Prepared {
        document_hash,
        proof_hash,
        hash_data: join(&proof_hash, &document_hash),
        document: document.clone(),
        proof,
    })
}

/// A document ready to be signed.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// SHA-256 of the canonical document.
    pub document_hash: [u8; 32],
    /// SHA-256 of the canonical proof options.
    pub proof_hash: [u8; 32],
    /// What Ed25519 signs: the proof's hash, then the document's.
    pub hash_data: [u8; 64],
    document: Map<String, Value>,
    proof: Map<String, Value>,
}

impl Prepared {
    /// The document with its proof, as its last member. The signature is taken at its word.
    pub fn finish(self, signature: [u8; 64]) -> Value {
        let Self { mut document, mut proof, .. } = self;
        proof.insert("proofValue".to_owned(), json!(write_value(&signature)));
        document.insert("proof".to_owned(), Value::Object(proof));
        Value::Object(document)
    }
}

/// Whether one of the document's proofs of this suite was made with `key`; the facts of the first that was.
///
/// The caller has looked `key` up by the verification method of [`proofs_of`], and compares it with the one in the
/// answer: this function knows nothing of whose key it is.
///
/// # Errors
/// [`ProofFault`]: the reason of the first proof of this suite; [`ProofFault::Unsupported`] when there is none.
pub fn verify(signed: &Value, key: &PublicKey) -> Result<ProofFacts, ProofFault> {
    verify_with(Engine::bundled(), signed, key)
}

/// As [`verify`], with the contexts of `engine`.
///
/// # Errors
/// As [`verify`].
pub fn verify_with(engine: &Engine, signed: &Value, key: &PublicKey) -> Result<ProofFacts, ProofFault> {
    let document = SecuredDocument::read_with(engine, signed)?;
    let mut reason = None;
    for (index, suite) in document.suites().enumerate() {
        let judged = match suite {
            Ok(Suite::EddsaRdfc2022) => document.verify_at(index, key),
            // A proof of another suite says nothing about this one.
            Ok(_) | Err(ProofFault::Unsupported) => continue,
            Err(fault) => Err(fault),
        };
        match judged {
            Ok(facts) => return Ok(facts),
            Err(fault) => reason = reason.or(Some(fault)),
        }
    }
    Err(reason.unwrap_or(ProofFault::Unsupported))
}

/// The members of a new proof, without its value, in the order in which we have always written them.
fn write(options: &Options) -> Result<Map<String, Value>, ProofFault> {
    let created = options.created.to_offset(UtcOffset::UTC).replace_nanosecond(0).map_err(|_| ProofFault::Created)?;
    let created = created.format(&Rfc3339).map_err(|_| ProofFault::Created)?;
    if Iri::new(&options.verification_method).is_err() {
        return Err(ProofFault::VerificationMethod);
    }
    let members = [
        ("type", json!("DataIntegrityProof")),
        ("created", json!(created)),
        ("verificationMethod", json!(options.verification_method)),
        ("cryptosuite", json!(CRYPTOSUITE)),
        ("proofPurpose", json!(options.purpose.as_str())),
    ];
    Ok(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// `proofValue`: `z` and base58btc.
fn write_value(signature: &[u8; 64]) -> String {
    format!("z{}", bs58::encode(signature).into_string())
}

fn hash(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

fn join(proof_hash: &[u8; 32], document_hash: &[u8; 32]) -> [u8; 64] {
    let mut joined = [0; 64];
    joined[..32].copy_from_slice(proof_hash);
    joined[32..].copy_from_slice(document_hash);
    joined
}

#[cfg(test)]
mod tests;
