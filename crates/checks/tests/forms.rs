//! Every form of 3.0: the older data model, every published context, the earlier text of one (pitfalls A5 and A7).

#[expect(dead_code, reason = "the world is shared with tests that need more of it")]
mod world;

use checks::{Check, DataModel, Outcome, Policy, Report, Verdict, codes};
use ed25519_dalek::Signer;
use proofs::eddsa_rdfc_2022::{Options, prepare_with};
use proofs::jsonld::Engine;
use serde_json::{Value, json};
use world::{NOW, ORG, SIGNED, World};

const ALONE: Policy = Policy { trust: false, status: false };

fn judge(world: &World, value: &Value) -> Report {
    world.judge_at(&value.to_string(), NOW, ALONE)
}

#[track_caller]
fn finds(report: &Report, check: Check, outcome: Outcome, code: &str) {
    let found: Vec<_> = report.findings.iter().filter(|f| f.check == check).map(|f| (f.outcome, f.code)).collect();
    assert!(found.contains(&(outcome, code)), "{check:?}: {found:?}\n{report:#?}");
}

/// The badge in the form of VC 1.1.
fn older(world: &World, change: impl FnOnce(&mut Value)) -> Value {
    world.badge(|v| {
        v["@context"] = json!([
            "https://www.w3.org/2018/credentials/v1",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
            "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
            "https://w3id.org/security/data-integrity/v2",
        ]);
        v["issuanceDate"] = v["validFrom"].clone();
        let members = v.as_object_mut().expect("an object");
        members.remove("validFrom");
        members.remove("credentialStatus");
        change(v);
    })
}

#[test]
fn row_0_5_the_older_form_holds_and_ends() {
    let world = World::new();
    let report = judge(&world, &world.org.sign(&older(&world, |_| {})));
    finds(&report, Check::Format, Outcome::Passed, codes::OPEN_BADGES_3_VC_1);
    finds(&report, Check::Signature, Outcome::Passed, codes::SIGNATURE_OK);
    assert_eq!(report.verdict, Verdict::Authentic, "{report:#?}");
    assert_eq!(report.form.unwrap().data_model, Some(DataModel::Vc1));
    assert_eq!(report.badge.unwrap().valid_from, SIGNED);
    let ended = world.org.sign(&older(&world, |v| v["expirationDate"] = json!("2026-11-21T00:00:00Z")));
    let report = judge(&world, &ended);
    finds(&report, Check::End, Outcome::Failed, codes::ENDED);
    assert_eq!(report.verdict, Verdict::Expired);
}

#[test]
fn pitfall_a5_no_mixture_of_the_two_forms() {
    let world = World::new();
    let rows: [Value; 4] = [
        older(&world, |v| v["validFrom"] = json!("2026-11-20T14:05:09Z")),
        older(&world, |v| v["validUntil"] = json!("2027-11-20T14:05:09Z")),
        world.badge(|v| v["issuanceDate"] = json!("2026-11-20T14:05:09Z")),
        world.badge(|v| v["@context"].as_array_mut().unwrap().push(json!("https://www.w3.org/2018/credentials/v1"))),
    ];
    for mut value in rows {
        value["proof"] = world.signed()["proof"].clone();
        let report = judge(&world, &value);
        finds(&report, Check::Format, Outcome::Failed, codes::VC_MIXTURE);
        assert_eq!(report.verdict, Verdict::Altered);
    }
}

/// The earlier contexts knew fewer words.
fn fewer_words(badge: &mut Value) {
    for word in ["awardedDate", "inLanguage"] {
        badge.as_object_mut().unwrap().remove(word);
    }
    let achievement = badge["credentialSubject"]["achievement"].as_object_mut().unwrap();
    achievement.retain(|name, _| ["id", "type", "name", "description", "criteria"].contains(&name.as_str()));
}

#[test]
fn row_1_1_8_every_published_context_is_read() {
    let world = World::new();
    for version in ["context.json", "context-3.0.1.json", "context-3.0.2.json", "context-3.0.3.json"] {
        let context = json!(format!("https://purl.imsglobal.org/spec/ob/v3p0/{version}"));
        let written = |v: &mut Value| {
            v["@context"][1] = context.clone();
            v.as_object_mut().unwrap().remove("credentialStatus");
            if version != "context-3.0.3.json" {
                fewer_words(v);
            }
        };
        // The contexts of the first years go with VC 1.1 alone: with VC 2.0 they redefine what it protects.
        let mut forms = vec![older(&world, written)];
        if matches!(version, "context-3.0.2.json" | "context-3.0.3.json") {
            forms.push(world.badge(written));
        }
        for unsigned in forms {
            let report = judge(&world, &world.org.sign(&unsigned));
            finds(&report, Check::Signature, Outcome::Passed, codes::SIGNATURE_OK);
            assert_eq!(report.verdict, Verdict::Authentic, "{version} {report:#?}");
        }
    }
    let report = judge(&world, &{
        let mut value = world.signed();
        value["@context"][1] = json!("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.9.json");
        value
    });
    finds(&report, Check::JsonLd, Outcome::CouldNotCheck, codes::CONTEXT_NOT_KEPT);
    assert_eq!(report.verdict, Verdict::CouldNotCheck);
}

#[test]
fn pitfall_a7_a_badge_signed_under_the_earlier_text_of_context_3_0_3() {
    let world = World::new();
    let unsigned = world.badge(|v| {
        v.as_object_mut().unwrap().remove("credentialStatus");
        // A word of its own that the context did not define then, and protects today.
        v["@context"].as_array_mut().unwrap().push(json!({ "jti": "urn:jti" }));
        v["jti"] = json!("a");
    });
    let method = format!("{ORG}#{}", world.org.multibase());
    let prepared = prepare_with(Engine::bundled_earlier(), &unsigned, &Options::assertion(SIGNED, &method));
    let prepared = prepared.expect("the earlier text defines it for badges");
    let signature = world.org.key.sign(&prepared.hash_data);
    let signed = prepared.finish(signature.to_bytes());
    let report = judge(&world, &signed);
    finds(&report, Check::Signature, Outcome::Passed, codes::SIGNATURE_OK);
    let mut changed = signed;
    changed["name"] = json!("x");
    finds(&judge(&world, &changed), Check::Signature, Outcome::Failed, codes::SIGNATURE_MISMATCH);
}

#[test]
fn row_3_1_what_came_is_told_even_when_it_is_no_badge() {
    let world = World::new();
    let rows: [(&[u8], &str); 6] = [
        (b"\xff\xd8\xff\xe0 a photograph", codes::PICTURE_FORMAT),
        (b"<!doctype html><html></html>", codes::WEB_PAGE),
        (b"\x00\x01\x02\xff", codes::NOT_TEXT),
        (b"%PDF-1.4 nothing", codes::NO_BADGE_IN_PDF),
        (b"\xef\xbb\xbf  ", codes::EMPTY),
        (b"plain words", codes::NOT_JSON),
    ];
    for (bytes, code) in rows {
        let report = checks::Inquiry::open_bytes(bytes, NOW, ALONE).conclude();
        finds(&report, Check::Format, Outcome::CouldNotCheck, code);
        assert_eq!(report.verdict, Verdict::CouldNotCheck);
    }
    let with_mark = format!("\u{feff}{}", world.signed());
    assert_eq!(world.judge(&with_mark).verdict, Verdict::Authentic);
}
