//! What stands at the ends of a document: strings, numbers, booleans, value objects, names.

use std::borrow::Cow;

use json_ld::{BlankId, LenientLangTagBuf};
use serde_json::{Map, Value};

use super::super::quads::XSD_BOOLEAN;
use super::super::{input, number};
use super::expand::{Expander, Outcome, Property, Stop, within};
use super::table::{Meaning, Table, Term, Typed};
use super::world::{Place, Step, Way};
use crate::iri::is_iri;
use crate::rdf::XSD_STRING;
use crate::rdfc::{Said, Thing};

impl<'a> Expander<'a> {
    /// §5.3.2, value expansion.
    pub fn scalar(&mut self, value: &'a Value, active: Place, property: Property<'a>) -> Outcome<Said<'a>> {
        let (table, term) = match property.term.and_then(|term| term.scope) {
            None => (self.world.table(active), property.term),
            Some(scope) => {
                let inner = self.step(Step { from: active, owner: active, scope, way: Way::Scalar })?;
                let table = self.world.table(inner);
                (table, table.get(property.key))
            }
        };
        if matches!(term, Some(Term { meaning: Meaning::Odd, .. })) {
            return Err(Stop::Unsure);
        }
        let typed = term.map_or(&Typed::Plain, |term| &term.typed);
        match (value, typed) {
            (Value::String(text), Typed::Id) => {
                self.see_text(text)?;
                Ok(Said::Thing(self.resolve(table, text)?))
            }
            (Value::String(text), Typed::Vocab) => {
                self.see_text(text)?;
                Ok(Said::Thing(self.vocabulary(table, text)?))
            }
            (_, Typed::Datatype(datatype)) => self.literal(value, Some(datatype.as_str())),
            (_, _) => self.literal(value, None),
        }
    }

    fn literal(&mut self, value: &'a Value, datatype: Option<&'a str>) -> Outcome<Said<'a>> {
        match value {
            Value::String(text) => {
                self.see_text(text)?;
                Ok(Said::Typed(Cow::Borrowed(text), datatype.unwrap_or(XSD_STRING)))
            }
            Value::Bool(truth) => {
                self.see()?;
                let text = if *truth { "true" } else { "false" };
                Ok(Said::Typed(Cow::Borrowed(text), datatype.unwrap_or(XSD_BOOLEAN)))
            }
            Value::Number(_) => {
                self.see()?;
                let json_ld::syntax::Value::Number(text) = input::convert(value) else { return Err(Stop::Unsure) };
                let (text, kind) = number::literal(text.as_str(), datatype).map_err(|_| Stop::Unsure)?;
                let kind = datatype.or_else(|| number::own_type(&kind)).ok_or(Stop::Unsure)?;
                Ok(Said::Typed(Cow::Owned(text), kind))
            }
            _ => Err(Stop::Unsure),
        }
    }

    /// A value object: a scalar with a type or a language, or neither.
    pub fn value_object(&mut self, members: &'a Map<String, Value>, active: Place, depth: usize) -> Outcome<Said<'a>> {
        within(depth + 1)?;
        let table = self.world.table(active);
        let types = self.types(members, active)?;
        let scoped = self.type_scoped(active, types)?;
        let (mut value, mut kind, mut language) = (None, None, None);
        for (key, member) in members {
            match key.as_str() {
                "@value" => value = Some(member),
                "@language" => language = Some(member.as_str().ok_or(Stop::Unsure)?),
                key => {
                    let meaning = |table: &'a Table| table.get(key).map(|term| &term.meaning);
                    let both = matches!(meaning(table), Some(Meaning::Type))
                        && matches!(meaning(self.world.table(scoped)), Some(Meaning::Type));
                    if key != "@type" && !both {
                        return Err(Stop::Unsure);
                    }
                    kind = Some(member.as_str().ok_or(Stop::Unsure)?);
                    self.see()?;
                }
            }
        }
        let value = value.ok_or(Stop::Unsure)?;
        match (kind, language) {
            (None, None) => self.literal(value, None),
            (Some(kind), None) => match self.vocabulary(table, kind)? {
                Thing::Iri(datatype) => self.literal(value, Some(datatype)),
                Thing::Blank(_) => Err(Stop::Unsure),
            },
            (None, Some(language)) => {
                let text = value.as_str().ok_or(Stop::Unsure)?;
                self.see_text(text)?;
                self.see()?;
                let (tag, malformed) = LenientLangTagBuf::new(language.to_owned());
                if language == "@none" || malformed.is_some() || tag.as_well_formed().is_none() {
                    return Err(Stop::Unsure);
                }
                Ok(Said::Tagged(Cow::Borrowed(text), Cow::Owned(language.to_ascii_lowercase())))
            }
            (Some(_), Some(_)) => Err(Stop::Unsure),
        }
    }

    /// A name by the vocabulary of the context, or an absolute IRI.
    pub fn vocabulary(&mut self, table: &'a Table, name: &'a str) -> Outcome<Thing<'a>> {
        match table.get(name) {
            Some(Term { meaning: Meaning::Iri(iri), .. }) => Ok(Thing::Iri(iri.as_str())),
            Some(_) => Err(Stop::Unsure),
            None => match self.resolve(table, name)? {
                Thing::Blank(_) => Err(Stop::Unsure),
                iri @ Thing::Iri(_) => Ok(iri),
            },
        }
    }

    /// An absolute IRI or the label of a blank node. Compact IRIs are the general engine's.
    pub fn resolve(&mut self, table: &Table, name: &'a str) -> Outcome<Thing<'a>> {
        let (before, after) = name.split_once(':').ok_or(Stop::Unsure)?;
        if before == "_" {
            BlankId::new(name).map_err(|_| Stop::Unsure)?;
            if let Some(blank) = self.labels.get(name) {
                return Ok(Thing::Blank(*blank));
            }
            let blank = self.blank();
            if let Thing::Blank(number) = blank {
                self.labels.insert(name, number);
            }
            return Ok(blank);
        }
        if before.is_empty() || before.starts_with('@') || (!after.starts_with("//") && table.is_prefix(before)) {
            return Err(Stop::Unsure);
        }
        if is_iri(name) { Ok(Thing::Iri(name)) } else { Err(Stop::Unsure) }
    }
}
