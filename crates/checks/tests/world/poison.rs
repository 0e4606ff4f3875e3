//! Small and large texts made to cost a judge more than they are worth. `tests/bounded.rs` says how each is refused,
//! `examples/poison_rate.rs` how long that takes.

use std::io::Write;

use checks::Need;
use checks::codes::{
    CARRIER_BROKEN, JSON_SYNTAX, JSON_TOO_DEEP, JSON_TOO_LARGE, JWK_SET_UNREADABLE, KEY_NOT_LISTED,
    NAMED_SCHEMA_UNREADABLE, NO_BADGE_IN_PICTURE, NOT_COMPACTED, NOT_JSON, PARTS_TOO_MANY, PROOF_MALFORMED,
    SIGNATURE_MISMATCH, STATUS_UNREADABLE, TOO_COMPLEX,
};
use serde_json::{Map, Value, json};

use crate::tokens::{header, key_set, payload, token};
use crate::world::{ORG, World, did, status};

/// One of them, in its world, and the code that must be among its findings.
pub struct Poison {
    pub name: &'static str,
    pub world: World,
    pub bytes: Vec<u8>,
    pub code: &'static str,
}

const MEGABYTE: usize = 1024 * 1024;

pub fn all() -> Vec<Poison> {
    let mut all = texts();
    all.extend(graphs());
    all.extend(proofs());
    all.extend(answers());
    all.extend(carriers());
    all
}

fn of(name: &'static str, bytes: impl Into<Vec<u8>>, code: &'static str) -> Poison {
    Poison { name, world: World::new(), bytes: bytes.into(), code }
}

fn changed(name: &'static str, code: &'static str, change: impl FnOnce(&mut Value)) -> Poison {
    let mut text = World::new().signed();
    change(&mut text);
    of(name, text.to_string(), code)
}

fn texts() -> Vec<Poison> {
    let world = World::new();
    let deep = "{\"a\":".repeat(100_000);
    let brackets = format!("{{\"type\":\"OpenBadgeCredential\",\"a\":{}", "[".repeat(1_000_000));
    let long = format!("{{\"type\":\"OpenBadgeCredential\",\"a\":\"{}\"}}", "x".repeat(10 * MEGABYTE));
    let digits = format!("{{\"type\":\"OpenBadgeCredential\",\"a\":{}}}", "9".repeat(9 * MEGABYTE));
    let escapes = format!("{{\"type\":\"OpenBadgeCredential\",\"a\":\"{}", "\\u00e9".repeat(1_500_000));
    let mut big = payload(&world);
    big["name"] = json!("x".repeat(9 * MEGABYTE));
    vec![
        of("objects nested a hundred thousand deep", deep, JSON_TOO_DEEP),
        of("lists nested a million deep", brackets, JSON_TOO_DEEP),
        of("more than ten megabytes", long, JSON_TOO_LARGE),
        of("a number of nine million digits", digits, JSON_SYNTAX),
        of("a text of escapes that never ends", escapes, JSON_SYNTAX),
        of("a token of dots", format!("eyJ{}", ".".repeat(9 * MEGABYTE)), NOT_JSON),
        of("a token of twenty megabytes", format!("eyJ9.{}.AAAA", "A".repeat(20 * MEGABYTE)), JSON_TOO_LARGE),
        of("a token of nine megabytes", token("ES256", &header("ES256"), &big), TOO_COMPLEX),
        changed("a name of nine megabytes", TOO_COMPLEX, |badge| badge["name"] = json!("x".repeat(9 * MEGABYTE))),
        changed("a million nulls", TOO_COMPLEX, |badge| badge["evidence"] = json!(vec![Value::Null; 1_000_000])),
        changed("a hundred thousand pieces of evidence", TOO_COMPLEX, |badge| {
            badge["evidence"] = json!(vec![json!({ "type": ["Evidence"], "name": "x" }); 100_000]);
        }),
        changed("a hundred thousand members that mean nothing", TOO_COMPLEX, |badge| {
            let members = (0..100_000).map(|n| (format!("m{n}"), json!(n)));
            badge.as_object_mut().expect("a badge").extend(members);
        }),
    ]
}

fn graphs() -> Vec<Poison> {
    let clique = |size: usize| {
        move |badge: &mut Value| {
            let node = |from: usize| {
                let others = (0..size).filter(|to| *to != from).map(|to| json!({ "id": format!("_:p{to}") }));
                json!({ "id": format!("_:p{from}"), "type": ["Evidence"], "urn:knows": others.collect::<Vec<_>>() })
            };
            badge["evidence"] = (0..size).map(node).collect();
        }
    };
    let ring = |badge: &mut Value| {
        let node = |from: usize| json!({ "id": format!("_:p{from}"), "type": ["Evidence"], "urn:knows": { "id": format!("_:p{}", (from + 1) % 1500) } });
        badge["evidence"] = (0..1500).map(node).collect();
    };
    let local: Map<String, Value> = (0..2_000).map(|n| (format!("t{n}"), json!(format!("urn:t{n}")))).collect();
    vec![
        changed("twelve nodes that all know one another", TOO_COMPLEX, clique(12)),
        changed("forty nodes that all know one another", TOO_COMPLEX, clique(40)),
        changed("a ring of fifteen hundred nodes", TOO_COMPLEX, ring),
        changed("a context of two thousand terms", TOO_COMPLEX, |badge| {
            badge["@context"].as_array_mut().expect("contexts").push(Value::Object(local));
        }),
        changed("contexts named again and again", TOO_COMPLEX, |badge| {
            let contexts = badge["@context"].clone();
            badge["evidence"] = json!(vec![json!({ "@context": contexts, "type": ["Evidence"] }); 500]);
        }),
        changed("contexts inside contexts", TOO_COMPLEX, |badge| {
            let inner = json!({ "@context": badge["@context"], "@id": "urn:x" });
            let terms: Map<String, Value> = (0..400).map(|n| (format!("t{n}"), inner.clone())).collect();
            badge["@context"].as_array_mut().expect("contexts").push(Value::Object(terms));
        }),
        changed("a term that means itself", NOT_COMPACTED, |badge| {
            let terms = json!({ "a": "b:x", "b": "a:x" });
            badge["@context"].as_array_mut().expect("contexts").push(terms);
        }),
    ]
}

fn proofs() -> Vec<Poison> {
    let many = |count: usize| {
        move |badge: &mut Value| {
            let proof = |n: usize| {
                let mut proof = badge["proof"].clone();
                proof["nonce"] = json!(n.to_string());
                proof
            };
            badge["proof"] = (0..count).map(proof).collect();
        }
    };
    vec![
        changed("sixteen proofs, none of which holds", SIGNATURE_MISMATCH, many(16)),
        changed("ten thousand proofs", PROOF_MALFORMED, many(10_000)),
        changed("a signature of a megabyte in base58", PROOF_MALFORMED, |badge| {
            badge["proof"]["proofValue"] = json!(format!("z{}", "2".repeat(MEGABYTE)));
        }),
        changed("a disclosure of nine megabytes", PROOF_MALFORMED, |badge| {
            badge["proof"]["cryptosuite"] = json!("ecdsa-sd-2023");
            badge["proof"]["proofValue"] = json!(format!("u2V0B{}", "h".repeat(9 * MEGABYTE)));
        }),
        changed("a key's id of a megabyte", checks::codes::CONTROLLER_NOT_ISSUER, |badge| {
            badge["proof"]["verificationMethod"] = json!(format!("did:web:{}#x", "a".repeat(MEGABYTE)));
        }),
    ]
}

/// Documents that a badge sends us to.
fn answers() -> Vec<Poison> {
    let mut bomb = World::new();
    let mut list = bomb.list(|_| {});
    list["credentialSubject"]["encodedList"] = json!(proofs::status::Bits::new(8 * 64 * MEGABYTE).encode());
    bomb.says(status(), &bomb.org.sign(&list));
    let bombed = bomb.signed().to_string();

    let mut keys = World::new();
    let mut document = keys.org.document();
    let method = document["verificationMethod"][0].clone();
    let many = (0..8_000).map(|n| {
        let mut method = method.clone();
        method["id"] = json!(format!("{ORG}#{n}"));
        method
    });
    document["verificationMethod"] = many.collect();
    keys.says(did(ORG), &document);
    let of_many_keys = keys.signed().to_string();

    let mut sets = World::new();
    sets.says(key_set(), &json!({ "keys": vec![json!({ "kty": "EC", "kid": "x" }); 60_000] }));
    let text = token("ES256", &header("ES256"), &payload(&sets));

    let ours = "https://livret.example/schemas/badge.json";
    let naming = |schema: &Value| {
        let mut world = World::new();
        world.says(Need::Resource { url: ours.to_owned() }, schema);
        let badge = world.badge(|badge| {
            let schema = json!({ "id": ours, "type": "1EdTechJsonSchemaValidator2019" });
            badge["credentialSchema"].as_array_mut().expect("schemas").push(schema);
        });
        let text = world.org.sign(&badge).to_string();
        (world, text)
    };
    let twice = |n: usize| json!({ "allOf": [{ "$ref": format!("#/$defs/d{}", n + 1) }, { "$ref": format!("#/$defs/d{}", n + 1) }] });
    let doubling: Map<String, Value> =
        (0..60).map(|n| (format!("d{n}"), twice(n))).chain([("d60".to_owned(), json!(true))]).collect();
    let (doubled, of_doubled) = naming(&json!({ "$ref": "#/$defs/d0", "$defs": doubling }));
    let patterns: Map<String, Value> = (0..1_000).map(|n| (format!("(a|b|ab)*c{{{n}}}"), json!(true))).collect();
    let (matched, of_matched) = naming(&json!({ "patternProperties": patterns }));

    let shown = json!({ "type": "VerifiablePresentation", "verifiableCredential": vec![json!({}); 100_000] });
    let mut nested = json!({ "type": "VerifiablePresentation", "verifiableCredential": [] });
    for _ in 0..30 {
        nested = json!({ "type": "VerifiablePresentation", "verifiableCredential": [nested] });
    }
    let world = World::new();
    let badges: Vec<Value> = (0..64)
        .map(|n| {
            let mut badge = world.signed();
            badge["name"] = json!(format!("{n}"));
            badge
        })
        .collect();
    let many = json!({ "type": "VerifiablePresentation", "verifiableCredential": badges });
    vec![
        Poison {
            name: "a list that unfolds to 64 megabytes",
            world: bomb,
            bytes: bombed.into(),
            code: STATUS_UNREADABLE,
        },
        Poison {
            name: "a document of eight thousand keys",
            world: keys,
            bytes: of_many_keys.into(),
            code: KEY_NOT_LISTED,
        },
        Poison { name: "a set of sixty thousand keys", world: sets, bytes: text.into(), code: JWK_SET_UNREADABLE },
        Poison {
            name: "a schema that doubles sixty times",
            world: doubled,
            bytes: of_doubled.into(),
            code: NAMED_SCHEMA_UNREADABLE,
        },
        Poison {
            name: "a schema of a thousand patterns",
            world: matched,
            bytes: of_matched.into(),
            code: NAMED_SCHEMA_UNREADABLE,
        },
        of("a presentation of a hundred thousand", shown.to_string(), PARTS_TOO_MANY),
        of("a presentation thirty deep", nested.to_string(), PARTS_TOO_MANY),
        of("a presentation of sixty-four changed badges", many.to_string(), SIGNATURE_MISMATCH),
    ]
}

fn chunk(kind: [u8; 4], data: &[u8]) -> Vec<u8> {
    let mut chunk = u32::try_from(data.len()).expect("short").to_be_bytes().to_vec();
    chunk.extend(kind);
    chunk.extend(data);
    chunk.extend(crc32fast::hash(&chunk[4..]).to_be_bytes());
    chunk
}

fn picture(middle: &[u8]) -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    png.extend(chunk(*b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]));
    png.extend(middle);
    png.extend(chunk(*b"IEND", &[]));
    png
}

/// Zlib of so many spaces.
fn spaces(megabytes: usize) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..megabytes {
        encoder.write_all(&vec![b' '; MEGABYTE]).expect("memory");
    }
    encoder.finish().expect("memory")
}

fn carriers() -> Vec<Poison> {
    let compressed = |data: &[u8]| [b"openbadgecredential\0\x01\0\0\0", data].concat();
    let svg = |inner: &str| format!("<svg xmlns=\"http://www.w3.org/2000/svg\">{inner}</svg>");
    let laughs = (0..10).fold("<!ENTITY l0 \"ha\">".to_owned(), |all, n| {
        format!("{all}<!ENTITY l{} \"{}\">", n + 1, format!("&l{n};").repeat(10))
    });
    let bomb = spaces(64);
    let mut pdf = b"%PDF-1.7\n".to_vec();
    for number in 0..30 {
        let head = format!("{number} 0 obj<</Type/EmbeddedFile/Filter/FlateDecode/Length {}>>stream\n", bomb.len());
        pdf.extend([head.as_bytes(), &bomb, b"\nendstream endobj\n"].concat());
    }
    vec![
        of("a chunk that unfolds to 64 megabytes", picture(&chunk(*b"iTXt", &compressed(&bomb))), CARRIER_BROKEN),
        of("a chunk of nine megabytes", picture(&chunk(*b"IDAT", &vec![0; 9 * MEGABYTE])), NO_BADGE_IN_PICTURE),
        of("a hundred thousand chunks", picture(&chunk(*b"teST", &[]).repeat(100_000)), CARRIER_BROKEN),
        of("entities that laugh a billion times", format!("<!DOCTYPE svg [{laughs}]>{}", svg("&l10;")), CARRIER_BROKEN),
        of("elements nested a million deep", format!("<svg>{}", "<g>".repeat(1_000_000)), CARRIER_BROKEN),
        of(
            "a hundred thousand attributes",
            format!("<svg {}/>", (0..100_000).map(|n| format!("a{n}='' ")).collect::<Vec<_>>().concat()),
            CARRIER_BROKEN,
        ),
        of("attached files that unfold to gigabytes", pdf, CARRIER_BROKEN),
        of(
            "a document of objects that never close",
            [b"%PDF-1.7\n".to_vec(), b"1 0 obj<</A(".repeat(400_000)].concat(),
            CARRIER_BROKEN,
        ),
    ]
}
