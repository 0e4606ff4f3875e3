//! Into which livret a badge goes, and the one short transaction that keeps it.

use badge_schemas::text::fold_name;
use checks::Verdict;
use http::{HeaderName, HeaderValue};
use store::{Tx, on};
use uuid::Uuid;

use super::row::Claim;
use crate::Wallet;
use crate::access::address::{self, Email};
use crate::access::{Learner, card, let_in};
use crate::badges::{self, Arrival};
use crate::reading::Reading;

/// A judged badge on its way in.
pub struct Arriving<'a> {
    pub claim: &'a Claim,
    pub text: &'a str,
    pub reading: &'a Reading,
    pub verdict: Verdict,
    /// Proved by the letter.
    pub address: Option<&'a str>,
    /// The livret open in this browser.
    pub session: Option<&'a Learner>,
    /// The browser of this very request.
    pub presenter: Option<Vec<u8>>,
    /// What the person chose.
    pub wish: Where,
    pub shared: bool,
}

/// What the person chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Where {
    /// Nothing yet.
    Unsaid,
    /// The livret that was proposed, though its name is another.
    Same,
    /// A livret of its own.
    New,
}

impl Where {
    /// From the form's field.
    pub fn parse(text: &str) -> Self {
        match text {
            "same" => Self::Same,
            "new" => Self::New,
            _ => Self::Unsaid,
        }
    }
}

/// What came of keeping.
pub enum Kept {
    Here(Done),
    /// The name is another than the livret's: the person decides.
    Ask(Other),
    /// Another request kept it meanwhile.
    Overtaken,
}

/// The badge is in a livret.
pub struct Done {
    pub badge: Uuid,
    /// When the livret is opened here by this claim.
    pub cookie: Option<(HeaderName, HeaderValue)>,
    /// A livret made by a slip: its card is shown now, it is the only way back.
    pub new_slip_livret: bool,
}

/// The livret whose name is another.
pub struct Other {
    /// Its name; not told of a livret that is not open here.
    pub name: Option<String>,
}

enum Target {
    Existing(Uuid),
    New,
    Ask(Other),
}

/// Finds or makes the livret and keeps the badge, all or nothing.
pub async fn keep(wallet: &Wallet, arriving: &Arriving<'_>) -> web::Result<Kept> {
    let now = wallet.clock.now();
    let email = arriving.address.and_then(|text| address::parse(text).ok());
    let mut tx = wallet.db.begin().await?;
    // Taking the claim's row first makes a second request for it wait, then see that it is done.
    let free: u64 = on!(tx, c => sqlx::query("update wallet_claim set asked_at = $2 where claim_id = $1 and kept_at is null")
        .bind(arriving.claim.claim_id).bind(now).execute(c).await.map(|done| done.rows_affected()))?;
    if free == 0 {
        return Ok(Kept::Overtaken);
    }
    let (livret, made) = match target(&mut tx, wallet, arriving, email.as_ref()).await? {
        Target::Ask(other) => return Ok(Kept::Ask(other)),
        Target::Existing(livret) => (livret, false),
        Target::New => (open_livret(&mut tx, wallet).await?, true),
    };
    if let Some(email) = &email {
        address::add(&mut tx, wallet, livret, email).await?;
    }
    let arrival = Arrival { text: arriving.text, reading: arriving.reading, verdict: arriving.verdict, now };
    let badge = badges::keep(&mut tx, livret, &arrival).await?;
    let open_here = arriving.session.is_some_and(|learner| learner.livret_id == livret);
    // Only whom this very request lets in may have lost the answer that does so. Whoever pressed before it, or whose
    // livret was open already, is given nothing to come back with.
    let presenter = arriving.presenter.as_deref().filter(|_| !open_here);
    on!(tx, c => sqlx::query(
        "update wallet_claim set kept_at = $2, livret_id = $3, badge_id = $4, presenter_lookup = $5 where claim_id = $1")
        .bind(arriving.claim.claim_id).bind(now).bind(livret).bind(badge).bind(presenter)
        .execute(c).await.map(drop))?;
    let cookie = if open_here { None } else { Some(let_in(&mut tx, wallet, livret, arriving.shared).await?) };
    tx.commit().await?;
    tracing::info!(wallet.new_livret = made, wallet.verdict = arriving.verdict.code(), "a badge was kept");
    Ok(Kept::Here(Done { badge, cookie, new_slip_livret: made && email.is_none() }))
}

/// A livret that already knows this name is taken without a question; another name is asked about, so that two
/// people's badges never mix by a computer left open or an address shared in a family.
async fn target(tx: &mut Tx, wallet: &Wallet, arriving: &Arriving<'_>, email: Option<&Email>) -> store::Result<Target> {
    if arriving.wish == Where::New {
        return Ok(Target::New);
    }
    let candidates = match (arriving.session, email) {
        (Some(learner), _) => vec![learner.livret_id],
        (None, Some(email)) => on!(tx, c => sqlx::query_scalar(
            "select livret_id from wallet_address where email_lookup = $1 order by proven_at, livret_id limit 6")
            .bind(email.lookup(&wallet.vault)).fetch_all(c).await)?,
        (None, None) => Vec::new(),
    };
    let Some(first) = candidates.first().copied() else { return Ok(Target::New) };
    let name = fold_name(&arriving.reading.holder);
    for livret in &candidates {
        let names: Vec<String> = on!(tx, c => sqlx::query_scalar(
            "select distinct holder_folded from wallet_badge where livret_id = $1")
            .bind(*livret).fetch_all(c).await)?;
        // A livret without badges has no name yet: it is theirs whose browser has it open, and nobody else's unasked.
        if names.contains(&name) || (names.is_empty() && arriving.session.is_some()) {
            return Ok(Target::Existing(*livret));
        }
    }
    Ok(match arriving.wish {
        Where::Same => Target::Existing(first),
        _ => Target::Ask(Other { name: arriving.session.map(|learner| learner.name.clone()) }),
    })
}

async fn open_livret(tx: &mut Tx, wallet: &Wallet) -> store::Result<Uuid> {
    let livret = Uuid::new_v4();
    on!(tx, c => sqlx::query("insert into wallet_livret (livret_id, opened_at) values ($1, $2)")
        .bind(livret).bind(wallet.clock.now()).execute(c).await.map(drop))?;
    card::make(tx, wallet, livret, 1).await?;
    Ok(livret)
}
