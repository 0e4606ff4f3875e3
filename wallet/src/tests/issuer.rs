//! An issuer reduced to what the wallet sees of one: claims, DID documents, a status list, the register. It signs.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use badge_schemas::credential::{AwardFacts, IssuerFacts, StatusFacts, compose};
use badge_schemas::profile::{ListedKey, did_document};
use badge_schemas::referentiel::{Family, referentiel};
use badge_schemas::register::{self, Entry, Key, Register};
use badge_schemas::status::{ListFacts, compose_list};
use ed25519_dalek::{Signer, SigningKey};
use http::{HeaderMap, StatusCode};
use proofs::eddsa_rdfc_2022::{Options, prepare};
use proofs::key::PublicKey;
use proofs::status::Bits;
use serde_json::{Value, json};
use time::macros::{date, datetime};
use uuid::Uuid;

pub const ORIGIN: &str = "https://badges.test";
pub const REGISTER: &str = "https://badges.test/registre.json";
const ORG: &str = "did:web:badges.test:o:7h2k9qx4";
const REGION: &str = "did:web:badges.test:o:r4m8t2wz";
const LIST: &str = "https://badges.test/o/7h2k9qx4/status/1";

/// Shared by its router and the test.
#[derive(Clone)]
pub struct Issuer(pub Arc<Mutex<Inner>>);

pub struct Inner {
    org: SigningKey,
    region: SigningKey,
    slots: HashMap<String, Slot>,
    aliases: HashMap<String, String>,
    withdrawn: Vec<u32>,
    next_index: u32,
    /// Answers of this many claims get lost after they were recorded.
    pub lose_answers: u32,
    /// Nothing answers.
    pub silent: bool,
    /// This visitor missed too often.
    pub busy: bool,
    /// Letters that the same person has not opened.
    pub waiting: u32,
    /// Offers are those of an issuer of before: without the day attested.
    pub old: bool,
    /// How many claims were asked.
    pub posts: u32,
}

struct Slot {
    kind: &'static str,
    text: String,
    address: Option<String>,
    state: &'static str,
    key: Option<String>,
}

impl Issuer {
    pub fn new() -> Self {
        Self(Arc::new(Mutex::new(Inner {
            org: SigningKey::from_bytes(&[7; 32]),
            region: SigningKey::from_bytes(&[9; 32]),
            slots: HashMap::new(),
            aliases: HashMap::new(),
            withdrawn: Vec::new(),
            next_index: 40,
            lose_answers: 0,
            silent: false,
            busy: false,
            waiting: 0,
            old: false,
            posts: 0,
        })))
    }

    pub fn router(&self) -> Router {
        Router::new()
            .route("/claims/{token}", get(look).post(claim))
            .route("/o/{org}/did.json", get(did))
            .route("/o/{org}/status/{n}", get(list))
            .route("/registre.json", get(registre))
            .route("/badges/{id}", get(text))
            .route("/badges/{id}/{form}", get(form))
            .route("/clr", axum::routing::post(record))
            .with_state(self.clone())
    }

    /// Attests a badge to this name; a letter when there is an address. Answers the status index.
    pub fn attests(&self, token: &str, name: &str, badge: &str, address: Option<&str>) -> u32 {
        let mut inner = self.0.lock().unwrap();
        let index = inner.next_index;
        inner.next_index += 1;
        let achievement = referentiel().achievement_by_code(badge).expect("an achievement");
        let profile = |did: &str, name: &str, page: &str| IssuerFacts {
            did: did.to_owned(),
            name: name.to_owned(),
            url: format!("{ORIGIN}/o/{page}"),
        };
        let unsigned = compose(&AwardFacts {
            issuer_base: ORIGIN,
            credential_id: Uuid::new_v4(),
            subject_id: Uuid::new_v4(),
            achievement,
            issuer: &profile(ORG, "Estuaire Compétences", "7h2k9qx4"),
            region: &profile(REGION, "Région Normandie", "r4m8t2wz"),
            valid_from: datetime!(2026-11-20 14:05:09 UTC),
            awarded_on: date!(2026 - 05 - 12),
            name,
            email: None,
            observed: &[0],
            evidence_type: referentiel().evidence_type("mise-en-situation").expect("a kind"),
            sentence: "Service de midi, équipe de cinq.",
            status: StatusFacts { list_url: LIST, index },
        });
        let text = sign(&inner.org, ORG, &unsigned).to_string();
        let kind = if address.is_some() { "letter" } else { "slip" };
        let slot = Slot { kind, text, address: address.map(str::to_owned), state: "open", key: None };
        inner.slots.insert(token.to_owned(), slot);
        index
    }

    /// Another code for the same award.
    pub fn also(&self, code: &str, token: &str) {
        self.0.lock().unwrap().aliases.insert(code.to_owned(), token.to_owned());
    }

    pub fn withdraws(&self, index: u32) {
        self.0.lock().unwrap().withdrawn.push(index);
    }

    pub fn becomes(&self, token: &str, state: &'static str) {
        self.0.lock().unwrap().slots.get_mut(token).expect("a slot").state = state;
    }

    pub fn text_of(&self, token: &str) -> String {
        self.0.lock().unwrap().slots[token].text.clone()
    }

    pub fn tampers(&self, token: &str) {
        let mut inner = self.0.lock().unwrap();
        let slot = inner.slots.get_mut(token).expect("a slot");
        slot.text = slot.text.replace("équipe de cinq", "équipe de six");
    }
}

async fn look(State(issuer): State<Issuer>, Path(token): Path<String>, headers: HeaderMap) -> Response {
    let inner = issuer.0.lock().unwrap();
    assert_eq!(headers["x-visitor"].len(), 64, "a hash, never the address");
    if inner.busy {
        return StatusCode::TOO_MANY_REQUESTS.into_response();
    }
    if inner.silent {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let token = inner.aliases.get(&token).cloned().unwrap_or(token);
    let Some(slot) = inner.slots.get(&token) else { return StatusCode::NOT_FOUND.into_response() };
    let value: Value = serde_json::from_str(&slot.text).unwrap();
    let achievement = &value["credentialSubject"]["achievement"];
    let since = (slot.state == "withdrawn").then_some("2026-11-21");
    let mut offer = json!({
        "state": slot.state, "kind": slot.kind, "expires_on": "2026-12-20",
        "badge": {
            "name": achievement["name"], "level": "Je pratique", "level_code": "pratique", "badge_id": "x",
            "version": "0.1.0", "description": achievement["description"], "image": value["image"]["id"],
            "organisation": value["issuer"]["name"], "awarded_on": "2026-05-12",
            "attested_on": "2026-11-20",
        },
        "withdrawn_on": since,
    });
    if inner.old {
        offer.as_object_mut().unwrap().remove("withdrawn_on");
        offer["badge"].as_object_mut().unwrap().remove("attested_on");
    }
    Json(offer).into_response()
}

async fn claim(State(issuer): State<Issuer>, Path(token): Path<String>, headers: HeaderMap) -> Response {
    let mut inner = issuer.0.lock().unwrap();
    inner.posts += 1;
    assert_eq!(headers["x-visitor"].len(), 64, "a hash, never the address");
    if inner.silent {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let key = headers["idempotency-key"].to_str().unwrap().to_owned();
    let token = inner.aliases.get(&token).cloned().unwrap_or(token);
    let Some(slot) = inner.slots.get_mut(&token) else { return StatusCode::NOT_FOUND.into_response() };
    match slot.state {
        "withdrawn" | "expired" => return (StatusCode::GONE, Json(json!({"code": slot.state}))).into_response(),
        _ => {}
    }
    if slot.key.as_ref().is_some_and(|known| *known != key) {
        return StatusCode::CONFLICT.into_response();
    }
    slot.key = Some(key);
    slot.state = "claimed";
    let answer = json!({"credential": slot.text, "address": slot.address, "organisation": "Estuaire Compétences"});
    if inner.lose_answers > 0 {
        inner.lose_answers -= 1;
        return StatusCode::BAD_GATEWAY.into_response();
    }
    Json(answer).into_response()
}

/// The text itself, by the same rule.
async fn text(issuer: State<Issuer>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    form(issuer, Path((id, "text".to_owned())), headers).await
}

/// A form, to whoever names the key that claimed the badge.
async fn form(State(issuer): State<Issuer>, Path((id, form)): Path<(String, String)>, headers: HeaderMap) -> Response {
    let inner = issuer.0.lock().unwrap();
    if inner.silent {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let Some(slot) = inner.slots.values().find(|slot| slot.text.contains(&format!("/badges/{id}\""))) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let key = headers["authorization"].to_str().unwrap().strip_prefix("Bearer ").map(str::to_owned);
    match slot.state {
        "withdrawn" if slot.key == key => {
            (StatusCode::GONE, Json(json!({"code": "gone", "state": "withdrawn", "withdrawn_on": "2026-11-21"})))
                .into_response()
        }
        _ if slot.key == key && form == "waiting" => Json(json!({ "waiting": inner.waiting })).into_response(),
        _ if slot.key == key => format!("the form {form}").into_response(),
        _ => StatusCode::UNAUTHORIZED.into_response(),
    }
}

/// A record of whoever names each badge with its key: its own order, said back.
async fn record(State(issuer): State<Issuer>, Json(asked): Json<Value>) -> Response {
    let inner = issuer.0.lock().unwrap();
    if inner.silent {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let badges = asked["badges"].as_array().cloned().unwrap_or_default();
    for badge in &badges {
        let (id, key) = (badge["id"].as_str().unwrap(), badge["key"].as_str().unwrap());
        let slot = inner.slots.values().find(|slot| slot.text.contains(&format!("{id}\""))).expect("a badge of ours");
        assert_eq!(slot.key.as_deref(), Some(key), "the key that claimed it");
        if slot.state == "withdrawn" {
            return StatusCode::GONE.into_response();
        }
    }
    format!("a record of {}", badges.len()).into_response()
}

async fn did(State(issuer): State<Issuer>, Path(org): Path<String>) -> Response {
    let inner = issuer.0.lock().unwrap();
    if inner.silent {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let (did, key) = if org == "r4m8t2wz" { (REGION, &inner.region) } else { (ORG, &inner.org) };
    Json(did_document(did, &[ListedKey { multibase: multibase(key), until: None }])).into_response()
}

async fn list(State(issuer): State<Issuer>) -> Response {
    let inner = issuer.0.lock().unwrap();
    let mut bits = Bits::new(131_072);
    for index in &inner.withdrawn {
        bits.set(*index as usize, true).unwrap();
    }
    let encoded = bits.encode();
    let facts =
        ListFacts { url: LIST, issuer: ORG, valid_from: datetime!(2026-11-01 00:00 UTC), encoded_list: &encoded };
    Json(sign(&inner.org, ORG, &compose_list(&facts))).into_response()
}

async fn registre(State(issuer): State<Issuer>) -> Response {
    let inner = issuer.0.lock().unwrap();
    let from = datetime!(2026-01-01 00:00 UTC);
    let entry = Entry {
        did: ORG.to_owned(),
        name: "Estuaire Compétences".to_owned(),
        short_name: None,
        town: None,
        keys: vec![Key { multibase: multibase(&inner.org), from, until: None }],
        from,
        until: None,
        families: Family::ALL.to_vec(),
    };
    let register = Register {
        url: REGISTER.to_owned(),
        issuer: REGION.to_owned(),
        at: datetime!(2026-11-21 00:00 UTC),
        entries: vec![entry],
    };
    Json(sign(&inner.region, REGION, &register::compose(&register))).into_response()
}

fn sign(key: &SigningKey, did: &str, unsigned: &Value) -> Value {
    let method = format!("{did}#{}", multibase(key));
    let prepared =
        prepare(unsigned, &Options::assertion(datetime!(2026-11-20 14:05:09 UTC), method)).expect("signable");
    let signature = key.sign(&prepared.hash_data);
    prepared.finish(signature.to_bytes())
}

fn multibase(key: &SigningKey) -> String {
    PublicKey::ed25519(key.verifying_key().to_bytes()).expect("a key").to_multibase()
}
