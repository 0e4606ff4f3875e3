//! What two parsers could read differently, and what no parser should read.

use checks::Verdict;
use checks::codes::{
    JSON_DUPLICATE_MEMBER, JSON_LD_FAULT, JSON_SYNTAX, JSON_TOO_DEEP, SCHEMA_FAULT, SIGNATURE_MISMATCH,
};
use serde_json::{Value, json};

use crate::world::World;
use crate::{Mutant, at, places};

pub(crate) fn mutants() -> Vec<Mutant> {
    let mut all = duplicates();
    all.extend(broken());
    all.extend(undefined());
    all.extend(empty());
    all
}

/// A member twice, in every object of the badge.
fn duplicates() -> Vec<Mutant> {
    let badge = World::new().signed();
    places(&badge, &|_, value| value.is_object())
        .into_iter()
        .map(|pointer| {
            // A mark that no badge has, then the mark becomes the object's first member again.
            let mut marked = badge.clone();
            let object = at(&mut marked, &pointer).as_object_mut().expect("an object");
            let first = object.keys().next().expect("a member").clone();
            object.insert("ǂ".to_owned(), json!(1));
            let text = marked.to_string().replacen("\"ǂ\":1", &format!("\"{first}\":1"), 1);
            Mutant::of(format!("a member twice in {pointer:?}"), text, Verdict::Altered, [JSON_DUPLICATE_MEMBER])
        })
        .collect()
}

fn broken() -> Vec<Mutant> {
    let text = World::new().signed().to_string();
    let deep = format!("{}{}", "[".repeat(70), "]".repeat(70));
    vec![
        Mutant::of("cut short", &text[..text.len() - 1], Verdict::Altered, [JSON_SYNTAX]),
        Mutant::of(
            "half",
            text.chars().take(text.chars().count() / 2).collect::<String>(),
            Verdict::Altered,
            [JSON_SYNTAX],
        ),
        Mutant::of("with something behind", format!("{text}x"), Verdict::Altered, [JSON_SYNTAX]),
        Mutant::of("two badges in one text", format!("{text}{text}"), Verdict::Altered, [JSON_SYNTAX]),
        Mutant::of("a comment", text.replacen('{', "{/* */", 1), Verdict::Altered, [JSON_SYNTAX]),
        Mutant::of("a trailing comma", format!("{},}}", &text[..text.len() - 1]), Verdict::Altered, [JSON_SYNTAX]),
        Mutant::of("a lone surrogate", text.replacen("Estuaire", "\\ud800", 1), Verdict::Altered, [JSON_SYNTAX]),
        Mutant::of(
            "a raw control character",
            text.replacen("Estuaire", "Es\u{1}tuaire", 1),
            Verdict::Altered,
            [JSON_SYNTAX],
        ),
        Mutant::of(
            "nested too deep",
            text.replacen('{', &format!("{{\"x\":{deep},"), 1),
            Verdict::CouldNotCheck,
            [JSON_TOO_DEEP],
        ),
    ]
}

/// A member that no context defines, in every object that the document's contexts govern.
fn undefined() -> Vec<Mutant> {
    let badge = World::new().signed();
    places(&badge, &|pointer, value| value.is_object() && !pointer.starts_with("/proof"))
        .into_iter()
        .map(|pointer| {
            let mut mutant = badge.clone();
            at(&mut mutant, &pointer)["mentionSpeciale"] = json!("très bien");
            // Closed classes of the standard say so as well.
            let closed = pointer.ends_with("/image") || pointer.contains("/identifier/");
            let codes = if closed { vec![SCHEMA_FAULT, JSON_LD_FAULT] } else { vec![JSON_LD_FAULT] };
            Mutant::of(format!("an undefined member in {pointer:?}"), mutant, Verdict::Altered, codes)
        })
        .collect()
}

/// `null` and empty lists say nothing and are dropped by some readers.
fn empty() -> Vec<Mutant> {
    let badge = World::new().signed();
    let mut all = Vec::new();
    for pointer in ["/evidence", "/credentialSubject/achievement/tag", "/credentialSubject/identifier"] {
        let mut mutant = badge.clone();
        *at(&mut mutant, pointer) = json!([]);
        all.push(Mutant::of(
            format!("an empty list at {pointer}"),
            mutant,
            Verdict::Altered,
            [SCHEMA_FAULT, JSON_LD_FAULT],
        ));
    }
    for pointer in ["/description", "/awardedDate", "/credentialSubject/achievement/humanCode", "/issuer/url"] {
        let mut mutant = badge.clone();
        *at(&mut mutant, pointer) = Value::Null;
        all.push(Mutant::of(format!("null at {pointer}"), mutant, Verdict::Altered, [SCHEMA_FAULT, JSON_LD_FAULT]));
    }
    for pointer in ["/image/id", "/credentialSubject/achievement/image/id", "/credentialSubject/id"] {
        let mut mutant = badge.clone();
        *at(&mut mutant, pointer) = json!("image.png");
        all.push(Mutant::of(
            format!("a relative id at {pointer}"),
            mutant,
            Verdict::Altered,
            [SCHEMA_FAULT, JSON_LD_FAULT],
        ));
    }
    for (pointer, bare) in [
        ("/image", json!("https://livret.example/image.png")),
        ("/credentialSubject/achievement/criteria", json!("https://livret.example/criteria")),
        ("/credentialSubject/achievement/creator", json!("did:web:livret.example:o:r4m8t2wz")),
    ] {
        let mut mutant = badge.clone();
        *at(&mut mutant, pointer) = bare;
        all.push(Mutant::of(
            format!("an address in place of the object at {pointer}"),
            mutant,
            Verdict::Altered,
            [SCHEMA_FAULT, SIGNATURE_MISMATCH],
        ));
    }
    all
}
