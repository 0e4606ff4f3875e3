//! The lines that were left aside, with why, as a CSV that any spreadsheet opens.

use axum::extract::{Path, State};
use web::{Error, dates};

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
    for told in review::aside(&issuer.db, trainer.organisation_id, &import).await? {
        let date = told.observed_on.map(dates::iso).unwrap_or_default();
        let motive = match told.question {
            Some(_) if told.category == "question" => format!("Est-ce la même personne\u{202f}? {}", told.sentence()),
            _ => told.sentence(),
        };
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
    let bytes = writer.into_inner().map_err(Error::internal)?;
    Ok(web::file("text/csv; charset=utf-8", "lignes-ecartees.csv", bytes))
}

/// A spreadsheet runs a cell that begins like a formula: an apostrophe in front makes it text.
fn inert(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    #[test]
    fn formulas_are_made_inert() {
        assert_eq!(super::inert("=HYPERLINK(\"x\")"), "'=HYPERLINK(\"x\")");
        assert_eq!(super::inert("@SUM"), "'@SUM");
        assert_eq!(super::inert("Amina"), "Amina");
    }
}
