//! Reviewing an import: how many lines are ready, how many to mend, what is attested; page by page.

mod samples;

use axum::extract::{Path, Query, State};
use serde::Deserialize;
use sqlx::types::Json;
use store::{Db, on};
use time::{Date, OffsetDateTime};
use uuid::Uuid;
use web::form::Fields;
use web::{Cache, Error, FieldErrors, Form, Shell, Site, dates, words};

use super::reading::{Column, Field};
use super::rows::{self, Import, ImportRow, KeptFault};
use super::settle::{self, Rules};
use super::{attest, mend, progress};
use crate::access::{Trainer, trainer_shell};
use crate::awards::choices::Choices;
use crate::awards::lots::Attested;
use crate::awards::observation::Answers;
use crate::training_sessions::pages::lasting;
use crate::training_sessions::paging::{PER_PAGE, Paging};
use crate::{Issuer, Result, awards, trainees, training_sessions};

pub(super) use samples::{sample_import, samples};

#[derive(askama::Template)]
#[template(path = "imports/review.html")]
struct ReviewPage {
    shell: Shell,
    import: Uuid,
    session_id: Uuid,
    session: String,
    file_name: String,
    read: String,
    /// « nom («\u{a0}Identité\u{a0}»), courriel… »; empty for an import of before.
    columns: String,
    view: View,
    counts: Counts,
    lines: Vec<Line>,
    /// Every badge that can be named instead of those offered; empty when no line asks for one.
    every_badge: Vec<&'static str>,
    paging: Paging,
    /// This page with its query, for the next ones.
    next: String,
    /// What the answers below hold for.
    holds: &'static str,
    /// « 2 lignes prêtes ont une date d’avant la session »; empty when none has.
    early: String,
    /// `(badge and level, lines)` of the ready lines that do.
    badges: Vec<(String, String)>,
    form: Choices,
    errors: FieldErrors,
}

/// Which lines are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum View {
    Aside,
    Ready,
    All,
}

/// How many lines of each kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Counts {
    ready: i64,
    fault: i64,
    question: i64,
    duplicate: i64,
    already: i64,
    withdrawn: i64,
}

struct Line {
    number: i64,
    name: String,
    detail: String,
    tone: &'static str,
    icon: &'static str,
    word: &'static str,
    sentence: String,
    question: bool,
    answer: String,
    /// Every value at fault.
    mends: Vec<Mend>,
}

/// One value at fault, to type again.
struct Mend {
    id: String,
    /// What is wrong with it.
    sentence: String,
    label: &'static str,
    /// `inputmode`: a typed input would keep the whole form back for one wrong address.
    keys: &'static str,
    value: String,
    /// `(code, words)` to choose from; empty where one types.
    options: Vec<(String, String)>,
    /// Id of the field where any other badge is named; empty where one types.
    other: String,
}

/// `?voir=pretes&page=2`.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    voir: String,
    #[serde(default)]
    page: Option<i64>,
}

/// A line as the page and the file of set-aside lines tell it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct Told {
    pub line: i64,
    pub name: String,
    pub email: Option<String>,
    pub file_number: Option<String>,
    pub observed_on: Option<Date>,
    pub fault: Option<String>,
    pub fault_detail: Option<String>,
    pub same_as_line: Option<i64>,
    pub question: Option<String>,
    pub answer: Option<String>,
    pub known_name: Option<String>,
    pub known_email: Option<String>,
    pub known_number: Option<String>,
    pub badge_id: Option<String>,
    pub level: Option<String>,
    pub fault_field: Option<String>,
    pub more_faults: Option<Json<Vec<KeptFault>>>,
    pub category: String,
    pub since: Option<OffsetDateTime>,
    pub withdrawn_at: Option<OffsetDateTime>,
}

/// Lines with what was attested before: $1 organisation, $2 import, $3 session; $4 badge and $5 level of the lines that do
/// not say their own.
const TOLD: &str = "select r.line, r.name, r.email, r.file_number, r.observed_on, r.fault, r.fault_detail,
        r.same_as_line, r.question, r.answer, t.name as known_name, t.email as known_email,
        t.file_number as known_number, r.badge_id, r.level, r.fault_field, r.more_faults,
        case when r.state <> 'ready' then r.state
             when r.trainee_id is null then 'ready'
             when exists (select 1 from issuer_award a where a.session_id = $3 and a.trainee_id = r.trainee_id
                  and a.badge_id = coalesce(r.badge_id, $4) and a.level = coalesce(r.level, $5) and a.withdrawn_at is null) then 'already'
             when exists (select 1 from issuer_award a join issuer_withdrawal w on w.award_id = a.award_id
                  where a.session_id = $3 and a.trainee_id = r.trainee_id and a.badge_id = coalesce(r.badge_id, $4) and a.level = coalesce(r.level, $5)
                  and w.kind = 'withdrawn' and w.reason <> 'lot_undone') then 'withdrawn'
             else 'ready' end as category,
        (select max(a.attested_at) from issuer_award a where a.session_id = $3 and a.trainee_id = r.trainee_id
             and a.badge_id = coalesce(r.badge_id, $4) and a.level = coalesce(r.level, $5) and a.withdrawn_at is null) as since,
        (select max(a.withdrawn_at) from issuer_award a where a.session_id = $3 and a.trainee_id = r.trainee_id
             and a.badge_id = coalesce(r.badge_id, $4) and a.level = coalesce(r.level, $5)) as withdrawn_at
    from issuer_import_row r left join issuer_trainee t on t.trainee_id = r.trainee_id
    where r.organisation_id = $1 and r.import_id = $2";

pub(super) async fn page(
    State(issuer): State<Issuer>,
    trainer: Trainer,
    Path(import): Path<String>,
    Query(asked): Query<Asked>,
) -> Result {
    let import = find(&issuer, &trainer, &import).await?;
    if let Some(lot) = import.lot_id {
        let lots = progress::of_import(&issuer.db, trainer.organisation_id, import.import_id).await?;
        if lots.len() <= 1 {
            return Ok(web::redirect(&format!("/atelier/lots/{lot}")));
        }
        return web::render(Cache::Private, &progress::show(&issuer, &trainer, &import, &lots).await?);
    }
    let page = show(&issuer, &trainer, &import, &asked, &import.answers.0, FieldErrors::new()).await?;
    web::render(Cache::Private, &page)
}

pub(super) async fn act(
    State(issuer): State<Issuer>,
    trainer: Trainer,
    Path(import): Path<String>,
    Form(fields): Form<Fields>,
) -> Result {
    let mut import = find(&issuer, &trainer, &import).await?;
    let followed = format!("/atelier/imports/{}", import.import_id);
    if let Some(lot) = import.lot_id {
        return followed_at(&issuer, &trainer, &import, lot).await;
    }
    import.answers.0 = Answers::from_form(&fields);
    let organisation_id = trainer.organisation_id;
    let rules = Rules::of(&issuer, &trainer).await?;
    let today = dates::day_in_paris(issuer.clock.now());
    crate::trainees::rows::note_words(&issuer.db, organisation_id).await?;
    let mut tx = issuer.db.begin().await?;
    rows::keep_answers(&mut tx, organisation_id, import.import_id, &import.answers.0).await?;
    let how = mend::How { today, names_in_order: import.names_stand_in_order() };
    mend::mend_all(&mut tx, organisation_id, import.import_id, &fields, how).await?;
    for (name, answer) in fields.iter() {
        let line = name.strip_prefix("q-").and_then(|line| line.parse().ok());
        if let (Some(line), "same" | "other") = (line, answer) {
            rows::keep_answer(&mut tx, organisation_id, import.import_id, line, answer).await?;
        }
    }
    if let answer @ ("same" | "other") = fields.get("toutes") {
        rows::keep_answer_of_all(&mut tx, organisation_id, import.import_id, answer).await?;
    }
    settle::settle(&mut tx, organisation_id, &import, &rules).await?;
    tx.commit().await?;
    let asked = Asked { voir: fields.get("voir").to_owned(), page: fields.get("page").parse().ok() };
    if fields.get("do") != "attest" {
        let view = View::parse(&asked.voir).map_or("", View::word);
        let page = asked.page.unwrap_or(1);
        return Ok(web::redirect(&format!("{followed}?voir={view}&page={page}#suite")));
    }
    let (starts_on, ends_on) =
        training_sessions::rows::lasts(&issuer.db, organisation_id, import.session_id).await?.ok_or(Error::NotFound)?;
    if let Some(question) = import.answers.0.ask_day(starts_on, &lasting(starts_on, ends_on)) {
        let mut errors = FieldErrors::new();
        errors.add("jour", question);
        let page = show(&issuer, &trainer, &import, &asked, &import.answers.0, errors).await?;
        return web::render_status(http::StatusCode::UNPROCESSABLE_ENTITY, Cache::Private, &page);
    }
    let mut errors = match attest::attest(&issuer, &trainer, &import).await? {
        Ok(Attested::Lot(lot)) => return followed_at(&issuer, &trainer, &import, lot).await,
        Ok(Attested::Unknown) => return Err(Error::NotFound),
        Ok(Attested::Nobody) => FieldErrors::new(),
        Err(errors) => errors,
    };
    if errors.is_empty() {
        errors.add("lignes", "Aucune ligne n’est prête\u{a0}: corrigez-les ici, ou répondez aux questions.");
    }
    let page = show(&issuer, &trainer, &import, &asked, &import.answers.0, errors).await?;
    web::render_status(http::StatusCode::UNPROCESSABLE_ENTITY, Cache::Private, &page)
}

/// Where an import is followed once attested: at its lot, or at its own page when it has several.
async fn followed_at(issuer: &Issuer, trainer: &Trainer, import: &Import, lot: Uuid) -> Result {
    let lots = progress::of_import(&issuer.db, trainer.organisation_id, import.import_id).await?;
    Ok(web::redirect(&if lots.len() > 1 {
        format!("/atelier/imports/{}", import.import_id)
    } else {
        format!("/atelier/lots/{lot}")
    }))
}

/// The import of an address, if it is this organisation's.
pub(super) async fn find(issuer: &Issuer, trainer: &Trainer, id: &str) -> Result<Import> {
    let id = id.parse().map_err(|_| Error::NotFound)?;
    rows::find(&issuer.db, trainer.organisation_id, id).await?.ok_or(Error::NotFound)
}

/// The lines that come after that one, with how they stand, at most so many; only those left aside when they are wanted
/// alone.
pub(super) async fn after(
    db: &Db,
    organisation_id: Uuid,
    import: &Import,
    aside: bool,
    line: i64,
    at_most: i64,
) -> store::Result<Vec<Told>> {
    let (badge, level) = split(&import.answers.0);
    let wanted = if aside { "and category <> 'ready'" } else { "" };
    let sql =
        sqlx::AssertSqlSafe(format!("select * from ({TOLD}) as told where line > $6 {wanted} order by line limit $7"));
    Ok(on!(db, c => sqlx::query_as(sql)
        .bind(organisation_id).bind(import.import_id).bind(import.session_id).bind(badge).bind(level)
        .bind(line).bind(at_most).fetch_all(c).await)?)
}

async fn show(
    issuer: &Issuer,
    trainer: &Trainer,
    import: &Import,
    asked: &Asked,
    answers: &Answers,
    errors: FieldErrors,
) -> Result<ReviewPage> {
    let organisation_id = trainer.organisation_id;
    let (badge, level) = split(answers);
    let (starts_on, ends_on) =
        training_sessions::rows::lasts(&issuer.db, organisation_id, import.session_id).await?.ok_or(Error::NotFound)?;
    let counted: Vec<(String, i64, i64, Option<i64>)> = {
        let sql = sqlx::AssertSqlSafe(format!(
            "select category, count(*), count(case when observed_on < $6 then 1 end),
                 min(case when observed_on < $6 then line end) from ({TOLD}) as told group by category"
        ));
        on!(issuer.db, c => sqlx::query_as(sql)
            .bind(organisation_id).bind(import.import_id).bind(import.session_id).bind(badge).bind(level)
            .bind(starts_on).fetch_all(c).await)?
    };
    let counts = Counts::of(&counted);
    let view = View::parse(&asked.voir).unwrap_or(if counts.aside() > 0 { View::Aside } else { View::Ready });
    let paging = Paging::new(asked.page.unwrap_or(1), counts.shown(view), PER_PAGE);
    let wanted = match view {
        View::Aside => "where category <> 'ready'",
        View::Ready => "where category = 'ready'",
        View::All => "",
    };
    let sql = sqlx::AssertSqlSafe(format!("select * from ({TOLD}) as told {wanted} order by line limit $6 offset $7"));
    let lines: Vec<Told> = on!(issuer.db, c => sqlx::query_as(sql)
        .bind(organisation_id).bind(import.import_id).bind(import.session_id).bind(badge).bind(level)
        .bind(PER_PAGE).bind(paging.offset()).fetch_all(c).await)?;
    let session =
        training_sessions::rows::title(&issuer.db, organisation_id, import.session_id).await?.ok_or(Error::NotFound)?;
    let families = awards::families(issuer, organisation_id).await?;
    // What is attested if « Attester » is pressed: not what was attested before.
    let said: Vec<(Option<String>, Option<String>, i64)> = {
        let sql = sqlx::AssertSqlSafe(format!(
            "select badge_id, level, count(*) from ({TOLD}) as told where category = 'ready'
             group by badge_id, level order by badge_id, level"
        ));
        on!(issuer.db, c => sqlx::query_as(sql)
            .bind(organisation_id).bind(import.import_id).bind(import.session_id).bind(badge).bind(level)
            .fetch_all(c).await)?
    };
    let mut page = ReviewPage::new(
        &issuer.site,
        &trainer.organisation_name,
        &session,
        import,
        view,
        counts,
        lines.iter().map(|told| Line::new(told, families.as_deref())).collect(),
        paging,
        Choices::new(answers, families.as_deref()),
        errors,
    );
    page.badges = badges(answers, &said);
    page.early = early(&counted, &lasting(starts_on, ends_on));
    page.name_every_badge(families.as_deref());
    Ok(page)
}

/// What to say of the ready lines whose own day is before the session.
fn early(counted: &[(String, i64, i64, Option<i64>)], days: &str) -> String {
    let Some((_, _, lines, Some(first))) = counted.iter().find(|(category, ..)| category == "ready") else {
        return String::new();
    };
    let whose = match usize::try_from(*lines).unwrap_or_default() {
        0 | 1 => format!("La ligne {first} est prête, mais sa date est"),
        n => format!("{} une date (la première, ligne {first})", words::count(n, "ligne prête a", "lignes prêtes ont")),
    };
    format!("{whose} d’avant la session ({days}). Si elle est fausse, corrigez le fichier avant d’attester.")
}

/// Whether the file has a column for the day observed.
fn says_days(import: &Import) -> bool {
    import.columns_read.as_ref().is_some_and(|read| read.0.iter().any(|(code, _)| code == Column::ObservedOn.code()))
}

/// What the answers of the form hold for, when lines may say their own badge or their own day.
const fn holds(badges: bool, days: bool) -> &'static str {
    match (badges, days) {
        (true, true) => {
            "Chaque ligne garde son badge et sa date. Le badge et la date que vous choisissez ici valent pour les lignes qui \
             n’en disent pas\u{202f}; la situation et la preuve valent pour toutes."
        }
        (true, false) => {
            "Chaque ligne garde son badge. Celui que vous choisissez ici vaut pour les lignes qui n’en disent pas\u{202f}; la \
             situation, la preuve et la date valent pour toutes."
        }
        (false, true) => {
            "Le même badge pour toutes les lignes prêtes. Chaque ligne garde sa date\u{202f}; celle que vous choisissez ici \
             vaut pour les lignes qui n’en disent pas."
        }
        (false, false) => "Le même badge pour toutes les lignes prêtes.",
    }
}

fn split(answers: &Answers) -> (&str, &str) {
    answers.achievement.split_once('/').unwrap_or_default()
}

/// The badges of the ready lines that say their own, in words, with how many lines.
fn badges(answers: &Answers, said: &[(Option<String>, Option<String>, i64)]) -> Vec<(String, String)> {
    let (badge, level) = split(answers);
    let chosen =
        |own: &Option<String>, chosen: &str| own.clone().or_else(|| Some(chosen.to_owned())).filter(|c| !c.is_empty());
    said.iter()
        .filter(|(own_badge, own_level, _)| own_badge.is_some() || own_level.is_some())
        .map(|(own_badge, own_level, lines)| {
            let words = mend::badge_words(chosen(own_badge, badge).as_deref(), chosen(own_level, level).as_deref());
            (words, words::count(usize::try_from(*lines).unwrap_or_default(), "ligne", "lignes"))
        })
        .collect()
}

impl Told {
    /// Icon, tone, word of the line's outcome.
    fn tag(&self) -> (&'static str, &'static str, &'static str) {
        match self.category.as_str() {
            "ready" => ("ok", "check", "Prête"),
            "question" => ("warn", "circle-help", "Question"),
            "duplicate" => ("warn", "copy", "Doublon"),
            "already" => ("info", "history", "Déjà attesté"),
            "withdrawn" => ("bad", "ban", "Retiré"),
            _ => ("bad", "circle-x", "À corriger"),
        }
    }

    /// The outcome in a word.
    pub(super) fn word(&self) -> &'static str {
        self.tag().2
    }

    /// Why, as a file tells it.
    pub(super) fn reason(&self) -> String {
        match self.question {
            Some(_) if self.category == "question" => format!("Est-ce la même personne\u{202f}? {}", self.sentence()),
            _ => self.sentence(),
        }
    }

    /// The line as it is mended.
    pub(super) fn row(&self) -> ImportRow {
        ImportRow {
            line: self.line,
            name: self.name.clone(),
            folded_name: String::new(),
            email: self.email.clone(),
            email_key: None,
            file_number: self.file_number.clone(),
            observed_on: self.observed_on,
            fault: self.fault.clone(),
            fault_detail: self.fault_detail.clone(),
            same_as_line: self.same_as_line,
            trainee_id: None,
            question: None,
            answer: None,
            state: self.category.clone(),
            badge_id: self.badge_id.clone(),
            level: self.level.clone(),
            fault_field: self.fault_field.clone(),
            more_faults: self.more_faults.clone(),
        }
    }

    /// Why: one sentence, or one for each fault.
    pub(super) fn sentence(&self) -> String {
        let day = |at: Option<OffsetDateTime>| at.map(|at| dates::long(dates::day_in_paris(at))).unwrap_or_default();
        match self.category.as_str() {
            "ready" => String::new(),
            "question" if self.question.is_none() => format!(
                "Même personne qu’à la ligne {}\u{a0}: répondez d’abord à cette question.",
                self.same_as_line.unwrap_or_default()
            ),
            "question" if self.question.as_deref() == Some("line") => {
                format!("Le même nom est à la ligne {}.", self.same_as_line.unwrap_or_default())
            }
            "question" => format!(
                "Vous connaissez déjà {}.",
                trainees::known_as(
                    self.known_name.as_deref().unwrap_or_default(),
                    self.known_email.as_deref(),
                    self.known_number.as_deref()
                )
            ),
            "duplicate" => {
                format!(
                    "Même personne qu’à la ligne {}. Une seule ligne sera gardée.",
                    self.same_as_line.unwrap_or_default()
                )
            }
            "already" => format!(
                "Ce badge lui est attesté dans cette session depuis le {}. La ligne sera laissée de côté.",
                day(self.since)
            ),
            "withdrawn" => format!(
                "Ce badge lui a été retiré le {}. Pour l’attester de nouveau, passez par la page Attester.",
                day(self.withdrawn_at)
            ),
            _ => self
                .row()
                .faults()
                .iter()
                .map(|(_, code, detail)| mend::words(code, detail.as_deref()))
                .collect::<Vec<_>>()
                .join(" "),
        }
    }
}

impl Line {
    fn new(told: &Told, families: Option<&[String]>) -> Self {
        let (tone, icon, word) = told.tag();
        let badge = mend::badge_words(told.badge_id.as_deref(), told.level.as_deref());
        let facts = [
            Some(badge).filter(|badge| !badge.is_empty()),
            told.email.clone(),
            told.file_number.as_ref().map(|n| format!("dossier {n}")),
            told.observed_on.map(|day| format!("vu le {}", dates::long(day))),
        ];
        Self {
            number: told.line,
            name: if told.name.is_empty() { "Sans nom".to_owned() } else { told.name.clone() },
            detail: facts.into_iter().flatten().collect::<Vec<_>>().join(" · "),
            tone,
            icon,
            word,
            sentence: told.sentence(),
            question: told.question.is_some(),
            answer: told.answer.clone().unwrap_or_default(),
            mends: Mend::all(told, families),
        }
    }
}

impl Mend {
    /// Every value to type again, so that one form mends the whole line.
    fn all(told: &Told, families: Option<&[String]>) -> Vec<Self> {
        if told.category != "fault" {
            return Vec::new();
        }
        let row = told.row();
        let mend = |(field, code, detail): KeptFault| {
            let why = mend::words(&code, detail.as_deref());
            Some(Self::new(&row, Field::from_code(&field)?, &why, detail.as_deref(), families))
        };
        row.faults().into_iter().filter_map(mend).collect()
    }

    fn new(row: &ImportRow, field: Field, why: &str, detail: Option<&str>, families: Option<&[String]>) -> Self {
        let (label, keys) = match field {
            Field::Name => ("Nom et prénom", "text"),
            Field::Email => ("Adresse e-mail", "email"),
            Field::FileNumber => ("N° de dossier", "text"),
            Field::ObservedOn => ("Date de l’observation", "numeric"),
            Field::Badge => ("Badge et niveau", "none"),
        };
        let (mut options, mut other) = (Vec::new(), String::new());
        if field == Field::Badge {
            options.extend(mend::offered(row, families).iter().map(|a| (a.human_code.clone(), a.name.clone())));
            options.push((mend::DEFAULT_BADGE.to_owned(), "Le badge choisi plus bas".to_owned()));
            other = format!("m-{}-{}", mend::OTHER_BADGE, row.line);
        }
        let value = mend::shown(row, field, detail).to_owned();
        let id = format!("m-{}-{}", field.code(), row.line);
        Self { id, sentence: why.to_owned(), label, keys, value, options, other }
    }
}

impl View {
    fn parse(word: &str) -> Option<Self> {
        [Self::Aside, Self::Ready, Self::All].into_iter().find(|view| view.word() == word)
    }

    fn word(self) -> &'static str {
        match self {
            Self::Aside => "a-revoir",
            Self::Ready => "pretes",
            Self::All => "toutes",
        }
    }
}

impl Counts {
    fn of(counted: &[(String, i64, i64, Option<i64>)]) -> Self {
        let of = |word: &str| counted.iter().find(|(category, ..)| category == word).map_or(0, |(_, n, ..)| *n);
        Self {
            ready: of("ready"),
            fault: of("fault"),
            question: of("question"),
            duplicate: of("duplicate"),
            already: of("already"),
            withdrawn: of("withdrawn"),
        }
    }

    fn aside(&self) -> i64 {
        self.fault + self.question + self.duplicate + self.already + self.withdrawn
    }

    fn shown(&self, view: View) -> i64 {
        match view {
            View::Aside => self.aside(),
            View::Ready => self.ready,
            View::All => self.ready + self.aside(),
        }
    }

    /// « 13 lignes sont prêtes, 3 sont à corriger ».
    fn title(&self) -> String {
        let number = words::number;
        let mut title = match self.ready {
            0 => "Aucune ligne n’est prête".to_owned(),
            1 => "1\u{a0}ligne est prête".to_owned(),
            n => format!("{}\u{a0}lignes sont prêtes", number(n)),
        };
        match self.fault {
            0 => {}
            1 => title.push_str(", 1\u{a0}est à corriger"),
            n => title = format!("{title}, {} sont à corriger", number(n)),
        }
        match self.question {
            0 => {}
            1 => title.push_str(", 1\u{a0}attend votre réponse"),
            n => title = format!("{title}, {} attendent votre réponse", number(n)),
        }
        title
    }

    /// What the button says; empty when there is nothing to attest.
    fn button(&self) -> String {
        match self.ready {
            0 => String::new(),
            1 => "Attester la ligne prête".to_owned(),
            n => format!("Attester les {}\u{a0}lignes prêtes", words::number(n)),
        }
    }
}

impl ReviewPage {
    #[expect(clippy::too_many_arguments, reason = "one page, each of its parts")]
    fn new(
        site: &Site,
        organisation: &str,
        session: &str,
        import: &Import,
        view: View,
        counts: Counts,
        lines: Vec<Line>,
        paging: Paging,
        form: Choices,
        errors: FieldErrors,
    ) -> Self {
        let columns = import.columns_read.as_ref().map_or(&[][..], |read| &read.0);
        let columns: Vec<String> = columns
            .iter()
            .filter_map(|(code, title)| Some(format!("{} («\u{a0}{title}\u{a0}»)", Column::from_code(code)?.words())))
            .collect();
        Self {
            shell: trainer_shell(site, organisation, &counts.title()).current("/atelier"),
            import: import.import_id,
            session_id: import.session_id,
            session: session.to_owned(),
            file_name: import.file_name.clone(),
            read: words::count(usize::try_from(import.row_count).unwrap_or_default(), "ligne lue", "lignes lues"),
            columns: words::list(&columns),
            view,
            counts,
            lines,
            every_badge: Vec::new(),
            paging,
            next: format!("?voir={}&", view.word()),
            holds: holds(import.says_badges(), says_days(import)),
            early: String::new(),
            badges: Vec::new(),
            form,
            errors,
        }
    }

    /// Every badge once, whatever number of lines ask for one.
    fn name_every_badge(&mut self, families: Option<&[String]>) {
        if self.lines.iter().flat_map(|line| &line.mends).any(|mend| !mend.other.is_empty()) {
            self.every_badge = mend::every(families).map(|a| a.name.as_str()).collect();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_for_all_says_no_more_than_is_true() {
        for (badges, days) in [(true, true), (true, false), (false, true), (false, false)] {
            let said = holds(badges, days);
            assert_eq!(said.contains("garde son badge"), badges, "{said}");
            assert_eq!(said.contains("sa date"), days, "{said}");
            assert!(!days || !said.contains("la date valent pour toutes"), "{said}");
        }
    }

    #[test]
    fn the_title_is_the_answer() {
        let counts = Counts { ready: 13, fault: 3, ..Counts::default() };
        assert_eq!(counts.title(), "13\u{a0}lignes sont prêtes, 3 sont à corriger");
        let one = Counts { ready: 1, fault: 1, question: 1, ..Counts::default() };
        assert_eq!(one.title(), "1\u{a0}ligne est prête, 1\u{a0}est à corriger, 1\u{a0}attend votre réponse");
        assert_eq!(Counts::default().title(), "Aucune ligne n’est prête");
        assert_eq!((Counts::default().button().as_str(), one.button().as_str()), ("", "Attester la ligne prête"));
    }
}
