//! Who shows: a presentation's own signature (VC 2.0 §4.13, VC Data Integrity §2.4 `authentication`; vc-jose-cose §3.1.2).
//!
//! It attests nothing of what is shown. It says that whoever controls the holder's key put these badges together, and,
//! when the caller asked a question, that they did so for this reader and this moment.

use proofs::did::without_fragment;
use proofs::suite::Purpose;
use proofs::vp_jwt::VpJwt;
use serde_json::Value;
use time::OffsetDateTime;

use crate::ask::Ask;
use crate::codes;
use crate::credential::Presentation;
use crate::inquiry::{Asked, Case, TOLERANCE};
use crate::keys;
use crate::proof::{Audience, Sealed, Unproven, of_jwt};
use crate::register::stamp;
use crate::report::{Check, Outcome, Verdict};
use crate::sheet::Sheet;

/// What is known of whoever signed a presentation.
struct Shown {
    holder: String,
    audience: Audience,
    ends: Option<OffsetDateTime>,
}

/// Notes what the presentation's own signature is worth, and answers the best verdict that it leaves to the presentation.
///
/// The question was put to whoever shows (`outermost`), not to those whose presentations they pass on.
pub(super) async fn examine(
    case: &Case,
    ask: &Ask,
    presentation: &Presentation,
    outermost: bool,
    sheet: &mut Sheet,
) -> Verdict {
    let is_asked = outermost && (case.asked.challenge.is_some() || case.asked.domain.is_some());
    let shown = match prove(case, ask, presentation).await {
        Ok(Some(shown)) => shown,
        Ok(None) => {
            sheet.note(Check::Signature, Outcome::Noted, codes::PRESENTATION_UNSIGNED, None);
            if !is_asked {
                return Verdict::Authentic;
            }
            sheet.failed(Check::Signature, codes::PRESENTATION_FOR_OTHER, None);
            return Verdict::CouldNotCheck;
        }
        Err(unproven) => {
            let Unproven { check, outcome, code, detail } = of_holder(unproven);
            sheet.note(check, outcome, code, detail);
            return if outcome == Outcome::Failed { Verdict::Altered } else { Verdict::CouldNotCheck };
        }
    };
    sheet.note(Check::Signature, Outcome::Passed, codes::PRESENTATION_PROOF, Some(shown.holder));
    sheet.passed(Check::Key, codes::HOLDER_KEY_OK);
    if let Some(ends) = shown.ends.filter(|ends| *ends < case.now - TOLERANCE) {
        sheet.failed(Check::End, codes::ENDED, stamp(ends));
        return Verdict::Expired;
    }
    if !is_asked {
        sheet.note(Check::Signature, Outcome::NotExamined, codes::PRESENTATION_NOT_ASKED, None);
        return Verdict::Authentic;
    }
    match other(&case.asked, &shown.audience) {
        None => {
            sheet.passed(Check::Signature, codes::PRESENTATION_FOR_ASKED);
            Verdict::Authentic
        }
        Some(which) => {
            sheet.failed(Check::Signature, codes::PRESENTATION_FOR_OTHER, Some(which.to_owned()));
            // As with a recipient that was asked about: not everything asked for holds.
            Verdict::CouldNotCheck
        }
    }
}

/// Which of the things asked for it was not signed for.
fn other(asked: &Asked, audience: &Audience) -> Option<&'static str> {
    if asked.challenge.is_some() && asked.challenge != audience.challenge {
        return Some("challenge");
    }
    let for_domain = |domain: &String| audience.domain.contains(domain);
    if asked.domain.as_ref().is_some_and(|domain| !for_domain(domain)) {
        return Some("domain");
    }
    None
}

async fn prove(case: &Case, ask: &Ask, presentation: &Presentation) -> Result<Option<Shown>, Unproven> {
    let named = holder_id(&presentation.value["holder"]);
    match &presentation.token {
        Some(Ok(token)) => of_token(case, ask, token, named).await.map(Some),
        Some(Err(fault)) => Err(of_jwt(*fault)),
        None => embedded(case, ask, &presentation.value, named).await,
    }
}

async fn embedded(case: &Case, ask: &Ask, value: &Value, named: Option<&str>) -> Result<Option<Shown>, Unproven> {
    let Some(sealed) = Sealed::of_presentation(value)? else { return Ok(None) };
    sealed.meaningful()?;
    // A presentation need not name its holder: then it is whoever controls the key.
    let holder = match named {
        Some(holder) => holder.to_owned(),
        None => match sealed.methods().first().filter(|method| method.contains('#')) {
            Some(method) => without_fragment(method).to_owned(),
            None => return Err(sealed.prove(case, ask, "", None).await.err().unwrap_or_else(nobody)),
        },
    };
    let proven = sealed.prove(case, ask, &holder, None).await?;
    Ok(Some(Shown { holder, audience: proven.audience, ends: proven.expires }))
}

async fn of_token(case: &Case, ask: &Ask, token: &VpJwt, named: Option<&str>) -> Result<Shown, Unproven> {
    let holder = match (named, token.issuer()) {
        (Some(holder), Some(issuer)) if holder != issuer => {
            let detail = Some("jwt_iss_mismatch".to_owned());
            return Err(Unproven {
                check: Check::Format,
                outcome: Outcome::Failed,
                code: codes::JWT_CLAIMS_DIFFER,
                detail,
            });
        }
        (Some(holder), _) | (None, Some(holder)) => holder.to_owned(),
        (None, None) => return Err(nobody()),
    };
    let listed = keys::of_token(case, ask, &holder, token.key(), Purpose::Authentication).await?;
    keys::in_its_dates(&listed.facts, token.begins().unwrap_or(case.now))?;
    token.verify(&listed.facts.key).map_err(of_jwt)?;
    let audience = Audience { domain: token.audience(), challenge: token.nonce().map(str::to_owned) };
    Ok(Shown { holder, audience, ends: token.ends() })
}

fn holder_id(holder: &Value) -> Option<&str> {
    holder.as_str().or_else(|| holder["id"].as_str()).filter(|id| !id.is_empty())
}

fn nobody() -> Unproven {
    Unproven { check: Check::Key, outcome: Outcome::CouldNotCheck, code: codes::HOLDER_MISSING, detail: None }
}

/// A reason told of an issuer, told of whoever shows.
fn of_holder(unproven: Unproven) -> Unproven {
    let reason = unproven.code.to_owned();
    let (code, detail) = match (unproven.check, unproven.outcome, unproven.code) {
        (Check::Signature, _, codes::PROOF_PURPOSE) => (codes::PRESENTATION_PURPOSE, None),
        (
            Check::Key,
            _,
            codes::HOLDER_MISSING
            | codes::KEY_NOT_FOR_SHOWING
            | codes::KEY_OUT_OF_DATES
            | codes::KEY_UNUSABLE
            | codes::KEY_PRIVATE,
        ) => return unproven,
        (Check::Key, _, codes::DID_UNANSWERED | codes::KEY_UNANSWERED | codes::JWK_SET_UNANSWERED) => {
            (codes::HOLDER_UNANSWERED, unproven.detail)
        }
        (Check::Key, Outcome::CouldNotCheck, _) => (codes::HOLDER_UNREADABLE, Some(reason)),
        (Check::Key, ..) => (codes::KEY_NOT_HOLDERS, Some(reason)),
        _ => return unproven,
    };
    Unproven { check: unproven.check, outcome: unproven.outcome, code, detail }
}
