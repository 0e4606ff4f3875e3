//! How texts of one class are written, and what was found of all of them.

use std::borrow::Cow;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use badge_schemas::credential;
use badge_schemas::varying::{CREDENTIAL, PROOF_VALUE, Pattern};
use serde_json::Value;

use super::KnownText;
use crate::template::memory::Class;

/// What stands in the slots while the rest is cut. No document that holds it is learnt.
const MARK: &str = "urn:livret:template:text:slot";

/// Trees of one class that are kept for the next texts.
const SPARES: usize = 2;

/// How texts of one class are written.
#[derive(Debug)]
pub struct Layout {
    /// The text before each varying string, and after the last.
    pub stretches: Vec<Box<str>>,
    slots: Vec<Slot>,
    pub document: Arc<Class>,
    pub options: Arc<Class>,
    pub valid: bool,
    pub notes: OnceLock<u32>,
    /// Trees without anything in their slots.
    spares: Mutex<Vec<Value>>,
    pub weight: usize,
    pub last_asked: AtomicU64,
}

#[derive(Debug)]
struct Slot {
    /// From the root: the place in each object or array.
    place: Box<[usize]>,
    of: Part,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Document,
    Options,
    /// The proof's value, which nothing covers.
    ProofValue,
}

impl Layout {
    /// How `value`, whose classes are these, is written. `None` for what has not one proof.
    pub fn of(value: &Value, document: Arc<Class>, options: Arc<Class>) -> Option<Self> {
        let mut slots = Vec::new();
        for (place, (name, member)) in value.as_object()?.iter().enumerate() {
            let pattern = CREDENTIAL.member(name);
            if name == "proof" {
                for (inner, (name, member)) in member.as_object()?.iter().enumerate() {
                    let part = if name == PROOF_VALUE { Part::ProofValue } else { Part::Options };
                    find_slots(member, pattern.member(name), &mut vec![place, inner], part, &mut slots);
                }
            } else {
                find_slots(member, pattern, &mut vec![place], Part::Document, &mut slots);
            }
        }
        let mut blank = value.clone();
        for slot in &slots {
            *at(&mut blank, &slot.place)? = Value::from(MARK);
        }
        let stretches: Vec<Box<str>> = blank.to_string().split(MARK).map(Box::from).collect();
        if stretches.len() != slots.len() + 1 {
            return None;
        }
        for slot in &slots {
            *at(&mut blank, &slot.place)? = Value::String(String::new());
        }
        let text: usize = stretches.iter().map(|stretch| stretch.len()).sum();
        // A tree takes up to ten times its text.
        let weight = text * (1 + 10 * SPARES);
        let valid = credential::validate(value).is_empty();
        let (notes, spares, last_asked) = (OnceLock::new(), Mutex::new(vec![blank]), AtomicU64::new(0));
        Some(Self { stretches, slots, document, options, valid, notes, spares, weight, last_asked })
    }

    /// How many strings vary.
    pub fn slots(&self) -> usize {
        self.slots.len()
    }

    /// The credential that this text of the layout says, `strings` being those of its slots. `None` when its
    /// templates are unsure.
    pub fn read(self: &Arc<Self>, text: &str, strings: &[Cow<'_, str>]) -> Option<KnownText> {
        let of = |part: Part| -> Vec<&str> {
            let both = self.slots.iter().zip(strings).filter(|(slot, _)| slot.of == part);
            both.map(|(_, string)| string.as_ref()).collect()
        };
        let document_hash = self.document.template().hash(&of(Part::Document)).ok()?;
        let options_hash = self.options.template().hash(&of(Part::Options)).ok()?;
        let spare = self.spares.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let value = match spare {
            Some(mut tree) => {
                for (slot, string) in self.slots.iter().zip(strings) {
                    *at(&mut tree, &slot.place)? = Value::String(string.as_ref().to_owned());
                }
                tree
            }
            None => badge_schemas::json::parse_strict(text).ok()?,
        };
        Some(KnownText { value, layout: Arc::clone(self), document_hash, options_hash })
    }

    /// Keeps a tree for the next text, without what it said.
    pub fn give_back(&self, mut tree: Value) {
        let has_room = || self.spares.lock().unwrap_or_else(PoisonError::into_inner).len() < SPARES;
        if !has_room() {
            return;
        }
        for slot in &self.slots {
            match at(&mut tree, &slot.place) {
                Some(string) => *string = Value::String(String::new()),
                None => return,
            }
        }
        let mut spares = self.spares.lock().unwrap_or_else(PoisonError::into_inner);
        if spares.len() < SPARES {
            spares.push(tree);
        }
    }
}

/// Every varying string below, in the order of the text.
fn find_slots(value: &Value, pattern: &Pattern, here: &mut Vec<usize>, of: Part, slots: &mut Vec<Slot>) {
    let mut below = |place: usize, value: &Value, pattern: &Pattern| {
        here.push(place);
        find_slots(value, pattern, here, of, slots);
        here.pop();
    };
    match value {
        Value::String(_) if pattern.is_slot() => slots.push(Slot { place: here.as_slice().into(), of }),
        Value::Array(items) => items.iter().enumerate().for_each(|(place, item)| below(place, item, pattern)),
        Value::Object(members) => {
            members.iter().enumerate().for_each(|(place, (name, member))| below(place, member, pattern.member(name)));
        }
        _ => {}
    }
}

fn at<'v>(value: &'v mut Value, place: &[usize]) -> Option<&'v mut Value> {
    place.iter().try_fold(value, |value, step| match value {
        Value::Array(items) => items.get_mut(*step),
        Value::Object(members) => members.values_mut().nth(*step),
        _ => None,
    })
}
