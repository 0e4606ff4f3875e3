//! Signed badges (2.0 §`SignedBadge`), the eight steps of row G7.

use badge_schemas::ob2::{Class, CryptographicKey, Document, Link, Profile, VerificationType, Version, values};
use proofs::jws::{Jws, JwsFault};
use proofs::key::{Algorithm, PublicKey};
use url::Url;

use super::load::{self, Wanted};
use super::{Badge, Stop, facts, gather, hosted, terms, trust};
use crate::ask::Ask;
use crate::codes;
use crate::facts::BadgeFacts;
use crate::inquiry::Case;
use crate::report::{Check, Outcome};
use crate::sheet::Sheet;

/// The most keys of an issuer that are tried.
const MOST_KEYS: usize = 8;

/// Judges a compact JWS whose payload says it is an Assertion.
pub(super) async fn judge(case: &Case, ask: &Ask, text: &str, sheet: &mut Sheet) -> Result<Option<BadgeFacts>, Stop> {
    let malformed = |fault: JwsFault, sheet: &mut Sheet| {
        sheet.failed(Check::Signature, codes::OB2_JWS_MALFORMED, Some(fault.code().to_owned()));
        Stop
    };
    // Padding is in the wild, and changes nothing of what is signed (row G9).
    let jws = Jws::read_padded(text).map_err(|fault| malformed(fault, sheet))?;
    let document = match load::read(jws.payload(), Class::Assertion, None) {
        Ok(document) => document,
        Err(unread) if unread.is_json_ld() => return Err(unread.note(sheet)),
        Err(_) => {
            sheet.failed(Check::Format, codes::OB2_PAYLOAD_NOT_JSON, None);
            return Err(Stop);
        }
    };
    let verification = document.assertion().value.verification.unwrap_or_default();
    match verification.kind {
        Some(VerificationType::Signed) => {}
        // A hosted badge in an envelope: the envelope proves nothing, the address does (row F9).
        Some(VerificationType::Hosted) => {
            let url = hosted::address(&document, sheet)?;
            return hosted::judge(case, ask, &url, Some(&document), sheet).await;
        }
        None => {
            sheet.passed(Check::Format, codes::OPEN_BADGES_2);
            sheet.failed(Check::Signature, codes::OB2_VERIFICATION_UNKNOWN, None);
            return Err(Stop);
        }
    }
    let Some(id) = document.id().map(str::to_owned) else {
        sheet.failed(Check::Format, codes::OB2_PAYLOAD_NOT_JSON, Some("id".to_owned()));
        return Err(Stop);
    };
    sheet.note(Check::Format, Outcome::Passed, codes::OPEN_BADGES_2, Some(document.version.code().to_owned()));
    sheet.passed(Check::JsonLd, codes::JSON_LD_OK);
    let badge = gather(ask, &document, &id, sheet).await?;
    let Some(issuer) = badge.issuer.id.clone().filter(|id| values::is_url(id)) else {
        sheet.unchecked(Check::Key, codes::OB2_ISSUER_NOT_VERIFIABLE, badge.issuer.id.clone());
        return Err(Stop);
    };
    let keys = trusted_keys(ask, &badge, &issuer, sheet).await?;
    verify(&jws, &keys, sheet)?;
    sheet.passed(Check::Key, codes::OB2_KEY_LISTED);
    if document.is_revoked() {
        sheet.failed(Check::Revocation, codes::OB2_REVOKED, badge.assertion.revocation_reason.clone());
    } else if case.policy.status {
        revocation(ask, &badge, &issuer, sheet).await;
    }
    terms::examine(case, &badge, sheet);
    let vouched = trust::examine(case, ask, &badge, sheet).await;
    Ok(facts::read(&badge, vouched))
}

/// The keys that the issuer's hosted Profile lists, and that `creator` does not exclude (steps 4 and 5).
async fn trusted_keys(ask: &Ask, badge: &Badge, issuer: &str, sheet: &mut Sheet) -> Result<Vec<PublicKey>, Stop> {
    let verification = badge.assertion.verification.clone().unwrap_or_default();
    let listed = &badge.issuer.public_keys;
    // 1.x names its key's address in `url`, and knows no `creator`.
    let old = verification.url.as_deref().filter(|url| {
        verification.creator.is_none()
            && badge.version < Version::V2_0
            && !listed.iter().any(|key| key.id.as_deref() == Some(url))
    });
    if let Some(url) = old {
        return Ok(vec![old_key(ask, url, issuer, sheet).await?]);
    }
    let chosen: Vec<&Link> = match verification.creator.as_deref() {
        Some(creator) => listed.iter().filter(|key| key.id.as_deref() == Some(creator)).collect(),
        None => listed.iter().take(MOST_KEYS).collect(),
    };
    if chosen.is_empty() {
        // Who signed is not among those the issuer names: a stranger, or a key that was taken away (row G5).
        sheet.failed(Check::Key, codes::OB2_KEY_NOT_LISTED, verification.creator);
        return Err(Stop);
    }
    let mut keys = vec![];
    let mut aside = Sheet::default();
    for link in chosen {
        // One key that cannot be had does not spoil the others.
        keys.extend(key(ask, link, &badge.issuer, issuer, &mut aside).await.ok());
    }
    if keys.is_empty() {
        sheet.take(aside);
        return Err(Stop);
    }
    Ok(keys)
}

/// One listed key: fetched from its own address, owned by the issuer (row G3), and RSA (row G2).
async fn key(ask: &Ask, link: &Link, profile: &Profile, issuer: &str, sheet: &mut Sheet) -> Result<PublicKey, Stop> {
    let url = link.id.as_deref().filter(|id| values::is_url(id));
    let own =
        url.is_none_or(|url| without_fragment(url) == without_fragment(profile.id.as_deref().unwrap_or_default()));
    let document = match (Document::embedded(link), url) {
        // Part of the hosted Profile itself.
        (Some(embedded), _) if own => embedded,
        (_, Some(url)) => load::hosted(ask, url, Wanted::Key, sheet).await?,
        _ => {
            sheet.unchecked(Check::Key, codes::OB2_NOT_FETCHABLE, link.id.clone());
            return Err(Stop);
        }
    };
    let read = document.cryptographic_key();
    let CryptographicKey { owner, pem, .. } = read.value;
    if owner.as_deref().is_some_and(|owner| !load::same_url(owner, issuer)) {
        sheet.failed(Check::Key, codes::OB2_KEY_OWNER, owner);
        return Err(Stop);
    }
    let (Some(pem), None) = (pem, read.faults.first()) else {
        let fault = read.faults.first().map(|fault| format!("{} {}", fault.code(), fault.path));
        sheet.failed(Check::Key, codes::OB2_KEY_UNUSABLE, fault);
        return Err(Stop);
    };
    usable(&pem, sheet)
}

fn usable(pem: &str, sheet: &mut Sheet) -> Result<PublicKey, Stop> {
    match PublicKey::from_spki_pem(pem) {
        Ok(key) if key.algorithm() == Algorithm::Rsa => Ok(key),
        Ok(_) => {
            sheet.failed(Check::Key, codes::OB2_KEY_NOT_RSA, None);
            Err(Stop)
        }
        Err(fault) => {
            sheet.failed(Check::Key, codes::OB2_KEY_UNUSABLE, Some(fault.code().to_owned()));
            Err(Stop)
        }
    }
}

/// 1.x: the key stands, as PEM, at `verify.url`. The badge itself names it, so it counts only at the issuer's origin
/// (pitfalls 5 and 25).
async fn old_key(ask: &Ask, url: &str, issuer: &str, sheet: &mut Sheet) -> Result<PublicKey, Stop> {
    let origin = |url: &str| Url::parse(url).ok().map(|url| url.origin());
    if origin(url) != origin(issuer) {
        sheet.failed(Check::Key, codes::OB2_KEY_NOT_LISTED, Some(url.to_owned()));
        return Err(Stop);
    }
    let answer = load::fetch(ask, url, Wanted::Key, sheet).await?;
    load::at_home(&answer, url, Wanted::Key, sheet)?;
    if let Some(pem) = answer.text().filter(|_| !answer.gone) {
        return usable(pem, sheet);
    }
    sheet.failed(Check::Key, codes::OB2_KEY_UNUSABLE, None);
    Err(Stop)
}

/// Step 6: any of the trusted keys.
fn verify(jws: &Jws, keys: &[PublicKey], sheet: &mut Sheet) -> Result<(), Stop> {
    let mut last = JwsFault::Signature;
    for key in keys {
        match jws.verify(key) {
            Ok(alg) => {
                sheet.note(Check::Signature, Outcome::Passed, codes::SIGNATURE_OK, Some(alg.name().to_owned()));
                return Ok(());
            }
            Err(fault) => last = fault,
        }
    }
    let code = if last == JwsFault::Signature { codes::SIGNATURE_MISMATCH } else { codes::OB2_ALG_REFUSED };
    sheet.failed(Check::Signature, code, Some(last.code().to_owned()));
    Err(Stop)
}

/// Step 7: the issuer's own list (rows H3 to H5, A13).
async fn revocation(ask: &Ask, badge: &Badge, issuer: &str, sheet: &mut Sheet) {
    let Some(url) = badge.issuer.revocation_list.as_deref() else {
        return sheet.note(Check::Revocation, Outcome::Noted, codes::OB2_NO_LIST, None);
    };
    let Ok(answer) = load::fetch(ask, url, Wanted::RevocationList, sheet).await else { return };
    let list = match load::read(&answer.body, Class::RevocationList, Some(url)) {
        Ok(document) if !answer.gone => document.revocation_list(),
        _ => return sheet.unchecked(Check::Revocation, codes::OB2_LIST_UNREADABLE, None),
    };
    if let Some(entry) = list.value.entry(&badge.id, badge.assertion.uid.as_deref()) {
        return sheet.failed(Check::Revocation, codes::OB2_IN_LIST, entry.reason.clone());
    }
    if let Some(fault) = list.faults.first() {
        let detail = Some(format!("{} {}", fault.code(), fault.path));
        return sheet.unchecked(Check::Revocation, codes::OB2_LIST_UNREADABLE, detail);
    }
    if list.value.issuer.as_deref().is_some_and(|named| !load::same_url(named, issuer)) {
        return sheet.unchecked(Check::Revocation, codes::OB2_LIST_NOT_ISSUERS, list.value.issuer);
    }
    sheet.passed(Check::Revocation, codes::OB2_NOT_REVOKED);
}

fn without_fragment(url: &str) -> &str {
    url.split_once('#').map_or(url, |(before, _)| before)
}
