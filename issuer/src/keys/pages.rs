//! The DID document of an organisation.

use axum::extract::{Path, State};
use axum::routing::get;
use web::{Cache, Error, Routes, Who};

use crate::organisations::{self, OpaqueId};
use crate::{HOUSE, Issuer, Result};

pub(crate) fn routes() -> Routes<Issuer> {
    Routes::new(HOUSE).json(Who::Anyone, "/o/{org}/did.json", get(did_document))
}

async fn did_document(State(issuer): State<Issuer>, Path(org): Path<String>) -> Result {
    answer(&issuer, &org).await
}

/// The document, also at `/o/{org}` for programs.
pub(crate) async fn answer(issuer: &Issuer, org: &str) -> Result {
    let opaque = OpaqueId::parse(org).ok_or(Error::NotFound)?;
    let organisation = organisations::rows::by_opaque(&issuer.db, &opaque).await?.ok_or(Error::NotFound)?;
    let text = super::did_document(issuer, &organisations::facts_of(issuer, &organisation)).await?;
    Ok(web::document("application/did+json", Cache::Public(MAX_AGE), text))
}

/// A retired key must be known soon.
const MAX_AGE: u32 = 60;
