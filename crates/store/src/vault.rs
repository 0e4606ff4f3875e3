//! The master key: what it seals, what it derives, and who may start without one (decisions §17, §18).

use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER_PERMISSIVE};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use time::OffsetDateTime;
use zeroize::{Zeroize, Zeroizing};

use crate::{Db, Result, execute, on};

/// The environment variable that carries the master key: 32 bytes in base64 or hexadecimal.
pub const MASTER_KEY_VARIABLE: &str = "LIVRET_MASTER_KEY";

/// The environment variable that names a file with the master key, for service managers that hand secrets over as files.
/// The file must be there: unlike the one beside a SQLite database, it is never made.
pub const MASTER_KEY_FILE_VARIABLE: &str = "LIVRET_MASTER_KEY_FILE";

const FORMAT: u8 = 1;
const NONCE: usize = 24;

/// Holder of the master key, cheap to clone. It never shows the key, not even to `Debug`.
#[derive(Clone)]
pub struct Vault(Arc<Zeroizing<[u8; 32]>>);

/// What can be wrong with the master key or a sealed value.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VaultError {
    /// PostgreSQL without `LIVRET_MASTER_KEY`.
    #[error(
        "LIVRET_MASTER_KEY is not set, and with PostgreSQL there is no key file: set it to 32 random bytes in base64 (openssl rand -base64 32)"
    )]
    Missing,
    /// Not 32 bytes in base64 or hexadecimal.
    #[error("the master key ({0}) is not 32 bytes in base64 or hexadecimal")]
    Malformed(&'static str),
    /// Another key made this database.
    #[error("this master key is not the one this database was made with")]
    WrongKey,
    /// Changed, cut, sealed by another key or for another purpose.
    #[error("a sealed value cannot be opened with this key for this purpose")]
    Sealed,
    /// The key file cannot be made or read.
    #[error("key file: {0}")]
    File(#[source] io::Error),
}

impl Vault {
    /// The key this database needs: `LIVRET_MASTER_KEY` if set; else, with SQLite only, the file beside the database
    /// (made at first start, mode 0600); then compared with the database's key check, which a first start writes.
    ///
    /// Answers the vault, and where the key came from so that the program can name it. Migrate first.
    pub async fn obtain(db: &Db, now: OffsetDateTime) -> Result<(Self, KeySource)> {
        let (vault, source) = match (Self::from_env()?, db) {
            (Some(vault), _) => (vault, KeySource::Environment),
            (None, Db::Postgres(_)) => return Err(VaultError::Missing.into()),
            (None, Db::Sqlite { path, .. }) => {
                let file = path.with_extension("key");
                let (vault, made) = Self::from_file(&file)?;
                (vault, if made { KeySource::NewFile(file) } else { KeySource::File(file) })
            }
        };
        vault.check(db, now).await?;
        Ok((vault, source))
    }

    /// The key in `LIVRET_MASTER_KEY`, else in the file that `LIVRET_MASTER_KEY_FILE` names; `None` when neither is set.
    pub fn from_env() -> std::result::Result<Option<Self>, VaultError> {
        match std::env::var(MASTER_KEY_VARIABLE) {
            Ok(text) if text.trim().is_empty() => {}
            Ok(text) => return Self::from_text(&Zeroizing::new(text), MASTER_KEY_VARIABLE).map(Some),
            Err(std::env::VarError::NotPresent) => {}
            Err(std::env::VarError::NotUnicode(_)) => return Err(VaultError::Malformed(MASTER_KEY_VARIABLE)),
        }
        match std::env::var_os(MASTER_KEY_FILE_VARIABLE) {
            Some(path) if !path.is_empty() => Self::from_existing_file(Path::new(&path)).map(Some),
            _ => Ok(None),
        }
    }

    /// The key in that file, which must be there.
    pub fn from_existing_file(path: &Path) -> std::result::Result<Self, VaultError> {
        let text = Zeroizing::new(fs::read_to_string(path).map_err(VaultError::File)?);
        Self::from_text(&text, "key file")
    }

    /// Whether this key made the database of that key check.
    pub fn made(&self, key_check: &[u8]) -> bool {
        self.mac(b"key-check", "", &[]) == key_check
    }

    /// Writes the key into a new file, mode 0600, in base64; `false` when a file of that name is there already.
    pub fn copy_to(&self, path: &Path) -> std::result::Result<bool, VaultError> {
        write_new(path, &Zeroizing::new(BASE64.encode(&self.0[..]))).map_err(VaultError::File)
    }

    /// The key in that file, made with a random key if there is none; `true` if it was made now.
    pub fn from_file(path: &Path) -> std::result::Result<(Self, bool), VaultError> {
        match fs::read_to_string(path) {
            Ok(text) => return Ok((Self::from_text(&Zeroizing::new(text), "key file")?, false)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(VaultError::File(error)),
        }
        let mut key = Zeroizing::new([0u8; 32]);
        rand::fill(&mut key[..]);
        if write_new(path, &Zeroizing::new(BASE64.encode(&key[..]))).map_err(VaultError::File)? {
            return Ok((Self(Arc::new(key)), true));
        }
        // Another process made it in between: theirs is the key.
        let text = Zeroizing::new(fs::read_to_string(path).map_err(VaultError::File)?);
        Ok((Self::from_text(&text, "key file")?, false))
    }

    /// A vault on these 32 bytes: for tests, and for keys held elsewhere.
    pub fn from_bytes(key: [u8; 32]) -> Self {
        Self(Arc::new(Zeroizing::new(key)))
    }

    /// Whether this is the key the database was made with; `None` when the database holds no key check yet. Writes
    /// nothing: for `doctor`.
    pub async fn matches(&self, db: &Db) -> Result<Option<bool>> {
        let mine = self.mac(b"key-check", "", &[]).to_vec();
        Ok(key_check(db).await?.map(|theirs| theirs == mine))
    }

    /// Compares with the key check the database holds; writes it if the database has none yet.
    pub async fn check(&self, db: &Db, now: OffsetDateTime) -> Result<()> {
        let mine = self.mac(b"key-check", "", &[]).to_vec();
        // Read first, so that an ordinary start writes nothing.
        if let Some(theirs) = key_check(db).await? {
            return same(&theirs, &mine);
        }
        let mut tx = db.begin().await?;
        execute!(
            tx,
            sqlx::query(
                "insert into store_key_check (name, key_check, made_at) values ('master', $1, $2)
                on conflict (name) do nothing"
            )
            .bind(&mine)
            .bind(now)
        )?;
        tx.commit().await?;
        let theirs = key_check(db).await?.unwrap_or_default();
        same(&theirs, &mine)
    }

    /// Seals bytes for one purpose (XChaCha20-Poly1305, a key per purpose, random nonce; the purpose is also
    /// authenticated). The result is 41 bytes longer.
    #[expect(clippy::missing_panics_doc, reason = "a text of 256 GB does not get here")]
    pub fn seal(&self, purpose: &str, plain: &[u8]) -> Vec<u8> {
        let mut nonce = [0u8; NONCE];
        rand::fill(&mut nonce);
        let sealed = self
            .cipher(purpose)
            .encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: purpose.as_bytes() })
            // Only texts of 256 GB and more are refused.
            .expect("a text this long does not fit in memory");
        let mut out = Vec::with_capacity(1 + NONCE + sealed.len());
        out.push(FORMAT);
        out.extend_from_slice(&nonce);
        out.extend_from_slice(&sealed);
        out
    }

    /// Opens what [`Vault::seal`] sealed for the same purpose. The bytes are wiped when dropped.
    pub fn open(&self, purpose: &str, sealed: &[u8]) -> std::result::Result<Zeroizing<Vec<u8>>, VaultError> {
        let (&FORMAT, rest) = sealed.split_first().ok_or(VaultError::Sealed)? else {
            return Err(VaultError::Sealed);
        };
        let (nonce, text) = rest.split_first_chunk::<NONCE>().ok_or(VaultError::Sealed)?;
        self.cipher(purpose)
            .decrypt(&XNonce::from(*nonce), Payload { msg: text, aad: purpose.as_bytes() })
            .map(Zeroizing::new)
            .map_err(|_| VaultError::Sealed)
    }

    /// 32 bytes that only this key can make again for this purpose, row and generation: codes, links, slips
    /// (decisions §18). A next generation makes the former ones worthless.
    pub fn derive(&self, purpose: &str, id: &[u8], generation: u32) -> [u8; 32] {
        let mut subject = Vec::with_capacity(id.len() + 4);
        subject.extend_from_slice(id);
        subject.extend_from_slice(&generation.to_be_bytes());
        self.mac(b"derive", purpose, &subject)
    }

    /// What the database holds in place of a code, token or address, to find it again: a keyed hash, worthless
    /// without the master key. Fold the text first; this compares bytes.
    pub fn lookup_hash(&self, purpose: &str, text: &str) -> Vec<u8> {
        self.mac(b"lookup", purpose, text.as_bytes()).to_vec()
    }

    fn from_text(text: &str, origin: &'static str) -> std::result::Result<Self, VaultError> {
        let text = text.trim();
        let mut bytes = HEXLOWER_PERMISSIVE
            .decode(text.as_bytes())
            .or_else(|_| BASE64.decode(text.as_bytes()))
            .or_else(|_| BASE64URL_NOPAD.decode(text.as_bytes()))
            .map_err(|_| VaultError::Malformed(origin))?;
        let key = <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| VaultError::Malformed(origin));
        bytes.zeroize();
        Ok(Self::from_bytes(key?))
    }

    fn cipher(&self, purpose: &str) -> XChaCha20Poly1305 {
        let key = Zeroizing::new(self.mac(b"seal", purpose, &[]));
        XChaCha20Poly1305::new((&*key).into())
    }

    /// HMAC-SHA256 over (use, purpose, subject), each with its length before it so that no two cases meet.
    fn mac(&self, usage: &[u8], purpose: &str, subject: &[u8]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0[..]).expect("HMAC takes keys of any length");
        for part in [b"livret/1".as_slice(), usage, purpose.as_bytes(), subject] {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault(…)")
    }
}

/// Where the master key came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// `LIVRET_MASTER_KEY`.
    Environment,
    /// A file that was there.
    File(PathBuf),
    /// A file made just now: the program names it, and says that losing it loses everything sealed.
    NewFile(PathBuf),
}

fn same(theirs: &[u8], mine: &[u8]) -> Result<()> {
    if theirs == mine { Ok(()) } else { Err(VaultError::WrongKey.into()) }
}

async fn key_check(db: &Db) -> Result<Option<Vec<u8>>> {
    Ok(on!(db, c => sqlx::query_scalar("select key_check from store_key_check where name = 'master'")
        .fetch_optional(c).await)?)
}

/// Writes a file whole or not at all, mode 0600; `false` if one is already there.
fn write_new(path: &Path, text: &str) -> io::Result<bool> {
    let draft = path.with_extension(format!("key-{:016x}", rand::random::<u64>()));
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.write_all(b"\n")).and_then(|()| file.sync_all());
    // A hard link fails when the name is taken, where a rename would replace another process's key.
    let linked = written.and_then(|()| match fs::hard_link(&draft, path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    });
    fs::remove_file(&draft)?;
    linked
}
