//! From a document to statements without processing a context again.
//!
//! Every active context that a document walks through – after its own `@context`, after a type, inside a property – is
//! prepared once by the general engine and kept as a table of terms ([`world`]); a document that meets only known
//! ones is read in one pass ([`expand`]). Whatever this pass is not sure of, faults among it, it leaves to the general
//! engine: it never refuses, it never answers anything else than the general engine would.

mod expand;
mod table;
mod values;
mod world;

use std::sync::{PoisonError, RwLock};

use serde_json::Value;

use super::contexts::Documents;
use super::limits::Bounds;
use crate::rdfc::Statement;
use expand::{Expander, Stop};
use world::World;

/// Tables of terms, learned from the documents that came.
#[derive(Default)]
pub struct Fast {
    world: RwLock<World>,
}

/// How often one document is begun again because it met a context that was not prepared.
const LESSONS: usize = 64;

/// How many values one document may have read in vain, all its beginnings together.
const VAIN: usize = 100_000;

impl Fast {
    /// What `then` makes of the document's statements and the number of its blank nodes; `None` when the general
    /// engine must look.
    pub fn read<R>(
        &self,
        documents: &Documents,
        document: &Value,
        bounds: Bounds,
        then: impl FnOnce(&[Statement<'_>], u32) -> R,
    ) -> Option<R> {
        let mut vain = 0;
        for _ in 0..LESSONS {
            let world = self.world.read().unwrap_or_else(PoisonError::into_inner);
            let mut expander = Expander::new(&world, bounds);
            let want = match expander.document(document) {
                Ok(()) => return Some(then(expander.statements(), expander.blanks())),
                Err(Stop::Unsure) => return None,
                Err(Stop::Unprepared(want)) => want,
            };
            vain += expander.seen();
            if vain > VAIN {
                return None;
            }
            let lesson = world.prepare(documents, &want);
            let epoch = world.epoch();
            drop(world);
            self.world.write().unwrap_or_else(PoisonError::into_inner).learn(epoch, want, lesson);
        }
        None
    }

    /// How many active contexts and ways between them are known.
    #[cfg(test)]
    pub fn known(&self) -> (usize, usize) {
        self.world.read().unwrap_or_else(PoisonError::into_inner).size()
    }
}
