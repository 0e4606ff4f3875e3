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

/// What its contexts, types and dates say together.
#[derive(Debug)]
pub(super) struct Made {
    pub model: DataModel,
    /// Where they disagree, or stand otherwise than the standard asks. Whoever issues may have signed it so: whether
    /// anybody changed it is the signature's to say.
    pub misfit: Option<Refusal>,
}

/// The data model.
pub(super) fn model(kind: Kind, value: &Value) -> Result<Made, Refusal> {
    let contexts = value["@context"].as_array().map(Vec::as_slice).unwrap_or_default();
    let at = |place: usize| contexts.get(place).and_then(Value::as_str).unwrap_or_default();
    let first = contexts.iter().filter_map(Value::as_str).find(|context| [VC_1, VC_2].contains(context));
    let (model, other, strange) = match first {
        Some(VC_2) => (DataModel::Vc2, VC_1, ["issuanceDate", "expirationDate"]),
        Some(_) => (DataModel::Vc1, VC_2, ["validFrom", "validUntil"]),
        None => return Err(failed(codes::CONTEXT_ORDER, None)),
    };
    let in_order = Some(at(0)) == first
        && match kind {
            Kind::Clr => at(1).starts_with(CLR_2) && at(2).starts_with(OB_3),
            _ => at(1).starts_with(OB_3),
        };
    let misfit = if !in_order {
        Some(failed(codes::CONTEXT_ORDER, None))
    } else if !says(&value["type"], "VerifiableCredential") {
        Some(failed(codes::TYPE_MISSING, None))
    } else if contexts.iter().any(|context| context == other) {
        Some(failed(codes::VC_MIXTURE, Some("@context")))
    } else {
        let strange = strange.into_iter().find(|member| !value[*member].is_null());
        strange.map(|member| failed(codes::VC_MIXTURE, Some(member)))
    };
    Ok(Made { model, misfit })
}
