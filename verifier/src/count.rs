//! All that this house keeps: how many verdicts of each kind on a day.

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

/// Adds these verdicts to the day's counts.
pub(crate) async fn add(db: &Db, way: Way, verdicts: &[Verdict], now: OffsetDateTime) -> Result<()> {
    let day: Date = now.date();
    let mut tx = db.begin().await?;
    for verdict in Verdict::ALL {
        let found = verdicts.iter().filter(|one| **one == verdict).count();
        if found == 0 {
            continue;
        }
        execute!(
            tx,
            sqlx::query(
                "insert into verifier_count (day, way, verdict, count) values ($1, $2, $3, $4)
             on conflict (day, way, verdict) do update set count = verifier_count.count + excluded.count"
            )
            .bind(day)
            .bind(way.code())
            .bind(verdict.code())
            .bind(i64::try_from(found).unwrap_or(i64::MAX))
        )?;
    }
    tx.commit().await
}
