//! Linked files whose digest the credential carries (VC Data Model 2.0 §5.3): are they still those that were signed?

use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER};
use serde_json::Value;
use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::ask::Ask;
use crate::codes;
use crate::credential::{Credential, items};
use crate::report::Check;
use crate::sheet::Sheet;

/// The most linked files of one credential that are looked at.
const MOST_RESOURCES: usize = 8;
/// Longest digest read, in signs of base58: 66 bytes are at most 91, and its decoding is quadratic.
const LONGEST_DIGEST: usize = 128;

pub(super) async fn examine(ask: &Ask, credential: &Credential, sheet: &mut Sheet) {
    let linked = linked(credential.value());
    let mut good = !linked.is_empty();
    for (place, object) in linked.iter().enumerate() {
        if place == MOST_RESOURCES {
            return sheet.unchecked(Check::Resources, codes::RESOURCES_TOO_MANY, None);
        }
        if let Err((failed, code, detail)) = resource(ask, object).await {
            good = false;
            if failed {
                sheet.failed(Check::Resources, code, detail);
            } else {
                sheet.unchecked(Check::Resources, code, detail);
            }
        }
    }
    if good {
        sheet.passed(Check::Resources, codes::RESOURCES_MATCH);
    }
}

/// Whether any object carries a digest.
pub(super) fn are_named(credential: &Credential) -> bool {
    !linked(credential.value()).is_empty()
}

/// The objects that carry a digest: related resources, pictures, evidence, schemas.
fn linked(value: &Value) -> Vec<&Value> {
    let subject = &value["credentialSubject"];
    let lists = [
        items(&value["relatedResource"]),
        items(&value["image"]),
        items(&subject["image"]),
        items(&subject["achievement"]["image"]),
        items(&value["evidence"]),
        items(&value["credentialSchema"]),
    ];
    let with_digest = |one: &&Value| one["digestSRI"].is_string() || one["digestMultibase"].is_string();
    lists.into_iter().flatten().filter(with_digest).take(MOST_RESOURCES + 1).collect()
}

/// `Err` is whether the file is another, the code and the detail.
async fn resource(ask: &Ask, object: &Value) -> Result<(), (bool, &'static str, Option<String>)> {
    let Some(id) = object["id"].as_str() else {
        return Err((false, codes::RESOURCE_DIGEST_NOT_READ, None));
    };
    let mut digests = Vec::new();
    for (member, read) in [("digestSRI", sri as fn(&str) -> Option<Vec<Wanted>>), ("digestMultibase", multibase)] {
        match &object[member] {
            Value::Null => {}
            Value::String(text) => {
                let Some(wanted) = read(text) else {
                    return Err((false, codes::RESOURCE_DIGEST_NOT_READ, Some(member.to_owned())));
                };
                digests.push(wanted);
            }
            _ => return Err((false, codes::RESOURCE_DIGEST_NOT_READ, Some(member.to_owned()))),
        }
    }
    let found = match data_url(id) {
        Some(bytes) => Digests::of(&bytes),
        None => match ask.digests(id).await {
            Ok(found) => found,
            Err(why) => return Err((false, codes::RESOURCE_UNANSWERED, Some(why.code().to_owned()))),
        },
    };
    // Each member must agree; of several hashes in one, any (Subresource Integrity §3.3.4).
    let agrees = digests.iter().all(|any| any.iter().any(|wanted| found.have(wanted)));
    if agrees { Ok(()) } else { Err((true, codes::RESOURCE_CHANGED, Some(id.to_owned()))) }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Wanted {
    Sha256(Vec<u8>),
    Sha384(Vec<u8>),
    Sha512(Vec<u8>),
}

/// What is kept of a linked file: another credential of the same text may name it by another hash.
#[derive(Debug, Clone)]
pub(crate) struct Digests([Wanted; 3]);

impl Digests {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        Self([
            Wanted::Sha256(Sha256::digest(bytes).to_vec()),
            Wanted::Sha384(Sha384::digest(bytes).to_vec()),
            Wanted::Sha512(Sha512::digest(bytes).to_vec()),
        ])
    }

    fn have(&self, wanted: &Wanted) -> bool {
        self.0.contains(wanted)
    }
}

/// Subresource Integrity: `sha384-` and base64; several apart by spaces, the strongest kind counting.
fn sri(text: &str) -> Option<Vec<Wanted>> {
    let mut all: Vec<(u8, Wanted)> = Vec::new();
    for one in text.split_ascii_whitespace().take(MOST_RESOURCES) {
        let (algorithm, hash) = one.split_once('-')?;
        let hash = BASE64.decode(hash.split('?').next().unwrap_or_default().as_bytes()).ok()?;
        match algorithm {
            "sha256" => all.push((0, Wanted::Sha256(hash))),
            "sha384" => all.push((1, Wanted::Sha384(hash))),
            "sha512" => all.push((2, Wanted::Sha512(hash))),
            _ => {}
        }
    }
    let strongest = all.iter().map(|(strength, _)| *strength).max()?;
    Some(all.into_iter().filter(|(strength, _)| *strength == strongest).map(|(_, wanted)| wanted).collect())
}

/// Multibase of a multihash: base58btc, base64url or base16; SHA-256, SHA-384 or SHA-512.
fn multibase(text: &str) -> Option<Vec<Wanted>> {
    if text.len() > LONGEST_DIGEST * 2 {
        return None;
    }
    let bytes = match text.split_at_checked(1)? {
        ("z", rest) if rest.len() <= LONGEST_DIGEST => bs58::decode(rest).into_vec().ok()?,
        ("u", rest) => BASE64URL_NOPAD.decode(rest.as_bytes()).ok()?,
        ("f", rest) => HEXLOWER.decode(rest.as_bytes()).ok()?,
        _ => return None,
    };
    let wanted = match bytes.as_slice() {
        [0x12, 32, hash @ ..] if hash.len() == 32 => Wanted::Sha256(hash.to_vec()),
        [0x20, 48, hash @ ..] if hash.len() == 48 => Wanted::Sha384(hash.to_vec()),
        [0x13, 64, hash @ ..] if hash.len() == 64 => Wanted::Sha512(hash.to_vec()),
        _ => return None,
    };
    Some(vec![wanted])
}

/// The bytes of a `data:` address in base64: nothing is fetched for it.
fn data_url(id: &str) -> Option<Vec<u8>> {
    let (head, body) = id.strip_prefix("data:")?.split_once(',')?;
    head.ends_with(";base64").then(|| BASE64.decode(body.as_bytes()).ok())?
}
