//! (b) Composing, signing and judging, on the processor's own threads and without a transaction.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;
use std::time::Instant;

use badge_schemas::credential::{AwardFacts, IssuerFacts, StatusFacts};
use badge_schemas::identity::HashedEmail;
use badge_schemas::referentiel::{Achievement, EvidenceType, Level, referentiel};
use checks::{Answer, Inquiry, Memory, Need, Outcome, Policy, Unanswered, Verdict};
use data_encoding::BASE32_NOPAD;
use proofs::eddsa_rdfc_2022::Options;
use time::{Date, OffsetDateTime};
use uuid::Uuid;
use web::Error;

use super::form::Forms;
use super::timings::{TOTALS, Timings};
use super::{Lot, LotRow};
use crate::delivery::codes::{self, FirstCodes};
use crate::keys::{self, OrganisationSigner, Signer};
use crate::organisations::{self, OrganisationFacts};
use crate::status::StatusSlot;
use crate::{Issuer, Result};

/// What became of one row.
pub(super) struct Made {
    pub row_number: i64,
    pub trainee_id: Uuid,
    /// `None`: our own check did not accept it; nothing of it is kept.
    pub badge: Option<Badge>,
}

/// A badge that the judge accepted.
pub(super) struct Badge {
    pub award_id: Uuid,
    pub subject_id: Uuid,
    pub name: String,
    pub sort_key: String,
    pub email: Option<String>,
    pub awarded_on: Date,
    pub signed_text: String,
    pub document_hash: [u8; 32],
    pub slot: StatusSlot,
    pub codes: FirstCodes,
}

/// What every badge of a chunk shares.
pub(super) struct Shared {
    house: Issuer,
    issuer_base: String,
    issuer: IssuerFacts,
    region: IssuerFacts,
    signer: Arc<OrganisationSigner>,
    did_document: Answer,
    /// What our own judge has read: the key is decoded once.
    read: Arc<Memory>,
    lot: Lot,
    pub now: OffsetDateTime,
}

/// What every badge of a lot shares, read once for a chunk.
pub(super) async fn shared(issuer: &Issuer, lot: &Lot) -> Result<Shared> {
    let organisation = organisations::facts(issuer, lot.organisation_id).await?;
    let region = organisations::region_facts(issuer).await?;
    Ok(Shared {
        house: issuer.clone(),
        issuer_base: issuer.url(""),
        issuer: named(&organisation),
        region: named(&region),
        signer: keys::signer(issuer, lot.organisation_id).await?,
        did_document: keys::did_document_text(issuer, lot.organisation_id).await?.into(),
        read: Arc::default(),
        lot: lot.clone(),
        now: issuer.clock.now(),
    })
}

impl Shared {
    /// The key's id, for every badge of the chunk.
    pub(super) fn verification_method(&self) -> &str {
        self.signer.verification_method()
    }
}

/// What became of each row, in their order.
pub(super) async fn make(shared: Shared, work: Vec<(LotRow, StatusSlot)>) -> Result<Vec<Made>> {
    tokio::task::spawn_blocking(move || make_all(&shared, work)).await.map_err(Error::internal)
}

/// On as many threads as there are processors, which end with the chunk.
fn make_all(shared: &Shared, mut work: Vec<(LotRow, StatusSlot)>) -> Vec<Made> {
    let lot = &shared.lot;
    let level = Level::parse(&lot.level);
    let achievement = level.and_then(|level| referentiel().achievement(&lot.badge_id, level));
    let hand = Hand::new(shared, achievement, work.len());
    let hands = thread::available_parallelism().map_or(1, usize::from);
    let share = work.len().div_ceil(hands).max(1);
    thread::scope(|scope| {
        let mut others = Vec::new();
        while work.len() > share {
            let (hand, theirs) = (&hand, work.split_off(work.len() - share));
            others.push(scope.spawn(move || hand.make_some(theirs)));
        }
        let mut made = hand.make_some(work);
        for other in others.into_iter().rev() {
            match other.join() {
                Ok(theirs) => made.extend(theirs),
                // A panic on one row was caught there: nothing is left to panic.
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        made
    })
}

/// What makes the badges of a chunk: its words looked up, its forms prepared.
struct Hand<'a> {
    shared: &'a Shared,
    said: std::result::Result<Said<'a>, &'static str>,
    options: Options,
}

/// What the lot says, as the référentiel has it.
struct Said<'a> {
    achievement: &'static Achievement,
    evidence_type: &'static EvidenceType,
    forms: Forms<'a>,
}

impl<'a> Hand<'a> {
    fn new(shared: &'a Shared, achievement: Option<&'static Achievement>, rows: usize) -> Self {
        let evidence_type = referentiel().evidence_type(&shared.lot.evidence_type);
        let said = match (achievement, evidence_type) {
            (Some(achievement), Some(evidence_type)) => {
                let sample = facts(shared, achievement, evidence_type);
                Ok(Said { achievement, evidence_type, forms: Forms::of(sample, rows) })
            }
            (None, _) => Err("unknown achievement"),
            (_, None) => Err("unknown kind of evidence"),
        };
        Self { shared, said, options: Options::assertion(shared.lot.attested_at, shared.verification_method()) }
    }

    fn make_some(&self, work: Vec<(LotRow, StatusSlot)>) -> Vec<Made> {
        work.into_iter().map(|(row, slot)| self.make_one(row, slot)).collect()
    }

    fn make_one(&self, row: LotRow, slot: StatusSlot) -> Made {
        let (row_number, trainee_id) = (row.row_number, row.trainee_id);
        let badge = unpanicked(|| self.sign(row, slot))
            .inspect_err(|why| tracing::error!(lot.id = %self.shared.lot.lot_id, lot.row = row_number, fault = %why, "un badge a été refusé par notre propre contrôle"))
            .ok();
        Made { row_number, trainee_id, badge }
    }

    /// A signed badge, or why not in words without anybody's name.
    fn sign(&self, row: LotRow, slot: StatusSlot) -> std::result::Result<Badge, String> {
        let started = Instant::now();
        let shared = self.shared;
        let said = self.said.as_ref().map_err(|why| *why)?;
        let email = row.email.as_deref().map(|email| HashedEmail::new(email, salt()));
        let (award_id, subject_id) = (Uuid::new_v4(), Uuid::new_v4());
        let awarded_on = row.observed_on.unwrap_or(shared.lot.observed_on);
        let ready = said.forms.prepare(
            &AwardFacts {
                credential_id: award_id,
                subject_id,
                awarded_on,
                name: &row.name,
                email: email.as_ref(),
                status: StatusFacts { list_url: &slot.list_url, index: slot.index },
                ..facts(shared, said.achievement, said.evidence_type)
            },
            &self.options,
        )?;
        Timings::add(&TOTALS.compose, started);
        let started = Instant::now();
        let signature = shared.signer.sign(ready.hash_data());
        Timings::add(&TOTALS.sign, started);
        let started = Instant::now();
        let document_hash = ready.document_hash();
        let signed_text = ready.finish(signature);
        Timings::add(&TOTALS.compose, started);
        let started = Instant::now();
        judge(shared, &signed_text)?;
        Timings::add(&TOTALS.judge, started);
        let started = Instant::now();
        let codes = codes::first(&shared.house, award_id, row.email.is_some());
        Timings::add(&TOTALS.codes, started);
        let LotRow { name, sort_key, email, .. } = row;
        Ok(Badge { award_id, subject_id, name, sort_key, email, awarded_on, signed_text, document_hash, slot, codes })
    }
}

/// What the badges of a chunk say alike; who, when and where in the status list is each one's own.
fn facts<'a>(shared: &'a Shared, achievement: &'a Achievement, evidence_type: &'a EvidenceType) -> AwardFacts<'a> {
    let lot = &shared.lot;
    AwardFacts {
        issuer_base: &shared.issuer_base,
        credential_id: lot.lot_id,
        subject_id: lot.lot_id,
        achievement,
        issuer: &shared.issuer,
        region: &shared.region,
        valid_from: lot.attested_at,
        awarded_on: lot.observed_on,
        name: "Prénom Nom",
        email: None,
        observed: &lot.observed.0,
        evidence_type,
        sentence: &lot.sentence,
        status: StatusFacts { list_url: &shared.issuer_base, index: 0 },
    }
}

/// A panic on one row refuses that row, and says nothing of what was in it.
fn unpanicked<T>(work: impl FnOnce() -> std::result::Result<T, String>) -> std::result::Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err("panic".to_owned()))
}

/// What any verifier will do, on the exact text that will be kept: format, schema, safe JSON-LD, proof, key.
fn judge(shared: &Shared, text: &str) -> std::result::Result<(), String> {
    let policy = Policy { trust: false, status: false };
    let mut inquiry = Inquiry::open(text, shared.now, policy).with_memory(&shared.read);
    while let Some(need) = inquiry.next_need() {
        let answer = match &need {
            Need::DidDocument { did } if *did == shared.issuer.did => Ok(shared.did_document.clone()),
            _ => Err(Unanswered::NotAsked),
        };
        inquiry.answer(&need, answer);
    }
    let report = inquiry.conclude();
    if report.verdict == Verdict::Authentic {
        return Ok(());
    }
    let failed = report.findings.iter().filter(|f| matches!(f.outcome, Outcome::Failed | Outcome::CouldNotCheck));
    Err(failed.map(|f| f.code).collect::<Vec<_>>().join(", "))
}

fn named(facts: &OrganisationFacts) -> IssuerFacts {
    IssuerFacts { did: facts.did.clone(), name: facts.name.clone(), url: facts.url.clone() }
}

/// 128 fresh bits as text (decisions §6).
fn salt() -> String {
    let mut bits = [0_u8; 16];
    rand::fill(&mut bits[..]);
    BASE32_NOPAD.encode(&bits)
}

#[cfg(test)]
mod tests {
    use super::unpanicked;

    #[test]
    fn a_panic_is_a_refusal_without_words() {
        assert_eq!(unpanicked::<()>(|| panic!("Amina Lefèvre")), Err("panic".to_owned()));
        assert_eq!(unpanicked(|| Ok(1)), Ok(1));
    }
}
