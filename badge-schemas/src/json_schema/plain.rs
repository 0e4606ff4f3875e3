//! Keywords that look at one value by itself.

use std::cmp::Ordering;

use serde_json::{Map, Number, Value};

use super::{Holds, Run, Unread, count};

impl<'s> Run<'s> {
    pub(super) fn plain(&mut self, members: &'s Map<String, Value>, value: &Value) -> Holds {
        if let Some(wanted) = members.get("type")
            && !self.is_of(wanted, value)?
        {
            return Ok(false);
        }
        if let Some(constant) = members.get("const")
            && !self.same(constant, value)?
        {
            return Ok(false);
        }
        if let Some(all) = members.get("enum") {
            let mut found = false;
            for one in all.as_array().ok_or(Unread::Malformed)? {
                found = found || self.same(one, value)?;
            }
            if !found {
                return Ok(false);
            }
        }
        match value {
            Value::Number(number) => within(members, number),
            Value::String(text) => self.text(members, text),
            _ => Ok(true),
        }
    }

    fn is_of(&mut self, wanted: &Value, value: &Value) -> Holds {
        let names = match wanted {
            Value::Array(names) => names.as_slice(),
            one => std::slice::from_ref(one),
        };
        self.spend(names.len())?;
        let mut is = false;
        for name in names {
            is |= match name.as_str().ok_or(Unread::Malformed)? {
                "null" => value.is_null(),
                "boolean" => value.is_boolean(),
                "object" => value.is_object(),
                "array" => value.is_array(),
                "number" => value.is_number(),
                "string" => value.is_string(),
                "integer" => {
                    value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|number| number.fract() == 0.0)
                }
                _ => return Err(Unread::Malformed),
            };
        }
        Ok(is)
    }

    fn text(&mut self, members: &'s Map<String, Value>, text: &str) -> Holds {
        let (fewest, most) = (count(members, "minLength")?, count(members, "maxLength")?);
        if fewest.is_some() || most.is_some() {
            self.spend(text.len() / 16)?;
            let length = text.chars().count();
            if length < fewest.unwrap_or_default() || length > most.unwrap_or(usize::MAX) {
                return Ok(false);
            }
        }
        match members.get("pattern") {
            None => Ok(true),
            Some(pattern) => self.matches(pattern.as_str().ok_or(Unread::Malformed)?, text),
        }
    }

    /// JSON Schema's equality (§4.2.2): numbers by value, objects in any order.
    pub(super) fn same(&mut self, one: &Value, other: &Value) -> Holds {
        self.spend(1)?;
        match (one, other) {
            (Value::Number(one), Value::Number(other)) => Ok(order(one, other).is_eq()),
            (Value::String(one), Value::String(other)) => {
                self.spend(one.len().min(other.len()) / 16)?;
                Ok(one == other)
            }
            (Value::Array(one), Value::Array(other)) => {
                if one.len() != other.len() {
                    return Ok(false);
                }
                for (one, other) in one.iter().zip(other) {
                    if !self.same(one, other)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            (Value::Object(one), Value::Object(other)) => {
                if one.len() != other.len() {
                    return Ok(false);
                }
                for (name, value) in one {
                    match other.get(name) {
                        Some(same) if self.same(value, same)? => {}
                        _ => return Ok(false),
                    }
                }
                Ok(true)
            }
            (one, other) => Ok(one == other),
        }
    }
}

fn within(members: &Map<String, Value>, number: &Number) -> Holds {
    let limit = |name: &str| match members.get(name) {
        None => Ok(None),
        Some(Value::Number(limit)) => Ok(Some(order(number, limit))),
        Some(_) => Err(Unread::Malformed),
    };
    let holds = limit("minimum")?.is_none_or(Ordering::is_ge)
        && limit("exclusiveMinimum")?.is_none_or(Ordering::is_gt)
        && limit("maximum")?.is_none_or(Ordering::is_le)
        && limit("exclusiveMaximum")?.is_none_or(Ordering::is_lt);
    match members.get("multipleOf") {
        None => Ok(holds),
        Some(Value::Number(step)) if step.as_f64().is_some_and(|step| step > 0.0) => {
            Ok(holds && multiple(number, step))
        }
        Some(_) => Err(Unread::Malformed),
    }
}

/// Whole numbers exactly; others as doubles, within what a double can tell.
fn multiple(number: &Number, step: &Number) -> bool {
    if let (Some(number), Some(step)) = (whole(number), whole(step)) {
        return number % step == 0;
    }
    let (Some(number), Some(step)) = (number.as_f64(), step.as_f64()) else { return false };
    let times = number / step;
    (times - times.round()).abs() <= 1e-9 * times.abs().max(1.0)
}

fn order(one: &Number, other: &Number) -> Ordering {
    if let (Some(one), Some(other)) = (whole(one), whole(other)) {
        return one.cmp(&other);
    }
    // JSON has no NaN.
    one.as_f64().partial_cmp(&other.as_f64()).unwrap_or(Ordering::Equal)
}

fn whole(number: &Number) -> Option<i128> {
    number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from))
}
