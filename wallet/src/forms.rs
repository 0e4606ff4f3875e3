//! Every form of a badge, as a file: the text kept here, the others asked of the issuer with the key that claimed it.

use axum::extract::{Path, State};
use axum::response::Response;
use fetch::FetchError;
use http::StatusCode;
use serde_json::Value;
use store::{Db, on};
use time::Date;
use time::format_description::well_known::Iso8601;
use uuid::Uuid;
use web::{Error, Words};

use crate::Wallet;
use crate::access::Learner;
use crate::badges;
use crate::livret::file_stem;

/// A form that the issuer gives.
#[derive(Debug, Clone, Copy)]
pub struct Form {
    /// After the badge's own address, there and here.
    pub path: &'static str,
    /// Its media type.
    pub media: &'static str,
    /// What its file's name ends with.
    pub ending: &'static str,
    /// For the person.
    pub label: &'static str,
}

/// The picture first; then those for applications that want another form.
pub static FORMS: [Form; 8] = [
    Form { path: "ob3.png", media: "image/png", ending: ".png", label: "L’image du badge (PNG)" },
    Form { path: "ob3.svg", media: "image/svg+xml", ending: ".svg", label: "L’image en SVG (Open Badges 3.0)" },
    Form {
        path: "ob3.jwt",
        media: "text/plain; charset=utf-8",
        ending: ".jwt",
        label: "Le texte signé, VC-JWT RS256 (Open Badges 3.0)",
    },
    Form {
        path: "ob3.es256.jwt",
        media: "text/plain; charset=utf-8",
        ending: "-es256.jwt",
        label: "Le texte signé, VC-JWT ES256 (Open Badges 3.0)",
    },
    Form { path: "ob2.png", media: "image/png", ending: "-ob2.png", label: "L’image en PNG (Open Badges 2.0)" },
    Form { path: "ob2.svg", media: "image/svg+xml", ending: "-ob2.svg", label: "L’image en SVG (Open Badges 2.0)" },
    Form {
        path: "ob2.json",
        media: "application/ld+json",
        ending: "-ob2.json",
        label: "Le fichier hébergé, JSON (Open Badges 2.0)",
    },
    Form {
        path: "ob2.jws",
        media: "text/plain; charset=utf-8",
        ending: "-ob2.jws",
        label: "Le texte signé, JWS (Open Badges 2.0)",
    },
];

/// Where the forms of a badge are, and the key that opens them.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Source {
    /// `https://{issuer}/badges/{uuid}`
    pub credential_id: String,
    /// The key told to the issuer when the badge was claimed; it alone knows both.
    pub claim_id: Uuid,
}

/// The source of one badge of this livret; `None` for a badge that our issuer did not give by a claim.
pub async fn source(wallet: &Wallet, livret: Uuid, badge: Uuid) -> store::Result<Option<Source>> {
    Ok(sources(&wallet.db, livret, badge).await?.filter(|source| {
        let ours = wallet.site.houses.issuer.join("/badges/");
        source.credential_id.starts_with(&ours)
    }))
}

async fn sources(db: &Db, livret: Uuid, badge: Uuid) -> store::Result<Option<Source>> {
    Ok(on!(db, c => sqlx::query_as(
        "select b.credential_id, c.claim_id from wallet_badge b
         join wallet_claim c on c.livret_id = b.livret_id and c.badge_id = b.badge_id
         where b.livret_id = $1 and b.badge_id = $2 order by c.kept_at limit 1")
        .bind(livret).bind(badge).fetch_optional(c).await)?)
}

/// `GET /livret/badges/{id}/formes/{forme}`
pub async fn download(
    State(wallet): State<Wallet>,
    learner: Learner,
    Path((id, form)): Path<(Uuid, String)>,
) -> web::Result<Response> {
    let form = FORMS.iter().find(|known| known.path == form).ok_or(Error::NotFound)?;
    let rows = badges::of_livret(&wallet.db, learner.livret_id).await?;
    let row = rows.iter().find(|badge| badge.badge_id == id).ok_or(Error::NotFound)?;
    let source = source(&wallet, learner.livret_id, id).await?.ok_or(Error::NotFound)?;
    let back = format!("/livret/badges/{id}");
    let url = format!("{}/{}", source.credential_id, form.path);
    let bearer = format!("Bearer {}", source.claim_id);
    let answer = wallet.door.get_from_peer(&url, &[("accept", form.media), ("authorization", &bearer)]).await;
    match answer {
        Ok(fetched) if fetched.status == StatusCode::OK => {
            Ok(web::file(form.media, &format!("{}{}", file_stem(row), form.ending), fetched.body))
        }
        Ok(fetched) if fetched.status == StatusCode::GONE => Err(withdrawn(&back)),
        answer => Err(silent(answer.err().as_ref(), &back)),
    }
}

/// Since when a badge is withdrawn, as its issuer says; `None` when it does not say so in time.
pub async fn withdrawn_on(wallet: &Wallet, source: &Source) -> Option<Date> {
    let bearer = format!("Bearer {}", source.claim_id);
    let headers = [("accept", "application/vc"), ("authorization", bearer.as_str())];
    let asked = wallet.door.get_from_peer(&source.credential_id, &headers);
    let answer = tokio::time::timeout(badges::PATIENCE, asked).await.ok()?.ok()?;
    let body: Value = (answer.status == StatusCode::GONE).then(|| serde_json::from_slice(&answer.body).ok())??;
    Date::parse(body.get("withdrawn_on")?.as_str()?, &Iso8601::DATE).ok()
}

/// How many letters to the same person were not opened yet, as the issuer says to whoever claimed a badge by its own; 0
/// when it does not say so in time.
pub async fn waiting(wallet: &Wallet, source: &Source) -> usize {
    let bearer = format!("Bearer {}", source.claim_id);
    let headers = [("accept", "application/json"), ("authorization", bearer.as_str())];
    let url = format!("{}/waiting", source.credential_id);
    let asked = tokio::time::timeout(badges::PATIENCE, wallet.door.get_from_peer(&url, &headers)).await;
    let Some(answer) = asked.ok().and_then(Result::ok).filter(|answer| answer.status == StatusCode::OK) else {
        return 0;
    };
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    body["waiting"].as_u64().and_then(|waiting| usize::try_from(waiting).ok()).unwrap_or(0)
}

/// 410: no form of a withdrawn badge is given any more.
pub fn withdrawn(back: &str) -> Error {
    Error::Gone.with(
        Words::new(
            "Ce badge a été retiré",
            "L’organisme l’a repris\u{a0}: ce fichier n’est plus donné. Demandez-lui pourquoi.",
        )
        .link(back, "Revenir au badge"),
    )
}

/// The issuer does not answer, or not as it should.
pub fn silent(error: Option<&FetchError>, back: &str) -> Error {
    let fault = error.map_or_else(|| "status".to_owned(), ToString::to_string);
    tracing::warn!(wallet.fault = fault, "the issuer gave no file");
    Error::Unavailable.with(
        Words::new("Le fichier n’est pas venu", "Le service ne répond pas pour le moment. Essayez dans une minute.")
            .link(back, "Revenir"),
    )
}
