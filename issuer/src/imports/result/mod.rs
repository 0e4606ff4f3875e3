//! The result of an import: every line of the file with what became of it and why, as CSV and as XLSX.

mod workbook;
mod zip;

use axum::extract::{Path, State};
use store::{Db, on};
use time::Date;
use tokio::sync::mpsc;
use uuid::Uuid;
use web::{Error, dates};

use super::mend;
use super::review::{self, Told};
use super::rows::Import;
use crate::access::Reader;
use crate::{Issuer, Result};

/// The titles of the result.
const TITLES: [&str; 9] = ["Ligne", "Nom", "Courriel", "N° de dossier", "Badge", "Niveau", "Date", "Résultat", "Motif"];

/// Lines read at once.
pub(super) const AT_ONCE: i64 = 5_000;

/// The outcome of a line whose person and badge stand on another.
const DUPLICATE: &str = "Doublon";

/// One line of the file, told.
pub struct Line {
    /// The line as a spreadsheet numbers it.
    pub number: i64,
    /// Whether a badge of this line is there (now or before), or on its way.
    pub attested: bool,
    /// In the order of the titles, the number left out.
    cells: [String; 8],
}

impl Line {
    /// What became of it, in words.
    pub fn outcome(&self) -> &str {
        &self.cells[6]
    }

    /// Nothing is left to do about it: its badge is there, or on its way, or is that of another line.
    pub fn settled(&self) -> bool {
        self.attested || self.outcome() == DUPLICATE
    }

    /// Why, in one sentence; empty when there is nothing to explain.
    pub fn reason(&self) -> &str {
        &self.cells[7]
    }
}

/// The result of an import in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// UTF-8 with its mark, `;`.
    Csv,
    /// A workbook whose cells are all text.
    Xlsx,
}

impl Format {
    /// By the ending of a name: `.xlsx`, else CSV.
    pub fn of_name(name: &str) -> Self {
        let end = name.rsplit('.').next().unwrap_or_default();
        if end.eq_ignore_ascii_case("xlsx") { Self::Xlsx } else { Self::Csv }
    }
}

pub(super) async fn csv(State(issuer): State<Issuer>, Reader(trainer): Reader, Path(import): Path<String>) -> Result {
    let bytes = file(&issuer, &trainer, &import, Format::Csv).await?;
    Ok(web::file("text/csv; charset=utf-8", "resultat-import.csv", bytes))
}

pub(super) async fn xlsx(State(issuer): State<Issuer>, Reader(trainer): Reader, Path(import): Path<String>) -> Result {
    let bytes = file(&issuer, &trainer, &import, Format::Xlsx).await?;
    Ok(web::file("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "resultat-import.xlsx", bytes))
}

async fn file(issuer: &Issuer, trainer: &crate::access::Trainer, import: &str, format: Format) -> Result<Vec<u8>> {
    let import = review::find(issuer, trainer, import).await?;
    written(&issuer.db, trainer.organisation_id, &import, format, |_| {}).await
}

/// The result of an import in a file: what became of every line, in the file's order. `look` sees each of them on the
/// way. No more than some thousands of lines are held at once.
pub async fn written(
    db: &Db,
    organisation_id: Uuid,
    import: &Import,
    format: Format,
    mut look: impl FnMut(&Line),
) -> Result<Vec<u8>> {
    let (sender, mut parts) = mpsc::channel::<Vec<Line>>(1);
    // A second for 100,000 lines: not on the threads that answer others.
    let writing =
        tokio::task::spawn_blocking(move || write(std::iter::from_fn(|| parts.blocking_recv()).flatten(), format));
    let mut last = i64::MIN;
    loop {
        let part = after(db, organisation_id, import, last).await?;
        let Some(end) = part.last() else { break };
        last = end.number;
        part.iter().for_each(&mut look);
        if sender.send(part).await.is_err() {
            // The writer stopped: it says why.
            break;
        }
    }
    drop(sender);
    writing.await?.map_err(Error::internal)
}

/// What became of the lines that come after that one.
async fn after(db: &Db, organisation_id: Uuid, import: &Import, line: i64) -> store::Result<Vec<Line>> {
    let told = review::after(db, organisation_id, import, false, line, AT_ONCE).await?;
    let (Some(first), Some(last)) = (told.first(), told.last()) else { return Ok(Vec::new()) };
    let outcomes: Vec<Own> = on!(db, c => sqlx::query_as(
        "select r.line, l.badge_id, l.level, coalesce(r.observed_on, l.observed_on) as observed_on, r.outcome,
             l.undone_at is not null as undone
         from issuer_lot l join issuer_lot_row r on r.lot_id = l.lot_id
         where l.organisation_id = $1 and l.import_id = $2 and r.line between $3 and $4 order by r.line")
        .bind(organisation_id).bind(import.import_id).bind(first.line).bind(last.line).fetch_all(c).await)?;
    let mut outcomes = outcomes.into_iter().peekable();
    let mut lines = Vec::with_capacity(told.len());
    for told in told {
        while outcomes.peek().is_some_and(|own| own.line < told.line) {
            outcomes.next();
        }
        let own = outcomes.next_if(|own| own.line == told.line);
        lines.push(self::line(told, own, import));
    }
    Ok(lines)
}

/// Writes the result under its titles.
fn write(lines: impl Iterator<Item = Line>, format: Format) -> std::io::Result<Vec<u8>> {
    match format {
        Format::Csv => {
            let mut writer = csv::WriterBuilder::new()
                .delimiter(b';')
                .terminator(csv::Terminator::CRLF)
                .from_writer("\u{feff}".as_bytes().to_vec());
            writer.write_record(TITLES)?;
            for line in lines {
                writer.write_field(line.number.to_string())?;
                writer.write_record(line.cells.iter().map(|cell| inert(cell)))?;
            }
            writer.into_inner().map_err(std::io::Error::other)
        }
        Format::Xlsx => workbook::write("Résultat", &TITLES, lines.map(|line| (line.number, line.cells))),
    }
}

/// A spreadsheet runs a cell that begins like a formula: an apostrophe in front makes it text.
pub(super) fn inert(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}

/// The badge that a line was made into, or is being made into.
#[derive(sqlx::FromRow)]
struct Own {
    line: i64,
    badge_id: String,
    level: String,
    observed_on: Date,
    outcome: Option<String>,
    undone: bool,
}

/// Badge, level and date of a line: as attested, else as the file wrote them when they were not understood, else as read
/// or chosen for the whole file.
fn what(told: &Told, own: Option<&Own>, import: &Import) -> [String; 3] {
    if let Some(own) = own {
        let (badge, level) = (Some(own.badge_id.as_str()), Some(own.level.as_str()));
        return [mend::badge_words(badge, None), mend::badge_words(None, level), dates::digits(own.observed_on)];
    }
    let answers = &import.answers.0;
    let (chosen_badge, chosen_level) = answers.achievement.split_once('/').unwrap_or_default();
    let badge = told.badge_id.as_deref().unwrap_or(chosen_badge);
    let level = told.level.as_deref().unwrap_or(chosen_level);
    let named = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let mut badge = named(badge).map(|badge| mend::badge_words(Some(&badge), None)).unwrap_or_default();
    let mut level = named(level).map(|level| mend::badge_words(None, Some(&level))).unwrap_or_default();
    let mut day = told.observed_on.or_else(|| dates::parse_day(&answers.day)).map(dates::digits).unwrap_or_default();
    for (_, code, detail) in told.row().faults() {
        let written = detail.unwrap_or_default();
        match code.as_str() {
            "badge_unknown" => {
                badge = written;
                // Nothing says that the level chosen for the file goes with it.
                level = told.level.as_deref().map(|own| mend::badge_words(None, Some(own))).unwrap_or_default();
            }
            "level_unknown" => level = written,
            "level_missing" | "level_not_of_badge" | "levels_differ" => level = String::new(),
            code if code.starts_with("date_") => day = written,
            _ => {}
        }
    }
    [badge, level, day]
}

fn line(told: Told, own: Option<Own>, import: &Import) -> Line {
    let [badge, level, day] = what(&told, own.as_ref(), import);
    let attested = import.lot_id.is_some();
    let (outcome, reason) = match own.map(|own| (own.outcome, own.undone)) {
        Some((_, true)) => ("Annulé", "Le lot a été annulé.".to_owned()),
        Some((None, false)) => ("En préparation", String::new()),
        Some((Some(outcome), false)) => match outcome.as_str() {
            "attested" => ("Attesté", String::new()),
            "already" => ("Déjà attesté", "La personne avait déjà ce badge dans cette session.".to_owned()),
            "withdrawn" => ("Retiré", "Ce badge lui a été retiré auparavant.".to_owned()),
            _ => (
                "Non gardé",
                "Notre propre contrôle a refusé ce badge\u{a0}: prévenez l’exploitant du service.".to_owned(),
            ),
        },
        None if told.category == "ready" && attested => ("Laissée de côté", String::new()),
        None if told.category == "ready" => ("Prête", String::new()),
        None => (told.word(), told.reason()),
    };
    Line {
        number: told.line,
        attested: matches!(outcome, "Attesté" | "Déjà attesté" | "En préparation"),
        cells: [
            told.name,
            told.email.unwrap_or_default(),
            told.file_number.unwrap_or_default(),
            badge,
            level,
            day,
            outcome.to_owned(),
            reason,
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hostile() -> Vec<Line> {
        let cell = |text: &str| text.to_owned();
        let one = |number, name: &str| Line {
            number,
            attested: true,
            cells: [
                cell(name),
                cell("a@x.fr"),
                cell("007"),
                cell("Lire"),
                cell("Je pratique"),
                cell("20/11/2026"),
                cell("Attesté"),
                cell(""),
            ],
        };
        vec![
            one(2, "Amina & <Lefèvre> \"fille\""),
            one(3, "=HYPERLINK(\"http://x\")"),
            one(4, "+33"),
            one(5, "-1"),
            one(6, "@SUM(A1)"),
            one(7, "\tx"),
            one(8, "\rx"),
            one(9, "bad\u{1}\u{fffe}"),
        ]
    }

    #[test]
    fn formulas_are_inert_in_csv() {
        let text = String::from_utf8(write(hostile().into_iter(), Format::Csv).expect("written")).expect("UTF-8");
        assert!(
            text.starts_with("\u{feff}Ligne;Nom;Courriel;N° de dossier;Badge;Niveau;Date;Résultat;Motif\r\n2;"),
            "{text}"
        );
        let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(text.as_bytes());
        let names: Vec<String> = reader.records().map(|r| r.expect("a record")[1].to_owned()).collect();
        assert_eq!(names[0], "Amina & <Lefèvre> \"fille\"");
        for name in &names[1..7] {
            assert!(name.starts_with('\''), "{name}");
        }
    }

    #[test]
    fn a_workbook_has_text_alone_and_is_read_back() {
        let bytes = write(hostile().into_iter(), Format::Xlsx).expect("written");
        let reading =
            super::super::reading::read(&bytes, time::macros::date!(2026 - 11 - 25)).expect("our own reader reads it");
        let names: Vec<(i64, &str)> = reading.rows.iter().map(|row| (row.line, row.name.as_str())).collect();
        assert_eq!(names[0], (2, "Amina & <Lefèvre> \"fille\""));
        assert_eq!(names[1].1, "=HYPERLINK(\"http://x\")");
        assert_eq!(
            (reading.rows[0].file_number.as_deref(), reading.rows[0].level.as_deref()),
            (Some("007"), Some("pratique"))
        );
        assert_eq!(reading.rows[0].observed_on, Some(time::macros::date!(2026 - 11 - 20)));
        assert_eq!(names.len(), 8);
    }

    #[test]
    fn a_result_without_lines_is_its_titles() {
        let none = || std::iter::empty::<Line>();
        let csv = String::from_utf8(write(none(), Format::Csv).expect("written")).expect("UTF-8");
        assert_eq!(csv.lines().count(), 1);
        assert!(write(none(), Format::Xlsx).expect("written").starts_with(b"PK"));
    }

    #[test]
    fn the_format_follows_the_name() {
        assert_eq!(Format::of_name("r.XLSX"), Format::Xlsx);
        assert_eq!(Format::of_name("r.csv"), Format::Csv);
        assert_eq!(Format::of_name("resultat"), Format::Csv);
    }
}
