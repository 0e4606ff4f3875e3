//! One pass over a document whose contexts are prepared.
//!
//! It follows the expansion algorithm (JSON-LD 1.1 API §5.1.2) and the deserialisation to RDF (§8.1) together, for
//! what badges use. Every branch that would drop, refuse or reinterpret something ends with [`Stop::Unsure`].

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::super::limits::{self, Bounds};
use super::super::quads::{RDF_FIRST, RDF_NIL, RDF_REST, RDF_TYPE};
use super::table::{Holds, Meaning, Table, Term};
use super::world::{INITIAL, Leads, Place, Step, Want, Way, World};
use crate::rdfc::{Said, Statement, Thing};

/// Why the pass ended early.
pub enum Stop {
    /// The general engine must look.
    Unsure,
    /// A context is not prepared yet.
    Unprepared(Want),
}

pub type Outcome<T> = Result<T, Stop>;

pub struct Expander<'a> {
    pub world: &'a World,
    bounds: Bounds,
    statements: Vec<Statement<'a>>,
    pub labels: HashMap<&'a str, u32>,
    blanks: u32,
    /// Values met, and bytes of text, within `bounds`.
    seen: usize,
    bytes: usize,
    loads: u32,
}

/// The key that led to a value: under which context, and what that says of it.
#[derive(Clone, Copy)]
pub struct Property<'a> {
    pub key: &'a str,
    pub term: Option<&'a Term>,
    predicate: &'a str,
}

/// Whether a node may stand without saying anything.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Silence {
    Fine,
    Dropped,
}

impl<'a> Expander<'a> {
    pub fn new(world: &'a World, bounds: Bounds) -> Self {
        let statements = Vec::with_capacity(96);
        Self { world, bounds, statements, labels: HashMap::new(), blanks: 0, seen: 0, bytes: 0, loads: 0 }
    }

    /// Reads the document whole.
    pub fn document(&mut self, document: &'a Value) -> Outcome<()> {
        let members = document.as_object().ok_or(Stop::Unsure)?;
        let active = self.local_context(INITIAL, members.get("@context").ok_or(Stop::Unsure)?, 0)?;
        if self.world.previous(active).is_some() || members.contains_key("@value") {
            return Err(Stop::Unsure);
        }
        self.typed_object(members, active, None, 0, Silence::Dropped)?;
        Ok(())
    }

    pub fn statements(&self) -> &[Statement<'a>] {
        &self.statements
    }

    pub fn blanks(&self) -> u32 {
        self.blanks
    }

    pub fn seen(&self) -> usize {
        self.seen
    }

    /// A value of `property`, said of `subject`.
    fn value(
        &mut self,
        value: &'a Value,
        active: Place,
        property: Property<'a>,
        subject: Thing<'a>,
        graph: Option<Thing<'a>>,
        depth: usize,
    ) -> Outcome<()> {
        let holds = property.term.map_or(Holds::Values, |term| term.holds);
        let object = match (value, holds) {
            (_, Holds::List) => Said::Thing(self.list(value, active, property, graph, depth)?),
            (Value::Array(items), _) => {
                within(depth)?;
                if items.is_empty() {
                    return Err(Stop::Unsure);
                }
                for item in items {
                    self.value(item, active, property, subject, graph, depth + 1)?;
                }
                return Ok(());
            }
            (_, Holds::Graph) => {
                let name = self.blank();
                let members = value.as_object().ok_or(Stop::Unsure)?;
                match self.object(members, active, property, Some(name), depth, Silence::Dropped)? {
                    Said::Thing(_) => Said::Thing(name),
                    _ => return Err(Stop::Unsure),
                }
            }
            (_, Holds::Values) => self.single(value, active, property, graph, depth)?,
        };
        self.push(subject, property.predicate, object, graph);
        Ok(())
    }

    fn list(
        &mut self,
        value: &'a Value,
        active: Place,
        property: Property<'a>,
        graph: Option<Thing<'a>>,
        depth: usize,
    ) -> Outcome<Thing<'a>> {
        let (items, depth) = match value {
            Value::Array(items) => (items.as_slice(), depth + 1),
            one => (std::slice::from_ref(one), depth),
        };
        within(depth)?;
        if items.is_empty() {
            self.see()?;
        }
        let mut rest = Thing::Iri(RDF_NIL);
        for item in items.iter().rev() {
            if item.is_array() {
                return Err(Stop::Unsure);
            }
            let first = self.single(item, active, property, graph, depth)?;
            let cell = self.blank();
            self.push(cell, RDF_FIRST, first, graph);
            self.push(cell, RDF_REST, Said::Thing(rest), graph);
            rest = cell;
        }
        Ok(rest)
    }

    /// An object or a scalar.
    fn single(
        &mut self,
        value: &'a Value,
        active: Place,
        property: Property<'a>,
        graph: Option<Thing<'a>>,
        depth: usize,
    ) -> Outcome<Said<'a>> {
        match value {
            Value::Object(members) => self.object(members, active, property, graph, depth, Silence::Fine),
            Value::Null | Value::Array(_) => Err(Stop::Unsure),
            scalar => {
                within(depth)?;
                self.scalar(scalar, active, property)
            }
        }
    }

    /// §5.1.2 steps 7 to 9: which context is active in an object.
    fn object(
        &mut self,
        members: &'a Map<String, Value>,
        active: Place,
        property: Property<'a>,
        graph: Option<Thing<'a>>,
        depth: usize,
        silence: Silence,
    ) -> Outcome<Said<'a>> {
        let outer = active;
        let mut active = active;
        let has_value = members.contains_key("@value");
        if let Some(previous) = self.world.previous(active) {
            let only_id = members.len() == 1 && members.keys().all(|key| self.is_id(active, key));
            if !has_value && !only_id {
                active = previous;
            }
        }
        if let Some(scope) = property.term.and_then(|term| term.scope) {
            active = self.step(Step { from: active, owner: outer, scope, way: Way::Property })?;
        }
        if let Some(local) = members.get("@context") {
            active = self.local_context(active, local, depth)?;
        }
        if has_value {
            return self.value_object(members, active, depth);
        }
        Ok(Said::Thing(self.typed_object(members, active, graph, depth, silence)?))
    }

    /// Step 11: the contexts of the types; then the node.
    fn typed_object(
        &mut self,
        members: &'a Map<String, Value>,
        active: Place,
        graph: Option<Thing<'a>>,
        depth: usize,
        silence: Silence,
    ) -> Outcome<Thing<'a>> {
        within(depth)?;
        let types = self.types(members, active)?;
        let scoped = self.type_scoped(active, types)?;
        let table = self.world.table(scoped);
        let id = Self::id(members, table)?;
        let subject = match id {
            Some(id) => {
                self.see_text(id)?;
                self.resolve(table, id)?
            }
            None => self.blank(),
        };
        let mut silent = true;
        let mut typed = false;
        if let Some(types) = types {
            silent = false;
            self.write_types(types, active, subject, graph, depth)?;
        }
        for (key, value) in members {
            let (term, predicate) = match self.key(table, key)? {
                Key::Property(term, predicate) => (term, predicate),
                Key::Type => {
                    typed = true;
                    continue;
                }
                Key::Other => continue,
            };
            silent = false;
            let property = Property { key, term, predicate };
            self.value(value, scoped, property, subject, graph, depth + 1)?;
        }
        // A type's context may make another thing of the key.
        if typed != types.is_some() {
            return Err(Stop::Unsure);
        }
        if silent {
            if silence == Silence::Dropped {
                return Err(Stop::Unsure);
            }
            if id.is_none() {
                self.see()?;
            }
        }
        Ok(subject)
    }

    /// The one member that says `@type` under `active`.
    pub fn types(&self, members: &'a Map<String, Value>, active: Place) -> Outcome<Option<&'a Value>> {
        let mut found = members.get("@type");
        for alias in &self.world.table(active).types {
            if let Some(value) = members.get(&**alias) {
                if found.is_some() {
                    return Err(Stop::Unsure);
                }
                found = Some(value);
            }
        }
        Ok(found)
    }

    pub fn type_scoped(&mut self, active: Place, types: Option<&'a Value>) -> Outcome<Place> {
        let owner = active;
        let mut active = active;
        let scope_of = |kind: &str| self.world.table(owner).get(kind).and_then(|term| term.scope);
        match types {
            None => {}
            Some(Value::String(kind)) => {
                if let Some(scope) = scope_of(kind) {
                    active = self.step(Step { from: active, owner, scope, way: Way::Type })?;
                }
            }
            Some(Value::Array(kinds)) => {
                let mut scopes = Vec::with_capacity(kinds.len());
                for kind in kinds {
                    let kind = kind.as_str().ok_or(Stop::Unsure)?;
                    scopes.extend(scope_of(kind).map(|scope| (kind, scope)));
                }
                scopes.sort_unstable();
                for (_, scope) in scopes {
                    active = self.step(Step { from: active, owner, scope, way: Way::Type })?;
                }
            }
            Some(_) => return Err(Stop::Unsure),
        }
        Ok(active)
    }

    /// `@type`s are read under the context before theirs.
    fn write_types(
        &mut self,
        types: &'a Value,
        active: Place,
        subject: Thing<'a>,
        graph: Option<Thing<'a>>,
        depth: usize,
    ) -> Outcome<()> {
        let (types, depth) = match types {
            Value::Array(types) => (types.as_slice(), depth + 2),
            one => (std::slice::from_ref(one), depth + 1),
        };
        within(depth)?;
        if types.is_empty() {
            return Err(Stop::Unsure);
        }
        for kind in types {
            let kind = kind.as_str().ok_or(Stop::Unsure)?;
            self.see_text(kind)?;
            let iri = self.vocabulary(self.world.table(active), kind)?;
            self.push(subject, RDF_TYPE, Said::Thing(iri), graph);
        }
        Ok(())
    }

    /// The one member that says `@id`.
    fn id(members: &'a Map<String, Value>, table: &Table) -> Outcome<Option<&'a str>> {
        let mut found = members.get("@id");
        for alias in &table.ids {
            if let Some(value) = members.get(&**alias) {
                if found.is_some() {
                    return Err(Stop::Unsure);
                }
                found = Some(value);
            }
        }
        match found {
            None => Ok(None),
            Some(Value::String(id)) => Ok(Some(id)),
            Some(_) => Err(Stop::Unsure),
        }
    }

    fn is_id(&self, place: Place, key: &str) -> bool {
        key == "@id" || matches!(self.world.table(place).get(key), Some(Term { meaning: Meaning::Id, .. }))
    }

    /// What a key of a node says.
    fn key(&mut self, table: &'a Table, key: &'a str) -> Outcome<Key<'a>> {
        self.bytes += key.len();
        match table.get(key) {
            Some(term) => match &term.meaning {
                Meaning::Iri(iri) if key != "id" => Ok(Key::Property(Some(term), iri.as_str())),
                Meaning::Id => Ok(Key::Other),
                Meaning::Type => Ok(Key::Type),
                Meaning::Iri(_) | Meaning::Odd => Err(Stop::Unsure),
            },
            None if key == "@type" => Ok(Key::Type),
            None if matches!(key, "@context" | "@id") => Ok(Key::Other),
            None => match self.resolve(table, key)? {
                Thing::Iri(iri) => Ok(Key::Property(None, iri)),
                Thing::Blank(_) => Err(Stop::Unsure),
            },
        }
    }

    /// An `@context` made of addresses.
    fn local_context(&mut self, active: Place, local: &Value, depth: usize) -> Outcome<Place> {
        within(depth + 2)?;
        let addresses = match local {
            Value::String(_) => std::slice::from_ref(local),
            Value::Array(addresses) if addresses.iter().all(Value::is_string) => addresses.as_slice(),
            _ => return Err(Stop::Unsure),
        };
        if addresses.len() > limits::LOADS as usize {
            return Err(Stop::Unsure);
        }
        let addresses = addresses.iter().filter_map(Value::as_str);
        if let Some(leads) = self.world.list(active, &addresses) {
            return self.follow(leads);
        }
        Err(Stop::Unprepared(Want::List(active, addresses.map(str::to_owned).collect())))
    }

    pub fn step(&mut self, step: Step) -> Outcome<Place> {
        match self.world.step(&step) {
            Some(leads) => self.follow(leads),
            None => Err(Stop::Unprepared(Want::Step(step))),
        }
    }

    fn follow(&mut self, leads: Leads) -> Outcome<Place> {
        let Leads::To { place, loads } = leads else { return Err(Stop::Unsure) };
        self.loads += loads;
        if self.loads > limits::LOADS { Err(Stop::Unsure) } else { Ok(place) }
    }

    pub fn see(&mut self) -> Outcome<()> {
        self.seen += 1;
        if self.seen > self.bounds.leaves || self.bytes > self.bounds.bytes { Err(Stop::Unsure) } else { Ok(()) }
    }

    pub fn see_text(&mut self, text: &str) -> Outcome<()> {
        self.bytes += text.len();
        self.see()
    }

    pub fn blank(&mut self) -> Thing<'a> {
        self.blanks += 1;
        Thing::Blank(self.blanks - 1)
    }

    fn push(&mut self, subject: Thing<'a>, predicate: &'a str, object: Said<'a>, graph: Option<Thing<'a>>) {
        self.statements.push(Statement { subject, predicate, object, graph });
    }
}

/// What a key of a node says.
enum Key<'a> {
    Property(Option<&'a Term>, &'a str),
    Type,
    /// A keyword that has been read already.
    Other,
}

pub fn within(depth: usize) -> Outcome<()> {
    if depth > limits::DEPTH { Err(Stop::Unsure) } else { Ok(()) }
}
