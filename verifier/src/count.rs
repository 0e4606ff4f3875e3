//! All that this house keeps: how many verdicts of each kind on a day.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use checks::Verdict;
use store::{Db, Result, execute};
use time::{Date, OffsetDateTime};

/// How a badge came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// A « Montrer » code.
    Code,
    /// A share.
    Share,
    /// A file.
    File,
    /// A photo of a QR that led elsewhere.
    Photo,
    /// A pasted address.
    Link,
}

impl Way {
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Share => "share",
            Self::File => "file",
            Self::Photo => "photo",
            Self::Link => "link",
        }
    }
}

/// What is counted together: day, way, verdict.
type Place = (Date, &'static str, &'static str);

/// How long counts gather before one transaction writes them all.
const GATHER: Duration = Duration::from_millis(250);

/// The counts of this instance that are on their way to the database.
///
/// No verdict waits for its count: one transaction writes all that came within [`GATHER`], however many are told at
/// once. A program that is killed loses the counts of that time, and nothing else; one that is stopped writes them.
#[derive(Default)]
pub(crate) struct Counts {
    waiting: Mutex<HashMap<Place, i64>>,
    /// Whether a task is there that will write what waits.
    promised: AtomicBool,
    turn: tokio::sync::Mutex<()>,
}

impl Counts {
    /// Adds these verdicts to the day's counts, which are written soon.
    pub(crate) fn add(self: &Arc<Self>, db: &Db, way: Way, verdicts: &[Verdict], now: OffsetDateTime) {
        let day: Date = now.date();
        self.wait(verdicts.iter().map(|verdict| ((day, way.code(), verdict.code()), 1)));
        if self.promised.swap(true, Ordering::AcqRel) {
            return;
        }
        let (counts, db) = (Arc::clone(self), db.clone());
        tokio::spawn(async move {
            tokio::time::sleep(GATHER).await;
            // Whoever adds from here on promises anew.
            counts.promised.store(false, Ordering::Release);
            if let Err(error) = counts.write(&db).await {
                // An employer's answer does not depend on our counting.
                tracing::warn!(error.message = %error, "verdicts were not counted: they wait for the next");
            }
        });
    }

    /// Writes what waits.
    pub(crate) async fn write(&self, db: &Db) -> Result<()> {
        let _turn = self.turn.lock().await;
        let Some(taken) = Taken::from(self) else { return Ok(()) };
        let mut tx = db.begin().await?;
        for ((day, way, verdict), count) in &taken.counts {
            execute!(
                tx,
                sqlx::query(
                    "insert into verifier_count (day, way, verdict, count) values ($1, $2, $3, $4)
                 on conflict (day, way, verdict) do update set count = verifier_count.count + excluded.count"
                )
                .bind(*day)
                .bind(*way)
                .bind(*verdict)
                .bind(*count)
            )?;
        }
        tx.commit().await?;
        taken.written();
        Ok(())
    }

    fn wait(&self, counts: impl Iterator<Item = (Place, i64)>) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        for (place, count) in counts {
            *waiting.entry(place).or_default() += count;
        }
    }
}

/// Counts being written; they go back to wait when that fails, or when whoever asked is gone.
struct Taken<'a> {
    from: &'a Counts,
    counts: BTreeMap<Place, i64>,
}

impl<'a> Taken<'a> {
    /// In an order that two instances share, so that neither waits for the other's rows.
    fn from(from: &'a Counts) -> Option<Self> {
        let waiting = std::mem::take(&mut *from.waiting.lock().unwrap_or_else(PoisonError::into_inner));
        (!waiting.is_empty()).then(|| Self { from, counts: waiting.into_iter().collect() })
    }

    fn written(mut self) {
        self.counts.clear();
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        self.from.wait(std::mem::take(&mut self.counts).into_iter());
    }
}

#[cfg(test)]
mod tests {
    use store::{on, testing};
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-20 14:05:09 UTC);

    async fn counted(db: &Db) -> Vec<(String, String, i64)> {
        on!(db, c => sqlx::query_as("select way, verdict, count from verifier_count order by way, verdict")
            .fetch_all(c).await)
        .expect("the database answers")
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn verdicts_told_at_once_are_all_counted() {
        for test in testing::databases().await {
            let counts = Arc::new(Counts::default());
            let mut hands = tokio::task::JoinSet::new();
            for n in 0..40 {
                let (counts, db) = (counts.clone(), test.db.clone());
                let way = if n % 4 == 0 { Way::Code } else { Way::Share };
                hands.spawn(async move { counts.add(&db, way, &[Verdict::Authentic, Verdict::Altered], NOW) });
            }
            hands.join_all().await;
            // Their own task writes them: whoever writes now only makes it come sooner.
            counts.write(&test.db).await.expect("counted");
            let expected = [("code", 10), ("share", 30)]
                .into_iter()
                .flat_map(|(way, n)| ["altered", "authentic"].map(|verdict| (way.to_owned(), verdict.to_owned(), n)));
            assert_eq!(counted(&test.db).await, expected.collect::<Vec<_>>(), "{}", test.engine());
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn counts_are_written_by_themselves_again_and_again() {
        for test in testing::databases().await {
            let counts = Arc::new(Counts::default());
            for n in 1..=2 {
                counts.add(&test.db, Way::Share, &[Verdict::Authentic], NOW);
                let expected = [("share".to_owned(), "authentic".to_owned(), n)];
                let seen = async {
                    while counted(&test.db).await != expected {
                        tokio::time::sleep(GATHER / 10).await;
                    }
                };
                tokio::time::timeout(Duration::from_secs(20), seen).await.expect("written soon");
            }
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_could_not_be_written_is_written_with_the_next() {
        for test in testing::databases().await {
            let counts = Arc::new(Counts::default());
            counts.wait([((NOW.date(), "share", "authentic"), 2)].into_iter());
            drop(Taken::from(&counts).expect("two wait"));
            counts.add(&test.db, Way::Share, &[Verdict::Authentic], NOW);
            counts.write(&test.db).await.expect("counted");
            assert_eq!(counted(&test.db).await, [("share".to_owned(), "authentic".to_owned(), 3)]);
            assert!(Taken::from(&counts).is_none());
        }
    }
}
