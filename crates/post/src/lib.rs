#![doc = include_str!("../README.md")]

mod letter;
mod memory;
mod postman;
mod smtp;

pub use letter::{Letter, is_address};
pub use memory::{Memory, Sent};
pub use postman::{Postman, SettingError, Settings};

/// Why a letter did not leave. Never repeats the server's words, which hold the address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Final. A machine word: `smtp_550`, `bad_address`, `bad_message_id`, `no_smtputf8`.
    #[error("the letter is refused: {0}")]
    Refused(String),
    /// Try again later.
    #[error("the letter cannot leave now")]
    Later,
}
