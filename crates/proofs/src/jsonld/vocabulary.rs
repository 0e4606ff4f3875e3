//! How `json-ld` keeps identifiers here: shared, and compared byte by byte.
//!
//! Its own way (`iref`'s `IriBuf`) compares IRIs with percent-escapes undone: two different properties would become
//! one, and an escape that is not UTF-8 (`urn:%ff`) panics. RDF compares them sign by sign (RDF 1.1 §3.2). Sharing
//! also makes copying a context cheap.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use json_ld::rdf_types::vocabulary::{
    BlankIdVocabulary, BlankIdVocabularyMut, IriVocabulary, IriVocabularyMut, LiteralVocabulary, LiteralVocabularyMut,
};
use json_ld::rdf_types::{Literal, LiteralRef};
use json_ld::{BlankId, BlankIdBuf, Iri, IriBuf};

/// An IRI, equal to another only if written alike.
#[derive(Debug, Clone)]
pub struct Name(Arc<IriBuf>);

impl Name {
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.as_str() == other.as_str()
    }
}

impl Eq for Name {}

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

/// Gives out [`Name`]s. Holds nothing.
pub struct Names;

impl IriVocabulary for Names {
    type Iri = Name;

    fn iri<'i>(&'i self, id: &'i Name) -> Option<&'i Iri> {
        Some(id.0.as_iri())
    }

    fn get(&self, iri: &Iri) -> Option<Name> {
        Some(Name(Arc::new(iri.to_owned())))
    }
}

impl IriVocabularyMut for Names {
    fn insert(&mut self, iri: &Iri) -> Name {
        Name(Arc::new(iri.to_owned()))
    }

    fn insert_owned(&mut self, iri: IriBuf) -> Name {
        Name(Arc::new(iri))
    }
}

impl BlankIdVocabulary for Names {
    type BlankId = BlankIdBuf;

    fn blank_id<'b>(&'b self, id: &'b BlankIdBuf) -> Option<&'b BlankId> {
        Some(id.as_blank_id_ref())
    }

    fn get_blank_id(&self, id: &BlankId) -> Option<BlankIdBuf> {
        Some(id.to_owned())
    }
}

impl BlankIdVocabularyMut for Names {
    fn insert_blank_id(&mut self, id: &BlankId) -> BlankIdBuf {
        id.to_owned()
    }
}

// `json-ld` asks every vocabulary for literals; expansion makes none.
impl LiteralVocabulary for Names {
    type Literal = Literal<Name>;

    fn literal<'l>(&'l self, id: &'l Literal<Name>) -> Option<LiteralRef<'l, Name>> {
        Some(id.as_ref())
    }

    fn owned_literal(&self, id: Literal<Name>) -> Result<Literal<Name>, Literal<Name>> {
        Ok(id)
    }

    fn get_literal(&self, id: LiteralRef<Name>) -> Option<Literal<Name>> {
        Some(id.into_owned())
    }
}

impl LiteralVocabularyMut for Names {
    fn insert_literal(&mut self, value: LiteralRef<Name>) -> Literal<Name> {
        value.into_owned()
    }
}
