#![doc = include_str!("../README.md")]

mod ask;
pub mod codes;
mod credential;
mod facts;
mod form;
mod inquiry;
mod judge;
mod keys;
mod memory;
mod need;
mod ob2;
mod ob3;
mod proof;
mod register;
mod report;
mod sheet;
mod status;
mod trust;
mod verdict;
pub mod words;

pub use facts::{
    AchievementFacts, BadgeFacts, EndorsementFacts, HashedIdentity, IssuerFacts, RecipientFacts, RecordFacts,
    ReferentielFacts,
};
pub use form::{Carrier, DataModel, Form, Standard};
pub use inquiry::{Inquiry, Policy};
pub use judge::Handed;
pub use memory::Memory;
pub use need::{Answer, Need, Unanswered};
pub use report::{Check, Finding, Outcome, Part, PartKind, Report, Verdict};
