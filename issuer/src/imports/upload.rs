//! Dropping a file: read in memory under caps, its lines kept, the file itself forgotten.

use axum::extract::{Multipart, Path, State};
use sqlx::types::Json;
use uuid::Uuid;
use web::{Cache, Error, FieldErrors, Sample, Shell, Site, dates};

use super::reading::{self, MAX_BYTES, Reading, Refusal};
use super::rows::{self, Import};
use super::settle;
use crate::access::{Trainer, trainer_shell};
use crate::awards::observation::Answers;
use crate::training_sessions::TrainingSession;
use crate::training_sessions::pages::{find, sample_session};
use crate::{HOUSE, Issuer, Result, awards};

/// Lines written in one transaction, so that other writers are not held up.
const AT_ONCE: usize = 5_000;

#[derive(askama::Template)]
#[template(path = "imports/drop.html")]
struct DropPage {
    shell: Shell,
    id: Uuid,
    session: String,
    errors: FieldErrors,
}

pub(super) async fn page(State(issuer): State<Issuer>, trainer: Trainer, Path(id): Path<String>) -> Result {
    let session = find(&issuer, &trainer, &id).await?;
    let page = DropPage::new(&issuer.site, &trainer.organisation_name, &session, FieldErrors::new());
    web::render(Cache::Private, &page)
}

pub(super) async fn drop(
    State(issuer): State<Issuer>,
    trainer: Trainer,
    Path(id): Path<String>,
    parts: Multipart,
) -> Result {
    let session = find(&issuer, &trainer, &id).await?;
    let today = dates::day_in_paris(issuer.clock.now());
    let read = match web::upload::read(parts, web::upload::Caps::file(MAX_BYTES)).await {
        Ok(upload) => match upload.file {
            None => Err("Choisissez un fichier CSV.".to_owned()),
            Some(file) => {
                // Some hundreds of milliseconds for the largest file: not on the threads that answer others.
                let read = tokio::task::spawn_blocking(move || reading::read(&file.bytes, today)).await?;
                read.map(|reading| (file.name, reading)).map_err(|refusal| refusal.words())
            }
        },
        Err(Error::TooLarge) => Err(Refusal::TooBig.words()),
        Err(error) => return Err(error),
    };
    match read {
        Ok((name, reading)) => {
            let import_id = keep(&issuer, &trainer, &session, &name, &reading).await?;
            Ok(web::redirect(&format!("/atelier/imports/{import_id}")))
        }
        Err(why) => {
            let mut errors = FieldErrors::new();
            errors.add("fichier", why);
            let page = DropPage::new(&issuer.site, &trainer.organisation_name, &session, errors);
            web::render_status(http::StatusCode::UNPROCESSABLE_ENTITY, Cache::Private, &page)
        }
    }
}

/// Keeps the lines of a file, settled; nothing shows before the last one is there.
async fn keep(
    issuer: &Issuer,
    trainer: &Trainer,
    session: &TrainingSession,
    file_name: &str,
    reading: &Reading,
) -> Result<Uuid> {
    let (organisation_id, now) = (trainer.organisation_id, issuer.clock.now());
    let today = dates::iso(dates::day_in_paris(now));
    let import = Import {
        import_id: Uuid::new_v4(),
        session_id: session.session_id,
        file_name: file_name.to_owned(),
        row_count: i64::try_from(reading.rows.len()).unwrap_or(i64::MAX),
        state: "reading".to_owned(),
        answers: Json(Answers { day: today, ..Answers::default() }),
        lot_id: None,
    };
    let yourself = awards::address_of_member(&issuer.db, organisation_id, trainer.member_id).await?;
    let mut tx = issuer.db.begin().await?;
    rows::sweep(&mut tx, organisation_id, session.session_id, now - time::Duration::HOUR).await?;
    rows::begin(&mut tx, organisation_id, &import, trainer.member_id, now).await?;
    for some in reading.rows.chunks(AT_ONCE) {
        rows::add(&mut tx, organisation_id, import.import_id, some).await?;
        tx.commit().await?;
        tx = issuer.db.begin().await?;
    }
    settle::settle(&mut tx, organisation_id, &import, &yourself).await?;
    rows::whole(&mut tx, organisation_id, import.import_id).await?;
    tx.commit().await?;
    Ok(import.import_id)
}

impl DropPage {
    fn new(site: &Site, organisation: &str, session: &TrainingSession, errors: FieldErrors) -> Self {
        Self {
            shell: trainer_shell(site, organisation, "Importer un fichier de stagiaires").current("/atelier").narrow(),
            id: session.session_id,
            session: session.title.clone(),
            errors,
        }
    }
}

pub(super) fn samples(site: &Site) -> Vec<Sample> {
    const PATH: &str = "/atelier/sessions/{id}/importer";
    let page = |errors| DropPage::new(site, "Les Ateliers du Noireau", &sample_session(), errors);
    let mut errors = FieldErrors::new();
    errors.add("fichier", Refusal::Spreadsheet.words());
    vec![
        Sample::new(HOUSE, PATH, "import-deposer", &page(FieldErrors::new())),
        Sample::new(HOUSE, PATH, "import-refuse", &page(errors)),
    ]
}
