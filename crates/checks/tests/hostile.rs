//! Whatever a stranger writes: no panic, and never « authentique ».

#[path = "world/tokens.rs"]
mod tokens;
#[expect(dead_code, reason = "the world is shared with tests that need more of it")]
mod world;

use checks::{Inquiry, Policy, Verdict};
use proptest::prelude::*;
use serde_json::{Value, json};
use tokens::{header, payload, raw, token, vouch};
use world::{NOW, ORG, World};

const ALONE: Policy = Policy { trust: false, status: false };

/// Every place of a document, as JSON pointers.
fn places(value: &Value, here: &str, all: &mut Vec<String>) {
    all.push(here.to_owned());
    match value {
        Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                places(item, &format!("{here}/{i}"), all);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                places(member, &format!("{here}/{}", name.replace('~', "~0").replace('/', "~1")), all);
            }
        }
        _ => {}
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        Just(Value::from("did:web:")),
        Just(Value::from("did:web:%3A:..:%00")),
        Just(Value::from("https://w3id.org/openbadges/v2")),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("@?[a-z]{1,8}", inner, 0..4).prop_map(|map| map.into_iter().collect()),
        ]
    })
}

/// A world that vouches for the tokens of its issuer.
fn token_world() -> World {
    let mut world = World::new();
    vouch(&mut world, "EdDSA");
    world
}

fn a_token(world: &World) -> String {
    token("EdDSA", &header("EdDSA"), &payload(world))
}

/// A record of one badge, signed.
fn a_record(world: &World) -> Value {
    world.org.sign(&json!({
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
            "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
        ],
        "id": "urn:uuid:6f0c2c1e-7d0b-4b83-9a1f-2f6a1c0e9d47",
        "type": ["VerifiableCredential", "ClrCredential"],
        "name": "Livret",
        "partial": true,
        "issuer": { "id": ORG, "type": ["Profile"], "name": "Estuaire" },
        "validFrom": "2026-11-20T15:00:00Z",
        "credentialSubject": {
            "id": "urn:uuid:0b9f4a52-3c1d-4f0e-8e55-6a7d2b91c3ab",
            "type": ["ClrSubject"],
            "verifiableCredential": [world.signed()],
        },
    }))
}

#[test]
fn what_they_come_from_is_authentic() {
    let world = token_world();
    assert_eq!(world.judge_at(&a_token(&world), NOW, ALONE).verdict, Verdict::Authentic);
    assert_eq!(world.judge(&a_record(&world).to_string()).verdict, Verdict::Authentic);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_text_ends_in_a_report(text in ".{0,200}") {
        let report = Inquiry::open(&text, NOW, Policy::FULL).conclude();
        prop_assert_eq!(report.verdict, Verdict::CouldNotCheck);
    }

    #[test]
    fn a_badge_with_anything_anywhere_is_never_authentic(at in any::<prop::sample::Index>(), new in any_json()) {
        let world = World::new();
        let mut value = world.signed();
        let mut all = vec![];
        places(&value, "", &mut all);
        let place = at.get(&all);
        let slot = value.pointer_mut(place).expect("a place");
        prop_assume!(*slot != new);
        *slot = new;
        let report = world.judge(&value.to_string());
        prop_assert_ne!(report.verdict, Verdict::Authentic, "{}", place);
    }

    #[test]
    fn any_answer_ends_in_a_report(answer in any_json(), which in 0usize..4) {
        let mut world = World::new();
        let text = world.signed().to_string();
        let needs: Vec<_> = world.answers.keys().cloned().collect();
        world.answers.insert(needs[which].clone(), Ok(answer.to_string()));
        prop_assert_ne!(world.judge(&text).verdict, Verdict::Authentic);
    }

    #[test]
    fn one_changed_byte_is_never_authentic(at in any::<prop::sample::Index>(), new in 32u8..127) {
        let world = World::new();
        let signed = world.signed();
        let mut bytes = signed.to_string().into_bytes();
        let at = at.index(bytes.len());
        prop_assume!(bytes[at].is_ascii() && bytes[at] != new);
        bytes[at] = new;
        let text = String::from_utf8(bytes).expect("ASCII for ASCII");
        // A byte that does not change what the JSON says does not count.
        prop_assume!(serde_json::from_str::<Value>(&text).ok() != Some(signed));
        prop_assert_ne!(world.judge(&text).verdict, Verdict::Authentic);
    }

    #[test]
    fn one_changed_sign_of_a_token_is_never_authentic(at in any::<prop::sample::Index>(), new in "[A-Za-z0-9_.=-]") {
        let world = token_world();
        let good = a_token(&world);
        let at = at.index(good.len());
        prop_assume!(good[at..=at] != new);
        let text = format!("{}{new}{}", &good[..at], &good[at + 1..]);
        prop_assert_ne!(world.judge_at(&text, NOW, ALONE).verdict, Verdict::Authentic);
    }

    #[test]
    fn a_token_with_anything_anywhere_under_its_old_signature_is_never_authentic(
        at in any::<prop::sample::Index>(), new in any_json(),
    ) {
        let world = token_world();
        let mut value = payload(&world);
        let mut all = vec![];
        places(&value, "", &mut all);
        let place = at.get(&all);
        let slot = value.pointer_mut(place).expect("a place");
        prop_assume!(*slot != new);
        *slot = new;
        let good = a_token(&world);
        let other = token("EdDSA", &header("EdDSA"), &value);
        let text = format!("{}.{}", other.rsplit_once('.').expect("parts").0, good.rsplit_once('.').expect("parts").1);
        prop_assert_ne!(world.judge_at(&text, NOW, ALONE).verdict, Verdict::Authentic, "{}", place);
    }

    #[test]
    fn any_header_ends_in_a_report(name in "alg|kid|jwk|typ|crit|[a-z]{1,4}", value in any_json()) {
        let world = token_world();
        let mut header = header("EdDSA");
        header[&name] = value;
        let report = world.judge_at(&token("EdDSA", &header, &payload(&world)), NOW, ALONE);
        let decides = matches!(name.as_str(), "alg" | "kid" | "jwk" | "typ" | "crit");
        prop_assert!(!decides || report.verdict != Verdict::Authentic, "{}", header);
    }

    #[test]
    fn any_signed_payload_ends_in_a_report(payload in any_json(), text in ".{0,80}") {
        let world = token_world();
        for payload in [payload.to_string(), text] {
            let token = raw("EdDSA", &header("EdDSA").to_string(), &payload);
            prop_assert_ne!(world.judge_at(&token, NOW, ALONE).verdict, Verdict::Authentic);
        }
    }

    #[test]
    fn a_record_with_anything_anywhere_is_never_authentic(at in any::<prop::sample::Index>(), new in any_json()) {
        let world = World::new();
        let mut value = a_record(&world);
        let mut all = vec![];
        places(&value, "", &mut all);
        let place = at.get(&all);
        // Contexts state nothing: what is signed is what they make the members mean, and another may mean the same.
        prop_assume!(!place.contains("@context"));
        let slot = value.pointer_mut(place).expect("a place");
        prop_assume!(*slot != new);
        *slot = new;
        let report = world.judge(&value.to_string());
        prop_assert_ne!(report.verdict, Verdict::Authentic, "{}", place);
        // `[false]` is what `false` is, said in a shape that the standard refuses: the signature holds.
        let holds = |f: &checks::Finding| f.check == checks::Check::Signature && f.outcome == checks::Outcome::Passed;
        let whole = report.findings.iter().any(holds);
        prop_assert!(whole || report.parts.is_empty(), "nothing of it is shown: {}", place);
    }

    #[test]
    fn anything_as_a_badge_of_a_signed_record_never_harms_it(inner in any_json()) {
        let world = World::new();
        let mut unsigned = a_record(&world);
        unsigned.as_object_mut().expect("an object").remove("proof");
        unsigned["credentialSubject"]["verifiableCredential"] = json!([inner]);
        // What means nothing cannot be signed.
        let options = proofs::eddsa_rdfc_2022::Options::assertion(world::SIGNED, format!("{ORG}#{}", world.org.multibase()));
        prop_assume!(proofs::eddsa_rdfc_2022::prepare(&unsigned, &options).is_ok());
        let report = world.judge(&world.org.sign(&unsigned).to_string());
        for part in &report.parts {
            prop_assert_ne!(part.report.verdict, Verdict::Authentic);
        }
    }
}
