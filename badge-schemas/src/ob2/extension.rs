//! Extension objects (2.0 §Extensions), set aside as they were written: their contexts are addresses that have already
//! died once, and an extension nobody knows must neither fail a badge nor be lost.

use serde_json::{Map, Value};

use super::fault::{Fault, Rule};

const NAMESPACE: &str = "https://w3id.org/openbadges/extensions#";
/// Where the well-known extension contexts live.
const CONTEXT_HOMES: &[&str] = &[
    "https://w3id.org/openbadges/extensions/",
    "https://openbadgespec.org/extensions/",
    "http://openbadges.org/extensions/",
    "https://purl.imsglobal.org/spec/ob-",
    "http://purl.imsglobal.org/spec/ob-",
];

/// One extension of a document.
#[derive(Debug, Clone, PartialEq)]
pub struct Extension {
    /// JSON pointer to the object that carries it (empty: the document).
    pub path: String,
    /// Short name, `GeoCoordinates`; the property as written when it is not of the standard's namespace.
    pub name: String,
    /// The object or list of objects, as written.
    pub value: Value,
}

impl Extension {
    pub(super) fn new(path: &str, property: &str, value: &Value) -> Self {
        let short = [NAMESPACE, "extensions:"].iter().find_map(|prefix| property.strip_prefix(prefix));
        Self { path: path.to_owned(), name: short.unwrap_or(property).to_owned(), value: value.clone() }
    }

    /// What the known extensions ask for (their own schemas); an unknown one asks for nothing.
    pub(super) fn faults(&self) -> Vec<Fault> {
        let single = std::slice::from_ref(&self.value);
        let objects = self.value.as_array().map_or(single, Vec::as_slice);
        let is_right = |object: &Value| {
            let text = |name: &str| object[name].is_string();
            let numbers = |o: &Value, names: [&str; 2]| names.iter().all(|name| o[*name].is_number());
            match self.name.as_str() {
                "GeoCoordinates" => text("description") && numbers(&object["geo"], ["latitude", "longitude"]),
                "ApplyLink" | "OriginalCreator" => text("url"),
                "ExampleExtension" => text("exampleProperty"),
                "RecipientProfile" | "recipientProfile" => {
                    ["id", "name", "publicKey"].iter().all(|name| object[*name].is_null() || text(name))
                }
                _ => true,
            }
        };
        let is_expanded = |object: &Value| object.as_object().is_some_and(|o| o.keys().any(|k| k.starts_with("http")));
        objects
            .iter()
            .filter(|object| !is_expanded(object) && !is_right(object))
            .map(|_| Fault { rule: Rule::ExtensionShape, path: format!("{}/extensions:{}", self.path, self.name) })
            .collect()
    }
}

/// Takes every extension object out of a document, and the addresses of extension contexts out of its contexts.
pub(super) fn take(value: &mut Value) -> Vec<Extension> {
    let mut taken = vec![];
    walk(value, "", &mut taken);
    taken
}

fn walk(value: &mut Value, path: &str, taken: &mut Vec<Extension>) {
    match value {
        Value::Array(all) => {
            let single = all.len() == 1;
            for (i, one) in all.iter_mut().enumerate() {
                let path = if single { path.to_owned() } else { format!("{path}/{i}") };
                walk(one, &path, taken);
            }
        }
        Value::Object(members) => {
            if let Some(context) = members.get_mut("@context") {
                without_extension_contexts(context);
            }
            if members.iter().any(|(name, value)| is_extension(name, value)) {
                *members = kept(std::mem::take(members), path, taken);
            }
            for (name, value) in members {
                if name != "@context" && (value.is_object() || value.is_array()) {
                    walk(value, &format!("{path}/{}", name.replace('~', "~0").replace('/', "~1")), taken);
                }
            }
        }
        _ => {}
    }
}

fn kept(members: Map<String, Value>, path: &str, taken: &mut Vec<Extension>) -> Map<String, Value> {
    let mut rest = Map::new();
    for (name, value) in members {
        if is_extension(&name, &value) {
            taken.push(Extension::new(path, &name, &value));
        } else {
            rest.insert(name, value);
        }
    }
    rest
}

/// A property of the extensions' namespace, or any whose object says that it is one.
fn is_extension(name: &str, value: &Value) -> bool {
    let says = |object: &Value| {
        let is = |t: &Value| matches!(t.as_str(), Some("Extension" | "obi:Extension"));
        is(&object["type"]) || object["type"].as_array().is_some_and(|types| types.iter().any(is))
    };
    name.starts_with("extensions:")
        || name.starts_with(NAMESPACE)
        || (value.is_object() && says(value))
        || value.as_array().is_some_and(|all| !all.is_empty() && all.iter().all(says))
}

fn without_extension_contexts(context: &mut Value) {
    let Value::Array(all) = context else { return };
    all.retain(|one| !one.as_str().is_some_and(|url| CONTEXT_HOMES.iter().any(|home| url.starts_with(home))));
    if let [one] = all.as_mut_slice()
        && one.is_string()
    {
        // A list of one is that one; this spares a JSON-LD run.
        let one = one.take();
        *context = one;
    }
}
