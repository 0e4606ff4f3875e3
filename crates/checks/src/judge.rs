//! From whatever came in to a Report: which carrier, which standard, which judge.

use badge_schemas::carrier::{self, CarrierFault};

use crate::ask::Ask;
use crate::codes;
use crate::credential::{self, Older, Reading, Refusal, unread};
use crate::form::{Carrier, Form, Standard};
use crate::inquiry::{Case, Input};
use crate::need::Need;
use crate::ob3::{self, Allowance, Scope};
use crate::report::Report;
use crate::sheet::refused;

/// Judges the case, asking for what it needs.
pub(crate) async fn judge(case: Case, ask: Ask) -> Report {
    match carried(&case, &ask).await {
        Ok((carrier, text)) => judge_text(&case, &ask, &text, carrier).await,
        Err(refusal) => refused(&case, refusal, None),
    }
}

async fn judge_text(case: &Case, ask: &Ask, text: &str, carrier: Carrier) -> Report {
    let (scope, allowance) = (Scope::alone(carrier), Allowance::default());
    match credential::read(text) {
        Ok(Reading::Credential(credential)) => ob3::judge(case, ask, *credential, scope, &allowance).await,
        Ok(Reading::Presentation(value)) => ob3::judge_presentation(case, ask, &value, scope, &allowance).await,
        Ok(Reading::OpenBadges2(text)) => older(case, ask, text, carrier).await,
        Err(refusal) => refused(case, refusal, None),
    }
}

/// Judges a text of Open Badges 2.0 or older.
#[expect(clippy::unused_async, reason = "its judge asks for documents")]
pub(crate) async fn older(case: &Case, _ask: &Ask, _text: Older, carrier: Carrier) -> Report {
    let form = Form { carrier, standard: Standard::OpenBadges2, data_model: None };
    refused(case, unread(codes::FORMAT_NOT_READ, Some("open_badges_2")), Some(form))
}

/// The badge's text, and what it came in.
async fn carried(case: &Case, ask: &Ask) -> Result<(Carrier, String), Refusal> {
    let url = match &case.input {
        Input::Url(url) => url.clone(),
        Input::Bytes(bytes) => match carry(bytes)? {
            (Carrier::Url, url) => url,
            carried => return Ok(carried),
        },
    };
    let unanswered = |why: crate::Unanswered| unread(codes::DOCUMENT_UNANSWERED, Some(why.code()));
    let answer = ask.need(Need::Document { url }).await.map_err(unanswered)?;
    match carry(&answer.body)? {
        (Carrier::Url, _) => Err(unread(codes::ADDRESS_OF_ADDRESS, None)),
        (_, text) => Ok((Carrier::Url, text)),
    }
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
        Err(fault) => Err(uncarried(&fault)),
    }
}

fn uncarried(fault: &CarrierFault) -> Refusal {
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
