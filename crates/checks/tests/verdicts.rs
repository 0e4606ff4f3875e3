//! One row per reason: what was done to the badge or to the answers, the verdict, and the code that says why.

mod world;

use badge_schemas::profile::{ListedKey, did_document};
use badge_schemas::referentiel::Family;
use checks::{Check, Outcome, Policy, Report, Unanswered, Verdict, codes};
use serde_json::{Value, json};
use time::macros::datetime;
use world::{INDEX, NOW, ORG, Party, REGION, SIGNED, World, did, status};

/// Asserts the verdict, and that exactly this finding speaks for it.
#[track_caller]
fn says(report: &Report, verdict: Verdict, check: Check, outcome: Outcome, code: &str) {
    let found: Vec<_> = report.findings.iter().filter(|f| f.check == check).map(|f| (f.outcome, f.code)).collect();
    assert!(found.contains(&(outcome, code)), "{check:?}: {found:?}\n{report:#?}");
    assert_eq!(report.verdict, verdict, "{report:#?}");
}

#[test]
fn a_badge_as_we_sign_it_is_authentic_and_says_its_facts() {
    let world = World::new();
    let report = world.judge(&world.signed().to_string());
    assert_eq!(report.verdict, Verdict::Authentic, "{report:#?}");
    let badge = report.badge.expect("facts");
    assert_eq!(badge.achievement.name, "Travail en équipe – Je pratique");
    let place = badge.achievement.referentiel.expect("a place in the référentiel");
    assert_eq!((place.badge.as_str(), place.level.as_str()), ("cpt-travail-en-equipe", "pratique"));
    assert_eq!(badge.recipient.name.as_deref(), Some("Inès Duval"));
    assert!(badge.recipient.matches_email("Ines@Example.fr"));
    assert!(!badge.recipient.matches_email("paul@example.fr"));
    // The name is the register's, not the one the badge gives.
    assert_eq!((badge.issuer.name.as_str(), badge.issuer.vouched), ("Estuaire Compétences", true));
    assert_eq!(badge.observed.len(), 2);
    assert!(!badge.observed[0].starts_with('-'));
    assert_eq!(badge.evidence_type.as_deref(), Some("mise-en-situation"));
    assert!(report.findings.iter().all(|f| !matches!(f.outcome, Outcome::Failed | Outcome::CouldNotCheck)));
}

#[test]
fn every_check_is_in_the_report_once_and_in_order() {
    let world = World::new();
    for text in [world.signed().to_string(), String::new(), "{}".to_owned()] {
        let checks: Vec<_> = world.judge(&text).findings.iter().map(|f| f.check).collect();
        assert_eq!(checks, Check::ALL);
    }
}

#[test]
fn texts_that_are_not_read() {
    let world = World::new();
    let rows: [(&str, Outcome, &str); 9] = [
        ("", Outcome::CouldNotCheck, codes::EMPTY),
        ("bonjour", Outcome::CouldNotCheck, codes::NOT_JSON),
        ("<svg/>", Outcome::CouldNotCheck, codes::NO_BADGE_IN_PICTURE),
        ("eyJhbGciOiJSUzI1NiJ9.e30.AAAA", Outcome::CouldNotCheck, codes::NOT_A_BADGE),
        ("{\"a\":1", Outcome::CouldNotCheck, codes::JSON_SYNTAX),
        ("{\"a\":1}", Outcome::CouldNotCheck, codes::NOT_A_BADGE),
        (
            "{\"@context\":\"https://w3id.org/openbadges/v2\",\"type\":\"Assertion\"}",
            Outcome::CouldNotCheck,
            codes::OB2_NO_ADDRESS,
        ),
        ("{\"type\":[\"OpenBadgeCredential\"],", Outcome::Failed, codes::JSON_SYNTAX),
        ("{\"type\":[\"OpenBadgeCredential\"],\"type\":[]}", Outcome::Failed, codes::JSON_DUPLICATE_MEMBER),
    ];
    for (text, outcome, code) in rows {
        let verdict = if outcome == Outcome::Failed { Verdict::Altered } else { Verdict::CouldNotCheck };
        let report = world.judge(text);
        says(&report, verdict, Check::Format, outcome, code);
        assert_eq!(report.badge, None);
    }
}

type ChangeEntry = fn(&mut badge_schemas::register::Entry);
type ChangeValue = fn(&mut Value);

/// A change of the signed text and what comes of it.
type Mutation = (fn(&mut Value), Verdict, Check, Outcome, &'static str);

#[test]
fn a_signed_text_that_was_changed() {
    use Outcome::{CouldNotCheck, Failed};
    use Verdict::Altered;
    let rows: [Mutation; 15] = [
        (
            |v| v["name"] = json!("Travail en équipe – Je maîtrise"),
            Altered,
            Check::Signature,
            Failed,
            codes::SIGNATURE_MISMATCH,
        ),
        (
            |v| v["credentialSubject"]["identifier"][0]["identityHash"] = json!("Inès Duvak"),
            Altered,
            Check::Signature,
            Failed,
            codes::SIGNATURE_MISMATCH,
        ),
        (
            |v| v["validFrom"] = json!("2026-11-20T14:05:08Z"),
            Altered,
            Check::Signature,
            Failed,
            codes::SIGNATURE_MISMATCH,
        ),
        (|v| v["evidence"][0]["narrative"] = json!(""), Altered, Check::Signature, Failed, codes::SIGNATURE_MISMATCH),
        (
            |v| v["credentialStatus"]["statusListIndex"] = json!("3"),
            Altered,
            Check::Signature,
            Failed,
            codes::SIGNATURE_MISMATCH,
        ),
        (
            |v| {
                v.as_object_mut().unwrap().remove("credentialStatus");
            },
            Altered,
            Check::Signature,
            Failed,
            codes::SIGNATURE_MISMATCH,
        ),
        (
            |v| v["proof"]["created"] = json!("2026-11-20T14:05:10Z"),
            Altered,
            Check::Signature,
            Failed,
            codes::SIGNATURE_MISMATCH,
        ),
        (|v| v["nickname"] = json!("Nini"), Altered, Check::JsonLd, Failed, codes::JSON_LD_FAULT),
        (|v| v["proof"]["proofValue"] = json!("z1"), Altered, Check::Signature, Failed, codes::PROOF_MALFORMED),
        (
            |v| {
                v["proof"].as_object_mut().unwrap().remove("verificationMethod");
            },
            Altered,
            Check::Signature,
            Failed,
            codes::PROOF_MALFORMED,
        ),
        (
            |v| v["proof"]["proofPurpose"] = json!("authentication"),
            Altered,
            Check::Signature,
            Failed,
            codes::PROOF_PURPOSE,
        ),
        (
            |v| {
                v.as_object_mut().unwrap().remove("proof");
            },
            Altered,
            Check::Signature,
            Failed,
            codes::PROOF_MISSING,
        ),
        (|v| v["type"] = json!(["VerifiableCredential"]), Altered, Check::Format, Failed, codes::TYPE_MISSING),
        (
            |v| v["issuer"]["id"] = json!("did:web:livret.example:o:other"),
            Altered,
            Check::Key,
            Failed,
            codes::CONTROLLER_NOT_ISSUER,
        ),
        (
            |v| v["proof"]["cryptosuite"] = json!("bbs-2023"),
            Verdict::CouldNotCheck,
            Check::Signature,
            CouldNotCheck,
            codes::SUITE_NOT_READ,
        ),
    ];
    let world = World::new();
    for (change, verdict, check, outcome, code) in rows {
        let mut value = world.signed();
        change(&mut value);
        let report = world.judge(&value.to_string());
        says(&report, verdict, check, outcome, code);
        // A bad signature shows nothing else.
        assert_eq!(report.badge, None, "{code}");
        for later in [Check::Issuer, Check::Start, Check::End, Check::Revocation, Check::Recipient] {
            assert_eq!(report.finding(later).map(|f| f.outcome), Some(Outcome::NotExamined), "{code} {later:?}");
        }
    }
}

/// Swapped contexts leave the signature whole: nobody may hide a withdrawal behind them.
#[test]
fn a_withdrawn_badge_stays_withdrawn_whatever_the_order_of_its_contexts() {
    let mut world = World::new();
    let mut badge = world.signed();
    badge["@context"].as_array_mut().unwrap().swap(0, 1);
    let text = badge.to_string();
    let report = world.judge(&text);
    says(&report, Verdict::CouldNotCheck, Check::Format, Outcome::Failed, codes::CONTEXT_ORDER);
    assert_eq!(report.badge, None);
    let list = world.list(|bits| bits.set(INDEX as usize, true).expect("in range"));
    let list = world.org.sign(&list);
    world.says(status(), &list);
    let report = world.judge(&text);
    says(&report, Verdict::Withdrawn, Check::Format, Outcome::Failed, codes::CONTEXT_ORDER);
    assert_eq!(report.badge, None);
    // Somebody else's text, out of order: changed is changed.
    badge["name"] = json!("Pilote de ligne");
    assert_eq!(world.judge(&badge.to_string()).verdict, Verdict::Altered);
}

#[test]
fn an_undefined_member_is_seen_even_when_the_issuer_does_not_answer() {
    let mut world = World::new();
    let mut value = world.signed();
    value["nickname"] = json!("Nini");
    world.fails(did(ORG), Unanswered::TimedOut);
    says(&world.judge(&value.to_string()), Verdict::Altered, Check::JsonLd, Outcome::Failed, codes::JSON_LD_FAULT);
}

#[test]
fn a_context_that_is_not_kept_could_not_be_checked() {
    let world = World::new();
    let mut value = world.signed();
    value["@context"].as_array_mut().unwrap().push(json!("https://example.org/context.json"));
    let report = world.judge(&value.to_string());
    says(&report, Verdict::CouldNotCheck, Check::JsonLd, Outcome::CouldNotCheck, codes::CONTEXT_NOT_KEPT);
}

#[test]
fn keys_that_the_issuer_does_not_vouch_for() {
    let mut world = World::new();
    let text = world.signed().to_string();
    let other = Party::new(ORG, 8);

    world.says(did(ORG), &other.document());
    says(&world.judge(&text), Verdict::Altered, Check::Key, Outcome::Failed, codes::KEY_NOT_LISTED);

    let mut document = world.org.document();
    document["assertionMethod"] = json!([]);
    world.says(did(ORG), &document);
    says(&world.judge(&text), Verdict::Altered, Check::Key, Outcome::Failed, codes::KEY_NOT_FOR_ASSERTION);

    let retired = ListedKey { multibase: world.org.multibase(), until: Some(datetime!(2026-11-01 00:00 UTC)) };
    world.says(did(ORG), &did_document(ORG, &[retired]));
    says(&world.judge(&text), Verdict::Altered, Check::Key, Outcome::Failed, codes::KEY_OUT_OF_DATES);

    let retired_later = ListedKey { multibase: world.org.multibase(), until: Some(datetime!(2026-11-21 00:00 UTC)) };
    world.says(did(ORG), &did_document(ORG, &[retired_later]));
    assert_eq!(world.judge(&text).verdict, Verdict::Authentic);

    let mut document = world.org.document();
    document["verificationMethod"][0]["controller"] = json!(REGION);
    world.says(did(ORG), &document);
    says(&world.judge(&text), Verdict::Altered, Check::Key, Outcome::Failed, codes::CONTROLLER_NOT_ISSUER);
}

#[test]
fn a_strangers_key_in_the_fragment_is_not_believed() {
    let world = World::new();
    let stranger = Party::new(ORG, 66);
    let forged = stranger.sign(&world.badge(|_| {}));
    says(&world.judge(&forged.to_string()), Verdict::Altered, Check::Key, Outcome::Failed, codes::KEY_NOT_LISTED);
    // Signed by the forger, under the true key's name.
    let method = format!("{ORG}#{}", world.org.multibase());
    let forged = stranger.sign_as(&world.badge(|_| {}), &method, SIGNED);
    says(
        &world.judge(&forged.to_string()),
        Verdict::Altered,
        Check::Signature,
        Outcome::Failed,
        codes::SIGNATURE_MISMATCH,
    );
}

#[test]
fn an_issuers_document_that_does_not_answer_the_question() {
    let mut world = World::new();
    let text = world.signed().to_string();
    let answers: [(Result<String, Unanswered>, &str); 4] = [
        (Err(Unanswered::TimedOut), codes::DID_UNANSWERED),
        (Ok("<html>".to_owned()), codes::DID_UNREADABLE),
        (Ok("{}".to_owned()), codes::DID_UNREADABLE),
        (Ok(world.region.document().to_string()), codes::DID_MISMATCH),
    ];
    for (answer, code) in answers {
        world.answers.insert(did(ORG), answer);
        let report = world.judge(&text);
        says(&report, Verdict::CouldNotCheck, Check::Key, Outcome::CouldNotCheck, code);
        assert_eq!(report.badge, None);
    }
}

#[test]
fn issuers_of_other_kinds_are_not_followed_yet() {
    let world = World::new();
    for issuer in ["did:ion:EiClkZMDxPKqC9c", "urn:uuid:0b9f4a52-3c1d-4f0e-8e55-6a7d2b91c3aa"] {
        let mut value = world.signed();
        value["issuer"]["id"] = json!(issuer);
        value["proof"]["verificationMethod"] = json!(format!("{issuer}#key-1"));
        let report = world.judge(&value.to_string());
        says(&report, Verdict::CouldNotCheck, Check::Key, Outcome::CouldNotCheck, codes::ISSUER_KIND_NOT_READ);
    }
}

#[test]
fn the_register_decides_who_is_known() {
    let mut world = World::new();
    let text = world.signed().to_string();
    let rows: [(ChangeEntry, &str); 7] = [
        (|e| e.did = "did:web:livret.example:o:other".to_owned(), codes::ISSUER_NOT_IN_REGISTER),
        (|e| e.until = Some(SIGNED), codes::HABILITATION_ENDED),
        (|e| e.from = SIGNED + time::Duration::SECOND, codes::BEFORE_HABILITATION),
        (|e| e.keys.clear(), codes::KEY_NOT_IN_REGISTER),
        (|e| e.keys[0].until = Some(SIGNED), codes::KEY_NOT_IN_REGISTER),
        (|e| e.families = vec![Family::Numerique], codes::OUTSIDE_HABILITATION),
        (|e| e.families.clear(), codes::OUTSIDE_HABILITATION),
    ];
    for (change, code) in rows {
        let register = world.region.sign(&world.register(change));
        world.says(checks::Need::Register, &register);
        let report = world.judge(&text);
        says(&report, Verdict::UnknownIssuer, Check::Issuer, Outcome::Failed, code);
        let issuer = report.badge.expect("facts of an intact badge").issuer;
        assert_eq!((issuer.name.as_str(), issuer.vouched), ("Estuaire", false), "{code}");
    }
    // Signed before the end: stays authentic, long after it.
    let register = world.region.sign(&world.register(|e| e.until = Some(SIGNED + time::Duration::SECOND)));
    world.says(checks::Need::Register, &register);
    let later = world.judge_at(&text, datetime!(2030-01-01 00:00 UTC), Policy::FULL);
    assert_eq!(later.verdict, Verdict::Authentic);
}

#[test]
fn a_backdated_badge_does_not_slip_under_the_end_of_a_habilitation() {
    let mut world = World::new();
    let register = world.region.sign(&world.register(|e| e.until = Some(datetime!(2026-11-21 00:00 UTC))));
    world.says(checks::Need::Register, &register);
    let method = format!("{ORG}#{}", world.org.multibase());
    let text = world.org.sign_as(&world.badge(|_| {}), &method, datetime!(2026-11-21 12:00 UTC)).to_string();
    says(&world.judge(&text), Verdict::UnknownIssuer, Check::Issuer, Outcome::Failed, codes::HABILITATION_ENDED);
}

#[test]
fn achievements_that_are_not_the_regions_are_outside_the_habilitation() {
    let world = World::new();
    let own = world.org.sign(&world.badge(|v| v["credentialSubject"]["achievement"]["creator"]["id"] = json!(ORG)));
    says(
        &world.judge(&own.to_string()),
        Verdict::UnknownIssuer,
        Check::Issuer,
        Outcome::Failed,
        codes::OUTSIDE_HABILITATION,
    );
}

#[test]
fn a_register_that_cannot_be_believed_could_not_be_checked() {
    let mut world = World::new();
    let text = world.signed().to_string();
    let unsigned = world.register(|_| {});
    let mut touched = world.region.sign(&unsigned);
    touched["credentialSubject"]["habilitation"][0]["organisationName"] = json!("Un autre");
    let by_other = Party::new(REGION, 10).sign(&unsigned);
    let rows = [
        (Err(Unanswered::Unreachable), codes::REGISTER_UNANSWERED),
        (Ok("[]".to_owned()), codes::REGISTER_UNREADABLE),
        (Ok("{".to_owned()), codes::REGISTER_UNREADABLE),
        (Ok(unsigned.to_string()), codes::REGISTER_NOT_PROVEN),
        (Ok(touched.to_string()), codes::REGISTER_NOT_PROVEN),
        (Ok(by_other.to_string()), codes::REGISTER_NOT_PROVEN),
    ];
    for (answer, code) in rows {
        world.answers.insert(checks::Need::Register, answer);
        let report = world.judge(&text);
        says(&report, Verdict::CouldNotCheck, Check::Issuer, Outcome::CouldNotCheck, code);
        assert!(report.badge.is_some_and(|badge| !badge.issuer.vouched));
    }
    let mut world = World::new();
    world.fails(did(REGION), Unanswered::TimedOut);
    says(
        &world.judge(&text),
        Verdict::CouldNotCheck,
        Check::Issuer,
        Outcome::CouldNotCheck,
        codes::REGISTER_NOT_PROVEN,
    );
}

#[test]
fn dates_are_compared_with_a_minute_of_tolerance() {
    let world = World::new();
    let text = world.signed().to_string();
    let at = |seconds: i64| world.judge_at(&text, SIGNED + time::Duration::seconds(seconds), Policy::FULL).verdict;
    assert_eq!((at(-61), at(-60)), (Verdict::NotYetValid, Verdict::Authentic));
    let ending = world.org.sign(&world.badge(|v| v["validUntil"] = json!("2026-12-01T00:00:00Z"))).to_string();
    let at = |now| world.judge_at(&ending, now, Policy::FULL).verdict;
    assert_eq!(at(datetime!(2026-12-01 00:01:00 UTC)), Verdict::Authentic);
    assert_eq!(at(datetime!(2026-12-01 00:01:01 UTC)), Verdict::Expired);
}

#[test]
fn the_issuers_list_withdraws_and_suspends() {
    let mut world = World::new();
    let text = world.signed().to_string();
    let list = world.list(|bits| bits.set(INDEX as usize, true).expect("in range"));
    world.says(status(), &world.org.sign(&list));
    says(&world.judge(&text), Verdict::Withdrawn, Check::Revocation, Outcome::Failed, codes::STATUS_SET);

    let suspended = world.org.sign(&world.badge(|v| v["credentialStatus"]["statusPurpose"] = json!("suspension")));
    let mut list = list;
    list["credentialSubject"]["statusPurpose"] = json!("suspension");
    world.says(status(), &world.org.sign(&list));
    let report = world.judge(&suspended.to_string());
    says(&report, Verdict::Suspended, Check::Suspension, Outcome::Failed, codes::STATUS_SET);
    assert!(report.badge.is_some());
}

#[test]
fn a_list_that_says_nothing_could_not_be_checked() {
    let mut world = World::new();
    let text = world.signed().to_string();
    let set = world.list(|bits| bits.set(INDEX as usize, true).expect("in range"));
    let changed = |member: &str, value: Value| {
        let mut list = set.clone();
        list[member] = value;
        list
    };
    let subject = |member: &str, value: Value| {
        let mut list = set.clone();
        list["credentialSubject"][member] = value;
        list
    };
    let mut touched = world.org.sign(&set);
    touched["validFrom"] = json!("2026-11-02T00:00:00Z");
    // The bit is set in every one of them: a spoilt list neither withdraws nor clears.
    let rows = [
        (Err(Unanswered::NotFound), codes::STATUS_UNANSWERED),
        (Ok("no".to_owned()), codes::STATUS_UNREADABLE),
        (Ok("{}".to_owned()), codes::STATUS_UNREADABLE),
        (Ok(set.to_string()), codes::STATUS_NOT_PROVEN),
        (Ok(touched.to_string()), codes::STATUS_NOT_PROVEN),
        (Ok(Party::new(ORG, 8).sign(&set).to_string()), codes::STATUS_NOT_PROVEN),
        (Ok(world.region.sign(&set).to_string()), codes::STATUS_NOT_PROVEN),
        (Ok(world.region.sign(&changed("issuer", json!(REGION))).to_string()), codes::STATUS_NOT_ISSUERS),
        (
            Ok(world.org.sign(&changed("id", json!("https://livret.example/o/7h2k9qx4/status/2"))).to_string()),
            codes::STATUS_NOT_ISSUERS,
        ),
        (
            Ok(world.org.sign(&changed("validFrom", json!("2027-01-01T00:00:00Z"))).to_string()),
            codes::STATUS_OUT_OF_DATE,
        ),
        (
            Ok(world.org.sign(&changed("validUntil", json!("2026-11-21T00:00:00Z"))).to_string()),
            codes::STATUS_OUT_OF_DATE,
        ),
        (Ok(world.org.sign(&subject("statusPurpose", json!("suspension"))).to_string()), codes::STATUS_PURPOSE),
        (Ok(world.org.sign(&subject("encodedList", json!("uAAAA"))).to_string()), codes::STATUS_UNREADABLE),
        (Ok(world.org.sign(&subject("encodedList", json!(SHORT_LIST))).to_string()), codes::STATUS_LENGTH),
    ];
    for (answer, code) in rows {
        world.answers.insert(status(), answer);
        let report = world.judge(&text);
        says(&report, Verdict::CouldNotCheck, Check::Revocation, Outcome::CouldNotCheck, code);
        assert!(report.badge.is_some(), "the text itself is proven");
    }
    let world = World::new();
    let far = world.org.sign(&world.badge(|v| v["credentialStatus"]["statusListIndex"] = json!("131072")));
    says(
        &world.judge(&far.to_string()),
        Verdict::CouldNotCheck,
        Check::Revocation,
        Outcome::CouldNotCheck,
        codes::STATUS_RANGE,
    );
}

/// `u` and base64url of the gzip of eight zero bytes.
const SHORT_LIST: &str = "uH4sIAAAAAAACA2NggAAAad8iZQgAAAA";

#[test]
fn entries_that_make_no_sense_could_not_be_checked() {
    let world = World::new();
    let rows: [(ChangeValue, &str); 5] = [
        (|s| s["statusListIndex"] = json!("-1"), codes::STATUS_ENTRY_MALFORMED),
        (|s| s["statusListIndex"] = json!("99999999999999999999999999"), codes::STATUS_ENTRY_MALFORMED),
        (
            |s| {
                s.as_object_mut().unwrap().remove("statusListCredential");
            },
            codes::STATUS_ENTRY_MALFORMED,
        ),
        (
            |s| {
                s.as_object_mut().unwrap().remove("statusPurpose");
            },
            codes::STATUS_ENTRY_MALFORMED,
        ),
        (
            |s| *s = json!({ "id": "https://livret.example/revoked#1", "type": "1EdTechCredentialRefresh" }),
            codes::STATUS_KIND_NOT_READ,
        ),
    ];
    for (change, code) in rows {
        let text = world.org.sign(&world.badge(|v| change(&mut v["credentialStatus"]))).to_string();
        says(&world.judge(&text), Verdict::CouldNotCheck, Check::Revocation, Outcome::CouldNotCheck, code);
    }
}

#[test]
fn a_badge_without_status_cannot_be_withdrawn_and_may_be_authentic() {
    let world = World::new();
    let text = world
        .org
        .sign(&world.badge(|v| {
            v.as_object_mut().unwrap().remove("credentialStatus");
        }))
        .to_string();
    says(&world.judge(&text), Verdict::Authentic, Check::Revocation, Outcome::Noted, codes::STATUS_NONE);
}

#[test]
fn a_shape_the_standard_refuses_is_never_authentic() {
    let world = World::new();
    let text = world.org.sign(&world.badge(|v| {
        v["credentialSubject"]["achievement"].as_object_mut().unwrap().remove("criteria");
    }));
    says(&world.judge(&text.to_string()), Verdict::CouldNotCheck, Check::Schema, Outcome::Failed, codes::SCHEMA_FAULT);
}

#[test]
fn the_stronger_word_wins() {
    use Verdict::{CouldNotCheck, Expired, UnknownIssuer, Withdrawn};
    // (withdrawn, unknown issuer, register silent, ended, list silent) → verdict
    let rows = [
        ((true, true, false, true, false), Withdrawn),
        ((true, false, true, false, false), Withdrawn),
        ((false, true, false, true, true), UnknownIssuer),
        ((false, false, true, true, false), CouldNotCheck),
        ((false, false, false, true, true), Expired),
        ((false, false, false, false, true), CouldNotCheck),
    ];
    for ((withdrawn, unknown, no_register, ended, no_list), verdict) in rows {
        let mut world = World::new();
        if withdrawn {
            let list = world.list(|bits| bits.set(INDEX as usize, true).expect("in range"));
            world.says(status(), &world.org.sign(&list));
        }
        if unknown {
            let register = world.region.sign(&world.register(|e| e.keys.clear()));
            world.says(checks::Need::Register, &register);
        }
        if no_register {
            world.fails(checks::Need::Register, Unanswered::ServerError);
        }
        if no_list {
            world.fails(status(), Unanswered::ServerError);
        }
        let text = world.org.sign(&world.badge(|v| {
            if ended {
                v["validUntil"] = json!("2026-11-21T00:00:00Z");
            }
        }));
        assert_eq!(world.judge(&text.to_string()).verdict, verdict);
    }
}

#[test]
fn the_policy_says_what_is_not_examined() {
    let mut world = World::new();
    let text = world.signed().to_string();
    world.fails(checks::Need::Register, Unanswered::TimedOut);
    world.fails(status(), Unanswered::TimedOut);
    let report = world.judge_at(&text, NOW, Policy { trust: false, status: false });
    assert_eq!(report.verdict, Verdict::Authentic);
    for check in [Check::Issuer, Check::Revocation] {
        assert_eq!(report.finding(check).map(|f| (f.outcome, f.code)), Some((Outcome::NotExamined, codes::NOT_ASKED)));
    }
    assert_eq!(world.judge_at(&text, NOW, Policy { trust: false, status: true }).verdict, Verdict::CouldNotCheck);
    assert_eq!(world.judge_at(&text, NOW, Policy { trust: true, status: false }).verdict, Verdict::CouldNotCheck);
}

#[test]
fn an_inquiry_that_nobody_answers_could_not_be_checked() {
    let world = World::new();
    let mut inquiry = checks::Inquiry::open(&world.signed().to_string(), NOW, Policy::FULL);
    assert_eq!(inquiry.next_need(), Some(did(ORG)));
    // An answer to something else is ignored.
    inquiry.answer(&status(), Ok("{}".to_owned()));
    assert_eq!(inquiry.next_need(), Some(did(ORG)));
    assert_eq!(inquiry.conclude().verdict, Verdict::CouldNotCheck);
}

#[test]
fn the_report_is_stable_json() {
    let world = World::new();
    let report = serde_json::to_value(world.judge(&world.signed().to_string())).expect("JSON");
    assert_eq!(report["verdict"], "authentic");
    assert_eq!(report["at"], "2026-11-22T09:00:00Z");
    assert_eq!(report["findings"][3], json!({ "check": "signature", "outcome": "passed", "code": "signature_ok" }));
    assert_eq!(report["badge"]["valid_from"], "2026-11-20T14:05:09Z");
}
