//! The contexts of Open Badges 2.0 and 1.1, and of the known extensions (Open Badges 2.0 §"Extensions").
//!
//! Where no package holds a document, the file is a table of terms written by this project from the standard: every
//! term with its whole IRI. It yields the same quads as the published document.

use super::Context;

/// The documents.
pub const ALL: &[Context] = &[
    Context {
        url: "https://w3id.org/openbadges/v2",
        text: include_str!("../../contexts/ob-2.0.json"),
        sha256: "a5460e3796502599c5896e3f45111c9ca3701c7cfbf1d8812cb01ffe2ad162c7",
        package: "PyPI openbadges 1.1.2",
        licence: "Apache-2.0",
    },
    Context {
        url: "https://w3id.org/openbadges/v1",
        text: include_str!("../../contexts/ob-1.1.json"),
        sha256: "9067633261960e5df06f095b8012db0af285784c77fdc3300f1811001c30b497",
        package: TABLE,
        licence: OURS,
    },
    extension("https://w3id.org/openbadges/extensions/accessibilityExtension/context.json", &ACCESSIBILITY),
    extension("https://openbadgespec.org/extensions/accessibilityExtension/context.json", &ACCESSIBILITY),
    extension("https://w3id.org/openbadges/extensions/applyLinkExtension/context.json", &APPLY_LINK),
    extension("https://openbadgespec.org/extensions/applyLinkExtension/context.json", &APPLY_LINK),
    extension("https://w3id.org/openbadges/extensions/assessmentExtension/context.json", &ASSESSMENT),
    extension("https://openbadgespec.org/extensions/assessmentExtension/context.json", &ASSESSMENT),
    extension("https://w3id.org/openbadges/extensions/endorsement/context.json", &ENDORSEMENT),
    extension("https://openbadgespec.org/extensions/endorsement/context.json", &ENDORSEMENT),
    extension("https://w3id.org/openbadges/extensions/exampleExtension/context.json", &EXAMPLE),
    extension("https://openbadgespec.org/extensions/exampleExtension/context.json", &EXAMPLE),
    extension("https://w3id.org/openbadges/extensions/extraDescription/context.json", &EXTRA_DESCRIPTION),
    extension("https://openbadgespec.org/extensions/extraDescription/context.json", &EXTRA_DESCRIPTION),
    extension("https://w3id.org/openbadges/extensions/geoCoordinatesExtension/context.json", &GEO_COORDINATES),
    extension("https://openbadgespec.org/extensions/geoCoordinatesExtension/context.json", &GEO_COORDINATES),
    extension(
        "https://w3id.org/openbadges/extensions/issuerAccreditationExtension/context.json",
        &ISSUER_ACCREDITATION,
    ),
    extension("https://openbadgespec.org/extensions/issuerAccreditationExtension/context.json", &ISSUER_ACCREDITATION),
    extension("https://w3id.org/openbadges/extensions/licenseExtension/context.json", &LICENSE),
    extension("https://openbadgespec.org/extensions/licenseExtension/context.json", &LICENSE),
    extension("https://w3id.org/openbadges/extensions/originalCreatorExtension/context.json", &ORIGINAL_CREATOR),
    extension("https://openbadgespec.org/extensions/originalCreatorExtension/context.json", &ORIGINAL_CREATOR),
    extension("https://w3id.org/openbadges/extensions/recipientProfile/context.json", &RECIPIENT_PROFILE),
    extension("https://openbadgespec.org/extensions/recipientProfile/context.json", &RECIPIENT_PROFILE),
];

const TABLE: &str = "table of terms written from the standard";
const OURS: &str = "that of this project";

/// A text and its SHA-256.
type Text = (&'static str, &'static str);

/// Badges name the extensions at two addresses.
const fn extension(url: &'static str, text: &Text) -> Context {
    Context { url, text: text.0, sha256: text.1, package: TABLE, licence: OURS }
}

const ACCESSIBILITY: Text = (
    include_str!("../../contexts/ob2-accessibility.json"),
    "3e76124ebdbc5be58a6caf35d27e0611a25fdae81e1d685cf0526596a30d9a45",
);
const APPLY_LINK: Text = (
    include_str!("../../contexts/ob2-apply-link.json"),
    "46a1647ee440947a97f44c0785f3a3fbd84ae44b9bbac8b38596d4f136cc5ef2",
);
const ASSESSMENT: Text = (
    include_str!("../../contexts/ob2-assessment.json"),
    "f7dd66d4863d66da1c9a6f9f7772b93e7c49f83684fc1d2f8247f9536feed248",
);
const ENDORSEMENT: Text = (
    include_str!("../../contexts/ob2-endorsement.json"),
    "19914b3a89b39bdf989c603fe49eacf073bbcec6977bee5b4c806f85b445c0ba",
);
const EXAMPLE: Text = (
    include_str!("../../contexts/ob2-example.json"),
    "cc42679c8246d754d70004f251253080495018aa3076efbca458ea1b8814cbb5",
);
const EXTRA_DESCRIPTION: Text = (
    include_str!("../../contexts/ob2-extra-description.json"),
    "3dfd67f8565459ade27e31ccaa576fae21d8106ba03ef1cccf9d16c04f8118c3",
);
const GEO_COORDINATES: Text = (
    include_str!("../../contexts/ob2-geo-coordinates.json"),
    "72a71300d8e5fa6dad7a2d84358cf5e1b3cc7ac06f760c7d89b753ecefc81399",
);
const ISSUER_ACCREDITATION: Text = (
    include_str!("../../contexts/ob2-issuer-accreditation.json"),
    "fe28545dc601cfdd108b0520e3aaa8545f8ab23fd3f69cc97db97ddccc778652",
);
const LICENSE: Text = (
    include_str!("../../contexts/ob2-license.json"),
    "d23b1f58b261a7f6b0ee7fcb139c4d6017eb61b110dc08b28c94ab3c8ef7af68",
);
const ORIGINAL_CREATOR: Text = (
    include_str!("../../contexts/ob2-original-creator.json"),
    "6149b070ae85e587a680ebc54f78735c58b91fad36eca01b3586aca40269d2c9",
);
const RECIPIENT_PROFILE: Text = (
    include_str!("../../contexts/ob2-recipient-profile.json"),
    "3dfd67f8565459ade27e31ccaa576fae21d8106ba03ef1cccf9d16c04f8118c3",
);
