//! A status list, as verifiers read it.

use axum::extract::{Path, State};
use axum::routing::get;
use web::{Cache, Error, Routes, Who};

use super::lists;
use crate::organisations::{self, OpaqueId};
use crate::{HOUSE, Issuer, Result};

/// How long a copy may be kept, in seconds; the list's own `ttl` says the same (decisions §20).
const MAX_AGE: u32 = 60;

pub(crate) fn routes() -> Routes<Issuer> {
    Routes::new(HOUSE).json(Who::Anyone, "/o/{org}/status/{n}", get(list))
}

async fn list(State(issuer): State<Issuer>, Path((org, n)): Path<(String, String)>) -> Result {
    let opaque = OpaqueId::parse(&org).ok_or(Error::NotFound)?;
    let number: i64 = n.parse().map_err(|_| Error::NotFound)?;
    let organisation = organisations::rows::by_opaque(&issuer.db, &opaque).await?.ok_or(Error::NotFound)?;
    let facts = organisations::facts_of(&issuer, &organisation);
    let text = lists::signed_text(&issuer, &facts, number).await?.ok_or(Error::NotFound)?;
    Ok(web::document("application/vc", Cache::Public(MAX_AGE), text))
}
