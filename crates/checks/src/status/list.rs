//! The signed list of bits (`BitstringStatusListCredential`), in JSON or in a token.

use std::sync::Arc;

use badge_schemas::dates::parse_instant;
use badge_schemas::json::parse_strict;
use proofs::status::{Bits, LARGEST_BYTES, StatusFault};
use proofs::vc_jwt::{self, ClaimTrouble, VcJwt};
use serde_json::Value;
use time::OffsetDateTime;

use super::Uncheckable;
use crate::ask::Ask;
use crate::codes;
use crate::credential::{is_compact_jws, issuer_id, says};
use crate::inquiry::{Case, TOLERANCE};
use crate::keys::Vouchers;
use crate::memory::Weigh;
use crate::need::{Need, Unanswered};
use crate::proof::{Proven, Sealed, Unproven};

/// A status list that its issuer was seen to have signed.
#[derive(Debug)]
pub(crate) struct List {
    issuer: String,
    /// The documents that vouched for its key.
    vouchers: Vouchers,
    purposes: Vec<&'static str>,
    from: Option<OffsetDateTime>,
    until: Option<OffsetDateTime>,
    bits: Bits,
}

impl Weigh for List {
    fn weight(&self, document: usize) -> usize {
        // The names of issuer and keys are parts of the document.
        self.bits.entries() / 8 + document
    }
}

/// Whether the list names the entry. `Err` is the code and detail of « could not be checked ».
///
/// The list must be the issuer's own, for this purpose, in force, proven by a key that the issuer lists for attesting,
/// and of the standard's length: a list that is anything else says nothing.
pub(super) async fn is_set(
    case: &Case,
    ask: &Ask,
    (purpose, url, index): (&str, &str, usize),
    issuer: &str,
) -> Result<bool, Uncheckable> {
    let unanswered = |why: Unanswered| (codes::STATUS_UNANSWERED, Some(why.code().to_owned()));
    let answer = ask.need(Need::StatusList { url: url.to_owned() }).await.map_err(unanswered)?;
    let list = match case.memory.lists.get(url, &answer.body) {
        Some(list) if list.issuer == issuer && list.vouchers.stand(case, ask).await => list,
        _ => {
            let text = answer.text().ok_or_else(|| unanswered(Unanswered::NotText))?;
            let list = Arc::new(read(case, ask, text, (purpose, url), issuer).await?);
            case.memory.lists.put(case.memory.shelf_of(issuer), url, &answer.body, &list);
            list
        }
    };
    if !list.purposes.contains(&purpose) {
        return Err((codes::STATUS_PURPOSE, None));
    }
    let begun = list.from.is_none_or(|from| from <= case.today.saturating_add(TOLERANCE));
    if !begun || list.until.is_some_and(|until| until < case.today) {
        return Err((codes::STATUS_OUT_OF_DATE, None));
    }
    list.bits.get(index).map_err(|_| (codes::STATUS_RANGE, None))
}

/// Everything about a list that does not depend on the entry's place or the hour.
async fn read(
    case: &Case,
    ask: &Ask,
    text: &str,
    (purpose, url): (&str, &str),
    issuer: &str,
) -> Result<List, Uncheckable> {
    let unreadable = || (codes::STATUS_UNREADABLE, None);
    let (parsed, token);
    let (list, token): (&Value, Option<&VcJwt>) = if is_compact_jws(text.trim()) {
        token = vc_jwt::read(text).map_err(|fault| (codes::STATUS_UNREADABLE, Some(fault.code().to_owned())))?;
        (token.credential(), Some(&token))
    } else {
        parsed = parse_strict(text).map_err(|_| unreadable())?;
        (&parsed, None)
    };
    if !says(&list["type"], "BitstringStatusListCredential") {
        return Err(unreadable());
    }
    // A list need not say its address (Bitstring Status List §2.2); one that says another is another.
    let elsewhere = !list["id"].is_null() && list["id"] != url;
    if issuer_id(list) != Some(issuer) || elsewhere {
        return Err((codes::STATUS_NOT_ISSUERS, None));
    }
    let contradictory = |token: &VcJwt| token.claim_faults().into_iter().find(|f| f.trouble == ClaimTrouble::Mismatch);
    if let Some(fault) = token.and_then(contradictory) {
        return Err((codes::STATUS_NOT_PROVEN, Some(fault.code().to_owned())));
    }
    let instant = |member: &str| match &list[member] {
        Value::Null => Ok(None),
        date => date.as_str().and_then(parse_instant).map(Some).ok_or((codes::STATUS_OUT_OF_DATE, None)),
    };
    let (from, until) = (instant("validFrom")?, instant("validUntil")?);
    let proven = prove(case, ask, list, (token, from), issuer).await.map_err(|why| (codes::STATUS_NOT_PROVEN, why))?;
    let subject = &list["credentialSubject"];
    if !says(&subject["type"], "BitstringStatusList") {
        return Err(unreadable());
    }
    if !says(&subject["statusPurpose"], purpose) {
        return Err((codes::STATUS_PURPOSE, None));
    }
    // A proof may end before its text does; it then proves nothing more.
    let until = [until, token.and_then(VcJwt::valid_until), proven.expires].into_iter().flatten().min();
    let purposes = &subject["statusPurpose"];
    let purposes = ["revocation", "suspension"].into_iter().filter(|purpose| says(purposes, purpose)).collect();
    let encoded = subject["encodedList"].as_str().ok_or_else(unreadable)?;
    let bits = Bits::decode(encoded, LARGEST_BYTES).map_err(|fault| match fault {
        StatusFault::TooShort => (codes::STATUS_LENGTH, None),
        other => (codes::STATUS_UNREADABLE, Some(other.code().to_owned())),
    })?;
    Ok(List { issuer: issuer.to_owned(), vouchers: proven.vouchers, purposes, from, until, bits })
}

/// Who vouches for the list's key and until when, or a word for why it is not proven.
async fn prove(
    case: &Case,
    ask: &Ask,
    list: &Value,
    (token, from): (Option<&VcJwt>, Option<OffsetDateTime>),
    issuer: &str,
) -> Result<Proven, Option<String>> {
    let sealed = Sealed::read(list, token, &case.memory).map_err(Unproven::word)?;
    sealed.meaningful().map_err(Unproven::word)?;
    sealed.prove(case, ask, issuer, from).await.map_err(Unproven::word)
}
