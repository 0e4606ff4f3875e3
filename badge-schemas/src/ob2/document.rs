//! A document of any version, ready to be read as a class.

use serde_json::Value;

use super::extension::{self, Extension};
use super::fault::{Fault, Rule};
use super::legacy::{self, Version};
use super::model::{Class, Link};
use super::node::{Item, Node};
use super::vocabulary::RECIPIENT_BY_ID;
use super::{expanded, plain, token};

/// The most translations whose language is kept.
const MOST_TRANSLATIONS: usize = 256;

/// A document brought into the form of 1.1 or 2.0, its extensions set aside.
#[derive(Debug, Clone, PartialEq)]
pub struct Prepared {
    /// The version it was written in.
    pub version: Version,
    /// What is to be read (or expanded, when [`Document::plain`] cannot read it).
    pub value: Value,
    /// Its extension objects, as written.
    pub extensions: Vec<Extension>,
}

/// First step: tells the version of `value`, mends 0.5 and 1.0, sets extensions aside. `from` is the address it was
/// read from (none for an upload or a signed payload): 1.x documents take their id from it.
pub fn prepare(mut value: Value, class: Class, from: Option<&str>) -> Result<Prepared, Fault> {
    let version = Version::of(&value);
    let Value::Object(members) = &mut value else {
        return Err(Fault { rule: Rule::NotAnObject, path: String::new() });
    };
    legacy::upgrade(members, version, class, from);
    if let Some(kind) = members.get_mut("recipient").and_then(|recipient| recipient.get_mut("type"))
        && kind == "id"
    {
        *kind = Value::String(RECIPIENT_BY_ID.to_owned());
    }
    token::wrap(&mut value);
    let extensions = extension::take(&mut value);
    Ok(Prepared { version, value, extensions })
}

/// Says that a value is not the expanded form of one object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the expanded form of one object")]
pub struct NotExpanded;

impl NotExpanded {
    /// Stable machine code.
    pub const fn code(self) -> &'static str {
        "ob2_not_one_object"
    }
}

/// A document as the 2.0 context understands it.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// The version it was written in.
    pub version: Version,
    /// Its extension objects.
    pub extensions: Vec<Extension>,
    pub(super) root: Node,
}

impl Document {
    /// Second step, the quick way: reads a document whose only context is the standard's. `None` when it must be
    /// expanded first (another context, compact IRIs, keywords).
    pub fn plain(prepared: &Prepared) -> Option<Self> {
        let (_, root) = plain::read(&prepared.value)?;
        Some(Self { version: prepared.version, extensions: prepared.extensions.clone(), root: root.sorted() })
    }

    /// Second step, the general way: reads the expanded form of [`Prepared::value`].
    pub fn from_expanded(prepared: &Prepared, expanded: &Value) -> Result<Self, NotExpanded> {
        let mut extensions = prepared.extensions.clone();
        let mut root = expanded::read(expanded, &mut extensions).ok_or(NotExpanded)?;
        languages(&mut root, &prepared.value);
        Ok(Self { version: prepared.version, extensions, root: root.sorted() })
    }

    /// The object that stands embedded behind a link of this document, as a document.
    pub fn embedded(link: &Link) -> Option<Self> {
        let (root, version) = link.node.clone()?;
        Some(Self { version, extensions: vec![], root })
    }

    /// `id`.
    pub fn id(&self) -> Option<&str> {
        self.root.id.as_deref()
    }

    /// Whether its `type` holds this class (`Assertion`, `Issuer`…).
    pub fn is_a(&self, class: &str) -> bool {
        self.root.is_a(class)
    }

    /// Whether it says `revoked: true`.
    pub fn is_revoked(&self) -> bool {
        self.root.values("revoked").contains(&Item::Bool(true))
    }
}

/// `@language` of an object and of its translations (2.0 §Internationalization): to JSON-LD it is a property of strings,
/// and expansion drops it from objects.
fn languages(root: &mut Node, written: &Value) {
    let language = |object: &Value| object["@language"].as_str().map(str::to_lowercase);
    root.language = root.language.take().or_else(|| language(written));
    let related = &written["related"];
    let translations = related.as_array().map_or_else(|| std::slice::from_ref(related), Vec::as_slice);
    // Each is looked up among all: more than these are no translations but an attack.
    let translations = &translations[..translations.len().min(MOST_TRANSLATIONS)];
    for item in root.values_mut("related").iter_mut().take(MOST_TRANSLATIONS) {
        let id = match item {
            Item::Iri(id) => Some(id.clone()),
            Item::Node(node) => node.id.clone(),
            _ => None,
        };
        let Some(id) = id else { continue };
        let Some(found) = translations.iter().find(|one| one["id"] == id.as_str()).and_then(language) else { continue };
        match item {
            Item::Node(node) => node.language = Some(found),
            other => *other = Item::Node(Node { id: Some(id), language: Some(found), ..Node::default() }),
        }
    }
}
