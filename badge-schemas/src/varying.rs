//! What varies within a class of credentials: the strings that differ from one award of an achievement to the next.
//!
//! Everything else – names of members, types, contexts, languages, numbers, lists, `null`s – makes the class. So what
//! was found of a part without varying strings in one credential of a class holds in all.

/// Which strings below a member vary. Arrays are passed through: what holds of one item holds of each.
#[derive(Debug)]
pub struct Pattern {
    slot: bool,
    members: &'static [(&'static str, Pattern)],
}

const FIXED: &Pattern = &members(&[]);
const SLOT: Pattern = Pattern { slot: true, members: &[] };

const fn members(members: &'static [(&'static str, Pattern)]) -> Pattern {
    Pattern { slot: false, members }
}

/// What varies from one award to the next of the same achievement (Open Badges 3.0 §B.1; `issuanceDate` and
/// `expirationDate` are those of version 1 of the data model).
pub static CREDENTIAL: Pattern = members(&[
    ("id", SLOT),
    ("validFrom", SLOT),
    ("validUntil", SLOT),
    ("awardedDate", SLOT),
    ("issuanceDate", SLOT),
    ("expirationDate", SLOT),
    ("image", members(&[("id", SLOT), ("caption", SLOT)])),
    (
        "credentialSubject",
        members(&[
            ("id", SLOT),
            ("activityStartDate", SLOT),
            ("activityEndDate", SLOT),
            ("identifier", members(&[("identityHash", SLOT), ("salt", SLOT)])),
            ("result", members(&[("id", SLOT), ("value", SLOT)])),
        ]),
    ),
    ("evidence", members(&[("id", SLOT), ("name", SLOT), ("narrative", SLOT), ("description", SLOT), ("genre", SLOT)])),
    ("credentialStatus", members(&[("id", SLOT), ("statusListIndex", SLOT), ("statusListCredential", SLOT)])),
    ("proof", PROOF),
]);

/// What varies from one proof to the next.
pub const PROOF: Pattern = members(&[
    ("created", SLOT),
    ("expires", SLOT),
    ("verificationMethod", SLOT),
    ("nonce", SLOT),
    (PROOF_VALUE, SLOT),
]);

/// The member of a proof that it does not cover itself.
pub const PROOF_VALUE: &str = "proofValue";

impl Pattern {
    /// What varies below the member of this name.
    pub fn member(&self, name: &str) -> &Self {
        self.members.iter().find(|(known, _)| *known == name).map_or(FIXED, |(_, pattern)| pattern)
    }

    /// Whether a string here varies.
    pub const fn is_slot(&self) -> bool {
        self.slot
    }

    /// Whether nothing here varies, at any depth.
    pub const fn is_fixed(&self) -> bool {
        !self.slot && self.members.is_empty()
    }

    /// A number that tells patterns apart.
    pub const fn number(&self) -> u64 {
        self.members.len() as u64
    }
}
