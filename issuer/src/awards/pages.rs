//! The routes of attesting, and following a lot.

use axum::extract::{Path, State};
use axum::routing::{get, post};
use time::Duration;
use uuid::Uuid;
use web::{Cache, Error, Routes, Sample, Shell, Site, Who, dates, words};

use super::lots::{self, Lot, Outcomes};
use super::{attest, picker, undo, withdrawals};
use crate::access::{Trainer, trainer_shell};
use crate::training_sessions::{self, pages::badge_words};
use crate::{HOUSE, Issuer, Result};

/// The routes of this slice.
pub(crate) fn routes() -> Routes<Issuer> {
    Routes::new(HOUSE)
        .page(Who::Trainer, "/atelier/sessions/{id}/attester", get(attest::page).post(attest::attest))
        .page(Who::Trainer, "/atelier/sessions/{id}/badges", get(picker::page))
        .page(Who::Trainer, "/atelier/lots/{lot}", get(lot))
        .page(Who::Trainer, "/atelier/lots/{lot}/annuler", get(undo::page).post(undo::act))
        .page(Who::Trainer, "/atelier/badges/{award}", get(withdrawals::badge))
        .page(Who::Trainer, "/atelier/badges/{award}/retirer", get(withdrawals::page).post(withdrawals::withdraw))
        .form(Who::Trainer, "/atelier/badges/{award}/demande", post(withdrawals::answer))
}

/// The pages of this slice in all their states.
pub(crate) fn samples(site: &Site) -> Vec<Sample> {
    [
        attest::samples(site),
        picker::samples(site),
        lot_samples(site),
        undo::samples(site, &sample_lot()),
        withdrawals::samples(site),
    ]
    .concat()
}

/// Badges that a lot's page names to be withdrawn one by one.
const ONE_BY_ONE: i64 = 25;

#[derive(askama::Template)]
#[template(path = "awards/lot.html")]
struct LotPage {
    shell: Shell,
    lot: Uuid,
    session_id: Uuid,
    session: String,
    badge: String,
    vignette: String,
    running: bool,
    progress: String,
    undone: bool,
    /// What somebody had seen before it was undone; empty when nobody had.
    seen: String,
    /// « 14 h 30 »; empty when it is too late.
    undo_until: String,
    /// « 23 novembre 2026 à 14 h 30 », once it is too late.
    undo_ended: String,
    /// The first badges in force, to be withdrawn one by one once it is too late: award and name.
    in_force: Vec<(Uuid, String)>,
    /// Where the others are; empty when there is none.
    others: &'static str,
    attested: bool,
    notes: Vec<(&'static str, &'static str, String)>,
    set_aside: Option<Uuid>,
}

async fn lot(State(issuer): State<Issuer>, trainer: Trainer, Path(lot): Path<String>) -> Result {
    let lot = find(&issuer, &trainer, &lot).await?;
    let session = training_sessions::rows::title(&issuer.db, trainer.organisation_id, lot.session_id)
        .await?
        .ok_or(Error::NotFound)?;
    let outcomes = lots::outcomes(&issuer.db, &lot).await?;
    let undo_until = undo::until(&lot).filter(|until| issuer.clock.now() < *until);
    let site = &issuer.site;
    let mut page = LotPage::new(site, &trainer.organisation_name, &lot, &session, outcomes, undo_until);
    if lot.finished_at.is_some() && undo_until.is_none() {
        page.offers_each(lots::in_force(&issuer.db, &lot, ONE_BY_ONE + 1).await?, undo::until(&lot));
    }
    web::render(Cache::Private, &page)
}

/// The lot of an address, if it is this organisation's.
pub(crate) async fn find(issuer: &Issuer, trainer: &Trainer, id: &str) -> Result<Lot> {
    let id = id.parse().map_err(|_| Error::NotFound)?;
    lots::find(&issuer.db, trainer.organisation_id, id).await?.ok_or(Error::NotFound)
}

impl LotPage {
    fn new(
        site: &Site,
        organisation: &str,
        lot: &Lot,
        session: &str,
        outcomes: Outcomes,
        undo_until: Option<time::OffsetDateTime>,
    ) -> Self {
        let number = |n: i64| usize::try_from(n).unwrap_or_default();
        let badges = |n| words::count(number(n), "badge", "badges");
        let running = lot.finished_at.is_none();
        let undone = lot.undone_at.is_some();
        let progress = format!("{} sur {}", words::number(lot.done), words::number(lot.total));
        let title = if undone {
            match (outcomes.attested, outcomes.seen) {
                (n, 0) if n > 1 => format!("{} annulés, personne ne les a vus", badges(n)),
                (_, 0) => "Badge annulé, personne ne l’a vu".to_owned(),
                (n, _) if n > 1 => format!("{} annulés", badges(n)),
                _ => "Badge annulé".to_owned(),
            }
        } else if running {
            format!("{progress}\u{a0}: les badges se préparent")
        } else {
            match outcomes.attested {
                0 => "Aucun badge attesté".to_owned(),
                1 => "1\u{a0}badge attesté".to_owned(),
                n => format!("{} attestés", badges(n)),
            }
        };
        let seen = match outcomes.seen {
            0 => String::new(),
            1 => "1\u{a0}badge avait déjà été récupéré ou annoncé\u{a0}: il apparaîtra comme retiré.".to_owned(),
            n => format!("{} avaient déjà été récupérés ou annoncés\u{a0}: ils apparaîtront comme retirés.", badges(n)),
        };
        let mut notes = Vec::new();
        if !running {
            let people = |n| words::count(number(n), "personne", "personnes");
            if outcomes.already > 0 {
                let avait = if outcomes.already > 1 { "avaient" } else { "avait" };
                notes.push((
                    "info",
                    "history",
                    format!(
                        "{} {avait} déjà ce badge dans cette session\u{a0}: rien n’a été attesté de nouveau.",
                        people(outcomes.already)
                    ),
                ));
            }
            if outcomes.withdrawn > 0 {
                notes.push(("warn", "ban", format!("Ce badge a été retiré à {} auparavant\u{a0}: pour l’attester de nouveau, passez par la page Attester.", people(outcomes.withdrawn))));
            }
            if outcomes.refused > 0 {
                notes.push(("bad", "circle-alert", format!("{} n’ont pas passé notre propre contrôle et n’ont pas été gardés. La faute est chez nous\u{a0}: prévenez l’exploitant du service.", badges(outcomes.refused))));
            }
        }
        let (badge, vignette) = badge_words(&lot.badge_id, &lot.level);
        let mut shell = trainer_shell(site, organisation, &title).current("/atelier");
        if running {
            shell = shell.refresh(2);
        }
        Self {
            shell,
            lot: lot.lot_id,
            session_id: lot.session_id,
            session: session.to_owned(),
            badge,
            vignette,
            running,
            progress,
            undone,
            seen,
            undo_ended: String::new(),
            in_force: Vec::new(),
            others: "",
            undo_until: undo_until.map(|at| dates::time(dates::paris(at).time())).unwrap_or_default(),
            attested: outcomes.attested > 0,
            notes,
            set_aside: lot.import_id,
        }
    }

    /// Once the lot cannot be taken back whole: its badges, each with its way to be withdrawn.
    fn offers_each(&mut self, mut in_force: Vec<(Uuid, String)>, ended: Option<time::OffsetDateTime>) {
        let shown = usize::try_from(ONE_BY_ONE).unwrap_or_default();
        if in_force.len() > shown {
            self.others = "Les autres badges sont dans la session";
        }
        in_force.truncate(shown);
        self.in_force = in_force;
        self.undo_ended = ended.map(dates::moment).unwrap_or_default();
    }
}

/// A lot for sample pages.
fn sample_lot() -> Lot {
    let at = time::macros::datetime!(2026-11-23 13:20 UTC);
    Lot {
        lot_id: Uuid::nil(),
        organisation_id: Uuid::nil(),
        session_id: Uuid::nil(),
        import_id: Some(Uuid::nil()),
        badge_id: "cpt-travail-en-equipe".into(),
        level: "pratique".into(),
        version: "0.1.0".into(),
        observed_on: at.date(),
        evidence_type: "plateau-technique".into(),
        observed: sqlx::types::Json(vec![0, 2]),
        sentence: "Service de midi.".into(),
        attested_by: Uuid::nil(),
        attested_at: at,
        total: 10_000,
        done: 10_000,
        finished_at: Some(at),
        undone_at: None,
    }
}

fn lot_samples(site: &Site) -> Vec<Sample> {
    const PATH: &str = "/atelier/lots/{lot}";
    let at = time::macros::datetime!(2026-11-23 13:20 UTC);
    let lot = |done, finished_at, undone_at| Lot { done, finished_at, undone_at, ..sample_lot() };
    let outcomes = Outcomes { attested: 9_996, already: 2, withdrawn: 1, refused: 1, seen: 0 };
    let page = |lot: &Lot, outcomes, until| {
        LotPage::new(site, "Les Ateliers du Noireau", lot, "#Avenir, groupe du lundi", outcomes, until)
    };
    let one = Outcomes { attested: 1, ..Outcomes::default() };
    let nobody = Outcomes { already: 5, ..Outcomes::default() };
    let mut late = page(&lot(26, Some(at), None), Outcomes { attested: 26, ..one }, None);
    let names = ["Amina Lefèvre", "Hugo Vasseur"].into_iter().cycle().take(26);
    late.offers_each(names.map(|name| (Uuid::nil(), name.to_owned())).collect(), Some(at));
    vec![
        Sample::new(
            HOUSE,
            PATH,
            "lot-en-cours",
            &page(&lot(3_200, None, None), Outcomes { attested: 3_200, ..one }, None),
        ),
        Sample::new(
            HOUSE,
            PATH,
            "lot-fini",
            &page(&lot(10_000, Some(at), None), outcomes, Some(at + Duration::MINUTE * 10)),
        ),
        Sample::new(HOUSE, PATH, "lot-trop-tard", &late),
        Sample::new(HOUSE, PATH, "lot-un-badge", &page(&lot(1, Some(at), None), one, None)),
        Sample::new(HOUSE, PATH, "lot-personne", &page(&lot(5, Some(at), None), nobody, None)),
        Sample::new(
            HOUSE,
            PATH,
            "lot-annule-vu",
            &page(&lot(10_000, Some(at), Some(at)), Outcomes { seen: 2, ..outcomes }, None),
        ),
        Sample::new(HOUSE, PATH, "lot-annule", &page(&lot(10_000, Some(at), Some(at)), outcomes, None)),
    ]
}
