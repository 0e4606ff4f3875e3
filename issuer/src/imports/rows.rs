//! The SQL of imports and their lines.

use sqlx::types::Json;
use store::{Db, Tx, bulk, execute, on};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::reading::{Column, Fault, Field, Row, first_name_first};
use crate::awards::observation::Answers;
use crate::trainees::{Keys, words_of};
use badge_schemas::text;

/// `(field, fault, detail)`, in the words of [`Field::code`] and [`Fault::code`].
pub type KeptFault = (String, String, Option<String>);

/// A file that was dropped.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Import {
    /// Its id.
    pub import_id: Uuid,
    /// The session it was dropped into.
    pub session_id: Uuid,
    /// The file's name, for display.
    pub file_name: String,
    /// How many lines were read.
    pub row_count: i64,
    /// `reading`, `ready` or `attested`.
    pub state: String,
    /// The review's answers so far.
    pub answers: Json<Answers>,
    /// The lot made of it; the first, when the file had several badges.
    pub lot_id: Option<Uuid>,
    /// `(meaning, title)` of the columns that were read.
    pub columns_read: Option<Json<Vec<(String, String)>>>,
}

impl Import {
    /// Whether the words of names stand in their order: the file has a column for each, or a title that says so.
    pub fn names_stand_in_order(&self) -> bool {
        let read = self.columns_read.as_ref();
        read.is_some_and(|read| {
            read.0.iter().any(|(meaning, title)| match Column::from_code(meaning) {
                Some(Column::FirstName) => true,
                Some(Column::WholeName) => first_name_first(title),
                _ => false,
            })
        })
    }

    /// Whether lines say their own badge or level.
    pub fn says_badges(&self) -> bool {
        let read = self.columns_read.as_ref();
        read.is_some_and(|read| read.0.iter().any(|(meaning, _)| matches!(meaning.as_str(), "badge" | "level")))
    }
}

/// One line as it is settled.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ImportRow {
    /// The line of the file.
    pub line: i64,
    /// The name as written.
    pub name: String,
    /// The name as compared.
    pub folded_name: String,
    /// The address.
    pub email: Option<String>,
    /// The address as compared.
    pub email_key: Option<String>,
    /// The organisation's own number.
    pub file_number: Option<String>,
    /// The file's own day.
    pub observed_on: Option<Date>,
    /// What is to be mended.
    pub fault: Option<String>,
    /// What was written there.
    pub fault_detail: Option<String>,
    /// The first line of the same person.
    pub same_as_line: Option<i64>,
    /// Who this is, or who is asked about.
    pub trainee_id: Option<Uuid>,
    /// `trainee` or `line`.
    pub question: Option<String>,
    /// `same` or `other`.
    pub answer: Option<String>,
    /// `ready`, `fault`, `question` or `duplicate`.
    pub state: String,
    /// The line's own badge.
    pub badge_id: Option<String>,
    /// The line's own level.
    pub level: Option<String>,
    /// Where the fault stands.
    pub fault_field: Option<String>,
    /// What is to be mended after it.
    pub more_faults: Option<Json<Vec<KeptFault>>>,
}

impl ImportRow {
    /// The achievement of this line, `default` being that of the whole file: `cpt-rigueur/pratique`.
    pub fn achievement(&self, default: &str) -> String {
        let (badge, level) = default.split_once('/').unwrap_or_default();
        format!("{}/{}", self.badge_id.as_deref().unwrap_or(badge), self.level.as_deref().unwrap_or(level))
    }

    /// What identifies its person.
    pub fn keys(&self) -> Keys {
        Keys::new(&self.name, &self.folded_name, self.email_key.as_deref(), self.file_number.as_deref())
    }

    /// Everything that is to be mended, the first first.
    pub fn faults(&self) -> Vec<KeptFault> {
        let first = self.fault_field.clone().zip(self.fault.clone());
        let first = first.map(|(field, code)| (field, code, self.fault_detail.clone()));
        first.into_iter().chain(self.more_faults.iter().flat_map(|more| more.0.iter().cloned())).collect()
    }

    /// Says everything that is to be mended.
    pub fn set_faults(&mut self, faults: Vec<KeptFault>) {
        let mut faults = faults.into_iter();
        (self.fault_field, self.fault, self.fault_detail) = match faults.next() {
            Some((field, code, detail)) => (Some(field), Some(code), detail),
            None => (None, None, None),
        };
        let more: Vec<KeptFault> = faults.collect();
        self.more_faults = (!more.is_empty()).then_some(Json(more));
    }

    /// The first line of this line's person.
    pub fn first_line(&self) -> i64 {
        let somebody_else = self.question.as_deref() == Some("line") && self.answer.as_deref() == Some("other");
        self.same_as_line.filter(|_| !somebody_else).unwrap_or(self.line)
    }
}

const COLUMNS: &str = "line, name, folded_name, email, email_key, file_number, observed_on, fault, fault_detail,
    same_as_line, trainee_id, question, answer, state, badge_id, level, fault_field, more_faults";

/// Begins an import whose lines follow.
pub async fn begin(
    tx: &mut Tx,
    organisation_id: Uuid,
    import: &Import,
    by: Uuid,
    at: OffsetDateTime,
) -> store::Result<()> {
    execute!(tx, sqlx::query(
        "insert into issuer_import (import_id, organisation_id, session_id, file_name, row_count, state, dropped_by,
             dropped_at, answers, columns_read) values ($1, $2, $3, $4, $5, 'reading', $6, $7, $8, $9)")
        .bind(import.import_id).bind(organisation_id).bind(import.session_id).bind(&import.file_name)
        .bind(import.row_count).bind(by).bind(at).bind(&import.answers).bind(&import.columns_read))?;
    Ok(())
}

/// Adds lines as they were read.
pub async fn add(tx: &mut Tx, organisation_id: Uuid, import_id: Uuid, rows: &[Row]) -> store::Result<()> {
    for some in rows.chunks(bulk::ROWS) {
        let sql = bulk::insert(
            tx,
            "issuer_import_row (import_id, line, organisation_id, name, folded_name, email, email_key, file_number,
                 observed_on, fault, fault_detail, state, badge_id, level, fault_field, more_faults, name_words)",
            some.len(),
            17,
            "",
        );
        execute!(tx, {
            let mut query = sqlx::query(sql).persistent(bulk::stays(some.len()));
            for row in some {
                let fault = row.fault().map(Fault::code);
                let more: Vec<KeptFault> =
                    row.faults.iter().skip(1).map(|(field, fault)| kept(*field, fault)).collect();
                let folded_name = text::fold_name(&row.name);
                // Read by programs of before, which may still run beside this one.
                let name_words = words_of(&folded_name);
                query = query
                    .bind(import_id)
                    .bind(row.line)
                    .bind(organisation_id)
                    .bind(&row.name)
                    .bind(folded_name)
                    .bind(&row.email)
                    .bind(row.email.as_deref().map(str::to_lowercase))
                    .bind(&row.file_number)
                    .bind(row.observed_on)
                    .bind(fault)
                    .bind(row.fault().and_then(Fault::detail).map(str::to_owned))
                    .bind(if fault.is_some() { "fault" } else { "ready" })
                    .bind(&row.badge_id)
                    .bind(&row.level)
                    .bind(row.faults.first().map(|(field, _)| field.code()))
                    .bind(Some(more).filter(|more| !more.is_empty()).map(Json))
                    .bind(name_words);
            }
            query
        })?;
    }
    Ok(())
}

/// A fault as it is kept.
pub fn kept(field: Field, fault: &Fault) -> KeptFault {
    (field.code().to_owned(), fault.code().to_owned(), fault.detail().map(str::to_owned))
}

/// Every line of the file is there and settled, so many: it can be reviewed.
pub async fn whole(tx: &mut Tx, organisation_id: Uuid, import_id: Uuid, row_count: i64) -> store::Result<()> {
    execute!(
        tx,
        sqlx::query(
            "update issuer_import set state = 'ready', row_count = $3
         where organisation_id = $1 and import_id = $2 and state = 'reading'"
        )
        .bind(organisation_id)
        .bind(import_id)
        .bind(row_count)
    )?;
    Ok(())
}

/// Forgets an import that cannot become whole: its file is refused further down.
pub async fn forget(tx: &mut Tx, organisation_id: Uuid, import_id: Uuid) -> store::Result<()> {
    for sql in [
        "delete from issuer_import_row where organisation_id = $1 and import_id = $2",
        "delete from issuer_import where organisation_id = $1 and import_id = $2 and state = 'reading'",
    ] {
        execute!(tx, sqlx::query(sql).bind(organisation_id).bind(import_id))?;
    }
    Ok(())
}

/// One import of that organisation, once whole.
pub async fn find(db: &Db, organisation_id: Uuid, import_id: Uuid) -> store::Result<Option<Import>> {
    Ok(on!(db, c => sqlx::query_as(
        "select import_id, session_id, file_name, row_count, state, answers, lot_id, columns_read from issuer_import
         where organisation_id = $1 and import_id = $2 and state <> 'reading'")
        .bind(organisation_id).bind(import_id).fetch_optional(c).await)?)
}

/// Keeps the answers of the review.
pub async fn keep_answers(tx: &mut Tx, organisation_id: Uuid, import_id: Uuid, answers: &Answers) -> store::Result<()> {
    execute!(
        tx,
        sqlx::query(
            "update issuer_import set answers = $3 where organisation_id = $1 and import_id = $2 and state = 'ready'"
        )
        .bind(organisation_id)
        .bind(import_id)
        .bind(Json(answers))
    )?;
    Ok(())
}

/// Keeps what the trainer says of one line's question.
pub async fn keep_answer(
    tx: &mut Tx,
    organisation_id: Uuid,
    import_id: Uuid,
    line: i64,
    answer: &str,
) -> store::Result<()> {
    execute!(
        tx,
        sqlx::query(
            "update issuer_import_row set answer = $4
         where organisation_id = $1 and import_id = $2 and line = $3 and question is not null"
        )
        .bind(organisation_id)
        .bind(import_id)
        .bind(line)
        .bind(answer)
    )?;
    Ok(())
}

/// Says the same of every question that has no answer yet.
pub async fn keep_answer_of_all(
    tx: &mut Tx,
    organisation_id: Uuid,
    import_id: Uuid,
    answer: &str,
) -> store::Result<()> {
    execute!(
        tx,
        sqlx::query(
            "update issuer_import_row set answer = $3
         where organisation_id = $1 and import_id = $2 and question is not null and answer is null"
        )
        .bind(organisation_id)
        .bind(import_id)
        .bind(answer)
    )?;
    Ok(())
}

/// The lines that come after that one, in the file's order, at most so many.
pub async fn after(
    tx: &mut Tx,
    organisation_id: Uuid,
    import_id: Uuid,
    line: i64,
    at_most: i64,
) -> store::Result<Vec<ImportRow>> {
    let sql = sqlx::AssertSqlSafe(format!(
        "select {COLUMNS} from issuer_import_row where organisation_id = $1 and import_id = $2 and line > $3
         order by line limit $4"
    ));
    Ok(on!(tx, c => sqlx::query_as(sql).bind(organisation_id).bind(import_id).bind(line).bind(at_most)
        .fetch_all(c).await)?)
}

/// Writes how lines are settled.
pub async fn settle(tx: &mut Tx, organisation_id: Uuid, import_id: Uuid, rows: &[&ImportRow]) -> store::Result<()> {
    for some in rows.chunks(bulk::ROWS) {
        // Only our own words and placeholders: every value is bound.
        let sql = sqlx::AssertSqlSafe(format!(
            "update issuer_import_row set fault = told.column2, fault_detail = told.column3, same_as_line = told.column4,
                 trainee_id = told.column5, question = told.column6, answer = told.column7, state = told.column8,
                 fault_field = told.column9, more_faults = told.column10
             from (values {}) as told
             where organisation_id = ${} and import_id = ${} and line = told.column1",
            bulk::values(tx, some.len(), 10),
            some.len() * 10 + 1,
            some.len() * 10 + 2
        ));
        execute!(tx, {
            let mut query = sqlx::query(sql).persistent(bulk::stays(some.len()));
            for row in some {
                query = query
                    .bind(row.line)
                    .bind(&row.fault)
                    .bind(&row.fault_detail)
                    .bind(row.same_as_line)
                    .bind(row.trainee_id)
                    .bind(&row.question)
                    .bind(&row.answer)
                    .bind(&row.state)
                    .bind(&row.fault_field)
                    .bind(&row.more_faults);
            }
            query.bind(organisation_id).bind(import_id)
        })?;
    }
    Ok(())
}

/// One line, to be mended.
pub async fn one(tx: &mut Tx, organisation_id: Uuid, import_id: Uuid, line: i64) -> store::Result<Option<ImportRow>> {
    let sql = sqlx::AssertSqlSafe(format!(
        "select {COLUMNS} from issuer_import_row where organisation_id = $1 and import_id = $2 and line = $3"
    ));
    Ok(on!(tx, c => sqlx::query_as(sql).bind(organisation_id).bind(import_id).bind(line).fetch_optional(c).await)?)
}

/// Writes the values of a mended line, and what is still wrong with it; how it is settled comes after.
pub async fn mended(tx: &mut Tx, organisation_id: Uuid, import_id: Uuid, row: &ImportRow) -> store::Result<()> {
    execute!(
        tx,
        sqlx::query(
            "update issuer_import_row set name = $4, folded_name = $5, email = $6, email_key = $7, file_number = $8,
             observed_on = $9, badge_id = $10, level = $11, fault = $12, fault_detail = $13, fault_field = $14,
             more_faults = $15, name_words = $16
         where organisation_id = $1 and import_id = $2 and line = $3"
        )
        .bind(organisation_id)
        .bind(import_id)
        .bind(row.line)
        .bind(&row.name)
        .bind(&row.folded_name)
        .bind(&row.email)
        .bind(&row.email_key)
        .bind(&row.file_number)
        .bind(row.observed_on)
        .bind(&row.badge_id)
        .bind(&row.level)
        .bind(&row.fault)
        .bind(&row.fault_detail)
        .bind(&row.fault_field)
        .bind(&row.more_faults)
        .bind(words_of(&row.folded_name))
    )?;
    Ok(())
}

/// The badges and levels that ready lines say themselves (none: the choice for the whole file), with how many lines.
pub async fn badges_said(
    db: &Db,
    organisation_id: Uuid,
    import_id: Uuid,
) -> store::Result<Vec<(Option<String>, Option<String>, i64)>> {
    Ok(on!(db, c => sqlx::query_as(
        "select badge_id, level, count(*) from issuer_import_row
         where organisation_id = $1 and import_id = $2 and state = 'ready'
         group by badge_id, level order by badge_id, level")
        .bind(organisation_id).bind(import_id).fetch_all(c).await)?)
}

/// The imports of a session that can be gone on with or looked at again, the latest first:
/// `(import, file name, state, when, lines)`.
pub async fn of_session(
    db: &Db,
    organisation_id: Uuid,
    session_id: Uuid,
) -> store::Result<Vec<(Uuid, String, String, OffsetDateTime, i64)>> {
    Ok(on!(db, c => sqlx::query_as(
        "select import_id, file_name, state, dropped_at, row_count from issuer_import
         where organisation_id = $1 and session_id = $2 and state <> 'reading'
         order by dropped_at desc, import_id limit 10")
        .bind(organisation_id).bind(session_id).fetch_all(c).await)?)
}

/// Marks the import as attested by this lot; `false` when another request was quicker.
pub async fn attested(tx: &mut Tx, organisation_id: Uuid, import_id: Uuid, lot_id: Uuid) -> store::Result<bool> {
    Ok(execute!(
        tx,
        sqlx::query(
            "update issuer_import set state = 'attested', lot_id = $3
         where organisation_id = $1 and import_id = $2 and state = 'ready'"
        )
        .bind(organisation_id)
        .bind(import_id)
        .bind(lot_id)
    )? == 1)
}

/// Says which of its lots an attested import is followed by: the first that has somebody.
pub async fn followed_by(tx: &mut Tx, organisation_id: Uuid, import_id: Uuid, lot_id: Uuid) -> store::Result<()> {
    execute!(
        tx,
        sqlx::query("update issuer_import set lot_id = $3 where organisation_id = $1 and import_id = $2")
            .bind(organisation_id)
            .bind(import_id)
            .bind(lot_id)
    )?;
    Ok(())
}

/// Removes imports of this session that never became whole: their program was stopped while writing.
pub async fn sweep(tx: &mut Tx, organisation_id: Uuid, session_id: Uuid, before: OffsetDateTime) -> store::Result<()> {
    execute!(
        tx,
        sqlx::query(
            "delete from issuer_import_row where import_id in (select import_id from issuer_import
             where organisation_id = $1 and session_id = $2 and state = 'reading' and dropped_at < $3)"
        )
        .bind(organisation_id)
        .bind(session_id)
        .bind(before)
    )?;
    execute!(
        tx,
        sqlx::query(
            "delete from issuer_import
         where organisation_id = $1 and session_id = $2 and state = 'reading' and dropped_at < $3"
        )
        .bind(organisation_id)
        .bind(session_id)
        .bind(before)
    )?;
    Ok(())
}
