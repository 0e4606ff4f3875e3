//! The badges of one achievement by one organisation, composed once: issuing writes only what varies (decisions §7).

use std::borrow::Cow;

use serde_json::Value;

use super::{AwardFacts, FactFault, IssuerFacts, base, compose, points};
use crate::dates;
use crate::json::Form;
use crate::referentiel::Achievement;

/// One achievement × organisation × Région × shape; a shape says whether there is an e-mail address, a point observed,
/// a sentence.
///
/// [`Prepared::write`] gives, byte for byte, the text of [`compose`]; [`Prepared::document`] and [`Prepared::slots`]
/// are what a canonical form is prepared from (`proofs::template`).
#[derive(Debug, Clone)]
pub struct Prepared<'a> {
    achievement: &'a Achievement,
    issuer_base: String,
    issuer: IssuerFacts,
    region: IssuerFacts,
    shape: Shape,
    document: Value,
    slots: Vec<&'static str>,
    form: Form,
}

/// Why a badge cannot be written by a [`Prepared`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PreparedFault {
    /// It cannot be signed at all.
    #[error(transparent)]
    Fact(#[from] FactFault),
    /// Another achievement, organisation or shape: [`Prepared::new`] of these facts would do.
    #[error("these facts are of another prepared form")]
    OtherForm,
}

impl PreparedFault {
    /// Stable machine code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Fact(_) => "fact_not_signable",
            Self::OtherForm => "other_form",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shape {
    email: bool,
    points: bool,
    sentence: bool,
}

impl Shape {
    fn of(facts: &AwardFacts<'_>) -> Self {
        Self {
            email: facts.email.is_some(),
            points: (0..facts.achievement.observables.len()).any(|place| facts.observed.contains(&place)),
            sentence: !facts.sentence.is_empty(),
        }
    }
}

const NAME: &str = "/credentialSubject/identifier/0/identityHash";

impl<'a> Prepared<'a> {
    /// Prepares the form of these facts.
    ///
    /// # Errors
    /// [`PreparedFault::Fact`]: the first of [`AwardFacts::faults`].
    pub fn new(facts: &AwardFacts<'a>) -> Result<Self, PreparedFault> {
        if let Some(fault) = facts.faults().first() {
            return Err((*fault).into());
        }
        let shape = Shape::of(facts);
        let document = compose(facts);
        let slots = slots(shape);
        let form = Form::new(&document, &slots).ok_or(PreparedFault::OtherForm)?;
        Ok(Self {
            achievement: facts.achievement,
            issuer_base: facts.issuer_base.to_owned(),
            issuer: facts.issuer.clone(),
            region: facts.region.clone(),
            shape,
            document,
            slots,
            form,
        })
    }

    /// One badge of this form, as [`compose`] gives it.
    pub fn document(&self) -> &Value {
        &self.document
    }

    /// Where the strings that vary stand in it (JSON Pointers, RFC 6901), in the order of [`Prepared::values`].
    pub fn slots(&self) -> &[&'static str] {
        &self.slots
    }

    /// Whether these facts are of this form.
    pub fn fits(&self, facts: &AwardFacts<'_>) -> bool {
        // The achievement is borrowed all along: the same address is the same achievement.
        std::ptr::eq(self.achievement, facts.achievement)
            && self.shape == Shape::of(facts)
            && self.issuer_base == facts.issuer_base
            && self.issuer == *facts.issuer
            && self.region == *facts.region
    }

    /// The strings of this badge for the slots.
    ///
    /// # Errors
    /// [`PreparedFault`]: the first of [`AwardFacts::faults`], or the facts are of another form.
    pub fn values<'v>(&self, facts: &AwardFacts<'v>) -> Result<Vec<Cow<'v, str>>, PreparedFault> {
        if !self.fits(facts) {
            return Err(PreparedFault::OtherForm);
        }
        if let Some(fault) = facts.faults().first() {
            return Err((*fault).into());
        }
        Ok(values(facts))
    }

    /// The unsigned badge as compact JSON text, byte for byte [`compose`]'s; `None` when `values` are not as many as
    /// the slots.
    pub fn write(&self, values: &[impl AsRef<str>]) -> Option<String> {
        self.form.write(values)
    }
}

fn slots(shape: Shape) -> Vec<&'static str> {
    let mut slots = vec!["/id", "/image/id", "/validFrom", "/awardedDate", "/credentialSubject/id", NAME];
    if shape.email {
        slots.extend(["/credentialSubject/identifier/1/identityHash", "/credentialSubject/identifier/1/salt"]);
    }
    slots.push("/evidence/0/genre");
    slots.extend(shape.points.then_some("/evidence/0/description"));
    slots.extend(shape.sentence.then_some("/evidence/0/narrative"));
    slots.extend(["/credentialStatus/id", "/credentialStatus/statusListIndex"]);
    slots.push("/credentialStatus/statusListCredential");
    slots
}

/// In the order of [`slots`]; the members as in [`compose`].
fn values<'v>(facts: &AwardFacts<'v>) -> Vec<Cow<'v, str>> {
    let id = [base(facts.issuer_base), "/badges/", hyphenated(facts.credential_id, &mut [0; 36])].concat();
    let index = facts.status.index.to_string();
    let mut values: Vec<Cow<'v, str>> = Vec::with_capacity(14);
    let image = [&id, "/image.png"].concat();
    let subject = ["urn:uuid:", hyphenated(facts.subject_id, &mut [0; 36])].concat();
    values.extend([id, image, dates::instant(facts.valid_from), dates::day(facts.awarded_on), subject].map(Cow::Owned));
    values.push(facts.name.into());
    if let Some(email) = facts.email {
        values.push(["sha256$", &email.hash_hex].concat().into());
        values.push(email.salt.as_str().into());
    }
    values.push(facts.evidence_type.id.as_str().into());
    let points = points(facts);
    if !points.is_empty() {
        values.push(points.into());
    }
    if !facts.sentence.is_empty() {
        values.push(facts.sentence.into());
    }
    values.push([facts.status.list_url, "#", &index].concat().into());
    values.push(index.into());
    values.push(facts.status.list_url.into());
    values
}

fn hyphenated(id: uuid::Uuid, room: &mut [u8; 36]) -> &str {
    id.hyphenated().encode_lower(room)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::super::tests::{specimen, specimen_issuer, specimen_region};
    use super::*;
    use crate::identity::HashedEmail;
    use crate::referentiel::referentiel;

    /// Text, address and slots of the prepared form against what is composed for the same facts.
    fn is_composed(prepared: &Prepared<'_>, facts: &AwardFacts<'_>) {
        let composed = compose(facts);
        let values = values(facts);
        assert_eq!(prepared.write(&values).unwrap(), composed.to_string());
        for (slot, value) in prepared.slots().iter().zip(&values) {
            assert_eq!(composed.pointer(slot).unwrap(), value.as_ref());
        }
    }

    #[test]
    fn every_achievement_is_written_as_composed() {
        let (issuer, region) = (specimen_issuer(), specimen_region());
        let email = HashedEmail::new("ines@example.org", "salt");
        let mut prepared_forms = 0;
        for achievement in referentiel().achievements().iter().chain(referentiel().key_achievements()) {
            for (email, observed, sentence) in [
                (None, &[][..], ""),
                (Some(&email), &[0, 2][..], "Une « phrase » \"\\"),
                (None, &[1][..], ""),
                (Some(&email), &[][..], "x"),
            ] {
                let observed = if achievement.observables.is_empty() { &[] } else { observed };
                let facts = AwardFacts { achievement, observed, sentence, ..specimen(&issuer, &region, email) };
                match Prepared::new(&facts) {
                    Ok(prepared) => {
                        prepared_forms += 1;
                        is_composed(&prepared, &facts);
                        let other = AwardFacts { name: "Zoë \"O’Neil\"", subject_id: Uuid::from_u128(7), ..facts };
                        is_composed(&prepared, &other);
                        assert!(prepared.fits(&other));
                    }
                    Err(fault) => assert_eq!(fault, PreparedFault::Fact(FactFault::NeedsSecondLook)),
                }
            }
        }
        assert_eq!(prepared_forms, (134 + 9 - 16) * 4);
    }

    #[test]
    fn other_facts_need_another_form_and_refusals_are_kept() {
        let (issuer, region) = (specimen_issuer(), specimen_region());
        let email = HashedEmail::new("ines@example.org", "salt");
        let facts = specimen(&issuer, &region, None);
        let prepared = Prepared::new(&facts).unwrap();
        let others = [
            AwardFacts { email: Some(&email), ..facts },
            AwardFacts { observed: &[], ..facts },
            AwardFacts { sentence: "", ..facts },
            AwardFacts { issuer: &region, ..facts },
            AwardFacts { region: &issuer, ..facts },
            AwardFacts { issuer_base: "https://other.example", ..facts },
            AwardFacts { achievement: &referentiel().achievements()[0], ..facts },
        ];
        for other in others {
            assert!(!prepared.fits(&other));
            assert_eq!(prepared.values(&other), Err(PreparedFault::OtherForm));
        }
        let unsignable = AwardFacts { name: "Inès\u{202e}", ..facts };
        assert!(matches!(prepared.values(&unsignable), Err(PreparedFault::Fact(FactFault::Name(_)))));
        assert!(matches!(Prepared::new(&unsignable), Err(PreparedFault::Fact(FactFault::Name(_)))));
    }

    proptest! {
        /// Also what no one may sign: the writer itself must not depend on the refusals.
        #[test]
        fn hostile_values_are_written_as_composed(
            name in any::<String>(), sentence in any::<String>().prop_filter("another shape", |text| !text.is_empty()),
            salt in any::<String>(), hash_hex in any::<String>(), list_url in any::<String>(), index in any::<u32>(),
            ids in any::<[u128; 2]>(), seconds in 0..4_000_000_000_i64, observed in prop::collection::vec(0..4usize, 1..6),
        ) {
            let (issuer, region, email) = (specimen_issuer(), specimen_region(), HashedEmail { hash_hex, salt });
            let facts = specimen(&issuer, &region, Some(&email));
            let prepared = Prepared::new(&AwardFacts { sentence: "x", ..facts }).unwrap();
            let at = time::OffsetDateTime::from_unix_timestamp(seconds).unwrap();
            let facts = AwardFacts {
                credential_id: Uuid::from_u128(ids[0]), subject_id: Uuid::from_u128(ids[1]), name: &name,
                sentence: &sentence, valid_from: at, awarded_on: at.date(), observed: &observed,
                status: super::super::StatusFacts { list_url: &list_url, index }, ..facts
            };
            is_composed(&prepared, &facts);
        }
    }
}
