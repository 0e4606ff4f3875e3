//! Another address for a person: what waits for them leaves again, and what the former address was told opens nothing
//! any more.

use std::time::Duration;

use axum::extract::{Path, State};
use axum::routing::get;
use store::limits::{self, Limit};
use store::{StoreError, execute, on};
use uuid::Uuid;
use web::form::Fields;
use web::{Cache, Error, FieldErrors, Form, Routes, Sample, Shell, Site, Who, words};

use super::acts::{another_letter, too_many};
use super::codes::{self, Way};
use super::follow::{self, Followed};
use super::standing::Standing;
use crate::access::{Trainer, trainer_shell};
use crate::imports::reading::{self, Email};
use crate::training_sessions::{TrainingSession, pages::find};
use crate::{HOUSE, Issuer, Result, awards};

/// Changes of one person's address.
const CHANGES: Limit =
    Limit { house: HOUSE, bucket: "address of a trainee", max: 5, window: Duration::from_secs(86_400) };
/// Badges of one person that leave again at once.
const AT_MOST: i64 = 100;

pub(super) fn routes() -> Routes<Issuer> {
    Routes::new(HOUSE).page(Who::Trainer, "/atelier/sessions/{id}/personnes/{trainee}/adresse", get(page).post(change))
}

#[derive(askama::Template)]
#[template(path = "delivery/address.html")]
struct AddressPage {
    shell: Shell,
    session_id: Uuid,
    session: String,
    trainee: Uuid,
    /// The address in use; empty when there is none.
    known: String,
    /// « 2 badges attendent »; empty when none does.
    waiting: String,
    /// Letters that left for the known address.
    gone: String,
    /// Badges that were claimed by such a letter.
    opened: String,
    email: String,
    errors: FieldErrors,
}

/// Who it is, and what their known address was told.
#[derive(Debug, Clone, sqlx::FromRow)]
struct Person {
    trainee_id: Uuid,
    name: String,
    email: Option<String>,
    /// Badges claimed by a letter.
    opened: i64,
}

/// A person and what waits for them.
struct Case {
    session: TrainingSession,
    person: Person,
    waiting: Vec<(Followed, Standing)>,
}

async fn read(issuer: &Issuer, trainer: &Trainer, session: &str, trainee: &str) -> Result<Case> {
    let session = find(issuer, trainer, session).await?;
    let trainee: Uuid = trainee.parse().map_err(|_| Error::NotFound)?;
    let organisation_id = trainer.organisation_id;
    let person: Option<Person> = on!(issuer.db, c => sqlx::query_as(
        "select t.trainee_id, t.name, t.email,
             (select count(*) from issuer_claim k join issuer_award a on a.award_id = k.award_id
              where a.trainee_id = t.trainee_id and k.kind = 'letter') as opened
         from issuer_trainee t join issuer_session_trainee s on s.trainee_id = t.trainee_id and s.session_id = $2
         where t.organisation_id = $1 and t.trainee_id = $3")
        .bind(organisation_id).bind(session.session_id).bind(trainee).fetch_optional(c).await)?;
    let person = person.ok_or(Error::NotFound)?;
    let waiting = follow::waiting_of(&issuer.db, organisation_id, trainee, AT_MOST).await?;
    Ok(Case { session, person, waiting: follow::standing(issuer, waiting).await? })
}

async fn page(
    State(issuer): State<Issuer>,
    trainer: Trainer,
    Path((session, trainee)): Path<(String, String)>,
) -> Result {
    let case = read(&issuer, &trainer, &session, &trainee).await?;
    web::render(Cache::Private, &AddressPage::new(&issuer.site, &trainer.organisation_name, &case, ""))
}

async fn change(
    State(issuer): State<Issuer>,
    trainer: Trainer,
    Path((session, trainee)): Path<(String, String)>,
    Form(fields): Form<Fields>,
) -> Result {
    let case = read(&issuer, &trainer, &session, &trainee).await?;
    let mut page = AddressPage::new(&issuer.site, &trainer.organisation_name, &case, fields.get("courriel"));
    let yourself = awards::address_of_member(&issuer.db, trainer.organisation_id, trainer.member_id).await?;
    let email = match reading::email(fields.get("courriel")) {
        Ok(Some(email)) if case.person.email.as_ref().map(|known| known.to_lowercase()) == Some(email.key()) => {
            page.errors.add("courriel", "C’est déjà son adresse\u{a0}: écrivez-en une autre.");
            None
        }
        // Nobody attests themselves, by a detour either.
        Ok(Some(email)) if email.key() == yourself => {
            page.errors.add("courriel", "C’est votre propre adresse\u{a0}: écrivez celle de la personne.");
            None
        }
        Ok(Some(email)) => Some(email),
        Ok(None) => {
            page.errors.add("courriel", "Écrivez une adresse, par exemple prenom.nom@exemple.fr.");
            None
        }
        Err(fault) => {
            page.errors.add("courriel", fault.words());
            None
        }
    };
    if page.asks() && !fields.has("sur", "oui") {
        page.errors.add("sur", "Dites que l’ancienne adresse n’est pas la bonne.");
    }
    let (Some(email), true) = (email, page.errors.is_empty()) else { return refused(&page) };
    let now = issuer.clock.now();
    let back = format!("/atelier/sessions/{}", case.session.session_id);
    limits::hit(&issuer.db, &issuer.vault, &CHANGES, &case.person.trainee_id.to_string(), now)
        .await?
        .or_wait()
        .map_err(|seconds| too_many(seconds, &back))?;
    match write(&issuer, &trainer, &case, &email).await {
        Ok(()) => {
            let done = if case.waiting.is_empty() { "adresse-seule" } else { "adresse" };
            Ok(web::redirect(&format!("{back}?fait={done}")))
        }
        Err(StoreError::Unique { .. }) => {
            page.errors.add(
                "courriel",
                "Une autre personne du même nom a déjà cette adresse\u{a0}: vérifiez de qui il s’agit.",
            );
            refused(&page)
        }
        Err(error) => Err(error.into()),
    }
}

fn refused(page: &AddressPage) -> Result {
    web::render_status(http::StatusCode::UNPROCESSABLE_ENTITY, Cache::Private, page)
}

/// One transaction: the person's address, and for each badge that waits a new link, and a new code if a letter to the
/// former address has the old one.
async fn write(issuer: &Issuer, trainer: &Trainer, case: &Case, email: &Email) -> store::Result<()> {
    let (organisation_id, now) = (trainer.organisation_id, issuer.clock.now());
    let mut tx = issuer.db.begin().await?;
    execute!(
        tx,
        sqlx::query(
            "update issuer_trainee set email = $3, email_key = $4 where organisation_id = $1 and trainee_id = $2"
        )
        .bind(organisation_id)
        .bind(case.person.trainee_id)
        .bind(&email.0)
        .bind(email.key())
    )?;
    for (badge, _) in &case.waiting {
        codes::another(&mut tx, issuer, organisation_id, badge.award_id, Way::Letter, now).await?;
        if badge.email.is_some() {
            codes::another(&mut tx, issuer, organisation_id, badge.award_id, Way::Slip, now).await?;
        }
        another_letter(&mut tx, issuer, trainer, badge, Some(&email.0), now).await?;
    }
    tx.commit().await
}

impl AddressPage {
    fn new(site: &Site, organisation: &str, case: &Case, typed: &str) -> Self {
        let known = case.person.email.clone().unwrap_or_default();
        let gone = case
            .waiting
            .iter()
            .filter(|(badge, standing)| {
                badge.email.is_some()
                    && matches!(
                        standing,
                        Standing::Sent(_) | Standing::QueuedAgain | Standing::LetterEnded | Standing::Handed(_)
                    )
            })
            .count();
        let opened = usize::try_from(case.person.opened).unwrap_or_default();
        let title = if known.is_empty() {
            format!("Donner une adresse à {}", case.person.name)
        } else {
            format!("Changer l’adresse {}", web::words::of_person(&case.person.name))
        };
        Self {
            shell: trainer_shell(site, organisation, &title).current("/atelier").narrow(),
            session_id: case.session.session_id,
            session: case.session.title.clone(),
            trainee: case.person.trainee_id,
            waiting: match case.waiting.len() {
                0 => String::new(),
                n => words::count(n, "badge attend", "badges attendent"),
            },
            gone: match gone {
                0 => String::new(),
                n => words::count(
                    n,
                    "badge y a été envoyé et a peut-être été ouvert",
                    "badges y ont été envoyés et ont peut-être été ouverts",
                ),
            },
            opened: match opened {
                0 => String::new(),
                n => words::count(
                    n,
                    "badge a déjà été récupéré depuis un courriel",
                    "badges ont déjà été récupérés depuis un courriel",
                ),
            },
            known,
            email: typed.to_owned(),
            errors: FieldErrors::new(),
        }
    }

    /// Whether somebody may have read what was sent: then the trainer confirms.
    fn asks(&self) -> bool {
        let told = !self.gone.is_empty() || !self.opened.is_empty();
        told && !self.known.is_empty()
    }
}

pub(super) fn samples(site: &Site) -> Vec<Sample> {
    const PATH: &str = "/atelier/sessions/{id}/personnes/{trainee}/adresse";
    let case = |email: Option<&str>, opened, standing: Option<Standing>| Case {
        session: crate::training_sessions::pages::sample_session(),
        person: Person {
            trainee_id: Uuid::nil(), name: "Chloé Marie".into(), email: email.map(str::to_owned), opened
        },
        waiting: standing.map(|standing| (follow::sample(email), standing)).into_iter().collect(),
    };
    let page = |case: &Case, typed: &str| AddressPage::new(site, "Les Ateliers du Noireau", case, typed);
    let at = time::macros::datetime!(2026-11-20 14:15 UTC);
    let known = Some("chloe@exemple.fr");
    let mut refused = page(&case(known, 1, Some(Standing::Sent(at))), "chloe.marie@exemple");
    refused.errors.add("courriel", reading::Fault::AddressIncomplete.words());
    refused.errors.add("sur", "Dites que l’ancienne adresse n’est pas la bonne.");
    vec![
        Sample::new(HOUSE, PATH, "adresse-premiere", &page(&case(None, 0, Some(Standing::ToHandOver)), "")),
        Sample::new(HOUSE, PATH, "adresse-refusee", &page(&case(known, 0, Some(Standing::Refused)), "")),
        Sample::new(HOUSE, PATH, "adresse-ouverte", &refused),
        Sample::new(HOUSE, PATH, "adresse-rien", &page(&case(known, 0, None), "")),
    ]
}
