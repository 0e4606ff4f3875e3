//! The issuer's Profile changed, and where it lets badges live.

use checks::Unanswered;
use checks::Verdict::{Altered, CouldNotCheck};
use checks::codes::{
    OB2_IDS_DIFFER, OB2_ISSUER_NOT_VERIFIABLE, OB2_ISSUER_UNANSWERED, OB2_NOT_JSON, OB2_ORIGIN_NOT_ALLOWED,
    OB2_POLICY_UNUSABLE, OB2_START_NOT_ALLOWED,
};
use serde_json::{Value, json};

use super::{Mutant, around, hosted, put, without};
use crate::world::*;

pub(super) fn mutants() -> Vec<Mutant> {
    let mut all = members();
    all.extend(policies());
    all.extend(places());
    all
}

fn members() -> Vec<Mutant> {
    let mut all = Vec::new();
    for (member, number) in [("type", "wrong_type"), ("name", "not_text"), ("url", "not_url"), ("email", "not_text")] {
        let missing = format!("missing_member issuer/{member}");
        all.push(hosted(format!("an issuer without {member}"), |w| w.issuer(without(member))).breaks(&missing));
        all.push(around(format!("signed, an issuer without {member}"), |w| w.issuer(without(member))).breaks(&missing));
        let null = hosted(format!("an issuer with null as {member}"), |w| w.issuer(|i| i[member] = Value::Null));
        all.push(null.breaks(&missing));
        let draft = hosted(format!("an issuer with a number as {member}"), |w| w.issuer(|i| i[member] = json!(3)));
        // Of a type, a number is neither the class nor any other.
        let more = if number == "wrong_type" { ", ob2_type_not_iri issuer/type" } else { "" };
        all.push(draft.breaks(&format!("{number} issuer/{member}{more}")));
    }
    for draft in [
        hosted("an issuer without id", |w| w.issuer(without("id"))),
        around("signed, an issuer without id", |w| w.issuer(without("id"))),
    ] {
        all.push(draft.breaks_and("missing_member issuer/id", CouldNotCheck, [OB2_ISSUER_NOT_VERIFIABLE]));
    }
    let to = |name: &str, pointer: &'static str, value: Value, rule: &str| {
        hosted(name, |w| w.issuer(put(pointer, value))).breaks(&format!("{rule} issuer{pointer}"))
    };
    all.extend([
        to("an issuer that is an assertion", "/type", json!("Assertion"), "wrong_type"),
        to("an issuer with two names", "/name", json!(["A", "B"]), "not_single"),
        to("an issuer with an address that is none", "/email", json!("contact"), "not_email"),
        to("an issuer with two addresses in one", "/email", json!("a@example.org b@example.org"), "not_email"),
        to("an issuer with a telephone in words", "/telephone", json!("02 35 52 56 00"), "not_telephone"),
        to("an issuer with a relative page", "/url", json!("example.org"), "not_url"),
        to("an issuer with a page that is a script", "/url", json!("javascript:alert(1)"), "not_url"),
        to("an issuer with a picture as a page", "/image", json!("data:text/html,a"), "not_png_or_svg"),
        to("an issuer with a list that is no address", "/revocationList", json!("_:l"), "not_url"),
        to("an issuer with a number as key", "/publicKey", json!(3), "not_link"),
    ]);
    all
}

fn policies() -> Vec<Mutant> {
    let mut all = Vec::new();
    for (name, policy, code) in [
        ("elsewhere", json!({ "startsWith": "https://example.org/other/" }), OB2_START_NOT_ALLOWED),
        ("at another host", json!({ "startsWith": "https://a.example/" }), OB2_START_NOT_ALLOWED),
        (
            "at a host of which ours is a beginning",
            json!({ "startsWith": "https://example.or" }),
            OB2_START_NOT_ALLOWED,
        ),
        ("by http", json!({ "startsWith": "http://example.org/assertions/" }), OB2_START_NOT_ALLOWED),
        ("at another port", json!({ "startsWith": "https://example.org:8443/" }), OB2_START_NOT_ALLOWED),
        (
            "in another case of its path",
            json!({ "startsWith": "https://example.org/Assertions/" }),
            OB2_START_NOT_ALLOWED,
        ),
        (
            "at one of two other places",
            json!({ "startsWith": ["https://a.example/", "https://b.example/"] }),
            OB2_START_NOT_ALLOWED,
        ),
        ("at another origin", json!({ "allowedOrigins": "a.example" }), OB2_ORIGIN_NOT_ALLOWED),
        ("at an origin below", json!({ "allowedOrigins": "badges.example.org" }), OB2_ORIGIN_NOT_ALLOWED),
        ("at an origin above", json!({ "allowedOrigins": "example.com" }), OB2_ORIGIN_NOT_ALLOWED),
        (
            "here by its beginning and elsewhere by its origin",
            json!({ "startsWith": "https://example.org/", "allowedOrigins": "a.example" }),
            OB2_ORIGIN_NOT_ALLOWED,
        ),
    ] {
        let draft = hosted(format!("badges live {name}"), |w| w.issuer(put("/verification", policy)));
        all.push(draft.is(Altered, [code]));
    }
    for (name, policy, rule) in [
        (
            "an address as origin",
            json!({ "allowedOrigins": "https://example.org" }),
            "not_host_name issuer/verification/allowedOrigins",
        ),
        (
            "an origin with a port",
            json!({ "allowedOrigins": "example.org:443" }),
            "not_host_name issuer/verification/allowedOrigins",
        ),
        (
            "this machine as origin",
            json!({ "allowedOrigins": "localhost" }),
            "not_host_name issuer/verification/allowedOrigins",
        ),
        (
            "any origin",
            json!({ "allowedOrigins": "*.example.org" }),
            "not_host_name issuer/verification/allowedOrigins",
        ),
        (
            "a look-alike as origin",
            json!({ "allowedOrigins": "ex\u{430}mple.org" }),
            "not_host_name issuer/verification/allowedOrigins",
        ),
        ("a number as origin", json!({ "allowedOrigins": 3 }), "not_host_name issuer/verification/allowedOrigins"),
        ("a relative beginning", json!({ "startsWith": "/assertions/" }), "not_url issuer/verification/startsWith"),
        (
            "another property",
            json!({ "verificationProperty": "image" }),
            "unknown_verification_property issuer/verification/verificationProperty",
        ),
        ("an address in its place", json!("https://example.org/policy"), "not_embedded issuer/verification"),
    ] {
        let draft = hosted(format!("a policy with {name}"), |w| w.issuer(put("/verification", policy)));
        all.push(draft.breaks_and(rule, Altered, [OB2_POLICY_UNUSABLE]));
    }
    all
}

fn places() -> Vec<Mutant> {
    let mut all = Vec::new();
    for why in [Unanswered::NotFound, Unanswered::TimedOut, Unanswered::ServerError, Unanswered::Forbidden] {
        for draft in [
            hosted(format!("hosted, an issuer that did not come: {}", why.code()), |w| w.fails(ISSUER, why)),
            around(format!("signed, an issuer that did not come: {}", why.code()), |w| w.fails(ISSUER, why)),
        ] {
            all.push(draft.is(CouldNotCheck, [OB2_ISSUER_UNANSWERED]));
        }
    }
    all.push(hosted("an issuer that is gone", |w| w.gone(ISSUER, b"")).is(CouldNotCheck, [OB2_ISSUER_UNANSWERED]));
    all.push(
        hosted("an issuer that is a page", |w| w.bytes(ISSUER, b"<html></html>")).is(CouldNotCheck, [OB2_NOT_JSON]),
    );
    let evil = "https://evil.example/issuer";
    let draft = hosted("an issuer that says it is somebody else", |w| {
        w.issuer(|i| i["id"] = json!(evil));
        let mut other = issuer();
        other["id"] = json!(evil);
        w.says(evil, &other);
    });
    all.push(draft.is(Altered, [OB2_ORIGIN_NOT_ALLOWED]));
    let draft = hosted("two issuers that send to each other", |w| {
        w.issuer(|i| i["id"] = json!(evil));
        w.says(evil, &issuer());
    });
    all.push(draft.is(Altered, [OB2_IDS_DIFFER]));
    let draft = hosted("an embedded issuer without address", |w| {
        w.class(|c| {
            c["issuer"] = issuer();
            c["issuer"]["id"] = json!("urn:uuid:e79a6c18-787e-4868-8e65-e6a4530fb418");
        });
    });
    all.push(draft.is(CouldNotCheck, [OB2_ISSUER_NOT_VERIFIABLE]));
    all
}
