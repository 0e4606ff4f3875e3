//! Our rules beside the official JSON Schemas: whatever they refuse, we refuse; where we refuse more, the rule has a
//! name here.
//!
//! The schemas and examples are read from the project's shared standards (`../shared/standards` beside the workspace,
//! or the folder in `LIVRET_SHARED`). In CI (`CI` set) they must be there; elsewhere a test says that it could not look.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use badge_schemas::clr::{self, Association, AssociationType, ClrFacts, Held, Learner};
use badge_schemas::credential::{IssuerFacts, SchemaFault, StatusFacts, validate, validate_canonical};
use badge_schemas::endorsement::{self, Endorsed, Endorsement, EndorsementFacts};
use jsonschema::Validator;
use serde_json::{Value, json};
use time::macros::datetime;

/// Rules of ours that the official schemas do not have, and where they come from.
const STRICTER: &[(&str, &str)] = &[
    (
        "association_dangles",
        "CLR 2.0, Association: both ends are achievements of the record; no schema compares members",
    ),
    ("context_version_differs", "JSON-LD 1.1 §4.1.11: protected terms are not redefined"),
    ("context_not_vc_2", "§B.1.2: the schema takes a bare context of any kind, the standard two in order"),
    ("criteria_say_nothing", "§B.1.6 and the official validator; the schema takes {}"),
    ("empty_array", "§A.1: empty arrays are omitted"),
    ("identity_hash", "§B.1.12: IdentityHash is an algorithm and its digits"),
    ("level_of_another_result", "§B.1.16: achievedLevel is a level of the linked description"),
    ("missing_member", "1EdTech Revocation List 1.0 §2.1: its entry has an id"),
    ("no_recipient", "§B.1.3: id or identifier, which the schema does not ask for"),
    ("not_absolute_iri", "VC 2.0 §4.4: ids are URLs; the schema takes any text"),
    ("not_an_array", "§B.1.2: @context is an ordered set; the schema takes one context bare"),
    ("not_in_vocabulary", "the pattern of extension terms is not anchored in the schema"),
    ("not_text", "language maps pass the schema and lose their text in JSON-LD"),
    ("not_an_object", "the same: an object of texts by language where a Profile is meant"),
    ("null_value", "§A.1: nulls are omitted, also in members that the schema does not know"),
    ("result_of_another_achievement", "§B.1.16: resultDescription is one of the achievement's"),
    ("result_without_status", "§B.1.16: status is required for a description of type Status"),
    ("schema_not_of_the_standard", "§B.1.21: one schema is the standard's own"),
    ("status_id_is_the_list", "Bitstring Status List 1.0 §2.1"),
    ("status_index", "Bitstring Status List 1.0 §2.1"),
    ("status_list", "Bitstring Status List 1.0 §2.1"),
    ("status_without_purpose", "Bitstring Status List 1.0 §2.1"),
    ("wrong_type", "§B.1: type contains the class; the schema does not look at a bare one"),
];

const OB: &str = "ob/ob_v3p0_achievementcredential_schema.json";
const ENDORSEMENT: &str = "ob/ob_v3p0_endorsementcredential_schema.json";
const CLR: &str = "clr/clr_v2p0_clrcredential_schema.json";
const CANONICAL: &str = "ob-canonical-2025-03/achievementcredential.json";
const CANONICAL_ENDORSEMENT: &str = "ob-canonical-2025-03/endorsementcredential.json";

fn standard(path: &str) -> Option<Value> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared");
    let shared = std::env::var_os("LIVRET_SHARED").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    let text = std::fs::read_to_string(shared.join("standards/ob3-data").join(path)).ok();
    assert!(text.is_some() || std::env::var_os("CI").is_none(), "the official file {path} is missing, and this is CI");
    if text.is_none() {
        println!("NOT COMPARED: the official file {path} is not here (set LIVRET_SHARED)");
    }
    text.map(|text| serde_json::from_str(&text).unwrap())
}

fn schema(path: &str) -> Option<Validator> {
    let schema = standard(&format!("schemas/{path}"))?;
    Some(jsonschema::options().should_validate_formats(true).build(&schema).unwrap())
}

fn example(name: &str) -> Value {
    standard(&format!("examples/ob-spec/{name}.json")).unwrap()
}

fn specimen() -> Value {
    serde_json::from_str(include_str!("data/badge.json")).unwrap()
}

fn region() -> IssuerFacts {
    IssuerFacts {
        did: "did:web:livret.example:o:r4m8t2wz".into(),
        name: "Région Normandie".into(),
        url: "https://livret.example/o/r4m8t2wz".into(),
    }
}

fn our_endorsement(of: &str) -> Value {
    let region = region();
    let facts = EndorsementFacts {
        id: "urn:uuid:0b9f4a52-3c1d-4f0e-8e55-6a7d2b91c3aa",
        endorser: &region,
        name: "Reconnaissance",
        endorsed: of,
        comment: Some("Conforme."),
        valid_from: datetime!(2026-11-20 14:05:09 UTC),
        valid_until: Some(datetime!(2029-11-20 14:05:09 UTC)),
        status: Some(StatusFacts { list_url: "https://livret.example/o/r4m8t2wz/status/1", index: 7 }),
    };
    assert_eq!(facts.faults(), []);
    endorsement::compose(&facts)
}

/// A badge of ours with an endorsement inside.
fn endorsed() -> Value {
    let mut badge = specimen();
    badge.as_object_mut().unwrap().shift_remove("proof");
    let mut endorsement = our_endorsement(badge["id"].as_str().unwrap());
    endorsement["proof"] = json!([{"type": "DataIntegrityProof", "created": "2026-11-20T14:05:09Z"}]);
    endorsement::attach(&mut badge, Endorsed::Credential, Endorsement::Embedded(endorsement)).unwrap();
    endorsement::attach(&mut badge, Endorsed::Issuer, Endorsement::Jwt("e30.e30.c2ln".into())).unwrap();
    badge
}

fn our_clr() -> Value {
    let (badge, region) = (specimen(), region());
    let id = badge["credentialSubject"]["achievement"]["id"].as_str().unwrap();
    let programme = json!({
        "id": "urn:uuid:dd887f0a-56cb-41ec-bf63-0242ac130002", "type": ["Achievement"], "name": "Parcours",
        "description": "Parcours", "criteria": {"narrative": "Tous les badges"},
    });
    let target = programme["id"].as_str().unwrap();
    let facts = ClrFacts {
        id: "urn:uuid:0b9f4a52-3c1d-4f0e-8e55-6a7d2b91c3aa",
        name: "Livret de compétences",
        description: Some("Choisi par Inès."),
        publisher: &region,
        valid_from: datetime!(2026-11-22 10:00 UTC),
        learner: Learner::Named("Inès Duval", None),
        badges: &[Held::Json(&badge)],
        achievements: std::slice::from_ref(&programme),
        associations: &[Association { kind: AssociationType::IsPartOf, source: id, target }],
    };
    clr::compose(&facts).unwrap().clr
}

/// Every place of a document but inside `@context`, which is no class of the standard.
fn places(value: &Value, path: &str, all: &mut Vec<String>) {
    let step = |name: &str| format!("{path}/{}", name.replace('~', "~0").replace('/', "~1"));
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                all.push(step(name));
                if name != "@context" {
                    places(member, &step(name), all);
                }
            }
        }
        Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                all.push(step(&i.to_string()));
                places(item, &step(&i.to_string()), all);
            }
        }
        _ => {}
    }
}

/// The document with one thing made wrong (or, at times, another thing right), in every way at every place.
fn mutants(document: &Value) -> Vec<(String, Value)> {
    let mut all = Vec::new();
    places(document, "", &mut all);
    let mut mutants = Vec::new();
    for place in all {
        let old = document.pointer(&place).unwrap();
        let mut values = vec![
            json!(null),
            json!(7),
            json!(true),
            json!("text"),
            json!("2026-01-01"),
            json!({}),
            json!({"fr": "texte"}),
            json!([]),
            json!([7]),
            json!([old, old]),
            json!({"type": [], "id": 3}),
        ];
        match old {
            Value::Array(items) => values.extend(items.first().cloned()),
            one => values.push(json!([one])),
        }
        let (parent, name) = place.rsplit_once('/').unwrap();
        let mut without = document.clone();
        match without.pointer_mut(parent).unwrap() {
            Value::Object(members) => drop(members.shift_remove(&name.replace("~1", "/").replace("~0", "~"))),
            Value::Array(items) => drop(items.remove(name.parse().unwrap())),
            _ => unreachable!("places are in objects and arrays"),
        }
        mutants.push((format!("{place} dropped"), without));
        for value in values {
            let mut changed = document.clone();
            let label = format!("{place} = {}", value.to_string().chars().take(60).collect::<String>());
            *changed.pointer_mut(&place).unwrap() = value;
            mutants.push((label, changed));
        }
        // A member of nobody's.
        if old.is_object() {
            let mut more = document.clone();
            more.pointer_mut(&place).unwrap()["unheardOf"] = json!("text");
            mutants.push((format!("{place} with one member more"), more));
        }
    }
    mutants
}

#[derive(Default)]
struct Tally {
    mutants: usize,
    refused_by_schema: usize,
    looser: Vec<String>,
    stricter: BTreeMap<&'static str, usize>,
    unnamed: Vec<String>,
}

impl Tally {
    fn compare(&mut self, label: &str, document: &Value, schema: &Validator, ours: fn(&Value) -> Vec<SchemaFault>) {
        let (passes, faults) = (schema.is_valid(document), ours(document));
        self.mutants += 1;
        self.refused_by_schema += usize::from(!passes);
        if !passes && faults.is_empty() {
            let why = schema.iter_errors(document).next().map(|e| format!("{}", e.instance_path())).unwrap_or_default();
            self.looser.push(format!("{label} ({why})"));
        }
        // What no longer says its class is judged as a badge: one fault names that, the others follow from it.
        let classless = faults.iter().any(|f| f.path == "/type" && matches!(f.code, "wrong_type" | "not_text"));
        if passes && !classless {
            for fault in faults {
                *self.stricter.entry(fault.code).or_default() += 1;
                if !STRICTER.iter().any(|(code, _)| *code == fault.code) {
                    self.unnamed.push(format!("{label}: {fault}"));
                }
            }
        }
    }

    fn close(self, least: usize) {
        println!(
            "{} mutants, {} refused by the schema; stricter: {:?}",
            self.mutants, self.refused_by_schema, self.stricter
        );
        assert_eq!(self.looser, Vec::<String>::new(), "the schema refuses what we take");
        assert_eq!(self.unnamed, Vec::<String>::new(), "we refuse more, by a rule without a name here");
        assert!(self.mutants >= least, "{} mutants", self.mutants);
    }
}

/// Every official example, and everything we compose, by both.
#[test]
fn official_examples_and_our_own_documents_pass_both() {
    let (Some(ob), Some(endorsement), Some(clr)) = (schema(OB), schema(ENDORSEMENT), schema(CLR)) else { return };
    let vector = |name: &str| standard(&format!("vectors/ob-clr-official/{name}.json")).unwrap();
    let badges = [
        ("ob3-signed", vector("ob3-signed")),
        ("specimen", specimen()),
        ("endorsed", endorsed()),
        ("basic", example("basicOpenBadgeCredential")),
        ("full", example("fullOpenBadge")),
        ("case", example("skillAssertionCase")),
        ("ctdl", example("skillAssertionCtdl")),
    ];
    for (name, badge) in badges {
        assert_eq!((ob.is_valid(&badge), validate(&badge)), (true, vec![]), "{name}");
    }
    for (name, one) in [("official", example("endorsement")), ("ours", our_endorsement("urn:a:b"))] {
        assert_eq!((endorsement.is_valid(&one), validate(&one)), (true, vec![]), "{name}");
    }
    for (name, one) in [("official", vector("clr2-signed")), ("ours", our_clr())] {
        assert_eq!((clr.is_valid(&one), validate(&one)), (true, vec![]), "{name}");
    }
}

/// The remaining examples of the standard are parts of badges or illustrate other points: both refuse the same ones.
#[test]
fn official_fragments_are_judged_alike() {
    let Some(ob) = schema(OB) else { return };
    for name in [
        "achievementAlignmentCase",
        "achievementAlignmentCe",
        "docformat",
        "equality-and-comparison",
        "equality-and-comparison-1",
        "equality-and-comparison-2",
        "equality-and-comparison-3",
        "recommended-practices",
        "recommended-practices-4",
        "recommended-practices-5",
        "recommended-practices-6",
        "recommended-practices-7",
    ] {
        let document = example(name);
        let faults = validate(&document);
        if ob.is_valid(&document) {
            let unnamed: Vec<_> = faults.iter().filter(|f| !STRICTER.iter().any(|(c, _)| *c == f.code)).collect();
            assert_eq!(unnamed, Vec::<&SchemaFault>::new(), "{name}");
        } else {
            assert_ne!(faults, [], "{name}");
        }
    }
}

#[test]
fn mutants_of_badges_are_refused_at_least_where_the_schema_refuses() {
    let Some(schema) = schema(OB) else { return };
    let mut tally = Tally::default();
    for document in [specimen(), endorsed(), example("fullOpenBadge")] {
        for (label, mutant) in mutants(&document) {
            tally.compare(&label, &mutant, &schema, validate);
        }
    }
    tally.close(150);
}

#[test]
fn mutants_of_endorsements_are_refused_at_least_where_the_schema_refuses() {
    let Some(schema) = schema(ENDORSEMENT) else { return };
    let mut tally = Tally::default();
    for document in [example("endorsement"), our_endorsement("urn:a:b")] {
        for (label, mutant) in mutants(&document) {
            // What no longer says it is an endorsement is judged as a badge, and refused as one.
            tally.compare(&label, &mutant, &schema, validate);
        }
    }
    tally.close(150);
}

#[test]
fn mutants_of_records_are_refused_at_least_where_the_schema_refuses() {
    let Some(schema) = schema(CLR) else { return };
    let mut tally = Tally::default();
    for (label, mutant) in mutants(&our_clr()) {
        // The schema of the record takes any credential inside; ours judges badges as badges.
        if label.starts_with("/credentialSubject/verifiableCredential/0/") {
            let (passes, faults) = (schema.is_valid(&mutant), validate(&mutant));
            assert!(passes || !faults.is_empty(), "{label}");
        } else {
            tally.compare(&label, &mutant, &schema, validate);
        }
    }
    tally.close(150);
}

/// The form an issuer writes (schemas of March 2025, arrays only). A proof, a schema and a type may be bare (§A.2.1),
/// as they are in our signed badges; nothing else.
#[test]
fn what_we_write_passes_the_canonical_schema_but_for_what_compaction_may_leave_bare() {
    let (Some(ob), Some(endorsement)) = (schema(CANONICAL), schema(CANONICAL_ENDORSEMENT)) else { return };
    assert!(ob.is_valid(&endorsed()), "{:?}", ob.iter_errors(&endorsed()).map(|e| e.to_string()).collect::<Vec<_>>());
    assert!(endorsement.is_valid(&our_endorsement("urn:a:b")));
    let bare: BTreeSet<&str> = ["type", "proof", "credentialSchema", "termsOfUse"].into();
    let mut looser = Vec::new();
    for (label, mutant) in mutants(&endorsed()) {
        let member = label.split(" = ").next().unwrap().rsplit('/').next().unwrap();
        if !ob.is_valid(&mutant) && validate_canonical(&mutant).is_empty() && !bare.contains(member) {
            looser.push(label);
        }
    }
    assert_eq!(looser, Vec::<String>::new());
}
