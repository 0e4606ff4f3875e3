//! §1.5–1.6: the small classes, and whom a badge names.

use checks::{Check, Outcome, codes};
use serde_json::{Value, json};

use crate::world::{NOW, World};
use crate::{against, finds, holds, remove, signed};

const SUBJECT: &str = "/credentialSubject";
const ACHIEVEMENT: &str = "/credentialSubject/achievement";

/// With each member that it must have taken away, an object at this place is refused.
#[track_caller]
fn requires(place: &str, object: &Value, members: &[&str]) {
    let put = |badge: &mut Value, object: Value| {
        let (parent, name) = place.rsplit_once('/').expect("a member");
        let parent = badge.pointer_mut(parent).expect("a place");
        match parent {
            Value::Array(items) => *items = vec![object],
            parent => parent[name] = object,
        }
    };
    holds(|badge| put(badge, object.clone()));
    for member in members {
        let mut without = object.clone();
        remove(&mut without, &format!("/{member}"));
        against(|badge| put(badge, without), &format!("missing_member {place}/{member}"));
    }
}

#[test]
fn row_1_5_1_an_alignment_has_a_name_and_an_address() {
    let alignment =
        json!({ "type": ["Alignment"], "targetName": "Cuisine", "targetUrl": "https://www.francetravail.fr/g1602" });
    requires(&format!("{ACHIEVEMENT}/alignment/0"), &alignment, &["type", "targetName", "targetUrl"]);
    against(
        |badge| badge["credentialSubject"]["achievement"]["alignment"][0]["targetType"] = json!("Métier"),
        "not_in_vocabulary",
    );
}

#[test]
fn rows_1_5_3_to_1_5_7_results_speak_of_this_achievement() {
    let level = json!({ "id": "urn:x:level:1", "type": ["RubricCriterionLevel"], "name": "Acquis", "points": "3" });
    let description = json!([
        { "id": "urn:x:1", "type": ["ResultDescription"], "name": "Note", "resultType": "RawScore", "valueMin": "0", "valueMax": "20" },
        { "id": "urn:x:2", "type": ["ResultDescription"], "name": "Issue", "resultType": "Status" },
        { "id": "urn:x:3", "type": ["ResultDescription"], "name": "Degré", "resultType": "RubricCriterionLevel", "rubricCriterionLevel": [level] },
    ]);
    let with = |results: Value| {
        let description = description.clone();
        move |badge: &mut Value| {
            badge["credentialSubject"]["achievement"]["resultDescription"] = description;
            badge["credentialSubject"]["result"] = results;
        }
    };
    let result = |more: Value| {
        let mut result = json!({ "type": ["Result"] });
        result.as_object_mut().expect("a result").extend(more.as_object().expect("members").clone());
        json!([result])
    };
    holds(with(result(json!({ "resultDescription": "urn:x:1", "value": "15" }))));
    holds(with(result(json!({ "resultDescription": "urn:x:2", "status": "Completed" }))));
    holds(with(result(json!({ "resultDescription": "urn:x:3", "achievedLevel": "urn:x:level:1" }))));
    against(with(result(json!({ "resultDescription": "urn:x:9", "value": "15" }))), "result_of_another_achievement");
    against(with(result(json!({ "resultDescription": "urn:x:2" }))), "result_without_status");
    against(with(result(json!({ "resultDescription": "urn:x:2", "status": "Réussi" }))), "not_in_vocabulary");
    against(
        with(result(json!({ "resultDescription": "urn:x:3", "achievedLevel": "urn:x:level:2" }))),
        "level_of_another_result",
    );
    for (place, member) in [(0, "id"), (0, "name"), (0, "resultType"), (2, "rubricCriterionLevel/0/name")] {
        let mut description = description.clone();
        remove(&mut description, &format!("/{place}/{member}"));
        against(
            |badge| badge["credentialSubject"]["achievement"]["resultDescription"] = description,
            &format!("missing_member {ACHIEVEMENT}/resultDescription/{place}/{member}"),
        );
    }
}

#[test]
fn row_1_5_8_a_profile_has_an_id_and_its_parent_is_one() {
    let profile = json!({ "id": "https://livret.example/o/1", "type": ["Profile"], "name": "Antenne" });
    requires(&format!("{SUBJECT}/source"), &profile, &["id", "type"]);
    against(
        |badge| badge["issuer"]["parentOrg"] = json!({ "id": "https://a.example", "type": ["Address"] }),
        "wrong_type /issuer/parentOrg",
    );
}

#[test]
fn row_1_5_9_an_image_has_an_id_and_nothing_else() {
    requires(
        "/image",
        &json!({ "id": "https://livret.example/p.png", "type": "Image", "caption": "Une image" }),
        &["id", "type"],
    );
    against(|badge| badge["image"]["description"] = json!("x"), "unknown_member /image/description");
}

#[test]
fn row_1_5_10_evidence_says_it_is() {
    requires("/evidence/0", &json!({ "type": ["Evidence"], "narrative": "Service de midi." }), &["type"]);
}

#[test]
fn rows_1_5_11_and_1_5_12_other_identifiers() {
    let entry = json!({ "type": "IdentifierEntry", "identifier": "82-76-01234-76", "identifierType": "ext:NDA" });
    let put = |entry: Value| move |badge: &mut Value| badge["issuer"]["otherIdentifier"] = json!([entry]);
    holds(put(entry.clone()));
    for member in ["type", "identifier", "identifierType"] {
        let mut without = entry.clone();
        remove(&mut without, &format!("/{member}"));
        against(put(without), &format!("missing_member /issuer/otherIdentifier/0/{member}"));
    }
    let mut other = entry;
    other["identifierType"] = json!("SIRET");
    against(put(other), "not_in_vocabulary");
}

#[test]
fn rows_1_5_13_and_1_5_14_where_an_organisation_is() {
    let address = json!({ "type": ["Address"], "addressLocality": "Le Havre", "addressCountryCode": "FR",
        "geo": { "type": "GeoCoordinates", "latitude": 49.49, "longitude": 0.1 } });
    let put = |address: Value| move |badge: &mut Value| badge["issuer"]["address"] = address;
    holds(put(address.clone()));
    let mut half = address.clone();
    remove(&mut half, "/geo/longitude");
    against(put(half), "missing_member /issuer/address/geo/longitude");
    let mut untyped = address;
    remove(&mut untyped, "/type");
    against(put(untyped), "missing_member /issuer/address/type");
}

#[test]
fn row_1_5_15_other_languages_are_related() {
    let related = json!([{ "id": "https://livret.example/en/1", "type": ["Related"], "inLanguage": "en" }]);
    holds(|badge| badge["credentialSubject"]["achievement"]["related"] = related.clone());
    let mut nowhere = related.clone();
    remove(&mut nowhere, "/0/id");
    against(|badge| badge["credentialSubject"]["achievement"]["related"] = nowhere, "missing_member");
}

#[test]
fn row_1_6_1_an_identity_says_its_kind_and_whether_it_is_hashed() {
    for member in ["hashed", "identityHash", "identityType"] {
        let place = format!("{SUBJECT}/identifier/0/{member}");
        against(|badge| remove(badge, &place), &format!("missing_member {place}"));
    }
    against(|badge| badge["credentialSubject"]["identifier"][0]["name"] = json!("Inès"), "unknown_member");
    against(|badge| badge["credentialSubject"]["identifier"][0]["hashed"] = json!("no"), "not_a_boolean");
}

#[test]
fn rows_1_6_2_and_1_6_3_hashes_and_plain_texts_are_compared() {
    let standards = "sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399";
    let identity = |hash: &str, hashed: bool| json!([{ "type": "IdentityObject", "hashed": hashed, "identityHash": hash, "identityType": "emailAddress", "salt": "Kosher" }]);
    let rows = [
        (standards.to_owned(), true, "a@example.com", Outcome::Passed, codes::RECIPIENT_MATCHES),
        (
            standards.to_uppercase().replace("SHA256", "sha256"),
            true,
            "a@example.com",
            Outcome::Passed,
            codes::RECIPIENT_MATCHES,
        ),
        (standards.to_owned(), true, "b@example.com", Outcome::Failed, codes::RECIPIENT_OTHER),
        ("a@example.com".to_owned(), false, "A@example.com", Outcome::Passed, codes::RECIPIENT_MATCHES),
        // Row 1.6.5: md5 is never written, and compares nothing.
        (
            "md5$e3d9f6a5f2f8a2d6b8e2c2f8a2d6b8e2".to_owned(),
            true,
            "a@example.com",
            Outcome::CouldNotCheck,
            codes::RECIPIENT_NOT_COMPARABLE,
        ),
    ];
    for (hash, hashed, whom, outcome, code) in rows {
        let text = signed(|badge| {
            badge["credentialSubject"]["identifier"] = identity(&hash, hashed);
            remove(badge, "/credentialSubject/id");
        });
        let inquiry = checks::Inquiry::open(&text.to_string(), NOW, crate::ALONE).with_recipient(whom);
        finds(&World::new().bring(inquiry, NOW), Check::Recipient, outcome, code);
    }
}

#[test]
fn rows_1_6_5_and_1_6_6_what_is_issued_names_in_clear_and_hashes_by_sha256() {
    let badge = World::new().badge(|_| {});
    let identities = badge["credentialSubject"]["identifier"].as_array().expect("identities");
    assert_eq!((&identities[0]["identityType"], &identities[0]["hashed"]), (&json!("name"), &json!(false)));
    assert!(identities[1]["identityHash"].as_str().expect("a hash").starts_with("sha256$"));
}
