//! VC-JWT: the header, the key it names, the signature and the way all is written.

use std::sync::LazyLock;

use checks::codes::{
    CONTROLLER_NOT_ISSUER, JWK_SET_UNANSWERED, JWK_SET_UNREADABLE, JWT_ALG_FORBIDDEN, JWT_ALG_NOT_READ, JWT_ENCODING,
    JWT_HEADER, JWT_KEY_MISSING, KEY_NOT_FOR_ASSERTION, KEY_NOT_VOUCHED, KEY_OF_ANOTHER, KEY_OUT_OF_DATES, KEY_PRIVATE,
    KEY_UNANSWERED, KEY_UNREADABLE, KEY_UNUSABLE, NOT_JSON, PROOF_KEY_KIND, SIGNATURE_MISMATCH,
};
use checks::{Need, Unanswered, Verdict};
use data_encoding::BASE64URL_NOPAD;
use josekit::jwk::KeyPair;
use josekit::jwk::alg::ec::{EcCurve, EcKeyPair};
use josekit::jwk::alg::rsa::RsaKeyPair;
use josekit::jws::JwsSigner;
use josekit::jws::alg::hmac::HmacJwsAlgorithm;
use serde_json::{Value, json};

use crate::Mutant;
use crate::tokens::{ISSUER, KID, header, jwk, key_set, payload, raw, sign, token, vouch};
use crate::world::{ORG, World, did};

/// A key of whoever attacks.
static THEIRS: LazyLock<EcKeyPair> = LazyLock::new(|| EcKeyPair::generate(EcCurve::P256).expect("a key"));
/// RSA as it was once thought long enough.
static SHORT: LazyLock<RsaKeyPair> = LazyLock::new(|| RsaKeyPair::generate(1024).expect("a key"));

pub(crate) fn mutants() -> Vec<Mutant> {
    let mut all = algorithms();
    all.extend(confusions());
    all.extend(headers());
    all.extend(kids());
    all.extend(listed_keys());
    all.extend(dids());
    all.extend(signatures());
    all.extend(writings());
    all
}

fn vouched(alg: &str) -> World {
    let mut world = World::new();
    vouch(&mut world, alg);
    world
}

fn public(key: &impl KeyPair) -> Value {
    Value::Object(key.to_jwk_public_key().as_ref().clone())
}

/// Signed by ES256 with whatever header, in a world that vouches for that key.
fn with_header(name: &str, header: &Value, verdict: Verdict, code: &'static str) -> Mutant {
    let world = vouched("ES256");
    let text = token("ES256", header, &payload(&world));
    Mutant::of(format!("a token with {name}"), text, verdict, [code]).within(world).alone()
}

fn algorithms() -> Vec<Mutant> {
    let with = |alg: Value, verdict: Verdict, code: &'static str| {
        with_header(&format!("the algorithm {alg}"), &json!({ "alg": alg, "kid": KID }), verdict, code)
    };
    let mut all: Vec<Mutant> = ["none", "None", "nOnE", "", "HS256", "HS384", "HS512", "hs256"]
        .into_iter()
        .map(|alg| with(json!(alg), Verdict::Altered, JWT_ALG_FORBIDDEN))
        .collect();
    for alg in ["PS256", "ES256K", "ES256 ", "EdDSA2", "dir", "RSA1_5"] {
        all.push(with(json!(alg), Verdict::CouldNotCheck, JWT_ALG_NOT_READ));
    }
    for alg in [json!("es256"), json!("rs256"), json!(7), json!(["ES256"]), json!(null)] {
        all.push(with(alg, Verdict::Altered, JWT_HEADER));
    }
    all.push(with_header("no algorithm", &json!({ "kid": KID }), Verdict::Altered, JWT_HEADER));
    let world = vouched("ES256");
    let text = token("ES256", &json!({ "alg": "none", "kid": KID }), &payload(&world));
    let unsigned = format!("{}.", text.rsplit_once('.').expect("parts").0);
    all.push(
        Mutant::of("a token without signature", unsigned, Verdict::Altered, [JWT_ALG_FORBIDDEN]).within(world).alone(),
    );
    all
}

/// The public key as a shared secret; a key of one kind under the algorithm of another.
fn confusions() -> Vec<Mutant> {
    let mut all = Vec::new();
    let world = vouched("RS256");
    let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
    for (alg, algorithm) in [("HS256", HmacJwsAlgorithm::Hs256), ("HS512", HmacJwsAlgorithm::Hs512)] {
        let input = format!("{}.{}", part(&header(alg)), part(&payload(&world)));
        for (what, secret) in [("JWK", jwk("RS256").to_string()), ("modulus", jwk("RS256")["n"].to_string())] {
            let padded = format!("{secret:<128}");
            let signer = algorithm.signer_from_bytes(padded.as_bytes()).expect("a signer");
            let signature = BASE64URL_NOPAD.encode(&signer.sign(input.as_bytes()).expect("a signature"));
            let name = format!("{alg} with the public {what} as secret");
            all.push(
                Mutant::of(name, format!("{input}.{signature}"), Verdict::Altered, [JWT_ALG_FORBIDDEN])
                    .within(vouched("RS256"))
                    .alone(),
            );
        }
    }
    let kinds = ["RS256", "ES256", "ES384", "EdDSA"];
    for listed in kinds {
        for said in kinds.into_iter().filter(|said| *said != listed) {
            // Signed well by the key that is listed, under another algorithm's name.
            let text = token(listed, &header(said), &payload(&world));
            all.push(
                Mutant::of(format!("{said} said of a key of {listed}"), text, Verdict::Altered, [PROOF_KEY_KIND])
                    .within(vouched(listed))
                    .alone(),
            );
        }
    }
    for said in ["RS384", "RS512"] {
        let text = token("RS256", &header(said), &payload(&world));
        all.push(
            Mutant::of(format!("{said} said of a signature by RS256"), text, Verdict::Altered, [SIGNATURE_MISMATCH])
                .within(vouched("RS256"))
                .alone(),
        );
    }
    all
}

fn headers() -> Vec<Mutant> {
    let with = |name: &str, member: &str, value: Value, code: &'static str| {
        let mut header = header("ES256");
        header[member] = value;
        with_header(name, &header, Verdict::Altered, code)
    };
    let mut all = vec![
        with("critical extensions", "crit", json!(["exp"]), JWT_HEADER),
        with("an empty list of critical extensions", "crit", json!([]), JWT_HEADER),
        with("the type of an access token", "typ", json!("at+jwt"), JWT_HEADER),
        with("the type of a presentation", "typ", json!("vp+jwt"), JWT_HEADER),
        with("a type that is a number", "typ", json!(1), JWT_HEADER),
        with("a key id that is a number", "kid", json!(1), JWT_HEADER),
        with("a key id that is an object", "kid", json!({ "kid": KID }), JWT_HEADER),
        with("an empty key id", "kid", json!(""), JWT_HEADER),
        with("a key id without end", "kid", json!("k".repeat(3000)), JWT_HEADER),
        with("two keys", "jwk", jwk("ES256"), JWT_HEADER),
        with_header(
            "an unencoded payload",
            &json!({ "alg": "ES256", "kid": KID, "b64": false, "crit": ["b64"] }),
            Verdict::Altered,
            JWT_HEADER,
        ),
        with_header("no key", &json!({ "alg": "ES256", "typ": "JWT" }), Verdict::Altered, JWT_KEY_MISSING),
    ];
    for (name, text) in [
        ("the algorithm twice", format!(r#"{{"alg":"ES256","kid":"{KID}","alg":"none"}}"#)),
        ("the key id twice", format!(r#"{{"alg":"ES256","kid":"{KID}","kid":"https://other.example/keys/1"}}"#)),
        ("a header that is cut", format!(r#"{{"alg":"ES256","kid":"{KID}""#)),
    ] {
        let world = vouched("ES256");
        let text = raw("ES256", &text, &payload(&world).to_string());
        all.push(
            Mutant::of(format!("a token with {name}"), text, Verdict::Altered, [JWT_HEADER]).within(world).alone(),
        );
    }
    all
}

/// Keys that the header brings or names, and nobody vouches for.
fn kids() -> Vec<Mutant> {
    let theirs = |header: &Value| {
        let world = World::new();
        let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
        let input = format!("{}.{}", part(header), part(&payload(&world)));
        let signer = josekit::jws::ES256.signer_from_der(THEIRS.to_der_private_key()).expect("a signer");
        format!("{input}.{}", BASE64URL_NOPAD.encode(&signer.sign(input.as_bytes()).expect("a signature")))
    };
    let altered = |name: &str, header: Value, code: &'static str| {
        let mut world = vouched("ES256");
        for url in ["https://attacker.example/keys/1", "https://skills.example/keys/1#theirs"] {
            world.says(Need::Jwk { url: url.to_owned() }, &public(&*THEIRS));
        }
        Mutant::of(format!("their token with {name}"), theirs(&header), Verdict::Altered, [code]).within(world).alone()
    };
    let key = |change: &dyn Fn(&mut Value)| {
        let mut key = public(&*THEIRS);
        change(&mut key);
        json!({ "alg": "ES256", "jwk": key })
    };
    let kid = |kid: &str| json!({ "alg": "ES256", "kid": kid });
    let mut off_curve = vec![0; 32];
    off_curve[31] = 1;
    let off_curve = BASE64URL_NOPAD.encode(&off_curve);
    vec![
        altered("their key in the header", key(&|_| {}), KEY_NOT_VOUCHED),
        altered("their key in the header, under our id", key(&|key| key["kid"] = json!(KID)), KEY_NOT_VOUCHED),
        altered("their key at their own address", kid("https://attacker.example/keys/1"), KEY_NOT_VOUCHED),
        altered("our id", kid(KID), SIGNATURE_MISMATCH),
        altered("our id and another fragment", kid("https://skills.example/keys/1#theirs"), KEY_NOT_VOUCHED),
        altered("a fragment alone", kid("#1"), KEY_NOT_VOUCHED),
        altered("a file name", kid("../../../etc/passwd"), KEY_NOT_VOUCHED),
        altered("a query of a database", kid("x' union select 'key"), KEY_NOT_VOUCHED),
        altered("a DID for an https issuer", kid("did:web:attacker.example#key"), KEY_NOT_VOUCHED),
        altered("their private key in the header", key(&|key| key["d"] = json!("AAAA")), KEY_PRIVATE),
        altered(
            "a shared secret in the header",
            json!({ "alg": "ES256", "jwk": { "kty": "oct", "k": "AAAA" } }),
            KEY_PRIVATE,
        ),
        altered("a key of an unknown kind", json!({ "alg": "ES256", "jwk": { "kty": "oct" } }), KEY_UNUSABLE),
        altered("a point off the curve", key(&|key| key["x"] = json!(off_curve)), KEY_UNUSABLE),
        altered("a short point", key(&|key| key["x"] = json!("AQ")), KEY_UNUSABLE),
        altered("a key for encrypting", key(&|key| key["use"] = json!("enc")), KEY_UNUSABLE),
        altered("a key for signing alone", key(&|key| key["key_ops"] = json!(["sign"])), KEY_UNUSABLE),
        altered("RSA of 1024 bits", json!({ "alg": "RS256", "jwk": public(&*SHORT) }), KEY_UNUSABLE),
        altered(
            "RSA with the exponent 1",
            {
                let mut key = jwk("RS256");
                key["e"] = json!("AQ");
                json!({ "alg": "RS256", "jwk": key })
            },
            KEY_UNUSABLE,
        ),
    ]
}

/// What the issuer's host says of the key.
fn listed_keys() -> Vec<Mutant> {
    let text = token("ES256", &header("ES256"), &payload(&World::new()));
    let listed = |name: &str, verdict: Verdict, code: &'static str, set: Value| {
        let mut world = World::new();
        world.says(key_set(), &set);
        Mutant::of(format!("a host that lists {name}"), &text, verdict, [code]).within(world).alone()
    };
    let ours = |change: &dyn Fn(&mut Value)| {
        let mut key = jwk("ES256");
        key["kid"] = json!(KID);
        change(&mut key);
        key
    };
    let other = |kid: &str| {
        let mut key = public(&*THEIRS);
        key["kid"] = json!(kid);
        key
    };
    let mut short = public(&*SHORT);
    short["kid"] = json!(KID);
    let doubt = Verdict::CouldNotCheck;
    let mut all = vec![
        listed(
            "the key for another issuer",
            Verdict::Altered,
            KEY_OF_ANOTHER,
            json!({ "keys": [ours(&|key| key["iss"] = json!("https://skills.example/other"))] }),
        ),
        listed("another key under this id", Verdict::Altered, SIGNATURE_MISMATCH, json!({ "keys": [other(KID)] })),
        listed("two keys under this id", doubt, JWK_SET_UNREADABLE, json!({ "keys": [ours(&|_| {}), other(KID)] })),
        listed("no key, nor what stands at its address", doubt, KEY_UNANSWERED, json!({ "keys": [] })),
        listed("something else than keys", doubt, JWK_SET_UNREADABLE, json!({ "keys": "none" })),
        listed("one key instead of a set", doubt, JWK_SET_UNREADABLE, ours(&|_| {})),
        listed("a key of RSA of 1024 bits", Verdict::Altered, KEY_UNUSABLE, json!({ "keys": [short] })),
        listed(
            "the private key",
            Verdict::Altered,
            KEY_PRIVATE,
            json!({ "keys": [ours(&|key| key["d"] = json!("AAAA"))] }),
        ),
        listed(
            "the key for another algorithm",
            Verdict::Altered,
            KEY_UNUSABLE,
            json!({ "keys": [ours(&|key| key["alg"] = json!("RS256"))] }),
        ),
        listed("more keys than are read", doubt, JWK_SET_UNREADABLE, json!({ "keys": vec![json!({}); 4097] })),
    ];
    for (name, answer, code) in [
        ("that is a page", Ok("<!doctype html>".to_owned()), JWK_SET_UNREADABLE),
        ("that did not come", Err(Unanswered::TimedOut), JWK_SET_UNANSWERED),
    ] {
        let mut world = World::new();
        world.answers.insert(key_set(), answer);
        all.push(Mutant::of(format!("a key set {name}"), &text, doubt, [code]).within(world).alone());
    }
    let mut world = World::new();
    world.says(key_set(), &json!({ "keys": [] }));
    world.says(Need::Jwk { url: KID.to_owned() }, &json!({ "keys": [ours(&|_| {})] }));
    all.push(Mutant::of("a set where one key should be", &text, doubt, [KEY_UNREADABLE]).within(world).alone());
    all
}

/// An issuer that is a DID: its document alone says which keys are its own.
fn dids() -> Vec<Mutant> {
    let method = format!("{ORG}#key");
    let with = |name: &str, code: &'static str, kid: &str, change: &dyn Fn(&mut Value)| {
        let mut world = World::new();
        let mut value = payload(&world);
        (value["issuer"]["id"], value["iss"]) = (json!(ORG), json!(ORG));
        let mut document = json!({
            "@context": "https://www.w3.org/ns/did/v1", "id": ORG,
            "verificationMethod": [{ "id": method, "type": "JsonWebKey", "controller": ORG, "publicKeyJwk": jwk("ES256") }],
            "assertionMethod": [method],
        });
        change(&mut document);
        world.says(did(ORG), &document);
        let text = token("ES256", &json!({ "alg": "ES256", "kid": kid }), &value);
        Mutant::of(format!("a DID's token {name}"), text, Verdict::Altered, [code]).within(world).alone()
    };
    vec![
        with("with another DID's key", CONTROLLER_NOT_ISSUER, "did:web:livret.example:o:r4m8t2wz#key", &|_| {}),
        with("with a key of another controller", CONTROLLER_NOT_ISSUER, &method, &|document| {
            document["verificationMethod"][0]["controller"] = json!("did:web:other.example");
        }),
        with("with a key that is not for attesting", KEY_NOT_FOR_ASSERTION, &method, &|document| {
            document["assertionMethod"] = json!([]);
            document["authentication"] = json!([method]);
        }),
        with("with a revoked key", KEY_OUT_OF_DATES, &method, &|document| {
            document["verificationMethod"][0]["revoked"] = json!("2026-11-01T00:00:00Z");
        }),
        with("with a burnt key", KEY_PRIVATE, &method, &|document| {
            document["verificationMethod"][0]["publicKeyJwk"]["d"] = json!("AAAA");
        }),
        with("with another key under this id", SIGNATURE_MISMATCH, &method, &|document| {
            document["verificationMethod"][0]["publicKeyJwk"] = public(&*THEIRS);
        }),
    ]
}

/// The same text, another signature.
fn signatures() -> Vec<Mutant> {
    let mut all = Vec::new();
    for alg in ["ES256", "RS256", "EdDSA", "ES384"] {
        let world = World::new();
        let text = token(alg, &header(alg), &payload(&world));
        let (input, signature) = text.rsplit_once('.').expect("parts");
        let bytes = BASE64URL_NOPAD.decode(signature.as_bytes()).expect("base64url");
        let half = bytes.len() / 2;
        let cut = bytes[..bytes.len() - 1].to_vec();
        let longer = [bytes.as_slice(), &[0]].concat();
        let leading = [&[0], bytes.as_slice()].concat();
        let mut flipped = bytes.clone();
        flipped[half] ^= 1;
        let swapped = [&bytes[half..], &bytes[..half]].concat();
        let zeros = vec![0; bytes.len()];
        let ones = vec![0xff; bytes.len()];
        let of_other = sign(alg, b"another text");
        let mut tricks = vec![
            ("cut by a byte", cut),
            ("with a byte more", longer),
            ("with a zero before it", leading),
            ("with one bit flipped", flipped),
            ("whose halves are swapped", swapped),
            ("of zeros", zeros),
            ("of ones", ones),
            ("of another text", of_other),
            ("that is empty", Vec::new()),
        ];
        if alg == "EdDSA" {
            tricks.push(("whose s has the group's order added", plus_order(&bytes)));
        }
        if alg == "ES256" {
            tricks.push(("in DER", der(&bytes)));
        }
        for (name, bytes) in tricks {
            let text = format!("{input}.{}", BASE64URL_NOPAD.encode(&bytes));
            let name = format!("a signature by {alg} {name}");
            all.push(Mutant::of(name, text, Verdict::Altered, [SIGNATURE_MISMATCH]).within(vouched(alg)).alone());
        }
    }
    all
}

/// s + L: the same signature to a reader that forgets RFC 8032 §5.1.7.
fn plus_order(signature: &[u8]) -> Vec<u8> {
    const ORDER: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let mut changed = signature.to_vec();
    let mut carry = 0;
    for (byte, order) in changed[32..].iter_mut().zip(ORDER) {
        let sum = u16::from(*byte) + u16::from(order) + carry;
        *byte = u8::try_from(sum & 0xff).expect("a byte");
        carry = sum >> 8;
    }
    changed
}

/// r and s as X.509 writes them.
fn der(signature: &[u8]) -> Vec<u8> {
    let number = |bytes: &[u8]| [&[2, 33, 0], bytes].concat();
    let inner = [number(&signature[..32]), number(&signature[32..])].concat();
    [&[0x30, u8::try_from(inner.len()).expect("short")], inner.as_slice()].concat()
}

/// Base64url in ways that two readers could read differently.
fn writings() -> Vec<Mutant> {
    let world = World::new();
    let text = token("ES256", &header("ES256"), &payload(&world));
    let parts: Vec<&str> = text.split('.').collect();
    let [head, body, signature] = parts[..] else { unreachable!("three parts") };
    // The last sign of 64 bytes has four bits that mean nothing.
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let last = signature.chars().last().expect("a sign");
    let spare = alphabet.chars().nth(alphabet.find(last).expect("a sign") + 1).expect("a sign");
    let spare = format!("{}{spare}", &signature[..signature.len() - 1]);
    let doubt = Verdict::CouldNotCheck;
    let rows = [
        ("a padded signature", format!("{head}.{body}.{signature}=="), Verdict::Altered, JWT_ENCODING),
        ("a padded payload", format!("{head}.{body}=.{signature}"), doubt, JWT_ENCODING),
        ("a padded header", format!("{head}=.{body}.{signature}"), doubt, JWT_ENCODING),
        ("spare bits", format!("{head}.{body}.{spare}"), doubt, JWT_ENCODING),
        ("one sign too many", format!("{head}.{body}A.{signature}AAA"), doubt, JWT_ENCODING),
        ("the signs of base64", format!("{head}.{body}.+/{}", &signature[2..]), doubt, NOT_JSON),
        ("a line break inside", format!("{head}.{body}\n.{signature}"), doubt, NOT_JSON),
        ("a fourth part", format!("{text}.{signature}"), doubt, NOT_JSON),
        ("two parts", format!("{head}.{body}"), doubt, NOT_JSON),
        ("no payload", format!("{head}..{signature}"), Verdict::Altered, checks::codes::OB2_PAYLOAD_NOT_JSON),
    ];
    let of = |(name, text, verdict, code): (&str, String, Verdict, &'static str)| {
        Mutant::of(format!("a token with {name}"), text, verdict, [code]).within(vouched("ES256")).alone()
    };
    assert_eq!(payload(&world)["iss"], ISSUER);
    rows.into_iter().map(of).collect()
}
