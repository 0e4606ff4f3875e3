//! Why a text is not a JWS that holds.

/// A reason, one meaning each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JwsFault {
    /// Not three parts of base64url.
    #[error("the text is not a compact JWS")]
    NotCompact,
    /// Beyond what is read.
    #[error("the JWS is too large")]
    TooLarge,
    /// The header is not a strict JSON object, or one of its members is not what it should be.
    #[error("the JWS header is malformed")]
    Header,
    /// `crit` names extensions, and we understand none.
    #[error("the JWS header has critical extensions")]
    Critical,
    /// No `alg`.
    #[error("the JWS header names no algorithm")]
    AlgMissing,
    /// `alg: none`: not signed at all.
    #[error("the JWS is not signed")]
    AlgNone,
    /// `HS256` and its like: the public key would be the secret.
    #[error("the JWS is signed with a shared secret")]
    AlgSymmetric,
    /// An algorithm we know, but for its case (`rs256`).
    #[error("the JWS algorithm is written in the wrong case")]
    AlgCase,
    /// An algorithm that is not verified here.
    #[error("the JWS algorithm is not supported")]
    AlgUnsupported,
    /// The algorithm is not one of this kind of key.
    #[error("the JWS algorithm is not the key's")]
    KeyMismatch,
    /// The signature is not this key's over this text.
    #[error("the JWS signature does not match")]
    Signature,
}

impl JwsFault {
    /// The stable machine code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotCompact => "jws_not_compact",
            Self::TooLarge => "jws_too_large",
            Self::Header => "jws_header_malformed",
            Self::Critical => "jws_critical_header",
            Self::AlgMissing => "jws_alg_missing",
            Self::AlgNone => "jws_alg_none",
            Self::AlgSymmetric => "jws_alg_symmetric",
            Self::AlgCase => "jws_alg_case",
            Self::AlgUnsupported => "jws_alg_unsupported",
            Self::KeyMismatch => "jws_key_mismatch",
            Self::Signature => "jws_signature_mismatch",
        }
    }
}
