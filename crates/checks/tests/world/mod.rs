//! A small world to judge in: a Région, an organisation, their keys, documents and one signed badge.

use std::collections::HashMap;

use badge_schemas::credential::{AwardFacts, IssuerFacts, StatusFacts, compose};
use badge_schemas::identity::HashedEmail;
use badge_schemas::profile::{ListedKey, did_document};
use badge_schemas::referentiel::{Achievement, Family, referentiel};
use badge_schemas::register::{self, Entry, Key, Register};
use badge_schemas::status::{ListFacts, compose_list};
use checks::{Inquiry, Need, Policy, Report, Unanswered};
use ed25519_dalek::{Signer, SigningKey};
use proofs::eddsa_rdfc_2022::{Options, prepare};
use proofs::key::PublicKey;
use proofs::status::Bits;
use serde_json::Value;
use time::OffsetDateTime;
use time::macros::{date, datetime};

pub const BASE: &str = "https://livret.example";
pub const ORG: &str = "did:web:livret.example:o:7h2k9qx4";
pub const REGION: &str = "did:web:livret.example:o:r4m8t2wz";
pub const LIST: &str = "https://livret.example/o/7h2k9qx4/status/1";
pub const REGISTER: &str = "https://livret.example/registre";
pub const SIGNED: OffsetDateTime = datetime!(2026-11-20 14:05:09 UTC);
pub const NOW: OffsetDateTime = datetime!(2026-11-22 09:00 UTC);
pub const INDEX: u32 = 94_567;

/// Someone who signs.
pub struct Party {
    pub did: &'static str,
    pub key: SigningKey,
}

impl Party {
    pub fn new(did: &'static str, seed: u8) -> Self {
        Self { did, key: SigningKey::from_bytes(&[seed; 32]) }
    }

    pub fn multibase(&self) -> String {
        PublicKey::ed25519(self.key.verifying_key().to_bytes()).expect("a key").to_multibase()
    }

    pub fn sign(&self, unsigned: &Value) -> Value {
        self.sign_as(unsigned, &format!("{}#{}", self.did, self.multibase()), SIGNED)
    }

    pub fn sign_as(&self, unsigned: &Value, method: &str, created: OffsetDateTime) -> Value {
        let options = Options::assertion(created, method);
        let prepared = prepare(unsigned, &options).expect("a document that can be signed");
        let signature = self.key.sign(&prepared.hash_data);
        prepared.finish(signature.to_bytes())
    }

    pub fn document(&self) -> Value {
        did_document(self.did, &[ListedKey { multibase: self.multibase(), until: None }])
    }
}

/// Everything an Inquiry may ask for, and the badge.
pub struct World {
    pub org: Party,
    pub region: Party,
    pub answers: HashMap<Need, Result<String, Unanswered>>,
}

impl World {
    pub fn new() -> Self {
        let mut world = Self { org: Party::new(ORG, 7), region: Party::new(REGION, 9), answers: HashMap::new() };
        let (org, region) = (world.org.document(), world.region.document());
        world.says(did(ORG), &org);
        world.says(did(REGION), &region);
        let list = world.list(|_| {});
        world.says(status(), &world.org.sign(&list));
        let register = world.register(|_| {});
        world.says(Need::Register, &world.region.sign(&register));
        world
    }

    pub fn says(&mut self, need: Need, document: &Value) {
        self.answers.insert(need, Ok(document.to_string()));
    }

    pub fn fails(&mut self, need: Need, why: Unanswered) {
        self.answers.insert(need, Err(why));
    }

    /// The unsigned badge, changed as the test likes.
    #[expect(clippy::unused_self, reason = "reads as the world's own")]
    pub fn badge(&self, change: impl FnOnce(&mut Value)) -> Value {
        let mut value = compose(&AwardFacts {
            issuer_base: BASE,
            credential_id: "5f0c2c1e-7d0b-4b83-9a1f-2f6a1c0e9d47".parse().expect("a UUID"),
            subject_id: "0b9f4a52-3c1d-4f0e-8e55-6a7d2b91c3aa".parse().expect("a UUID"),
            achievement: achievement("cpt-travail-en-equipe/pratique"),
            issuer: &profile(ORG, "Estuaire"),
            region: &profile(REGION, "Région Normandie"),
            valid_from: SIGNED,
            awarded_on: date!(2026 - 11 - 20),
            name: "Inès Duval",
            email: Some(&HashedEmail::new("ines@example.fr", "Q7N2V5T8K3M9X4C6B1Z0D7F2H5J8L3P6")),
            observed: &[0, 2],
            evidence_type: referentiel().evidence_type("mise-en-situation").expect("a kind"),
            sentence: "Service de midi, quarante couverts, équipe de cinq.",
            status: StatusFacts { list_url: LIST, index: INDEX },
        });
        change(&mut value);
        value
    }

    pub fn signed(&self) -> Value {
        self.org.sign(&self.badge(|_| {}))
    }

    #[expect(clippy::unused_self, reason = "reads as the world's own")]
    pub fn list(&self, change: impl FnOnce(&mut Bits)) -> Value {
        let mut bits = Bits::new(131_072);
        change(&mut bits);
        let encoded = bits.encode();
        compose_list(&ListFacts {
            url: LIST,
            issuer: ORG,
            valid_from: datetime!(2026-11-01 00:00 UTC),
            encoded_list: &encoded,
        })
    }

    pub fn register(&self, change: impl FnOnce(&mut Entry)) -> Value {
        let mut entry = Entry {
            did: ORG.to_owned(),
            name: "Estuaire Compétences".to_owned(),
            short_name: None,
            town: Some("Le Havre".to_owned()),
            keys: vec![Key { multibase: self.org.multibase(), from: datetime!(2026-01-01 00:00 UTC), until: None }],
            from: datetime!(2026-01-01 00:00 UTC),
            until: None,
            families: vec![Family::Comportementale, Family::Base],
        };
        change(&mut entry);
        register::compose(&Register {
            url: REGISTER.to_owned(),
            issuer: REGION.to_owned(),
            at: datetime!(2026-11-21 00:00 UTC),
            entries: vec![entry],
        })
    }

    pub fn judge(&self, text: &str) -> Report {
        self.judge_at(text, NOW, Policy::FULL)
    }

    pub fn judge_at(&self, text: &str, now: OffsetDateTime, policy: Policy) -> Report {
        self.bring(Inquiry::open(text, now, policy), now)
    }

    /// Answers everything that an Inquiry asks.
    pub fn bring(&self, mut inquiry: Inquiry, now: OffsetDateTime) -> Report {
        let mut asked = 0;
        while let Some(need) = inquiry.next_need() {
            let mut answer = self.answers.get(&need).cloned().unwrap_or(Err(Unanswered::NotFound));
            if need == Need::Register && now > NOW + time::Duration::DAY {
                // The Région signs its register anew every day.
                answer = answer.map(|text| {
                    let old: Value = serde_json::from_str(&text).expect("a register");
                    let mut register = register::parse(&old).expect("a register");
                    register.at = now.replace_nanosecond(0).expect("whole seconds");
                    self.region.sign(&register::compose(&register)).to_string()
                });
            }
            inquiry.answer(&need, answer);
            asked += 1;
            assert!(asked < 65, "an Inquiry that never ends");
        }
        inquiry.conclude()
    }
}

pub fn did(did: &str) -> Need {
    Need::DidDocument { did: did.to_owned() }
}

pub fn status() -> Need {
    Need::StatusList { url: LIST.to_owned() }
}

pub fn achievement(code: &str) -> &'static Achievement {
    referentiel().achievement_by_code(code).expect("an achievement of the référentiel")
}

fn profile(did: &str, name: &str) -> IssuerFacts {
    IssuerFacts { did: did.to_owned(), name: name.to_owned(), url: format!("{BASE}/o/x") }
}
