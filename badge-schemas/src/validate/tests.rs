//! One named test per rule: the specimen, with one thing made wrong.

use std::path::PathBuf;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

const ACHIEVEMENT: &str = "/credentialSubject/achievement";

fn specimen() -> Value {
    serde_json::from_str(include_str!("../../tests/data/badge.json")).unwrap()
}

/// The faults of the specimen after one change.
fn with(change: impl FnOnce(&mut Value)) -> Vec<(&'static str, String)> {
    let mut badge = specimen();
    change(&mut badge);
    validate(&badge).into_iter().map(|f| (f.code, f.path)).collect()
}

fn set(path: &str, value: Value) -> Vec<(&'static str, String)> {
    with(|badge| {
        let (parent, name) = path.rsplit_once('/').unwrap();
        let parent = badge.pointer_mut(parent).unwrap();
        match name.parse::<usize>() {
            Ok(place) => parent[place] = value,
            Err(_) => parent[name] = value,
        }
    })
}

fn remove(path: &str) -> Vec<(&'static str, String)> {
    with(|badge| {
        let (parent, name) = path.rsplit_once('/').unwrap();
        badge.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(name).unwrap();
    })
}

fn one(code: &'static str, path: &str) -> Vec<(&'static str, String)> {
    vec![(code, path.to_owned())]
}

#[test]
fn the_specimen_is_right_in_both_forms() {
    assert_eq!(validate(&specimen()), []);
    assert_eq!(validate_canonical(&specimen()), []);
}

#[test]
fn required_members_are_required() {
    for path in [
        "/@context",
        "/id",
        "/type",
        "/issuer",
        "/validFrom",
        "/issuer/id",
        "/issuer/type",
        "/image/id",
        "/image/type",
        "/credentialSubject/type",
        "/credentialSubject/achievement",
        "/credentialSubject/achievement/id",
        "/credentialSubject/achievement/type",
        "/credentialSubject/achievement/name",
        "/credentialSubject/achievement/description",
        "/credentialSubject/achievement/criteria",
        "/credentialSubject/achievement/alignment/0/type",
        "/credentialSubject/achievement/alignment/1/targetName",
        "/credentialSubject/achievement/alignment/2/targetUrl",
        "/credentialSubject/identifier/0/type",
        "/credentialSubject/identifier/0/hashed",
        "/credentialSubject/identifier/0/identityHash",
        "/credentialSubject/identifier/1/identityType",
        "/evidence/0/type",
        "/credentialStatus/type",
        "/credentialSchema/0/id",
        "/proof/type",
    ] {
        assert!(remove(path).contains(&("missing_member", path.to_owned())), "{path}: {:?}", remove(path));
    }
    assert!(remove("/credentialSubject").contains(&("missing_member", "/credentialSubject".to_owned())));
}

#[test]
fn types_must_name_the_class() {
    assert_eq!(set("/type", json!(["VerifiableCredential"])), one("wrong_type", "/type"));
    assert_eq!(set("/type", json!(["OpenBadgeCredential"])), one("wrong_type", "/type"));
    assert_eq!(set("/type", json!(["VerifiableCredential", "AchievementCredential", "Other"])), []);
    assert_eq!(set("/issuer/type", json!(["Organization"])), one("wrong_type", "/issuer/type"));
    assert_eq!(set("/issuer/type", json!("Profile")), []);
    assert_eq!(set("/issuer/type", json!([1, "Profile"])), one("not_text", "/issuer/type"));
    assert_eq!(set("/image/type", json!(["Image"])), one("not_text", "/image/type"));
    assert_eq!(
        set("/credentialSubject/identifier/0/type", json!("Identity")),
        one("wrong_type", "/credentialSubject/identifier/0/type")
    );
}

#[test]
fn contexts_are_ordered() {
    let swapped = with(|b| b["@context"].as_array_mut().unwrap().swap(0, 1));
    assert_eq!(
        swapped,
        [("context_not_vc_2", "/@context/0".into()), ("context_not_open_badges_3", "/@context/1".into())]
    );
    assert_eq!(set("/@context", json!("https://www.w3.org/ns/credentials/v2")), one("not_an_array", "/@context"));
    assert_eq!(set("/@context/1", json!("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.12.json")), []);
    assert_eq!(set("/@context/1", json!("https://purl.imsglobal.org/spec/ob/v3p0/context.json")), []);
    assert_eq!(
        set("/@context/1", json!("https://purl.imsglobal.org/spec/ob/v3p0/context-4.0.0.json")),
        one("context_not_open_badges_3", "/@context/1")
    );
    assert_eq!(with(|b| b["@context"][2] = json!(3)), one("not_a_context", "/@context/2"));
    assert_eq!(with(|b| b["@context"][2] = json!("relative")), one("not_absolute_iri", "/@context/2"));
    assert_eq!(with(|b| b["@context"][2] = json!({"term": "https://example.org/term"})), []);
}

#[test]
fn ids_are_absolute() {
    for path in [
        "/id",
        "/issuer/id",
        "/issuer/url",
        "/image/id",
        "/credentialSubject/id",
        "/credentialSubject/achievement/id",
        "/credentialSubject/achievement/creator/id",
        "/credentialSubject/achievement/alignment/0/targetUrl",
        "/credentialStatus/id",
        "/credentialSchema/0/id",
    ] {
        for wrong in [
            "",
            "badge/1",
            "//livret.example/badges/1",
            "https:badge",
            "https://livret.example/a b",
            "https://exa<mple",
            "1x:y",
            "urn:",
        ] {
            assert_eq!(set(path, json!(wrong)), one("not_absolute_iri", path), "{wrong}");
        }
        assert_eq!(set(path, json!("urn:uuid:0b9f4a52-3c1d-4f0e-8e55-6a7d2b91c3aa")), [], "{path}");
    }
}

#[test]
fn dates_have_their_offset() {
    for path in ["/validFrom", "/awardedDate"] {
        for wrong in ["2024-01-01T00:00:00", "2024-01-01", "20/11/2026", "2024-13-01T00:00:00Z", ""] {
            assert_eq!(set(path, json!(wrong)), one("not_date_time_with_offset", path), "{wrong}");
        }
        assert_eq!(set(path, json!("2024-01-01T00:00:00.5+01:00")), []);
    }
    assert_eq!(set("/validFrom", json!(1_700_000_000)), one("not_text", "/validFrom"));
}

#[test]
fn it_does_not_end_before_it_starts() {
    assert_eq!(set("/validUntil", json!("2026-11-20T14:05:08Z")), one("ends_before_it_starts", "/validUntil"));
    assert_eq!(set("/validUntil", json!("2027-11-20T14:05:08Z")), []);
}

#[test]
fn null_and_empty_arrays_are_omitted() {
    assert_eq!(set("/name", Value::Null), one("null_value", "/name"));
    assert_eq!(set("/evidence", json!([])), one("empty_array", "/evidence"));
    assert_eq!(
        set("/credentialSubject/achievement/tag", json!([null])),
        one("null_value", "/credentialSubject/achievement/tag/0")
    );
    assert_eq!(set("/a~b", json!({"c/d": null})), one("null_value", "/a~0b/c~1d"));
}

#[test]
fn one_is_not_many() {
    for path in [
        "/name",
        "/issuer",
        "/credentialSubject",
        "/credentialStatus",
        "/image",
        "/validFrom",
        "/credentialSubject/achievement",
    ] {
        let faults = with(|b| {
            let value = b.pointer(path).unwrap().clone();
            *b.pointer_mut(path).unwrap() = json!([value]);
        });
        assert!(faults.contains(&("not_single", path.to_owned())), "{path}: {faults:?}");
    }
}

#[test]
fn lists_written_bare_are_read_and_not_written() {
    for path in [
        "/evidence",
        "/credentialSubject/identifier",
        "/credentialSubject/achievement/tag",
        "/credentialSubject/achievement/alignment",
    ] {
        let mut badge = specimen();
        let first = badge.pointer(path).unwrap()[0].clone();
        *badge.pointer_mut(path).unwrap() = first;
        assert_eq!(validate(&badge), [], "{path}");
        assert_eq!(validate_canonical(&badge), [SchemaFault { code: "not_an_array", path: path.into() }]);
    }
    let mut badge = specimen();
    badge["credentialSchema"] = badge["credentialSchema"][0].clone();
    assert_eq!(validate_canonical(&badge), []);
}

#[test]
fn complex_values_are_objects() {
    assert_eq!(set("/image", json!("https://livret.example/image.png")), one("not_an_object", "/image"));
    assert_eq!(
        set("/credentialSubject/achievement/criteria", json!("https://livret.example/criteria")),
        one("not_an_object", "/credentialSubject/achievement/criteria")
    );
    assert_eq!(
        set("/credentialSubject/achievement/creator", json!("https://livret.example/o/1")),
        one("not_an_object", "/credentialSubject/achievement/creator")
    );
}

#[test]
fn an_issuer_may_be_read_as_its_id_alone() {
    let mut badge = specimen();
    badge["issuer"] = json!("did:web:livret.example:o:7h2k9qx4");
    assert_eq!(validate(&badge), []);
    assert_eq!(validate_canonical(&badge)[0].code, "not_an_object");
    assert_eq!(set("/issuer", json!("Estuaire")), one("not_absolute_iri", "/issuer"));
}

#[test]
fn numbers_and_booleans_are_typed() {
    assert_eq!(
        set("/credentialSubject/creditsEarned", json!("3")),
        one("not_a_number", "/credentialSubject/creditsEarned")
    );
    assert_eq!(set("/credentialSubject/creditsEarned", json!(3.5)), []);
    assert_eq!(
        set("/credentialSubject/identifier/0/hashed", json!("false")),
        one("not_a_boolean", "/credentialSubject/identifier/0/hashed")
    );
    assert_eq!(set("/name", json!({"fr": "Travail en équipe"})), one("not_text", "/name"));
}

#[test]
fn closed_classes_take_no_other_member() {
    assert_eq!(set("/image/alt", json!("x")), one("unknown_member", "/image/alt"));
    assert_eq!(
        set("/credentialSubject/identifier/0/name", json!("x")),
        one("unknown_member", "/credentialSubject/identifier/0/name")
    );
    let entry = json!([{"type": "IdentifierEntry", "identifier": "1", "identifierType": "systemId", "x": 1}]);
    assert_eq!(set("/issuer/otherIdentifier", entry), one("unknown_member", "/issuer/otherIdentifier/0/x"));
    assert_eq!(set("/evidence/0/x", json!(1)), []);
}

#[test]
fn vocabularies_are_kept_and_extensions_anchored() {
    let path = "/credentialSubject/achievement/achievementType";
    for right in ["Badge", "QualityAssuranceCredential", "ext:Bloc.2-a_b"] {
        assert_eq!(set(path, json!(right)), []);
    }
    for wrong in ["badge", "zz ext:a", "ext:", "ext:a b", "ext:é"] {
        assert_eq!(set(path, json!(wrong)), one("not_in_vocabulary", path), "{wrong}");
    }
    let target = "/credentialSubject/achievement/alignment/0/targetType";
    assert_eq!(set(target, json!("CTDL")), []);
    assert_eq!(set(target, json!("RNCP")), one("not_in_vocabulary", target));
    let identity = "/credentialSubject/identifier/0/identityType";
    assert_eq!(set(identity, json!("ext:numeroDossier")), []);
    assert_eq!(set(identity, json!("email")), one("not_in_vocabulary", identity));
}

#[test]
fn languages_are_tags() {
    let path = "/credentialSubject/achievement/inLanguage";
    for right in ["fr", "fr-FR", "zh-Hans-CN", "es-419", "gsw"] {
        assert_eq!(set(path, json!(right)), []);
    }
    for wrong in ["FR", "fr_FR", "f", "fr-fr", "fr-FR-x", "français", "fr-éabc", "fr-"] {
        assert_eq!(set(path, json!(wrong)), one("not_a_language", path), "{wrong}");
    }
}

#[test]
fn somebody_receives_it() {
    let nobody = with(|b| {
        let subject = b["credentialSubject"].as_object_mut().unwrap();
        subject.remove("id");
        subject.remove("identifier");
    });
    assert_eq!(nobody, one("no_recipient", "/credentialSubject"));
    assert_eq!(remove("/credentialSubject/id"), []);
    assert_eq!(remove("/credentialSubject/identifier"), []);
}

#[test]
fn criteria_say_something() {
    assert_eq!(
        set("/credentialSubject/achievement/criteria", json!({})),
        one("criteria_say_nothing", "/credentialSubject/achievement/criteria")
    );
    assert_eq!(set("/credentialSubject/achievement/criteria", json!({"id": "https://livret.example/c"})), []);
}

#[test]
fn hashes_of_people_have_the_right_form() {
    let path = "/credentialSubject/identifier/1/identityHash";
    for wrong in [
        "sha256$54aa",
        "54aa604d706ed03f97a59e972c41b9e2736b04c95934cd5e8364b7daceabb978",
        "sha1$da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "ines@example.org",
    ] {
        assert_eq!(set(path, json!(wrong)), one("identity_hash", path), "{wrong}");
    }
    assert_eq!(set(path, json!(format!("sha256${}", "A".repeat(64)))), []);
}

#[test]
fn a_status_entry_is_complete() {
    assert_eq!(
        remove("/credentialStatus/statusPurpose"),
        one("status_without_purpose", "/credentialStatus/statusPurpose")
    );
    assert_eq!(
        set("/credentialStatus/statusListIndex", json!("-1")),
        one("status_index", "/credentialStatus/statusListIndex")
    );
    assert_eq!(
        set("/credentialStatus/statusListIndex", json!("0x1F")),
        one("status_index", "/credentialStatus/statusListIndex")
    );
    assert_eq!(
        set("/credentialStatus/statusListCredential", json!("list")),
        one("status_list", "/credentialStatus/statusListCredential")
    );
    let same = json!("https://livret.example/o/7h2k9qx4/status/1");
    assert_eq!(set("/credentialStatus/id", same), one("status_id_is_the_list", "/credentialStatus/id"));
}

#[test]
fn a_status_index_written_as_a_number_is_read_and_not_written() {
    let mut badge = specimen();
    badge["credentialStatus"]["statusListIndex"] = json!(23);
    assert_eq!(validate(&badge), []);
    assert_eq!(validate_canonical(&badge)[0].code, "status_index");
}

#[test]
fn named_schemas_include_the_standards_own() {
    let faults = set("/credentialSchema/0/type", json!("JsonSchema"));
    assert_eq!(faults, one("schema_not_of_the_standard", "/credentialSchema"));
    assert_eq!(remove("/credentialSchema"), []);
}

#[test]
fn endorsements_are_credentials_or_compact_jws() {
    assert_eq!(set("/endorsementJwt", json!(["e30.e30.c2ln"])), []);
    assert_eq!(set("/endorsementJwt", json!(["e30.e30"])), one("not_a_compact_jws", "/endorsementJwt/0"));
    let faults = set("/endorsement", json!([{"type": ["VerifiableCredential", "EndorsementCredential"]}]));
    let missing: Vec<_> = faults.iter().map(|(_, path)| path.rsplit('/').next().unwrap()).collect();
    assert_eq!(missing, ["@context", "id", "name", "issuer", "validFrom", "credentialSubject"]);
}

fn with_result(result: &Value) -> Vec<(&'static str, String)> {
    with(|b| {
        b["credentialSubject"]["result"] = json!([result]);
        b.pointer_mut(ACHIEVEMENT).unwrap()["resultDescription"] = json!([
            {"id": "urn:rd:1", "type": ["ResultDescription"], "name": "Statut", "resultType": "Status"},
            {"id": "urn:rd:2", "type": ["ResultDescription"], "name": "Grille", "resultType": "RubricCriterionLevel",
             "rubricCriterionLevel": [{"id": "urn:l:1", "type": ["RubricCriterionLevel"], "name": "1"}]},
        ]);
    })
}

#[test]
fn a_result_speaks_of_this_achievement() {
    let result = |members: &Value| {
        let mut result = json!({"type": ["Result"]});
        result.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        with_result(&result)
    };
    let path = "/credentialSubject/result/0";
    assert_eq!(result(&json!({"resultDescription": "urn:rd:1", "status": "Completed"})), []);
    assert_eq!(result(&json!({"resultDescription": "urn:rd:2", "achievedLevel": "urn:l:1"})), []);
    assert_eq!(result(&json!({"value": "15"})), []);
    assert_eq!(
        result(&json!({"resultDescription": "urn:rd:3"})),
        one("result_of_another_achievement", &format!("{path}/resultDescription"))
    );
    assert_eq!(
        result(&json!({"resultDescription": "urn:rd:1"})),
        one("result_without_status", &format!("{path}/status"))
    );
    assert_eq!(
        result(&json!({"resultDescription": "urn:rd:2", "achievedLevel": "urn:l:2"})),
        one("level_of_another_result", &format!("{path}/achievedLevel"))
    );
    assert_eq!(result(&json!({"status": "Done"})), one("not_in_vocabulary", &format!("{path}/status")));
}

#[test]
fn what_is_not_a_badge_at_all_does_not_panic() {
    for value in [
        json!(null),
        json!([]),
        json!("badge"),
        json!({}),
        json!({"credentialSubject": [1], "type": 3, "issuer": [], "evidence": {"type": {}}}),
    ] {
        assert!(!validate(&value).is_empty());
    }
}

/// Every badge that the official schema accepts, we accept: the standard's own signed vector and full examples.
#[test]
fn the_standards_own_samples_are_right() {
    let shared = std::env::var_os("LIVRET_SHARED")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared")), PathBuf::from);
    let data = shared.join("standards/ob3-data");
    if !data.is_dir() {
        eprintln!("NOT COMPARED: no shared folder beside the project, the standards' samples were not judged");
        return;
    }
    for file in [
        "vectors/ob-clr-official/ob3-signed.json",
        "examples/ob-spec/basicOpenBadgeCredential.json",
        "examples/ob-spec/fullOpenBadge.json",
        "examples/ob-spec/skillAssertionCase.json",
        "examples/ob-spec/skillAssertionCtdl.json",
    ] {
        let text = std::fs::read_to_string(data.join(file)).unwrap();
        let badge = crate::json::parse_strict(&text).unwrap();
        assert_eq!(validate(&badge), [], "{file}");
    }
}

/// The specimen in the form of VC 1.1 (checklist 0.5).
fn of_vc_1(badge: &mut Value) {
    badge["@context"][0] = json!("https://www.w3.org/2018/credentials/v1");
    badge["issuanceDate"] = badge.as_object_mut().unwrap().shift_remove("validFrom").unwrap();
    badge["expirationDate"] = json!("2029-11-20T14:05:09Z");
}

/// VC 1.1: its context first, `issuanceDate`, `expirationDate`, and a name.
#[test]
fn row_0_5_the_form_of_vc_1_1_is_read_and_not_written() {
    assert_eq!(with(of_vc_1), []);
    for (name, code) in [("name", "missing_member"), ("issuanceDate", "missing_member")] {
        let faults = with(|b| {
            of_vc_1(b);
            b.as_object_mut().unwrap().shift_remove(name).unwrap();
        });
        assert_eq!(faults, one(code, &format!("/{name}")));
    }
    let ended = with(|b| {
        of_vc_1(b);
        b["expirationDate"] = json!("2020-01-01T00:00:00Z");
    });
    assert_eq!(ended, one("ends_before_it_starts", "/expirationDate"));
    let mut badge = specimen();
    of_vc_1(&mut badge);
    assert_eq!(validate_canonical(&badge)[0].code, "context_not_vc_2");
    // The members of one version do not stand for those of the other.
    assert_eq!(
        set("/@context/0", json!("https://www.w3.org/2018/credentials/v1")),
        one("missing_member", "/issuanceDate")
    );
}

/// Checklist 1.7.3 and 1.7.4: the revocation list of before is read, and no longer written.
#[test]
fn row_1_7_4_the_old_revocation_list_is_read_and_not_written() {
    let old = json!({"id": "https://a.example/revocations", "type": "1EdTechRevocationList"});
    assert_eq!(set("/credentialStatus", old.clone()), []);
    let without = json!({"type": "1EdTechRevocationList"});
    assert_eq!(set("/credentialStatus", without), one("missing_member", "/credentialStatus/id"));
    let mut badge = specimen();
    badge["credentialStatus"] = old;
    assert_eq!(validate_canonical(&badge)[0].code, "status_no_longer_written");
}

/// Checklist 1.7.5b: what we write has a status id, which one of the two official schemas asks for.
#[test]
fn row_1_7_5b_a_status_has_its_id() {
    let mut badge = specimen();
    badge["credentialStatus"].as_object_mut().unwrap().shift_remove("id");
    assert_eq!(validate(&badge), []);
    assert_eq!(
        validate_canonical(&badge),
        [SchemaFault { code: "missing_member", path: "/credentialStatus/id".into() }]
    );
}

/// Checklist 1.2.11: one status; revocation and suspension together fail the official schemas.
#[test]
fn row_1_2_11_there_is_one_status() {
    let two = with(|b| b["credentialStatus"] = json!([b["credentialStatus"], b["credentialStatus"]]));
    assert_eq!(two, one("not_single", "/credentialStatus"));
}

/// Checklist 1.5.8 and 1.5.14: values that only the official schemas named before.
#[test]
fn row_1_5_dates_of_birth_and_coordinates() {
    assert_eq!(set("/issuer/dateOfBirth", json!("1998-02-28")), []);
    for wrong in ["1998-02-30", "28/02/1998", "1998-02-28T00:00:00Z", ""] {
        assert_eq!(set("/issuer/dateOfBirth", json!(wrong)), one("not_a_date", "/issuer/dateOfBirth"));
    }
    let at = |geo: Value| set("/issuer/address", json!({"type": ["Address"], "geo": geo}));
    assert_eq!(at(json!({"type": "GeoCoordinates", "latitude": 49.18, "longitude": -0.37})), []);
    let listed = json!({"type": ["GeoCoordinates"], "latitude": 49.18, "longitude": -0.37});
    assert_eq!(at(listed), one("not_text", "/issuer/address/geo/type"));
}

#[test]
fn a_document_is_judged_as_the_class_it_names() {
    assert_eq!(Class::of(&specimen()), Some(Class::Achievement));
    assert_eq!(Class::of(&json!({"type": ["VerifiableCredential", "ClrCredential"]})), Some(Class::Clr));
    assert_eq!(Class::of(&json!({"type": "EndorsementCredential"})), Some(Class::Endorsement));
    assert_eq!(Class::of(&json!({"type": ["VerifiableCredential"]})), None);
    assert_eq!(Class::of(&json!([])), None);
}

proptest! {
    /// Credentials that differ from a right one in their varying strings alone: the quick look finds what the long finds.
    #[test]
    fn a_class_known_to_be_right_is_judged_by_what_varies(
        values in prop::collection::vec(prop_oneof![
            "\\PC{0,12}", "2026-1[0-9]-[0-3][0-9]T00:00:00(Z|\\+01:00|)", "(https://|urn:)[a-z.:]{0,6}", "sha256\\$[0-9a-f]{63,65}", "[0-9]{0,9}",
        ], 22),
        changed in any::<[bool; 22]>(), old in any::<bool>(), result in any::<bool>(),
    ) {
        let mut badge = specimen();
        if old {
            of_vc_1(&mut badge);
        }
        badge["evidence"][0]["id"] = json!("urn:uuid:1");
        badge["credentialSubject"]["activityStartDate"] = json!("2026-11-20T00:00:00Z");
        let (end, index) = (if old { "expirationDate" } else { "validUntil" }, "94567");
        badge[end] = json!("2027-11-20T00:00:00Z");
        badge["credentialStatus"]["statusListIndex"] = json!(index);
        badge["proof"]["nonce"] = json!("n");
        if result {
            badge["credentialSubject"]["result"] = json!([{"type": ["Result"], "id": "urn:uuid:2", "value": "A"}]);
        }
        let right = validate(&badge).is_empty();
        prop_assert!(right, "{:?}", validate(&badge));
        let slots = [
            "/id", "/validFrom", "/issuanceDate", "/validUntil", "/expirationDate", "/awardedDate", "/image/id", "/image/caption",
            "/credentialSubject/id", "/credentialSubject/activityStartDate", "/credentialSubject/identifier/0/identityHash",
            "/credentialSubject/identifier/1/identityHash", "/credentialSubject/identifier/1/salt", "/credentialSubject/result/0/id",
            "/evidence/0/id", "/evidence/0/genre", "/credentialStatus/id", "/credentialStatus/statusListIndex",
            "/credentialStatus/statusListCredential", "/proof/created", "/proof/verificationMethod", "/proof/nonce",
        ];
        for ((slot, value), changed) in slots.iter().zip(values).zip(changed) {
            if let Some(string) = badge.pointer_mut(slot).filter(|string| changed && string.is_string()) {
                *string = json!(value);
            }
        }
        prop_assert_eq!(super::validate_again(&badge), validate(&badge));
    }
}
