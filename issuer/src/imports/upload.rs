//! Dropping a file: read in memory under caps, its lines kept, the file itself forgotten; unless a person still has to
//! say which column is what.

use axum::extract::{Multipart, Path, Query, State};
use serde::Deserialize;
use time::OffsetDateTime;
use time::macros::datetime;
use uuid::Uuid;
use web::{Cache, Error, FieldErrors, Sample, Shell, Site, dates};

use super::keep::{self, NewImport};
use super::reading::{self, Look, MAX_BYTES, Plan, Refusal};
use super::rows;
use super::waiting::{self, WaitingFile};
use crate::access::{Trainer, trainer_shell};
use crate::awards::observation::Answers;
use crate::training_sessions::TrainingSession;
use crate::training_sessions::pages::{find, sample_session};
use crate::{HOUSE, Issuer, Result};

#[derive(askama::Template)]
#[template(path = "imports/drop.html")]
struct DropPage {
    shell: Shell,
    id: Uuid,
    session: String,
    /// Whether the person wants to say the columns even where they are known.
    choose: bool,
    begun: Vec<Begun>,
    errors: FieldErrors,
}

/// An import that can be gone on with, or looked at again.
struct Begun {
    to: String,
    file_name: String,
    when: String,
    word: &'static str,
    tone: &'static str,
    icon: &'static str,
}

/// `?colonnes=choisir`.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    colonnes: String,
}

const CHOOSE: &str = "choisir";

pub(super) async fn page(
    State(issuer): State<Issuer>,
    trainer: Trainer,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result {
    let session = find(&issuer, &trainer, &id).await?;
    let page = show(&issuer, &trainer, &session, asked.colonnes == CHOOSE, FieldErrors::new()).await?;
    web::render(Cache::Private, &page)
}

pub(super) async fn drop(
    State(issuer): State<Issuer>,
    trainer: Trainer,
    Path(id): Path<String>,
    parts: Multipart,
) -> Result {
    let session = find(&issuer, &trainer, &id).await?;
    let (choose, read) = match web::upload::read(parts, web::upload::Caps::file(MAX_BYTES)).await {
        Ok(upload) => {
            let choose = upload.get("colonnes") == CHOOSE;
            match upload.file {
                None => (choose, Err("Choisissez un fichier.".to_owned())),
                Some(file) => (choose, take_in(&issuer, &trainer, file.bytes, choose).await?.map(|t| (file.name, t))),
            }
        }
        Err(Error::TooLarge) => (false, Err(Refusal::TooBig.words())),
        Err(error) => return Err(error),
    };
    let why = match read {
        Ok((name, Taken::Known { bytes, look, plan })) => {
            let new = NewImport {
                session_id: session.session_id,
                file_name: &name,
                bytes,
                columns: look.titles_of(&plan.columns),
                plan,
                answers: Answers::default(),
                waiting: None,
            };
            match keep::keep(&issuer, &trainer, new).await? {
                Ok(import) => return Ok(web::redirect(&format!("/atelier/imports/{}", import.import_id))),
                Err(refusal) => refusal.words(),
            }
        }
        Ok((name, Taken::Asks { sealed })) => {
            let file = WaitingFile {
                file_id: Uuid::new_v4(),
                session_id: session.session_id,
                file_name: name,
                sealed_file: sealed,
            };
            let mut tx = issuer.db.begin().await?;
            waiting::keep(&mut tx, trainer.organisation_id, &file, trainer.member_id, issuer.clock.now()).await?;
            tx.commit().await?;
            return Ok(web::redirect(&format!("/atelier/fichiers/{}/colonnes", file.file_id)));
        }
        Err(why) => why,
    };
    let mut errors = FieldErrors::new();
    errors.add("fichier", why);
    let page = show(&issuer, &trainer, &session, choose, errors).await?;
    web::render_status(http::StatusCode::UNPROCESSABLE_ENTITY, Cache::Private, &page)
}

/// What becomes of a file.
pub(super) enum Taken {
    /// Its columns are known.
    Known {
        /// The file.
        bytes: Vec<u8>,
        /// Its top.
        look: Box<Look>,
        /// How it is read.
        plan: Plan,
    },
    /// A person must say its columns, or its sheet.
    Asks {
        /// The file, as it waits.
        sealed: Vec<u8>,
    },
}

/// Looks whether the titles of a file say what its columns are, or what the organisation said of them; in words why it
/// cannot be read.
async fn take_in(
    issuer: &Issuer,
    trainer: &Trainer,
    bytes: Vec<u8>,
    choose: bool,
) -> Result<std::result::Result<Taken, String>> {
    let (bytes, look) = tokio::task::spawn_blocking(move || {
        let look = reading::look(&bytes, None);
        (bytes, look)
    })
    .await?;
    let look = match look {
        Ok(look) => look,
        Err(refusal) => return Ok(Err(refusal.words())),
    };
    let said = waiting::remembered(&issuer.db, trainer.organisation_id, &look).await?;
    if choose || look.sheets.len() > 1 || (said.is_none() && (!look.recognised || !look.overlooked().is_empty())) {
        let vault = issuer.vault.clone();
        let sealed = tokio::task::spawn_blocking(move || waiting::seal(&vault, &bytes)).await?;
        return Ok(Ok(Taken::Asks { sealed }));
    }
    let mut plan = look.plan.clone();
    plan.columns = said.unwrap_or(plan.columns);
    Ok(Ok(Taken::Known { bytes, look: Box::new(look), plan }))
}

async fn show(
    issuer: &Issuer,
    trainer: &Trainer,
    session: &TrainingSession,
    choose: bool,
    errors: FieldErrors,
) -> Result<DropPage> {
    let (organisation_id, now) = (trainer.organisation_id, issuer.clock.now());
    let mut begun: Vec<Begun> = waiting::of_session(&issuer.db, organisation_id, session.session_id, now)
        .await?
        .into_iter()
        .map(|(id, name, at)| Begun::new(&format!("/atelier/fichiers/{id}/colonnes"), name, at, "waiting"))
        .collect();
    let imports = rows::of_session(&issuer.db, organisation_id, session.session_id).await?;
    begun.extend(
        imports
            .into_iter()
            .map(|(id, name, state, at, _)| Begun::new(&format!("/atelier/imports/{id}"), name, at, &state)),
    );
    Ok(DropPage::new(&issuer.site, &trainer.organisation_name, session, choose, begun, errors))
}

impl Begun {
    fn new(to: &str, file_name: String, at: OffsetDateTime, state: &str) -> Self {
        let (tone, icon, word) = match state {
            "waiting" => ("warn", "circle-help", "Colonnes à choisir"),
            "ready" => ("info", "hourglass", "À revoir"),
            _ => ("ok", "check", "Attesté"),
        };
        Self { to: to.to_owned(), file_name, when: dates::moment(at), word, tone, icon }
    }
}

impl DropPage {
    fn new(
        site: &Site,
        organisation: &str,
        session: &TrainingSession,
        choose: bool,
        begun: Vec<Begun>,
        errors: FieldErrors,
    ) -> Self {
        Self {
            shell: trainer_shell(site, organisation, "Importer un fichier de stagiaires").current("/atelier").narrow(),
            id: session.session_id,
            session: session.title.clone(),
            choose,
            begun,
            errors,
        }
    }
}

pub(super) fn samples(site: &Site) -> Vec<Sample> {
    const PATH: &str = "/atelier/sessions/{id}/importer";
    let page = |choose, begun, errors| {
        DropPage::new(site, "Les Ateliers du Noireau", &sample_session(), choose, begun, errors)
    };
    let begun = |state: &str, name: &str| Begun::new("/atelier", name.into(), datetime!(2026-11-23 9:05 UTC), state);
    let all = vec![
        begun("waiting", "emargement.xlsx"),
        begun("ready", "badges-novembre.csv"),
        begun("attested", "groupe-du-lundi-avec-un-nom-de-fichier-vraiment-long-pour-un-telephone.xlsx"),
    ];
    let mut errors = FieldErrors::new();
    errors.add("fichier", Refusal::OldWorkbook.words());
    vec![
        Sample::new(HOUSE, PATH, "import-deposer", &page(false, Vec::new(), FieldErrors::new())),
        Sample::new(HOUSE, PATH, "import-reprendre", &page(true, all, FieldErrors::new())),
        Sample::new(HOUSE, PATH, "import-refuse", &page(false, Vec::new(), errors)),
    ]
}
