//! The lots of a file: its ready lines, written part by part in one transaction.

use std::collections::{HashMap, HashSet};

use store::{Tx, on};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Attested, NewLot, Person, begins};
use crate::access::Trainer;
use crate::awards::observation::Observation;
use crate::imports::rows::{self as import_rows, Import, ImportRow};
use crate::imports::settle::{AT_ONCE, Rules, settle};
use crate::trainees::{self, Trainee};
use crate::{Issuer, Result, organisations};

/// Attests the ready lines of an import: a lot for each observation, the first one answered. People the house does not
/// know yet become trainees of the session. Lines whose badge no observation is about are left.
pub async fn from_import(
    issuer: &Issuer,
    trainer: &Trainer,
    import: &Import,
    observations: &[Observation],
) -> Result<Attested> {
    let rules = Rules::of(issuer, trainer).await?;
    let mut tries = 0;
    loop {
        tries += 1;
        match once(issuer, trainer, import, observations, &rules).await {
            // Another instance added the same people at the same instant: settled again, they are known.
            Err(error) if error.is_lost_race() && tries < 4 => {}
            other => return Ok(other?),
        }
    }
}

async fn once(
    issuer: &Issuer,
    trainer: &Trainer,
    import: &Import,
    observations: &[Observation],
    rules: &Rules,
) -> store::Result<Attested> {
    let (organisation_id, session_id, import_id) = (trainer.organisation_id, import.session_id, import.import_id);
    trainees::rows::note_words(&issuer.db, organisation_id).await?;
    let mut tx = issuer.db.begin().await?;
    if !begins(&mut tx, organisation_id, session_id).await? {
        return Ok(Attested::Unknown);
    }
    // Files of one organisation follow one another: two that add the same people in opposite orders would stop each other.
    organisations::rows::hold(&mut tx, organisation_id).await?;
    let mut writing = Writing::new(&mut tx, trainer, import, observations, issuer.clock.now()).await?;
    // Which lot it will be is known at the end.
    if !import_rows::attested(&mut tx, organisation_id, import_id, Uuid::new_v4()).await? {
        drop(tx);
        let lot = import_rows::find(&issuer.db, organisation_id, import_id).await?.and_then(|i| i.lot_id);
        return Ok(lot.map_or(Attested::Unknown, Attested::Lot));
    }
    // Every line is settled before anything is written: what the lines above bring must not change who the others are.
    settle(&mut tx, organisation_id, import, rules).await?;
    let mut last = i64::MIN;
    loop {
        let lines = import_rows::after(&mut tx, organisation_id, import_id, last, AT_ONCE).await?;
        let Some(end) = lines.last() else { break };
        last = end.line;
        writing.write(&mut tx, &lines).await?;
    }
    let Some(lot_id) = writing.ends(&mut tx).await? else { return Ok(Attested::Nobody) };
    import_rows::followed_by(&mut tx, organisation_id, import_id, lot_id).await?;
    tx.commit().await?;
    Ok(Attested::Lot(lot_id))
}

/// The lots of an import, on their way into the database.
struct Writing<'a> {
    trainer: &'a Trainer,
    import: &'a Import,
    at: OffsetDateTime,
    lots: Vec<Observed<'a>>,
    /// By the first line of each person the house did not know.
    newcomers: HashMap<i64, Newcomer>,
    /// How many parts were written.
    parts: usize,
}

/// A lot, and who may not be in it.
struct Observed<'a> {
    lot: NewLot<'a>,
    had_before: HashSet<Uuid>,
}

/// Somebody new, who may stand on several lines, each with another badge.
struct Newcomer {
    trainee_id: Uuid,
    without_email: bool,
    without_number: bool,
    /// In which part they are added, and which of its new people they are.
    place: (usize, usize),
}

impl<'a> Writing<'a> {
    async fn new(
        tx: &mut Tx,
        trainer: &'a Trainer,
        import: &'a Import,
        observations: &'a [Observation],
        at: OffsetDateTime,
    ) -> store::Result<Self> {
        let mut lots = Vec::with_capacity(observations.len());
        for observation in observations {
            lots.push(Observed {
                lot: NewLot::new(trainer, import.session_id, Some(import.import_id), observation, at),
                had_before: had_before(tx, trainer.organisation_id, import.session_id, observation).await?,
            });
        }
        Ok(Self { trainer, import, at, lots, newcomers: HashMap::new(), parts: 0 })
    }

    /// Adds the ready ones of some settled lines to their lots.
    async fn write(&mut self, tx: &mut Tx, lines: &[ImportRow]) -> store::Result<()> {
        let organisation_id = self.trainer.organisation_id;
        let known = lines.iter().filter_map(|row| row.trainee_id).collect();
        let known = trainees::rows::without_some_detail(tx, organisation_id, known).await?;
        let mut new: Vec<Trainee> = Vec::new();
        let mut people: Vec<Vec<Person>> = self.lots.iter().map(|_| Vec::new()).collect();
        for row in lines.iter().filter(|row| row.state == "ready") {
            let code = row.achievement(&self.import.answers.0.achievement);
            let about = |observed: &Observed<'_>| observed.lot.observation.achievement.human_code == code;
            let Some(nth) = self.lots.iter().position(about) else { continue };
            if row.trainee_id.is_some_and(|id| self.lots[nth].had_before.contains(&id)) {
                continue;
            }
            let trainee_id = match row.trainee_id {
                Some(id) => {
                    let (without_email, without_number) = known.get(&id).copied().unwrap_or_default();
                    self.complete(tx, id, row, without_email, without_number).await?;
                    id
                }
                None => self.newcomer(tx, row, &mut new).await?,
            };
            people[nth].push(Person { trainee_id, line: Some(row.line), observed_on: row.observed_on });
        }
        trainees::rows::add(tx, organisation_id, &mut new, self.at).await?;
        let mut ids: Vec<Uuid> = people.iter().flatten().map(|person| person.trainee_id).collect();
        ids.sort_unstable();
        ids.dedup();
        trainees::rows::join_session(tx, organisation_id, self.import.session_id, &ids, self.at).await?;
        for (observed, people) in self.lots.iter_mut().zip(&people) {
            observed.lot.add(tx, people).await?;
        }
        self.parts += 1;
        Ok(())
    }

    /// Somebody whom the house did not know: added with this part, or with one before it.
    async fn newcomer(&mut self, tx: &mut Tx, row: &ImportRow, new: &mut Vec<Trainee>) -> store::Result<Uuid> {
        let first = row.first_line();
        let Some(known) = self.newcomers.get_mut(&first) else {
            let person = Trainee::new(&row.name, row.email.as_deref(), row.file_number.as_deref());
            let newcomer = Newcomer {
                trainee_id: person.trainee_id,
                without_email: person.email.is_none(),
                without_number: person.file_number.is_none(),
                place: (self.parts, new.len()),
            };
            new.push(person);
            return Ok(self.newcomers.entry(first).or_insert(newcomer).trainee_id);
        };
        let (without_email, without_number) = (known.without_email, known.without_number);
        known.without_email &= row.email.is_none();
        known.without_number &= row.file_number.is_none();
        let (trainee_id, (part, place)) = (known.trainee_id, known.place);
        if part == self.parts {
            let person = &mut new[place];
            if without_email {
                (person.email, person.email_key) = (row.email.clone(), row.email_key.clone());
            }
            person.file_number = person.file_number.take().or_else(|| row.file_number.clone());
        } else {
            self.complete(tx, trainee_id, row, without_email, without_number).await?;
        }
        Ok(trainee_id)
    }

    /// Fills in what a line says of somebody, if it was not known.
    async fn complete(
        &self,
        tx: &mut Tx,
        trainee_id: Uuid,
        row: &ImportRow,
        without_email: bool,
        without_number: bool,
    ) -> store::Result<()> {
        let email = row.email.as_deref().filter(|_| without_email);
        let number = row.file_number.as_deref().filter(|_| without_number);
        if email.is_none() && number.is_none() {
            return Ok(());
        }
        trainees::rows::complete(tx, self.trainer.organisation_id, trainee_id, email, number).await
    }

    /// Closes the lots; the first that has somebody.
    async fn ends(&self, tx: &mut Tx) -> store::Result<Option<Uuid>> {
        let mut first = None;
        for Observed { lot, .. } in &self.lots {
            if lot.ends(tx).await? {
                first = first.or(Some(lot.lot_id));
            }
        }
        Ok(first)
    }
}

/// Who has this achievement in this session, or had it withdrawn (undone does not count): files leave them aside.
async fn had_before(
    tx: &mut Tx,
    organisation_id: Uuid,
    session_id: Uuid,
    observation: &Observation,
) -> store::Result<HashSet<Uuid>> {
    let had: Vec<Uuid> = on!(tx, c => sqlx::query_scalar(
        "select a.trainee_id from issuer_award a left join issuer_withdrawal w on w.award_id = a.award_id
         where a.organisation_id = $1 and a.session_id = $2 and a.badge_id = $3 and a.level = $4
           and (a.withdrawn_at is null or (w.kind = 'withdrawn' and w.reason <> 'lot_undone'))")
        .bind(organisation_id).bind(session_id).bind(&observation.achievement.badge_id)
        .bind(observation.achievement.level.code()).fetch_all(c).await)?;
    Ok(had.into_iter().collect())
}
