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
    /// A proof of a suite that is not read, or none of the suite asked for.
    #[error("no proof of a supported kind")]
    Unsupported,
    /// The facts given are not those of the document's proof at that place.
    #[error("the document has no such proof")]
    OtherProof,
    /// `domain` or `challenge`: made for one reader or one moment, not for whoever reads.
    #[error("the proof is meant for one audience")]
    Audience,
    /// The proof has a `@context` of its own that is not the document's (for `eddsa-jcs-2022`: not its beginning).
    #[error("the proof's context is not the document's")]
    Context,
    /// `Ed25519Signature2020` without the context that defines it.
    #[error("the document lacks the context of its proof's suite")]
    SuiteContext,
    /// `previousProof` names a proof that is not there.
    #[error("the proof follows a proof that is not there")]
    PreviousProof,
    /// `previousProof` names an id that several proofs have.
    #[error("the proof follows one of several proofs of the same id")]
    PreviousProofAmbiguous,
    /// An `ecdsa-sd-2023` base proof: what the issuer gives to the holder alone. It discloses everything, and the
    /// holder shows a derived proof.
    #[error("the proof is a base proof, which is not to be shown")]
    BaseProof,
    /// What an `ecdsa-sd-2023` proof says is disclosed is not what the document holds.
    #[error("the disclosed statements are not those of the proof")]
    Disclosure,
    /// The key is not of the kind the suite signs with.
    #[error("the key is not of the suite's kind")]
    KeyMismatch,
    /// Another purpose than the one asked about: of a credential an assertion, of a presentation authentication.
    #[error("the proof is for another purpose")]
    Purpose,
    /// `created` or `expires` is not a date and time with its offset.
    #[error("the proof's date is malformed")]
    Created,
    /// `verificationMethod` is not an absolute IRI.
    #[error("the proof's verification method is not an absolute IRI")]
    VerificationMethod,
    /// `proofValue` is not what the suite writes: `z` and a signature in base58btc; `u` and CBOR of `ecdsa-sd-2023`.
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
            Self::OtherProof => "proof_not_of_document",
            Self::Audience => "proof_for_an_audience",
            Self::Context => "proof_context",
            Self::SuiteContext => "proof_suite_context_missing",
            Self::PreviousProof => "proof_previous_missing",
            Self::PreviousProofAmbiguous => "proof_previous_ambiguous",
            Self::BaseProof => "proof_not_derived",
            Self::Disclosure => "proof_disclosure_mismatch",
            Self::KeyMismatch => "proof_key_mismatch",
            Self::Purpose => "proof_purpose",
            Self::Created => "proof_date_malformed",
            Self::VerificationMethod => "proof_method_malformed",
            Self::Value => "proof_value_malformed",
            Self::JsonLd(fault) => fault.code(),
            Self::Signature => "signature_mismatch",
        }
    }
}
