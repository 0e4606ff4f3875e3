//! JSON Schema, evaluated in bounded work: the schemas that issuers name beside the standard's own (OB 3.0 §9.1 step 1).
//!
//! A schema is a stranger's programme: references double the work at each level, patterns backtrack, loops never end. So
//! each step costs fuel, nothing is fetched, patterns run in linear time, and what is not read makes the whole
//! evaluation [`Unread`] rather than right or wrong. `tests/json_schema.rs` compares the answers with the `jsonschema`
//! crate, which has no such bound.
//!
//! Read: drafts 2019-09 and 2020-12, and 07. `format` and `content…` are notes, as those drafts say. Not read:
//! `unevaluated…`, `$dynamicRef`, `$recursiveRef`, `$id` inside the schema, references to elsewhere.

mod array;
mod object;
mod pattern;
mod plain;

use std::collections::HashMap;

use regex::Regex;
use serde_json::{Map, Value};

use crate::json::parse_strict;
use crate::validate::Path;

/// Longest schema read, in bytes: the standard's largest has 60 KB.
pub const LARGEST: usize = 256 * 1024;
/// Most steps of one evaluation. The standard's own schema takes some two thousand of its fullest example.
pub const MOST_STEPS: u64 = 400_000;
/// Deepest nesting of a value and of the schemas that are applied to it.
const DEEPEST: usize = 160;

/// Why a schema says nothing of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unread {
    /// Longer than [`LARGEST`].
    #[error("the schema is larger than 256 KB")]
    TooLarge,
    /// Not strict JSON, or not shaped as a schema.
    #[error("not a JSON Schema")]
    Malformed,
    /// `$schema` names a dialect that is not read.
    #[error("a dialect of JSON Schema that is not read")]
    Dialect,
    /// A keyword that is not read.
    #[error("a keyword of JSON Schema that is not read")]
    Keyword,
    /// A reference to another document, or to a place that is not there.
    #[error("a reference that is not followed")]
    Reference,
    /// A pattern that is no regular expression, or none that can be matched in linear time.
    #[error("a pattern that is not read")]
    Pattern,
    /// More work than is spent on one value.
    #[error("the schema takes too much work")]
    TooMuchWork,
}

impl Unread {
    /// The stable machine code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooLarge => "json_schema_too_large",
            Self::Malformed => "json_schema_malformed",
            Self::Dialect => "json_schema_dialect",
            Self::Keyword => "json_schema_keyword",
            Self::Reference => "json_schema_reference",
            Self::Pattern => "json_schema_pattern",
            Self::TooMuchWork => "json_schema_too_much_work",
        }
    }
}

/// A schema, read.
#[derive(Debug, Clone)]
pub struct JsonSchema {
    root: Value,
    dialect: Dialect,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dialect {
    Draft7,
    Draft2019,
    Draft2020,
}

impl JsonSchema {
    /// Reads the text of a schema.
    ///
    /// # Errors
    /// [`Unread`]; what the schema asks is read when it is evaluated.
    pub fn parse(text: &str) -> Result<Self, Unread> {
        if text.len() > LARGEST {
            return Err(Unread::TooLarge);
        }
        let root = parse_strict(text).map_err(|_| Unread::Malformed)?;
        let dialect = match (&root, root.get("$schema")) {
            // 1EdTech's validator is named after this one.
            (Value::Object(_) | Value::Bool(_), None) => Dialect::Draft2019,
            (Value::Object(_), Some(Value::String(url))) => match url.trim_end_matches('#') {
                "https://json-schema.org/draft/2019-09/schema" => Dialect::Draft2019,
                "https://json-schema.org/draft/2020-12/schema" => Dialect::Draft2020,
                "http://json-schema.org/draft-07/schema" | "https://json-schema.org/draft-07/schema" => Dialect::Draft7,
                _ => return Err(Unread::Dialect),
            },
            _ => return Err(Unread::Malformed),
        };
        Ok(Self { root, dialect })
    }

    /// Where the value breaks the schema: the JSON pointer of one place, or `None` when it holds.
    ///
    /// # Errors
    /// [`Unread`].
    pub fn fault(&self, value: &Value) -> Result<Option<String>, Unread> {
        let mut run = Run {
            root: &self.root,
            dialect: self.dialect,
            anchors: HashMap::new(),
            patterns: HashMap::new(),
            steps: MOST_STEPS,
            fault: None,
        };
        run.look(&self.root, true)?;
        let holds = run.holds(&self.root, value, Path::Root, 0)?;
        Ok((!holds).then(|| run.fault.unwrap_or_default()))
    }
}

/// One evaluation.
struct Run<'s> {
    root: &'s Value,
    dialect: Dialect,
    anchors: HashMap<&'s str, &'s Value>,
    patterns: HashMap<&'s str, Regex>,
    /// How many steps are left.
    steps: u64,
    /// The last place that did not hold.
    fault: Option<String>,
}

type Holds = Result<bool, Unread>;

impl<'s> Run<'s> {
    /// Whether the value holds under one schema inside the root.
    fn holds(&mut self, schema: &'s Value, value: &Value, path: Path<'_>, depth: usize) -> Holds {
        self.spend(1)?;
        if depth > DEEPEST {
            return Err(Unread::TooMuchWork);
        }
        let members = match schema {
            Value::Bool(all) => return Ok(self.told(*all, path)),
            Value::Object(members) => members,
            _ => return Err(Unread::Malformed),
        };
        self.spend(members.len())?;
        for unread in ["unevaluatedProperties", "unevaluatedItems", "$dynamicRef", "$recursiveRef"] {
            if members.contains_key(unread) {
                return Err(Unread::Keyword);
            }
        }
        if let Some(reference) = members.get("$ref") {
            let target = self.resolve(reference.as_str().ok_or(Unread::Malformed)?)?;
            let holds = self.holds(target, value, path, depth + 1)?;
            // Beside a reference, draft 07 reads nothing.
            if !holds || self.dialect == Dialect::Draft7 {
                return Ok(holds);
            }
        }
        let plain = self.plain(members, value)?;
        if !self.told(plain, path) {
            return Ok(false);
        }
        let rest = match value {
            Value::Object(object) => self.object(members, (value, object), path, depth)?,
            Value::Array(items) => self.array(members, items, path, depth)?,
            _ => true,
        };
        Ok(rest && self.in_place(members, value, path, depth)?)
    }

    /// Keywords that apply other schemas to the same value.
    fn in_place(&mut self, members: &'s Map<String, Value>, value: &Value, path: Path<'_>, depth: usize) -> Holds {
        for schema in schemas(members, "allOf")? {
            if !self.holds(schema, value, path, depth + 1)? {
                return Ok(false);
            }
        }
        for (name, one) in [("anyOf", false), ("oneOf", true)] {
            let all = schemas(members, name)?;
            let mut held = 0;
            for schema in all {
                held += usize::from(self.holds(schema, value, path, depth + 1)?);
                if held > 0 && !one {
                    break;
                }
            }
            if members.contains_key(name) && !self.told(if one { held == 1 } else { held > 0 }, path) {
                return Ok(false);
            }
        }
        if let Some(schema) = members.get("not") {
            let holds = self.holds(schema, value, path, depth + 1)?;
            if !self.told(!holds, path) {
                return Ok(false);
            }
        }
        if let Some(condition) = members.get("if") {
            let branch = if self.holds(condition, value, path, depth + 1)? { "then" } else { "else" };
            self.fault = None;
            if let Some(schema) = members.get(branch) {
                return self.holds(schema, value, path, depth + 1);
            }
        }
        Ok(true)
    }

    /// A schema of this very document: by pointer, by anchor, or the root.
    fn resolve(&mut self, reference: &str) -> Result<&'s Value, Unread> {
        self.spend(1 + reference.len() / 8)?;
        let own = self.root.get("$id").and_then(Value::as_str).map(|id| id.trim_end_matches('#'));
        let fragment = match (reference.strip_prefix('#'), own) {
            (Some(fragment), _) => fragment,
            (None, Some(own)) if reference == own => "",
            (None, Some(own)) => {
                reference.strip_prefix(own).and_then(|rest| rest.strip_prefix('#')).ok_or(Unread::Reference)?
            }
            _ => return Err(Unread::Reference),
        };
        let found = match fragment {
            "" => Some(self.root),
            pointer if pointer.starts_with('/') && !pointer.contains('%') => self.root.pointer(pointer),
            anchor => self.anchors.get(anchor).copied(),
        };
        found.ok_or(Unread::Reference)
    }

    /// Notes every anchor. An `$id` inside would give references another meaning.
    fn look(&mut self, schema: &'s Value, is_root: bool) -> Result<(), Unread> {
        match schema {
            Value::Object(members) => {
                if !is_root && members.get("$id").is_some_and(Value::is_string) {
                    return Err(Unread::Reference);
                }
                if let Some(Value::String(anchor)) = members.get("$anchor")
                    && self.anchors.insert(anchor, schema).is_some()
                {
                    return Err(Unread::Reference);
                }
                members.values().try_for_each(|inner| self.look(inner, false))
            }
            Value::Array(items) => items.iter().try_for_each(|inner| self.look(inner, false)),
            _ => Ok(()),
        }
    }

    /// Whether it holds; notes where, if not. What holds takes back what was noted of alternatives to it.
    fn told(&mut self, holds: bool, path: Path<'_>) -> bool {
        if !holds {
            self.fault = Some(path.to_string());
        }
        holds
    }

    fn spend(&mut self, steps: usize) -> Result<(), Unread> {
        let left = u64::try_from(steps).ok().and_then(|steps| self.steps.checked_sub(steps));
        self.steps = left.ok_or(Unread::TooMuchWork)?;
        Ok(())
    }
}

/// The schemas of a list; none when it is not there.
fn schemas<'s>(members: &'s Map<String, Value>, name: &str) -> Result<&'s [Value], Unread> {
    match members.get(name) {
        None => Ok(&[]),
        Some(Value::Array(all)) if !all.is_empty() => Ok(all),
        Some(_) => Err(Unread::Malformed),
    }
}

/// The members of an object of schemas or lists; none when it is not there.
fn named<'s>(members: &'s Map<String, Value>, name: &str) -> Result<Option<&'s Map<String, Value>>, Unread> {
    match members.get(name) {
        None => Ok(None),
        Some(Value::Object(named)) => Ok(Some(named)),
        Some(_) => Err(Unread::Malformed),
    }
}

/// A count that a keyword gives.
fn count(members: &Map<String, Value>, name: &str) -> Result<Option<usize>, Unread> {
    let Some(value) = members.get(name) else { return Ok(None) };
    let whole = value.as_u64().or_else(|| {
        let number = value.as_f64().filter(|number| number.fract() == 0.0 && (0.0..1e15).contains(number))?;
        format!("{number:.0}").parse().ok()
    });
    whole.and_then(|whole| usize::try_from(whole).ok()).map(Some).ok_or(Unread::Malformed)
}

#[cfg(test)]
mod tests;
