#![doc = include_str!("../README.md")]

pub mod codes;
mod document;
mod facts;
mod inquiry;
mod key;
mod need;
mod register;
mod report;
mod sheet;
mod status;
mod verdict;

pub use facts::{AchievementFacts, BadgeFacts, HashedIdentity, IssuerFacts, RecipientFacts, ReferentielFacts};
pub use inquiry::{Inquiry, Policy};
pub use need::{Need, Unanswered};
pub use report::{Check, Finding, Outcome, Report, Verdict};
