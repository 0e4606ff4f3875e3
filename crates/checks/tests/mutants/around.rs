//! What surrounds a badge, changed: dates, status lists, the register of trust.

use badge_schemas::referentiel::Family;
use badge_schemas::register::Entry;
use checks::codes::{
    BEFORE_HABILITATION, DATE_UNREADABLE, ENDED, HABILITATION_ENDED, ISSUER_NOT_IN_REGISTER, KEY_NOT_IN_REGISTER,
    NOT_STARTED, OUTSIDE_HABILITATION, REGISTER_NOT_PROVEN, REGISTER_UNANSWERED, REGISTER_UNREADABLE, SCHEMA_FAULT,
    STATUS_ENTRY_MALFORMED, STATUS_KIND_NOT_READ, STATUS_LENGTH, STATUS_NOT_ISSUERS, STATUS_NOT_PROVEN,
    STATUS_OUT_OF_DATE, STATUS_PURPOSE, STATUS_RANGE, STATUS_SET, STATUS_UNANSWERED, STATUS_UNREADABLE,
};
use checks::{Need, Unanswered, Verdict};
use serde_json::{Value, json};
use time::Duration;

use crate::Mutant;
use crate::world::{INDEX, ORG, Party, REGION, SIGNED, World, status};

/// `u` and base64url of the gzip of eight zero bytes: 64 places, where the standard asks for 131,072.
const SHORT: &str = "uH4sIAAAAAAACA2NggAAAad8iZQgAAAA";

pub(crate) fn mutants() -> Vec<Mutant> {
    let mut all = dates();
    all.extend(entries());
    all.extend(lists());
    all.extend(registers());
    all
}

fn signed(change: impl FnOnce(&mut Value)) -> Value {
    let world = World::new();
    world.org.sign(&world.badge(change))
}

fn dates() -> Vec<Mutant> {
    let with = |name: &str, member: &str, date: &str, verdict: Verdict, codes: &[&'static str]| {
        Mutant::of(name, signed(|badge| badge[member] = json!(date)), verdict, codes)
    };
    vec![
        with("not yet valid", "validFrom", "2027-01-01T00:00:00Z", Verdict::NotYetValid, &[NOT_STARTED]),
        with("expired", "validUntil", "2026-11-21T00:00:00Z", Verdict::Expired, &[ENDED]),
        with("expired in another zone", "validUntil", "2026-11-22T01:00:00+02:00", Verdict::Expired, &[ENDED]),
        with(
            "an end without offset",
            "validUntil",
            "2027-11-22T01:00:00",
            Verdict::CouldNotCheck,
            &[SCHEMA_FAULT, DATE_UNREADABLE],
        ),
    ]
}

/// What the badge says of its own status.
fn entries() -> Vec<Mutant> {
    let with = |name: &str, codes: &[&'static str], change: &dyn Fn(&mut Value)| {
        let text = signed(|badge| change(&mut badge["credentialStatus"]));
        Mutant::of(format!("a status entry {name}"), text, Verdict::CouldNotCheck, codes)
    };
    vec![
        with("without a place", &[STATUS_ENTRY_MALFORMED, SCHEMA_FAULT], &|status| {
            status.as_object_mut().expect("an entry").shift_remove("statusListIndex");
        }),
        with("with a negative place", &[STATUS_ENTRY_MALFORMED, SCHEMA_FAULT], &|status| {
            status["statusListIndex"] = json!("-1");
        }),
        with("with a place in words", &[STATUS_ENTRY_MALFORMED, SCHEMA_FAULT], &|status| {
            status["statusListIndex"] = json!("douze");
        }),
        with("beyond the list", &[STATUS_RANGE], &|status| status["statusListIndex"] = json!("131072")),
        with("of several bits", &[STATUS_KIND_NOT_READ], &|status| status["statusSize"] = json!(2)),
    ]
}

/// The list itself.
fn lists() -> Vec<Mutant> {
    let base = World::new();
    let text = base.signed();
    let list = base.list(|_| {});
    let mut all = Vec::new();
    let mut brought = |name: &str, verdict: Verdict, code: &'static str, answer: Result<String, Unanswered>| {
        let mut world = World::new();
        if let Err(why) = answer {
            world.fails(status(), why);
        } else {
            world.answers.insert(status(), answer);
        }
        all.push(Mutant::of(format!("a list {name}"), &text, verdict, [code]).within(world));
    };
    let doubt = Verdict::CouldNotCheck;
    let sign = |change: &dyn Fn(&mut Value)| {
        let mut list = list.clone();
        change(&mut list);
        Ok(base.org.sign(&list).to_string())
    };
    let set = base.list(|bits| bits.set(INDEX as usize, true).expect("a place"));
    brought("that withdraws the badge", Verdict::Withdrawn, STATUS_SET, Ok(base.org.sign(&set).to_string()));
    let withdrawn = base.org.sign(&set);
    let mut cleared = withdrawn.clone();
    cleared["credentialSubject"]["encodedList"] = list["credentialSubject"]["encodedList"].clone();
    brought("whose bits were cleared", doubt, STATUS_NOT_PROVEN, Ok(cleared.to_string()));
    brought("without a proof", doubt, STATUS_NOT_PROVEN, Ok(list.to_string()));
    brought("signed by another key", doubt, STATUS_NOT_PROVEN, Ok(Party::new(ORG, 8).sign(&list).to_string()));
    brought("of another issuer", doubt, STATUS_NOT_ISSUERS, sign(&|list| list["issuer"] = json!(REGION)));
    brought(
        "of another address",
        doubt,
        STATUS_NOT_ISSUERS,
        sign(&|list| list["id"] = json!("https://livret.example/o/7h2k9qx4/status/9")),
    );
    brought(
        "for suspension",
        doubt,
        STATUS_PURPOSE,
        sign(&|list| list["credentialSubject"]["statusPurpose"] = json!("suspension")),
    );
    brought("of next year", doubt, STATUS_OUT_OF_DATE, sign(&|list| list["validFrom"] = json!("2027-01-01T00:00:00Z")));
    brought(
        "of last year",
        doubt,
        STATUS_OUT_OF_DATE,
        sign(&|list| list["validUntil"] = json!("2026-01-01T00:00:00Z")),
    );
    brought(
        "that is not gzip",
        doubt,
        STATUS_UNREADABLE,
        sign(&|list| list["credentialSubject"]["encodedList"] = json!("uAAAA")),
    );
    brought(
        "without its u",
        doubt,
        STATUS_UNREADABLE,
        sign(&|list| list["credentialSubject"]["encodedList"] = json!("H4sIAAAA")),
    );
    brought("of another kind", doubt, STATUS_UNREADABLE, sign(&|list| list["type"] = json!(["VerifiableCredential"])));
    brought(
        "that is short",
        doubt,
        STATUS_LENGTH,
        sign(&|list| list["credentialSubject"]["encodedList"] = json!(SHORT)),
    );
    brought("that is a page", doubt, STATUS_UNREADABLE, Ok("<!doctype html>".to_owned()));
    brought("that is the badge", doubt, STATUS_UNREADABLE, Ok(text.to_string()));
    for why in [Unanswered::NotFound, Unanswered::TimedOut, Unanswered::ServerError, Unanswered::Forbidden] {
        brought(&format!("that did not come: {}", why.code()), doubt, STATUS_UNANSWERED, Err(why));
    }
    all
}

/// Its name, the code it must have, and what it does to the register's entry.
type EntryChange = (&'static str, &'static str, fn(&mut Entry));

fn registers() -> Vec<Mutant> {
    let base = World::new();
    let text = base.signed();
    let mut all = Vec::new();
    let entries: [EntryChange; 8] = [
        ("without the issuer", ISSUER_NOT_IN_REGISTER, |entry| {
            "did:web:livret.example:o:other".clone_into(&mut entry.did);
        }),
        ("in which it ended", HABILITATION_ENDED, |entry| entry.until = Some(SIGNED)),
        ("in which it had not begun", BEFORE_HABILITATION, |entry| entry.from = SIGNED + Duration::SECOND),
        ("without its key", KEY_NOT_IN_REGISTER, |entry| entry.keys.clear()),
        ("in which the key had ended", KEY_NOT_IN_REGISTER, |entry| entry.keys[0].until = Some(SIGNED)),
        ("in which the key had not begun", KEY_NOT_IN_REGISTER, |entry| entry.keys[0].from = SIGNED + Duration::SECOND),
        ("for another family", OUTSIDE_HABILITATION, |entry| entry.families = vec![Family::Numerique]),
        ("for nothing", OUTSIDE_HABILITATION, |entry| entry.families.clear()),
    ];
    for (name, code, change) in entries {
        let mut world = World::new();
        let register = world.region.sign(&world.register(change));
        world.says(Need::Register, &register);
        all.push(Mutant::of(format!("a register {name}"), &text, Verdict::UnknownIssuer, [code]).within(world));
    }
    let register = base.register(|_| {});
    let mut touched = base.region.sign(&register);
    touched["credentialSubject"]["habilitation"][0]["organisationName"] = json!("Un autre organisme");
    let answers: [(&str, &'static str, Result<String, Unanswered>); 5] = [
        ("without a proof", REGISTER_NOT_PROVEN, Ok(register.to_string())),
        ("signed by the organisation", REGISTER_NOT_PROVEN, Ok(base.org.sign(&register).to_string())),
        ("that is a page", REGISTER_UNREADABLE, Ok("<!doctype html>".to_owned())),
        ("that did not come", REGISTER_UNANSWERED, Err(Unanswered::TimedOut)),
        ("changed after signing", REGISTER_NOT_PROVEN, Ok(touched.to_string())),
    ];
    for (name, code, answer) in answers {
        let mut world = World::new();
        world.answers.insert(Need::Register, answer);
        all.push(Mutant::of(format!("a register {name}"), &text, Verdict::CouldNotCheck, [code]).within(world));
    }
    all
}
