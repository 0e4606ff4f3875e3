//! What opens a badge: the link of its letter and the code of its slip, derived from the award and a generation, so that
//! a slip can be printed again; the database holds keyed hashes (decisions §18).

use std::time::Duration;

use store::{Tx, bulk, execute, on};
use time::OffsetDateTime;
use uuid::Uuid;
use web::codes::{Code, Kind};
use web::tokens::LinkToken;

use crate::Issuer;

/// How long the link of a letter works.
pub const LETTER_LASTS: Duration = Duration::from_secs(30 * 86_400);
/// How long the code of a slip works.
pub const SLIP_LASTS: Duration = Duration::from_secs(90 * 86_400);

const LOOKUP: &str = "issuer claim";

/// The token of a letter's link.
pub fn letter_token(issuer: &Issuer, award_id: Uuid, generation: u32) -> LinkToken {
    LinkToken::derive(&issuer.vault.derive("claim-letter", award_id.as_bytes(), generation))
}

/// `{wallet}/r/{token}`.
pub fn letter_link(issuer: &Issuer, award_id: Uuid, generation: u32) -> String {
    issuer.site.houses.wallet.join(&format!("/r/{}", letter_token(issuer, award_id, generation)))
}

/// The 12 signs of a slip.
pub fn slip_code(issuer: &Issuer, award_id: Uuid, generation: u32) -> Code {
    Code::derive(Kind::Slip, &issuer.vault.derive("claim-slip", award_id.as_bytes(), generation))
}

/// The hash under which a token or code is found; `None` for what is neither.
pub(crate) fn lookup(issuer: &Issuer, typed: &str) -> Option<Vec<u8>> {
    let canonical = match LinkToken::parse(typed) {
        Some(token) => token.as_str().to_owned(),
        None => Code::parse_as(&[Kind::Slip], typed).ok()?.as_str().to_owned(),
    };
    Some(issuer.vault.lookup_hash(LOOKUP, &canonical))
}

/// The keyed hashes of a new award's first ways.
pub(crate) struct FirstCodes {
    slip: Vec<u8>,
    /// Only when there is an address.
    letter: Option<Vec<u8>>,
}

/// Derives the first generation of both ways.
pub(crate) fn first(issuer: &Issuer, award_id: Uuid, has_address: bool) -> FirstCodes {
    let hash = |typed: &str| issuer.vault.lookup_hash(LOOKUP, typed);
    FirstCodes {
        slip: hash(slip_code(issuer, award_id, 1).as_str()),
        letter: has_address.then(|| hash(letter_token(issuer, award_id, 1).as_str())),
    }
}

/// Keeps the first generation of both ways for new awards.
pub(crate) async fn keep(
    tx: &mut Tx,
    organisation_id: Uuid,
    awards: impl Iterator<Item = (Uuid, &FirstCodes)>,
    now: OffsetDateTime,
) -> store::Result<()> {
    let mut rows = Vec::new();
    for (award_id, codes) in awards {
        rows.push((award_id, "slip", &codes.slip, now + SLIP_LASTS));
        rows.extend(codes.letter.as_ref().map(|hash| (award_id, "letter", hash, now + LETTER_LASTS)));
    }
    for some in rows.chunks(bulk::ROWS) {
        let sql = bulk::insert(
            tx,
            "issuer_claim_code (award_id, kind, generation, organisation_id, lookup_hash, expires_at)",
            some.len(),
            6,
            "",
        );
        execute!(tx, {
            let mut query = sqlx::query(sql).persistent(bulk::stays(some.len()));
            for (award_id, kind, hash, until) in some {
                query = query.bind(*award_id).bind(*kind).bind(1_i64).bind(organisation_id).bind(*hash).bind(*until);
            }
            query
        })?;
    }
    Ok(())
}

/// A way to a badge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Letter,
    Slip,
}

/// Ends what opened this way, and gives it another link or code.
pub(crate) async fn another(
    tx: &mut Tx,
    issuer: &Issuer,
    organisation_id: Uuid,
    award_id: Uuid,
    way: Way,
    now: OffsetDateTime,
) -> store::Result<()> {
    let word = way.word();
    execute!(
        tx,
        sqlx::query(
            "update issuer_claim_code set expires_at = $4
         where organisation_id = $1 and award_id = $2 and kind = $3 and expires_at > $4"
        )
        .bind(organisation_id)
        .bind(award_id)
        .bind(word)
        .bind(now)
    )?;
    let last: i64 = on!(tx, c => sqlx::query_scalar(
        "select coalesce(max(generation), 0) from issuer_claim_code
         where organisation_id = $1 and award_id = $2 and kind = $3")
        .bind(organisation_id).bind(award_id).bind(word).fetch_one(c).await)?;
    let next = u32::try_from(last + 1).unwrap_or(u32::MAX);
    let (code, lasts) = match way {
        Way::Letter => (letter_token(issuer, award_id, next).as_str().to_owned(), LETTER_LASTS),
        Way::Slip => (slip_code(issuer, award_id, next).as_str().to_owned(), SLIP_LASTS),
    };
    execute!(
        tx,
        sqlx::query(
            "insert into issuer_claim_code (award_id, kind, generation, organisation_id, lookup_hash, expires_at)
         values ($1, $2, $3, $4, $5, $6) on conflict (award_id, kind, generation) do nothing"
        )
        .bind(award_id)
        .bind(word)
        .bind(last + 1)
        .bind(organisation_id)
        .bind(issuer.vault.lookup_hash(LOOKUP, &code))
        .bind(now + lasts)
    )?;
    Ok(())
}

/// The link of a letter that is sent again works for its whole time from now on: the same link, so that either letter
/// opens the badge. What was ended by another link stays ended.
pub(crate) async fn prolong_letter(
    tx: &mut Tx,
    organisation_id: Uuid,
    award_id: Uuid,
    now: OffsetDateTime,
) -> store::Result<()> {
    execute!(
        tx,
        sqlx::query(
            "update issuer_claim_code set expires_at = $3
         where organisation_id = $1 and award_id = $2 and kind = 'letter'
           and generation = (select max(c.generation) from issuer_claim_code c
                             where c.award_id = $2 and c.kind = 'letter')"
        )
        .bind(organisation_id)
        .bind(award_id)
        .bind(now + LETTER_LASTS)
    )?;
    Ok(())
}

impl Way {
    const fn word(self) -> &'static str {
        match self {
            Self::Letter => "letter",
            Self::Slip => "slip",
        }
    }
}

/// Gives slips that have ended a new code and a new end; answers how many.
pub(crate) async fn renew_slips(
    tx: &mut Tx,
    issuer: &Issuer,
    organisation_id: Uuid,
    awards: &[(Uuid, u32)],
    now: OffsetDateTime,
) -> store::Result<()> {
    for (award_id, generation) in awards {
        let next = generation + 1;
        let hash = issuer.vault.lookup_hash(LOOKUP, slip_code(issuer, *award_id, next).as_str());
        execute!(
            tx,
            sqlx::query(
                "insert into issuer_claim_code (award_id, kind, generation, organisation_id, lookup_hash, expires_at)
             values ($1, 'slip', $2, $3, $4, $5) on conflict (award_id, kind, generation) do nothing"
            )
            .bind(*award_id)
            .bind(i64::from(next))
            .bind(organisation_id)
            .bind(hash)
            .bind(now + SLIP_LASTS)
        )?;
    }
    Ok(())
}
