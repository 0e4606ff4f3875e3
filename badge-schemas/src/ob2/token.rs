//! A signed Endorsement that stands, as its compact JWS, where an id would (2.0 §Endorsement says that it may be signed,
//! and not how it then stands in what it endorses).
//!
//! To JSON-LD such a text is a relative address, which processors drop. So it is written as the `data:` address that it
//! amounts to, which every way of reading keeps.

use serde_json::Value;

use crate::validate::values::is_compact_jws;

/// What the token follows.
const ENVELOPE: &str = "data:application/jwt,";

/// Where a document may hold endorsed objects, and how deep: an assertion, its class, the class's issuer.
const HOLDERS: [&str; 2] = ["badge", "issuer"];
const DEEPEST: usize = 3;

/// Puts every bare token of `endorsement` into its envelope.
pub(super) fn wrap(document: &mut Value) {
    wrap_within(document, DEEPEST);
}

fn wrap_within(holder: &mut Value, depth: usize) {
    let Some(members) = holder.as_object_mut().filter(|_| depth > 0) else { return };
    match members.get_mut("endorsement") {
        Some(Value::Array(all)) => all.iter_mut().for_each(wrap_one),
        Some(one) => wrap_one(one),
        None => {}
    }
    for name in HOLDERS {
        if let Some(inner) = members.get_mut(name) {
            wrap_within(inner, depth - 1);
        }
    }
}

fn wrap_one(endorsement: &mut Value) {
    if let Value::String(text) = endorsement
        && is_compact_jws(text.trim())
    {
        *text = format!("{ENVELOPE}{}", text.trim());
    }
}

/// The token in an envelope.
pub(super) fn inside(id: &str) -> Option<&str> {
    id.strip_prefix(ENVELOPE).filter(|token| is_compact_jws(token))
}
