//! The register of trust: which organisations the Région habilitates, signed by the Région (decisions §14).

pub mod pages;

use badge_schemas::referentiel::Family;
use badge_schemas::register::{Entry, Register, compose};
use store::{Tx, on};
use time::{Duration, OffsetDateTime};

use crate::organisations::{self, OrganisationFacts, habilitations};
use crate::{Issuer, Result, keys};

/// The text is signed anew after this time even when nothing changed: an old copy then shows its age.
const FRESH: Duration = Duration::DAY;

#[derive(sqlx::FromRow)]
struct Row {
    version: i64,
    signed_version: Option<i64>,
    signed_at: Option<OffsetDateTime>,
    signed_text: Option<String>,
}

/// The signed register as it stands now.
///
/// As with status lists, the version is read before what it tells, and the text is stored only over an older one, so
/// a change between reading and signing is never lost.
pub async fn signed_text(issuer: &Issuer) -> Result<String> {
    let region = organisations::region_facts(issuer).await?;
    let now = issuer.clock.now();
    let row: Option<Row> = on!(issuer.db, c => sqlx::query_as(
        "select version, signed_version, signed_at, signed_text from issuer_register where organisation_id = $1")
        .bind(region.id).fetch_optional(c).await)?;
    let (version, old) = match row {
        Some(row) => (row.version, Some(row)),
        None => (0, None),
    };
    if let Some(Row { signed_version: Some(signed), signed_at: Some(at), signed_text: Some(text), .. }) = old
        && signed == version
        && now - at < FRESH
    {
        return Ok(text);
    }
    let register = read(issuer, &region, now).await?;
    let signer = keys::signer(issuer, region.id).await?;
    let text = keys::sign_register(&*signer, &compose(&register), now)?;
    let mut tx = issuer.db.begin().await?;
    on!(tx, c => sqlx::query(
        "update issuer_register set signed_text = $3, signed_version = $2, signed_at = $4
         where organisation_id = $1 and (signed_version is null or signed_version <= $2)")
        .bind(region.id).bind(version).bind(&text).bind(now).execute(c).await.map(drop))?;
    tx.commit().await?;
    Ok(text)
}

/// Says that the signed text no longer tells everything: a habilitation, a name or a key changed.
pub async fn changed(tx: &mut Tx) -> store::Result<()> {
    on!(tx, c => sqlx::query(
        "insert into issuer_register (organisation_id, version)
         select organisation_id, 1 from issuer_organisation where is_region = $1
         on conflict (organisation_id) do update set version = issuer_register.version + 1")
        .bind(true).execute(c).await.map(drop))?;
    Ok(())
}

/// The register's address, which is its id.
pub(crate) fn url(issuer: &Issuer) -> String {
    issuer.url("/registre")
}

async fn read(issuer: &Issuer, region: &OrganisationFacts, now: OffsetDateTime) -> Result<Register> {
    let mut habilitations = habilitations::all(&issuer.db).await?;
    let mut keys = keys::vouched(&issuer.db).await?;
    let mut entries = Vec::new();
    // The Région itself attests nothing; it signs the records that gather the badges of others.
    let own = keys.remove(&region.id).unwrap_or_default();
    if let Some(from) = own.iter().map(|key| key.from).min() {
        entries.push(Entry {
            did: region.did.clone(),
            name: region.name.clone(),
            short_name: None,
            town: Some(region.town.clone()).filter(|town| !town.is_empty()),
            keys: own,
            from,
            until: None,
            families: Vec::new(),
        });
    }
    for organisation in organisations::rows::all(&issuer.db).await? {
        let id = organisation.organisation_id;
        let keys = keys.remove(&id).unwrap_or_default();
        for habilitation in habilitations.remove(&id).unwrap_or_default() {
            entries.push(Entry {
                did: issuer.did(&organisation.opaque),
                name: organisation.name.clone(),
                short_name: Some(organisation.short_name.clone()).filter(|short| *short != organisation.name),
                town: Some(organisation.town.clone()),
                keys: keys.clone(),
                from: habilitation.from_at,
                until: habilitation.until_at,
                families: habilitation.families.iter().filter_map(|code| Family::parse(code)).collect(),
            });
        }
    }
    Ok(Register { url: url(issuer), issuer: region.did.clone(), at: now, entries })
}
