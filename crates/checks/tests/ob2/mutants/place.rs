//! The place changed: whose host, which address, gone, moved.

use checks::Unanswered;
use checks::Verdict::{Altered, CouldNotCheck, Withdrawn};
use checks::codes::{
    DOCUMENT_UNANSWERED, OB2_ASSERTION_UNANSWERED, OB2_GONE, OB2_IDS_DIFFER, OB2_ORIGIN_NOT_ALLOWED, OB2_REVOKED,
    OB2_START_NOT_ALLOWED,
};
use serde_json::json;

use super::{Draft, Handed, Mutant, hosted, put};
use crate::world::*;

pub(super) fn mutants() -> Vec<Mutant> {
    let mut all = hosts();
    all.extend(beginnings());
    all.extend(gone());
    all.extend(moved());
    all
}

/// The badge, saying of itself what the badge at its true address says, at another address.
fn at(name: &str, url: &str) -> Draft {
    let draft = hosted(name, |w| {
        let mut value = assertion();
        value["id"] = json!(url);
        w.says(url, &value);
    });
    draft.handing(Handed::Address(url.to_owned()))
}

fn hosts() -> Vec<Mutant> {
    [
        ("at a stranger's", "https://evil.example/assertions/1"),
        ("by http", "http://example.org/assertions/1"),
        ("at another port", "https://example.org:8443/assertions/1"),
        ("at a host below", "https://badges.example.org/assertions/1"),
        ("at a host above", "https://org/assertions/1"),
        ("at a host that begins as its issuer's", "https://example.org.evil.example/assertions/1"),
        ("at a host that ends as its issuer's", "https://evilexample.org/assertions/1"),
        ("at a host behind its issuer's as a user", "https://example.org@evil.example/assertions/1"),
        ("at a host with its issuer's in its path", "https://evil.example/https://example.org/assertions/1"),
        ("at a look-alike", "https://ex\u{430}mple.org/assertions/1"),
        ("at a look-alike in full width of another name", "https://\u{ff45}xample.net/assertions/1"),
        ("at its issuer's with a dot behind", "https://example.org./assertions/1"),
        ("at an address of numbers", "https://93.184.215.14/assertions/1"),
    ]
    .into_iter()
    .map(|(name, url)| at(&format!("a badge {name}"), url).is(Altered, [OB2_ORIGIN_NOT_ALLOWED]))
    .collect()
}

/// An issuer that lets badges live in one folder, and others in another.
fn beginnings() -> Vec<Mutant> {
    [
        ("beside the folder", "https://example.org/uploads/1"),
        ("that leaves the folder", "https://example.org/assertions/../uploads/1"),
        ("that leaves the folder in percent", "https://example.org/assertions/%2e%2e/uploads/1"),
        ("in a folder that begins so", "https://example.org/assertions-of-others/1"),
        ("in a folder of another case", "https://example.org/ASSERTIONS/1"),
    ]
    .into_iter()
    .map(|(name, url)| {
        let draft = at(&format!("a badge {name}"), url).within(|w| {
            // What is asked for, as every client writes it.
            let mut value = assertion();
            value["id"] = json!(url);
            w.says("https://example.org/uploads/1", &value);
            w.issuer(put("/verification", json!({ "startsWith": "https://example.org/assertions/" })));
        });
        draft.is(Altered, [OB2_START_NOT_ALLOWED])
    })
    .collect()
}

fn gone() -> Vec<Mutant> {
    let mut all = Vec::new();
    let minimal = json!({ "@context": CONTEXT, "type": "Assertion", "id": ID, "revoked": true });
    let reason = json!({ "@context": CONTEXT, "id": ID, "revoked": true, "revocationReason": "Error" });
    for (name, body) in [
        ("without body", String::new()),
        ("with a minimal body", minimal.to_string()),
        ("with a reason", reason.to_string()),
        ("with the whole badge", assertion().to_string()),
        ("with a badge that says it is not revoked", {
            let mut value = assertion();
            value["revoked"] = json!(false);
            value.to_string()
        }),
        ("with a page", "<html>Gone</html>".to_owned()),
        ("with a broken body", "{".to_owned()),
    ] {
        all.push(hosted(format!("gone {name}"), |w| w.gone(ID, body.as_bytes())).is(Withdrawn, [OB2_GONE]));
        let copy = hosted(format!("a copy of what is gone {name}"), |w| w.gone(ID, body.as_bytes()));
        all.push(copy.handing(Handed::Text(assertion().to_string())).is(Withdrawn, [OB2_GONE]));
    }
    for (name, body) in [("with a minimal body", minimal), ("with a reason", reason)] {
        all.push(hosted(format!("revoked in a 200 {name}"), |w| w.says(ID, &body)).is(Withdrawn, [OB2_REVOKED]));
    }
    for why in [Unanswered::NotFound, Unanswered::TimedOut, Unanswered::ServerError, Unanswered::Forbidden] {
        let draft = hosted(format!("an address that did not answer: {}", why.code()), |w| w.fails(ID, why));
        all.push(draft.is(CouldNotCheck, [DOCUMENT_UNANSWERED]));
        let draft = hosted(format!("a copy whose address did not answer: {}", why.code()), |w| w.fails(ID, why));
        let draft = draft.handing(Handed::Text(assertion().to_string()));
        all.push(draft.is(CouldNotCheck, [OB2_ASSERTION_UNANSWERED]));
    }
    all
}

fn moved() -> Vec<Mutant> {
    let second = "https://example.org/assertions/2";
    let cycle = hosted("two badges that send to each other", |w| {
        w.assertion(put("/id", json!(second)));
        w.says(second, &assertion());
    });
    let nowhere = hosted("a badge that sends to where nothing is", |w| w.assertion(put("/id", json!(second))));
    let stranger = hosted("a badge that sends to a stranger", |w| {
        let mut value = assertion();
        value["id"] = json!("https://evil.example/assertions/1");
        w.says("https://evil.example/assertions/1", &value);
        w.says(ID, &value);
    });
    let revoked = hosted("a badge that sends to where it is revoked", |w| {
        w.assertion(put("/id", json!(second)));
        w.gone(second, b"");
    });
    vec![
        cycle.is(Altered, [OB2_IDS_DIFFER]),
        nowhere.is(CouldNotCheck, [OB2_ASSERTION_UNANSWERED]),
        stranger.is(Altered, [OB2_ORIGIN_NOT_ALLOWED]),
        revoked.is(Withdrawn, [OB2_GONE]),
    ]
}
