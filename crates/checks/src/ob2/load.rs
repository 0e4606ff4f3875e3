//! Documents of 2.0: fetched, read strictly, and brought into the standard's own words.

use badge_schemas::json::parse_strict;
use badge_schemas::ob2::{Class, Document, Prepared, Rule, prepare, values};
use proofs::jsonld::{self, JsonLdFault};
use serde_json::Value;
use url::Url;

use super::Stop;
use crate::ask::Ask;
use crate::codes;
use crate::need::{Answer, Need};
use crate::report::{Check, Outcome};
use crate::sheet::Sheet;

/// Which object is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    Assertion,
    BadgeClass,
    Profile,
    Key,
    RevocationList,
}

impl Wanted {
    const fn class(self) -> Class {
        match self {
            Self::Assertion => Class::Assertion,
            Self::BadgeClass => Class::BadgeClass,
            Self::Profile => Class::Profile,
            Self::Key => Class::CryptographicKey,
            Self::RevocationList => Class::RevocationList,
        }
    }

    /// The check that cannot be made without it, and the code that says so.
    const fn missing(self) -> (Check, &'static str) {
        match self {
            Self::Assertion => (Check::Signature, codes::OB2_ASSERTION_UNANSWERED),
            Self::BadgeClass => (Check::Schema, codes::OB2_CLASS_UNANSWERED),
            Self::Profile => (Check::Key, codes::OB2_ISSUER_UNANSWERED),
            Self::Key => (Check::Key, codes::OB2_KEY_UNANSWERED),
            Self::RevocationList => (Check::Revocation, codes::OB2_LIST_UNANSWERED),
        }
    }
}

/// Why a document could not be read.
#[derive(Debug)]
pub(super) struct Unread {
    check: Check,
    outcome: Outcome,
    code: &'static str,
    detail: Option<String>,
}

impl Unread {
    pub(super) fn note(self, sheet: &mut Sheet) -> Stop {
        sheet.note(self.check, self.outcome, self.code, self.detail);
        Stop
    }

    /// Whether it is the JSON-LD that is not read, and not the JSON.
    pub(super) fn is_json_ld(&self) -> bool {
        self.check == Check::JsonLd
    }

    /// As the reason why the object looked for is not there.
    fn of(self, wanted: Wanted) -> Self {
        let (check, _) = wanted.missing();
        if self.check == Check::JsonLd { self } else { Self { check, ..self } }
    }
}

/// Brings JSON into the words of 2.0 (row A2).
pub(super) fn document(value: Value, class: Class, from: Option<&str>) -> Result<Document, Unread> {
    let unread = |check, code, detail: Option<String>| Unread { check, outcome: Outcome::CouldNotCheck, code, detail };
    let prepared = prepare(value, class, from).map_err(|fault| {
        debug_assert_eq!(fault.rule, Rule::NotAnObject);
        unread(Check::Format, codes::NOT_JSON, None)
    })?;
    if let Some(document) = Document::plain(&prepared) {
        return Ok(document);
    }
    let expanded = expand(&prepared).map_err(|(code, detail)| unread(Check::JsonLd, code, detail))?;
    Document::from_expanded(&prepared, &expanded)
        .map_err(|fault| unread(Check::JsonLd, codes::JSON_LD_FAULT, Some(fault.code().to_owned())))
}

/// Reads JSON bytes as a document.
pub(super) fn read(bytes: &[u8], class: Class, from: Option<&str>) -> Result<Document, Unread> {
    let unread = |code, detail| Unread { check: Check::Format, outcome: Outcome::CouldNotCheck, code, detail };
    let text = std::str::from_utf8(bytes).map_err(|_| unread(codes::OB2_NOT_JSON, None))?;
    let value = parse_strict(text).map_err(|fault| unread(codes::OB2_NOT_JSON, Some(fault.code().to_owned())))?;
    document(value, class, from)
}

/// What stands at an address; a reason why not is noted.
pub(super) async fn fetch(ask: &Ask, url: &str, wanted: Wanted, sheet: &mut Sheet) -> Result<Answer, Stop> {
    let need = match wanted {
        Wanted::RevocationList => Need::RevocationList { url: url.to_owned() },
        _ => Need::Hosted { url: url.to_owned() },
    };
    ask.need(need).await.map_err(|why| {
        let (check, code) = wanted.missing();
        sheet.unchecked(check, code, Some(why.code().to_owned()));
        Stop
    })
}

/// The document that an address declares to be its own. When it declares another id, that one is fetched, and only
/// that one is believed (row A11); a second change of mind is refused.
pub(super) async fn hosted(ask: &Ask, url: &str, wanted: Wanted, sheet: &mut Sheet) -> Result<Document, Stop> {
    let mut address = url.to_owned();
    for moved in [false, true] {
        let answer = fetch(ask, &address, wanted, sheet).await?;
        if answer.gone {
            let (check, code) = wanted.missing();
            sheet.unchecked(check, code, Some("gone".to_owned()));
            return Err(Stop);
        }
        let document =
            read(&answer.body, wanted.class(), Some(&address)).map_err(|unread| unread.of(wanted).note(sheet))?;
        match other_id(&document, &address) {
            None => return at_home(&answer, &address, wanted, sheet).map(|()| document),
            Some(other) if !moved => {
                sheet.note(Check::Format, Outcome::Noted, codes::OB2_ID_ELSEWHERE, Some(other.clone()));
                address = other;
            }
            Some(other) => {
                let (check, _) = wanted.missing();
                sheet.failed(check, codes::OB2_IDS_DIFFER, Some(other));
            }
        }
    }
    Err(Stop)
}

/// Whether what came from an address in the end may speak for it: a redirect that leaves its origin may be anybody's who
/// finds an open one there (row A11: such a document is believed for an address of its own alone).
pub(super) fn at_home(answer: &Answer, address: &str, wanted: Wanted, sheet: &mut Sheet) -> Result<(), Stop> {
    let found = found_at(answer, address);
    let origin = |url: &str| Url::parse(url).ok().map(|url| url.origin());
    if found == address || origin(&found) == origin(address) {
        return Ok(());
    }
    let (check, _) = wanted.missing();
    sheet.unchecked(check, codes::OB2_SENT_ELSEWHERE, Some(found));
    Err(Stop)
}

/// Where an answer came from in the end. That https was chosen instead of http makes no other place of it.
pub(super) fn found_at(answer: &Answer, address: &str) -> String {
    let found = answer.url.as_deref().unwrap_or(address);
    match (found.strip_prefix("https://"), address.starts_with("http://")) {
        (Some(rest), true) => format!("http://{rest}"),
        _ => found.to_owned(),
    }
}

/// The http id that a document declares, when it is not the address it was read from.
pub(super) fn other_id(document: &Document, address: &str) -> Option<String> {
    let id = document.id().filter(|id| values::is_url(id))?;
    (!same_url(id, address)).then(|| id.to_owned())
}

/// Whether two addresses are one: as text, or once normalised as every client does before asking.
pub(super) fn same_url(a: &str, b: &str) -> bool {
    a == b || matches!((Url::parse(a), Url::parse(b)), (Ok(a), Ok(b)) if a == b)
}

/// JSON-LD expansion (row A2) for a document whose context is not the standard's alone. What cannot be expanded says
/// nothing about the badge that its own address could not mend: it could not be checked.
fn expand(prepared: &Prepared) -> Result<Value, (&'static str, Option<String>)> {
    jsonld::expand_lenient(&prepared.value).map_err(|fault| match fault {
        JsonLdFault::UnknownContext(url) => (codes::CONTEXT_NOT_KEPT, Some(url)),
        JsonLdFault::TooLarge | JsonLdFault::Work(_) => (codes::TOO_COMPLEX, Some(fault.code().to_owned())),
        other => (codes::JSON_LD_FAULT, Some(other.code().to_owned())),
    })
}
