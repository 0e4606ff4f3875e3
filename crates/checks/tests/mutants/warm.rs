//! The quick ways say what the long way says: every mutant and every text of the fuzzer's corpora, judged by the general
//! engine alone and by a judge that knows the classes, has read every document, and meets each text a fifth time.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use checks::{Inquiry, Memory, Policy, Report, Unanswered};
use ed25519_dalek::Signer;
use proofs::eddsa_rdfc_2022::{Options, prepare};
use proofs::template::Templates;
use serde_json::Value;

use crate::world::{NOW, Party, SIGNED, World};

fn judge(world: &World, text: &str, memory: &Arc<Memory>) -> Report {
    let mut inquiry = Inquiry::open(text, NOW, Policy::FULL).with_memory(memory);
    while let Some(need) = inquiry.next_need() {
        let answer = world.answers.get(&need).cloned().unwrap_or(Err(Unanswered::NotFound));
        inquiry.answer(&need, answer);
    }
    inquiry.conclude()
}

/// `None` for what has no meaning that could be signed.
fn try_sign(party: &Party, unsigned: &Value) -> Option<Value> {
    let options = Options::assertion(SIGNED, format!("{}#{}", party.did, party.multibase()));
    let prepared = prepare(unsigned, &options).ok()?;
    let signature = party.key.sign(&prepared.hash_data);
    Some(prepared.finish(signature.to_bytes()))
}

fn assert_same(name: &str, world: &World, text: &str, warm: &Arc<Memory>) {
    let reference = judge(world, text, &Arc::new(Memory::by_reference()));
    for time in 0..5 {
        assert_eq!(judge(world, text, warm), reference, "{name}, met {time} times");
    }
    assert_eq!(judge(world, text, &Arc::default()), reference, "{name}, with no document read before");
}

#[test]
fn a_warm_judge_and_the_reference_report_the_same() {
    let warm = Arc::default();
    let world = World::new();
    let good = world.signed();
    assert_same("the badge itself", &world, &good.to_string(), &warm);
    let mut texts = 0;
    for mutant in crate::all() {
        // Pictures and PDFs only carry such texts.
        let Ok(text) = std::str::from_utf8(&mutant.bytes) else { continue };
        assert_same(&mutant.name, &mutant.world, text, &warm);
        // The same mistake in the documents around a badge written otherwise.
        if let Ok(value) = serde_json::from_str::<Value>(text) {
            let pretty = serde_json::to_string_pretty(&value).expect("JSON");
            assert_same(&mutant.name, &mutant.world, &pretty, &warm);
        }
        texts += 2;
    }
    for corpus in ["json_ld", "jws"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(corpus);
        for entry in fs::read_dir(&folder).expect("a corpus") {
            let path = entry.expect("a file").path();
            let Ok(text) = fs::read_to_string(&path) else { continue };
            assert_same(&path.display().to_string(), &world, &text, &warm);
            texts += 1;
        }
    }
    assert_same("the badge itself, last", &world, &good.to_string(), &warm);
    assert!(texts > 500, "{texts}");
}

/// One known class, its varying strings each changed and signed: by the layout of their text and by the reference.
#[test]
fn signed_badges_of_a_known_class_are_judged_by_what_they_say() {
    let warm = Arc::default();
    let world = World::new();
    for _ in 0..5 {
        judge(&world, &world.signed().to_string(), &warm);
    }
    assert!(Templates::shared().read(&world.signed().to_string()).is_some(), "the class is not known");
    let strings = [
        "",
        "x",
        "\u{e9}\"\\\n",
        "urn:a",
        "https://livret.example/o/7h2k9qx4/status/1",
        "did:web:livret.example:o:7h2k9qx4",
        "2026-11-20T14:05:09Z",
        "2027-11-20T14:05:09Z",
        "2026-11-20",
        "-1",
        "131072",
        "sha256$0",
    ];
    let (mut signed, mut known) = (0, 0);
    for slot in [
        "/id",
        "/validFrom",
        "/awardedDate",
        "/image/id",
        "/image/caption",
        "/credentialSubject/id",
        "/credentialSubject/identifier/0/identityHash",
        "/credentialSubject/identifier/1/identityHash",
        "/credentialSubject/identifier/1/salt",
        "/evidence/0/narrative",
        "/evidence/0/description",
        "/evidence/0/genre",
        "/credentialStatus/id",
        "/credentialStatus/statusListIndex",
        "/credentialStatus/statusListCredential",
    ] {
        for string in strings {
            let unsigned = world.badge(|badge| *badge.pointer_mut(slot).expect("a slot") = string.into());
            // What means nothing cannot be signed: then the proof is another's.
            let mut text = unsigned;
            if let Some(good) = try_sign(&world.org, &text) {
                signed += 1;
                text = good;
            } else {
                text["proof"] = world.signed()["proof"].clone();
            }
            let text = text.to_string();
            known += usize::from(Templates::shared().read(&text).is_some());
            assert_same(&format!("{slot} {string:?}"), &world, &text, &warm);
        }
    }
    assert!(signed > 100 && known > 100, "{signed} could be signed, {known} were of the known class");
}
