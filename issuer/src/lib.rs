#![doc = include_str!("../README.md")]

pub mod access;
pub mod awards;
pub mod badges;
pub mod bootstrap;
pub mod claims;
pub mod delivery;
pub mod first_start;
pub mod imports;
pub mod keys;
pub mod letters;
pub mod members;
pub mod organisations;
pub mod records;
pub mod referentiel;
pub mod region;
pub mod register;
pub mod status;
pub mod trainees;
pub mod training_sessions;

mod state;
#[cfg(test)]
mod tests;

pub use state::{HOUSE, Issuer, Settings};
pub use web::{Error, Result};
