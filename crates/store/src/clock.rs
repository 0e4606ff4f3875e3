//! The time, as an argument: whole seconds, UTC.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use time::OffsetDateTime;

/// Where the time comes from. Clones of a manual clock move together.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System,
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands still at `at` (its fraction of a second dropped) until it is advanced.
    pub fn manual(at: OffsetDateTime) -> Self {
        Self(Source::Manual(Arc::new(AtomicI64::new(at.unix_timestamp()))))
    }

    /// Now, in UTC and whole seconds: what signed texts need (decisions §8), and the one form in which SQLite, which
    /// keeps instants as text, compares them rightly.
    pub fn now(&self) -> OffsetDateTime {
        let seconds = match &self.0 {
            Source::System => OffsetDateTime::now_utc().unix_timestamp(),
            Source::Manual(seconds) => seconds.load(Ordering::SeqCst),
        };
        OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }

    /// Moves a manual clock forward.
    ///
    /// # Panics
    /// On the machine's clock, which nobody moves.
    pub fn advance(&self, by: Duration) {
        match &self.0 {
            Source::System => panic!("only a manual clock can be advanced"),
            Source::Manual(seconds) => {
                let by = i64::try_from(by.as_secs()).unwrap_or(i64::MAX);
                seconds.fetch_add(by, Ordering::SeqCst);
            }
        }
    }
}
