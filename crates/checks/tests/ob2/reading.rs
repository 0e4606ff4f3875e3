//! How documents are asked for and read, and what a report tells of them: rows A2, A11, D2, F7, L2, L12, and pitfalls.

use checks::Check::{Format, Recipient, Schema};
use checks::Inquiry;
use checks::Need;
use checks::Outcome::{CouldNotCheck, Failed, Noted, Passed};
use checks::Verdict::CouldNotCheck as Unsure;
use serde_json::json;

use crate::world::*;

#[test]
fn row_a2_and_l5_other_writings_of_the_same_badge_are_read_by_json_ld() {
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

#[test]
fn row_a11_redirections_count_and_are_told() {
    let mut world = World::new();
    for (at, told) in [("https://cdn.example/1.json", vec!["ob2_redirected"]), ("https://example.org/1.json", vec![])] {
        let answer =
            checks::Answer { url: Some(at.to_owned()), ..checks::Answer::new(assertion().to_string().as_bytes()) };
        world.answers.insert(ID.to_owned(), Ok(answer));
        let report = world.hosted();
        authentic(&report);
        assert_eq!(codes(&report, Format, Noted), told);
    }
}

#[test]
fn row_l2_an_address_is_asked_as_the_reference_asks() {
    let accept = Need::Hosted { url: ID.to_owned() }.accept();
    assert_eq!(accept, "application/ld+json, application/json, image/png, image/svg+xml");
}

#[test]
fn row_l12_a_report_says_when_it_was_made_and_what_came_of_every_check() {
    let report = World::new().hosted();
    assert_eq!(report.at, NOW);
    for check in checks::Check::ALL {
        assert!(report.finding(check).is_some(), "{check:?}");
    }
}

#[test]
fn row_d2_a_picture_with_a_declaration_is_a_picture_and_a_page_that_shows_one_is_a_page() {
    let mut world = World::new();
    let doctype =
        "<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd\"";
    for right in [
        format!("\u{feff}<?xml version='1.0'?>\n<!-- a > b -->\n{doctype}>\n<svg xmlns='http://www.w3.org/2000/svg'/>"),
        format!("{doctype} [<!ENTITY ns \"http://x\">]><s:svg xmlns:s='http://www.w3.org/2000/svg'></s:svg>"),
        "<svg/>".to_owned(),
    ] {
        world.bytes(IMAGE, right.as_bytes());
        authentic(&world.hosted());
    }
    for wrong in ["<html><svg/></html>", "<!-- <svg/> --><html/>", "<?xml <svg", "<svgs/>", "text <svg/>", "<!--"] {
        world.bytes(IMAGE, wrong.as_bytes());
        finds(&world.hosted(), Unsure, Schema, Failed, "ob2_image_not_png_or_svg");
    }
}

#[test]
fn row_i2_and_pitfall_2_27_the_page_of_criteria_is_never_fetched() {
    let mut world = World::new();
    world.class(|c| c["criteria"] = json!("https://example.org/criteria"));
    let (report, asked) = world.run(Inquiry::open_url(ID, NOW, POLICY));
    authentic(&report);
    assert!(asked.iter().all(|need| need.url("").as_deref() != Some("https://example.org/criteria")));
}

#[test]
fn pitfall_2_28_a_badge_may_name_somebody_by_an_id() {
    let mut world = World::new();
    let did = "did:key:z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi";
    world.assertion(|a| a["recipient"] = json!({ "type": "id", "hashed": false, "identity": did }));
    world.recipient = Some(did.to_owned());
    let report = world.hosted();
    authentic(&report);
    assert_eq!(codes(&report, Recipient, Passed), ["ob2_recipient_matches"]);
    assert_eq!(report.badge.unwrap().recipient.id.as_deref(), Some(did));
}

#[test]
fn row_f7_each_kind_of_identifier_is_compared_with_its_own_kind() {
    let mut world = World::new();
    let mut asked = |kind: &str, identity: &str, about: &str| {
        world.assertion(|a| {
            a["recipient"] = json!({ "type": kind, "hashed": true, "identity": badge_schemas::ob2::recipient::sha256(identity, "s"), "salt": "s" });
        });
        world.recipient = Some(about.to_owned());
        world.hosted().verdict == checks::Verdict::Authentic
    };
    for (kind, value) in [
        ("email", "nobody@example.org"),
        ("url", "https://example.org/me"),
        ("telephone", "+33235525600"),
        ("id", "urn:uuid:e79a6c18-787e-4868-8e65-e6a4530fb418"),
        ("id", "https://example.org/me"),
    ] {
        assert!(asked(kind, value, value), "{kind}");
    }
    for (kind, value) in [("url", "nobody@example.org"), ("id", "nobody@example.org"), ("email", "+33235525600")] {
        assert!(!asked(kind, value, value), "{kind}");
    }
}

#[test]
fn pitfall_2_30_a_name_beside_the_badge_is_not_the_badges_word() {
    let mut world = World::new();
    world.assertion(|a| {
        a["extensions:recipientProfile"] = json!({ "@context": "https://openbadgespec.org/extensions/recipientProfile/context.json", "type": ["Extension", "extensions:RecipientProfile"], "name": "Ines Duval" });
    });
    let report = world.hosted();
    authentic(&report);
    assert_eq!(report.badge.unwrap().recipient.name, None);
}

#[test]
fn pitfall_2_34_each_standard_has_its_own_judge() {
    let of = |text: &str| World::new().text(text).form.map(|form| form.standard);
    let three = crate::region::World::new().signed();
    assert_eq!(of(&three.to_string()), Some(checks::Standard::OpenBadges3));
    assert_eq!(of(&assertion().to_string()), Some(checks::Standard::OpenBadges2));
}
