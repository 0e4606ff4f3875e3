//! Files and folders of this machine: who may read them, who may write them, how much room is left.

use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::finding::{Code, Finding};
use crate::backup::sqlite_path;
use crate::config::Options;
use crate::said;

pub(super) fn examine(options: &Options, min_free: u64) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut private: Vec<PathBuf> = vec![options.config.clone().unwrap_or_else(|| "livret.toml".into())];
    private.extend(std::env::var_os(store::MASTER_KEY_FILE_VARIABLE).map(PathBuf::from));
    let folder = match sqlite_path(options.database()) {
        Some(file) => {
            private.extend(["", "-wal", "-shm"].map(|end| with_end(file, end)));
            private.push(file.with_extension("key"));
            let folder = folder_of(file);
            if let Err(error) = try_writing(folder) {
                findings.push(Finding::to_mend(
                    Code::FolderUnwritable,
                    format!(
                        "base : rien ne peut être écrit dans le dossier {} ({}).",
                        folder.display(),
                        said::io(&error)
                    ),
                    format!(
                        "SQLite y écrit à côté de la base : `chown livret {}`, ou donnez --database ailleurs.",
                        folder.display()
                    ),
                ));
            }
            if let Err(error) = opens_for_writing(file) {
                findings.push(Finding::to_mend(
                    Code::FileUnwritable,
                    format!("base : {} ne peut pas être écrit ({}).", file.display(), said::io(&error)),
                    format!("`chown livret {0} && chmod 600 {0}`, ou donnez une autre --database.", file.display()),
                ));
            }
            folder
        }
        None => Path::new("."),
    };
    for file in private {
        if readable_by_all(&file) {
            findings.push(Finding::to_mend(
                Code::FileReadableByAll,
                format!("fichiers : tout le monde sur cette machine peut lire {}.", file.display()),
                format!("`chmod 600 {}` (avec l’utilisateur de livret pour propriétaire).", file.display()),
            ));
        }
    }
    findings.extend(room(folder, min_free));
    if findings.is_empty() {
        findings.push(Finding::good(Code::Files, "fichiers : droits et place libre conviennent"));
    }
    findings
}

/// Makes a file in that folder and removes it: rights, a read-only disk and a folder that is none are all found so.
pub(super) fn try_writing(folder: &Path) -> io::Result<()> {
    // A folder of letters may not be there yet: then its own folder must take it.
    let mut folder = folder;
    while !folder.exists()
        && let Some(above) = folder.parent()
    {
        folder = if above.as_os_str().is_empty() { Path::new(".") } else { above };
    }
    let probe = folder.join(format!(".livret-doctor-{:016x}", rand::random::<u64>()));
    fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&probe)?;
    fs::remove_file(&probe)
}

/// Fails when the file is there and cannot be opened for writing. Nothing is written.
fn opens_for_writing(file: &Path) -> io::Result<()> {
    if !file.exists() {
        return Ok(());
    }
    fs::OpenOptions::new().append(true).open(file).map(drop)
}

fn readable_by_all(file: &Path) -> bool {
    fs::metadata(file).is_ok_and(|facts| facts.is_file() && facts.mode() & 0o004 != 0 && reachable(file))
}

/// Whether everybody may go into the folders on the way: a private folder keeps its files private.
fn reachable(file: &Path) -> bool {
    let Ok(full) = file.canonicalize() else { return true };
    full.ancestors().skip(1).all(|folder| fs::metadata(folder).is_ok_and(|facts| facts.mode() & 0o001 != 0))
}

fn room(folder: &Path, min_free: u64) -> Option<Finding> {
    let facts = rustix::fs::statvfs(folder).ok()?;
    let free = facts.f_bavail.saturating_mul(facts.f_frsize) / (1024 * 1024);
    (free < min_free).then(|| {
        Finding::to_mend(
            Code::DiskLow,
            format!("disque : il reste {free} Mio dans {}.", folder.display()),
            format!("Faites de la place (sauvegardes anciennes, journaux) : il en faut {min_free} Mio au moins."),
        )
    })
}

fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn with_end(file: &Path, end: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}
