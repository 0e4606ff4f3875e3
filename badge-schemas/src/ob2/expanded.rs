//! Reads the expanded form of JSON-LD: the same objects, whatever contexts they were written with.

use serde_json::{Map, Value};

use super::extension::Extension;
use super::node::{Item, Node, revoked_term};
use super::vocabulary::{self, REVOKED_IRI};

/// Deepest nesting read.
const MAX_DEPTH: usize = 128;
const EXTENSIONS: &str = "https://w3id.org/openbadges/extensions#";
const BOOLEAN: &str = "http://www.w3.org/2001/XMLSchema#boolean";

/// The one object of an expanded document; `None` when there is none, or more than one.
pub(super) fn read(expanded: &Value, extensions: &mut Vec<Extension>) -> Option<Node> {
    let members = match expanded {
        Value::Object(members) => members,
        Value::Array(all) if all.len() == 1 => all[0].as_object()?,
        _ => return None,
    };
    node(members, "", MAX_DEPTH, extensions)
}

fn node(members: &Map<String, Value>, path: &str, depth: usize, extensions: &mut Vec<Extension>) -> Option<Node> {
    let depth = depth.checked_sub(1)?;
    let mut found = Node { id: members.get("@id").and_then(Value::as_str).map(str::to_owned), ..Node::default() };
    if let Some(types) = members.get("@type") {
        let all = types.as_array().map_or_else(|| std::slice::from_ref(types), Vec::as_slice);
        let name = |iri: &str| vocabulary::class_by_iri(iri).unwrap_or(iri).to_owned();
        found.types = all.iter().filter_map(Value::as_str).map(name).collect();
    }
    found.language = members.get("@language").and_then(Value::as_str).map(str::to_lowercase);
    for (iri, value) in members {
        if iri.starts_with('@') {
            continue;
        }
        if iri.starts_with(EXTENSIONS) {
            extensions.push(Extension::new(path, iri, value));
            continue;
        }
        let mut values = vec![];
        flatten(value, &mut values, depth)?;
        for value in values {
            let is_flag =
                value.get("@type").is_some_and(|t| t == BOOLEAN) || value.get("@value").is_some_and(Value::is_boolean);
            let term = if iri == REVOKED_IRI { Some(revoked_term(is_flag)) } else { vocabulary::by_iri(iri) };
            let Some(term) = term else { continue };
            let path = format!("{path}/{}", term.name);
            if let Some(item) = item(value, &path, depth, extensions)? {
                found.add(term, vec![item]);
            }
        }
    }
    Some(found)
}

/// The outer `Option` is the depth, the inner one whether there is a value.
#[expect(clippy::option_option, reason = "two different absences, one line apart")]
fn item(value: &Value, path: &str, depth: usize, extensions: &mut Vec<Extension>) -> Option<Option<Item>> {
    Some(match value {
        Value::Object(members) => match members.get("@value") {
            Some(literal) => scalar(literal),
            None => Some(node(members, path, depth, extensions)?.into_item()),
        },
        other => scalar(other),
    })
}

fn scalar(literal: &Value) -> Option<Item> {
    match literal {
        Value::String(text) => Some(Item::Text(text.clone())),
        Value::Bool(flag) => Some(Item::Bool(*flag)),
        Value::Number(number) => Some(Item::Number(number.clone())),
        _ => None,
    }
}

fn flatten<'v>(value: &'v Value, values: &mut Vec<&'v Value>, depth: usize) -> Option<()> {
    let depth = depth.checked_sub(1)?;
    match value {
        Value::Array(all) => {
            for one in all {
                flatten(one, values, depth)?;
            }
        }
        Value::Object(members) => match members.get("@list").or_else(|| members.get("@set")) {
            Some(inner) => flatten(inner, values, depth)?,
            None => values.push(value),
        },
        Value::Null => {}
        _ => values.push(value),
    }
    Some(())
}
