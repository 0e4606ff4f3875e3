//! How a judgement stops for a document and goes on when it has come: straight-line `async` code without a runtime.
//!
//! The judgement is a future that waits for nothing but answers. [`crate::Inquiry`] polls it by hand: what it asked for
//! stands in the [`Ask`] that both hold, and so does what was answered. Nothing is asked twice in one Inquiry.

use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;

use crate::need::{Answer, Need, Unanswered};

/// The most documents one Inquiry asks for: a badge could name endless endorsers.
const MOST_NEEDS: usize = 64;

/// The judgement's side, and the Inquiry's: clones share what was asked and answered.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ask(Arc<Mutex<Desk>>);

#[derive(Debug, Default)]
struct Desk {
    open: Vec<Need>,
    /// A few dozen at most, mostly four: looked through one by one.
    known: Vec<(Need, Result<Answer, Unanswered>)>,
    asked: usize,
}

impl Ask {
    /// The document, once somebody has brought it; or why it did not come.
    pub(crate) async fn need(&self, need: Need) -> Result<Answer, Unanswered> {
        poll_fn(|_| {
            let mut desk = self.desk();
            if let Some((_, known)) = desk.known.iter().find(|(known, _)| *known == need) {
                return Poll::Ready(known.clone());
            }
            if !desk.open.contains(&need) {
                if desk.asked == MOST_NEEDS {
                    return Poll::Ready(Err(Unanswered::TooMany));
                }
                desk.asked += 1;
                desk.open.push(need.clone());
            }
            Poll::Pending
        })
        .await
    }

    /// What the judgement waits for.
    pub(crate) fn open(&self) -> Option<Need> {
        self.desk().open.first().cloned()
    }

    /// Answers an open need; anything else is ignored.
    pub(crate) fn answer(&self, need: &Need, answer: Result<Answer, Unanswered>) {
        let mut desk = self.desk();
        if let Some(place) = desk.open.iter().position(|open| open == need) {
            let need = desk.open.remove(place);
            desk.known.push((need, answer));
        }
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        // A judgement that panicked leaves nothing half-written here.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
