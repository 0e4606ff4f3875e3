//! At the door: a link in a letter opens a session of twelve hours; trainers and officers never mix.

mod account;
pub(crate) mod door;
pub mod logins;
mod pages;
pub mod sign_in;
mod visitor;

use axum::extract::FromRequestParts;
use axum::routing::{get, post};
use http::request::Parts;
use http::{Method, Uri};
use store::on;
use time::OffsetDateTime;
use uuid::Uuid;
use web::{Error, Routes, Sample, Shell, Site, Who, Words};

pub use visitor::Visitor;

use crate::members::Role;
use crate::organisations::{
    self,
    habilitations::{self, Standing},
};
use crate::{HOUSE, Issuer, Result};

/// A trainer signed in at a habilitated organisation. As an argument of a handler it refuses everybody else: without a
/// session the sign-in page (which comes back here), with an ended membership or habilitation the reason.
#[derive(Clone, Debug)]
pub struct Trainer {
    /// The organisation: every query asks for it.
    pub organisation_id: Uuid,
    /// Its name.
    pub organisation_name: String,
    /// The membership.
    pub member_id: Uuid,
    /// The trainer's name.
    pub member_name: String,
    /// Whether they may add and end members.
    pub referent: bool,
}

/// A trainer signed in, also when the habilitation of the organisation has ended: they may still read the sessions and
/// withdraw badges, which must stay possible as long as the badges exist. Never for attesting, importing or adding.
#[derive(Clone, Debug)]
pub struct Reader(pub Trainer);

/// An officer of the Région, signed in.
#[derive(Clone, Debug)]
pub struct Officer {
    /// The membership.
    pub member_id: Uuid,
    /// The officer's name.
    pub name: String,
}

impl FromRequestParts<Issuer> for Trainer {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, issuer: &Issuer) -> Result<Self> {
        let (login, standing) = standing(parts, issuer).await?;
        if standing.in_force().is_none() {
            return Err(not_habilitated(&login.organisation_name, &standing));
        }
        Ok(Self::of(login))
    }
}

impl FromRequestParts<Issuer> for Reader {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, issuer: &Issuer) -> Result<Self> {
        let (login, standing) = standing(parts, issuer).await?;
        if standing == Standing::Never {
            return Err(not_habilitated(&login.organisation_name, &standing));
        }
        Ok(Self(Trainer::of(login)))
    }
}

impl FromRequestParts<Issuer> for Officer {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, issuer: &Issuer) -> Result<Self> {
        let login = signed_in(parts, issuer, Role::Officer).await?;
        Ok(Self { member_id: login.member_id, name: login.member_name })
    }
}

impl Trainer {
    fn of(login: logins::Login) -> Self {
        Self {
            organisation_id: login.organisation_id,
            organisation_name: login.organisation_name,
            member_id: login.member_id,
            member_name: login.member_name,
            referent: login.is_referent,
        }
    }
}

/// The shell of every page of the trainers: whose house it is, and the four ways from there.
pub fn trainer_shell(site: &Site, organisation_name: &str, title: &str) -> Shell {
    Shell::new(site, title).house(organisation_name).noindex().menu([
        ("Sessions", "/atelier"),
        ("Référentiel", "/referentiel"),
        ("Membres", "/atelier/membres"),
        ("Compte et sortie", "/atelier/compte"),
    ])
}

/// The shell of every page of the Région's officers.
pub fn officer_shell(site: &Site, title: &str) -> Shell {
    Shell::new(site, title).house("Région").noindex().menu([
        ("Organismes", "/region"),
        ("Registre", "/registre"),
        ("Référentiel", "/referentiel"),
        ("Compte et sortie", "/region/compte"),
    ])
}

/// The doors of trainers and officers.
pub(crate) fn routes() -> Routes<Issuer> {
    Routes::new(HOUSE)
        // Anyone, at the door
        .page(Who::Anyone, "/atelier/entrer", get(pages::trainer_door).post(pages::trainer_asks))
        .page(Who::Anyone, "/atelier/entrer/envoye", get(pages::trainer_sent))
        .page(Who::Anyone, "/region/entrer", get(pages::officer_door).post(pages::officer_asks))
        .page(Who::Anyone, "/region/entrer/envoye", get(pages::officer_sent))
        // Whoever holds the link of a letter
        .page(Who::Capability, "/atelier/entrer/{token}", get(pages::trainer_link).post(pages::trainer_enters))
        .page(Who::Capability, "/region/entrer/{token}", get(pages::officer_link).post(pages::officer_enters))
        // Signed in
        .page(Who::Trainer, "/atelier/compte", get(account::trainer))
        .form(Who::Trainer, "/atelier/compte/{login}/sortir", post(account::trainer_closes))
        .form(Who::Trainer, "/atelier/sortir", post(account::trainer_leaves))
        .page(Who::Officer, "/region/compte", get(account::officer))
        .form(Who::Officer, "/region/compte/{login}/sortir", post(account::officer_closes))
        .form(Who::Officer, "/region/sortir", post(account::officer_leaves))
}

/// The pages of this slice in all their states.
pub(crate) fn samples(site: &Site) -> Vec<Sample> {
    [pages::samples(site), account::samples(site)].concat()
}

/// Removes links and sessions that ended more than a day ago.
pub(crate) async fn purge(issuer: &Issuer, now: OffsetDateTime) -> store::Result<()> {
    let mut tx = issuer.db.begin().await?;
    for text in ["delete from issuer_sign_in where expires_at < $1", "delete from issuer_login where expires_at < $1"] {
        on!(tx, c => sqlx::query(text).bind(now - time::Duration::DAY).execute(c).await.map(drop))?;
    }
    tx.commit().await
}

/// The session of a request, of a member who is still one.
pub(crate) async fn signed_in(parts: &Parts, issuer: &Issuer, role: Role) -> Result<logins::Login> {
    let Some(login) = logins::current(issuer, role, &parts.headers).await? else {
        return Err(Error::SignIn(door::address(role, return_to(&parts.method, &parts.uri).as_deref())));
    };
    if login.member_ended_at.is_some() {
        return Err(Error::Forbidden.with(Words::new(
            "Votre accès a pris fin",
            &format!(
                "Vous ne faites plus partie des membres {}. Si c’est une erreur, parlez-en à la personne qui gère les accès.",
                web::words::of(&login.organisation_name)
            ),
        )));
    }
    Ok(login)
}

/// Who asks, and where their organisation stands now.
async fn standing(parts: &Parts, issuer: &Issuer) -> Result<(logins::Login, Standing)> {
    let login = signed_in(parts, issuer, Role::Trainer).await?;
    let habilitations = habilitations::of(&issuer.db, login.organisation_id).await?;
    let standing = Standing::at(issuer.clock.now(), &habilitations);
    Ok((login, standing))
}

fn not_habilitated(organisation: &str, standing: &Standing) -> Error {
    let sentence = match standing {
        Standing::Ended(one) => format!(
            "L’habilitation {} a pris fin le {}. Motif donné par la Région\u{a0}: «\u{a0}{}\u{a0}». Les badges déjà attestés restent authentiques\u{202f}; vous pouvez encore lire vos sessions et retirer un badge.",
            web::words::of(organisation),
            one.until_at.map(organisations::last_day).unwrap_or_default(),
            one.ended_reason.as_deref().unwrap_or("sans précision").trim_end_matches('.'),
        ),
        _ => format!("{organisation} n’est pas encore habilité par la Région. Vous pourrez entrer dès qu’il le sera."),
    };
    Error::Forbidden
        .with(Words::new("Votre organisme n’est pas habilité", &sentence).link("/atelier/compte", "Aller à mon compte"))
}

/// Where to come back after signing in: only a page, never the target of a form.
fn return_to(method: &Method, uri: &Uri) -> Option<String> {
    (method == Method::GET).then(|| uri.path_and_query().map(|path| path.as_str().to_owned())).flatten()
}
