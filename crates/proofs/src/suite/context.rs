//! Whose context a proof is read with.

use serde_json::Value;

use super::{ProofFault, Suite};

const ED25519_2020: &str = "https://w3id.org/security/suites/ed25519-2020/v1";

/// Proofs are read with the document's context. A proof may repeat it (`eddsa-jcs-2022` §3.3.2 step 4: or its
/// beginning, which then stands for the document's); with another, readers would disagree about what was signed.
pub fn check(suite: Suite, document: Option<&Value>, proof: Option<&Value>) -> Result<(), ProofFault> {
    if suite == Suite::Ed25519Signature2020 && !list(document).iter().any(|context| context == ED25519_2020) {
        return Err(ProofFault::SuiteContext);
    }
    let Some(own) = proof else { return Ok(()) };
    let fits = match suite {
        Suite::EddsaJcs2022 => list(document).starts_with(list(Some(own))),
        _ => document == Some(own),
    };
    if fits { Ok(()) } else { Err(ProofFault::Context) }
}

fn list(context: Option<&Value>) -> &[Value] {
    match context {
        None => &[],
        Some(Value::Array(several)) => several,
        Some(one) => std::slice::from_ref(one),
    }
}
