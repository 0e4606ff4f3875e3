//! The file of trainees that a house reads: any bytes, and what every row that passes holds.

use time::macros::date;

use crate::reading::{MAX_ROWS, read};

/// A CSV file.
pub fn csv(bytes: &[u8]) {
    let Ok(reading) = read(bytes, date!(2026 - 11 - 25)) else { return };
    assert!(reading.rows.len() <= MAX_ROWS);
    assert!(reading.rows.is_sorted_by(|a, b| a.line < b.line), "each line once, in order");
    for row in reading.rows.iter().filter(|row| row.fault().is_none()) {
        assert!(!row.name.is_empty() && !row.name.chars().any(char::is_control), "{row:?}");
        assert!(row.email.as_deref().is_none_or(|email| email.contains('@')), "{row:?}");
        assert!(row.observed_on.is_none_or(|day| day <= date!(2026 - 11 - 25)), "{row:?}");
    }
}
