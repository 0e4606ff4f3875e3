//! Whose key is it? (openbadges-3.0.md §2.3, pitfalls A2 and A3)

mod world;

use std::sync::Arc;

use checks::{Check, Inquiry, Memory, Need, Outcome, Policy, Report, Unanswered, Verdict, codes};
use proofs::suite::{ProofFacts, proofs_of};
use serde_json::{Value, json};
use world::{NOW, Party, SIGNED, World};

const ALONE: Policy = Policy { trust: false, status: false };
const ISSUER: &str = "https://skills.example/issuer";

#[track_caller]
fn says(report: &Report, verdict: Verdict, check: Check, outcome: Outcome, code: &str) {
    let found: Vec<_> = report.findings.iter().filter(|f| f.check == check).map(|f| (f.outcome, f.code)).collect();
    assert!(found.contains(&(outcome, code)), "{check:?}: {found:?}\n{report:#?}");
    assert_eq!(report.verdict, verdict, "{report:#?}");
}

fn judge(world: &World, value: &Value) -> Report {
    world.judge_at(&value.to_string(), NOW, ALONE)
}

/// The badge of `issuer`, without status.
fn badge_of(world: &World, issuer: &str) -> Value {
    world.badge(|v| {
        v["issuer"]["id"] = json!(issuer);
        v.as_object_mut().expect("an object").remove("credentialStatus");
    })
}

fn at(url: &str) -> Need {
    Need::KeyDocument { url: url.to_owned() }
}

fn controller_document(party: &Party) -> Value {
    let method = format!("{ISSUER}#{}", party.multibase());
    json!({
        "@context": "https://www.w3.org/ns/cid/v1", "id": ISSUER,
        "verificationMethod": [
            { "id": method, "type": "Multikey", "controller": ISSUER, "publicKeyMultibase": party.multibase() },
        ],
        "assertionMethod": [method],
    })
}

#[test]
fn pitfall_a2_forgeable_issuer_by_fragment() {
    let mut world = World::new();
    let (true_one, attacker) = (Party::new(ISSUER, 3), Party::new(ISSUER, 66));
    // Row 2.3.7: the attacker's key stands in the fragment of the issuer's address.
    let forged = attacker.sign(&badge_of(&world, ISSUER));
    let silent = judge(&world, &forged);
    says(&silent, Verdict::CouldNotCheck, Check::Key, Outcome::CouldNotCheck, codes::KEY_UNANSWERED);
    assert_eq!(silent.badge, None);
    world.says(at(ISSUER), &controller_document(&true_one));
    says(&judge(&world, &forged), Verdict::Altered, Check::Key, Outcome::Failed, codes::KEY_NOT_LISTED);
    // Row 2.3.8: the same with the issuer's own key.
    let good = true_one.sign(&badge_of(&world, ISSUER));
    assert_eq!(judge(&world, &good).verdict, Verdict::Authentic);
}

#[test]
fn pitfall_a3_the_issuer_is_who_controls_the_key() {
    let mut world = World::new();
    let party = Party::new(ISSUER, 3);
    world.says(at(ISSUER), &controller_document(&party));
    let value = badge_of(&world, "https://skills.example/another");
    says(
        &judge(&world, &party.sign(&value)),
        Verdict::Altered,
        Check::Key,
        Outcome::Failed,
        codes::CONTROLLER_NOT_ISSUER,
    );
    let mut other_id = controller_document(&party);
    other_id["id"] = json!("https://skills.example/another");
    world.says(at(ISSUER), &other_id);
    let good = party.sign(&badge_of(&world, ISSUER));
    says(
        &judge(&world, &good),
        Verdict::CouldNotCheck,
        Check::Key,
        Outcome::CouldNotCheck,
        codes::KEY_DOCUMENT_MISMATCH,
    );
    world.answers.insert(at(ISSUER), Ok("<html>".to_owned()));
    says(&judge(&world, &good), Verdict::CouldNotCheck, Check::Key, Outcome::CouldNotCheck, codes::KEY_UNREADABLE);
}

#[test]
fn row_2_3_8_a_key_document_of_its_own_is_named_by_the_issuer() {
    let mut world = World::new();
    let party = Party::new(ISSUER, 3);
    let method = "https://keys.example/1";
    let signed = party.sign_as(&badge_of(&world, ISSUER), method, SIGNED);
    let mut key =
        json!({ "id": method, "type": "Multikey", "controller": ISSUER, "publicKeyMultibase": party.multibase() });
    world.says(at(method), &key);
    let mut document = controller_document(&party);
    world.says(at(ISSUER), &document);
    says(&judge(&world, &signed), Verdict::Altered, Check::Key, Outcome::Failed, codes::KEY_NOT_FOR_ASSERTION);
    document["assertionMethod"] = json!([method]);
    world.says(at(ISSUER), &document);
    assert_eq!(judge(&world, &signed).verdict, Verdict::Authentic);
    key["controller"] = json!("https://skills.example/another");
    world.says(at(method), &key);
    says(&judge(&world, &signed), Verdict::Altered, Check::Key, Outcome::Failed, codes::CONTROLLER_NOT_ISSUER);
    key["controller"] = json!(ISSUER);
    key["revoked"] = json!("2026-11-01T00:00:00Z");
    world.says(at(method), &key);
    says(&judge(&world, &signed), Verdict::Altered, Check::Key, Outcome::Failed, codes::KEY_OUT_OF_DATES);
    world.fails(at(method), Unanswered::TimedOut);
    says(&judge(&world, &signed), Verdict::CouldNotCheck, Check::Key, Outcome::CouldNotCheck, codes::KEY_UNANSWERED);
}

/// What a stranger's badge has read as one kind of document does not spoil it as another.
#[test]
fn a_remembered_document_is_read_in_each_way_by_itself() {
    let mut world = World::new();
    let method = "https://keys.example/1";
    let party = Party::new(ISSUER, 3);
    let good = party.sign_as(&badge_of(&world, ISSUER), method, SIGNED).to_string();
    let spoiler = Party::new(method, 5).sign_as(&badge_of(&world, method), &format!("{method}#x"), SIGNED).to_string();
    let key =
        json!({ "id": method, "type": "Multikey", "controller": ISSUER, "publicKeyMultibase": party.multibase() });
    world.says(at(method), &key);
    world.says(at(ISSUER), &json!({ "id": ISSUER, "assertionMethod": [method] }));
    let judge = |text: &str, memory: &Arc<Memory>| {
        let mut inquiry = Inquiry::open(text, NOW, ALONE).with_memory(memory);
        while let Some(need) = inquiry.next_need() {
            inquiry.answer(&need, world.answers.get(&need).cloned().unwrap_or(Err(Unanswered::NotFound)));
        }
        inquiry.conclude().verdict
    };
    let memory = Arc::new(Memory::default());
    let alone = judge(&spoiler, &Arc::new(Memory::default()));
    assert_ne!(judge(&spoiler, &memory), Verdict::Authentic);
    assert_eq!(judge(&good, &memory), Verdict::Authentic);
    assert_eq!(judge(&spoiler, &memory), alone);
    assert_eq!(judge(&good, &memory), Verdict::Authentic);
}

#[test]
fn a_did_key_vouches_for_itself_alone_and_nothing_is_fetched() {
    let world = World::new();
    let did: &'static str = Box::leak(format!("did:key:{}", Party::new("", 5).multibase()).into_boxed_str());
    let (party, other) = (Party::new(did, 5), Party::new(did, 6));
    let good = judge(&world, &party.sign(&badge_of(&world, did)));
    assert_eq!(good.verdict, Verdict::Authentic, "{good:#?}");
    let forged = other.sign(&badge_of(&world, did));
    says(&judge(&world, &forged), Verdict::Altered, Check::Key, Outcome::Failed, codes::KEY_NOT_LISTED);
    // With trust asked for, nobody knows it.
    let report = world.judge(&party.sign(&badge_of(&world, did)).to_string());
    says(&report, Verdict::UnknownIssuer, Check::Issuer, Outcome::Failed, codes::ISSUER_NOT_IN_REGISTER);
}

#[test]
fn pitfall_a_key_of_small_order_proves_nothing() {
    let mut world = World::new();
    // The neutral point: with it, one signature holds for any text.
    let mut bytes = [0_u8; 34];
    (bytes[0], bytes[1], bytes[2]) = (0xed, 0x01, 1);
    let weak = format!("z{}", bs58::encode(bytes).into_string());
    let party = Party::new(ISSUER, 3);
    let method = format!("{ISSUER}#weak");
    let document = json!({
        "id": ISSUER,
        "verificationMethod": [{ "id": method, "type": "Multikey", "controller": ISSUER, "publicKeyMultibase": weak }],
        "assertionMethod": [method],
    });
    world.says(at(ISSUER), &document);
    let signed = party.sign_as(&badge_of(&world, ISSUER), &method, SIGNED);
    says(&judge(&world, &signed), Verdict::Altered, Check::Key, Outcome::Failed, codes::KEY_UNUSABLE);
}

#[test]
fn row_2_3_9_one_good_proof_of_several_suffices_and_unknown_ones_do_no_harm() {
    let world = World::new();
    let mut value = world.signed();
    let good = value["proof"].clone();
    let mut spoilt = good.clone();
    spoilt["created"] = json!("2026-11-20T14:05:10Z");
    let unknown = json!({ "type": "QuantumProof2031", "proofPurpose": "assertionMethod" });
    for proofs in [json!([unknown, good]), json!([spoilt, good]), json!([good])] {
        value["proof"] = proofs;
        assert_eq!(world.judge(&value.to_string()).verdict, Verdict::Authentic, "{}", value["proof"]);
    }
    // What is no proof at all is against the schema, and does no harm to the signature.
    value["proof"] = json!([7, "x", good]);
    says(&judge(&world, &value), Verdict::CouldNotCheck, Check::Signature, Outcome::Passed, codes::SIGNATURE_OK);
    value["proof"] = json!([unknown, spoilt]);
    says(&judge(&world, &value), Verdict::Altered, Check::Signature, Outcome::Failed, codes::SIGNATURE_MISMATCH);
    value["proof"] = json!([unknown]);
    says(
        &judge(&world, &value),
        Verdict::CouldNotCheck,
        Check::Signature,
        Outcome::CouldNotCheck,
        codes::SUITE_NOT_READ,
    );
    value["proof"] = json!([]);
    says(&judge(&world, &value), Verdict::Altered, Check::Signature, Outcome::Failed, codes::PROOF_MISSING);
}

#[test]
fn a_proof_that_follows_one_that_is_not_there() {
    let world = World::new();
    let mut value = world.signed();
    value["proof"]["previousProof"] = json!("urn:uuid:0b9f4a52-3c1d-4f0e-8e55-6a7d2b91c3aa");
    says(&judge(&world, &value), Verdict::Altered, Check::Signature, Outcome::Failed, codes::PROOF_CHAIN_BROKEN);
    let mut value = world.signed();
    value["proof"]["challenge"] = json!("for you alone");
    says(
        &judge(&world, &value),
        Verdict::CouldNotCheck,
        Check::Signature,
        Outcome::CouldNotCheck,
        codes::PROOF_FOR_AUDIENCE,
    );
    let facts: Vec<Option<ProofFacts>> =
        proofs_of(&world.signed()).expect("proofs").into_iter().map(Result::ok).collect();
    assert!(facts[0].is_some(), "the world's own proof is one that is read");
}
