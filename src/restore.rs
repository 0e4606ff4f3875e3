//! `livret restore`: a backup into an empty database, then every badge of it judged by our own judge.

mod judge;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use clap::Args;
use store::archive::{self, Contents};
use store::{Clock, Db, StoreError, Vault, VaultError};

use crate::StartError;
use crate::backup::{said, sqlite_path};
use crate::config::Options;

/// What `livret restore` is asked.
#[derive(Debug, Args)]
pub struct RestoreArgs {
    /// La sauvegarde.
    #[arg(value_name = "FICHIER")]
    pub from: PathBuf,
    /// Le fichier de la clé maîtresse, si elle n’est ni dans l’environnement ni à côté de la base.
    #[arg(long, value_name = "FICHIER")]
    pub master_key: Option<PathBuf>,
    /// The database and the rest.
    #[command(flatten)]
    pub options: Options,
}

/// Loads, judges, says how many of each verdict.
///
/// # Errors
/// In French: why nothing was loaded; or, once loaded, that not every badge is as it should be.
pub async fn run(args: RestoreArgs) -> Result<(), StartError> {
    let options = args.options.with_file()?;
    let contents = archive::read(open(&args.from)?).map_err(|error| said(&error.into()))?;
    println!(
        "Sauvegarde du {} ({}, version {} de la base) : entière.",
        web::dates::moment(contents.header.made_at),
        contents.header.engine,
        contents.header.migration
    );
    let options = with_origin(options, &contents)?;
    let vault = key(&options, args.master_key.as_deref(), &contents)?;
    let db = Db::open(options.database()).await?;
    archive::load(&db, &contents, open(&args.from)?).await.map_err(|error| said(&error))?;
    if let Some(vault) = &vault {
        vault.check(&db, Clock::system().now()).await?;
        put_key(&options, vault, args.master_key.is_some())?;
    }
    issuer::status::leave_lists(&db).await?;
    let total: u64 = contents.rows.values().sum();
    println!("{total} lignes remises dans {} tables. Chaque badge est maintenant vérifié.", contents.rows.len());
    let judged = judge::every_badge(&db, vault.as_ref(), &options).await?;
    let letters = store::outbox::health(&db, contents.header.made_at, contents.header.made_at).await?;
    db.close().await;
    println!("{}", judged.words());
    if letters.queued > 0 {
        println!("{} courriers attendaient : ils partiront au premier démarrage.", letters.queued);
    }
    println!(
        "Ce qui s’est passé après la sauvegarde n’est pas ici. Un badge retiré depuis est à retirer de nouveau ; de \
         nouvelles listes d’état commencent, pour qu’aucune place ne serve deux fois."
    );
    if judged.amiss.is_empty() { Ok(()) } else { Err(StartError::Amiss(judged.amiss.len())) }
}

/// What became of the judging.
#[derive(Debug, Default)]
pub struct Judged {
    /// How many texts of each verdict.
    pub verdicts: BTreeMap<&'static str, usize>,
    /// Addresses of badges that are not as the database says, with the verdict.
    pub amiss: Vec<String>,
    /// Badges of livrets whose issuer was not named, and so was not asked.
    pub not_asked: usize,
}

impl Judged {
    /// For the terminal.
    pub fn words(&self) -> String {
        use std::fmt::Write as _;
        let total: usize = self.verdicts.values().sum();
        let mut text = format!("{total} textes signés vérifiés :");
        for (verdict, count) in &self.verdicts {
            let _infallible = write!(text, " {count} {verdict}");
        }
        if total == 0 {
            text.push_str(" il n’y en a pas");
        }
        text.push('.');
        if self.not_asked > 0 {
            let _infallible =
                write!(text, "\n{} badges de livrets n’ont pas été vérifiés : donnez --issuer-origin.", self.not_asked);
        }
        for one in self.amiss.iter().take(20) {
            let _infallible = write!(text, "\n✗ {one}");
        }
        text
    }
}

fn open(path: &Path) -> Result<BufReader<File>, StartError> {
    File::open(path).map(BufReader::new).map_err(|source| StartError::File { what: "la sauvegarde", source })
}

/// The origin is inside every signed text: it comes with the archive, and another one is refused.
fn with_origin(mut options: Options, contents: &Contents) -> Result<Options, StartError> {
    let Some(signed) = &contents.header.origin else { return Ok(options) };
    let given = options.issuer_origin.as_ref().or(options.origin.as_ref());
    if let Some(given) = given {
        let parsed = web::Origin::parse(given).map_err(|error| StartError::Origin { text: given.clone(), error })?;
        if parsed.as_str() != signed {
            return Err(StartError::Refused(format!(
                "les badges de cette sauvegarde sont signés pour {signed}, et --origin dit {parsed} : ils ne se \
                 vérifieraient plus. Donnez --origin {signed}."
            )));
        }
    }
    options.issuer_origin = Some(signed.clone());
    Ok(options)
}

/// The key that made the database of the archive: looked for, compared, never made.
fn key(options: &Options, file: Option<&Path>, contents: &Contents) -> Result<Option<Vault>, StartError> {
    let Some(check) = &contents.key_check else { return Ok(None) };
    let store = |error: VaultError| StartError::Store(StoreError::from(error));
    let beside = sqlite_path(options.database()).map(|path| path.with_extension("key"));
    let vault = match (file, Vault::from_env().map_err(store)?, beside) {
        (Some(file), _, _) => Vault::from_existing_file(file).map_err(store)?,
        (None, Some(vault), _) => vault,
        (None, None, Some(beside)) if beside.exists() => Vault::from_existing_file(&beside).map_err(store)?,
        _ => {
            return Err(StartError::Refused(
                "il faut la clé maîtresse de cette sauvegarde : donnez --master-key FICHIER, ou LIVRET_MASTER_KEY. \
                 Sans elle, les clés des organismes ne s’ouvrent plus."
                    .into(),
            ));
        }
    };
    if !vault.made(check) {
        return Err(StartError::Refused(
            "cette clé maîtresse n’est pas celle de la sauvegarde : cherchez la bonne. Rien n’a été écrit.".into(),
        ));
    }
    Ok(Some(vault))
}

/// A key given by file goes beside a SQLite database, where the next start looks for it.
fn put_key(options: &Options, vault: &Vault, given: bool) -> Result<(), StartError> {
    let store = |error: VaultError| StartError::Store(StoreError::from(error));
    let Some(beside) = sqlite_path(options.database()).map(|path| path.with_extension("key")) else { return Ok(()) };
    if given && Vault::from_env().map_err(store)?.is_none() && vault.copy_to(&beside).map_err(store)? {
        println!("La clé maîtresse est copiée dans {}.", beside.display());
    }
    Ok(())
}
