//! Why a document cannot be signed, or a proof does not hold.

use crate::jsonld::JsonLdFault;

/// A reason, one meaning each.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProofFault {
    /// The document is not a JSON object.
    #[error("the document is not an object")]
    NotAnObject,
    /// To be signed, but has a proof.
    #[error("the document already has a proof")]
    AlreadySigned,
    /// No `proof` at all.
    #[error("the document has no proof")]
    NoProof,
    /// `proof` is not an object or a short array of objects, or one of its members is not what it should be.
    #[error("the proof is malformed")]
    Malformed,
    /// No proof of this suite, or one with members that this suite's code does not judge (`previousProof`, `domain`,
    /// `challenge`).
    #[error("no proof of a supported kind")]
    Unsupported,
    /// A purpose other than assertion.
    #[error("the proof is not for an assertion")]
    Purpose,
    /// `created` or `expires` is not a date and time with its offset.
    #[error("the proof's date is malformed")]
    Created,
    /// `verificationMethod` is not an absolute IRI.
    #[error("the proof's verification method is not an absolute IRI")]
    VerificationMethod,
    /// `proofValue` is not `z` and 64 bytes in base58btc.
    #[error("the proof's value is malformed")]
    Value,
    /// The document, or the proof's options, have no safe canonical form.
    #[error(transparent)]
    JsonLd(#[from] JsonLdFault),
    /// The signature is not this key's over this document.
    #[error("the signature does not match")]
    Signature,
}

impl ProofFault {
    /// The stable machine code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotAnObject => "document_not_an_object",
            Self::AlreadySigned => "proof_already_there",
            Self::NoProof => "proof_missing",
            Self::Malformed => "proof_malformed",
            Self::Unsupported => "proof_unsupported",
            Self::Purpose => "proof_purpose",
            Self::Created => "proof_date_malformed",
            Self::VerificationMethod => "proof_method_malformed",
            Self::Value => "proof_value_malformed",
            Self::JsonLd(fault) => fault.code(),
            Self::Signature => "signature_mismatch",
        }
    }
}
