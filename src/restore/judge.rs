//! Every signed text of a database, judged as a stranger would: documents are asked of our own pages, without a socket.

use std::collections::VecDeque;

use checks::{Inquiry, Policy, Verdict};
use fetch::{Door, DoorSettings, Peer, gather};
use issuer::{Issuer, Settings};
use post::Postman;
use store::{Clock, Db, Result, Vault, on};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::Judged;
use crate::config::Options;
use crate::{StartError, serve};

/// Texts judged side by side.
const AT_ONCE: usize = 8;

/// Judges all of them: the issuer's badges and their other forms, and the badges kept in livrets.
pub(super) async fn every_badge(
    db: &Db,
    vault: Option<&Vault>,
    options: &Options,
) -> std::result::Result<Judged, StartError> {
    let site = std::sync::Arc::new(serve::site(options, options.listen(), serve::ALL)?);
    let origin = site.houses.issuer.clone();
    let door = Door::new(DoorSettings { development: !site.secure, ..DoorSettings::default() });
    let region = issuer::organisations::rows::region(db).await?;
    let mut judged = Judged::default();
    let mut texts = list(db).await?;
    if let (Some(vault), Some(_)) = (vault, &region) {
        let from = format!("Livret <ne-pas-repondre@{}>", origin.host());
        let house = Issuer::new(Settings {
            db: db.clone(),
            vault: vault.clone(),
            clock: Clock::system(),
            site: site.clone(),
            post: Postman::memory(post::Settings { from, reply_to: None })?,
            letter_delay: options.letter_delay(),
        });
        let (router, _) = house.house();
        door.add_peer(origin.as_str(), Peer::Router(web::app(site, router)));
    } else if options.issuer_origin.is_some() {
        door.add_peer(origin.as_str(), Peer::Http);
    } else {
        judged.not_asked = texts.len();
        texts.clear();
    }
    let register = origin.join("/registre.json");
    let mut hands: JoinSet<Result<(Text, Verdict)>> = JoinSet::new();
    while !texts.is_empty() || !hands.is_empty() {
        while hands.len() < AT_ONCE
            && let Some(text) = texts.pop_front()
        {
            hands.spawn(judge(text, db.clone(), door.clone(), register.clone()));
        }
        let Some(done) = hands.join_next().await else { break };
        let (text, verdict) = done.map_err(|_| StartError::Refused("un badge n’a pas pu être vérifié.".into()))??;
        *judged.verdicts.entry(verdict.code()).or_default() += 1;
        let expected = match verdict {
            Verdict::Authentic => !text.withdrawn,
            // The wallet does not know what the issuer withdrew.
            Verdict::Withdrawn => text.withdrawn || matches!(text.place, Place::Wallet),
            _ => false,
        };
        if !expected {
            judged.amiss.push(format!("{} : {}", text.place.address(origin.as_str(), text.id), verdict.code()));
        }
    }
    Ok(judged)
}

async fn judge(text: Text, db: Db, door: Door, register: String) -> Result<(Text, Verdict)> {
    let signed: String = match &text.place {
        Place::Credential => on!(db, c => sqlx::query_scalar(
            "select signed_text from issuer_credential where award_id = $1 and version_number = $2")
            .bind(text.id).bind(text.version).fetch_one(c).await)?,
        Place::Form(form) => on!(db, c => sqlx::query_scalar(
            "select signed_text from issuer_form where award_id = $1 and version_number = $2 and form = $3")
            .bind(text.id).bind(text.version).bind(form).fetch_one(c).await)?,
        Place::Wallet => {
            on!(db, c => sqlx::query_scalar("select credential_text from wallet_badge where badge_id = $1")
            .bind(text.id).fetch_one(c).await)?
        }
    };
    let now = Clock::system().now();
    let inquiry = Inquiry::open_bytes(signed.into_bytes(), now, Policy { trust: true, status: true });
    let report = gather::finish(inquiry.with_register_at(&register), &door, &register).await;
    Ok((text, report.verdict))
}

/// One signed text, without its words: they are read when its turn comes.
struct Text {
    place: Place,
    id: Uuid,
    version: i64,
    withdrawn: bool,
}

enum Place {
    Credential,
    Form(String),
    Wallet,
}

impl Place {
    /// Says which one, without a name.
    fn address(&self, origin: &str, id: Uuid) -> String {
        match self {
            Self::Credential => format!("{origin}/badges/{id}"),
            Self::Form(form) => format!("{origin}/badges/{id} ({form})"),
            Self::Wallet => format!("badge {id} d’un livret"),
        }
    }
}

async fn list(db: &Db) -> Result<VecDeque<Text>> {
    let credentials: Vec<(Uuid, i64, bool)> = on!(db, c => sqlx::query_as(
        "select c.award_id, c.version_number, w.award_id is not null as withdrawn from issuer_credential c
         left join issuer_withdrawal w on w.award_id = c.award_id")
        .fetch_all(c).await)?;
    let forms: Vec<(Uuid, i64, bool, String)> = on!(db, c => sqlx::query_as(
        "select f.award_id, f.version_number, w.award_id is not null as withdrawn, f.form from issuer_form f
         left join issuer_withdrawal w on w.award_id = f.award_id")
        .fetch_all(c).await)?;
    let kept: Vec<Uuid> = on!(db, c => sqlx::query_scalar("select badge_id from wallet_badge").fetch_all(c).await)?;
    let mut all = VecDeque::with_capacity(credentials.len() + forms.len() + kept.len());
    all.extend(credentials.into_iter().map(|(id, version, withdrawn)| Text {
        place: Place::Credential,
        id,
        version,
        withdrawn,
    }));
    all.extend(forms.into_iter().map(|(id, version, withdrawn, form)| Text {
        place: Place::Form(form),
        id,
        version,
        withdrawn,
    }));
    all.extend(kept.into_iter().map(|id| Text { place: Place::Wallet, id, version: 1, withdrawn: false }));
    Ok(all)
}
