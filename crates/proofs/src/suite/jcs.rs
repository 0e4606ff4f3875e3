//! The JSON Canonicalization Scheme (RFC 8785) of documents and proof options.

use serde_json::Value;

use super::ProofFault;
use crate::jsonld::JsonLdFault;

/// Integers up to here are the same number to every reader (2⁵³ − 1, RFC 7493 §2.2).
const SAFE: u64 = (1 << 53) - 1;

/// The canonical JSON of a value.
pub fn canonical(value: &Value) -> Result<String, ProofFault> {
    if !safe(value) {
        return Err(ProofFault::JsonLd(JsonLdFault::UnsafeNumber));
    }
    serde_json_canonicalizer::to_string(value).map_err(|_| ProofFault::JsonLd(JsonLdFault::UnsafeNumber))
}

/// RFC 8785 writes every number as a double: of a larger integer, several would be written, and signed, alike.
fn safe(value: &Value) -> bool {
    match value {
        Value::Number(number) => {
            number.as_u64().is_none_or(|number| number <= SAFE)
                && number.as_i64().is_none_or(|number| number.unsigned_abs() <= SAFE)
        }
        Value::Array(items) => items.iter().all(safe),
        Value::Object(members) => members.values().all(safe),
        _ => true,
    }
}
