//! What a 2.0 badge says, in the words of the report.

use badge_schemas::ob2::{Endorsement, IdentityType};
use serde_json::json;

use super::Word;
use super::badge::Badge;
use super::trust::Vouched;
use crate::facts::{self, AchievementFacts, BadgeFacts, EndorsementFacts, HashedIdentity, IssuerFacts, RecipientFacts};

/// The facts, once the badge is known to be its issuer's. `None` when what a badge must say is missing.
pub(super) fn read(badge: &Badge, vouched: Option<Vouched>) -> Option<BadgeFacts> {
    let (assertion, class) = (&badge.assertion, &badge.class);
    let id = class.id.clone()?;
    let name = class.name.clone()?;
    let evidence = assertion.evidence.first();
    let image = |image: &Option<badge_schemas::ob2::Image>| image.as_ref().and_then(|image| image.id.clone());
    Some(BadgeFacts {
        credential_id: badge.word.id.clone(),
        achievement: AchievementFacts {
            referentiel: facts::place(&json!({ "id": id, "name": name })),
            id,
            name,
            description: class.description.clone().unwrap_or_default(),
            criteria: class.criteria.as_ref().and_then(|criteria| criteria.narrative.clone()),
            image: image(&class.image),
        },
        image: image(&assertion.image),
        recipient: recipient(badge),
        issuer: issuer(&badge.word, vouched)?,
        valid_from: assertion.issued_on?,
        valid_until: assertion.expires,
        awarded: None,
        observed: vec![],
        sentence: assertion.narrative.clone().or_else(|| evidence.and_then(|evidence| evidence.narrative.clone())),
        evidence_type: evidence.and_then(|evidence| evidence.genre.clone()),
    })
}

/// The facts of an endorsement, once it is known to be its issuer's.
pub(super) fn read_endorsement(
    word: &Word,
    endorsement: &Endorsement,
    vouched: Option<Vouched>,
) -> Option<EndorsementFacts> {
    Some(EndorsementFacts {
        credential_id: word.id.clone(),
        endorsed: endorsement.claim_id.clone()?,
        comment: endorsement.comment.clone(),
        issuer: issuer(word, vouched)?,
        valid_from: word.issued_on?,
        valid_until: None,
    })
}

fn issuer(word: &Word, vouched: Option<Vouched>) -> Option<IssuerFacts> {
    let id = word.issuer.id.clone()?;
    if let Some(Vouched { name, short_name, town }) = vouched {
        return Some(IssuerFacts { id, name, short_name, town, vouched: true });
    }
    let name = word.issuer.name.clone().unwrap_or_else(|| id.clone());
    Some(IssuerFacts { id, name, short_name: None, town: None, vouched: false })
}

fn recipient(badge: &Badge) -> RecipientFacts {
    let mut facts = RecipientFacts::default();
    let Some(found) = &badge.assertion.recipient else { return facts };
    let (Some(kind), Some(identity)) = (found.kind, found.identity.clone()) else { return facts };
    if found.hashed == Some(true) {
        // In the words of 3.0, which the rest of the report speaks.
        let identity_type = if kind == IdentityType::Email { "emailAddress" } else { kind.name() };
        facts.hashed.push(HashedIdentity {
            identity_type: identity_type.to_owned(),
            hash: identity,
            salt: found.salt.clone(),
        });
    } else if kind == IdentityType::Id {
        facts.id = Some(identity);
    }
    facts
}
