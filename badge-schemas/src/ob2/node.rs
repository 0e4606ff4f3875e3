//! The shape between the two ways of writing (plain, expanded) and the reading of classes.

use super::vocabulary::{self, Term};

/// An object: what the 2.0 context gives a meaning to, and nothing else.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Node {
    pub id: Option<String>,
    /// Canonical names of known classes; anything else as it was written.
    pub types: Vec<String>,
    pub language: Option<String>,
    pub(super) members: Vec<(&'static Term, Vec<Item>)>,
}

/// One value of a property.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Item {
    /// An object with more than an id.
    Node(Node),
    /// A reference: the text of an IRI-valued property, or an object with an id alone.
    Iri(String),
    Text(String),
    Bool(bool),
    Number(serde_json::Number),
}

impl Node {
    /// The values of a property; a property without value is no property.
    pub fn values(&self, name: &str) -> &[Item] {
        self.members.iter().find(|(term, _)| term.name == name).map_or(&[], |(_, items)| items)
    }

    pub fn values_mut(&mut self, name: &str) -> &mut [Item] {
        self.members.iter_mut().find(|(term, _)| term.name == name).map_or(&mut [], |(_, items)| items)
    }

    pub fn has(&self, name: &str) -> bool {
        !self.values(name).is_empty()
    }

    pub fn is_a(&self, class: &str) -> bool {
        self.types.iter().any(|t| t == class)
    }

    /// Adds values; two names of one IRI (`verify`, `verification`) are one property.
    pub fn add(&mut self, term: &'static Term, items: Vec<Item>) {
        if items.is_empty() {
            return;
        }
        match self.members.iter_mut().find(|(known, _)| known.name == term.name) {
            Some((_, known)) => known.extend(items),
            None => self.members.push((term, items)),
        }
    }

    /// As a value: an object with an id alone is a reference.
    pub fn into_item(mut self) -> Item {
        let bare = self.types.is_empty() && self.language.is_none() && self.members.is_empty();
        match self.id.take_if(|_| bare) {
            Some(id) => Item::Iri(id),
            None => Item::Node(self),
        }
    }

    /// Puts properties in the order of the vocabulary, so that two writings of one object are equal.
    pub fn sorted(mut self) -> Self {
        self.members.sort_by_key(|(term, _)| term.name);
        self.types.sort_unstable();
        for (_, items) in &mut self.members {
            for item in items {
                if let Item::Node(node) = item {
                    *node = std::mem::take(node).sorted();
                }
            }
        }
        self
    }
}

/// `revoked` and `revokedAssertions` share one IRI: a flag is a boolean.
pub(super) fn revoked_term(is_flag: bool) -> &'static Term {
    let name = if is_flag { "revoked" } else { "revokedAssertions" };
    let named = |term: &&Term| term.name == name;
    vocabulary::TERMS.iter().find(named).expect("both names stand in the table")
}
