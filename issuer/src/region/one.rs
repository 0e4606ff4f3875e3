//! One organisation: its state, its habilitations, and habilitating it again.

use axum::extract::{Path, State};
use http::StatusCode;
use web::{Cache, Error, FieldErrors, Form, Sample, Shell, Site, Words, dates, words};

use super::{FamilyChoice, family_choices, organisation_of, path_of};
use crate::access::{Officer, officer_shell};
use crate::bootstrap::Fault;
use crate::members::{self, Member, Role};
use crate::organisations::habilitations::{self, Habilitation, Standing};
use crate::organisations::{self, Organisation, Siret, families_in_words, last_day};
use crate::{HOUSE, Issuer, Result, register};

#[derive(askama::Template)]
#[template(path = "region/one.html")]
struct OnePage {
    shell: Shell,
    to: String,
    public: String,
    state: &'static str,
    since: String,
    until: String,
    reason: String,
    town: String,
    short_name: String,
    siret: String,
    families: String,
    referents: Vec<String>,
    members: String,
    past: Vec<String>,
}

#[derive(askama::Template)]
#[template(path = "region/habilitate.html")]
struct HabilitatePage {
    shell: Shell,
    to: String,
    name: String,
    families: Vec<FamilyChoice>,
    errors: FieldErrors,
}

pub(super) async fn page(State(issuer): State<Issuer>, _officer: Officer, Path(org): Path<String>) -> Result {
    let organisation = organisation_of(&issuer, &org).await?;
    let all = habilitations::of(&issuer.db, organisation.organisation_id).await?;
    let members = members::rows::of(&issuer.db, organisation.organisation_id, Role::Trainer).await?;
    let standing = Standing::at(issuer.clock.now(), &all);
    web::render(Cache::Private, &OnePage::new(&issuer.site, &organisation, &standing, &all, &members))
}

pub(super) async fn ask(State(issuer): State<Issuer>, _officer: Officer, Path(org): Path<String>) -> Result {
    let organisation = organisation_of(&issuer, &org).await?;
    let all = habilitations::of(&issuer.db, organisation.organisation_id).await?;
    refuse_if_in_force(&issuer, &organisation, &all)?;
    let before = all.last().map(|one| one.families.0.clone()).unwrap_or_default();
    let chosen = |code: &str| before.iter().any(|family| family == code);
    web::render(Cache::Private, &HabilitatePage::new(&issuer.site, &organisation, chosen, FieldErrors::new()))
}

pub(super) async fn habilitate(
    State(issuer): State<Issuer>,
    officer: Officer,
    Path(org): Path<String>,
    Form(form): Form,
) -> Result {
    let organisation = organisation_of(&issuer, &org).await?;
    let all = habilitations::of(&issuer.db, organisation.organisation_id).await?;
    refuse_if_in_force(&issuer, &organisation, &all)?;
    let families: Vec<String> = form.all("familles").filter(|code| known(code)).map(str::to_owned).collect();
    if families.is_empty() {
        let mut errors = FieldErrors::new();
        errors.add("familles", Fault::NoFamily.to_string());
        let page = HabilitatePage::new(&issuer.site, &organisation, |_| false, errors);
        return web::render_status(StatusCode::UNPROCESSABLE_ENTITY, Cache::Private, &page);
    }
    let mut tx = issuer.db.begin().await?;
    let (id, now) = (organisation.organisation_id, issuer.clock.now());
    match habilitations::begin(&mut tx, id, &families, now, Some(officer.member_id)).await {
        Ok(()) => {}
        Err(error) if error.violates("one_open_habilitation_per_organisation") => return Err(Error::Conflict),
        Err(error) => return Err(error.into()),
    }
    register::changed(&mut tx).await?;
    tx.commit().await?;
    Ok(web::redirect(&path_of(&organisation.opaque)))
}

fn known(code: &str) -> bool {
    badge_schemas::referentiel::Family::parse(code).is_some()
}

fn refuse_if_in_force(issuer: &Issuer, organisation: &Organisation, all: &[Habilitation]) -> Result<()> {
    if Standing::at(issuer.clock.now(), all).in_force().is_none() {
        return Ok(());
    }
    let words = Words::new(
        &format!("{} est déjà habilité", organisation.name),
        "Pour changer ce qu’il peut attester, mettez d’abord fin à l’habilitation en cours.",
    );
    Err(Error::Conflict.with(words.link(&path_of(&organisation.opaque), "Voir l’organisme")))
}

impl OnePage {
    fn new(
        site: &Site,
        organisation: &Organisation,
        standing: &Standing,
        all: &[Habilitation],
        members: &[Member],
    ) -> Self {
        let day = |at| dates::long(dates::paris(at).date());
        let (state, one) = match standing {
            Standing::Habilitated(one) => ("habilitated", Some(one)),
            Standing::Ending(one) => ("ending", Some(one)),
            Standing::Ended(one) => ("ended", Some(one)),
            Standing::Never => ("never", None),
        };
        let period = |past: &Habilitation| {
            let from = day(past.from_at);
            match past.until_at {
                Some(until) => format!(
                    "Du {from} au {}. Motif de la fin\u{a0}: {}",
                    last_day(until),
                    past.ended_reason.as_deref().unwrap_or("non dit")
                ),
                None => format!("Depuis le {from}"),
            }
        };
        Self {
            shell: officer_shell(site, &organisation.name),
            to: path_of(&organisation.opaque),
            public: format!("/o/{}", organisation.opaque),
            state,
            since: one.map(|one| day(one.from_at)).unwrap_or_default(),
            until: one.and_then(|one| one.until_at).map(last_day).unwrap_or_default(),
            reason: one.and_then(|one| one.ended_reason.clone()).unwrap_or_default(),
            town: organisation.town.clone(),
            short_name: organisation.short_name.clone(),
            siret: organisation
                .siret
                .as_deref()
                .and_then(|digits| Siret::parse(digits).ok())
                .map(|siret| siret.to_string())
                .unwrap_or_default(),
            families: one.map(|one| families_in_words(&one.families)).unwrap_or_default(),
            referents: members
                .iter()
                .filter(|member| member.is_referent)
                .map(|member| format!("{}, {}", member.name, member.email))
                .collect(),
            members: words::count_or(
                members.len(),
                "personne ne peut attester",
                "personne peut attester",
                "personnes peuvent attester",
            ),
            past: all.iter().rev().map(period).collect(),
        }
    }
}

impl HabilitatePage {
    fn new(site: &Site, organisation: &Organisation, chosen: impl Fn(&str) -> bool, errors: FieldErrors) -> Self {
        let title = format!("Habiliter {}", organisation.name);
        Self {
            shell: officer_shell(site, &title).narrow(),
            to: path_of(&organisation.opaque),
            name: organisation.name.clone(),
            families: family_choices(chosen),
            errors,
        }
    }
}

pub(super) fn samples(site: &Site) -> Vec<Sample> {
    const ONE: &str = "/region/organismes/{org}";
    const HABILITATE: &str = "/region/organismes/{org}/habilitation";
    let names = ["region-organisme", "region-organisme-fin-prevue", "region-organisme-fini", "region-organisme-neuf"];
    let some = organisations::pages::sample_organisations();
    let referent = Member {
        member_id: uuid::Uuid::nil(),
        organisation_id: uuid::Uuid::nil(),
        email: "claire.aubert@exemple.fr".to_owned(),
        name: "Claire Aubert".to_owned(),
        is_referent: true,
        added_at: time::macros::datetime!(2026-01-05 08:00 UTC),
        ended_at: None,
    };
    let mut samples: Vec<Sample> = some
        .iter()
        .zip(names)
        .map(|((organisation, standing), name)| {
            let all: Vec<Habilitation> = match standing {
                Standing::Habilitated(one) | Standing::Ending(one) | Standing::Ended(one) => vec![one.clone()],
                Standing::Never => Vec::new(),
            };
            let page = OnePage::new(site, organisation, standing, &all, std::slice::from_ref(&referent));
            Sample::new(HOUSE, ONE, name, &page)
        })
        .collect();
    let mut errors = FieldErrors::new();
    errors.add("familles", Fault::NoFamily.to_string());
    let again = HabilitatePage::new(site, &some[2].0, |code| code != "cle", FieldErrors::new());
    let refused = HabilitatePage::new(site, &some[2].0, |_| false, errors);
    samples.push(Sample::new(HOUSE, HABILITATE, "region-habiliter", &again));
    samples.push(Sample::new(HOUSE, HABILITATE, "region-habiliter-refuse", &refused));
    samples
}
