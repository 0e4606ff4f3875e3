//! The judge of Open Badges 2.0 and older (2.0 §Verification), hosted and signed.
//!
//! A hosted badge is believed because its own address says it, and that address belongs to its issuer; a signed one
//! because a key that its issuer's hosted Profile lists signed it. Whatever was uploaded is a pointer, never a proof.

mod facts;
mod hosted;
mod image;
mod load;
mod scope;
mod signed;
mod terms;
mod trust;

use badge_schemas::json::parse_strict;
use badge_schemas::ob2::{Assertion, BadgeClass, Document, Fault, Link, Profile, Version};
use proofs::jws::Jws;
use serde_json::Value;

use crate::ask::Ask;
use crate::codes;
use crate::facts::BadgeFacts;
use crate::inquiry::Case;
use crate::report::{Check, Outcome, Report};
use crate::sheet::Sheet;

/// What carried the badge.
#[derive(Debug)]
pub(crate) enum Carried {
    /// The address of a hosted badge.
    Url(String),
    /// JSON that was uploaded or baked: a pointer to its own id.
    Json(Value),
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

/// Judges one badge.
pub(crate) async fn judge(case: &Case, ask: &Ask, carried: Carried) -> Report {
    let mut sheet = Sheet::default();
    let badge = examine(case, ask, carried, &mut sheet).await.ok().flatten();
    sheet.report(case, badge)
}

/// The reason is noted; nothing more is to be examined.
struct Stop;

async fn examine(case: &Case, ask: &Ask, carried: Carried, sheet: &mut Sheet) -> Result<Option<BadgeFacts>, Stop> {
    match carried {
        Carried::Url(url) => hosted::judge(case, ask, &url, None, sheet).await,
        Carried::Jws(text) => signed::judge(case, ask, &text, sheet).await,
        Carried::Json(value) => {
            let copy =
                load::document(value, badge_schemas::ob2::Class::Assertion, None).map_err(|fault| fault.note(sheet))?;
            let url = hosted::address(&copy, sheet)?;
            hosted::judge(case, ask, &url, Some(&copy), sheet).await
        }
    }
}

/// The three objects that make a badge, read, their faults noted.
struct Badge {
    version: Version,
    id: String,
    assertion: Assertion,
    class: BadgeClass,
    issuer: Profile,
}

/// Fetches the class and the issuer of an assertion, and notes every broken rule of the three (steps 5 to 8).
async fn gather(ask: &Ask, document: &Document, id: &str, sheet: &mut Sheet) -> Result<Badge, Stop> {
    let assertion = document.assertion();
    let mut faults = named("assertion", assertion.faults);
    let class = behind(ask, assertion.value.badge.as_ref(), load::Wanted::BadgeClass, sheet).await;
    let class = match class {
        Ok(class) => class.badge_class(),
        Err(stop) => {
            shape(&faults, false, sheet);
            return Err(stop);
        }
    };
    faults.extend(named("badge", class.faults));
    let issuer = behind(ask, class.value.issuer.as_ref(), load::Wanted::Profile, sheet).await;
    let issuer = match issuer {
        Ok(issuer) => issuer.profile(),
        Err(stop) => {
            shape(&faults, false, sheet);
            return Err(stop);
        }
    };
    faults.extend(named("issuer", issuer.faults));
    shape(&faults, true, sheet);
    image::examine(ask, &assertion.value, &class.value, sheet).await;
    Ok(Badge {
        version: document.version,
        id: id.to_owned(),
        assertion: assertion.value,
        class: class.value,
        issuer: issuer.value,
    })
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

fn named(object: &str, faults: Vec<Fault>) -> Vec<(String, Fault)> {
    faults.into_iter().map(|fault| (object.to_owned(), fault)).collect()
}

/// Notes broken rules: those of the standard, and apart from them its advice. `all` are there to be read, or not.
fn shape(faults: &[(String, Fault)], all: bool, sheet: &mut Sheet) {
    let words = |advice: bool| {
        let of_kind = faults.iter().filter(|(_, fault)| fault.rule.is_advice() == advice);
        let first: Vec<String> = of_kind.take(3).map(|(o, f)| format!("{} {o}{}", f.code(), f.path)).collect();
        first.join(", ")
    };
    match words(false) {
        none if none.is_empty() && !all => {}
        none if none.is_empty() => sheet.passed(Check::Schema, codes::SCHEMA_OK),
        broken => sheet.failed(Check::Schema, codes::SCHEMA_FAULT, Some(broken)),
    }
    let advice = words(true);
    if !advice.is_empty() {
        sheet.note(Check::Schema, Outcome::Noted, codes::OB2_ADVICE, Some(advice));
    }
}
