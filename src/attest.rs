//! `livret attest`: attests a whole file from the terminal, shows how far it is, and writes what became of each line.

mod progress;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use issuer::Issuer;
use issuer::awards::worker;
use issuer::imports::order::{Fault, Order, Ordered, order};
use issuer::imports::progress::{LotProgress, of_import};
use issuer::imports::reading::Column;
use issuer::imports::result::{self, Format, Line};
use tokio::sync::oneshot;

use crate::StartError;
use crate::backup;
use crate::bootstrap;
use crate::config::Options;
use crate::said;
use progress::Progress;

/// What `livret attest` is asked.
#[derive(Debug, Args)]
pub struct AttestArgs {
    /// Le fichier des stagiaires : un classeur .xlsx ou un CSV.
    #[arg(value_name = "FICHIER")]
    pub file: PathBuf,
    /// L’organisme : son SIRET, ou l’identifiant écrit par `bootstrap organisation`.
    #[arg(long, value_name = "SIRET|IDENTIFIANT")]
    pub organisation: String,
    /// La session : son identifiant (à la fin de son adresse) ou son intitulé.
    #[arg(long, value_name = "IDENTIFIANT|INTITULÉ")]
    pub session: String,
    /// Le badge des lignes qui n’en disent pas : son nom ou son code.
    #[arg(long, value_name = "BADGE")]
    pub badge: Option<String>,
    /// Le niveau de ce badge : découvre, pratique ou maîtrise.
    #[arg(long, value_name = "NIVEAU")]
    pub level: Option<String>,
    /// Qui atteste, par son adresse électronique [défaut : la première référente ou le premier référent].
    #[arg(long, value_name = "COURRIEL")]
    pub by: Option<String>,
    /// La situation, en une phrase : elle est signée dans chaque badge.
    #[arg(long, value_name = "PHRASE")]
    pub sentence: Option<String>,
    /// Le type de preuve [défaut : le premier prévu pour tous les badges du fichier].
    #[arg(long, value_name = "PREUVE")]
    pub evidence: Option<String>,
    /// La date de l’observation des lignes qui n’en disent pas [défaut : aujourd’hui].
    #[arg(long, value_name = "DATE")]
    pub day: Option<String>,
    /// Ce que contient une colonne, par son titre : nom, prénom, nom complet, courriel, dossier, date, badge, niveau (répétable).
    #[arg(long, value_name = "TITRE=CONTENU", value_parser = column)]
    pub column: Vec<(String, Column)>,
    /// Laisse de côté les colonnes dont le titre n’est pas reconnu, même si elles ont l’air de compter.
    #[arg(long)]
    pub leave_other_columns: bool,
    /// La date de l’observation est juste, même d’avant le début de la session.
    #[arg(long)]
    pub day_before_session: bool,
    /// La feuille du classeur, par son nom.
    #[arg(long, value_name = "FEUILLE")]
    pub sheet: Option<String>,
    /// Où écrire ce qu’est devenue chaque ligne, en .csv ou .xlsx [défaut : à côté du fichier].
    #[arg(long, value_name = "CHEMIN")]
    pub result: Option<PathBuf>,
    /// The database and the rest.
    #[command(flatten)]
    pub options: Options,
}

/// Every line is attested, was before, or stands twice.
const ALL: u8 = 0;
/// Some lines were left aside: the result says which, and why.
const SOME_LEFT: u8 = 1;
/// Nothing could be done, or not to its end.
const NOT_DONE: u8 = 2;

/// How long without a badge before one stops waiting: another program holds the lots.
const STUCK: Duration = Duration::from_secs(120);
const LOOK: Duration = Duration::from_millis(200);

/// Attests, shows progress, writes the result; 0 when every line is attested, 1 when some were left aside, 2 otherwise.
pub async fn run(args: AttestArgs) -> ExitCode {
    match attest(args).await {
        Ok(code) => ExitCode::from(code),
        Err(fault) => {
            eprintln!("livret attest : {fault}");
            if let Some(cause) = said::cause(&fault) {
                eprintln!("Cause : {cause}");
            }
            ExitCode::from(NOT_DONE)
        }
    }
}

/// Why a file was not attested.
#[derive(Debug, thiserror::Error)]
enum Stopped {
    /// The program or its configuration.
    #[error(transparent)]
    Start(#[from] StartError),
    /// What was asked.
    #[error(transparent)]
    Order(#[from] Fault),
    /// The database, on the way.
    #[error("base de données : {}", said::store(.0))]
    Store(#[from] store::StoreError),
    /// A file.
    #[error("{} : {}", path.display(), said::io(source))]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

async fn attest(args: AttestArgs) -> Result<u8, Stopped> {
    let at = |path: &Path| {
        let path = path.to_owned();
        move |source| Stopped::File { path, source }
    };
    let size = fs::metadata(&args.file).map_err(at(&args.file))?.len();
    // A little more than what is read is enough to refuse in words.
    let largest = u64::try_from(issuer::imports::reading::MAX_BYTES).unwrap_or(u64::MAX);
    let bytes = if size > largest {
        vec![b' '; issuer::imports::reading::MAX_BYTES + 1]
    } else {
        fs::read(&args.file).map_err(at(&args.file))?
    };
    let options = args.options.with_file().map_err(StartError::from)?;
    // Organisations and sessions stand in a database already: a new one would have none.
    backup::must_exist(options.database())?;
    let result_path = args.result.clone().unwrap_or_else(|| beside(&args.file));
    let house = bootstrap::house(options).await?;
    let file_name = args.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let ordered = order(
        &house,
        Order {
            file_name,
            bytes,
            organisation: args.organisation,
            session: args.session,
            by: args.by,
            badge: args.badge,
            level: args.level,
            sentence: args.sentence,
            evidence: args.evidence,
            day: args.day,
            columns: args.column,
            leave_others: args.leave_other_columns,
            early_day: args.day_before_session,
            sheet: args.sheet,
        },
    )
    .await?;
    println!("{} lignes lues. À suivre aussi à {}", ordered.import.row_count, house.url(&followed(&ordered)));
    let finished = make(&house, &ordered).await?;
    let mut tally = Tally::default();
    let format = Format::of_name(&result_path.to_string_lossy());
    let look = |line: &Line| tally.sees(line);
    let bytes = result::written(&house.db, ordered.organisation_id, &ordered.import, format, look).await;
    fs::write(&result_path, bytes.map_err(Fault::from)?).map_err(at(&result_path))?;
    Ok(tell(&tally, finished, &result_path))
}

fn followed(ordered: &Ordered) -> String {
    format!("/atelier/imports/{}", ordered.import.import_id)
}

/// Makes the badges here, unless a program that serves is quicker; `false` when they are not all there at the end.
async fn make(house: &Issuer, ordered: &Ordered) -> Result<bool, Stopped> {
    if ordered.import.lot_id.is_none() {
        return Ok(true);
    }
    let (stop, asked) = oneshot::channel::<()>();
    let hands = tokio::spawn(worker::run(house.clone(), async move {
        // An error means that the sender is gone: that is a stop too.
        let _ = asked.await;
    }));
    let mut shown = Progress::new();
    let (mut before, mut waited) = (-1, Duration::ZERO);
    let finished = loop {
        let lots = of_import(&house.db, ordered.organisation_id, ordered.import.import_id).await?;
        let (done, total) = figures(&lots);
        shown.at(done, total);
        if lots.iter().all(|lot| lot.finished_at.is_some()) {
            break true;
        }
        waited = if done == before { waited + LOOK } else { Duration::ZERO };
        before = done;
        if waited >= STUCK {
            break false;
        }
        tokio::time::sleep(LOOK).await;
    };
    shown.ends();
    // The worker may have ended already.
    let _ = stop.send(());
    let _ = hands.await;
    Ok(finished)
}

fn figures(lots: &[LotProgress]) -> (i64, i64) {
    (lots.iter().map(|lot| lot.done).sum(), lots.iter().map(|lot| lot.total).sum())
}

/// What became of the lines, in short.
#[derive(Default)]
struct Tally {
    /// How many lines ended in each outcome.
    outcomes: Vec<(String, usize)>,
    /// How many lines still want something.
    left: usize,
    /// The first of those, with why.
    why: Vec<(i64, String)>,
}

/// Reasons told at the terminal; the result has them all.
const TOLD: usize = 10;

impl Tally {
    fn sees(&mut self, line: &Line) {
        match self.outcomes.iter_mut().find(|(outcome, _)| outcome == line.outcome()) {
            Some((_, count)) => *count += 1,
            None => self.outcomes.push((line.outcome().to_owned(), 1)),
        }
        if !line.settled() {
            self.left += 1;
            if self.why.len() < TOLD {
                self.why.push((line.number, line.reason().to_owned()));
            }
        }
    }
}

/// How many lines ended how, the reasons of the first ones, and where the rest stands; answers the exit code.
fn tell(tally: &Tally, finished: bool, result: &Path) -> u8 {
    for (outcome, count) in &tally.outcomes {
        println!("{count:>7}  {outcome}");
    }
    for (number, reason) in &tally.why {
        println!("Ligne {number} : {reason}");
    }
    if tally.left > TOLD {
        println!("… et {} autres lignes.", tally.left - TOLD);
    }
    println!("Le résultat, ligne par ligne : {}", result.display());
    if !finished {
        eprintln!(
            "livret attest : des badges ne sont pas encore faits ; « livret serve » les finira, ou relancez la même commande."
        );
        NOT_DONE
    } else if tally.left == 0 {
        ALL
    } else {
        SOME_LEFT
    }
}

/// `liste.xlsx` → `liste-resultat.xlsx`; any other file has its result in CSV.
fn beside(file: &Path) -> PathBuf {
    let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let end = match Format::of_name(&file.to_string_lossy()) {
        Format::Xlsx => "xlsx",
        Format::Csv => "csv",
    };
    file.with_file_name(format!("{stem}-resultat.{end}"))
}

fn column(text: &str) -> Result<(String, Column), String> {
    let (title, meaning) = text.rsplit_once('=').ok_or("écrivez TITRE=CONTENU, par exemple \"Identité=nom\"")?;
    let column = match meaning.trim().to_lowercase().as_str() {
        "nom" => Column::Surname,
        "prénom" | "prenom" => Column::FirstName,
        "nom complet" | "nom-complet" | "identité" => Column::WholeName,
        "courriel" | "mail" | "email" => Column::Email,
        "dossier" | "numéro" => Column::FileNumber,
        "date" | "jour" => Column::ObservedOn,
        "badge" => Column::Badge,
        "niveau" => Column::Level,
        other => {
            return Err(format!(
                "« {other} » n’est pas un contenu : nom, prénom, nom complet, courriel, dossier, date, badge ou niveau"
            ));
        }
    };
    Ok((title.trim().to_owned(), column))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_stands_beside_its_file() {
        assert_eq!(beside(Path::new("/tmp/liste.xlsx")), Path::new("/tmp/liste-resultat.xlsx"));
        assert_eq!(beside(Path::new("liste.v2.csv")), Path::new("liste.v2-resultat.csv"));
        assert_eq!(beside(Path::new("liste")), Path::new("liste-resultat.csv"));
    }

    #[test]
    fn columns_are_said_by_their_titles() {
        assert_eq!(column("Qui = c’est=nom"), Ok(("Qui = c’est".to_owned(), Column::Surname)));
        assert!(column("Identité").is_err() && column("Identité=âge").is_err());
    }
}
