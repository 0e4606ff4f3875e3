//! Letters kept in the program: for the demonstration's `/courrier`, and for tests.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use time::OffsetDateTime;

use crate::Letter;

/// More would only fill the memory of a demonstration left running.
const KEPT: usize = 1_000;

/// The last letters, shared by all clones.
#[derive(Clone, Debug, Default)]
pub struct Memory(Arc<Mutex<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    letters: VecDeque<Sent>,
    count: u64,
}

/// A letter as it left.
#[derive(Clone, Debug)]
pub struct Sent {
    /// 1 for the first letter since the start: names a letter in `/courrier/{number}`.
    pub number: u64,
    /// The letter.
    pub letter: Letter,
    /// When it left, in whole seconds.
    pub at: OffsetDateTime,
}

impl Memory {
    /// All letters kept, oldest first.
    pub fn all(&self) -> Vec<Sent> {
        self.lock().letters.iter().cloned().collect()
    }

    /// The letters to one address, oldest first.
    pub fn to(&self, address: &str) -> Vec<Sent> {
        self.lock().letters.iter().filter(|sent| sent.letter.to == address).cloned().collect()
    }

    /// One letter by its number.
    pub fn get(&self, number: u64) -> Option<Sent> {
        self.lock().letters.iter().find(|sent| sent.number == number).cloned()
    }

    /// How many letters left since the start, those no longer kept included.
    pub fn count(&self) -> u64 {
        self.lock().count
    }

    pub(crate) fn keep(&self, letter: Letter) {
        let now = OffsetDateTime::now_utc();
        let at = now.replace_nanosecond(0).unwrap_or(now);
        let mut kept = self.lock();
        kept.count += 1;
        let number = kept.count;
        if kept.letters.len() == KEPT {
            kept.letters.pop_front();
        }
        kept.letters.push_back(Sent { number, letter, at });
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        // A panic elsewhere leaves whole letters here.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
