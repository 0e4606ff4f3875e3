//! Members: who works for an organisation, and what they may do.

pub mod pages;
pub(crate) mod person;
pub mod rows;

pub(crate) use person::parse_words;
pub use person::{Email, EmailFault, NameFault, PersonName};
pub use rows::{Member, Membership};

/// The two kinds of people who work in this house. Their sign-ins and sessions never mix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Works for a training organisation.
    Trainer,
    /// Works for the Région.
    Officer,
}

impl Role {
    /// The word in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Trainer => "trainer",
            Self::Officer => "officer",
        }
    }
}
