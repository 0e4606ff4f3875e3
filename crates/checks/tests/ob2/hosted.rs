//! Hosted badges: rows A, C to F, H, K and L, and the pitfalls about them.

use checks::Check::{End, Format, Key, Recipient, Revocation, Schema, Signature, Start};
use checks::Outcome::{CouldNotCheck, Failed, Noted, Passed};
use checks::Verdict::{Altered, CouldNotCheck as Unsure, Expired, NotYetValid, Withdrawn};
use checks::{Answer, Inquiry, Need, Unanswered, Verdict};
use serde_json::{Value, json};

use crate::world::*;

#[test]
fn row_l_a_hosted_badge_is_what_its_address_says() {
    let world = World::new();
    for (report, asked) in
        [world.run(Inquiry::open_url(ID, NOW, POLICY)), world.run(Inquiry::open(&assertion().to_string(), NOW, POLICY))]
    {
        authentic(&report);
        assert!(asked.contains(&Need::Hosted { url: ID.to_owned() }));
        assert_eq!(codes(&report, Format, Passed), ["open_badges_2"]);
        assert_eq!(codes(&report, Signature, Noted), ["ob2_hosted"]);
        assert_eq!(codes(&report, Key, Passed), ["ob2_origin_allowed"]);
        assert_eq!(codes(&report, Revocation, Passed), ["ob2_not_revoked"]);
        let badge = report.badge.expect("facts");
        assert_eq!((badge.credential_id.as_str(), badge.achievement.name.as_str()), (ID, "Robots"));
        assert_eq!((badge.issuer.name.as_str(), badge.issuer.vouched), ("An issuer", false));
        assert!(badge.recipient.matches_email("nobody@example.org"));
    }
}

#[test]
fn row_a11_an_id_declared_elsewhere_is_read_there() {
    let mut world = World::new();
    let copy = "https://example.org/copies/1";
    world.says(copy, &assertion());
    let report = world.url(copy);
    authentic(&report);
    assert_eq!(codes(&report, Format, Noted), ["ob2_id_elsewhere"]);
    assert_eq!(report.badge.unwrap().credential_id, ID);
    // The declared place has the last word, once.
    world.assertion(|a| a["id"] = json!("https://example.org/assertions/2"));
    let mut other = assertion();
    other["id"] = json!("https://example.org/assertions/2");
    finds(&world.url(copy), Altered, Format, Failed, "ob2_ids_differ");
    world.says("https://example.org/assertions/2", &other);
    authentic(&world.url(ID));
}

#[test]
fn row_a13_what_is_required_must_come() {
    for (url, check, code) in [
        (ID, Signature, "ob2_assertion_unanswered"),
        (CLASS, Schema, "ob2_class_unanswered"),
        (ISSUER, Key, "ob2_issuer_unanswered"),
        (IMAGE, Schema, "ob2_image_unanswered"),
    ] {
        let mut world = World::new();
        world.fails(url, Unanswered::TimedOut);
        finds(&world.text(&assertion().to_string()), Unsure, check, CouldNotCheck, code);
    }
    let mut world = World::new();
    world.fails(IMAGE, Unanswered::NotFound);
    finds(&world.hosted(), Unsure, Schema, Failed, "ob2_image_missing");
}

#[test]
fn row_c6_and_c7_dates() {
    let mut world = World::new();
    world.assertion(|a| a["issuedOn"] = json!("2026-11-22T09:02:00Z"));
    finds(&world.hosted(), NotYetValid, Start, Failed, "not_started");
    world.assertion(|a| a["expires"] = json!("2026-11-22T08:00:00Z"));
    finds(&world.hosted(), Expired, End, Failed, "ended");
    world.assertion(|a| a["expires"] = json!("2026-11-22T10:00:00Z"));
    authentic(&world.hosted());
    world.assertion(|a| a["expires"] = json!("2025-11-22T10:00:00Z"));
    finds(&world.hosted(), Expired, Schema, Failed, "schema_fault");
    world.assertion(|a| a["issuedOn"] = json!(1_480_000_000));
    finds(&world.hosted(), Unsure, Schema, Failed, "schema_fault");
}

#[test]
fn row_c10_revoked_in_a_200_is_revoked() {
    let mut world = World::new();
    world.says(ID, &json!({ "@context": CONTEXT, "id": ID, "revoked": true, "revocationReason": "Cheating" }));
    let report = world.hosted();
    finds(&report, Withdrawn, Revocation, Failed, "ob2_revoked");
    assert_eq!(report.finding(Revocation).unwrap().detail.as_deref(), Some("Cheating"));
    assert_eq!(report.badge, None);
    world.assertion(|a| a["revoked"] = json!(true));
    finds(&world.hosted(), Withdrawn, Revocation, Failed, "ob2_revoked");
}

#[test]
fn row_d2_a_picture_is_png_or_svg() {
    let mut world = World::new();
    world.bytes(IMAGE, b"\xff\xd8\xff\xe0JFIF");
    finds(&world.hosted(), Unsure, Schema, Failed, "ob2_image_not_png_or_svg");
    world.bytes(IMAGE, b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>");
    authentic(&world.hosted());
    world.class(|c| c["image"] = json!("data:image/png;base64,AA=="));
    authentic(&world.hosted());
}

#[test]
fn row_d3_and_pitfall_2_22_an_ephemeral_class_is_read_where_it_stands() {
    let mut world = World::new();
    world.assertion(|a| {
        a["badge"] = class();
        a["badge"]["id"] = json!("urn:uuid:e79a6c18-787e-4868-8e65-e6a4530fb418");
    });
    authentic(&world.hosted());
    world.assertion(|a| a["badge"] = json!("urn:uuid:e79a6c18-787e-4868-8e65-e6a4530fb418"));
    finds(&world.hosted(), Unsure, Key, CouldNotCheck, "ob2_not_fetchable");
}

#[test]
fn row_d6_and_e8_hosted_copies_win_over_embedded_ones() {
    let mut world = World::new();
    world.assertion(|a| {
        a["badge"] = class();
        a["badge"]["name"] = json!("Doctor of Medicine");
        a["badge"]["issuer"] = issuer();
        a["badge"]["issuer"]["name"] = json!("Faculty");
    });
    let badge = world.hosted().badge.unwrap();
    assert_eq!((badge.achievement.name.as_str(), badge.issuer.name.as_str()), ("Robots", "An issuer"));
}

#[test]
fn row_e1_the_issuer_needs_an_address() {
    let mut world = World::new();
    world.issuer(|i| drop(i.as_object_mut().unwrap().remove("email")));
    finds(&world.hosted(), Unsure, Schema, Failed, "schema_fault");
}

#[test]
fn row_e3_an_issuer_without_url_is_not_verifiable() {
    let mut world = World::new();
    world.class(|c| {
        c["issuer"] = issuer();
        c["issuer"]["id"] = json!("urn:uuid:e79a6c18-787e-4868-8e65-e6a4530fb418");
    });
    let report = world.hosted();
    finds(&report, Unsure, Key, CouldNotCheck, "ob2_issuer_not_verifiable");
    assert_eq!(report.badge, None);
}

#[test]
fn row_f7_and_pitfall_2_7_the_recipient_is_compared_with_the_hosted_value() {
    let mut world = World::new();
    assert_eq!(codes(&world.hosted(), Recipient, Noted), ["ob2_recipient_not_compared"]);
    world.recipient = Some("Nobody@Example.org".into());
    let report = world.hosted();
    authentic(&report);
    assert_eq!(codes(&report, Recipient, Passed), ["ob2_recipient_matches"]);
    // A copy that names someone else changes nothing.
    let mut copy = assertion();
    copy["recipient"] = json!({ "type": "email", "hashed": false, "identity": "thief@example.org" });
    world.recipient = Some("thief@example.org".into());
    finds(&world.text(&copy.to_string()), Unsure, Recipient, Failed, "ob2_recipient_differs");
}

#[test]
fn row_f8_an_unknown_verification_is_no_verification() {
    let mut world = World::new();
    for wrong in [json!({ "type": "TrustMe" }), json!({}), json!("https://example.org/v")] {
        world.assertion(|a| a["verification"] = wrong.clone());
        finds(&world.hosted(), Altered, Signature, Failed, "ob2_verification_unknown");
    }
}

#[test]
fn row_f9_a_signed_badge_without_its_signature_is_not_verifiable() {
    let mut world = World::new();
    world.assertion(|a| a["verification"] = json!({ "type": "SignedBadge", "creator": KEY }));
    finds(&world.hosted(), Unsure, Signature, CouldNotCheck, "ob2_signed_without_jws");
    finds(&world.text(&signed_assertion().to_string()), Unsure, Signature, CouldNotCheck, "ob2_signed_without_jws");
}

fn under(policy: &Value) -> checks::Report {
    let mut world = World::new();
    world.issuer(|i| i["verification"] = policy.clone());
    world.hosted()
}

#[test]
fn row_f10_to_f14_and_pitfall_2_11_where_badges_may_live() {
    for right in [
        json!({ "startsWith": "https://example.org/assertions/" }),
        json!({ "startsWith": ["https://example.org/x/", "https://example.org/assertions/"] }),
        json!({ "allowedOrigins": "example.org" }),
        json!({ "allowedOrigins": ["a.example", "EXAMPLE.org"], "verificationProperty": "id" }),
        json!({}),
    ] {
        authentic(&under(&right));
    }
    for (wrong, code) in [
        (json!({ "startsWith": "https://example.org/other/" }), "ob2_start_not_allowed"),
        (json!({ "startsWith": ["https://a.example/", "https://example.or"] }), "ob2_start_not_allowed"),
        (json!({ "allowedOrigins": "a.example" }), "ob2_origin_not_allowed"),
        (json!({ "startsWith": "https://example.org/", "allowedOrigins": "a.example" }), "ob2_origin_not_allowed"),
        (json!({ "allowedOrigins": "https://example.org" }), "ob2_policy_unusable"),
        (json!({ "allowedOrigins": "example.org:443" }), "ob2_policy_unusable"),
        (json!({ "allowedOrigins": "localhost" }), "ob2_policy_unusable"),
        (json!({ "verificationProperty": "image" }), "ob2_policy_unusable"),
    ] {
        finds(&under(&wrong), Altered, Key, Failed, code);
    }
}

/// What is compared is what is asked for: an address that climbs out of the allowed place is not in it.
#[test]
fn row_f10_an_id_does_not_climb_out_of_where_badges_may_live() {
    for path in [
        "assertions/../evil/2",
        "assertions/%2e%2e/evil/2",
        "assertions/x/.%2E/../evil/2",
        "assertions/\\..\\..\\evil/2",
        "assertions/..%2fevil/2",
        "assertions/..%5Cevil/2",
    ] {
        let id = format!("https://example.org/{path}");
        let mut world = World::new();
        world.issuer(|i| i["verification"] = json!({ "startsWith": "https://example.org/assertions/" }));
        let mut evil = assertion();
        evil["id"] = json!(id);
        world.says(&id, &evil);
        let report = world.url(&id);
        assert_ne!(report.verdict, Verdict::Authentic, "{path}");
        finds(&report, Altered, Key, Failed, "ob2_start_not_allowed");
        // Nor does its normal form, which declares the other.
        world.says("https://example.org/evil/2", &evil);
        assert_ne!(world.url("https://example.org/evil/2").verdict, Verdict::Authentic, "{path}");
    }
}

/// Rows A11 and F10: redirects are followed, and speak for the address only where its issuer does.
#[test]
fn rows_a11_and_f10_a_redirect_that_leaves_the_issuers_place_is_not_believed() {
    let led = |from: &str, to: &str, value: &Value| {
        let mut world = World::new();
        world.issuer(|i| i["verification"] = json!({ "startsWith": "https://example.org/assertions/" }));
        let found = Answer { url: Some(to.to_owned()), ..Answer::new(value.to_string().as_bytes()) };
        world.answers.insert(from.to_owned(), Ok(found));
        world
    };
    authentic(&led(ID, "https://example.org/assertions/one.json", &assertion()).hosted());
    let inside = led(ID, "https://example.org/evil/3", &assertion()).hosted();
    finds(&inside, Altered, Key, Failed, "ob2_start_not_allowed");
    let outside = led(ID, "https://evil.example/3", &assertion()).hosted();
    finds(&outside, Unsure, Signature, CouldNotCheck, "ob2_sent_elsewhere");
    assert_eq!(outside.badge, None);
    for (from, value, check) in [(CLASS, class(), Schema), (ISSUER, issuer(), Key)] {
        let report = led(from, "https://evil.example/3", &value).hosted();
        finds(&report, Unsure, check, CouldNotCheck, "ob2_sent_elsewhere");
    }
    // What declares an address of its own is read there, and believed for that address.
    let mut moved = assertion();
    moved["id"] = json!("https://example.org/assertions/2");
    let mut world = led(ID, "https://evil.example/3", &moved);
    world.says("https://example.org/assertions/2", &moved);
    authentic(&world.hosted());
}

#[test]
fn row_f13_and_pitfall_2_12_a_fake_issuer_is_found_by_its_origin() {
    let mut world = World::new();
    for elsewhere in [
        "https://evil.example/a",
        "https://example.org.evil.example/a",
        "http://example.org/a",
        "https://example.org:8443/a",
    ] {
        let mut fake = assertion();
        fake["id"] = json!(elsewhere);
        world.says(elsewhere, &fake);
        let report = world.url(elsewhere);
        finds(&report, Altered, Key, Failed, "ob2_origin_not_allowed");
        assert_eq!(report.badge, None);
    }
    // A class on another origin is told, and is the issuer's own choice.
    let mut world = World::new();
    let class_url = "https://classes.example/1";
    let mut other = class();
    other["id"] = json!(class_url);
    world.says(class_url, &other);
    world.assertion(|a| a["badge"] = json!(class_url));
    let report = world.hosted();
    authentic(&report);
    assert_eq!(codes(&report, Key, Noted), ["ob2_class_elsewhere"]);
}

#[test]
fn row_h1_h2_and_pitfall_2_3_gone_is_revoked_whatever_the_body() {
    let full = assertion().to_string();
    let minimal = json!({ "@context": CONTEXT, "id": ID, "revoked": true }).to_string();
    for body in [full.as_str(), minimal.as_str(), "", "<html>Gone</html>"] {
        let mut world = World::new();
        world.gone(ID, body.as_bytes());
        finds(&world.hosted(), Withdrawn, Revocation, Failed, "ob2_gone");
        finds(&world.text(&full), Withdrawn, Revocation, Failed, "ob2_gone");
    }
}

#[test]
fn row_h6_not_found_is_not_revoked() {
    let mut world = World::new();
    for why in [Unanswered::NotFound, Unanswered::ServerError] {
        world.fails(ID, why);
        finds(&world.text(&assertion().to_string()), Unsure, Signature, CouldNotCheck, "ob2_assertion_unanswered");
    }
}

#[test]
fn row_k13_a_copy_is_a_pointer() {
    let mut copy = assertion();
    copy["evidence"] = json!({ "narrative": "I am a doctor." });
    let report = World::new().text(&copy.to_string());
    authentic(&report);
    assert_eq!(codes(&report, Format, Noted), ["ob2_copy_differs"]);
    assert_eq!(report.badge.unwrap().sentence, None);
}

#[test]
fn row_p_older_badges_are_judged_too() {
    let mut world = World::new();
    let old = json!({
        "uid": "1",
        "recipient": assertion()["recipient"],
        "badge": CLASS,
        "issuedOn": 1_359_217_910,
        "verify": { "type": "hosted", "url": ID },
    });
    world.says(ID, &old);
    world.says(CLASS, &json!({ "name": "Robots", "description": "d", "image": IMAGE, "criteria": "https://example.org/c", "issuer": ISSUER }));
    world.says(ISSUER, &json!({ "name": "An issuer", "url": "https://example.org" }));
    for report in [world.hosted(), world.text(&old.to_string())] {
        authentic(&report);
        assert!(report.findings.iter().any(|f| f.code == "open_badges_2" && f.detail.as_deref() == Some("1.0")));
    }
}

#[test]
fn row_p5_zero_five_has_no_verifiable_issuer() {
    let mut world = World::new();
    let old = json!({
        "recipient": "a@example.org", "issued_on": "2011-06-01",
        "badge": { "version": "0.5.0", "name": "HTML5", "image": "/i.png", "description": "d", "criteria": "/c",
            "issuer": { "origin": "https://example.org", "name": "P2PU" } },
    });
    world.says(ID, &old);
    world.bytes("https://example.org/i.png", b"\x89PNG\r\n\x1a\n");
    finds(&world.hosted(), Unsure, Key, CouldNotCheck, "ob2_issuer_not_verifiable");
    // An upload without address has nowhere to be believed.
    finds(&world.text(&old.to_string()), Unsure, Format, CouldNotCheck, "ob2_no_address");
}

#[test]
fn pitfall_2_16_and_2_31_an_address_must_answer_json() {
    let mut world = World::new();
    for body in [&b"<html></html>"[..], b"\x89PNG\r\n\x1a\n", b"\xff\xfe", b"{\"a\":1,\"a\":2}", b""] {
        world.bytes(ID, body);
        finds(&world.text(&assertion().to_string()), Unsure, Format, CouldNotCheck, "ob2_not_json");
    }
}

#[test]
fn pitfall_2_17_the_picture_of_the_class_is_not_the_assertions() {
    let mut world = World::new();
    world.assertion(|a| a["image"] = json!(IMAGE));
    assert!(codes(&world.hosted(), Schema, Noted).contains(&"ob2_image_of_class"));
}

#[test]
fn pitfall_2_1_and_2_2_no_context_is_ever_fetched() {
    let mut world = World::new();
    world.class(|c| {
        c["@context"] = json!([CONTEXT, "https://w3id.org/openbadges/extensions/applyLinkExtension/context.json"]);
        c["extensions:ApplyLink"] = json!({ "@context": "https://w3id.org/openbadges/extensions/applyLinkExtension/context.json", "type": ["Extension", "extensions:ApplyLink"], "url": "https://example.org/apply" });
        c["extensions:Odd"] = json!({ "@context": "https://gone.example/c", "type": ["Extension", "extensions:Odd"] });
    });
    let (report, asked) = world.run(Inquiry::open_url(ID, NOW, POLICY));
    authentic(&report);
    assert!(asked.iter().all(|need| need.url("").unwrap().starts_with("https://example.org/")));
}

#[test]
fn pitfall_2_18_dates_have_a_zone() {
    let mut world = World::new();
    world.assertion(|a| a["issuedOn"] = json!("2026-01-31T23:59:59"));
    finds(&world.hosted(), Unsure, Schema, Failed, "schema_fault");
}

#[test]
fn pitfall_2_8_case_of_an_address_does_not_count() {
    let mut world = World::new();
    world.assertion(|a| {
        let upper = a["recipient"]["identity"].as_str().unwrap()[7..].to_uppercase();
        a["recipient"]["identity"] = json!(format!("sha256${upper}"));
    });
    world.recipient = Some("NOBODY@example.org".into());
    authentic(&world.hosted());
}

#[test]
fn row_a2_other_writings_of_the_same_badge_are_read_by_json_ld() {
    let plain = World::new().hosted();
    for context in [
        json!([CONTEXT, { "awardedFor": "https://w3id.org/openbadges#badge" }]),
        json!([CONTEXT, { "note": "https://example.org/terms#note" }]),
    ] {
        let mut world = World::new();
        world.assertion(|a| a["@context"] = context.clone());
        let report = world.hosted();
        authentic(&report);
        assert_eq!(report.badge, plain.badge, "{context}");
    }
    // Renamed by a context of its own, with full and compact IRIs, and the alias `verify`.
    let renamed = json!({
        "@context": [CONTEXT, { "awardedFor": { "@id": "obi:badge", "@type": "@id" }, "on": { "@id": "obi:issueDate", "@type": "xsd:dateTime" } }],
        "@type": "https://w3id.org/openbadges#Assertion",
        "@id": ID,
        "obi:recipient": assertion()["recipient"],
        "on": "2026-01-31T23:59:59Z",
        "awardedFor": CLASS,
        "verify": { "type": "obi:HostedBadge" },
        "unknown": { "x": 1 },
    });
    let mut world = World::new();
    world.says(ID, &renamed);
    let report = world.hosted();
    authentic(&report);
    assert_eq!(report.badge, plain.badge);
}

#[test]
fn row_a2_a_context_that_is_not_kept_is_told() {
    let mut world = World::new();
    world.assertion(|a| a["@context"] = json!([CONTEXT, "https://nowhere.example/context.json"]));
    let report = world.hosted();
    finds(&report, Unsure, checks::Check::JsonLd, CouldNotCheck, "context_not_kept");
    assert_eq!(report.badge, None);
}

#[test]
fn row_a2_the_plain_and_the_general_way_agree() {
    use badge_schemas::ob2::{Class, Document, prepare};
    let mut language = class();
    language["@language"] = json!("en-us");
    language["related"] = json!([{ "id": "https://example.org/es", "@language": "es" }]);
    let mut odd = assertion();
    odd["unknown"] = json!({ "@id": 3, "issuer": ISSUER });
    odd["evidence"] = json!([{}, { "narrative": "n", "more": [1, null] }, ISSUER]);
    odd["revoked"] = json!("true");
    let mut by_id = assertion();
    by_id["recipient"]["type"] = json!("id");
    let revoked = json!({ "@context": CONTEXT, "id": ID, "revoked": true, "revocationReason": "r" });
    for (value, of) in [
        (assertion(), Class::Assertion),
        (signed_assertion(), Class::Assertion),
        (odd, Class::Assertion),
        (by_id, Class::Assertion),
        (revoked, Class::Assertion),
        (class(), Class::BadgeClass),
        (language, Class::BadgeClass),
        (issuer(), Class::Profile),
        (key(&MINE), Class::CryptographicKey),
        (list(&json!([ID, { "id": CLASS, "revocationReason": "r" }, { "uid": "u" }])), Class::RevocationList),
    ] {
        let prepared = prepare(value, of, Some(ID)).unwrap();
        let expanded =
            proofs::jsonld::expand_lenient(&prepared.value).unwrap_or_else(|e| panic!("{e} {}", prepared.value));
        let general = Document::from_expanded(&prepared, &expanded).unwrap();
        assert_eq!(Some(general), Document::plain(&prepared), "{}\n{expanded:#}", prepared.value);
    }
}
