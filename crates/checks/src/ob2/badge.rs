//! A badge: the assertion, its class and its issuer (sections C to E and L of the checklist).

use badge_schemas::ob2::{Assertion, BadgeClass};

use super::load::Wanted;
use super::parts::{self, Holder};
use super::shape::Faults;
use super::source::Found;
use super::{Court, Judged, Said, Stop, Word, behind, facts, image, prove, terms, trust};
use crate::codes;
use crate::report::{Check, Outcome};
use crate::sheet::Sheet;

/// The three objects that make a badge, read, their faults noted.
pub(super) struct Badge {
    pub word: Word,
    pub assertion: Assertion,
    pub class: BadgeClass,
}

pub(super) async fn examine(court: &Court<'_>, found: &Found, said: &Said, sheet: &mut Sheet) -> Result<Judged, Stop> {
    said.note(sheet);
    if found.differs {
        sheet.note(Check::Format, Outcome::Noted, codes::OB2_COPY_DIFFERS, None);
    }
    sheet.passed(Check::JsonLd, codes::JSON_LD_OK);
    let badge = gather(court, found, sheet).await?;
    prove(court, found, &badge.word, badge.class.id.as_deref(), sheet).await?;
    terms::examine(court.case, &badge, sheet);
    let attested = Some(badge.class.id.as_deref().unwrap_or_default());
    let vouched = trust::examine(court, &badge.word, attested, sheet).await;
    let holders = [
        Holder { at: "/endorsement", id: Some(&badge.word.id), links: &badge.assertion.common.endorsements },
        Holder { at: "/badge/endorsement", id: badge.class.id.as_deref(), links: &badge.class.common.endorsements },
        Holder {
            at: "/badge/issuer/endorsement",
            id: badge.word.issuer.id.as_deref(),
            links: &badge.word.issuer.common.endorsements,
        },
    ];
    let parts = parts::examine(court, &holders, court.above, sheet).await;
    Ok(Judged { badge: facts::read(&badge, vouched), parts, ..Judged::default() })
}

/// Fetches the class and the issuer of an assertion, and notes every broken rule of the three (steps 5 to 8).
async fn gather(court: &Court<'_>, found: &Found, sheet: &mut Sheet) -> Result<Badge, Stop> {
    let assertion = found.document.assertion();
    let mut faults = Faults::default();
    faults.add("assertion", assertion.faults);
    let assertion = assertion.value;
    let class = behind(court.ask, assertion.badge.as_ref(), Wanted::BadgeClass, sheet).await;
    let class = class.inspect_err(|_| faults.note(false, sheet))?.badge_class();
    faults.add("badge", class.faults);
    let class = class.value;
    let issuer = behind(court.ask, class.issuer.as_ref(), Wanted::Profile, sheet).await;
    let issuer = issuer.inspect_err(|_| faults.note(false, sheet))?.profile();
    faults.add("issuer", issuer.faults);
    faults.note(true, sheet);
    image::examine(court.ask, &assertion, &class, sheet).await;
    let word = Word {
        version: found.document.version,
        id: found.id.clone(),
        uid: assertion.uid.clone(),
        verification: assertion.verification.clone().unwrap_or_default(),
        issued_on: assertion.issued_on,
        issuer: issuer.value,
        revoked: assertion.revoked,
        revocation_reason: assertion.revocation_reason.clone(),
    };
    Ok(Badge { word, assertion, class })
}
