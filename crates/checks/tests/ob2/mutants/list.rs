//! The issuer's revocation list changed: what it names, and what it is.

use checks::Unanswered;
use checks::Verdict::{CouldNotCheck, Withdrawn};
use checks::codes::{OB2_IDS_DIFFER, OB2_IN_LIST, OB2_LIST_NOT_ISSUERS, OB2_LIST_UNANSWERED, OB2_LIST_UNREADABLE};
use serde_json::{Value, json};

use super::{Mutant, around, put, signed, without};
use crate::world::*;

const URN: &str = "urn:uuid:a953081a-4bbd-4927-9653-7219bca00e3b";

fn changed(name: &str, change: impl FnOnce(&mut Value)) -> super::Draft {
    around(format!("a list {name}"), |w| {
        let mut value = list(&json!([]));
        change(&mut value);
        w.says(LIST, &value);
    })
}

pub(super) fn mutants() -> Vec<Mutant> {
    let mut all = entries();
    all.extend(documents());
    all
}

fn entries() -> Vec<Mutant> {
    let mut all = Vec::new();
    for (name, entries) in [
        ("by its id", json!([URN])),
        ("by its id alone", json!(URN)),
        ("by its id in an object", json!([{ "id": URN }])),
        ("by its id with a reason", json!([{ "id": URN, "revocationReason": "Error" }])),
        ("by its id in upper case", json!([URN.to_uppercase().replacen("URN:UUID", "urn:uuid", 1)])),
        ("among others", json!(["urn:uuid:e79a6c18-787e-4868-8e65-e6a4530fb418", { "uid": "x" }, URN])),
        ("twice", json!([URN, URN])),
        ("beside an entry that is none", json!([URN, { "revocationReason": "r" }])),
    ] {
        let draft = changed(&format!("that names it {name}"), put("/revokedAssertions", entries));
        all.push(draft.is(Withdrawn, [OB2_IN_LIST]));
    }
    let draft = signed("a list that names it by its uid", |a| a["uid"] = json!("u1"));
    all.push(draft.within(|w| w.says(LIST, &list(&json!([{ "uid": "u1" }])))).is(Withdrawn, [OB2_IN_LIST]));
    let draft = signed("a list that names its address in another writing", |a| a["id"] = json!(ID));
    let named = json!(["HTTPS://EXAMPLE.ORG:443/assertions/./1"]);
    all.push(draft.within(|w| w.says(LIST, &list(&named))).is(Withdrawn, [OB2_IN_LIST]));
    for (name, entries) in [
        ("with an entry that is a word", json!(["foo"])),
        ("with an entry that is a number", json!([3])),
        ("with an entry without id", json!([{ "revocationReason": "r" }])),
        ("with an entry with a wrong id", json!([{ "id": "foo" }])),
        ("with an entry with a number as uid", json!([{ "uid": 3 }])),
    ] {
        let draft = changed(name, put("/revokedAssertions", entries));
        all.push(draft.is(CouldNotCheck, [OB2_LIST_UNREADABLE]));
    }
    all
}

fn documents() -> Vec<Mutant> {
    let elsewhere = "https://evil.example/revocations";
    let mut all = vec![
        changed("without type", without("type")).is(CouldNotCheck, [OB2_LIST_UNREADABLE]),
        changed("that is an issuer", put("/type", json!("Issuer"))).is(CouldNotCheck, [OB2_LIST_UNREADABLE]),
        changed("with a number as type", put("/type", json!(3))).is(CouldNotCheck, [OB2_LIST_UNREADABLE]),
        changed("of another issuer", put("/issuer", json!("https://evil.example/issuer")))
            .is(CouldNotCheck, [OB2_LIST_NOT_ISSUERS]),
        changed("of an issuer that is a number", put("/issuer", json!(3))).is(CouldNotCheck, [OB2_LIST_UNREADABLE]),
        changed("with a context that is not kept", put("/@context", json!([CONTEXT, "https://evil.example/c"])))
            .is(CouldNotCheck, [OB2_LIST_UNREADABLE]),
        changed("that says it is elsewhere, where nothing is", put("/id", json!(elsewhere)))
            .is(CouldNotCheck, [OB2_LIST_UNANSWERED]),
        changed("that sends elsewhere and back", put("/id", json!(elsewhere)))
            .within(|w| w.says(elsewhere, &list(&json!([]))))
            .is(CouldNotCheck, [OB2_IDS_DIFFER]),
        around("a list that is gone", |w| w.gone(LIST, b"")).is(CouldNotCheck, [OB2_LIST_UNANSWERED]),
    ];
    let twice = format!(
        "{{\"@context\":\"{CONTEXT}\",\"type\":\"RevocationList\",\"revokedAssertions\":[\"{URN}\"],\"revokedAssertions\":[]}}"
    );
    for (name, body) in [
        ("a page", b"<html></html>".to_vec()),
        ("nothing", Vec::new()),
        ("a bare list", format!("[\"{URN}\"]").into_bytes()),
        ("two lists in one", twice.into_bytes()),
        ("a map of the first years, of a 2.0 badge, that is broken", b"{\"u1\":".to_vec()),
    ] {
        let draft = around(format!("a list that is {name}"), |w| w.bytes(LIST, &body));
        all.push(draft.is(CouldNotCheck, [OB2_LIST_UNREADABLE]));
    }
    for why in [Unanswered::NotFound, Unanswered::TimedOut, Unanswered::ServerError, Unanswered::Forbidden] {
        let draft = around(format!("a list that did not come: {}", why.code()), |w| w.fails(LIST, why));
        all.push(draft.is(CouldNotCheck, [OB2_LIST_UNANSWERED]));
    }
    all
}
