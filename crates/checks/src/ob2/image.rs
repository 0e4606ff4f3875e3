//! The picture of a class: there, and PNG or SVG (rows C8, D2).

use badge_schemas::ob2::{Assertion, BadgeClass, values};

use crate::ask::Ask;
use crate::codes;
use crate::need::{Need, Unanswered};
use crate::report::{Check, Outcome};
use crate::sheet::Sheet;

/// How far into a file the first element of a picture is looked for.
const SVG_HEAD: usize = 4096;

pub(super) async fn examine(ask: &Ask, assertion: &Assertion, class: &BadgeClass, sheet: &mut Sheet) {
    let id = |image: &Option<badge_schemas::ob2::Image>| image.as_ref().and_then(|image| image.id.clone());
    let Some(url) = id(&class.image) else { return };
    if id(&assertion.image).as_ref() == Some(&url) {
        // The picture of an assertion is the baked one (pitfall 17).
        sheet.note(Check::Schema, Outcome::Noted, codes::OB2_IMAGE_OF_CLASS, None);
    }
    if !values::is_url(&url) {
        return;
    }
    match ask.need(Need::Hosted { url }).await {
        Ok(answer) if answer.gone => sheet.failed(Check::Schema, codes::OB2_IMAGE_MISSING, Some("gone".to_owned())),
        Ok(answer) if is_picture(&answer.body) => {}
        Ok(_) => sheet.failed(Check::Schema, codes::OB2_IMAGE_NOT_PNG_OR_SVG, None),
        Err(why @ Unanswered::NotFound) => {
            sheet.failed(Check::Schema, codes::OB2_IMAGE_MISSING, Some(why.code().to_owned()));
        }
        Err(why) => sheet.unchecked(Check::Schema, codes::OB2_IMAGE_UNANSWERED, Some(why.code().to_owned())),
    }
}

/// By its first bytes: what a server calls it proves nothing.
fn is_picture(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(SVG_HEAD)];
    bytes.starts_with(b"\x89PNG\r\n\x1a\n") || is_svg(&String::from_utf8_lossy(head))
}

/// Whether the first element is `svg`: a page that shows one is a page.
fn is_svg(head: &str) -> bool {
    let mut rest = head.trim_start_matches('\u{feff}').trim_start();
    loop {
        let end = match rest {
            _ if rest.starts_with("<?") => "?>",
            _ if rest.starts_with("<!--") => "-->",
            // Its internal subset, if any, ends so.
            _ if rest.starts_with("<!DOCTYPE") => {
                if rest.find('[').is_some_and(|open| rest.find('>').is_some_and(|close| open < close)) {
                    "]>"
                } else {
                    ">"
                }
            }
            _ => break,
        };
        let Some((_, after)) = rest.split_once(end) else { return false };
        rest = after.trim_start();
    }
    let name =
        rest.strip_prefix('<').and_then(|tag| tag.split(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).next());
    name.is_some_and(|name| name.rsplit_once(':').map_or(name, |(_, local)| local) == "svg")
}
