//! The last door before a signature: the text of a credential, or why it is not written.

use serde_json::Value;

use super::{SchemaFault, validate_canonical};
use crate::json::{JsonFault, parse_strict};

/// Why a credential is not written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriteFault {
    /// It breaks rules of the standard, in the form an issuer must write.
    #[error("{} rules of the standard are broken, {} first", .0.len(), .0[0])]
    Schema(Vec<SchemaFault>),
    /// Our own strict reader would refuse the text: too large or too deep.
    #[error("what would be written could not be read: {0}")]
    Unreadable(JsonFault),
}

impl WriteFault {
    /// Stable machine code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Schema(_) => "write_schema",
            Self::Unreadable(fault) => fault.code(),
        }
    }
}

/// The text of an `OpenBadgeCredential`, `EndorsementCredential` or `ClrCredential` that may be signed, members in
/// their order. Refused: whatever [`validate_canonical`] notices — no recipient, null, empty arrays, a bare value for a
/// list, a date without its offset, a relative id (Open Badges 3.0, §A.1 and §B.1).
///
/// Terms that no context defines are not noticed here: JSON-LD in safe mode, in `proofs`, refuses to sign them.
pub fn write(credential: &Value) -> Result<String, WriteFault> {
    let faults = validate_canonical(credential);
    if !faults.is_empty() {
        return Err(WriteFault::Schema(faults));
    }
    let text = credential.to_string();
    parse_strict(&text).map_err(WriteFault::Unreadable)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn badge() -> Value {
        serde_json::from_str(include_str!("../../tests/data/badge.json")).unwrap()
    }

    fn refused(change: impl FnOnce(&mut Value)) -> Vec<&'static str> {
        let mut badge = badge();
        change(&mut badge);
        match write(&badge) {
            Err(WriteFault::Schema(faults)) => faults.into_iter().map(|f| f.code).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_conforms_is_written_in_its_order() {
        assert_eq!(write(&badge()).unwrap(), badge().to_string());
    }

    #[test]
    fn what_the_standard_refuses_is_not_written() {
        let subject = |b: &mut Value, members: &[&str]| {
            for name in members {
                b["credentialSubject"].as_object_mut().unwrap().shift_remove(*name).unwrap();
            }
        };
        assert_eq!(refused(|b| subject(b, &["id", "identifier"])), ["no_recipient"]);
        assert_eq!(refused(|b| b["description"] = Value::Null), ["null_value"]);
        assert_eq!(refused(|b| b["evidence"] = json!([])), ["empty_array"]);
        assert_eq!(refused(|b| b["evidence"] = b["evidence"][0].clone()), ["not_an_array"]);
        assert_eq!(refused(|b| b["credentialStatus"] = json!([b["credentialStatus"]])), ["not_single"]);
        assert_eq!(refused(|b| b["validFrom"] = json!("2026-11-20T14:05:09")), ["not_date_time_with_offset"]);
        assert_eq!(refused(|b| b["id"] = json!("badges/1")), ["not_absolute_iri"]);
        assert_eq!(refused(|b| b["issuer"] = b["issuer"]["id"].clone()), ["not_an_object"]);
        let old = json!({"id": "https://livret.example/revoked", "type": "1EdTechRevocationList"});
        assert_eq!(refused(|b| b["credentialStatus"] = old), ["status_no_longer_written"]);
    }

    #[test]
    fn what_could_not_be_read_back_is_not_written() {
        let mut badge = badge();
        badge["name"] = json!("x".repeat(crate::json::MAX_BYTES));
        assert_eq!(write(&badge), Err(WriteFault::Unreadable(JsonFault::TooLarge)));
    }
}
