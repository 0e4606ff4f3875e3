//! The key of a VC-JWT (OB 3.0 §8.2; Implementation Guide, "key provenance").
//!
//! The header's `kid` or `jwk` only says which key to look for. Whose it is, the issuer says: a DID in its document, an
//! https issuer in the key set of its host.

use std::sync::Arc;

use proofs::did::{DidFault, KeyFacts, without_fragment};
use proofs::jwk_set::{Jwk, JwkSet, JwkSetFault};
use proofs::key::PublicKey;
use proofs::suite::Purpose;
use proofs::vc_jwt::KeyHint;

use super::ring::{Reading, Ring, Vouchers, ring};
use super::{Listed, controller, failed, is_address, unchecked};
use crate::ask::Ask;
use crate::codes;
use crate::inquiry::Case;
use crate::need::Need;
use crate::proof::Unproven;

/// The key of `issuer` for `purpose` that a token's header names. A key set knows no purposes.
pub(crate) async fn of_token(
    case: &Case,
    ask: &Ask,
    issuer: &str,
    hint: &KeyHint,
    purpose: Purpose,
) -> Result<Listed, Unproven> {
    if issuer.starts_with("did:") {
        of_did(case, ask, issuer, hint, purpose).await
    } else {
        of_host(case, ask, issuer, hint).await
    }
}

/// A DID vouches in its document: by the key's id, or by listing the very key.
async fn of_did(case: &Case, ask: &Ask, issuer: &str, hint: &KeyHint, purpose: Purpose) -> Result<Listed, Unproven> {
    let key = match hint {
        KeyHint::Kid(kid) if is_address(kid) => jwk_at(case, ask, kid).await?.0.key,
        KeyHint::Kid(kid) => {
            let method = match kid.strip_prefix('#') {
                Some(_) => format!("{issuer}{kid}"),
                None if kid.starts_with("did:") => kid.clone(),
                None => format!("{issuer}#{kid}"),
            };
            if without_fragment(&method) != issuer {
                return Err(failed(codes::CONTROLLER_NOT_ISSUER, None));
            }
            let ring = controller(case, ask, issuer).await?;
            let (facts, multibase) = ring.key_for(purpose, &method)?;
            return Ok(Listed { facts, multibase, vouchers: ring.vouchers(issuer) });
        }
        KeyHint::Jwk(key) => key.clone(),
    };
    let ring = controller(case, ask, issuer).await?;
    let facts = ring.key_of(purpose, &key).map_err(|fault| match fault {
        DidFault::UnknownMethod => failed(codes::KEY_NOT_VOUCHED, None),
        other => other.into(),
    })?;
    Ok(Listed::new(facts, ring.vouchers(issuer)))
}

/// An https issuer vouches in its host's key set: by the key's id, or by listing the very key.
async fn of_host(case: &Case, ask: &Ask, issuer: &str, hint: &KeyHint) -> Result<Listed, Unproven> {
    let Some(url) = set_address(issuer) else {
        let kind = issuer.split(':').next().unwrap_or_default();
        return Err(unchecked(codes::ISSUER_KIND_NOT_READ, Some(kind.to_owned())));
    };
    let need = Need::JwkSet { url };
    let ring = ring(case, ask, need.clone(), Reading::Set, |text| JwkSet::parse(text).map(Ring::Set)).await;
    let ring = ring.map_err(|fault| fault.unproven(&need, codes::JWK_SET_UNANSWERED, codes::JWK_SET_UNREADABLE))?;
    let Ring::Set(set) = &*ring else { return Err(unchecked(codes::JWK_SET_UNREADABLE, None)) };
    let listed = match hint {
        KeyHint::Kid(kid) => match set.by_kid(kid) {
            Err(JwkSetFault::NotListed) if is_address(kid) => {
                let key = jwk_at(case, ask, kid).await?.0.key;
                set.of_key(&key)
            }
            listed => listed,
        },
        KeyHint::Jwk(key) => set.of_key(key),
    };
    let jwk = listed.map_err(|fault| match fault {
        JwkSetFault::NotListed => failed(codes::KEY_NOT_VOUCHED, None),
        JwkSetFault::Key(fault) => DidFault::Key(fault).into(),
        other => unchecked(codes::JWK_SET_UNREADABLE, Some(other.code().to_owned())),
    })?;
    if jwk.iss.as_deref().is_some_and(|of| of != issuer) {
        return Err(failed(codes::KEY_OF_ANOTHER, jwk.iss));
    }
    Ok(Listed::new(undated(jwk.key), Vouchers::one(need, Reading::Set, &ring)))
}

/// The single JWK at the address that a `kid` is. It says nothing of whose it is.
async fn jwk_at(case: &Case, ask: &Ask, kid: &str) -> Result<(Jwk, Arc<Ring>), Unproven> {
    let need = Need::Jwk { url: kid.to_owned() };
    let ring = ring(case, ask, need.clone(), Reading::Jwk, |text| Jwk::parse(text).map(Ring::Jwk)).await;
    let ring = ring.map_err(|fault| fault.unproven(&need, codes::KEY_UNANSWERED, codes::KEY_UNREADABLE))?;
    match &*ring {
        Ring::Jwk(jwk) => Ok((jwk.clone(), Arc::clone(&ring))),
        _ => Err(unchecked(codes::KEY_UNREADABLE, None)),
    }
}

/// `/.well-known/jwks.json` of the issuer's host.
fn set_address(issuer: &str) -> Option<String> {
    if !is_address(issuer) {
        return None;
    }
    let url = url::Url::parse(issuer).ok()?;
    Some(format!("{}/.well-known/jwks.json", url.origin().ascii_serialization()))
}

/// A JWK knows no dates.
const fn undated(key: PublicKey) -> KeyFacts {
    KeyFacts { key, expires: None, revoked: None }
}
