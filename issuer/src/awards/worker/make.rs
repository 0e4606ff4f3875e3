//! (b) Composing, signing and judging, on the processor's own threads and without a transaction.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;

use badge_schemas::credential::{self, AwardFacts, IssuerFacts, StatusFacts};
use badge_schemas::identity::HashedEmail;
use badge_schemas::referentiel::{Level, referentiel};
use checks::{Inquiry, Need, Outcome, Policy, Unanswered, Verdict};
use data_encoding::BASE32_NOPAD;
use proofs::eddsa_rdfc_2022 as eddsa;
use time::{Date, OffsetDateTime};
use tokio::task::JoinSet;
use uuid::Uuid;
use web::Error;

use super::timings::{TOTALS, Timings};
use super::{Lot, LotRow};
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
    pub document_hash: Vec<u8>,
    pub verification_method: String,
    pub slot: StatusSlot,
    pub signed_at: OffsetDateTime,
}

/// What every badge of a lot shares.
pub(super) struct Shared {
    issuer_base: String,
    issuer: IssuerFacts,
    region: IssuerFacts,
    signer: Arc<OrganisationSigner>,
    did_document: String,
    lot: Lot,
    now: OffsetDateTime,
}

/// What every badge of a lot shares, read once for a chunk.
pub(super) async fn shared(issuer: &Issuer, lot: &Lot) -> Result<Arc<Shared>> {
    let organisation = organisations::facts(issuer, lot.organisation_id).await?;
    let region = organisations::region_facts(issuer).await?;
    Ok(Arc::new(Shared {
        issuer_base: issuer.url(""),
        issuer: named(&organisation),
        region: named(&region),
        signer: keys::signer(issuer, lot.organisation_id).await?,
        did_document: keys::did_document_text(issuer, lot.organisation_id).await?,
        lot: lot.clone(),
        now: issuer.clock.now(),
    }))
}

/// One [`Made`] per row, in any order.
pub(super) async fn make(shared: Arc<Shared>, rows: Vec<LotRow>, slots: Vec<StatusSlot>) -> Result<Vec<Made>> {
    let hands = std::thread::available_parallelism().map_or(1, usize::from);
    let mut work: Vec<(LotRow, StatusSlot)> = rows.into_iter().zip(slots).collect();
    let share = work.len().div_ceil(hands).max(1);
    let mut threads = JoinSet::new();
    while !work.is_empty() {
        let mine = work.split_off(work.len().saturating_sub(share));
        let shared = Arc::clone(&shared);
        threads.spawn_blocking(move || mine.into_iter().map(|(row, slot)| make_one(&shared, row, slot)).collect());
    }
    let mut all = Vec::new();
    while let Some(done) = threads.join_next().await {
        let some: Vec<Made> = done.map_err(Error::internal)?;
        all.extend(some);
    }
    Ok(all)
}

fn make_one(shared: &Shared, row: LotRow, slot: StatusSlot) -> Made {
    let (row_number, trainee_id) = (row.row_number, row.trainee_id);
    let badge = unpanicked(|| sign(shared, row, slot))
        .inspect_err(|why| tracing::error!(lot.id = %shared.lot.lot_id, lot.row = row_number, fault = %why, "un badge a été refusé par notre propre contrôle"))
        .ok();
    Made { row_number, trainee_id, badge }
}

/// A panic on one row refuses that row, and says nothing of what was in it.
fn unpanicked<T>(work: impl FnOnce() -> std::result::Result<T, String>) -> std::result::Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err("panic".to_owned()))
}

/// A signed badge, or why not in words without anybody's name.
fn sign(shared: &Shared, row: LotRow, slot: StatusSlot) -> std::result::Result<Badge, String> {
    let started = Instant::now();
    let lot = &shared.lot;
    let level = Level::parse(&lot.level).ok_or("unknown level")?;
    let achievement = referentiel().achievement(&lot.badge_id, level).ok_or("unknown achievement")?;
    let evidence_type = referentiel().evidence_type(&lot.evidence_type).ok_or("unknown kind of evidence")?;
    let email = row.email.as_deref().map(|email| HashedEmail::new(email, salt()));
    let (award_id, subject_id) = (Uuid::new_v4(), Uuid::new_v4());
    let awarded_on = row.observed_on.unwrap_or(lot.observed_on);
    let facts = AwardFacts {
        issuer_base: &shared.issuer_base,
        credential_id: award_id,
        subject_id,
        achievement,
        issuer: &shared.issuer,
        region: &shared.region,
        valid_from: lot.attested_at,
        awarded_on,
        name: &row.name,
        email: email.as_ref(),
        observed: &lot.observed.0,
        evidence_type,
        sentence: &lot.sentence,
        status: StatusFacts { list_url: &slot.list_url, index: slot.index },
    };
    if let Some(fault) = facts.faults().first() {
        return Err(fault.to_string());
    }
    let unsigned = credential::compose(&facts);
    let method = shared.signer.verification_method().to_owned();
    let prepared = eddsa::prepare(&unsigned, &eddsa::Options::assertion(lot.attested_at, &method))
        .map_err(|fault| fault.to_string())?;
    Timings::add(&TOTALS.canonicalise, started);
    let started = Instant::now();
    let signature = shared.signer.sign(&prepared.hash_data);
    Timings::add(&TOTALS.sign, started);
    let document_hash = prepared.document_hash.to_vec();
    let signed_text = prepared.finish(signature).to_string();
    let started = Instant::now();
    judge(shared, &signed_text)?;
    Timings::add(&TOTALS.check, started);
    Ok(Badge {
        award_id,
        subject_id,
        name: row.name,
        sort_key: row.sort_key,
        email: row.email,
        awarded_on,
        signed_text,
        document_hash,
        verification_method: method,
        slot,
        signed_at: shared.now,
    })
}

/// What any verifier will do, on the exact text that will be kept: format, schema, safe JSON-LD, proof, key.
fn judge(shared: &Shared, text: &str) -> std::result::Result<(), String> {
    let mut inquiry = Inquiry::open(text, shared.now, Policy { trust: false, status: false });
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
