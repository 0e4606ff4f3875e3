//! What can go wrong with storage. `web::Error::internal` shows any of these as « une erreur de notre côté »; a house
//! looks at [`StoreError::violates`] first, for the rules it expects to be broken.

use std::fmt;

use sqlx::error::ErrorKind;

use crate::archive::ArchiveError;
use crate::{VaultError, migrations};

/// A result of this crate.
pub type Result<T> = std::result::Result<T, StoreError>;

/// An error of storage. Neither its words nor its `Debug` carry values of rows.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// A unique index, or a primary key (`<table>_pkey`), already holds such a row.
    #[error("the rule {constraint} is already taken by another row")]
    Unique {
        /// Name of the index, the same on both engines.
        constraint: String,
    },
    /// A row points to nothing, or is still pointed to.
    #[error("a foreign key is broken")]
    ForeignKey,
    /// A `check` refuses the value.
    #[error("the check {constraint} refuses the value")]
    Check {
        /// Name of the constraint.
        constraint: String,
    },
    /// The address of the database is not one.
    #[error("database address: {0}")]
    Address(&'static str),
    /// The database has been migrated by a newer program.
    #[error("the database is newer than this program: it has migration {0}, unknown here")]
    DatabaseIsNewer(i64),
    /// A migration failed, or was edited after it had run: its number, then why.
    #[error("migration: {0}")]
    Migration(String),
    /// The master key, or something sealed with it.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// A backup, or where it goes.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// A payload that is not the JSON it should be.
    #[error("a stored payload cannot be written or read as JSON ({0})")]
    Payload(&'static str),
    /// Anything else the database or the way to it answers.
    #[error("database: {}", told(.0))]
    Sql(#[source] sqlx::Error),
}

impl StoreError {
    /// Whether this is the breach of the business rule of that name (a unique index or named check), on either engine.
    ///
    /// ```
    /// # use store::StoreError;
    /// # let error = StoreError::Unique { constraint: "one_award_per_person_achievement_and_session".into() };
    /// assert!(error.violates("one_award_per_person_achievement_and_session"));
    /// ```
    pub fn violates(&self, rule: &str) -> bool {
        matches!(self, Self::Unique { constraint } | Self::Check { constraint } if constraint == rule)
    }

    /// Whether SQLite said that its file is damaged (`SQLITE_CORRUPT`, 11 in any of its extended forms).
    pub fn is_damage(&self) -> bool {
        let Self::Sql(sqlx::Error::Database(error)) = self else { return false };
        let of_sqlite = error.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some();
        of_sqlite && error.code().and_then(|code| code.parse::<u32>().ok()).is_some_and(|code| code & 0xff == 11)
    }

    /// Whether another transaction was quicker: it wrote the same row (a unique rule), or each waited for the other and
    /// PostgreSQL let that one go on (`40P01`). Trying again, from the beginning, helps.
    pub fn is_lost_race(&self) -> bool {
        let deadlock = |error: &sqlx::Error| {
            error.as_database_error().and_then(sqlx::error::DatabaseError::code).is_some_and(|code| code == "40P01")
        };
        self.is_unique_violation() || matches!(self, Self::Sql(error) if deadlock(error))
    }

    /// Whether any unique rule was broken.
    pub fn is_unique_violation(&self) -> bool {
        matches!(self, Self::Unique { .. })
    }
}

/// What the database, or the way to it, said went wrong. PostgreSQL quotes values of rows in what it says of data
/// (class 22): of these, the code alone. Values that could not be read are quoted by what read them: of these, where they
/// stood.
pub(crate) fn told(error: &sqlx::Error) -> String {
    let fault = match error {
        sqlx::Error::Database(fault) => fault,
        sqlx::Error::ColumnDecode { index, .. } => return format!("column {index} cannot be read"),
        sqlx::Error::Decode(_) => return "a value cannot be read".to_owned(),
        sqlx::Error::Encode(_) => return "a value cannot be written".to_owned(),
        other => return other.to_string(),
    };
    match fault.code() {
        Some(code) if code.len() == 5 && code.starts_with("22") => format!("code {code}"),
        Some(code) => format!("{} (code {code})", fault.message()),
        None => fault.message().to_owned(),
    }
}

/// The same words as `Display`: the drivers' own `Debug` repeats values of rows.
impl fmt::Debug for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoreError({self})")
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let sqlx::Error::Database(database) = &error else {
            return Self::Sql(error);
        };
        match database.kind() {
            ErrorKind::UniqueViolation => Self::Unique {
                constraint: database
                    .constraint()
                    .map_or_else(|| migrations::sqlite_rule_name(database.message()), str::to_owned),
            },
            ErrorKind::ForeignKeyViolation => Self::ForeignKey,
            ErrorKind::CheckViolation => Self::Check {
                constraint: database.constraint().map_or_else(
                    || database.message().rsplit(": ").next().unwrap_or_default().to_owned(),
                    str::to_owned,
                ),
            },
            _ => Self::Sql(error),
        }
    }
}
