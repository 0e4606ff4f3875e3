//! From whatever came in to a Report: which carrier, which standard, which judge.

use badge_schemas::carrier::{self, CarrierFault};

use crate::ask::Ask;
use crate::codes;
use crate::credential::{self, Reading, Refusal, unread};
use crate::form::{Carrier, Form, Standard};
use crate::inquiry::{Case, Input};
use crate::need::{Need, Unanswered};
use crate::ob2::{self, Carried};
use crate::ob3::{self, Allowance, Scope};
use crate::report::Report;
use crate::sheet::refused;

/// A file that was handed over, read as far as which badge it carries: once, for whoever asks that before judging.
#[derive(Clone)]
pub struct Handed(Result<(Carrier, String), Refusal>);

impl Handed {
    /// Looks for the badge: JSON, compact JWS, PNG, SVG, PDF, or the text of an address. A picture or a PDF may be a
    /// tenth of a second of work: not for a thread that others wait for.
    pub fn read(bytes: &[u8]) -> Self {
        Self(carry(bytes))
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
    let read;
    let carried = match &case.input {
        Input::Url(url) => &Ok((Carrier::Url, url.clone())),
        Input::Handed(handed) => &handed.0,
        Input::Bytes(bytes) => {
            read = carry(bytes);
            &read
        }
    };
    let url = match carried {
        Ok((Carrier::Url, url)) => url.clone(),
        Ok((carrier, text)) => return judge_text(&case, &ask, text, *carrier, None).await,
        Err(refusal) => return refused(&case, refusal.clone(), None),
    };
    match ask.need(Need::Document { url: url.clone() }).await.map(|answer| carry(&answer.body)) {
        Ok(Ok((Carrier::Url, _))) => refused(&case, unread(codes::ADDRESS_OF_ADDRESS, None), None),
        Ok(Ok((_, text))) => judge_text(&case, &ask, &text, Carrier::Url, Some(url)).await,
        Ok(Err(refusal)) => refused(&case, refusal, None),
        // A revoked badge of 2.0 answers 410, which is more than « not found ».
        Err(Unanswered::NotFound) if is_gone(&ask, &url).await => {
            older(&case, &ask, Carried::Url(url), Carrier::Url).await
        }
        Err(why) => refused(&case, unread(codes::DOCUMENT_UNANSWERED, Some(why.code())), None),
    }
}

async fn is_gone(ask: &Ask, url: &str) -> bool {
    ask.need(Need::Hosted { url: url.to_owned() }).await.is_ok_and(|answer| answer.gone)
}

/// Judges a text, which perhaps stood at an address.
async fn judge_text(case: &Case, ask: &Ask, text: &str, carrier: Carrier, url: Option<String>) -> Report {
    let (scope, allowance) = (Scope::alone(carrier), Allowance::default());
    match credential::read(text) {
        Ok(Reading::Credential(credential)) => ob3::judge(case, ask, *credential, scope, &allowance).await,
        Ok(Reading::Presentation(value)) => ob3::judge_presentation(case, ask, &value, scope, &allowance).await,
        Ok(Reading::OpenBadges2(carried)) => {
            let carried = match (carried, url) {
                (Carried::Json(_), Some(url)) => Carried::Url(url),
                (carried, _) => carried,
            };
            older(case, ask, carried, carrier).await
        }
        Err(refusal) => refused(case, refusal, None),
    }
}

/// Judges a badge of Open Badges 2.0 or older.
pub(crate) async fn older(case: &Case, ask: &Ask, carried: Carried, carrier: Carrier) -> Report {
    let form = Form { carrier, standard: Standard::OpenBadges2, data_model: None };
    Report { form: Some(form), ..ob2::judge(case, ask, carried).await }
}

fn carry(bytes: &[u8]) -> Result<(Carrier, String), Refusal> {
    // Text that begins as JSON or a token is one, however it ends: what is wrong with it is told later.
    if let Ok(text) = std::str::from_utf8(bytes) {
        let bare = text.trim_start_matches('\u{feff}').trim();
        if bare.starts_with('{') || credential::is_compact_jws(bare) {
            let carrier = if bare.starts_with('{') { Carrier::Json } else { Carrier::Jws };
            return Ok((carrier, text.to_owned()));
        }
    }
    match carrier::read(bytes) {
        Ok(carried) => Ok((carried.carrier.into(), carried.text)),
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
