//! The constraints of Open Badges 3.0 (§B) and CLR 2.0 as types and code: a table of the classes, one walk over it,
//! and the rules that bind several members. The official JSON Schemas say the same with more words and fewer rules.

mod model;
mod rules;
#[cfg(test)]
mod tests;
pub(crate) mod values;

use std::fmt;

use serde_json::{Map, Value};

use crate::varying::{self, Pattern};
use model::{Count, Kind, Member, Need};

/// A rule of the standard that a document breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaFault {
    /// Stable machine code.
    pub code: &'static str,
    /// JSON pointer (RFC 6901) to what breaks it.
    pub path: String,
}

impl fmt::Display for SchemaFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.code, self.path)
    }
}

/// The most faults of one document that are told.
pub const MOST_FAULTS: usize = 256;

/// Which class of credential a document says it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// `OpenBadgeCredential` or `AchievementCredential` (Open Badges 3.0, §B.1.2).
    Achievement,
    /// `EndorsementCredential` (Open Badges 3.0, §B.1.7).
    Endorsement,
    /// `ClrCredential` (CLR 2.0).
    Clr,
}

impl Class {
    /// The class that `type` names; `None` when it is none of these.
    pub fn of(credential: &Value) -> Option<Self> {
        let is = |name| rules::has_type(credential, name);
        if is("OpenBadgeCredential") || is("AchievementCredential") {
            Some(Self::Achievement)
        } else if is("ClrCredential") {
            Some(Self::Clr)
        } else if is("EndorsementCredential") {
            Some(Self::Endorsement)
        } else {
            None
        }
    }
}

/// Every rule of the standard that a credential, ours or another's, breaks (the first [`MOST_FAULTS`] of them); empty when
/// it conforms.
///
/// It is judged as the class its `type` names ([`Class::of`]), and as an `OpenBadgeCredential` when it names none: who
/// wants a badge asks for the class as well. Both forms are read: VC 2.0, and VC 1.1 by its first context.
///
/// JSON-LD lets a list of one be written as its one item; the schema served by the standard accepts it, so this does.
/// Whether every term is defined is the work of JSON-LD in safe mode, not of this.
pub fn validate(credential: &Value) -> Vec<SchemaFault> {
    judge(credential, false)
}

/// As [`validate`], of a credential that differs from one without fault only in the strings that vary
/// ([`varying::CREDENTIAL`]): what holds none of them is passed over.
pub fn validate_again(credential: &Value) -> Vec<SchemaFault> {
    let mut judge = Judge::new(false);
    judge.varying(credential, class_of(credential), &varying::CREDENTIAL);
    // Those of the whole, in their order.
    if judge.faults.is_empty() { Vec::new() } else { validate(credential) }
}

/// As [`validate`], in the canonical form that an issuer must write (§A.1): lists are arrays, the issuer is an object,
/// a status index is a string. What we sign passes this.
pub fn validate_canonical(credential: &Value) -> Vec<SchemaFault> {
    judge(credential, true)
}

fn judge(credential: &Value, canonical: bool) -> Vec<SchemaFault> {
    let mut judge = Judge::new(canonical);
    judge.nothing_empty(credential, Path::Root);
    judge.object(credential, class_of(credential), Path::Root);
    judge.faults
}

fn class_of(credential: &Value) -> &'static model::Class {
    match Class::of(credential) {
        Some(Class::Achievement) | None => &model::ACHIEVEMENT_CREDENTIAL,
        Some(Class::Endorsement) => &model::ENDORSEMENT_CREDENTIAL,
        Some(Class::Clr) => &model::CLR_CREDENTIAL,
    }
}

/// Version of the Verifiable Credentials data model, by the first context.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Version {
    Vc1,
    Vc2,
}

/// What has been noticed so far.
struct Judge {
    canonical: bool,
    /// What varies where one is; `None` when nothing is known.
    varying: Option<&'static Pattern>,
    /// The credential whose members are being judged.
    surrounding: Option<Surrounding>,
    faults: Vec<SchemaFault>,
}

/// The contexts of a credential, which hold for the credentials inside it too.
#[derive(Clone)]
struct Surrounding {
    version: Version,
    open_badges: Option<String>,
}

impl Judge {
    const fn new(canonical: bool) -> Self {
        Self { canonical, varying: None, surrounding: None, faults: Vec::new() }
    }

    /// Judges what varies in a credential of which the rest is known to be right.
    fn varying(&mut self, credential: &Value, class: &model::Class, pattern: &'static Pattern) {
        self.varying = Some(pattern);
        self.object(credential, class, Path::Root);
    }

    fn fault(&mut self, code: &'static str, path: impl fmt::Display) {
        // Ten megabytes of nulls are a million faults: nobody reads so many.
        if self.faults.len() < MOST_FAULTS {
            self.faults.push(SchemaFault { code, path: path.to_string() });
        }
    }

    /// Null and empty arrays are omitted, anywhere (§A.1).
    fn nothing_empty(&mut self, value: &Value, path: Path<'_>) {
        match value {
            Value::Null => self.fault("null_value", path),
            Value::Array(items) if items.is_empty() => self.fault("empty_array", path),
            Value::Array(items) => {
                for (i, item) in items.iter().enumerate() {
                    self.nothing_empty(item, Path::Item(&path, i));
                }
            }
            Value::Object(members) => {
                for (name, item) in members {
                    self.nothing_empty(item, Path::Member(&path, name));
                }
            }
            _ => {}
        }
    }

    fn object(&mut self, value: &Value, class: &model::Class, path: Path<'_>) {
        let Some(members) = value.as_object() else {
            self.fault("not_an_object", path);
            return;
        };
        let outside = self.surrounding.clone();
        if let Some(contexts) = class.contexts {
            self.surrounding = Some(rules::contexts(self, members.get("@context"), contexts, path));
        }
        self.class_type(members, class, path);
        for member in class.members {
            self.member(members, member, path);
        }
        if class.closed {
            for name in members.keys() {
                if name != "type" && !class.members.iter().any(|m| m.name == name) {
                    self.fault("unknown_member", Path::Member(&path, name));
                }
            }
        }
        if let Some(rule) = class.rule {
            rule(self, value, path);
        }
        self.surrounding = outside;
    }

    /// A credential inside a CLR: any class, also those that neither standard knows.
    fn credential(&mut self, value: &Value, path: Path<'_>) {
        let class = match Class::of(value) {
            Some(Class::Achievement) => &model::ACHIEVEMENT_CREDENTIAL,
            Some(Class::Endorsement) => &model::ENDORSEMENT_CREDENTIAL,
            Some(Class::Clr) => &model::CLR_CREDENTIAL,
            None => &model::OTHER_CREDENTIAL,
        };
        self.object(value, class, path);
    }

    fn class_type(&mut self, members: &Map<String, Value>, class: &model::Class, path: Path<'_>) {
        let path = Path::Member(&path, "type");
        let names: Vec<&str> = match members.get("type") {
            None if class.typed => return self.fault("missing_member", path),
            None => return,
            Some(Value::String(name)) => vec![name],
            Some(Value::Array(names)) if !class.single_type => {
                if !names.iter().all(Value::is_string) {
                    self.fault("not_text", path);
                }
                names.iter().filter_map(Value::as_str).collect()
            }
            Some(_) => return self.fault("not_text", path),
        };
        for wanted in class.types {
            if !wanted.iter().any(|name| names.contains(name)) {
                self.fault("wrong_type", path);
            }
        }
    }

    fn member(&mut self, members: &Map<String, Value>, member: &Member, path: Path<'_>) {
        let outside = self.varying;
        if let Some(pattern) = outside {
            let below = pattern.member(member.name);
            if below.is_fixed() {
                return;
            }
            self.varying = Some(below);
        }
        self.any_member(members, member, path);
        self.varying = outside;
    }

    fn any_member(&mut self, members: &Map<String, Value>, member: &Member, path: Path<'_>) {
        let path = Path::Member(&path, member.name);
        let Some(value) = members.get(member.name) else {
            let version = self.surrounding.as_ref().map_or(Version::Vc2, |s| s.version);
            if member.need == Need::Required || member.need == Need::RequiredIn(version) {
                self.fault("missing_member", path);
            }
            return;
        };
        match (member.count, value) {
            (_, Value::Null) => {} // already noticed
            (Count::One, Value::Array(_)) => self.fault("not_single", path),
            (Count::Many | Count::ManyOrBare, Value::Array(items)) => {
                for (i, item) in items.iter().enumerate() {
                    if !item.is_null() {
                        self.value(item, member.kind, Path::Item(&path, i));
                    }
                }
            }
            (Count::Many, _) if self.canonical => self.fault("not_an_array", path),
            // One value, or a list of one written bare.
            (_, value) => self.value(value, member.kind, path),
        }
    }

    fn value(&mut self, value: &Value, kind: Kind, path: Path<'_>) {
        let text = |right: fn(&str) -> bool, code: &'static str| match value.as_str() {
            None => Some("not_text"),
            Some(text) if right(text) => None,
            Some(_) => Some(code),
        };
        let fault = match kind {
            Kind::Text => text(|_| true, ""),
            Kind::Iri => text(values::is_absolute_iri, "not_absolute_iri"),
            Kind::DateTimeZ => text(values::is_date_time_z, "not_date_time_with_offset"),
            Kind::Date => text(values::is_date, "not_a_date"),
            Kind::Language => text(values::is_language, "not_a_language"),
            Kind::Jwt => text(values::is_compact_jws, "not_a_compact_jws"),
            Kind::Number => (!value.is_number()).then_some("not_a_number"),
            Kind::Boolean => (!value.is_boolean()).then_some("not_a_boolean"),
            Kind::Term(terms, extensible) => match value.as_str() {
                None => Some("not_text"),
                Some(t) if terms.contains(&t) || (extensible && values::is_extension_term(t)) => None,
                Some(_) => Some("not_in_vocabulary"),
            },
            Kind::IriOrObject(_) if value.is_string() && !self.canonical => {
                text(values::is_absolute_iri, "not_absolute_iri")
            }
            Kind::Object(class) | Kind::IriOrObject(class) => return self.object(value, class, path),
            Kind::Credential => return self.credential(value, path),
        };
        if let Some(code) = fault {
            self.fault(code, path);
        }
    }
}

/// Where one is in the document: a JSON pointer that is written only when there is a fault to point at.
#[derive(Clone, Copy)]
pub(crate) enum Path<'p> {
    Root,
    Member(&'p Path<'p>, &'p str),
    Item(&'p Path<'p>, usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => Ok(()),
            Self::Member(parent, name) => write!(f, "{parent}/{}", name.replace('~', "~0").replace('/', "~1")),
            Self::Item(parent, place) => write!(f, "{parent}/{place}"),
        }
    }
}
