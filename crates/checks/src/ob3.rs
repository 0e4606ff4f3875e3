//! The judge of Open Badges 3.0 (§9.1, §9.2) and of CLR 2.0, step by step in the order of the crate's README.

mod dates;
mod holder;
mod inside;
mod parts;
mod person;
mod presentation;
mod recipient;
mod refresh;
mod resources;
mod schemas;
mod shape;
mod statuses;
mod trusted;

use std::future::Future;
use std::pin::Pin;

use crate::ask::Ask;
use crate::codes;
use crate::credential::{Credential, Kind};
use crate::facts::{self, BadgeFacts, EndorsementFacts, RecordFacts};
use crate::form::{Carrier, Form};
use crate::inquiry::Case;
use crate::proof::{Proven, Sealed, Unproven};
use crate::report::{Check, Outcome, Part, Report};
use crate::sheet::Sheet;
pub(crate) use parts::{Allowance, DEEPEST, tell};
pub(crate) use presentation::judge as judge_presentation;
pub(crate) use resources::Digests;

/// Where a credential stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scope<'a> {
    pub carrier: Carrier,
    /// How many credentials hold it.
    pub depth: usize,
    /// The id of what it stands on, when it is there as an endorsement.
    pub endorsed: Option<&'a str>,
    /// Whether it came as the newest version of another: then nothing newer is asked for.
    pub refreshed: bool,
}

impl Scope<'_> {
    /// What came in by itself.
    pub(crate) const fn alone(carrier: Carrier) -> Self {
        Self { carrier, depth: 0, endorsed: None, refreshed: false }
    }
}

/// What a credential says, known to be its issuer's word.
#[derive(Debug, Default)]
struct Facts {
    badge: Option<BadgeFacts>,
    endorsement: Option<EndorsementFacts>,
    record: Option<RecordFacts>,
    parts: Vec<Part>,
}

/// Judges one credential, and those inside it. Boxed because a credential may hold credentials.
pub(crate) fn judge<'a>(
    case: &'a Case,
    ask: &'a Ask,
    credential: Credential,
    scope: Scope<'a>,
    allowance: &'a Allowance,
) -> Pin<Box<dyn Future<Output = Report> + Send + 'a>> {
    Box::pin(async move {
        let mut sheet = Sheet::default();
        let facts = match examine(case, ask, &credential, scope, allowance, &mut sheet).await {
            Examined::Newer(report) => return *report,
            Examined::This(facts) => facts.map(|facts| *facts).unwrap_or_default(),
        };
        let form =
            Form { carrier: scope.carrier, standard: credential.kind.standard(), data_model: Some(credential.model) };
        let report = sheet.report(case, facts.badge);
        Report { endorsement: facts.endorsement, record: facts.record, form: Some(form), parts: facts.parts, ..report }
    })
}

enum Examined {
    This(Option<Box<Facts>>),
    /// A newer version came in its place.
    Newer(Box<Report>),
}

async fn examine(
    case: &Case,
    ask: &Ask,
    credential: &Credential,
    scope: Scope<'_>,
    allowance: &Allowance,
    sheet: &mut Sheet,
) -> Examined {
    shape::examine(credential, scope, sheet);
    if sheet.failed_at(Check::Format) {
        // Of what does not fit the standard, the signature says whether it was made so or changed since; and whoever
        // makes it misfit must not hide that it was withdrawn.
        let misfit = credential.misfit.as_ref().is_some_and(|misfit| sheet.noted(misfit.code));
        if misfit && prove(case, ask, credential, sheet).await.is_some() && case.policy.status {
            statuses::examine(case, ask, credential, sheet).await;
        }
        return Examined::This(None);
    }
    let Some(proven) = prove(case, ask, credential, sheet).await else { return Examined::This(None) };
    if let Some(newer) = refresh::newer(case, ask, credential, scope, allowance, sheet).await {
        return Examined::Newer(Box::new(newer));
    }
    let mut facts = Facts::default();
    let from = dates::examine(case, credential, &proven, sheet);
    match credential.kind {
        Kind::Badge => facts.badge = facts::read(credential),
        Kind::Clr => facts.record = facts::read_record(credential),
        Kind::Endorsement => facts.endorsement = facts::read_endorsement(credential),
        _ => {}
    }
    recipient::examine(case, credential, facts.badge.as_ref(), sheet);
    if case.policy.trust {
        let named = match (&mut facts.badge, &mut facts.endorsement, &mut facts.record) {
            (Some(badge), ..) => Some(&mut badge.issuer),
            (_, Some(endorsement), _) => Some(&mut endorsement.issuer),
            (.., Some(record)) => Some(&mut record.issuer),
            _ => None,
        };
        trusted::examine(case, ask, credential, (&proven, from), named, sheet).await;
    }
    if case.policy.status {
        statuses::examine(case, ask, credential, sheet).await;
    }
    schemas::examine(ask, credential, sheet).await;
    let inside = inside::of(credential);
    if inside.links {
        resources::examine(ask, credential, sheet).await;
    }
    if inside.parts {
        facts.parts = parts::examine(case, ask, credential, scope, allowance, sheet).await;
    }
    Examined::This(Some(Box::new(facts)))
}

/// What is proven; `None` when it is not, with the reason noted.
async fn prove(case: &Case, ask: &Ask, credential: &Credential, sheet: &mut Sheet) -> Option<Proven> {
    let begins = dates::instant(&credential.value()[credential.begin_member()]);
    match try_to_prove(case, ask, credential, begins, sheet).await {
        Ok(proven) => {
            sheet.passed(Check::Signature, codes::SIGNATURE_OK);
            sheet.passed(Check::Key, codes::KEY_OK);
            Some(proven)
        }
        Err(Unproven { check, outcome, code, detail }) => {
            // A signature is compared with a key once the key is vouched for.
            if check == Check::Signature && matches!(code, codes::SIGNATURE_MISMATCH | codes::PROOF_KEY_KIND) {
                sheet.passed(Check::Key, codes::KEY_OK);
            }
            sheet.note(check, outcome, code, detail);
            None
        }
    }
}

/// The meaning of the text is looked at before any key is asked for: what means nothing needs no key.
async fn try_to_prove(
    case: &Case,
    ask: &Ask,
    credential: &Credential,
    begins: Option<time::OffsetDateTime>,
    sheet: &mut Sheet,
) -> Result<Proven, Unproven> {
    let sealed = match credential.known() {
        Some(known) => Sealed::read_known(known)?,
        None => Sealed::read(credential.value(), credential.token(), &case.memory)?,
    };
    sealed.meaningful()?;
    sheet.note(Check::JsonLd, Outcome::Passed, codes::JSON_LD_OK, None);
    let proven = sealed.prove(case, ask, &credential.issuer, begins).await?;
    if sealed.is_of_known_class() {
        credential.notice(&case.memory);
    }
    Ok(proven)
}
