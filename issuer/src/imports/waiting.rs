//! Files whose columns a person still has to say, and what organisations said of titles before.

use sha2::{Digest, Sha256};
use sqlx::types::Json;
use store::{Db, Tx, Vault, execute, on};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::reading::{Column, Columns, Look};

/// How long a file waits for its columns.
const WAITS: Duration = Duration::DAY;
/// What the vault knows sealed files by.
const PURPOSE: &str = "import file";

/// A file that waits.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct WaitingFile {
    /// Its id.
    pub file_id: Uuid,
    /// The session it was dropped into.
    pub session_id: Uuid,
    /// Its name, for display.
    pub file_name: String,
    /// Its bytes, sealed: [`open`].
    pub sealed_file: Vec<u8>,
}

/// The bytes of a file as they wait: it may hold columns that nobody here should read.
pub fn seal(vault: &Vault, file: &[u8]) -> Vec<u8> {
    vault.seal(PURPOSE, file)
}

/// The bytes of a file that waited.
pub fn open(vault: &Vault, sealed: &[u8]) -> Result<Vec<u8>, store::VaultError> {
    vault.open(PURPOSE, sealed).map(|bytes| bytes.to_vec())
}

/// Lets a file wait. Those that waited in vain are forgotten, whoever's they were.
pub async fn keep(
    tx: &mut Tx,
    organisation_id: Uuid,
    file: &WaitingFile,
    by: Uuid,
    at: OffsetDateTime,
) -> store::Result<()> {
    execute!(tx, sqlx::query("delete from issuer_import_file where expires_at < $1").bind(at))?;
    execute!(
        tx,
        sqlx::query(
            "insert into issuer_import_file (file_id, organisation_id, session_id, file_name, sealed_file, dropped_by,
             dropped_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8)"
        )
        .bind(file.file_id)
        .bind(organisation_id)
        .bind(file.session_id)
        .bind(&file.file_name)
        .bind(&file.sealed_file)
        .bind(by)
        .bind(at)
        .bind(at + WAITS)
    )?;
    Ok(())
}

/// One waiting file of that organisation.
pub async fn find(
    db: &Db,
    organisation_id: Uuid,
    file_id: Uuid,
    now: OffsetDateTime,
) -> store::Result<Option<WaitingFile>> {
    Ok(on!(db, c => sqlx::query_as(
        "select file_id, session_id, file_name, sealed_file from issuer_import_file
         where organisation_id = $1 and file_id = $2 and expires_at >= $3")
        .bind(organisation_id).bind(file_id).bind(now).fetch_optional(c).await)?)
}

/// The files of a session that wait, the latest first: `(file, name, when)`.
pub async fn of_session(
    db: &Db,
    organisation_id: Uuid,
    session_id: Uuid,
    now: OffsetDateTime,
) -> store::Result<Vec<(Uuid, String, OffsetDateTime)>> {
    Ok(on!(db, c => sqlx::query_as(
        "select file_id, file_name, dropped_at from issuer_import_file
         where organisation_id = $1 and session_id = $2 and expires_at >= $3
         order by dropped_at desc, file_id limit 10")
        .bind(organisation_id).bind(session_id).bind(now).fetch_all(c).await)?)
}

/// Forgets a file whose columns were said.
pub async fn forget(tx: &mut Tx, organisation_id: Uuid, file_id: Uuid) -> store::Result<()> {
    execute!(
        tx,
        sqlx::query("delete from issuer_import_file where organisation_id = $1 and file_id = $2")
            .bind(organisation_id)
            .bind(file_id)
    )?;
    Ok(())
}

/// What the organisation said of these titles before, as columns of this file.
pub async fn remembered(db: &Db, organisation_id: Uuid, look: &Look) -> store::Result<Option<Columns>> {
    let Some(key) = look.key() else { return Ok(None) };
    let said: Option<Json<Vec<(String, String)>>> = on!(db, c => sqlx::query_scalar(
        "select meanings from issuer_import_columns where organisation_id = $1 and titles_hash = $2")
        .bind(organisation_id).bind(hash(&key)).fetch_optional(c).await)?;
    Ok(said.map(|said| columns(look, &said.0)).filter(Columns::says_who))
}

/// Remembers what is said of these titles, in place of what was said before.
pub async fn remember(
    tx: &mut Tx,
    organisation_id: Uuid,
    look: &Look,
    columns: &Columns,
    by: Uuid,
    at: OffsetDateTime,
) -> store::Result<()> {
    let Some(key) = look.key() else { return Ok(()) };
    let folded = look.folded();
    let meanings: Vec<(&str, &str)> = columns
        .used
        .iter()
        .filter_map(|(column, place)| Some((folded.get(*place)?.as_str(), column.code())))
        .filter(|(title, _)| !title.is_empty())
        .collect();
    execute!(
        tx,
        sqlx::query(
            "insert into issuer_import_columns (organisation_id, titles_hash, meanings, kept_by, kept_at)
         values ($1, $2, $3, $4, $5)
         on conflict (organisation_id, titles_hash) do update set meanings = $3, kept_by = $4, kept_at = $5"
        )
        .bind(organisation_id)
        .bind(hash(&key))
        .bind(Json(&meanings))
        .bind(by)
        .bind(at)
    )?;
    Ok(())
}

fn columns(look: &Look, said: &[(String, String)]) -> Columns {
    let mut columns = Columns::default();
    for (place, title) in look.folded().iter().enumerate() {
        match said.iter().find(|(known, _)| known == title).and_then(|(_, code)| Column::from_code(code)) {
            Some(column) => columns.used.push((column, place)),
            None if title.is_empty() => {}
            None => columns.unused += 1,
        }
    }
    columns
}

fn hash(key: &str) -> Vec<u8> {
    Sha256::digest(key.as_bytes()).to_vec()
}
