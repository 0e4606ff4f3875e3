//! `livret migrate`: brings the database up to date, then stops. The release step where instances do not migrate.

use store::Db;

use crate::StartError;
use crate::config::Options;

/// Migrates and says from where to where.
///
/// # Errors
/// When the database is not reached, or is newer than the program.
pub async fn run(options: Options) -> Result<(), StartError> {
    let options = options.with_file()?;
    let db = Db::open(options.database()).await?;
    let before = store::migrations::state(&db).await?;
    store::migrate(&db).await?;
    let after = store::migrations::state(&db).await?;
    if before.database == after.database {
        println!("La base est à jour (version {}).", after.database);
    } else {
        println!("La base est passée de la version {} à la version {}.", before.database, after.database);
    }
    Ok(())
}
