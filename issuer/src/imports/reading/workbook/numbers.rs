//! A number in a cell, as people see it: a date is a date, a whole number has no decimals, leading zeros stay.

use time::{Date, Duration, Month};

/// How cells of one style show a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// As it is.
    Plain,
    /// A day, perhaps with an hour.
    Date,
    /// An hour alone.
    Hour,
    /// With leading zeros, this many digits.
    Padded(usize),
}

impl Style {
    /// By the number of a built-in format (ECMA-376 part 1, §18.8.30, and those of other languages).
    pub(super) fn built_in(id: u32) -> Self {
        match id {
            14..=17 | 22 | 27..=31 | 34..=36 | 50..=58 => Self::Date,
            18..=21 | 32 | 33 | 45..=47 => Self::Hour,
            _ => Self::Plain,
        }
    }

    /// By a format code, always written in English: `dd/mm/yyyy`, `00000`, `#,##0.00`.
    pub(super) fn of_code(code: &str) -> Self {
        // Only the first section: the others are for negative numbers, zero and text.
        let (mut signs, mut plain) = (code.chars(), String::new());
        while let Some(sign) = signs.next() {
            match sign {
                '"' => signs.by_ref().take_while(|s| *s != '"').for_each(drop),
                '[' => {
                    let inside: String = signs.by_ref().take_while(|s| *s != ']').collect();
                    // `[h]:mm` is a duration; `[Red]`, `[$-40C]` say nothing of the number.
                    if inside.chars().all(|s| matches!(s, 'h' | 'H' | 'm' | 's')) {
                        plain.push_str(&inside);
                    }
                }
                '\\' | '_' | '*' => drop(signs.next()),
                ';' => break,
                sign => plain.push(sign.to_ascii_lowercase()),
            }
        }
        if plain.contains("general") {
            Self::Plain
        } else if plain.contains(['y', 'd']) {
            Self::Date
        } else if plain.contains(['h', 's']) {
            Self::Hour
        } else if plain.contains('m') {
            Self::Date
        } else if plain.len() > 1 && plain.len() <= 40 && plain.chars().all(|s| s == '0') {
            Self::Padded(plain.len())
        } else {
            Self::Plain
        }
    }
}

/// The words of a number under a style. `since_1904`: the workbook counts its days from 1904.
pub(super) fn shown(number: &str, style: Style, since_1904: bool) -> String {
    let Ok(value) = number.trim().parse::<f64>() else { return number.trim().to_owned() };
    match style {
        Style::Date => day(value, since_1904).unwrap_or_else(|| plain(value)),
        Style::Hour => hour(value).unwrap_or_else(|| plain(value)),
        Style::Padded(digits) if value >= 0.0 => format!("{:0>digits$}", plain(value)),
        Style::Padded(_) | Style::Plain => plain(value),
    }
}

fn plain(value: f64) -> String {
    // A spreadsheet keeps 15 digits: beyond, those that mattered are gone, and it shows so.
    if value.abs() >= 1e15 {
        let text = format!("{value:E}").replace('.', ",");
        return match text.split_once('E') {
            Some((mantissa, power)) if mantissa.contains(',') => format!("{mantissa}E+{power}"),
            Some((mantissa, power)) => format!("{mantissa},0E+{power}"),
            None => text,
        };
    }
    if value.fract() == 0.0 {
        return format!("{value:.0}");
    }
    // 0.1 + 0.2 is kept as 0.30000000000000004 and shown as 0,3.
    let text = format!("{value:.10}");
    text.trim_end_matches('0').trim_end_matches('.').replace('.', ",")
}

fn day(value: f64, since_1904: bool) -> Option<String> {
    if !(0.0..3_000_000.0).contains(&value) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "below three million")]
    let days = value.floor() as i64;
    let first = if since_1904 {
        Date::from_calendar_date(1904, Month::January, 1)
    } else {
        // Day 60 is the 29 February 1900 that never was: what comes after counts from the day before.
        Date::from_calendar_date(1899, Month::December, if days < 60 { 31 } else { 30 })
    };
    let date = first.ok()?.checked_add(Duration::days(days))?;
    Some(format!("{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day()))
}

fn hour(value: f64) -> Option<String> {
    if !(0.0..10_000.0).contains(&value) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "below fifteen million")]
    let minutes = (value * 24.0 * 60.0).round() as i64;
    Some(format!("{:02}:{:02}", minutes / 60, minutes % 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_words_as_people_see_them() {
        for (number, style, seen) in [
            ("12", Style::Plain, "12"),
            ("12.0", Style::Plain, "12"),
            ("12.5", Style::Plain, "12,5"),
            ("0.30000000000000004", Style::Plain, "0,3"),
            ("-3", Style::Plain, "-3"),
            ("299027600000012", Style::Plain, "299027600000012"),
            ("1234567890123456", Style::Plain, "1,234567890123456E+15"),
            ("1E+300", Style::Plain, "1,0E+300"),
            ("123", Style::Padded(6), "000123"),
            ("46348", Style::Date, "2026-11-22"),
            ("46348.75", Style::Date, "2026-11-22"),
            ("1", Style::Date, "1900-01-01"),
            ("61", Style::Date, "1900-03-01"),
            ("0.5", Style::Hour, "12:00"),
            ("mot", Style::Plain, "mot"),
        ] {
            assert_eq!(shown(number, style, false), seen, "{number}");
        }
        assert_eq!(shown("44886", Style::Date, true), "2026-11-22");
        // Whatever these are, they are no date and no panic.
        for number in ["1e999", "-1", "NaN", "1e15"] {
            assert!(!shown(number, Style::Date, false).starts_with("20"), "{number}");
        }
    }

    #[test]
    fn formats_say_what_a_number_is() {
        for (code, style) in [
            ("General", Style::Plain),
            ("0", Style::Plain),
            ("#,##0.00\\ \"jours\"", Style::Plain),
            ("0.00E+00", Style::Plain),
            ("[Red]-0", Style::Plain),
            ("00000", Style::Padded(5)),
            ("dd/mm/yyyy", Style::Date),
            ("[$-40C]d\\ mmmm\\ yyyy;@", Style::Date),
            ("mmm-yy", Style::Date),
            ("hh:mm", Style::Hour),
            ("[h]:mm:ss", Style::Hour),
        ] {
            assert_eq!(Style::of_code(code), style, "{code}");
        }
        assert_eq!(
            (Style::built_in(14), Style::built_in(0), Style::built_in(20)),
            (Style::Date, Style::Plain, Style::Hour)
        );
    }
}
