//! A small 2.0 world: an issuer, a class, a picture, an assertion, RSA keys.

use std::collections::HashMap;
use std::sync::LazyLock;

use checks::{Answer, Check, Inquiry, Need, Outcome, Policy, Report, Unanswered, Verdict};
use josekit::jwk::alg::rsa::RsaKeyPair;
use josekit::jws::{JwsHeader, RS256, RS512, alg::rsassa::RsassaJwsAlgorithm};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::macros::datetime;

pub const ID: &str = "https://example.org/assertions/1";
pub const CLASS: &str = "https://example.org/classes/1";
pub const ISSUER: &str = "https://example.org/issuer";
pub const IMAGE: &str = "https://example.org/classes/1.png";
pub const KEY: &str = "https://example.org/key";
pub const LIST: &str = "https://example.org/revocations";
pub const ENDORSER: &str = "https://endorser.example/profile";
pub const ENDORSEMENT: &str = "https://endorser.example/endorsements/1";
pub const CONTEXT: &str = "https://w3id.org/openbadges/v2";
pub const NOW: OffsetDateTime = datetime!(2026-11-22 09:00 UTC);
pub const POLICY: Policy = Policy { trust: false, status: true };

pub static MINE: LazyLock<RsaKeyPair> = LazyLock::new(|| RS256.generate_key_pair(2048).expect("a key"));
pub static OTHER: LazyLock<RsaKeyPair> = LazyLock::new(|| RS256.generate_key_pair(2048).expect("a key"));

/// Everything that can be asked for, by address.
#[derive(Clone)]
pub struct World {
    pub answers: HashMap<String, Result<Answer, Unanswered>>,
    pub recipient: Option<String>,
    pub now: OffsetDateTime,
}

pub fn assertion() -> Value {
    json!({
        "@context": CONTEXT,
        "type": "Assertion",
        "id": ID,
        "recipient": {
            "type": "email",
            "hashed": true,
            "salt": "deadsea",
            "identity": "sha256$ecf5409f3f4b91ab60cc5ef4c02aef7032354375e70cf4d8e43f6a1d29891942",
        },
        "issuedOn": "2026-01-31T23:59:59Z",
        "badge": CLASS,
        "verification": { "type": "hosted" },
    })
}

pub fn signed_assertion() -> Value {
    let mut value = assertion();
    value["id"] = json!("urn:uuid:a953081a-4bbd-4927-9653-7219bca00e3b");
    value["verification"] = json!({ "type": "SignedBadge", "creator": KEY });
    value
}

pub fn class() -> Value {
    json!({
        "@context": CONTEXT,
        "type": "BadgeClass",
        "id": CLASS,
        "name": "Robots",
        "description": "Makes robots.",
        "image": IMAGE,
        "criteria": { "narrative": "Make a robot." },
        "issuer": ISSUER,
    })
}

pub fn issuer() -> Value {
    json!({
        "@context": CONTEXT,
        "type": "Issuer",
        "id": ISSUER,
        "name": "An issuer",
        "url": "https://example.org",
        "email": "contact@example.org",
        "publicKey": KEY,
        "revocationList": LIST,
    })
}

pub fn key(pair: &RsaKeyPair) -> Value {
    json!({
        "@context": CONTEXT,
        "type": "CryptographicKey",
        "id": KEY,
        "owner": ISSUER,
        "publicKeyPem": String::from_utf8(pair.to_pem_public_key()).expect("a PEM"),
    })
}

pub fn list(entries: &Value) -> Value {
    json!({ "@context": CONTEXT, "type": "RevocationList", "id": LIST, "issuer": ISSUER, "revokedAssertions": entries })
}

/// The Profile of who endorses.
pub fn endorser() -> Value {
    let mut value = issuer();
    value["id"] = json!(ENDORSER);
    value["name"] = json!("An endorser");
    value["url"] = json!("https://endorser.example");
    value["publicKey"] = json!("https://endorser.example/key");
    value["revocationList"] = json!("https://endorser.example/revocations");
    value
}

/// A hosted endorsement of what has this id.
pub fn endorsement(endorsed: &str) -> Value {
    json!({
        "@context": CONTEXT,
        "type": "Endorsement",
        "id": ENDORSEMENT,
        "issuer": ENDORSER,
        "issuedOn": "2026-02-28T12:00:00Z",
        "claim": { "id": endorsed, "endorsementComment": "Well made." },
        "verification": { "type": "HostedBadge" },
    })
}

/// A picture of one dot, without a badge.
pub fn dot() -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, data) in [
        (b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0][..]),
        (b"IDAT", &[0x78, 0x9c, 0x63, 0x60, 0, 0, 0, 2, 0, 1]),
        (b"IEND", &[]),
    ] {
        let chunk = [&kind[..], data].concat();
        png.extend(u32::try_from(data.len()).expect("a short chunk").to_be_bytes());
        png.extend(&chunk);
        png.extend(crc32fast::hash(&chunk).to_be_bytes());
    }
    png
}

/// The same as SVG.
pub const DOT: &str = r#"<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>"#;

pub fn jws_with(payload: &[u8], pair: &RsaKeyPair, alg: RsassaJwsAlgorithm) -> String {
    let signer = alg.signer_from_pem(pair.to_pem_private_key()).expect("a signer");
    josekit::jws::serialize_compact(payload, &JwsHeader::new(), &signer).expect("a JWS")
}

pub fn jws(payload: &Value) -> String {
    jws_with(payload.to_string().as_bytes(), &MINE, RS256)
}

pub fn rs512(payload: &Value) -> String {
    jws_with(payload.to_string().as_bytes(), &MINE, RS512)
}

impl World {
    pub fn new() -> Self {
        let mut world = Self { answers: HashMap::new(), recipient: None, now: NOW };
        world.says(ID, &assertion());
        world.says(CLASS, &class());
        world.says(ISSUER, &issuer());
        world.bytes(IMAGE, b"\x89PNG\r\n\x1a\n....");
        world.says(LIST, &list(&json!([])));
        world
    }

    /// With a key document: for signed badges.
    pub fn with_key() -> Self {
        let mut world = Self::new();
        world.says(KEY, &key(&MINE));
        world
    }

    pub fn says(&mut self, url: &str, value: &Value) {
        self.bytes(url, value.to_string().as_bytes());
    }

    pub fn bytes(&mut self, url: &str, bytes: &[u8]) {
        self.answers.insert(url.to_owned(), Ok(Answer::new(bytes)));
    }

    pub fn gone(&mut self, url: &str, body: &[u8]) {
        self.answers.insert(url.to_owned(), Ok(Answer { gone: true, ..Answer::new(body) }));
    }

    pub fn fails(&mut self, url: &str, why: Unanswered) {
        self.answers.insert(url.to_owned(), Err(why));
    }

    /// With an endorser who has a key, and an empty list of what was taken back.
    pub fn with_endorser() -> Self {
        let mut world = Self::with_key();
        let mut key = key(&OTHER);
        key["id"] = json!("https://endorser.example/key");
        key["owner"] = json!(ENDORSER);
        world.says("https://endorser.example/key", &key);
        let mut list = list(&json!([]));
        list["id"] = json!("https://endorser.example/revocations");
        list["issuer"] = json!(ENDORSER);
        world.says("https://endorser.example/revocations", &list);
        world.says(ENDORSER, &endorser());
        world
    }

    /// Changes the assertion where it is hosted.
    pub fn assertion(&mut self, change: impl FnOnce(&mut Value)) {
        let mut value = assertion();
        change(&mut value);
        self.says(ID, &value);
    }

    pub fn class(&mut self, change: impl FnOnce(&mut Value)) {
        let mut value = class();
        change(&mut value);
        self.says(CLASS, &value);
    }

    pub fn issuer(&mut self, change: impl FnOnce(&mut Value)) {
        let mut value = issuer();
        change(&mut value);
        self.says(ISSUER, &value);
    }

    /// Judges the hosted assertion, by its address.
    pub fn url(&self, url: &str) -> Report {
        self.run(Inquiry::open_url(url, self.now, POLICY)).0
    }

    pub fn hosted(&self) -> Report {
        self.url(ID)
    }

    pub fn text(&self, text: &str) -> Report {
        self.run(Inquiry::open(text, self.now, POLICY)).0
    }

    pub fn run(&self, inquiry: Inquiry) -> (Report, Vec<Need>) {
        let mut inquiry = match &self.recipient {
            Some(recipient) => inquiry.with_recipient(recipient),
            None => inquiry,
        };
        let mut asked = vec![];
        while let Some(need) = inquiry.next_need() {
            let url = need.url("https://example.org/registre").expect("an address");
            let mut answer = self.answers.get(&url).cloned().unwrap_or(Err(Unanswered::NotFound));
            if answer.as_ref().is_ok_and(|answer| answer.gone) && !matches!(need, Need::Hosted { .. }) {
                answer = Err(Unanswered::NotFound);
            }
            inquiry.answer(&need, answer);
            asked.push(need);
            assert!(asked.len() < 80, "an Inquiry that never ends");
        }
        (inquiry.conclude(), asked)
    }
}

/// The codes noted for a check with this outcome.
pub fn codes(report: &Report, check: Check, outcome: Outcome) -> Vec<&'static str> {
    report.findings.iter().filter(|f| f.check == check && f.outcome == outcome).map(|f| f.code).collect()
}

#[track_caller]
pub fn authentic(report: &Report) {
    assert_eq!(report.verdict, Verdict::Authentic, "{:#?}", report.findings);
}

#[track_caller]
pub fn finds(report: &Report, verdict: Verdict, check: Check, outcome: Outcome, code: &str) {
    assert!(codes(report, check, outcome).contains(&code), "{code} in {:#?}", report.findings);
    assert_eq!(report.verdict, verdict, "{:#?}", report.findings);
}
