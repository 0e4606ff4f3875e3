//! Keywords of objects.

use serde_json::{Map, Value};

use super::{Holds, Run, Unread, count, named};
use crate::validate::Path;

impl<'s> Run<'s> {
    pub(super) fn object(
        &mut self,
        members: &'s Map<String, Value>,
        (value, object): (&Value, &Map<String, Value>),
        path: Path<'_>,
        depth: usize,
    ) -> Holds {
        let fewest = count(members, "minProperties")?.unwrap_or_default();
        let most = count(members, "maxProperties")?.unwrap_or(usize::MAX);
        let counted = (fewest..=most).contains(&object.len());
        let required = match members.get("required") {
            None => true,
            Some(names) => self.has_all(object, names)?,
        };
        if !self.told(counted && required, path) {
            return Ok(false);
        }
        Ok(self.members(members, object, path, depth)? && self.dependent(members, (value, object), path, depth)?)
    }

    /// `properties`, `patternProperties`, `additionalProperties`, `propertyNames`.
    fn members(
        &mut self,
        members: &'s Map<String, Value>,
        object: &Map<String, Value>,
        path: Path<'_>,
        depth: usize,
    ) -> Holds {
        let (properties, patterns) = (named(members, "properties")?, named(members, "patternProperties")?);
        let (others, names) = (members.get("additionalProperties"), members.get("propertyNames"));
        if properties.is_none() && patterns.is_none() && others.is_none() && names.is_none() {
            return Ok(true);
        }
        for (name, value) in object {
            self.spend(1)?;
            let here = Path::Member(&path, name);
            let mut known = false;
            if let Some(schema) = properties.and_then(|properties| properties.get(name)) {
                known = true;
                if !self.holds(schema, value, here, depth + 1)? {
                    return Ok(false);
                }
            }
            for (pattern, schema) in patterns.into_iter().flatten() {
                if self.matches(pattern, name)? {
                    known = true;
                    if !self.holds(schema, value, here, depth + 1)? {
                        return Ok(false);
                    }
                }
            }
            if let Some(schema) = others.filter(|_| !known)
                && !self.holds(schema, value, here, depth + 1)?
            {
                return Ok(false);
            }
            if let Some(schema) = names {
                self.spend(name.len() / 16)?;
                if !self.holds(schema, &Value::String(name.clone()), here, depth + 1)? {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// `dependentRequired`, `dependentSchemas`, and `dependencies`, which was both.
    fn dependent(
        &mut self,
        members: &'s Map<String, Value>,
        (value, object): (&Value, &Map<String, Value>),
        path: Path<'_>,
        depth: usize,
    ) -> Holds {
        for keyword in ["dependentRequired", "dependentSchemas", "dependencies"] {
            for (name, wanted) in named(members, keyword)?.into_iter().flatten() {
                self.spend(1)?;
                if !object.contains_key(name) {
                    continue;
                }
                let holds = if keyword != "dependentSchemas" && wanted.is_array() {
                    let all = self.has_all(object, wanted)?;
                    self.told(all, path)
                } else {
                    self.holds(wanted, value, path, depth + 1)?
                };
                if !holds {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    fn has_all(&mut self, object: &Map<String, Value>, names: &Value) -> Holds {
        let names = names.as_array().ok_or(Unread::Malformed)?;
        self.spend(names.len())?;
        for name in names {
            if !object.contains_key(name.as_str().ok_or(Unread::Malformed)?) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
