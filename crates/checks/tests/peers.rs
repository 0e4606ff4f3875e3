//! Other people's implementations and ours, about the same badges: Data Integrity by Digital Bazaar's Node libraries,
//! Open Badges 2.0 by its reference validator in Python. `tests/run` installs both by lock file; without them these
//! tests fail.

#[expect(dead_code, reason = "the world is shared with tests that need more of it")]
mod world;

#[path = "world/peers.rs"]
mod peers;

use std::fs;
use std::path::Path;

use badge_schemas::ob2::compose::{revocation_list, revoked};
use checks::Verdict;
use peers::{Town, node, node_folder, write};
use serde_json::{Value, json};
use world::{ORG, World};

// Digital Bazaar, in Node.

#[test]
fn what_we_sign_another_implementation_verifies() {
    let world = World::new();
    let folder = node_folder(&world, "ours");
    for document in [world.signed(), world.org.sign(&world.list(|_| {}))] {
        assert_eq!(node_says(&folder, &document), (true, vec![]));
    }
}

#[test]
fn what_we_signed_and_somebody_changed_it_refuses() {
    let world = World::new();
    let folder = node_folder(&world, "tampered");
    let mut badge = world.signed();
    badge["credentialSubject"]["achievement"]["name"] = "Pilote de ligne".into();
    let (verified, why) = node_says(&folder, &badge);
    assert!(!verified && why.iter().any(|why| why.contains("Invalid signature")), "{why:?}");
}

#[test]
fn what_another_implementation_signs_we_verify() {
    let world = World::new();
    let folder = node_folder(&world, "theirs");
    write(&folder, "unsigned.json", &world.badge(|_| {}));
    let seed = "07".repeat(32);
    write(&folder, "key.json", &json!({ "seed": seed, "did": ORG }));
    node(&["sign", &folder.to_string_lossy()]);
    let text = fs::read_to_string(folder.join("signed.json")).expect("what it signed");
    let report = world.judge(&text);
    assert_eq!(report.verdict, Verdict::Authentic, "{report:#?}");
    assert_eq!(world.judge(&text.replace("Inès Duval", "Inès Dural")).verdict, Verdict::Altered);
    // Ed25519 and canonical text leave no choice: the proof is ours to the letter.
    let theirs: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(theirs["proof"]["proofValue"], world.signed()["proof"]["proofValue"]);
}

fn node_says(folder: &Path, badge: &Value) -> (bool, Vec<String>) {
    write(folder, "badge.json", badge);
    let answer = node(&["verify", &folder.to_string_lossy()]);
    let why = serde_json::from_value(answer["why"].clone()).expect("reasons");
    (answer["verified"].as_bool().expect("a verdict"), why)
}

// The reference validator of 2.0, in Python.

#[test]
fn the_reference_accepts_our_hosted_badge_and_not_its_damage() {
    let mut town = Town::new("hosted");
    town.serve(&town.badge.clone());
    assert_eq!(town.says(&town.id()), (true, vec![]));
    // Not the person it names.
    town.recipient = json!({ "email": "paul@example.fr" });
    assert!(!town.says(&town.id()).0);
    town.recipient = json!({ "email": "ines@example.fr" });
    assert!(town.says(&town.id()).0);
    let damages: [fn(&mut Value); 3] = [
        |badge| badge["issuedOn"] = "2026-11-20T14:05:09".into(),
        |badge| badge["recipient"]["identity"] = "sha256$00".into(),
        |badge| badge["badge"] = "https://livret.example/nowhere".into(),
    ];
    for damage in damages {
        let mut badge = town.badge.clone();
        damage(&mut badge);
        town.serve(&badge);
        assert!(!town.says(&town.id()).0, "{badge}");
    }
    // Taken back: 410, and the short body.
    town.answers(&town.id(), 410, "application/ld+json", revoked(&town.id(), None).to_string().as_bytes());
    assert!(!town.says(&town.id()).0);
}

#[test]
fn the_reference_accepts_our_signed_badge_and_not_its_damage() {
    let mut town = Town::new("signed");
    let jws = town.jws(&town.signed_badge());
    assert_eq!(town.says(&jws), (true, vec![]));
    // Another text under the same signature.
    let mut other = town.signed_badge();
    other["issuedOn"] = "2026-11-19T14:05:09Z".into();
    let other = town.jws(&other);
    let (mine, theirs): (Vec<_>, Vec<_>) = (jws.split('.').collect(), other.split('.').collect());
    assert!(!town.says(&[mine[0], theirs[1], mine[2]].join(".")).0);
    // On the organisation's list of badges taken back.
    let list = revocation_list(&town.issuer, [(town.id().as_str(), Some("Erreur de saisie."))]);
    town.document(&list);
    let (valid, why) = town.says(&jws);
    assert!(!valid && why.iter().any(|why| why.contains("revoked")), "{why:?}");
}
