//! The document as `json-ld` reads it, measured and guarded on the way.

use iref::Iri;
use json_ld::syntax::Value as Syntax;
use serde_json::Value;

use super::fault::JsonLdFault;
use super::limits::{self, Bounds};

/// A document ready to be expanded.
pub struct Input {
    /// Its own `@context`.
    pub context: Value,
    /// Everything else.
    pub body: Syntax,
    /// How many values it has that must be found again in the expanded document.
    pub leaves: usize,
}

/// Splits off the context, checks the bounds and that every `id` is an absolute IRI: `json-ld` drops the statements of
/// a relative one without a word.
pub fn read(document: &Value, bounds: Bounds) -> Result<Input, JsonLdFault> {
    let members = document.as_object().ok_or(JsonLdFault::NotJsonLd)?;
    let context = members.get("@context").ok_or(JsonLdFault::NotJsonLd)?;
    split(document, members, context.clone(), Tally::within(bounds, true))
}

/// As [`read`], within the same bounds, whatever the ids and keywords are; without a context there is an empty one.
pub fn read_lenient(document: &Value, bounds: Bounds) -> Result<Input, JsonLdFault> {
    let members = document.as_object().ok_or(JsonLdFault::NotJsonLd)?;
    let context = members.get("@context").cloned().unwrap_or_else(|| Value::Array(Vec::new()));
    split(document, members, context, Tally::within(bounds, false))
}

fn split(
    document: &Value,
    members: &serde_json::Map<String, Value>,
    context: Value,
    mut tally: Tally,
) -> Result<Input, JsonLdFault> {
    let leaves = tally.value(document, 0)?;
    let mut body = json_ld::syntax::Object::new();
    for (key, value) in members.iter().filter(|(key, _)| *key != "@context") {
        body.push(key.as_str().into(), convert(value));
    }
    Ok(Input { context, body: Syntax::Object(body), leaves })
}

/// The same JSON in `json-ld`'s tree.
pub fn convert(value: &Value) -> Syntax {
    match value {
        Value::Null => Syntax::Null,
        Value::Bool(value) => Syntax::Boolean(*value),
        Value::Number(number) => Syntax::from_serde_json(Value::Number(number.clone())),
        Value::String(text) => Syntax::String(text.as_str().into()),
        Value::Array(items) => Syntax::Array(items.iter().map(convert).collect()),
        Value::Object(members) => {
            let mut object = json_ld::syntax::Object::new();
            for (key, value) in members {
                object.push(key.as_str().into(), convert(value));
            }
            Syntax::Object(object)
        }
    }
}

/// The keywords that may be members of a document. Others that look like keywords are dropped by processors.
const KEYWORDS: [&str; 12] = [
    "@context",
    "@id",
    "@type",
    "@value",
    "@language",
    "@list",
    "@set",
    "@graph",
    "@included",
    "@nest",
    "@reverse",
    "@direction",
];

struct Tally {
    bounds: Bounds,
    /// Whether what processors would drop is a fault.
    strict: bool,
    leaves: usize,
    bytes: usize,
    local_context_leaves: usize,
}

impl Tally {
    const fn within(bounds: Bounds, strict: bool) -> Self {
        Self { bounds, strict, leaves: 0, bytes: 0, local_context_leaves: 0 }
    }

    /// The number of values below `value`. `null`, `{}` and `[]` count as one: the first and the last are dropped by
    /// processors, which the count then shows.
    fn value(&mut self, value: &Value, depth: usize) -> Result<usize, JsonLdFault> {
        if depth > limits::DEPTH {
            return Err(JsonLdFault::TooLarge);
        }
        let below = match value {
            Value::Array(items) => {
                let mut below = 0;
                for item in items {
                    below += self.value(item, depth + 1)?;
                }
                below
            }
            Value::Object(members) => self.object(members, depth)?,
            Value::String(text) => {
                self.text(text)?;
                0
            }
            _ => 0,
        };
        if below > 0 {
            return Ok(below);
        }
        self.leaves += 1;
        if self.leaves > self.bounds.leaves {
            return Err(JsonLdFault::TooLarge);
        }
        Ok(1)
    }

    fn object(&mut self, members: &serde_json::Map<String, Value>, depth: usize) -> Result<usize, JsonLdFault> {
        let mut below = 0;
        for (key, value) in members {
            self.text(key)?;
            if self.strict && key.starts_with('@') && !KEYWORDS.contains(&key.as_str()) {
                return Err(JsonLdFault::undefined(key));
            }
            if self.strict && matches!(key.as_str(), "id" | "@id") {
                guard_id(value)?;
            }
            if key == "@context" {
                self.context(value, depth + 1)?;
            } else {
                let here = self.value(value, depth + 1)?;
                if key == "@value" {
                    // A value object is one value; its type, language and index only say how to read it.
                    return Ok(here);
                }
                below += here;
            }
        }
        Ok(below)
    }

    fn text(&mut self, text: &str) -> Result<(), JsonLdFault> {
        self.bytes += text.len();
        if self.bytes > self.bounds.bytes { Err(JsonLdFault::TooLarge) } else { Ok(()) }
    }

    fn context(&mut self, context: &Value, depth: usize) -> Result<(), JsonLdFault> {
        if depth > limits::DEPTH {
            return Err(JsonLdFault::TooLarge);
        }
        self.local_context_leaves += 1;
        if self.local_context_leaves > limits::LOCAL_CONTEXT_LEAVES {
            return Err(JsonLdFault::TooLarge);
        }
        match context {
            Value::Array(items) => items.iter().try_for_each(|item| self.context(item, depth + 1)),
            Value::Object(members) => members.values().try_for_each(|value| self.context(value, depth + 1)),
            _ => Ok(()),
        }
    }
}

fn guard_id(value: &Value) -> Result<(), JsonLdFault> {
    match value.as_str() {
        Some(id) if Iri::new(id).is_ok() => Ok(()),
        // A blank node's label.
        Some(id) if id.starts_with("_:") && id.len() > 2 => Ok(()),
        Some(_) => Err(JsonLdFault::RelativeIri),
        None => Err(JsonLdFault::malformed("invalid @id value")),
    }
}
