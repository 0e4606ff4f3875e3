//! From an expanded document to quads (JSON-LD 1.1 API §8, "Deserialize JSON-LD to RDF"), refusing what the
//! algorithm drops, and counting that every value of the document arrived.

use std::collections::HashMap;

use json_ld::object::Literal;
use json_ld::object::node::Graph;
use json_ld::{BlankIdBuf, Indexed, ValidId};

use super::fault::JsonLdFault;
use super::number;
use super::vocabulary::Name;
use crate::rdf::{Kind, Node, Object, Quad, XSD_STRING};

type ExpandedDocument = json_ld::ExpandedDocument<Name, BlankIdBuf>;
type Id = json_ld::Id<Name, BlankIdBuf>;
type LdNode = json_ld::Node<Name, BlankIdBuf>;
type LdObject = json_ld::Object<Name, BlankIdBuf>;
type List = json_ld::object::List<Name, BlankIdBuf>;
type Value = json_ld::object::Value<Name>;

pub const RDF_TYPE: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
pub const RDF_FIRST: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#first";
pub const RDF_REST: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#rest";
pub const RDF_NIL: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#nil";
pub const XSD_BOOLEAN: &str = "http://www.w3.org/2001/XMLSchema#boolean";

/// The quads of `document`, which came from a text with this many values.
pub fn of(document: &ExpandedDocument, leaves: usize) -> Result<Vec<Quad>, JsonLdFault> {
    let mut writer = Writer::default();
    for item in document {
        writer.free_standing(item, None)?;
    }
    // More is as wrong as less: an id made out of a key could hide that another value was lost.
    if writer.leaves != leaves {
        return Err(JsonLdFault::DroppedData);
    }
    Ok(writer.quads)
}

#[derive(Default)]
struct Writer {
    quads: Vec<Quad>,
    /// Values met, counted as `input` counted those of the text.
    leaves: usize,
    labels: HashMap<String, u32>,
    blanks: u32,
}

impl Writer {
    /// An object that is nobody's value: only a node that says something may stand so.
    fn free_standing(&mut self, item: &Indexed<LdObject>, graph: Option<&Node>) -> Result<(), JsonLdFault> {
        let LdObject::Node(node) = unindexed(item)? else { return Err(JsonLdFault::DroppedData) };
        if node.is_empty() {
            return Err(JsonLdFault::DroppedData);
        }
        self.node(node, graph)?;
        Ok(())
    }

    fn object(&mut self, item: &Indexed<LdObject>, graph: Option<&Node>) -> Result<Object, JsonLdFault> {
        match unindexed(item)? {
            LdObject::Node(node) => Ok(Object::Node(self.node(node, graph)?)),
            LdObject::List(list) => Ok(Object::Node(self.list(list, graph)?)),
            LdObject::Value(value) => self.value(value),
        }
    }

    fn node(&mut self, node: &LdNode, graph: Option<&Node>) -> Result<Node, JsonLdFault> {
        if node.id.is_none() && node.is_empty() {
            self.leaves += 1;
        }
        let subject = match &node.id {
            Some(id) => {
                self.leaves += 1;
                self.resource(id)?
            }
            None => self.blank(),
        };
        for kind in node.types() {
            self.leaves += 1;
            let object = Object::Node(self.resource(kind)?);
            self.push(&subject, RDF_TYPE, object, graph);
        }
        for (property, values) in node.properties() {
            let predicate = predicate(property)?;
            for value in values {
                let object = self.object(value, graph)?;
                self.push(&subject, predicate, object, graph);
            }
        }
        if let Some(reverse) = node.reverse_properties_entry() {
            for (property, nodes) in reverse {
                let predicate = predicate(property)?;
                for other in nodes {
                    if other.index().is_some() {
                        return Err(JsonLdFault::DroppedData);
                    }
                    let other = self.node(other.inner(), graph)?;
                    self.push(&other, predicate, Object::Node(subject.clone()), graph);
                }
            }
        }
        if let Some(included) = node.included_entry() {
            for other in included {
                if other.index().is_some() || other.inner().is_empty() {
                    return Err(JsonLdFault::DroppedData);
                }
                self.node(other.inner(), graph)?;
            }
        }
        if let Some(content) = node.graph_entry() {
            self.graph(content, &subject)?;
        }
        Ok(subject)
    }

    fn graph(&mut self, content: &Graph<Name, BlankIdBuf>, name: &Node) -> Result<(), JsonLdFault> {
        for item in content {
            self.free_standing(item, Some(name))?;
        }
        Ok(())
    }

    fn list(&mut self, list: &List, graph: Option<&Node>) -> Result<Node, JsonLdFault> {
        if list.is_empty() {
            self.leaves += 1;
        }
        let mut rest = Node::Iri(RDF_NIL.to_owned());
        for item in list.iter().rev() {
            let first = self.object(item, graph)?;
            let cell = self.blank();
            self.push(&cell, RDF_FIRST, first, graph);
            self.push(&cell, RDF_REST, Object::Node(rest), graph);
            rest = cell;
        }
        Ok(rest)
    }

    fn value(&mut self, value: &Value) -> Result<Object, JsonLdFault> {
        self.leaves += 1;
        let (value, kind) = match value {
            Value::LangString(text) => {
                if text.direction().is_some() {
                    return Err(JsonLdFault::Direction);
                }
                let language = text.language().and_then(|tag| tag.as_well_formed()).ok_or(JsonLdFault::Language)?;
                // As jsonld.js does; RDF compares language tags without regard to case.
                (text.as_str().to_owned(), Kind::Language(language.as_str().to_ascii_lowercase()))
            }
            Value::Literal(literal, datatype) => {
                let datatype = datatype.as_ref().map(Name::as_str);
                let (value, datatype) = match literal {
                    Literal::String(text) => (text.to_string(), datatype.unwrap_or(XSD_STRING).to_owned()),
                    Literal::Boolean(value) => (value.to_string(), datatype.unwrap_or(XSD_BOOLEAN).to_owned()),
                    Literal::Number(number) => number::literal(number.as_str(), datatype)?,
                    Literal::Null => return Err(JsonLdFault::DroppedData),
                };
                (value, Kind::Datatype(datatype))
            }
            // JSON literals have their own canonical form; no badge that we know signs one.
            Value::Json(_) => return Err(JsonLdFault::malformed("JSON literal")),
        };
        Ok(Object::Literal { value, kind })
    }

    fn resource(&mut self, id: &Id) -> Result<Node, JsonLdFault> {
        match id {
            Id::Valid(ValidId::Iri(iri)) => Ok(Node::Iri(iri.as_str().to_owned())),
            Id::Valid(ValidId::Blank(label)) => {
                if let Some(blank) = self.labels.get(label.as_str()) {
                    return Ok(Node::Blank(*blank));
                }
                let Node::Blank(blank) = self.blank() else { return Err(JsonLdFault::RelativeIri) };
                self.labels.insert(label.as_str().to_owned(), blank);
                Ok(Node::Blank(blank))
            }
            Id::Invalid(_) => Err(JsonLdFault::RelativeIri),
        }
    }

    fn blank(&mut self) -> Node {
        let blank = self.blanks;
        self.blanks += 1;
        Node::Blank(blank)
    }

    fn push(&mut self, subject: &Node, predicate: &str, object: Object, graph: Option<&Node>) {
        self.quads.push(Quad {
            subject: subject.clone(),
            predicate: predicate.to_owned(),
            object,
            graph: graph.cloned(),
        });
    }
}

/// `@index` never reaches RDF.
fn unindexed(item: &Indexed<LdObject>) -> Result<&LdObject, JsonLdFault> {
    if item.index().is_some() { Err(JsonLdFault::DroppedData) } else { Ok(item.inner()) }
}

fn predicate(property: &Id) -> Result<&str, JsonLdFault> {
    match property {
        Id::Valid(ValidId::Iri(iri)) => Ok(iri.as_str()),
        Id::Valid(ValidId::Blank(_)) => Err(JsonLdFault::BlankPredicate),
        Id::Invalid(term) => Err(JsonLdFault::undefined(term)),
    }
}
