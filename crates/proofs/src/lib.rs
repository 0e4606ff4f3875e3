#![doc = include_str!("../README.md")]

mod base58;
pub mod did;
pub mod eddsa_rdfc_2022;
mod iri;
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
