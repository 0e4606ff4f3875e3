//! The first people and organisations, added by the command line or a test instead of a page.

use uuid::Uuid;
use web::Error;

use crate::letters::{self, Welcome};
use crate::members::{self, Email, EmailFault, NameFault, PersonName, Role};
use crate::organisations::rows::{self, NewOrganisation, Organisation};
use crate::organisations::{OpaqueId, Siret, SiretFault, habilitations};
use crate::{Issuer, keys, register};

/// Why somebody or something was not added, in French, for the person at the command line or before the page.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The address cannot be one.
    #[error("{0}")]
    Email(#[from] EmailFault),
    /// The person's name cannot be one.
    #[error("{0}")]
    Name(#[from] NameFault),
    /// The organisation's name, short name or town cannot be one.
    #[error("Le nom ou la commune de l’organisme ne convient pas")]
    OrganisationName,
    /// The SIRET is wrong.
    #[error("{0}")]
    Siret(#[from] SiretFault),
    /// No family of badges was chosen.
    #[error("Choisissez au moins une famille de badges")]
    NoFamily,
    /// An organisation of that SIRET is there already.
    #[error("Un organisme a déjà ce SIRET")]
    SiretTaken,
    /// That person is a member there already.
    #[error("Cette adresse est déjà celle d’un membre")]
    MemberTaken,
    /// No organisation of that public id.
    #[error("Aucun organisme n’a cet identifiant")]
    NoSuchOrganisation,
    /// The Région habilitates, it does not attest.
    #[error("La Région n’atteste pas\u{a0}: ajoutez un agent")]
    RegionDoesNotAttest,
    /// The database or the key vault: logged, or said by the source.
    #[error("L’enregistrement n’a pas pu être fait")]
    Store(#[source] store::StoreError),
    /// Something unforeseen, already logged.
    #[error("L’enregistrement n’a pas pu être fait")]
    Internal,
}

/// An organisation to add.
pub struct NewBody {
    /// Its name.
    pub name: String,
    /// What fits on the rim of a badge.
    pub short_name: String,
    /// Where it is.
    pub town: String,
    /// Its SIRET.
    pub siret: Siret,
    /// Codes of the families it may attest.
    pub families: Vec<String>,
}

/// Adds an officer of the Région; they receive a letter.
pub async fn officer(issuer: &Issuer, email: &str, name: &str) -> Result<Uuid, Fault> {
    let region = rows::region(&issuer.db).await?.ok_or(Fault::NoSuchOrganisation)?;
    let new = members::rows::NewMember {
        role: Role::Officer,
        email: &Email::parse(email)?,
        name: &PersonName::parse(name)?,
        is_referent: false,
    };
    add_member(issuer, &region, &new, "", None).await
}

/// Adds an organisation with its key, habilitated at once.
pub async fn organisation(
    issuer: &Issuer,
    name: &str,
    short_name: &str,
    town: &str,
    siret: &str,
    families: &[&str],
) -> Result<Organisation, Fault> {
    let words = |typed: &str| members::parse_words(typed, 120).map_err(|_| Fault::OrganisationName);
    let body = NewBody {
        name: words(name)?,
        short_name: words(short_name)?,
        town: words(town)?,
        siret: Siret::parse(siret)?,
        families: families.iter().map(|&code| code.to_owned()).collect(),
    };
    add_organisation(issuer, &body, None, None).await
}

/// Draws the keys of an organisation's signed forms before anybody reads its DID document: whoever had read it without
/// them would take the first token for another's.
pub async fn keys_of_forms(issuer: &Issuer, organisation: &Organisation) -> Result<(), Fault> {
    keys::jose::draw_both(issuer, organisation.organisation_id).await.map_err(|_| Fault::Internal)
}

/// Adds a trainer to the organisation of that public id; they receive a letter.
pub async fn trainer(issuer: &Issuer, opaque: &str, email: &str, name: &str, referent: bool) -> Result<Uuid, Fault> {
    let opaque = OpaqueId::parse(opaque).ok_or(Fault::NoSuchOrganisation)?;
    let organisation = rows::by_opaque(&issuer.db, &opaque).await?.ok_or(Fault::NoSuchOrganisation)?;
    let new = members::rows::NewMember {
        role: Role::Trainer,
        email: &Email::parse(email)?,
        name: &PersonName::parse(name)?,
        is_referent: referent,
    };
    add_member(issuer, &organisation, &new, "", None).await
}

/// Adds an organisation with its key and, if given, its first referent, in one transaction; habilitated at once.
pub(crate) async fn add_organisation(
    issuer: &Issuer,
    body: &NewBody,
    referent: Option<(&Email, &PersonName)>,
    by: Option<Uuid>,
) -> Result<Organisation, Fault> {
    let known = |code: &String| badge_schemas::referentiel::Family::parse(code).is_some();
    if body.families.is_empty() || !body.families.iter().all(known) {
        return Err(Fault::NoFamily);
    }
    let now = issuer.clock.now();
    let new = NewOrganisation {
        opaque: &OpaqueId::draw(),
        is_region: false,
        name: &body.name,
        short_name: &body.short_name,
        town: &body.town,
        siret: Some(body.siret.as_str()),
    };
    let mut tx = issuer.db.begin().await?;
    let organisation_id = rows::insert(&mut tx, &new, now, by).await.map_err(|error| {
        if error.violates("one_organisation_per_siret") { Fault::SiretTaken } else { Fault::Store(error) }
    })?;
    keys::draw(&mut tx, issuer, organisation_id, now).await?;
    habilitations::begin(&mut tx, organisation_id, &body.families, now, by).await?;
    register::changed(&mut tx).await?;
    if let Some((email, name)) = referent {
        let member = members::rows::NewMember { role: Role::Trainer, email, name, is_referent: true };
        let member_id = members::rows::insert(&mut tx, organisation_id, &member, now, by).await?;
        let welcome =
            Welcome { member_id, email, name, organisation: &body.name, by: "", role: Role::Trainer, referent: true };
        letters::queue_welcome(&mut tx, issuer, &welcome).await?;
    }
    tx.commit().await?;
    rows::by_id(&issuer.db, organisation_id).await?.ok_or(Fault::NoSuchOrganisation)
}

/// Adds a member and queues the letter that tells them. `by_name` is who adds them, empty for the program.
pub(crate) async fn add_member(
    issuer: &Issuer,
    organisation: &Organisation,
    new: &members::rows::NewMember<'_>,
    by_name: &str,
    by: Option<Uuid>,
) -> Result<Uuid, Fault> {
    if organisation.is_region && new.role == Role::Trainer {
        return Err(Fault::RegionDoesNotAttest);
    }
    let now = issuer.clock.now();
    let mut tx = issuer.db.begin().await?;
    let member_id =
        members::rows::insert(&mut tx, organisation.organisation_id, new, now, by).await.map_err(|error| {
            if error.violates("one_membership_per_person_and_organisation") {
                Fault::MemberTaken
            } else {
                Fault::Store(error)
            }
        })?;
    let welcome = Welcome {
        member_id,
        email: new.email,
        name: new.name,
        organisation: &organisation.name,
        by: by_name,
        role: new.role,
        referent: new.is_referent,
    };
    letters::queue_welcome(&mut tx, issuer, &welcome).await?;
    tx.commit().await?;
    Ok(member_id)
}

impl From<store::StoreError> for Fault {
    fn from(error: store::StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Error> for Fault {
    /// Already logged where it happened.
    fn from(_: Error) -> Self {
        Self::Internal
    }
}
