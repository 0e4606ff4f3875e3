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
    let mut poison = unsigned.clone();
    let met = |to| serde_json::json!({"@id": format!("_:p{to}")});
    let people = (0..12).map(|from| {
        let others: Vec<Value> = (0..12).filter(|to| *to != from).map(met).collect();
        serde_json::json!({"@id": format!("_:p{from}"), "urn:knows": others})
    });
    poison["urn:people"] = people.collect();
    cost("refuse a poison graph", || engine.canonicalize(black_box(&poison)).is_err());
    cost("read a key", || PublicKey::ed25519(*black_box(key.as_bytes())).is_ok());
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
