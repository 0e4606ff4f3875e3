//! A register of trust of the region's size is read: every organisation that trains there, twice, with three keys each.

#[expect(dead_code, reason = "the world is shared with tests that need more of it")]
mod world;

use badge_schemas::json::{MAX_BYTES, parse_strict};
use badge_schemas::referentiel::Family;
use badge_schemas::register::{self, Entry, Key, Register};
use checks::{Check, Need, Outcome, Verdict, codes};
use ed25519_dalek::Signer;
use proofs::eddsa_rdfc_2022::{Options, prepare_with};
use proofs::jsonld::Engine;
use serde_json::Value;
use time::macros::datetime;
use world::{ORG, REGION, REGISTER, SIGNED, World};

/// Organisations that trained in Normandy in 2017 (2,144), twice.
const ORGANISATIONS: usize = 4_288;

/// A public RSA key as registers write it, the longest of the three kinds.
const RSA: &str = "z4MXj1wBzi9jUstyNvmiK5WLRRL4rr9UvzPxhry1CudCLKWLyMbP1WoTwDfttBTpxDKf5hAJEjqNbeYx2EEvrJmSWHAu7TJRPTrE3QodbMfRvRNRDyYvaN1FSQus2ziS1rWXwAi5Gpc16bY3JwjyLCPJLfdRWHZhRXiay5FWEkfoSKy6aftnzAvqNkKBg2AxgzGMinR6d1WiH4w5mEXFtUeZkeo4uwtRTd8rD9BoVaHVkGwJkksDybE23CsBNXiNfbniFVwsfTxKgYGp";

fn register(world: &World) -> Register {
    let from = datetime!(2026-01-01 00:00 UTC);
    let key = |multibase: &str| Key { multibase: multibase.to_owned(), from, until: None };
    let own = world.org.multibase();
    let entries = (0..ORGANISATIONS).map(|number| Entry {
        did: if number == ORGANISATIONS / 2 { ORG.to_owned() } else { format!("did:web:livret.example:o:{number:08}") },
        name: format!("Organisme de formation numéro {number}, de la Côte de Nacre"),
        short_name: Some(format!("Organisme {number}")),
        town: Some("Saint-Martin-de-Bréthencourt".to_owned()),
        keys: vec![key(&own), key("zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169"), key(RSA)],
        from,
        until: None,
        families: vec![Family::Comportementale, Family::Base],
    });
    let (url, issuer) = (REGISTER.to_owned(), REGION.to_owned());
    Register { url, issuer, at: datetime!(2026-11-21 00:00 UTC), entries: entries.collect() }
}

fn signed(world: &World, unsigned: &Value) -> String {
    let method = format!("{REGION}#{}", world.region.multibase());
    let prepared = prepare_with(Engine::of_registers(), unsigned, &Options::assertion(SIGNED, method));
    let prepared = prepared.expect("a register that can be signed");
    let signature = world.region.key.sign(&prepared.hash_data);
    prepared.finish(signature.to_bytes()).to_string()
}

#[test]
fn a_register_of_every_organisation_of_the_region_twice_is_signed_and_believed() {
    let mut world = World::new();
    let text = signed(&world, &register::compose(&register(&world)));
    assert!(text.len() < MAX_BYTES, "{} bytes", text.len());
    assert!(parse_strict(&text).is_ok());
    let badge = world.signed().to_string();
    world.answers.insert(Need::Register, Ok(text.clone()));
    assert_eq!(world.judge(&badge).verdict, Verdict::Authentic);

    // One byte of it changed, it is believed no more.
    world.answers.insert(Need::Register, Ok(text.replacen("numéro 17,", "numéro 18,", 1)));
    let report = world.judge(&badge);
    assert_eq!(report.verdict, Verdict::CouldNotCheck);
    let said =
        |code: &str| report.findings.iter().any(|finding| finding.check == Check::Issuer && finding.code == code);
    assert!(said(codes::REGISTER_NOT_PROVEN), "{:?}", report.findings);
    assert!(report.findings.iter().all(|finding| finding.outcome != Outcome::Failed));
}

#[test]
fn a_badge_of_that_size_is_not_read() {
    let world = World::new();
    let mut badge = world.signed();
    badge["credentialSubject"]["achievement"]["tag"] = (0..20_000).map(|n| Value::from(format!("t{n}"))).collect();
    let report = world.judge(&badge.to_string());
    assert_eq!(report.verdict, Verdict::CouldNotCheck);
    assert!(report.findings.iter().any(|finding| finding.code == codes::TOO_COMPLEX));
}
