//! The house through its public doors, on both engines.

mod access;
pub(crate) mod keys;
mod pages;
mod region;
mod register;
mod status;
pub(crate) mod world;
