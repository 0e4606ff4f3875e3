#![doc = include_str!("../README.md")]

pub mod archive;
pub mod bulk;
pub mod limits;
pub mod migrations;
pub mod outbox;
pub mod testing;

mod clock;
mod db;
mod error;
mod vault;

pub use clock::Clock;
pub use db::{Db, Engine, PoolUse, Tx};
pub use error::{Result, StoreError};
pub use migrations::migrate;
pub use vault::{KeySource, MASTER_KEY_FILE_VARIABLE, MASTER_KEY_VARIABLE, Vault, VaultError};
