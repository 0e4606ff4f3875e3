//! A processed context as a table of terms.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use json_ld::{Container, Id, Nullable, Term as LdTerm, Type, ValidId};

use super::super::Context;
use super::super::vocabulary::Name;

/// What one active context says, as far as the quick pass understands it.
pub struct Table {
    terms: HashMap<Box<str>, Term, BuildHasherDefault<Quick>>,
    /// The terms that say `@id`.
    pub ids: Vec<Box<str>>,
    /// The terms that say `@type`.
    pub types: Vec<Box<str>>,
    /// Whether some term may begin a compact IRI.
    prefixes: bool,
}

/// A term's definition.
pub struct Term {
    pub meaning: Meaning,
    pub typed: Typed,
    pub holds: Holds,
    /// Whether it may begin a compact IRI.
    pub prefix: bool,
    /// Whether it has a context of its own, and its number within the table.
    pub scope: Option<u32>,
}

/// What a key says.
pub enum Meaning {
    Iri(Name),
    Id,
    Type,
    /// Something for the general engine.
    Odd,
}

/// What a scalar below the term becomes.
pub enum Typed {
    /// A literal of its own type.
    Plain,
    /// `@id`
    Id,
    /// `@vocab`
    Vocab,
    Datatype(Name),
}

/// The container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// None, or `@set`.
    Values,
    List,
    Graph,
}

impl Table {
    /// `None` when the context has something that the quick pass does not do: a default language or direction, a
    /// vocabulary, a base, aliases of other keywords.
    pub fn of(context: &Context) -> Option<Self> {
        let plain = context.vocabulary().is_none()
            && context.default_language().is_none()
            && context.default_base_direction().is_none()
            && context.base_iri().is_none()
            && context.definitions().get_type().is_none();
        if !plain {
            return None;
        }
        let mut table = Self { terms: HashMap::default(), ids: Vec::new(), types: Vec::new(), prefixes: false };
        let mut scopes = 0;
        for binding in context.definitions() {
            let key = binding.term().as_str();
            let definition = context.get_normal(key)?;
            let meaning = match &definition.value {
                Some(LdTerm::Id(Id::Valid(ValidId::Iri(iri)))) => Meaning::Iri(iri.clone()),
                Some(LdTerm::Keyword(json_ld::syntax::Keyword::Id)) if !key.contains(':') => {
                    table.ids.push(key.into());
                    Meaning::Id
                }
                Some(LdTerm::Keyword(json_ld::syntax::Keyword::Type)) if !key.contains(':') => {
                    table.types.push(key.into());
                    Meaning::Type
                }
                Some(LdTerm::Keyword(_)) => return None,
                _ => Meaning::Odd,
            };
            let typed = match &definition.typ {
                None | Some(Type::None) => Some(Typed::Plain),
                Some(Type::Id) => Some(Typed::Id),
                Some(Type::Vocab) => Some(Typed::Vocab),
                Some(Type::Iri(iri)) => Some(Typed::Datatype(iri.clone())),
                Some(Type::Json) => None,
            };
            let holds = match definition.container {
                Container::None | Container::Set => Some(Holds::Values),
                Container::List => Some(Holds::List),
                Container::Graph | Container::GraphSet => Some(Holds::Graph),
                _ => None,
            };
            let even = !definition.reverse_property
                && definition.index.is_none()
                && definition.nest.is_none()
                && definition.direction.is_none()
                && matches!(definition.language, None | Some(Nullable::Null))
                && typed.is_some()
                && holds.is_some();
            let scope = definition.context.is_some().then(|| {
                scopes += 1;
                scopes - 1
            });
            table.prefixes |= definition.prefix;
            let term = Term {
                meaning: if even { meaning } else { Meaning::Odd },
                typed: typed.unwrap_or(Typed::Plain),
                holds: holds.unwrap_or(Holds::Values),
                prefix: definition.prefix,
                scope,
            };
            table.terms.insert(key.into(), term);
        }
        Some(table)
    }

    pub fn get(&self, term: &str) -> Option<&Term> {
        self.terms.get(term)
    }

    /// Whether a compact IRI may begin with this.
    pub fn is_prefix(&self, term: &str) -> bool {
        self.prefixes && self.get(term).is_some_and(|term| term.prefix)
    }

    /// The term whose context has this number.
    pub fn scoped(&self, number: u32) -> Option<&str> {
        self.terms.iter().find(|(_, term)| term.scope == Some(number)).map(|(key, _)| &**key)
    }
}

/// A hash for tables that strangers cannot write into.
#[derive(Default)]
pub struct Quick(u64);

impl Quick {
    const fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

impl Hasher for Quick {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.add(u64::from_le_bytes(*word));
        }
        let rest = rest.iter().fold(rest.len() as u64, |sum, byte| (sum << 8) | u64::from(*byte));
        self.add(rest);
    }

    fn write_u8(&mut self, byte: u8) {
        self.add(u64::from(byte));
    }

    fn write_u32(&mut self, word: u32) {
        self.add(u64::from(word));
    }

    fn finish(&self) -> u64 {
        // The tables look at the lowest and the highest bits.
        self.0 ^ (self.0 >> 32)
    }
}
