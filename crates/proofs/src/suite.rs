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

use crate::jsonld::{self, Engine, JsonLdFault};
use crate::key::{Algorithm, PublicKey};
use crate::template::{KnownText, Templates};
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
    read: OnceLock<Vec<Result<Proof<'a>, ProofFault>>>,
    purpose: Purpose,
    canonical: OnceLock<Result<String, JsonLdFault>>,
    hash: OnceLock<Result<Hashed, JsonLdFault>>,
    /// The text it came in, when that is of a known class.
    known: Option<&'a KnownText>,
    /// Whether the general engine alone is asked.
    by_reference: bool,
}

/// The hash of the canonical document.
#[derive(Clone, Copy)]
struct Hashed {
    hash: [u8; 32],
    /// Whether its class was known.
    by_template: bool,
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
        let (read, canonical, hash) = (OnceLock::new(), OnceLock::new(), OnceLock::new());
        Ok(Self { engine, signed, members, proofs, purpose, read, canonical, hash, known: None, by_reference: false })
    }

    /// The same, examined by the general engine alone: the reference that the quick ways are compared with.
    #[must_use]
    pub fn by_reference(self) -> Self {
        Self { by_reference: true, ..self }
    }

    /// The document that a text of a known class says, with the bundled contexts.
    ///
    /// # Errors
    /// As [`proofs_of`].
    pub fn read_known(text: &'a KnownText) -> Result<Self, ProofFault> {
        let secured = Self::read(text.value())?;
        let hash = OnceLock::from(Ok(Hashed { hash: text.document_hash(), by_template: true }));
        Ok(Self { hash, known: Some(text), ..secured })
    }

    /// The same document, whose proofs must be for `purpose` instead of an assertion: a presentation's are for
    /// [`Purpose::Authentication`].
    #[must_use]
    pub fn expecting(self, purpose: Purpose) -> Self {
        Self { purpose, read: OnceLock::new(), ..self }
    }

    /// See [`proofs_of`].
    pub fn proofs(&self) -> Vec<Result<ProofFacts, ProofFault>> {
        let each = self.read_proofs().iter();
        each.map(|proof| proof.as_ref().map(|proof| proof.facts.clone()).map_err(Clone::clone)).collect()
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
        let canonical = self.canonical.get_or_init(|| self.canonicalize(&self.input(&[])));
        canonical.as_deref().map_err(Clone::clone)
    }

    /// SHA-256 of [`Self::canonical`]; computed once, and by its template when its class was seen before.
    ///
    /// # Errors
    /// As [`Self::canonical`].
    pub fn document_hash(&self) -> Result<[u8; 32], JsonLdFault> {
        self.hashed().map(|hashed| hashed.hash)
    }

    /// Whether the process knew its class when it was hashed.
    pub fn is_of_known_class(&self) -> bool {
        self.hash.get().is_some_and(|hashed| hashed.as_ref().is_ok_and(|hashed| hashed.by_template))
    }

    fn hashed(&self) -> Result<Hashed, JsonLdFault> {
        let hashed =
            self.hash.get_or_init(|| match self.templates().and_then(|known| known.canonical_hash(self.signed)) {
                Some(hash) => Ok(Hashed { hash, by_template: true }),
                None => Ok(Hashed { hash: sha256(self.canonical()?), by_template: false }),
            });
        hashed.clone()
    }

    /// Templates are of the bundled contexts alone.
    fn templates(&self) -> Option<&'static Templates> {
        (std::ptr::eq(self.engine, Engine::bundled()) && !self.by_reference).then(Templates::shared)
    }

    /// The canonical N-Quads of what is written by its names. What a template knows has passed here before, and
    /// differs in no name.
    fn canonicalize(&self, document: &Value) -> Result<String, JsonLdFault> {
        jsonld::is_compacted(document)?;
        if self.by_reference {
            self.engine.canonicalize_by_reference(document)
        } else {
            self.engine.canonicalize(document)
        }
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

    /// Each proof, read once.
    fn read_proofs(&self) -> &[Result<Proof<'a>, ProofFault>] {
        let read = |index| proof::read(self.members, self.proofs, index, self.purpose);
        self.read.get_or_init(|| (0..self.proofs.len()).map(read).collect())
    }

    fn proof(&self, index: usize) -> Result<&Proof<'a>, ProofFault> {
        self.read_proofs().get(index).ok_or(ProofFault::OtherProof)?.as_ref().map_err(Clone::clone)
    }

    fn judge(&self, proof: &Proof<'_>, key: &PublicKey) -> Result<ProofFacts, ProofFault> {
        let suite = proof.facts.suite;
        if !suite.fits(key.algorithm()) {
            return Err(ProofFault::KeyMismatch);
        }
        let holds = match &proof.value {
            ProofValue::Derived(derived) => {
                let hash = Sha256::digest(self.canonical_options(proof)?);
                derived.holds(hash.as_slice(), &self.canonical_of(proof)?, key)?
            }
            ProofValue::Signature(signature) => {
                if suite != Suite::EddsaJcs2022 && key.algorithm() != Algorithm::P384 {
                    let holds = self.holds_by_hashes(proof, signature, key)?;
                    return if holds { Ok(proof.facts.clone()) } else { Err(ProofFault::Signature) };
                }
                let (options, document) = if suite == Suite::EddsaJcs2022 {
                    (jcs::canonical(&Value::Object(proof.options()))?, self.jcs_of(proof)?)
                } else {
                    (self.canonical_options(proof)?, self.canonical_of(proof)?.into_owned())
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
        if holds { Ok(proof.facts.clone()) } else { Err(ProofFault::Signature) }
    }

    /// The way of nearly every badge: SHA-256 of both, the proof's first. What has held is noticed, so that the next of
    /// its class is quick; what has not teaches nothing.
    fn holds_by_hashes(&self, proof: &Proof<'_>, signature: &[u8], key: &PublicKey) -> Result<bool, JsonLdFault> {
        let alone = self.proofs.get(proof.facts.index);
        let templates = self.templates().filter(|_| proof.facts.previous_proof.is_empty());
        let known = match self.known {
            // Its one proof.
            Some(text) => Some(text.options_hash()),
            None => templates.zip(alone).and_then(|(templates, alone)| templates.options_hash(self.signed, alone)),
        };
        let options = match known {
            Some(hash) => hash,
            None => sha256(&self.canonical_options(proof)?),
        };
        let document = if proof.facts.previous_proof.is_empty() {
            self.hashed()?
        } else {
            Hashed { hash: sha256(&self.canonical_of(proof)?), by_template: false }
        };
        let mut message = [0; 64];
        message[..32].copy_from_slice(&options);
        message[32..].copy_from_slice(&document.hash);
        if !key.verifies(&message, signature) {
            return Ok(false);
        }
        if let (Some(templates), Some(alone)) = (templates, alone) {
            if !document.by_template {
                templates.notice(self.signed);
            }
            if known.is_none() {
                templates.notice_options(self.signed, alone);
            }
        }
        Ok(true)
    }

    fn canonical_options(&self, proof: &Proof<'_>) -> Result<String, JsonLdFault> {
        let context = self.members.get("@context").ok_or(JsonLdFault::NotJsonLd)?;
        match options::template(context, &proof.options()).filter(|_| !self.by_reference) {
            Some(text) => Ok(text),
            None => self.canonicalize(&options::document(context, &proof.options())),
        }
    }

    /// What the proof covers of the document: all but the proofs, or all and the proofs that it follows.
    fn canonical_of(&self, proof: &Proof<'_>) -> Result<std::borrow::Cow<'_, str>, JsonLdFault> {
        let previous = self.previous(proof);
        if previous.is_empty() {
            return self.canonical().map(Into::into);
        }
        self.canonicalize(&self.input(&previous)).map(Into::into)
    }

    fn jcs_of(&self, proof: &Proof<'_>) -> Result<String, ProofFault> {
        let mut input = self.input(&self.previous(proof));
        // The beginning of the document's context that the proof was made under stands for it (checked to be one).
        if let Some(context) = proof.context() {
            input["@context"] = context.clone();
        }
        jcs::canonical(&input)
    }

    /// The proofs that a proof follows, in the document's order (VC Data Integrity §4.5).
    fn previous(&self, proof: &Proof<'_>) -> Vec<Value> {
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
