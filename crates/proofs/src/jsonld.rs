//! JSON-LD 1.1 to canonical N-Quads, safely: nothing is fetched, and nothing is dropped in silence.
//!
//! Expansion is `json-ld`'s; what becomes of the expanded document is ours ([`quads`]), so that every place where the
//! standard lets a processor lose data is a [`JsonLdFault`] here: undefined terms, relative ids, `null`s, malformed
//! languages… Documents' contexts come from [`badge_schemas::contexts`] alone; contexts written inside a document are
//! processed too (their bounds: [`limits`]).

mod compacted;
mod contexts;
mod expanded;
mod fast;
mod fault;
mod input;
pub mod limits;
mod number;
mod quads;
mod vocabulary;

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use json_ld::expansion::{Action, Expand, Options, Policy};
use json_ld::syntax::TryFromJson;
use json_ld::{BlankIdBuf, Process, context_processing};
use serde_json::Value;

use crate::rdf::Quad;
use crate::rdfc::{self, Budget, Canonical};
use contexts::{Documents, Loads};
use fast::Fast;
pub use fault::JsonLdFault;
use limits::Bounds;
use vocabulary::{Name, Names};

/// A processed context.
type Context = json_ld::Context<Name, BlankIdBuf>;

/// An expanded document.
type Expanded = json_ld::ExpandedDocument<Name, BlankIdBuf>;

/// The canonical N-Quads (RDFC-1.0) of a JSON-LD document, its contexts being the bundled ones.
///
/// May be called from many threads at once; costs milliseconds, so call it where blocking is allowed.
///
/// # Errors
/// [`JsonLdFault`]: also when the document means something, but a part of it would not be covered by a signature.
pub fn canonicalize(document: &Value) -> Result<String, JsonLdFault> {
    Engine::bundled().canonicalize(document)
}

/// The document in expanded form (JSON-LD 1.1 API §5.1), under the rules of [`canonicalize`]: an array of node objects
/// whose keys are absolute IRIs.
///
/// # Errors
/// [`JsonLdFault`], as [`canonicalize`]; how alike the blank nodes are does not matter.
pub fn expand(document: &Value) -> Result<Value, JsonLdFault> {
    Engine::bundled().expand(document)
}

/// The document in expanded form, as far as it can be told: what no context defines is left out, and so are relative
/// identifiers. For Open Badges 2.0, whose documents may say more than their contexts know, and may name no context.
///
/// # Errors
/// [`JsonLdFault`] when it is no object, is too large, names a context that is not bundled, or is malformed.
pub fn expand_lenient(document: &Value) -> Result<Value, JsonLdFault> {
    Engine::bundled().expand_lenient(document)
}

/// Whether the document is in compacted form (VC Data Model 2.0 §6.3): whatever the bundled contexts name is written by
/// those names, so that whoever reads members by name reads all that [`canonicalize`] covers.
///
/// # Errors
/// [`JsonLdFault::NotCompacted`], with what is written otherwise; [`JsonLdFault::TooLarge`].
pub fn is_compacted(document: &Value) -> Result<(), JsonLdFault> {
    compacted::check(document)
}

/// A warm JSON-LD processor: each context document is parsed once, each list of contexts processed once.
pub struct Engine {
    documents: Documents,
    processed: RwLock<HashMap<Vec<String>, Arc<Context>>>,
    fast: Fast,
    bounds: Bounds,
}

/// How many lists of contexts are remembered. Ours are three; strangers could try every order of the bundled ones.
const REMEMBERED: usize = 32;

/// Keys must be terms of a context or absolute IRIs; ids and types that are neither are faults. `@vocab` stays
/// allowed, for what it defines is defined.
const STRICT: Policy = Policy { invalid: Action::Reject, vocab: Action::Keep, allow_undefined: false };

/// What cannot be told is left out.
const LENIENT: Policy = Policy { invalid: Action::Drop, vocab: Action::Keep, allow_undefined: true };

impl Engine {
    /// The engine of this process: bundled contexts only.
    pub fn bundled() -> &'static Self {
        static BUNDLED: LazyLock<Engine> = LazyLock::new(|| Engine::new(badge_schemas::contexts::get));
        &BUNDLED
    }

    /// The same, with the text of Open Badges 3.0.3 as it was until 2025, without `endorsementJwt` and `jti`: to be asked
    /// when [`Engine::bundled`] gives a fault or another hash for a document that uses those terms. What that text does
    /// not define is a fault here too: a signature by a processor that dropped it does not cover it.
    pub fn bundled_earlier() -> &'static Self {
        static EARLIER: LazyLock<Engine> = LazyLock::new(|| {
            use badge_schemas::contexts::{earlier, get};
            Engine::new(|url| earlier(url).or_else(|| get(url)))
        });
        &EARLIER
    }

    /// The same contexts, for a register of trust: a document of a size that no badge has. It is asked of the address
    /// that this installation names, never of one that a badge chooses.
    pub fn of_registers() -> &'static Self {
        static REGISTERS: LazyLock<Engine> =
            LazyLock::new(|| Engine::new(badge_schemas::contexts::get).within(Bounds::REGISTER));
        &REGISTERS
    }

    /// An engine whose contexts are what `lookup` answers (in tests: contexts of examples).
    pub fn new(lookup: fn(&str) -> Option<&'static str>) -> Self {
        Self {
            documents: Documents::new(lookup),
            processed: RwLock::default(),
            fast: Fast::default(),
            bounds: Bounds::BADGE,
        }
    }

    /// The same engine, which reads documents of such a size.
    #[must_use]
    pub fn within(self, bounds: Bounds) -> Self {
        Self { bounds, ..self }
    }

    /// See [`canonicalize`].
    ///
    /// # Errors
    /// [`JsonLdFault`].
    pub fn canonicalize(&self, document: &Value) -> Result<String, JsonLdFault> {
        let quick = self.fast.read(&self.documents, document, self.bounds, |statements, blanks| {
            Canonical::of(statements, blanks, Budget::default()).map(|canonical| canonical.to_text())
        });
        match quick {
            Some(text) => Ok(text?),
            None => self.canonicalize_by_reference(document),
        }
    }

    /// The SHA-256 of what [`Engine::canonicalize`] answers.
    ///
    /// # Errors
    /// [`JsonLdFault`].
    pub fn canonical_hash(&self, document: &Value) -> Result<[u8; 32], JsonLdFault> {
        let quick = self.fast.read(&self.documents, document, self.bounds, |statements, blanks| {
            Canonical::of(statements, blanks, Budget::default()).map(|canonical| canonical.hash())
        });
        match quick {
            Some(hash) => Ok(hash?),
            None => Ok(rdfc::canonical_hash(&self.to_rdf(document)?, Budget::default())?),
        }
    }

    /// What [`Engine::canonicalize`] answers, found by the general engine alone: the reference that the quick way is
    /// compared with, fifty times slower.
    ///
    /// # Errors
    /// [`JsonLdFault`].
    pub fn canonicalize_by_reference(&self, document: &Value) -> Result<String, JsonLdFault> {
        Ok(rdfc::canonicalize(self.to_rdf(document)?, Budget::default())?)
    }

    /// See [`expand`].
    ///
    /// # Errors
    /// [`JsonLdFault`].
    pub fn expand(&self, document: &Value) -> Result<Value, JsonLdFault> {
        let input = input::read(document, self.bounds)?;
        let expanded = self.expanded(&input, STRICT)?;
        quads::of(&expanded, input.leaves)?;
        Ok(expanded::write(&expanded))
    }

    /// See [`expand_lenient`].
    ///
    /// # Errors
    /// [`JsonLdFault`].
    pub fn expand_lenient(&self, document: &Value) -> Result<Value, JsonLdFault> {
        Ok(expanded::write(&self.expanded(&input::read_lenient(document, self.bounds)?, LENIENT)?))
    }

    /// The document's quads, in no meaningful order, perhaps repeated.
    ///
    /// # Errors
    /// [`JsonLdFault`].
    pub fn to_rdf(&self, document: &Value) -> Result<Vec<Quad>, JsonLdFault> {
        let input = input::read(document, self.bounds)?;
        quads::of(&self.expanded(&input, STRICT)?, input.leaves)
    }

    fn expanded(&self, input: &input::Input, policy: Policy) -> Result<Expanded, JsonLdFault> {
        let loader = Loads::new(&self.documents);
        let active = self.context(&input.context, &loader)?;
        let options = Options { policy, ..Options::default() };
        let mut names = Names;
        let expanding = input.body.expand_full(&mut names, active, None, &loader, options, ());
        pollster::block_on(expanding).map_err(|error| JsonLdFault::from_expansion(&error, &loader))
    }

    /// The active context after the document's own `@context`. Lists of addresses are remembered; anything with a
    /// context written in place is processed each time.
    fn context(&self, context: &Value, loader: &Loads<'_>) -> Result<Context, JsonLdFault> {
        let addresses = addresses(context);
        if let Some(addresses) = &addresses {
            let processed = self.processed.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(known) = processed.get(addresses) {
                return Ok(Context::clone(known));
            }
        }
        let processed = process(context, loader)?;
        if let Some(addresses) = addresses {
            let mut remembered = self.processed.write().unwrap_or_else(PoisonError::into_inner);
            if remembered.len() < REMEMBERED {
                remembered.insert(addresses, Arc::new(processed.clone()));
            }
        }
        Ok(processed)
    }
}

fn process(context: &Value, loader: &Loads<'_>) -> Result<Context, JsonLdFault> {
    let local = json_ld::syntax::Context::try_from_json(input::convert(context))
        .map_err(|_| JsonLdFault::Context("invalid local context".to_owned()))?;
    let initial = Context::default();
    let options = context_processing::Options::default();
    let mut names = Names;
    let processing = local.process_full(&mut names, &initial, loader, None, options, ());
    let processed = pollster::block_on(processing).map_err(|error| JsonLdFault::from_context(&error, loader))?;
    Ok(processed.into_processed())
}

fn addresses(context: &Value) -> Option<Vec<String>> {
    match context {
        Value::String(one) => Some(vec![one.clone()]),
        Value::Array(several) => several.iter().map(|one| one.as_str().map(str::to_owned)).collect(),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
