//! Where the time goes, counted for benchmarks and figures.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Counters of this process since its start.
#[derive(Debug)]
pub struct Timings {
    pub(super) reserve: AtomicU64,
    pub(super) compose: AtomicU64,
    pub(super) sign: AtomicU64,
    pub(super) judge: AtomicU64,
    pub(super) codes: AtomicU64,
    pub(super) store: AtomicU64,
    pub(super) outbox: AtomicU64,
    pub(super) awards: AtomicU64,
}

/// What the counters say at one moment. `compose`, `sign`, `judge` and `codes` are summed over threads; the others are
/// the clock on the wall, `store` including `outbox`, and run beside them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TimingsNow {
    /// Reserving status entries.
    pub reserve: Duration,
    /// Writing and canonicalising.
    pub compose: Duration,
    /// Ed25519 alone.
    pub sign: Duration,
    /// Our own judge reading the finished text.
    pub judge: Duration,
    /// Deriving and hashing the codes of letters and slips.
    pub codes: Duration,
    /// The transaction that keeps a chunk.
    pub store: Duration,
    /// Queueing letters, inside `store`.
    pub outbox: Duration,
    /// Badges kept.
    pub awards: u64,
}

pub(super) static TOTALS: Timings = Timings {
    reserve: AtomicU64::new(0),
    compose: AtomicU64::new(0),
    sign: AtomicU64::new(0),
    judge: AtomicU64::new(0),
    codes: AtomicU64::new(0),
    store: AtomicU64::new(0),
    outbox: AtomicU64::new(0),
    awards: AtomicU64::new(0),
};

impl Timings {
    /// What was counted since the start of the process; subtract two readings to time a stretch.
    pub fn now() -> TimingsNow {
        let read = |counter: &AtomicU64| Duration::from_nanos(counter.load(Ordering::Relaxed));
        TimingsNow {
            reserve: read(&TOTALS.reserve),
            compose: read(&TOTALS.compose),
            sign: read(&TOTALS.sign),
            judge: read(&TOTALS.judge),
            codes: read(&TOTALS.codes),
            store: read(&TOTALS.store),
            outbox: read(&TOTALS.outbox),
            awards: TOTALS.awards.load(Ordering::Relaxed),
        }
    }

    pub(super) fn add(counter: &AtomicU64, since: Instant) {
        let nanos = u64::try_from(since.elapsed().as_nanos()).unwrap_or(u64::MAX);
        counter.fetch_add(nanos, Ordering::Relaxed);
    }
}
