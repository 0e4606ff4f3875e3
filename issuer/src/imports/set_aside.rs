//! The lines that were left aside, with why, as a CSV that any spreadsheet opens.

use axum::extract::{Path, State};
use web::{Error, dates};

use super::result::{AT_ONCE, inert};
use super::review;
use crate::access::Trainer;
use crate::{Issuer, Result};

pub(super) async fn file(State(issuer): State<Issuer>, trainer: Trainer, Path(import): Path<String>) -> Result {
    let import = review::find(&issuer, &trainer, &import).await?;
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b';')
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(["ligne", "nom", "courriel", "n° de dossier", "date", "motif"]).map_err(Error::internal)?;
    let mut last = i64::MIN;
    loop {
        let part = review::after(&issuer.db, trainer.organisation_id, &import, true, last, AT_ONCE).await?;
        let Some(end) = part.last() else { break };
        last = end.line;
        for told in part {
            let date = told.observed_on.map(dates::digits).unwrap_or_default();
            let motive = told.reason();
            let cells = [
                told.line.to_string(),
                told.name,
                told.email.unwrap_or_default(),
                told.file_number.unwrap_or_default(),
                date,
                motive,
            ];
            writer.write_record(cells.iter().map(|cell| inert(cell))).map_err(Error::internal)?;
        }
    }
    let bytes = writer.into_inner().map_err(Error::internal)?;
    Ok(web::file("text/csv; charset=utf-8", "lignes-ecartees.csv", bytes))
}
