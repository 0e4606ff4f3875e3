//! SVG: one element in the badge's namespace, directly after the `<svg>` tag (Open Badges 3.0 §5.3.2; Badge Baking 2.0).

mod scan;

use serde_json::Value;

use super::{BakeFault, Keyword, Unbaked, bakeable};
use crate::carrier::Form;
use crate::json;
use scan::{Scan, scan};

/// Largest SVG read, in bytes.
pub const MAX_BYTES: usize = 4 * 1024 * 1024;
/// Deepest nesting read.
pub const MAX_DEPTH: usize = 256;

const PREFIX: &str = "openbadges";

/// The picture with the badge in it: the namespace declared on `<svg>`, the element directly after that tag, every
/// other byte as it was. A badge already there, of any of the standards, is replaced.
///
/// A JWS goes to the attribute `verify`, JSON to a CDATA section; a 2.0 JSON badge also has its address in `verify`.
pub fn bake(picture: &[u8], keyword: Keyword, text: &str) -> Result<Vec<u8>, BakeFault> {
    let element = element(keyword, text, bakeable(text)?)?;
    let Scan { document, root, badges } = scan(picture)?;
    let mut baked = String::with_capacity(picture.len() + element.len() + 128);
    if picture.starts_with("\u{feff}".as_bytes()) {
        baked.push('\u{feff}');
    }
    baked.push_str(&document[..root.tag.start]);
    let tag_end = root.tag.end - if root.empty { 2 } else { 1 };
    if let Some(value) = root.prefix_bound {
        if !Keyword::ALL.iter().any(|keyword| keyword.namespace() == &document[value.clone()]) {
            return Err(BakeFault::SvgPrefix);
        }
        baked.push_str(&document[root.tag.start..value.start]);
        baked.push_str(keyword.namespace());
        baked.push_str(&document[value.end..tag_end]);
    } else {
        let name_end = root.tag.start + 1 + root.name.len();
        baked.push_str(&document[root.tag.start..name_end]);
        baked.extend([" xmlns:", PREFIX, "=\"", keyword.namespace(), "\""]);
        baked.push_str(&document[name_end..tag_end]);
    }
    baked.push('>');
    baked.push_str(&element);
    if root.empty {
        baked.extend(["</", root.name, ">"]);
    }
    let mut from = root.tag.end;
    for badge in badges {
        baked.push_str(&document[from..badge.span.start]);
        from = badge.span.end;
    }
    baked.push_str(&document[from..]);
    // An element under our prefix that stood for nothing before is a badge now: one credential per document.
    if scan(baked.as_bytes())?.badges.len() != 1 {
        return Err(BakeFault::SvgPrefix);
    }
    Ok(baked.into_bytes())
}

/// The first badge in the picture, or `None`: found by namespace, whatever the prefix; its JSON if it has a body,
/// else the JWS or address in `verify`.
pub fn unbake(picture: &[u8]) -> Result<Option<Unbaked>, BakeFault> {
    let Some(badge) = scan(picture)?.badges.into_iter().next() else {
        return Ok(None);
    };
    let text = match (crate::carrier::trim(&badge.body), badge.verify.as_deref().map(crate::carrier::trim)) {
        ("", None | Some("")) => return Err(BakeFault::Empty),
        ("", Some(verify)) => verify,
        (body, _) => body,
    };
    if text.len() > json::MAX_BYTES {
        return Err(BakeFault::TextTooLarge);
    }
    Ok(Some(Unbaked { keyword: badge.keyword, text: text.to_owned() }))
}

fn element(keyword: Keyword, text: &str, form: Form) -> Result<String, BakeFault> {
    // Characters that JSON allows and XML 1.0 does not.
    if text.contains(['\u{fffe}', '\u{ffff}']) {
        return Err(BakeFault::NotABadge);
    }
    let name = keyword.element();
    if form == Form::Jws {
        return Ok(format!("<{PREFIX}:{name} verify=\"{}\"/>", crate::carrier::trim(text)));
    }
    let verify = if keyword == Keyword::OpenBadges2 {
        format!(" verify=\"{}\"", quick_xml::escape::escape(address(text)?))
    } else {
        String::new()
    };
    // `]]>` would end the section: it is cut in two (Badge Baking has no word on it; XML 1.0 §2.7 has).
    let body = text.replace("]]>", "]]]]><![CDATA[>");
    Ok(format!("<{PREFIX}:{name}{verify}><![CDATA[{body}]]></{PREFIX}:{name}>"))
}

/// Where a 2.0 badge is hosted: its `id`, or in 1.x `verify.url`.
fn address(text: &str) -> Result<String, BakeFault> {
    let badge: Value = json::parse_strict(text).map_err(|_| BakeFault::NotABadge)?;
    let places = [&badge["id"], &badge["verification"]["url"], &badge["verify"]["url"]];
    let mut addresses = places.into_iter().filter_map(Value::as_str);
    addresses.find(|a| Form::of(a) == Some(Form::Url)).map(str::to_owned).ok_or(BakeFault::NoAddress)
}
