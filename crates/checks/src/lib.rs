#![doc = include_str!("../README.md")]

mod ask;
pub mod codes;
mod document;
mod facts;
mod inquiry;
mod judge;
mod key;
mod memory;
mod need;
mod ob2;
mod ob3;
mod register;
mod report;
mod sheet;
mod status;
mod trust;
mod verdict;

pub use facts::{AchievementFacts, BadgeFacts, HashedIdentity, IssuerFacts, RecipientFacts, ReferentielFacts};
pub use inquiry::{Inquiry, Policy};
pub use memory::Memory;
pub use need::{Answer, Need, Unanswered};
pub use report::{Check, Finding, Outcome, Report, Verdict};
