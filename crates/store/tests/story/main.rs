//! Every query of this crate, on SQLite and on PostgreSQL.

mod archive;
mod databases;
mod limits;
mod migrating;
mod outbox;
mod schema;
mod vault;
