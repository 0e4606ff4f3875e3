//! Prints what the steps of signing and verifying the specimen badge cost, warm, on one thread.
//!
//! `cargo run --release -p proofs --example cost`

#![expect(clippy::disallowed_methods, reason = "it measures")]

use std::hint::black_box;
use std::time::Instant;

use proofs::eddsa_rdfc_2022::{Options, prepare, verify};
use proofs::jsonld::Engine;
use proofs::key::PublicKey;
use proofs::rdfc::{self, Budget};
use serde_json::Value;
use time::OffsetDateTime;

const TIMES: u32 = 200;

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

    cost("JSON-LD to quads", || engine.to_rdf(black_box(&unsigned)).is_ok());
    cost("quads to canonical text", || rdfc::canonicalize(black_box(quads.clone()), Budget::default()).is_ok());
    cost("prepare", || prepare(black_box(&unsigned), &options).is_ok());
    cost("verify", || verify(black_box(&signed), &key).is_ok());
    cost("raw Ed25519 verify (and refuse)", || !key.verifies(black_box(&[0; 64]), &[1; 64]));
    cost("read a key", || PublicKey::ed25519(*black_box(key.ed25519_bytes().unwrap_or(&[0; 32]))).is_ok());
}

fn cost(what: &str, mut run: impl FnMut() -> bool) {
    let right = run();
    let started = Instant::now();
    for _ in 0..TIMES {
        black_box(run());
    }
    let each = started.elapsed() / TIMES;
    println!("{what}: {each:.1?}{}", if right { "" } else { " (failed)" });
}
