//! The register of trust and the issuers of 2.0: by the `did:web` whose place the Profile stands at.

use badge_schemas::credential::{AwardFacts, IssuerFacts, StatusFacts};
use badge_schemas::identity::HashedEmail;
use badge_schemas::ob2::compose::{
    ProfileFacts, Recipient, Verification, assertion, badge_class, badge_class_url, endorsement, profile,
};
use badge_schemas::referentiel::{Family, referentiel};
use badge_schemas::register::Entry;
use checks::Check::{Endorsements, Issuer};
use checks::Outcome::{CouldNotCheck, Failed, Passed};
use checks::Verdict::{Authentic, CouldNotCheck as Unsure, UnknownIssuer};
use checks::{Need, Policy, Report, Unanswered, codes};
use serde_json::{Value, json};
use time::Duration;
use time::macros::date;

use crate::region::{BASE, NOW, ORG, SIGNED, World, achievement};
use crate::world::finds;

const HOME: &str = "https://livret.example/o/7h2k9qx4";
const ENDORSEMENT: &str = "https://livret.example/o/7h2k9qx4/endorsements/1";

fn hosted(url: &str) -> Need {
    Need::Hosted { url: url.to_owned() }
}

fn organisation(url: &str) -> IssuerFacts {
    IssuerFacts { did: ORG.to_owned(), name: "Estuaire".to_owned(), url: url.to_owned() }
}

/// The hosted badge of an organisation whose Profile stands at `home`, with everything it points to.
fn world(home: &str, change: impl FnOnce(&mut Entry)) -> (World, Value) {
    let mut world = World::new();
    let register = world.region.sign(&world.register(change));
    world.says(Need::Register, &register);
    let issuer = organisation(home);
    let facts = AwardFacts {
        issuer_base: BASE,
        credential_id: "5f0c2c1e-7d0b-4b83-9a1f-2f6a1c0e9d47".parse().expect("a UUID"),
        subject_id: "0b9f4a52-3c1d-4f0e-8e55-6a7d2b91c3aa".parse().expect("a UUID"),
        achievement: achievement("cpt-travail-en-equipe/pratique"),
        issuer: &issuer,
        region: &issuer,
        valid_from: SIGNED,
        awarded_on: date!(2026 - 11 - 20),
        name: "Inès Duval",
        email: None,
        observed: &[0],
        evidence_type: referentiel().evidence_type("mise-en-situation").expect("a kind"),
        sentence: "",
        status: StatusFacts { list_url: "https://livret.example/o/7h2k9qx4/status/1", index: 1 },
    };
    let email = HashedEmail::new("ines@example.fr", "B7N2V5T8K3M9X4C6B1Z0D7F2H5J8L3P6");
    let badge = assertion(&facts, Recipient::Email(&email), Verification::Hosted);
    let mut class = badge_class(facts.achievement, BASE, &issuer);
    class["endorsement"] = json!(ENDORSEMENT);
    let of = ProfileFacts { issuer: &issuer, email: "a@estuaire.example", public_key: None, revocation_list: None };
    let class_url = badge_class_url(&issuer, facts.achievement);
    world.says(hosted(&facts.credential_url()), &badge);
    world.says(hosted(&class_url), &class);
    world.says(hosted(home), &profile(&of));
    world.answers.insert(hosted(class["image"].as_str().expect("an address")), Ok("<svg/>".to_owned()));
    world.says(hosted(ENDORSEMENT), &endorsement(ENDORSEMENT, &issuer, &class_url, Some("Bien."), SIGNED));
    (world, badge)
}

fn judged((world, badge): &(World, Value)) -> Report {
    world.judge_at(&badge.to_string(), NOW, Policy::FULL)
}

#[test]
fn the_register_vouches_by_the_place_of_the_profile() {
    let report = judged(&world(HOME, |_| {}));
    assert_eq!(report.verdict, Authentic, "{:#?}", report.findings);
    assert_eq!(codes_of(&report), [codes::ISSUER_IN_REGISTER]);
    let issuer = report.badge.expect("facts").issuer;
    assert_eq!((issuer.name.as_str(), issuer.town.as_deref()), ("Estuaire Compétences", Some("Le Havre")));
    assert!(issuer.vouched);
}

fn codes_of(report: &Report) -> Vec<&'static str> {
    report.findings.iter().filter(|f| f.check == Issuer && f.outcome == Passed).map(|f| f.code).collect()
}

/// A change of the register's entry.
type Change = fn(&mut Entry);

#[test]
fn an_issuer_that_the_register_does_not_vouch_for_is_unknown() {
    let rows: [(Change, &str); 4] = [
        (|entry| "did:web:livret.example:o:other".clone_into(&mut entry.did), codes::ISSUER_NOT_IN_REGISTER),
        (|entry| entry.until = Some(SIGNED), codes::HABILITATION_ENDED),
        (|entry| entry.from = SIGNED + Duration::SECOND, codes::BEFORE_HABILITATION),
        (|entry| entry.families = vec![Family::Numerique], codes::OUTSIDE_HABILITATION),
    ];
    for (change, code) in rows {
        let report = judged(&world(HOME, change));
        finds(&report, UnknownIssuer, Issuer, Failed, code);
        assert!(!report.badge.expect("facts").issuer.vouched);
    }
    let (mut silent, badge) = world(HOME, |_| {});
    silent.fails(Need::Register, Unanswered::TimedOut);
    finds(&judged(&(silent, badge)), Unsure, Issuer, CouldNotCheck, codes::REGISTER_UNANSWERED);
}

#[test]
fn a_place_that_only_resembles_the_registers_is_another() {
    for home in [
        "https://livret.example/o:7h2k9qx4",
        "https://livret.example/o//7h2k9qx4",
        "https://livret.example//o/7h2k9qx4",
        "https://livret.example/o/7h2k9qx4?a",
        "https://livret.example/O/7h2k9qx4",
        "https://livret.example/o/7h2k9qx4/x",
        "https://livret.example/o/7h2k9qx%34",
    ] {
        finds(&judged(&world(home, |_| {})), UnknownIssuer, Issuer, Failed, codes::ISSUER_NOT_IN_REGISTER);
    }
}

#[test]
fn row_j2_the_register_vouches_for_an_endorser_whatever_it_may_attest() {
    let report = judged(&world(HOME, |entry| entry.families.clear()));
    finds(&report, UnknownIssuer, Issuer, Failed, codes::OUTSIDE_HABILITATION);
    let part = &report.parts[0].report;
    assert_eq!(part.verdict, Authentic, "{:#?}", part.findings);
    assert!(part.endorsement.as_ref().expect("facts").issuer.vouched);
    finds(&report, UnknownIssuer, Endorsements, Passed, codes::ENDORSEMENTS_HOLD);
    // A stranger's endorsement is a stranger's.
    let report = judged(&world("https://livret.example/o/other", |_| {}));
    assert_eq!(report.parts[0].report.verdict, UnknownIssuer);
}
