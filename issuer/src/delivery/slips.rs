//! Printed slips: A4, eight a page, a QR and a code each (specimen `fiche-papier`). Printed again, they are the same; a
//! lost one gets another code, and the former opens nothing.

use axum::extract::{Path, Query, State};
use axum::routing::get;
use serde::Deserialize;
use store::{Db, on};
use time::OffsetDateTime;
use uuid::Uuid;
use web::form::Fields;
use web::{Cache, Error, Form, Routes, Sample, Shell, Site, Who, dates, qr, words};

use super::{acts, codes};
use crate::access::{Trainer, trainer_shell};
use crate::training_sessions::pages::badge_words;
use crate::training_sessions::paging::Paging;
use crate::{HOUSE, Issuer, Result, awards, training_sessions};

/// Slips of one page of the list: 25 sheets.
const PER_PAGE: i64 = 200;

/// The pages of this slice.
pub(crate) fn routes() -> Routes<Issuer> {
    Routes::new(HOUSE)
        .page(Who::Trainer, "/atelier/lots/{lot}/coupons", get(of_lot).post(act_on_lot))
        .page(Who::Trainer, "/atelier/sessions/{id}/coupons", get(of_session).post(act_on_session))
        .page(Who::Trainer, "/atelier/badges/{award}/coupon", get(of_award).post(act_on_award))
}

#[derive(askama::Template)]
#[template(path = "delivery/slips.html")]
struct SlipsPage {
    shell: Shell,
    back: String,
    /// This page, without its query.
    here: String,
    all: bool,
    /// The slip of one badge.
    alone: bool,
    lead: String,
    slips: Vec<Slip>,
    /// « Marquer ces 8 coupons comme remis »; empty when there is none to mark.
    mark: String,
    /// « 2 coupons ont fini de servir »; empty when none has.
    ended: String,
    place: String,
    paging: Paging,
    /// This page with its query, for the next ones.
    next: String,
}

struct Slip {
    name: String,
    badge: String,
    vignette: String,
    organisation: String,
    day: String,
    qr: String,
    code: String,
    until: String,
}

/// `?qui=toutes&page=2`: everybody, or only people without an address.
#[derive(Debug, Clone, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    qui: String,
    #[serde(default)]
    page: Option<i64>,
}

/// Whose slips.
#[derive(Debug, Clone, Copy)]
enum Of {
    Lot(Uuid),
    Session(Uuid),
    Award(Uuid),
}

#[derive(Debug, Clone, sqlx::FromRow)]
struct Row {
    award_id: Uuid,
    badge_id: String,
    level: String,
    awarded_on: time::Date,
    recipient_name: String,
    generation: i64,
    slip_until: OffsetDateTime,
}

async fn of_lot(
    State(issuer): State<Issuer>,
    trainer: Trainer,
    Path(lot): Path<String>,
    Query(asked): Query<Asked>,
) -> Result {
    let lot = awards::pages::find(&issuer, &trainer, &lot).await?;
    show(&issuer, &trainer, Of::Lot(lot.lot_id), &format!("/atelier/lots/{}", lot.lot_id), &asked).await
}

async fn of_session(
    State(issuer): State<Issuer>,
    trainer: Trainer,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result {
    let session = training_sessions::pages::find(&issuer, &trainer, &id).await?;
    let back = format!("/atelier/sessions/{}", session.session_id);
    show(&issuer, &trainer, Of::Session(session.session_id), &back, &asked).await
}

async fn of_award(State(issuer): State<Issuer>, trainer: Trainer, Path(award): Path<String>) -> Result {
    let award = find_award(&issuer, &trainer, &award).await?;
    let asked = Asked { qui: "toutes".to_owned(), page: None };
    show(&issuer, &trainer, Of::Award(award), &format!("/atelier/badges/{award}"), &asked).await
}

async fn act_on_lot(
    State(issuer): State<Issuer>,
    trainer: Trainer,
    Path(lot): Path<String>,
    Query(asked): Query<Asked>,
    Form(fields): Form<Fields>,
) -> Result {
    let lot = awards::pages::find(&issuer, &trainer, &lot).await?;
    let back = format!("/atelier/lots/{}", lot.lot_id);
    let after = format!("/atelier/sessions/{}", lot.session_id);
    act(&issuer, &trainer, Of::Lot(lot.lot_id), (&back, &after), &asked, &fields).await
}

async fn act_on_session(
    State(issuer): State<Issuer>,
    trainer: Trainer,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    Form(fields): Form<Fields>,
) -> Result {
    let session = training_sessions::pages::find(&issuer, &trainer, &id).await?;
    let back = format!("/atelier/sessions/{}", session.session_id);
    act(&issuer, &trainer, Of::Session(session.session_id), (&back, &back), &asked, &fields).await
}

async fn act_on_award(
    State(issuer): State<Issuer>,
    trainer: Trainer,
    Path(award): Path<String>,
    Form(fields): Form<Fields>,
) -> Result {
    let award = find_award(&issuer, &trainer, &award).await?;
    let asked = Asked { qui: "toutes".to_owned(), page: None };
    let back = format!("/atelier/badges/{award}");
    act(&issuer, &trainer, Of::Award(award), (&back, &back), &asked, &fields).await
}

/// Marks the slips of this list as handed over, gives a lost one another code, or renews those that have ended. `back`:
/// the page that the list belongs to; `after`: the one that says what was handed over.
async fn act(
    issuer: &Issuer,
    trainer: &Trainer,
    of: Of,
    (back, after): (&str, &str),
    asked: &Asked,
    fields: &Fields,
) -> Result {
    let now = issuer.clock.now();
    match (fields.get("do"), of) {
        ("remis", _) => {
            let rows = rows(&issuer.db, trainer.organisation_id, of, asked.qui == "toutes").await?;
            let open = rows.iter().filter(|row| row.slip_until > now).map(|row| (row.award_id, row.generation));
            acts::hand_over(issuer, trainer, &open.collect::<Vec<_>>()).await?;
            Ok(web::redirect(&format!("{after}?fait=remis")))
        }
        ("code", Of::Award(award)) => {
            // Only of a badge that still waits.
            if !rows(&issuer.db, trainer.organisation_id, of, true).await?.is_empty() {
                acts::another_code(issuer, trainer, award).await?;
            }
            Ok(web::redirect(&of.page(back)))
        }
        _ => {
            renew(issuer, trainer, of).await?;
            Ok(web::redirect(&format!("{}?qui=toutes", of.page(back))))
        }
    }
}

/// An award of this organisation, by what stands in an address.
async fn find_award(issuer: &Issuer, trainer: &Trainer, id: &str) -> Result<Uuid> {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    let found = awards::rows::find(&issuer.db, trainer.organisation_id, id).await?;
    Ok(found.ok_or(Error::NotFound)?.award_id)
}

impl Of {
    /// The address of the page of slips, below the page it belongs to.
    fn page(self, back: &str) -> String {
        match self {
            Self::Award(_) => format!("{back}/coupon"),
            Self::Lot(_) | Self::Session(_) => format!("{back}/coupons"),
        }
    }
}

/// Badges in force that nobody claimed, of a lot or a session, in the order of names; unless of everybody, those of
/// people whose address nobody knows and to whom no slip was handed over.
async fn rows(db: &Db, organisation_id: Uuid, of: Of, everybody: bool) -> store::Result<Vec<Row>> {
    let (column, id) = match of {
        Of::Lot(id) => ("a.lot_id", id),
        Of::Session(id) => ("a.session_id", id),
        Of::Award(id) => ("a.award_id", id),
    };
    // An address said since is known by its letter.
    let who = if everybody {
        ""
    } else {
        "and a.email is null
         and not exists (select 1 from issuer_letter l where l.award_id = a.award_id)
         and not exists (select 1 from issuer_slip_handed h
                         where h.award_id = a.award_id and h.generation = c.generation)"
    };
    let sql = sqlx::AssertSqlSafe(format!(
        "select a.award_id, a.badge_id, a.level, a.awarded_on, a.recipient_name, c.generation,
             c.expires_at as slip_until
         from issuer_award a
         join issuer_claim_code c on c.award_id = a.award_id and c.kind = 'slip'
             and c.generation = (select max(d.generation) from issuer_claim_code d
                                 where d.award_id = a.award_id and d.kind = 'slip')
         left join issuer_claim k on k.award_id = a.award_id
         where a.organisation_id = $1 and {column} = $2 and a.withdrawn_at is null and k.award_id is null {who}
         order by a.sort_key, a.award_id"
    ));
    Ok(on!(db, c => sqlx::query_as(sql).bind(organisation_id).bind(id).fetch_all(c).await)?)
}

async fn show(issuer: &Issuer, trainer: &Trainer, of: Of, back: &str, asked: &Asked) -> Result {
    let all = asked.qui == "toutes";
    let now = issuer.clock.now();
    let rows = rows(&issuer.db, trainer.organisation_id, of, all).await?;
    let (open, ended): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|row| row.slip_until > now);
    let paging = Paging::new(asked.page.unwrap_or(1), i64::try_from(open.len()).map_err(Error::internal)?, PER_PAGE);
    let skip = usize::try_from(paging.offset()).map_err(Error::internal)?;
    let take = usize::try_from(PER_PAGE).map_err(Error::internal)?;
    let slips = open
        .iter()
        .skip(skip)
        .take(take)
        .map(|row| {
            let generation = u32::try_from(row.generation).map_err(Error::internal)?;
            let code = codes::slip_code(issuer, row.award_id, generation);
            Ok(Slip::new(&issuer.site, &trainer.organisation_name, row, code.as_str(), &code.grouped()))
        })
        .collect::<Result<Vec<_>>>()?;
    let site = &issuer.site;
    let page = SlipsPage::new(site, &trainer.organisation_name, of, back, all, open.len(), slips, ended.len(), paging);
    // The codes open badges: nothing of this page stays anywhere.
    web::render(Cache::Token, &page)
}

async fn renew(issuer: &Issuer, trainer: &Trainer, of: Of) -> Result<()> {
    let now = issuer.clock.now();
    let ended: Vec<(Uuid, u32)> = rows(&issuer.db, trainer.organisation_id, of, true)
        .await?
        .into_iter()
        .filter(|row| row.slip_until <= now)
        .map(|row| Ok((row.award_id, u32::try_from(row.generation).map_err(Error::internal)?)))
        .collect::<Result<_>>()?;
    let mut tx = issuer.db.begin().await?;
    codes::renew_slips(&mut tx, issuer, trainer.organisation_id, &ended, now).await?;
    tx.commit().await?;
    Ok(())
}

impl Slip {
    fn new(site: &Site, organisation: &str, row: &Row, code: &str, grouped: &str) -> Self {
        let (badge, vignette) = badge_words(&row.badge_id, &row.level);
        let address = site.houses.wallet.join_upper(&format!("/r/{code}"));
        Self {
            qr: qr::svg(&address, qr::Level::M, &format!("QR de retrait pour {}", row.recipient_name)),
            name: row.recipient_name.clone(),
            badge,
            vignette,
            organisation: organisation.to_owned(),
            day: dates::long(row.awarded_on),
            code: grouped.to_owned(),
            until: dates::long(dates::day_in_paris(row.slip_until)),
        }
    }
}

impl SlipsPage {
    #[expect(clippy::too_many_arguments, reason = "one page, each of its parts")]
    fn new(
        site: &Site,
        organisation: &str,
        of: Of,
        back: &str,
        all: bool,
        total: usize,
        slips: Vec<Slip>,
        ended: usize,
        paging: Paging,
    ) -> Self {
        let alone = matches!(of, Of::Award(_));
        let title = match (total, all) {
            (0, _) if alone => "Ce badge n’attend pas de coupon".to_owned(),
            (0, false) => "Personne n’attend de coupon".to_owned(),
            (0, true) => "Tous les badges sont récupérés".to_owned(),
            (n, _) => format!("{} à découper", words::count(n, "coupon", "coupons")),
        };
        let lead = if alone {
            "Imprimé de nouveau, c’est le même coupon."
        } else if all {
            "Tous les badges qui ne sont pas encore récupérés."
        } else {
            "Les personnes sans adresse, dont le badge n’est pas encore récupéré."
        };
        Self {
            shell: trainer_shell(site, organisation, &title).current("/atelier"),
            back: back.to_owned(),
            here: of.page(back),
            all,
            alone,
            lead: lead.to_owned(),
            mark: match total {
                0 => String::new(),
                1 => "Marquer ce coupon comme remis".to_owned(),
                n => format!("Marquer ces {} comme remis", words::count(n, "coupon", "coupons")),
            },
            slips,
            ended: match ended {
                0 => String::new(),
                n => words::count(n, "coupon a fini de servir", "coupons ont fini de servir"),
            },
            place: format!("{}/r", site.houses.wallet.authority()),
            paging,
            next: if all { format!("{}?qui=toutes&", of.page(back)) } else { format!("{}?", of.page(back)) },
        }
    }
}

pub(crate) fn samples(site: &Site) -> Vec<Sample> {
    const LOT: &str = "/atelier/lots/{lot}/coupons";
    const SESSION: &str = "/atelier/sessions/{id}/coupons";
    const AWARD: &str = "/atelier/badges/{award}/coupon";
    const ORGANISATION: &str = "Les Ateliers du Noireau";
    let row = |name: &str| Row {
        award_id: Uuid::nil(),
        badge_id: "cpt-travail-en-equipe".into(),
        level: "pratique".into(),
        awarded_on: time::macros::date!(2026 - 11 - 20),
        recipient_name: name.into(),
        generation: 1,
        slip_until: time::macros::datetime!(2027-02-20 9:00 UTC),
    };
    let names = [
        "Amina Lefèvre",
        "Bastien Roussel",
        "Dylan Lecomte",
        "Fatou Diarra",
        "Lina Morel",
        "Chloé Marie",
        "Théo Auvray",
        "Sofia Pereira",
        "Hugo Vasseur",
    ];
    let slip = |name: &str| Slip::new(site, ORGANISATION, &row(name), "RK4M2PQ97WXY", "RK4M 2PQ9 7WXY");
    let page = |of, all, names: &[&str], ended| {
        let slips: Vec<Slip> = names.iter().map(|name| slip(name)).collect();
        let paging = Paging::new(1, 1, PER_PAGE);
        SlipsPage::new(site, ORGANISATION, of, "/atelier/lots/1", all, slips.len(), slips, ended, paging)
    };
    let (lot, session, award) = (Of::Lot(Uuid::nil()), Of::Session(Uuid::nil()), Of::Award(Uuid::nil()));
    vec![
        Sample::new(HOUSE, LOT, "coupons", &page(lot, false, &names, 0)),
        Sample::new(HOUSE, LOT, "coupons-personne", &page(lot, false, &[], 0)),
        Sample::new(HOUSE, SESSION, "coupons-session", &page(session, true, &names[..1], 2)),
        Sample::new(HOUSE, AWARD, "coupon", &page(award, true, &names[..1], 0)),
        Sample::new(HOUSE, AWARD, "coupon-termine", &page(award, true, &[], 1)),
    ]
}
