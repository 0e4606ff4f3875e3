//! What an Inquiry ends in: one verdict, every finding, and the facts of the badge when they may be believed.
//!
//! The core speaks in enums with stable machine codes; words for people are written by whoever shows the report.

use serde::{Serialize, Serializer};
use time::OffsetDateTime;

use crate::facts::{BadgeFacts, EndorsementFacts, RecordFacts};
use crate::form::Form;

/// The judgement of one badge text at one instant.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// The one word, by the precedence explained in the crate's README.
    pub verdict: Verdict,
    /// The instant the judgement speaks of (the `now` given to [`crate::Inquiry::open`]).
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// Every check in its order, each once (two status entries give two findings of their checks).
    pub findings: Vec<Finding>,
    /// What the badge says; `None` unless its signature was verified with a key its issuer vouches for.
    pub badge: Option<BadgeFacts>,
    /// What the endorsement says, when it is one; `None` under the same condition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endorsement: Option<EndorsementFacts>,
    /// What the collection says of itself, when it is one; `None` under the same condition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<RecordFacts>,
    /// What came in, as far as it was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form: Option<Form>,
    /// What stands inside and was judged by itself: endorsements, badges of a collection or a presentation.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
}

/// A credential inside another, judged by itself. What is amiss with it never speaks against what holds it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Part {
    /// Why it stands there.
    pub kind: PartKind,
    /// Where: a JSON pointer (RFC 6901) into the text that holds it.
    pub place: String,
    /// Its own judgement.
    pub report: Report,
}

/// Why one credential stands inside another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PartKind {
    /// It endorses what it stands on (OB 3.0 §9.2).
    Endorsement,
    /// It belongs to a collection (CLR 2.0).
    Embedded,
    /// It is shown by a presentation.
    Presented,
}

impl Report {
    /// The first finding of `check`, if it was reached.
    pub fn finding(&self, check: Check) -> Option<&Finding> {
        self.findings.iter().find(|finding| finding.check == check)
    }

    /// The least good verdict of this text and of the badges that it holds or shows: whoever is handed a collection is
    /// handed its badges. What others say of a badge (endorsements) does not count.
    pub fn least(&self) -> Verdict {
        let inside = self.parts.iter().filter(|part| part.kind != PartKind::Endorsement);
        let all = inside.map(|part| part.report.least()).chain([self.verdict]);
        all.max_by_key(|verdict| verdict.gravity()).unwrap_or(self.verdict)
    }
}

/// The eight verdicts of `design/decisions.md` §28.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// Everything asked for was examined and held.
    Authentic,
    /// The issuer took it back, for good.
    Withdrawn,
    /// The issuer put it on hold.
    Suspended,
    /// Its signed end has passed.
    Expired,
    /// Its signed beginning lies ahead.
    NotYetValid,
    /// The text does not hold together: nothing of it may be believed.
    Altered,
    /// Intact, but the register of trust does not vouch for who made it.
    UnknownIssuer,
    /// Something needed could not be examined; neither good nor false.
    CouldNotCheck,
}

impl Verdict {
    /// All verdicts, in the order of decisions §28.
    pub const ALL: [Self; 8] = [
        Self::Authentic,
        Self::Withdrawn,
        Self::Suspended,
        Self::Expired,
        Self::NotYetValid,
        Self::Altered,
        Self::UnknownIssuer,
        Self::CouldNotCheck,
    ];

    /// Of several verdicts, which one must know first: the README's precedence, from 0 for « authentique ».
    pub(crate) const fn gravity(self) -> u8 {
        match self {
            Self::Authentic => 0,
            Self::Expired => 1,
            Self::NotYetValid => 2,
            Self::CouldNotCheck => 3,
            Self::UnknownIssuer => 4,
            Self::Suspended => 5,
            Self::Withdrawn => 6,
            Self::Altered => 7,
        }
    }

    /// The stable machine code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Authentic => "authentic",
            Self::Withdrawn => "withdrawn",
            Self::Suspended => "suspended",
            Self::Expired => "expired",
            Self::NotYetValid => "not_yet_valid",
            Self::Altered => "altered",
            Self::UnknownIssuer => "unknown_issuer",
            Self::CouldNotCheck => "could_not_check",
        }
    }
}

impl Serialize for Verdict {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

/// One thing noticed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was examined.
    pub check: Check,
    /// What came of it.
    pub outcome: Outcome,
    /// A stable machine code, one meaning each; see [`crate::codes`].
    pub code: &'static str,
    /// A word from the documents, at most 200 characters, as a machine would quote it: a date, a pointer, a name that
    /// the badge gives itself. Strangers' text: escape it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// What is examined, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// Strictly read, and it says which badge or collection of badges it is.
    Format,
    /// The shape the standard asks for.
    Schema,
    /// Safe JSON-LD: the signature covers every member.
    JsonLd,
    /// The proof.
    Signature,
    /// The issuer vouches for the key.
    Key,
    /// The register of trust vouches for the issuer.
    Issuer,
    /// Already in force.
    Start,
    /// Still in force.
    End,
    /// Not withdrawn.
    Revocation,
    /// Not on hold.
    Suspension,
    /// Whom it names.
    Recipient,
    /// Whoever recommends it, or what it speaks of.
    Endorsements,
    /// The badges inside it.
    Embedded,
    /// Whether a newer version exists.
    Refresh,
    /// The files it links to are those it was signed with.
    Resources,
}

impl Check {
    /// Every check, in order.
    pub const ALL: [Self; 15] = [
        Self::Format,
        Self::Schema,
        Self::JsonLd,
        Self::Signature,
        Self::Key,
        Self::Issuer,
        Self::Start,
        Self::End,
        Self::Revocation,
        Self::Suspension,
        Self::Recipient,
        Self::Endorsements,
        Self::Embedded,
        Self::Refresh,
        Self::Resources,
    ];
}

/// What came of a check. Only `Failed` speaks against a badge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Examined, and it holds.
    Passed,
    /// Examined, and it does not hold.
    Failed,
    /// Was to be examined and could not be.
    CouldNotCheck,
    /// Not looked at: the policy did not ask, or an earlier finding made it pointless.
    NotExamined,
    /// Good to know; neither for nor against.
    Noted,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(verdict: Verdict, parts: Vec<Part>) -> Report {
        let at = OffsetDateTime::UNIX_EPOCH;
        Report { verdict, at, findings: Vec::new(), badge: None, endorsement: None, record: None, form: None, parts }
    }

    fn part(kind: PartKind, report: Report) -> Part {
        Part { kind, place: String::new(), report }
    }

    #[test]
    fn a_collection_is_as_good_as_its_least_good_badge() {
        use PartKind::{Embedded, Endorsement};
        use Verdict::{Altered, Authentic, CouldNotCheck, Expired, Withdrawn};

        let of = |verdict| part(Embedded, report(verdict, Vec::new()));
        assert_eq!(report(Authentic, Vec::new()).least(), Authentic);
        assert_eq!(report(Authentic, vec![of(Authentic), of(Expired)]).least(), Expired);
        assert_eq!(report(Authentic, vec![of(Withdrawn), of(CouldNotCheck)]).least(), Withdrawn);
        assert_eq!(report(Altered, vec![of(Authentic)]).least(), Altered);
        let nested = report(Authentic, vec![of(Altered)]);
        assert_eq!(report(Authentic, vec![part(Embedded, nested)]).least(), Altered);
        let praised = vec![part(Endorsement, report(Altered, Vec::new()))];
        assert_eq!(report(Authentic, praised).least(), Authentic);
    }
}
