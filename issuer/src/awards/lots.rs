//! A lot: one act of attesting, written whole in one transaction; the badges are made after it.

mod of_import;

use std::collections::HashSet;

use sqlx::types::Json;
use store::{Db, Tx, bulk, execute, on};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::observation::Observation;
use crate::access::Trainer;
use crate::{Issuer, Result, trainees};

pub use of_import::from_import;

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
    let mut tx = issuer.db.begin().await?;
    if !begins(&mut tx, organisation_id, session_id).await? {
        return Ok(Attested::Unknown);
    }
    let mut lot = NewLot::new(trainer, session_id, None, observation, issuer.clock.now());
    lot.add(&mut tx, &people).await?;
    lot.ends(&mut tx).await?;
    tx.commit().await?;
    Ok(Attested::Lot(lot.lot_id))
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

/// A lot on its way into the database, in the transaction that makes it whole.
struct NewLot<'a> {
    lot_id: Uuid,
    trainer: &'a Trainer,
    session_id: Uuid,
    import_id: Option<Uuid>,
    observation: &'a Observation,
    at: OffsetDateTime,
    /// How many people it has so far.
    total: i64,
}

/// One person of a new lot.
struct Person {
    trainee_id: Uuid,
    line: Option<i64>,
    observed_on: Option<Date>,
}

impl<'a> NewLot<'a> {
    /// Nothing is written before there is somebody.
    fn new(
        trainer: &'a Trainer,
        session_id: Uuid,
        import_id: Option<Uuid>,
        observation: &'a Observation,
        at: OffsetDateTime,
    ) -> Self {
        Self { lot_id: Uuid::new_v4(), trainer, session_id, import_id, observation, at, total: 0 }
    }

    /// Adds people after those that it has.
    async fn add(&mut self, tx: &mut Tx, people: &[Person]) -> store::Result<()> {
        if people.is_empty() {
            return Ok(());
        }
        if self.total == 0 {
            self.begins(tx).await?;
        }
        for some in people.chunks(bulk::ROWS) {
            let sql = bulk::insert(
                tx,
                "issuer_lot_row (lot_id, row_number, organisation_id, trainee_id, line, observed_on)",
                some.len(),
                6,
                "",
            );
            let (lot_id, first) = (self.lot_id, self.total);
            execute!(tx, {
                let mut query = sqlx::query(sql).persistent(bulk::stays(some.len()));
                for (nth, person) in (first..).zip(some) {
                    query = query
                        .bind(lot_id)
                        .bind(nth)
                        .bind(self.trainer.organisation_id)
                        .bind(person.trainee_id)
                        .bind(person.line)
                        .bind(person.observed_on);
                }
                query
            })?;
            self.total += i64::try_from(some.len()).unwrap_or_default();
        }
        Ok(())
    }

    async fn begins(&self, tx: &mut Tx) -> store::Result<()> {
        let (observation, achievement) = (self.observation, self.observation.achievement);
        execute!(tx, sqlx::query(
            "insert into issuer_lot (lot_id, organisation_id, session_id, import_id, badge_id, level, version, observed_on,
                 evidence_type, observed, sentence, attested_by, attested_at, total, done)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0, 0)")
            .bind(self.lot_id).bind(self.trainer.organisation_id).bind(self.session_id).bind(self.import_id)
            .bind(&achievement.badge_id).bind(achievement.level.code()).bind(&achievement.version)
            .bind(observation.observed_on).bind(&observation.evidence.id).bind(Json(&observation.observed))
            .bind(&observation.sentence).bind(self.trainer.member_id).bind(self.at))?;
        Ok(())
    }

    /// Writes how many people it has; answers whether it has any.
    async fn ends(&self, tx: &mut Tx) -> store::Result<bool> {
        if self.total > 0 {
            execute!(
                tx,
                sqlx::query("update issuer_lot set total = $3 where organisation_id = $1 and lot_id = $2")
                    .bind(self.trainer.organisation_id)
                    .bind(self.lot_id)
                    .bind(self.total)
            )?;
        }
        Ok(self.total > 0)
    }
}
