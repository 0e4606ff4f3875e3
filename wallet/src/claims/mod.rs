//! Receiving a badge: the page of a letter or slip, and « C’est à moi ».

mod issuer;
mod keep;
mod pages;
mod row;

use axum::extract::{Path, State};
use axum::response::Response;
use checks::Verdict;
use http::StatusCode;
use store::on;
use uuid::Uuid;
use web::codes::{Code, Kind};
use web::form::Fields;
use web::tokens::LinkToken;
use web::{Cache, Form};

use crate::access::{Visitor, let_in, with_header};
use crate::{Wallet, badges, reading};
use issuer::{Answered, Looked, Offer};
use keep::{Kept, Where};
use row::Claim;

pub use issuer::OfferedBadge;
pub use pages::{ClaimPage, Question, TypePage, messages, question, resume};

/// What is said to whoever the issuer has counted too often: the length of such limits, in seconds.
const WAIT: u64 = 900;

/// A letter's token or a slip's code, in the one form that is hashed and told to the issuer.
pub struct ClaimToken(String);

impl ClaimToken {
    /// Reads what stands in a link or was typed; the message is for the person.
    pub fn parse(text: &str) -> Result<Self, String> {
        let bare = text.trim();
        if let Some(token) = LinkToken::parse(bare) {
            return Ok(Self(token.as_str().to_owned()));
        }
        Code::parse_as(&[Kind::Slip], bare)
            .map(|code| Self(code.as_str().to_owned()))
            .map_err(web::codes::CodeFault::message)
    }

    /// The bare signs.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// `GET /r`
pub async fn type_page(State(wallet): State<Wallet>) -> web::Result<Response> {
    web::render(Cache::Private, &TypePage::new(&wallet.site))
}

/// `POST /r`: reads the typed code and goes to its page.
pub async fn typed(State(wallet): State<Wallet>, Form(form): Form<Fields>) -> web::Result<Response> {
    match ClaimToken::parse(form.get("code")) {
        Ok(token) => Ok(web::redirect(&format!("/r/{}", token.as_str()))),
        Err(message) => TypePage::new(&wallet.site).refused(form.get("code"), message),
    }
}

/// `GET /r/{token}`: the badge itself, before any identity. Looking takes nothing.
pub async fn page(State(wallet): State<Wallet>, visitor: Visitor, Path(typed): Path<String>) -> web::Result<Response> {
    visitor.may_try(&wallet).await?;
    let token = match ClaimToken::parse(&typed) {
        Ok(token) => token,
        Err(message) => return TypePage::new(&wallet.site).refused(&typed, message),
    };
    let site = &wallet.site;
    let offer = match issuer::look(&wallet, &visitor, &token).await {
        Looked::Found(offer) => offer,
        nothing => return no_offer(&wallet, &visitor, &token, &nothing).await,
    };
    let asked = row::find(&wallet, &offer.award(&token)).await?;
    if let Some(kept) = asked.as_ref().filter(|claim| claim.kept_at.is_some()) {
        return already_kept(&wallet, &visitor, kept, &token).await;
    }
    match offer.state.as_str() {
        "withdrawn" => messages::withdrawn(site, offer.withdrawn_since()).answer(StatusCode::GONE),
        "expired" => messages::expired(site, &offer.badge.organisation).answer(StatusCode::GONE),
        // Claimed at the issuer, asked by us and never kept: the answer was lost, the same key gets it again.
        "claimed" if asked.is_none() => messages::taken(site).answer(StatusCode::CONFLICT),
        _ => {
            let page = ClaimPage::new(site, &token, &offer, visitor.learner.as_ref());
            Ok(with_header(web::render(Cache::Token, &page)?, visitor.presenter_cookie(site)))
        }
    }
}

/// The page when the issuer has nothing to show.
async fn no_offer(wallet: &Wallet, visitor: &Visitor, token: &ClaimToken, nothing: &Looked) -> web::Result<Response> {
    if matches!(nothing, Looked::Unknown) {
        visitor.missed(wallet).await?;
        return messages::unknown(&wallet.site).answer(StatusCode::NOT_FOUND);
    }
    if matches!(nothing, Looked::TooMany) {
        return Err(web::Error::TooMany(WAIT));
    }
    messages::silent(&wallet.site, token).answer(StatusCode::SERVICE_UNAVAILABLE)
}

/// `POST /r/{token}`: the key is written, the issuer asked, the text judged, the badge kept. Each step may be done
/// again after any accident, with the same outcome.
pub async fn claim(
    State(wallet): State<Wallet>,
    visitor: Visitor,
    Path(typed): Path<String>,
    Form(form): Form<Fields>,
) -> web::Result<Response> {
    visitor.may_try(&wallet).await?;
    let site = &wallet.site;
    let token = match ClaimToken::parse(&typed) {
        Ok(token) => token,
        Err(message) => return TypePage::new(site).refused(&typed, message),
    };
    let offer = match issuer::look(&wallet, &visitor, &token).await {
        Looked::Found(offer) => offer,
        nothing => return no_offer(&wallet, &visitor, &token, &nothing).await,
    };
    let award = offer.award(&token);
    let claim = row::ask(&wallet, &award).await?;
    if claim.kept_at.is_some() {
        return resumed(&wallet, &visitor, &claim, form.has("shared", "1")).await;
    }
    let given = match issuer::claim(&wallet, &visitor, &token, claim.claim_id).await {
        Answered::Given(given) => given,
        Answered::TooMany => return Err(web::Error::TooMany(WAIT)),
        Answered::Silent => return messages::silent(site, &token).answer(StatusCode::SERVICE_UNAVAILABLE),
        Answered::Unknown => {
            row::forget(&wallet, claim.claim_id).await?;
            return no_offer(&wallet, &visitor, &token, &Looked::Unknown).await;
        }
        Answered::Taken => {
            row::forget(&wallet, claim.claim_id).await?;
            return messages::taken(site).answer(StatusCode::CONFLICT);
        }
        Answered::Expired => return messages::expired(site, "").answer(StatusCode::GONE),
        Answered::Withdrawn => return messages::withdrawn(site, offer.withdrawn_since()).answer(StatusCode::GONE),
    };
    let verdict = badges::judge(&wallet, &given.credential).await.verdict;
    if verdict == Verdict::Withdrawn {
        return messages::withdrawn(site, offer.withdrawn_since()).answer(StatusCode::GONE);
    }
    let read = reading::read(&given.credential).filter(|_| verdict != Verdict::Altered);
    let Some(reading) = read else {
        tracing::warn!(wallet.verdict = verdict.code(), "a claimed text was refused");
        return messages::altered(site).answer(StatusCode::BAD_GATEWAY);
    };
    let arrival = keep::Arriving {
        claim: &claim,
        text: &given.credential,
        reading: &reading,
        verdict,
        address: given.address.as_deref(),
        session: visitor.learner.as_ref(),
        presenter: visitor.presenter_lookup(&wallet),
        wish: Where::parse(form.get("livret")),
        shared: form.has("shared", "1"),
    };
    match keep::keep(&wallet, &arrival).await? {
        Kept::Here(done) => {
            let to = if done.new_slip_livret {
                format!("/livret/carte?premier={}", done.badge)
            } else {
                format!("/livret/badges/{}?nouveau=1", done.badge)
            };
            let response = web::redirect(&to);
            Ok(match done.cookie {
                Some(cookie) => with_header(response, cookie),
                None => response,
            })
        }
        Kept::Ask(other) => {
            let page = question(site, &token, &reading, &other, form.has("shared", "1"));
            let response = web::render_status(StatusCode::CONFLICT, Cache::Token, &page)?;
            Ok(with_header(response, visitor.presenter_cookie(site)))
        }
        // Another press of the same button was quicker: it kept the badge.
        Kept::Overtaken => {
            let claim = row::find(&wallet, &award).await?.ok_or(web::Error::Conflict)?;
            resumed(&wallet, &visitor, &claim, form.has("shared", "1")).await
        }
    }
}

/// Who comes back to a link whose badge was kept.
enum Back {
    /// Their livret is open here, and the badge is in it.
    Here(Uuid),
    /// The press that kept the badge, and let in, came from this browser: it lost the answer.
    Presenter(Uuid, Uuid),
    /// They, or this browser, removed the badge from their livret.
    Removed,
    /// Somebody else.
    Stranger,
}

/// The page of a link whose badge was kept.
async fn already_kept(wallet: &Wallet, visitor: &Visitor, claim: &Claim, token: &ClaimToken) -> web::Result<Response> {
    match back(wallet, visitor, claim).await? {
        Back::Here(badge) => Ok(web::redirect(&format!("/livret/badges/{badge}"))),
        Back::Presenter(..) => web::render(Cache::Token, &resume(&wallet.site, token)),
        Back::Removed => messages::removed(&wallet.site).answer(StatusCode::GONE),
        Back::Stranger => messages::taken(&wallet.site).answer(StatusCode::CONFLICT),
    }
}

/// The button pressed again: the same livret, if it is open here or if this browser pressed it before.
async fn resumed(wallet: &Wallet, visitor: &Visitor, claim: &Claim, shared: bool) -> web::Result<Response> {
    let (livret, badge) = match back(wallet, visitor, claim).await? {
        Back::Here(badge) => return Ok(web::redirect(&format!("/livret/badges/{badge}"))),
        Back::Removed => return messages::removed(&wallet.site).answer(StatusCode::GONE),
        Back::Stranger => return messages::taken(&wallet.site).answer(StatusCode::CONFLICT),
        Back::Presenter(livret, badge) => (livret, badge),
    };
    let mut tx = wallet.db.begin().await?;
    let cookie = let_in(&mut tx, wallet, livret, shared).await?;
    tx.commit().await?;
    // The card again: the first showing of it may be what was lost.
    Ok(with_header(web::redirect(&format!("/livret/carte?premier={badge}")), cookie))
}

async fn back(wallet: &Wallet, visitor: &Visitor, claim: &Claim) -> store::Result<Back> {
    let (Some(livret), Some(badge)) = (claim.livret_id, claim.badge_id) else { return Ok(Back::Stranger) };
    let open_here = visitor.learner.as_ref().is_some_and(|learner| learner.livret_id == livret);
    let presenter = claim.is_presented_by(visitor.presenter_lookup(wallet).as_deref(), wallet.clock.now());
    if !open_here && !presenter {
        return Ok(Back::Stranger);
    }
    let kept: i64 = on!(wallet.db, c => sqlx::query_scalar(
        "select count(*) from wallet_badge where livret_id = $1 and badge_id = $2")
        .bind(livret).bind(badge).fetch_one(c).await)?;
    Ok(match (kept, open_here) {
        (0, _) => Back::Removed,
        (_, true) => Back::Here(badge),
        (_, false) => Back::Presenter(livret, badge),
    })
}

/// An offer for samples.
pub fn sample_offer(kind: &str, badge: OfferedBadge) -> Offer {
    Offer { state: "open".to_owned(), kind: kind.to_owned(), badge, withdrawn_on: None }
}
