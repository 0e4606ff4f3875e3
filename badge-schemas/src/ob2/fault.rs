//! The rules that a document can break.

use std::fmt;

/// A broken rule and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Which rule.
    pub rule: Rule,
    /// JSON pointer (RFC 6901) in the 2.0 form of the document: `/badge/issuer/email`. Several values of one property
    /// are counted (`/alignment/1/targetName`), a single one is not, however it was written.
    pub path: String,
}

impl Fault {
    /// Stable machine code of the rule.
    pub const fn code(&self) -> &'static str {
        self.rule.code()
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.code(), self.path)
    }
}

macro_rules! rules {
    ($($(#[$doc:meta])* $name:ident $code:literal,)*) => {
        /// The rules of Open Badges 2.0 that one document alone can break. Rows are those of the standard's sections.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Rule { $($(#[$doc])* $name,)* }

        impl Rule {
            /// Every rule.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Stable machine code.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code),* }
            }
        }
    };
}

rules! {
    /// The document is not a JSON object.
    NotAnObject "ob2_not_an_object",
    /// A mandatory property is missing.
    MissingMember "ob2_missing_member",
    /// Several values where one is allowed.
    NotSingle "ob2_not_single",
    /// `type` does not hold the class.
    WrongType "ob2_wrong_type",
    /// A further `type` is neither a term of the context nor an IRI.
    TypeNotIri "ob2_type_not_iri",
    /// Not text.
    NotText "ob2_not_text",
    /// Neither an http(s) URL, nor `urn:uuid:` (versions 1–5), nor a blank node.
    NotIri "ob2_not_iri",
    /// Not an http(s) URL.
    NotUrl "ob2_not_url",
    /// Not an object or IRI where one is asked.
    NotLink "ob2_not_link",
    /// Must be embedded, not referred to.
    NotEmbedded "ob2_not_embedded",
    /// Not a JSON boolean.
    NotBoolean "ob2_not_boolean",
    /// Not an ISO 8601 instant with time and zone.
    NotDateTime "ob2_not_date_time",
    /// Not a BCP 47 language tag.
    NotLanguage "ob2_not_language",
    /// Not an E.164 telephone number.
    NotTelephone "ob2_not_telephone",
    /// Not an e-mail address.
    NotEmail "ob2_not_email",
    /// `hashed` is true, and the identity is not `sha256$` or `md5$` with its digits.
    NotIdentityHash "ob2_not_identity_hash",
    /// `hashed` is false, and the identity is a hash.
    HashNotDeclared "ob2_hash_not_declared",
    /// A kind of recipient that is not email, url, telephone or id.
    UnknownRecipientType "ob2_unknown_recipient_type",
    /// Neither `HostedBadge` nor `SignedBadge`.
    UnknownVerificationType "ob2_unknown_verification_type",
    /// A `data:` image where a URL is asked.
    DataImage "ob2_data_image",
    /// A `data:` image that is neither PNG nor SVG.
    NotPngOrSvg "ob2_not_png_or_svg",
    /// Criteria with neither id nor narrative.
    EmptyCriteria "ob2_empty_criteria",
    /// `expires` lies before `issuedOn`.
    ExpiresBeforeIssued "ob2_expires_before_issued",
    /// `allowedOrigins` holds something else than a host name.
    NotHostName "ob2_not_host_name",
    /// `verificationProperty` is something else than `id`.
    UnknownVerificationProperty "ob2_unknown_verification_property",
    /// A revocation entry without a usable id.
    RevocationEntry "ob2_revocation_entry",
    /// Not a `-----BEGIN PUBLIC KEY-----` PEM.
    NotSpkiPem "ob2_not_spki_pem",
    /// A known extension without what its schema asks.
    ExtensionShape "ob2_extension_shape",
    /// Advice: `uid` should not be in a 2.0 assertion.
    UidDeprecated "ob2_uid_deprecated",
}

impl Rule {
    /// Whether the standard only advises it: a document that breaks it is still right.
    pub const fn is_advice(self) -> bool {
        matches!(self, Self::UidDeprecated)
    }
}
