//! Where the time goes, counted for benchmarks and figures.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Counters of this process since its start.
#[derive(Debug)]
pub struct Timings {
    pub(super) reserve: AtomicU64,
    pub(super) canonicalise: AtomicU64,
    pub(super) sign: AtomicU64,
    pub(super) check: AtomicU64,
    pub(super) store: AtomicU64,
    pub(super) outbox: AtomicU64,
    pub(super) awards: AtomicU64,
}

/// What the counters say at one moment. Canonicalising, signing and checking are summed over threads; the others are
/// the clock on the wall, `store` including `outbox`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TimingsNow {
    /// Reserving status entries.
    pub reserve: Duration,
    /// Composing and canonicalising.
    pub canonicalise: Duration,
    /// Ed25519 alone.
    pub sign: Duration,
    /// The judge reading the finished text.
    pub check: Duration,
    /// The transaction that keeps a chunk.
    pub store: Duration,
    /// Queueing letters, inside `store`.
    pub outbox: Duration,
    /// Badges kept.
    pub awards: u64,
}

pub(super) static TOTALS: Timings = Timings {
    reserve: AtomicU64::new(0),
    canonicalise: AtomicU64::new(0),
    sign: AtomicU64::new(0),
    check: AtomicU64::new(0),
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
            canonicalise: read(&TOTALS.canonicalise),
            sign: read(&TOTALS.sign),
            check: read(&TOTALS.check),
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
