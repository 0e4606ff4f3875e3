//! Prints what the steps of signing and verifying the specimen badge cost, warm, on one thread: the quickest of 100, so
//! that a busy machine says the same.
//!
//! `cargo run --release -p proofs --example cost`

#![expect(clippy::disallowed_methods, reason = "it measures")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use proofs::eddsa_rdfc_2022::{Options, prepare, verify};
use proofs::jsonld::Engine;
use proofs::key::PublicKey;
use proofs::rdfc::{self, Budget};
use serde_json::Value;
use time::OffsetDateTime;

const TIMES: u32 = 100;

fn main() {
    let signed: Value = serde_json::from_str(include_str!("../tests/data/badge.json")).unwrap_or_default();
    let mut unsigned = signed.clone();
    if let Some(members) = unsigned.as_object_mut() {
        members.shift_remove("proof");
    }
    let method = signed["proof"]["verificationMethod"].as_str().unwrap_or_default();
    let options = Options::assertion(OffsetDateTime::UNIX_EPOCH, method);
    let engine = Engine::bundled();
    let Ok(quads) = engine.to_rdf(&unsigned) else { return println!("the specimen has no quads") };
    let Ok(key) = PublicKey::from_multibase(method.rsplit('#').next().unwrap_or_default()) else { return };

    let quick = cost("canonical text", || engine.canonicalize(black_box(&unsigned)).is_ok());
    let slow = cost("canonical text, by the general engine", || {
        engine.canonicalize_by_reference(black_box(&unsigned)).is_ok()
    });
    println!("the quick way is {:.0} times quicker", slow.as_secs_f64() / quick.as_secs_f64());
    cost("canonical hash", || engine.canonical_hash(black_box(&unsigned)).is_ok());
    cost("JSON-LD to quads by the general engine", || engine.to_rdf(black_box(&unsigned)).is_ok());
    cost("quads to canonical text", || rdfc::canonicalize(black_box(quads.clone()), Budget::default()).is_ok());
    cost("prepare", || prepare(black_box(&unsigned), &options).is_ok());
    cost("verify", || verify(black_box(&signed), &key).is_ok());
    cost("raw Ed25519 verify (and refuse)", || !key.verifies(black_box(&[0; 64]), &[1; 64]));
    cost("read an Ed25519 key", || PublicKey::ed25519(*black_box(key.ed25519_bytes().unwrap_or(&[0; 32]))).is_ok());

    // Keys and signatures of the W3C vectors and of RFC 7515 §A.2; a signature that does not match costs the same.
    for name in [
        "zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP",
        "z82LkuBieyGShVBhvtE2zoiD6Kma4tJGFtkAhxR5pfkp5QPw4LutoYWhvQCnGjdVn14kujQ",
    ] {
        let Ok(key) = PublicKey::from_multibase(name) else { return println!("no key") };
        let size = if name.starts_with("zDn") { 64 } else { 96 };
        cost(&format!("read a {:?} key", key.algorithm()), || PublicKey::from_multibase(black_box(name)).is_ok());
        cost("  its raw verify (and refuse)", || !key.verifies(black_box(&[0; 64]), &vec![1; size]));
    }
    for bits in [2048, 4096, 8192] {
        let mut modulus = vec![0xff; bits / 8];
        modulus[0] = 0x80;
        let Ok(key) = PublicKey::rsa(&modulus, &[1, 0, 1]) else { return println!("no key") };
        cost(&format!("read an RSA key of {bits} bits"), || PublicKey::rsa(black_box(&modulus), &[1, 0, 1]).is_ok());
        cost("  its raw verify (and refuse)", || !key.verifies(black_box(&[0; 64]), &vec![1; bits / 8]));
    }
    let mut poison = unsigned.clone();
    let met = |to| serde_json::json!({"@id": format!("_:p{to}")});
    let people = (0..12).map(|from| {
        let others: Vec<Value> = (0..12).filter(|to| *to != from).map(met).collect();
        serde_json::json!({"@id": format!("_:p{from}"), "urn:knows": others})
    });
    poison["urn:people"] = people.collect();
    cost("refuse a poison graph", || engine.canonicalize(black_box(&poison)).is_err());
}

fn cost(what: &str, mut run: impl FnMut() -> bool) -> Duration {
    let right = run();
    let quickest = (0..TIMES).map(|_| {
        let started = Instant::now();
        black_box(run());
        started.elapsed()
    });
    let each = quickest.min().unwrap_or_default();
    println!("{what}: {each:.1?}{}", if right { "" } else { " (failed)" });
    each
}
