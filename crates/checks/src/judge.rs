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

/// Judges the case, asking for what it needs.
pub(crate) async fn judge(case: Case, ask: Ask) -> Report {
    let url = match &case.input {
        Input::Url(url) => url.clone(),
        Input::Bytes(bytes) => match carry(bytes) {
            Ok((Carrier::Url, url)) => url,
            Ok((carrier, text)) => return judge_text(&case, &ask, &text, carrier, None).await,
            Err(refusal) => return refused(&case, refusal, None),
        },
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
        Ok(Reading::Presentation(shown)) => ob3::judge_presentation(case, ask, &shown, scope, &allowance).await,
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
