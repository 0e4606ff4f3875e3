//! Rows of showings, shares and views.

use store::{Db, Result, Tx, on};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::{Wallet, secrets};

/// Openings within this time of a written one are the same opening: a reloaded page, or a flood.
const SAME_VIEW: Duration = Duration::minutes(1);

/// One share as its owner sees it.
#[derive(Debug, Clone, sqlx::FromRow)]
#[expect(clippy::struct_field_names, reason = "the names of the columns")]
pub struct Share {
    pub share_id: Uuid,
    pub audience: String,
    pub label: String,
    pub until_at: OffsetDateTime,
    /// When the learner stopped it.
    pub ended_at: Option<OffsetDateTime>,
    /// Of the badges that are still in the livret.
    pub badges: i64,
    /// How many times it was opened.
    pub views: i64,
    pub last_view: Option<OffsetDateTime>,
}

impl Share {
    /// Whether it opens at this instant.
    pub fn is_open(&self, now: OffsetDateTime) -> bool {
        self.ended_at.is_none() && now < self.until_at
    }
}

/// Every share of a livret, newest first.
pub async fn shares(db: &Db, livret: Uuid) -> Result<Vec<Share>> {
    Ok(on!(db, c => sqlx::query_as(
        "select s.share_id, s.audience, s.label, s.until_at, e.ended_at,
                (select count(*) from wallet_share_badge b where b.share_id = s.share_id) as badges,
                (select count(*) from wallet_view v where v.share_id = s.share_id) as views,
                (select max(v.seen_at) from wallet_view v where v.share_id = s.share_id) as last_view
         from wallet_share s left join wallet_share_end e on e.share_id = s.share_id
         where s.livret_id = $1 order by s.made_at desc, s.share_id limit 200")
        .bind(livret).fetch_all(c).await)?)
}

/// A new share of these badges of this livret.
pub struct NewShare<'a> {
    pub livret: Uuid,
    pub badges: &'a [Uuid],
    pub audience: &'a str,
    pub label: &'a str,
    pub until: OffsetDateTime,
}

/// Writes a share. A code that happens to be taken is drawn again.
pub async fn write_share(tx: &mut Tx, wallet: &Wallet, new: &NewShare<'_>) -> Result<Uuid> {
    let share = loop {
        let share = Uuid::new_v4();
        let code = secrets::code_lookup(&wallet.vault, &secrets::share_code(&wallet.vault, share));
        let link = secrets::share_link_lookup(&wallet.vault, &secrets::share_link(&wallet.vault, share));
        let made = on!(tx, c => sqlx::query(
            "insert into wallet_share (share_id, livret_id, token_lookup, code_lookup, audience, label, made_at, until_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing")
            .bind(share).bind(new.livret).bind(link).bind(code).bind(new.audience).bind(new.label)
            .bind(wallet.clock.now()).bind(new.until).execute(c).await.map(|done| done.rows_affected()))?;
        if made == 1 {
            break share;
        }
    };
    for (place, badge) in (0i64..).zip(new.badges) {
        on!(tx, c => sqlx::query("insert into wallet_share_badge (share_id, badge_id, place) values ($1, $2, $3)")
            .bind(share).bind(*badge).bind(place).execute(c).await.map(drop))?;
    }
    Ok(share)
}

/// Writes a showing of these badges, until then.
pub async fn write_showing(
    tx: &mut Tx,
    wallet: &Wallet,
    livret: Uuid,
    badges: &[Uuid],
    until: OffsetDateTime,
) -> Result<Uuid> {
    let showing = loop {
        let showing = Uuid::new_v4();
        let code = secrets::code_lookup(&wallet.vault, &secrets::showing(&wallet.vault, showing));
        let made = on!(tx, c => sqlx::query(
            "insert into wallet_showing (showing_id, livret_id, code_lookup, made_at, until_at)
             values ($1, $2, $3, $4, $5) on conflict (code_lookup) do nothing")
            .bind(showing).bind(livret).bind(code).bind(wallet.clock.now()).bind(until)
            .execute(c).await.map(|done| done.rows_affected()))?;
        if made == 1 {
            break showing;
        }
    };
    for (place, badge) in (0i64..).zip(badges) {
        on!(tx, c => sqlx::query("insert into wallet_showing_badge (showing_id, badge_id, place) values ($1, $2, $3)")
            .bind(showing).bind(*badge).bind(place).execute(c).await.map(drop))?;
    }
    Ok(showing)
}

/// Stops a share of this livret; `false` when it is not one of them. Stopping twice is stopping once.
pub async fn stop(tx: &mut Tx, livret: Uuid, share: Uuid, now: OffsetDateTime) -> Result<bool> {
    let mine: i64 = on!(tx, c => sqlx::query_scalar("select count(*) from wallet_share where livret_id = $1 and share_id = $2")
        .bind(livret).bind(share).fetch_one(c).await)?;
    if mine == 0 {
        return Ok(false);
    }
    on!(tx, c => sqlx::query("insert into wallet_share_end (share_id, ended_at) values ($1, $2) on conflict (share_id) do nothing")
        .bind(share).bind(now).execute(c).await.map(drop))?;
    Ok(true)
}

/// Stops the shares of a livret that have lost their last badge.
pub async fn stop_empty(tx: &mut Tx, livret: Uuid, now: OffsetDateTime) -> Result<()> {
    on!(tx, c => sqlx::query(
        "insert into wallet_share_end (share_id, ended_at)
         select s.share_id, $2 from wallet_share s where s.livret_id = $1
         and not exists (select 1 from wallet_share_badge b where b.share_id = s.share_id)
         on conflict (share_id) do nothing")
        .bind(livret).bind(now).execute(c).await.map(drop))?;
    Ok(())
}

/// What a share or showing opens, as the verifier asks for it.
#[derive(Debug, Clone)]
pub struct Opened {
    pub id: Uuid,
    pub livret_id: Uuid,
    pub until_at: OffsetDateTime,
    pub ended_at: Option<OffsetDateTime>,
    /// Whether an opening was written within [`SAME_VIEW`].
    pub seen: bool,
    /// The exact texts, in the learner's order; none once the last badge was put away.
    pub texts: Vec<String>,
}

/// One badge of it, or the place of none, beside what all of them share.
#[derive(sqlx::FromRow)]
struct OpenedRow {
    id: Uuid,
    livret_id: Uuid,
    until_at: OffsetDateTime,
    /// A showing has none: it ends by itself.
    #[sqlx(default)]
    ended_at: Option<OffsetDateTime>,
    seen: bool,
    credential_text: Option<String>,
}

impl Opened {
    fn of(rows: Vec<OpenedRow>) -> Option<Self> {
        let mut opened: Option<Self> = None;
        for OpenedRow { id, livret_id, until_at, ended_at, seen, credential_text } in rows {
            let texts = Vec::new();
            let opened = opened.get_or_insert(Self { id, livret_id, until_at, ended_at, seen, texts });
            opened.texts.extend(credential_text);
        }
        opened
    }
}

/// How a share is found.
#[derive(Debug)]
pub enum By {
    /// The hash of its link.
    Link(Vec<u8>),
    /// The hash of its 12 signs.
    Code(Vec<u8>),
}

/// The share behind a hashed link or code: whoever looks costs one question. One column is compared, so that PostgreSQL
/// keeps its plan.
pub async fn share_by(db: &Db, by: By, now: OffsetDateTime) -> Result<Option<Opened>> {
    let (column, hash) = match by {
        By::Link(hash) => ("token_lookup", hash),
        By::Code(hash) => ("code_lookup", hash),
    };
    let sql = sqlx::AssertSqlSafe(format!(
        "select s.share_id as id, s.livret_id, s.until_at, e.ended_at, b.credential_text,
                exists (select 1 from wallet_view v where v.share_id = s.share_id and v.seen_at > $2) as seen
         from wallet_share s
         left join wallet_share_end e on e.share_id = s.share_id
         left join wallet_share_badge p on p.share_id = s.share_id
         left join wallet_badge b on b.badge_id = p.badge_id
         where s.{column} = $1 order by p.place"
    ));
    let rows: Vec<OpenedRow> = on!(db, c => sqlx::query_as(sql).bind(hash).bind(now - SAME_VIEW).fetch_all(c).await)?;
    Ok(Opened::of(rows))
}

/// The showing behind a hashed code.
pub async fn showing_by(db: &Db, code: Vec<u8>, now: OffsetDateTime) -> Result<Option<Opened>> {
    let rows: Vec<OpenedRow> = on!(db, c => sqlx::query_as(
        "select s.showing_id as id, s.livret_id, s.until_at, b.credential_text,
                exists (select 1 from wallet_view v where v.showing_id = s.showing_id and v.seen_at > $2) as seen
         from wallet_showing s
         left join wallet_showing_badge p on p.showing_id = s.showing_id
         left join wallet_badge b on b.badge_id = p.badge_id
         where s.code_lookup = $1 order by p.place")
        .bind(code).bind(now - SAME_VIEW).fetch_all(c).await)?;
    Ok(Opened::of(rows))
}

/// Writes that a share or showing was opened now, unless that was written within the minute: by this request's own
/// reading, which costs no write lock, or by another at the same instant.
pub async fn write_view(wallet: &Wallet, opened: &Opened, is_share: bool) -> Result<()> {
    if opened.seen {
        return Ok(());
    }
    let now = wallet.clock.now();
    let (share, showing) = if is_share { (Some(opened.id), None) } else { (None, Some(opened.id)) };
    let mut tx = wallet.db.begin().await?;
    on!(tx, c => sqlx::query(
        "insert into wallet_view (view_id, livret_id, share_id, showing_id, seen_at)
         select $1, $2, $3, $4, $5 where not exists (
             select 1 from wallet_view v where (v.share_id = $3 or v.showing_id = $4) and v.seen_at > $6)")
        .bind(Uuid::new_v4()).bind(opened.livret_id).bind(share).bind(showing).bind(now).bind(now - SAME_VIEW)
        .execute(c).await.map(drop))?;
    tx.commit().await
}
