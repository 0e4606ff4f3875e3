#![doc = include_str!("../README.md")]

mod count;
mod house;
mod intake;
mod photo;
mod presentation;
mod report;
mod samples;
mod target;
mod verdict;
mod visitor;

pub use house::{Settings, Verifier};
pub use samples::samples;
