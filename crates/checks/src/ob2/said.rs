//! What a text says it is, told even when nothing of it may be believed.

use badge_schemas::ob2::{Document, Version};

use crate::codes;
use crate::form::Standard;
use crate::ob3::Scope;
use crate::report::{Check, Outcome};
use crate::sheet::Sheet;

/// The version and the class, as far as they were read.
#[derive(Debug)]
pub(super) struct Said {
    pub version: Version,
    endorsement: bool,
}

impl Said {
    /// Before anything is read.
    pub(super) const fn of(scope: Scope<'_>) -> Self {
        Self { version: Version::V2_0, endorsement: scope.endorsed.is_some() }
    }

    /// A document that was read; the last one counts.
    pub(super) fn read(&mut self, document: &Document) {
        self.version = document.version;
        self.endorsement = document.is_a("Endorsement");
    }

    /// Notes that it is a badge, or an endorsement, of this version.
    pub(super) fn note(&self, sheet: &mut Sheet) {
        let code = if self.endorsement { codes::ENDORSEMENT_2 } else { codes::OPEN_BADGES_2 };
        sheet.note(Check::Format, Outcome::Passed, code, Some(self.version.code().to_owned()));
    }

    /// The standard of the report's form.
    pub(super) const fn standard(&self) -> Standard {
        match self.version {
            Version::V0_5 => Standard::OpenBadges0_5,
            Version::V1_0 => Standard::OpenBadges1_0,
            Version::V1_1 => Standard::OpenBadges1_1,
            Version::V2_0 if self.endorsement => Standard::Endorsement2,
            Version::V2_0 => Standard::OpenBadges2,
        }
    }
}
