//! The shapes of single values (2.0 §Primitive datatypes).

use time::{Date, Month, OffsetDateTime, Time, UtcOffset};
use url::{Host, Url};

/// An instant of 2.0: `2016-12-31T23:59Z`, `…T23:59:59.5+01`, `…+0100`, `…+01:00`. Date, time and zone are mandatory;
/// seconds and their fraction are not.
pub fn parse_date_time(text: &str) -> Option<OffsetDateTime> {
    let (date, rest) = text.split_at_checked(10)?;
    let date = parse_date(date)?;
    let rest = rest.strip_prefix('T')?;
    let zone = rest.find(['Z', '+', '-'])?;
    let (clock, zone) = rest.split_at(zone);
    Some(date.with_time(parse_clock(clock)?).assume_offset(parse_zone(zone)?))
}

/// As [`parse_date_time`], and what 0.5 to 1.1 wrote: a Unix timestamp in seconds, as text, or a day, which is its
/// midnight in UTC.
pub fn parse_date_time_v1(text: &str) -> Option<OffsetDateTime> {
    if let Some(date) = parse_date(text) {
        return Some(date.midnight().assume_utc());
    }
    let digits = text.split('.').next()?;
    if text.bytes().all(|b| b.is_ascii_digit() || b == b'.') && (1..=11).contains(&digits.len()) {
        return OffsetDateTime::from_unix_timestamp(digits.parse().ok()?).ok();
    }
    parse_date_time(text)
}

/// `2016-12-31`.
fn parse_date(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let month = Month::try_from(digits::<u8>(&text[5..7])?).ok()?;
    Date::from_calendar_date(i32::from(digits::<u16>(&text[..4])?), month, digits(&text[8..])?).ok()
}

fn parse_clock(text: &str) -> Option<Time> {
    let (minutes, seconds) = match text.len() {
        5 => (text, None),
        8.. => (text.get(..5)?, Some(text.get(5..)?.strip_prefix(':')?)),
        _ => return None,
    };
    let (hour, minute) = minutes.split_once(':')?;
    let (hour, minute) = (two(hour)?, two(minute)?);
    let Some(seconds) = seconds else { return Time::from_hms(hour, minute, 0).ok() };
    let (seconds, nanoseconds) = match seconds.split_once('.') {
        None => (seconds, 0),
        Some((seconds, fraction)) => {
            let kept = fraction.get(..fraction.len().min(9)).filter(|f| !f.is_empty())?;
            if !fraction.bytes().all(|b| b.is_ascii_digit()) {
                return None;
            }
            let scale = 10_u32.pow(9 - u32::try_from(kept.len()).ok()?);
            (seconds, digits::<u32>(kept)? * scale)
        }
    };
    Time::from_hms_nano(hour, minute, two(seconds)?, nanoseconds).ok()
}

fn parse_zone(text: &str) -> Option<UtcOffset> {
    if text == "Z" {
        return Some(UtcOffset::UTC);
    }
    let (sign, rest) = if let Some(rest) = text.strip_prefix('+') { (1, rest) } else { (-1, text.strip_prefix('-')?) };
    let (hours, minutes) = match rest.len() {
        2 => (two(rest)?, 0),
        4 => (two(rest.get(..2)?)?, two(rest.get(2..)?)?),
        5 => rest.split_once(':').and_then(|(h, m)| Some((two(h)?, two(m)?)))?,
        _ => return None,
    };
    if hours > 23 || minutes > 59 {
        return None;
    }
    let signed = |n: u8| i8::try_from(n).ok().map(|n| n * sign);
    UtcOffset::from_hms(signed(hours)?, signed(minutes)?, 0).ok()
}

fn two(text: &str) -> Option<u8> {
    if text.len() == 2 { digits(text) } else { None }
}

fn digits<T: std::str::FromStr>(text: &str) -> Option<T> {
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

/// An IRI that is known to work: an http(s) URL, `urn:uuid:` of versions 1 to 5, or a blank node.
pub fn is_iri(text: &str) -> bool {
    is_url(text) || is_urn_uuid(text) || is_blank(text)
}

/// An absolute http(s) URL with a host and without a blank or control character.
pub fn is_url(text: &str) -> bool {
    let forbidden =
        |c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '{' | '}' | '\\' | '^' | '`');
    let bytes = text.as_bytes();
    let scheme = bytes.len() > 8
        && (bytes[..7].eq_ignore_ascii_case(b"http://") || bytes[..8].eq_ignore_ascii_case(b"https://"));
    scheme && !text.chars().any(forbidden) && Url::parse(text).is_ok_and(|url| url.has_host())
}

/// `urn:uuid:` and a UUID of versions 1 to 5 (the reference validator refuses the later ones).
pub fn is_urn_uuid(text: &str) -> bool {
    let Some((prefix, uuid)) = text.split_at_checked(9) else { return false };
    let bytes = uuid.as_bytes();
    prefix.eq_ignore_ascii_case("urn:uuid:")
        && bytes.len() == 36
        && bytes.iter().enumerate().all(|(i, b)| match i {
            8 | 13 | 18 | 23 => *b == b'-',
            14 => (b'1'..=b'5').contains(b),
            19 => matches!(b, b'8' | b'9' | b'a' | b'b' | b'A' | b'B'),
            _ => b.is_ascii_hexdigit(),
        })
}

/// Whether two ids are one: as text, as UUIDs without regard to case (RFC 9562 §4), or once normalised as every client
/// does with an address before it asks.
pub fn same_iri(a: &str, b: &str) -> bool {
    a == b
        || (is_urn_uuid(a) && a.eq_ignore_ascii_case(b))
        || matches!((Url::parse(a), Url::parse(b)), (Ok(a), Ok(b)) if a == b)
}

/// A blank node, `_:b0`.
pub fn is_blank(text: &str) -> bool {
    text.strip_prefix("_:").is_some_and(|label| !label.is_empty())
}

/// `a@b`, without white space.
pub fn is_email(text: &str) -> bool {
    let mut parts = text.split('@');
    let mut part = || parts.next().is_some_and(|p| !p.is_empty() && !p.contains(char::is_whitespace));
    part() && part() && parts.next().is_none()
}

/// E.164, with an extension perhaps: `+33235525600`, `+33235525600;ext=12`.
pub fn is_telephone(text: &str) -> bool {
    let (number, extension) = text.split_once(";ext=").map_or((text, None), |(n, e)| (n, Some(e)));
    let number = number.strip_prefix('+').unwrap_or(number);
    let all_digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    (2..=15).contains(&number.len())
        && all_digits(number)
        && !number.starts_with('0')
        && extension.is_none_or(all_digits)
}

/// `sha256$` or `md5$` and as many hexadecimal digits as the algorithm gives, upper or lower case.
pub fn is_identity_hash(text: &str) -> bool {
    let Some((algorithm, hex)) = text.split_once('$') else { return false };
    let length = match algorithm {
        "sha256" => 64,
        "md5" => 32,
        _ => return false,
    };
    hex.len() == length && hex.bytes().all(|b| b.is_ascii_hexdigit())
}

/// A BCP 47 tag by its grammar: `fr`, `en-us`, `zh-hant-tw`, `de-ch-1996`, `x-normand`.
pub fn is_language(text: &str) -> bool {
    let mut parts = text.split('-');
    let plain = |p: &str, least: usize| (least..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric());
    let first = parts.next().unwrap_or_default();
    let private = matches!(first, "x" | "X" | "i" | "I");
    let language = (2..=8).contains(&first.len()) && first.bytes().all(|b| b.is_ascii_alphabetic());
    (language || (private && text.len() > 2)) && parts.all(|p| plain(p, 1))
}

/// A registered name as `allowedOrigins` takes it: no scheme, port, path, address or `localhost`.
pub fn is_host_name(text: &str) -> bool {
    let label = |l: &str| {
        !l.is_empty()
            && l.len() <= 63
            && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !l.starts_with('-')
            && !l.ends_with('-')
    };
    text.len() <= 253
        && text.contains('.')
        && text.split('.').all(label)
        && Host::parse(text).is_ok_and(|host| matches!(host, Host::Domain(_)))
}

/// The media type that a `data:` URI declares, in lower case; `None` for any other text.
pub fn data_media_type(text: &str) -> Option<String> {
    let head = text.get(..5)?.eq_ignore_ascii_case("data:").then(|| text.get(5..))??;
    let end = head.find([';', ','])?;
    Some(head.get(..end)?.to_lowercase())
}
