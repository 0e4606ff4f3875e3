//! What was read and proven before, so that a warm judge does not do it again.
//!
//! Nothing is believed by address: an entry counts only for the very bytes it was made of, and dates are judged anew
//! each time. Holds no badge and nothing about a person.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// The most entries of one kind, and the most bytes of the documents they were made of. Strangers choose addresses and
/// what stands there; when it is full it begins again.
const MOST: usize = 1024;
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// Documents of issuers, read once: shared by the Inquiries of a process ([`crate::Inquiry::with_memory`]).
#[derive(Debug, Default)]
pub struct Memory {
    pub(crate) rings: Remembered<crate::keys::Ring>,
    pub(crate) registers: Remembered<crate::trust::Proven>,
    pub(crate) lists: Remembered<crate::status::List>,
}

/// Things made of documents, by the document's address and bytes.
#[derive(Debug)]
pub(crate) struct Remembered<T>(RwLock<Shelf<T>>);

#[derive(Debug)]
struct Shelf<T> {
    all: HashMap<String, Entry<T>>,
    bytes: usize,
}

/// The bytes, and what was made of them.
type Entry<T> = (Arc<[u8]>, Arc<T>);

impl<T> Default for Remembered<T> {
    fn default() -> Self {
        Self(RwLock::new(Shelf { all: HashMap::new(), bytes: 0 }))
    }
}

impl<T> Remembered<T> {
    /// What was made of `bytes` at `address` before.
    pub(crate) fn get(&self, address: &str, bytes: &Arc<[u8]>) -> Option<Arc<T>> {
        let shelf = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let (known, made) = shelf.all.get(address)?;
        (Arc::ptr_eq(known, bytes) || known == bytes).then(|| Arc::clone(made))
    }

    /// Keeps what was made of `bytes`, instead of what was made of other bytes at that address.
    pub(crate) fn put(&self, address: &str, bytes: &Arc<[u8]>, made: &Arc<T>) {
        let mut shelf = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if let Some((old, _)) = shelf.all.remove(address) {
            shelf.bytes -= old.len();
        }
        if shelf.all.len() >= MOST || shelf.bytes + bytes.len() > MOST_BYTES {
            shelf.all.clear();
            shelf.bytes = 0;
        }
        shelf.bytes += bytes.len();
        shelf.all.insert(address.to_owned(), (Arc::clone(bytes), Arc::clone(made)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strangers_cannot_fill_the_memory() {
        let memory = Remembered::default();
        let megabyte: Arc<[u8]> = vec![0; 1024 * 1024].into();
        let made = Arc::new(());
        for place in 0..200 {
            memory.put(&format!("https://{place}.example"), &megabyte, &made);
            assert!(memory.0.read().unwrap().bytes <= MOST_BYTES);
        }
        assert!(memory.get("https://199.example", &megabyte).is_some());
        assert!(memory.get("https://0.example", &megabyte).is_none());
        for _ in 0..3 * MOST {
            memory.put("https://one.example", &megabyte, &made);
        }
        assert!(memory.get("https://199.example", &megabyte).is_some(), "one address counts once");
        let small: Arc<[u8]> = vec![0].into();
        for place in 0..=MOST {
            memory.put(&format!("https://small.example/{place}"), &small, &made);
            assert!(memory.0.read().unwrap().all.len() <= MOST);
        }
    }
}
