#![doc = include_str!("../README.md")]

pub mod did;
pub mod eddsa_rdfc_2022;
pub mod jsonld;
pub mod key;
pub mod rdf;
pub mod rdfc;
pub mod status;
pub mod template;
