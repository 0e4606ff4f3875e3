//! What an award is, as its forms need it.

use badge_schemas::credential::IssuerFacts;
use badge_schemas::referentiel::{Achievement, Level, referentiel};
use store::{Db, on};
use time::{Date, OffsetDateTime};
use uuid::Uuid;
use web::Error;

use crate::Result;
use crate::organisations::OrganisationFacts;

/// An award, whoever's it is. The name of the person is not here: it stands in the signed 3.0 text alone.
#[derive(Debug, Clone, sqlx::FromRow)]
#[expect(clippy::struct_field_names, reason = "the names of the columns")]
pub(super) struct Award {
    pub award_id: Uuid,
    pub organisation_id: Uuid,
    pub badge_id: String,
    pub level: String,
    pub awarded_on: Date,
    pub attested_at: OffsetDateTime,
    pub subject_id: Uuid,
    /// Hashed before it leaves this house.
    pub email: Option<String>,
    pub withdrawn_at: Option<OffsetDateTime>,
    pub opaque: String,
    pub organisation_name: String,
    pub short_name: String,
}

impl Award {
    /// By its public id, over all organisations: the id is in signed text. [`Error::NotFound`] when there is none.
    pub async fn find(db: &Db, id: &str) -> Result<Self> {
        let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
        let found: Option<Self> = on!(db, c => sqlx::query_as(
            "select a.award_id, a.organisation_id, a.badge_id, a.level, a.awarded_on, a.attested_at, a.subject_id,
                 a.email, a.withdrawn_at, o.opaque, o.name as organisation_name, o.short_name
             from issuer_award a join issuer_organisation o on o.organisation_id = a.organisation_id
             where a.award_id = $1")
            .bind(id).fetch_optional(c).await)?;
        found.ok_or(Error::NotFound)
    }

    pub fn achievement(&self) -> Result<&'static Achievement> {
        Level::parse(&self.level)
            .and_then(|level| referentiel().achievement(&self.badge_id, level))
            .ok_or_else(|| Error::internal("an achievement that is not of the référentiel"))
    }
}

/// An organisation as its badges name it.
pub(super) fn named(facts: &OrganisationFacts) -> IssuerFacts {
    IssuerFacts { did: facts.did.clone(), name: facts.name.clone(), url: facts.url.clone() }
}
