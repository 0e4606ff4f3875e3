//! The register of trust: which organisations the Région has habilitated, with which keys, from when, until when
//! (decisions §14). A credential like any other (VC 2.0), signed by the Région and read strictly.

mod compose;
mod parse;
#[cfg(test)]
mod tests;

use time::OffsetDateTime;

use crate::referentiel::Family;

pub use compose::compose;
pub use parse::{RegisterFault, parse};

/// The register at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Register {
    /// Address of the register, `https://livret.example/registre`: its id, and the namespace of its terms.
    pub url: String,
    /// DID of the Région.
    pub issuer: String,
    /// When it was made; becomes `validFrom`, in whole seconds.
    pub at: OffsetDateTime,
    /// The habilitations, past ones included: what was signed before an end stays authentic.
    pub entries: Vec<Entry>,
}

/// One habilitation. An organisation habilitated again has a second entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// DID of the organisation.
    pub did: String,
    /// Its name: the one that verdicts show.
    pub name: String,
    /// Its short name, when it is another: the one on the rim of its badges.
    pub short_name: Option<String>,
    /// Its town.
    pub town: Option<String>,
    /// Its signing keys.
    pub keys: Vec<Key>,
    /// Start, included.
    pub from: OffsetDateTime,
    /// End, excluded.
    pub until: Option<OffsetDateTime>,
    /// What it may attest.
    pub families: Vec<Family>,
}

/// A signing key of a habilitated organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The public key: `z6Mk…` for Ed25519, `zDn…` for P-256, did:key's form for RSA.
    pub multibase: String,
    /// Start, included.
    pub from: OffsetDateTime,
    /// End, excluded.
    pub until: Option<OffsetDateTime>,
}

impl Register {
    /// The entries of this organisation, in the order of the register.
    pub fn entries_of<'a>(&'a self, did: &'a str) -> impl Iterator<Item = &'a Entry> {
        self.entries.iter().filter(move |e| e.did == did)
    }

    /// The habilitation of this organisation in force at this instant.
    pub fn entry_at(&self, did: &str, at: OffsetDateTime) -> Option<&Entry> {
        self.entries.iter().find(|e| e.did == did && in_force(e.from, e.until, at))
    }
}

impl Entry {
    /// Whether this key of the organisation was in force at this instant.
    pub fn key_at(&self, multibase: &str, at: OffsetDateTime) -> Option<&Key> {
        self.keys.iter().find(|k| k.multibase == multibase && in_force(k.from, k.until, at))
    }

    /// Whether the organisation may attest this family; key badges follow the behavioural ones they are made of.
    pub fn may_attest(&self, family: Family) -> bool {
        self.families.contains(&family) || (family == Family::Cle && self.families.contains(&Family::Comportementale))
    }
}

fn in_force(from: OffsetDateTime, until: Option<OffsetDateTime>, at: OffsetDateTime) -> bool {
    from <= at && until.is_none_or(|until| at < until)
}
