//! §1.1–1.4: how it is written, the credential, its subject, its achievement.

use badge_schemas::credential::validate_canonical;
use checks::{Check, Outcome, Policy, Verdict, codes};
use proofs::jsonld::canonicalize;
use proofs::jws::Alg;
use proofs::vc_jwt::{VcJwtFault, prepare};
use serde_json::{Value, json};

use crate::world::{BASE, NOW, ORG, World};
use crate::{against, finds, holds, judge, meaningless, remove, signed};

#[test]
fn row_1_1_1_what_is_issued_writes_lists() {
    let badge = World::new().badge(|_| {});
    for pointer in [
        "/type",
        "/issuer/type",
        "/evidence",
        "/credentialSchema",
        "/credentialSubject/type",
        "/credentialSubject/identifier",
        "/credentialSubject/achievement/type",
        "/credentialSubject/achievement/alignment",
        "/credentialSubject/achievement/tag",
    ] {
        assert!(badge.pointer(pointer).is_some_and(Value::is_array), "{pointer}");
    }
    assert_eq!(validate_canonical(&badge), []);
}

#[test]
fn row_1_1_2_a_list_of_one_may_be_written_bare() {
    holds(|badge| badge["issuer"]["type"] = json!("Profile"));
    holds(|badge| badge["credentialSubject"]["type"] = json!("AchievementSubject"));
    holds(|badge| badge["credentialSchema"] = badge["credentialSchema"][0].clone());
    let mut text = signed(|_| {});
    text["proof"] = json!([text["proof"]]);
    assert_eq!(judge(&World::new(), &text).verdict, Verdict::Authentic);
}

#[test]
fn row_1_1_3_nulls_and_empty_lists_are_omitted() {
    against(|badge| badge["credentialSubject"]["achievement"]["tag"] = json!([]), "empty_array");
    against(|badge| badge["credentialSubject"]["role"] = json!(null), "null_value");
}

#[test]
fn row_1_1_4_what_is_an_object_is_no_address() {
    against(|badge| badge["image"] = json!("https://livret.example/picture.png"), "not_an_object");
    against(
        |badge| badge["credentialSubject"]["achievement"]["image"] = json!("https://livret.example/p.png"),
        "not_an_object",
    );
    // The one exception.
    holds(|badge| badge["issuer"] = json!(ORG));
}

#[test]
fn row_1_1_5_numbers_are_numbers() {
    holds(|badge| badge["credentialSubject"]["creditsEarned"] = json!(3.5));
    against(|badge| badge["credentialSubject"]["creditsEarned"] = json!("3.5"), "not_a_number");
    against(|badge| badge["credentialSubject"]["achievement"]["creditsAvailable"] = json!("30"), "not_a_number");
}

#[test]
fn row_1_1_6_french_goes_through_every_carrier() {
    use badge_schemas::baking::{Keyword, svg};
    let name = "Éloïse d’Harcourt – cœur œuvré à 50 % « ok » 🙂";
    let text = signed(|badge| badge["credentialSubject"]["identifier"][0]["identityHash"] = json!(name)).to_string();
    let plain = b"<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>";
    let pdf =
        format!("%PDF-1.4\n1 0 obj<</Type/EmbeddedFile/Length {}>>stream\n{text}\nendstream endobj\n", text.len());
    for bytes in [
        text.clone().into_bytes(),
        format!("\u{feff}{text}\n").into_bytes(),
        svg::bake(plain, Keyword::OpenBadges3, &text).expect("a picture"),
        pdf.into_bytes(),
    ] {
        let inquiry = checks::Inquiry::open_bytes(bytes, NOW, crate::ALONE);
        let report = World::new().bring(inquiry, NOW);
        assert_eq!(report.badge.expect("facts").recipient.name.as_deref(), Some(name));
    }
}

#[test]
fn row_1_1_7_contexts_stand_in_their_order() {
    // Whole as it was signed, nobody changed it; and a badge of the standard it is not.
    for (change, verdict) in [
        ((|contexts| contexts.swap(0, 1)) as fn(&mut Vec<Value>), Verdict::CouldNotCheck),
        (|contexts| drop(contexts.remove(0)), Verdict::Altered),
        (|contexts| contexts.insert(0, json!("https://w3id.org/security/data-integrity/v2")), Verdict::Altered),
    ] {
        let mut text = World::new().signed();
        change(text["@context"].as_array_mut().expect("contexts"));
        let report = judge(&World::new(), &text);
        finds(&report, Check::Format, Outcome::Failed, codes::CONTEXT_ORDER);
        assert_eq!(report.verdict, verdict);
        assert_eq!(report.badge, None);
    }
}

#[test]
fn row_1_1_9_dates_have_their_offset() {
    holds(|badge| badge["awardedDate"] = json!("2026-11-20T15:05:09+01:00"));
    against(|badge| badge["awardedDate"] = json!("2026-11-20T14:05:09"), "not_date_time_with_offset /awardedDate");
    against(|badge| badge["awardedDate"] = json!("2026-11-20"), "not_date_time_with_offset /awardedDate");
}

#[test]
fn row_1_1_10_what_means_nothing_is_refused() {
    meaningless(|badge| badge["nickname"] = json!("Nini"));
    meaningless(|badge| badge["credentialSubject"]["grade"] = json!("20/20"));
    meaningless(|badge| badge["credentialSubject"]["achievement"]["type"] = json!(["Achievement", "Competence"]));
    meaningless(|badge| badge["name"] = json!({ "fr": "Équipe" }));
}

#[test]
fn row_1_2_2_a_credential_has_an_id() {
    against(|badge| remove(badge, "/id"), "missing_member /id");
    holds(|badge| badge["id"] = json!("urn:uuid:5f0c2c1e-7d0b-4b83-9a1f-2f6a1c0e9d47"));
}

#[test]
fn row_1_2_3_its_types_say_what_it_is() {
    for types in [json!(["VerifiableCredential"]), json!(["OpenBadgeCredential"]), json!([])] {
        let mut text = World::new().signed();
        text["type"] = types;
        let report = judge(&World::new(), &text);
        finds(&report, Check::Format, Outcome::Failed, codes::TYPE_MISSING);
    }
    holds(|badge| badge["type"] = json!(["VerifiableCredential", "AchievementCredential"]));
}

#[test]
fn row_1_2_4_an_issuer_has_an_id() {
    for issuer in [json!({ "type": ["Profile"], "name": "Estuaire" }), json!(""), json!(null), json!(7)] {
        let mut text = World::new().signed();
        text["issuer"] = issuer;
        finds(&judge(&World::new(), &text), Check::Format, Outcome::Failed, codes::ISSUER_MISSING);
    }
    against(|badge| badge["issuer"]["type"] = json!(["VerifiableCredential"]), "wrong_type /issuer/type");
}

#[test]
fn row_1_2_5_it_has_a_beginning() {
    let report = judge(&World::new(), &signed(|badge| remove(badge, "/validFrom")));
    finds(&report, Check::Start, Outcome::CouldNotCheck, codes::DATE_UNREADABLE);
    finds(&report, Check::Schema, Outcome::Failed, codes::SCHEMA_FAULT);
    assert_eq!(report.verdict, Verdict::CouldNotCheck);
}

#[test]
fn row_1_2_6_it_has_one_subject() {
    against(|badge| badge["credentialSubject"] = json!([badge["credentialSubject"]]), "not_single /credentialSubject");
}

#[test]
fn row_1_2_7_what_is_displayed_is_always_issued() {
    let badge = World::new().badge(|_| {});
    assert!(badge["name"].is_string() && badge["description"].is_string() && badge["image"]["id"].is_string());
    assert_eq!(badge["name"], badge["credentialSubject"]["achievement"]["name"], "row 8.1");
}

#[test]
fn row_1_2_8_the_day_of_the_award_keeps_its_odd_datatype() {
    let canonical = canonicalize(&World::new().badge(|_| {})).expect("a badge");
    let line = canonical.lines().find(|line| line.contains("#awardedDate>")).expect("the line");
    assert!(line.contains("^^<xsd:dateTime>"), "{line}");
}

#[test]
fn row_1_2_9_a_token_of_an_endorsement_is_a_token() {
    against(|badge| badge["endorsementJwt"] = json!(["not a token"]), "not_a_compact_jws /endorsementJwt/0");
    holds(|badge| badge["endorsementJwt"] = json!(["eyJhbGciOiJFUzI1NiJ9.e30.AAAA"]));
}

#[test]
fn row_1_2_10_after_its_end_it_has_expired() {
    let at = |end: &str| judge(&World::new(), &signed(|badge| badge["validUntil"] = json!(end))).verdict;
    assert_eq!(at("2026-11-22T08:00:00Z"), Verdict::Expired);
    assert_eq!(at("2026-11-22T10:00:00Z"), Verdict::Authentic);
    let report = judge(&World::new(), &signed(|badge| badge["validUntil"] = json!("2027-11-22")));
    finds(&report, Check::End, Outcome::CouldNotCheck, codes::DATE_UNREADABLE);
}

#[test]
fn row_1_2_12_a_member_of_ones_own_needs_a_context_that_defines_it() {
    holds(|badge| {
        badge["@context"]
            .as_array_mut()
            .expect("contexts")
            .push(json!({ "nickname": "https://livret.example/terms#nickname" }));
        badge["nickname"] = json!("Nini");
    });
}

#[test]
fn row_1_3_1_somebody_receives_it() {
    holds(|badge| remove(badge, "/credentialSubject/identifier"));
    holds(|badge| remove(badge, "/credentialSubject/id"));
    against(
        |badge| {
            remove(badge, "/credentialSubject/identifier");
            remove(badge, "/credentialSubject/id");
        },
        "no_recipient /credentialSubject",
    );
}

#[test]
fn row_1_3_2_nested_objects_have_their_types() {
    let result = json!({ "type": ["Achievement"], "value": "3" });
    let description = json!({ "id": "urn:x:1", "type": ["Achievement"], "name": "Note", "resultType": "RawScore" });
    against(
        |badge| badge["credentialSubject"]["identifier"][0]["type"] = json!("Profile"),
        "wrong_type /credentialSubject/identifier/0",
    );
    against(|badge| badge["credentialSubject"]["result"] = json!([result]), "wrong_type /credentialSubject/result/0");
    against(
        |badge| badge["credentialSubject"]["source"] = json!({ "id": BASE, "type": ["Address"] }),
        "wrong_type /credentialSubject/source",
    );
    against(
        |badge| badge["credentialSubject"]["achievement"]["resultDescription"] = json!([description]),
        "wrong_type /credentialSubject/achievement/resultDescription/0",
    );
}

#[test]
fn row_1_3_3_a_token_needs_the_subjects_id() {
    let badge = World::new().badge(|badge| remove(badge, "/credentialSubject/id"));
    assert_eq!(prepare(&badge, Alg::Es256, "https://livret.example/k").unwrap_err(), VcJwtFault::NoSubjectId);
}

#[test]
fn row_1_4_what_an_achievement_has() {
    let at = "/credentialSubject/achievement";
    for member in ["name", "description", "criteria"] {
        against(|badge| remove(badge, &format!("{at}/{member}")), &format!("missing_member {at}/{member}"));
    }
    for kind in ["Competency", "MicroCredential", "ext:Habilitation"] {
        holds(|badge| badge["credentialSubject"]["achievement"]["achievementType"] = json!(kind));
    }
    for kind in ["Certifié", "zz ext:a", "competency", "ext:"] {
        against(
            |badge| badge["credentialSubject"]["achievement"]["achievementType"] = json!(kind),
            "not_in_vocabulary",
        );
    }
    against(|badge| badge["credentialSubject"]["achievement"]["inLanguage"] = json!("français"), "not_a_language");
}

#[test]
fn row_1_4_1_criteria_say_something() {
    against(|badge| badge["credentialSubject"]["achievement"]["criteria"] = json!({}), "criteria_say_nothing");
    holds(|badge| {
        badge["credentialSubject"]["achievement"]["criteria"] = json!({ "id": "https://livret.example/criteria" });
    });
}

#[test]
fn row_1_4_4_the_embedded_achievement_is_what_was_signed() {
    let world = World::new();
    let mut inquiry = checks::Inquiry::open(&world.signed().to_string(), NOW, Policy::FULL);
    let mut asked = Vec::new();
    while let Some(need) = inquiry.next_need() {
        asked.extend(need.url("https://livret.example/registre"));
        inquiry.answer(&need, world.answers.get(&need).cloned().expect("an answer"));
    }
    assert!(!asked.iter().any(|url| url.contains("/referentiel/")), "{asked:?}");
    assert!(inquiry.conclude().badge.expect("facts").achievement.name.contains("Travail en équipe"));
}

#[test]
fn row_1_4_5_an_achievement_is_no_authorisation() {
    let stranger = crate::world::Party::new("did:web:stranger.example", 11);
    let mut world = World::new();
    world.says(crate::world::did(stranger.did), &stranger.document());
    let text = stranger.sign(&world.badge(|badge| {
        badge["issuer"]["id"] = json!(stranger.did);
        remove(badge, "/credentialStatus");
    }));
    let report = world.judge(&text.to_string());
    assert_eq!(report.verdict, Verdict::UnknownIssuer);
    let facts = report.badge.expect("its issuer's word");
    assert_eq!((facts.issuer.id.as_str(), facts.issuer.vouched), ("did:web:stranger.example", false));
}
