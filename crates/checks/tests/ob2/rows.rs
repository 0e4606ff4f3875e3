//! Hostile documents, and what Livret itself issues, judged.

use std::time::Duration;

use badge_schemas::credential::{AwardFacts, IssuerFacts, StatusFacts};
use badge_schemas::identity::HashedEmail;
use badge_schemas::ob2::compose::{
    ProfileFacts, Recipient, Verification, assertion as compose, badge_class, badge_class_url, cryptographic_key,
    key_url, profile, revocation_list, revocation_list_url, revoked,
};
use badge_schemas::referentiel::referentiel;
use checks::Verdict;
use josekit::jws::RS256;
use serde_json::json;
use time::macros::{date, datetime};

use crate::world::*;

#[test]
fn what_we_issue_is_authentic_hosted_and_signed_and_withdrawn() {
    let issuer = IssuerFacts {
        did: "did:web:livret.example:o:7h2k9qx4".into(),
        name: "Estuaire Compétences".into(),
        url: "https://livret.example/o/7h2k9qx4".into(),
    };
    let (key, list) = (key_url(&issuer, "2026"), revocation_list_url(&issuer));
    let achievement = referentiel().achievement_by_code("cpt-travail-en-equipe/pratique").unwrap();
    let email = HashedEmail::new("ines@example.fr", "B7N2V5T8K3M9X4C6B1Z0D7F2H5J8L3P6");
    let facts = AwardFacts {
        issuer_base: "https://livret.example",
        credential_id: "5f0c2c1e-7d0b-4b83-9a1f-2f6a1c0e9d47".parse().unwrap(),
        subject_id: "0b9f4a52-3c1d-4f0e-8e55-6a7d2b91c3aa".parse().unwrap(),
        achievement,
        issuer: &issuer,
        region: &issuer,
        valid_from: datetime!(2026-11-20 14:05:09 UTC),
        awarded_on: date!(2026 - 11 - 20),
        name: "Inès Duval",
        email: None,
        observed: &[0],
        evidence_type: referentiel().evidence_type("mise-en-situation").unwrap(),
        sentence: "",
        status: StatusFacts { list_url: "https://livret.example/o/7h2k9qx4/status/1", index: 1 },
    };
    let id = facts.credential_url();
    let mut world = World::new();
    world.says(&badge_class_url(&issuer, achievement), &badge_class(achievement, facts.issuer_base, &issuer));
    let organisation = ProfileFacts {
        issuer: &issuer,
        email: "contact@estuaire.example",
        public_key: Some(&key),
        revocation_list: Some(&list),
    };
    world.says(&issuer.url, &profile(&organisation));
    world.bytes(&format!("{}/image.png", achievement.url(facts.issuer_base)), b"\x89PNG\r\n\x1a\n");
    let pem = String::from_utf8(MINE.to_pem_public_key()).unwrap();
    world.says(&key, &cryptographic_key(&issuer, &key, &pem).unwrap());
    world.says(&list, &revocation_list(&issuer, []));
    world.says(&id, &compose(&facts, Recipient::Email(&email), Verification::Hosted));
    world.recipient = Some("ines@example.fr".into());
    let report = world.url(&id);
    authentic(&report);
    assert_eq!(report.badge.unwrap().achievement.referentiel.unwrap().badge, "cpt-travail-en-equipe");
    let signed = jws(&compose(&facts, Recipient::Email(&email), Verification::Signed { creator: &key }));
    authentic(&world.text(&signed));

    world.says(&list, &revocation_list(&issuer, [(id.as_str(), None)]));
    assert_eq!(world.text(&signed).verdict, Verdict::Withdrawn);
    world.gone(&id, revoked(&id, None).to_string().as_bytes());
    assert_eq!(world.url(&id).verdict, Verdict::Withdrawn);
}

/// Time this thread has spent on a processor, where the system says so: the machine that tests is shared.
fn spent() -> Option<Duration> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(told.split(' ').next()?.parse().ok()?))
}

#[test]
fn hostile_documents_are_refused_quickly() {
    let deep = format!("{{\"@context\":\"{CONTEXT}\",\"badge\":{}1{}}}", "[".repeat(5000), "]".repeat(5000));
    let wide = json!({ "@context": CONTEXT, "type": "Assertion", "id": "https://example.org/wide", "evidence": vec![json!({ "name": 3 }); 50_000] });
    let mut world = World::with_key();
    // The key that is named, fifty thousand times, and fifty thousand that are not there.
    world.issuer(|i| i["publicKey"] = json!([vec![KEY; 50_000], vec!["https://example.org/k"; 50_000]].concat()));
    world.says("https://example.org/wide", &wide);
    let stranger = jws_with(signed_assertion().to_string().as_bytes(), &OTHER, RS256);
    let keyless = {
        let mut value = signed_assertion();
        value["verification"] = json!({ "type": "SignedBadge" });
        jws_with(value.to_string().as_bytes(), &OTHER, RS256)
    };
    // What each of the rest is as an endorsement, a hundred times.
    let mut endorsed = World::with_endorser();
    endorsed.assertion(|a| a["endorsement"] = json!(vec![stranger.as_str(); 100]));
    let long = format!("{}.{}.{}", "e30".repeat(100_000), "e30", "A");
    let begun = spent();
    for text in [deep.as_str(), &wide.to_string(), &stranger, &keyless, &long] {
        assert_ne!(world.text(text).verdict, Verdict::Authentic);
    }
    assert!(endorsed.hosted().parts.iter().all(|part| part.report.verdict == Verdict::Altered));
    if let (Some(begun), Some(ended)) = (begun, spent()) {
        let took = ended.saturating_sub(begun);
        assert!(took < Duration::from_secs(4), "{took:?}");
    }
}

#[test]
fn a_cycle_of_ids_ends() {
    let mut world = World::new();
    for (at, says) in [("a", "b"), ("b", "a")] {
        let mut value = assertion();
        value["id"] = json!(format!("https://example.org/{says}"));
        world.says(&format!("https://example.org/{at}"), &value);
    }
    assert_eq!(world.url("https://example.org/a").verdict, Verdict::Altered);
}

#[test]
fn every_code_of_a_finding_is_in_the_list() {
    let world = World::with_key();
    for report in [world.hosted(), world.text(&jws(&signed_assertion())), world.text("{}")] {
        for finding in report.findings {
            assert!(checks::codes::ALL.contains(&finding.code), "{}", finding.code);
        }
    }
}
