//! The key document changed, and which keys the issuer lists.

use checks::Unanswered;
use checks::Verdict::{Altered, CouldNotCheck};
use checks::codes::{
    OB2_IDS_DIFFER, OB2_KEY_NOT_LISTED, OB2_KEY_NOT_RSA, OB2_KEY_OWNER, OB2_KEY_UNANSWERED, OB2_KEY_UNUSABLE,
    OB2_NOT_FETCHABLE, OB2_NOT_JSON, SIGNATURE_MISMATCH,
};
use josekit::jwk::alg::{ec::EcCurve, ec::EcKeyPair, ed::EdCurve, ed::EdKeyPair};
use serde_json::{Value, json};

use super::{Mutant, around, put, signed, without};
use crate::world::*;

fn changed(name: &str, change: impl FnOnce(&mut Value)) -> super::Draft {
    around(format!("a key {name}"), |w| {
        let mut value = key(&MINE);
        change(&mut value);
        w.says(KEY, &value);
    })
}

pub(super) fn mutants() -> Vec<Mutant> {
    let mut all = documents();
    all.extend(listed());
    all
}

fn documents() -> Vec<Mutant> {
    let mut all = Vec::new();
    for member in ["type", "id", "owner", "publicKeyPem"] {
        all.push(changed(&format!("without {member}"), without(member)).is(Altered, [OB2_KEY_UNUSABLE]));
        let null = changed(&format!("with null as {member}"), |k| k[member] = Value::Null);
        all.push(null.is(Altered, [OB2_KEY_UNUSABLE]));
        if member != "id" {
            let number = changed(&format!("with a number as {member}"), |k| k[member] = json!(3));
            all.push(number.is(Altered, [OB2_KEY_UNUSABLE]));
        }
    }
    let pem = String::from_utf8(MINE.to_pem_public_key()).unwrap();
    let body = pem.lines().nth(1).unwrap();
    for (name, text) in [
        ("as RSA PUBLIC KEY", pem.replace("PUBLIC KEY", "RSA PUBLIC KEY")),
        ("as a private key", String::from_utf8(MINE.to_pem_private_key()).unwrap()),
        ("without its frame", body.to_owned()),
        ("cut short", pem.replacen(body, "", 1)),
        ("that is empty", String::new()),
        ("with two keys", format!("{pem}{pem}")),
    ] {
        all.push(
            changed(&format!("whose PEM is one {name}"), put("/publicKeyPem", json!(text)))
                .is(Altered, [OB2_KEY_UNUSABLE]),
        );
    }
    let ec = EcKeyPair::generate(EcCurve::P256).unwrap().to_pem_public_key();
    let ed = EdKeyPair::generate(EdCurve::Ed25519).unwrap().to_pem_public_key();
    for (name, text) in [("P-256", ec), ("Ed25519", ed)] {
        let text = String::from_utf8(text).unwrap();
        all.push(changed(&format!("of {name}"), put("/publicKeyPem", json!(text))).is(Altered, [OB2_KEY_NOT_RSA]));
    }
    let other = String::from_utf8(OTHER.to_pem_public_key()).unwrap();
    all.extend([
        changed("that is another", put("/publicKeyPem", json!(other))).is(Altered, [SIGNATURE_MISMATCH]),
        changed("of another owner", put("/owner", json!("https://evil.example/issuer"))).is(Altered, [OB2_KEY_OWNER]),
        changed("of an owner below", put("/owner", json!("https://example.org/issuer/2"))).is(Altered, [OB2_KEY_OWNER]),
        changed("of the same owner by http", put("/owner", json!("http://example.org/issuer")))
            .is(Altered, [OB2_KEY_OWNER]),
        changed("of a look-alike owner", put("/owner", json!("https://ex\u{430}mple.org/issuer")))
            .is(Altered, [OB2_KEY_OWNER]),
        changed("of two owners", put("/owner", json!([ISSUER, "https://evil.example/issuer"])))
            .is(Altered, [OB2_KEY_UNUSABLE]),
        changed("that is a Profile", put("/type", json!("Profile"))).is(Altered, [OB2_KEY_UNUSABLE]),
        changed("that says it is elsewhere, where nothing is", put("/id", json!("https://evil.example/key")))
            .is(CouldNotCheck, [OB2_KEY_UNANSWERED]),
        changed("that sends elsewhere and back", put("/id", json!("https://evil.example/key")))
            .within(|w| w.says("https://evil.example/key", &key(&MINE)))
            .is(Altered, [OB2_IDS_DIFFER]),
        around("a key that is gone", |w| w.gone(KEY, b"")).is(CouldNotCheck, [OB2_KEY_UNANSWERED]),
        around("a key that is a page", |w| w.bytes(KEY, b"<html></html>")).is(CouldNotCheck, [OB2_NOT_JSON]),
        around("a key that is bare PEM", |w| w.bytes(KEY, &MINE.to_pem_public_key())).is(CouldNotCheck, [OB2_NOT_JSON]),
    ]);
    for why in [Unanswered::NotFound, Unanswered::TimedOut, Unanswered::ServerError, Unanswered::Forbidden] {
        let draft = around(format!("a key that did not come: {}", why.code()), |w| w.fails(KEY, why));
        all.push(draft.is(CouldNotCheck, [OB2_KEY_UNANSWERED]));
    }
    all
}

fn listed() -> Vec<Mutant> {
    let second = "https://example.org/key2";
    let own = |w: &mut World, at: &str| {
        let mut value = key(&MINE);
        value["id"] = json!(at);
        w.says(at, &value);
    };
    vec![
        around("an issuer that lists no key", |w| w.issuer(without("publicKey"))).is(Altered, [OB2_KEY_NOT_LISTED]),
        around("an issuer that lists an empty list", |w| w.issuer(put("/publicKey", json!([]))))
            .is(Altered, [OB2_KEY_NOT_LISTED]),
        around("an issuer that lists another key", |w| w.issuer(put("/publicKey", json!(second))))
            .is(Altered, [OB2_KEY_NOT_LISTED]),
        around("an issuer that lists its key by http", |w| {
            w.issuer(put("/publicKey", json!("http://example.org/key")));
        })
        .is(Altered, [OB2_KEY_NOT_LISTED]),
        around("an issuer whose key is nobody's address", |w| {
            w.issuer(put("/publicKey", json!("urn:uuid:e79a6c18-787e-4868-8e65-e6a4530fb418")));
        })
        .is(Altered, [OB2_KEY_NOT_LISTED]),
        signed("a creator that is not listed", put("/verification/creator", json!(second)))
            .within(|w| own(w, second))
            .is(Altered, [OB2_KEY_NOT_LISTED]),
        signed("a creator at another host", put("/verification/creator", json!("https://evil.example/key")))
            .within(|w| own(w, "https://evil.example/key"))
            .is(Altered, [OB2_KEY_NOT_LISTED]),
        signed(
            "a creator of which the listed one is a beginning",
            put("/verification/creator", json!("https://example.org/key#2")),
        )
        .is(Altered, [OB2_KEY_NOT_LISTED]),
        signed("without creator, and a key nobody can fetch", put("/verification", json!({ "type": "signed" })))
            .within(|w| w.issuer(put("/publicKey", json!("urn:uuid:e79a6c18-787e-4868-8e65-e6a4530fb418"))))
            .is(CouldNotCheck, [OB2_NOT_FETCHABLE]),
        signed("without creator, and none of many keys is the one", put("/verification", json!({ "type": "signed" })))
            .within(|w| {
                let mut value = key(&OTHER);
                value["id"] = json!(second);
                w.says(second, &value);
                w.issuer(put("/publicKey", json!([second, second])));
            })
            .is(Altered, [SIGNATURE_MISMATCH]),
        signed("a creator that is a number", put("/verification/creator", json!(3)))
            .breaks("not_link assertion/verification/creator"),
        signed("a creator that is a word", put("/verification/creator", json!("key")))
            .breaks("not_iri assertion/verification/creator"),
        signed("two creators", put("/verification/creator", json!([KEY, second])))
            .breaks("not_single assertion/verification/creator"),
    ]
}
