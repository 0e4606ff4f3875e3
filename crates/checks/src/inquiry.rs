//! The Inquiry: a judgement that stops whenever it needs a document, and goes on when it is answered.

use badge_schemas::credential::validate;
use badge_schemas::dates::parse_instant;
use badge_schemas::json::parse_strict;
use badge_schemas::register::{self, Register};
use serde_json::Value;
use time::{Duration, OffsetDateTime};

use crate::codes;
use crate::document::{self, Document};
use crate::facts::{self, BadgeFacts};
use crate::key::{self, IssuerKeys, Unproven};
use crate::need::{Need, Unanswered};
use crate::register::{Signing, stamp, vouching};
use crate::report::{Check, Outcome, Report};
use crate::sheet::Sheet;
use crate::status::{self, StatusEntry};
use crate::verdict::verdict;

/// How far two honest clocks may differ: a badge signed a moment ago elsewhere is not « pas encore valable ».
pub(crate) const TOLERANCE: Duration = Duration::MINUTE;

/// How old a register may be: the Région signs it anew at least daily. An older one could be one from before an end of
/// habilitation, kept and served again.
const REGISTER_LASTS: Duration = Duration::days(3);

/// What is to be examined beyond the text and its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Whether the register of trust must vouch for the issuer.
    pub trust: bool,
    /// Whether the issuer's status lists are read.
    pub status: bool,
}

impl Policy {
    /// Everything: what an employer is shown.
    pub const FULL: Self = Self { trust: true, status: true };
}

/// One badge being judged at one instant. See the crate's README for the order and the reasons.
#[derive(Debug)]
pub struct Inquiry {
    now: OffsetDateTime,
    policy: Policy,
    sheet: Sheet,
    step: Step,
    document: Option<Document>,
    keys: Option<IssuerKeys>,
    /// The key that signed, as multibase, and when it says it did.
    signed: Option<(String, OffsetDateTime)>,
    badge: Option<BadgeFacts>,
    statuses: Vec<StatusEntry>,
    register_url: Option<String>,
}

#[derive(Debug)]
enum Step {
    IssuerKeys { did: String },
    Register,
    RegisterKeys { did: String, register: Box<(Value, Register)> },
    Status,
    Done,
}

impl Inquiry {
    /// Reads `text` as it stands at `now`. Never fails: what is wrong with the text becomes findings.
    pub fn open(text: &str, now: OffsetDateTime, policy: Policy) -> Self {
        let mut inquiry = Self {
            now,
            policy,
            sheet: Sheet::default(),
            step: Step::Done,
            document: None,
            keys: None,
            signed: None,
            badge: None,
            statuses: vec![],
            register_url: None,
        };
        match document::read(text) {
            Ok(document) => inquiry.begin(document),
            Err(refusal) => {
                if refusal.check != Check::Format {
                    inquiry.sheet.passed(Check::Format, codes::OPEN_BADGES_3);
                }
                inquiry.sheet.note(refusal.check, refusal.outcome, refusal.code, refusal.detail);
            }
        }
        inquiry
    }

    /// Names the one address the register of trust may come from (`{issuer}/registre.json`): its signer must be a
    /// `did:web` of that origin. Without it, the origin the register itself claims must be its signer's.
    #[must_use]
    pub fn with_register_at(mut self, url: &str) -> Self {
        self.register_url = Some(url.to_owned());
        self
    }

    /// The document needed to go on, or `None` when everything is judged. Asks the same until it is answered.
    pub fn next_need(&mut self) -> Option<Need> {
        match &self.step {
            Step::IssuerKeys { did } | Step::RegisterKeys { did, .. } => Some(Need::DidDocument { did: did.clone() }),
            Step::Register => Some(Need::Register),
            Step::Status => self.statuses.first().map(|entry| Need::StatusList { url: entry.list.clone() }),
            Step::Done => None,
        }
    }

    /// Answers the need that [`Self::next_need`] gave with the document's text, or why there is none. An answer to
    /// anything else is ignored.
    pub fn answer(&mut self, need: &Need, answer: Result<String, Unanswered>) {
        if self.next_need().as_ref() != Some(need) {
            return;
        }
        match std::mem::replace(&mut self.step, Step::Done) {
            Step::IssuerKeys { did } => self.judge_signature(&did, answer),
            Step::Register => self.read_register(answer),
            Step::RegisterKeys { did, register } => self.prove_register(&did, answer, &register),
            Step::Status => self.judge_status(answer),
            Step::Done => {}
        }
    }

    /// The judgement. Needs that nobody answered could not be checked.
    pub fn conclude(mut self) -> Report {
        while let Some(need) = self.next_need() {
            self.answer(&need, Err(Unanswered::NotAsked));
        }
        let findings = self.sheet.finish(self.policy);
        let verdict = verdict(&findings, self.policy);
        Report { verdict, at: self.now, findings, badge: self.badge }
    }

    fn begin(&mut self, document: Document) {
        self.sheet.passed(Check::Format, codes::OPEN_BADGES_3);
        let faults = validate(&document.value);
        if faults.is_empty() {
            self.sheet.passed(Check::Schema, codes::SCHEMA_OK);
        } else {
            let first: Vec<String> = faults.iter().take(3).map(|f| format!("{} {}", f.code, f.path)).collect();
            self.sheet.failed(Check::Schema, codes::SCHEMA_FAULT, Some(first.join(", ")));
        }
        let did = key::did_of(&document.proof.verification_method);
        if did != document.issuer {
            self.sheet.failed(Check::Key, codes::CONTROLLER_NOT_ISSUER, None);
        } else if key::did_url(did).is_none() {
            let kind = did.splitn(3, ':').take(2).collect::<Vec<_>>().join(":");
            self.sheet.unchecked(Check::Key, codes::ISSUER_KIND_NOT_READ, Some(kind));
        } else {
            self.step = Step::IssuerKeys { did: did.to_owned() };
        }
        self.document = Some(document);
    }

    fn judge_signature(&mut self, did: &str, answer: Result<String, Unanswered>) {
        let Some(document) = self.document.take() else { return };
        let keys = match answer.map_err(|why| (codes::DID_UNANSWERED, Some(why.code().to_owned()))) {
            Ok(text) => IssuerKeys::read(&text, did),
            Err(why) => Err(why),
        };
        let keys = match keys {
            Ok(keys) => keys,
            Err((code, detail)) => {
                self.sheet.unchecked(Check::Key, code, detail);
                // Even without the key, a text whose members mean nothing is known not to be what was signed.
                if let Err(unproven) = key::meaningful(&document.value) {
                    self.unproven(unproven);
                }
                return;
            }
        };
        let created = document.proof.created.or(instant(&document.value["validFrom"]));
        // A proof without a date under a text without a date was made at no time that a key's dates could cover.
        let created = created.unwrap_or(OffsetDateTime::UNIX_EPOCH);
        match keys.verify(&document.value, &document.proof, created) {
            Ok(key) => {
                self.sheet.passed(Check::JsonLd, codes::JSON_LD_OK);
                self.sheet.passed(Check::Signature, codes::SIGNATURE_OK);
                self.sheet.passed(Check::Key, codes::KEY_OK);
                self.judge_signed_text(&document);
                self.signed = Some((key.to_multibase(), created));
                self.keys = Some(keys);
                self.document = Some(document);
                self.step = if self.policy.trust { Step::Register } else { Step::Status };
                self.skip_to_done();
            }
            Err(unproven) => self.unproven(unproven),
        }
    }

    fn unproven(&mut self, unproven: Unproven) {
        let Unproven { check, outcome, code, detail } = unproven;
        if check == Check::Signature {
            self.sheet.passed(Check::JsonLd, codes::JSON_LD_OK);
            self.sheet.passed(Check::Key, codes::KEY_OK);
        }
        self.sheet.note(check, outcome, code, detail);
    }

    /// What the text itself says, now that it is known to be the issuer's.
    fn judge_signed_text(&mut self, document: &Document) {
        let value = &document.value;
        self.badge = facts::read(value);
        match instant(&value["validFrom"]) {
            None => self.sheet.unchecked(Check::Start, codes::DATE_UNREADABLE, None),
            Some(from) if from > self.now + TOLERANCE => {
                self.sheet.failed(Check::Start, codes::NOT_STARTED, stamp(from));
            }
            Some(_) => self.sheet.passed(Check::Start, codes::STARTED),
        }
        let until = &value["validUntil"];
        let unreadable = !until.is_null() && instant(until).is_none();
        // A proof may end before its text does; it then proves nothing more.
        match [instant(until), document.proof.expires].into_iter().flatten().min() {
            _ if unreadable => self.sheet.unchecked(Check::End, codes::DATE_UNREADABLE, None),
            None => self.sheet.passed(Check::End, codes::NO_END),
            Some(until) if until < self.now - TOLERANCE => self.sheet.failed(Check::End, codes::ENDED, stamp(until)),
            Some(until) => self.sheet.note(Check::End, Outcome::Passed, codes::NOT_ENDED, stamp(until)),
        }
        if let Some(badge) = &self.badge {
            let named = badge.recipient.name.is_some();
            let code = if named { codes::RECIPIENT_NAMED } else { codes::RECIPIENT_HASHED };
            self.sheet.note(Check::Recipient, Outcome::Noted, code, None);
        }
        if self.policy.status {
            let statuses = status::entries(value);
            if statuses.entries.is_empty() && statuses.unread.is_empty() {
                self.sheet.note(Check::Revocation, Outcome::Noted, codes::STATUS_NONE, None);
            }
            for (check, code, detail) in statuses.unread {
                self.sheet.unchecked(check, code, detail);
            }
            self.statuses = statuses.entries;
        }
    }

    fn skip_to_done(&mut self) {
        if matches!(self.step, Step::Status) && self.statuses.is_empty() {
            self.step = Step::Done;
        }
    }

    fn read_register(&mut self, answer: Result<String, Unanswered>) {
        let fault = match answer {
            Err(why) => (codes::REGISTER_UNANSWERED, Some(why.code().to_owned())),
            Ok(text) => match parse_strict(&text) {
                Err(fault) => (codes::REGISTER_UNREADABLE, Some(fault.code().to_owned())),
                Ok(value) => match register::parse(&value) {
                    Err(fault) => (codes::REGISTER_UNREADABLE, Some(fault.path)),
                    Ok(register) if !self.is_of_its_place(&register) => (codes::REGISTER_ELSEWHERE, None),
                    Ok(register) if register.at < self.now - REGISTER_LASTS => {
                        (codes::REGISTER_TOO_OLD, stamp(register.at))
                    }
                    Ok(register) => {
                        let did = register.issuer.clone();
                        self.step = Step::RegisterKeys { did, register: Box::new((value, register)) };
                        return;
                    }
                },
            },
        };
        self.trust_unchecked(fault);
    }

    /// Whether the register is signed by an issuer of the origin it is read from.
    fn is_of_its_place(&self, register: &Register) -> bool {
        let origin = |url: &str| url::Url::parse(url).ok().map(|url| url.origin().ascii_serialization());
        let claimed = origin(&register.url);
        let read_from = self.register_url.as_deref().map_or_else(|| claimed.clone(), origin);
        let signer = proofs::did::DidWeb::parse(&register.issuer).ok().map(|did| did.origin());
        claimed.is_some() && claimed == read_from && claimed == signer
    }

    fn prove_register(&mut self, did: &str, answer: Result<String, Unanswered>, register: &(Value, Register)) {
        let (value, register) = register;
        let proven = match answer {
            Err(why) => Err(Some(why.code().to_owned())),
            Ok(text) => IssuerKeys::read(&text, did)
                .map_err(|(code, _)| Some(code.to_owned()))
                .and_then(|keys| keys.prove(value).map_err(Some)),
        };
        match proven {
            Ok(()) => self.judge_trust(register),
            Err(detail) => self.trust_unchecked((codes::REGISTER_NOT_PROVEN, detail)),
        }
    }

    fn trust_unchecked(&mut self, (code, detail): (&'static str, Option<String>)) {
        self.sheet.unchecked(Check::Issuer, code, detail);
        self.step = Step::Status;
        self.skip_to_done();
    }

    fn judge_trust(&mut self, register: &Register) {
        self.step = Step::Status;
        self.skip_to_done();
        let (Some(document), Some((key, created)), Some(badge)) = (&self.document, &self.signed, &mut self.badge)
        else {
            // Without readable facts there is nothing to vouch for.
            self.sheet.unchecked(Check::Issuer, codes::DATE_UNREADABLE, None);
            return;
        };
        let signing = Signing {
            issuer: &document.issuer,
            claimed_name: &badge.issuer.name,
            key,
            valid_from: badge.valid_from,
            created: *created,
            achievement: &document.value["credentialSubject"]["achievement"],
        };
        match vouching(register, &signing) {
            Ok(entry) => {
                badge.issuer.name.clone_from(&entry.name);
                badge.issuer.town.clone_from(&entry.town);
                badge.issuer.vouched = true;
                self.sheet.note(Check::Issuer, Outcome::Passed, codes::ISSUER_IN_REGISTER, stamp(register.at));
            }
            Err((code, detail)) => self.sheet.failed(Check::Issuer, code, detail),
        }
    }

    fn judge_status(&mut self, answer: Result<String, Unanswered>) {
        if self.statuses.is_empty() {
            return;
        }
        let entry = self.statuses.remove(0);
        let set = match (answer, &self.keys, &self.document) {
            (Err(why), ..) => Err((codes::STATUS_UNANSWERED, Some(why.code().to_owned()))),
            (Ok(text), Some(keys), Some(document)) => status::is_set(&text, &entry, &document.issuer, keys, self.now),
            (Ok(_), ..) => Err((codes::STATUS_NOT_PROVEN, None)),
        };
        match set {
            Ok(false) => self.sheet.passed(entry.check, codes::STATUS_CLEAR),
            Ok(true) => self.sheet.failed(entry.check, codes::STATUS_SET, None),
            Err((code, detail)) => self.sheet.unchecked(entry.check, code, detail),
        }
        self.step = Step::Status;
        self.skip_to_done();
    }
}

fn instant(value: &Value) -> Option<OffsetDateTime> {
    value.as_str().and_then(parse_instant)
}
