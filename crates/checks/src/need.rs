//! What an Inquiry may ask for, what an answer is, and why one may be missing.

use std::sync::Arc;

use serde::Serialize;

/// A document the Inquiry needs to go on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Need {
    /// What stands at the address that was given instead of a badge.
    Document {
        /// The address.
        url: String,
    },
    /// The DID document of an issuer (`did:web`).
    DidDocument {
        /// The DID, without fragment.
        did: String,
    },
    /// A controller document or a verification method at an https address (VC Data Integrity §2.3).
    KeyDocument {
        /// The address, without fragment.
        url: String,
    },
    /// The single JWK that the `kid` of a VC-JWT names (OB 3.0 §8.2.4).
    Jwk {
        /// The address.
        url: String,
    },
    /// The JWK set of an issuer's origin (`/.well-known/jwks.json`), by which it vouches for a JWT's key.
    JwkSet {
        /// The address.
        url: String,
    },
    /// The signed status list at this address.
    StatusList {
        /// `credentialStatus.statusListCredential`.
        url: String,
    },
    /// A list of revoked badges: `1EdTechRevocationList`, or the `RevocationList` of Open Badges 2.0.
    RevocationList {
        /// The address.
        url: String,
    },
    /// A hosted object of Open Badges 2.0 or older. A 410 is an answer ([`Answer::gone`]).
    Hosted {
        /// The address.
        url: String,
    },
    /// The newest version of a credential (`1EdTechCredentialRefresh`).
    Refresh {
        /// The address.
        url: String,
    },
    /// A linked resource whose digest the credential carries.
    Resource {
        /// The address.
        url: String,
    },
    /// The Région's signed register of trust; the caller knows where it is.
    Register,
}

impl Need {
    /// Where to get it: an absolute URL, or `None` for a DID that is not a well-formed `did:web`.
    pub fn url(&self, register_url: &str) -> Option<String> {
        match self {
            Self::DidDocument { did } => crate::keys::did_url(did),
            Self::Register => Some(register_url.to_owned()),
            Self::Document { url }
            | Self::KeyDocument { url }
            | Self::Jwk { url }
            | Self::JwkSet { url }
            | Self::StatusList { url }
            | Self::RevocationList { url }
            | Self::Hosted { url }
            | Self::Refresh { url }
            | Self::Resource { url } => Some(url.clone()),
        }
    }

    /// Its kind, for logs.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Document { .. } => "document",
            Self::DidDocument { .. } => "did_document",
            Self::KeyDocument { .. } => "key_document",
            Self::Jwk { .. } => "jwk",
            Self::JwkSet { .. } => "jwk_set",
            Self::StatusList { .. } => "status_list",
            Self::RevocationList { .. } => "revocation_list",
            Self::Hosted { .. } => "hosted",
            Self::Refresh { .. } => "refresh",
            Self::Resource { .. } => "resource",
            Self::Register => "register",
        }
    }

    /// The media types to ask for.
    pub const fn accept(&self) -> &'static str {
        match self {
            Self::Document { .. } | Self::Refresh { .. } => {
                "application/vc, application/vc+ld+json, application/ld+json, application/json, application/vc+jwt, \
                 text/plain, image/png, image/svg+xml, application/pdf"
            }
            Self::DidDocument { .. } => "application/did+json, application/did+ld+json, application/json",
            Self::KeyDocument { .. } => "application/cid, application/ld+json, application/json",
            Self::Jwk { .. } => "application/jwk+json, application/json",
            Self::JwkSet { .. } => "application/jwk-set+json, application/json",
            Self::StatusList { .. } => {
                "application/vc, application/vc+ld+json, application/vc+jwt, application/ld+json, application/json"
            }
            Self::RevocationList { .. } => "application/ld+json, application/json",
            // What the reference validator of 2.0 asks for.
            Self::Hosted { .. } => "application/ld+json, application/json, image/png, image/svg+xml",
            Self::Resource { .. } => "*/*",
            Self::Register => "application/json",
        }
    }
}

/// A document that was brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Its bytes. Shared: a caller that remembers documents hands out the same allocation, which [`crate::Memory`]
    /// recognises.
    pub body: Arc<[u8]>,
    /// Where it came from in the end, after redirects, when the caller knows.
    pub url: Option<String>,
    /// The server answered 410: it was there and was taken back. Only [`Need::Hosted`] is answered so.
    pub gone: bool,
}

impl Answer {
    /// A document with these bytes.
    pub fn new(body: impl Into<Arc<[u8]>>) -> Self {
        Self { body: body.into(), url: None, gone: false }
    }

    /// The body as text, if it is UTF-8.
    pub fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.body).ok()
    }
}

impl From<String> for Answer {
    fn from(text: String) -> Self {
        Self::new(text.into_bytes())
    }
}

/// Why a need has no answer. None of these says anything about the badge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unanswered {
    /// No connection, no name, a TLS failure.
    Unreachable,
    /// It took too long.
    TimedOut,
    /// The server said it is not there (404, 410).
    NotFound,
    /// The server answered with another error.
    ServerError,
    /// More than we read.
    TooLarge,
    /// An address we do not go to (not https, private network).
    Forbidden,
    /// An answer that is not text.
    NotText,
    /// The badge asked for more documents than one badge is worth.
    TooMany,
    /// Nobody asked.
    NotAsked,
}

impl Unanswered {
    /// The stable machine code, as the detail of a finding.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::TimedOut => "timed_out",
            Self::NotFound => "not_found",
            Self::ServerError => "server_error",
            Self::TooLarge => "too_large",
            Self::Forbidden => "forbidden",
            Self::NotText => "not_text",
            Self::TooMany => "too_many",
            Self::NotAsked => "not_asked",
        }
    }
}
