//! A small memory of answers, so that three badges of one organisation ask for its documents once.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use http::StatusCode;
use tokio::time::Instant;

use crate::door::Fetched;

const MOST_ANSWERS: usize = 512;
const MOST_BYTES: usize = 32 * 1024 * 1024;

pub(crate) struct Cache {
    longest: Duration,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    answers: HashMap<String, (Instant, Fetched)>,
    bytes: usize,
}

impl Cache {
    pub(crate) fn new(longest: Duration) -> Self {
        Self { longest, kept: Mutex::default() }
    }

    pub(crate) fn get(&self, key: &str) -> Option<Fetched> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (until, fetched) = kept.answers.get(key)?;
        (Instant::now() < *until).then(|| fetched.clone())
    }

    pub(crate) fn put(&self, key: String, fetched: &Fetched) {
        let Some(age) = fetched.max_age.map(|age| age.min(self.longest)).filter(|age| !age.is_zero()) else { return };
        if fetched.status != StatusCode::OK {
            return;
        }
        let now = Instant::now();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.answers.len() >= MOST_ANSWERS || kept.bytes + fetched.body.len() > MOST_BYTES {
            kept.answers.retain(|_, (until, _)| now < *until);
            kept.bytes = kept.answers.values().map(|(_, known)| known.body.len()).sum();
        }
        if kept.answers.len() >= MOST_ANSWERS || kept.bytes + fetched.body.len() > MOST_BYTES {
            // Still full of fresh answers: rather ask twice than grow.
            return;
        }
        kept.bytes += fetched.body.len();
        if let Some((_, old)) = kept.answers.insert(key, (now + age, fetched.clone())) {
            kept.bytes -= old.body.len();
        }
    }

    pub(crate) fn clear(&self) {
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Kept::default();
    }
}
