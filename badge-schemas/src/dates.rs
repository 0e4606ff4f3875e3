//! Dates as signed text carries them: UTC, whole seconds, `Z` (decisions §8).

use time::format_description::well_known::Rfc3339;
use time::{Date, OffsetDateTime, UtcOffset};

/// An instant as `2026-11-20T14:05:09Z`; fractions of a second are dropped.
pub fn instant(at: OffsetDateTime) -> String {
    let at = at.to_offset(UtcOffset::UTC);
    format!("{}T{:02}:{:02}:{:02}Z", ymd(at.date()), at.hour(), at.minute(), at.second())
}

/// A day as the midnight that opens it in UTC, `2026-11-20T00:00:00Z`: what `awardedDate` holds.
pub fn day(date: Date) -> String {
    format!("{}T00:00:00Z", ymd(date))
}

/// Reads a `DateTimeZ` (Open Badges 3.0, §B.1.19): the offset is mandatory.
pub fn parse_instant(text: &str) -> Option<OffsetDateTime> {
    // RFC 3339 allows a space or a lower-case `t`; xsd:dateTime does not.
    if text.as_bytes().get(10) != Some(&b'T') || text.ends_with('z') {
        return None;
    }
    OffsetDateTime::parse(text, &Rfc3339).ok()
}

fn ymd(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day())
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::{date, datetime};

    #[test]
    fn an_instant_is_utc_in_whole_seconds() {
        assert_eq!(instant(datetime!(2026-11-20 15:05:09.987 +1)), "2026-11-20T14:05:09Z");
    }

    #[test]
    fn a_day_is_its_first_instant() {
        assert_eq!(day(date!(2026 - 01 - 02)), "2026-01-02T00:00:00Z");
    }

    #[test]
    fn an_instant_needs_its_offset() {
        assert!(parse_instant("2024-01-01T00:00:00").is_none());
        assert!(parse_instant("2024-01-01 00:00:00Z").is_none());
        assert!(parse_instant("2024-01-01t00:00:00z").is_none());
        assert_eq!(parse_instant("2024-01-01T01:00:00+01:00"), Some(datetime!(2024-01-01 00:00 UTC)));
    }
}
