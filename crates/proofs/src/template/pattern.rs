//! Documents seen without the strings that vary within a class.

use badge_schemas::varying::{CREDENTIAL, PROOF, PROOF_VALUE, Pattern};
use serde_json::{Map, Value};

/// The members of a document as they are canonicalised.
#[derive(Clone, Copy)]
pub struct View<'v> {
    pub pattern: &'static Pattern,
    /// A context that stands before the members.
    pub context: Option<&'v Value>,
    pub members: &'v Map<String, Value>,
    /// A member left out.
    pub without: &'static str,
}

impl<'v> View<'v> {
    /// A credential without its proof.
    pub fn credential(document: &'v Value) -> Option<Self> {
        let members = document.as_object()?;
        Some(Self { pattern: &CREDENTIAL, context: None, members, without: "proof" })
    }

    /// The options of one of its proofs: the proof without its value, with the context of the document.
    pub fn options(document: &'v Value, proof: &'v Value) -> Option<Self> {
        let (context, members) = (document.get("@context")?, proof.as_object()?);
        let own_context = members.contains_key("@context");
        (!own_context).then_some(Self { pattern: &PROOF, context: Some(context), members, without: PROOF_VALUE })
    }

    fn iter(&self) -> impl Iterator<Item = (&'v str, &'v Value)> {
        let without = self.without;
        let members = self.members.iter().map(|(name, value)| (name.as_str(), value));
        self.context
            .map(|context| ("@context", context))
            .into_iter()
            .chain(members.filter(move |(name, _)| *name != without))
    }

    /// The document by itself.
    pub fn to_document(self) -> Map<String, Value> {
        self.iter().map(|(name, value)| (name.to_owned(), value.clone())).collect()
    }

    /// Its varying strings, and a number that documents of one class share. `None` when it is too deep.
    pub fn look(&self) -> Option<(u64, Vec<&'v str>)> {
        // Two patterns, two kinds of numbers.
        let mut look = Look { fingerprint: self.pattern.number(), slots: Vec::with_capacity(16) };
        for (name, value) in self.iter() {
            look.text(name);
            look.value(value, self.pattern.member(name), 0)?;
        }
        Some((look.fingerprint, look.slots))
    }

    /// Whether it is `known` but for its varying strings. Members stand in the same order, or it is another class.
    pub fn is_like(&self, known: &Map<String, Value>) -> bool {
        let mut known = known.iter();
        self.iter().all(|(name, value)| {
            known.next().is_some_and(|(known, other)| known == name && alike(value, other, self.pattern.member(name)))
        }) && known.next().is_none()
    }

    /// Where the varying strings stand (JSON Pointers), in the order of [`View::look`].
    pub fn pointers(&self) -> Vec<String> {
        let mut pointers = Vec::new();
        for (name, value) in self.iter() {
            point(value, self.pattern.member(name), &format!("/{}", token(name)), &mut pointers);
        }
        pointers
    }
}

/// Levels of objects and arrays looked at: those of [`crate::jsonld::limits`].
const DEPTH: usize = crate::jsonld::limits::DEPTH;

struct Look<'v> {
    fingerprint: u64,
    slots: Vec<&'v str>,
}

impl<'v> Look<'v> {
    fn value(&mut self, value: &'v Value, pattern: &Pattern, depth: usize) -> Option<()> {
        if depth > DEPTH {
            return None;
        }
        match value {
            Value::Null => self.number(1),
            Value::Bool(value) => self.number(2 + u64::from(*value)),
            Value::Number(number) => self.number(number.as_u64().unwrap_or(4)),
            Value::String(text) if pattern.is_slot() => self.slots.push(text),
            Value::String(text) => self.text(text),
            Value::Array(items) => {
                self.number(5 + items.len() as u64);
                for item in items {
                    self.value(item, pattern, depth + 1)?;
                }
            }
            Value::Object(members) => {
                self.number(!(members.len() as u64));
                for (name, member) in members {
                    self.text(name);
                    self.value(member, pattern.member(name), depth + 1)?;
                }
            }
        }
        Some(())
    }

    /// Mixes in how long a text is, and its end: enough to tell honest classes apart. That the rest is the same is
    /// seen by comparing.
    fn text(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let end = bytes.last_chunk::<8>().map_or_else(
            || bytes.iter().fold(0, |short, byte| short << 8 | u64::from(*byte)),
            |end| u64::from_le_bytes(*end),
        );
        self.number(end ^ (bytes.len() as u64).rotate_left(48));
    }

    fn number(&mut self, number: u64) {
        self.fingerprint = (self.fingerprint.rotate_left(5) ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

fn alike(value: &Value, known: &Value, pattern: &Pattern) -> bool {
    match (value, known) {
        (Value::String(_), Value::String(_)) if pattern.is_slot() => true,
        (Value::Array(items), Value::Array(known)) => {
            items.len() == known.len() && items.iter().zip(known).all(|(item, known)| alike(item, known, pattern))
        }
        (Value::Object(members), Value::Object(known)) => {
            members.len() == known.len()
                && members
                    .iter()
                    .zip(known)
                    .all(|((name, member), (known, other))| name == known && alike(member, other, pattern.member(name)))
        }
        (value, known) => value == known,
    }
}

fn point(value: &Value, pattern: &Pattern, here: &str, pointers: &mut Vec<String>) {
    match value {
        Value::String(_) if pattern.is_slot() => pointers.push(here.to_owned()),
        Value::Array(items) => {
            for (place, item) in items.iter().enumerate() {
                point(item, pattern, &format!("{here}/{place}"), pointers);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                point(member, pattern.member(name), &format!("{here}/{}", token(name)), pointers);
            }
        }
        _ => {}
    }
}

/// A member's name in a JSON Pointer.
fn token(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}
