//! The DID document of an organisation, and its public keys.

use axum::extract::{Path, State};
use axum::routing::get;
use web::{Cache, Error, Routes, Who};

use super::jwk;
use crate::organisations::{self, OpaqueId, OrganisationFacts};
use crate::{HOUSE, Issuer, Result};

pub(crate) fn routes() -> Routes<Issuer> {
    Routes::new(HOUSE)
        .json(Who::Anyone, "/o/{org}/did.json", get(did_document))
        .json(Who::Anyone, "/o/{org}/keys/{key}", get(one_key))
        .json(Who::Anyone, "/.well-known/jwks.json", get(all_keys))
}

async fn did_document(State(issuer): State<Issuer>, Path(org): Path<String>) -> Result {
    answer(&issuer, &org).await
}

/// The document, also at `/o/{org}` for programs that ask for it by its type.
pub(crate) async fn answer(issuer: &Issuer, org: &str) -> Result {
    let text = super::did_document(issuer, &organisation(issuer, org).await?).await?;
    Ok(web::document("application/did+json", Cache::Public(MAX_AGE), text))
}

/// One key, never a set: the reference validator reads the `kid` of a VC-JWT so.
async fn one_key(State(issuer): State<Issuer>, Path((org, key)): Path<(String, String)>) -> Result {
    let facts = organisation(&issuer, &org).await?;
    let jwk = jwk::one(&issuer, &facts, &key).await?.ok_or(Error::NotFound)?;
    Ok(web::document("application/jwk+json", Cache::Public(KEY_MAX_AGE), jwk.to_string()))
}

async fn all_keys(State(issuer): State<Issuer>) -> Result {
    let set = jwk::set(&issuer).await?;
    Ok(web::document("application/jwk-set+json", Cache::Public(MAX_AGE), set.to_string()))
}

/// The organisation of a public address.
pub(crate) async fn organisation(issuer: &Issuer, org: &str) -> Result<OrganisationFacts> {
    let opaque = OpaqueId::parse(org).ok_or(Error::NotFound)?;
    let organisation = organisations::rows::by_opaque(&issuer.db, &opaque).await?.ok_or(Error::NotFound)?;
    Ok(organisations::facts_of(issuer, &organisation))
}

/// A retired key must be known soon, and a new one too.
const MAX_AGE: u32 = 60;
/// The key of an address is always the same.
const KEY_MAX_AGE: u32 = 3_600;
