//! A JSON document written once, with places left for the strings that vary.

use std::borrow::Cow;

use serde_json::Value;

/// The text of a document, cut where a string varies.
///
/// [`Form::write`] gives, byte for byte, what `serde_json` writes of the same document with those strings in it.
#[derive(Debug, Clone)]
pub struct Form {
    /// The text before each slot, and which slot.
    pieces: Vec<(String, usize)>,
    /// The text after the last.
    tail: String,
    slots: usize,
}

impl Form {
    /// Cuts `document` at the strings that `slots` point at (JSON Pointers, RFC 6901), in any order.
    ///
    /// `None` when one of them points at no string, or two at the same.
    pub fn new(document: &Value, slots: &[impl AsRef<str>]) -> Option<Self> {
        let places: Vec<&Value> = slots.iter().map(|slot| document.pointer(slot.as_ref())).collect::<Option<_>>()?;
        let mut form = Self { pieces: Vec::with_capacity(places.len()), tail: String::new(), slots: places.len() };
        form.cut(document, &places);
        // Each was met once: none is something else than a string, none is there twice.
        (form.pieces.len() == places.len()).then_some(form)
    }

    /// The document as text, `values` being the strings of the slots, in the order of [`Form::new`].
    ///
    /// `None` when there are more or fewer values than slots.
    pub fn write(&self, values: &[impl AsRef<str>]) -> Option<String> {
        if values.len() != self.slots {
            return None;
        }
        let fixed: usize = self.pieces.iter().map(|(text, _)| text.len()).sum::<usize>() + self.tail.len();
        let varying: usize = values.iter().map(|value| value.as_ref().len() + 2).sum();
        // Room for a few escapes, and for the proof that may follow.
        let mut text = String::with_capacity(fixed + varying + 512);
        for (before, slot) in &self.pieces {
            text.push_str(before);
            push_string(values.get(*slot)?.as_ref(), &mut text);
        }
        text.push_str(&self.tail);
        Some(text)
    }

    fn cut(&mut self, value: &Value, places: &[&Value]) {
        match value {
            Value::String(text) => match places.iter().position(|place| std::ptr::eq(*place, value)) {
                Some(slot) => self.pieces.push((std::mem::take(&mut self.tail), slot)),
                None => push_string(text, &mut self.tail),
            },
            Value::Array(items) => {
                self.tail.push('[');
                for (place, item) in items.iter().enumerate() {
                    if place > 0 {
                        self.tail.push(',');
                    }
                    self.cut(item, places);
                }
                self.tail.push(']');
            }
            Value::Object(members) => {
                self.tail.push('{');
                for (place, (name, member)) in members.iter().enumerate() {
                    if place > 0 {
                        self.tail.push(',');
                    }
                    push_string(name, &mut self.tail);
                    self.tail.push(':');
                    self.cut(member, places);
                }
                self.tail.push('}');
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => self.tail.push_str(&value.to_string()),
        }
    }
}

/// Writes a JSON string as `serde_json` does.
fn push_string(value: &str, text: &mut String) {
    // All bytes are looked at, many at once: most texts need no escape.
    let special = |byte: u8| u8::from(byte < b' ') | u8::from(byte == b'"') | u8::from(byte == b'\\');
    if value.bytes().fold(0, |found, byte| found | special(byte)) != 0 {
        text.push_str(&Value::from(Cow::Borrowed(value)).to_string());
    } else {
        text.push('"');
        text.push_str(value);
        text.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn a_slot_is_a_string_and_stands_once() {
        let document = json!({"a": "x", "b": [1, {"c~/d": "y"}], "e": null});
        assert!(Form::new(&document, &["/a", "/b/1/c~0~1d"]).is_some());
        for slots in [vec!["/b"], vec!["/e"], vec!["/b/0"], vec!["/f"], vec!["/a", "/a"]] {
            assert!(Form::new(&document, &slots).is_none(), "{slots:?}");
        }
        let form = Form::new(&document, &["/a"]).unwrap();
        assert_eq!(form.write(&["z"]).unwrap(), r#"{"a":"z","b":[1,{"c~/d":"y"}],"e":null}"#);
        assert_eq!(form.write(&[""; 0]), None);
        assert_eq!(form.write(&["z", "z"]), None);
    }

    proptest! {
        #[test]
        fn it_writes_what_serde_writes(key in any::<String>(), fixed in any::<String>(), one in any::<String>(), other in any::<String>()) {
            let document = |one: &str, other: &str| json!({
                "other": {"x": other, "y": [true, 1.5, -3, null, [], {}]},
                "last": [fixed, {(key.as_str()): fixed}, one],
            });
            let form = Form::new(&document("", ""), &["/last/2", "/other/x"]).unwrap();
            prop_assert_eq!(form.write(&[&one, &other]).unwrap(), document(&one, &other).to_string());
        }
    }
}
