//! `livret backup`: the whole database as one file, while the program runs.

use std::fs::{self, File};
use std::io::{BufReader, BufWriter};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use store::archive::{self, ArchiveError, Contents};
use store::{Clock, Db, StoreError, Vault};
use time::OffsetDateTime;
use time::macros::format_description;

use crate::config::Options;
use crate::{StartError, said as words, signed};

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
    for left in &made.swept {
        println!("Une sauvegarde interrompue avait laissé {} : effacé.", left.display());
    }
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
    /// Beginnings that interrupted backups had left there, removed.
    pub swept: Vec<PathBuf>,
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
    let swept = sweep(&path);
    let mut draft = path.clone().into_os_string();
    draft.push(format!(".{:08x}.part", rand::random::<u32>()));
    let draft = PathBuf::from(draft);
    let written = write(db, &draft, now).await;
    // A hard link fails when the name was taken meanwhile, where a rename would replace another backup.
    // The lock goes once the backup has its name.
    let kept = written.and_then(|(contents, _lock)| fs::hard_link(&draft, &path).map_err(failed).map(|()| contents));
    let _gone = fs::remove_file(&draft);
    let contents = kept?;
    Ok(Made { path, contents, swept })
}

/// A beginning that nobody writes to is left alone for so long: it may just have been made.
const YOUNG: Duration = Duration::from_secs(3_600);

/// Removes what backups that were killed left beside `path`: files of our own making alone, that no program holds.
fn sweep(path: &Path) -> Vec<PathBuf> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let own = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    // What cannot be seen or removed is not worth failing a backup.
    let files = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let ours = files.filter(|file| file.file_name().is_some_and(|name| is_beginning(&name.to_string_lossy(), &own)));
    ours.filter(|file| nobody_writes(file) && fs::remove_file(file).is_ok()).collect()
}

/// `livret-20261125T091502Z.livret.89abcdef.part`, or the same of the name that is asked for now.
fn is_beginning(name: &str, own: &str) -> bool {
    let Some((stem, number)) = name.strip_suffix(".part").and_then(|rest| rest.rsplit_once('.')) else { return false };
    let digits = |text: &str, count, of: fn(&u8) -> bool| text.len() == count && text.as_bytes().iter().all(of);
    let stamp = stem.strip_prefix("livret-").and_then(|rest| rest.strip_suffix("Z.livret")?.split_once('T'));
    let dated =
        stamp.is_some_and(|(day, hour)| digits(day, 8, u8::is_ascii_digit) && digits(hour, 6, u8::is_ascii_digit));
    digits(number, 8, u8::is_ascii_hexdigit) && (stem == own || dated)
}

/// Whoever writes a backup holds its lock, which ends with the program however it ends.
fn nobody_writes(file: &Path) -> bool {
    // Opening a pipe would wait for whoever writes into it.
    if !fs::symlink_metadata(file).is_ok_and(|facts| facts.is_file()) {
        return false;
    }
    let Ok(opened) = File::open(file) else { return false };
    let facts = opened.metadata().and_then(|facts| Ok((facts.is_file(), facts.modified()?)));
    let Ok((true, modified)) = facts else { return false };
    modified.elapsed().is_ok_and(|age| age >= YOUNG) && opened.try_lock().is_ok()
}

/// What was written, and the file that holds the lock.
async fn write(db: &Db, draft: &Path, now: OffsetDateTime) -> Result<(Contents, File), StartError> {
    let failed = |source| StartError::File { what: "la sauvegarde", source };
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(draft).map_err(failed)?;
    // Against another backup that clears up. Where there are no locks, its age protects it.
    let _unlockable = file.lock();
    let origin = signed::origin(db).await.ok().flatten().map(|origin| origin.to_string());
    let program = env!("CARGO_PKG_VERSION");
    let contents =
        archive::write(db, program, origin, now, BufWriter::new(&mut file)).await.map_err(|error| said(&error))?;
    file.sync_all().map_err(failed)?;
    let again = archive::read(BufReader::new(File::open(draft).map_err(failed)?));
    match again {
        Ok(again) if again == contents => Ok((contents, file)),
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
    must_exist(url)?;
    Ok(Db::open(url).await?)
}

/// Refuses a file of SQLite that is not there, and names it.
pub(crate) fn must_exist(url: &str) -> Result<(), StartError> {
    match sqlite_path(url) {
        Some(path) if !path.exists() => {
            Err(StartError::Refused(format!("la base {} n’existe pas : donnez --database.", path.display())))
        }
        _ => Ok(()),
    }
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
        return StartError::Refused(format!("base de données : {}", words::store(error)));
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
        ArchiveError::Io(source) => format!("la sauvegarde : {}", words::io(source)),
        _ => "la sauvegarde ne se lit pas : reprenez l’original.".into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATED: &str = "livret-20261125T091502Z.livret.89abcdef.part";

    fn put(folder: &Path, name: &str, age: Duration) -> PathBuf {
        let path = folder.join(name);
        let file = File::create(&path).expect("a file");
        file.set_modified(std::time::SystemTime::now() - age).expect("an age");
        path
    }

    #[test]
    fn beginnings_of_killed_backups_are_cleared_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let (folder, old) = (folder.path(), YOUNG * 2);
        let gone = [DATED, "mine.livret.00000000.part"].map(|name| put(folder, name, old));
        let kept = [
            "livret-20261125T091502Z.livret",
            "livret-20261125T091502Z.livret.89abcdeg.part",
            "livret-20261125T091502Z.livret.89abcdef.part.old",
            "livret-2026-11-25.livret.89abcdef.part",
            "film.89abcdef.part",
            "other.livret.00000000.part",
        ]
        .map(|name| put(folder, name, old));
        let young = put(folder, "livret-20261126T091502Z.livret.89abcdef.part", YOUNG / 2);
        let pipe = folder.join("livret-20261128T091502Z.livret.89abcdef.part");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo");
        assert!(made.success());
        let held = put(folder, "livret-20261127T091502Z.livret.89abcdef.part", old);
        let lock = File::open(&held).expect("a file");
        lock.lock().expect("a lock");
        let mut swept = sweep(&folder.join("mine.livret"));
        swept.sort();
        assert_eq!(swept, gone);
        assert!(kept.iter().chain([&young, &held, &pipe]).all(|file| file.exists()));
        drop(lock);
        assert_eq!(sweep(&folder.join("mine.livret")), [held], "its writer has ended");
    }
}
