#![doc = include_str!("../README.md")]

pub mod did;
pub mod eddsa_rdfc_2022;
pub mod jsonld;
pub mod jwk_set;
pub mod jws;
pub mod key;
pub mod rdf;
pub mod rdfc;
pub mod status;
pub mod suite;
pub mod template;
pub mod vc_jwt;
pub mod vp_jwt;

#[cfg(test)]
mod test_keys;
