//! Expanded documents as JSON (JSON-LD 1.1 §9, "expanded document form").

use json_ld::object::Literal;
use json_ld::{BlankIdBuf, Indexed, ValidId};
use serde_json::{Map, Value, json};

use super::vocabulary::Name;

type Id = json_ld::Id<Name, BlankIdBuf>;
type LdNode = json_ld::Node<Name, BlankIdBuf>;
type LdObject = json_ld::Object<Name, BlankIdBuf>;
type LdValue = json_ld::object::Value<Name>;

/// The document as an array of node objects. Identifiers that are not absolute have no place in it; what they leave
/// empty is left out too.
pub fn write(document: &json_ld::ExpandedDocument<Name, BlankIdBuf>) -> Value {
    document.iter().filter_map(object).collect()
}

fn object(item: &Indexed<LdObject>) -> Option<Value> {
    let mut members = match item.inner() {
        LdObject::Node(node) => self::node(node)?,
        LdObject::List(list) => one("@list", list.iter().filter_map(object).collect()),
        LdObject::Value(value) => self::value(value)?,
    };
    if let Some(index) = item.index() {
        members.insert("@index".to_owned(), json!(index));
    }
    Some(Value::Object(members))
}

/// `None` when nothing but a relative identifier is there.
fn node(node: &LdNode) -> Option<Map<String, Value>> {
    let mut members = Map::new();
    let id = node.id.as_ref();
    if let Some(id) = id.and_then(absolute) {
        members.insert("@id".to_owned(), json!(id));
    }
    let types: Vec<&str> = node.types().iter().filter_map(absolute).collect();
    if !types.is_empty() {
        members.insert("@type".to_owned(), json!(types));
    }
    for (property, values) in node.properties() {
        let values: Vec<Value> = values.iter().filter_map(object).collect();
        if let Some(property) = absolute(property).filter(|_| !values.is_empty()) {
            members.insert(property.to_owned(), Value::Array(values));
        }
    }
    let nodes = |nodes: &mut dyn Iterator<Item = &Indexed<LdNode>>| -> Value {
        nodes.filter_map(|other| self::node(other.inner())).map(Value::Object).collect()
    };
    if let Some(reverse) = node.reverse_properties_entry() {
        let mut said = Map::new();
        for (property, others) in reverse {
            if let Some(property) = absolute(property) {
                said.insert(property.to_owned(), nodes(&mut others.iter()));
            }
        }
        members.insert("@reverse".to_owned(), Value::Object(said));
    }
    if let Some(included) = node.included_entry() {
        members.insert("@included".to_owned(), nodes(&mut included.iter()));
    }
    if let Some(graph) = node.graph_entry() {
        members.insert("@graph".to_owned(), graph.iter().filter_map(object).collect());
    }
    (!members.is_empty() || id.is_none()).then_some(members)
}

fn value(value: &LdValue) -> Option<Map<String, Value>> {
    match value {
        LdValue::Literal(literal, datatype) => {
            let mut members = one(
                "@value",
                match literal {
                    Literal::String(text) => json!(text.as_str()),
                    Literal::Boolean(truth) => json!(truth),
                    Literal::Number(number) => serde_json::from_str(number.as_str()).ok()?,
                    Literal::Null => return None,
                },
            );
            if let Some(datatype) = datatype {
                members.insert("@type".to_owned(), json!(datatype.as_str()));
            }
            Some(members)
        }
        LdValue::LangString(text) => {
            let mut members = one("@value", json!(text.as_str()));
            if let Some(language) = text.language() {
                members.insert("@language".to_owned(), json!(language.to_string()));
            }
            if let Some(direction) = text.direction() {
                members.insert("@direction".to_owned(), json!(direction.to_string()));
            }
            Some(members)
        }
        LdValue::Json(json) => {
            let mut members = one("@value", json.clone().into_serde_json());
            members.insert("@type".to_owned(), json!("@json"));
            Some(members)
        }
    }
}

fn absolute(id: &Id) -> Option<&str> {
    match id {
        Id::Valid(ValidId::Iri(iri)) => Some(iri.as_str()),
        Id::Valid(ValidId::Blank(label)) => Some(label.as_str()),
        Id::Invalid(_) => None,
    }
}

fn one(key: &str, value: Value) -> Map<String, Value> {
    Map::from_iter([(key.to_owned(), value)])
}
