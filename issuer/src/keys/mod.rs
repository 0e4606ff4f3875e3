//! The signing keys of organisations: drawn once, sealed by the vault, used only here (decisions §16, §17).

pub mod jose;
mod jwk;
pub mod pages;
pub mod rotation;
pub mod rows;
mod signer;

use std::collections::HashMap;
use std::sync::Arc;

use badge_schemas::profile::{self, ListedJwk, ListedKey};
use badge_schemas::register::Key;
use ed25519_dalek::SigningKey;
use proofs::eddsa_rdfc_2022 as eddsa;
use proofs::jsonld::Engine;
use proofs::key::PublicKey;
use serde_json::Value;
use store::{Db, Tx, Vault, VaultError};
use time::OffsetDateTime;
use uuid::Uuid;
use web::Error;
use zeroize::Zeroizing;

pub(crate) use signer::SignerCache;
pub use signer::{OrganisationSigner, Signer};

use crate::organisations::{self, OrganisationFacts};
use crate::{Issuer, Result, register};

const SEAL: &str = "issuer signing key";

/// The signer of that organisation: its key in use, opened. Asks the database which key that is each time, so that a
/// key replaced by another instance is followed at once.
pub async fn signer(issuer: &Issuer, organisation_id: Uuid) -> Result<Arc<OrganisationSigner>> {
    let row = rows::in_use(&issuer.db, organisation_id, issuer.clock.now())
        .await?
        .ok_or_else(|| Error::internal("this organisation has no key in use"))?;
    if let Some(signer) = issuer.signers.get(&organisation_id, |one| one.key_id() == row.key_id) {
        return Ok(signer);
    }
    let facts = organisations::facts(issuer, organisation_id).await?;
    let opened = issuer.vault.open(SEAL, &row.sealed_seed).map_err(Error::internal)?;
    let seed =
        Zeroizing::new(<[u8; 32]>::try_from(opened.as_slice()).map_err(|_| Error::internal(VaultError::Sealed))?);
    let method = format!("{}#{}", facts.did, row.public_key_multibase);
    let signer = Arc::new(OrganisationSigner::new(row.key_id, method, &seed));
    if PublicKey::ed25519(signer.public_key())?.to_multibase() != row.public_key_multibase {
        return Err(Error::internal("a sealed key is not the one its row names"));
    }
    issuer.signers.put(organisation_id, &signer);
    Ok(signer)
}

/// Draws the first key of an organisation, inside the transaction that adds it.
pub async fn draw(tx: &mut Tx, issuer: &Issuer, organisation_id: Uuid, at: OffsetDateTime) -> Result<()> {
    let mut seed = Zeroizing::new([0_u8; 32]);
    rand::fill(&mut seed[..]);
    let public = SigningKey::from_bytes(&seed).verifying_key().to_bytes();
    let multibase = PublicKey::ed25519(public)?.to_multibase();
    let sealed = issuer.vault.seal(SEAL, &seed[..]);
    rows::insert(tx, Uuid::new_v4(), organisation_id, &multibase, &sealed, at).await?;
    Ok(register::changed(tx).await?)
}

/// Retires the key in use and draws another. The retired one stays in the organisation's document, with its dates.
pub async fn replace(tx: &mut Tx, issuer: &Issuer, organisation_id: Uuid, at: OffsetDateTime) -> Result<()> {
    rows::retire(tx, organisation_id, at).await?;
    draw(tx, issuer, organisation_id, at).await
}

/// The organisation's DID document, as served at `/o/{org}/did.json` (did:web §3.2).
pub async fn did_document_text(issuer: &Issuer, organisation_id: Uuid) -> Result<String> {
    let facts = organisations::facts(issuer, organisation_id).await?;
    did_document(issuer, &facts).await
}

pub(crate) async fn did_document(issuer: &Issuer, facts: &OrganisationFacts) -> Result<String> {
    let keys = rows::of(&issuer.db, facts.id).await?;
    let listed: Vec<_> =
        keys.into_iter().map(|key| ListedKey { multibase: key.public_key_multibase, until: key.retired_at }).collect();
    let jwks = jose::rows::of(&issuer.db, facts.id).await?;
    let jwks = jwks
        .into_iter()
        .map(|key| Ok(ListedJwk { jwk: key.jwk()?, multibase: key.public_key_multibase, until: key.retired_at }))
        .collect::<Result<Vec<_>>>()?;
    Ok(profile::did_document_with_jwks(&facts.did, &listed, &jwks).to_string())
}

/// Every key of every organisation, as the register vouches for them, oldest first.
pub(crate) async fn vouched(db: &Db) -> store::Result<HashMap<Uuid, Vec<Key>>> {
    let mut vouched: HashMap<Uuid, Vec<Key>> = HashMap::new();
    for row in rows::all(db).await? {
        vouched.entry(row.organisation_id).or_default().push(Key {
            multibase: row.key.public_key_multibase,
            from: row.vouched_from,
            until: row.key.retired_at,
        });
    }
    for key in jose::rows::all(db).await? {
        vouched.entry(key.organisation_id).or_default().push(Key {
            multibase: key.public_key_multibase,
            from: key.vouched_from,
            until: key.retired_at,
        });
    }
    Ok(vouched)
}

/// The public ids of organisations of which a key that signs cannot be opened with this master key, or is not the one its row
/// names; and of those without any key.
pub async fn unreadable(db: &Db, vault: &Vault) -> store::Result<Vec<String>> {
    let mut found = std::collections::BTreeSet::new();
    for (opaque, multibase, sealed) in rows::sealed(db).await? {
        let seed = vault.open(SEAL, &sealed).ok().and_then(|seed| <[u8; 32]>::try_from(seed.as_slice()).ok());
        let public = seed.map(Zeroizing::new).map(|seed| SigningKey::from_bytes(&seed).verifying_key().to_bytes());
        let named = public.and_then(|public| PublicKey::ed25519(public).ok()).map(|key| key.to_multibase());
        if named.as_deref() != Some(multibase.as_str()) {
            found.insert(opaque);
        }
    }
    for (opaque, sealed) in jose::rows::sealed(db).await? {
        if vault.open(jose::SEAL, &sealed).is_err() {
            found.insert(opaque);
        }
    }
    found.extend(rows::without(db).await?);
    Ok(found.into_iter().collect())
}

/// How many keys an organisation has had, of every kind.
pub(crate) async fn count(db: &Db, organisation_id: Uuid) -> store::Result<usize> {
    Ok(rows::of(db, organisation_id).await?.len() + jose::rows::of(db, organisation_id).await?.len())
}

/// The address of a key as a single JWK, which is the `kid` of what it signs.
pub(crate) fn address(issuer: &Issuer, opaque: &str, key_name: &str) -> String {
    issuer.url(&format!("/o/{opaque}/keys/{key_name}"))
}

/// Signs a document of ours (status list, record): composed, prepared, signed, as text.
pub(crate) fn sign_document(signer: &dyn Signer, unsigned: &Value, created: OffsetDateTime) -> Result<String> {
    sign_with(Engine::bundled(), signer, unsigned, created)
}

/// Signs the register of trust, however many organisations it holds.
pub(crate) fn sign_register(signer: &dyn Signer, unsigned: &Value, created: OffsetDateTime) -> Result<String> {
    sign_with(Engine::of_registers(), signer, unsigned, created)
}

fn sign_with(engine: &Engine, signer: &dyn Signer, unsigned: &Value, created: OffsetDateTime) -> Result<String> {
    let options = eddsa::Options::assertion(created, signer.verification_method());
    let prepared = eddsa::prepare_with(engine, unsigned, &options).map_err(Error::internal)?;
    let signature = signer.sign(&prepared.hash_data);
    Ok(prepared.finish(signature).to_string())
}
