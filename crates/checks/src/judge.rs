//! From whatever came in to a Report: which carrier, which standard, which judge.

use std::borrow::Cow;

use badge_schemas::carrier::{self, CarrierFault};

use crate::ask::Ask;
use crate::codes;
use crate::credential::{self, Reading, Refusal, unread};
use crate::form::Carrier;
use crate::inquiry::{Case, Input};
use crate::need::{Need, Unanswered};
use crate::ob2::{self, Carried};
use crate::ob3::{self, Allowance, Scope};
use crate::report::Report;
use crate::sheet::refused;

/// The most addresses followed: the one given, and one that is baked into the picture there.
const MOST_ADDRESSES: usize = 2;

/// A file that was handed over, read as far as which badge it carries: once, for whoever asks that before judging.
#[derive(Clone)]
pub struct Handed(Result<(Carrier, String), Refusal>);

impl Handed {
    /// Looks for the badge: JSON, compact JWS, PNG, SVG, PDF, or the text of an address. A picture or a PDF may be a
    /// tenth of a second of work: not for a thread that others wait for.
    pub fn read(bytes: &[u8]) -> Self {
        Self(carry(bytes).map(|(carrier, text)| (carrier, text.into_owned())))
    }

    /// Whether a badge, or the address of one, was found. It is not judged yet.
    pub fn carries_a_badge(&self) -> bool {
        self.0.is_ok()
    }
}

impl std::fmt::Debug for Handed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Never the text: it is a person's.
        f.debug_tuple("Handed").field(&self.0.as_ref().map(|(carrier, _)| carrier)).finish()
    }
}

/// Judges the case, asking for what it needs.
pub(crate) async fn judge(case: Case, ask: Ask) -> Report {
    let carried = match &case.input {
        Input::Url(url) => Ok((Carrier::Url, url.into())),
        Input::Text(text) => carry_text(text).map_or_else(|| carry(text.as_bytes()), Ok),
        Input::Bytes(bytes) => carry(bytes),
        Input::Handed(Handed(read)) => {
            read.as_ref().map(|(carrier, text)| (*carrier, text.into())).map_err(Clone::clone)
        }
    };
    let (carrier, mut url) = match carried {
        Ok((carrier, text)) if is_address(&text) => (carrier, text.into_owned()),
        Ok((carrier, text)) => return judge_text(&case, &ask, &text, carrier, None).await,
        Err(refusal) => return refused(&case, refusal, None),
    };
    for _ in 0..MOST_ADDRESSES {
        let answer = ask.need(Need::Document { url: url.clone() }).await;
        match answer.as_ref().map(|answer| carry(&answer.body)) {
            Ok(Ok((Carrier::Url, _))) => break,
            // The pictures of the first years carry an address (2.0 §Baking).
            Ok(Ok((_, text))) if is_address(&text) => url = text.into_owned(),
            Ok(Ok((found, text))) => {
                // What stands there by itself is the address's own word; what is baked into a picture there is not.
                let bare = (found == Carrier::Json).then_some(url);
                return judge_text(&case, &ask, &text, carrier, bare).await;
            }
            Ok(Err(refusal)) => return refused(&case, refusal, None),
            // A revoked badge of 2.0 answers 410, which is more than « not found ».
            Err(&Unanswered::NotFound) if is_gone(&ask, &url).await => {
                let allowance = Allowance::default();
                return ob2::judge(&case, &ask, Carried::Url(url), Scope::alone(carrier), &allowance, None).await;
            }
            Err(why) => return refused(&case, unread(codes::DOCUMENT_UNANSWERED, Some(why.code())), None),
        }
    }
    refused(&case, unread(codes::ADDRESS_OF_ADDRESS, None), None)
}

fn is_address(text: &str) -> bool {
    carrier::Form::of(text) == Some(carrier::Form::Url)
}

async fn is_gone(ask: &Ask, url: &str) -> bool {
    ask.need(Need::Hosted { url: url.to_owned() }).await.is_ok_and(|answer| answer.gone)
}

/// Judges a text, which perhaps stood by itself at an address.
async fn judge_text(case: &Case, ask: &Ask, text: &str, carrier: Carrier, url: Option<String>) -> Report {
    let (scope, allowance) = (Scope::alone(carrier), Allowance::default());
    match credential::read(text, &case.memory) {
        Ok(Reading::Credential(credential)) => ob3::judge(case, ask, *credential, scope, &allowance).await,
        Ok(Reading::Presentation(shown)) => ob3::judge_presentation(case, ask, &shown, scope, &allowance).await,
        Ok(Reading::OpenBadges2(carried)) => {
            let carried = match (carried, url) {
                (Carried::Json(_), Some(url)) => Carried::Url(url),
                (carried, _) => carried,
            };
            ob2::judge(case, ask, carried, scope, &allowance, None).await
        }
        Err(refusal) => refused(case, refusal, None),
    }
}

/// Text that begins as JSON or a token is one, however it ends: what is wrong with it is told later.
fn carry_text(text: &str) -> Option<(Carrier, Cow<'_, str>)> {
    let bare = text.trim_start_matches('\u{feff}').trim();
    if bare.starts_with('{') {
        Some((Carrier::Json, text.into()))
    } else {
        credential::is_compact_jws(bare).then(|| (Carrier::Jws, text.into()))
    }
}

fn carry(bytes: &[u8]) -> Result<(Carrier, Cow<'_, str>), Refusal> {
    if let Some(carried) = std::str::from_utf8(bytes).ok().and_then(carry_text) {
        return Ok(carried);
    }
    match carrier::read(bytes) {
        Ok(carried) => Ok((carried.carrier.into(), carried.text.into())),
        Err(fault) => Err(uncarried(fault)),
    }
}

fn uncarried(fault: CarrierFault) -> Refusal {
    match fault {
        CarrierFault::TooLarge => unread(codes::JSON_TOO_LARGE, None),
        CarrierFault::Empty => unread(codes::EMPTY, None),
        CarrierFault::NoBadgeInPicture => unread(codes::NO_BADGE_IN_PICTURE, None),
        CarrierFault::NoBadgeInPdf => unread(codes::NO_BADGE_IN_PDF, None),
        CarrierFault::PictureFormat => unread(codes::PICTURE_FORMAT, None),
        CarrierFault::WebPage => unread(codes::WEB_PAGE, None),
        CarrierFault::NotText => unread(codes::NOT_TEXT, None),
        CarrierFault::NotABadge => unread(codes::NOT_JSON, None),
        fault => unread(codes::CARRIER_BROKEN, Some(fault.code())),
    }
}
