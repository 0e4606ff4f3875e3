//! Where the badges of an import are: the same page during and after, to come back to from any browser.

use store::{Db, on};
use time::OffsetDateTime;
use uuid::Uuid;
use web::{Sample, Shell, Site, dates, words};

use super::rows::Import;
use crate::access::{Trainer, trainer_shell};
use crate::awards::undo;
use crate::training_sessions::pages::badge_words;
use crate::{HOUSE, Issuer, Result, training_sessions};

/// How far one lot is.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct LotProgress {
    /// The lot.
    pub lot_id: Uuid,
    /// Its badge.
    pub badge_id: String,
    /// Its level.
    pub level: String,
    /// How many people.
    pub total: i64,
    /// For how many it is done.
    pub done: i64,
    /// When it was done for all.
    pub finished_at: Option<OffsetDateTime>,
    /// Whether it was taken back.
    pub undone: bool,
    /// How many badges were made, once it is done; until then `done` says how far it is.
    pub attested: i64,
}

/// The lots of an import, in the order of the référentiel's ids.
pub async fn of_import(db: &Db, organisation_id: Uuid, import_id: Uuid) -> store::Result<Vec<LotProgress>> {
    Ok(on!(db, c => sqlx::query_as(
        "select l.lot_id, l.badge_id, l.level, l.total, l.done, l.finished_at,
             l.undone_at is not null as undone,
             case when l.finished_at is null then 0 else
                 (select count(*) from issuer_lot_row r where r.lot_id = l.lot_id and r.outcome = 'attested')
             end as attested
         from issuer_lot l where l.organisation_id = $1 and l.import_id = $2 order by l.badge_id, l.level, l.lot_id")
        .bind(organisation_id).bind(import_id).fetch_all(c).await)?)
}

#[derive(askama::Template)]
#[template(path = "imports/progress.html")]
pub(super) struct ProgressPage {
    shell: Shell,
    import: Uuid,
    session_id: Uuid,
    session: String,
    file_name: String,
    running: bool,
    done: i64,
    total: i64,
    figures: String,
    /// « 2 lignes n’ont pas été attestées »; empty when all were taken.
    left: String,
    lots: Vec<LotLine>,
}

struct LotLine {
    lot: Uuid,
    badge: String,
    vignette: String,
    figures: String,
    tone: &'static str,
    icon: &'static str,
    word: &'static str,
    /// Whether it has slips to print.
    slips: bool,
    /// « 14 h 30 »; empty when it cannot be taken back.
    undo_until: String,
}

/// The page of an import that was attested.
pub(super) async fn show(
    issuer: &Issuer,
    trainer: &Trainer,
    import: &Import,
    lots: &[LotProgress],
) -> Result<ProgressPage> {
    let session = training_sessions::rows::title(&issuer.db, trainer.organisation_id, import.session_id)
        .await?
        .ok_or(web::Error::NotFound)?;
    Ok(ProgressPage::new(&issuer.site, &trainer.organisation_name, &session, import, lots, issuer.clock.now()))
}

impl ProgressPage {
    fn new(
        site: &Site,
        organisation: &str,
        session: &str,
        import: &Import,
        lots: &[LotProgress],
        now: OffsetDateTime,
    ) -> Self {
        let badges = |n: i64| words::count(usize::try_from(n).unwrap_or_default(), "badge", "badges");
        let (done, total) = (lots.iter().map(|l| l.done).sum::<i64>(), lots.iter().map(|l| l.total).sum::<i64>());
        let attested: i64 = lots.iter().filter(|l| !l.undone).map(|l| l.attested).sum();
        let running = lots.iter().any(|lot| lot.finished_at.is_none());
        let figures = format!("{} sur {}", words::number(done), words::number(total));
        let title = match attested {
            _ if running => format!("{figures}\u{a0}: les badges se préparent"),
            0 => "Aucun badge attesté".to_owned(),
            1 => "1\u{a0}badge attesté".to_owned(),
            n => format!("{} attestés", badges(n)),
        };
        let mut shell = trainer_shell(site, organisation, &title).current("/atelier");
        if running {
            shell = shell.refresh(2);
        }
        Self {
            shell,
            import: import.import_id,
            session_id: import.session_id,
            session: session.to_owned(),
            file_name: import.file_name.clone(),
            running,
            done,
            total,
            figures,
            left: match usize::try_from(import.row_count - total).unwrap_or_default() {
                0 => String::new(),
                1 => "1\u{a0}ligne n’a pas été prise".to_owned(),
                n => format!("{} n’ont pas été prises", words::count(n, "ligne", "lignes")),
            },
            lots: lots.iter().map(|lot| LotLine::new(lot, now)).collect(),
        }
    }
}

impl LotLine {
    fn new(lot: &LotProgress, now: OffsetDateTime) -> Self {
        let (badge, vignette) = badge_words(&lot.badge_id, &lot.level);
        let (tone, icon, word) = match (lot.undone, lot.finished_at.is_some()) {
            (true, _) => ("", "undo-2", "Annulé"),
            (_, false) => ("info", "hourglass", "En préparation"),
            (_, true) => ("ok", "check", "Fini"),
        };
        let made = usize::try_from(lot.attested).unwrap_or_default();
        let figures = if lot.undone {
            words::count_or(made, "aucun badge", "badge annulé", "badges annulés")
        } else if lot.finished_at.is_some() {
            words::count_or(made, "aucun badge attesté", "badge attesté", "badges attestés")
        } else {
            format!("{} sur {}", words::number(lot.done), words::number(lot.total))
        };
        let in_force = !lot.undone && lot.attested > 0;
        let until = lot.finished_at.map(|at| at + undo::LASTS).filter(|until| in_force && now < *until);
        Self {
            lot: lot.lot_id,
            badge,
            vignette,
            figures,
            tone,
            icon,
            word,
            slips: in_force,
            undo_until: until.map(|at| dates::time(dates::paris(at).time())).unwrap_or_default(),
        }
    }
}

pub(super) fn samples(site: &Site) -> Vec<Sample> {
    const PATH: &str = "/atelier/imports/{import}";
    let at = time::macros::datetime!(2026-11-23 13:20 UTC);
    let lot = |badge: &str, level: &str, total, done, undone| LotProgress {
        lot_id: Uuid::nil(),
        badge_id: badge.into(),
        level: level.into(),
        total,
        done,
        finished_at: (total == done).then_some(at),
        undone,
        attested: if total == done { done } else { 0 },
    };
    let import = super::review::sample_import(10_000);
    let page = |lots: &[LotProgress]| {
        ProgressPage::new(site, "Les Ateliers du Noireau", "#Avenir, groupe du lundi", &import, lots, at)
    };
    let first = lot("bas-lire", "pratique", 4_000, 4_000, false);
    vec![
        Sample::new(
            HOUSE,
            PATH,
            "import-en-cours",
            &page(&[first.clone(), lot("cpt-travail-en-equipe", "pratique", 6_000, 1_200, false)]),
        ),
        Sample::new(
            HOUSE,
            PATH,
            "import-fini",
            &page(&[first, lot("bas-ecrire", "decouvre", 1, 1, false), lot("cpt-rigueur", "pratique", 2, 2, true)]),
        ),
    ]
}
