//! What was read and proven before, so that a warm judge does not do it again.
//!
//! Nothing is believed by address: an entry counts only for the very bytes it was made of, and dates are judged anew
//! each time. Holds no badge and nothing about a person.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// The most entries of one kind. Strangers choose addresses; when it is full it begins again.
const MOST: usize = 1024;

/// Documents of issuers, read once: shared by the Inquiries of a process ([`crate::Inquiry::with_memory`]).
#[derive(Debug, Default)]
pub struct Memory {
    pub(crate) rings: Remembered<crate::keys::Ring>,
    pub(crate) registers: Remembered<crate::trust::Proven>,
    pub(crate) lists: Remembered<crate::status::List>,
    /// Whether badges are parsed and canonicalised by the general engine, whatever classes the process knows.
    pub(crate) by_reference: bool,
}

impl Memory {
    /// A memory whose Inquiries go the long way with each badge: parsed, and canonicalised by the general engine alone.
    /// What the quick ways are compared with; it says the same, some twenty times slower.
    pub fn by_reference() -> Self {
        Self { by_reference: true, ..Self::default() }
    }
}

/// Things made of documents, by the document's address and bytes.
#[derive(Debug)]
pub(crate) struct Remembered<T>(RwLock<HashMap<String, Entry<T>>>);

/// The bytes, and what was made of them.
type Entry<T> = (Arc<[u8]>, Arc<T>);

impl<T> Default for Remembered<T> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}

impl<T> Remembered<T> {
    /// What was made of `bytes` at `address` before.
    pub(crate) fn get(&self, address: &str, bytes: &Arc<[u8]>) -> Option<Arc<T>> {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let (known, made) = all.get(address)?;
        (Arc::ptr_eq(known, bytes) || known == bytes).then(|| Arc::clone(made))
    }

    /// Keeps what was made of `bytes`, instead of what was made of other bytes at that address.
    pub(crate) fn put(&self, address: &str, bytes: &Arc<[u8]>, made: &Arc<T>) {
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST && !all.contains_key(address) {
            all.clear();
        }
        all.insert(address.to_owned(), (Arc::clone(bytes), Arc::clone(made)));
    }
}
