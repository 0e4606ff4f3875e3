//! One pass over an SVG: where its start tag is, and where the badges are. Nothing is expanded and nothing is built.

use std::ops::Range;

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesRef, Event};

use super::{MAX_BYTES, MAX_DEPTH, PREFIX};
use crate::baking::{BakeFault, Keyword};

const SVG: &str = "http://www.w3.org/2000/svg";
/// Attributes of one element, and namespaces declared at one place of the document.
const MAX_DECLARED: usize = 256;

/// What the pass found. Places are bytes of `document`, the text without its byte order mark.
pub(super) struct Scan<'a> {
    pub document: &'a str,
    pub root: Root<'a>,
    pub badges: Vec<Badge>,
}

pub(super) struct Root<'a> {
    /// The start tag, `<` to `>`.
    pub tag: Range<usize>,
    /// Name with its prefix.
    pub name: &'a str,
    /// `<svg/>`.
    pub empty: bool,
    /// Value of `xmlns:openbadges`, between the quotes.
    pub prefix_bound: Option<Range<usize>>,
}

pub(super) struct Badge {
    pub keyword: Keyword,
    /// Start tag to end tag.
    pub span: Range<usize>,
    pub verify: Option<String>,
    pub body: String,
}

pub(super) fn scan(picture: &[u8]) -> Result<Scan<'_>, BakeFault> {
    if picture.len() > MAX_BYTES {
        return Err(BakeFault::TooLarge);
    }
    let text = std::str::from_utf8(picture).map_err(|_| BakeFault::SvgMalformed)?;
    let document = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader::from_str(document);
    reader.config_mut().enable_all_checks(true);
    let mut pass = Pass { document, depth: 0, namespaces: Vec::new(), root: None, badges: Vec::new(), inside: None };
    loop {
        let start = place(&reader);
        let event = reader.read_event().map_err(|_| BakeFault::SvgMalformed)?;
        let span = start..place(&reader);
        match event {
            Event::Start(_) => pass.start(span, false)?,
            Event::Empty(_) => pass.start(span, true)?,
            Event::End(_) => pass.end(span.end),
            Event::Text(text) => pass.text(&text)?,
            Event::CData(text) => pass.cdata(&text)?,
            Event::GeneralRef(reference) => pass.reference(&reference)?,
            Event::DocType(_) => return Err(BakeFault::SvgEntities),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof => break,
        }
    }
    match pass.root {
        None => Err(BakeFault::NotSvg),
        Some(_) if pass.depth > 0 => Err(BakeFault::SvgMalformed),
        Some(root) => Ok(Scan { document, root, badges: pass.badges }),
    }
}

struct Pass<'a> {
    document: &'a str,
    depth: usize,
    /// Depth where it was declared, prefix, address.
    namespaces: Vec<(usize, &'a str, String)>,
    root: Option<Root<'a>>,
    badges: Vec<Badge>,
    /// The badge being read: it is the element at this depth.
    inside: Option<(usize, Badge)>,
}

impl<'a> Pass<'a> {
    fn start(&mut self, tag: Range<usize>, empty: bool) -> Result<(), BakeFault> {
        // A badge is text: elements in it belong to no standard.
        if self.inside.is_some() || (self.depth == 0 && self.root.is_some()) {
            return Err(BakeFault::SvgMalformed);
        }
        if self.depth == MAX_DEPTH {
            return Err(BakeFault::SvgTooComplex);
        }
        self.depth += 1;
        let element = Element::read(self.document, tag)?;
        for (name, value) in &element.attributes {
            let prefix = if *name == "xmlns" { "" } else { name.strip_prefix("xmlns:").unwrap_or("-") };
            if prefix == "-" {
                continue;
            }
            if self.namespaces.len() == MAX_DECLARED {
                return Err(BakeFault::SvgTooComplex);
            }
            self.namespaces.push((self.depth, prefix, self.value(value)?));
        }
        let (prefix, local) = element.name.split_once(':').unwrap_or(("", element.name));
        if self.root.is_none() {
            let namespace = self.namespace(prefix);
            if local != "svg" || namespace.is_some_and(|n| n != SVG) {
                return Err(BakeFault::NotSvg);
            }
            let prefix_bound = element.attribute(&format!("xmlns:{PREFIX}"));
            self.root = Some(Root { tag: element.tag, name: element.name, empty, prefix_bound });
        } else if matches!(local, "assertion" | "credential") {
            let namespace = self.namespace(prefix);
            let known = |k: &Keyword| k.element() == local && Some(k.namespace()) == namespace;
            if let Some(keyword) = Keyword::ALL.into_iter().find(known) {
                let verify = element.attribute("verify").map(|value| self.value(&value)).transpose()?;
                let badge = Badge { keyword, span: element.tag, verify, body: String::new() };
                self.inside = Some((self.depth, badge));
            }
        }
        if empty {
            let end = self.inside.as_ref().map_or(0, |(_, badge)| badge.span.end);
            self.end(end);
        }
        Ok(())
    }

    fn end(&mut self, place: usize) {
        if let Some((_, mut badge)) = self.inside.take_if(|(depth, _)| *depth == self.depth) {
            badge.span.end = place;
            self.badges.push(badge);
        }
        while self.namespaces.pop_if(|(depth, ..)| *depth == self.depth).is_some() {}
        // The reader has matched every end tag with its start tag.
        self.depth = self.depth.saturating_sub(1);
    }

    fn text(&mut self, text: &str) -> Result<(), BakeFault> {
        if self.depth == 0 && !text.trim().is_empty() {
            return Err(if self.root.is_none() { BakeFault::NotSvg } else { BakeFault::SvgMalformed });
        }
        if let Some((_, badge)) = &mut self.inside {
            badge.body.push_str(text);
        }
        Ok(())
    }

    fn cdata(&mut self, text: &str) -> Result<(), BakeFault> {
        if self.depth == 0 {
            return Err(BakeFault::SvgMalformed);
        }
        if let Some((_, badge)) = &mut self.inside {
            badge.body.push_str(text);
        }
        Ok(())
    }

    /// `&amp;` and the like, `&#233;`; without a document type there is no other.
    fn reference(&mut self, reference: &BytesRef<'_>) -> Result<(), BakeFault> {
        let character = match reference.resolve_char_ref().map_err(|_| BakeFault::SvgMalformed)? {
            Some(character) => character,
            None => match &**reference {
                "lt" => '<',
                "gt" => '>',
                "amp" => '&',
                "apos" => '\'',
                "quot" => '"',
                _ => return Err(BakeFault::SvgEntities),
            },
        };
        if let Some((_, badge)) = &mut self.inside {
            badge.body.push(character);
        }
        Ok(())
    }

    fn namespace(&self, prefix: &str) -> Option<&str> {
        self.namespaces.iter().rev().find(|(_, p, _)| *p == prefix).map(|(.., n)| n.as_str()).filter(|n| !n.is_empty())
    }

    fn value(&self, place: &Range<usize>) -> Result<String, BakeFault> {
        unescape(&self.document[place.clone()]).map(Into::into).map_err(|_| BakeFault::SvgEntities)
    }
}

/// A start tag, cut in its parts.
struct Element<'a> {
    tag: Range<usize>,
    name: &'a str,
    /// Name, and place of the value between its quotes.
    attributes: Vec<(&'a str, Range<usize>)>,
}

impl<'a> Element<'a> {
    fn read(document: &'a str, tag: Range<usize>) -> Result<Self, BakeFault> {
        let wrong = BakeFault::SvgMalformed;
        let text = &document[tag.clone()];
        let inner = text.strip_prefix('<').and_then(|t| t.strip_suffix('>')).ok_or(wrong)?;
        let inner = inner.strip_suffix('/').unwrap_or(inner);
        let blank = |c: char| matches!(c, ' ' | '\t' | '\r' | '\n');
        let name = &inner[..inner.find(blank).unwrap_or(inner.len())];
        let mut attributes: Vec<(&str, Range<usize>)> = Vec::new();
        let mut rest = &inner[name.len()..];
        loop {
            let trimmed = rest.trim_start_matches(blank);
            if trimmed.is_empty() {
                break;
            }
            // Attributes are parted by white space.
            let (attribute, after) = trimmed.split_once('=').filter(|_| trimmed.len() < rest.len()).ok_or(wrong)?;
            let attribute = attribute.trim_end_matches(blank);
            let after = after.trim_start_matches(blank);
            let quote = after.chars().next().filter(|c| matches!(c, '"' | '\'')).ok_or(wrong)?;
            let (value, after) = after[1..].split_once(quote).ok_or(wrong)?;
            if attribute.is_empty() || attribute.contains(|c| blank(c) || matches!(c, '"' | '\'' | '<' | '&')) {
                return Err(wrong);
            }
            if attributes.len() == MAX_DECLARED {
                return Err(BakeFault::SvgTooComplex);
            }
            let end = tag.start + 1 + inner.len() - after.len() - 1;
            attributes.push((attribute, end - value.len()..end));
            rest = after;
        }
        let mut names: Vec<&str> = attributes.iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        if names.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(wrong);
        }
        Ok(Self { tag, name, attributes })
    }

    fn attribute(&self, name: &str) -> Option<Range<usize>> {
        self.attributes.iter().find(|(n, _)| *n == name).map(|(_, value)| value.clone())
    }
}

fn place(reader: &Reader<&[u8]>) -> usize {
    // The document is in memory: its length is a usize.
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}
