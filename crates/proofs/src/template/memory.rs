//! The classes met, so that the next badge of one is canonicalised by its template.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use serde_json::{Map, Value};

use super::pattern::View;
use super::text::{KnownText, Texts};
use super::{Template, TemplateFault};

/// A bounded memory of classes, for any number of threads.
///
/// A class is a document without the strings that vary from one award to the next: ids, dates, the recipient, the
/// evidence, the place in a status list. Only documents whose signature has been verified should be learnt from, so
/// that it takes a key to fill the memory; what has not been asked for the longest time gives way.
#[derive(Debug)]
pub struct Templates {
    memory: RwLock<Memory>,
    /// Counts the answers: when a class was last asked for.
    asked: AtomicU64,
    bytes: usize,
    /// How texts of the classes are written.
    texts: Texts,
}

#[derive(Debug)]
struct Memory {
    classes: HashMap<u64, Vec<Arc<Class>>>,
    weight: usize,
    /// Fingerprints of documents seen once, or in vain; one forgets another.
    sightings: Box<[Sighting]>,
}

#[derive(Debug)]
pub struct Class {
    /// The document it was learnt from, without its varying strings: they are a person's.
    document: Map<String, Value>,
    template: Template,
    weight: usize,
    last_asked: AtomicU64,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Sighting {
    fingerprint: u64,
    in_vain: bool,
}

/// Bytes of the classes of one process: some 500 to 1,000. Their texts, with trees at hand, take twice as much again.
const BYTES: usize = 16 << 20;

/// Longest varying strings of one document, all together. A document near the limits of the general engine is its.
const LONGEST: usize = 1 << 20;

/// The heaviest class that is remembered, in bytes.
const HEAVIEST: usize = 256 << 10;

/// Classes with one fingerprint: more is chance of 2⁻⁶⁴, or malice.
const MOST_ALIKE: usize = 8;

const SIGHTINGS: usize = 1024;

impl Templates {
    /// The memory of this process.
    pub fn shared() -> &'static Self {
        static SHARED: LazyLock<Templates> = LazyLock::new(|| Templates::new(BYTES));
        &SHARED
    }

    /// An empty memory that keeps about so many bytes.
    pub fn new(bytes: usize) -> Self {
        let sightings = vec![Sighting::default(); SIGHTINGS].into();
        let memory = Memory { classes: HashMap::new(), weight: 0, sightings };
        Self { memory: RwLock::new(memory), asked: AtomicU64::new(0), bytes, texts: Texts::new(2 * bytes) }
    }

    /// The credential that `text` is, without parsing it, when its class and the way its texts are written are known:
    /// what parsing would give, and the hashes of its canonical forms.
    ///
    /// `None` says nothing: parse the text.
    pub fn read(&self, text: &str) -> Option<KnownText> {
        self.texts.read(text, &self.asked)
    }

    /// The signature of this text, which parsing reads as `document`, has just been verified: when its class and that of
    /// its one proof are known, so will be how its texts are written, from the second time on.
    pub fn notice_text(&self, text: &str, document: &Value) {
        let known = |view: View<'_>| {
            let (fingerprint, _) = view.look()?;
            Some((fingerprint, self.find(fingerprint, view)?))
        };
        let view = View::credential(document).zip(View::options(document, &document["proof"]));
        let Some((view, options)) = view else { return };
        if let Some(((one, document_class), (other, options_class))) = known(view).zip(known(options)) {
            self.texts.notice((text, document), one ^ other.rotate_left(32), document_class, options_class);
        }
    }

    /// SHA-256 of the canonical document without its `proof`, when its class is known: a few microseconds.
    ///
    /// `None`: an unknown class, or a document of which its template is unsure; ask the general engine.
    pub fn canonical_hash(&self, document: &Value) -> Option<[u8; 32]> {
        self.hash(View::credential(document)?)
    }

    /// SHA-256 of the canonical options of `proof`, one of the proofs of `document`: the proof without its value,
    /// under the document's context (vc-di-eddsa §3.2.5).
    pub fn options_hash(&self, document: &Value, proof: &Value) -> Option<[u8; 32]> {
        self.hash(View::options(document, proof)?)
    }

    /// Learns the class of a document, without its `proof`. A few milliseconds; nothing when it is known.
    ///
    /// # Errors
    /// [`TemplateFault`].
    pub fn learn(&self, document: &Value) -> Result<(), TemplateFault> {
        self.learn_view(View::credential(document).ok_or(TemplateFault::NotLearnable)?)
    }

    /// Learns the class of a proof's options.
    ///
    /// # Errors
    /// [`TemplateFault`].
    pub fn learn_options(&self, document: &Value, proof: &Value) -> Result<(), TemplateFault> {
        self.learn_view(View::options(document, proof).ok_or(TemplateFault::NotLearnable)?)
    }

    /// A document has just been verified the long way: the second of a class that one notices, one learns from.
    /// Whether its class is known now.
    ///
    /// What could not be learnt is not tried again until its place is needed.
    pub fn notice(&self, document: &Value) -> bool {
        View::credential(document).is_some_and(|view| self.notice_view(view))
    }

    /// As [`Templates::notice`], for the options of a proof.
    pub fn notice_options(&self, document: &Value, proof: &Value) -> bool {
        View::options(document, proof).is_some_and(|view| self.notice_view(view))
    }

    fn hash(&self, view: View<'_>) -> Option<[u8; 32]> {
        let (fingerprint, values) = view.look()?;
        let class = self.find(fingerprint, view)?;
        class.asked_at(self.asked.fetch_add(1, Ordering::Relaxed));
        let length: usize = values.iter().map(|value| value.len()).sum();
        if length > LONGEST { None } else { class.template.hash(&values).ok() }
    }

    /// A fingerprint is a hint, the comparison decides.
    fn find(&self, fingerprint: u64, view: View<'_>) -> Option<Arc<Class>> {
        let memory = self.memory.read().unwrap_or_else(PoisonError::into_inner);
        memory.classes.get(&fingerprint)?.iter().find(|class| view.is_like(&class.document)).cloned()
    }

    fn notice_view(&self, view: View<'_>) -> bool {
        let Some((fingerprint, _)) = view.look() else { return false };
        if self.find(fingerprint, view).is_some() {
            return true;
        }
        let place = usize::try_from(fingerprint % SIGHTINGS as u64).unwrap_or_default();
        {
            let mut memory = self.memory.write().unwrap_or_else(PoisonError::into_inner);
            let seen = &mut memory.sightings[place];
            if seen.fingerprint != fingerprint {
                *seen = Sighting { fingerprint, in_vain: false };
                return false;
            }
            if seen.in_vain {
                return false;
            }
            // Also while another thread is learning it.
            seen.in_vain = true;
        }
        let learnt = self.learn_view(view).is_ok();
        if learnt {
            // Should it be forgotten, it may be learnt again.
            let mut memory = self.memory.write().unwrap_or_else(PoisonError::into_inner);
            memory.sightings[place].in_vain = false;
        }
        learnt
    }

    fn learn_view(&self, view: View<'_>) -> Result<(), TemplateFault> {
        let (fingerprint, _) = view.look().ok_or(TemplateFault::NotLearnable)?;
        if self.find(fingerprint, view).is_some() {
            return Ok(());
        }
        let document = Value::Object(view.to_document());
        let slots = view.pointers();
        let template = Template::learn(&document, &slots)?;
        let mut document = document;
        for slot in &slots {
            *document.pointer_mut(slot).ok_or(TemplateFault::Slot)? = Value::String(String::new());
        }
        let Value::Object(document) = document else { return Err(TemplateFault::NotLearnable) };
        // The tree of values takes about as much again as the canonical text.
        let weight = 2 * template.weight();
        if weight > HEAVIEST.min(self.bytes) {
            return Err(TemplateFault::NotLearnable);
        }
        let last_asked = AtomicU64::new(self.asked.load(Ordering::Relaxed));
        let class = Arc::new(Class { document, template, weight, last_asked });
        let mut memory = self.memory.write().unwrap_or_else(PoisonError::into_inner);
        memory.make_room(self.bytes - weight);
        memory.add(fingerprint, class, view);
        Ok(())
    }

    #[cfg(test)]
    pub(super) fn classes(&self) -> usize {
        self.memory.read().unwrap().classes.values().map(Vec::len).sum()
    }

    #[cfg(test)]
    pub(super) fn layouts(&self) -> usize {
        self.texts.len()
    }
}

impl Class {
    pub fn template(&self) -> &Template {
        &self.template
    }

    /// That it was asked for.
    pub fn asked_at(&self, asked: u64) {
        self.last_asked.store(asked, Ordering::Relaxed);
    }
}

impl Memory {
    /// Forgets what has not been asked for the longest time, until no more than `bytes` are left.
    fn make_room(&mut self, bytes: usize) {
        while self.weight > bytes {
            let asked = |class: &Arc<Class>| class.last_asked.load(Ordering::Relaxed);
            let oldest = self.classes.iter().flat_map(|(fingerprint, alike)| {
                alike.iter().enumerate().map(move |(place, class)| (asked(class), *fingerprint, place))
            });
            let Some((_, fingerprint, place)) = oldest.min() else { return };
            self.remove(fingerprint, place);
        }
    }

    fn remove(&mut self, fingerprint: u64, place: usize) {
        let Some(alike) = self.classes.get_mut(&fingerprint) else { return };
        self.weight -= alike.remove(place).weight;
        if alike.is_empty() {
            self.classes.remove(&fingerprint);
        }
    }

    fn add(&mut self, fingerprint: u64, class: Arc<Class>, view: View<'_>) {
        let alike = self.classes.entry(fingerprint).or_default();
        // Another thread was quicker.
        if alike.iter().any(|known| view.is_like(&known.document)) {
            return;
        }
        self.weight += class.weight;
        alike.push(class);
        if alike.len() > MOST_ALIKE {
            self.remove(fingerprint, 0);
        }
    }
}
