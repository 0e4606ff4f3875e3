//! Endorsements on a badge, its class and its issuer: rows J1 to J3.

use checks::Check::{Endorsements, Format, Key, Revocation, Schema, Signature, Start};
use checks::Outcome::{CouldNotCheck, Failed, NotExamined, Noted, Passed};
use checks::Verdict::{Altered, Authentic, CouldNotCheck as Unsure, NotYetValid, Withdrawn};
use checks::{Part, PartKind, Report, Standard, Unanswered, Verdict};
use josekit::jws::RS256;
use serde_json::{Value, json};

use crate::world::*;

/// A world in which the assertion bears this endorsement, and its address says it.
fn endorsed(value: &Value) -> World {
    let mut world = World::with_endorser();
    world.says(ENDORSEMENT, value);
    world.assertion(|a| a["endorsement"] = json!(ENDORSEMENT));
    world
}

/// The badge stays what it is; what became of its one endorsement.
#[track_caller]
fn only_part(report: &Report) -> &Part {
    authentic(report);
    assert_eq!(report.parts.len(), 1, "{:#?}", report.parts);
    &report.parts[0]
}

/// An endorsement signed by the endorser.
fn signed(endorsed: &str, change: impl FnOnce(&mut Value)) -> String {
    let mut value = endorsement(endorsed);
    value["id"] = json!("urn:uuid:3c574c87-b96f-4f06-8eb5-68a29335b60e");
    value["verification"] = json!({ "type": "SignedBadge", "creator": "https://endorser.example/key" });
    change(&mut value);
    jws_with(value.to_string().as_bytes(), &OTHER, RS256)
}

#[test]
fn row_j2_and_j3_each_object_of_a_badge_may_be_endorsed_and_each_endorsement_is_judged_by_itself() {
    let mut world = World::with_endorser();
    for (i, on) in [ID, CLASS, ISSUER].into_iter().enumerate() {
        let url = format!("https://endorser.example/endorsements/{i}");
        let mut value = endorsement(on);
        value["id"] = json!(url);
        world.says(&url, &value);
        let holds = |v: &mut Value| v["endorsement"] = json!([url]);
        match on {
            ID => world.assertion(holds),
            CLASS => world.class(holds),
            _ => world.issuer(holds),
        }
    }
    let report = world.hosted();
    authentic(&report);
    assert_eq!(codes(&report, Endorsements, Passed), ["endorsements_hold"]);
    let places: Vec<_> = report.parts.iter().map(|p| (p.kind, p.place.as_str(), p.report.verdict)).collect();
    let of = |place| (PartKind::Endorsement, place, Authentic);
    assert_eq!(places, [of("/endorsement"), of("/badge/endorsement"), of("/badge/issuer/endorsement")]);
    for (part, on) in report.parts.iter().zip([ID, CLASS, ISSUER]) {
        assert_eq!(codes(&part.report, Format, Passed), ["endorsement_2"]);
        assert_eq!(codes(&part.report, Signature, Noted), ["ob2_hosted"]);
        assert_eq!(part.report.form.unwrap().standard, Standard::Endorsement2);
        let said = part.report.endorsement.as_ref().expect("facts");
        assert_eq!((said.endorsed.as_str(), said.comment.as_deref()), (on, Some("Well made.")));
        assert_eq!((said.issuer.name.as_str(), said.issuer.vouched), ("An endorser", false));
    }
}

#[test]
fn row_j2_an_embedded_endorsement_is_a_pointer_to_its_own_address() {
    let mut world = endorsed(&endorsement(ID));
    let mut embedded = endorsement(ID);
    embedded["claim"]["endorsementComment"] = json!("The best ever.");
    world.assertion(|a| a["endorsement"] = embedded);
    let report = world.hosted();
    let said = only_part(&report).report.endorsement.as_ref().expect("facts");
    assert_eq!(said.comment.as_deref(), Some("Well made."));
}

#[test]
fn row_j2_a_signed_endorsement_is_verified_by_the_key_of_its_own_issuer() {
    let world = endorsed(&endorsement(ID));
    for (at_an_address, text) in [(true, signed(ID, |_| {})), (false, signed(ID, |_| {}))] {
        let mut world = world.clone();
        if at_an_address {
            world.bytes(ENDORSEMENT, text.as_bytes());
        } else {
            world.assertion(|a| a["endorsement"] = json!([text]));
        }
        let report = world.hosted();
        let part = &only_part(&report).report;
        authentic(part);
        assert_eq!(codes(part, Signature, Passed), ["signature_ok"]);
        assert_eq!(codes(part, Key, Passed), ["ob2_key_listed"]);
        assert!(part.endorsement.is_some());
    }
}

#[test]
fn row_j2_a_signed_endorsement_that_does_not_hold_is_told_in_its_part() {
    let mut by_the_issuer = endorsement(ID);
    by_the_issuer["verification"] = json!({ "type": "SignedBadge", "creator": KEY });
    let mut by_another_key = endorsement(ID);
    by_another_key["verification"] = json!({ "type": "SignedBadge", "creator": "https://endorser.example/key" });
    let rows: [(Value, Verdict, checks::Check, &str); 4] = [
        (json!(jws(&by_the_issuer)), Altered, Key, "ob2_key_not_listed"),
        (json!(signed(ID, |e| e["issuer"] = json!(ISSUER))), Altered, Key, "ob2_key_not_listed"),
        (json!(signed(CLASS, |_| {})), Altered, Format, "endorsed_other"),
        (json!(jws(&by_another_key)), Altered, Signature, "signature_mismatch"),
    ];
    for (bears, verdict, check, code) in rows {
        let mut world = World::with_endorser();
        world.assertion(|a| a["endorsement"] = bears.clone());
        let report = world.hosted();
        finds(&only_part(&report).report, verdict, check, Failed, code);
        assert_eq!(report.parts[0].report.endorsement, None, "not a word of it is believed");
        assert_eq!(codes(&report, Endorsements, Failed), ["endorsements_amiss"]);
    }
    // Signed, it says, and without its signature.
    let mut world = World::with_endorser();
    let mut bare = endorsement(ID);
    bare["verification"] = json!({ "type": "SignedBadge" });
    world.assertion(|a| a["endorsement"] = bare);
    let report = world.hosted();
    finds(&only_part(&report).report, Unsure, Signature, CouldNotCheck, "ob2_signed_without_jws");
    assert_eq!(codes(&report, Endorsements, CouldNotCheck), ["endorsements_unchecked"]);
}

#[test]
fn row_j2_the_list_of_a_signed_endorsements_issuer_takes_it_back() {
    let mut world = World::with_endorser();
    world.assertion(|a| a["endorsement"] = json!(signed(ID, |_| {})));
    let mut names = list(&json!(["urn:uuid:3c574c87-b96f-4f06-8eb5-68a29335b60e"]));
    names["id"] = json!("https://endorser.example/revocations");
    names["issuer"] = json!(ENDORSER);
    world.says("https://endorser.example/revocations", &names);
    let report = world.hosted();
    finds(&only_part(&report).report, Withdrawn, Revocation, Failed, "ob2_in_list");
}

#[test]
fn row_j2_a_hosted_endorsement_is_taken_back_by_its_address() {
    let mut world = endorsed(&endorsement(ID));
    world.gone(ENDORSEMENT, b"");
    let report = world.hosted();
    finds(&only_part(&report).report, Withdrawn, Revocation, Failed, "ob2_gone");
    let revoked = json!({ "@context": CONTEXT, "type": "Endorsement", "id": ENDORSEMENT, "issuer": ENDORSER, "revoked": true, "revocationReason": "Issued in error." });
    let report = endorsed(&revoked).hosted();
    let part = &only_part(&report).report;
    finds(part, Withdrawn, Revocation, Failed, "ob2_revoked");
    assert_eq!(codes(part, Format, Passed), ["endorsement_2"]);
    assert_eq!(part.finding(Revocation).unwrap().detail.as_deref(), Some("Issued in error."));
}

#[test]
fn row_j1_and_j2_what_is_amiss_with_an_endorsement_never_speaks_against_the_badge() {
    let with = |change: &dyn Fn(&mut Value)| {
        let mut value = endorsement(ID);
        change(&mut value);
        endorsed(&value)
    };
    let without = |name: &'static str| {
        let mut value = endorsement(ID);
        value.as_object_mut().unwrap().remove(name);
        endorsed(&value)
    };
    let rows: [(World, Verdict, checks::Check, checks::Outcome, &str); 8] = [
        (with(&|e| e["claim"]["id"] = json!(CLASS)), Altered, Format, Failed, "endorsed_other"),
        (with(&|e| e["claim"] = json!(null)), Altered, Format, Failed, "endorsed_other"),
        (with(&|e| e["issuedOn"] = json!("2027-01-01T00:00:00Z")), NotYetValid, Start, Failed, "not_started"),
        (
            with(&|e| e["verification"]["type"] = json!("Trusted")),
            Altered,
            Signature,
            Failed,
            "ob2_verification_unknown",
        ),
        (with(&|e| e["issuer"] = json!(ISSUER)), Altered, Key, Failed, "ob2_origin_not_allowed"),
        (without("issuedOn"), Unsure, Schema, Failed, "schema_fault"),
        (without("verification"), Altered, Signature, Failed, "ob2_verification_unknown"),
        (without("issuer"), Unsure, Schema, Failed, "schema_fault"),
    ];
    for (world, verdict, check, outcome, code) in rows {
        let report = world.hosted();
        finds(&only_part(&report).report, verdict, check, outcome, code);
        assert_eq!(report.parts[0].report.badge, None);
    }
}

#[test]
fn row_j3_a_badge_is_no_endorsement() {
    let mut other = assertion();
    other["id"] = json!(ENDORSEMENT);
    let report = endorsed(&other).hosted();
    finds(&only_part(&report).report, Altered, Format, Failed, "endorsed_other");
    assert_eq!(report.parts[0].report.badge, None);
}

#[test]
fn row_j2_an_endorsement_or_endorser_that_does_not_come_could_not_be_checked() {
    for (url, check, code) in
        [(ENDORSEMENT, Signature, "ob2_assertion_unanswered"), (ENDORSER, Key, "ob2_issuer_unanswered")]
    {
        let mut world = endorsed(&endorsement(ID));
        world.fails(url, Unanswered::TimedOut);
        let report = world.hosted();
        finds(&only_part(&report).report, Unsure, check, CouldNotCheck, code);
        assert_eq!(codes(&report, Endorsements, CouldNotCheck), ["endorsements_unchecked"]);
    }
    let mut world = World::with_endorser();
    world.assertion(|a| a["endorsement"] = json!("urn:uuid:3c574c87-b96f-4f06-8eb5-68a29335b60e"));
    finds(&only_part(&world.hosted()).report, Unsure, Format, CouldNotCheck, "ob2_not_fetchable");
}

#[test]
fn row_j3_an_endorser_may_be_endorsed_and_two_who_endorse_each_other_do_so_once() {
    let mut world = endorsed(&endorsement(ID));
    let back = "https://example.org/endorsements/1";
    let mut of_the_endorser = endorsement(ENDORSER);
    of_the_endorser["id"] = json!(back);
    of_the_endorser["issuer"] = json!(ISSUER);
    world.says(back, &of_the_endorser);
    let mut profile = endorser();
    profile["endorsement"] = json!(back);
    world.says(ENDORSER, &profile);
    world.issuer(|i| i["endorsement"] = json!(ENDORSEMENT));
    let mut of_the_issuer = endorsement(ISSUER);
    of_the_issuer["id"] = json!(ENDORSEMENT);
    world.says(ENDORSEMENT, &of_the_issuer);
    world.assertion(|_| {});
    let report = world.hosted();
    let first = only_part(&report);
    assert_eq!((first.place.as_str(), first.report.verdict), ("/badge/issuer/endorsement", Authentic));
    let second = &first.report.parts;
    assert_eq!((second.len(), second[0].place.as_str()), (1, "/issuer/endorsement"));
    assert_eq!((second[0].report.verdict, second[0].report.parts.len()), (Authentic, 0));
}

#[test]
fn endorsements_are_bounded_in_number_and_depth() {
    let mut world = World::with_endorser();
    world.assertion(|a| a["endorsement"] = (0..50_000).map(|i| json!(format!("https://e.example/{i}"))).collect());
    let report = world.hosted();
    authentic(&report);
    assert_eq!(report.parts.len(), 64);
    assert!(codes(&report, Endorsements, CouldNotCheck).contains(&"parts_too_many"));
    // A chain of endorsers.
    let mut world = World::new();
    world.issuer(|i| i["endorsement"] = json!("https://e0.example/e"));
    for i in 0..8 {
        let (here, endorsed) = (format!("https://e{i}.example/"), format!("https://e{}.example/", i - 1));
        let mut profile = endorser();
        profile["id"] = json!(here);
        profile["endorsement"] = json!(format!("https://e{}.example/e", i + 1));
        world.says(&here, &profile);
        let mut value = endorsement(if i == 0 { ISSUER } else { &endorsed });
        value["id"] = json!(format!("{here}e"));
        value["issuer"] = json!(here);
        world.says(&format!("{here}e"), &value);
    }
    let report = world.hosted();
    let (mut deepest, mut depth) = (&report, 0);
    while let Some(part) = deepest.parts.first() {
        assert_eq!(part.report.verdict, Authentic, "{:#?}", part.report.findings);
        (deepest, depth) = (&part.report, depth + 1);
    }
    assert_eq!(depth, 4);
    assert!(codes(deepest, Endorsements, CouldNotCheck).contains(&"parts_too_many"));
}

#[test]
fn row_j2_an_endorsement_alone_says_what_it_is() {
    let world = endorsed(&endorsement(ID));
    for report in [world.url(ENDORSEMENT), world.text(&endorsement(ID).to_string()), world.text(&signed(ID, |_| {}))] {
        authentic(&report);
        assert_eq!(codes(&report, Format, Passed), ["endorsement_2"]);
        assert_eq!((report.form.unwrap().standard, &report.badge), (Standard::Endorsement2, &None));
        assert_eq!(report.endorsement.unwrap().endorsed, ID);
    }
    assert_eq!(codes(&World::new().hosted(), Endorsements, NotExamined), ["not_there"]);
}
