//! How a judgement stops for a document and goes on when it has come: straight-line `async` code without a runtime.
//!
//! The judgement is a future that waits for nothing but answers. [`crate::Inquiry`] polls it by hand: what it asked for
//! stands in the [`Ask`] that both hold, and so does what was answered. Nothing is asked twice in one Inquiry.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;

use crate::need::{Answer, Need, Unanswered};
use crate::ob3::Digests;

/// The most documents one Inquiry asks for: a badge could name endless endorsers.
const MOST_NEEDS: usize = 64;
/// The most linked files among them: each may be large, and none of them makes a badge true.
const MOST_RESOURCES: usize = 8;
/// The most bytes brought to one Inquiry, all documents together.
const MOST_BYTES: usize = 20 * 1024 * 1024;

/// The judgement's side, and the Inquiry's: clones share what was asked and answered.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ask(Arc<Mutex<Desk>>);

#[derive(Debug, Default)]
struct Desk {
    open: Vec<Need>,
    /// A few dozen at most, mostly four: looked through one by one.
    known: Vec<(Need, Result<Answer, Unanswered>)>,
    /// Of linked files, by address: the files themselves are let go.
    digests: BTreeMap<String, Digests>,
    asked: usize,
    resources: usize,
    carried: usize,
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
                let resource = usize::from(matches!(need, Need::Resource { .. }));
                if desk.asked == MOST_NEEDS || desk.resources + resource > MOST_RESOURCES {
                    return Poll::Ready(Err(Unanswered::TooMany));
                }
                desk.asked += 1;
                desk.resources += resource;
                desk.open.push(need.clone());
            }
            Poll::Pending
        })
        .await
    }

    /// The digests of the linked file at `url`.
    pub(crate) async fn digests(&self, url: &str) -> Result<Digests, Unanswered> {
        let known = self.desk().digests.get(url).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let need = Need::Resource { url: url.to_owned() };
        let digests = Digests::of(&self.need(need.clone()).await?.body);
        let mut desk = self.desk();
        desk.known.retain(|(known, _)| *known != need);
        desk.digests.insert(url.to_owned(), digests.clone());
        Ok(digests)
    }

    /// How many more bytes may be brought.
    pub(crate) fn bytes_left(&self) -> usize {
        MOST_BYTES - self.desk().carried
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
            let answer = answer.and_then(|answer| {
                let carried = desk.carried + answer.body.len();
                if carried > MOST_BYTES {
                    return Err(Unanswered::TooLarge);
                }
                desk.carried = carried;
                Ok(answer)
            });
            desk.known.push((need, answer));
        }
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        // A judgement that panicked leaves nothing half-written here.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
