//! Organisations: who they are, and whether the Région lets them attest.

pub mod habilitations;
mod opaque;
pub mod pages;
pub mod rows;
mod siret;

use std::sync::Arc;

use badge_schemas::referentiel::Family;

use time::OffsetDateTime;
use uuid::Uuid;
use web::Error;

pub use opaque::OpaqueId;
pub use rows::Organisation;
pub use siret::{Siret, SiretFault};

use crate::{Issuer, Result};

/// What a badge says of an organisation, and where its documents are.
#[derive(Clone, Debug)]
pub struct OrganisationFacts {
    /// Its id inside the house.
    pub id: Uuid,
    /// Its public id.
    pub opaque: String,
    /// `did:web:{host}:o:{opaque}`.
    pub did: String,
    /// Its name today.
    pub name: String,
    /// What fits on the rim of a badge.
    pub short_name: String,
    /// Where it is.
    pub town: String,
    /// Its public page.
    pub url: String,
}

/// What badges say of that organisation. [`Error::NotFound`] when there is none.
pub async fn facts(issuer: &Issuer, organisation_id: Uuid) -> Result<OrganisationFacts> {
    let organisation = rows::by_id(&issuer.db, organisation_id).await?.ok_or(Error::NotFound)?;
    Ok(facts_of(issuer, &organisation))
}

/// What badges say of the Région: creator of the achievements, signer of the register. Read once, then remembered.
pub async fn region_facts(issuer: &Issuer) -> Result<Arc<OrganisationFacts>> {
    if let Some(facts) = issuer.region.get() {
        return Ok(Arc::clone(facts));
    }
    let region = rows::region(&issuer.db)
        .await?
        .ok_or_else(|| Error::internal("the first start has not made the Région: call first_start::ensure"))?;
    let facts = Arc::new(facts_of(issuer, &region));
    Ok(Arc::clone(issuer.region.get_or_init(|| facts)))
}

/// What badges say of an organisation already read.
pub fn facts_of(issuer: &Issuer, organisation: &Organisation) -> OrganisationFacts {
    OrganisationFacts {
        id: organisation.organisation_id,
        did: issuer.did(&organisation.opaque),
        url: issuer.url(&format!("/o/{}", organisation.opaque)),
        opaque: organisation.opaque.clone(),
        name: organisation.name.clone(),
        short_name: organisation.short_name.clone(),
        town: organisation.town.clone(),
    }
}

/// « compétences comportementales, de base et numériques », from the codes of a habilitation.
pub(crate) fn families_in_words(codes: &[String]) -> String {
    let names: Vec<String> = Family::ALL
        .into_iter()
        .filter(|family| codes.iter().any(|code| code == family.code()))
        .map(|family| family.name().to_lowercase())
        .collect();
    web::words::list(&names)
}

/// The last day of a habilitation that ends at `until`, exclusive: midnight belongs to the day before.
pub(crate) fn last_day(until: OffsetDateTime) -> String {
    web::dates::long(web::dates::paris(until - time::Duration::SECOND).date())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_that_ends_at_midnight_is_the_day_before() {
        assert_eq!(last_day(time::macros::datetime!(2027-06-30 22:00 UTC)), "30\u{a0}juin 2027");
    }
}
