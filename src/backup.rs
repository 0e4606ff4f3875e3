//! `livret backup`: the whole database as one file, while the program runs.

use std::fs::{self, File};
use std::io::{BufReader, BufWriter};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use clap::Args;
use store::archive::{self, ArchiveError, Contents};
use store::{Clock, Db, StoreError, Vault};
use time::OffsetDateTime;
use time::macros::format_description;

use crate::config::Options;
use crate::{StartError, signed};

/// What `livret backup` is asked.
#[derive(Debug, Args)]
pub struct BackupArgs {
    /// Le fichier à écrire (il ne doit pas exister), ou un dossier.
    #[arg(value_name = "FICHIER|DOSSIER")]
    pub to: PathBuf,
    /// Écrit aussi une copie de la clé maîtresse dans ce fichier, à part : elle n’est jamais dans la sauvegarde.
    #[arg(long, value_name = "FICHIER")]
    pub with_master_key: Option<PathBuf>,
    /// The database and the rest.
    #[command(flatten)]
    pub options: Options,
}

/// Writes, reads back, says what was written.
///
/// # Errors
/// In French: what kept it from being written. Then there is no file.
pub async fn run(args: BackupArgs) -> Result<(), StartError> {
    let options = args.options.with_file()?;
    let clock = Clock::system();
    let db = open_existing(options.database()).await?;
    let made = backup(&db, &args.to, clock.now()).await?;
    println!("{}", made.words());
    match &args.with_master_key {
        Some(path) => {
            copy_key(&db, path).await?;
            println!(
                "La clé maîtresse est copiée dans {}. Gardez-la ailleurs que la sauvegarde : ensemble, elles ouvrent tout.",
                path.display()
            );
        }
        None => println!(
            "La clé maîtresse n’y est pas. Sans elle, les clés des organismes ne s’ouvrent plus : gardez-en une copie \
             ailleurs (--with-master-key FICHIER en écrit une)."
        ),
    }
    db.close().await;
    Ok(())
}

/// A backup that was written and read back.
#[derive(Debug)]
pub struct Made {
    /// Where it is.
    pub path: PathBuf,
    /// What it holds.
    pub contents: Contents,
}

impl Made {
    /// For the terminal.
    pub fn words(&self) -> String {
        let Contents { header, rows, sha256, .. } = &self.contents;
        let total: u64 = rows.values().sum();
        format!(
            "Sauvegarde écrite et relue : {}\n{} badges, {total} lignes, version {} de la base, SHA-256 {sha256}\n\
             Elle contient des données personnelles : chiffrez-la avant qu’elle quitte la machine.",
            self.path.display(),
            rows.get("issuer_credential").copied().unwrap_or_default(),
            header.migration,
        )
    }
}

/// Writes the database into a new file, mode 0600, whole or not at all; then reads it to its end.
///
/// # Errors
/// When the file is there already, the disk is full, the database is damaged.
pub async fn backup(db: &Db, to: &Path, now: OffsetDateTime) -> Result<Made, StartError> {
    let path = if to.is_dir() { to.join(name(now)) } else { to.to_owned() };
    let failed = |source| StartError::File { what: "la sauvegarde", source };
    if path.exists() {
        return Err(StartError::Refused(format!(
            "{} existe déjà : une sauvegarde n’en remplace pas une autre.",
            path.display()
        )));
    }
    let mut draft = path.clone().into_os_string();
    draft.push(format!(".{:08x}.part", rand::random::<u32>()));
    let draft = PathBuf::from(draft);
    let written = write(db, &draft, now).await;
    // A hard link fails when the name was taken meanwhile, where a rename would replace another backup.
    let kept = written.and_then(|contents| fs::hard_link(&draft, &path).map_err(failed).map(|()| contents));
    let _gone = fs::remove_file(&draft);
    let contents = kept?;
    Ok(Made { path, contents })
}

async fn write(db: &Db, draft: &Path, now: OffsetDateTime) -> Result<Contents, StartError> {
    let failed = |source| StartError::File { what: "la sauvegarde", source };
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(draft).map_err(failed)?;
    let origin = signed::origin(db).await.ok().flatten().map(|origin| origin.to_string());
    let program = env!("CARGO_PKG_VERSION");
    let contents =
        archive::write(db, program, origin, now, BufWriter::new(&mut file)).await.map_err(|error| said(&error))?;
    file.sync_all().map_err(failed)?;
    drop(file);
    let again = archive::read(BufReader::new(File::open(draft).map_err(failed)?));
    match again {
        Ok(again) if again == contents => Ok(contents),
        Ok(_) => Err(StartError::Refused(
            "La sauvegarde relue n’est pas celle qui a été écrite : vérifiez le disque.".into(),
        )),
        Err(error) => Err(said(&error.into())),
    }
}

/// `livret-20261125T091502Z.livret`: a name that sorts.
fn name(now: OffsetDateTime) -> String {
    let stamp = now.format(format_description!("[year][month][day]T[hour][minute][second]Z")).unwrap_or_default();
    format!("livret-{stamp}.livret")
}

/// Opens a database that is there: a file of SQLite is not made by looking for it.
pub(crate) async fn open_existing(url: &str) -> Result<Db, StartError> {
    if let Some(path) = sqlite_path(url)
        && !path.exists()
    {
        return Err(StartError::Refused(format!("la base {} n’existe pas : donnez --database.", path.display())));
    }
    Ok(Db::open(url).await?)
}

/// The file of a `sqlite:` address.
pub(crate) fn sqlite_path(url: &str) -> Option<&Path> {
    url.strip_prefix("sqlite:").map(|path| Path::new(path.strip_prefix("//").unwrap_or(path)))
}

/// The master key of a database as it stands, never made: of the environment, or of the file beside SQLite's.
pub(crate) fn existing_key(db: &Db) -> Result<Vault, StoreError> {
    match (Vault::from_env()?, db) {
        (Some(vault), _) => Ok(vault),
        (None, Db::Sqlite { path, .. }) => Ok(Vault::from_existing_file(&path.with_extension("key"))?),
        (None, Db::Postgres(_)) => Err(store::VaultError::Missing.into()),
    }
}

async fn copy_key(db: &Db, path: &Path) -> Result<(), StartError> {
    let vault = existing_key(db)?;
    if vault.matches(db).await? == Some(false) {
        return Err(StartError::Store(store::VaultError::WrongKey.into()));
    }
    if vault.copy_to(path).map_err(StoreError::from)? {
        return Ok(());
    }
    Err(StartError::Refused(format!("{} existe déjà : la clé n’y est pas copiée.", path.display())))
}

/// What is wrong with an archive, and what to do, in French.
pub(crate) fn said(error: &StoreError) -> StartError {
    let StoreError::Archive(fault) = error else {
        return StartError::Refused(format!("base de données : {error}"));
    };
    StartError::Refused(match fault {
        ArchiveError::NotAnArchive => "ce fichier n’est pas une sauvegarde de livret.".into(),
        ArchiveError::Format(_) | ArchiveError::Newer { .. } => {
            "la sauvegarde vient d’un livret plus récent : installez cette version, puis recommencez.".into()
        }
        ArchiveError::Cut => "la sauvegarde est coupée, il en manque la fin : reprenez l’original.".into(),
        ArchiveError::Altered => {
            "la sauvegarde a été modifiée, son empreinte ne correspond plus : reprenez l’original.".into()
        }
        ArchiveError::Line(number) => {
            format!("la ligne {number} de la sauvegarde ne se lit pas : reprenez l’original.")
        }
        ArchiveError::Table(table) | ArchiveError::Rows(table) => {
            format!("la table {table} de la sauvegarde n’est pas complète : reprenez l’original.")
        }
        ArchiveError::NotEmpty(table) => format!(
            "la base n’est pas vide (la table {table} a des lignes) : une sauvegarde se remet dans une base neuve. Donnez une autre --database."
        ),
        ArchiveError::OtherMigration(version) => format!(
            "la base a déjà des tables, de la version {version} : donnez une base neuve, sans `livret migrate`."
        ),
        ArchiveError::Damaged(words) => format!(
            "le fichier de la base est abîmé ({words}) : rien n’est sauvegardé. Arrêtez livret, copiez le fichier tel quel, \
             puis remettez la dernière sauvegarde."
        ),
        ArchiveError::Io(source) => format!("la sauvegarde : {source}"),
        other => other.to_string(),
    })
}
