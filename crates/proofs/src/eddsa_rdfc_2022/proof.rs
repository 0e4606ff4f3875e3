//! The `proof` member (VC Data Integrity 1.0 §2.1), read and written.

use iref::Iri;
use serde_json::{Map, Value, json};
use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcOffset};

use super::{CRYPTOSUITE, Options, ProofFault};

/// More proofs than this on one document are not looked at: each costs a canonicalisation.
const MOST_PROOFS: usize = 16;

/// Longest `proofValue` read: 64 bytes are at most 88 signs of base58, and base58 decoding is quadratic.
const LONGEST_VALUE: usize = 96;

/// What a proof is for (VC Data Integrity §2.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// An issuer attests something.
    AssertionMethod,
}

impl Purpose {
    /// The word in the proof.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AssertionMethod => "assertionMethod",
        }
    }
}

/// What a proof of this suite says. Believe it once [`super::verify`] has answered it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofFacts {
    /// The id of the key: an absolute IRI, of any scheme.
    pub verification_method: String,
    /// When it was made, if it says.
    pub created: Option<OffsetDateTime>,
    /// Until when it is meant to be accepted, if it says.
    pub expires: Option<OffsetDateTime>,
    /// What it is for.
    pub purpose: Purpose,
    /// The suite: [`CRYPTOSUITE`].
    pub cryptosuite: String,
}

/// Every proof of the document, in its order: its facts if it is one of this suite, or why it is not. Looks at no key
/// and at no signature.
///
/// # Errors
/// [`ProofFault::NoProof`], [`ProofFault::Malformed`] when `proof` is neither an object nor a short array.
pub fn proofs_of(signed: &Value) -> Result<Vec<Result<ProofFacts, ProofFault>>, ProofFault> {
    Ok(read_all(signed)?.iter().map(|proof| read(proof).map(|proof| proof.facts)).collect())
}

/// A proof of this suite, read.
pub struct Proof {
    /// Its members without the value.
    pub options: Map<String, Value>,
    pub facts: ProofFacts,
    pub signature: [u8; 64],
}

pub fn read_all(signed: &Value) -> Result<&[Value], ProofFault> {
    let members = signed.as_object().ok_or(ProofFault::NotAnObject)?;
    match members.get("proof") {
        None => Err(ProofFault::NoProof),
        Some(Value::Array(proofs)) if proofs.is_empty() => Err(ProofFault::NoProof),
        Some(Value::Array(proofs)) if proofs.len() <= MOST_PROOFS => Ok(proofs),
        Some(proof @ Value::Object(_)) => Ok(std::slice::from_ref(proof)),
        Some(_) => Err(ProofFault::Malformed),
    }
}

pub fn read(proof: &Value) -> Result<Proof, ProofFault> {
    let members = proof.as_object().ok_or(ProofFault::Malformed)?;
    let text = |name: &str| match members.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.as_str())),
        Some(_) => Err(ProofFault::Malformed),
    };
    if (text("type")?, text("cryptosuite")?) != (Some("DataIntegrityProof"), Some(CRYPTOSUITE)) {
        return Err(ProofFault::Unsupported);
    }
    // A proof with its own context is read with that context by some and with the document's by others.
    if ["previousProof", "domain", "challenge", "@context"].iter().any(|name| members.contains_key(*name)) {
        return Err(ProofFault::Unsupported);
    }
    if text("proofPurpose")? != Some(Purpose::AssertionMethod.as_str()) {
        return Err(ProofFault::Purpose);
    }
    let method = text("verificationMethod")?.ok_or(ProofFault::VerificationMethod)?;
    if Iri::new(method).is_err() {
        return Err(ProofFault::VerificationMethod);
    }
    let facts = ProofFacts {
        verification_method: method.to_owned(),
        created: text("created")?.map(instant).transpose()?,
        expires: text("expires")?.map(instant).transpose()?,
        purpose: Purpose::AssertionMethod,
        cryptosuite: CRYPTOSUITE.to_owned(),
    };
    let signature = read_value(text("proofValue")?.ok_or(ProofFault::Value)?)?;
    let mut options = members.clone();
    options.shift_remove("proofValue");
    Ok(Proof { options, facts, signature })
}

/// The members of a new proof, without its value, in the order in which we have always written them.
pub fn write(options: &Options) -> Result<Map<String, Value>, ProofFault> {
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
pub fn write_value(signature: &[u8; 64]) -> String {
    format!("z{}", bs58::encode(signature).into_string())
}

fn read_value(text: &str) -> Result<[u8; 64], ProofFault> {
    let encoded = text.strip_prefix('z').filter(|encoded| encoded.len() <= LONGEST_VALUE).ok_or(ProofFault::Value)?;
    let bytes = bs58::decode(encoded).into_vec().map_err(|_| ProofFault::Value)?;
    bytes.try_into().map_err(|_| ProofFault::Value)
}

/// An `xsd:dateTimeStamp`: date, time and offset.
fn instant(text: &str) -> Result<OffsetDateTime, ProofFault> {
    OffsetDateTime::parse(text, &Rfc3339).map_err(|_| ProofFault::Created)
}
