//! What a document says it is, by its contexts and types (OB 3.0 B.1.2, CLR 2.0, VC 1.1 and 2.0).

use serde_json::Value;

use super::{Refusal, failed, says, unread};
use crate::codes;
use crate::form::{DataModel, Standard};

const VC_2: &str = "https://www.w3.org/ns/credentials/v2";
const VC_1: &str = "https://www.w3.org/2018/credentials/v1";
const OB_3: &str = "https://purl.imsglobal.org/spec/ob/v3p0/";
const CLR_2: &str = "https://purl.imsglobal.org/spec/clr/v2p0/";

/// What shows in a broken text that it was a badge.
pub(super) const SIGNS: [&str; 5] = ["OpenBadgeCredential", "EndorsementCredential", "ClrCredential", OB_3, CLR_2];

/// A kind of document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Badge,
    Clr,
    Endorsement,
    Presentation,
    OpenBadges2,
}

impl Kind {
    /// The standard whose kind it is.
    pub(crate) const fn standard(self) -> Standard {
        match self {
            Self::Badge => Standard::OpenBadges3,
            Self::Clr => Standard::Clr2,
            Self::Endorsement => Standard::Endorsement3,
            Self::Presentation => Standard::Presentation,
            Self::OpenBadges2 => Standard::OpenBadges2,
        }
    }
}

/// The kind of a document.
pub(super) fn of(value: &Value) -> Result<Kind, Refusal> {
    let (contexts, types) = (&value["@context"], &value["type"]);
    if crate::ob2::is_ob2(value) {
        return Ok(Kind::OpenBadges2);
    }
    if says(types, "VerifiablePresentation") {
        return Ok(Kind::Presentation);
    }
    if says(types, "BitstringStatusListCredential") {
        return Err(unread(codes::NOT_A_BADGE, Some("status_list")));
    }
    if says(types, "ClrCredential") {
        return Ok(Kind::Clr);
    }
    if says(types, "EndorsementCredential") {
        return Ok(Kind::Endorsement);
    }
    if says(types, "OpenBadgeCredential") || says(types, "AchievementCredential") {
        return Ok(Kind::Badge);
    }
    let of_ob3 = super::items(contexts).iter().filter_map(Value::as_str).any(|context| context.starts_with(OB_3));
    Err(if of_ob3 { failed(codes::TYPE_MISSING, None) } else { unread(codes::NOT_A_BADGE, None) })
}

/// The data model, once contexts, types and dates agree on one.
pub(super) fn model(kind: Kind, value: &Value) -> Result<DataModel, Refusal> {
    let contexts = value["@context"].as_array().map(Vec::as_slice).unwrap_or_default();
    let at = |place: usize| contexts.get(place).and_then(Value::as_str).unwrap_or_default();
    let model = match at(0) {
        VC_2 => DataModel::Vc2,
        VC_1 => DataModel::Vc1,
        _ => return Err(failed(codes::CONTEXT_ORDER, None)),
    };
    let in_order = match kind {
        Kind::Clr => at(1).starts_with(CLR_2) && at(2).starts_with(OB_3),
        _ => at(1).starts_with(OB_3),
    };
    if !in_order {
        return Err(failed(codes::CONTEXT_ORDER, None));
    }
    if !says(&value["type"], "VerifiableCredential") {
        return Err(failed(codes::TYPE_MISSING, None));
    }
    let (other, strange) = match model {
        DataModel::Vc2 => (VC_1, ["issuanceDate", "expirationDate"]),
        DataModel::Vc1 => (VC_2, ["validFrom", "validUntil"]),
    };
    if contexts.iter().any(|context| context == other) {
        return Err(failed(codes::VC_MIXTURE, Some("@context")));
    }
    match strange.into_iter().find(|member| !value[*member].is_null()) {
        Some(member) => Err(failed(codes::VC_MIXTURE, Some(member))),
        None => Ok(model),
    }
}
