//! What two parsers could read differently, and what no parser should read, in every document of a badge.

use checks::Verdict::CouldNotCheck;
use checks::codes::{JSON_DUPLICATE_MEMBER, JSON_SYNTAX, JSON_TOO_DEEP, OB2_NO_ADDRESS, OB2_NOT_JSON};
use serde_json::{Value, json};

use super::{Handed, Mutant, around, hosted};
use crate::world::*;

/// Its name, and what it does to a text.
type Trick = (&'static str, fn(&str) -> Vec<u8>);

const TRICKS: [Trick; 9] = [
    ("with a member twice", |text| text.replacen('{', r#"{"id":"https://evil.example/1","#, 1).into_bytes()),
    ("with a member twice by an escape", |text| {
        text.replacen('{', r#"{"\u0069d":"https://evil.example/1","#, 1).into_bytes()
    }),
    ("cut short", |text| text.as_bytes()[..text.len() - 1].to_vec()),
    ("with something behind", |text| format!("{text}{text}").into_bytes()),
    ("with a comment", |text| text.replacen('{', "{/* */", 1).into_bytes()),
    ("with a lone surrogate", |text| text.replacen('{', r#"{"x":"\ud800","#, 1).into_bytes()),
    ("with a raw control character", |text| text.replacen('{', "{\"x\":\"\u{1}\",", 1).into_bytes()),
    ("nested too deep", |text| {
        text.replacen('{', &format!("{{\"x\":{}{},", "[".repeat(70), "]".repeat(70)), 1).into_bytes()
    }),
    ("in Latin-1", |text| [text.replacen('{', "{\"x\":\"", 1).as_bytes(), b"\xe9\",", text.as_bytes()].concat()),
];

pub(super) fn mutants() -> Vec<Mutant> {
    let mut all = Vec::new();
    for (name, change) in TRICKS {
        for (object, url, value) in [("a class", CLASS, class()), ("an issuer", ISSUER, issuer())] {
            let draft = hosted(format!("{object} {name}"), |w| w.bytes(url, &change(&value.to_string())));
            all.push(draft.is(CouldNotCheck, [OB2_NOT_JSON]));
        }
        let draft = around(format!("a key {name}"), |w| w.bytes(KEY, &change(&key(&MINE).to_string())));
        all.push(draft.is(CouldNotCheck, [OB2_NOT_JSON]));
        let draft =
            hosted(format!("a copy whose original is {name}"), |w| w.bytes(ID, &change(&assertion().to_string())));
        all.push(draft.handing(Handed::Text(assertion().to_string())).is(CouldNotCheck, [OB2_NOT_JSON]));
    }
    // A copy is a pointer, so what is wrong with it says nothing of the badge it points to.
    for (trick, code) in
        [(0, JSON_DUPLICATE_MEMBER), (1, JSON_DUPLICATE_MEMBER), (2, JSON_SYNTAX), (4, JSON_SYNTAX), (7, JSON_TOO_DEEP)]
    {
        let (name, change) = TRICKS[trick];
        let text = String::from_utf8(change(&assertion().to_string())).unwrap();
        let draft = hosted(format!("a copy {name}"), |_| {}).handing(Handed::Text(text));
        all.push(draft.is(CouldNotCheck, [code]));
    }
    let copy = |name: &str, change: &dyn Fn(&mut Value)| {
        let mut value = assertion();
        change(&mut value);
        hosted(format!("a copy {name}"), |_| {}).handing(Handed::Text(value.to_string()))
    };
    all.extend([
        copy("without address", &|a| drop(a.as_object_mut().unwrap().remove("id"))).is(CouldNotCheck, [OB2_NO_ADDRESS]),
        copy("with a UUID as address", &|a| a["id"] = json!("urn:uuid:e79a6c18-787e-4868-8e65-e6a4530fb418"))
            .is(CouldNotCheck, [OB2_NO_ADDRESS]),
        copy("with a file as address", &|a| a["id"] = json!("file:///etc/passwd")).is(CouldNotCheck, [OB2_NO_ADDRESS]),
        copy("with data as address", &|a| a["id"] = json!("data:application/json,{}"))
            .is(CouldNotCheck, [OB2_NO_ADDRESS]),
    ]);
    all
}
