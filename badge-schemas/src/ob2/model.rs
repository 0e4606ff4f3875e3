//! The classes of 2.0 as they were found: a property that is missing or wrong is `None` (or left out of its list), and
//! the fault beside it says why.

use time::OffsetDateTime;

use super::fault::Fault;
use super::legacy::Version;
use super::node::Node;
use super::values;

/// What was read, and every rule that it breaks.
#[derive(Debug, Clone, PartialEq)]
pub struct Read<T> {
    /// The object.
    pub value: T,
    /// The broken rules, advice included; empty when the object conforms.
    pub faults: Vec<Fault>,
}

impl<T> Read<T> {
    /// Whether no rule is broken; advice does not count.
    pub fn is_right(&self) -> bool {
        self.faults.iter().all(|fault| fault.rule.is_advice())
    }
}

/// The classes that have documents of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// `Assertion`
    Assertion,
    /// `BadgeClass`
    BadgeClass,
    /// `Profile`, or `Issuer`
    Profile,
    /// `CryptographicKey`
    CryptographicKey,
    /// `RevocationList`
    RevocationList,
    /// `Endorsement`
    Endorsement,
}

/// A property whose value is another object: its id, the object itself, or both.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// The id, if there is one.
    pub id: Option<String>,
    pub(super) node: Option<(Node, Version)>,
}

impl Link {
    /// Whether the object itself stands here.
    pub const fn is_embedded(&self) -> bool {
        self.node.is_some()
    }

    /// The compact JWS that stands here in place of an id: a signed Endorsement.
    pub fn token(&self) -> Option<&str> {
        super::token::inside(self.id.as_deref()?)
    }
}

/// What every class may carry.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Common {
    /// `@language`, lower case.
    pub language: Option<String>,
    /// `version`, a text or a number.
    pub version: Option<String>,
    /// `related`: other languages or versions.
    pub related: Vec<Related>,
    /// `endorsement`.
    pub endorsements: Vec<Link>,
}

/// Another version or language of an object.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Related {
    /// Its id.
    pub id: Option<String>,
    /// Its `@language`.
    pub language: Option<String>,
    /// Its `version`.
    pub version: Option<String>,
}

/// 2.0 §Assertion.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Assertion {
    /// `id`.
    pub id: Option<String>,
    /// `recipient`.
    pub recipient: Option<IdentityObject>,
    /// `badge`.
    pub badge: Option<Link>,
    /// `verification`.
    pub verification: Option<VerificationObject>,
    /// `issuedOn`.
    pub issued_on: Option<OffsetDateTime>,
    /// `expires`.
    pub expires: Option<OffsetDateTime>,
    /// `image`: the baked picture.
    pub image: Option<Image>,
    /// `evidence`.
    pub evidence: Vec<Evidence>,
    /// `narrative` (Markdown).
    pub narrative: Option<String>,
    /// `revoked`: when true, only the id is asked for.
    pub revoked: bool,
    /// `revocationReason`.
    pub revocation_reason: Option<String>,
    /// `uid` of 1.x.
    pub uid: Option<String>,
    /// Common properties.
    pub common: Common,
}

/// 2.0 §`IdentityObject`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityObject {
    /// `type`: which property of the person.
    pub kind: Option<IdentityType>,
    /// `identity`, a hash or plain text.
    pub identity: Option<String>,
    /// `hashed`.
    pub hashed: Option<bool>,
    /// `salt`.
    pub salt: Option<String>,
}

/// The properties by which a person may be named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IdentityType {
    /// `email`
    Email,
    /// `url`
    Url,
    /// `telephone`
    Telephone,
    /// `id`
    Id,
}

impl IdentityType {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Email, Self::Url, Self::Telephone, Self::Id];

    /// The property's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Url => "url",
            Self::Telephone => "telephone",
            Self::Id => "id",
        }
    }
}

/// 2.0 §`VerificationObject` of an Assertion or Endorsement.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct VerificationObject {
    /// `type`; `None` when it is unknown or missing.
    pub kind: Option<VerificationType>,
    /// `creator`: the key.
    pub creator: Option<String>,
    /// `url` of 1.x: the assertion's own, or the key's.
    pub url: Option<String>,
}

/// The two ways a badge is verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VerificationType {
    /// `HostedBadge`, `hosted`
    Hosted,
    /// `SignedBadge`, `signed`
    Signed,
}

/// 2.0 §`BadgeClass`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BadgeClass {
    /// `id`.
    pub id: Option<String>,
    /// `name`.
    pub name: Option<String>,
    /// `description`.
    pub description: Option<String>,
    /// `image`.
    pub image: Option<Image>,
    /// `criteria`.
    pub criteria: Option<Criteria>,
    /// `issuer`.
    pub issuer: Option<Link>,
    /// `alignment`.
    pub alignments: Vec<Alignment>,
    /// `tags`.
    pub tags: Vec<String>,
    /// Common properties.
    pub common: Common,
}

/// 2.0 §Profile, as issuer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Profile {
    /// `id`.
    pub id: Option<String>,
    /// `name`.
    pub name: Option<String>,
    /// `url`.
    pub url: Option<String>,
    /// `email`.
    pub email: Option<String>,
    /// `telephone`.
    pub telephone: Option<String>,
    /// `description`.
    pub description: Option<String>,
    /// `image`.
    pub image: Option<Image>,
    /// `publicKey`.
    pub public_keys: Vec<Link>,
    /// `revocationList`.
    pub revocation_list: Option<String>,
    /// `verification`: where its hosted badges may live.
    pub policy: Option<Policy>,
    /// Common properties.
    pub common: Common,
}

/// 2.0 §`VerificationObject` of an issuer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    /// `startsWith`.
    pub starts_with: Vec<String>,
    /// `allowedOrigins`: host names.
    pub allowed_origins: Vec<String>,
    /// Whether it holds something that cannot be followed; then no badge follows it.
    pub unusable: bool,
}

/// 2.0 §`CryptographicKey`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CryptographicKey {
    /// `id`.
    pub id: Option<String>,
    /// `owner`.
    pub owner: Option<String>,
    /// `publicKeyPem`.
    pub pem: Option<String>,
}

/// 2.0 §`RevocationList`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RevocationList {
    /// `id`.
    pub id: Option<String>,
    /// `issuer`.
    pub issuer: Option<String>,
    /// `revokedAssertions`.
    pub entries: Vec<RevocationEntry>,
}

impl RevocationList {
    /// The entry that names this id, or the `uid` of 1.x.
    pub fn entry(&self, id: &str, uid: Option<&str>) -> Option<&RevocationEntry> {
        let names = |e: &&RevocationEntry| {
            e.id.as_deref().is_some_and(|named| values::same_iri(named, id))
                || (uid.is_some() && e.uid.as_deref() == uid)
        };
        self.entries.iter().find(names)
    }
}

/// One revoked Assertion or Endorsement.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RevocationEntry {
    /// `id`.
    pub id: Option<String>,
    /// `uid` of 1.x.
    pub uid: Option<String>,
    /// `revocationReason`.
    pub reason: Option<String>,
}

/// 2.0 §Endorsement.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Endorsement {
    /// `id`.
    pub id: Option<String>,
    /// `issuer`.
    pub issuer: Option<Link>,
    /// `issuedOn`.
    pub issued_on: Option<OffsetDateTime>,
    /// `claim.id`: what is endorsed.
    pub claim_id: Option<String>,
    /// `claim.endorsementComment`.
    pub comment: Option<String>,
    /// `verification`.
    pub verification: Option<VerificationObject>,
    /// `revoked`: when true, only id and issuer are asked for.
    pub revoked: bool,
    /// `revocationReason`.
    pub revocation_reason: Option<String>,
}

/// 2.0 §Evidence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Evidence {
    /// `id`.
    pub id: Option<String>,
    /// `narrative` (Markdown).
    pub narrative: Option<String>,
    /// `name`.
    pub name: Option<String>,
    /// `description`.
    pub description: Option<String>,
    /// `genre`.
    pub genre: Option<String>,
    /// `audience`.
    pub audience: Option<String>,
}

/// 2.0 §Criteria.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Criteria {
    /// `id`: a page.
    pub id: Option<String>,
    /// `narrative` (Markdown).
    pub narrative: Option<String>,
}

/// 2.0 §`AlignmentObject`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Alignment {
    /// `targetName`.
    pub target_name: Option<String>,
    /// `targetUrl`.
    pub target_url: Option<String>,
    /// `targetDescription`.
    pub target_description: Option<String>,
    /// `targetFramework`.
    pub target_framework: Option<String>,
    /// `targetCode`.
    pub target_code: Option<String>,
}

/// 2.0 §Image.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Image {
    /// `id`: an http(s) URL or a `data:` URI.
    pub id: Option<String>,
    /// `caption`: the alternative text.
    pub caption: Option<String>,
    /// `author`.
    pub author: Option<String>,
}
