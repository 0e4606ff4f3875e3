//! Texts of known classes, read without being parsed: a text is compared, stretch by stretch, with one that was parsed
//! before, and only the strings that vary are looked at.
//!
//! A text agrees with a [`Layout`] when it is, byte for byte, what `serde_json` writes of a document of its class, but
//! for the insides of the varying strings. Those are JSON strings, so the tree is the layout's with other strings in
//! its slots: what parsing would give. Anything else – a space more, another order – is no text of a layout, and is
//! parsed. So a class has one layout, however its texts are spaced and escaped.

mod layout;

use std::borrow::Cow;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use serde_json::Value;

use super::memory::Class;
use layout::Layout;

/// The longest text that is compared. No badge of a class that is remembered is near it.
const LONGEST: usize = 256 << 10;

/// Classes seen once, as fingerprints; one forgets another.
const SIGHTINGS: usize = 256;

/// A credential read by the layout of its class.
pub struct KnownText {
    value: Value,
    layout: Arc<Layout>,
    document_hash: [u8; 32],
    options_hash: [u8; 32],
}

impl KnownText {
    /// What the text says: the very tree that parsing it gives.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// Whether the credentials of its class obey the schema, but perhaps for their varying strings
    /// ([`badge_schemas::credential::validate_again`] looks at those).
    pub fn is_of_valid_class(&self) -> bool {
        self.layout.valid
    }

    /// What a reader noted of the parts that are the same in every text of the class, in numbers of its own.
    pub fn notes(&self) -> &OnceLock<u32> {
        &self.layout.notes
    }

    /// SHA-256 of the canonical document without its proof.
    pub(crate) fn document_hash(&self) -> [u8; 32] {
        self.document_hash
    }

    /// SHA-256 of the canonical options of its proof.
    pub(crate) fn options_hash(&self) -> [u8; 32] {
        self.options_hash
    }
}

impl std::fmt::Debug for KnownText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Never what it says: it is a person's.
        f.debug_struct("KnownText").finish_non_exhaustive()
    }
}

impl Drop for KnownText {
    fn drop(&mut self) {
        self.layout.give_back(std::mem::take(&mut self.value));
    }
}

/// The layouts of the classes met, within so many bytes.
#[derive(Debug)]
pub struct Texts {
    known: RwLock<Known>,
    bytes: usize,
}

#[derive(Debug)]
struct Known {
    /// In the order of their stretches, so that a text finds its own by halving.
    layouts: Vec<Arc<Layout>>,
    weight: usize,
    sightings: Box<[u64]>,
}

impl Texts {
    pub fn new(bytes: usize) -> Self {
        let known = Known { layouts: Vec::new(), weight: 0, sightings: vec![0; SIGHTINGS].into() };
        Self { known: RwLock::new(known), bytes }
    }

    /// The credential that `text` is, when it is of a known layout. `asked` says when it was asked for.
    pub fn read(&self, text: &str, asked: &AtomicU64) -> Option<KnownText> {
        if text.len() > LONGEST {
            return None;
        }
        let (layout, strings) = {
            let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
            find(&known.layouts, text)?
        };
        let now = asked.fetch_add(1, Ordering::Relaxed);
        layout.last_asked.store(now, Ordering::Relaxed);
        layout.document.asked_at(now);
        layout.options.asked_at(now);
        layout.read(text, &strings)
    }

    /// Remembers how this text, whose classes are these and which parsing reads as `value`, is written; the second
    /// time that one of its class comes.
    pub fn notice(&self, (text, value): (&str, &Value), fingerprint: u64, document: Arc<Class>, options: Arc<Class>) {
        if text.len() > LONGEST {
            return;
        }
        {
            let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
            let place = usize::try_from(fingerprint % SIGHTINGS as u64).unwrap_or_default();
            let seen = &mut known.sightings[place];
            if *seen != fingerprint {
                *seen = fingerprint;
                return;
            }
        }
        let Some(layout) = Layout::of(value, document, options).map(Arc::new) else { return };
        let agrees = find(std::slice::from_ref(&layout), text)
            .and_then(|(layout, strings)| layout.read(text, &strings))
            .is_some_and(|read| read.value == *value);
        if !agrees || layout.weight > self.bytes / 2 {
            return;
        }
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        let Err(place) = known.layouts.binary_search_by(|other| other.stretches.cmp(&layout.stretches)) else { return };
        known.weight += layout.weight;
        known.layouts.insert(place, layout);
        known.make_room(self.bytes);
    }

    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.known.read().unwrap().layouts.len()
    }
}

impl Known {
    /// Forgets what has not been asked for the longest time, until no more than `bytes` are left.
    fn make_room(&mut self, bytes: usize) {
        while self.weight > bytes {
            let asked = |layout: &Arc<Layout>| layout.last_asked.load(Ordering::Relaxed);
            let oldest = (0..self.layouts.len()).min_by_key(|place| asked(&self.layouts[*place]));
            let Some(oldest) = oldest else { return };
            self.weight -= self.layouts.remove(oldest).weight;
        }
    }
}

/// The layout of `text` among those in order, and what stands in its slots.
fn find<'t>(layouts: &[Arc<Layout>], text: &'t str) -> Option<(Arc<Layout>, Vec<Cow<'t, str>>)> {
    let mut among = layouts;
    let mut rest = text;
    let mut strings = Vec::with_capacity(24);
    for number in 0.. {
        among = narrowed(among, number, rest)?;
        let first = among.first()?;
        rest = rest.strip_prefix(&**first.stretches.get(number)?)?;
        if number == first.slots() {
            return rest.is_empty().then(|| (Arc::clone(first), strings));
        }
        let (string, after) = string(rest)?;
        strings.push(string);
        rest = after;
    }
    None
}

/// Those whose stretch of this number begins `rest`; all before are the same.
fn narrowed<'l>(layouts: &'l [Arc<Layout>], number: usize, rest: &str) -> Option<&'l [Arc<Layout>]> {
    fn at(layout: &Layout, number: usize) -> &str {
        layout.stretches.get(number).map_or("", |stretch| stretch)
    }
    let (first, last) = (at(layouts.first()?, number), at(layouts.last()?, number));
    if first == last {
        return Some(layouts);
    }
    // What begins a text is not after it, and nothing between the two does not begin it: no stretch begins another,
    // for each ends where a string begins that varies.
    let end = layouts.partition_point(|layout| at(layout, number) <= rest);
    let stretch = at(layouts[..end].last()?, number);
    let begin = layouts[..end].partition_point(|layout| at(layout, number) < stretch);
    Some(&layouts[begin..end])
}

/// The string that ends at the next quotation mark, and what comes from there on.
fn string(text: &str) -> Option<(Cow<'_, str>, &str)> {
    let (string, rest) = text.split_at(text.find('"')?);
    // All bytes are looked at, many at once: most strings have no escape.
    let special = |byte: u8| u8::from(byte < b' ') | u8::from(byte == b'\\');
    if string.bytes().fold(0, |found, byte| found | special(byte)) == 0 {
        return Some((Cow::Borrowed(string), rest));
    }
    escaped(text)
}

/// The same, of any string.
fn escaped(text: &str) -> Option<(Cow<'_, str>, &str)> {
    let mut bytes = text.bytes().enumerate();
    let end = loop {
        match bytes.next()? {
            (end, b'"') => break end,
            (_, b'\\') => _ = bytes.next()?,
            _ => {}
        }
    };
    let (string, rest) = text.split_at_checked(end)?;
    let string: String = serde_json::from_str(&format!("\"{string}\"")).ok()?;
    Some((Cow::Owned(string), rest))
}

#[cfg(test)]
mod tests;
