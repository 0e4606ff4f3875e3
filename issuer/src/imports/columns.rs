//! « Quelle colonne est quoi ? »: each column with some of its values, said by hand and remembered.

use axum::extract::{Path, Query, State};
use serde::Deserialize;
use uuid::Uuid;
use web::form::Fields;
use web::{Cache, Error, FieldErrors, Form, Sample, Shell, Site};

use super::keep::{self, NewImport};
use super::reading::{self, Column, Columns, Look};
use super::waiting::{self, WaitingFile};
use crate::access::{Trainer, trainer_shell};
use crate::awards::observation::Answers;
use crate::{HOUSE, Issuer, Result};

/// Most columns shown: a list of trainees has a dozen.
const SHOWN: usize = 60;

#[derive(askama::Template)]
#[template(path = "imports/columns.html")]
struct ColumnsPage {
    shell: Shell,
    file: Uuid,
    session_id: Uuid,
    file_name: String,
    /// `(nth, name, chosen)`; empty when there is nothing to choose.
    sheets: Vec<(usize, String, bool)>,
    sheet: usize,
    columns: Vec<Shown>,
    /// How many columns are not shown.
    more: usize,
    errors: FieldErrors,
}

struct Shown {
    id: String,
    title: String,
    samples: String,
    /// `(code, words, chosen)`.
    meanings: Vec<(&'static str, &'static str, bool)>,
}

/// `?feuille=2`.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    feuille: Option<usize>,
}

pub(super) async fn page(
    State(issuer): State<Issuer>,
    trainer: Trainer,
    Path(file): Path<String>,
    Query(asked): Query<Asked>,
) -> Result {
    let (file, _, look) = opened(&issuer, &trainer, &file, asked.feuille).await?;
    let said = waiting::remembered(&issuer.db, trainer.organisation_id, &look).await?;
    let columns = said.unwrap_or_else(|| look.guessed());
    let page = ColumnsPage::new(&issuer.site, &trainer.organisation_name, &file, &look, &columns, FieldErrors::new());
    web::render(Cache::Private, &page)
}

pub(super) async fn act(
    State(issuer): State<Issuer>,
    trainer: Trainer,
    Path(file): Path<String>,
    Form(fields): Form<Fields>,
) -> Result {
    let asked: Option<usize> = fields.get("feuille").parse().ok();
    if fields.get("do") == "feuille" {
        let sheet = asked.unwrap_or_default();
        return Ok(web::redirect(&format!("/atelier/fichiers/{file}/colonnes?feuille={sheet}#suite")));
    }
    // The sheet whose columns were shown, whatever the select above them says.
    let shown: Option<usize> = fields.get("montree").parse().ok();
    let (file, bytes, look) = opened(&issuer, &trainer, &file, shown.or(asked)).await?;
    let columns = chosen(&fields, &look);
    let mut errors = check(&columns, &look);
    if errors.is_empty() {
        let mut plan = look.plan.clone();
        plan.columns = columns.clone();
        let new = NewImport {
            session_id: file.session_id,
            file_name: &file.file_name,
            bytes,
            plan,
            columns: look.titles_of(&columns),
            answers: Answers::default(),
            waiting: Some(file.file_id),
        };
        match keep::keep(&issuer, &trainer, new).await? {
            Ok(import) => {
                let mut tx = issuer.db.begin().await?;
                let (organisation_id, now) = (trainer.organisation_id, issuer.clock.now());
                waiting::remember(&mut tx, organisation_id, &look, &columns, trainer.member_id, now).await?;
                tx.commit().await?;
                return Ok(web::redirect(&format!("/atelier/imports/{}", import.import_id)));
            }
            Err(refusal) => errors.add("suite", refusal.words()),
        }
    }
    let page = ColumnsPage::new(&issuer.site, &trainer.organisation_name, &file, &look, &columns, errors);
    web::render_status(http::StatusCode::UNPROCESSABLE_ENTITY, Cache::Private, &page)
}

/// The waiting file of an address, if it is this organisation's, with a look at one of its sheets.
async fn opened(
    issuer: &Issuer,
    trainer: &Trainer,
    id: &str,
    sheet: Option<usize>,
) -> Result<(WaitingFile, Vec<u8>, Look)> {
    let id = id.parse().map_err(|_| Error::NotFound)?;
    let found = waiting::find(&issuer.db, trainer.organisation_id, id, issuer.clock.now()).await?;
    let mut file = found.ok_or(Error::NotFound)?;
    let (vault, sealed) = (issuer.vault.clone(), std::mem::take(&mut file.sealed_file));
    let opened = tokio::task::spawn_blocking(move || {
        let bytes = waiting::open(&vault, &sealed).map_err(Error::internal)?;
        // A sheet that is not there: the first that is.
        let look =
            reading::look(&bytes, sheet).or_else(|_| reading::look(&bytes, None)).map_err(|_| Error::NotFound)?;
        Ok::<_, Error>((bytes, look))
    });
    let (bytes, look) = opened.await??;
    Ok((file, bytes, look))
}

/// What the form says of each column.
fn chosen(fields: &Fields, look: &Look) -> Columns {
    let mut columns = Columns::default();
    for place in 0..look.titles.len() {
        match Column::from_code(fields.get(&id(place))) {
            Some(column) => columns.used.push((column, place)),
            None => columns.unused += 1,
        }
    }
    columns
}

fn check(columns: &Columns, look: &Look) -> FieldErrors {
    let mut errors = FieldErrors::new();
    for (nth, (column, place)) in columns.used.iter().enumerate() {
        if let Some((_, before)) = columns.used[..nth].iter().find(|(other, _)| other == column) {
            let before = &look.titles[*before];
            errors.add(
                id(*place),
                format!("«\u{a0}{before}\u{a0}» est déjà {}\u{a0}: choisissez une des deux.", meaning(*column)),
            );
        }
    }
    if columns.place(Column::WholeName).is_some() && columns.place(Column::Surname).is_some() {
        let place = columns.place(Column::WholeName).unwrap_or_default();
        errors.add(
            id(place),
            "Le nom est dit deux fois\u{a0}: gardez le nom avec le prénom, ou le nom et le prénom à part.",
        );
    }
    if !columns.says_who() {
        errors.add(id(0), "Dites quelle colonne est le nom.");
    }
    errors
}

fn id(place: usize) -> String {
    format!("c-{place}")
}

/// A column's meaning inside a sentence, and in the list to choose from.
fn meaning(column: Column) -> &'static str {
    match column {
        Column::Surname => "le nom",
        Column::FirstName => "le prénom",
        Column::WholeName => "le nom avec le prénom",
        Column::Email => "le courriel",
        Column::FileNumber => "le n° de dossier",
        Column::ObservedOn => "la date de l’observation",
        Column::Badge => "le badge",
        Column::Level => "le niveau du badge",
    }
}

const MEANINGS: [(Column, &str); 8] = [
    (Column::Surname, "Nom"),
    (Column::FirstName, "Prénom"),
    (Column::WholeName, "Nom et prénom ensemble"),
    (Column::Email, "Courriel"),
    (Column::FileNumber, "N° de dossier"),
    (Column::ObservedOn, "Date de l’observation"),
    (Column::Badge, "Badge"),
    (Column::Level, "Niveau du badge"),
];

impl Look {
    /// `(meaning, title)` of the columns read.
    pub(super) fn titles_of(&self, columns: &Columns) -> Vec<(String, String)> {
        let title = |place: usize| self.titles.get(place).cloned().unwrap_or_default();
        columns.used.iter().map(|(column, place)| (column.code().to_owned(), title(*place))).collect()
    }
}

impl ColumnsPage {
    fn new(
        site: &Site,
        organisation: &str,
        file: &WaitingFile,
        look: &Look,
        columns: &Columns,
        errors: FieldErrors,
    ) -> Self {
        let said = |place: usize| columns.used.iter().find(|(_, p)| *p == place).map(|(column, _)| *column);
        let worth = |place: &usize| {
            said(*place).is_some() || !look.samples[*place].is_empty() || !look.titles[*place].is_empty()
        };
        let all: Vec<usize> = (0..look.titles.len()).filter(worth).collect();
        let shown = |place: &usize| Shown {
            id: id(*place),
            title: if look.titles[*place].is_empty() { "Sans titre".to_owned() } else { look.titles[*place].clone() },
            samples: look.samples[*place].join(" · "),
            meanings: MEANINGS.iter().map(|(c, words)| (c.code(), *words, said(*place) == Some(*c))).collect(),
        };
        let sheets = |(nth, name): &(usize, String)| (*nth, name.clone(), *nth == look.plan.sheet);
        Self {
            shell: trainer_shell(site, organisation, "Dites ce que contient chaque colonne")
                .current("/atelier")
                .narrow(),
            file: file.file_id,
            session_id: file.session_id,
            file_name: file.file_name.clone(),
            sheets: if look.sheets.len() > 1 { look.sheets.iter().map(sheets).collect() } else { Vec::new() },
            sheet: look.plan.sheet,
            columns: all.iter().take(SHOWN).map(shown).collect(),
            more: all.len().saturating_sub(SHOWN),
            errors,
        }
    }
}

pub(super) fn samples(site: &Site) -> Vec<Sample> {
    const PATH: &str = "/atelier/fichiers/{file}/colonnes";
    const CSV: &str = "Identité;Contact;Suivi;Vu le;Compétence\nAmina Lefèvre;amina@exemple.fr;A-12;20/11/2026;Lire\n\
        Bastien Roussel;;A-13;20/11/2026;Écrire\nChloé Marie;chloe@exemple.fr;A-14;;Lire\n";
    let Ok(mut look) = reading::look(CSV.as_bytes(), None) else { return Vec::new() };
    let file = WaitingFile {
        file_id: Uuid::nil(),
        session_id: Uuid::nil(),
        file_name: "emargement.xlsx".into(),
        sealed_file: Vec::new(),
    };
    let page = |look: &Look, columns: &Columns, errors| {
        ColumnsPage::new(site, "Les Ateliers du Noireau", &file, look, columns, errors)
    };
    let nothing = Columns::default();
    let twice = Columns { used: vec![(Column::Email, 1), (Column::Email, 2)], unused: 3 };
    let first = page(&look, &nothing, FieldErrors::new());
    let refused = page(&look, &twice, check(&twice, &look));
    look.sheets = vec![(0, "Lundi".into()), (2, "Mardi".into())];
    let sheets = page(&look, &Columns { used: vec![(Column::WholeName, 0)], unused: 4 }, FieldErrors::new());
    vec![
        Sample::new(HOUSE, PATH, "import-colonnes", &first),
        Sample::new(HOUSE, PATH, "import-colonnes-refuse", &refused),
        Sample::new(HOUSE, PATH, "import-feuilles", &sheets),
    ]
}
