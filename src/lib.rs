#![doc = include_str!("../ARCHITECTURE.md")]

pub mod attest;
pub mod backup;
pub mod bootstrap;
pub mod browser;
pub mod cli;
pub mod config;
pub mod demo;
pub mod doctor;
mod error;
pub mod home;
pub mod key;
pub mod logs;
pub mod metrics;
pub mod migrate;
pub mod people;
pub mod restore;
mod said;
pub mod serve;
pub mod signed;
pub mod typed;
pub mod verify;

pub use error::StartError;
