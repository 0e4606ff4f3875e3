use proptest::prelude::*;
use time::macros::{date, datetime};
use uuid::uuid;

use super::*;
use crate::referentiel::{Level, referentiel};

pub(super) fn specimen_issuer() -> IssuerFacts {
    IssuerFacts {
        did: "did:web:livret.example:o:7h2k9qx4".into(),
        name: "Estuaire Compétences".into(),
        url: "https://livret.example/o/7h2k9qx4".into(),
    }
}

pub(super) fn specimen_region() -> IssuerFacts {
    IssuerFacts {
        did: "did:web:livret.example:o:r4m8t2wz".into(),
        name: "Région Normandie".into(),
        url: "https://livret.example/o/r4m8t2wz".into(),
    }
}

pub(super) fn specimen<'a>(
    issuer: &'a IssuerFacts,
    region: &'a IssuerFacts,
    email: Option<&'a HashedEmail>,
) -> AwardFacts<'a> {
    AwardFacts {
        issuer_base: "https://livret.example",
        credential_id: uuid!("5f0c2c1e-7d0b-4b83-9a1f-2f6a1c0e9d47"),
        subject_id: uuid!("0b9f4a52-3c1d-4f0e-8e55-6a7d2b91c3aa"),
        achievement: referentiel().achievement("cpt-travail-en-equipe", Level::Pratique).unwrap(),
        issuer,
        region,
        valid_from: datetime!(2026-11-20 14:05:09 UTC),
        awarded_on: date!(2026 - 11 - 20),
        name: "Inès Duval",
        email,
        observed: &[2, 0],
        evidence_type: referentiel().evidence_type("mise-en-situation").unwrap(),
        sentence: "Service de midi sur le plateau technique cuisine : 40 couverts, équipe de cinq, poste tournant.",
        status: StatusFacts { list_url: "https://livret.example/o/7h2k9qx4/status/1", index: 94567 },
    }
}

pub(super) fn specimen_email() -> HashedEmail {
    HashedEmail {
        hash_hex: "54aa604d706ed03f97a59e972c41b9e2736b04c95934cd5e8364b7daceabb978".into(),
        salt: "Q7N2V5T8K3M9X4C6B1Z0D7F2H5J8L3P6".into(),
    }
}

#[test]
fn equals_the_signed_specimen_member_for_member_and_in_its_order() {
    let mut expected: Value = serde_json::from_str(include_str!("../../tests/data/badge.json")).unwrap();
    expected.as_object_mut().unwrap().shift_remove("proof");
    let email = specimen_email();
    let composed = compose(&specimen(&specimen_issuer(), &specimen_region(), Some(&email)));
    assert_eq!(composed, expected);
    assert_eq!(serde_json::to_string_pretty(&composed).unwrap(), serde_json::to_string_pretty(&expected).unwrap());
}

#[test]
fn what_we_compose_is_canonical_for_every_achievement() {
    let (issuer, region, email) = (specimen_issuer(), specimen_region(), specimen_email());
    let all = referentiel().achievements().iter().chain(referentiel().key_achievements());
    for achievement in all {
        for email in [None, Some(&email)] {
            let facts = AwardFacts { achievement, observed: &[], sentence: "", ..specimen(&issuer, &region, email) };
            assert_eq!(validate_canonical(&compose(&facts)), [], "{}", achievement.human_code);
        }
    }
}

#[test]
fn without_email_there_is_one_identifier() {
    let composed = compose(&specimen(&specimen_issuer(), &specimen_region(), None));
    assert_eq!(composed["credentialSubject"]["identifier"].as_array().unwrap().len(), 1);
}

#[test]
fn what_cannot_be_signed_is_said_before() {
    let (issuer, region) = (specimen_issuer(), specimen_region());
    let good = specimen(&issuer, &region, None);
    assert_eq!(good.faults(), []);
    let long = "é".repeat(281);
    let mastery = referentiel().achievement("cpt-travail-en-equipe", Level::Maitrise).unwrap();
    let cases: [(AwardFacts<'_>, FactFault); 7] = [
        (AwardFacts { name: " ", ..good }, FactFault::NameEmpty),
        (AwardFacts { name: "Inès\u{202e}", ..good }, FactFault::Name(TextFault::Invisible)),
        (AwardFacts { sentence: "1 85 05 78 006 084 36", ..good }, FactFault::Sentence(TextFault::LooksLikeNir)),
        (AwardFacts { sentence: &long, ..good }, FactFault::SentenceTooLong),
        (AwardFacts { observed: &[4], ..good }, FactFault::UnknownPoint),
        (AwardFacts { achievement: mastery, ..good }, FactFault::NeedsSecondLook),
        (AwardFacts { subject_id: Uuid::nil(), ..good }, FactFault::NotV4),
    ];
    for (facts, fault) in cases {
        assert_eq!(facts.faults(), [fault]);
    }
}

#[test]
fn an_achievement_answers_at_its_permanent_address() {
    let achievement = referentiel().achievement("bas-lire", Level::Decouvre).unwrap();
    let document = achievement_document(achievement, "http://localhost:8080/", &specimen_region());
    assert_eq!(document["id"], "http://localhost:8080/referentiel/0.1.0/bas-lire/decouvre");
    assert_eq!(document["@context"][1], CONTEXTS[1]);
    assert_eq!(document.as_object().unwrap().keys().next().unwrap(), "@context");
}

proptest! {
    /// Whatever a person is called and whatever a trainer writes, if it may be signed it makes a right badge,
    /// which strict reading gives back as it was.
    #[test]
    fn what_may_be_signed_makes_a_right_badge(name in ".{0,60}", sentence in "\\PC{0,100}", observed in prop::collection::vec(0..4usize, 0..6)) {
        let (issuer, region) = (specimen_issuer(), specimen_region());
        let facts = AwardFacts { name: &name, sentence: &sentence, observed: &observed, ..specimen(&issuer, &region, None) };
        if facts.faults().is_empty() {
            let composed = compose(&facts);
            prop_assert_eq!(validate_canonical(&composed), []);
            prop_assert_eq!(crate::json::parse_strict(&composed.to_string()).unwrap(), composed);
        }
    }
}
