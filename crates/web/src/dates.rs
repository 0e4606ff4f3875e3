//! Dates and hours in words, and the hour of Paris.

use time::{Date, Duration, Month, OffsetDateTime, Time, UtcOffset};

pub use crate::words::number;

/// `22 novembre 2026`, U+00A0 between day and month; `1er janvier 2027`.
pub fn long(date: Date) -> String {
    format!("{} {}", day_month(date), date.year())
}

/// `22 novembre`, without the year.
pub fn day_month(date: Date) -> String {
    let ordinal = if date.day() == 1 { "er" } else { "" };
    format!("{}{ordinal}\u{a0}{}", date.day(), month(date.month()))
}

/// The day a badge was observed and the day it was attested, each after its own word; one line when they are the same.
pub fn observed_and_attested(observed: Option<Date>, attested: Date) -> Vec<(&'static str, String)> {
    match observed {
        Some(day) if day == attested => vec![("Observé et attesté le", long(day))],
        Some(day) => vec![("Observé le", long(day)), ("Attesté le", long(attested))],
        None => vec![("Attesté le", long(attested))],
    }
}

/// `22/11/2026`, for the cells of a spreadsheet.
pub fn digits(date: Date) -> String {
    format!("{:02}/{:02}/{:04}", date.day(), u8::from(date.month()), date.year())
}

/// `nov. 2026`, for tight places.
pub fn short_month(date: Date) -> String {
    let name = match date.month() {
        Month::January => "janv.",
        Month::February => "févr.",
        Month::July => "juil.",
        Month::September => "sept.",
        Month::October => "oct.",
        Month::November => "nov.",
        Month::December => "déc.",
        other => month(other),
    };
    format!("{name} {}", date.year())
}

/// `14 h 30`, U+00A0 within; `14 h` on the hour.
pub fn time(time: Time) -> String {
    match time.minute() {
        0 => format!("{}\u{a0}h", time.hour()),
        minute => format!("{}\u{a0}h\u{a0}{minute:02}", time.hour()),
    }
}

/// `22 novembre 2026 à 14 h 30`, in the hour of Paris.
pub fn moment(at: OffsetDateTime) -> String {
    let here = paris(at);
    format!("{} à {}", long(here.date()), time(here.time()))
}

/// The same instant on a clock of Paris.
///
/// Summer time runs from the last Sunday of March to the last Sunday of October, both at 01:00 UTC
/// (directive 2000/84/CE); written out here rather than carrying a time zone database.
pub fn paris(at: OffsetDateTime) -> OffsetDateTime {
    let utc = at.to_offset(UtcOffset::UTC);
    let change = |month| last_sunday(utc.year(), month).map(|day| day.midnight().assume_utc() + Duration::hours(1));
    let summer = match (change(Month::March), change(Month::October)) {
        (Some(start), Some(end)) => start <= utc && utc < end,
        _ => false,
    };
    let offset = UtcOffset::from_hms(if summer { 2 } else { 1 }, 0, 0).unwrap_or(UtcOffset::UTC);
    utc.to_offset(offset)
}

/// The day it is in Paris at this instant.
pub fn day_in_paris(at: OffsetDateTime) -> Date {
    paris(at).date()
}

/// A day typed by a person or sent by a date field: `2026-11-22`, `22/11/2026`, `22.11.2026`, `22-11-2026`.
pub fn parse_day(text: &str) -> Option<Date> {
    let parts: Vec<&str> = text.trim().split(['-', '/', '.', ' ']).collect();
    let &[a, b, c] = parts.as_slice() else {
        return None;
    };
    let (year, month, day) = if a.len() == 4 { (a, b, c) } else { (c, b, a) };
    if year.len() != 4 || !parts.iter().all(|part| part.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    let month: u8 = month.parse().ok()?;
    Date::from_calendar_date(year.parse().ok()?, month.try_into().ok()?, day.parse().ok()?).ok()
}

/// `2026-11-22`, for `<time datetime>` and date fields.
pub fn iso(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day())
}

fn last_sunday(year: i32, month: Month) -> Option<Date> {
    let last = Date::from_calendar_date(year, month, month.length(year)).ok()?;
    last.checked_sub(Duration::days(i64::from(last.weekday().number_days_from_sunday())))
}

fn month(month: Month) -> &'static str {
    match month {
        Month::January => "janvier",
        Month::February => "février",
        Month::March => "mars",
        Month::April => "avril",
        Month::May => "mai",
        Month::June => "juin",
        Month::July => "juillet",
        Month::August => "août",
        Month::September => "septembre",
        Month::October => "octobre",
        Month::November => "novembre",
        Month::December => "décembre",
    }
}

#[cfg(test)]
mod tests {
    use time::macros::{date, datetime, time as clock};

    use super::*;

    #[test]
    fn words_of_dates() {
        assert_eq!(long(date!(2026 - 11 - 22)), "22\u{a0}novembre 2026");
        assert_eq!(long(date!(2027 - 01 - 01)), "1er\u{a0}janvier 2027");
        assert_eq!(short_month(date!(2026 - 09 - 03)), "sept. 2026");
        assert_eq!(time(clock!(14:30)), "14\u{a0}h\u{a0}30");
        assert_eq!(time(clock!(9:00)), "9\u{a0}h");
        assert_eq!(moment(datetime!(2026-11-22 13:05 UTC)), "22\u{a0}novembre 2026 à 14\u{a0}h\u{a0}05");
    }

    #[test]
    fn the_day_observed_and_the_day_attested_have_each_a_word() {
        let said = |observed| observed_and_attested(observed, date!(2026 - 11 - 30));
        let attested = ("Attesté le", "30\u{a0}novembre 2026".to_owned());
        assert_eq!(
            said(Some(date!(2026 - 05 - 12))),
            [("Observé le", "12\u{a0}mai 2026".to_owned()), attested.clone()]
        );
        assert_eq!(said(None), [attested]);
        assert_eq!(said(Some(date!(2026 - 11 - 30))), [("Observé et attesté le", "30\u{a0}novembre 2026".to_owned())]);
    }

    #[test]
    fn paris_changes_its_clock_at_one_utc() {
        let hour = |at| paris(at).hour();
        assert_eq!(hour(datetime!(2026-03-29 00:59:59 UTC)), 1);
        assert_eq!(hour(datetime!(2026-03-29 01:00:00 UTC)), 3);
        assert_eq!(hour(datetime!(2026-10-25 00:59:59 UTC)), 2);
        assert_eq!(hour(datetime!(2026-10-25 01:00:00 UTC)), 2);
        assert_eq!(day_in_paris(datetime!(2026-06-30 22:30 UTC)), date!(2026 - 07 - 01));
    }

    #[test]
    fn days_as_people_type_them() {
        let day = Some(date!(2026 - 11 - 02));
        for text in ["2026-11-02", "02/11/2026", "2/11/2026", " 2.11.2026 ", "2-11-2026"] {
            assert_eq!(parse_day(text), day, "{text}");
        }
        for text in ["31/11/2026", "2/11/26", "", "demain", "2026-11", "+2/11/2026", "2026-11-02-01"] {
            assert_eq!(parse_day(text), None, "{text}");
        }
        assert_eq!(iso(date!(2026 - 11 - 02)), "2026-11-02");
        assert_eq!(digits(date!(2026 - 11 - 02)), "02/11/2026");
    }
}
