//! An endorsement (2.0 §Endorsement): verified like an assertion, with its own issuer as the Profile (row J2).

use badge_schemas::ob2::{Endorsement, Profile, values};

use super::load::Wanted;
use super::parts::{self, Above, Holder};
use super::shape::Faults;
use super::source::Found;
use super::{Court, Judged, Said, Stop, Word, behind, facts, prove, terms, trust};
use crate::codes;
use crate::report::{Check, Outcome};
use crate::sheet::Sheet;

pub(super) async fn examine(court: &Court<'_>, found: &Found, said: &Said, sheet: &mut Sheet) -> Result<Judged, Stop> {
    let read = found.document.endorsement();
    let (endorsement, faults) = (read.value, read.faults);
    if let Some(on) = court.scope.endorsed
        && !endorsement.claim_id.as_deref().is_some_and(|claimed| values::same_iri(claimed, on))
    {
        sheet.failed(Check::Format, codes::ENDORSED_OTHER, endorsement.claim_id);
        return Err(Stop);
    }
    said.note(sheet);
    if found.differs {
        sheet.note(Check::Format, Outcome::Noted, codes::OB2_COPY_DIFFERS, None);
    }
    sheet.passed(Check::JsonLd, codes::JSON_LD_OK);
    let mut all = Faults::default();
    all.add("endorsement", faults);
    let issuer = behind(court.ask, endorsement.issuer.as_ref(), Wanted::Profile, sheet).await;
    let issuer = issuer.inspect_err(|_| all.note(false, sheet))?.profile();
    all.add("issuer", issuer.faults);
    all.note(true, sheet);
    let word = word(found, &endorsement, issuer.value);
    prove(court, found, &word, None, sheet).await?;
    terms::start(court.case, word.issued_on, sheet);
    // 2.0 knows no end of an endorsement but its being taken back.
    sheet.passed(Check::End, codes::NO_END);
    let vouched = trust::examine(court, &word, None, sheet).await;
    let holder =
        Holder { at: "/issuer/endorsement", id: word.issuer.id.as_deref(), links: &word.issuer.common.endorsements };
    let above = Above { id: &word.id, next: court.above };
    let parts = parts::examine(court, &[holder], Some(&above), sheet).await;
    Ok(Judged { endorsement: facts::read_endorsement(&word, &endorsement, vouched), parts, ..Judged::default() })
}

fn word(found: &Found, endorsement: &Endorsement, issuer: Profile) -> Word {
    Word {
        version: found.document.version,
        id: found.id.clone(),
        uid: None,
        verification: endorsement.verification.clone().unwrap_or_default(),
        issued_on: endorsement.issued_on,
        issuer,
        revoked: endorsement.revoked,
        revocation_reason: endorsement.revocation_reason.clone(),
    }
}
