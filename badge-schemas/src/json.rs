//! JSON from strangers, read strictly: what two parsers could read differently is refused.

mod form;

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::map::Entry;
use serde_json::{Map, Number, Value};

pub use form::Form;

/// Largest text read, in bytes.
pub const MAX_BYTES: usize = 10 * 1024 * 1024;
/// Deepest nesting read.
pub const MAX_DEPTH: usize = 64;
/// Most values read, members and items of every depth: ten times what a register of all organisations holds, or a
/// set of 4,096 keys. Small values cost far more memory and time than their bytes say.
pub const MAX_VALUES: usize = 200_000;

/// Says why a text is not JSON we read. Never carries the text itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JsonFault {
    /// More than [`MAX_BYTES`].
    #[error("JSON text is larger than 10 MB")]
    TooLarge,
    /// Nested deeper than [`MAX_DEPTH`].
    #[error("JSON text is nested deeper than 64")]
    TooDeep,
    /// More values than [`MAX_VALUES`].
    #[error("JSON text holds more than two hundred thousand values")]
    TooMany,
    /// The same member twice in one object: readers would disagree about which counts.
    #[error("JSON object has the same member twice")]
    DuplicateMember,
    /// Not JSON (RFC 8259).
    #[error("text is not JSON (line {line}, column {column})")]
    Syntax {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
}

impl JsonFault {
    /// Stable machine code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooLarge => "json_too_large",
            Self::TooDeep => "json_too_deep",
            Self::TooMany => "json_too_many_values",
            Self::DuplicateMember => "json_duplicate_member",
            Self::Syntax { .. } => "json_syntax",
        }
    }
}

/// Reads one JSON value, member order kept. A byte order mark and white space around it are allowed.
pub fn parse_strict(text: &str) -> Result<Value, JsonFault> {
    if text.len() > MAX_BYTES {
        return Err(JsonFault::TooLarge);
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = serde_json::Deserializer::from_str(text);
    let left = Cell::new(MAX_VALUES);
    let value = Strict { depth: 0, left: &left }.deserialize(&mut reader).map_err(|e| fault(&e))?;
    reader.end().map_err(|e| fault(&e))?;
    Ok(value)
}

const DUPLICATE: &str = "duplicate member";
const DEEP: &str = "too deep";
const MANY: &str = "too many values";

fn fault(error: &serde_json::Error) -> JsonFault {
    // serde passes our own errors on as words only; all these words are ours.
    let words = error.to_string();
    if words.starts_with(DUPLICATE) {
        JsonFault::DuplicateMember
    } else if words.starts_with(DEEP) {
        JsonFault::TooDeep
    } else if words.starts_with(MANY) {
        JsonFault::TooMany
    } else {
        JsonFault::Syntax { line: error.line(), column: error.column() }
    }
}

#[derive(Clone, Copy)]
struct Strict<'a> {
    depth: usize,
    /// How many more values are read.
    left: &'a Cell<usize>,
}

impl Strict<'_> {
    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        if self.depth >= MAX_DEPTH {
            return Err(E::custom(DEEP));
        }
        Ok(Self { depth: self.depth + 1, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        let left = self.left.get().checked_sub(1).ok_or_else(|| D::Error::custom(MANY))?;
        self.left.set(left);
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, v: bool) -> Result<Value, E> {
        Ok(Value::Bool(v))
    }

    fn visit_i64<E>(self, v: i64) -> Result<Value, E> {
        Ok(Value::Number(v.into()))
    }

    fn visit_u64<E>(self, v: u64) -> Result<Value, E> {
        Ok(Value::Number(v.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, v: f64) -> Result<Value, E> {
        Number::from_f64(v).map(Value::Number).ok_or_else(|| E::custom("number"))
    }

    fn visit_str<E>(self, v: &str) -> Result<Value, E> {
        Ok(Value::String(v.to_owned()))
    }

    fn visit_string<E>(self, v: String) -> Result<Value, E> {
        Ok(Value::String(v))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(inner)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut members = Map::new();
        while let Some(name) = map.next_key::<String>()? {
            let Entry::Vacant(place) = members.entry(name) else { return Err(A::Error::custom(DUPLICATE)) };
            place.insert(map.next_value_seed(inner)?);
        }
        Ok(Value::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn order_and_values_are_kept() {
        let value = parse_strict("\u{feff} {\"b\":[1,-2,3.5,true,null],\"a\":\"é\\u00e9\"}\n").unwrap();
        assert_eq!(value, json!({"b": [1, -2, 3.5, true, null], "a": "éé"}));
        assert_eq!(value.as_object().unwrap().keys().collect::<Vec<_>>(), ["b", "a"]);
    }

    #[test]
    fn the_same_member_twice_is_refused_at_any_depth() {
        for text in [r#"{"a":1,"a":1}"#, r#"[{"x":{"a":1,"\u0061":2}}]"#] {
            assert_eq!(parse_strict(text), Err(JsonFault::DuplicateMember));
        }
    }

    #[test]
    fn depth_64_is_read_and_65_refused() {
        let nested = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
        assert!(parse_strict(&nested(64)).is_ok());
        assert_eq!(parse_strict(&nested(65)), Err(JsonFault::TooDeep));
        assert_eq!(parse_strict(&"[".repeat(200_000)), Err(JsonFault::TooDeep));
    }

    #[test]
    fn two_hundred_thousand_values_are_read_and_one_more_refused() {
        let list = |items: usize| format!("[{}0]", "0,".repeat(items - 1));
        assert!(parse_strict(&list(MAX_VALUES - 1)).is_ok());
        assert_eq!(parse_strict(&list(MAX_VALUES)), Err(JsonFault::TooMany));
        let members = (0..MAX_VALUES / 2).map(|n| format!("\"{n}\":[0]")).collect::<Vec<_>>().join(",");
        assert_eq!(parse_strict(&format!("{{{members}}}")), Err(JsonFault::TooMany));
    }

    #[test]
    fn too_large_is_refused_before_reading() {
        assert_eq!(parse_strict(&" ".repeat(MAX_BYTES + 1)), Err(JsonFault::TooLarge));
    }

    #[test]
    fn what_is_not_json_is_refused() {
        for text in [
            "",
            "{",
            "{}x",
            "{'a':1}",
            "[1,]",
            "nul",
            "NaN",
            "1e999",
            r#""\ud800""#,
            "\"\u{1}\"",
            "\u{feff}\u{feff}{}",
            "{\"a\":1}{\"a\":1}",
        ] {
            assert!(matches!(parse_strict(text), Err(JsonFault::Syntax { .. })), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in ".*") {
            let _ = parse_strict(&text);
        }

        #[test]
        fn what_serde_writes_is_read_back(keys in prop::collection::btree_map(".*", ".*", 0..8)) {
            let value = json!(keys);
            prop_assert_eq!(parse_strict(&value.to_string()).unwrap(), value);
        }
    }
}
