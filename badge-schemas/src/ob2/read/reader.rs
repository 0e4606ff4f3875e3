//! Single properties: present or not, one or many, and of the right shape.

use time::OffsetDateTime;

use crate::ob2::fault::{Fault, Rule};
use crate::ob2::legacy::Version;
use crate::ob2::model::Link;
use crate::ob2::node::{Item, Node};
use crate::ob2::{values, vocabulary};

/// Whether a property may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ob2) enum Need {
    Required,
    Optional,
}

/// Reads one object and notes what it breaks.
pub(in crate::ob2) struct Reader {
    pub version: Version,
    pub faults: Vec<Fault>,
    path: String,
}

impl Reader {
    pub fn new(version: Version) -> Self {
        Self { version, faults: vec![], path: String::new() }
    }

    pub fn fault(&mut self, rule: Rule, name: &str) {
        self.faults.push(Fault { rule, path: format!("{}/{name}", self.path) });
    }

    /// A fault of one of `count` values.
    pub fn fault_at(&mut self, rule: Rule, name: &str, i: usize, count: usize) {
        self.fault(rule, &counted(name, i, count));
    }

    /// Reads an object inside the present one.
    pub fn within<T>(&mut self, name: &str, read: impl FnOnce(&mut Self) -> T) -> T {
        let here = self.path.len();
        self.path.push('/');
        self.path.push_str(name);
        let value = read(self);
        self.path.truncate(here);
        value
    }

    /// Each value of a property that may have many.
    pub fn each<T>(&mut self, node: &Node, name: &str, mut read: impl FnMut(&mut Self, &Item) -> Option<T>) -> Vec<T> {
        let items = node.values(name);
        let mut found = vec![];
        for (i, item) in items.iter().enumerate() {
            found.extend(self.within(&counted(name, i, items.len()), |r| read(r, item)));
        }
        found
    }

    /// The one value of a property.
    pub fn one<'n>(&mut self, node: &'n Node, name: &str, need: Need) -> Option<&'n Item> {
        match node.values(name) {
            [] => {
                if need == Need::Required {
                    self.fault(Rule::MissingMember, name);
                }
                None
            }
            [item] => Some(item),
            _ => {
                self.fault(Rule::NotSingle, name);
                None
            }
        }
    }

    /// `id`: an IRI; 1.x signed badges have `uid:` ones.
    pub fn id(&mut self, node: &Node, need: Need) -> Option<String> {
        match &node.id {
            Some(id) if values::is_iri(id) => return Some(id.clone()),
            Some(id) if self.version < Version::V2_0 && id.starts_with("uid:") => return Some(id.clone()),
            Some(_) => self.fault(Rule::NotIri, "id"),
            None if need == Need::Required => self.fault(Rule::MissingMember, "id"),
            None => {}
        }
        None
    }

    /// `type` holds one of `classes`; what else it holds is a term or an IRI.
    pub fn class(&mut self, node: &Node, classes: &[&str], need: Need) {
        if node.types.is_empty() {
            if need == Need::Required {
                self.fault(Rule::MissingMember, "type");
            }
            return;
        }
        if !classes.iter().any(|class| node.is_a(class)) {
            self.fault(Rule::WrongType, "type");
        }
        let known = |name: &str| vocabulary::class_by_name(name).is_some() || name.contains(':');
        if !node.types.iter().all(|name| known(name)) {
            self.fault(Rule::TypeNotIri, "type");
        }
    }

    pub fn text(&mut self, node: &Node, name: &str, need: Need) -> Option<String> {
        let item = self.one(node, name, need)?;
        if let Item::Text(text) = item {
            return Some(text.clone());
        }
        self.fault(Rule::NotText, name);
        None
    }

    pub fn texts(&mut self, node: &Node, name: &str) -> Vec<String> {
        self.each(node, name, |r, item| {
            if let Item::Text(text) = item {
                return Some(text.clone());
            }
            r.fault_here(Rule::NotText);
            None
        })
    }

    /// A fault of the value that is being read.
    pub fn fault_here(&mut self, rule: Rule) {
        self.faults.push(Fault { rule, path: self.path.clone() });
    }

    /// Text of a given shape.
    pub fn shaped(
        &mut self,
        node: &Node,
        name: &str,
        need: Need,
        is_right: fn(&str) -> bool,
        rule: Rule,
    ) -> Option<String> {
        let text = self.text(node, name, need)?;
        if is_right(&text) {
            return Some(text);
        }
        self.fault(rule, name);
        None
    }

    pub fn boolean(&mut self, node: &Node, name: &str, need: Need) -> Option<bool> {
        let item = self.one(node, name, need)?;
        if let Item::Bool(flag) = item {
            return Some(*flag);
        }
        self.fault(Rule::NotBoolean, name);
        None
    }

    /// An instant; before 2.0 also a timestamp or a day.
    pub fn date_time(&mut self, node: &Node, name: &str, need: Need) -> Option<OffsetDateTime> {
        let parsed = match self.one(node, name, need)? {
            Item::Text(text) if self.version < Version::V2_0 => values::parse_date_time_v1(text),
            Item::Text(text) => values::parse_date_time(text),
            Item::Number(number) if self.version < Version::V2_0 => values::parse_date_time_v1(&number.to_string()),
            _ => None,
        };
        if parsed.is_none() {
            self.fault(Rule::NotDateTime, name);
        }
        parsed
    }

    /// An IRI, or the id of an embedded object.
    pub fn iri(&mut self, node: &Node, name: &str, need: Need) -> Option<String> {
        self.link(node, name, need)?.id
    }

    /// An http(s) URL.
    pub fn url(&mut self, node: &Node, name: &str, need: Need) -> Option<String> {
        match self.one(node, name, need)? {
            // A list may stand embedded; where it is fetched from is its id.
            Item::Iri(url) | Item::Text(url) | Item::Node(Node { id: Some(url), .. }) if values::is_url(url) => {
                Some(url.clone())
            }
            _ => {
                self.fault(Rule::NotUrl, name);
                None
            }
        }
    }

    pub fn link(&mut self, node: &Node, name: &str, need: Need) -> Option<Link> {
        let item = self.one(node, name, need)?;
        self.within(name, |r| r.linked(item))
    }

    pub fn links(&mut self, node: &Node, name: &str) -> Vec<Link> {
        self.each(node, name, Self::linked)
    }

    pub fn linked(&mut self, item: &Item) -> Option<Link> {
        match item {
            Item::Iri(id) if values::is_iri(id) => Some(Link { id: Some(id.clone()), node: None }),
            Item::Iri(_) => {
                self.fault_here(Rule::NotIri);
                None
            }
            Item::Node(node) => Some(Link { id: node.id.clone(), node: Some((node.clone(), self.version)) }),
            _ => {
                self.fault_here(Rule::NotLink);
                None
            }
        }
    }
}

/// A single value is not counted, so that `x` and `[x]` have one pointer.
fn counted(name: &str, i: usize, count: usize) -> String {
    if count == 1 { name.to_owned() } else { format!("{name}/{i}") }
}
