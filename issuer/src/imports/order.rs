//! A file attested from the command line: the same reading, settling and lots as through the pages.

use badge_schemas::referentiel::{Achievement, referentiel};
use badge_schemas::text;
use sqlx::types::Json;
use uuid::Uuid;
use web::dates;

use super::attest::attest;
use super::keep::{NewImport, keep};
use super::reading::{self, Column, Columns, Look, badges};
use super::rows::{self, Import};
use super::waiting;
use crate::access::Trainer;
use crate::awards::lots::Attested;
use crate::awards::observation::{Answers, MAX_SENTENCE, never_alone};
use crate::members::{self, Role};
use crate::organisations::rows::{self as organisations, Organisation};
use crate::organisations::{OpaqueId, Siret};
use crate::training_sessions::pages::lasting;
use crate::training_sessions::{self, TrainingSession};
use crate::{Issuer, Result};

/// What is asked of one file.
#[derive(Debug, Default)]
pub struct Order {
    /// The file's name, for display.
    pub file_name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// SIRET or public id of the organisation.
    pub organisation: String,
    /// Id or title of the session.
    pub session: String,
    /// Address of who attests; none: the first referent.
    pub by: Option<String>,
    /// Badge of the lines that do not say theirs.
    pub badge: Option<String>,
    /// Level of the lines that do not say theirs.
    pub level: Option<String>,
    /// The situation, in one sentence.
    pub sentence: Option<String>,
    /// The kind of evidence, by its id or its name.
    pub evidence: Option<String>,
    /// The day observed, for the lines that do not say theirs.
    pub day: Option<String>,
    /// Titles of columns, with what they contain.
    pub columns: Vec<(String, Column)>,
    /// Whether columns that nobody named may be left unread, whatever they look like.
    pub leave_others: bool,
    /// Whether the day is meant even if it is before the session.
    pub early_day: bool,
    /// Name of the sheet.
    pub sheet: Option<String>,
}

/// Why nothing of a file could be attested, in French, for the person at the terminal.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// No such organisation.
    #[error("aucun organisme n’a ce SIRET ou cet identifiant : {0}")]
    NoOrganisation(String),
    /// No such session in that organisation.
    #[error("aucune session de cet organisme n’a cet identifiant ou cet intitulé : {0}")]
    NoSession(String),
    /// Several sessions of that title.
    #[error("plusieurs sessions s’appellent ainsi : donnez l’identifiant, parmi {0}")]
    SeveralSessions(String),
    /// Nobody of that organisation who could attest.
    #[error("personne dans cet organisme ne peut attester{0}")]
    NoTrainer(String),
    /// Badge, level, evidence, day or sentence.
    #[error("{0}")]
    Answers(String),
    /// The day is before the session: when that is.
    #[error(
        "la date de l’observation est avant la session ({0}) : corrigez --day, ou ajoutez --day-before-session si elle est \
         juste"
    )]
    EarlyDay(String),
    /// The file.
    #[error("{0}")]
    File(String),
    /// Several sheets, and none was named.
    #[error("le classeur a plusieurs feuilles : choisissez avec --sheet parmi {0}")]
    SeveralSheets(String),
    /// No column says who.
    #[error("{0} Vous pouvez aussi dire ce que contient une colonne : --column \"TITRE=nom\".")]
    Columns(String),
    /// Columns that look like something that counts, and would be left unread.
    #[error(
        "ces colonnes ne seraient pas lues : {0}. Dites ce que contient chacune, --column \"TITRE=courriel\" (ou badge, \
         niveau, date, dossier) ; ou laissez-les de côté : --leave-other-columns"
    )]
    Overlooked(String),
    /// The database, already logged.
    #[error("l’enregistrement n’a pas pu être fait : {0}")]
    House(String),
}

impl From<web::Error> for Fault {
    fn from(error: web::Error) -> Self {
        Self::House(error.words().sentence)
    }
}

impl From<store::StoreError> for Fault {
    fn from(error: store::StoreError) -> Self {
        Self::House(error.to_string())
    }
}

/// A file that was taken in: its lots, if a line was ready, are being made.
#[derive(Debug)]
pub struct Ordered {
    /// Whose.
    pub organisation_id: Uuid,
    /// Who attested.
    pub trainer: Trainer,
    /// The import as it stands.
    pub import: Import,
}

/// Takes a file in and attests what is ready.
pub async fn order(issuer: &Issuer, order: Order) -> std::result::Result<Ordered, Fault> {
    let organisation = organisation(issuer, &order.organisation).await?;
    let session = session(issuer, organisation.organisation_id, &order.session).await?;
    let trainer = trainer(issuer, &organisation, order.by.as_deref()).await?;
    let organisation_id = organisation.organisation_id;
    let mut answers = answers(issuer, &order, &session)?;
    let days = lasting(session.starts_on, session.ends_on);
    if !order.early_day && answers.ask_day(session.starts_on, &days).is_some() {
        return Err(Fault::EarlyDay(days));
    }
    let (look, plan) = plan(issuer, organisation_id, &order).await?;
    let new = NewImport {
        session_id: session.session_id,
        file_name: &order.file_name,
        bytes: order.bytes,
        columns: look.titles_of(&plan.columns),
        plan,
        answers,
        waiting: None,
    };
    let kept = keep(issuer, &trainer, new).await?;
    let mut import = kept.map_err(|refusal| Fault::File(refusal.words()))?;
    if import.answers.0.evidence.is_empty() {
        import.answers = Json(with_evidence(issuer, organisation_id, &import).await?);
        let mut tx = issuer.db.begin().await?;
        rows::keep_answers(&mut tx, organisation_id, import.import_id, &import.answers.0).await?;
        tx.commit().await?;
    }
    match attest(issuer, &trainer, &import).await? {
        Ok(Attested::Lot(_) | Attested::Nobody) => {}
        Ok(Attested::Unknown) => return Err(Fault::NoSession(order.session)),
        Err(errors) => {
            return Err(Fault::Answers(errors.iter().map(|(_, message)| message).collect::<Vec<_>>().join(" ")));
        }
    }
    let import = rows::find(&issuer.db, organisation_id, import.import_id).await?.unwrap_or(import);
    Ok(Ordered { organisation_id, trainer, import })
}

async fn organisation(issuer: &Issuer, said: &str) -> std::result::Result<Organisation, Fault> {
    let unknown = || Fault::NoOrganisation(said.to_owned());
    if let Ok(siret) = Siret::parse(said) {
        let all = organisations::all(&issuer.db).await?;
        return all.into_iter().find(|o| o.siret.as_deref() == Some(siret.as_str())).ok_or_else(unknown);
    }
    let opaque = OpaqueId::parse(said).ok_or_else(unknown)?;
    let found = organisations::by_opaque(&issuer.db, &opaque).await?;
    found.filter(|organisation| !organisation.is_region).ok_or_else(unknown)
}

async fn session(issuer: &Issuer, organisation_id: Uuid, said: &str) -> std::result::Result<TrainingSession, Fault> {
    let unknown = || Fault::NoSession(said.to_owned());
    if let Ok(id) = said.trim().parse::<Uuid>() {
        return training_sessions::rows::find(&issuer.db, organisation_id, id).await?.ok_or_else(unknown);
    }
    let today = dates::day_in_paris(issuer.clock.now());
    let key = text::search_key(said);
    let mut named = training_sessions::rows::page(&issuer.db, organisation_id, today, 10_000, 0).await?;
    named.retain(|session| text::search_key(&session.title) == key);
    match named.len() {
        0 => Err(unknown()),
        1 => Ok(named.remove(0)),
        _ => Err(Fault::SeveralSessions(
            named.iter().take(5).map(|s| s.session_id.to_string()).collect::<Vec<_>>().join(", "),
        )),
    }
}

async fn trainer(
    issuer: &Issuer,
    organisation: &Organisation,
    by: Option<&str>,
) -> std::result::Result<Trainer, Fault> {
    let members = members::rows::of(&issuer.db, organisation.organisation_id, Role::Trainer).await?;
    let found = match by {
        Some(address) => members.iter().find(|m| m.email.eq_ignore_ascii_case(address.trim())),
        None => members.iter().find(|m| m.is_referent).or(members.first()),
    };
    let said = by.map(|by| format!(" avec l’adresse {by}")).unwrap_or_default();
    let member = found.ok_or(Fault::NoTrainer(said))?;
    Ok(Trainer {
        organisation_id: organisation.organisation_id,
        organisation_name: organisation.name.clone(),
        member_id: member.member_id,
        member_name: member.name.clone(),
        referent: member.is_referent,
    })
}

fn answers(issuer: &Issuer, order: &Order, session: &TrainingSession) -> std::result::Result<Answers, Fault> {
    let said = badges::read(order.badge.as_deref().unwrap_or_default(), order.level.as_deref().unwrap_or_default());
    if let Some(fault) = said.fault {
        return Err(Fault::Answers(fault.words()));
    }
    let achievement = match (said.badge_id, said.level) {
        (Some(badge), Some(level)) => format!("{badge}/{}", level.code()),
        (None, Some(_)) => return Err(Fault::Answers("--level va avec --badge".to_owned())),
        _ => String::new(),
    };
    let evidence = match &order.evidence {
        None => String::new(),
        Some(said) => {
            let key = text::search_key(said);
            let known = referentiel().evidence_types.iter().find(|e| e.id == *said || text::search_key(&e.name) == key);
            let known = known.ok_or_else(|| Fault::Answers(format!("« {said} » n’est pas un type de preuve")))?;
            known.id.clone()
        }
    };
    let default = || format!("Observé pendant la session «\u{a0}{}\u{a0}».", session.title);
    Ok(Answers {
        achievement,
        day: order.day.clone().unwrap_or_else(|| dates::iso(dates::day_in_paris(issuer.clock.now()))),
        evidence,
        points: Vec::new(),
        meant_day: String::new(),
        sentence: order.sentence.clone().unwrap_or_else(|| default().chars().take(MAX_SENTENCE).collect()),
    })
}

/// The first kind of evidence that every badge of the file foresees.
async fn with_evidence(issuer: &Issuer, organisation_id: Uuid, import: &Import) -> Result<Answers> {
    let mut answers = import.answers.0.clone();
    let (badge, level) = answers.achievement.split_once('/').unwrap_or_default();
    let said = rows::badges_said(&issuer.db, organisation_id, import.import_id).await?;
    let codes = said.iter().map(|(own_badge, own_level, _)| {
        format!("{}/{}", own_badge.as_deref().unwrap_or(badge), own_level.as_deref().unwrap_or(level))
    });
    let chosen: Vec<&Achievement> = codes.filter_map(|code| referentiel().achievement_by_code(&code)).collect();
    let fits = |id: &String| chosen.iter().all(|a| a.evidence_types.contains(id));
    let found = referentiel().evidence_types.iter().find(|e| !never_alone(e) && fits(&e.id));
    answers.evidence = found.map(|e| e.id.clone()).unwrap_or_default();
    Ok(answers)
}

/// Which sheet and columns are read: those named, else those remembered, else those recognised.
async fn plan(
    issuer: &Issuer,
    organisation_id: Uuid,
    order: &Order,
) -> std::result::Result<(Look, reading::Plan), Fault> {
    let look = |sheet| reading::look(&order.bytes, sheet).map_err(|refusal| Fault::File(refusal.words()));
    let mut seen = look(None)?;
    if let Some(name) = &order.sheet {
        let key = text::search_key(name);
        let named = seen.sheets.iter().find(|(_, n)| text::search_key(n) == key).map(|(nth, _)| *nth);
        seen = look(Some(named.ok_or_else(|| Fault::SeveralSheets(sheets(&seen)))?))?;
    } else if seen.sheets.len() > 1 {
        return Err(Fault::SeveralSheets(sheets(&seen)));
    }
    let mut plan = seen.plan.clone();
    if order.columns.is_empty() {
        let said = waiting::remembered(&issuer.db, organisation_id, &seen).await?;
        if said.is_none() && !seen.recognised {
            return Err(Fault::Columns(reading::nothing(&seen).words()));
        }
        let overlooked = if said.is_none() && !order.leave_others { seen.overlooked() } else { Vec::new() };
        if !overlooked.is_empty() {
            let titles = overlooked.iter().filter_map(|place| seen.titles.get(*place));
            return Err(Fault::Overlooked(titles.map(|title| format!("« {title} »")).collect::<Vec<_>>().join(", ")));
        }
        plan.columns = said.unwrap_or(plan.columns);
    } else {
        plan.columns = named(&order.columns, &seen)?;
    }
    Ok((seen, plan))
}

fn named(said: &[(String, Column)], look: &Look) -> std::result::Result<Columns, Fault> {
    let folded = look.folded();
    let mut columns = Columns::default();
    for (title, column) in said {
        let key = reading::fold(title);
        let place = folded.iter().position(|known| *known == key);
        let place = place.ok_or_else(|| Fault::Columns(format!("Aucune colonne ne s’appelle « {title} ».")))?;
        columns.used.push((*column, place));
    }
    // The others stay as recognised, unless their place or meaning was said otherwise.
    for (column, place) in &look.plan.columns.used {
        if !columns.used.iter().any(|(c, p)| c == column || p == place) {
            columns.used.push((*column, *place));
        }
    }
    columns.unused = look.titles.len().saturating_sub(columns.used.len());
    if columns.says_who() { Ok(columns) } else { Err(Fault::Columns("Dites quelle colonne est le nom.".to_owned())) }
}

fn sheets(look: &Look) -> String {
    look.sheets.iter().map(|(_, name)| format!("« {name} »")).collect::<Vec<_>>().join(", ")
}
