//! The objects inside the classes.

use super::reader::{Need, Reader};
use crate::ob2::fault::Rule;
use crate::ob2::legacy::Version;
use crate::ob2::model::{
    Alignment, Common, Criteria, Evidence, IdentityObject, IdentityType, Image, Link, Policy, Related,
    VerificationObject, VerificationType,
};
use crate::ob2::node::{Item, Node};
use crate::ob2::{token, values};

impl Reader {
    /// `@language`, `version`, `related`, `endorsement` (2.0 §Properties).
    pub fn common(&mut self, node: &Node) -> Common {
        Common {
            language: self.language(node),
            version: self.version_of(node),
            related: self.each(node, "related", |r, item| match item {
                Item::Iri(id) if values::is_iri(id) => Some(Related { id: Some(id.clone()), ..Related::default() }),
                Item::Node(node) => Some(Related {
                    id: r.id(node, Need::Required),
                    language: r.language(node),
                    version: r.version_of(node),
                }),
                _ => {
                    r.fault_here(Rule::NotLink);
                    None
                }
            }),
            endorsements: self.each(node, "endorsement", |r, item| match item {
                Item::Iri(id) if token::inside(id).is_some() => Some(Link { id: Some(id.clone()), node: None }),
                item => r.linked(item),
            }),
        }
    }

    fn language(&mut self, node: &Node) -> Option<String> {
        let language = node.language.clone()?;
        if values::is_language(&language) {
            return Some(language);
        }
        self.fault(Rule::NotLanguage, "@language");
        None
    }

    fn version_of(&mut self, node: &Node) -> Option<String> {
        match self.one(node, "version", Need::Optional)? {
            Item::Text(text) => Some(text.clone()),
            Item::Number(number) => Some(number.to_string()),
            _ => {
                self.fault(Rule::NotText, "version");
                None
            }
        }
    }

    /// The object that must stand embedded here.
    fn embedded<'n>(&mut self, node: &'n Node, name: &str, need: Need) -> Option<&'n Node> {
        match self.one(node, name, need)? {
            Item::Node(inner) => Some(inner),
            Item::Iri(_) => {
                self.fault(Rule::NotEmbedded, name);
                None
            }
            _ => {
                self.fault(Rule::NotLink, name);
                None
            }
        }
    }

    /// `recipient` (2.0 §`IdentityObject`): what it says of itself must be true.
    pub fn recipient(&mut self, node: &Node, need: Need) -> Option<IdentityObject> {
        let inner = self.embedded(node, "recipient", need)?;
        Some(self.within("recipient", |r| r.identity(inner)))
    }

    fn identity(&mut self, node: &Node) -> IdentityObject {
        let kind = IdentityType::ALL.into_iter().find(|kind| node.is_a(kind.name()));
        match kind {
            None if node.types.is_empty() => self.fault(Rule::MissingMember, "type"),
            None => self.fault(Rule::UnknownRecipientType, "type"),
            Some(_) => {}
        }
        let hashed = self.boolean(node, "hashed", Need::Required);
        let salt = self.text(node, "salt", Need::Optional);
        // `identity` is text; written as an object it is the id of that object.
        let identity = match self.one(node, "identity", Need::Required) {
            Some(Item::Text(text) | Item::Iri(text)) => Some(text.clone()),
            Some(_) => {
                self.fault(Rule::NotText, "identity");
                None
            }
            None => None,
        };
        if let Some(text) = &identity {
            match (hashed, kind) {
                (Some(true), _) if !values::is_identity_hash(text) => self.fault(Rule::NotIdentityHash, "identity"),
                (Some(false), _) if values::is_identity_hash(text) => self.fault(Rule::HashNotDeclared, "identity"),
                (Some(false), Some(IdentityType::Email)) if !values::is_email(text) => {
                    self.fault(Rule::NotEmail, "identity");
                }
                (Some(false), Some(IdentityType::Url)) if !values::is_url(text) => self.fault(Rule::NotUrl, "identity"),
                (Some(false), Some(IdentityType::Telephone)) if !values::is_telephone(text) => {
                    self.fault(Rule::NotTelephone, "identity");
                }
                _ => {}
            }
        }
        IdentityObject { kind, identity, hashed, salt }
    }

    /// `verification` of an Assertion or Endorsement (2.0 §`VerificationObject`).
    pub fn verification(&mut self, node: &Node, need: Need) -> Option<VerificationObject> {
        let inner = self.embedded(node, "verification", need)?;
        Some(self.within("verification", |r| {
            let hosted = inner.is_a("HostedBadge");
            let kind = match (hosted, inner.is_a("SignedBadge")) {
                (true, false) => Some(VerificationType::Hosted),
                (false, true) => Some(VerificationType::Signed),
                _ => None,
            };
            if inner.types.is_empty() {
                r.fault(Rule::MissingMember, "type");
            } else if kind.is_none() {
                r.fault(Rule::UnknownVerificationType, "type");
            }
            let url = if r.version < Version::V2_0 { r.url(inner, "url", Need::Optional) } else { None };
            VerificationObject { kind, creator: r.iri(inner, "creator", Need::Optional), url }
        }))
    }

    /// `verification` of an issuer: where its hosted badges may live. One that cannot be read allows nothing.
    pub fn policy(&mut self, node: &Node) -> Option<Policy> {
        if !node.has("verification") {
            return None;
        }
        let before = self.faults.len();
        let mut policy = match self.embedded(node, "verification", Need::Optional) {
            None => Policy::default(),
            Some(inner) => self.within("verification", |r| {
                let list = |r: &mut Self, name: &str, is_right: fn(&str) -> bool, rule: Rule| {
                    r.each(inner, name, |r, item| match item {
                        Item::Text(text) | Item::Iri(text) if is_right(text) => Some(text.clone()),
                        _ => {
                            r.fault_here(rule);
                            None
                        }
                    })
                };
                let starts_with = list(r, "startsWith", values::is_url, Rule::NotUrl);
                let allowed_origins = list(r, "allowedOrigins", values::is_host_name, Rule::NotHostName);
                match r.one(inner, "verificationProperty", Need::Optional) {
                    None => {}
                    Some(Item::Text(property)) if matches!(property.as_str(), "id" | "@id") => {}
                    Some(_) => r.fault(Rule::UnknownVerificationProperty, "verificationProperty"),
                }
                Policy { starts_with, allowed_origins, unusable: false }
            }),
        };
        policy.unusable = self.faults.len() > before;
        Some(policy)
    }

    /// `image` (2.0 §Image): a URL, or where allowed a `data:` URI, of a PNG or SVG.
    pub fn image(&mut self, node: &Node, need: Need, data_allowed: bool) -> Option<Image> {
        let item = self.one(node, "image", need)?;
        self.within("image", |r| {
            let (image, place) = match item {
                Item::Iri(id) => (Image { id: Some(id.clone()), ..Image::default() }, ""),
                Item::Node(node) => {
                    let author = r.iri(node, "author", Need::Optional);
                    let caption = r.text(node, "caption", Need::Optional);
                    if node.id.is_none() {
                        r.fault(Rule::MissingMember, "id");
                    }
                    (Image { id: node.id.clone(), caption, author }, "id")
                }
                _ => {
                    r.fault_here(Rule::NotLink);
                    return None;
                }
            };
            let rule = match image.id.as_deref() {
                None => None,
                Some(id) => match values::data_media_type(id).as_deref() {
                    Some(_) if !data_allowed => Some(Rule::DataImage),
                    Some("image/png" | "image/svg+xml") => None,
                    Some(_) => Some(Rule::NotPngOrSvg),
                    None if values::is_url(id) => None,
                    None => Some(Rule::NotUrl),
                },
            };
            match (rule, place) {
                (None, _) => {}
                (Some(rule), "") => r.fault_here(rule),
                (Some(rule), place) => r.fault(rule, place),
            }
            Some(image)
        })
    }

    /// `evidence` (2.0 §Evidence): everything is optional.
    pub fn evidence(&mut self, node: &Node) -> Vec<Evidence> {
        self.each(node, "evidence", |r, item| match item {
            Item::Iri(id) if values::is_iri(id) => Some(Evidence { id: Some(id.clone()), ..Evidence::default() }),
            Item::Node(node) => Some(Evidence {
                id: r.id(node, Need::Optional),
                narrative: r.text(node, "narrative", Need::Optional),
                name: r.text(node, "name", Need::Optional),
                description: r.text(node, "description", Need::Optional),
                genre: r.text(node, "genre", Need::Optional),
                audience: r.text(node, "audience", Need::Optional),
            }),
            Item::Iri(_) => {
                r.fault_here(Rule::NotIri);
                None
            }
            _ => {
                r.fault_here(Rule::NotLink);
                None
            }
        })
    }

    /// `criteria` (2.0 §Criteria): a page, a narrative, or both; neither is nothing.
    pub fn criteria(&mut self, node: &Node) -> Option<Criteria> {
        match self.one(node, "criteria", Need::Required)? {
            Item::Iri(id) if values::is_iri(id) => Some(Criteria { id: Some(id.clone()), narrative: None }),
            Item::Iri(_) => {
                self.fault(Rule::NotIri, "criteria");
                None
            }
            Item::Node(inner) => self.within("criteria", |r| {
                let criteria = Criteria {
                    id: r.id(inner, Need::Optional),
                    narrative: r.text(inner, "narrative", Need::Optional).filter(|text| !text.trim().is_empty()),
                };
                if criteria.id.is_none() && criteria.narrative.is_none() {
                    r.fault_here(Rule::EmptyCriteria);
                }
                Some(criteria)
            }),
            _ => {
                self.fault(Rule::NotLink, "criteria");
                None
            }
        }
    }

    /// `alignment` (2.0 §`AlignmentObject`). 1.x wrote `name`, `url`, `description`.
    pub fn alignments(&mut self, node: &Node) -> Vec<Alignment> {
        self.each(node, "alignment", |r, item| {
            let Item::Node(node) = item else {
                // 1.x allowed a bare address.
                if r.version < Version::V2_0
                    && let Item::Iri(url) = item
                {
                    return Some(Alignment { target_url: Some(url.clone()), ..Alignment::default() });
                }
                r.fault_here(Rule::NotEmbedded);
                return None;
            };
            let old = r.version < Version::V2_0 && !node.has("targetUrl");
            let [name, url, description] =
                if old { ["name", "url", "description"] } else { ["targetName", "targetUrl", "targetDescription"] };
            Some(Alignment {
                target_name: r.text(node, name, Need::Required),
                target_url: r.url(node, url, Need::Required),
                target_description: r.text(node, description, Need::Optional),
                target_framework: r.text(node, "targetFramework", Need::Optional),
                target_code: r.text(node, "targetCode", Need::Optional),
            })
        })
    }
}
