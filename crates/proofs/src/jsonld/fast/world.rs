//! The active contexts met so far, and how one leads to another.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use json_ld::context_processing::Options;
use json_ld::syntax::{Context as Local, TryFromJson};
use json_ld::{Process, context_processing};
use serde_json::Value;

use super::super::contexts::{Documents, Loads};
use super::super::vocabulary::{Name, Names};
use super::super::{Context, input, limits};
use super::table::{Quick, Table};

/// Where a context stands in the [`World`].
pub type Place = u32;

/// The context before a document's own.
pub const INITIAL: Place = 0;

/// How many active contexts are kept; about 100 kB each. A badge goes through 20.
const CONTEXTS: usize = 256;

/// How many steps between them, and how many lists of addresses after one of them.
const STEPS: usize = 8192;
const LISTS: usize = 32;

/// All of it. When it is full it is forgotten whole, and learned again from the next documents.
pub struct World {
    epoch: u64,
    contexts: Vec<Known>,
    steps: HashMap<Step, Leads, BuildHasherDefault<Quick>>,
}

struct Known {
    context: Context,
    table: Table,
    previous: Option<Place>,
    /// What an `@context` of addresses leads to.
    lists: Vec<(Vec<String>, Leads)>,
}

/// Going on with the context that a term of `owner` brings, when `from` is active.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Step {
    pub from: Place,
    pub owner: Place,
    pub scope: u32,
    pub way: Way,
}

/// Why a term's context applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Way {
    /// An object is a value of the term.
    Property,
    /// A string, number or boolean is.
    Scalar,
    /// The term is a type.
    Type,
}

/// Where a context leads.
#[derive(Debug, Clone, Copy)]
pub enum Leads {
    /// To another, for which the general engine loads so many context documents.
    To { place: Place, loads: u32 },
    /// Where the quick pass does not go.
    Astray,
}

/// What a document needs and the world does not have.
pub enum Want {
    Step(Step),
    List(Place, Vec<String>),
}

/// A context prepared for a [`Want`]; `None` when the general engine finds a fault in it, or the quick pass does not
/// understand it.
pub struct Lesson(Option<(Context, u32)>);

impl Default for World {
    fn default() -> Self {
        let mut world = Self { epoch: 0, contexts: Vec::new(), steps: HashMap::default() };
        world.intern(Context::default());
        world
    }
}

impl World {
    pub fn epoch(&self) -> u64 {
        self.epoch
    }

    pub fn table(&self, place: Place) -> &Table {
        &self.contexts[place as usize].table
    }

    /// The context that comes back when a new object begins.
    pub fn previous(&self, place: Place) -> Option<Place> {
        self.contexts[place as usize].previous
    }

    /// Where a step leads, if that is known.
    pub fn step(&self, step: &Step) -> Option<Leads> {
        self.steps.get(step).copied()
    }

    /// Where an `@context` of addresses leads, if that is known.
    pub fn list<'s>(&self, from: Place, addresses: &(impl Iterator<Item = &'s str> + Clone)) -> Option<Leads> {
        let lists = &self.contexts[from as usize].lists;
        lists.iter().find(|(list, _)| list.iter().map(String::as_str).eq(addresses.clone())).map(|(_, leads)| *leads)
    }

    /// Lets the general engine process what is wanted.
    pub fn prepare(&self, documents: &Documents, want: &Want) -> Lesson {
        let loader = Loads::new(documents);
        let processed = match want {
            Want::Step(step) => self.take(step, &loader),
            Want::List(from, addresses) => {
                let list = Value::Array(addresses.iter().cloned().map(Value::String).collect());
                let from = &self.contexts[*from as usize].context;
                Local::try_from_json(input::convert(&list))
                    .ok()
                    .and_then(|local| process(&local, from, &loader, None, Options::default()))
            }
        };
        Lesson(processed.map(|context| (context, loader.used())))
    }

    fn take(&self, step: &Step, loader: &Loads<'_>) -> Option<Context> {
        let owner = &self.contexts[step.owner as usize];
        let definition = owner.context.get_normal(owner.table.scoped(step.scope)?)?;
        let options = match step.way {
            Way::Property => Options::default().with_override(),
            Way::Scalar => Options::default(),
            Way::Type => Options::default().without_propagation(),
        };
        let from = &self.contexts[step.from as usize].context;
        process(definition.context.as_deref()?, from, loader, definition.base_url.clone(), options)
    }

    /// Keeps a lesson, unless the world has been forgotten since it was asked for.
    pub fn learn(&mut self, epoch: u64, want: Want, lesson: Lesson) {
        if epoch != self.epoch {
            return;
        }
        let full = self.contexts.len() >= CONTEXTS
            || self.steps.len() >= STEPS
            || matches!(&want, Want::List(from, _) if self.contexts[*from as usize].lists.len() >= LISTS);
        if full {
            *self = Self { epoch: epoch + 1, ..Self::default() };
            return;
        }
        let leads = lesson
            .0
            .and_then(|(context, loads)| Some(Leads::To { place: self.intern(context)?, loads }))
            .unwrap_or(Leads::Astray);
        match want {
            Want::Step(step) => {
                self.steps.insert(step, leads);
            }
            Want::List(from, addresses) => self.contexts[from as usize].lists.push((addresses, leads)),
        }
    }

    /// The place of a context, the old one if it is known: what repeats itself leads back to itself.
    fn intern(&mut self, context: Context) -> Option<Place> {
        if let Some(known) = self.contexts.iter().position(|known| same(&known.context, &context)) {
            return Place::try_from(known).ok();
        }
        let table = Table::of(&context)?;
        let previous = match context.previous_context() {
            Some(previous) => Some(self.intern(previous.clone())?),
            None => None,
        };
        self.contexts.push(Known { context, table, previous, lists: Vec::new() });
        Place::try_from(self.contexts.len() - 1).ok()
    }
}

fn process(
    local: &Local,
    from: &Context,
    loader: &Loads<'_>,
    base: Option<Name>,
    options: context_processing::Options,
) -> Option<Context> {
    let mut names = Names;
    let processing = local.process_full(&mut names, from, loader, base, options, ());
    Some(pollster::block_on(processing).ok()?.into_processed())
}

/// Equality of contexts; the library's leaves out the definitions.
fn same(one: &Context, other: &Context) -> bool {
    let previous = match (one.previous_context(), other.previous_context()) {
        (Some(one), Some(other)) => same(one, other),
        (None, None) => true,
        _ => false,
    };
    previous
        && one == other
        && one.len() == other.len()
        && one.definitions().get_type() == other.definitions().get_type()
        && one.definitions().iter().all(|binding| {
            let key = binding.term().as_str();
            one.get_normal(key).is_some_and(|definition| other.get_normal(key) == Some(definition))
        })
}

const _: () = assert!(limits::LOADS < 1 << 16);
