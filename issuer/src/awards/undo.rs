//! « Annuler »: within ten minutes the whole lot is taken back (decisions §25), after a page that says what will happen to
//! how many badges. Letters wait until then; what somebody has seen nevertheless, claimed or announced, is said to be
//! withdrawn.

use std::collections::HashSet;

use axum::extract::{Path, State};
use store::{Tx, bulk, execute, on, outbox};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;
use web::{Cache, Error, Sample, Shell, Site, Words, dates, words};

use super::lots::Lot;
use super::pages::find;
use crate::access::{Trainer, trainer_shell};
use crate::training_sessions::{self, pages::badge_words};
use crate::{HOUSE, Issuer, Result, delivery, status};

/// How long after its end a lot can be taken back.
pub const LASTS: Duration = Duration::minutes(10);

/// The reason of a badge that had been claimed or announced before its lot was taken back.
pub const SEEN: &str = "lot_undone";

/// Until when a lot can be taken back; `None` while it is being made, and once it was.
pub fn until(lot: &Lot) -> Option<OffsetDateTime> {
    lot.finished_at.filter(|_| lot.undone_at.is_none()).map(|at| at + LASTS)
}

#[derive(askama::Template)]
#[template(path = "awards/undo.html")]
struct UndoPage {
    shell: Shell,
    lot: Uuid,
    badge: String,
    vignette: String,
    session: String,
    /// What happens, a sentence for each fate of a badge.
    fates: Vec<(&'static str, String)>,
    /// « les 12 badges ».
    what: String,
    keep: &'static str,
    /// « 14 h 30 ».
    until: String,
}

/// What undoing a lot now would do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Forecast {
    /// Badges that nobody has seen: they disappear.
    unseen: usize,
    /// Badges claimed, or whose letter has left: they are told as withdrawn.
    seen: usize,
}

pub(super) async fn page(State(issuer): State<Issuer>, trainer: Trainer, Path(id): Path<String>) -> Result {
    let lot = find(&issuer, &trainer, &id).await?;
    if lot.undone_at.is_some() {
        return Ok(web::redirect(&format!("/atelier/lots/{}", lot.lot_id)));
    }
    let until = until(&lot).filter(|until| issuer.clock.now() < *until).ok_or_else(|| not_now(&lot))?;
    let session = training_sessions::rows::find(&issuer.db, trainer.organisation_id, lot.session_id).await?;
    let title = session.ok_or(Error::NotFound)?.title;
    let forecast = forecast(&issuer, &lot).await?;
    web::render(Cache::Private, &UndoPage::new(&issuer.site, &trainer.organisation_name, &lot, &title, forecast, until))
}

pub(super) async fn act(State(issuer): State<Issuer>, trainer: Trainer, Path(id): Path<String>) -> Result {
    let lot = find(&issuer, &trainer, &id).await?;
    if lot.undone_at.is_some() || undo(&issuer, &trainer, &lot).await? {
        return Ok(web::redirect(&format!("/atelier/lots/{}", lot.lot_id)));
    }
    Err(not_now(&lot))
}

/// Why a lot cannot be taken back whole any more, or not yet; and what can be done.
fn not_now(lot: &Lot) -> Error {
    let page = format!("/atelier/lots/{}", lot.lot_id);
    let words = match until(lot) {
        None => Words::new(
            "Ce lot n’est pas encore prêt",
            "Les badges se préparent. Vous pourrez annuler quand ils le seront, pendant dix minutes.",
        )
        .link(&page, "Voir où cela en est"),
        Some(until) => Words::new(
            "Il est trop tard pour annuler tout le lot",
            &format!(
                "C’était possible jusqu’au {}. Depuis, les courriels sont partis et les badges sont en vigueur. Pour \
                 reprendre un badge, retirez-le\u{a0}: la vérification le dira.",
                dates::moment(until)
            ),
        )
        .link(&format!("{page}#reprendre"), "Choisir un badge à retirer"),
    };
    Error::Conflict.with(words)
}

async fn forecast(issuer: &Issuer, lot: &Lot) -> Result<Forecast> {
    let letters = outbox::states_of_batch(&issuer.db, HOUSE, lot.lot_id).await?;
    let sent = letters.iter().filter(|known| known.state == outbox::State::Sent);
    let sent: HashSet<Uuid> = sent.filter_map(|known| delivery::award_of(&known.message_id)).collect();
    let awards: Vec<(Uuid, Option<Uuid>)> = on!(issuer.db, c => sqlx::query_as(
        "select a.award_id, k.award_id as claimed
         from issuer_award a left join issuer_claim k on k.award_id = a.award_id
         where a.organisation_id = $1 and a.lot_id = $2 and a.withdrawn_at is null")
        .bind(lot.organisation_id).bind(lot.lot_id).fetch_all(c).await)?;
    let seen = awards.iter().filter(|(award, claimed)| claimed.is_some() || sent.contains(award)).count();
    Ok(Forecast { unseen: awards.len() - seen, seen })
}

impl UndoPage {
    fn new(
        site: &Site,
        organisation: &str,
        lot: &Lot,
        session: &str,
        forecast: Forecast,
        until: OffsetDateTime,
    ) -> Self {
        let Forecast { unseen, seen } = forecast;
        let all = unseen + seen;
        let badges = |n| words::count(n, "badge", "badges");
        let what = if all < 2 { "ce badge".to_owned() } else { format!("les {}", badges(all)) };
        let mut fates = Vec::new();
        if unseen > 0 {
            let (badges, them) = (badges(unseen), words::plural(unseen, "ne l’a vu", "ne les a vus"));
            let go = words::plural(unseen, "disparaît", "disparaissent");
            fates.push((
                "undo-2",
                format!(
                    "{badges} {go}\u{a0}: personne {them}. Les courriels en attente ne partent pas, les coupons de ce lot ne \
                     marchent plus."
                ),
            ));
        }
        if seen > 0 {
            let are = words::plural(
                seen,
                "a déjà été récupéré ou annoncé par courriel\u{a0}: il apparaîtra comme retiré",
                "ont déjà été récupérés ou annoncés par courriel\u{a0}: ils apparaîtront comme retirés",
            );
            fates.push(("ban", format!("{} {are} à la vérification, et dans le livret.", badges(seen))));
        }
        let (badge, vignette) = badge_words(&lot.badge_id, &lot.level);
        Self {
            shell: trainer_shell(site, organisation, &format!("Annuler {what}\u{202f}?")).current("/atelier").narrow(),
            lot: lot.lot_id,
            badge,
            vignette,
            session: session.to_owned(),
            fates,
            what,
            keep: words::plural(all, "Garder le badge", "Garder les badges"),
            until: dates::time(dates::paris(until).time()),
        }
    }
}

pub(super) fn samples(site: &Site, lot: &Lot) -> Vec<Sample> {
    const PATH: &str = "/atelier/lots/{lot}/annuler";
    let until = time::macros::datetime!(2026-11-23 13:30 UTC);
    let page = |unseen, seen| {
        let forecast = Forecast { unseen, seen };
        UndoPage::new(site, "Les Ateliers du Noireau", lot, "#Avenir, groupe du lundi", forecast, until)
    };
    vec![
        Sample::new(HOUSE, PATH, "annuler", &page(9, 3)),
        Sample::new(HOUSE, PATH, "annuler-un", &page(1, 0)),
        Sample::new(HOUSE, PATH, "annuler-vus", &page(0, 5)),
    ]
}

/// Takes a lot back: letters that have not left are cancelled, every status bit is set, every award is withdrawn and
/// its codes end. `false` when it is too late, or too early. The same file can be attested again afterwards.
pub async fn undo(issuer: &Issuer, trainer: &Trainer, lot: &Lot) -> Result<bool> {
    let now = issuer.clock.now();
    let (organisation_id, lot_id) = (trainer.organisation_id, lot.lot_id);
    let mut tx = issuer.db.begin().await?;
    let taken = execute!(
        tx,
        sqlx::query(
            "update issuer_lot set undone_at = $3, undone_by = $4
         where organisation_id = $1 and lot_id = $2 and undone_at is null and finished_at is not null
           and finished_at > $5"
        )
        .bind(organisation_id)
        .bind(lot_id)
        .bind(now)
        .bind(trainer.member_id)
        .bind(now - LASTS)
    )?;
    if taken != 1 {
        return Ok(false);
    }
    outbox::cancel_batch(&mut tx, HOUSE, lot_id, now).await?;
    // Whichever of its letters it is.
    let letters: HashSet<String> = outbox::left_of_batch(&mut tx, HOUSE, lot_id).await?.into_iter().collect();
    let left: HashSet<Uuid> = letters.iter().filter_map(|id| delivery::award_of(id)).collect();
    // What was withdrawn one by one in the meantime keeps its own reason.
    let found: Vec<(Uuid, i64, i64, Option<Uuid>)> = on!(tx, c => sqlx::query_as(
        "select a.award_id, v.status_list, v.status_index, k.award_id as claimed
         from issuer_credential v join issuer_award a on a.award_id = v.award_id
         left join issuer_claim k on k.award_id = a.award_id
         where a.organisation_id = $1 and a.lot_id = $2 and a.withdrawn_at is null")
        .bind(organisation_id).bind(lot_id).fetch_all(c).await)?;
    let entries = found
        .iter()
        .map(|(_, list, index, _)| Ok((*list, u32::try_from(*index).map_err(Error::internal)?)))
        .collect::<Result<Vec<_>>>()?;
    status::set_all(&mut tx, organisation_id, &entries, now).await?;
    execute!(
        tx,
        sqlx::query(
            "insert into issuer_withdrawal (award_id, organisation_id, kind, withdrawn_by, withdrawn_at)
         select award_id, organisation_id, 'undone', $3, $4 from issuer_award
         where organisation_id = $1 and lot_id = $2 and withdrawn_at is null"
        )
        .bind(organisation_id)
        .bind(lot_id)
        .bind(trainer.member_id)
        .bind(now)
    )?;
    let seen: Vec<(Uuid, bool)> = found
        .iter()
        .map(|(award, _, _, claimed)| (*award, claimed.is_some()))
        .filter(|(award, claimed)| *claimed || left.contains(award))
        .collect();
    say_withdrawn(&mut tx, organisation_id, &seen).await?;
    delivery::withdrawn::queue_of_lot(&mut tx, issuer, (organisation_id, lot_id), &seen, &letters).await?;
    execute!(tx, sqlx::query(
        "update issuer_award set withdrawn_at = $3 where organisation_id = $1 and lot_id = $2 and withdrawn_at is null")
        .bind(organisation_id).bind(lot_id).bind(now))?;
    tx.commit().await?;
    Ok(true)
}

/// What somebody has seen does not disappear: it was withdrawn.
async fn say_withdrawn(tx: &mut Tx, organisation_id: Uuid, seen: &[(Uuid, bool)]) -> store::Result<()> {
    for some in seen.chunks(bulk::ROWS) {
        let next = some.len() + 1;
        // Only our own words and placeholders: every value is bound.
        let sql = sqlx::AssertSqlSafe(format!(
            "update issuer_withdrawal set kind = 'withdrawn', reason = ${} from (values {}) as told
             where organisation_id = ${next} and award_id = told.column1 and kind = 'undone'",
            next + 1,
            bulk::values(tx, some.len(), 1)
        ));
        execute!(tx, {
            let mut query = sqlx::query(sql).persistent(bulk::stays(some.len()));
            for (award, _) in some {
                query = query.bind(*award);
            }
            query.bind(organisation_id).bind(SEEN)
        })?;
    }
    Ok(())
}
