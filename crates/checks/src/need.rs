//! What an Inquiry may ask for, and why an answer may be missing.

use serde::Serialize;

/// A document the Inquiry needs to go on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Need {
    /// The DID document of an issuer (`did:web`).
    DidDocument {
        /// The DID, without fragment.
        did: String,
    },
    /// The signed status list at this address.
    StatusList {
        /// `credentialStatus.statusListCredential`.
        url: String,
    },
    /// The Région's signed register of trust; the caller knows where it is.
    Register,
}

impl Need {
    /// Where to get it: an absolute URL, or `None` for a DID that is not a well-formed `did:web`.
    pub fn url(&self, register_url: &str) -> Option<String> {
        match self {
            Self::DidDocument { did } => crate::key::did_url(did),
            Self::StatusList { url } => Some(url.clone()),
            Self::Register => Some(register_url.to_owned()),
        }
    }

    /// Its kind, for logs.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::DidDocument { .. } => "did_document",
            Self::StatusList { .. } => "status_list",
            Self::Register => "register",
        }
    }

    /// The media types to ask for.
    pub const fn accept(&self) -> &'static str {
        match self {
            Self::DidDocument { .. } => "application/did+json, application/did+ld+json, application/json",
            Self::StatusList { .. } => "application/vc, application/ld+json, application/json",
            Self::Register => "application/json",
        }
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
            Self::NotAsked => "not_asked",
        }
    }
}
