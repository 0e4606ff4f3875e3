//! Keys that sign in the words of JOSE: RSA for RS256, P-256 for ES256 (decisions §16; RFC 7518 §3.3, §3.4).
//!
//! They are drawn soon after an organisation is added, beside the request, as an RSA key costs a tenth of a second; else
//! when a form first asks for one. Soon, because whoever has just read the DID document or the register remembers them
//! for half a minute, and would not know a key drawn since.

mod draw;
pub mod rows;
#[cfg(test)]
mod tests;

use std::sync::Arc;

pub(super) use draw::Drawn;
use josekit::jws::{ES256, RS256};
use store::Tx;
use time::OffsetDateTime;
use uuid::Uuid;
use web::Error;

use super::address;
use crate::{Issuer, Result, organisations, register};

pub(super) const SEAL: &str = "issuer jose key";

/// How a text is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256, 2048 bits: what every verifier reads.
    Rs256,
    /// ECDSA on P-256 with SHA-256.
    Es256,
}

impl Algorithm {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Rs256, Self::Es256];

    /// `alg` of JOSE.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
        }
    }

    /// The algorithm of that `alg`.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// Something that signs JWS of one organisation. Today a key in memory; the same words fit another process or an HSM.
pub trait JwsSigner: Send + Sync {
    /// `alg` of the header.
    fn algorithm(&self) -> Algorithm;
    /// `kid` of the header: the address of the key as a single JWK (Open Badges 3.0 §8.2.4).
    fn kid(&self) -> &str;
    /// The signature of a signing input, as JWS carries it (RFC 7515 §5.1; for ES256 the two numbers, not DER).
    fn sign(&self, signing_input: &[u8]) -> Result<Vec<u8>>;
}

/// An organisation's RSA or P-256 key, opened. OpenSSL wipes it when it is dropped.
pub struct OrganisationJwsSigner {
    key_id: Uuid,
    algorithm: Algorithm,
    kid: String,
    /// Last part of `kid`.
    name: String,
    key: Box<dyn josekit::jws::JwsSigner>,
}

impl JwsSigner for OrganisationJwsSigner {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    fn kid(&self) -> &str {
        &self.kid
    }

    fn sign(&self, signing_input: &[u8]) -> Result<Vec<u8>> {
        self.key.sign(signing_input).map_err(Error::internal)
    }
}

impl OrganisationJwsSigner {
    /// What the key is called: the last part of its address.
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn key_id(&self) -> Uuid {
        self.key_id
    }
}

/// The signer of that organisation and algorithm: its key in use, drawn now if there is none yet.
///
/// Reads the database each time, as [`super::signer`] does. Never inside a transaction: it may write its own.
pub async fn signer(
    issuer: &Issuer,
    organisation_id: Uuid,
    algorithm: Algorithm,
) -> Result<Arc<OrganisationJwsSigner>> {
    let row = match rows::in_use(&issuer.db, organisation_id, algorithm, issuer.clock.now()).await? {
        Some(row) => row,
        None => first(issuer, organisation_id, algorithm).await?,
    };
    if let Some(signer) = issuer.jws_signers.get(&(organisation_id, algorithm), |one| one.key_id() == row.key_id) {
        return Ok(signer);
    }
    let facts = organisations::facts(issuer, organisation_id).await?;
    let opened = issuer.vault.open(SEAL, &row.sealed_key).map_err(Error::internal)?;
    let key: Box<dyn josekit::jws::JwsSigner> = match algorithm {
        Algorithm::Rs256 => Box::new(RS256.signer_from_der(&opened[..]).map_err(Error::internal)?),
        Algorithm::Es256 => Box::new(ES256.signer_from_der(&opened[..]).map_err(Error::internal)?),
    };
    let kid = address(issuer, &facts.opaque, &row.key_name);
    let signer = Arc::new(OrganisationJwsSigner { key_id: row.key_id, algorithm, kid, name: row.key_name, key });
    issuer.jws_signers.put((organisation_id, algorithm), &signer);
    Ok(signer)
}

/// Draws both keys of an organisation in the background. What fails is logged, and drawn when a form asks.
pub fn draw_soon(issuer: &Issuer, organisation_id: Uuid) {
    let issuer = issuer.clone();
    tokio::spawn(async move {
        // Logged where it failed.
        let _logged = draw_both(&issuer, organisation_id).await;
    });
}

/// Draws both keys of an organisation, those that it lacks.
pub async fn draw_both(issuer: &Issuer, organisation_id: Uuid) -> Result<()> {
    for algorithm in Algorithm::ALL {
        signer(issuer, organisation_id, algorithm).await?;
    }
    Ok(())
}

/// Retires the key in use: the next text asks for another. The retired one stays listed, with its dates.
pub async fn retire(tx: &mut Tx, organisation_id: Uuid, algorithm: Algorithm, at: OffsetDateTime) -> Result<()> {
    rows::retire(tx, organisation_id, algorithm, at).await?;
    Ok(register::changed(tx).await?)
}

/// A fresh key that nobody has yet. Never inside a transaction: an RSA key costs a tenth of a second.
pub(super) async fn drawn(algorithm: Algorithm) -> Result<Drawn> {
    tokio::task::spawn_blocking(move || draw::draw(algorithm)).await.map_err(Error::internal)?
}

/// Ends the key of that algorithm at `until` and names its successor.
pub(super) async fn succeed(
    tx: &mut Tx,
    issuer: &Issuer,
    organisation_id: Uuid,
    algorithm: Algorithm,
    drawn: &Drawn,
    until: OffsetDateTime,
) -> Result<()> {
    rows::retire(tx, organisation_id, algorithm, until).await?;
    let sealed = issuer.vault.seal(SEAL, &drawn.pkcs8);
    rows::insert(tx, organisation_id, algorithm, drawn, &sealed, issuer.clock.now()).await?;
    Ok(register::changed(tx).await?)
}

/// Draws the key. Of two instances that draw at once, the one that writes first gives its key to both
/// (`one_jose_key_in_use_per_organisation_and_algorithm`).
async fn first(issuer: &Issuer, organisation_id: Uuid, algorithm: Algorithm) -> Result<rows::KeyInUse> {
    let drawn = drawn(algorithm).await?;
    let sealed = issuer.vault.seal(SEAL, &drawn.pkcs8);
    let mut tx = issuer.db.begin().await?;
    let now = issuer.clock.now();
    if rows::insert(&mut tx, organisation_id, algorithm, &drawn, &sealed, now).await? {
        register::changed(&mut tx).await?;
    }
    tx.commit().await?;
    rows::in_use(&issuer.db, organisation_id, algorithm, issuer.clock.now())
        .await?
        .ok_or_else(|| Error::internal("a key just drawn is not in use"))
}
