#![doc = include_str!("../README.md")]

#[expect(dead_code, reason = "the house says more than this needs")]
#[path = "../../issuer/src/imports/reading/mod.rs"]
mod reading;
pub mod rows;
pub mod targets;
