//! Whatever a stranger writes: no panic, and never « authentique ».

#[expect(dead_code, reason = "the world is shared with tests that need more of it")]
mod world;

use checks::{Inquiry, Policy, Verdict};
use proptest::prelude::*;
use serde_json::Value;
use world::{NOW, World};

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
}
