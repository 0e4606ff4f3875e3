//! RDF quads and their one canonical line (RDF Canonicalization 1.0 §5, "Canonical form of N-Quads").

use std::fmt::Write;

/// `xsd:string`, which canonical N-Quads leave unsaid.
pub const XSD_STRING: &str = "http://www.w3.org/2001/XMLSchema#string";

/// One statement. A dataset is a set of them: equal quads count once.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quad {
    /// What is spoken of.
    pub subject: Node,
    /// The property, an absolute IRI (a blank predicate cannot be said in RDF).
    pub predicate: String,
    /// The value.
    pub object: Object,
    /// The named graph; `None` is the default graph.
    pub graph: Option<Node>,
}

/// A named or unnamed thing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Node {
    /// An absolute IRI.
    Iri(String),
    /// A blank node, by number within its dataset.
    Blank(u32),
}

/// The object of a quad.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Object {
    /// A thing.
    Node(Node),
    /// A literal.
    Literal {
        /// Its lexical form.
        value: String,
        /// Its datatype, or its language.
        kind: Kind,
    },
}

/// What a literal is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A datatype, by IRI.
    Datatype(String),
    /// A string in this language.
    Language(String),
}

impl Quad {
    /// The blank nodes it names, each once: subject, object, graph.
    pub fn blanks(&self) -> impl Iterator<Item = (Position, u32)> {
        let object = match &self.object {
            Object::Node(node) => Some(node),
            Object::Literal { .. } => None,
        };
        [(Position::Subject, Some(&self.subject)), (Position::Object, object), (Position::Graph, self.graph.as_ref())]
            .into_iter()
            .filter_map(|(position, node)| match node {
                Some(Node::Blank(blank)) => Some((position, *blank)),
                _ => None,
            })
    }

    /// Writes its line, with its end of line; `label` gives each blank node its label, without `_:`.
    pub fn write(&self, line: &mut String, label: &impl Fn(u32, &mut String)) {
        write_node(&self.subject, line, label);
        line.push_str(" <");
        line.push_str(&self.predicate);
        line.push_str("> ");
        match &self.object {
            Object::Node(node) => write_node(node, line, label),
            Object::Literal { value, kind } => write_literal(value, kind, line),
        }
        if let Some(graph) = &self.graph {
            line.push(' ');
            write_node(graph, line, label);
        }
        line.push_str(" .\n");
    }
}

/// Where a blank node stands in a quad.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position {
    /// `s`
    Subject,
    /// `o`
    Object,
    /// `g`
    Graph,
}

fn write_node(node: &Node, line: &mut String, label: &impl Fn(u32, &mut String)) {
    match node {
        Node::Iri(iri) => {
            line.push('<');
            line.push_str(iri);
            line.push('>');
        }
        Node::Blank(blank) => {
            line.push_str("_:");
            label(*blank, line);
        }
    }
}

fn write_literal(value: &str, kind: &Kind, line: &mut String) {
    line.push('"');
    escape(value, line);
    line.push('"');
    match kind {
        Kind::Datatype(datatype) if datatype == XSD_STRING => {}
        Kind::Datatype(datatype) => {
            line.push_str("^^<");
            line.push_str(datatype);
            line.push('>');
        }
        Kind::Language(language) => {
            line.push('@');
            line.push_str(language);
        }
    }
}

/// Canonical escapes: the seven short ones, `\u00XX` for the other C0 controls and DEL, and nothing else.
pub(crate) fn escape(value: &str, line: &mut String) {
    // Almost every text needs none.
    if !value.bytes().any(|byte| byte < 0x20 || matches!(byte, b'"' | b'\\' | 0x7f)) {
        line.push_str(value);
        return;
    }
    for sign in value.chars() {
        match sign {
            '\u{8}' => line.push_str("\\b"),
            '\t' => line.push_str("\\t"),
            '\n' => line.push_str("\\n"),
            '\u{c}' => line.push_str("\\f"),
            '\r' => line.push_str("\\r"),
            '"' => line.push_str("\\\""),
            '\\' => line.push_str("\\\\"),
            '\0'..='\u{1f}' | '\u{7f}' => {
                // Writing to a String does not fail.
                let _ = write!(line, "\\u{:04X}", u32::from(sign));
            }
            _ => line.push(sign),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(value: &str, kind: Kind) -> String {
        let quad = Quad {
            subject: Node::Blank(7),
            predicate: "urn:p".into(),
            object: Object::Literal { value: value.into(), kind },
            graph: Some(Node::Iri("urn:g".into())),
        };
        let mut line = String::new();
        quad.write(&mut line, &|blank, line| line.push_str(&blank.to_string()));
        line
    }

    #[test]
    fn canonical_escapes_and_no_others() {
        // RDF Canonicalization 1.0 §5: TAB, BS, FF, C0 controls and DEL, which many serialisers forget.
        let all = "\0\u{1}\u{8}\t\n\u{b}\u{c}\r\u{1f} \"\\\u{7f}\u{80}\u{85}é\u{2028}\u{fffd}😀'";
        assert_eq!(
            line(all, Kind::Datatype(XSD_STRING.into())),
            "_:7 <urn:p> \"\\u0000\\u0001\\b\\t\\n\\u000B\\f\\r\\u001F \\\"\\\\\\u007F\u{80}\u{85}é\u{2028}\u{fffd}😀'\" <urn:g> .\n"
        );
    }

    #[test]
    fn strings_hide_their_type_and_the_rest_say_it() {
        assert_eq!(line("a", Kind::Language("fr".into())), "_:7 <urn:p> \"a\"@fr <urn:g> .\n");
        assert_eq!(line("1", Kind::Datatype("urn:int".into())), "_:7 <urn:p> \"1\"^^<urn:int> <urn:g> .\n");
    }
}
