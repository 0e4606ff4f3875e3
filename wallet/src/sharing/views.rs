//! « Qui a vu mon livret » : when shares and showings were opened. A link does not say who opens it.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;
use store::on;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use web::{Cache, Shell, Site, Thumb};

use crate::Wallet;
use crate::access::Learner;
use crate::pages::inside;
use crate::texts::AUDIENCES;

const PER_PAGE: i64 = 25;

#[derive(Template)]
#[template(path = "views.html")]
#[expect(clippy::struct_field_names, reason = "the template counts pages")]
pub struct Page {
    pub shell: Shell,
    pub views: Vec<View>,
    pub page: i64,
    pub more: bool,
}

/// One opening.
pub struct View {
    pub machine: String,
    pub when: String,
    pub what: String,
    pub badges: String,
}

/// One opening as stored.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Row {
    pub seen_at: OffsetDateTime,
    pub audience: Option<String>,
    pub label: Option<String>,
    pub badges: i64,
}

/// What stands behind `?`.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    page: Option<i64>,
}

/// `GET /livret/vues`
pub async fn page(State(wallet): State<Wallet>, learner: Learner, Query(asked): Query<Asked>) -> web::Result<Response> {
    let page = asked.page.unwrap_or(1).clamp(1, 10_000);
    let rows: Vec<Row> = on!(wallet.db, c => sqlx::query_as(
        "select v.seen_at, s.audience, s.label,
            case when v.share_id is null
                then (select count(*) from wallet_showing_badge b where b.showing_id = v.showing_id)
                else (select count(*) from wallet_share_badge b where b.share_id = v.share_id) end as badges
         from wallet_view v left join wallet_share s on s.share_id = v.share_id
         where v.livret_id = $1 order by v.seen_at desc, v.view_id limit $2 offset $3")
        .bind(learner.livret_id).bind(PER_PAGE + 1).bind((page - 1) * PER_PAGE).fetch_all(c).await)?;
    web::render(Cache::Private, &Page::new(&wallet.site, &learner.name, &rows, page))
}

impl Page {
    /// The page of these openings, newest first; one more than a page holds means that there are more.
    pub fn new(site: &Site, name: &str, rows: &[Row], page: i64) -> Self {
        let full = usize::try_from(PER_PAGE).unwrap_or(usize::MAX);
        Self {
            shell: inside(site, "Qui a vu mon livret", name, Thumb::Other).narrow(),
            views: rows.iter().take(full).map(View::new).collect(),
            page,
            more: rows.len() > full,
        }
    }
}

impl View {
    fn new(row: &Row) -> Self {
        let label = row.label.clone().filter(|label| !label.is_empty());
        let kind = AUDIENCES.iter().find(|audience| Some(audience.code) == row.audience.as_deref());
        let whom = label.or_else(|| kind.map(|kind| kind.label.to_owned()));
        Self {
            machine: row.seen_at.format(&Rfc3339).unwrap_or_default(),
            when: web::dates::moment(row.seen_at),
            what: match whom {
                Some(whom) => format!("Partage ouvert\u{a0}: {whom}"),
                None => "QR visé ou code tapé".to_owned(),
            },
            badges: web::words::count(usize::try_from(row.badges).unwrap_or(0), "badge", "badges"),
        }
    }
}
