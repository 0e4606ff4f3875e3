//! « Membres »: who works here; a referent adds and ends.

use axum::extract::{Path, State};
use axum::routing::get;
use http::StatusCode;
use serde::Deserialize;
use time::macros::datetime;
use uuid::Uuid;
use web::{Cache, Error, FieldErrors, Form, Routes, Sample, Shell, Site, Who, Words, dates, words};

use super::{Email, Member, PersonName, Role, rows};
use crate::access::{Trainer, trainer_shell};
use crate::bootstrap::{self, Fault};
use crate::{HOUSE, Issuer, Result, organisations};

const LIST: &str = "/atelier/membres";

#[derive(askama::Template)]
#[template(path = "organisation/members.html")]
struct MembersPage {
    shell: Shell,
    referent: bool,
    members: Vec<Line>,
    form: AddForm,
    errors: FieldErrors,
}

#[derive(askama::Template)]
#[template(path = "organisation/end_member.html")]
struct EndPage {
    shell: Shell,
    member_id: String,
    name: String,
    of_name: String,
}

struct Line {
    id: String,
    name: String,
    email: String,
    role: &'static str,
    since: String,
    me: bool,
}

#[derive(Default, Deserialize)]
struct AddForm {
    #[serde(default)]
    nom: String,
    #[serde(default)]
    mel: String,
    #[serde(default)]
    referent: String,
}

pub(crate) fn routes() -> Routes<Issuer> {
    Routes::new(HOUSE).page(Who::Trainer, LIST, get(list).post(add)).page(
        Who::Trainer,
        "/atelier/membres/{member}/fin",
        get(ask_end).post(end),
    )
}

async fn list(State(issuer): State<Issuer>, trainer: Trainer) -> Result {
    let members = rows::of(&issuer.db, trainer.organisation_id, Role::Trainer).await?;
    let page = MembersPage::new(&issuer.site, &trainer, &members, AddForm::default(), FieldErrors::new());
    web::render(Cache::Private, &page)
}

async fn add(State(issuer): State<Issuer>, trainer: Trainer, Form(form): Form<AddForm>) -> Result {
    referents_only(&trainer)?;
    match try_add(&issuer, &trainer, &form).await? {
        Ok(()) => Ok(web::redirect(LIST)),
        Err(errors) => {
            let members = rows::of(&issuer.db, trainer.organisation_id, Role::Trainer).await?;
            let page = MembersPage::new(&issuer.site, &trainer, &members, form, errors);
            web::render_status(StatusCode::UNPROCESSABLE_ENTITY, Cache::Private, &page)
        }
    }
}

async fn try_add(issuer: &Issuer, trainer: &Trainer, form: &AddForm) -> Result<std::result::Result<(), FieldErrors>> {
    let mut errors = FieldErrors::new();
    let name = PersonName::parse(&form.nom).map_err(|fault| errors.add("nom", fault.to_string()));
    let email = Email::parse(&form.mel).map_err(|fault| errors.add("mel", fault.to_string()));
    let (Ok(name), Ok(email)) = (name, email) else { return Ok(Err(errors)) };
    let organisation = organisations::rows::by_id(&issuer.db, trainer.organisation_id).await?.ok_or(Error::NotFound)?;
    let new = rows::NewMember { role: Role::Trainer, email: &email, name: &name, is_referent: form.referent == "oui" };
    match bootstrap::add_member(issuer, &organisation, &new, &trainer.member_name, Some(trainer.member_id)).await {
        Ok(_) => Ok(Ok(())),
        Err(Fault::MemberTaken) => {
            errors.add("mel", Fault::MemberTaken.to_string());
            Ok(Err(errors))
        }
        Err(fault) => Err(Error::internal(fault)),
    }
}

async fn ask_end(State(issuer): State<Issuer>, trainer: Trainer, Path(member): Path<Uuid>) -> Result {
    referents_only(&trainer)?;
    let member = open_member(&issuer, &trainer, member).await?;
    web::render(Cache::Private, &EndPage::new(&issuer.site, &trainer, &member))
}

async fn end(State(issuer): State<Issuer>, trainer: Trainer, Path(member): Path<Uuid>) -> Result {
    referents_only(&trainer)?;
    let member = open_member(&issuer, &trainer, member).await?;
    let mut tx = issuer.db.begin().await?;
    let now = issuer.clock.now();
    // Two referents who end each other at the same instant follow one another.
    organisations::rows::lock(&mut tx, trainer.organisation_id).await?;
    let ended = rows::end(&mut tx, trainer.organisation_id, member.member_id, now, Some(trainer.member_id)).await?;
    if rows::count_referents(&mut tx, trainer.organisation_id).await? == 0 {
        // Rolled back: somebody must be able to add members.
        let words = Words::new(
            "Il faut garder une référente ou un référent",
            "Ajoutez d’abord une autre personne qui gère les membres, puis mettez fin à cet accès.",
        );
        return Err(Error::Conflict.with(words.link(LIST, "Revenir aux membres")));
    }
    tx.commit().await?;
    if !ended {
        return Err(Error::Conflict);
    }
    Ok(web::redirect(LIST))
}

async fn open_member(issuer: &Issuer, trainer: &Trainer, member_id: Uuid) -> Result<Member> {
    rows::by_id(&issuer.db, trainer.organisation_id, member_id)
        .await?
        .filter(|member| member.ended_at.is_none())
        .ok_or(Error::NotFound)
}

fn referents_only(trainer: &Trainer) -> Result<()> {
    if trainer.referent {
        return Ok(());
    }
    let words = Words::new(
        "Ajouter ou ôter un membre revient à la référente ou au référent",
        "Demandez-lui\u{a0}: son nom est marqué dans la liste des membres.",
    );
    Err(Error::Forbidden.with(words.link(LIST, "Voir les membres")))
}

impl MembersPage {
    fn new(site: &Site, trainer: &Trainer, members: &[Member], form: AddForm, errors: FieldErrors) -> Self {
        let title = match members.len() {
            1 => "Une personne peut attester".to_owned(),
            n => format!("{} peuvent attester", words::count(n, "personne", "personnes")),
        };
        Self {
            shell: trainer_shell(site, &trainer.organisation_name, &title).current(LIST),
            referent: trainer.referent,
            members: members
                .iter()
                .map(|member| Line {
                    id: member.member_id.to_string(),
                    name: member.name.clone(),
                    email: member.email.clone(),
                    role: if member.is_referent { "Atteste, gère les membres" } else { "Atteste" },
                    since: dates::long(dates::paris(member.added_at).date()),
                    me: member.member_id == trainer.member_id,
                })
                .collect(),
            form,
            errors,
        }
    }
}

impl EndPage {
    fn new(site: &Site, trainer: &Trainer, member: &Member) -> Self {
        let title = format!("Mettre fin à l’accès {}\u{202f}?", web::words::of_person(&member.name));
        Self {
            shell: trainer_shell(site, &trainer.organisation_name, &title).narrow().current(LIST),
            member_id: member.member_id.to_string(),
            name: member.name.clone(),
            of_name: web::words::of_person(&member.name),
        }
    }
}

/// The members' pages in all their states.
pub(crate) fn samples(site: &Site) -> Vec<Sample> {
    let trainer = |referent| Trainer {
        organisation_id: Uuid::nil(),
        organisation_name: "Estuaire Compétences".to_owned(),
        member_id: Uuid::nil(),
        member_name: "Claire Aubert".to_owned(),
        referent,
    };
    let member = |member_id, name: &str, email: &str, is_referent| Member {
        member_id,
        organisation_id: Uuid::nil(),
        email: email.to_owned(),
        name: name.to_owned(),
        is_referent,
        added_at: datetime!(2026-01-05 08:00 UTC),
        ended_at: None,
    };
    let members = [
        member(Uuid::nil(), "Claire Aubert", "claire.aubert@exemple.fr", true),
        member(Uuid::max(), "Hugo Vasseur", "hugo.vasseur@exemple.fr", false),
    ];
    let mut errors = FieldErrors::new();
    errors.add("nom", "Écrivez le prénom et le nom");
    errors.add("mel", Fault::MemberTaken.to_string());
    let wrong = AddForm { mel: "hugo.vasseur@exemple.fr".to_owned(), ..AddForm::default() };
    let page = |referent, members: &[Member]| {
        MembersPage::new(site, &trainer(referent), members, AddForm::default(), FieldErrors::new())
    };
    let end = EndPage::new(site, &trainer(true), &members[1]);
    vec![
        Sample::new(HOUSE, LIST, "membres", &page(true, &members)),
        Sample::new(HOUSE, LIST, "membres-un", &page(true, &members[..1])),
        Sample::new(HOUSE, LIST, "membres-sans-droit", &page(false, &members)),
        Sample::new(HOUSE, LIST, "membres-refuse", &MembersPage::new(site, &trainer(true), &members, wrong, errors)),
        Sample::new(HOUSE, "/atelier/membres/{member}/fin", "membre-fin", &end),
    ]
}
