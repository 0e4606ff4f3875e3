//! A small memory of answers, so that three badges of one organisation ask for its documents once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
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
    answers: HashMap<String, Known>,
    bytes: usize,
}

struct Known {
    until: Instant,
    fetched: Fetched,
    /// The very bytes of `fetched`: whoever compares documents sees at once that it is the same.
    body: Arc<[u8]>,
}

impl Cache {
    pub(crate) fn new(longest: Duration) -> Self {
        Self { longest, kept: Mutex::default() }
    }

    pub(crate) fn get(&self, key: &str) -> Option<(Fetched, Arc<[u8]>)> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let known = kept.answers.get(key)?;
        (Instant::now() < known.until).then(|| (known.fetched.clone(), Arc::clone(&known.body)))
    }

    pub(crate) fn put(&self, key: String, fetched: &Fetched) {
        let Some(age) = fetched.max_age.map(|age| age.min(self.longest)).filter(|age| !age.is_zero()) else { return };
        if fetched.status != StatusCode::OK {
            return;
        }
        let now = Instant::now();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.answers.len() >= MOST_ANSWERS || kept.bytes + fetched.body.len() > MOST_BYTES {
            kept.answers.retain(|_, known| now < known.until);
            kept.bytes = kept.answers.values().map(|known| known.body.len()).sum();
        }
        if kept.answers.len() >= MOST_ANSWERS || kept.bytes + fetched.body.len() > MOST_BYTES {
            // Still full of fresh answers: rather ask twice than grow.
            return;
        }
        kept.bytes += fetched.body.len();
        let body: Arc<[u8]> = Arc::from(&fetched.body[..]);
        let fetched = Fetched { body: Bytes::from_owner(Arc::clone(&body)), ..fetched.clone() };
        if let Some(old) = kept.answers.insert(key, Known { until: now + age, fetched, body }) {
            kept.bytes -= old.body.len();
        }
    }

    pub(crate) fn clear(&self) {
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Kept::default();
    }
}
