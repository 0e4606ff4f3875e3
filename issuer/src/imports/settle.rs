//! Who each line is, settled part by part: what a file of a hundred thousand lines holds in memory hardly differs from
//! what one of a thousand does.

mod deciding;

use std::collections::HashMap;

use badge_schemas::referentiel::referentiel;
use store::Tx;
use uuid::Uuid;

use super::reading::Fault;
use super::rows::{self, Import, ImportRow, KeptFault};
use crate::access::Trainer;
use crate::awards::{self, observation};
use crate::trainees::{self, Trainee};
use crate::{Issuer, Result};
use deciding::Decider;

/// Lines settled together.
pub const AT_ONCE: i64 = 5_000;

/// What lines are settled by, besides who is known.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// The address of who attests, without case.
    pub yourself: String,
    /// Codes of the families that the organisation may attest now; `None` when it may attest nothing.
    pub families: Option<Vec<String>>,
}

impl Rules {
    /// Those of a trainer now.
    pub async fn of(issuer: &Issuer, trainer: &Trainer) -> Result<Self> {
        let organisation_id = trainer.organisation_id;
        Ok(Self {
            yourself: awards::address_of_member(&issuer.db, organisation_id, trainer.member_id).await?,
            families: awards::families(issuer, organisation_id).await?,
        })
    }

    /// Why a line that says its own badge or level cannot be attested as it says; `default` is the file's choice.
    fn refuse(&self, row: &ImportRow, default: &str) -> Option<Fault> {
        if row.badge_id.is_none() && row.level.is_none() {
            return None;
        }
        let code = row.achievement(default);
        let (badge, _) = code.split_once('/')?;
        if badge.is_empty() {
            return None;
        }
        if let Some(achievement) = referentiel().achievement_by_code(&code) {
            let why = observation::refused(achievement, self.families.as_deref());
            return why.map(|why| Fault::BadgeRefused(why.to_owned()));
        }
        let name = referentiel().badge(badge).map_or(badge, |badge| &badge.name);
        Some(Fault::BadgeRefused(Fault::LevelNotOfBadge(name.to_owned()).words()))
    }
}

/// Settles every line of an import against what is known now, and writes what changed; within one transaction, since what
/// a line is depends on those above it.
pub async fn settle(tx: &mut Tx, organisation_id: Uuid, import: &Import, rules: &Rules) -> store::Result<()> {
    let mut decider = Decider::new(rules, &import.answers.0.achievement);
    let mut last = i64::MIN;
    loop {
        let mut lines = rows::after(tx, organisation_id, import.import_id, last, AT_ONCE).await?;
        let Some(end) = lines.last() else { return Ok(()) };
        last = end.line;
        let people = lines.iter().map(ImportRow::keys);
        let (book, known) = trainees::rows::perhaps_one_of(tx, organisation_id, import.session_id, people).await?;
        let known: HashMap<Uuid, Trainee> = known.into_iter().map(|t| (t.trainee_id, t)).collect();
        let mut changed = Vec::new();
        for (nth, line) in lines.iter_mut().enumerate() {
            let before = Standing::of(line);
            decider.decide(line, &book, &known);
            if Standing::of(line) != before {
                changed.push(nth);
            }
        }
        let changed: Vec<&ImportRow> = changed.into_iter().map(|nth| &lines[nth]).collect();
        rows::settle(tx, organisation_id, import.import_id, &changed).await?;
    }
}

/// What settling writes of a line ([`rows::settle`]): of most lines nothing but a word.
#[derive(PartialEq, Eq)]
struct Standing {
    state: String,
    same_as_line: Option<i64>,
    trainee_id: Option<Uuid>,
    /// Fault, its detail, its field; question and answer.
    said: Option<Box<[Option<String>; 5]>>,
    more_faults: Option<Vec<KeptFault>>,
}

impl Standing {
    fn of(row: &ImportRow) -> Self {
        let said = [&row.fault, &row.fault_detail, &row.fault_field, &row.question, &row.answer];
        Self {
            state: row.state.clone(),
            same_as_line: row.same_as_line,
            trainee_id: row.trainee_id,
            said: said.iter().any(|word| word.is_some()).then(|| Box::new(said.map(Option::clone))),
            more_faults: row.more_faults.as_ref().map(|more| more.0.clone()),
        }
    }
}
