use badge_schemas::json::parse_strict;
use proptest::prelude::*;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::jsonld::canonicalize;
use crate::template::{Templates, tests::mutations};

const SPECIMEN: &str = include_str!("../../../tests/data/badge.json");

/// Slots of the specimen and its proof.
const SLOTS: [&str; 13] = [
    "/id",
    "/validFrom",
    "/awardedDate",
    "/image/id",
    "/credentialSubject/id",
    "/credentialSubject/identifier/0/identityHash",
    "/credentialSubject/identifier/1/salt",
    "/evidence/0/narrative",
    "/evidence/0/description",
    "/credentialStatus/statusListIndex",
    "/proof/created",
    "/proof/verificationMethod",
    "/proof/proofValue",
];

fn signed() -> Value {
    serde_json::from_str(SPECIMEN).unwrap()
}

/// A memory that knows how these credentials are written.
fn knowing(documents: &[Value]) -> Templates {
    let templates = Templates::new(1 << 20);
    for document in documents {
        templates.learn(document).unwrap();
        templates.learn_options(document, &document["proof"]).unwrap();
        templates.notice_text(&document.to_string(), document);
        templates.notice_text(&document.to_string(), document);
    }
    templates
}

/// Whether the text is read; if it is, parsing and the general engine say the same.
fn agrees(templates: &Templates, text: &str) -> bool {
    let Some(read) = templates.read(text) else { return false };
    let parsed = parse_strict(text).expect("what is read is JSON");
    assert_eq!(read.value(), &parsed);
    assert_eq!(read.value().to_string(), parsed.to_string(), "in the same order");
    let mut unsigned = parsed;
    let mut options = unsigned.as_object_mut().unwrap().shift_remove("proof").unwrap();
    options["@context"] = unsigned["@context"].clone();
    options.as_object_mut().unwrap().shift_remove("proofValue");
    let hash =
        |document: &Value| <[u8; 32]>::from(Sha256::digest(canonicalize(document).expect("a meaning").as_bytes()));
    assert_eq!(read.document_hash(), hash(&unsigned));
    assert_eq!(read.options_hash(), hash(&options));
    true
}

fn with(values: &[(&str, String)]) -> Value {
    let mut document = signed();
    for (slot, value) in values {
        *document.pointer_mut(slot).unwrap() = json!(value);
    }
    document
}

#[test]
fn a_text_is_known_once_its_class_came_twice_more() {
    let templates = Templates::new(1 << 20);
    let (document, text) = (signed(), signed().to_string());
    templates.notice_text(&text, &document);
    templates.notice_text(&text, &document);
    assert_eq!(templates.layouts(), 0, "its class is not known");
    templates.learn(&document).unwrap();
    templates.learn_options(&document, &document["proof"]).unwrap();
    templates.notice_text(&text, &document);
    assert!(templates.read(&text).is_none());
    templates.notice_text(&text, &document);
    assert!(agrees(&templates, &text) && agrees(&templates, &text));
    let other = with(&[("/credentialSubject/identifier/0/identityHash", "Zoë \"]]>\" \n\t\\".to_owned())]).to_string();
    assert!(agrees(&templates, &other));
    for length in [1_000, 1_023, 1_024, 1_025, 2_048, 5_000] {
        assert!(agrees(&templates, &with(&[("/evidence/0/narrative", "x".repeat(length))]).to_string()), "{length}");
    }
    assert!(templates.read(&text).unwrap().is_of_valid_class());
    // Two at once: the second tree is parsed, and the third.
    let (one, two, three) = (templates.read(&text).unwrap(), templates.read(&other).unwrap(), templates.read(&text));
    assert_eq!(one.value(), three.unwrap().value());
    assert_ne!(one.value(), two.value());
    drop((one, two));
    assert!(agrees(&templates, &text));
}

#[test]
fn only_one_way_of_writing_is_known() {
    let document = signed();
    let templates = knowing(std::slice::from_ref(&document));
    let text = document.to_string();
    let pretty = serde_json::to_string_pretty(&document).unwrap();
    let spaced = format!(" {text}");
    let ended = format!("{text}\n");
    let escaped = text.replace("Pratique", "Prati\\u0071ue").replace("Travail", "Tra\\u0076ail");
    for other in [&pretty, &spaced, &ended, &escaped] {
        for _ in 0..3 {
            templates.notice_text(other, &parse_strict(other).unwrap());
        }
        assert!(templates.read(other).is_none());
    }
    assert_eq!(templates.layouts(), 1);
    // Inside a varying string, any way is read.
    let slot = "\"identityHash\":\"In\u{e8}s Duval\"";
    assert!(text.contains(slot));
    assert!(agrees(&templates, &text.replace(slot, "\"identityHash\":\"In\\u00e8s\\u0020Duv\\u0061l\"")));
    for broken in ["\\ud800", "\\x", "\\", "\u{1}", "\\u00", "\"", "a\",\"id\":\"b", "\n"] {
        assert!(!agrees(&templates, &text.replace(slot, &format!("\"identityHash\":\"{broken}\""))), "{broken:?}");
    }
    // Two proofs, or a word for one.
    for proof in [json!([document["proof"], document["proof"]]), json!("valid"), json!(null)] {
        let mut other = document.clone();
        other["proof"] = proof;
        templates.notice_text(&other.to_string(), &other);
        assert!(templates.read(&other.to_string()).is_none());
    }
    // Longer than is compared.
    let long = with(&[("/evidence/0/narrative", "x".repeat(300 << 10))]).to_string();
    assert!(templates.read(&long).is_none());
}

#[test]
fn a_document_changed_anywhere_is_read_as_it_is_or_not_at_all() {
    let templates = knowing(&[signed()]);
    let read = mutations(&signed()).iter().filter(|changed| agrees(&templates, &changed.to_string())).count();
    // Its varying strings changed to others; of addresses, those that are still some.
    assert!((20..=80).contains(&read), "{read}");
}

#[test]
fn a_text_changed_in_any_byte_is_read_as_it_is_or_not_at_all() {
    let templates = knowing(&[signed()]);
    let text = signed().to_string();
    let mut read = 0;
    for (place, sign) in text.char_indices() {
        let (before, after) = (&text[..place], &text[place + sign.len_utf8()..]);
        for put in ["", "\"", "\\", "}", ",", "\u{0}", " ", "x", "\u{e9}", "\\u0041"] {
            read += usize::from(agrees_quickly(&templates, &format!("{before}{put}{after}")));
        }
        assert!(templates.read(before).is_none(), "a text cut short");
    }
    assert!(read > 1_000, "{read}");
}

/// As [`agrees`], without the general engine.
fn agrees_quickly(templates: &Templates, text: &str) -> bool {
    let Some(read) = templates.read(text) else { return false };
    assert_eq!(Ok(read.value()), parse_strict(text).as_ref());
    true
}

#[test]
fn many_classes_are_told_apart_and_the_memory_is_bounded() {
    let class = |number: usize| {
        let mut document = signed();
        document["credentialSubject"]["achievement"]["name"] = json!(format!("class {number}"));
        document["issuer"]["name"] = json!(format!("issuer {}", number % 5));
        document
    };
    let all: Vec<Value> = (0..40).map(class).collect();
    let templates = knowing(&all);
    let known = templates.layouts();
    assert!((2..40).contains(&known), "{known}");
    assert_eq!(all.iter().filter(|document| agrees(&templates, &document.to_string())).count(), known);
    assert!(templates.read(&all[39].to_string()).is_some(), "the last");
    assert!(templates.read(&all[0].to_string()).is_none(), "the first");
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), "\\PC{0,40}", "[\"\\\\/bfnrtu0-9a-f{}:,]{0,12}", Just(String::new())]
}

fn address() -> impl Strategy<Value = String> {
    prop_oneof![3 => "(https://|urn:|did:web:)[a-z]{1,3}(/[a-z0-9~%é]{0,3}){0,2}(#z6[a-z]{2})?", 1 => text()]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    /// Any strings in the varying places.
    #[test]
    fn hostile_values_are_read_as_parsing_reads_them(
        texts in prop::collection::vec(text(), SLOTS.len()), addresses in prop::collection::vec(address(), SLOTS.len()), good in any::<[bool; 13]>()
    ) {
        let values: Vec<(&str, String)> = SLOTS.iter().zip(texts.into_iter().zip(addresses)).zip(good)
            .filter(|(_, good)| !good)
            .map(|((slot, (text, address)), _)| {
                let of_address = slot.ends_with("/id") || slot.ends_with("verificationMethod");
                (*slot, if of_address { address } else { text })
            }).collect();
        let templates = knowing(&[signed()]);
        agrees(&templates, &with(&values).to_string());
        let only_texts: Vec<_> = values.into_iter().filter(|(slot, _)| !slot.ends_with("/id") && !slot.starts_with("/proof")).collect();
        prop_assert!(agrees(&templates, &with(&only_texts).to_string()));
    }
}
