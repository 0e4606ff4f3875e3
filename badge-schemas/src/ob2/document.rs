//! A document of any version, ready to be read as a class.

use serde_json::Value;

use super::extension::{self, Extension};
use super::fault::{Fault, Rule};
use super::legacy::{self, Version};
use super::model::{Class, Link};
use super::node::{Item, Node};
use super::{expanded, plain};

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
        let root = expanded::read(expanded, &mut extensions).ok_or(NotExpanded)?;
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
