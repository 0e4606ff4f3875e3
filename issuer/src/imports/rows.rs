//! The SQL of imports and their lines.

use sqlx::types::Json;
use store::{Db, Tx, execute, on};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::reading::{Fault, Row};
use crate::awards::bulk;
use crate::awards::observation::Answers;
use badge_schemas::text;

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
    /// The lot made of it.
    pub lot_id: Option<Uuid>,
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
}

const COLUMNS: &str = "line, name, folded_name, email, email_key, file_number, observed_on, fault, fault_detail,
    same_as_line, trainee_id, question, answer, state";

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
             dropped_at, answers) values ($1, $2, $3, $4, $5, 'reading', $6, $7, $8)")
        .bind(import.import_id).bind(organisation_id).bind(import.session_id).bind(&import.file_name)
        .bind(import.row_count).bind(by).bind(at).bind(&import.answers))?;
    Ok(())
}

/// Adds lines as they were read.
pub async fn add(tx: &mut Tx, organisation_id: Uuid, import_id: Uuid, rows: &[Row]) -> store::Result<()> {
    for some in rows.chunks(bulk::ROWS) {
        let sql = bulk::insert(
            "issuer_import_row (import_id, line, organisation_id, name, folded_name, email, email_key, file_number,
                 observed_on, fault, fault_detail, state)",
            some.len(),
            12,
            "",
        );
        execute!(tx, {
            let mut query = sqlx::query(sql);
            for row in some {
                let fault = row.fault.as_ref().map(Fault::code);
                query = query
                    .bind(import_id)
                    .bind(row.line)
                    .bind(organisation_id)
                    .bind(&row.name)
                    .bind(text::fold_name(&row.name))
                    .bind(&row.email)
                    .bind(row.email.as_deref().map(str::to_lowercase))
                    .bind(&row.file_number)
                    .bind(row.observed_on)
                    .bind(fault)
                    .bind(row.fault.as_ref().and_then(Fault::detail).map(str::to_owned))
                    .bind(if fault.is_some() { "fault" } else { "ready" });
            }
            query
        })?;
    }
    Ok(())
}

/// Every line of the file is there and settled: it can be reviewed.
pub async fn whole(tx: &mut Tx, organisation_id: Uuid, import_id: Uuid) -> store::Result<()> {
    execute!(tx, sqlx::query(
        "update issuer_import set state = 'ready' where organisation_id = $1 and import_id = $2 and state = 'reading'")
        .bind(organisation_id).bind(import_id))?;
    Ok(())
}

/// One import of that organisation, once whole.
pub async fn find(db: &Db, organisation_id: Uuid, import_id: Uuid) -> store::Result<Option<Import>> {
    Ok(on!(db, c => sqlx::query_as(
        "select import_id, session_id, file_name, row_count, state, answers, lot_id from issuer_import
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

/// Every line, in the file's order.
pub async fn all(tx: &mut Tx, organisation_id: Uuid, import_id: Uuid) -> store::Result<Vec<ImportRow>> {
    let sql = sqlx::AssertSqlSafe(format!(
        "select {COLUMNS} from issuer_import_row where organisation_id = $1 and import_id = $2 order by line"
    ));
    Ok(on!(tx, c => sqlx::query_as(sql).bind(organisation_id).bind(import_id).fetch_all(c).await)?)
}

/// Writes how one line is settled.
pub async fn settle(tx: &mut Tx, organisation_id: Uuid, import_id: Uuid, row: &ImportRow) -> store::Result<()> {
    execute!(tx, sqlx::query(
        "update issuer_import_row set fault = $4, fault_detail = $5, same_as_line = $6, trainee_id = $7, question = $8,
             answer = $9, state = $10
         where organisation_id = $1 and import_id = $2 and line = $3")
        .bind(organisation_id).bind(import_id).bind(row.line).bind(&row.fault).bind(&row.fault_detail)
        .bind(row.same_as_line).bind(row.trainee_id).bind(&row.question).bind(&row.answer).bind(&row.state))?;
    Ok(())
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
