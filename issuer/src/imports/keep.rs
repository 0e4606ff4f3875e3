//! Keeping a file that was read: its lines, settled; nothing shows before the last one is there.

use sqlx::types::Json;
use uuid::Uuid;
use web::dates;

use super::reading::Reading;
use super::rows::{self, Import};
use super::settle::{self, Rules};
use super::waiting;
use crate::access::Trainer;
use crate::awards::observation::Answers;
use crate::{Issuer, Result, trainees};

/// Lines written in one transaction, so that other writers are not held up.
const AT_ONCE: usize = 5_000;

/// A file that was read, on its way into a session.
pub struct NewImport<'a> {
    /// The session it was dropped into.
    pub session_id: Uuid,
    /// The file's name, for display.
    pub file_name: &'a str,
    /// What it says.
    pub reading: &'a Reading,
    /// `(meaning, title)` of the columns read.
    pub columns: Vec<(String, String)>,
    /// The answers of the review so far.
    pub answers: Answers,
    /// The waiting file it was, forgotten with the last line.
    pub waiting: Option<Uuid>,
}

/// Keeps the lines of a file, settled; the import as it stands then.
pub async fn keep(issuer: &Issuer, trainer: &Trainer, new: NewImport<'_>) -> Result<Import> {
    let (organisation_id, now) = (trainer.organisation_id, issuer.clock.now());
    let today = dates::iso(dates::day_in_paris(now));
    let day = if new.answers.day.is_empty() { today } else { new.answers.day.clone() };
    let import = Import {
        import_id: Uuid::new_v4(),
        session_id: new.session_id,
        file_name: new.file_name.to_owned(),
        row_count: i64::try_from(new.reading.rows.len()).unwrap_or(i64::MAX),
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
    for some in new.reading.rows.chunks(AT_ONCE) {
        rows::add(&mut tx, organisation_id, import.import_id, some).await?;
        tx.commit().await?;
        tx = issuer.db.begin().await?;
    }
    settle::settle(&mut tx, organisation_id, &import, &rules).await?;
    rows::whole(&mut tx, organisation_id, import.import_id).await?;
    if let Some(file) = new.waiting {
        waiting::forget(&mut tx, organisation_id, file).await?;
    }
    tx.commit().await?;
    Ok(import)
}
