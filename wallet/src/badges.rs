//! The badges of a livret: rows, and how fresh their last judgement is.

use std::collections::HashMap;
use std::time::Duration;

use badge_schemas::text::fold_name;
use checks::{Policy, Report, Verdict};
use store::{Db, Result, Tx, on};
use time::OffsetDateTime;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::Wallet;
use crate::reading::Reading;

/// A judgement is believed this long: withdrawal shows within a minute, the door's own memory included.
const FRESH: time::Duration = time::Duration::seconds(30);
/// A page never waits longer than this for other houses.
pub const PATIENCE: Duration = Duration::from_secs(3);

/// One badge as lists need it. The text is read apart, by [`text_of`].
#[derive(Debug, Clone, sqlx::FromRow)]
#[expect(clippy::struct_field_names, reason = "the names of the columns")]
pub struct Badge {
    pub badge_id: Uuid,
    /// Its id, as signed.
    pub credential_id: String,
    pub name: String,
    pub level_code: String,
    pub holder_name: String,
    pub organisation: String,
    pub awarded_on: String,
    /// `validFrom`, as signed.
    pub valid_from: String,
    pub achievement_url: String,
    pub image_url: String,
    pub received_at: OffsetDateTime,
    pub verdict: String,
    pub judged_at: OffsetDateTime,
}

impl Badge {
    /// Whether it may be chosen for showing and sharing: what was taken back or tampered with is not offered.
    pub fn can_show(&self) -> bool {
        !self.is(Verdict::Withdrawn) && !self.is(Verdict::Altered)
    }

    /// Whether the last judgement was this one.
    pub fn is(&self, verdict: Verdict) -> bool {
        self.verdict == verdict.code()
    }
}

/// The badges of a livret, newest first.
pub async fn of_livret(db: &Db, livret: Uuid) -> Result<Vec<Badge>> {
    Ok(on!(db, c => sqlx::query_as(
        "select badge_id, credential_id, name, level_code, holder_name, organisation, awarded_on, valid_from,
                achievement_url, image_url, received_at, verdict, judged_at
         from wallet_badge where livret_id = $1
         order by received_at desc, awarded_on desc, name, badge_id")
        .bind(livret).fetch_all(c).await)?)
}

/// The exact texts of a livret's badges, oldest first.
pub async fn texts_of_livret(db: &Db, livret: Uuid) -> Result<Vec<String>> {
    Ok(on!(db, c => sqlx::query_scalar(
        "select credential_text from wallet_badge where livret_id = $1 order by received_at, badge_id")
        .bind(livret).fetch_all(c).await)?)
}

/// The exact text of one badge of this livret.
pub async fn text_of(db: &Db, livret: Uuid, badge: Uuid) -> Result<Option<String>> {
    Ok(on!(db, c => sqlx::query_scalar(
        "select credential_text from wallet_badge where livret_id = $1 and badge_id = $2")
        .bind(livret).bind(badge).fetch_optional(c).await)?)
}

/// A badge about to be kept.
#[derive(Debug)]
pub struct Arrival<'a> {
    pub text: &'a str,
    pub reading: &'a Reading,
    pub verdict: Verdict,
    pub now: OffsetDateTime,
}

/// Keeps a badge in a livret and answers its id; the same version kept before stays as it is.
pub async fn keep(tx: &mut Tx, livret: Uuid, arrival: &Arrival<'_>) -> Result<Uuid> {
    let Arrival { text, reading, verdict, now } = arrival;
    let day = reading.awarded_on.map(web::dates::iso).unwrap_or_default();
    on!(tx, c => sqlx::query(
        "insert into wallet_badge (badge_id, livret_id, credential_id, valid_from, credential_text, name, level_code,
            holder_name, holder_folded, organisation, awarded_on, achievement_url, image_url, received_at, verdict, judged_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $14)
         on conflict (livret_id, credential_id, valid_from) do nothing")
        .bind(Uuid::new_v4()).bind(livret).bind(&reading.credential_id).bind(&reading.valid_from).bind(*text)
        .bind(&reading.name).bind(&reading.level_code).bind(&reading.holder).bind(fold_name(&reading.holder))
        .bind(&reading.organisation).bind(&day).bind(&reading.achievement_url).bind(&reading.image_url)
        .bind(*now).bind(verdict.code())
        .execute(c).await.map(drop))?;
    Ok(on!(tx, c => sqlx::query_scalar(
        "select badge_id from wallet_badge where livret_id = $1 and credential_id = $2 and valid_from = $3")
        .bind(livret).bind(&reading.credential_id).bind(&reading.valid_from).fetch_one(c).await)?)
}

/// Judges one text now, through the door.
pub async fn judge(wallet: &Wallet, text: &str) -> Report {
    let policy = Policy { trust: true, status: true };
    fetch::gather::judge(text, wallet.clock.now(), policy, &wallet.door, &wallet.register_url).await
}

/// Judges again the badges whose judgement is old, side by side and for a few seconds at most, and writes down what
/// came of it. What did not answer in time is "could not be checked", except that withdrawn stays withdrawn.
pub async fn refresh(wallet: &Wallet, livret: Uuid, badges: &mut [Badge]) -> Result<()> {
    let now = wallet.clock.now();
    let old: Vec<Uuid> =
        badges.iter().filter(|badge| badge.judged_at + FRESH <= now).map(|badge| badge.badge_id).collect();
    if old.is_empty() {
        return Ok(());
    }
    let mut work = JoinSet::new();
    for badge in &old {
        if let Some(text) = text_of(&wallet.db, livret, *badge).await? {
            let (wallet, badge) = (wallet.clone(), *badge);
            work.spawn(async move { (badge, judge(&wallet, &text).await.verdict) });
        }
    }
    let mut judged = HashMap::new();
    let all = async {
        while let Some(done) = work.join_next().await {
            if let Ok((badge, verdict)) = done {
                judged.insert(badge, verdict);
            }
        }
    };
    // The rest is dropped with the set: another page will ask again.
    let _ = tokio::time::timeout(PATIENCE, all).await;

    let mut tx = wallet.db.begin().await?;
    for badge in badges.iter_mut().filter(|badge| old.contains(&badge.badge_id)) {
        let verdict = judged.get(&badge.badge_id).copied().unwrap_or(Verdict::CouldNotCheck);
        if !(badge.is(Verdict::Withdrawn) && verdict == Verdict::CouldNotCheck) {
            verdict.code().clone_into(&mut badge.verdict);
        }
        badge.judged_at = now;
        on!(tx, c => sqlx::query("update wallet_badge set verdict = $3, judged_at = $4 where livret_id = $1 and badge_id = $2")
            .bind(livret).bind(badge.badge_id).bind(&badge.verdict).bind(now).execute(c).await.map(drop))?;
    }
    tx.commit().await
}
