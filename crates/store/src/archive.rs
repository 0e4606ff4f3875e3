//! A whole database as one file, and back: the same file for both engines, so that a SQLite instance can move to
//! PostgreSQL and return.
//!
//! The file is gzip over lines of JSON. The first line says what it is, each table begins with a line that names its
//! columns, each row is an array, and the last line says how many rows each table has and the SHA-256 of everything
//! before it. `zcat` shows it.
//!
//! Everything is read in one snapshot (a reading transaction of SQLite, a repeatable read of PostgreSQL) while the program
//! goes on writing. Bytes and UUIDs stand as hexadecimal, instants as SQLite keeps them (RFC 3339, UTC, whole seconds),
//! booleans as 0 and 1, JSON and signed texts as their text.

mod lines;
mod load;
mod read;
mod schema;
mod write;

use std::collections::BTreeMap;
use std::io;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

pub use load::load;
pub use read::read;
pub use write::write;

/// The format this program writes and reads.
pub const FORMAT: u32 = 1;

/// The first line: what the archive is of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// [`FORMAT`].
    pub livret_archive: u32,
    /// Version of the program that wrote it.
    pub program: String,
    /// Number of the last migration the database had.
    pub migration: i64,
    /// `"sqlite"` or `"postgres"`: where it was read. It may be loaded into either.
    pub engine: String,
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    pub made_at: OffsetDateTime,
    /// The issuer's origin that signed texts name, when there is one.
    pub origin: Option<String>,
}

/// What an archive holds, once it was read to its end and found whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents {
    /// The first line.
    pub header: Header,
    /// Rows per table.
    pub rows: BTreeMap<String, u64>,
    /// SHA-256 of every line but the last, in hexadecimal: stands in the last line.
    pub sha256: String,
    /// Proof of the master key the database was made with, when it has one: see [`Vault::made`](crate::Vault::made).
    pub key_check: Option<Vec<u8>>,
}

/// What can be wrong with an archive, or with where it goes.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ArchiveError {
    /// The first line is not one of ours, or it is no gzip.
    #[error("this file is not an archive of livret")]
    NotAnArchive,
    /// A later program wrote it.
    #[error("the archive has format {0}, unknown to this program")]
    Format(u32),
    /// The database it was read from is newer than this program.
    #[error("the archive is of migration {archive}, this program knows {program}")]
    Newer {
        /// Of the archive.
        archive: i64,
        /// Of the program.
        program: i64,
    },
    /// Its end is missing: a copy that was cut.
    #[error("the archive is cut: its last line is missing")]
    Cut,
    /// Its SHA-256 is another than its last line says, or gzip finds a fault.
    #[error("the archive was altered: its checksum is another")]
    Altered,
    /// A line that is not what it should be.
    #[error("line {0} of the archive cannot be read")]
    Line(u64),
    /// A table or its columns are not those of the migration.
    #[error("the table {0} of the archive is not the one of its migration")]
    Table(String),
    /// A table has not the rows that the last line says.
    #[error("the table {0} has not as many rows as the archive says")]
    Rows(String),
    /// The database to load into holds rows already.
    #[error("the database is not empty: the table {0} holds rows")]
    NotEmpty(String),
    /// The database to load into has tables of another migration.
    #[error("the database has empty tables of another migration ({0})")]
    OtherMigration(i64),
    /// SQLite finds the file of the database damaged.
    #[error("the database is damaged: {0}")]
    Damaged(String),
    /// A column of a type that archives do not know.
    #[error("the column {0} has a type that archives do not know")]
    Type(String),
    /// Tables that point to each other in a circle.
    #[error("tables point to each other in a circle")]
    Circle,
    /// The file cannot be read or written.
    #[error("the archive cannot be read or written: {0}")]
    Io(#[from] io::Error),
}

/// A line that begins a table.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TableLine {
    table: String,
    columns: Vec<String>,
}

/// The last line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LastLine {
    rows: BTreeMap<String, u64>,
    sha256: String,
}
