//! CLR 2.0: the record, the badges in it, and how their achievements are said to relate.

use checks::Unanswered;
use checks::Verdict;
use checks::codes::{
    CONTEXT_ORDER, CONTROLLER_NOT_ISSUER, EMBEDDED_AMISS, EMBEDDED_OTHER_PERSON, EMBEDDED_UNCHECKED, ENDED,
    ISSUER_NOT_IN_REGISTER, JSON_LD_FAULT, KEY_NOT_LISTED, NOT_STARTED, PROOF_MISSING, PROOF_PURPOSE, SCHEMA_FAULT,
    SIGNATURE_MISMATCH, STATUS_SET, STATUS_UNANSWERED, TYPE_MISSING,
};
use serde_json::{Value, json};

use crate::sealing::sign_or_move;
use crate::world::{INDEX, ORG, Party, REGION, World, did, status};
use crate::{Mutant, at, remove};

pub(crate) fn mutants() -> Vec<Mutant> {
    let mut all = changed();
    all.extend(written());
    all.extend(embedded());
    all.extend(around());
    all
}

/// The record of these badges, unsigned.
pub(crate) fn record(badges: &Value) -> Value {
    let achievement = World::new().badge(|_| {})["credentialSubject"]["achievement"]["id"].clone();
    json!({
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
            "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
        ],
        "id": "urn:uuid:6f0c2c1e-7d0b-4b83-9a1f-2f6a1c0e9d47",
        "type": ["VerifiableCredential", "ClrCredential"],
        "name": "Livret",
        "partial": true,
        "issuer": { "id": ORG, "type": ["Profile"], "name": "Estuaire" },
        "validFrom": "2026-11-20T15:00:00Z",
        "credentialSubject": {
            "type": ["ClrSubject"],
            "identifier": [{ "type": "IdentityObject", "hashed": false, "identityHash": "Inès Duval", "identityType": "name" }],
            "verifiableCredential": badges,
            "achievement": [{
                "id": "urn:uuid:8f0c2c1e-7d0b-4b83-9a1f-2f6a1c0e9d47", "type": ["Achievement"], "name": "Parcours cuisine",
                "description": "Un parcours.", "criteria": { "narrative": "Suivre le parcours." },
            }],
            "association": [{
                "type": "Association", "associationType": "isPartOf", "sourceId": achievement,
                "targetId": "urn:uuid:8f0c2c1e-7d0b-4b83-9a1f-2f6a1c0e9d47",
            }],
        },
    })
}

fn signed(change: impl FnOnce(&mut Value)) -> Value {
    let world = World::new();
    let good = record(&json!([world.signed()]));
    let mut record = good.clone();
    change(&mut record);
    sign_or_move(&world.org, &record, &world.org.sign(&good))
}

const BADGE: &str = "/credentialSubject/verifiableCredential/0";

/// Changed after signing: nothing of it is shown.
fn changed() -> Vec<Mutant> {
    let good = signed(|_| {});
    let mut all = vec![Mutant::of("a record as it was signed (a control)", &good, Verdict::Authentic, [])];
    for (pointer, new) in [
        ("/name", json!("Livret complet")),
        ("/partial", json!(false)),
        ("/validFrom", json!("2026-11-20T15:00:01Z")),
        ("/issuer/name", json!("Région Normandie")),
        ("/credentialSubject/identifier/0/identityHash", json!("Paul Martin")),
        ("/credentialSubject/association/0/associationType", json!("exactMatchOf")),
        ("/credentialSubject/achievement/0/name", json!("Master")),
        ("/credentialSubject/verifiableCredential/0/name", json!("Autre")),
        ("/credentialSubject/verifiableCredential/0/credentialSubject/achievement/name", json!("Autre")),
        ("/credentialSubject/verifiableCredential/0/proof/created", json!("2026-11-20T14:05:08Z")),
    ] {
        let mut mutant = good.clone();
        *at(&mut mutant, pointer) = new;
        all.push(Mutant::of(format!("a record changed at {pointer}"), mutant, Verdict::Altered, [SIGNATURE_MISMATCH]));
    }
    for pointer in [
        "/partial",
        "/credentialSubject/association",
        "/credentialSubject/verifiableCredential/0/proof",
        "/credentialSubject/verifiableCredential/0/evidence",
    ] {
        let mut mutant = good.clone();
        remove(&mut mutant, pointer);
        all.push(Mutant::of(format!("a record without {pointer}"), mutant, Verdict::Altered, [SIGNATURE_MISMATCH]));
    }
    let mut more = good.clone();
    let world = World::new();
    let other = world.org.sign(
        &world.badge(|badge| badge["id"] = json!("https://livret.example/badges/0b9f4a52-3c1d-4f0e-8e55-6a7d2b91c3aa")),
    );
    more["credentialSubject"]["verifiableCredential"].as_array_mut().expect("badges").push(other);
    all.push(Mutant::of("a record to which a badge was added", more, Verdict::Altered, [SIGNATURE_MISMATCH]));
    let mut moved = good;
    moved["issuer"]["id"] = json!(REGION);
    all.push(Mutant::of("a record given to the Région", moved, Verdict::Altered, [CONTROLLER_NOT_ISSUER]));
    all
}

/// Signed as it stands, against the standard.
fn written() -> Vec<Mutant> {
    let doubt = |name: &str, change: &dyn Fn(&mut Value)| {
        Mutant::of(format!("a record {name}"), signed(change), Verdict::CouldNotCheck, [SCHEMA_FAULT])
    };
    let refused = |name: &str, code: &'static str, change: &dyn Fn(&mut Value)| {
        let mut record = signed(|_| {});
        change(&mut record);
        Mutant::of(format!("a record {name}"), record, Verdict::Altered, [code])
    };
    let misfit = |name: &str, verdict: Verdict, codes: &[&'static str], change: &dyn Fn(&mut Value)| {
        let mut record = signed(|_| {});
        change(&mut record);
        Mutant::of(format!("a record {name}"), record, verdict, [codes, &[SCHEMA_FAULT]].concat())
    };
    let mut all = vec![
        doubt("without a name", &|record| remove(record, "/name")),
        doubt("without recipient", &|record| remove(record, "/credentialSubject/identifier")),
        doubt("without badges", &|record| {
            remove(record, "/credentialSubject/verifiableCredential");
            remove(record, "/credentialSubject/association");
        }),
        Mutant::of(
            "a record of no badges",
            signed(|record| {
                record["credentialSubject"]["verifiableCredential"] = json!([]);
                remove(record, "/credentialSubject/association");
            }),
            Verdict::Altered,
            [SCHEMA_FAULT, JSON_LD_FAULT],
        ),
        doubt("associating an achievement that is not there", &|record| {
            record["credentialSubject"]["association"][0]["targetId"] =
                json!("urn:uuid:00000000-7d0b-4b83-9a1f-2f6a1c0e9d47");
        }),
        doubt("associating from an achievement that is not there", &|record| {
            record["credentialSubject"]["association"][0]["sourceId"] =
                json!("urn:uuid:00000000-7d0b-4b83-9a1f-2f6a1c0e9d47");
        }),
        doubt("associating to nothing", &|record| remove(record, "/credentialSubject/association/0/targetId")),
        doubt("associating in an unknown way", &|record| {
            record["credentialSubject"]["association"][0]["associationType"] = json!("isBetterThan");
        }),
        doubt("whose achievement has no criteria", &|record| {
            remove(record, "/credentialSubject/achievement/0/criteria");
        }),
        doubt("whose partiality is a word", &|record| record["partial"] = json!("yes")),
        Mutant::of(
            "a record that ends before it begins",
            signed(|record| record["validUntil"] = json!("2026-11-20T14:59:00Z")),
            Verdict::Expired,
            [SCHEMA_FAULT, ENDED],
        ),
        refused("of no type", TYPE_MISSING, &|record| record["type"] = json!(["VerifiableCredential"])),
        misfit("that is no credential", Verdict::Altered, &[TYPE_MISSING, JSON_LD_FAULT], &|record| {
            record["type"] = json!(["ClrCredential"]);
        }),
        // The same words in another order: whole as it was signed.
        misfit("whose contexts are swapped", Verdict::CouldNotCheck, &[CONTEXT_ORDER], &|record| {
            record["@context"].as_array_mut().expect("contexts").swap(1, 2);
        }),
        misfit("without the context of records", Verdict::Altered, &[CONTEXT_ORDER, JSON_LD_FAULT], &|record| {
            record["@context"].as_array_mut().expect("contexts").remove(1);
        }),
        refused("with a member that means nothing", JSON_LD_FAULT, &|record| record["average"] = json!(15)),
        refused("signed for entering", PROOF_PURPOSE, &|record| {
            record["proof"]["proofPurpose"] = json!("authentication");
        }),
        refused("without proof", PROOF_MISSING, &|record| remove(record, "/proof")),
    ];
    // C19: a token cannot stand among objects. C18: nor can a badge whose contexts are of another version.
    let mut token = signed(|_| {});
    token["credentialSubject"]["verifiableCredential"] = json!(["eyJhbGciOiJFUzI1NiJ9.e30.AAAA"]);
    remove(&mut token, "/credentialSubject/association");
    all.push(Mutant::of("a record of a token", token, Verdict::Altered, [SCHEMA_FAULT, SIGNATURE_MISMATCH]));
    let mut older = signed(|_| {});
    at(&mut older, BADGE)["@context"][1] = json!("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json");
    all.push(Mutant::of(
        "a record of a badge of other contexts",
        older,
        Verdict::Altered,
        [SCHEMA_FAULT, JSON_LD_FAULT],
    ));
    all
}

/// What is amiss with a badge inside never speaks against the record.
fn embedded() -> Vec<Mutant> {
    let world = World::new();
    let of = |name: &str, badge: &Value, codes: &[&'static str]| {
        let record = world.org.sign(&record(&json!([badge])));
        Mutant::of(format!("a record of a badge {name}"), record, Verdict::Authentic, codes)
    };
    let changed = |name: &str, change: &dyn Fn(&mut Value)| {
        let mut badge = world.signed();
        change(&mut badge);
        of(name, &badge, &[EMBEDDED_AMISS, SIGNATURE_MISMATCH])
    };
    let badge = |change: &dyn Fn(&mut Value)| world.org.sign(&world.badge(change));
    let forged = Party::new(ORG, 8).sign(&world.badge(|_| {}));
    let mut all = vec![
        changed("whose name was changed", &|badge| badge["name"] = json!("Autre")),
        changed("whose evidence was changed", &|badge| badge["evidence"][0]["narrative"] = json!("Trois mille.")),
        changed("whose status was taken away", &|badge| remove(badge, "/credentialStatus")),
        of("without proof", &world.badge(|_| {}), &[EMBEDDED_AMISS, PROOF_MISSING]),
        of("signed by a key that is not listed", &forged, &[EMBEDDED_AMISS, KEY_NOT_LISTED]),
        of(
            "signed by somebody else",
            &world.region.sign(&world.badge(|_| {})),
            &[EMBEDDED_AMISS, CONTROLLER_NOT_ISSUER],
        ),
        of(
            "that has ended",
            &badge(&|badge| badge["validUntil"] = json!("2026-11-21T00:00:00Z")),
            &[EMBEDDED_AMISS, ENDED],
        ),
        of(
            "that has not begun",
            &badge(&|badge| badge["validFrom"] = json!("2027-01-01T00:00:00Z")),
            &[EMBEDDED_AMISS, NOT_STARTED],
        ),
        of(
            "for another person",
            &badge(&|badge| {
                *at(badge, "/credentialSubject/identifier/0/identityHash") = json!("Paul Martin");
            }),
            &[EMBEDDED_OTHER_PERSON],
        ),
        of(
            "for the same person, written otherwise (a control)",
            &badge(&|badge| {
                *at(badge, "/credentialSubject/identifier/0/identityHash") = json!("INÈS  DUVAL");
            }),
            &[],
        ),
    ];
    // A badge against the standard is a record against it too.
    let without = |name: &str, pointer: &str| {
        let unsigned = world.badge(|badge| remove(badge, pointer));
        let mut record = record(&json!([world.org.sign(&unsigned)]));
        remove(&mut record, "/credentialSubject/association");
        let codes = [SCHEMA_FAULT, EMBEDDED_UNCHECKED];
        Mutant::of(
            format!("a record of a badge without {name}"),
            world.org.sign(&record),
            Verdict::CouldNotCheck,
            codes,
        )
    };
    all.push(without("criteria", "/credentialSubject/achievement/criteria"));
    all.push(without("the achievement's name", "/credentialSubject/achievement/name"));
    let mut none = world.badge(|badge| remove(badge, "/credentialSubject/achievement"));
    remove(&mut none, "/evidence");
    let mut record_of_none = record(&json!([world.org.sign(&none)]));
    remove(&mut record_of_none, "/credentialSubject/association");
    all.push(Mutant::of(
        "a record of a badge without achievement",
        world.org.sign(&record_of_none),
        Verdict::CouldNotCheck,
        [SCHEMA_FAULT, EMBEDDED_AMISS, checks::codes::OUTSIDE_HABILITATION],
    ));
    // One good, one bad: both are told apart.
    let mut bad =
        world.badge(|badge| badge["id"] = json!("https://livret.example/badges/0b9f4a52-3c1d-4f0e-8e55-6a7d2b91c3aa"));
    bad["proof"] = world.signed()["proof"].clone();
    let both = world.org.sign(&record(&json!([world.signed(), bad])));
    all.push(Mutant::of(
        "a record of a good badge and a bad one",
        both,
        Verdict::Authentic,
        [EMBEDDED_AMISS, SIGNATURE_MISMATCH],
    ));
    all
}

/// The world changed around the record.
fn around() -> Vec<Mutant> {
    let text = signed(|_| {});
    let mut withdrawn = World::new();
    let list = withdrawn.list(|bits| bits.set(INDEX as usize, true).expect("a place"));
    withdrawn.says(status(), &withdrawn.org.sign(&list));
    let mut silent = World::new();
    silent.fails(status(), Unanswered::TimedOut);
    let mut all = vec![
        Mutant::of("a record of a withdrawn badge", &text, Verdict::Authentic, [EMBEDDED_AMISS, STATUS_SET])
            .within(withdrawn),
        Mutant::of(
            "a record of a badge whose list is silent",
            &text,
            Verdict::Authentic,
            [EMBEDDED_UNCHECKED, STATUS_UNANSWERED],
        )
        .within(silent),
    ];
    // A badge of an organisation that the register does not know.
    let stranger = Party::new("did:web:stranger.example", 11);
    let mut world = World::new();
    world.says(did(stranger.did), &stranger.document());
    let badge = stranger.sign(&world.badge(|badge| {
        badge["issuer"]["id"] = json!(stranger.did);
        remove(badge, "/credentialStatus");
    }));
    let record = world.org.sign(&record(&json!([badge])));
    all.push(
        Mutant::of(
            "a record of a stranger's badge",
            record,
            Verdict::Authentic,
            [EMBEDDED_AMISS, ISSUER_NOT_IN_REGISTER],
        )
        .within(world),
    );
    // The record's own publisher is unknown: its badges are judged all the same.
    let mut world = World::new();
    world.says(did(stranger.did), &stranger.document());
    let mut own = self::record(&json!([world.signed()]));
    own["issuer"]["id"] = json!(stranger.did);
    let own = stranger.sign(&own);
    all.push(Mutant::of("a stranger's record", own, Verdict::UnknownIssuer, [ISSUER_NOT_IN_REGISTER]).within(world));
    let record = signed(|record| record["validUntil"] = json!("2026-11-21T00:00:00Z"));
    all.push(Mutant::of("a record that has ended", record, Verdict::Expired, [ENDED]));
    all
}
