//! What was read and proven before, so that a warm judge does not do it again.
//!
//! Nothing is believed by address: an entry counts only for the very bytes it was made of, and dates are judged anew
//! each time. Holds no badge and nothing about a person. What strangers fill, they fill for themselves: documents of
//! issuers in the register of trust stand on a shelf of their own.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, PoisonError, RwLock};

use badge_schemas::register::Register;

/// The most that documents of strangers take of one kind, in bytes of memory.
const MOST_OF_STRANGERS: usize = 16 * 1024 * 1024;
/// The most that documents of issuers in the register take of one kind, in bytes of memory.
const MOST_OF_VOUCHED: usize = 64 * 1024 * 1024;
/// What an entry takes beside its content, in bytes.
const ENTRY: usize = 512;

/// Documents of issuers, read once: shared by the Inquiries of a process ([`crate::Inquiry::with_memory`]).
#[derive(Debug, Default)]
pub struct Memory {
    pub(crate) rings: Remembered<crate::keys::Ring>,
    pub(crate) registers: Remembered<crate::trust::Proven>,
    pub(crate) lists: Remembered<crate::status::List>,
    /// Whether badges are parsed and canonicalised by the general engine, whatever classes the process knows.
    pub(crate) by_reference: bool,
    /// The issuers of the last register proven, and the Région's own.
    vouched: RwLock<HashSet<String>>,
}

impl Memory {
    /// A memory whose Inquiries go the long way with each badge: parsed, and canonicalised by the general engine alone.
    /// What the quick ways are compared with; it says the same, some twenty times slower.
    pub fn by_reference() -> Self {
        Self { by_reference: true, ..Self::default() }
    }

    /// Gives the documents of these issuers a shelf of their own.
    pub(crate) fn vouch(&self, register: &Register) {
        let issuers = register.entries.iter().map(|entry| &entry.did).chain([&register.issuer]);
        *self.vouched.write().unwrap_or_else(PoisonError::into_inner) = issuers.cloned().collect();
    }

    /// Where what `issuer` says is kept.
    pub(crate) fn shelf_of(&self, issuer: &str) -> Shelf {
        let vouched = self.vouched.read().unwrap_or_else(PoisonError::into_inner).contains(issuer);
        if vouched { Shelf::Vouched } else { Shelf::Stranger }
    }
}

/// On which shelf something is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shelf {
    /// Of issuers in the register of trust.
    Vouched,
    /// Of anybody.
    Stranger,
}

/// What something takes in memory.
pub(crate) trait Weigh {
    /// In bytes, made of a document of `document` bytes.
    fn weight(&self, document: usize) -> usize;
}

/// Things made of documents, by the document's address and bytes.
#[derive(Debug)]
pub(crate) struct Remembered<T> {
    vouched: RwLock<Kept<T>>,
    strangers: RwLock<Kept<T>>,
}

impl<T> Default for Remembered<T> {
    fn default() -> Self {
        let kept =
            |most| RwLock::new(Kept { most, weight: 0, puts: 0, entries: HashMap::new(), ages: BTreeMap::new() });
        Self { vouched: kept(MOST_OF_VOUCHED), strangers: kept(MOST_OF_STRANGERS) }
    }
}

impl<T: Weigh> Remembered<T> {
    /// What was made of `bytes` at `address` before.
    pub(crate) fn get(&self, address: &str, bytes: &Arc<[u8]>) -> Option<Arc<T>> {
        [&self.vouched, &self.strangers].into_iter().find_map(|shelf| {
            let kept = shelf.read().unwrap_or_else(PoisonError::into_inner);
            let entry = kept.entries.get(address)?;
            (Arc::ptr_eq(&entry.bytes, bytes) || entry.bytes == *bytes).then(|| Arc::clone(&entry.made))
        })
    }

    /// Keeps what was made of `bytes`, instead of what was made of other bytes at that address. What is heavier than
    /// everything may weigh is not kept.
    pub(crate) fn put(&self, shelf: Shelf, address: &str, bytes: &Arc<[u8]>, made: &Arc<T>) {
        let shelf = match shelf {
            Shelf::Vouched => &self.vouched,
            Shelf::Stranger => &self.strangers,
        };
        let weight = ENTRY + 2 * address.len() + bytes.len() + made.weight(bytes.len());
        let entry = Entry { bytes: Arc::clone(bytes), made: Arc::clone(made), weight, age: 0 };
        shelf.write().unwrap_or_else(PoisonError::into_inner).put(address, entry);
    }
}

/// One shelf: when it is full, what has stood there longest goes.
#[derive(Debug)]
struct Kept<T> {
    most: usize,
    weight: usize,
    puts: u64,
    entries: HashMap<String, Entry<T>>,
    /// Addresses in the order of their coming.
    ages: BTreeMap<u64, String>,
}

/// A document's bytes, and what was made of them. The bytes and not their hash: to compare them costs less, and mostly
/// they are the very same allocation.
#[derive(Debug)]
struct Entry<T> {
    bytes: Arc<[u8]>,
    made: Arc<T>,
    weight: usize,
    age: u64,
}

impl<T> Kept<T> {
    fn put(&mut self, address: &str, mut entry: Entry<T>) {
        self.remove(address);
        if entry.weight > self.most {
            return;
        }
        while self.weight + entry.weight > self.most
            && let Some((_, oldest)) = self.ages.pop_first()
        {
            self.remove(&oldest);
        }
        self.puts += 1;
        entry.age = self.puts;
        self.weight += entry.weight;
        self.ages.insert(self.puts, address.to_owned());
        self.entries.insert(address.to_owned(), entry);
    }

    fn remove(&mut self, address: &str) {
        if let Some(old) = self.entries.remove(address) {
            self.ages.remove(&old.age);
            self.weight -= old.weight;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Block(usize);

    impl Weigh for Block {
        fn weight(&self, _: usize) -> usize {
            self.0
        }
    }

    #[test]
    fn strangers_fill_their_own_shelf_and_the_oldest_goes() {
        let memory = Remembered::<Block>::default();
        let bytes: Arc<[u8]> = b"document".as_slice().into();
        let put = |shelf, address: &str, weight| memory.put(shelf, address, &bytes, &Arc::new(Block(weight)));
        put(Shelf::Vouched, "ours", 1024 * 1024);
        for number in 0..2_000 {
            put(Shelf::Stranger, &format!("https://{number}.example"), 1024 * 1024);
        }
        put(Shelf::Stranger, "too heavy", MOST_OF_STRANGERS);
        let known = |address: &str| memory.get(address, &bytes).is_some();
        assert!(known("ours"));
        assert!(known("https://1999.example") && known("https://1990.example"));
        assert!(!known("https://1980.example") && !known("too heavy"));
        let kept = memory.strangers.read().expect("a shelf");
        assert!(kept.weight <= MOST_OF_STRANGERS);
        assert_eq!((kept.entries.len(), kept.ages.len()), (15, 15));
        assert_eq!(kept.weight, kept.entries.values().map(|entry| entry.weight).sum::<usize>());
    }

    #[test]
    fn an_entry_counts_for_its_bytes_alone_and_weighs_once() {
        let memory = Remembered::<Block>::default();
        let (first, second): (Arc<[u8]>, Arc<[u8]>) = (b"first".as_slice().into(), b"other".as_slice().into());
        memory.put(Shelf::Stranger, "a", &first, &Arc::new(Block(1)));
        memory.put(Shelf::Stranger, "a", &second, &Arc::new(Block(2)));
        assert_eq!(memory.get("a", &first).map(|block| block.0), None);
        assert_eq!(memory.get("a", &b"other".as_slice().into()).map(|block| block.0), Some(2));
        memory.put(Shelf::Vouched, "a", &first, &Arc::new(Block(3)));
        assert_eq!(memory.get("a", &second).map(|block| block.0), Some(2));
        assert_eq!(memory.get("a", &first).map(|block| block.0), Some(3));
        let kept = memory.strangers.read().expect("a shelf");
        assert_eq!((kept.entries.len(), kept.ages.len(), kept.weight), (1, 1, ENTRY + 2 + 5 + 2));
    }
}
