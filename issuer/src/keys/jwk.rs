//! Public keys as JSON Web Keys: one at its own address, and all of them as the issuer's set (RFC 7517, Open Badges 3.0
//! implementation guide, « Key provenance »).

use proofs::key::PublicKey;
use serde_json::{Value, json};
use store::{Db, on};
use uuid::Uuid;

use super::jose;
use crate::organisations::OrganisationFacts;
use crate::{Issuer, Result};

/// Most keys of the set. What grows: a line of about 300 bytes (P-256) or 650 (RSA) per organisation, per algorithm that a
/// form has ever asked of it, and per replacement. At this number the set has 1.5 MB, three quarters of what `fetch` reads
/// at most; keys in use come first, then the latest retired.
const MOST: i64 = 2_500;

/// One key of the set.
#[derive(sqlx::FromRow)]
struct Line {
    opaque: String,
    #[sqlx(flatten)]
    key: jose::rows::PublicKeyRow,
}

/// The key of that name as a single JWK; `None` when the organisation has no such key.
pub(super) async fn one(issuer: &Issuer, facts: &OrganisationFacts, key_name: &str) -> Result<Option<Value>> {
    if let Some(key) = jose::rows::named(&issuer.db, facts.id, key_name).await? {
        return Ok(Some(document(issuer, &facts.opaque, key_name, &key.algorithm, key.jwk()?)));
    }
    if !of_ed25519(&issuer.db, facts.id, key_name).await? {
        return Ok(None);
    }
    Ok(Some(document(issuer, &facts.opaque, key_name, EDDSA, ed25519(key_name)?)))
}

/// Every key of every organisation that signs JWT, retired ones included: what was signed with them stays verifiable. Keys
/// of Ed25519 sign none of ours; DID documents list those.
pub(super) async fn set(issuer: &Issuer) -> Result<Value> {
    let lines: Vec<Line> = on!(issuer.db, c => sqlx::query_as(
        "select o.opaque, k.organisation_id, k.algorithm, k.key_name, k.public_key_multibase, k.public_jwk,
             k.vouched_from, k.retired_at
         from issuer_jose_key k join issuer_organisation o on o.organisation_id = k.organisation_id
         order by case when k.retired_at is null then 0 else 1 end, k.created_at desc, k.key_name limit $1")
        .bind(MOST).fetch_all(c).await)
    .map_err(store::StoreError::from)?;
    if i64::try_from(lines.len()).is_ok_and(|lines| lines == MOST) {
        tracing::warn!(
            keys.count = lines.len(),
            "le jeu de clés publiques est plein\u{a0}: des clés retirées n’y sont plus"
        );
    }
    let line = |Line { opaque, key }| Ok(document(issuer, &opaque, &key.key_name, &key.algorithm, key.jwk()?));
    let keys = lines.into_iter().map(line).collect::<Result<Vec<_>>>()?;
    Ok(json!({ "keys": keys }))
}

const EDDSA: &str = "EdDSA";

/// A JWK with its address as `kid`, and whose it is (`iss`).
fn document(issuer: &Issuer, opaque: &str, key_name: &str, algorithm: &str, mut jwk: Value) -> Value {
    jwk["kid"] = json!(super::address(issuer, opaque, key_name));
    jwk["alg"] = json!(algorithm);
    jwk["use"] = json!("sig");
    jwk["iss"] = json!(issuer.did(opaque));
    jwk
}

/// RFC 8037 §2.
fn ed25519(multibase: &str) -> Result<Value> {
    Ok(PublicKey::from_multibase(multibase)?.to_jwk())
}

async fn of_ed25519(db: &Db, organisation_id: Uuid, multibase: &str) -> store::Result<bool> {
    let found: i64 = on!(db, c => sqlx::query_scalar(
        "select count(*) from issuer_key where organisation_id = $1 and public_key_multibase = $2")
        .bind(organisation_id).bind(multibase).fetch_one(c).await)?;
    Ok(found == 1)
}
