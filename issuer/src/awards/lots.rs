//! A lot: one act of attesting, written whole in one transaction; the badges are made after it.

use std::collections::{HashMap, HashSet};

use sqlx::types::Json;
use store::{Db, StoreError, Tx, bulk, execute, on};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::observation::Observation;
use crate::access::Trainer;
use crate::imports::rows::{self as import_rows, Import};
use crate::imports::settle;
use crate::trainees::{self, Trainee};
use crate::{Issuer, Result};

/// A lot as it stands.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Lot {
    /// Its id.
    pub lot_id: Uuid,
    /// Whose.
    pub organisation_id: Uuid,
    /// In which session.
    pub session_id: Uuid,
    /// The file it was made of.
    pub import_id: Option<Uuid>,
    /// Badge of the référentiel.
    pub badge_id: String,
    /// Code of the level.
    pub level: String,
    /// Version of the référentiel.
    pub version: String,
    /// The day observed.
    pub observed_on: Date,
    /// Id of the kind of evidence.
    pub evidence_type: String,
    /// Points observed.
    pub observed: Json<Vec<usize>>,
    /// The situation.
    pub sentence: String,
    /// Who attested.
    pub attested_by: Uuid,
    /// When.
    pub attested_at: OffsetDateTime,
    /// How many people.
    pub total: i64,
    /// For how many it is done.
    pub done: i64,
    /// When it was done for all.
    pub finished_at: Option<OffsetDateTime>,
    /// When it was taken back.
    pub undone_at: Option<OffsetDateTime>,
}

/// The columns of [`Lot`].
pub(crate) const COLUMNS: &str =
    "lot_id, organisation_id, session_id, import_id, badge_id, level, version, observed_on,
    evidence_type, observed, sentence, attested_by, attested_at, total, done, finished_at, undone_at";

/// What became of an act of attesting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attested {
    /// The lot to follow: the new one, or the one another request made of the same file a moment before.
    Lot(Uuid),
    /// Nobody of the file or of the ticks can be attested.
    Nobody,
    /// The session or the import is not this organisation's.
    Unknown,
}

/// One person of a new lot.
struct Person {
    trainee_id: Uuid,
    line: Option<i64>,
    observed_on: Option<Date>,
}

/// Attests the ready lines of an import: a lot for each observation, the first one answered. People the house does not
/// know yet become trainees of the session. Lines whose badge no observation is about are left.
pub async fn from_import(
    issuer: &Issuer,
    trainer: &Trainer,
    import: &Import,
    observations: &[Observation],
) -> Result<Attested> {
    let rules = settle::Rules::of(issuer, trainer).await?;
    let mut tries = 0;
    loop {
        tries += 1;
        match import_once(issuer, trainer, import, observations, &rules).await {
            // Another instance added the same people at the same instant: settled again, they are known.
            Err(StoreError::Unique { .. }) if tries < 4 => {}
            other => return Ok(other?),
        }
    }
}

/// Attests people of a session by their ids; ids of anybody else are left out.
pub async fn from_ticks(
    issuer: &Issuer,
    trainer: &Trainer,
    session_id: Uuid,
    ticked: &[Uuid],
    observation: &Observation,
) -> Result<Attested> {
    let organisation_id = trainer.organisation_id;
    let yourself = super::address_of_member(&issuer.db, organisation_id, trainer.member_id).await?;
    let ticked: HashSet<&Uuid> = ticked.iter().collect();
    let people: Vec<Person> = trainees::rows::of_session(&issuer.db, organisation_id, session_id)
        .await?
        .into_iter()
        .filter(|t| ticked.contains(&t.trainee_id) && t.email_key.as_deref() != Some(&yourself))
        .map(|t| Person { trainee_id: t.trainee_id, line: None, observed_on: None })
        .collect();
    if people.is_empty() {
        return Ok(Attested::Nobody);
    }
    let lot_id = Uuid::new_v4();
    let mut tx = issuer.db.begin().await?;
    if !begins(&mut tx, organisation_id, session_id).await? {
        return Ok(Attested::Unknown);
    }
    insert(&mut tx, issuer, trainer, lot_id, session_id, None, observation, &people).await?;
    tx.commit().await?;
    Ok(Attested::Lot(lot_id))
}

/// One lot of that organisation.
pub async fn find(db: &Db, organisation_id: Uuid, lot_id: Uuid) -> store::Result<Option<Lot>> {
    let sql =
        sqlx::AssertSqlSafe(format!("select {COLUMNS} from issuer_lot where organisation_id = $1 and lot_id = $2"));
    Ok(on!(db, c => sqlx::query_as(sql).bind(organisation_id).bind(lot_id).fetch_optional(c).await)?)
}

/// How many people of a lot ended in each outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outcomes {
    /// A badge was made.
    pub attested: i64,
    /// The person had it already in this session.
    pub already: i64,
    /// It was withdrawn from the person before: a file never resurrects it.
    pub withdrawn: i64,
    /// Our own check refused it; nothing was kept.
    pub refused: i64,
    /// The lot was undone after this badge had been claimed or its letter had left.
    pub seen: i64,
}

/// The outcomes of one lot, once it is done: until then [`Lot::done`] says how far it is, and nobody counts a hundred
/// thousand rows at each look.
pub async fn outcomes(db: &Db, lot: &Lot) -> store::Result<Outcomes> {
    let &Lot { organisation_id, lot_id, finished_at: Some(_), .. } = lot else { return Ok(Outcomes::default()) };
    let counted: Vec<(String, i64)> = on!(db, c => sqlx::query_as(
        "select outcome, count(*) from issuer_lot_row
         where organisation_id = $1 and lot_id = $2 and outcome is not null group by outcome")
        .bind(organisation_id).bind(lot_id).fetch_all(c).await)?;
    let seen: i64 = on!(db, c => sqlx::query_scalar(
        "select count(*) from issuer_withdrawal w join issuer_award a on a.award_id = w.award_id
         where a.organisation_id = $1 and a.lot_id = $2 and w.kind = 'withdrawn' and w.reason = $3")
        .bind(organisation_id).bind(lot_id).bind(super::undo::SEEN).fetch_one(c).await)?;
    let of = |word: &str| counted.iter().find(|(outcome, _)| outcome == word).map_or(0, |(_, n)| *n);
    Ok(Outcomes {
        attested: of("attested"),
        already: of("already"),
        withdrawn: of("withdrawn"),
        refused: of("refused"),
        seen,
    })
}

/// The first badges of a lot that are in force, in the order of names: award and name.
pub(super) async fn in_force(db: &Db, lot: &Lot, at_most: i64) -> store::Result<Vec<(Uuid, String)>> {
    Ok(on!(db, c => sqlx::query_as(
        "select award_id, recipient_name from issuer_award
         where organisation_id = $1 and lot_id = $2 and withdrawn_at is null order by sort_key, award_id limit $3")
        .bind(lot.organisation_id).bind(lot.lot_id).bind(at_most).fetch_all(c).await)?)
}

/// The codes of the last five achievements that a member attested, the latest first.
pub async fn last_achievements(db: &Db, organisation_id: Uuid, member_id: Uuid) -> store::Result<Vec<String>> {
    let codes: Vec<(String, String)> = on!(db, c => sqlx::query_as(
        "select badge_id, level from issuer_lot where organisation_id = $1 and attested_by = $2
         group by badge_id, level order by max(attested_at) desc, badge_id limit 5")
        .bind(organisation_id).bind(member_id).fetch_all(c).await)?;
    Ok(codes.into_iter().map(|(badge, level)| format!("{badge}/{level}")).collect())
}

async fn import_once(
    issuer: &Issuer,
    trainer: &Trainer,
    import: &Import,
    observations: &[Observation],
    rules: &settle::Rules,
) -> store::Result<Attested> {
    let (organisation_id, session_id) = (trainer.organisation_id, import.session_id);
    let (lot_id, now) = (Uuid::new_v4(), issuer.clock.now());
    trainees::rows::note_words(&issuer.db, organisation_id).await?;
    let mut tx = issuer.db.begin().await?;
    if !begins(&mut tx, organisation_id, session_id).await? {
        return Ok(Attested::Unknown);
    }
    if !import_rows::attested(&mut tx, organisation_id, import.import_id, lot_id).await? {
        drop(tx);
        let lot = import_rows::find(&issuer.db, organisation_id, import.import_id).await?.and_then(|i| i.lot_id);
        return Ok(lot.map_or(Attested::Unknown, Attested::Lot));
    }
    let settled = settle::settle(&mut tx, organisation_id, import, rules).await?;
    let mut had = Vec::with_capacity(observations.len());
    for observation in observations {
        had.push(had_before(&mut tx, organisation_id, session_id, observation).await?);
    }
    let places: HashMap<&str, usize> =
        observations.iter().enumerate().map(|(nth, o)| (o.achievement.human_code.as_str(), nth)).collect();
    // Somebody new may stand on several lines, each with another badge.
    let (mut new, mut newcomers): (Vec<Trainee>, HashMap<i64, usize>) = (Vec::new(), HashMap::new());
    let mut people: Vec<Vec<Person>> = observations.iter().map(|_| Vec::new()).collect();
    for row in settled.lines.iter().filter(|row| row.state == "ready") {
        let code = row.achievement(&import.answers.0.achievement);
        let Some(&nth) = places.get(code.as_str()) else { continue };
        if row.trainee_id.is_some_and(|id| had[nth].contains(&id)) {
            continue;
        }
        let trainee_id = if let Some(id) = row.trainee_id {
            let known = settled.known.get(&id);
            let new_email = row.email.is_some() && known.is_some_and(|k| k.email.is_none());
            let new_number = row.file_number.is_some() && known.is_some_and(|k| k.file_number.is_none());
            if new_email || new_number {
                let (email, number) = (row.email.as_deref(), row.file_number.as_deref());
                trainees::rows::complete(&mut tx, organisation_id, id, email, number).await?;
            }
            id
        } else {
            let place = *newcomers.entry(row.first_line()).or_insert_with(|| {
                new.push(Trainee::new(&row.name, row.email.as_deref(), row.file_number.as_deref()));
                new.len() - 1
            });
            let person = &mut new[place];
            if person.email.is_none() {
                (person.email, person.email_key) = (row.email.clone(), row.email_key.clone());
            }
            person.file_number = person.file_number.take().or_else(|| row.file_number.clone());
            person.trainee_id
        };
        people[nth].push(Person { trainee_id, line: Some(row.line), observed_on: row.observed_on });
    }
    if people.iter().all(Vec::is_empty) {
        return Ok(Attested::Nobody);
    }
    trainees::rows::add(&mut tx, organisation_id, &mut new, now).await?;
    let mut ids: Vec<Uuid> = people.iter().flatten().map(|p| p.trainee_id).collect();
    ids.sort_unstable();
    ids.dedup();
    trainees::rows::join_session(&mut tx, organisation_id, session_id, &ids, now).await?;
    let mut id = lot_id;
    for (observation, people) in observations.iter().zip(&people).filter(|(_, people)| !people.is_empty()) {
        insert(&mut tx, issuer, trainer, id, session_id, Some(import.import_id), observation, people).await?;
        id = Uuid::new_v4();
    }
    tx.commit().await?;
    Ok(Attested::Lot(lot_id))
}

/// Makes lots of one session follow one another: the row lock is held until the transaction ends.
async fn begins(tx: &mut Tx, organisation_id: Uuid, session_id: Uuid) -> store::Result<bool> {
    Ok(execute!(
        tx,
        sqlx::query(
            "update issuer_training_session set lots = lots + 1 where organisation_id = $1 and session_id = $2"
        )
        .bind(organisation_id)
        .bind(session_id)
    )? == 1)
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

#[expect(clippy::too_many_arguments, reason = "one row of one table, written in one place")]
async fn insert(
    tx: &mut Tx,
    issuer: &Issuer,
    trainer: &Trainer,
    lot_id: Uuid,
    session_id: Uuid,
    import_id: Option<Uuid>,
    observation: &Observation,
    people: &[Person],
) -> store::Result<()> {
    let achievement = observation.achievement;
    execute!(tx, sqlx::query(
        "insert into issuer_lot (lot_id, organisation_id, session_id, import_id, badge_id, level, version, observed_on,
             evidence_type, observed, sentence, attested_by, attested_at, total, done)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0)")
        .bind(lot_id).bind(trainer.organisation_id).bind(session_id).bind(import_id).bind(&achievement.badge_id)
        .bind(achievement.level.code()).bind(&achievement.version).bind(observation.observed_on)
        .bind(&observation.evidence.id).bind(Json(&observation.observed)).bind(&observation.sentence)
        .bind(trainer.member_id).bind(issuer.clock.now()).bind(i64::try_from(people.len()).unwrap_or(i64::MAX)))?;
    let mut number = 0_i64;
    for some in people.chunks(bulk::ROWS) {
        let sql = bulk::insert(
            tx,
            "issuer_lot_row (lot_id, row_number, organisation_id, trainee_id, line, observed_on)",
            some.len(),
            6,
            "",
        );
        let first = number;
        execute!(tx, {
            let mut query = sqlx::query(sql).persistent(bulk::stays(some.len()));
            for (nth, person) in (first..).zip(some) {
                query = query
                    .bind(lot_id)
                    .bind(nth)
                    .bind(trainer.organisation_id)
                    .bind(person.trainee_id)
                    .bind(person.line)
                    .bind(person.observed_on);
            }
            query
        })?;
        number += i64::try_from(some.len()).unwrap_or_default();
    }
    Ok(())
}
