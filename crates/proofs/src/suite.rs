//! Data Integrity proofs (VC Data Integrity 1.0), whatever suite made them: what they say, and whether they hold.
//!
//! Begin with [`proofs_of`], which says which keys to look for; ask whoever the document names as its issuer for the
//! key; then [`verify`] that one proof. Each proof of a set is judged alone; a proof of a chain covers the proofs that
//! it follows, but their own signatures are theirs: whoever relies on them verifies them too.

mod context;
mod fault;
mod jcs;
pub(crate) mod options;
pub(crate) mod proof;
mod sd;
mod statements;

use std::sync::OnceLock;

use serde_json::{Map, Value};
use sha2::{Digest, Sha256, Sha384};

use crate::jsonld::{Engine, JsonLdFault};
use crate::key::{Algorithm, PublicKey};
use crate::template::Templates;
pub use fault::ProofFault;
use proof::{Proof, ProofValue};
pub use proof::{ProofFacts, Purpose};

/// A way of making proofs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Suite {
    /// `eddsa-rdfc-2022` (vc-di-eddsa §3.2): ours.
    EddsaRdfc2022,
    /// `eddsa-2022`, its early name: the same computation.
    Eddsa2022,
    /// `eddsa-jcs-2022` (vc-di-eddsa §3.3): the JSON is signed, not its meaning.
    EddsaJcs2022,
    /// `Ed25519Signature2020` (vc-di-eddsa §3.4), a proof type of its own; deprecated.
    Ed25519Signature2020,
    /// `ecdsa-rdfc-2019` (vc-di-ecdsa §3.2), with P-256 and P-384.
    EcdsaRdfc2019,
    /// `ecdsa-sd-2023` (vc-di-ecdsa §3.5), selective disclosure: derived proofs, with P-256.
    EcdsaSd2023,
}

impl Suite {
    /// Every suite that is verified.
    pub const ALL: [Self; 6] = [
        Self::EddsaRdfc2022,
        Self::Eddsa2022,
        Self::EddsaJcs2022,
        Self::Ed25519Signature2020,
        Self::EcdsaRdfc2019,
        Self::EcdsaSd2023,
    ];

    /// `cryptosuite`, or the proof's type when it has none.
    pub const fn name(self) -> &'static str {
        match self {
            Self::EddsaRdfc2022 => "eddsa-rdfc-2022",
            Self::Eddsa2022 => "eddsa-2022",
            Self::EddsaJcs2022 => "eddsa-jcs-2022",
            Self::Ed25519Signature2020 => "Ed25519Signature2020",
            Self::EcdsaRdfc2019 => "ecdsa-rdfc-2019",
            Self::EcdsaSd2023 => "ecdsa-sd-2023",
        }
    }

    /// The suite of a `DataIntegrityProof`, by its `cryptosuite`.
    pub fn of_cryptosuite(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|suite| *suite != Self::Ed25519Signature2020 && suite.name() == name)
    }

    /// Whether the suite signs with such keys.
    pub const fn fits(self, key: Algorithm) -> bool {
        match self {
            Self::EddsaRdfc2022 | Self::Eddsa2022 | Self::EddsaJcs2022 | Self::Ed25519Signature2020 => {
                matches!(key, Algorithm::Ed25519)
            }
            Self::EcdsaRdfc2019 => matches!(key, Algorithm::P256 | Algorithm::P384),
            Self::EcdsaSd2023 => matches!(key, Algorithm::P256),
        }
    }
}

/// Every proof of the document, in its order: its facts if it is one that can be verified, or why it is not. Looks at
/// no key and at no signature; a proof of an unknown suite does no harm to the others.
///
/// # Errors
/// [`ProofFault::NotAnObject`], [`ProofFault::NoProof`], [`ProofFault::Malformed`] when `proof` is neither an object
/// nor a short array.
pub fn proofs_of(signed: &Value) -> Result<Vec<Result<ProofFacts, ProofFault>>, ProofFault> {
    Ok(SecuredDocument::read(signed)?.proofs())
}

/// Whether the proof of which `facts` speak was made with `key` over this document.
///
/// The caller has looked `key` up by the facts' verification method: this function knows nothing of whose key it is,
/// nor of dates.
///
/// # Errors
/// [`ProofFault`], each for its reason.
pub fn verify(signed: &Value, facts: &ProofFacts, key: &PublicKey) -> Result<ProofFacts, ProofFault> {
    SecuredDocument::read(signed)?.verify(facts, key)
}

/// As [`verify`], of the proof at this place, from 0.
///
/// # Errors
/// As [`verify`]; [`ProofFault::OtherProof`] when there is none.
pub fn verify_at(signed: &Value, index: usize, key: &PublicKey) -> Result<ProofFacts, ProofFault> {
    SecuredDocument::read(signed)?.verify_at(index, key)
}

/// A document and its proofs, under examination: what several questions need is computed once.
pub struct SecuredDocument<'a> {
    engine: &'a Engine,
    signed: &'a Value,
    members: &'a Map<String, Value>,
    proofs: &'a [Value],
    purpose: Purpose,
    canonical: OnceLock<Result<String, JsonLdFault>>,
    hash: OnceLock<Result<[u8; 32], JsonLdFault>>,
}

impl<'a> SecuredDocument<'a> {
    /// The document, with the bundled contexts.
    ///
    /// # Errors
    /// As [`proofs_of`].
    pub fn read(signed: &'a Value) -> Result<Self, ProofFault> {
        Self::read_with(Engine::bundled(), signed)
    }

    /// As [`Self::read`], with the contexts of `engine`.
    ///
    /// # Errors
    /// As [`proofs_of`].
    pub fn read_with(engine: &'a Engine, signed: &'a Value) -> Result<Self, ProofFault> {
        let members = signed.as_object().ok_or(ProofFault::NotAnObject)?;
        let proofs = proof::all(members)?;
        let purpose = Purpose::AssertionMethod;
        Ok(Self { engine, signed, members, proofs, purpose, canonical: OnceLock::new(), hash: OnceLock::new() })
    }

    /// The same document, whose proofs must be for `purpose` instead of an assertion: a presentation's are for
    /// [`Purpose::Authentication`].
    #[must_use]
    pub fn expecting(mut self, purpose: Purpose) -> Self {
        self.purpose = purpose;
        self
    }

    /// See [`proofs_of`].
    pub fn proofs(&self) -> Vec<Result<ProofFacts, ProofFault>> {
        (0..self.proofs.len()).map(|index| self.proof(index).map(|proof| proof.facts)).collect()
    }

    /// The suite of each proof, as far as it is one of ours.
    pub(crate) fn suites(&self) -> impl Iterator<Item = Result<Suite, ProofFault>> {
        self.proofs.iter().map(proof::suite)
    }

    /// The canonical N-Quads of the document without its proofs; computed once.
    ///
    /// # Errors
    /// [`JsonLdFault`]: a part of it means nothing, so no signature covers it.
    pub fn canonical(&self) -> Result<&str, JsonLdFault> {
        let canonical = self.canonical.get_or_init(|| self.engine.canonicalize(&self.input(&[])));
        canonical.as_deref().map_err(Clone::clone)
    }

    /// SHA-256 of [`Self::canonical`]; computed once, and by its template when its class was seen before.
    ///
    /// # Errors
    /// As [`Self::canonical`].
    pub fn document_hash(&self) -> Result<[u8; 32], JsonLdFault> {
        let hash =
            self.hash.get_or_init(|| match self.templates().and_then(|known| known.canonical_hash(self.signed)) {
                Some(hash) => Ok(hash),
                None => self.canonical().map(sha256),
            });
        hash.clone()
    }

    /// Templates are of the bundled contexts alone.
    fn templates(&self) -> Option<&'static Templates> {
        std::ptr::eq(self.engine, Engine::bundled()).then(Templates::shared)
    }

    /// See [`verify`].
    ///
    /// # Errors
    /// As [`verify`].
    pub fn verify(&self, facts: &ProofFacts, key: &PublicKey) -> Result<ProofFacts, ProofFault> {
        let proof = self.proof(facts.index)?;
        if proof.facts != *facts {
            return Err(ProofFault::OtherProof);
        }
        self.judge(proof, key)
    }

    /// See [`verify_at`].
    ///
    /// # Errors
    /// As [`verify_at`].
    pub fn verify_at(&self, index: usize, key: &PublicKey) -> Result<ProofFacts, ProofFault> {
        self.judge(self.proof(index)?, key)
    }

    fn proof(&self, index: usize) -> Result<Proof, ProofFault> {
        proof::read(self.members, self.proofs, index, self.purpose)
    }

    fn judge(&self, proof: Proof, key: &PublicKey) -> Result<ProofFacts, ProofFault> {
        let suite = proof.facts.suite;
        if !suite.fits(key.algorithm()) {
            return Err(ProofFault::KeyMismatch);
        }
        let holds = match &proof.value {
            ProofValue::Derived(derived) => {
                let hash = Sha256::digest(self.canonical_options(&proof)?);
                derived.holds(hash.as_slice(), &self.canonical_of(&proof)?, key)?
            }
            ProofValue::Signature(signature) => {
                if suite != Suite::EddsaJcs2022 && key.algorithm() != Algorithm::P384 {
                    let holds = self.holds_by_hashes(&proof, signature, key)?;
                    return if holds { Ok(proof.facts) } else { Err(ProofFault::Signature) };
                }
                let (options, document) = if suite == Suite::EddsaJcs2022 {
                    (jcs::canonical(&Value::Object(proof.options.clone()))?, self.jcs_of(&proof)?)
                } else {
                    (self.canonical_options(&proof)?, self.canonical_of(&proof)?.into_owned())
                };
                // The proof's hash comes first; with P-384 both are SHA-384 (vc-di-ecdsa §3.2.4).
                let hashes = if key.algorithm() == Algorithm::P384 {
                    [Sha384::digest(options).as_slice(), Sha384::digest(document).as_slice()].concat()
                } else {
                    [Sha256::digest(options).as_slice(), Sha256::digest(document).as_slice()].concat()
                };
                key.verifies(&hashes, signature)
            }
        };
        if holds { Ok(proof.facts) } else { Err(ProofFault::Signature) }
    }

    /// The way of nearly every badge: SHA-256 of both, the proof's first. What has held is noticed, so that the next of
    /// its class is quick; what has not teaches nothing.
    fn holds_by_hashes(&self, proof: &Proof, signature: &[u8], key: &PublicKey) -> Result<bool, JsonLdFault> {
        let alone = self.proofs.get(proof.facts.index);
        let templates = self.templates().filter(|_| proof.facts.previous_proof.is_empty());
        let known = templates.zip(alone).and_then(|(templates, alone)| templates.options_hash(self.signed, alone));
        let options = match known {
            Some(hash) => hash,
            None => sha256(&self.canonical_options(proof)?),
        };
        let document = if proof.facts.previous_proof.is_empty() {
            self.document_hash()?
        } else {
            sha256(&self.canonical_of(proof)?)
        };
        if !key.verifies(&[options, document].concat(), signature) {
            return Ok(false);
        }
        if let (Some(templates), Some(alone)) = (templates, alone) {
            templates.notice(self.signed);
            if known.is_none() {
                templates.notice_options(self.signed, alone);
            }
        }
        Ok(true)
    }

    fn canonical_options(&self, proof: &Proof) -> Result<String, JsonLdFault> {
        options::canonical(self.engine, self.members.get("@context"), &proof.options)
    }

    /// What the proof covers of the document: all but the proofs, or all and the proofs that it follows.
    fn canonical_of(&self, proof: &Proof) -> Result<std::borrow::Cow<'_, str>, JsonLdFault> {
        let previous = self.previous(proof);
        if previous.is_empty() {
            return self.canonical().map(Into::into);
        }
        self.engine.canonicalize(&self.input(&previous)).map(Into::into)
    }

    fn jcs_of(&self, proof: &Proof) -> Result<String, ProofFault> {
        let mut input = self.input(&self.previous(proof));
        // The beginning of the document's context that the proof was made under stands for it (checked to be one).
        if let Some(context) = proof.options.get("@context") {
            input["@context"] = context.clone();
        }
        jcs::canonical(&input)
    }

    /// The proofs that a proof follows, in the document's order (VC Data Integrity §4.5).
    fn previous(&self, proof: &Proof) -> Vec<Value> {
        let named = |other: &&Value| {
            other["id"].as_str().is_some_and(|id| proof.facts.previous_proof.iter().any(|previous| previous == id))
        };
        self.proofs.iter().filter(named).cloned().collect()
    }

    fn input(&self, previous: &[Value]) -> Value {
        let others = self.members.iter().filter(|(name, _)| *name != "proof");
        let mut input: Map<String, Value> = others.map(|(name, value)| (name.clone(), value.clone())).collect();
        if !previous.is_empty() {
            input.insert("proof".to_owned(), Value::Array(previous.to_vec()));
        }
        Value::Object(input)
    }
}

fn sha256(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

#[cfg(test)]
mod tests;
