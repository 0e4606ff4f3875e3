//! The terms of the 2.0 context, their IRIs, and which of them the 1.1 contexts know too.

use std::collections::HashMap;
use std::sync::LazyLock;

/// A property.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Term {
    pub name: &'static str,
    pub iri: &'static str,
    /// Its text is an IRI (`"@type": "@id"`).
    pub is_id: bool,
    /// The 1.1 contexts map it to the same IRI.
    pub in_v1: bool,
}

const fn term(name: &'static str, iri: &'static str, is_id: bool, in_v1: bool) -> Term {
    Term { name, iri, is_id, in_v1 }
}

/// The same IRI as `revoked`; what tells them apart is whether the value is a boolean.
pub(super) const REVOKED_IRI: &str = "https://w3id.org/openbadges#revoked";

/// Every property of the 2.0 context.
#[rustfmt::skip]
pub(super) const TERMS: &[Term] = &[
    term("author", "http://schema.org/author", true, false),
    term("caption", "http://schema.org/caption", false, false),
    term("claim", "https://w3id.org/credentials#claim", true, false),
    term("created", "http://purl.org/dc/terms/created", false, true),
    term("creator", "http://purl.org/dc/terms/creator", true, true),
    term("description", "http://schema.org/description", false, true),
    term("email", "http://schema.org/email", false, true),
    term("endorsement", "https://w3id.org/credentials#credential", true, false),
    term("expires", "https://w3id.org/security#expiration", false, true),
    term("genre", "http://schema.org/genre", false, false),
    term("image", "http://schema.org/image", true, true),
    term("name", "http://schema.org/name", false, true),
    term("owner", "https://w3id.org/security#owner", true, true),
    term("publicKey", "https://w3id.org/security#publicKey", true, true),
    term("publicKeyPem", "https://w3id.org/security#publicKeyPem", false, true),
    term("related", "http://purl.org/dc/terms/relation", true, false),
    term("startsWith", "http://purl.org/dqm-vocabulary/v1/dqm#startsWith", false, false),
    term("tags", "http://schema.org/keywords", false, true),
    term("targetDescription", "http://schema.org/targetDescription", false, false),
    term("targetFramework", "http://schema.org/educationalFramework", false, false),
    term("targetName", "http://schema.org/targetName", false, false),
    term("targetUrl", "http://schema.org/targetUrl", false, false),
    term("telephone", "http://schema.org/telephone", false, false),
    term("url", "http://schema.org/url", true, true),
    term("version", "http://schema.org/version", false, false),
    term("alignment", "https://w3id.org/openbadges#alignment", true, true),
    term("allowedOrigins", "https://w3id.org/openbadges#allowedOrigins", false, false),
    term("audience", "https://w3id.org/openbadges#audience", false, false),
    term("badge", "https://w3id.org/openbadges#badge", true, true),
    term("criteria", "https://w3id.org/openbadges#criteria", true, true),
    term("endorsementComment", "https://w3id.org/openbadges#endorsementComment", false, false),
    term("evidence", "https://w3id.org/openbadges#evidence", true, true),
    term("hashed", "https://w3id.org/openbadges#hashed", false, true),
    term("identity", "https://w3id.org/openbadges#identityHash", false, true),
    term("issuedOn", "https://w3id.org/openbadges#issueDate", false, true),
    term("issuer", "https://w3id.org/openbadges#issuer", true, true),
    term("narrative", "https://w3id.org/openbadges#narrative", false, false),
    term("recipient", "https://w3id.org/openbadges#recipient", true, true),
    term("revocationList", "https://w3id.org/openbadges#revocationList", true, true),
    term("revocationReason", "https://w3id.org/openbadges#revocationReason", false, false),
    term("revoked", REVOKED_IRI, false, false),
    term("revokedAssertions", REVOKED_IRI, false, false),
    term("salt", "https://w3id.org/openbadges#salt", false, true),
    term("targetCode", "https://w3id.org/openbadges#targetCode", false, false),
    term("uid", "https://w3id.org/openbadges#uid", false, true),
    term("verification", "https://w3id.org/openbadges#verify", true, false),
    term("verificationProperty", "https://w3id.org/openbadges#verificationProperty", false, false),
];

/// Every class of the 2.0 context, and the properties that serve as kinds of recipient.
const CLASSES: &[(&str, &str)] = &[
    ("AlignmentObject", "http://schema.org/AlignmentObject"),
    ("CryptographicKey", "https://w3id.org/security#Key"),
    ("Endorsement", "https://w3id.org/credentials#Credential"),
    ("Assertion", "https://w3id.org/openbadges#Assertion"),
    ("BadgeClass", "https://w3id.org/openbadges#BadgeClass"),
    ("Criteria", "https://w3id.org/openbadges#Criteria"),
    ("Evidence", "https://w3id.org/openbadges#Evidence"),
    ("Extension", "https://w3id.org/openbadges#Extension"),
    ("FrameValidation", "https://w3id.org/openbadges#FrameValidation"),
    ("IdentityObject", "https://w3id.org/openbadges#IdentityObject"),
    ("Image", "https://w3id.org/openbadges#Image"),
    ("HostedBadge", "https://w3id.org/openbadges#HostedBadge"),
    ("Issuer", "https://w3id.org/openbadges#Issuer"),
    ("Profile", "https://w3id.org/openbadges#Profile"),
    ("RevocationList", "https://w3id.org/openbadges#RevocationList"),
    ("SignedBadge", "https://w3id.org/openbadges#SignedBadge"),
    ("TypeValidation", "https://w3id.org/openbadges#TypeValidation"),
    ("VerificationObject", "https://w3id.org/openbadges#VerificationObject"),
    ("id", "@id"),
    ("id", RECIPIENT_BY_ID),
];

/// What stands in for the kind of recipient `id` while a document is expanded: as a type it is a JSON-LD keyword, which
/// processors refuse.
pub(super) const RECIPIENT_BY_ID: &str = "https://w3id.org/openbadges#id";

/// The prefixes of both contexts: `schema:name` is a compact IRI and needs JSON-LD.
const PREFIXES: &[&str] =
    &["extensions", "obi", "ob", "cred", "dc", "rdf", "rdfs", "schema", "sec", "xsd", "validation"];

struct Maps {
    by_name: HashMap<&'static str, &'static Term>,
    by_iri: HashMap<&'static str, &'static Term>,
    class_by_iri: HashMap<&'static str, &'static str>,
    class_by_name: HashMap<&'static str, &'static str>,
}

static MAPS: LazyLock<Maps> = LazyLock::new(|| {
    let properties = TERMS.iter().map(|t| (t.name, t.iri));
    let mut class_by_name: HashMap<_, _> =
        CLASSES.iter().copied().chain(properties.clone()).map(|(name, _)| (name, name)).collect();
    class_by_name.extend([
        ("hosted", "HostedBadge"),
        ("signed", "SignedBadge"),
        ("verify", "verification"),
        ("IssuerOrg", "Issuer"),
    ]);
    Maps {
        by_name: TERMS.iter().map(|t| (t.name, t)).collect(),
        by_iri: TERMS.iter().map(|t| (t.iri, t)).collect(),
        class_by_iri: CLASSES.iter().copied().chain(properties).map(|(name, iri)| (iri, name)).collect(),
        class_by_name,
    }
});

/// The property with this name in the context of 2.0, or of 1.1.
pub(super) fn by_name(name: &str, v1: bool) -> Option<&'static Term> {
    let name = match (name, v1) {
        ("verify", _) => return MAPS.by_name.get("verification").copied(),
        (name, _) => name,
    };
    MAPS.by_name.get(name).copied().filter(|term| !v1 || term.in_v1)
}

/// The property with this IRI; never `revoked`, whose IRI has two names.
pub(super) fn by_iri(iri: &str) -> Option<&'static Term> {
    MAPS.by_iri.get(iri).copied()
}

/// The canonical name of a type written as a term: `hosted` is `HostedBadge`.
pub(super) fn class_by_name(name: &str) -> Option<&'static str> {
    MAPS.class_by_name.get(name).copied()
}

/// The canonical name of a type written as an IRI.
pub(super) fn class_by_iri(iri: &str) -> Option<&'static str> {
    MAPS.class_by_iri.get(iri).copied()
}

/// Whether the part before `:` is a prefix or a term, which JSON-LD would replace, or could. Not `uid`: that is how the
/// ids of signed 1.0 badges are written, and JSON-LD 1.1 takes no such term for a prefix.
pub(super) fn is_prefix(scheme: &str) -> bool {
    scheme != "uid" && (PREFIXES.contains(&scheme) || MAPS.class_by_name.contains_key(scheme))
}
