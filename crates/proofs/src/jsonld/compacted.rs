//! Whether a document says what it says by the terms of its contexts: the compacted form that VC Data Model 2.0 §6.3
//! requires of whatever is secured.
//!
//! A signature over quads covers what a document means; whoever judges it reads the names of its members. JSON-LD
//! writes one meaning in many ways: with `validUntil` spelt out as an address, moved under `@included` or `@nest`, or
//! renamed by a context written in place, the quads and the signature stay the same, and a reader who looks for
//! `validUntil` finds none. So whatever the bundled contexts name may be written by those names only, and keywords
//! that move members about are refused. What belongs to vocabularies of others stays free.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use badge_schemas::contexts;
use serde_json::{Map, Value};

use super::fault::JsonLdFault;
use super::limits;

/// Refuses a document that is not in compacted form.
///
/// # Errors
/// [`JsonLdFault::NotCompacted`], with what is written otherwise; [`JsonLdFault::TooLarge`] when it is nested too deep.
pub fn check(document: &Value) -> Result<(), JsonLdFault> {
    below(document, 0)
}

fn below(value: &Value, depth: usize) -> Result<(), JsonLdFault> {
    if depth > limits::DEPTH {
        return Err(JsonLdFault::TooLarge);
    }
    match value {
        Value::Array(items) => items.iter().try_for_each(|item| below(item, depth + 1)),
        Value::Object(members) => object(members, depth),
        _ => Ok(()),
    }
}

fn object(members: &Map<String, Value>, depth: usize) -> Result<(), JsonLdFault> {
    for (key, member) in members {
        if key == "@context" {
            context(member, depth + 1)?;
            continue;
        }
        let written = match key.as_bytes() {
            // A text and its language.
            [b'@', ..] => members.contains_key("@value") && OF_A_TEXT.contains(&key.as_str()),
            // To a processor the name of a type is the name of a member too: `Criteria` would stand for `criteria`.
            [b'A'..=b'Z', ..] if VOCABULARY.terms.contains(key.as_str()) => false,
            _ => !key.contains(':') || is_of_others(key),
        };
        if !written {
            return Err(JsonLdFault::not_compacted(key));
        }
        if !VOCABULARY.json.contains(key.as_str()) {
            below(member, depth + 1)?;
        }
    }
    Ok(())
}

const OF_A_TEXT: [&str; 4] = ["@value", "@type", "@language", "@direction"];

/// A `@context` as it stands in a document: addresses, and definitions of words of others.
fn context(local: &Value, depth: usize) -> Result<(), JsonLdFault> {
    if depth > limits::DEPTH {
        return Err(JsonLdFault::TooLarge);
    }
    match local {
        Value::String(_) => Ok(()),
        Value::Array(items) => items.iter().try_for_each(|item| context(item, depth + 1)),
        Value::Object(definitions) => definitions.iter().try_for_each(|(term, meaning)| {
            let fine = match term.as_str() {
                "@version" | "@protected" | "@language" => true,
                "@vocab" => meaning.as_str().is_some_and(begins_no_name),
                // Not even as the beginning of a longer name. (A word of the bundled contexts is theirs wherever they
                // define it: they protect their words, and the engine refuses whoever defines one anew.)
                "urn" | "http" | "https" => false,
                _ => !term.starts_with('@') && !term.contains(':'),
            };
            if !fine {
                return Err(JsonLdFault::not_compacted(term));
            }
            if term.starts_with('@') { Ok(()) } else { definition(term, meaning, depth) }
        }),
        // `null` forgets the contexts that protect the terms.
        _ => Err(JsonLdFault::not_compacted("@context")),
    }
}

/// What a word defined in place stands for: something of others, and nothing that moves members about.
fn definition(term: &str, meaning: &Value, depth: usize) -> Result<(), JsonLdFault> {
    let refused = || JsonLdFault::not_compacted(term);
    match meaning {
        Value::String(iri) if is_of_others(iri) => Ok(()),
        Value::Object(parts) => {
            for (name, part) in parts {
                let fine = match name.as_str() {
                    "@id" => part.as_str().is_some_and(is_of_others),
                    "@container" => matches!(part.as_str(), Some("@set" | "@list" | "@language")),
                    "@type" | "@language" | "@protected" => true,
                    "@context" => {
                        context(part, depth + 1)?;
                        true
                    }
                    _ => false,
                };
                if !fine {
                    return Err(refused());
                }
            }
            Ok(())
        }
        // A word that means nothing; the engine says what becomes of its members.
        Value::Null => Ok(()),
        _ => Err(refused()),
    }
}

/// Whether no word put behind this address makes a name of the bundled contexts.
fn begins_no_name(vocabulary: &str) -> bool {
    is_absolute(vocabulary) && !VOCABULARY.names.iter().any(|name| name.starts_with(vocabulary))
}

/// Whether this address stands for itself, and is none that the bundled contexts name.
fn is_of_others(iri: &str) -> bool {
    is_absolute(iri) && !VOCABULARY.names.contains(iri)
}

/// Of a scheme that no context may define as a prefix (see [`context`]).
fn is_absolute(iri: &str) -> bool {
    ["https://", "http://", "urn:"].iter().any(|scheme| iri.starts_with(scheme))
}

/// What the bundled contexts define, at any depth.
#[derive(Default)]
struct Vocabulary {
    terms: HashSet<String>,
    /// The terms whose members are data, not statements.
    json: HashSet<String>,
    /// The addresses that the terms stand for.
    names: HashSet<String>,
}

static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| {
    let mut vocabulary = Vocabulary::default();
    for bundled in contexts::all().chain(contexts::EARLIER) {
        // Tests read each of them.
        let document: Value = serde_json::from_str(bundled.text).unwrap_or_default();
        vocabulary.learn(&document["@context"], &HashMap::new());
    }
    vocabulary
});

impl Vocabulary {
    fn learn(&mut self, context: &Value, outer: &HashMap<&str, &str>) {
        match context {
            Value::Array(items) => items.iter().for_each(|item| self.learn(item, outer)),
            Value::Object(definitions) => {
                let mut prefixes = outer.clone();
                prefixes
                    .extend(definitions.iter().filter_map(|(term, meaning)| Some((term.as_str(), iri_of(meaning)?))));
                for (term, meaning) in definitions.iter().filter(|(term, _)| !term.starts_with('@')) {
                    self.terms.insert(term.clone());
                    if meaning["@type"] == "@json" {
                        self.json.insert(term.clone());
                    }
                    if let Some(iri) = iri_of(meaning).filter(|iri| !iri.starts_with('@')) {
                        self.names.insert(expanded(iri, &prefixes));
                    }
                    self.learn(&meaning["@context"], &prefixes);
                }
            }
            _ => {}
        }
    }
}

fn iri_of(meaning: &Value) -> Option<&str> {
    meaning.as_str().or(meaning["@id"].as_str())
}

/// `sec:proof` → `https://w3id.org/security#proof`; a term that stands for another is what that one stands for.
fn expanded(iri: &str, terms: &HashMap<&str, &str>) -> String {
    let mut iri = iri.to_owned();
    // Bundled contexts are not circular.
    loop {
        let meaning = match iri.split_once(':') {
            Some((_, rest)) if rest.starts_with("//") => None,
            Some((prefix, rest)) => terms.get(prefix).map(|meaning| format!("{meaning}{rest}")),
            None => terms.get(iri.as_str()).filter(|meaning| **meaning != iri).map(ToString::to_string),
        };
        match meaning {
            Some(meaning) => iri = meaning,
            None => return iri,
        }
    }
}

#[cfg(test)]
mod tests;
