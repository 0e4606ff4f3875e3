#![doc = include_str!("../README.md")]

pub mod artwork;
pub mod baking;
pub mod carrier;
pub mod clr;
pub mod contexts;
pub mod credential;
pub mod dates;
pub mod endorsement;
pub mod identity;
pub mod json;
pub mod json_schema;
pub mod ob2;
pub mod profile;
pub mod referentiel;
pub mod register;
pub mod status;
pub mod text;
mod validate;
pub mod varying;
