//! What signing and verifying a badge cost beside raw Ed25519 on 64 bytes: one run, one thread.
//!
//! `cargo bench -p checks --bench heart`; `-- 5` measures five times as long.

#![expect(clippy::disallowed_methods, reason = "it measures")]

#[expect(dead_code, reason = "the world is shared with tests that need more of it")]
#[path = "../tests/world/mod.rs"]
mod world;

use std::collections::HashMap;
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use badge_schemas::credential::{AwardFacts, IssuerFacts, Prepared, StatusFacts, compose, compose_achievement};
use badge_schemas::dates;
use badge_schemas::identity::HashedEmail;
use badge_schemas::json::parse_strict;
use badge_schemas::referentiel::{Family, Level, referentiel};
use checks::{Answer, Inquiry, Memory, Need, Policy, Verdict};
use ed25519_dalek::{Signer, SigningKey, Verifier};
use proofs::eddsa_rdfc_2022::{self as eddsa, Options};
use proofs::jsonld::Engine;
use proofs::key::PublicKey;
use proofs::template::{IssuingTemplate, Templates};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use time::macros::{date, datetime};
use uuid::Uuid;
use world::{BASE, NOW, REGION, World};

const DID: &str = "did:web:livret.example:o:7h2k9qx4";

fn main() {
    let longer = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(1);
    let bench = Bench { each: Duration::from_millis(400) * longer };

    let key = SigningKey::from_bytes(&[7; 32]);
    let public = PublicKey::ed25519(key.verifying_key().to_bytes()).expect("a key");
    let options = Options::assertion(datetime!(2026-11-20 14:05:09 UTC), format!("{DID}#{}", public.to_multibase()));
    let (issuer, region) =
        (named(DID, "Estuaire Compétences"), named("did:web:livret.example:o:r4m8t2wz", "Région Normandie"));
    let email = HashedEmail::new("ines.duval@example.org", "Q7N2V5T8K3M9X4C6B1Z0D7F2H5J8L3P6");
    let facts = facts(&issuer, &region, &email);

    let unsigned = compose(&facts);
    let general = eddsa::prepare(&unsigned, &options).expect("a canonical form");
    let message = general.hash_data;
    let signature = key.sign(&message);
    let text = general.finish(signature.to_bytes()).to_string();
    println!("One badge of {} bytes, one thread.\n", text.len());

    let raw_sign = bench.row("raw Ed25519, sign 64 bytes", || key.sign(black_box(&message)), None, None);
    let raw_verify = bench.row(
        "raw Ed25519, verify 64 bytes",
        || key.verifying_key().verify(black_box(&message), &signature).is_ok(),
        None,
        None,
    );

    println!("\nSigning: from the facts to the signed text");
    let slow_sign = bench.row(
        "general engine",
        || {
            let unsigned = compose(black_box(&facts));
            let signature = key.sign(&by_reference(&unsigned, &proof_of(&options)));
            let mut signed = unsigned;
            signed["proof"] = proof_of(&options);
            signed["proof"]["proofValue"] = format!("z{}", bs58::encode(signature.to_bytes()).into_string()).into();
            signed.to_string()
        },
        Some(raw_sign),
        None,
    );
    bench.row(
        "prepared contexts, any document",
        || {
            let prepared = eddsa::prepare(&compose(black_box(&facts)), &options).expect("a canonical form");
            let signature = key.sign(&prepared.hash_data);
            prepared.finish(signature.to_bytes()).to_string()
        },
        Some(raw_sign),
        Some(slow_sign),
    );
    let prepared = Prepared::new(&facts).expect("facts that may be signed");
    let issuing = IssuingTemplate::learn(prepared.document(), prepared.slots()).expect("a template");
    let issue = || {
        let values = prepared.values(black_box(&facts)).expect("facts of this form");
        let ready = issuing.prepare(&values, &options).expect("certainty");
        let signature = key.sign(&ready.hash_data);
        ready.finish(signature.to_bytes())
    };
    assert_eq!(issue(), text, "the prepared way writes another text");
    bench.row("prepared form", issue, Some(raw_sign), Some(slow_sign));
    println!("  of which:");
    let values = prepared.values(&facts).expect("facts of this form");
    bench.row("  facts looked at for what cannot be signed", || facts.faults(), None, None);
    bench.row("  facts looked at, strings of the slots", || prepared.values(black_box(&facts)), None, None);
    bench.row("  unsigned text", || prepared.write(black_box(&values)), None, None);
    bench.row(
        "  unsigned text, both canonical texts and hashes",
        || issuing.prepare(black_box(&values), &options),
        None,
        None,
    );

    println!("\nVerifying: from the parsed document to the answer of one key");
    let signed = parse_strict(&text).expect("JSON");
    let slow_verify =
        bench.row("general engine", || verify_by_reference(black_box(&signed), &public), Some(raw_verify), None);
    let any = || {
        // What `verify` does with a class that it has not seen.
        let engine = Engine::bundled();
        let mut document = signed.clone();
        let proof = document.as_object_mut().and_then(|members| members.shift_remove("proof")).expect("a proof");
        let mut options = proof.clone();
        options["@context"] = document["@context"].clone();
        options.as_object_mut().expect("options").shift_remove("proofValue");
        let hashes = [engine.canonical_hash(&options), engine.canonical_hash(&document)];
        let hashes = hashes.map(|hash| hash.expect("a canonical form"));
        public.verifies(&hashes.concat(), &signature.to_bytes())
    };
    assert!(any(), "the quick way refuses a good badge");
    bench.row("prepared contexts, class not seen", any, Some(raw_verify), Some(slow_verify));
    let templates = Templates::new(1 << 24);
    templates.learn(&signed).expect("a class");
    templates.learn_options(&signed, &signed["proof"]).expect("a class");
    let seen = || seen_before(&templates, black_box(&signed), &public).is_some();
    assert!(seen(), "the prepared way refuses a good badge");
    bench.row("class already seen", seen, Some(raw_verify), Some(slow_verify));
    println!("  of which:");
    bench.row("  canonical hash of the document", || templates.canonical_hash(black_box(&signed)), None, None);
    bench.row(
        "  canonical hash of the proof's options",
        || templates.options_hash(black_box(&signed), &signed["proof"]),
        None,
        None,
    );

    println!("\nDocuments of known contexts, class not seen");
    bench.row(
        "canonical text",
        || Engine::bundled().canonicalize(black_box(&unsigned)).is_ok(),
        Some(raw_verify),
        None,
    );
    println!(
        "\nThe whole verdict, from the text to the report: schema, key, register of trust and status list included"
    );
    verdicts(&bench, raw_verify, slow_verify);
    println!("\nReading");
    bench.row("the text, strictly", || parse_strict(black_box(&text)).is_ok(), None, None);
}

/// What an employer's answer costs when the issuer's documents are at hand.
fn verdicts(bench: &Bench, raw: f64, general: f64) {
    let world = World::new();
    let memory = Arc::new(Memory::default());
    let answers: HashMap<Need, Answer> = world
        .answers
        .iter()
        .filter_map(|(need, text)| Some((need.clone(), Answer::from(text.clone().ok()?))))
        .collect();
    let verdict = |text: &str| {
        let mut inquiry = Inquiry::open(text, NOW, Policy::FULL).with_memory(&memory);
        while let Some(need) = inquiry.next_need() {
            inquiry.answer(&need, Ok(answers[&need].clone()));
        }
        inquiry.conclude().verdict
    };
    let text = world.signed().to_string();
    // The issuer's documents are at hand.
    assert_eq!(verdict(&text), Verdict::Authentic);
    // Each class once: none is known when it comes, and none comes again. Of each achievement, the best of its classes.
    let region = named(REGION, "Région Normandie");
    let known = [Family::Comportementale, Family::Base];
    let mut quickest: Vec<Duration> = Vec::new();
    for round in 0..16 {
        let texts: Vec<String> = referentiel()
            .achievements()
            .iter()
            .filter(|achievement| known.contains(&achievement.family))
            .map(|achievement| {
                let unsigned = world.badge(|badge| {
                    badge["credentialSubject"]["achievement"] = compose_achievement(achievement, BASE, &region);
                    badge["name"] = achievement.name.clone().into();
                    badge["description"] = format!("{} ({round})", achievement.description).into();
                });
                world.org.sign(&unsigned).to_string()
            })
            .collect();
        quickest.resize(texts.len(), Duration::MAX);
        for (text, quickest) in texts.iter().zip(&mut quickest) {
            let started = Instant::now();
            assert_eq!(verdict(text), Verdict::Authentic, "a good badge is refused");
            *quickest = started.elapsed().min(*quickest);
        }
    }
    let classes = u32::try_from(quickest.len()).expect("a few");
    let best = quickest.iter().sum::<Duration>().as_secs_f64() * 1e6 / f64::from(classes);
    println!(
        "{:<50} {best:>8.2} µs {:>9.0}/s  {:>5.1} % of raw  {:.1} × general ({classes} achievements, 16 classes each)",
        "class not seen",
        1e6 / best,
        100.0 * raw / best,
        general / best,
    );
    for _ in 0..4 {
        assert_eq!(verdict(&text), Verdict::Authentic);
    }
    bench.row("class already seen", || verdict(black_box(&text)), Some(raw), Some(general));
}

/// The proof of these options, without its value.
fn proof_of(options: &Options) -> Value {
    json!({
        "type": "DataIntegrityProof",
        "created": dates::instant(options.created),
        "verificationMethod": options.verification_method,
        "cryptosuite": eddsa::CRYPTOSUITE,
        "proofPurpose": "assertionMethod",
    })
}

/// What is signed, by the general engine alone.
fn by_reference(unsigned: &Value, proof: &Value) -> [u8; 64] {
    let engine = Engine::bundled();
    let mut options = proof.clone();
    options["@context"] = unsigned["@context"].clone();
    let mut data = [0; 64];
    for (half, document) in data.chunks_exact_mut(32).zip([&options, unsigned]) {
        let canonical = engine.canonicalize_by_reference(document).expect("a canonical form");
        half.copy_from_slice(&Sha256::digest(canonical.as_bytes()));
    }
    data
}

fn verify_by_reference(signed: &Value, key: &PublicKey) -> bool {
    let mut document = signed.clone();
    let mut proof = document.as_object_mut().and_then(|members| members.shift_remove("proof")).expect("a proof");
    let value = proof.as_object_mut().and_then(|members| members.shift_remove("proofValue")).expect("a value");
    let value = value.as_str().and_then(|value| value.strip_prefix('z')).expect("base58");
    let signature = bs58::decode(value).into_vec().expect("base58");
    key.verifies(&by_reference(&document, &proof), &signature)
}

/// What `verify` does with a document of a class in memory.
fn seen_before(templates: &Templates, signed: &Value, key: &PublicKey) -> Option<bool> {
    let proof = &signed["proof"];
    let mut message = [0; 64];
    message[..32].copy_from_slice(&templates.options_hash(signed, proof)?);
    message[32..].copy_from_slice(&templates.canonical_hash(signed)?);
    let value = proof["proofValue"].as_str()?.strip_prefix('z')?;
    let signature: [u8; 64] = bs58::decode(value).into_vec().ok()?.try_into().ok()?;
    key.verifies(&message, &signature).then_some(true)
}

fn named(did: &str, name: &str) -> IssuerFacts {
    let id = did.rsplit(':').next().unwrap_or_default();
    IssuerFacts { did: did.to_owned(), name: name.to_owned(), url: format!("https://livret.example/o/{id}") }
}

fn facts<'a>(issuer: &'a IssuerFacts, region: &'a IssuerFacts, email: &'a HashedEmail) -> AwardFacts<'a> {
    AwardFacts {
        issuer_base: "https://livret.example",
        credential_id: Uuid::from_u128(0x5f0c_2c1e_7d0b_4b83_9a1f_2f6a_1c0e_9d47),
        subject_id: Uuid::from_u128(0x0b9f_4a52_3c1d_4f0e_8e55_6a7d_2b91_c3aa),
        achievement: referentiel().achievement("cpt-travail-en-equipe", Level::Pratique).expect("an achievement"),
        issuer,
        region,
        valid_from: datetime!(2026-11-20 14:05:09 UTC),
        awarded_on: date!(2026 - 11 - 20),
        name: "Inès Duval",
        email: Some(email),
        observed: &[0, 2],
        evidence_type: referentiel().evidence_types.first().expect("a kind of evidence"),
        sentence: "Service de midi sur le plateau technique cuisine : 40 couverts, équipe de cinq, poste tournant.",
        status: StatusFacts { list_url: "https://livret.example/o/7h2k9qx4/status/1", index: 94_567 },
    }
}

/// Rounds of one figure.
const ROUNDS: u32 = 200;

struct Bench {
    /// How long each figure is measured.
    each: Duration,
}

impl Bench {
    /// Measures `work` and prints its line: time, rate, ratio to the raw signature and to the general engine.
    fn row<T>(&self, what: &str, mut work: impl FnMut() -> T, raw: Option<f64>, general: Option<f64>) -> f64 {
        let micros = self.micros(&mut work);
        let raw = raw.map_or_else(String::new, |raw| format!("  {:>5.1} % of raw", 100.0 * raw / micros));
        let general = general.map_or_else(String::new, |general| format!("  {:.1} × general", general / micros));
        println!("{what:<50} {micros:>8.2} µs {:>9.0}/s{raw}{general}", 1e6 / micros);
        micros
    }

    /// The best of many rounds, each shorter than what the machine gives a program at once: what other programs take is
    /// not ours.
    fn micros<T>(&self, work: &mut impl FnMut() -> T) -> f64 {
        let round = self.each / ROUNDS;
        let mut best = f64::INFINITY;
        for _ in 0..ROUNDS {
            let (started, mut times) = (Instant::now(), 0);
            while started.elapsed() < round {
                black_box(work());
                times += 1;
            }
            best = best.min(started.elapsed().as_secs_f64() * 1e6 / f64::from(times));
        }
        best
    }
}
