//! The `proof` member (VC Data Integrity 1.0 §2.1), read.

use badge_schemas::dates::parse_instant;
use serde_json::{Map, Value};
use time::OffsetDateTime;

use super::sd::Derived;
use super::{ProofFault, Suite, context};
use crate::base58;
use crate::iri::is_iri;

/// More proofs than this on one document are not looked at: each costs a canonicalisation.
const MOST_PROOFS: usize = 16;

/// More previous proofs or domains than this are not looked for.
const MOST_WORDS: usize = 16;

/// Longest base58 `proofValue` read: 96 bytes are at most 132 signs, and base58 decoding is quadratic.
const LONGEST_VALUE: usize = 136;

/// What a proof is for (VC Data Integrity §2.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// An issuer attests something.
    AssertionMethod,
    /// A holder shows something (VC Data Integrity §2.4, VC 2.0 §4.13).
    Authentication,
}

impl Purpose {
    /// The word in the proof.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AssertionMethod => "assertionMethod",
            Self::Authentication => "authentication",
        }
    }
}

/// What a proof says of itself. Believe it once [`super::verify`] has answered it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofFacts {
    /// Its place among the document's proofs, from 0.
    pub index: usize,
    /// How it was made.
    pub suite: Suite,
    /// Its id, if it has one.
    pub id: Option<String>,
    /// The ids of the proofs it follows and covers, each of which is there (§2.1.2, proof chains).
    pub previous_proof: Vec<String>,
    /// The id of the key: an absolute IRI, of any scheme.
    pub verification_method: String,
    /// When it was made, if it says.
    pub created: Option<OffsetDateTime>,
    /// Until when it is meant to be accepted, if it says.
    pub expires: Option<OffsetDateTime>,
    /// What it is for.
    pub purpose: Purpose,
    /// For whom it was made, if it says (`domain`); empty for an assertion, which is for whoever reads.
    pub domain: Vec<String>,
    /// For which question it was made, if it says (`challenge`); `None` for an assertion.
    pub challenge: Option<String>,
    /// The suite's name as the proof writes it ([`Suite::name`]).
    pub cryptosuite: String,
}

/// A proof of a suite that is read.
pub struct Proof<'a> {
    members: &'a Map<String, Value>,
    pub facts: ProofFacts,
    pub value: ProofValue,
}

impl Proof<'_> {
    /// Its members without the value.
    pub fn options(&self) -> Map<String, Value> {
        let options = self.members.iter().filter(|(name, _)| *name != "proofValue");
        options.map(|(name, value)| (name.clone(), value.clone())).collect()
    }

    /// Its context, if it has one of its own.
    pub fn context(&self) -> Option<&Value> {
        self.members.get("@context")
    }
}

/// What stands in `proofValue`.
pub enum ProofValue {
    Signature(Vec<u8>),
    Derived(Box<Derived>),
}

/// The proofs of a document, whatever they are.
pub fn all(document: &Map<String, Value>) -> Result<&[Value], ProofFault> {
    match document.get("proof") {
        None => Err(ProofFault::NoProof),
        Some(Value::Array(proofs)) if proofs.is_empty() => Err(ProofFault::NoProof),
        Some(Value::Array(proofs)) if proofs.len() <= MOST_PROOFS => Ok(proofs),
        Some(proof @ Value::Object(_)) => Ok(std::slice::from_ref(proof)),
        Some(_) => Err(ProofFault::Malformed),
    }
}

/// The suite of a proof.
pub fn suite(proof: &Value) -> Result<Suite, ProofFault> {
    let members = proof.as_object().ok_or(ProofFault::Malformed)?;
    match (text(members, "type")?, text(members, "cryptosuite")?) {
        (Some("DataIntegrityProof"), Some(name)) => Suite::of_cryptosuite(name).ok_or(ProofFault::Unsupported),
        (Some("Ed25519Signature2020"), None) => Ok(Suite::Ed25519Signature2020),
        (None, _) | (Some("DataIntegrityProof"), None) => Err(ProofFault::Malformed),
        (Some(_), _) => Err(ProofFault::Unsupported),
    }
}

/// Reads the proof at `index`, as far as it can be judged without a key: what it names is there, its context is the
/// document's, its value is well-formed, it is for `purpose`.
pub fn read<'a>(
    document: &Map<String, Value>,
    proofs: &'a [Value],
    index: usize,
    purpose: Purpose,
) -> Result<Proof<'a>, ProofFault> {
    let proof = proofs.get(index).ok_or(ProofFault::OtherProof)?;
    let suite = suite(proof)?;
    let members = proof.as_object().ok_or(ProofFault::Malformed)?;
    if text(members, "proofPurpose")? != Some(purpose.as_str()) {
        return Err(ProofFault::Purpose);
    }
    let for_one = ["domain", "challenge"].iter().any(|name| members.contains_key(*name));
    if for_one && purpose == Purpose::AssertionMethod {
        return Err(ProofFault::Audience);
    }
    context::check(suite, document.get("@context"), members.get("@context"))?;
    let method = text(members, "verificationMethod")?.ok_or(ProofFault::VerificationMethod)?;
    if !is_iri(method) {
        return Err(ProofFault::VerificationMethod);
    }
    let id = text(members, "id")?.map(str::to_owned);
    let previous_proof = previous_of(members)?;
    for previous in &previous_proof {
        let same = |(place, other): &(usize, &Value)| *place != index && other["id"] == **previous;
        match proofs.iter().enumerate().filter(same).count() {
            0 => return Err(ProofFault::PreviousProof),
            1 => {}
            _ => return Err(ProofFault::PreviousProofAmbiguous),
        }
    }
    let facts = ProofFacts {
        index,
        suite,
        id,
        previous_proof,
        verification_method: method.to_owned(),
        created: instant(members, "created")?,
        expires: instant(members, "expires")?,
        purpose,
        domain: words(members, "domain")?,
        challenge: text(members, "challenge")?.map(str::to_owned),
        cryptosuite: suite.name().to_owned(),
    };
    let value = read_value(suite, text(members, "proofValue")?.ok_or(ProofFault::Value)?)?;
    Ok(Proof { members, facts, value })
}

/// `previousProof`: an id or a list of them, each once.
fn previous_of(members: &Map<String, Value>) -> Result<Vec<String>, ProofFault> {
    words(members, "previousProof")
}

/// A text, or a short list of texts.
fn words(members: &Map<String, Value>, name: &str) -> Result<Vec<String>, ProofFault> {
    let words: Option<Vec<String>> = match members.get(name) {
        None => Some(Vec::new()),
        Some(Value::String(word)) => Some(vec![word.clone()]),
        Some(Value::Array(words)) if (1..=MOST_WORDS).contains(&words.len()) => {
            words.iter().map(|word| word.as_str().map(str::to_owned)).collect()
        }
        Some(_) => None,
    };
    words.ok_or(ProofFault::Malformed)
}

fn read_value(suite: Suite, text: &str) -> Result<ProofValue, ProofFault> {
    if suite == Suite::EcdsaSd2023 {
        return Derived::read(text).map(|derived| ProofValue::Derived(Box::new(derived)));
    }
    let encoded = text.strip_prefix('z').filter(|encoded| encoded.len() <= LONGEST_VALUE).ok_or(ProofFault::Value)?;
    if let Some(bytes) = base58::decode_64(encoded) {
        return Ok(ProofValue::Signature(bytes.to_vec()));
    }
    let bytes = bs58::decode(encoded).into_vec().map_err(|_| ProofFault::Value)?;
    let of_p384 = suite == Suite::EcdsaRdfc2019 && bytes.len() == 96;
    if of_p384 { Ok(ProofValue::Signature(bytes)) } else { Err(ProofFault::Value) }
}

fn text<'m>(members: &'m Map<String, Value>, name: &str) -> Result<Option<&'m str>, ProofFault> {
    match members.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(ProofFault::Malformed),
    }
}

/// An `xsd:dateTimeStamp`: date, time and offset.
fn instant(members: &Map<String, Value>, name: &str) -> Result<Option<OffsetDateTime>, ProofFault> {
    text(members, name)?.map(|text| parse_instant(text).ok_or(ProofFault::Created)).transpose()
}
