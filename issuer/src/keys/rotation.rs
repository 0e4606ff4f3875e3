//! Replaces the keys of an organisation while it works: the new ones are listed at once, and sign when every reader has had
//! time to see them; the old ones stay listed for ever, so that what they signed stays authentic.

use std::collections::HashMap;

use store::Tx;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::jose::{self, Algorithm};
use super::{draw, rows};
use crate::{Issuer, Result, organisations};

/// How long a new key is listed before it signs. DID documents and the register may be remembered for a minute, and our
/// own door remembers for half a minute more.
pub const ANNOUNCED: Duration = Duration::minutes(3);

/// A key stops signing this long before its end: the clocks of instances differ a little.
pub const MARGIN: Duration = Duration::seconds(10);

/// When the new keys begin to sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// After [`ANNOUNCED`]: nobody notices.
    Announced,
    /// Now: the old key is in wrong hands. For a minute, verifiers that remember our documents do not know the new key.
    AtOnce,
}

/// What was done for one organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotated {
    /// `Ed25519`, `RS256`, `ES256`: what was replaced. Keys that were never drawn are not drawn now.
    pub replaced: Vec<&'static str>,
    /// The old keys end, and the new ones sign, from then on.
    pub signs_from: OffsetDateTime,
}

/// Replaces every key of the organisation that was drawn before `before`. One transaction: all or nothing. Done twice with
/// the same `before`, the second time finds nothing to do.
pub async fn rotate(issuer: &Issuer, organisation_id: Uuid, before: OffsetDateTime, start: Start) -> Result<Rotated> {
    let mut drawn = HashMap::new();
    for algorithm in Algorithm::ALL {
        let mut tx = issuer.db.begin().await?;
        let found = jose::rows::newest(&mut tx, organisation_id, algorithm).await?;
        tx.rollback().await?;
        if found.is_some_and(|at| at < before) {
            drawn.insert(algorithm, jose::drawn(algorithm).await?);
        }
    }
    let mut tx = issuer.db.begin().await?;
    organisations::rows::lock(&mut tx, organisation_id).await?;
    let now = issuer.clock.now();
    let (signs_from, until) = match start {
        Start::Announced => (now + ANNOUNCED, now + ANNOUNCED),
        // What was attested in this very second keeps its key.
        Start::AtOnce => (now, now + Duration::SECOND),
    };
    let mut replaced = Vec::new();
    if is_older(rows::newest(&mut tx, organisation_id).await?, before) {
        rows::retire(&mut tx, organisation_id, until).await?;
        draw(&mut tx, issuer, organisation_id, now).await?;
        replaced.push("Ed25519");
    }
    for algorithm in Algorithm::ALL {
        let Some(drawn) = drawn.get(&algorithm) else { continue };
        if replace_jose(&mut tx, issuer, organisation_id, algorithm, drawn, before, until).await? {
            replaced.push(algorithm.code());
        }
    }
    tx.commit().await?;
    Ok(Rotated { replaced, signs_from })
}

async fn replace_jose(
    tx: &mut Tx,
    issuer: &Issuer,
    organisation_id: Uuid,
    algorithm: Algorithm,
    drawn: &jose::Drawn,
    before: OffsetDateTime,
    until: OffsetDateTime,
) -> Result<bool> {
    // Seen again under the lock: another rotation may have been quicker.
    let due = is_older(jose::rows::newest(tx, organisation_id, algorithm).await?, before);
    if due {
        jose::succeed(tx, issuer, organisation_id, algorithm, drawn, until).await?;
    }
    Ok(due)
}

fn is_older(drawn_at: Option<OffsetDateTime>, before: OffsetDateTime) -> bool {
    drawn_at.is_some_and(|at| at < before)
}
