//! The shapes of single values.

use crate::dates;

/// An absolute IRI: a scheme, something after it, no character that ends an IRI in N-Quads.
/// A relative id would be read against nobody knows what, and some engines drop it from the signature in silence.
pub(crate) fn is_absolute_iri(text: &str) -> bool {
    is_plain_address(text) || is_any_absolute_iri(text)
}

/// An address of which one sees without reading it as a URL that it is one: nearly all are.
fn is_plain_address(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")) else { return false };
    let end = rest.bytes().position(|b| matches!(b, b'/' | b'?' | b'#')).unwrap_or(rest.len());
    let (host, rest) = rest.split_at(end);
    let mut last_begins = 0;
    let labels = host.split('.').all(|label| {
        last_begins = label.bytes().next().unwrap_or_default();
        // What begins with `xn--` is written in another alphabet, and may be so wrongly.
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !label.starts_with("xn--")
    });
    // What ends with a number is an IP address, perhaps a wrong one.
    labels && host.len() <= 253 && last_begins.is_ascii_lowercase() && rest.bytes().all(is_plain)
}

/// A visible ASCII character that may stand in an IRI.
const fn is_plain(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'<' | b'>' | b'"' | b'{' | b'}' | b'|' | b'\\' | b'^' | b'`')
}

fn is_any_absolute_iri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else {
        return false;
    };
    let scheme_is_right = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    let rest_is_right = match scheme {
        "http" | "https" => url::Url::parse(text).is_ok() && rest.starts_with("//"),
        _ => !rest.is_empty(),
    };
    let forbidden = |c: char| {
        c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '{' | '}' | '|' | '\\' | '^' | '`')
    };
    scheme_is_right && rest_is_right && (text.bytes().all(is_plain) || !text.chars().any(forbidden))
}

/// `DateTimeZ`: RFC 3339 with its offset (§B.4).
pub(crate) fn is_date_time_z(text: &str) -> bool {
    dates::parse_instant(text).is_some()
}

/// A calendar date, `1998-02-28` (RFC 3339 `full-date`).
pub(crate) fn is_date(text: &str) -> bool {
    text.len() == 10 && dates::parse_instant(&format!("{text}T00:00:00Z")).is_some()
}

/// A language tag as `inLanguage` wants it: `fr`, `fr-FR`, `zh-Hans-CN`, `es-419`.
pub(crate) fn is_language(text: &str) -> bool {
    let mut parts = text.split('-').peekable();
    let language =
        parts.next().is_some_and(|l| (2..=4).contains(&l.len()) && l.bytes().all(|b| b.is_ascii_lowercase()));
    if parts.peek().is_some_and(|p| p.len() == 4) {
        let script = parts.next().unwrap_or_default().as_bytes();
        if !script[0].is_ascii_uppercase() || !script[1..].iter().all(u8::is_ascii_lowercase) {
            return false;
        }
    }
    let region = parts.next().is_none_or(|r| match r.len() {
        2 => r.bytes().all(|b| b.is_ascii_uppercase()),
        3 => r.bytes().all(|b| b.is_ascii_digit()),
        _ => false,
    });
    language && region && parts.next().is_none()
}

/// Three base64url parts; the middle one may be empty (detached).
pub(crate) fn is_compact_jws(text: &str) -> bool {
    let parts: Vec<&str> = text.splitn(4, '.').collect();
    let base64url = |p: &str| p.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    parts.len() == 3 && parts.iter().all(|p| base64url(p)) && !parts[0].is_empty() && !parts[2].is_empty()
}

/// `ext:` and a name. The official pattern is not anchored and takes `zz ext:a`; ours is.
pub(crate) fn is_extension_term(text: &str) -> bool {
    text.strip_prefix("ext:").is_some_and(|name| {
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
    })
}

/// `sha256$` or `md5$` and as many hexadecimal digits as the algorithm gives (§B.1.12).
pub(crate) fn is_identity_hash(text: &str) -> bool {
    let Some((algorithm, hex)) = text.split_once('$') else {
        return false;
    };
    let length = match algorithm {
        "sha256" => 64,
        "md5" => 32,
        _ => return false,
    };
    hex.len() == length && hex.bytes().all(|b| b.is_ascii_hexdigit())
}

/// `…/ob/v3p0/context.json` or `…/context-3.0.3.json`, any 3.x.y.
pub(crate) fn is_ob_context(text: &str) -> bool {
    is_versioned(text, "https://purl.imsglobal.org/spec/ob/v3p0/context", "-3.")
}

/// `…/clr/v2p0/context.json` or `…/context-2.0.1.json`, any 2.x.y.
pub(crate) fn is_clr_context(text: &str) -> bool {
    is_versioned(text, "https://purl.imsglobal.org/spec/clr/v2p0/context", "-2.")
}

fn is_versioned(text: &str, base: &str, major: &str) -> bool {
    let Some(version) = text.strip_prefix(base).and_then(|rest| rest.strip_suffix(".json")) else {
        return false;
    };
    let digits = |d: &str| !d.is_empty() && d.bytes().all(|b| b.is_ascii_digit());
    version.is_empty()
        || version.strip_prefix(major).and_then(|v| v.split_once('.')).is_some_and(|(a, b)| digits(a) && digits(b))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn plain_addresses_are_seen_at_once_and_odd_ones_are_not() {
        for plain in ["https://a.example", "http://a-b.c1.example/x?y#z", "https://localhost/%zz"] {
            assert!(is_plain_address(plain) && is_any_absolute_iri(plain), "{plain}");
        }
        for odd in [
            "https://",
            "https:///x",
            "https://a..b",
            "https://xn--a/",
            "https://1.2.3.4/",
            "https://1.2.3.400/",
            "https://A/",
            "https://a:b/",
            "https://é/",
            "https://a/é",
            "urn:a",
            "https://a/<",
            "https://a.0x1",
        ] {
            assert!(!is_plain_address(odd), "{odd}");
        }
    }

    proptest! {
        #[test]
        fn what_is_seen_at_once_is_seen_at_length(text in "https?://[a-z0-9.-]{0,12}(\\.[a-z0-9-]{0,5}|xn--[a-z0-9]{0,6}|:[0-9]{0,6}|@a)?([/?#]\\PC{0,12})?|[a-zA-Z:/.0-9]{0,24}|\\PC{0,20}") {
            prop_assert!(!is_plain_address(&text) || is_any_absolute_iri(&text), "{text}");
        }
    }
}
