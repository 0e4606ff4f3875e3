//! One meaning, other JSON: whoever holds a withdrawn or ended badge may write it otherwise without touching what was
//! signed – spell a name out, move members under `@included`, rename them by a context of their own… The quads and the
//! signature stay the same; the judge must not lose sight of what it reads by name.

#[expect(dead_code, reason = "the world is shared with tests that need more of it")]
mod world;

use checks::{Report, Verdict};
use proofs::eddsa_rdfc_2022::Options;
use proofs::jsonld;
use serde_json::{Map, Value, json};
use world::{INDEX, ORG, SIGNED, World};

const XSD_INSTANT: &str = "http://www.w3.org/2001/XMLSchema#dateTime";

/// A world in which the badge is withdrawn, and the badge, which has ended too and says a good deal of itself.
fn withdrawn() -> (World, Value) {
    let mut world = World::new();
    let list = world.list(|bits| bits.set(usize::try_from(INDEX).expect("a place"), true).expect("a bit of the list"));
    world.says(world::status(), &world.org.sign(&list));
    let badge = world.badge(|badge| {
        badge["validUntil"] = json!("2026-11-21T00:00:00Z");
        badge["refreshService"] = json!({ "id": "https://livret.example/r/1", "type": "1EdTechCredentialRefresh" });
    });
    (world, badge)
}

/// Every way we know to write `member` of the object at `pointer` otherwise.
fn disguises(badge: &Value, pointer: &str, member: &str) -> Vec<(String, Value)> {
    let iri = iri_of(badge, pointer, member);
    let at = |value: &mut Value| value.pointer_mut(pointer).expect("an object").clone();
    let original = badge.pointer(pointer).expect("an object")[member].clone();
    let id = badge["id"].clone();
    let is_date = original.as_str().is_some_and(|text| text.ends_with('Z'));
    let spelt = if is_date { json!({ "@value": original, "@type": XSD_INSTANT }) } else { original.clone() };
    let (namespace, local) = iri.split_at(iri.rfind(['#', '/']).expect("a namespace") + 1);
    let (stem, ending) = iri.split_at(iri.len() - 3);

    let mut all = Vec::new();
    let mut push = |name: &str, change: &dyn Fn(&mut Map<String, Value>), context: Option<Value>| {
        let mut disguised = badge.clone();
        if let Some(context) = context {
            disguised["@context"].as_array_mut().expect("contexts").push(context);
        }
        let mut object = at(&mut disguised);
        change(object.as_object_mut().expect("an object"));
        *disguised.pointer_mut(pointer).expect("an object") = object;
        all.push((format!("{pointer}/{member}: {name}"), disguised));
    };
    let without = |object: &mut Map<String, Value>, name: &str, value: Value| {
        object.shift_remove(member);
        object.insert(name.to_owned(), value);
    };
    let definition = if is_date { json!({ "@id": iri, "@type": XSD_INSTANT }) } else { json!({ "@id": iri }) };
    let moved = json!({ member: original });
    let node = json!([{ "id": id, "type": ["VerifiableCredential"], member: original }]);

    push("its address", &|object| without(object, &iri, spelt.clone()), None);
    push("its address, as a list", &|object| without(object, &iri, json!([spelt])), None);
    push("a prefix of the bundled contexts", &|object| without(object, &format!("cred:{local}"), spelt.clone()), None);
    push("@included", &|object| without(object, "@included", node.clone()), None);
    push("@nest", &|object| without(object, "@nest", moved.clone()), None);
    push("another word", &|object| without(object, "zz", original.clone()), Some(json!({ "zz": definition })));
    push(
        "another word, its scope",
        &|object| without(object, "zz", original.clone()),
        Some(json!({
            "zz": { "@id": iri, "@type": if is_date { XSD_INSTANT } else { "@id" }, "@protected": true }
        })),
    );
    push(
        "a prefix of its own",
        &|object| without(object, &format!("zz:{local}"), spelt.clone()),
        Some(json!({ "zz": namespace })),
    );
    push(
        "a word by that prefix",
        &|object| without(object, "yy", spelt.clone()),
        Some(json!({ "zz": namespace, "yy": { "@id": format!("zz:{local}") } })),
    );
    push("a vocabulary", &|object| without(object, ending, spelt.clone()), Some(json!({ "@vocab": stem })));
    push("a word for @nest", &|object| without(object, "zz", moved.clone()), Some(json!({ "zz": "@nest" })));
    push("a word for @included", &|object| without(object, "zz", node.clone()), Some(json!({ "zz": "@included" })));
    push("a list of one", &|object| without(object, member, json!([original])), None);
    push("a list in a list", &|object| without(object, member, json!([[original]])), None);
    push("@set", &|object| without(object, member, json!({ "@set": [original] })), None);
    push("@value", &|object| without(object, member, spelt.clone()), None);
    push(
        "a context in place",
        &|object| {
            without(object, "zz", original.clone());
            object.insert("@context".to_owned(), json!([badge["@context"], { "zz": definition }]));
        },
        None,
    );
    if pointer.is_empty() {
        push(
            "under the subject",
            &|object| {
                object.shift_remove(member);
                object["credentialSubject"]["@included"] = node.clone();
            },
            None,
        );
        push(
            "backwards",
            &|object| {
                object.shift_remove(member);
                let mut value = original.clone();
                if value.is_object() {
                    value["zz"] = id.clone();
                }
                object["credentialSubject"]["@included"] = json!([value]);
            },
            Some(json!({ "zz": { "@reverse": iri, "@type": "@id" } })),
        );
        push(
            "the whole under @graph",
            &|object| {
                let context = object.shift_remove("@context").expect("contexts");
                let graph = Value::Object(std::mem::take(object));
                object.insert("@context".to_owned(), context);
                object.insert("@graph".to_owned(), json!([graph]));
            },
            None,
        );
    }
    all
}

/// The address that the member's name stands for.
fn iri_of(badge: &Value, pointer: &str, member: &str) -> String {
    let mut object = badge.pointer(pointer).expect("an object").clone();
    object["@context"] = badge["@context"].clone();
    let keys = |value: &Value| -> Vec<String> {
        let expanded = jsonld::expand(value).expect("a document that can be expanded");
        expanded[0].as_object().expect("a node").keys().cloned().collect()
    };
    let all = keys(&object);
    object.as_object_mut().expect("an object").shift_remove(member);
    let rest = keys(&object);
    let mut iris = all.into_iter().filter(|key| !rest.contains(key));
    let iri = iris.next().expect("an address");
    assert_eq!(iris.next(), None, "one address");
    iri
}

/// The statements of the badge, whatever else the judge thinks of how they are written.
fn meaning(badge: &Value) -> Option<String> {
    let mut badge = badge.clone();
    let mut proof = badge.as_object_mut()?.shift_remove("proof")?;
    proof.as_object_mut()?.shift_remove("proofValue");
    if proof["@context"].is_null() {
        proof["@context"] = badge["@context"].clone();
    }
    Some(jsonld::canonicalize(&badge).ok()? + &jsonld::canonicalize(&proof).ok()?)
}

/// Judges every disguise, and answers how many of them meant what was signed.
fn none_is_authentic(badge: &Value, members: &[(&str, &str)], mut judge: impl FnMut(&str) -> Report) -> usize {
    let signed = meaning(badge).expect("a meaning");
    let mut same = 0;
    for (pointer, member) in members {
        for (name, disguised) in disguises(badge, pointer, member) {
            let report = judge(&disguised.to_string());
            assert_ne!(report.verdict, Verdict::Authentic, "{name}");
            same += usize::from(meaning(&disguised).is_some_and(|meaning| meaning == signed));
        }
    }
    same
}

#[test]
fn a_withdrawn_badge_written_otherwise_is_never_authentic() {
    let (world, unsigned) = withdrawn();
    let badge = world.org.sign(&unsigned);
    assert_eq!(world.judge(&badge.to_string()).verdict, Verdict::Withdrawn);
    let members = [
        ("", "credentialStatus"),
        ("", "validUntil"),
        ("", "refreshService"),
        ("", "evidence"),
        ("", "issuer"),
        ("/credentialSubject", "achievement"),
        ("/credentialSubject", "identifier"),
    ];
    let same = none_is_authentic(&badge, &members, |text| world.judge(text));
    assert!(same > 40, "{same} of the disguises mean what was signed");
}

/// Each of the two alone: nothing else speaks against the badge.
#[test]
fn withdrawal_alone_and_the_end_alone_cannot_be_hidden() {
    let (mut world, unsigned) = withdrawn();
    let mut without_end = unsigned.clone();
    without_end.as_object_mut().expect("a badge").shift_remove("validUntil");
    let badge = world.org.sign(&without_end);
    assert_eq!(world.judge(&badge.to_string()).verdict, Verdict::Withdrawn);
    assert!(none_is_authentic(&badge, &[("", "credentialStatus")], |text| world.judge(text)) > 8);

    let list = world.list(|_| {});
    world.says(world::status(), &world.org.sign(&list));
    let badge = world.org.sign(&unsigned);
    assert_eq!(world.judge(&badge.to_string()).verdict, Verdict::Expired);
    assert!(none_is_authentic(&badge, &[("", "validUntil")], |text| world.judge(text)) > 8);
}

/// The proof's own options are signed in the same way, and read in the same way.
#[test]
fn what_a_proof_says_against_itself_cannot_be_hidden() {
    let world = World::new();
    let unsigned = world.badge(|_| {});
    for (member, value, verdict) in [
        ("expires", "2026-11-21T00:00:00Z", Verdict::Expired),
        ("challenge", "abc", Verdict::CouldNotCheck),
        ("domain", "https://reader.example", Verdict::CouldNotCheck),
    ] {
        let badge = signed_with(&world, &unsigned, member, value);
        assert_eq!(world.judge(&badge.to_string()).verdict, verdict, "{member}");
        let same = none_is_authentic(&badge, &[("/proof", member)], |text| world.judge(text));
        assert!(same > 5, "{member}: {same} of the disguises mean what was signed");
    }
}

/// Signed with one more option.
fn signed_with(world: &World, unsigned: &Value, member: &str, value: &str) -> Value {
    use ed25519_dalek::Signer;
    use sha2::{Digest, Sha256};

    let method = format!("{ORG}#{}", world.org.multibase());
    let prepared = proofs::eddsa_rdfc_2022::prepare(unsigned, &Options::assertion(SIGNED, &method)).expect("a meaning");
    let document = prepared.document_hash;
    let mut badge = prepared.finish([0; 64]);
    badge["proof"][member] = json!(value);
    let mut options = badge["proof"].clone();
    options.as_object_mut().expect("a proof").shift_remove("proofValue");
    options["@context"] = badge["@context"].clone();
    let options = Sha256::digest(jsonld::canonicalize(&options).expect("a meaning"));
    let signature = world.org.key.sign(&[options.as_slice(), &document].concat());
    badge["proof"]["proofValue"] = json!(format!("z{}", bs58::encode(signature.to_bytes()).into_string()));
    badge
}
