#![doc = include_str!("../README.md")]

#[allow(dead_code, unused_imports, reason = "the house says more than this needs")]
#[path = "../../issuer/src/imports/reading/mod.rs"]
mod reading;
pub mod rows;
pub mod targets;
