//! What came in: its carrier, its standard, its data model.

use badge_schemas::carrier;
use serde::Serialize;

/// The form of what was judged. Said as soon as it is read, whether or not it may be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct Form {
    /// What the text came in.
    pub carrier: Carrier,
    /// The standard the text says it follows.
    pub standard: Standard,
    /// The Verifiable Credentials data model under it; `None` for 2.0 and older.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_model: Option<DataModel>,
}

/// What a badge came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Carrier {
    /// JSON text.
    Json,
    /// A compact JWS (VC-JWT, or a signed badge of 2.0).
    Jws,
    /// A baked PNG.
    Png,
    /// A baked SVG.
    Svg,
    /// A PDF with a badge attached.
    Pdf,
    /// An address.
    Url,
}

/// What the text says it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub enum Standard {
    /// `OpenBadgeCredential` (Open Badges 3.0).
    #[serde(rename = "open_badges_3_0")]
    OpenBadges3,
    /// `EndorsementCredential` (Open Badges 3.0, B.1.7).
    #[serde(rename = "endorsement_3_0")]
    Endorsement3,
    /// `ClrCredential` (Comprehensive Learner Record 2.0).
    #[serde(rename = "clr_2_0")]
    Clr2,
    /// `VerifiablePresentation`.
    #[serde(rename = "presentation")]
    Presentation,
    /// `Assertion` of Open Badges 2.0.
    #[serde(rename = "open_badges_2_0")]
    OpenBadges2,
    /// `Endorsement` of Open Badges 2.0.
    #[serde(rename = "endorsement_2_0")]
    Endorsement2,
    /// An assertion of Open Badges 1.1.
    #[serde(rename = "open_badges_1_1")]
    OpenBadges1_1,
    /// An assertion of Open Badges 1.0.
    #[serde(rename = "open_badges_1_0")]
    OpenBadges1_0,
    /// An assertion of Open Badges 0.5.
    #[serde(rename = "open_badges_0_5")]
    OpenBadges0_5,
}

/// The data model of a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub enum DataModel {
    /// Verifiable Credentials Data Model 2.0 (`validFrom`).
    #[serde(rename = "vc_2_0")]
    Vc2,
    /// Verifiable Credentials Data Model 1.1 (`issuanceDate`).
    #[serde(rename = "vc_1_1")]
    Vc1,
}

impl From<carrier::Carrier> for Carrier {
    fn from(carrier: carrier::Carrier) -> Self {
        match carrier {
            carrier::Carrier::Json => Self::Json,
            carrier::Carrier::Jws => Self::Jws,
            carrier::Carrier::Png => Self::Png,
            carrier::Carrier::Svg => Self::Svg,
            carrier::Carrier::Pdf => Self::Pdf,
            carrier::Carrier::Url => Self::Url,
        }
    }
}
