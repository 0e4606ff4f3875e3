//! Why a document has no canonical form that covers all of it.

use json_ld::{context_processing, expansion};

use super::contexts::Loads;
use crate::rdfc::RdfcFault;

/// A document that cannot be canonicalised without losing or inventing something.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JsonLdFault {
    /// Not a JSON object with a `@context`.
    #[error("the document is not a JSON-LD object")]
    NotJsonLd,
    /// A context that is not bundled; contexts are never fetched.
    #[error("the context <{0}> is not bundled")]
    UnknownContext(String),
    /// A context that cannot be processed, with the JSON-LD error code.
    #[error("the context cannot be processed: {0}")]
    Context(String),
    /// A context redefines a protected term.
    #[error("a context redefines a protected term")]
    ProtectedTerm,
    /// A member or type that no context defines.
    #[error("`{0}` is not defined by any context")]
    UndefinedTerm(String),
    /// An id, a type or another reference that is not an absolute IRI: it would be dropped.
    #[error("an identifier is not an absolute IRI")]
    RelativeIri,
    /// Something of the document has no counterpart in its quads: `null`, an empty array, a term defined as nothing.
    #[error("a part of the document would be dropped")]
    DroppedData,
    /// An integer beyond 2⁵³ − 1, which processors read differently.
    #[error("a number is too large to be read everywhere alike")]
    UnsafeNumber,
    /// A language tag that is not well-formed: the text would be dropped.
    #[error("a language tag is not well-formed")]
    Language,
    /// `@direction`, which plain RDF cannot carry.
    #[error("a base direction cannot be canonicalised")]
    Direction,
    /// A blank node as property: the statement would be dropped.
    #[error("a property is a blank node")]
    BlankPredicate,
    /// Malformed JSON-LD, with the JSON-LD error code.
    #[error("the document is not well-formed JSON-LD: {0}")]
    Malformed(String),
    /// Something that the bundled contexts name is written otherwise than by its name, or moved about by keywords: a
    /// reader would not find it where the signature covers it.
    #[error("`{0}` is not how compacted JSON-LD is written")]
    NotCompacted(String),
    /// Beyond [`super::limits`].
    #[error("the document is too large")]
    TooLarge,
    /// The blank nodes cannot be told apart within the budget.
    #[error(transparent)]
    Work(#[from] RdfcFault),
}

impl JsonLdFault {
    /// The stable machine code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotJsonLd => "not_json_ld",
            Self::UnknownContext(_) => "context_unknown",
            Self::Context(_) => "context_invalid",
            Self::ProtectedTerm => "protected_term_redefinition",
            Self::UndefinedTerm(_) => "term_undefined",
            Self::RelativeIri => "iri_not_absolute",
            Self::DroppedData => "data_dropped",
            Self::UnsafeNumber => "number_unsafe",
            Self::Language => "language_malformed",
            Self::Direction => "direction_unsupported",
            Self::BlankPredicate => "property_is_blank",
            Self::Malformed(_) => "json_ld_malformed",
            Self::NotCompacted(_) => "not_compacted",
            Self::TooLarge => "document_too_large",
            Self::Work(fault) => fault.code(),
        }
    }

    pub(super) fn malformed(what: &str) -> Self {
        Self::Malformed(what.to_owned())
    }

    pub(super) fn undefined(term: &str) -> Self {
        Self::UndefinedTerm(term.chars().take(80).collect())
    }

    pub(super) fn not_compacted(name: &str) -> Self {
        Self::NotCompacted(name.chars().take(80).collect())
    }

    pub(super) fn from_expansion(error: &expansion::Error, loads: &Loads<'_>) -> Self {
        match error {
            expansion::Error::KeyExpansionFailed(term) => Self::undefined(term),
            // The strict policy's word for a type that is neither a term nor an absolute IRI.
            expansion::Error::InvalidTypeValue => Self::RelativeIri,
            expansion::Error::ContextProcessing(error) => Self::from_context(error, loads),
            expansion::Error::ContextSyntax(error) => Self::Context(error.code().to_string()),
            other => Self::Malformed(other.code().to_string()),
        }
    }

    pub(super) fn from_context(error: &context_processing::Error, loads: &Loads<'_>) -> Self {
        match error {
            context_processing::Error::ProtectedTermRedefinition
            | context_processing::Error::InvalidContextNullification => Self::ProtectedTerm,
            context_processing::Error::ContextLoadingFailed(_) if loads.exhausted() => Self::TooLarge,
            context_processing::Error::ContextLoadingFailed(error) => Self::UnknownContext(error.target.to_string()),
            other => Self::Context(other.code().to_string()),
        }
    }
}
