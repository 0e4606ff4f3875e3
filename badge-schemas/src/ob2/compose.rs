//! The 2.0 documents of one award and its organisation (decisions §6, §7, §11–13): one fixed shape each, public by
//! nature, so without name, plain address or evidence sentence. The reference validator accepts them.

use serde_json::{Map, Value, json};
use time::OffsetDateTime;

use super::{CONTEXT, recipient, values};
use crate::credential::{AwardFacts, IssuerFacts};
use crate::dates;
use crate::identity::HashedEmail;
use crate::referentiel::Achievement;

/// Whom a 2.0 badge names.
#[derive(Debug, Clone, Copy)]
pub enum Recipient<'a> {
    /// The e-mail address, hashed with another salt than that of the 3.0 text (decisions §6): the two must not be
    /// joined by their hash.
    Email(&'a HashedEmail),
    /// No address: the hash of the subject's `urn:uuid`, whose 122 random bits are their own salt.
    Subject,
}

/// How a badge is verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verification<'a> {
    /// At its own address.
    Hosted,
    /// By a JWS made with this key ([`key_url`]).
    Signed {
        /// `verification.creator`.
        creator: &'a str,
    },
}

/// What a 2.0 Profile says beyond [`IssuerFacts`].
#[derive(Debug, Clone, Copy)]
pub struct ProfileFacts<'a> {
    /// The organisation; its `url` is the Profile's id.
    pub issuer: &'a IssuerFacts,
    /// Contact address, mandatory in 2.0.
    pub email: &'a str,
    /// Address of its one signing key ([`key_url`]); the reference validator refuses two.
    pub public_key: Option<&'a str>,
    /// Address of its revocation list, for signed badges ([`revocation_list_url`]).
    pub revocation_list: Option<&'a str>,
}

/// What cannot stand in a 2.0 Profile or key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IssuerFault {
    /// Not an e-mail address.
    #[error("a 2.0 profile needs an e-mail address")]
    Email,
    /// The organisation's page is not an http(s) URL.
    #[error("a 2.0 profile needs an http(s) URL")]
    Url,
    /// Not `-----BEGIN PUBLIC KEY-----` with line feeds alone.
    #[error("a 2.0 key is an SPKI PEM with line feeds alone")]
    Pem,
}

impl IssuerFault {
    /// Stable machine code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Email => "profile_email",
            Self::Url => "profile_url",
            Self::Pem => "key_pem",
        }
    }
}

impl ProfileFacts<'_> {
    /// Why these facts are not a Profile; empty when they are.
    pub fn faults(&self) -> Vec<IssuerFault> {
        let mut faults = vec![];
        if !values::is_email(self.email) {
            faults.push(IssuerFault::Email);
        }
        if !values::is_url(&self.issuer.url) {
            faults.push(IssuerFault::Url);
        }
        faults
    }
}

/// The Assertion (2.0 §Assertion). Hosted, it is what the badge's address answers; signed, it is the JWS's payload.
/// Both have the id of the 3.0 credential (decisions §11).
pub fn assertion(facts: &AwardFacts<'_>, recipient: Recipient<'_>, verification: Verification<'_>) -> Value {
    let id = facts.credential_url();
    json!({
        "@context": CONTEXT,
        "type": "Assertion",
        "id": id,
        "recipient": identity(facts, recipient),
        "badge": badge_class_url(facts.issuer, facts.achievement),
        "image": format!("{id}/image.png"),
        "issuedOn": dates::instant(facts.valid_from),
        "verification": match verification {
            Verification::Hosted => json!({ "type": "HostedBadge" }),
            Verification::Signed { creator } => json!({ "type": "SignedBadge", "creator": creator }),
        },
    })
}

/// What the address of a withdrawn badge answers, with 410 Gone (2.0 §Revoking a hosted badge).
pub fn revoked(credential_url: &str, reason: Option<&str>) -> Value {
    let mut body = json!({ "@context": CONTEXT, "type": "Assertion", "id": credential_url, "revoked": true });
    if let Some(reason) = reason {
        body["revocationReason"] = json!(reason);
    }
    body
}

/// The `BadgeClass` of one organisation and one achievement (decisions §13): its issuer is who awards.
pub fn badge_class(achievement: &Achievement, issuer_base: &str, issuer: &IssuerFacts) -> Value {
    let page = achievement.url(issuer_base);
    let mut class = json!({
        "@context": CONTEXT,
        "type": "BadgeClass",
        "id": badge_class_url(issuer, achievement),
        "@language": "fr",
        "name": achievement.name,
        "description": achievement.description,
        "image": format!("{page}/image.png"),
        "criteria": { "id": page, "narrative": achievement.narrative },
        "issuer": issuer.url,
        "tags": achievement.tags,
        "version": achievement.version,
    });
    if !achievement.alignments.is_empty() {
        class["alignment"] = achievement.alignments.iter().map(alignment).collect();
    }
    class
}

/// The Profile of an organisation. No `verification`: the default (the same origin as the Profile) says what is meant,
/// and `allowedOrigins` cannot say it for an origin with a port.
pub fn profile(facts: &ProfileFacts<'_>) -> Value {
    let mut profile = json!({
        "@context": CONTEXT,
        "type": "Issuer",
        "id": facts.issuer.url,
        "name": facts.issuer.name,
        "url": facts.issuer.url,
        "email": facts.email,
    });
    for (name, value) in [("publicKey", facts.public_key), ("revocationList", facts.revocation_list)] {
        if let Some(value) = value {
            profile[name] = json!(value);
        }
    }
    profile
}

/// The document of a signing key; `pem` is its SPKI PEM.
pub fn cryptographic_key(issuer: &IssuerFacts, key_url: &str, pem: &str) -> Result<Value, IssuerFault> {
    let body = pem
        .trim_end()
        .strip_prefix("-----BEGIN PUBLIC KEY-----\n")
        .and_then(|rest| rest.strip_suffix("\n-----END PUBLIC KEY-----"));
    if body.is_none_or(|body| body.is_empty() || body.contains('\r')) {
        return Err(IssuerFault::Pem);
    }
    Ok(json!({
        "@context": CONTEXT,
        "type": "CryptographicKey",
        "id": key_url,
        "owner": issuer.url,
        "publicKeyPem": format!("{}\n", pem.trim_end()),
    }))
}

/// The revocation list of an organisation's signed badges: ids, each with a reason perhaps.
///
/// One entry alone is written twice: the reference validator (`openbadges` 1.1.2) compacts a list of one into its one
/// value, then looks for the badge among that text's letters, and calls it valid.
pub fn revocation_list<'a>(
    issuer: &IssuerFacts,
    revoked: impl IntoIterator<Item = (&'a str, Option<&'a str>)>,
) -> Value {
    let mut entries: Vec<Value> = revoked
        .into_iter()
        .map(|(id, reason)| match reason {
            Some(reason) => json!({ "id": id, "revocationReason": reason }),
            None => json!(id),
        })
        .collect();
    if let [alone] = entries.as_slice() {
        entries.push(alone.clone());
    }
    json!({
        "@context": CONTEXT,
        "type": "RevocationList",
        "id": revocation_list_url(issuer),
        "issuer": issuer.url,
        "revokedAssertions": entries,
    })
}

/// An Endorsement of a Profile, `BadgeClass` or Assertion, hosted at `id` (2.0 §Endorsement).
pub fn endorsement(
    id: &str,
    issuer: &IssuerFacts,
    endorsed: &str,
    comment: Option<&str>,
    issued_on: OffsetDateTime,
) -> Value {
    let mut claim = Map::new();
    claim.insert("id".into(), json!(endorsed));
    if let Some(comment) = comment {
        claim.insert("endorsementComment".into(), json!(comment));
    }
    json!({
        "@context": CONTEXT,
        "type": "Endorsement",
        "id": id,
        "issuer": issuer.url,
        "claim": claim,
        "issuedOn": dates::instant(issued_on),
        "verification": { "type": "HostedBadge" },
    })
}

/// Address of a `BadgeClass`: the achievement's own path, below the organisation's page.
pub fn badge_class_url(issuer: &IssuerFacts, achievement: &Achievement) -> String {
    format!("{}{}", issuer.url.trim_end_matches('/'), achievement.path())
}

/// Address of an organisation's signing key.
pub fn key_url(issuer: &IssuerFacts, key_id: &str) -> String {
    format!("{}/keys/{key_id}", issuer.url.trim_end_matches('/'))
}

/// Address of an organisation's revocation list.
pub fn revocation_list_url(issuer: &IssuerFacts) -> String {
    format!("{}/revocations", issuer.url.trim_end_matches('/'))
}

fn identity(facts: &AwardFacts<'_>, recipient: Recipient<'_>) -> Value {
    match recipient {
        Recipient::Email(email) => json!({
            "type": "email",
            "hashed": true,
            "identity": format!("sha256${}", email.hash_hex),
            "salt": email.salt,
        }),
        Recipient::Subject => json!({
            "type": "id",
            "hashed": true,
            "identity": recipient::sha256(&format!("urn:uuid:{}", facts.subject_id), ""),
        }),
    }
}

fn alignment(alignment: &crate::referentiel::Alignment) -> Value {
    let mut value = json!({
        "targetName": alignment.target_name,
        "targetUrl": alignment.target_url,
        "targetFramework": alignment.target_framework,
    });
    if let Some(code) = &alignment.target_code {
        value["targetCode"] = json!(code);
    }
    value
}
