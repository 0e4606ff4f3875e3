//! `/badges/{uuid}`: what anyone may know of a badge. No name and no sentence; the signed text only with a capability
//! (decisions §12).

use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use badge_schemas::artwork::{self, Artwork};
use badge_schemas::referentiel::{Achievement, Level, referentiel};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::json;
use store::{Db, on};
use time::macros::{date, datetime};
use time::{Date, OffsetDateTime};
use uuid::Uuid;
use web::{Cache, Error, Routes, Sample, Shell, Site, Who, dates};

use crate::access::Visitor;
use crate::organisations::pages::public_shell;
use crate::{HOUSE, Issuer, Result, claims};

/// The public routes of badges.
pub(crate) fn routes() -> Routes<Issuer> {
    Routes::new(HOUSE)
        .page(Who::Anyone, "/badges/{id}", get(page))
        .file(Who::Anyone, "/badges/{id}/image.svg", get(svg))
        .file(Who::Anyone, "/badges/{id}/image.png", get(png))
}

/// Pixels of the picture that signed badges name.
const PNG_PX: u32 = 400;

#[derive(askama::Template)]
#[template(path = "badges/badge.html")]
struct BadgePage {
    shell: Shell,
    badge: String,
    description: String,
    level: String,
    organisation: String,
    organisation_url: String,
    day: String,
    picture: String,
    achievement_url: String,
    withdrawn: String,
    verify: String,
}

/// What is public of an award.
#[derive(Debug, Clone, sqlx::FromRow)]
struct Public {
    award_id: Uuid,
    badge_id: String,
    level: String,
    awarded_on: Date,
    withdrawn_at: Option<OffsetDateTime>,
    opaque: String,
    organisation_name: String,
    short_name: String,
}

async fn page(State(issuer): State<Issuer>, Path(id): Path<String>, visitor: Visitor, headers: HeaderMap) -> Result {
    let public = find(&issuer.db, &id).await?;
    if web::wants_json(&headers) || web::accepts(&headers, "application/vc") {
        return signed_text(&issuer, &public, visitor, &headers).await;
    }
    let page = BadgePage::new(&issuer.site, &public)?;
    // A withdrawal shows within a minute (decisions §20).
    Ok(web::not_indexed(web::render(Cache::Public(60), &page)?))
}

/// The exact 3.0 text, for whoever holds this badge's own token, until it is used, ended or withdrawn.
async fn signed_text(issuer: &Issuer, public: &Public, visitor: Visitor, headers: &HeaderMap) -> Result {
    let token = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim());
    let found = match token {
        Some(token) => match claims::find_or_count(issuer, token, visitor, headers).await {
            Ok(found) => Some(found),
            Err(Error::NotFound) => None,
            Err(error) => return Err(error),
        },
        None => None,
    };
    if !found.is_some_and(|found| found.award_id == public.award_id && found.opens(issuer.clock.now())) {
        return Ok(refused());
    }
    let text: Option<String> = on!(issuer.db, c => sqlx::query_scalar(
        "select signed_text from issuer_credential where award_id = $1 order by version_number desc limit 1")
        .bind(public.award_id).fetch_optional(c).await)?;
    let text = text.ok_or_else(|| Error::internal("an award without its signed text"))?;
    Ok(web::document("application/vc", Cache::Token, text))
}

/// 401: the text names a person.
fn refused() -> Response {
    let body = json!({
        "type": "about:blank",
        "title": "A capability is wanted",
        "status": 401,
        "code": "capability_wanted",
        "detail": "Le texte signé de ce badge nomme une personne. Il se lit avec le jeton de retrait du badge \
                   (Authorization: Bearer) ou par un partage de son livret.",
    });
    let mut response = web::document("application/problem+json", Cache::Private, body.to_string());
    *response.status_mut() = StatusCode::UNAUTHORIZED;
    response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    web::not_indexed(response)
}

async fn svg(State(issuer): State<Issuer>, Path(id): Path<String>) -> Result {
    let public = find(&issuer.db, &id).await?;
    let artwork = Artwork { achievement: achievement(&public)?, organisation: Some(&public.short_name) };
    Ok(web::not_indexed(web::document("image/svg+xml", Cache::Public(3_600), artwork::svg(&artwork))))
}

async fn png(State(issuer): State<Issuer>, Path(id): Path<String>) -> Result {
    let public = find(&issuer.db, &id).await?;
    let achievement = achievement(&public)?;
    let drawn = tokio::task::spawn_blocking(move || {
        artwork::png(&Artwork { achievement, organisation: Some(&public.short_name) }, PNG_PX)
    });
    let bytes = drawn.await.map_err(Error::internal)?.map_err(Error::internal)?;
    Ok(web::not_indexed(web::document("image/png", Cache::Public(3_600), bytes)))
}

/// By its public id, over all organisations: the id is in signed text, and what is found is public.
async fn find(db: &Db, id: &str) -> Result<Public> {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    let found: Option<Public> = on!(db, c => sqlx::query_as(
        "select a.award_id, a.badge_id, a.level, a.awarded_on, a.withdrawn_at, o.opaque, o.name as organisation_name,
             o.short_name
         from issuer_award a join issuer_organisation o on o.organisation_id = a.organisation_id
         where a.award_id = $1")
        .bind(id).fetch_optional(c).await)?;
    found.ok_or(Error::NotFound)
}

fn achievement(public: &Public) -> Result<&'static Achievement> {
    Level::parse(&public.level)
        .and_then(|level| referentiel().achievement(&public.badge_id, level))
        .ok_or_else(|| Error::internal("an achievement that is not of the référentiel"))
}

impl BadgePage {
    fn new(site: &Site, public: &Public) -> Result<Self> {
        let achievement = achievement(public)?;
        let withdrawn = public.withdrawn_at.map(|at| dates::long(dates::day_in_paris(at))).unwrap_or_default();
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
            organisation: public.organisation_name.clone(),
            organisation_url: format!("/o/{}", public.opaque),
            day: dates::long(public.awarded_on),
            picture: format!("/badges/{}/image.svg", public.award_id),
            achievement_url: achievement.path(),
            withdrawn,
            verify: site.houses.verifier.join("/v"),
        })
    }
}

/// The public page in its states.
pub(crate) fn samples(site: &Site) -> Vec<Sample> {
    let public = |withdrawn_at| Public {
        award_id: Uuid::nil(),
        badge_id: "cpt-travail-en-equipe".into(),
        level: "pratique".into(),
        awarded_on: date!(2026 - 11 - 20),
        withdrawn_at,
        opaque: "7h2k9qx4".into(),
        organisation_name: "Estuaire Compétences".into(),
        short_name: "Estuaire Compétences".into(),
    };
    let states = [("badge-public", None), ("badge-public-retire", Some(datetime!(2026-11-22 10:00 UTC)))];
    states
        .into_iter()
        .filter_map(|(name, at)| {
            Some(Sample::new(HOUSE, "/badges/{id}", name, &BadgePage::new(site, &public(at)).ok()?))
        })
        .collect()
}
