#![doc = include_str!("../README.md")]

mod address;
mod cache;
mod door;
mod error;
pub mod gather;
mod named;
mod outside;
mod peer;

pub use address::is_public;
pub use door::{Door, DoorSettings, Fetched};
pub use error::FetchError;
pub use named::NamedOrigin;
pub use outside::{Resolver, SystemResolver};
pub use peer::Peer;
