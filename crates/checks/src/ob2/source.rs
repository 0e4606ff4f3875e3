//! From what came in to the text that counts: a copy leads to its address, a picture to what is baked into it.

use badge_schemas::carrier::{self, Form};
use badge_schemas::json::parse_strict;
use badge_schemas::ob2::{Class, Document, VerificationType, Version, values};
use proofs::jws::Jws;
use url::Url;

use super::load::{self, Wanted};
use super::{Carried, Said, Stop, signed};
use crate::ask::Ask;
use crate::codes;
use crate::need::Answer;
use crate::report::{Check, Outcome};
use crate::sheet::Sheet;

/// The text that counts.
#[derive(Debug)]
pub(super) struct Found {
    pub document: Document,
    /// The address it was read from, or the id that was signed.
    pub id: String,
    /// What it came signed in.
    pub jws: Option<Jws>,
    /// Whether what led here says otherwise.
    pub differs: bool,
}

/// How far one has come: every step is made once, so that no cycle of addresses is followed.
#[derive(Debug, Default)]
struct Steps {
    /// The copy that led to an address.
    copy: Option<Document>,
    /// Whether an address sent to another.
    moved: bool,
    /// The address where something else than an assertion stood, and in it one.
    wrapped: Option<String>,
}

/// Follows what came in to the text that counts. Revoked badges end here.
pub(super) async fn find(ask: &Ask, mut carried: Carried, said: &mut Said, sheet: &mut Sheet) -> Result<Found, Stop> {
    let mut steps = Steps::default();
    loop {
        carried = match carried {
            Carried::Json(value) => {
                said.version = Version::of(&value);
                let copy = load::document(value, Class::Assertion, None).map_err(|fault| fault.note(sheet))?;
                said.read(&copy);
                let url = address(&copy, said, sheet)?;
                steps.copy.get_or_insert(copy);
                Carried::Url(url)
            }
            // What stands embedded is often abridged: it is not compared.
            Carried::Document(copy) => {
                said.read(&copy);
                Carried::Url(address(&copy, said, sheet)?)
            }
            Carried::Jws(text) => {
                let (jws, document) = signed::read(&text, said, sheet)?;
                match document.assertion().value.verification.unwrap_or_default().kind {
                    Some(VerificationType::Signed) => return signed_text(jws, document, sheet),
                    // A hosted badge in an envelope: the envelope proves nothing, the address does (row F9).
                    Some(VerificationType::Hosted) => {
                        let url = address(&document, said, sheet)?;
                        steps.copy.get_or_insert(document);
                        Carried::Url(url)
                    }
                    None => {
                        said.note(sheet);
                        sheet.failed(Check::Signature, codes::OB2_VERIFICATION_UNKNOWN, None);
                        return Err(Stop);
                    }
                }
            }
            Carried::Url(url) => {
                if steps.wrapped.as_deref().is_some_and(|wrapped| values::same_iri(wrapped, &url)) {
                    return Err(only_a_picture(url, sheet));
                }
                let answer = load::fetch(ask, &url, Wanted::Assertion, sheet).await?;
                redirected(&answer, &url, sheet);
                if answer.gone {
                    return Err(gone(&answer, &url, said, sheet));
                }
                match wrapped(&answer.body, sheet)? {
                    None => match stated(&answer, url, &mut steps, said, sheet)? {
                        Next::Found(found) => return Ok(*found),
                        Next::Elsewhere(other) => Carried::Url(other),
                    },
                    // A picture is what the assertion is baked into, and nobody's word: whoever may put pictures on an
                    // issuer's host must not be able to make its badges there (pitfall 16).
                    Some(inside) => {
                        if steps.wrapped.replace(url.clone()).is_some() {
                            return Err(only_a_picture(url, sheet));
                        }
                        inside
                    }
                }
            }
        };
    }
}

/// The address that a copy points to.
fn address(copy: &Document, said: &Said, sheet: &mut Sheet) -> Result<String, Stop> {
    let verification = copy.assertion().value.verification.unwrap_or_default();
    if verification.kind == Some(VerificationType::Signed) {
        said.note(sheet);
        sheet.unchecked(Check::Signature, codes::OB2_SIGNED_WITHOUT_JWS, None);
        return Err(Stop);
    }
    // 1.x named the address in `verify.url`, which counts when there is no better id.
    let id = copy.id().filter(|id| values::is_url(id)).map(str::to_owned);
    id.or(verification.url).ok_or_else(|| {
        sheet.unchecked(Check::Format, codes::OB2_NO_ADDRESS, None);
        Stop
    })
}

fn signed_text(jws: Jws, document: Document, sheet: &mut Sheet) -> Result<Found, Stop> {
    let Some(id) = document.id().map(str::to_owned) else {
        sheet.failed(Check::Format, codes::OB2_PAYLOAD_NOT_JSON, Some("id".to_owned()));
        return Err(Stop);
    };
    Ok(Found { document, id, jws: Some(jws), differs: false })
}

/// What an address states, or the other address that it declares as its own.
enum Next {
    Found(Box<Found>),
    Elsewhere(String),
}

fn stated(answer: &Answer, url: String, steps: &mut Steps, said: &mut Said, sheet: &mut Sheet) -> Result<Next, Stop> {
    let document = load::read(&answer.body, Class::Assertion, Some(&url)).map_err(|unread| unread.note(sheet))?;
    said.read(&document);
    match load::other_id(&document, &url) {
        None if document.is_revoked() => {
            said.note(sheet);
            sheet.failed(Check::Revocation, codes::OB2_REVOKED, reason(&document));
            Err(Stop)
        }
        None => {
            // The hosted value is judged and shown (row K13).
            let differs = steps.copy.as_ref().is_some_and(|copy| *copy != document);
            Ok(Next::Found(Box::new(Found { document, id: url, jws: None, differs })))
        }
        Some(other) if !steps.moved => {
            steps.moved = true;
            sheet.note(Check::Format, Outcome::Noted, codes::OB2_ID_ELSEWHERE, Some(other.clone()));
            Ok(Next::Elsewhere(other))
        }
        Some(other) => {
            sheet.failed(Check::Format, codes::OB2_IDS_DIFFER, Some(other));
            Err(Stop)
        }
    }
}

/// A 410 is the answer, whatever its body (rows H1, H2).
fn gone(answer: &Answer, url: &str, said: &mut Said, sheet: &mut Sheet) -> Stop {
    let document = load::read(&answer.body, Class::Assertion, Some(url)).ok();
    if let Some(document) = &document {
        said.read(document);
    }
    said.note(sheet);
    sheet.failed(Check::Revocation, codes::OB2_GONE, document.as_ref().and_then(reason));
    Stop
}

fn reason(document: &Document) -> Option<String> {
    document.assertion().value.revocation_reason
}

/// Redirections count (row A11), and who reads the report may know where to.
fn redirected(answer: &Answer, asked: &str, sheet: &mut Sheet) {
    let origin = |url: &str| Url::parse(url).ok().map(|url| url.origin());
    if let Some(url) = answer.url.as_deref()
        && origin(url) != origin(asked)
    {
        sheet.note(Check::Format, Outcome::Noted, codes::OB2_REDIRECTED, Some(url.to_owned()));
    }
}

fn only_a_picture(url: String, sheet: &mut Sheet) -> Stop {
    sheet.unchecked(Check::Format, codes::OB2_ONLY_A_PICTURE, Some(url));
    Stop
}

/// What a picture or a token holds that stands at an address; `None` for JSON, which speaks for itself.
fn wrapped(body: &[u8], sheet: &mut Sheet) -> Result<Option<Carried>, Stop> {
    let start = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii_start();
    if start.starts_with(b"{") {
        return Ok(None);
    }
    let mut unread = |detail: &'static str| {
        sheet.unchecked(Check::Format, codes::OB2_NOT_JSON, Some(detail.to_owned()));
        Stop
    };
    let found = carrier::read(body).map_err(|fault| unread(fault.code()))?;
    match (found.form, found.carrier) {
        (Form::Json, _) => parse_strict(&found.text).map(Carried::Json).map(Some).map_err(|fault| unread(fault.code())),
        (Form::Jws, _) => Ok(Some(Carried::Jws(found.text))),
        (Form::Url, carrier::Carrier::Url) => Err(unread("address")),
        (Form::Url, _) => Ok(Some(Carried::Url(found.text))),
    }
}
