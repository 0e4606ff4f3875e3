//! What issuers' lists say (openbadges-3.0.md §1.7).

#[expect(dead_code, reason = "the tokens are shared with tests that need more of them")]
#[path = "world/tokens.rs"]
mod tokens;
mod world;

use std::sync::Arc;

use checks::{Check, Inquiry, Memory, Need, Outcome, Policy, Report, Unanswered, Verdict, codes};
use ed25519_dalek::Signer;
use proofs::jsonld::canonicalize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use time::PrimitiveDateTime;
use time::macros::offset;
use world::{INDEX, LIST, NOW, ORG, Party, World, did, status};

#[track_caller]
fn finds(report: &Report, check: Check, outcome: Outcome, code: &str) {
    let found: Vec<_> = report.findings.iter().filter(|f| f.check == check).map(|f| (f.outcome, f.code)).collect();
    assert!(found.contains(&(outcome, code)), "{check:?}: {found:?}\n{report:#?}");
}

#[test]
fn row_1_7_4_the_older_list_of_names() {
    use Outcome::{CouldNotCheck, Failed, Passed};
    let mut world = World::new();
    let url = "https://livret.example/o/7h2k9qx4/revoked";
    let signed =
        world.org.sign(&world.badge(|v| v["credentialStatus"] = json!({ "id": url, "type": "1EdTechRevocationList" })));
    let id = signed["id"].clone();
    let need = Need::RevocationList { url: url.to_owned() };
    let list = |entries: Value| json!({ "id": url, "issuer": ORG, "revokedCredential": entries }).to_string();
    let rows: [(Result<String, Unanswered>, Outcome, &str, Verdict); 8] = [
        (Ok(list(json!([{ "id": "urn:x" }]))), Passed, codes::REVOCATION_LIST_CLEAR, Verdict::Authentic),
        (Ok(list(json!([]))), Passed, codes::REVOCATION_LIST_CLEAR, Verdict::Authentic),
        (
            Ok(list(json!([{ "id": id, "revocationReason": "Erreur" }]))),
            Failed,
            codes::REVOCATION_LIST_NAMES,
            Verdict::Withdrawn,
        ),
        (Ok(list(json!([{ "id": id, "revoked": true }]))), Failed, codes::REVOCATION_LIST_NAMES, Verdict::Withdrawn),
        (Ok(list(json!([{ "id": id, "revoked": false }]))), Passed, codes::REVOCATION_LIST_CLEAR, Verdict::Authentic),
        (Err(Unanswered::TimedOut), CouldNotCheck, codes::STATUS_UNANSWERED, Verdict::CouldNotCheck),
        (Ok("{}".to_owned()), CouldNotCheck, codes::REVOCATION_LIST_UNREADABLE, Verdict::CouldNotCheck),
        (
            Ok(json!({ "issuer": "https://other.example", "revokedCredential": [] }).to_string()),
            CouldNotCheck,
            codes::REVOCATION_LIST_NOT_ISSUERS,
            Verdict::CouldNotCheck,
        ),
    ];
    for (answer, outcome, code, verdict) in rows {
        world.answers.insert(need.clone(), answer);
        let report = world.judge(&signed.to_string());
        finds(&report, Check::Revocation, outcome, code);
        assert_eq!(report.verdict, verdict, "{code}");
    }
}

/// Signed with these very options (vc-di-eddsa §3.2): a date may be missing from them, or an end be there.
fn sign_with(party: &Party, unsigned: &Value, options: &Value) -> Value {
    let mut options = options.clone();
    options["type"] = json!("DataIntegrityProof");
    options["cryptosuite"] = json!("eddsa-rdfc-2022");
    options["proofPurpose"] = json!("assertionMethod");
    options["verificationMethod"] = json!(format!("{}#{}", party.did, party.multibase()));
    let mut of_proof = options.clone();
    of_proof["@context"] = unsigned["@context"].clone();
    let hash = |value: &Value| Sha256::digest(canonicalize(value).expect("a meaning").as_bytes());
    let signature = party.key.sign(&[hash(&of_proof), hash(unsigned)].concat());
    options["proofValue"] = json!(format!("z{}", bs58::encode(signature.to_bytes()).into_string()));
    let mut signed = unsigned.clone();
    signed["proof"] = options;
    signed
}

const CREATED: &str = "2026-11-20T14:05:09Z";

/// Bitstring Status List §2.2: `id` is optional.
#[test]
fn a_list_need_not_say_its_address_and_one_that_says_another_is_another() {
    let mut world = World::new();
    let text = world.signed().to_string();
    let mut list = world.list(|bits| bits.set(INDEX as usize, true).expect("in range"));
    list.as_object_mut().unwrap().remove("id");
    world.says(status(), &world.org.sign(&list));
    finds(&world.judge(&text), Check::Revocation, Outcome::Failed, codes::STATUS_SET);
    list["id"] = json!("https://livret.example/o/7h2k9qx4/status/2");
    world.says(status(), &world.org.sign(&list));
    finds(&world.judge(&text), Check::Revocation, Outcome::CouldNotCheck, codes::STATUS_NOT_ISSUERS);
}

/// A proof without a date may have been made just now: its key must be good today.
#[test]
fn a_proof_without_a_date_is_as_good_as_its_key_is_today() {
    let mut world = World::new();
    let signed = world.signed().to_string();
    let mut document = world.org.document();
    let mut key_ends = |world: &mut World, member: &str, at: Option<&str>| {
        let key = document["verificationMethod"][0].as_object_mut().unwrap();
        key.remove("expires");
        key.remove("revoked");
        if let Some(at) = at {
            key.insert(member.to_owned(), json!(at));
        }
        world.says(did(ORG), &document);
    };
    // The list: its own `validFrom` is its date, when it has one.
    let mut list = world.list(|_| {});
    for dated in [true, false] {
        if !dated {
            list.as_object_mut().unwrap().remove("validFrom");
        }
        world.says(status(), &sign_with(&world.org, &list, &json!({})));
        for member in ["expires", "revoked"] {
            key_ends(&mut world, member, None);
            assert_eq!(world.judge(&signed).verdict, Verdict::Authentic, "{dated}");
            key_ends(&mut world, member, Some("2026-11-21T00:00:00Z"));
            let report = world.judge(&signed);
            let found = report.finding(Check::Revocation).unwrap();
            let expected = if dated { Outcome::Passed } else { Outcome::CouldNotCheck };
            assert_eq!(found.outcome, expected, "{dated} {member} {found:?}");
        }
    }
    // Remembered, it is judged anew: its key has ended since.
    key_ends(&mut world, "expires", Some("2026-11-23T00:00:00Z"));
    let memory = Arc::new(Memory::default());
    let policy = Policy { trust: false, status: true };
    for (now, verdict) in [(NOW, Verdict::Authentic), (NOW + time::Duration::DAY, Verdict::CouldNotCheck)] {
        let mut inquiry = Inquiry::open(&signed, now, policy).with_memory(&memory);
        while let Some(need) = inquiry.next_need() {
            inquiry.answer(&need, world.answers.get(&need).cloned().unwrap_or(Err(Unanswered::NotFound)));
        }
        assert_eq!(inquiry.conclude().verdict, verdict);
    }
    // The badge: here it has no `validFrom` either, which is a fault of its own.
    let undated = |world: &World| {
        let mut badge = world.badge(|_| {});
        badge.as_object_mut().unwrap().remove("validFrom");
        sign_with(&world.org, &badge, &json!({})).to_string()
    };
    let text = undated(&world);
    world = World::new();
    finds(&world.judge(&text), Check::Key, Outcome::Passed, codes::KEY_OK);
    key_ends(&mut world, "revoked", Some("2026-11-21T00:00:00Z"));
    finds(&world.judge(&text), Check::Key, Outcome::Failed, codes::KEY_OUT_OF_DATES);
}

/// The end of a proof counts for lists and registers as it does for badges.
#[test]
fn an_expired_proof_of_a_list_or_a_register_proves_nothing() {
    let mut world = World::new();
    let signed = world.signed().to_string();
    for (expires, outcome) in
        [("2026-11-23T00:00:00Z", Outcome::Passed), ("2026-11-21T00:00:00Z", Outcome::CouldNotCheck)]
    {
        let options = json!({ "created": CREATED, "expires": expires });
        world.says(status(), &sign_with(&world.org, &world.list(|_| {}), &options));
        let report = world.judge(&signed);
        assert_eq!(report.finding(Check::Revocation).unwrap().outcome, outcome, "{expires}");
    }
    world.says(status(), &world.org.sign(&world.list(|_| {})));
    for (expires, outcome) in
        [("2026-11-23T00:00:00Z", Outcome::Passed), ("2026-11-21T00:00:00Z", Outcome::CouldNotCheck)]
    {
        let options = json!({ "created": CREATED, "expires": expires });
        world.says(Need::Register, &sign_with(&world.region, &world.register(|_| {}), &options));
        let report = world.judge(&signed);
        assert_eq!(report.finding(Check::Issuer).unwrap().outcome, outcome, "{expires}");
    }
}

/// `--at 9999-12-31T23:59:59-23:59` is a date like any other.
#[test]
fn the_ends_of_time_are_no_trouble() {
    let mut world = World::new();
    world.fails(Need::Register, Unanswered::NotFound);
    let text = world.signed().to_string();
    let hosted =
        json!({ "@context": "https://w3id.org/openbadges/v2", "type": "Assertion", "id": "https://a.example/1" });
    for at in [PrimitiveDateTime::MAX, PrimitiveDateTime::MIN] {
        for offset in [offset!(-23:59), offset!(+23:59), offset!(UTC)] {
            let now = at.assume_offset(offset);
            for text in [&text, &hosted.to_string()] {
                let mut inquiry = Inquiry::open(text, now, Policy::FULL);
                while let Some(need) = inquiry.next_need() {
                    inquiry.answer(&need, world.answers.get(&need).cloned().unwrap_or(Err(Unanswered::NotFound)));
                }
                assert_ne!(inquiry.conclude().verdict, Verdict::Altered, "{now:?}");
            }
        }
    }
}

#[test]
fn row_1_7_8_a_list_may_be_a_token() {
    let mut world = World::new();
    let text = world.signed().to_string();
    let method = format!("{ORG}#rsa");
    let mut document = world.org.document();
    document["verificationMethod"].as_array_mut().unwrap().push(json!({
        "id": method, "type": "JsonWebKey", "controller": ORG, "publicKeyJwk": tokens::jwk("RS256"),
    }));
    document["assertionMethod"].as_array_mut().unwrap().push(json!(method));
    world.says(did(ORG), &document);
    let mut list = world.list(|bits| bits.set(INDEX as usize, true).expect("in range"));
    (list["iss"], list["jti"]) = (json!(ORG), json!(LIST));
    let header = json!({ "alg": "RS256", "kid": method });
    world.answers.insert(status(), Ok(tokens::token("RS256", &header, &list)));
    let report = world.judge(&text);
    finds(&report, Check::Revocation, Outcome::Failed, codes::STATUS_SET);
    assert_eq!(report.verdict, Verdict::Withdrawn);
    // Signed by someone else, it says nothing.
    world
        .answers
        .insert(status(), Ok(tokens::token("RS256", &json!({ "alg": "RS256", "jwk": tokens::jwk("ES256") }), &list)));
    finds(&world.judge(&text), Check::Revocation, Outcome::CouldNotCheck, codes::STATUS_NOT_PROVEN);
}

#[test]
fn a_list_with_several_purposes_and_a_badge_with_several_entries() {
    let mut world = World::new();
    let mut list = world.list(|_| {});
    list["credentialSubject"]["statusPurpose"] = json!(["suspension", "revocation"]);
    world.says(status(), &world.org.sign(&list));
    let both = |v: &mut Value| {
        let one = v["credentialStatus"].clone();
        let mut two = one.clone();
        (two["id"], two["statusPurpose"]) = (json!(format!("{LIST}#s")), json!("suspension"));
        let mut three = one.clone();
        (three["id"], three["statusPurpose"]) = (json!(format!("{LIST}#m")), json!("message"));
        v["credentialStatus"] = json!([one, two, three]);
    };
    let report = world.judge(&world.org.sign(&world.badge(both)).to_string());
    finds(&report, Check::Revocation, Outcome::Passed, codes::STATUS_CLEAR);
    finds(&report, Check::Suspension, Outcome::Passed, codes::STATUS_CLEAR);
    let many = |v: &mut Value| v["credentialStatus"] = json!(vec![v["credentialStatus"].clone(); 5]);
    let report = world.judge(&world.org.sign(&world.badge(many)).to_string());
    finds(&report, Check::Revocation, Outcome::CouldNotCheck, codes::STATUS_TOO_MANY);
}
