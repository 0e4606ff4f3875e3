//! Why a text or bytes are not a key we verify with.

/// A reason, one meaning each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// Not `z` and base58btc.
    #[error("the key is not base58btc multibase")]
    Multibase,
    /// A key of an algorithm or a curve that is not read.
    #[error("the key is of another algorithm")]
    OtherAlgorithm,
    /// The wrong number of bytes.
    #[error("the key has the wrong length")]
    Length,
    /// No point of the curve, or not its canonical encoding.
    #[error("the bytes are no key")]
    NotAKey,
    /// A point of small order: anyone could sign.
    #[error("the key is of small order")]
    SmallOrder,
    /// Not a JWK: not an object, a member missing or not base64url.
    #[error("the key is not a JWK")]
    Jwk,
    /// The text holds a private or a shared key: it is burnt, and it must not be published.
    #[error("the key is not public")]
    Private,
    /// `use` or `key_ops` says that it is not for verifying.
    #[error("the key is not for verifying signatures")]
    NotForVerifying,
    /// A number written with leading zeros: the same key could be written in several ways.
    #[error("the key is not written canonically")]
    NotCanonical,
    /// An RSA modulus under 2048 bits.
    #[error("the RSA key is shorter than 2048 bits")]
    RsaTooShort,
    /// An RSA modulus over 8192 bits: verifying would take too long.
    #[error("the RSA key is longer than 8192 bits")]
    RsaTooLong,
    /// An RSA exponent that is even, 1, or longer than 64 bits.
    #[error("the RSA exponent is not sound")]
    RsaExponent,
    /// Not one PEM block.
    #[error("the key is not PEM")]
    Pem,
    /// A PEM block that is not `PUBLIC KEY`.
    #[error("the PEM block is not a PUBLIC KEY")]
    PemLabel,
    /// Not a `SubjectPublicKeyInfo` in DER.
    #[error("the key's DER is malformed")]
    Der,
}

impl KeyFault {
    /// The stable machine code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Multibase => "key_not_multibase",
            Self::OtherAlgorithm => "key_other_algorithm",
            Self::Length => "key_length",
            Self::NotAKey => "key_not_a_point",
            Self::SmallOrder => "key_small_order",
            Self::Jwk => "key_not_jwk",
            Self::Private => "key_private",
            Self::NotForVerifying => "key_not_for_verifying",
            Self::NotCanonical => "key_not_canonical",
            Self::RsaTooShort => "key_rsa_too_short",
            Self::RsaTooLong => "key_rsa_too_long",
            Self::RsaExponent => "key_rsa_exponent",
            Self::Pem => "key_not_pem",
            Self::PemLabel => "key_pem_label",
            Self::Der => "key_der_malformed",
        }
    }
}
