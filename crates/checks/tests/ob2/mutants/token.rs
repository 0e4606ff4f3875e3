//! The signature changed: algorithms, headers, keys, payloads, who claims what.

use checks::Verdict::{Altered, CouldNotCheck};
use checks::codes::{
    JSON_LD_FAULT, JWT_ENCODING, JWT_HEADER, NOT_JSON, OB2_ALG_REFUSED, OB2_ASSERTION_UNANSWERED, OB2_KEY_NOT_LISTED,
    OB2_ORIGIN_NOT_ALLOWED, OB2_PAYLOAD_NOT_JSON, SIGNATURE_MISMATCH,
};
use data_encoding::BASE64URL_NOPAD;
use josekit::jws::{HS256, JwsHeader, RS256};
use serde_json::{Value, json};

use super::{Mutant, put, token};
use crate::world::*;

pub(super) fn mutants() -> Vec<Mutant> {
    let mut all = algorithms();
    all.extend(headers());
    all.extend(signatures());
    all.extend(payloads());
    all.extend(claims());
    all
}

/// These parts, as a token.
fn of(header: &Value, payload: &Value, signature: &[u8]) -> String {
    let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
    format!("{}.{}.{}", part(header), part(payload), BASE64URL_NOPAD.encode(signature))
}

fn algorithms() -> Vec<Mutant> {
    let mut all = Vec::new();
    for alg in ["none", "None", "HS256", "HS512", "ES256", "EdDSA", "PS256", "rs256", "RS-256", "RS1", "", "RSA-OAEP"] {
        for (how, signature) in [("without signature", &b""[..]), ("with a signature", &[1; 256])] {
            let text = of(&json!({ "alg": alg }), &signed_assertion(), signature);
            all.push(token(format!("alg {alg:?} {how}"), text).is(Altered, [OB2_ALG_REFUSED]));
        }
    }
    // The public key as the secret: what a reader would verify who trusts the header's algorithm.
    for (how, secret) in [("as PEM", MINE.to_pem_public_key()), ("as DER", MINE.to_der_public_key())] {
        let signer = HS256.signer_from_bytes(secret).unwrap();
        let text =
            josekit::jws::serialize_compact(signed_assertion().to_string().as_bytes(), &JwsHeader::new(), &signer);
        all.push(token(format!("HS256 by the public key {how}"), text.unwrap()).is(Altered, [OB2_ALG_REFUSED]));
    }
    all.push(
        token("no alg", of(&json!({ "typ": "JWT" }), &signed_assertion(), &[1; 256])).is(Altered, [OB2_ALG_REFUSED]),
    );
    all
}

/// Signed by a stranger's key that the header names.
fn by_a_stranger(header: &JwsHeader) -> String {
    let signer = RS256.signer_from_pem(OTHER.to_pem_private_key()).unwrap();
    josekit::jws::serialize_compact(signed_assertion().to_string().as_bytes(), header, &signer).unwrap()
}

fn headers() -> Vec<Mutant> {
    let mut all = Vec::new();
    let jwk = OTHER.to_jwk_public_key();
    let mut with_jwk = JwsHeader::new();
    with_jwk.set_jwk(jwk);
    let mut with_jku = JwsHeader::new();
    with_jku.set_jwk_set_url("https://evil.example/jwks.json");
    let mut with_x5u = JwsHeader::new();
    with_x5u.set_x509_url("https://evil.example/cert.pem");
    let mut with_kid = JwsHeader::new();
    with_kid.set_key_id("https://evil.example/key");
    for (name, header) in [("jwk", with_jwk), ("jku", with_jku), ("x5u", with_x5u), ("kid", with_kid)] {
        let draft = token(format!("a stranger's key named by {name}"), by_a_stranger(&header)).within(|w| {
            w.says("https://evil.example/key", &key(&OTHER));
        });
        all.push(draft.is(Altered, [SIGNATURE_MISMATCH]));
    }
    for (name, header) in [
        ("with critical extensions", json!({ "alg": "RS256", "crit": ["exp"], "exp": 1 })),
        ("with a payload that is not encoded", json!({ "alg": "RS256", "b64": false, "crit": ["b64"] })),
    ] {
        let text = of(&header, &signed_assertion(), &[1; 256]);
        all.push(token(format!("a header {name}"), text).is(Altered, [JWT_HEADER]));
    }
    for (name, header) in [("that is empty", json!({})), ("that is a list", json!(["RS256"]))] {
        let text = of(&header, &signed_assertion(), &[1; 256]);
        all.push(token(format!("a header {name}"), text).is(CouldNotCheck, [NOT_JSON]));
    }
    let twice = format!(
        "{}.{}.{}",
        BASE64URL_NOPAD.encode(br#"{"alg":"RS256","alg":"none"}"#),
        BASE64URL_NOPAD.encode(signed_assertion().to_string().as_bytes()),
        BASE64URL_NOPAD.encode(&[1; 256])
    );
    all.push(token("a header that says alg twice", twice).is(Altered, [JWT_HEADER]));
    all
}

fn signatures() -> Vec<Mutant> {
    let text = jws(&signed_assertion());
    let (input, signature) = text.rsplit_once('.').unwrap();
    let bytes = BASE64URL_NOPAD.decode(signature.as_bytes()).unwrap();
    let with = |bytes: &[u8]| format!("{input}.{}", BASE64URL_NOPAD.encode(bytes));
    let mut flipped = bytes.clone();
    flipped[0] ^= 1;
    let other = jws_with(signed_assertion().to_string().as_bytes(), &OTHER, RS256);
    let of_another_text = jws(&json!({ "another": "text" }));
    let mut all = vec![
        token("a signature of one bit more", with(&flipped)).is(Altered, [SIGNATURE_MISMATCH]),
        token("a signature cut short", with(&bytes[1..])).is(Altered, [SIGNATURE_MISMATCH]),
        token("a signature with a byte more", with(&[&bytes[..], &[0]].concat())).is(Altered, [SIGNATURE_MISMATCH]),
        token("no signature", format!("{input}.")).is(Altered, [SIGNATURE_MISMATCH]),
        token("a signature of zeros", with(&[0; 256])).is(Altered, [SIGNATURE_MISMATCH]),
        token("a signature by another key", other).is(Altered, [SIGNATURE_MISMATCH]),
        token("the signature of another text", format!("{input}.{}", of_another_text.rsplit_once('.').unwrap().1))
            .is(Altered, [SIGNATURE_MISMATCH]),
        token("signed as RS512, said to be RS256", {
            let (_, rest) =
                rs512(&signed_assertion()).split_once('.').map(|(h, r)| (h.to_owned(), r.to_owned())).unwrap();
            format!("{}.{rest}", BASE64URL_NOPAD.encode(br#"{"alg":"RS256"}"#))
        })
        .is(Altered, [SIGNATURE_MISMATCH]),
        token("a signature in another base64", format!("{input}.{}+/", &signature[..signature.len() - 2]))
            .is(CouldNotCheck, [NOT_JSON]),
        token("two parts", input.to_owned()).is(CouldNotCheck, [NOT_JSON]),
        token("four parts", format!("{text}.AAAA")).is(CouldNotCheck, [NOT_JSON]),
    ];
    // Base64url has one writing: the last sign of 342 carries four bits that count.
    let last = signature.chars().next_back().unwrap();
    let twin = ["AB", "QR", "gh", "wx"].iter().find(|pair| pair.starts_with(last)).map(|pair| &pair[1..]).unwrap();
    let malleable = format!("{input}.{}{twin}", &signature[..signature.len() - 1]);
    all.push(token("a signature in another writing", malleable).is(CouldNotCheck, [JWT_ENCODING]));
    all
}

/// Every text of the payload changed after signing; and payloads that are none.
fn payloads() -> Vec<Mutant> {
    let mut all = Vec::new();
    let text = jws(&signed_assertion());
    let parts: Vec<&str> = text.split('.').collect();
    let signed_over = |payload: &[u8]| format!("{}.{}.{}", parts[0], BASE64URL_NOPAD.encode(payload), parts[2]);
    for (name, pointer, value) in [
        ("recipient", "/recipient/identity", json!(format!("sha256${}", "0".repeat(64)))),
        ("salt", "/recipient/salt", json!("redsea")),
        ("date", "/issuedOn", json!("2020-01-31T23:59:59Z")),
        ("end", "/expires", json!("2036-01-31T23:59:59Z")),
        ("id", "/id", json!("urn:uuid:e79a6c18-787e-4868-8e65-e6a4530fb418")),
        ("narrative", "/narrative", json!("Doctor of Medicine")),
        ("evidence", "/evidence", json!("https://evil.example/proof")),
        ("unknown member", "/unknown", json!(1)),
    ] {
        let mut payload = signed_assertion();
        put(pointer, value)(&mut payload);
        let changed = signed_over(payload.to_string().as_bytes());
        all.push(token(format!("another {name} than was signed"), changed).is(Altered, [SIGNATURE_MISMATCH]));
    }
    // The same JSON in other bytes.
    let spaced = serde_json::to_string_pretty(&signed_assertion()).unwrap();
    all.push(token("the same payload with spaces", signed_over(spaced.as_bytes())).is(Altered, [SIGNATURE_MISMATCH]));
    for (name, payload) in [
        ("no JSON", &b"not json"[..]),
        ("nothing", b""),
        ("a list", b"[1]"),
        ("a text", b"\"https://example.org/assertions/1\""),
        ("no UTF-8", b"\xff\xfe"),
        ("half a badge", &signed_assertion().to_string().into_bytes()[..200]),
    ] {
        let draft = token(format!("signed over {name}"), jws_with(payload, &MINE, RS256));
        all.push(draft.is(Altered, [OB2_PAYLOAD_NOT_JSON]));
    }
    let twice = signed_assertion().to_string().replacen('{', r#"{"id":"urn:uuid:1","#, 1);
    let draft = token("signed over a member twice", jws_with(twice.as_bytes(), &MINE, RS256));
    all.push(draft.is(Altered, [OB2_PAYLOAD_NOT_JSON]));
    let bad = put("/@context", json!([CONTEXT, { "x": 3 }]));
    let mut payload = signed_assertion();
    bad(&mut payload);
    all.push(token("signed over a context that is none", jws(&payload)).is(CouldNotCheck, [JSON_LD_FAULT]));
    all
}

/// Strangers who claim to be the issuer, and issuers who claim another's class.
fn claims() -> Vec<Mutant> {
    let evil = "https://evil.example/issuer";
    let by_a_stranger = |value: &Value| jws_with(value.to_string().as_bytes(), &OTHER, RS256);
    let mut embedded = signed_assertion();
    embedded["badge"] = class();
    embedded["badge"]["issuer"] = issuer();
    embedded["badge"]["issuer"]["publicKey"] = key(&OTHER);
    let mut own_key = embedded.clone();
    own_key["badge"]["id"] = json!("urn:uuid:e79a6c18-787e-4868-8e65-e6a4530fb418");
    own_key["badge"]["issuer"]["publicKey"]["id"] = json!("https://evil.example/key");
    own_key["verification"]["creator"] = json!("https://evil.example/key");
    let mut of_another = signed_assertion();
    of_another["verification"]["creator"] = json!("https://evil.example/key");
    let mut hosted = assertion();
    hosted["id"] = json!("https://evil.example/assertions/1");
    let mut other_class = signed_assertion();
    other_class["badge"] = json!("https://evil.example/classes/1");
    vec![
        token("a profile embedded with a stranger's key", by_a_stranger(&embedded)).is(Altered, [SIGNATURE_MISMATCH]),
        token("a class and a profile embedded with a stranger's key of its own address", by_a_stranger(&own_key))
            .is(Altered, [OB2_KEY_NOT_LISTED]),
        token("a stranger who has a profile of its own and takes the issuer's class", by_a_stranger(&of_another))
            .within(|w| {
                let (mut profile, mut of_evil) = (issuer(), key(&OTHER));
                profile["id"] = json!(evil);
                profile["publicKey"] = json!("https://evil.example/key");
                of_evil["id"] = json!("https://evil.example/key");
                of_evil["owner"] = json!(evil);
                w.says(evil, &profile);
                w.says("https://evil.example/key", &of_evil);
            })
            .is(Altered, [OB2_KEY_NOT_LISTED]),
        token("a stranger's class that names the issuer", by_a_stranger(&other_class))
            .within(|w| {
                let mut stolen = class();
                stolen["id"] = json!("https://evil.example/classes/1");
                w.says("https://evil.example/classes/1", &stolen);
            })
            .is(Altered, [SIGNATURE_MISMATCH]),
        token("an envelope by a stranger around a badge of the stranger's host", by_a_stranger(&hosted))
            .within(|w| w.says("https://evil.example/assertions/1", &hosted))
            .is(Altered, [OB2_ORIGIN_NOT_ALLOWED]),
        token("an envelope around a hosted badge that is not there", by_a_stranger(&hosted))
            .is(CouldNotCheck, [OB2_ASSERTION_UNANSWERED]),
    ]
}
