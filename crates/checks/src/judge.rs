//! From whatever came in to a Report: which carrier, which standard, which judge.

use crate::ask::Ask;
use crate::codes;
use crate::document::{self, Refusal};
use crate::inquiry::{Case, Input};
use crate::need::{Need, Unanswered};
use crate::report::{Check, Report};
use crate::sheet::Sheet;
use crate::{ob2, ob3};

/// Judges the case, asking for what it needs.
pub(crate) async fn judge(case: Case, ask: Ask) -> Report {
    let bytes = match &case.input {
        Input::Bytes(bytes) => bytes.clone(),
        Input::Url(url) => match ask.need(Need::Document { url: url.clone() }).await {
            Ok(answer) => answer.body,
            // A revoked badge of 2.0 answers 410, which is more than « not found ».
            Err(Unanswered::NotFound) if is_gone(&ask, url).await => {
                return ob2::judge(&case, &ask, ob2::Carried::Url(url.clone())).await;
            }
            Err(why) => {
                return refused(&case, Refusal::unread(codes::DOCUMENT_UNANSWERED, Some(why.code())));
            }
        },
    };
    let Ok(text) = std::str::from_utf8(&bytes) else {
        return refused(&case, Refusal::unread(codes::NOT_JSON, None));
    };
    match document::read(text) {
        Ok(document) => ob3::judge(&case, &ask, document).await,
        Err(refusal) => match ob2::carried(text, &case.input) {
            Some(carried) => ob2::judge(&case, &ask, carried).await,
            None => refused(&case, refusal),
        },
    }
}

async fn is_gone(ask: &Ask, url: &str) -> bool {
    ask.need(Need::Hosted { url: url.to_owned() }).await.is_ok_and(|answer| answer.gone)
}

/// The report of a text that is not even read.
fn refused(case: &Case, refusal: Refusal) -> Report {
    let mut sheet = Sheet::default();
    if refusal.check != Check::Format {
        sheet.passed(Check::Format, codes::OPEN_BADGES_3);
    }
    sheet.note(refusal.check, refusal.outcome, refusal.code, refusal.detail);
    sheet.report(case, None)
}
