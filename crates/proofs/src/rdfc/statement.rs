//! Quads whose texts stand elsewhere: in the document, or in a table of terms.

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::rdf::{self, Kind, Node, Object, Position, Quad, XSD_STRING};

/// A quad that owns almost nothing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Statement<'a> {
    pub subject: Thing<'a>,
    pub predicate: &'a str,
    pub object: Said<'a>,
    pub graph: Option<Thing<'a>>,
}

/// An IRI or a blank node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Thing<'a> {
    Iri(&'a str),
    Blank(u32),
}

/// An object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Said<'a> {
    Thing(Thing<'a>),
    /// A lexical form with its datatype.
    Typed(Cow<'a, str>, &'a str),
    /// A text with its language.
    Tagged(Cow<'a, str>, Cow<'a, str>),
}

impl<'a> Statement<'a> {
    /// The same statement, its blank nodes renumbered.
    pub fn of(quad: &'a Quad, number: &mut impl FnMut(u32) -> u32) -> Self {
        let mut thing = |node: &'a Node| match node {
            Node::Iri(iri) => Thing::Iri(iri),
            Node::Blank(blank) => Thing::Blank(number(*blank)),
        };
        let subject = thing(&quad.subject);
        let object = match &quad.object {
            Object::Node(node) => Said::Thing(thing(node)),
            Object::Literal { value, kind: Kind::Datatype(datatype) } => Said::Typed(Cow::Borrowed(value), datatype),
            Object::Literal { value, kind: Kind::Language(tag) } => {
                Said::Tagged(Cow::Borrowed(value), Cow::Borrowed(tag))
            }
        };
        Self { subject, predicate: &quad.predicate, object, graph: quad.graph.as_ref().map(thing) }
    }

    /// The blank nodes it names: subject, object, graph.
    pub fn blanks(&self) -> impl Iterator<Item = (Position, u32)> {
        let object = match &self.object {
            Said::Thing(thing) => Some(*thing),
            _ => None,
        };
        [(Position::Subject, Some(self.subject)), (Position::Object, object), (Position::Graph, self.graph)]
            .into_iter()
            .filter_map(|(position, thing)| match thing {
                Some(Thing::Blank(blank)) => Some((position, blank)),
                _ => None,
            })
    }

    /// Writes its line, with its end of line; `label` gives each blank node its label, without `_:`.
    pub fn write(&self, line: &mut String, label: &impl Fn(u32, &mut String)) {
        write_thing(self.subject, line, label);
        line.push_str(" <");
        line.push_str(self.predicate);
        line.push_str("> ");
        match &self.object {
            Said::Thing(thing) => write_thing(*thing, line, label),
            Said::Typed(value, datatype) => {
                quote(value, line);
                if *datatype != XSD_STRING {
                    line.push_str("^^<");
                    line.push_str(datatype);
                    line.push('>');
                }
            }
            Said::Tagged(value, tag) => {
                quote(value, line);
                line.push('@');
                line.push_str(tag);
            }
        }
        if let Some(graph) = self.graph {
            line.push(' ');
            write_thing(graph, line, label);
        }
        line.push_str(" .\n");
    }

    /// A cheap look at it: equal statements look alike, others mostly do not.
    fn glance(&self) -> u64 {
        let graph = self.graph.map_or(0, thing_glance);
        let object = match &self.object {
            Said::Thing(thing) => thing_glance(*thing),
            Said::Typed(value, datatype) => mix(text_glance(value), datatype.len() as u64),
            Said::Tagged(value, tag) => mix(text_glance(value), text_glance(tag)),
        };
        mix(mix(mix(thing_glance(self.subject), text_glance(self.predicate)), object), graph)
    }
}

/// The places of the distinct statements, in no meaningful order.
///
/// Strangers can make many statements look alike at a glance; those are then compared by sorting, never each with each.
pub fn distinct(statements: &[Statement<'_>]) -> Vec<u32> {
    let mut glances: Vec<(u64, u32)> = Vec::with_capacity(statements.len());
    glances.extend((0_u32..).zip(statements).map(|(place, statement)| (statement.glance(), place)));
    glances.sort_unstable();
    let at = |place: u32| &statements[place as usize];
    for alike in glances.chunk_by_mut(|one, other| one.0 == other.0) {
        if alike.len() > 1 {
            alike.sort_unstable_by(|one, other| match at(one.1).cmp(at(other.1)) {
                Ordering::Equal => one.1.cmp(&other.1),
                order => order,
            });
        }
    }
    glances.dedup_by(|one, other| one.0 == other.0 && at(one.1) == at(other.1));
    glances.into_iter().map(|(_, place)| place).collect()
}

fn thing_glance(thing: Thing<'_>) -> u64 {
    match thing {
        Thing::Iri(iri) => text_glance(iri),
        Thing::Blank(blank) => mix(0x5bd1_e995, u64::from(blank)),
    }
}

/// The length, the last eight bytes and eight in the middle: beginnings are what names have in common.
fn text_glance(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let eight = |bytes: &[u8]| bytes.iter().rev().take(8).fold(0, |sum, byte| (sum << 8) | u64::from(*byte));
    mix(mix(bytes.len() as u64, eight(bytes)), eight(&bytes[..bytes.len() / 2]))
}

const fn mix(one: u64, other: u64) -> u64 {
    (one.rotate_left(23) ^ other).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

fn write_thing(thing: Thing<'_>, line: &mut String, label: &impl Fn(u32, &mut String)) {
    match thing {
        Thing::Iri(iri) => {
            line.push('<');
            line.push_str(iri);
            line.push('>');
        }
        Thing::Blank(blank) => {
            line.push_str("_:");
            label(blank, line);
        }
    }
}

fn quote(value: &str, line: &mut String) {
    line.push('"');
    rdf::escape(value, line);
    line.push('"');
}
