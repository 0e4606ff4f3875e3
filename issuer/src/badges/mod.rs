//! `/badges/{uuid}` and the forms of an award (docs/formes.md): what anyone may know of it, and what only a capability
//! opens (decisions §12).

mod award;
mod capability;
mod ob2;
mod pictures;
mod signed;
#[cfg(test)]
mod tests;
mod waiting;

use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use badge_schemas::referentiel::{Level, referentiel};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::Value;
use time::macros::{date, datetime};
use uuid::Uuid;
use web::{Cache, Error, Routes, Sample, Shell, Site, Who, dates};

use self::award::Award;
use self::pictures::{Picture, Standard};
use self::signed::SignedForm;
use crate::access::Visitor;
use crate::keys::pages::organisation;
use crate::organisations::pages::public_shell;
use crate::{HOUSE, Issuer, Result};

/// The public routes of badges, and of what their 2.0 forms point to.
pub(crate) fn routes() -> Routes<Issuer> {
    Routes::new(HOUSE)
        .page(Who::Anyone, "/badges/{id}", get(page))
        .file(Who::Anyone, "/badges/{id}/image.svg", get(|s, p| pictures::plain(s, p, Picture::Svg)))
        .file(Who::Anyone, "/badges/{id}/image.png", get(|s, p| pictures::plain(s, p, Picture::Png)))
        // The hosted 2.0 badge
        .json(Who::Anyone, "/badges/{id}/ob2.json", get(hosted))
        .file(Who::Anyone, "/badges/{id}/ob2.png", get(|s, p| hosted_picture(s, p, Picture::Png)))
        .file(Who::Anyone, "/badges/{id}/ob2.svg", get(|s, p| hosted_picture(s, p, Picture::Svg)))
        // What it points to
        .json(Who::Anyone, "/o/{org}/referentiel/{version}/{badge}/{level}", get(badge_class))
        .json(Who::Anyone, "/o/{org}/keys/{key}/ob2", get(key))
        .json(Who::Anyone, "/o/{org}/revocations", get(revocations))
        // Texts that belong to the person
        .json(Who::Capability, "/badges/{id}/ob3.json", get(ob3))
        .file(Who::Capability, "/badges/{id}/ob3.png", get(|s, p, v, h| ob3_picture(s, p, v, h, Picture::Png)))
        .file(Who::Capability, "/badges/{id}/ob3.svg", get(|s, p, v, h| ob3_picture(s, p, v, h, Picture::Svg)))
        .file(Who::Capability, "/badges/{id}/ob3.jwt", get(|s, p, v, h| jws(s, p, v, h, SignedForm::Ob3Jwt)))
        .file(Who::Capability, "/badges/{id}/ob3.es256.jwt", get(|s, p, v, h| jws(s, p, v, h, SignedForm::Ob3Es256Jwt)))
        .file(Who::Capability, "/badges/{id}/ob2.jws", get(|s, p, v, h| jws(s, p, v, h, SignedForm::Ob2Jws)))
        // Asked by the wallet that claimed it
        .json(Who::Capability, "/badges/{id}/waiting", get(waiting::count))
}

/// How long a copy of a 2.0 document may be kept, in seconds: a withdrawal shows within a minute (decisions §20).
const MAX_AGE: u32 = 60;

#[derive(askama::Template)]
#[template(path = "badges/badge.html")]
struct BadgePage {
    shell: Shell,
    badge: String,
    description: String,
    level: String,
    organisation: String,
    organisation_url: String,
    /// « Observé le » and « Attesté le », each with its day.
    days: Vec<(&'static str, String)>,
    /// `/badges/{uuid}`
    address: String,
    picture: String,
    achievement_url: String,
    withdrawn: String,
    verify: String,
}

/// A page for browsers, the hosted 2.0 badge for programs; with a capability, the 3.0 text.
async fn page(state: State<Issuer>, Path(id): Path<String>, visitor: Visitor, headers: HeaderMap) -> Result {
    if let Some(id) = id.strip_suffix(".json") {
        return hosted(state, Path(id.to_owned()), headers).await;
    }
    if web::wants_page(&headers) {
        let page = BadgePage::new(&state.site, &Award::find(&state.db, &id).await?)?;
        return Ok(varied(web::not_indexed(web::render(Cache::Public(MAX_AGE), &page)?)));
    }
    let names = |media: &[&str]| media.iter().any(|media| web::accepts(&headers, media));
    let credential_alone =
        names(&["application/vc", "application/vc+ld+json"]) && !names(&["application/ld+json", "application/json"]);
    if credential_alone || capability::named(&headers) {
        return Ok(varied(ob3(state, Path(id), visitor, headers).await?));
    }
    Ok(varied(hosted(state, Path(id), headers).await?))
}

async fn hosted(State(issuer): State<Issuer>, Path(id): Path<String>, headers: HeaderMap) -> Result {
    let award = Award::find(&issuer.db, &id).await?;
    if award.withdrawn_at.is_some() {
        return Ok(gone(&issuer, &award));
    }
    let assertion = ob2::assertion(&issuer, &award, None).await?;
    Ok(web::not_indexed(linked_data(&headers, &assertion)))
}

async fn hosted_picture(State(issuer): State<Issuer>, Path(id): Path<String>, picture: Picture) -> Result {
    let award = Award::find(&issuer.db, &id).await?;
    if award.withdrawn_at.is_some() {
        return Ok(gone(&issuer, &award));
    }
    let text = ob2::assertion(&issuer, &award, None).await?.to_string();
    let baked = pictures::baked(&award, picture, Standard::OpenBadges2, text).await?;
    Ok(web::not_indexed(web::document(picture.media(), Cache::Public(MAX_AGE), baked)))
}

async fn ob3(State(issuer): State<Issuer>, Path(id): Path<String>, visitor: Visitor, headers: HeaderMap) -> Result {
    let award = Award::find(&issuer.db, &id).await?;
    if let Some(refused) = capability::refusal(&issuer, &award, visitor, &headers).await? {
        return Ok(refused);
    }
    let version = signed::version(&issuer.db, &award).await?;
    Ok(web::document("application/vc", Cache::Token, version.signed_text))
}

async fn ob3_picture(
    State(issuer): State<Issuer>,
    Path(id): Path<String>,
    visitor: Visitor,
    headers: HeaderMap,
    picture: Picture,
) -> Result {
    let award = Award::find(&issuer.db, &id).await?;
    if let Some(refused) = capability::refusal(&issuer, &award, visitor, &headers).await? {
        return Ok(refused);
    }
    let text = signed::version(&issuer.db, &award).await?.signed_text;
    let baked = pictures::baked(&award, picture, Standard::OpenBadges3, text).await?;
    Ok(web::document(picture.media(), Cache::Token, baked))
}

async fn jws(
    State(issuer): State<Issuer>,
    Path(id): Path<String>,
    visitor: Visitor,
    headers: HeaderMap,
    form: SignedForm,
) -> Result {
    let award = Award::find(&issuer.db, &id).await?;
    if let Some(refused) = capability::refusal(&issuer, &award, visitor, &headers).await? {
        return Ok(refused);
    }
    // OB 3.0 §5.3: a compact JWS on the web is text/plain.
    Ok(web::document("text/plain; charset=utf-8", Cache::Token, signed::text(&issuer, &award, form).await?))
}

async fn badge_class(
    State(issuer): State<Issuer>,
    Path((org, version, badge, level)): Path<(String, String, String, String)>,
    headers: HeaderMap,
) -> Result {
    let facts = organisation(&issuer, &org).await?;
    let achievement = Level::parse(&level)
        .and_then(|level| referentiel().achievement(&badge, level))
        .filter(|achievement| achievement.version == version)
        .ok_or(Error::NotFound)?;
    Ok(linked_data(&headers, &ob2::badge_class(&issuer, &facts, achievement)))
}

async fn key(State(issuer): State<Issuer>, Path((org, key)): Path<(String, String)>, headers: HeaderMap) -> Result {
    let facts = organisation(&issuer, &org).await?;
    let document = ob2::key(&issuer, &facts, &key).await?.ok_or(Error::NotFound)?;
    Ok(linked_data(&headers, &document))
}

async fn revocations(State(issuer): State<Issuer>, Path(org): Path<String>, headers: HeaderMap) -> Result {
    let facts = organisation(&issuer, &org).await?;
    Ok(linked_data(&headers, &ob2::revocations(&issuer, &facts).await?))
}

/// The 2.0 Profile of an organisation: what `/o/{org}` answers to programs.
pub(crate) async fn profile(issuer: &Issuer, org: &str, headers: &HeaderMap) -> Result {
    let facts = organisation(issuer, org).await?;
    Ok(linked_data(headers, &ob2::profile(issuer, &facts).await?))
}

/// 410 Gone: how a hosted 2.0 badge says that it was withdrawn.
fn gone(issuer: &Issuer, award: &Award) -> Response {
    let body = ob2::revoked(issuer, award.award_id).to_string();
    let mut response = web::document("application/ld+json", Cache::Public(MAX_AGE), body);
    *response.status_mut() = StatusCode::GONE;
    web::not_indexed(response)
}

/// A public 2.0 document: `application/ld+json` unless the caller names plain JSON alone (2.0 §Setting Content-Type).
fn linked_data(headers: &HeaderMap, document: &Value) -> Response {
    let plain = web::accepts(headers, "application/json") && !web::accepts(headers, "application/ld+json");
    let media = if plain { "application/json" } else { "application/ld+json" };
    web::document(media, Cache::Public(MAX_AGE), document.to_string())
}

/// The same address answers by `Authorization` too.
fn varied(mut response: Response) -> Response {
    response.headers_mut().append(header::VARY, HeaderValue::from_static("Authorization"));
    response
}

impl BadgePage {
    fn new(site: &Site, award: &Award) -> Result<Self> {
        let achievement = award.achievement()?;
        let withdrawn = award.withdrawn_at.map(|at| dates::long(dates::day_in_paris(at))).unwrap_or_default();
        let title = if withdrawn.is_empty() {
            format!("Ce badge est en vigueur\u{a0}: {}", achievement.name)
        } else {
            format!("Ce badge a été retiré le {withdrawn}")
        };
        Ok(Self {
            shell: public_shell(site, &title).noindex().mid(),
            badge: achievement.name.clone(),
            description: achievement.description.clone(),
            level: achievement.level_descriptor.clone(),
            organisation: award.organisation_name.clone(),
            organisation_url: format!("/o/{}", award.opaque),
            days: dates::observed_and_attested(Some(award.awarded_on), dates::day_in_paris(award.attested_at)),
            address: format!("/badges/{}", award.award_id),
            picture: format!("/badges/{}/image.svg", award.award_id),
            achievement_url: achievement.path(),
            withdrawn,
            verify: site.houses.verifier.join("/v"),
        })
    }
}

/// The public page in its states.
pub(crate) fn samples(site: &Site) -> Vec<Sample> {
    let award = |withdrawn_at| Award {
        award_id: Uuid::nil(),
        organisation_id: Uuid::nil(),
        badge_id: "cpt-travail-en-equipe".into(),
        level: "pratique".into(),
        awarded_on: date!(2026 - 11 - 20),
        attested_at: datetime!(2026-11-20 14:05 UTC),
        subject_id: Uuid::nil(),
        email: None,
        withdrawn_at,
        opaque: "7h2k9qx4".into(),
        organisation_name: "Estuaire Compétences".into(),
        short_name: "Estuaire Compétences".into(),
    };
    let states = [("badge-public", None), ("badge-public-retire", Some(datetime!(2026-11-22 10:00 UTC)))];
    states
        .into_iter()
        .filter_map(|(name, at)| {
            Some(Sample::new(HOUSE, "/badges/{id}", name, &BadgePage::new(site, &award(at)).ok()?))
        })
        .collect()
}
