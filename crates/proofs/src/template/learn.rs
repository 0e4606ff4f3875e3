//! From one document and its slots to a template.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::piece::{Pieces, escape};
use super::{Blank, Group, Item, SlotKind, Subject, Template, TemplateFault};
use crate::jsonld::Engine;
use crate::rdf::{Kind, Node, Object, Quad, XSD_STRING};

/// What stands in the slots while one looks where they go. No document that holds it is learnt from.
const SENTINEL: &str = "urn:livret:template:slot:";

/// More slots than any class of badges has.
const MOST_SLOTS: usize = 64;

const RDF_TYPE: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";

impl Template {
    /// Learns the canonical form of `document` and of all that differ from it only in the strings that `slots` point
    /// at (JSON Pointers, RFC 6901). Two to three times the cost of a canonicalisation.
    ///
    /// # Errors
    /// [`TemplateFault`].
    pub fn learn(document: &Value, slots: &[impl AsRef<str>]) -> Result<Self, TemplateFault> {
        let engine = Engine::bundled();
        let expected = engine.canonicalize(document)?;
        let different: BTreeSet<&str> = slots.iter().map(AsRef::as_ref).collect();
        if slots.len() > MOST_SLOTS || different.len() != slots.len() || !has_named_contexts(document) {
            return Err(TemplateFault::NotLearnable);
        }
        let mut marked = document.clone();
        let mut values = Vec::with_capacity(slots.len());
        for slot in slots {
            let Some(Value::String(text)) = marked.pointer_mut(slot.as_ref()) else { return Err(TemplateFault::Slot) };
            values.push(std::mem::take(text));
        }
        if says_sentinel(&marked) {
            return Err(TemplateFault::NotLearnable);
        }
        for (place, slot) in slots.iter().enumerate() {
            if let Some(text) = marked.pointer_mut(slot.as_ref()) {
                *text = Value::String(format!("{SENTINEL}{place}:"));
            }
        }
        // What the engine refuses with the marks in place (a language, a type) was no slot.
        let quads = engine.to_rdf(&marked).map_err(|_| TemplateFault::Slot)?;
        let template = Learner::new(quads, slots.len())?.template()?;
        match template.fill(&values) {
            Ok(text) if text == expected => Ok(template),
            _ => Err(TemplateFault::NotLearnable),
        }
    }

    /// About how much memory it takes, in bytes.
    pub(super) fn weight(&self) -> usize {
        2 * self.length
    }
}

/// Whether every context is named by its address: what a context written in place would make of another value, no one
/// knows.
fn has_named_contexts(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().all(has_named_contexts),
        Value::Object(members) => members.iter().all(|(name, member)| match member {
            Value::Array(contexts) if name == "@context" => contexts.iter().all(Value::is_string),
            member if name == "@context" => member.is_string(),
            member => has_named_contexts(member),
        }),
        _ => true,
    }
}

fn says_sentinel(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains(SENTINEL),
        Value::Array(items) => items.iter().any(says_sentinel),
        Value::Object(members) => members.iter().any(|(name, member)| name.contains(SENTINEL) || says_sentinel(member)),
        _ => false,
    }
}

struct Learner {
    quads: Vec<Quad>,
    slots: Vec<SlotKind>,
    sentinels: HashMap<String, usize>,
    /// The places of the blank nodes.
    blanks: BTreeMap<u32, usize>,
}

impl Learner {
    fn new(quads: Vec<Quad>, slots: usize) -> Result<Self, TemplateFault> {
        let quads: Vec<Quad> = quads.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
        let sentinels: HashMap<String, usize> = (0..slots).map(|slot| (format!("{SENTINEL}{slot}:"), slot)).collect();
        let mut blanks = BTreeMap::new();
        let mut kinds: Vec<Option<SlotKind>> = vec![None; slots];
        for quad in &quads {
            for (_, blank) in quad.blanks() {
                let place = blanks.len();
                blanks.entry(blank).or_insert(place);
            }
            let mut meet = |text: &str, kind| match sentinels.get(text) {
                Some(slot) if kinds[*slot].is_none_or(|known| known == kind) => {
                    kinds[*slot] = Some(kind);
                    Ok(())
                }
                // As a literal here and as an IRI there, or changed on the way.
                Some(_) => Err(TemplateFault::Slot),
                None if text.contains(SENTINEL) => Err(TemplateFault::Slot),
                None => Ok(()),
            };
            for node in [Some(&quad.subject), quad.graph.as_ref()].into_iter().flatten() {
                if let Node::Iri(iri) = node {
                    meet(iri, SlotKind::Iri)?;
                }
            }
            match &quad.object {
                // A type decides what everything else means.
                Object::Node(Node::Iri(iri)) if quad.predicate == RDF_TYPE && iri.contains(SENTINEL) => {
                    return Err(TemplateFault::Slot);
                }
                Object::Node(Node::Iri(iri)) => meet(iri, SlotKind::Iri)?,
                Object::Node(Node::Blank(_)) => {}
                Object::Literal { value, kind: Kind::Datatype(word) | Kind::Language(word) } => {
                    meet(value, SlotKind::Literal)?;
                    if word.contains(SENTINEL) {
                        return Err(TemplateFault::Slot);
                    }
                }
            }
            if quad.predicate.contains(SENTINEL) {
                return Err(TemplateFault::Slot);
            }
        }
        let slots = kinds.into_iter().collect::<Option<Vec<_>>>().ok_or(TemplateFault::Slot)?;
        Ok(Self { quads, slots, sentinels, blanks })
    }

    fn template(self) -> Result<Template, TemplateFault> {
        let blanks = self.blank_nodes()?;
        let mut named: BTreeMap<&str, Vec<&Quad>> = BTreeMap::new();
        let mut unnamed = vec![Vec::new(); blanks.len()];
        for quad in &self.quads {
            match &quad.subject {
                Node::Iri(iri) => named.entry(iri).or_default().push(quad),
                Node::Blank(blank) => unnamed[self.blanks[blank]].push(quad),
            }
        }
        let named = named.into_iter().map(|(iri, quads)| Group {
            subject: match self.sentinels.get(iri) {
                Some(slot) => Subject::Slot(*slot),
                None => Subject::Fixed(iri.to_owned()),
            },
            items: self.items(&quads),
        });
        let named: Vec<Group> = named.collect();
        let unnamed: Vec<Vec<Item>> = unnamed.iter().map(|quads| self.items(quads)).collect();
        let labels: Vec<String> = (0..blanks.len()).map(|number| format!("_:c14n{number}")).collect();
        let mut label_order: Vec<usize> = (0..blanks.len()).collect();
        // A space follows each in its line, and a space stands before every digit.
        label_order.sort_by(|one, other| labels[*one].cmp(&labels[*other]));
        let length = named.iter().flat_map(|group| &group.items).chain(unnamed.iter().flatten()).map(length).sum();
        Ok(Template { slots: self.slots, blanks, labels, label_order, named, unnamed, length })
    }

    /// Every blank node with its hash, or with what its hash is made of.
    fn blank_nodes(&self) -> Result<Vec<Blank>, TemplateFault> {
        let mut lines: Vec<Vec<Pieces>> = vec![Vec::new(); self.blanks.len()];
        for quad in &self.quads {
            let named: BTreeSet<u32> = quad.blanks().map(|(_, blank)| blank).collect();
            for blank in named {
                let label =
                    |other: u32, pieces: &mut Pieces| pieces.push_text(if other == blank { "_:a" } else { "_:z" });
                lines[self.blanks[&blank]].push(self.line(quad, &label));
            }
        }
        let mut known = BTreeSet::new();
        let mut blanks = Vec::with_capacity(lines.len());
        for mut lines in lines {
            let fixed: Option<Vec<&str>> = lines.iter().map(Pieces::fixed).collect();
            if let Some(mut fixed) = fixed {
                fixed.sort_unstable();
                let hash: [u8; 32] = Sha256::digest(fixed.concat()).into();
                if !known.insert(hash) {
                    return Err(TemplateFault::NotLearnable);
                }
                blanks.push(Blank::Known(hash));
            } else {
                // Nearly in order: sorting again is then quick.
                lines.sort_unstable();
                blanks.push(Blank::Varies(lines));
            }
        }
        Ok(blanks)
    }

    /// The lines of one subject.
    fn items(&self, quads: &[&Quad]) -> Vec<Item> {
        let label = |blank: u32, pieces: &mut Pieces| pieces.push_blank(self.blanks[&blank]);
        // The end of a predicate's IRI is a sign that stands in none: `<a!>` comes before `<a>`.
        let mut runs: BTreeMap<String, Vec<&Quad>> = BTreeMap::new();
        for quad in quads {
            runs.entry(format!("{}>", quad.predicate)).or_default().push(quad);
        }
        let mut items: Vec<Item> = Vec::new();
        for quads in runs.into_values() {
            let mut lines: Vec<Pieces> = quads.iter().map(|quad| self.line(quad, &label)).collect();
            let varies = |quad: &&Quad| {
                self.varies(&quad.object) || quad.graph.as_ref().is_some_and(|graph| self.is_varying(graph))
            };
            if lines.len() > 1 && quads.iter().any(varies) {
                items.push(Item::Run(lines));
                continue;
            }
            // The same subject before all, and nothing after it varies: as text, in order.
            let mut order: Vec<(String, Pieces)> =
                quads.iter().zip(lines.drain(..)).map(|(quad, line)| (sort_key(quad), line)).collect();
            order.sort_unstable();
            for (_, line) in order {
                match items.last_mut() {
                    Some(Item::Lines(before)) => before.append(line),
                    _ => items.push(Item::Lines(line)),
                }
            }
        }
        items
    }

    fn varies(&self, object: &Object) -> bool {
        match object {
            Object::Node(node) => self.is_varying(node),
            Object::Literal { value, .. } => self.sentinels.contains_key(value),
        }
    }

    fn is_varying(&self, node: &Node) -> bool {
        match node {
            Node::Iri(iri) => self.sentinels.contains_key(iri),
            Node::Blank(_) => true,
        }
    }

    fn line(&self, quad: &Quad, label: &impl Fn(u32, &mut Pieces)) -> Pieces {
        let mut line = Pieces::default();
        self.node(&quad.subject, label, &mut line);
        line.push_text(&format!(" <{}> ", quad.predicate));
        match &quad.object {
            Object::Node(node) => self.node(node, label, &mut line),
            Object::Literal { value, kind } => self.literal(value, kind, &mut line),
        }
        if let Some(graph) = &quad.graph {
            line.push_text(" ");
            self.node(graph, label, &mut line);
        }
        line.push_text(" .\n");
        line
    }

    fn node(&self, node: &Node, label: &impl Fn(u32, &mut Pieces), line: &mut Pieces) {
        match node {
            Node::Blank(blank) => label(*blank, line),
            Node::Iri(iri) => {
                line.push_text("<");
                match self.sentinels.get(iri) {
                    Some(slot) => line.push_iri(*slot),
                    None => line.push_text(iri),
                }
                line.push_text(">");
            }
        }
    }

    fn literal(&self, value: &str, kind: &Kind, line: &mut Pieces) {
        line.push_text("\"");
        if let Some(slot) = self.sentinels.get(value) {
            line.push_literal(*slot);
        } else {
            let mut escaped = String::with_capacity(value.len());
            // Writing to a String does not fail.
            let _ = escape(value, &mut escaped);
            line.push_text(&escaped);
        }
        line.push_text("\"");
        match kind {
            Kind::Datatype(datatype) if datatype == XSD_STRING => {}
            Kind::Datatype(datatype) => line.push_text(&format!("^^<{datatype}>")),
            Kind::Language(language) => line.push_text(&format!("@{language}")),
        }
    }
}

/// What orders fixed lines of one subject and one predicate.
fn sort_key(quad: &Quad) -> String {
    let mut line = String::new();
    quad.write(&mut line, &|_, _| {});
    line
}

fn length(item: &Item) -> usize {
    match item {
        Item::Lines(lines) => lines.length(),
        Item::Run(lines) => lines.iter().map(Pieces::length).sum(),
    }
}
