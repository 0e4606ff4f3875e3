//! Open Badges 2.0: the public documents of an award and of its organisation. No name, no plain address, no sentence
//! (decisions §6, §7).

use badge_schemas::credential::{AwardFacts, StatusFacts};
use badge_schemas::identity::HashedEmail;
use badge_schemas::ob2::compose::{self, ProfileFacts, Recipient, Verification};
use badge_schemas::referentiel::{Achievement, referentiel};
use data_encoding::BASE32_NOPAD;
use proofs::key::PublicKey;
use serde_json::{Value, json};
use store::on;
use uuid::Uuid;
use web::Error;

use super::award::{Award, named};
use crate::keys::jose::{self, Algorithm};
use crate::organisations::{self, OrganisationFacts};
use crate::{Issuer, Result};

/// What a withdrawn badge says of why: the reason itself is between the organisation and the person.
const WITHDRAWN: &str = "Retiré par l’organisme qui l’a attesté.";

/// The Assertion: hosted, or to be signed with the key of that name.
pub(super) async fn assertion(issuer: &Issuer, award: &Award, key_name: Option<&str>) -> Result<Value> {
    let organisation = named(&organisations::facts(issuer, award.organisation_id).await?);
    let region = organisations::region_facts(issuer).await?;
    let region = named(&region);
    let achievement = award.achievement()?;
    let email = award.email.as_deref().map(|email| HashedEmail::new(email, salt(issuer, award.award_id)));
    let any = referentiel().evidence_types.first().ok_or_else(|| Error::internal("a référentiel without evidence"))?;
    let facts = AwardFacts {
        issuer_base: &issuer.url(""),
        credential_id: award.award_id,
        subject_id: award.subject_id,
        achievement,
        issuer: &organisation,
        region: &region,
        valid_from: award.attested_at,
        awarded_on: award.awarded_on,
        // What follows is said in 3.0 alone.
        name: "",
        email: None,
        observed: &[],
        evidence_type: any,
        sentence: "",
        status: StatusFacts { list_url: "", index: 0 },
    };
    let recipient = email.as_ref().map_or(Recipient::Subject, Recipient::Email);
    let creator = key_name.map(|name| compose::key_url(&organisation, &document_of(name)));
    let verification = creator.as_deref().map_or(Verification::Hosted, |creator| Verification::Signed { creator });
    Ok(compose::assertion(&facts, recipient, verification))
}

/// What the address of a withdrawn badge answers, with 410.
pub(super) fn revoked(issuer: &Issuer, award_id: Uuid) -> Value {
    compose::revoked(&award_url(issuer, award_id), Some(WITHDRAWN))
}

/// The `BadgeClass` of an organisation and an achievement.
pub(super) fn badge_class(issuer: &Issuer, facts: &OrganisationFacts, achievement: &Achievement) -> Value {
    compose::badge_class(achievement, &issuer.url(""), &named(facts))
}

/// The Profile. It names the RSA key once there is one; several, retired ones included, once it was replaced: signed
/// badges stay verifiable, and a reader that allows one key only reads hosted badges still.
pub(super) async fn profile(issuer: &Issuer, facts: &OrganisationFacts) -> Result<Value> {
    let organisation = named(facts);
    let keys = jose::rows::of(&issuer.db, facts.id).await?;
    let keys: Vec<String> = keys
        .iter()
        .filter(|key| Algorithm::parse(&key.algorithm) == Some(Algorithm::Rs256))
        .map(|key| compose::key_url(&organisation, &document_of(&key.key_name)))
        .collect();
    let revocations = compose::revocation_list_url(&organisation);
    let email = issuer.site.contact.clone().unwrap_or_else(|| issuer.post.answers_to());
    let profile = ProfileFacts {
        issuer: &organisation,
        email: &email,
        public_key: keys.first().map(String::as_str),
        revocation_list: (!keys.is_empty()).then_some(&revocations),
    };
    if let Some(fault) = profile.faults().first() {
        return Err(Error::internal(fault));
    }
    let mut document = compose::profile(&profile);
    if keys.len() > 1 {
        document["publicKey"] = json!(keys);
    }
    Ok(document)
}

/// The `CryptographicKey` of that name; `None` when the organisation has no such key of RSA.
pub(super) async fn key(issuer: &Issuer, facts: &OrganisationFacts, key_name: &str) -> Result<Option<Value>> {
    let Some(key) = jose::rows::named(&issuer.db, facts.id, key_name).await? else { return Ok(None) };
    if Algorithm::parse(&key.algorithm) != Some(Algorithm::Rs256) {
        return Ok(None);
    }
    let organisation = named(facts);
    let pem = PublicKey::from_jwk(&key.jwk()?)?.to_spki_pem();
    let url = compose::key_url(&organisation, &document_of(key_name));
    Ok(Some(compose::cryptographic_key(&organisation, &url, &pem).map_err(Error::internal)?))
}

/// The badges withdrawn that were given as signed ones: hosted ones answer for themselves. Grows by one line of 120
/// bytes per such badge.
pub(super) async fn revocations(issuer: &Issuer, facts: &OrganisationFacts) -> Result<Value> {
    let withdrawn: Vec<Uuid> = on!(issuer.db, c => sqlx::query_scalar(
        "select distinct a.award_id from issuer_form f join issuer_award a on a.award_id = f.award_id
         where f.organisation_id = $1 and f.form = 'ob2-jws' and a.withdrawn_at is not null order by a.award_id")
        .bind(facts.id).fetch_all(c).await)
    .map_err(store::StoreError::from)?;
    let urls: Vec<String> = withdrawn.into_iter().map(|id| award_url(issuer, id)).collect();
    Ok(compose::revocation_list(&named(facts), urls.iter().map(|url| (url.as_str(), Some(WITHDRAWN)))))
}

/// What stands after `/keys/` in the address of a key's 2.0 document: beside the JWK, never in its place.
fn document_of(key_name: &str) -> String {
    format!("{key_name}/ob2")
}

fn award_url(issuer: &Issuer, award_id: Uuid) -> String {
    issuer.url(&format!("/badges/{award_id}"))
}

/// Another salt than that of the 3.0 text, the same at every reading: derived, so that nothing of it is kept.
fn salt(issuer: &Issuer, award_id: Uuid) -> String {
    let bits = issuer.vault.derive("issuer ob2 recipient salt", award_id.as_bytes(), 1);
    BASE32_NOPAD.encode(&bits[..16])
}
