//! What we issue is right by our own reading, says nothing private, and keeps its shape.

use serde_json::{Value, json};
use time::macros::{date, datetime};

use super::plain;
use crate::credential::{self, AwardFacts, IssuerFacts, StatusFacts};
use crate::identity::HashedEmail;
use crate::ob2::compose::{
    IssuerFault, ProfileFacts, Recipient, Verification, assertion, badge_class, badge_class_url, cryptographic_key,
    endorsement, key_url, profile, revocation_list, revoked,
};
use crate::ob2::recipient::{self, Identifier};
use crate::ob2::{Class, IdentityType};
use crate::referentiel::referentiel;

const PEM: &str = "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n";

fn organisation() -> IssuerFacts {
    IssuerFacts {
        did: "did:web:livret.example:o:7h2k9qx4".into(),
        name: "Estuaire Compétences".into(),
        url: "https://livret.example/o/7h2k9qx4".into(),
    }
}

fn award(test: impl FnOnce(&AwardFacts<'_>)) {
    let (issuer, referentiel) = (organisation(), referentiel());
    test(&AwardFacts {
        issuer_base: "https://livret.example",
        credential_id: "5f0c2c1e-7d0b-4b83-9a1f-2f6a1c0e9d47".parse().unwrap(),
        subject_id: "0b9f4a52-3c1d-4f0e-8e55-6a7d2b91c3aa".parse().unwrap(),
        achievement: referentiel.achievement_by_code("cpt-travail-en-equipe/pratique").unwrap(),
        issuer: &issuer,
        region: &issuer,
        valid_from: datetime!(2026-11-20 15:05:09.5 +1),
        awarded_on: date!(2026 - 11 - 20),
        name: "Inès Duval",
        email: Some(&HashedEmail::new("ines@example.fr", "Q7N2V5T8K3M9X4C6B1Z0D7F2H5J8L3P6")),
        observed: &[0],
        evidence_type: referentiel.evidence_type("mise-en-situation").unwrap(),
        sentence: "Service de midi sur le plateau technique.",
        status: StatusFacts { list_url: "https://livret.example/o/7h2k9qx4/status/1", index: 1 },
    });
}

#[test]
fn an_assertion_is_written_so() {
    award(|facts| {
        let email = HashedEmail::new("ines@example.fr", "B7N2V5T8K3M9X4C6B1Z0D7F2H5J8L3P6");
        let hosted = assertion(facts, Recipient::Email(&email), Verification::Hosted);
        assert_eq!(
            hosted,
            json!({
                "@context": "https://w3id.org/openbadges/v2",
                "type": "Assertion",
                "id": "https://livret.example/badges/5f0c2c1e-7d0b-4b83-9a1f-2f6a1c0e9d47",
                "recipient": {
                    "type": "email",
                    "hashed": true,
                    "identity": recipient::sha256("ines@example.fr", "B7N2V5T8K3M9X4C6B1Z0D7F2H5J8L3P6"),
                    "salt": "B7N2V5T8K3M9X4C6B1Z0D7F2H5J8L3P6",
                },
                "badge": "https://livret.example/o/7h2k9qx4/referentiel/0.1.0/cpt-travail-en-equipe/pratique",
                "image": "https://livret.example/badges/5f0c2c1e-7d0b-4b83-9a1f-2f6a1c0e9d47/image.png",
                "issuedOn": "2026-11-20T14:05:09Z",
                "verification": { "type": "HostedBadge" },
            })
        );
        // Decisions §11: one id for both standards.
        assert_eq!(hosted["id"], credential::compose(facts)["id"]);
    });
}

#[test]
fn nothing_private_is_in_what_everyone_may_read() {
    award(|facts| {
        for recipient in [Recipient::Email(facts.email.unwrap()), Recipient::Subject] {
            for verification in [Verification::Hosted, Verification::Signed { creator: "https://livret.example/k" }] {
                let text = assertion(facts, recipient, verification).to_string();
                for secret in ["Inès", "Duval", "ines@", "Service de midi", "0b9f4a52", "evidence"] {
                    assert!(!text.contains(secret), "{secret}");
                }
            }
        }
    });
}

#[test]
fn row_f3_without_address_the_subject_is_hashed() {
    award(|facts| {
        let value = assertion(facts, Recipient::Subject, Verification::Hosted);
        let read = plain(value, Class::Assertion).assertion();
        assert!(read.is_right(), "{:?}", read.faults);
        let urn = Identifier { kind: IdentityType::Id, value: "urn:uuid:0b9f4a52-3c1d-4f0e-8e55-6a7d2b91c3aa" };
        assert!(recipient::matches(&read.value.recipient.unwrap(), urn));
    });
}

#[test]
fn row_h1_a_withdrawn_badge_says_so_and_nothing_else() {
    award(|facts| {
        let id = facts.credential_url();
        let bare =
            json!({ "@context": "https://w3id.org/openbadges/v2", "type": "Assertion", "id": id, "revoked": true });
        assert_eq!(revoked(&id, None), bare);
        assert_eq!(revoked(&id, Some("Erreur"))["revocationReason"], "Erreur");
    });
}

#[test]
fn row_d5_another_meaning_has_another_address() {
    award(|facts| {
        // The version of the référentiel is part of the address, so other words under one address cannot be.
        let (achievement, here) = (facts.achievement, badge_class_url(facts.issuer, facts.achievement));
        assert!(here.contains(&format!("/referentiel/{}/", achievement.version)), "{here}");
        let class = badge_class(achievement, facts.issuer_base, facts.issuer);
        assert_eq!((&class["id"], &class["version"]), (&json!(here), &json!(achievement.version)));
    });
}

#[test]
fn row_c11_and_g5_what_we_write_has_no_uid_and_names_its_key() {
    award(|facts| {
        let email = facts.email.unwrap();
        let signed =
            assertion(facts, Recipient::Email(email), Verification::Signed { creator: "https://livret.example/k" });
        assert_eq!(signed["verification"]["creator"], "https://livret.example/k");
        assert_eq!((signed.get("uid"), signed["verification"].get("url")), (None, None));
    });
}

#[test]
fn every_document_we_issue_is_right() {
    award(|facts| {
        let issuer = facts.issuer;
        let key = key_url(issuer, "2026");
        let list = crate::ob2::compose::revocation_list_url(issuer);
        let signed = assertion(facts, Recipient::Email(facts.email.unwrap()), Verification::Signed { creator: &key });
        assert!(plain(signed.clone(), Class::Assertion).assertion().faults.is_empty());
        assert_eq!(
            signed["verification"],
            json!({ "type": "SignedBadge", "creator": "https://livret.example/o/7h2k9qx4/keys/2026" })
        );

        let body = revoked(&facts.credential_url(), Some("Attesté par erreur"));
        assert!(plain(body, Class::Assertion).assertion().value.revoked);

        let organisation = ProfileFacts {
            issuer,
            email: "contact@estuaire.example",
            public_key: Some(&key),
            revocation_list: Some(&list),
        };
        assert!(organisation.faults().is_empty());
        let read = plain(profile(&organisation), Class::Profile).profile();
        assert!(read.faults.is_empty(), "{:?}", read.faults);
        // One key, no policy: see row E4 and F11.
        assert_eq!((read.value.public_keys.len(), read.value.policy), (1, None));

        let key = cryptographic_key(issuer, &key, PEM).unwrap();
        assert!(plain(key, Class::CryptographicKey).cryptographic_key().faults.is_empty());

        let id = facts.credential_url();
        let list = revocation_list(
            issuer,
            [(id.as_str(), Some("Attesté par erreur")), ("urn:uuid:e79a6c18-787e-4868-8e65-e6a4530fb418", None)],
        );
        let read = plain(list, Class::RevocationList).revocation_list();
        assert!(read.faults.is_empty() && read.value.entry(&id, None).is_some());

        let at = datetime!(2026-11-20 0:00 UTC);
        let value = endorsement("https://livret.example/e/1", issuer, "https://livret.example/o/x", Some("Bien."), at);
        assert!(plain(value, Class::Endorsement).endorsement().faults.is_empty());
    });
}

#[test]
fn every_achievement_has_a_right_class_per_organisation() {
    let issuer = organisation();
    for achievement in referentiel().achievements().iter().chain(referentiel().key_achievements()) {
        let class = badge_class(achievement, "https://livret.example", &issuer);
        assert_eq!(class["id"], Value::String(badge_class_url(&issuer, achievement)));
        let read = plain(class, Class::BadgeClass).badge_class();
        assert!(read.faults.is_empty(), "{} {:?}", achievement.human_code, read.faults);
        assert_eq!(read.value.alignments.len(), achievement.alignments.len());
        assert_eq!(read.value.common.language.as_deref(), Some("fr"));
        assert_eq!(read.value.issuer.unwrap().id.as_deref(), Some(issuer.url.as_str()));
    }
}

#[test]
fn what_the_reference_refuses_is_not_written() {
    let issuer = organisation();
    for pem in [
        "",
        "MIIB",
        &PEM.replace('\n', "\r\n"),
        &PEM.replace("PUBLIC", "RSA PUBLIC"),
        "-----BEGIN PUBLIC KEY-----\n\n-----END PUBLIC KEY-----",
    ] {
        assert_eq!(cryptographic_key(&issuer, "https://livret.example/k", pem), Err(IssuerFault::Pem), "{pem:?}");
    }
    let facts = ProfileFacts {
        issuer: &IssuerFacts { url: "x".into(), ..issuer },
        email: "x",
        public_key: None,
        revocation_list: None,
    };
    assert_eq!(facts.faults(), [IssuerFault::Email, IssuerFault::Url]);
}

#[test]
fn row_h3_a_list_of_one_is_written_so_that_the_reference_finds_it() {
    let id = "https://livret.example/badges/5f0c2c1e-7d0b-4b83-9a1f-2f6a1c0e9d47";
    let entries = |revoked: &[&str]| {
        revocation_list(&organisation(), revoked.iter().map(|id| (*id, None)))["revokedAssertions"].clone()
    };
    assert_eq!(entries(&[]), json!([]));
    assert_eq!(entries(&[id]), json!([id, id]));
    assert_eq!(entries(&[id, "urn:uuid:e79a6c18-787e-4868-8e65-e6a4530fb418"]).as_array().unwrap().len(), 2);
}
