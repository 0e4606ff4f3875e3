//! Credentials inside a credential: endorsements (OB 3.0 §9.2) and the badges of a collection (CLR 2.0). Each is taken
//! out and judged alone, by its own contexts and its own issuer.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;

use super::{Scope, judge, judge_presentation, person};
use crate::ask::Ask;
use crate::codes;
use crate::credential::{self, Credential, Kind, Reading, is_compact_jws, items, unread};
use crate::form::Carrier;
use crate::inquiry::Case;
use crate::report::{Check, Outcome, Part, PartKind, Report, Verdict};
use crate::sheet::{self, Sheet};

/// The most credentials inside one text that are judged.
const MOST_PARTS: usize = 64;
/// How deep credentials may hold credentials: a presentation, a collection, its badge, its endorsement.
pub(crate) const DEEPEST: usize = 4;

/// How many more credentials one text may have judged, however they are nested.
#[derive(Debug)]
pub(crate) struct Allowance(AtomicUsize);

impl Default for Allowance {
    fn default() -> Self {
        Self(AtomicUsize::new(MOST_PARTS))
    }
}

impl Allowance {
    pub(crate) fn take(&self) -> bool {
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok()
    }
}

/// A credential that stands inside another, not yet read.
struct Inner<'a> {
    kind: PartKind,
    place: String,
    value: &'a Value,
    /// What it must endorse.
    endorsed: Option<&'a str>,
}

/// Judges everything inside a proven credential.
pub(super) async fn examine(
    case: &Case,
    ask: &Ask,
    credential: &Credential,
    scope: Scope<'_>,
    allowance: &Allowance,
    sheet: &mut Sheet,
) -> Vec<Part> {
    let parts = all(case, ask, inside(credential), scope, allowance, sheet).await;
    if credential.kind == Kind::Clr {
        let others = person::others(&credential.value()["credentialSubject"]);
        if !others.is_empty() {
            sheet.failed(Check::Embedded, codes::EMBEDDED_OTHER_PERSON, Some(others.join(", ")));
        }
    }
    parts
}

/// Whether anything is inside.
pub(super) fn are_there(credential: &Credential) -> bool {
    !inside(credential).is_empty()
}

fn inside(credential: &Credential) -> Vec<Inner<'_>> {
    let value = credential.value();
    let mut inner = Vec::new();
    let subject = &value["credentialSubject"];
    if credential.kind == Kind::Clr {
        list(
            &mut inner,
            PartKind::Embedded,
            "/credentialSubject/verifiableCredential",
            &subject["verifiableCredential"],
        );
    }
    endorsements(&mut inner, "", value);
    endorsements(&mut inner, "/issuer", &value["issuer"]);
    match &subject["achievement"] {
        Value::Array(all) => {
            for (i, one) in all.iter().enumerate() {
                endorsements(&mut inner, &format!("/credentialSubject/achievement/{i}"), one);
            }
        }
        one => {
            endorsements(&mut inner, "/credentialSubject/achievement", one);
            endorsements(&mut inner, "/credentialSubject/achievement/creator", &one["creator"]);
        }
    }
    inner
}

/// Judges what a presentation shows.
pub(super) async fn presented(
    case: &Case,
    ask: &Ask,
    presentation: &Value,
    scope: Scope<'_>,
    allowance: &Allowance,
    sheet: &mut Sheet,
) -> Vec<Part> {
    let mut inner = Vec::new();
    list(&mut inner, PartKind::Presented, "/verifiableCredential", &presentation["verifiableCredential"]);
    all(case, ask, inner, scope, allowance, sheet).await
}

fn endorsements<'a>(inner: &mut Vec<Inner<'a>>, at: &str, holder: &'a Value) {
    let id = holder["id"].as_str().unwrap_or_default();
    for member in ["endorsement", "endorsementJwt"] {
        if holder[member].is_null() {
            continue;
        }
        let before = inner.len();
        list(inner, PartKind::Endorsement, &format!("{at}/{member}"), &holder[member]);
        inner[before..].iter_mut().for_each(|one| one.endorsed = Some(id));
    }
}

fn list<'a>(inner: &mut Vec<Inner<'a>>, kind: PartKind, at: &str, value: &'a Value) {
    let bare = !value.is_array();
    for (i, value) in items(value).iter().enumerate().take(MOST_PARTS + 1) {
        let place = if bare { at.to_owned() } else { format!("{at}/{i}") };
        inner.push(Inner { kind, place, value, endorsed: None });
    }
}

async fn all(
    case: &Case,
    ask: &Ask,
    inner: Vec<Inner<'_>>,
    scope: Scope<'_>,
    allowance: &Allowance,
    sheet: &mut Sheet,
) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut left_out = [false; 2];
    for inner in inner {
        if scope.depth >= DEEPEST || !allowance.take() {
            left_out[usize::from(inner.kind != PartKind::Endorsement)] = true;
            continue;
        }
        let scope =
            Scope { depth: scope.depth + 1, endorsed: inner.endorsed, carrier: Carrier::Json, refreshed: false };
        let report = one(case, ask, inner.value, scope, allowance).await;
        parts.push(Part { kind: inner.kind, place: inner.place, report });
    }
    tell(sheet, Check::Endorsements, &parts, left_out[0]);
    tell(sheet, Check::Embedded, &parts, left_out[1]);
    parts
}

async fn one(case: &Case, ask: &Ask, value: &Value, scope: Scope<'_>, allowance: &Allowance) -> Report {
    let (reading, scope) = match value {
        Value::String(text) if is_compact_jws(text.trim()) => {
            (credential::read(text, &case.memory), Scope { carrier: Carrier::Jws, ..scope })
        }
        // VC 2.0 §4.13: a token in an envelope of JSON.
        Value::Object(members)
            if members.get("type").is_some_and(|types| credential::says(types, "EnvelopedVerifiableCredential")) =>
        {
            (credential::enveloped(value), Scope { carrier: Carrier::Jws, ..scope })
        }
        Value::Object(_) => (credential::of_value(value.clone()), scope),
        _ => (Err(unread(codes::PART_UNREADABLE, None)), scope),
    };
    match reading {
        Ok(Reading::Credential(credential)) => judge(case, ask, *credential, scope, allowance).await,
        Ok(Reading::Presentation(inner)) => Box::pin(judge_presentation(case, ask, &inner, scope, allowance)).await,
        Ok(Reading::OpenBadges2(older)) => crate::ob2::judge(case, ask, older, scope, allowance, None).await,
        Err(refusal) => sheet::refused(case, refusal, None),
    }
}

/// One finding for all parts of a kind. It never speaks against what holds them.
pub(crate) fn tell(sheet: &mut Sheet, check: Check, parts: &[Part], left_out: bool) {
    let of_check = |part: &&Part| (part.kind == PartKind::Endorsement) == (check == Check::Endorsements);
    let (hold, amiss, unchecked) = match check {
        Check::Endorsements => (codes::ENDORSEMENTS_HOLD, codes::ENDORSEMENTS_AMISS, codes::ENDORSEMENTS_UNCHECKED),
        _ => (codes::EMBEDDED_HOLD, codes::EMBEDDED_AMISS, codes::EMBEDDED_UNCHECKED),
    };
    let of_verdict = |wanted: fn(Verdict) -> bool| {
        let places = parts.iter().filter(of_check).filter(|part| wanted(part.report.verdict));
        places.map(|part| part.place.as_str()).collect::<Vec<_>>()
    };
    if left_out {
        sheet.unchecked(check, codes::PARTS_TOO_MANY, None);
    }
    let bad = of_verdict(|verdict| !matches!(verdict, Verdict::Authentic | Verdict::CouldNotCheck));
    let unknown = of_verdict(|verdict| verdict == Verdict::CouldNotCheck);
    if !bad.is_empty() {
        sheet.failed(check, amiss, Some(bad.join(", ")));
    } else if !unknown.is_empty() {
        sheet.unchecked(check, unchecked, Some(unknown.join(", ")));
    } else if parts.iter().any(|part| of_check(&part)) {
        sheet.note(check, Outcome::Passed, hold, None);
    }
}
