//! Whether a badge is about a given person (2.0 §`IdentityObject`, §`IdentityHash`).

use data_encoding::HEXLOWER;
use md5::Md5;
use sha2::{Digest, Sha256};

use super::model::{IdentityObject, IdentityType};
use crate::text;

/// One thing by which the person asked about is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identifier<'a> {
    /// Which property.
    pub kind: IdentityType,
    /// Its plain value.
    pub value: &'a str,
}

/// `sha256$` and the hash of the identity followed by the salt, both as UTF-8 without separator.
pub fn sha256(identity: &str, salt: &str) -> String {
    format!("sha256${}", HEXLOWER.encode(&Sha256::new().chain_update(identity).chain_update(salt).finalize()))
}

/// The first of the identifiers that the recipient is; one match suffices.
///
/// Digits of a hash are compared without regard to case. An e-mail address is tried as given, then trimmed and
/// lower-cased: issuers have hashed either form. `md5` is read, because badges of before 2015 carry it.
pub fn find<'a>(recipient: &IdentityObject, known: &[Identifier<'a>]) -> Option<Identifier<'a>> {
    known.iter().copied().find(|identifier| matches(recipient, *identifier))
}

/// Whether the recipient is this one.
pub fn matches(recipient: &IdentityObject, known: Identifier<'_>) -> bool {
    let (Some(kind), Some(identity)) = (recipient.kind, recipient.identity.as_deref()) else { return false };
    if kind != known.kind || known.value.trim().is_empty() {
        return false;
    }
    let forms = forms(known);
    if recipient.hashed != Some(true) {
        return forms.iter().any(|form| match kind {
            IdentityType::Email => form.to_lowercase() == identity.trim().to_lowercase(),
            _ => form == identity,
        });
    }
    let salt = recipient.salt.as_deref().unwrap_or_default();
    let digest = |form: &String| match identity.split_once('$') {
        Some(("sha256", hex)) => sha256(form, salt)[7..].eq_ignore_ascii_case(hex),
        Some(("md5", hex)) => {
            let digest = Md5::new().chain_update(form).chain_update(salt).finalize();
            HEXLOWER.encode(&digest).eq_ignore_ascii_case(hex)
        }
        _ => false,
    };
    forms.iter().any(digest)
}

fn forms(known: Identifier<'_>) -> Vec<String> {
    let mut forms = vec![known.value.to_owned()];
    let trimmed = text::nfc(known.value.trim());
    if known.kind == IdentityType::Email {
        forms.push(trimmed.to_lowercase());
    }
    forms.push(trimmed);
    forms.dedup();
    forms
}
