//! Keeping a file as it is read: its lines, settled; nothing shows before the last one is there.

use sqlx::types::Json;
use time::Date;
use tokio::sync::mpsc;
use uuid::Uuid;
use web::dates;

use super::reading::{self, Plan, Refusal, Row};
use super::rows::{self, Import};
use super::settle::{self, Rules};
use super::waiting;
use crate::access::Trainer;
use crate::awards::observation::Answers;
use crate::{Issuer, Result, trainees};

/// Lines written in one transaction, so that other writers are not held up; as many again are read meanwhile.
const AT_ONCE: usize = 2_500;

/// A file on its way into a session.
pub struct NewImport<'a> {
    /// The session it was dropped into.
    pub session_id: Uuid,
    /// The file's name, for display.
    pub file_name: &'a str,
    /// The file.
    pub bytes: Vec<u8>,
    /// How it is read.
    pub plan: Plan,
    /// `(meaning, title)` of the columns read.
    pub columns: Vec<(String, String)>,
    /// The answers of the review so far.
    pub answers: Answers,
    /// The waiting file it was, forgotten with the last line.
    pub waiting: Option<Uuid>,
}

/// Reads a file and keeps its lines, settled; the import as it stands then, or why nothing of the file is kept.
pub async fn keep(
    issuer: &Issuer,
    trainer: &Trainer,
    new: NewImport<'_>,
) -> Result<std::result::Result<Import, Refusal>> {
    let (organisation_id, now) = (trainer.organisation_id, issuer.clock.now());
    let today = dates::day_in_paris(now);
    let day = if new.answers.day.is_empty() { dates::iso(today) } else { new.answers.day.clone() };
    let mut import = Import {
        import_id: Uuid::new_v4(),
        session_id: new.session_id,
        file_name: new.file_name.to_owned(),
        row_count: 0,
        state: "reading".to_owned(),
        answers: Json(Answers { day, ..new.answers }),
        lot_id: None,
        columns_read: Some(Json(new.columns)),
    };
    let rules = Rules::of(issuer, trainer).await?;
    trainees::rows::note_words(&issuer.db, organisation_id).await?;
    let mut tx = issuer.db.begin().await?;
    rows::sweep(&mut tx, organisation_id, new.session_id, now - time::Duration::HOUR).await?;
    rows::begin(&mut tx, organisation_id, &import, trainer.member_id, now).await?;
    tx.commit().await?;
    let (sender, mut parts) = mpsc::channel(1);
    // Some hundreds of milliseconds for the largest file: not on the threads that answer others.
    let reading = tokio::task::spawn_blocking(move || read(&new.bytes, &new.plan, today, &sender));
    while let Some(part) = parts.recv().await {
        let mut tx = issuer.db.begin().await?;
        rows::add(&mut tx, organisation_id, import.import_id, &part).await?;
        tx.commit().await?;
        import.row_count += i64::try_from(part.len()).unwrap_or_default();
    }
    let read = reading.await?;
    let mut tx = issuer.db.begin().await?;
    if let Err(refusal) = read {
        rows::forget(&mut tx, organisation_id, import.import_id).await?;
        tx.commit().await?;
        return Ok(Err(refusal));
    }
    settle::settle(&mut tx, organisation_id, &import, &rules).await?;
    rows::whole(&mut tx, organisation_id, import.import_id, import.row_count).await?;
    if let Some(file) = new.waiting {
        waiting::forget(&mut tx, organisation_id, file).await?;
    }
    tx.commit().await?;
    Ok(Ok(import))
}

/// Reads the file part by part, no faster than its lines are written; stops when nobody takes them any more.
fn read(bytes: &[u8], plan: &Plan, today: Date, parts: &mpsc::Sender<Vec<Row>>) -> std::result::Result<(), Refusal> {
    let mut part = Vec::with_capacity(AT_ONCE);
    reading::read_as(bytes, plan, today, &mut |row| {
        part.push(row);
        part.len() < AT_ONCE || parts.blocking_send(std::mem::replace(&mut part, Vec::with_capacity(AT_ONCE))).is_ok()
    })?;
    if !part.is_empty() {
        // Nobody takes them: whoever wrote the lines says why.
        let _ = parts.blocking_send(part);
    }
    Ok(())
}
