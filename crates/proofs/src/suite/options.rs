//! The canonical form of a proof's options: its members without `proofValue`, read with the document's context
//! (vc-di-eddsa §3.2.5).

use serde_json::{Map, Value};

use super::Suite;
use crate::iri::is_iri;
use crate::jsonld::{Engine, JsonLdFault};

const VC2: &str = "https://www.w3.org/ns/credentials/v2";
const OB303: &str = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json";
const OB_EXTENSIONS: &str = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json";

/// The lists of contexts under which the five members below are known to mean what [`template`] writes.
const KNOWN: [&[&str]; 3] = [&[VC2], &[VC2, OB303], &[VC2, OB303, OB_EXTENSIONS]];

/// The members of the one shape that has a template.
const MEMBERS: [&str; 5] = ["type", "created", "verificationMethod", "cryptosuite", "proofPurpose"];

/// The canonical N-Quads of `proof` (without its value) under the document's `context`.
///
/// Our own proofs, and most others', have one shape under three lists of contexts: five lines whose order does not
/// depend on the values. Anything else goes through the general engine; a test compares the two.
pub fn canonical(engine: &Engine, context: Option<&Value>, proof: &Map<String, Value>) -> Result<String, JsonLdFault> {
    let context = context.ok_or(JsonLdFault::NotJsonLd)?;
    match template(context, proof) {
        Some(text) => Ok(text),
        None => engine.canonicalize(&document(context, proof)),
    }
}

/// The options as a document.
pub fn document(context: &Value, proof: &Map<String, Value>) -> Value {
    let mut options = proof.clone();
    options.insert("@context".to_owned(), context.clone());
    Value::Object(options)
}

/// By the template, when the shape is the one it was made for. Its slots need no escaping: the date is checked by
/// the caller to be a date, and the method is an IRI of a scheme that is no prefix in those contexts.
pub fn template(context: &Value, proof: &Map<String, Value>) -> Option<String> {
    let context = context.as_array()?;
    KNOWN.iter().find(|known| context.iter().map(Value::as_str).eq(known.iter().map(|url| Some(*url))))?;
    if proof.len() != MEMBERS.len() {
        return None;
    }
    let [kind, created, method, suite, purpose] = MEMBERS.map(|name| proof.get(name).and_then(Value::as_str));
    let fixed = (kind?, purpose?) == ("DataIntegrityProof", "assertionMethod");
    // A name we know needs no escaping either.
    let suite = Suite::of_cryptosuite(suite?)?.name();
    let method = method.filter(|method| {
        let scheme = ["did:", "https://", "http://"].iter().any(|scheme| method.starts_with(scheme));
        scheme && is_iri(method)
    })?;
    let created = created
        .filter(|created| created.bytes().all(|sign| sign.is_ascii_graphic() && sign != b'"' && sign != b'\\'))?;
    fixed.then(|| {
        format!(
            "_:c14n0 <http://purl.org/dc/terms/created> \"{created}\"^^<http://www.w3.org/2001/XMLSchema#dateTime> .\n\
             _:c14n0 <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/security#DataIntegrityProof> .\n\
             _:c14n0 <https://w3id.org/security#cryptosuite> \"{suite}\"^^<https://w3id.org/security#cryptosuiteString> .\n\
             _:c14n0 <https://w3id.org/security#proofPurpose> <https://w3id.org/security#assertionMethod> .\n\
             _:c14n0 <https://w3id.org/security#verificationMethod> <{method}> .\n"
        )
    })
}
