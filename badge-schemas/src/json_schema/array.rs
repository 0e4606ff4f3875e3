//! Keywords of arrays.

use serde_json::{Map, Value};

use super::{Dialect, Holds, Run, Unread, count, schemas};
use crate::validate::Path;

impl<'s> Run<'s> {
    pub(super) fn array(
        &mut self,
        members: &'s Map<String, Value>,
        items: &[Value],
        path: Path<'_>,
        depth: usize,
    ) -> Holds {
        let fewest = count(members, "minItems")?.unwrap_or_default();
        let most = count(members, "maxItems")?.unwrap_or(usize::MAX);
        let unique = match members.get("uniqueItems") {
            None | Some(Value::Bool(false)) => true,
            Some(Value::Bool(true)) => self.all_differ(items)?,
            Some(_) => return Err(Unread::Malformed),
        };
        if !self.told((fewest..=most).contains(&items.len()) && unique, path) {
            return Ok(false);
        }
        let (first, rest): (&[Value], Option<&Value>) = match (self.dialect, members.get("items")) {
            (Dialect::Draft2020, rest) => (schemas(members, "prefixItems")?, rest),
            (_, Some(Value::Array(first))) => (first, members.get("additionalItems")),
            (_, rest) => (&[], rest),
        };
        for (place, item) in items.iter().enumerate() {
            self.spend(1)?;
            if let Some(schema) = first.get(place).or(rest)
                && !self.holds(schema, item, Path::Item(&path, place), depth + 1)?
            {
                return Ok(false);
            }
        }
        self.contains(members, items, path, depth)
    }

    fn contains(&mut self, members: &'s Map<String, Value>, items: &[Value], path: Path<'_>, depth: usize) -> Holds {
        let Some(schema) = members.get("contains") else { return Ok(true) };
        let counted = self.dialect != Dialect::Draft7;
        let fewest = count(members, "minContains")?.filter(|_| counted).unwrap_or(1);
        let most = count(members, "maxContains")?.filter(|_| counted).unwrap_or(usize::MAX);
        let mut held = 0;
        for (place, item) in items.iter().enumerate() {
            held += usize::from(self.holds(schema, item, Path::Item(&path, place), depth + 1)?);
        }
        Ok(self.told((fewest..=most).contains(&held), path))
    }

    fn all_differ(&mut self, items: &[Value]) -> Holds {
        for (place, item) in items.iter().enumerate() {
            for other in &items[..place] {
                if self.same(item, other)? {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }
}
