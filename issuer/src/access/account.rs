//! « Mon compte »: who one is here, where one is signed in, and how to leave.

use axum::extract::{FromRequestParts, Path, State};
use http::request::Parts;
use uuid::Uuid;
use web::{Cache, Error, Sample, Shell, Site, dates};

use super::logins::{self, Device, Login};
use super::pages::with_header;
use super::{door, signed_in};
use crate::members::Role;
use crate::{HOUSE, Issuer, Result};

#[derive(askama::Template)]
#[template(path = "access/account.html")]
struct AccountPage {
    shell: Shell,
    home: &'static str,
    name: String,
    email: String,
    organisation: String,
    referent: bool,
    devices: Vec<DeviceLine>,
}

struct DeviceLine {
    login_id: String,
    device: String,
    since: String,
    until: String,
    here: bool,
}

/// A signed-in trainer, also of an organisation that is no longer habilitated: they may still leave.
pub(super) struct TrainerLogin(Login);
/// A signed-in officer.
pub(super) struct OfficerLogin(Login);

impl FromRequestParts<Issuer> for TrainerLogin {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, issuer: &Issuer) -> Result<Self> {
        signed_in(parts, issuer, Role::Trainer).await.map(Self)
    }
}

impl FromRequestParts<Issuer> for OfficerLogin {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, issuer: &Issuer) -> Result<Self> {
        signed_in(parts, issuer, Role::Officer).await.map(Self)
    }
}

pub(super) async fn trainer(State(issuer): State<Issuer>, login: TrainerLogin) -> Result {
    account(&issuer, Role::Trainer, &login.0).await
}

pub(super) async fn officer(State(issuer): State<Issuer>, login: OfficerLogin) -> Result {
    account(&issuer, Role::Officer, &login.0).await
}

pub(super) async fn trainer_leaves(State(issuer): State<Issuer>, login: TrainerLogin) -> Result {
    close(&issuer, Role::Trainer, &login.0, login.0.login_id).await
}

pub(super) async fn officer_leaves(State(issuer): State<Issuer>, login: OfficerLogin) -> Result {
    close(&issuer, Role::Officer, &login.0, login.0.login_id).await
}

pub(super) async fn trainer_closes(State(issuer): State<Issuer>, login: TrainerLogin, id: Path<Uuid>) -> Result {
    close(&issuer, Role::Trainer, &login.0, id.0).await
}

pub(super) async fn officer_closes(State(issuer): State<Issuer>, login: OfficerLogin, id: Path<Uuid>) -> Result {
    close(&issuer, Role::Officer, &login.0, id.0).await
}

async fn account(issuer: &Issuer, role: Role, login: &Login) -> Result {
    let devices = logins::devices(&issuer.db, login.organisation_id, login.member_id, issuer.clock.now()).await?;
    web::render(Cache::Private, &AccountPage::new(&issuer.site, role, login, &devices))
}

async fn close(issuer: &Issuer, role: Role, login: &Login, closed: Uuid) -> Result {
    let mut tx = issuer.db.begin().await?;
    let found = logins::close(&mut tx, login.organisation_id, login.member_id, closed, issuer.clock.now()).await?;
    tx.commit().await?;
    if !found {
        return Err(Error::NotFound);
    }
    if closed == login.login_id {
        let left = web::redirect(&door::address(role, None));
        return Ok(with_header(left, logins::cookie(role).clear(&issuer.site)));
    }
    Ok(web::redirect(&format!("{}/compte", door::home(role))))
}

impl AccountPage {
    fn new(site: &Site, role: Role, login: &Login, devices: &[Device]) -> Self {
        let title = "Mon compte";
        let home = door::home(role);
        let shell = match role {
            Role::Trainer => super::trainer_shell(site, &login.organisation_name, title),
            Role::Officer => super::officer_shell(site, title),
        };
        Self {
            shell: shell.current(&format!("{home}/compte")),
            home,
            name: login.member_name.clone(),
            email: login.email.clone(),
            organisation: login.organisation_name.clone(),
            referent: login.is_referent,
            devices: devices
                .iter()
                .map(|device| DeviceLine {
                    login_id: device.login_id.to_string(),
                    device: device.device.clone(),
                    since: dates::moment(device.signed_in_at),
                    until: dates::time(dates::paris(device.expires_at).time()),
                    here: device.login_id == login.login_id,
                })
                .collect(),
        }
    }
}

/// « Mon compte » in all its states.
pub(super) fn samples(site: &Site) -> Vec<Sample> {
    let login = |organisation: &str| Login {
        login_id: Uuid::nil(),
        organisation_id: Uuid::nil(),
        organisation_name: organisation.to_owned(),
        opaque: "7h2k9qx4".to_owned(),
        member_id: Uuid::nil(),
        member_name: "Claire Aubert".to_owned(),
        email: "claire.aubert@exemple.fr".to_owned(),
        is_referent: true,
        member_ended_at: None,
    };
    let at = time::macros::datetime!(2026-11-22 13:30 UTC);
    let device = |login_id, device: &str| Device {
        login_id,
        device: device.to_owned(),
        signed_in_at: at,
        expires_at: at + logins::LASTS,
    };
    let one = [device(Uuid::nil(), "Firefox, Windows")];
    let two = [device(Uuid::nil(), "Firefox, Windows"), device(Uuid::max(), "Chrome, Android")];
    vec![
        Sample::new(
            HOUSE,
            "/atelier/compte",
            "compte",
            &AccountPage::new(site, Role::Trainer, &login("Estuaire Compétences"), &two),
        ),
        Sample::new(
            HOUSE,
            "/region/compte",
            "region-compte",
            &AccountPage::new(site, Role::Officer, &login("Région Normandie"), &one),
        ),
    ]
}
