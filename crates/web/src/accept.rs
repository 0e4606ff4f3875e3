use http::{HeaderMap, header};

/// Whether this caller asks for JSON rather than a page: some JSON type is named, and not below HTML.
///
/// Browsers name HTML; `*/*` or no header at all gets the page.
pub fn wants_json(headers: &HeaderMap) -> bool {
    let ranges = ranges(headers);
    let json = ranges.iter().filter(|range| is_json(&range.media)).map(|range| range.q).max().unwrap_or(0);
    json > 0 && json >= html(&ranges)
}

/// Whether this caller names HTML, and no JSON above it: a browser.
///
/// For addresses that programs read first: `*/*` or no header at all gets the data.
pub fn wants_page(headers: &HeaderMap) -> bool {
    html(&ranges(headers)) > 0 && !wants_json(headers)
}

/// Whether this media type is named by the caller (not by a wildcard), with a weight not below HTML's.
pub fn accepts(headers: &HeaderMap, media: &str) -> bool {
    let ranges = ranges(headers);
    let named = ranges.iter().filter(|range| range.media == media).map(|range| range.q).max().unwrap_or(0);
    named > 0 && named >= html(&ranges)
}

struct Range {
    media: String,
    /// Thousandths.
    q: u16,
}

/// The weight of HTML when it is named; a wildcard does not make a caller a browser.
fn html(ranges: &[Range]) -> u16 {
    let named = |range: &&Range| matches!(&*range.media, "text/html" | "application/xhtml+xml" | "text/*");
    ranges.iter().filter(named).map(|range| range.q).max().unwrap_or(0)
}

fn is_json(media: &str) -> bool {
    media == "application/json" || media.strip_prefix("application/").is_some_and(|rest| rest.ends_with("+json"))
}

fn ranges(headers: &HeaderMap) -> Vec<Range> {
    headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|part| {
            let mut pieces = part.split(';').map(str::trim);
            let media = pieces.next().filter(|media| !media.is_empty())?.to_ascii_lowercase();
            let q = pieces.find_map(|p| p.strip_prefix("q=").or_else(|| p.strip_prefix("Q="))).map_or(1000, weight);
            Some(Range { media, q })
        })
        .collect()
}

/// A weight in thousandths; nonsense counts as zero (RFC 9110 §12.4.2 has at most three decimals).
fn weight(text: &str) -> u16 {
    let (whole, decimals) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if decimals.len() > 3 || !digits(decimals) {
        return 0;
    }
    match whole {
        "1" => 1000,
        "0" => format!("{decimals:0<3}").parse().unwrap_or(0),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(accept: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, accept.parse().unwrap());
        headers
    }

    #[test]
    fn browsers_get_pages() {
        for accept in [
            "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
            "*/*",
            "text/html;q=0.9, application/json;q=0.8",
            "application/json;q=0",
            "text/plain",
            ";;,,q=",
        ] {
            assert!(!wants_json(&with(accept)), "{accept}");
        }
        assert!(!wants_json(&HeaderMap::new()));
    }

    #[test]
    fn programs_get_json() {
        for accept in [
            "application/json",
            "application/did+json, */*;q=0.1",
            "application/vc+ld+json",
            "application/json;q=0.9, text/html;q=0.8",
            "Application/JSON; charset=utf-8; q=0.5",
            "application/problem+json",
        ] {
            assert!(wants_json(&with(accept)), "{accept}");
        }
    }

    #[test]
    fn only_those_who_name_html_are_browsers() {
        assert!(wants_page(&with("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")));
        for accept in ["*/*", "application/ld+json, application/json, image/png, image/svg+xml", "image/png", "q"] {
            assert!(!wants_page(&with(accept)), "{accept}");
        }
        assert!(!wants_page(&HeaderMap::new()));
    }

    #[test]
    fn one_type_by_name() {
        assert!(accepts(&with("application/did+json"), "application/did+json"));
        assert!(!accepts(&with("*/*"), "application/did+json"));
        assert!(!accepts(&with("application/json"), "application/did+json"));
    }
}
