//! Open Badges 2.0: what an award says in it, and the reading of strangers' documents (0.5, 1.0, 1.1 and 2.0).
//!
//! Writing is [`compose`]: one fixed shape per document. Reading goes in three steps:
//! 1. [`prepare`] tells the version, mends 0.5 and 1.0 into 1.1 and sets extension objects aside, raw;
//! 2. [`Document::plain`] reads a document whose `@context` is the standard's alone; any other must first be expanded
//!    (JSON-LD 1.1, undefined terms dropped) by the caller, and [`Document::from_expanded`] reads that. Both give the
//!    same;
//! 3. [`Document::assertion`], [`Document::badge_class`]… read one class: what is there, and each rule it breaks.
//!
//! [`recipient`] tells whether a badge is about a given address.

pub mod compose;
mod document;
mod expanded;
mod extension;
mod fault;
mod legacy;
mod model;
mod node;
mod plain;
mod read;
pub mod recipient;
#[cfg(test)]
mod tests;
mod token;
pub mod values;
mod vocabulary;

pub use document::{Document, NotExpanded, Prepared, prepare};
pub use extension::Extension;
pub use fault::{Fault, Rule};
pub use legacy::Version;
pub use model::{
    Alignment, Assertion, BadgeClass, Class, Common, Criteria, CryptographicKey, Endorsement, Evidence, IdentityObject,
    IdentityType, Image, Link, Policy, Profile, Read, Related, RevocationEntry, RevocationList, VerificationObject,
    VerificationType,
};

/// The context of every 2.0 document.
pub const CONTEXT: &str = "https://w3id.org/openbadges/v2";
/// The context of every 1.1 document.
pub const CONTEXT_V1: &str = "https://w3id.org/openbadges/v1";
