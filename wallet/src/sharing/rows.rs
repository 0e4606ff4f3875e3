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

/// What the verifier asks for.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Opened {
    pub id: Uuid,
    pub livret_id: Uuid,
    pub until_at: OffsetDateTime,
    pub ended_at: Option<OffsetDateTime>,
}

/// The share behind a hashed link or code.
pub async fn share_by(db: &Db, link: Option<Vec<u8>>, code: Option<Vec<u8>>) -> Result<Option<Opened>> {
    Ok(on!(db, c => sqlx::query_as(
        "select s.share_id as id, s.livret_id, s.until_at, e.ended_at
         from wallet_share s left join wallet_share_end e on e.share_id = s.share_id
         where s.token_lookup = $1 or s.code_lookup = $2")
        .bind(link).bind(code).fetch_optional(c).await)?)
}

/// The showing behind a hashed code.
pub async fn showing_by(db: &Db, code: Vec<u8>) -> Result<Option<Opened>> {
    let found: Option<(Uuid, Uuid, OffsetDateTime)> = on!(db, c => sqlx::query_as(
        "select showing_id, livret_id, until_at from wallet_showing where code_lookup = $1")
        .bind(code).fetch_optional(c).await)?;
    Ok(found.map(|(id, livret_id, until_at)| Opened { id, livret_id, until_at, ended_at: None }))
}

/// The exact texts a share or showing opens, in the learner's order.
pub async fn texts(db: &Db, opened: Uuid, is_share: bool) -> Result<Vec<String>> {
    if is_share {
        return Ok(on!(db, c => sqlx::query_scalar(
            "select b.credential_text from wallet_share_badge s join wallet_badge b on b.badge_id = s.badge_id
             where s.share_id = $1 order by s.place")
            .bind(opened).fetch_all(c).await)?);
    }
    Ok(on!(db, c => sqlx::query_scalar(
        "select b.credential_text from wallet_showing_badge s join wallet_badge b on b.badge_id = s.badge_id
         where s.showing_id = $1 order by s.place")
        .bind(opened).fetch_all(c).await)?)
}

/// Writes that a share or showing was opened now; at most once a minute for each.
pub async fn write_view(wallet: &Wallet, livret: Uuid, share: Option<Uuid>, showing: Option<Uuid>) -> Result<()> {
    let now = wallet.clock.now();
    // Whoever looks again within the minute costs a read, not the write lock.
    let written: i64 = on!(wallet.db, c => sqlx::query_scalar(
        "select count(*) from wallet_view v where (v.share_id = $1 or v.showing_id = $2) and v.seen_at > $3")
        .bind(share).bind(showing).bind(now - SAME_VIEW).fetch_one(c).await)?;
    if written > 0 {
        return Ok(());
    }
    let mut tx = wallet.db.begin().await?;
    on!(tx, c => sqlx::query(
        "insert into wallet_view (view_id, livret_id, share_id, showing_id, seen_at)
         select $1, $2, $3, $4, $5 where not exists (
             select 1 from wallet_view v where (v.share_id = $3 or v.showing_id = $4) and v.seen_at > $6)")
        .bind(Uuid::new_v4()).bind(livret).bind(share).bind(showing).bind(now).bind(now - SAME_VIEW)
        .execute(c).await.map(drop))?;
    tx.commit().await
}
