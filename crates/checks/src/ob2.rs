//! The judge of Open Badges 2.0 and older (2.0 §Verification), hosted and signed: badges, and endorsements.
//!
//! A hosted badge is believed because its own address says it, and that address belongs to its issuer; a signed one
//! because a key that its issuer's hosted Profile lists signed it. Whatever was uploaded is a pointer, never a proof.

mod badge;
mod endorsement;
mod facts;
mod hosted;
mod image;
mod load;
mod parts;
mod said;
mod scope;
mod shape;
mod signed;
mod source;
mod terms;
mod trust;

use std::future::Future;
use std::pin::Pin;

use badge_schemas::json::parse_strict;
use badge_schemas::ob2::{Document, Link, Profile, VerificationObject, Version};
use proofs::jws::Jws;
use serde_json::Value;
use time::OffsetDateTime;

use crate::ask::Ask;
use crate::codes;
use crate::facts::{BadgeFacts, EndorsementFacts};
use crate::form::Form;
use crate::inquiry::Case;
use crate::ob3::{Allowance, Scope};
use crate::report::{Check, Part, Report};
use crate::sheet::Sheet;
pub(crate) use parts::Above;
use said::Said;

/// What carried the badge.
#[derive(Debug)]
pub(crate) enum Carried {
    /// The address of a hosted badge.
    Url(String),
    /// JSON that was uploaded or baked: a pointer to its own id.
    Json(Value),
    /// An object that stands embedded in another: a pointer too.
    Document(Document),
    /// A compact JWS.
    Jws(String),
}

/// Whether this compact JWS is of Open Badges 2.0 or older.
pub(crate) fn is_ours(text: &str) -> bool {
    let Ok(jws) = Jws::read_padded(text) else { return false };
    let payload = std::str::from_utf8(jws.payload()).ok().and_then(|payload| parse_strict(payload).ok());
    // What is no JSON object is nobody else's either, and row G7 says what becomes of it.
    payload.filter(Value::is_object).is_none_or(|value| is_ob2(&value))
}

/// Whether JSON says that it is of Open Badges 2.0 or older.
pub(crate) fn is_ob2(value: &Value) -> bool {
    let of_ours = |context: &Value| context.as_str().is_some_and(|url| url.starts_with("https://w3id.org/openbadges/"));
    let contexts = &value["@context"];
    let says = of_ours(contexts) || contexts.as_array().is_some_and(|all| all.iter().any(of_ours));
    // Before 1.1 there is no context: an assertion is known by its members.
    let old = contexts.is_null() && !value["recipient"].is_null() && !value["badge"].is_null();
    says || old || (crate::credential::says(&value["type"], "Assertion") && !value["badge"].is_null())
}

/// Judges one badge or endorsement, and the endorsements on it. Boxed because endorsers may be endorsed.
pub(crate) fn judge<'a>(
    case: &'a Case,
    ask: &'a Ask,
    carried: Carried,
    scope: Scope<'a>,
    allowance: &'a Allowance,
    above: Option<&'a Above<'a>>,
) -> Pin<Box<dyn Future<Output = Report> + Send + 'a>> {
    Box::pin(async move {
        let (mut sheet, mut said) = (Sheet::default(), Said::of(scope));
        let court = Court { case, ask, scope, allowance, above };
        let judged = examine(&court, carried, &mut said, &mut sheet).await.unwrap_or_default();
        let form = Form { carrier: scope.carrier, standard: said.standard(), data_model: None };
        let report = sheet.report(case, judged.badge);
        Report { endorsement: judged.endorsement, form: Some(form), parts: judged.parts, ..report }
    })
}

/// What a judgement is made with.
#[derive(Debug, Clone, Copy)]
struct Court<'a> {
    case: &'a Case,
    ask: &'a Ask,
    scope: Scope<'a>,
    allowance: &'a Allowance,
    above: Option<&'a Above<'a>>,
}

/// What is known to be its issuer's word.
#[derive(Debug, Default)]
struct Judged {
    badge: Option<BadgeFacts>,
    endorsement: Option<EndorsementFacts>,
    parts: Vec<Part>,
}

/// The reason is noted; nothing more is to be examined.
#[derive(Debug)]
struct Stop;

async fn examine(court: &Court<'_>, carried: Carried, said: &mut Said, sheet: &mut Sheet) -> Result<Judged, Stop> {
    let found = source::find(court.ask, carried, said, sheet).await?;
    if found.document.is_a("Endorsement") {
        return endorsement::examine(court, &found, said, sheet).await;
    }
    if court.scope.endorsed.is_some() {
        // Another badge attests nothing of this one.
        sheet.failed(Check::Format, codes::ENDORSED_OTHER, None);
        return Err(Stop);
    }
    badge::examine(court, &found, said, sheet).await
}

/// What assertions and endorsements have in common: who says it, where, and how one may know.
#[derive(Debug)]
struct Word {
    version: Version,
    /// The address it was read from, or the id that was signed.
    id: String,
    uid: Option<String>,
    verification: VerificationObject,
    issued_on: Option<OffsetDateTime>,
    issuer: Profile,
    /// It says itself that it was taken back.
    revoked: bool,
    revocation_reason: Option<String>,
}

/// Notes whether it is its issuer's word, and still is. `class` is the id of the class that a badge refers to.
async fn prove(
    court: &Court<'_>,
    found: &source::Found,
    word: &Word,
    class: Option<&str>,
    sheet: &mut Sheet,
) -> Result<(), Stop> {
    match &found.jws {
        None => hosted::verify(word, class, sheet),
        Some(jws) => signed::verify(court, jws, word, sheet).await,
    }
}

/// The object behind a link: by its http address when it has one, even when a copy stands embedded (row E8, L6).
async fn behind(ask: &Ask, link: Option<&Link>, wanted: load::Wanted, sheet: &mut Sheet) -> Result<Document, Stop> {
    let Some(link) = link else { return Err(Stop) };
    if let Some(url) = link.id.as_deref().filter(|id| badge_schemas::ob2::values::is_url(id)) {
        return load::hosted(ask, url, wanted, sheet).await;
    }
    Document::embedded(link).ok_or_else(|| {
        sheet.unchecked(Check::Key, codes::OB2_NOT_FETCHABLE, link.id.clone());
        Stop
    })
}
