//! The assertion changed: every member absent, null, of another type, twice; recipient, dates, verification.

use checks::Verdict::{Altered, CouldNotCheck, Expired, NotYetValid, Withdrawn};
use checks::codes::{
    CONTEXT_NOT_KEPT, DATE_UNREADABLE, ENDED, NOT_STARTED, OB2_NO_ADDRESS, OB2_NOT_FETCHABLE, OB2_PAYLOAD_NOT_JSON,
    OB2_RECIPIENT_DIFFERS, OB2_REVOKED, OB2_SIGNED_WITHOUT_JWS, OB2_VERIFICATION_UNKNOWN,
};
use serde_json::{Value, json};

use super::{Draft, Mutant, hosted, put, signed, without};
use crate::world::*;

pub(super) fn mutants() -> Vec<Mutant> {
    let mut all = members();
    all.extend(recipients());
    all.extend(dates());
    all.extend(verifications());
    all.extend(others());
    all
}

/// How a member is changed, the rule that breaks, and the change.
type Change<'a> = (&'a str, &'a str, Box<dyn Fn(&mut Value) + 'a>);

/// The same change of both kinds of badge.
fn both(name: &str, change: impl Fn(&mut Value)) -> [Draft; 2] {
    [hosted(format!("hosted: {name}"), |w| w.assertion(&change)), signed(format!("signed: {name}"), &change)]
}

fn members() -> Vec<Mutant> {
    let mut all = Vec::new();
    for (member, number, two) in [
        ("type", "wrong_type", ""),
        ("recipient", "not_link", "not_single"),
        ("badge", "not_link", "not_single"),
        ("issuedOn", "not_date_time", "not_single"),
        ("verification", "not_link", "not_single"),
    ] {
        let changes: [Change<'_>; 4] = [
            ("without", "missing_member", Box::new(without(member))),
            ("with null as", "missing_member", Box::new(move |a| a[member] = Value::Null)),
            ("with a number as", number, Box::new(move |a| a[member] = json!(3))),
            ("with two of", two, Box::new(move |a| a[member] = json!([a[member], a[member]]))),
        ];
        for (how, rule, change) in changes.into_iter().filter(|(_, rule, _)| !rule.is_empty()) {
            for draft in both(&format!("{how} {member}"), change) {
                let of_signed = draft.name.starts_with("signed");
                let rule = match rule {
                    // Neither the class nor any other.
                    "wrong_type" => "wrong_type assertion/type, ob2_type_not_iri assertion/type".to_owned(),
                    rule => format!("{rule} assertion/{member}"),
                };
                all.push(match member {
                    "issuedOn" => draft.breaks_and(&rule, CouldNotCheck, [DATE_UNREADABLE]),
                    // Whose word it would be is asked before its class is, and of a token before anything else.
                    "verification" if of_signed => draft.is(Altered, [OB2_VERIFICATION_UNKNOWN]),
                    "verification" => draft.breaks_and(&rule, Altered, [OB2_VERIFICATION_UNKNOWN]),
                    _ => draft.breaks(&rule),
                });
            }
        }
    }
    all
}

fn recipients() -> Vec<Mutant> {
    let to = |name: &str, pointer: &'static str, value: Value, rule: &str| {
        let draft = hosted(format!("a recipient {name}"), |w| w.assertion(put(pointer, value)));
        draft.breaks(&format!("{rule} assertion{pointer}"))
    };
    let digits = "ecf5409f3f4b91ab60cc5ef4c02aef7032354375e70cf4d8e43f6a1d29891942";
    let mut all = vec![
        to("that is an address", "/recipient", json!("https://example.org/me"), "not_embedded"),
        to("without identity", "/recipient/identity", Value::Null, "missing_member"),
        to("with a number as identity", "/recipient/identity", json!(3), "not_text"),
        to("hashed by SHA-1", "/recipient/identity", json!(format!("sha1${}", &digits[..40])), "not_identity_hash"),
        to(
            "with a hash cut short",
            "/recipient/identity",
            json!(format!("sha256${}", &digits[1..])),
            "not_identity_hash",
        ),
        to("with a bare hash", "/recipient/identity", json!(digits), "not_identity_hash"),
        to("in clear that says it is hashed", "/recipient/identity", json!("a@example.org"), "not_identity_hash"),
        to(
            "with another letter for a digit",
            "/recipient/identity",
            json!(format!("sha256$\u{435}{}", &digits[1..])),
            "not_identity_hash",
        ),
        hosted("a recipient hashed that says it is in clear", |w| w.assertion(put("/recipient/hashed", json!(false))))
            .breaks("hash_not_declared assertion/recipient/identity"),
        to("without hashed", "/recipient/hashed", Value::Null, "missing_member"),
        to("with hashed as text", "/recipient/hashed", json!("true"), "not_boolean"),
        to("without type", "/recipient/type", Value::Null, "missing_member"),
        to("of an unknown type", "/recipient/type", json!("name"), "unknown_recipient_type"),
        to("of a type that is none", "/recipient/type", json!("BadgeClass"), "unknown_recipient_type"),
        to("with a number as salt", "/recipient/salt", json!(3), "not_text"),
        to("with two salts", "/recipient/salt", json!(["deadsea", "redsea"]), "not_single"),
    ];
    let kinds =
        [("email", "nobody", "not_email"), ("url", "nobody", "not_url"), ("telephone", "02 35", "not_telephone")];
    for (kind, identity, rule) in kinds {
        let clear = json!({ "type": kind, "hashed": false, "identity": identity });
        let draft =
            hosted(format!("a recipient in clear that is no {kind}"), |w| w.assertion(put("/recipient", clear)));
        all.push(draft.breaks(&format!("{rule} assertion/recipient/identity")));
    }
    // It says something right about somebody else than the one asked about.
    let other = |name: &str, change: &dyn Fn(&mut Value)| {
        let draft = hosted(format!("asked about nobody@example.org, {name}"), |w| {
            w.recipient = Some("nobody@example.org".to_owned());
            w.assertion(change);
        });
        draft.is(CouldNotCheck, [OB2_RECIPIENT_DIFFERS])
    };
    all.extend([
        other("another salt", &|a| a["recipient"]["salt"] = json!("redsea")),
        other("no salt", &|a| drop(a["recipient"].as_object_mut().unwrap().remove("salt"))),
        other("another kind", &|a| a["recipient"]["type"] = json!("url")),
        other("another hash", &|a| a["recipient"]["identity"] = json!(format!("sha256${}", "0".repeat(64)))),
        other("the hash as MD5", &|a| a["recipient"]["identity"] = json!(format!("md5${}", &digits[..32]))),
        other("a look-alike in clear", &|a| {
            a["recipient"] = json!({ "type": "email", "hashed": false, "identity": "nob\u{43e}dy@example.org" });
        }),
    ]);
    all
}

fn dates() -> Vec<Mutant> {
    let mut all = Vec::new();
    for (name, value) in [
        ("without zone", json!("2026-01-31T23:59:59")),
        ("without time", json!("2026-01-31")),
        ("as a timestamp", json!(1_769_904_000)),
        ("as a timestamp in text", json!("1769904000")),
        ("in words", json!("yesterday")),
        ("of no calendar", json!("2026-02-30T00:00:00Z")),
        ("in another script", json!("２０２６-01-31T23:59:59Z")),
    ] {
        for draft in both(&format!("issued at a date {name}"), |a| a["issuedOn"] = value.clone()) {
            all.push(draft.breaks_and("not_date_time assertion/issuedOn", CouldNotCheck, [DATE_UNREADABLE]));
        }
        let draft = hosted(format!("an end at a date {name}"), |w| w.assertion(|a| a["expires"] = value.clone()));
        all.push(draft.breaks("not_date_time assertion/expires"));
    }
    for draft in both("issued tomorrow", |a| a["issuedOn"] = json!("2026-11-23T09:00:00Z")) {
        all.push(draft.is(NotYetValid, [NOT_STARTED]));
    }
    for draft in both("issued later today in another zone", |a| a["issuedOn"] = json!("2026-11-22T08:30:00-02:00")) {
        all.push(draft.is(NotYetValid, [NOT_STARTED]));
    }
    for draft in both("ended yesterday", |a| a["expires"] = json!("2026-11-21T09:00:00Z")) {
        all.push(draft.is(Expired, [ENDED]));
    }
    for draft in both("ended before it was issued", |a| a["expires"] = json!("2026-01-31T23:59:58Z")) {
        all.push(draft.breaks_and("expires_before_issued assertion/expires", Expired, [ENDED]));
    }
    all
}

fn verifications() -> Vec<Mutant> {
    let unknown = [
        ("of no known kind", json!({ "type": "TrustMe" })),
        ("of both kinds", json!({ "type": ["hosted", "signed"] })),
        ("of a kind in another case", json!({ "type": "hostedbadge" })),
        ("of a look-alike kind", json!({ "type": "h\u{43e}sted" })),
        ("of the kind of all", json!({ "type": "VerificationObject" })),
    ];
    let mut all = Vec::new();
    for (name, value) in unknown {
        let draft =
            hosted(format!("hosted, a verification {name}"), |w| w.assertion(put("/verification", value.clone())));
        all.push(draft.breaks_and(
            "unknown_verification_type assertion/verification/type",
            Altered,
            [OB2_VERIFICATION_UNKNOWN],
        ));
        let draft = signed(format!("signed, a verification {name}"), put("/verification", value));
        all.push(draft.is(Altered, [OB2_VERIFICATION_UNKNOWN]));
    }
    let draft = hosted("a verification that is empty", |w| w.assertion(put("/verification", json!({}))));
    all.push(draft.breaks_and("missing_member assertion/verification/type", Altered, [OB2_VERIFICATION_UNKNOWN]));
    let draft = hosted("a verification that is an address", |w| {
        w.assertion(put("/verification", json!("https://example.org/v")));
    });
    all.push(draft.breaks_and("not_embedded assertion/verification", Altered, [OB2_VERIFICATION_UNKNOWN]));
    let kind = json!({ "type": "SignedBadge", "creator": KEY });
    let draft = hosted("hosted that says it is signed", |w| w.assertion(put("/verification", kind)));
    all.push(draft.is(CouldNotCheck, [OB2_SIGNED_WITHOUT_JWS]));
    let draft =
        signed("signed that says it is hosted, and is nowhere", put("/verification", json!({ "type": "hosted" })));
    all.push(draft.is(CouldNotCheck, [OB2_NO_ADDRESS]));
    all
}

fn others() -> Vec<Mutant> {
    let to = |name: &str, pointer: &'static str, value: Value, rule: &str| {
        hosted(name, |w| w.assertion(put(pointer, value))).breaks(&format!("{rule} assertion{pointer}"))
    };
    let mut all = vec![
        to("of the type of its class", "/type", json!("BadgeClass"), "wrong_type"),
        hosted("of a type in another case", |w| w.assertion(put("/type", json!("assertion"))))
            .breaks("wrong_type assertion/type, ob2_type_not_iri assertion/type"),
        to("with a further type that is no address", "/type", json!(["Assertion", "Diploma"]), "type_not_iri"),
        to("with its picture as data", "/image", json!("data:image/png;base64,AA=="), "data_image"),
        to("with a relative picture", "/image", json!("1.png"), "not_url"),
        to("with a number as picture", "/image", json!(3), "not_link"),
        to("with a number as evidence", "/evidence", json!(3), "not_link"),
        to("with a number as narrative", "/narrative", json!(3), "not_text"),
        to("with revoked as text", "/revoked", json!("true"), "not_boolean"),
        to("with a relative class", "/badge", json!("classes/1"), "not_iri"),
        to("with an endorsement that is a number", "/endorsement", json!(3), "not_link"),
        to("with an id that is no address", "/id", json!("assertion-1"), "not_iri"),
        hosted("without id", |w| w.assertion(without("id"))).breaks("missing_member assertion/id"),
        hosted("without context", |w| w.assertion(without("@context"))).breaks_and(
            "missing_member assertion/verification",
            Altered,
            [OB2_VERIFICATION_UNKNOWN],
        ),
        hosted("with the context of 1.1", |w| w.assertion(put("/@context", json!("https://w3id.org/openbadges/v1"))))
            .breaks_and("missing_member assertion/verification", Altered, [OB2_VERIFICATION_UNKNOWN]),
        hosted("with a context that is not kept", |w| {
            w.assertion(put("/@context", json!([CONTEXT, "https://evil.example/context.json"])));
        })
        .is(CouldNotCheck, [CONTEXT_NOT_KEPT]),
        signed("signed with a context that is not kept", put("/@context", json!([CONTEXT, "https://evil.example/c"])))
            .is(CouldNotCheck, [CONTEXT_NOT_KEPT]),
        hosted("with a class nobody can fetch", |w| {
            w.assertion(put("/badge", json!("urn:uuid:e79a6c18-787e-4868-8e65-e6a4530fb418")));
        })
        .is(CouldNotCheck, [OB2_NOT_FETCHABLE]),
        signed("signed without id", without("id")).is(Altered, [OB2_PAYLOAD_NOT_JSON]),
    ];
    // A name that looks like a member's is another name.
    for (member, name, codes) in [
        ("issuedOn", "issued\u{39f}n", vec![DATE_UNREADABLE]),
        ("recipient", "recipi\u{435}nt", vec![]),
        ("badge", "b\u{430}dge", vec![]),
    ] {
        let draft = hosted(format!("with a look-alike of {member}"), |w| {
            w.assertion(|a| {
                let value = a[member].take();
                without(member)(a);
                a[name] = value;
            });
        });
        all.push(draft.breaks_and(&format!("missing_member assertion/{member}"), CouldNotCheck, codes));
    }
    // A local context that takes the words of the standard for its own (JSON-LD 1.1 protects nothing here).
    for (member, codes) in [("issuedOn", vec![DATE_UNREADABLE]), ("recipient", vec![])] {
        let draft = hosted(format!("with a context that gives {member} another meaning"), |w| {
            w.assertion(put("/@context", json!([CONTEXT, { member: "https://evil.example/terms#nothing" }])));
        });
        all.push(draft.breaks_and(&format!("missing_member assertion/{member}"), CouldNotCheck, codes));
    }
    for draft in both("that says it is revoked", |a| a["revoked"] = json!(true)) {
        all.push(draft.is(Withdrawn, [OB2_REVOKED]));
    }
    all
}
