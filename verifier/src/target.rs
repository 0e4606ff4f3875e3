//! What a typed, scanned or pasted text is, and where it leads.

use url::Url;
use web::codes::{Code, CodeFault, Kind};
use web::tokens::LinkToken;
use web::{Origin, Site};

/// Longest address followed.
const LONGEST: usize = 2_000;

/// Where a text leads.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// A showing or a share of ours: what stands after `/v/`.
    Ours(String),
    /// A slip, a card: good, but elsewhere.
    Belongs(Kind),
    /// An address of our houses that shows no badge to check.
    OurPage,
    /// An address elsewhere, to be read through the door.
    Elsewhere(String),
    /// An address that is not https.
    NotHttps,
    /// Nothing that leads anywhere.
    Nothing,
}

/// What a code, a link token, or an address is. Any case, as QR codes write addresses in upper case.
pub(crate) fn read(text: &str, site: &Site) -> Target {
    let text = text.trim();
    if text.is_empty() || text.len() > LONGEST {
        return Target::Nothing;
    }
    if let Some(target) = token(text) {
        return target;
    }
    let Ok(url) = Url::parse(text) else { return Target::Nothing };
    if site.houses.all().into_iter().any(|house| is_at(&url, house)) {
        return ours(&url, site);
    }
    match url.scheme() {
        "https" if url.username().is_empty() && url.password().is_none() => Target::Elsewhere(url.into()),
        "http" | "https" => Target::NotHttps,
        _ => Target::Nothing,
    }
}

/// A bare code or link token.
pub(crate) fn token(text: &str) -> Option<Target> {
    if let Some(token) = LinkToken::parse(text) {
        return Some(Target::Ours(token.as_str().to_owned()));
    }
    match Code::parse_as(&[Kind::Showing, Kind::Share], text) {
        Ok(code) => Some(Target::Ours(code.as_str().to_owned())),
        Err(CodeFault::Other(kind)) => Some(Target::Belongs(kind)),
        Err(_) => None,
    }
}

fn ours(url: &Url, site: &Site) -> Target {
    let mut segments = url.path_segments().into_iter().flatten().filter(|segment| !segment.is_empty());
    let first = segments.next().unwrap_or_default().to_ascii_lowercase();
    match (first.as_str(), segments.next()) {
        ("v", Some(rest)) if is_at(url, &site.houses.verifier) => match token(rest) {
            Some(target @ Target::Ours(_)) => target,
            _ => Target::OurPage,
        },
        ("r" | "claims", Some(_)) => Target::Belongs(Kind::Slip),
        ("c", Some(_)) => Target::Belongs(Kind::Card),
        // The badge's own address: the issuer answers what this link may see.
        ("badges", Some(_)) if is_at(url, &site.houses.issuer) => Target::Elsewhere(url.to_string()),
        _ => Target::OurPage,
    }
}

/// Host and port decide: a QR in upper case, a link without its scheme's `s`, are the same place.
fn is_at(url: &Url, origin: &Origin) -> bool {
    url.host_str() == Some(origin.host()) && url.port() == origin.port() && matches!(url.scheme(), "http" | "https")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site() -> Site {
        Site::demo(Origin::parse("http://localhost:8080").expect("an origin"))
    }

    #[test]
    fn texts_lead_where_they_should() {
        let site = site();
        let share = Code::derive(Kind::Share, &[7; 32]);
        let showing = Code::derive(Kind::Showing, &[7; 32]);
        let slip = Code::derive(Kind::Slip, &[7; 32]);
        let card = Code::derive(Kind::Card, &[7; 32]);
        let token = LinkToken::derive(&[7; 32]);
        let ours = |text: &str| Target::Ours(text.to_owned());
        let rows = [
            (format!(" {} ", showing.grouped().to_lowercase()), ours(showing.as_str())),
            (share.grouped(), ours(share.as_str())),
            (token.as_str().to_lowercase(), ours(token.as_str())),
            (slip.grouped(), Target::Belongs(Kind::Slip)),
            (card.grouped(), Target::Belongs(Kind::Card)),
            (format!("HTTP://LOCALHOST:8080/V/{}", token.as_str()), ours(token.as_str())),
            (format!("http://localhost:8080/v/{}/", share.as_str()), ours(share.as_str())),
            (format!("http://localhost:8080/R/{}", token.as_str()), Target::Belongs(Kind::Slip)),
            (format!("http://localhost:8080/c/{}", card.as_str()), Target::Belongs(Kind::Card)),
            ("http://localhost:8080/v/RIEN".to_owned(), Target::OurPage),
            ("http://localhost:8080/".to_owned(), Target::OurPage),
            ("https://badges.example.org/1".to_owned(), Target::Elsewhere("https://badges.example.org/1".to_owned())),
            ("http://badges.example.org/1".to_owned(), Target::NotHttps),
            ("https://moi:secret@example.org/1".to_owned(), Target::NotHttps),
            ("javascript:alert(1)".to_owned(), Target::Nothing),
            ("bonjour".to_owned(), Target::Nothing),
            (String::new(), Target::Nothing),
            (format!("https://example.org/{}", "a".repeat(3_000)), Target::Nothing),
        ];
        for (text, target) in rows {
            assert_eq!(read(&text, &site), target, "{text}");
        }
    }
}
