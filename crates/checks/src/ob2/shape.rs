//! The broken rules of the objects that make a badge or an endorsement, as findings.

use badge_schemas::ob2::Fault;

use crate::codes;
use crate::report::{Check, Outcome};
use crate::sheet::Sheet;

/// The most faults that a finding tells.
const MOST_TOLD: usize = 3;

/// The faults of every object read so far, each with the object's name.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<(&'static str, Fault)>);

impl Faults {
    pub(super) fn add(&mut self, object: &'static str, faults: Vec<Fault>) {
        self.0.extend(faults.into_iter().map(|fault| (object, fault)));
    }

    /// Notes those of the standard, and apart from them its advice. `all` objects were there to be read, or not.
    pub(super) fn note(&self, all: bool, sheet: &mut Sheet) {
        match self.words(false) {
            none if none.is_empty() && !all => {}
            none if none.is_empty() => sheet.passed(Check::Schema, codes::SCHEMA_OK),
            broken => sheet.failed(Check::Schema, codes::SCHEMA_FAULT, Some(broken)),
        }
        let advice = self.words(true);
        if !advice.is_empty() {
            sheet.note(Check::Schema, Outcome::Noted, codes::OB2_ADVICE, Some(advice));
        }
    }

    fn words(&self, advice: bool) -> String {
        let of_kind = self.0.iter().filter(|(_, fault)| fault.rule.is_advice() == advice);
        let told = of_kind.take(MOST_TOLD).map(|(object, fault)| format!("{} {object}{}", fault.code(), fault.path));
        told.collect::<Vec<_>>().join(", ")
    }
}
