//! The canonical form of a class of documents, prepared once: for the next document only what varies is written.
//!
//! A [`Template`] is learnt from one document and the places (*slots*) of the strings that vary. What the general
//! engine ([`crate::jsonld`]) says of that document is cut at the slots; [`Template::fill`] puts other strings there,
//! tells the blank nodes apart again (RDFC-1.0 §4.4.3) and sorts what must be sorted again. Where it cannot be certain
//! to say what the general engine says, it is [`Unsure`], and the caller asks the general engine, which is always
//! right.
//!
//! When it is certain: a slot is a string that the engine copies whole into its quads, as a literal or as an IRI. Keys,
//! types, contexts, languages, numbers, arrays and `null`s are never slots, so that nothing else can change; IRIs are
//! absolute and of a scheme that no bundled context defines as a prefix. Two blank nodes alike, two subjects or two
//! quads become one by the values: unsure.
//!
//! - [`Templates`] remembers the classes met, for verifying, and how their texts are written ([`KnownText`]);
//! - [`IssuingTemplate`] writes signed text, for issuing.

mod issuing;
mod learn;
mod memory;
mod pattern;
mod piece;
mod text;

use std::cmp::Ordering;
use std::fmt::{self, Write};

use sha2::{Digest, Sha256};

use crate::iri::is_iri;
use crate::jsonld::JsonLdFault;
pub use issuing::{IssuingTemplate, PreparedText};
pub use memory::Templates;
use piece::{Filling, Pieces};
pub use text::KnownText;

/// The schemes of IRIs in slots: no bundled context defines one as a term (a test looks).
const SCHEMES: [&str; 4] = ["https:", "http:", "urn:", "did:"];

/// The canonical form of all documents that differ from one only in the strings of its slots.
#[derive(Debug, Clone)]
pub struct Template {
    slots: Vec<SlotKind>,
    blanks: Vec<Blank>,
    /// `_:c14n0`, `_:c14n1`… as many as there are blank nodes.
    labels: Vec<String>,
    /// Their numbers, in the order of the labels as text: 10 stands before 2.
    label_order: Vec<usize>,
    /// The subjects that are IRIs.
    named: Vec<Group>,
    /// The subjects that are blank nodes, by blank node; empty where one is no subject.
    unnamed: Vec<Vec<Item>>,
    /// About how long the text is without the values.
    length: usize,
}

/// What a slot holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SlotKind {
    Literal,
    Iri,
}

/// A blank node, by what tells it from others (RDFC-1.0 §4.7).
#[derive(Debug, Clone)]
enum Blank {
    /// No slot stands in the quads that name it.
    Known([u8; 32]),
    /// The lines that are sorted and hashed.
    Varies(Vec<Pieces>),
}

/// The lines of one subject.
#[derive(Debug, Clone)]
struct Group {
    subject: Subject,
    items: Vec<Item>,
}

#[derive(Debug, Clone)]
enum Subject {
    Fixed(String),
    Slot(usize),
}

/// Lines in their order.
#[derive(Debug, Clone)]
enum Item {
    /// Whose order no value changes.
    Lines(Pieces),
    /// Of one predicate, some of whose objects vary: to be sorted.
    Run(Vec<Pieces>),
}

/// The template does not say: ask the general engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the template cannot be certain of this document's canonical form")]
pub struct Unsure;

impl Unsure {
    /// The stable machine code.
    pub const fn code(self) -> &'static str {
        "template_unsure"
    }
}

/// Why a document has no template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateFault {
    /// The document itself has no safe canonical form.
    #[error(transparent)]
    JsonLd(#[from] JsonLdFault),
    /// A slot is no string, or its string does not go whole into the quads (a type, a language, a term…).
    #[error("a slot of the template is not a string that is copied whole")]
    Slot,
    /// Two blank nodes are alike but for what surrounds them, a context is written in place, or the document is too
    /// large to be remembered.
    #[error("the document has no sound template")]
    NotLearnable,
}

impl TemplateFault {
    /// The stable machine code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::JsonLd(fault) => fault.code(),
            Self::Slot => "template_slot",
            Self::NotLearnable => "template_not_learnable",
        }
    }
}

impl Template {
    /// The canonical N-Quads of the document with these strings in its slots, in the order in which they were learnt:
    /// what [`crate::jsonld::canonicalize`] says of it.
    ///
    /// # Errors
    /// [`Unsure`].
    pub fn fill(&self, values: &[impl AsRef<str>]) -> Result<String, Unsure> {
        let varying: usize = values.iter().map(|value| value.as_ref().len()).sum();
        let mut text = String::with_capacity(self.length + 4 * varying);
        self.write(values, &mut text)?;
        Ok(text)
    }

    /// SHA-256 of [`Template::fill`].
    ///
    /// # Errors
    /// [`Unsure`].
    pub fn hash(&self, values: &[impl AsRef<str>]) -> Result<[u8; 32], Unsure> {
        let mut hash = HashedText::default();
        self.write(values, &mut hash)?;
        Ok(hash.finish())
    }

    fn write(&self, values: &[impl AsRef<str>], text: &mut impl Write) -> Result<(), Unsure> {
        self.admit(values)?;
        let mut scratch = Scratch { text: String::with_capacity(2048), lines: Vec::with_capacity(16) };
        let numbers = self.number(values, &mut scratch)?;
        let values = Filling { strings: values, numbers: &numbers, labels: &self.labels };
        for group in self.sorted(values.strings)? {
            write(&group.items, &values, &mut scratch, text)?;
        }
        let mut blank_of = vec![0; numbers.len()];
        for (blank, number) in numbers.iter().enumerate() {
            blank_of[*number] = blank;
        }
        for number in &self.label_order {
            write(&self.unnamed[blank_of[*number]], &values, &mut scratch, text)?;
        }
        Ok(())
    }

    /// How many strings [`Template::fill`] wants.
    pub fn slots(&self) -> usize {
        self.slots.len()
    }

    /// Whether the values may stand in their slots.
    fn admit(&self, values: &[impl AsRef<str>]) -> Result<(), Unsure> {
        let good = |(kind, value): (&SlotKind, &str)| match kind {
            SlotKind::Literal => true,
            SlotKind::Iri => SCHEMES.iter().any(|scheme| value.starts_with(scheme)) && is_iri(value),
        };
        let fit = self.slots.len() == values.len() && self.slots.iter().zip(values.iter().map(AsRef::as_ref)).all(good);
        if fit { Ok(()) } else { Err(Unsure) }
    }

    /// The number of each blank node's label: their places in the order of their hashes, which must differ.
    fn number<V: AsRef<str>>(&self, values: &[V], scratch: &mut Scratch) -> Result<Vec<usize>, Unsure> {
        let values = Filling { strings: values, numbers: &[], labels: &[] };
        let mut hashes: Vec<([u8; 32], usize)> = Vec::with_capacity(self.blanks.len());
        for (place, blank) in self.blanks.iter().enumerate() {
            let hash = match blank {
                Blank::Known(hash) => *hash,
                Blank::Varies(lines) => {
                    let mut hash = Sha256::new();
                    for line in scratch.sorted(lines, &values) {
                        hash.update(line);
                    }
                    hash.finalize().into()
                }
            };
            hashes.push((hash, place));
        }
        hashes.sort_unstable();
        if hashes.windows(2).any(|pair| pair[0].0 == pair[1].0) {
            return Err(Unsure);
        }
        let mut numbers = vec![0; hashes.len()];
        for (number, (_, place)) in hashes.into_iter().enumerate() {
            numbers[place] = number;
        }
        Ok(numbers)
    }

    /// The named subjects in the order of their lines; no two of them the same.
    fn sorted<'t>(&'t self, values: &'t [impl AsRef<str>]) -> Result<impl Iterator<Item = &'t Group>, Unsure> {
        let name = |group: &'t Group| match &group.subject {
            Subject::Fixed(iri) => iri.as_str(),
            Subject::Slot(slot) => values[*slot].as_ref(),
        };
        let mut groups: Vec<(&str, &Group)> = self.named.iter().map(|group| (name(group), group)).collect();
        groups.sort_unstable_by(|(one, _), (other, _)| iri_order(one, other));
        if groups.windows(2).any(|pair| pair[0].0 == pair[1].0) {
            return Err(Unsure);
        }
        Ok(groups.into_iter().map(|(_, group)| group))
    }
}

fn write<V: AsRef<str>>(
    items: &[Item],
    values: &Filling<'_, V>,
    scratch: &mut Scratch,
    text: &mut impl Write,
) -> Result<(), Unsure> {
    for item in items {
        match item {
            Item::Lines(pieces) => pieces.write(values, text),
            Item::Run(lines) => {
                let mut before: Option<&str> = None;
                for line in scratch.sorted(lines, values) {
                    // Two quads became one.
                    if before == Some(line) {
                        return Err(Unsure);
                    }
                    text.write_str(line).map_err(|_| Unsure)?;
                    before = Some(line);
                }
            }
        }
    }
    Ok(())
}

/// The order of two IRIs written `<…>`.
fn iri_order(one: &str, other: &str) -> Ordering {
    let common = one.len().min(other.len());
    let (one, other) = (one.as_bytes(), other.as_bytes());
    one[..common]
        .cmp(&other[..common])
        .then_with(|| one.get(common).unwrap_or(&b'>').cmp(other.get(common).unwrap_or(&b'>')))
}

/// A text of which only the hash is kept.
struct HashedText {
    hash: Sha256,
    /// What is not hashed yet: short pieces are gathered.
    waiting: [u8; 1024],
    length: usize,
}

impl Default for HashedText {
    fn default() -> Self {
        Self { hash: Sha256::new(), waiting: [0; 1024], length: 0 }
    }
}

impl HashedText {
    fn finish(mut self) -> [u8; 32] {
        self.hash.update(&self.waiting[..self.length]);
        self.hash.finalize().into()
    }
}

impl Write for HashedText {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let text = text.as_bytes();
        if let Some(room) = self.waiting.get_mut(self.length..self.length + text.len()) {
            room.copy_from_slice(text);
            self.length += text.len();
            return Ok(());
        }
        self.hash.update(&self.waiting[..self.length]);
        self.length = 0;
        match self.waiting.get_mut(..text.len()) {
            Some(room) => {
                room.copy_from_slice(text);
                self.length = text.len();
            }
            None => self.hash.update(text),
        }
        Ok(())
    }
}

/// Room in which lines are written to be sorted.
struct Scratch {
    text: String,
    lines: Vec<std::ops::Range<usize>>,
}

impl Scratch {
    /// The lines, written and in order.
    fn sorted<V: AsRef<str>>(&mut self, lines: &[Pieces], values: &Filling<'_, V>) -> impl Iterator<Item = &str> {
        self.text.clear();
        self.lines.clear();
        for line in lines {
            let start = self.text.len();
            line.write(values, &mut self.text);
            self.lines.push(start..self.text.len());
        }
        let text = self.text.as_str();
        self.lines.sort_unstable_by(|one, other| text[one.clone()].cmp(&text[other.clone()]));
        self.lines.iter().map(move |line| &text[line.clone()])
    }
}

#[cfg(test)]
mod tests;
