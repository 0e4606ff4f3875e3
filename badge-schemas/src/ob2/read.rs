//! Third step: one class at a time, what is there and what is wrong with it.

mod parts;
mod reader;

use reader::{Need, Reader};

use super::document::Document;
use super::fault::Rule;
use super::legacy::Version;
use super::model::{
    Assertion, BadgeClass, CryptographicKey, Endorsement, Profile, Read, RevocationEntry, RevocationList,
};
use super::node::{Item, Node};
use super::values;

impl Document {
    /// Reads it as an Assertion (2.0 §Assertion). One that says `revoked: true` needs no more than its id.
    pub fn assertion(&self) -> Read<Assertion> {
        let (mut r, node) = (Reader::new(self.version), &self.root);
        let revoked = r.boolean(node, "revoked", Need::Optional) == Some(true);
        let need = if revoked { Need::Optional } else { Need::Required };
        let mut value = Assertion { revoked, ..Assertion::default() };
        value.id = r.id(node, Need::Required);
        if !revoked || !node.types.is_empty() {
            r.class(node, &["Assertion"], need);
        }
        value.recipient = r.recipient(node, need);
        value.badge = r.link(node, "badge", need);
        value.verification = r.verification(node, need);
        value.issued_on = r.date_time(node, "issuedOn", need);
        value.expires = r.date_time(node, "expires", Need::Optional);
        if let (Some(issued), Some(expires)) = (value.issued_on, value.expires)
            && expires < issued
        {
            r.fault(Rule::ExpiresBeforeIssued, "expires");
        }
        value.image = r.image(node, Need::Optional, false);
        value.evidence = r.evidence(node);
        value.narrative = r.text(node, "narrative", Need::Optional);
        value.revocation_reason = r.text(node, "revocationReason", Need::Optional);
        value.uid = r.text(node, "uid", Need::Optional);
        if value.uid.is_some() && self.version == Version::V2_0 {
            r.fault(Rule::UidDeprecated, "uid");
        }
        value.common = r.common(node);
        self.read(r, value)
    }

    /// Reads it as a `BadgeClass` (2.0 §`BadgeClass`).
    pub fn badge_class(&self) -> Read<BadgeClass> {
        let (mut r, node) = (Reader::new(self.version), &self.root);
        let value = BadgeClass {
            id: r.id(node, Need::Required),
            name: {
                r.class(node, &["BadgeClass"], Need::Required);
                r.text(node, "name", Need::Required)
            },
            description: r.text(node, "description", Need::Required),
            image: r.image(node, Need::Required, true),
            criteria: r.criteria(node),
            issuer: r.link(node, "issuer", Need::Required),
            alignments: r.alignments(node),
            tags: r.texts(node, "tags"),
            common: r.common(node),
        };
        self.read(r, value)
    }

    /// Reads it as the Profile of an issuer (2.0 §Profile): `email` is mandatory from 2.0 on.
    pub fn profile(&self) -> Read<Profile> {
        let (mut r, node) = (Reader::new(self.version), &self.root);
        let mut value = Profile { id: r.id(node, Need::Required), ..Profile::default() };
        r.class(node, &["Profile", "Issuer"], Need::Required);
        value.name = r.text(node, "name", Need::Required);
        value.url = r.url(node, "url", Need::Required);
        let need = if self.version == Version::V2_0 { Need::Required } else { Need::Optional };
        value.email = r.shaped(node, "email", need, values::is_email, Rule::NotEmail);
        value.telephone = r.shaped(node, "telephone", Need::Optional, values::is_telephone, Rule::NotTelephone);
        value.description = r.text(node, "description", Need::Optional);
        value.image = r.image(node, Need::Optional, true);
        value.public_keys = r.links(node, "publicKey");
        value.revocation_list = r.url(node, "revocationList", Need::Optional);
        value.policy = r.policy(node);
        value.common = r.common(node);
        self.read(r, value)
    }

    /// Reads it as a `CryptographicKey` (2.0 §`CryptographicKey`).
    pub fn cryptographic_key(&self) -> Read<CryptographicKey> {
        let (mut r, node) = (Reader::new(self.version), &self.root);
        let value = CryptographicKey {
            id: r.id(node, Need::Required),
            owner: {
                r.class(node, &["CryptographicKey"], Need::Required);
                r.iri(node, "owner", Need::Required)
            },
            pem: r.shaped(node, "publicKeyPem", Need::Required, is_spki, Rule::NotSpkiPem),
        };
        self.read(r, value)
    }

    /// Reads it as a `RevocationList` (2.0 §`RevocationList`).
    pub fn revocation_list(&self) -> Read<RevocationList> {
        let (mut r, node) = (Reader::new(self.version), &self.root);
        let mut value = RevocationList { id: r.id(node, Need::Optional), ..RevocationList::default() };
        r.class(node, &["RevocationList"], Need::Required);
        value.issuer = r.link(node, "issuer", Need::Optional).and_then(|link| link.id);
        // An empty list is a list: it cannot be told from none once expanded, and means the same.
        let items = node.values("revokedAssertions");
        for (i, item) in items.iter().enumerate() {
            match entry(item) {
                Some(entry) => value.entries.push(entry),
                None => r.fault_at(Rule::RevocationEntry, "revokedAssertions", i, items.len()),
            }
        }
        self.read(r, value)
    }

    /// Reads it as an Endorsement (2.0 §Endorsement). One that says `revoked: true` needs id and issuer alone.
    pub fn endorsement(&self) -> Read<Endorsement> {
        let (mut r, node) = (Reader::new(self.version), &self.root);
        let revoked = r.boolean(node, "revoked", Need::Optional) == Some(true);
        let need = if revoked { Need::Optional } else { Need::Required };
        let mut value = Endorsement { revoked, ..Endorsement::default() };
        value.id = r.id(node, Need::Required);
        r.class(node, &["Endorsement"], need);
        value.issuer = r.link(node, "issuer", Need::Required);
        value.issued_on = r.date_time(node, "issuedOn", need);
        value.verification = r.verification(node, need);
        value.revocation_reason = r.text(node, "revocationReason", Need::Optional);
        match r.one(node, "claim", need) {
            Some(Item::Iri(id)) => value.claim_id = Some(id.clone()),
            Some(Item::Node(claim)) => r.within("claim", |r| {
                value.claim_id = r.id(claim, Need::Required);
                value.comment = r.text(claim, "endorsementComment", Need::Optional);
            }),
            Some(_) => r.fault(Rule::NotLink, "claim"),
            None => {}
        }
        self.read(r, value)
    }

    fn read<T>(&self, reader: Reader, value: T) -> Read<T> {
        let mut faults = reader.faults;
        faults.extend(self.extensions.iter().flat_map(super::Extension::faults));
        Read { value, faults }
    }
}

fn entry(item: &Item) -> Option<RevocationEntry> {
    let text = |node: &Node, name: &str| match node.values(name) {
        [Item::Text(text)] => Some(text.clone()),
        _ => None,
    };
    let known = |id: &str| values::is_iri(id);
    match item {
        Item::Text(id) | Item::Iri(id) => {
            known(id).then(|| RevocationEntry { id: Some(id.clone()), ..RevocationEntry::default() })
        }
        Item::Node(node) => {
            let entry =
                RevocationEntry { id: node.id.clone(), uid: text(node, "uid"), reason: text(node, "revocationReason") };
            let usable = entry.id.as_deref().map_or(entry.uid.is_some(), known);
            usable.then_some(entry)
        }
        _ => None,
    }
}

fn is_spki(pem: &str) -> bool {
    let pem = pem.trim();
    pem.starts_with("-----BEGIN PUBLIC KEY-----") && pem.ends_with("-----END PUBLIC KEY-----")
}
