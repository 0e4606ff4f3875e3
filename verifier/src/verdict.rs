//! The verdict: judges what came in, counts it, and answers the page or JSON.

use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use checks::{Handed, Inquiry, PartKind, Policy, RecordFacts, Report, Verdict, codes};
use fetch::gather;
use http::{HeaderMap, HeaderValue, header};
use time::OffsetDateTime;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinError;
use tokio::time::Instant;
use web::codes::{Code, Kind};
use web::{Cache, Error, Shell, Site, Words, dates, wants_json};

use crate::count::Way;
use crate::house::Verifier;
use crate::presentation::{self, Absent};
use crate::report::{self, Record, Shown};
use crate::target::{self, Target};
use crate::visitor::Visitor;

/// How long one waits for those before.
const PATIENCE: Duration = Duration::from_secs(10);

/// `GET /v/{token}`
pub(crate) async fn page(
    State(house): State<Verifier>,
    visitor: Visitor,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> web::Result {
    shown(&house, &visitor, &token, wants_json(&headers)).await
}

/// `GET /v/{token}/json`
pub(crate) async fn json(State(house): State<Verifier>, visitor: Visitor, Path(token): Path<String>) -> web::Result {
    shown(&house, &visitor, &token, true).await
}

/// Looks for the badge that a file carries, where blocking is allowed; gives the file back.
pub(crate) async fn unpack(house: &Verifier, bytes: Vec<u8>) -> web::Result<(Handed, Vec<u8>)> {
    let turn = turn(&house.bench, PATIENCE).await?;
    let read = move || {
        // The turn ends with the work, also when the visitor has gone away.
        let _turn = turn;
        (Handed::read(&bytes), bytes)
    };
    finished(tokio::task::spawn_blocking(read).await)
}

/// Judges one file that came by itself, and answers.
pub(crate) async fn of_file(house: &Verifier, way: Way, handed: Handed, json: bool) -> web::Result {
    let inquiry = Inquiry::open_handed(handed, house.given.clock.now(), Policy::FULL);
    let reports = judge(house, &house.bench, way, vec![inquiry]).await?;
    answer(house, &Judged { way, until: None, token: None, reports }, json)
}

/// Judges what stands at an address, and answers; `Err` is why nothing came from there.
pub(crate) async fn of_url(
    house: &Verifier,
    way: Way,
    url: &str,
    json: bool,
) -> web::Result<Result<Response, Option<String>>> {
    let inquiry = Inquiry::open_url(url, house.given.clock.now(), Policy::FULL);
    let reports = judge(house, &house.bench, way, vec![inquiry]).await?;
    let findings = reports.iter().flat_map(|report| &report.findings);
    if let Some(absent) = findings.into_iter().find(|finding| finding.code == codes::DOCUMENT_UNANSWERED) {
        return Ok(Err(absent.detail.clone()));
    }
    answer(house, &Judged { way, until: None, token: None, reports }, json).map(Ok)
}

/// What is to be answered.
struct Judged {
    way: Way,
    until: Option<OffsetDateTime>,
    /// What stands after `/v/`, for the link to JSON and for trying again.
    token: Option<String>,
    reports: Vec<Report>,
}

async fn shown(house: &Verifier, visitor: &Visitor, typed: &str, json: bool) -> web::Result {
    let token = match target::token(typed) {
        Some(Target::Ours(token)) => token,
        Some(Target::Belongs(kind)) => return Err(belongs(house.site(), kind)),
        _ => return Err(unknown()),
    };
    visitor.may_try(house).await?;
    let presentation = match presentation::ask(house, visitor, &token).await {
        Ok(presentation) => presentation,
        Err(Absent::Unknown) => {
            visitor.was_wrong(house).await?;
            return Err(unknown());
        }
        Err(Absent::Gone) => return Err(gone(&token)),
        Err(Absent::TooMany(seconds)) => return Err(Error::TooMany(seconds)),
        Err(Absent::Silent) => return Err(silent(&token)),
    };
    if presentation.texts.is_empty() {
        return Err(nothing());
    }
    let way = if is_showing(&token) { Way::Code } else { Way::Share };
    let now = house.given.clock.now();
    let inquiries = presentation.texts.iter().map(|text| Inquiry::open(text, now, Policy::FULL)).collect();
    let reports = judge(house, &house.counter, way, inquiries).await?;
    answer(house, &Judged { way, until: presentation.until, token: Some(token), reports }, json)
}

/// Judges one after the other, in one turn at `place` and before one hour for all.
async fn judge(
    house: &Verifier,
    place: &Arc<Semaphore>,
    way: Way,
    inquiries: Vec<Inquiry>,
) -> web::Result<Vec<Report>> {
    let given = Arc::clone(&house.given);
    let turn = turn(place, PATIENCE).await?;
    let work = async move {
        // The turn ends with the work, also when the visitor has gone away.
        let _turn = turn;
        let until = Instant::now() + gather::PATIENCE;
        let mut reports = Vec::with_capacity(inquiries.len());
        for inquiry in inquiries {
            let inquiry = inquiry.with_register_at(&given.register_url);
            reports.push(gather::finish_by(inquiry, &given.door, &given.register_url, until).await);
        }
        reports
    };
    let reports = finished(tokio::spawn(work).await)?;
    let given = &house.given;
    let verdicts: Vec<Verdict> = reports.iter().map(|report| report.verdict).collect();
    house.counts.add(&given.db, way, &verdicts, given.clock.now());
    Ok(reports)
}

async fn turn(place: &Arc<Semaphore>, patience: Duration) -> web::Result<OwnedSemaphorePermit> {
    match tokio::time::timeout(patience, Arc::clone(place).acquire_owned()).await {
        Ok(Ok(turn)) => Ok(turn),
        _ => Err(busy()),
    }
}

/// What the work gave; a panic in it is this request's.
fn finished<T>(work: Result<T, JoinError>) -> web::Result<T> {
    match work.map_err(JoinError::try_into_panic) {
        Ok(done) => Ok(done),
        Err(Ok(panic)) => std::panic::resume_unwind(panic),
        // The program is stopping.
        Err(Err(_)) => Err(busy()),
    }
}

fn busy() -> Error {
    Error::Unavailable.with(
        Words::new(
            "Trop de badges arrivent en même temps",
            "Le vôtre n’a pas été vérifié\u{a0}; cela ne dit rien contre lui. Essayez de nouveau dans une minute.",
        )
        .link("/v", "Essayer de nouveau"),
    )
}

fn answer(house: &Verifier, judged: &Judged, json: bool) -> web::Result {
    let from_livret = judged.token.is_some();
    let cache = if from_livret { Cache::Token } else { Cache::Private };
    let reports = unfolded(&judged.reports);
    let mut response = if json {
        let value = report::answer(judged.way, judged.until, &reports, from_livret, record(&judged.reports));
        web::document("application/json", cache, value.to_string())
    } else {
        let shown: Vec<Shown> = reports.iter().map(|report| Shown::new(report, from_livret)).collect();
        let mut around = Around::new(judged.token.as_deref(), judged.until, judged.way);
        around.record = record(&judged.reports).map(Record::new);
        render(house.site(), cache, shown, around)?
    };
    response.headers_mut().append(header::VARY, HeaderValue::from_static("Accept"));
    Ok(response)
}

/// The record that came in by itself, as it was signed.
fn record(reports: &[Report]) -> Option<&RecordFacts> {
    match reports {
        [one] => one.record.as_ref(),
        _ => None,
    }
}

/// What holds badges is answered as the badges in it; first as itself, when something is amiss with it.
fn unfolded(reports: &[Report]) -> Vec<&Report> {
    let mut all = Vec::with_capacity(reports.len());
    for report in reports {
        let of_kind = |wanted| report.parts.iter().filter(move |part| part.kind == wanted).map(|part| &part.report);
        let (embedded, presented) = (of_kind(PartKind::Embedded), of_kind(PartKind::Presented));
        let inside: Vec<&Report> = embedded.chain(presented).collect();
        // The verdict of a presentation is only that of its badges.
        let amiss = report.verdict != Verdict::Authentic && of_kind(PartKind::Embedded).next().is_some();
        if inside.is_empty() || amiss {
            all.push(report);
        }
        all.extend(inside);
    }
    all
}

fn render(site: &Site, cache: Cache, mut shown: Vec<Shown>, around: Around) -> web::Result<Response> {
    if shown.len() == 1 {
        web::render(cache, &One::new(site, shown.remove(0), around))
    } else {
        web::render(cache, &Several::new(site, shown, around))
    }
}

/// What stands around the verdicts of a page.
#[derive(Debug, Clone, Default)]
pub(crate) struct Around {
    /// The address of the same as JSON.
    json: Option<String>,
    /// A livret shows it: whoever shared it sees that it was opened.
    pub(crate) from_livret: bool,
    /// The signed record that everything on the page came in.
    pub(crate) record: Option<Record>,
    /// Where to try again.
    again: String,
    /// « Ce partage est ouvert jusqu’au… »
    until: Option<String>,
}

impl Around {
    pub(crate) fn new(token: Option<&str>, until: Option<OffsetDateTime>, way: Way) -> Self {
        let until = until.map(|until| match way {
            Way::Code => format!("Ce code montre jusqu’à {}.", dates::time(dates::paris(until).time())),
            _ => format!("Ce partage est ouvert jusqu’au {}.", dates::long(dates::day_in_paris(until))),
        });
        Self {
            json: token.map(|token| format!("/v/{token}/json")),
            from_livret: token.is_some(),
            record: None,
            again: token.map_or_else(|| "/v".to_owned(), |token| format!("/v/{token}")),
            until,
        }
    }
}

/// One badge.
#[derive(Template)]
#[template(path = "verifier/un.html")]
pub(crate) struct One {
    shell: Shell,
    badge: Shown,
    around: Around,
}

impl One {
    pub(crate) fn new(site: &Site, one: Shown, around: Around) -> Self {
        Self { shell: shell(site, one.title), badge: one.of_house(&site.houses.issuer), around }
    }
}

/// Several badges.
#[derive(Template)]
#[template(path = "verifier/plusieurs.html")]
pub(crate) struct Several {
    shell: Shell,
    all: Vec<Shown>,
    around: Around,
    /// The person, when every badge that says a name says the same.
    person: Option<String>,
    may_retry: bool,
}

impl Several {
    pub(crate) fn new(site: &Site, all: Vec<Shown>, around: Around) -> Self {
        let mut names = all.iter().filter_map(|one| one.facts.as_ref()?.recipient.clone());
        let person = names.next().filter(|first| names.all(|name| name == *first));
        let may_retry = all.iter().any(Shown::may_retry);
        let all: Vec<Shown> = all.into_iter().map(|one| one.of_house(&site.houses.issuer)).collect();
        let title = report::title_of_several(&all, around.record.is_some());
        Self { shell: shell(site, title), all, around, person, may_retry }
    }
}

fn shell(site: &Site, title: impl Into<String>) -> Shell {
    Shell::new(site, title).house("Vérification").menu([("Vérifier un autre badge", "/v")]).mid().noindex()
}

fn is_showing(token: &str) -> bool {
    Code::parse(token).is_ok_and(|code| code.kind() == Kind::Showing)
}

/// A code or link that opens nothing.
pub(crate) fn unknown() -> Error {
    Error::NotFound.with(
        Words::new(
            "Ce code ne montre rien",
            "Un signe est peut-être faux, ou le code ne sert plus\u{a0}: un code de 8\u{a0}signes ne dure qu’un quart d’heure. Demandez à la personne de montrer son badge de nouveau.",
        )
        .link("/v", "Taper un autre code"),
    )
}

/// Stopped, or over.
pub(crate) fn gone(token: &str) -> Error {
    let words = if is_showing(token) {
        Words::new(
            "Ce code ne sert plus",
            "Un code de 8\u{a0}signes dure un quart d’heure. Demandez à la personne de montrer son badge de nouveau.",
        )
    } else {
        Words::new(
            "Ce partage n’est plus ouvert",
            "La personne l’a arrêté, ou sa date de fin est passée. Cela ne dit rien contre ses badges\u{a0}: demandez-lui un nouveau lien.",
        )
    };
    Error::Gone.with(words.link("/v", "Vérifier un autre badge"))
}

/// The wallet does not answer.
pub(crate) fn silent(token: &str) -> Error {
    Error::Unavailable.with(
        Words::new(
            "Le livret ne répond pas",
            "Nous n’avons pas pu lire ce qu’il montre. Cela ne dit rien contre les badges.",
        )
        .link(&format!("/v/{token}"), "Essayer de nouveau"),
    )
}

/// An open share whose badges were all put away.
pub(crate) fn nothing() -> Error {
    Error::NotFound.with(
        Words::new(
            "Il n’y a plus de badge ici",
            "La personne n’y montre plus aucun badge. Demandez-lui un nouveau lien.",
        )
        .link("/v", "Vérifier un autre badge"),
    )
}

/// A slip's or card's code in an address of ours.
pub(crate) fn belongs(site: &Site, kind: Kind) -> Error {
    let (to, label) = place(site, kind);
    Error::NotFound.with(Words::new("Ce code n’est pas pour cette page", kind.belongs()).link(&to, label))
}

/// Where a code of that kind is typed.
pub(crate) fn place(site: &Site, kind: Kind) -> (String, &'static str) {
    match kind {
        Kind::Slip => (site.houses.wallet.join("/r"), "Recevoir un badge"),
        Kind::Card => (site.houses.wallet.join("/livret/entrer"), "Ouvrir mon livret"),
        Kind::Share | Kind::Showing => ("/v".to_owned(), "Vérifier un badge"),
    }
}
