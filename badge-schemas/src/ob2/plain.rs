//! Reads a document whose context is the standard's alone, without a JSON-LD processor: for such a document the
//! context is a table of names, and this is that table applied. Whatever would need more is left to JSON-LD.

use serde_json::{Map, Value};

use super::legacy::Version;
use super::node::{Item, Node};
use super::vocabulary;
use super::{CONTEXT, CONTEXT_V1};

/// The document as a node, or `None` when only a JSON-LD processor can tell.
pub(super) fn read(value: &Value) -> Option<(Version, Node)> {
    let members = value.as_object()?;
    let version = match members.get("@context")?.as_str()? {
        CONTEXT => Version::V2_0,
        CONTEXT_V1 => Version::V1_1,
        _ => return None,
    };
    Some((version, Plain { version }.node(members)?))
}

#[derive(Clone, Copy)]
struct Plain {
    version: Version,
}

impl Plain {
    fn node(self, members: &Map<String, Value>) -> Option<Node> {
        let mut node = Node::default();
        for (name, value) in members {
            match name.as_str() {
                "@context" if value.as_str() == Some(self.context()) => {}
                "id" | "@id" => match value {
                    Value::String(id) if node.id.is_none() && is_plain_iri(id) => node.id = Some(id.clone()),
                    Value::Null => {}
                    _ => return None,
                },
                "type" | "@type" if node.types.is_empty() => node.types = types(value)?,
                "@language" => node.language = Some(value.as_str()?.to_lowercase()),
                // Another keyword, a local context, a compact or full IRI.
                other if other.starts_with('@') || other.contains(':') => return None,
                "type" => return None,
                other => {
                    let Some(term) = vocabulary::by_name(other, self.version == Version::V1_1) else { continue };
                    let mut items = vec![];
                    self.items(value, term.is_id, &mut items)?;
                    node.add(term, items);
                }
            }
        }
        Some(node)
    }

    const fn context(self) -> &'static str {
        match self.version {
            Version::V2_0 => CONTEXT,
            _ => CONTEXT_V1,
        }
    }

    fn items(self, value: &Value, is_id: bool, items: &mut Vec<Item>) -> Option<()> {
        match value {
            Value::Null => {}
            Value::Array(all) => {
                for one in all {
                    self.items(one, is_id, items)?;
                }
            }
            Value::String(text) if is_id && !is_plain_iri(text) => return None,
            Value::String(text) if is_id => items.push(Item::Iri(text.clone())),
            Value::String(text) => items.push(Item::Text(text.clone())),
            Value::Bool(flag) => items.push(Item::Bool(*flag)),
            Value::Number(number) => items.push(Item::Number(number.clone())),
            Value::Object(members) => items.push(self.node(members)?.into_item()),
        }
        Some(())
    }
}

/// What is no text is kept as it is written, so that it is told as a wrong type: a JSON-LD processor would refuse the
/// document and not say why.
fn types(value: &Value) -> Option<Vec<String>> {
    let all = match value {
        Value::Null => &[],
        Value::Array(all) => all.as_slice(),
        one => std::slice::from_ref(one),
    };
    all.iter()
        .map(|one| {
            let Some(name) = one.as_str() else { return Some(one.to_string()) };
            match vocabulary::class_by_name(name) {
                Some(class) => Some(class.to_owned()),
                None if name.starts_with('@') || !is_plain_iri(name) => None,
                None => Some(vocabulary::class_by_iri(name).unwrap_or(name).to_owned()),
            }
        })
        .collect()
}

/// Text that JSON-LD would leave as it is: no prefix of the context before the first colon.
fn is_plain_iri(text: &str) -> bool {
    match text.split_once(':') {
        None => !text.starts_with('@'),
        Some((_, rest)) if rest.starts_with("//") => true,
        Some((scheme, _)) => !vocabulary::is_prefix(scheme),
    }
}
