//! Reads the register back, strictly: it decides whom verdicts trust, so nothing in it is guessed.

use serde_json::{Map, Value};
use time::OffsetDateTime;

use super::{Entry, Key, Register, compose};
use crate::referentiel::Family;
use crate::{dates, profile};

/// Says where a document is not a register of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a register of trust: {path}")]
pub struct RegisterFault {
    /// JSON pointer to what is wrong.
    pub path: String,
}

/// Reads a register, signed or not. Judges neither its signature nor its issuer: that is `checks`' work.
/// Refuses a document whose terms mean anything else than ours, or that has a member we do not know.
pub fn parse(document: &Value) -> Result<Register, RegisterFault> {
    let top = Object::new(document, String::new())?;
    top.only(&["@context", "id", "type", "issuer", "validFrom", "credentialSubject", "proof"])?;
    let url = top.text("id")?.to_owned();
    let terms = [false, true].map(|short_names| compose::terms(&url, short_names));
    let of_ours =
        |terms: &Value| top.equals("@context", &serde_json::json!(["https://www.w3.org/ns/credentials/v2", terms]));
    of_ours(&terms[0]).or_else(|_| of_ours(&terms[1]))?;
    top.equals("type", &serde_json::json!(["VerifiableCredential", "TrustRegisterCredential"]))?;
    let subject = top.object("credentialSubject")?;
    subject.only(&["id", "type", "habilitation"])?;
    subject.equals("id", &format!("{url}#registre").into())?;
    subject.equals("type", &"TrustRegister".into())?;
    Ok(Register {
        issuer: top.text("issuer")?.to_owned(),
        at: top.instant("validFrom")?,
        entries: subject.list("habilitation", entry)?,
        url,
    })
}

fn entry(value: &Value, path: String) -> Result<Entry, RegisterFault> {
    let entry = Object::new(value, path)?;
    entry.only(&[
        "id",
        "type",
        "organisation",
        "organisationName",
        "organisationShortName",
        "town",
        "from",
        "until",
        "mayAttest",
        "signingKey",
    ])?;
    entry.equals("type", &"Habilitation".into())?;
    entry.text("id")?;
    let did = entry.text("organisation")?.to_owned();
    Ok(Entry {
        name: entry.text("organisationName")?.to_owned(),
        short_name: entry.optional("organisationShortName", Object::text)?.map(str::to_owned),
        town: entry.optional("town", Object::text)?.map(str::to_owned),
        keys: entry.list("signingKey", |value, path| key(value, path, &did))?,
        from: entry.instant("from")?,
        until: entry.optional("until", Object::instant)?,
        families: entry
            .list("mayAttest", |value, path| value.as_str().and_then(Family::parse).ok_or(RegisterFault { path }))?,
        did,
    })
}

fn key(value: &Value, path: String, did: &str) -> Result<Key, RegisterFault> {
    let key = Object::new(value, path)?;
    key.only(&["id", "type", "verificationMethod", "publicKeyMultibase", "from", "until"])?;
    key.equals("type", &"HabilitatedKey".into())?;
    key.text("id")?;
    let multibase = key.text("publicKeyMultibase")?.to_owned();
    key.equals("verificationMethod", &profile::key_id(did, &multibase).into())?;
    Ok(Key { from: key.instant("from")?, until: key.optional("until", Object::instant)?, multibase })
}

/// An object and where it stands.
struct Object<'a> {
    members: &'a Map<String, Value>,
    path: String,
}

impl<'a> Object<'a> {
    fn new(value: &'a Value, path: String) -> Result<Self, RegisterFault> {
        match value.as_object() {
            Some(members) => Ok(Self { members, path }),
            None => Err(RegisterFault { path }),
        }
    }

    fn only(&self, names: &[&str]) -> Result<(), RegisterFault> {
        match self.members.keys().find(|name| !names.contains(&name.as_str())) {
            None => Ok(()),
            Some(name) => Err(self.fault(name)),
        }
    }

    fn equals(&self, name: &str, expected: &Value) -> Result<(), RegisterFault> {
        if self.members.get(name) == Some(expected) { Ok(()) } else { Err(self.fault(name)) }
    }

    fn text(&self, name: &str) -> Result<&'a str, RegisterFault> {
        self.members.get(name).and_then(Value::as_str).filter(|t| !t.is_empty()).ok_or_else(|| self.fault(name))
    }

    fn instant(&self, name: &str) -> Result<OffsetDateTime, RegisterFault> {
        dates::parse_instant(self.text(name)?).ok_or_else(|| self.fault(name))
    }

    fn object(&self, name: &str) -> Result<Object<'a>, RegisterFault> {
        Object::new(self.members.get(name).unwrap_or(&Value::Null), self.at(name))
    }

    fn optional<T>(
        &self,
        name: &str,
        read: impl Fn(&Self, &str) -> Result<T, RegisterFault>,
    ) -> Result<Option<T>, RegisterFault> {
        if self.members.contains_key(name) { read(self, name).map(Some) } else { Ok(None) }
    }

    fn list<T>(
        &self,
        name: &str,
        read: impl Fn(&Value, String) -> Result<T, RegisterFault>,
    ) -> Result<Vec<T>, RegisterFault> {
        let Some(value) = self.members.get(name) else {
            return Ok(Vec::new());
        };
        let items = value.as_array().filter(|items| !items.is_empty()).ok_or_else(|| self.fault(name))?;
        items.iter().enumerate().map(|(i, item)| read(item, format!("{}/{i}", self.at(name)))).collect()
    }

    fn at(&self, name: &str) -> String {
        format!("{}/{name}", self.path)
    }

    fn fault(&self, name: &str) -> RegisterFault {
        RegisterFault { path: self.at(name) }
    }
}
