//! Context documents: bundled, parsed once, never fetched.

use std::cell::Cell;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use json_ld::syntax::{Parse, Value};
use json_ld::{Iri, IriBuf, LoadError, Loader, RemoteDocument};

use super::limits;

/// The context documents of an engine, as syntax trees.
pub struct Documents {
    lookup: fn(&str) -> Option<&'static str>,
    parsed: RwLock<HashMap<String, Arc<Value>>>,
}

impl Documents {
    pub fn new(lookup: fn(&str) -> Option<&'static str>) -> Self {
        Self { lookup, parsed: RwLock::default() }
    }

    /// The document at `url`. Only what `lookup` knows is remembered, so that strangers cannot fill the memory.
    fn get(&self, url: &str) -> Option<Arc<Value>> {
        if let Some(known) = self.parsed.read().unwrap_or_else(PoisonError::into_inner).get(url) {
            return Some(Arc::clone(known));
        }
        let (value, _) = Value::parse_str((self.lookup)(url)?).ok()?;
        let value = Arc::new(value);
        self.parsed.write().unwrap_or_else(PoisonError::into_inner).insert(url.to_owned(), Arc::clone(&value));
        Some(value)
    }
}

/// What one canonicalisation loads, counted.
pub struct Loads<'e> {
    documents: &'e Documents,
    left: Cell<u32>,
}

impl<'e> Loads<'e> {
    pub fn new(documents: &'e Documents) -> Self {
        Self { documents, left: Cell::new(limits::LOADS) }
    }

    /// How many were loaded.
    pub fn used(&self) -> u32 {
        limits::LOADS - self.left.get()
    }

    /// Whether the document asked for more than [`limits::LOADS`].
    pub fn exhausted(&self) -> bool {
        self.left.get() == 0
    }
}

impl Loader for Loads<'_> {
    async fn load(&self, url: &Iri) -> Result<RemoteDocument<IriBuf>, LoadError> {
        let refuse = |why| LoadError::new(url.to_owned(), std::io::Error::other(why));
        let left = self.left.get().checked_sub(1).ok_or_else(|| refuse("too many contexts"))?;
        self.left.set(left);
        let document = self.documents.get(url.as_str()).ok_or_else(|| refuse("not bundled"))?;
        Ok(RemoteDocument::new(Some(url.to_owned()), None, Value::clone(&document)))
    }
}
