//! What must be there before anything else: the Région, organisation number one (decisions §14).

use std::sync::Arc;

use crate::bootstrap::Fault;
use crate::organisations::rows::{self, NewOrganisation};
use crate::organisations::{OpaqueId, OrganisationFacts};
use crate::{Issuer, keys, organisations};

/// Its name in signed badges and in the register.
const NAME: &str = "Région Normandie";
const TOWN: &str = "Rouen";

/// Makes the Région with its key, and signs the register for the first time. Safe to call at every start, and by
/// several instances at once: `one_region` settles who makes it.
pub async fn ensure(issuer: &Issuer) -> Result<Arc<OrganisationFacts>, Fault> {
    if rows::region(&issuer.db).await?.is_none() {
        make(issuer).await?;
    }
    let region = organisations::region_facts(issuer).await?;
    crate::register::signed_text(issuer).await?;
    Ok(region)
}

async fn make(issuer: &Issuer) -> Result<(), Fault> {
    let now = issuer.clock.now();
    let mut tx = issuer.db.begin().await?;
    let new = NewOrganisation {
        opaque: &OpaqueId::draw(),
        is_region: true,
        name: NAME,
        short_name: NAME,
        town: TOWN,
        siret: None,
    };
    match rows::insert(&mut tx, &new, now, None).await {
        Ok(region) => {
            keys::draw(&mut tx, issuer, region, now).await?;
            tx.commit().await?;
            Ok(())
        }
        // Another instance was quicker: its Région is the one.
        Err(error) if error.violates("one_region") => Ok(()),
        Err(error) => Err(error.into()),
    }
}
