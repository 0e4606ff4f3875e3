//! Why a text is no VC-JWT, or a credential cannot become one.

use crate::jws::JwsFault;
use crate::key::KeyFault;

/// A reason, one meaning each. What is wrong with the claims of a VC-JWT that can be read is a
/// [`super::ClaimFault`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VcJwtFault {
    /// No JWS, or one that does not hold.
    #[error(transparent)]
    Jws(#[from] JwsFault),
    /// The payload is not a strict JSON object.
    #[error("the payload is not a JSON object")]
    Payload,
    /// The credential's first context is of no version of Verifiable Credentials.
    #[error("the payload is not a verifiable credential")]
    NotACredential,
    /// A VC 2.0 credential in the claim `vc`, a VC 1.1 credential outside it, or both.
    #[error("the payload mixes VC 1.1 and VC 2.0")]
    MixedForm,
    /// Neither `kid` nor `jwk`.
    #[error("the header names no key")]
    NoKey,
    /// Both `kid` and `jwk`: which one counts?
    #[error("the header names two keys")]
    TwoKeys,
    /// `kid` is not a short string; to issue: not an absolute IRI.
    #[error("the key id of the header is malformed")]
    Kid,
    /// `jwk` is no public key that is read.
    #[error(transparent)]
    Key(#[from] KeyFault),
    /// `typ` is another kind of token.
    #[error("the header's type is not a VC-JWT's")]
    Typ,
    /// To issue: not a VC 2.0 credential, or one that already has claims of a JWT.
    #[error("the credential cannot be a VC-JWT")]
    Unfit,
    /// To issue: no `id`, no issuer.
    #[error("the credential has no id or no issuer")]
    NoId,
    /// To issue: the subject has no id (or there are several), and `sub` is mandatory.
    #[error("the credential's subject has no id")]
    NoSubjectId,
    /// To issue: a date that is missing, malformed, or not in whole seconds, which `nbf` and `exp` are.
    #[error("a date of the credential does not fit a JWT")]
    Date,
}

impl VcJwtFault {
    /// The stable machine code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Jws(fault) => fault.code(),
            Self::Payload => "jwt_payload_malformed",
            Self::NotACredential => "jwt_not_a_credential",
            Self::MixedForm => "jwt_mixed_form",
            Self::NoKey => "jwt_key_missing",
            Self::TwoKeys => "jwt_two_keys",
            Self::Kid => "jwt_kid_malformed",
            Self::Key(fault) => fault.code(),
            Self::Typ => "jwt_typ",
            Self::Unfit => "jwt_credential_unfit",
            Self::NoId => "jwt_credential_without_id",
            Self::NoSubjectId => "jwt_subject_without_id",
            Self::Date => "jwt_date",
        }
    }
}
