//! Other people's implementations, installed by `tests/run`, and the documents they are asked about.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use badge_schemas::credential::{AwardFacts, IssuerFacts, StatusFacts};
use badge_schemas::identity::HashedEmail;
use badge_schemas::ob2::compose::{
    ProfileFacts, Recipient, Verification, assertion, badge_class, cryptographic_key, key_url, profile,
    revocation_list, revocation_list_url,
};
use badge_schemas::referentiel::referentiel;
use josekit::jwk::alg::rsa::RsaKeyPair;
use josekit::jws::{JwsHeader, RS256};
use serde_json::{Map, Value, json};
use time::macros::{date, datetime};

use crate::world::{self, BASE, ORG, World, achievement};

// Digital Bazaar, in Node.

pub fn node_folder(world: &World, name: &str) -> PathBuf {
    let folder = folder(&format!("node-{name}"));
    let mut documents = Map::new();
    for context in badge_schemas::contexts::all() {
        documents.insert(context.url.to_owned(), serde_json::from_str(context.text).expect("a context"));
    }
    documents.insert(ORG.to_owned(), world.org.document());
    write(&folder, "documents.json", &documents.into());
    folder
}

pub fn node(arguments: &[&str]) -> Value {
    run(Command::new("node").arg(peers().join("node/peer.mjs")).args(arguments))
}

// The reference validator of 2.0, in Python.

/// One organisation's 2.0 documents, as a web that answers.
pub struct Town {
    folder: PathBuf,
    pub issuer: IssuerFacts,
    key: RsaKeyPair,
    pub badge: Value,
    pub documents: Map<String, Value>,
    pub recipient: Value,
}

impl Town {
    pub fn new(name: &str) -> Self {
        let issuer = IssuerFacts {
            did: ORG.to_owned(),
            name: "Estuaire Compétences".to_owned(),
            url: format!("{BASE}/o/7h2k9qx4"),
        };
        let key = RS256.generate_key_pair(2048).expect("a key");
        let mut town = Self {
            folder: folder(&format!("python-{name}")),
            badge: compose(&issuer, Verification::Hosted),
            issuer,
            key,
            documents: Map::new(),
            recipient: Value::Null,
        };
        for context in badge_schemas::contexts::all() {
            town.answers(context.url, 200, "application/ld+json", context.text.as_bytes());
        }
        let (key_url, list_url) = (key_url(&town.issuer, "1"), revocation_list_url(&town.issuer));
        let facts = ProfileFacts {
            issuer: &town.issuer,
            email: "contact@estuaire.example",
            public_key: Some(&key_url),
            revocation_list: Some(&list_url),
        };
        assert_eq!(facts.faults(), []);
        let profile = profile(&facts);
        town.document(&profile);
        let pem = String::from_utf8(town.key.to_pem_public_key()).expect("text");
        let key = cryptographic_key(&town.issuer, &key_url, &pem).expect("a key document");
        town.document(&key);
        let list = revocation_list(&town.issuer, []);
        town.document(&list);
        let class = badge_class(achievement("cpt-travail-en-equipe/pratique"), BASE, &town.issuer);
        let picture = fs::read(peers().join("../../badge-schemas/tests/data/artwork/vignettes/bas-lire-pratique.svg"));
        let picture = picture.expect("a picture");
        for image in [&class["image"], &town.badge["image"].clone()] {
            town.answers(image.as_str().expect("an address"), 200, "image/svg+xml", &picture);
        }
        town.document(&class);
        town
    }

    pub fn id(&self) -> String {
        self.badge["id"].as_str().expect("an id").to_owned()
    }

    pub fn signed_badge(&self) -> Value {
        compose(&self.issuer, Verification::Signed { creator: &key_url(&self.issuer, "1") })
    }

    pub fn jws(&self, badge: &Value) -> String {
        let signer = RS256.signer_from_pem(self.key.to_pem_private_key()).expect("a signer");
        let mut header = JwsHeader::new();
        header.set_algorithm("RS256");
        josekit::jws::serialize_compact(badge.to_string().as_bytes(), &header, &signer).expect("a JWS")
    }

    pub fn serve(&mut self, badge: &Value) {
        self.document(badge);
    }

    pub fn document(&mut self, document: &Value) {
        let id = document["id"].as_str().expect("an id").to_owned();
        self.answers(&id, 200, "application/ld+json", document.to_string().as_bytes());
    }

    pub fn answers(&mut self, url: &str, status: u16, media_type: &str, body: &[u8]) {
        let body = data_encoding::BASE64.encode(body);
        self.documents.insert(url.to_owned(), json!({ "status": status, "type": media_type, "body": body }));
    }

    pub fn says(&self, input: &str) -> (bool, Vec<String>) {
        let answer = self.judged(input, &[]);
        let why = serde_json::from_value(answer["why"].clone()).expect("reasons");
        (answer["valid"].as_bool().expect("a verdict"), why)
    }

    /// The whole answer of the reference.
    pub fn judged(&self, input: &str, more: &[&str]) -> Value {
        write(&self.folder, "documents.json", &self.documents.clone().into());
        write(&self.folder, "ask.json", &json!({ "input": input, "recipient": self.recipient }));
        let python =
            std::env::var("LIVRET_PEER_PYTHON").map_or_else(|_| peers().join("python/.venv/bin/python"), PathBuf::from);
        run(Command::new(python).arg(peers().join("python/peer.py")).arg(&self.folder).args(more))
    }
}

fn compose(issuer: &IssuerFacts, verification: Verification<'_>) -> Value {
    let email = HashedEmail::new("ines@example.fr", "B7N2V5T8K3M9X4C6B1Z0D7F2H5J8L3P6");
    let facts = AwardFacts {
        issuer_base: BASE,
        credential_id: "5f0c2c1e-7d0b-4b83-9a1f-2f6a1c0e9d47".parse().expect("a UUID"),
        subject_id: "0b9f4a52-3c1d-4f0e-8e55-6a7d2b91c3aa".parse().expect("a UUID"),
        achievement: achievement("cpt-travail-en-equipe/pratique"),
        issuer,
        region: issuer,
        // In the past by every clock: the reference reads the machine's.
        valid_from: datetime!(2026-01-20 14:05:09 UTC),
        awarded_on: date!(2026 - 01 - 20),
        name: "Inès Duval",
        email: Some(&email),
        observed: &[0],
        evidence_type: referentiel().evidence_type("mise-en-situation").expect("a kind"),
        sentence: "Service de midi.",
        status: StatusFacts { list_url: world::LIST, index: 1 },
    };
    assertion(&facts, Recipient::Email(&email), verification)
}

// Both.

fn peers() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/peers")
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

pub fn write(folder: &Path, name: &str, value: &Value) {
    fs::write(folder.join(name), value.to_string()).expect("a file");
}

/// Its answer as JSON (`null` when it says nothing); a peer that fails or is not installed fails the test.
fn run(command: &mut Command) -> Value {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}; tests/run installs the peers"));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {errors}; tests/run installs the peers");
    match output.stdout.as_slice() {
        [] => Value::Null,
        said => serde_json::from_slice(said).unwrap_or_else(|error| panic!("{error}: {errors}")),
    }
}
