//! Rows A to J and M of the checklist.

use serde_json::{Value, json};

use super::{assertion, badge_class, faults, issuer, plain, with, without};
use crate::ob2::recipient::{self, Identifier};
use crate::ob2::{Class, Document, IdentityType, VerificationType, Version, prepare, values};

const NONE: [&str; 0] = [];

fn key() -> Value {
    json!({
        "@context": "https://w3id.org/openbadges/v2",
        "type": "CryptographicKey",
        "id": "https://example.org/key",
        "owner": "https://example.org/issuer",
        "publicKeyPem": "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n",
    })
}

fn endorsement() -> Value {
    json!({
        "@context": "https://w3id.org/openbadges/v2",
        "type": "Endorsement",
        "id": "https://example.org/endorsements/1",
        "issuer": "https://example.org/issuer",
        "issuedOn": "2016-12-31T23:59:59+00:00",
        "claim": { "id": "https://example.org/classes/1", "endorsementComment": "Good." },
        "verification": { "type": "hosted" },
    })
}

#[test]
fn row_a1_the_context_says_the_version() {
    assert_eq!(faults(assertion(), Class::Assertion), NONE);
    assert_eq!(Version::of(&assertion()), Version::V2_0);
    // An array that adds mappings is 2.0 too, and needs JSON-LD.
    let array = with(assertion(), "@context", json!(["https://w3id.org/openbadges/v2", { "x": "http://x.example/" }]));
    assert_eq!(Version::of(&array), Version::V2_0);
    assert!(Document::plain(&prepare(array, Class::Assertion, None).unwrap()).is_none());
    // An array of one is that one.
    let one = with(assertion(), "@context", json!(["https://w3id.org/openbadges/v2"]));
    assert!(Document::plain(&prepare(one, Class::Assertion, None).unwrap()).is_some());
    // Without context it is 1.0, where `verification` means nothing.
    let found = faults(without(assertion(), "@context"), Class::Assertion);
    assert_eq!(found, ["missing_member /verification"]);
}

#[test]
fn row_a3_what_the_context_does_not_map_is_no_part_of_the_badge() {
    let odd = with(with(assertion(), "colour", json!("blue")), "nested", json!({ "issuedOn": 3 }));
    assert_eq!(plain(odd, Class::Assertion).root, plain(assertion(), Class::Assertion).root);
}

#[test]
fn row_a7_one_value_is_a_list_of_one() {
    let one = json!({ "targetName": "A", "targetUrl": "https://example.org/a" });
    let object = with(badge_class(), "alignment", one.clone());
    let array = with(badge_class(), "alignment", json!([one]));
    assert_eq!(plain(object, Class::BadgeClass), plain(array, Class::BadgeClass));
    let two = with(badge_class(), "issuer", json!(["https://example.org/a", "https://example.org/b"]));
    assert_eq!(faults(two, Class::BadgeClass), ["not_single /issuer"]);
}

#[test]
fn row_a8_an_object_may_stand_where_its_id_may() {
    let embedded = with(assertion(), "badge", badge_class());
    let read = plain(embedded, Class::Assertion).assertion();
    assert!(read.is_right());
    let link = read.value.badge.unwrap();
    assert_eq!(link.id.as_deref(), Some("https://example.org/classes/1"));
    let class = Document::embedded(&link).unwrap().badge_class();
    assert_eq!((class.value.name.as_deref(), class.is_right()), (Some("Robots"), true));
    let urn = with(badge_class(), "id", json!("urn:uuid:e79a6c18-787e-4868-8e65-e6a4530fb418"));
    assert_eq!(faults(with(assertion(), "badge", urn), Class::Assertion), NONE);
}

#[test]
fn row_a9_type_holds_the_class_and_iris() {
    assert_eq!(
        faults(with(assertion(), "type", json!("Badge")), Class::Assertion).first().unwrap(),
        "wrong_type /type"
    );
    assert_eq!(faults(without(assertion(), "type"), Class::Assertion), ["missing_member /type"]);
    let more = with(assertion(), "type", json!(["Assertion", "https://example.org/Robot"]));
    assert_eq!(faults(more, Class::Assertion), NONE);
    let word = with(assertion(), "type", json!(["Assertion", "Robot"]));
    assert_eq!(faults(word, Class::Assertion), ["type_not_iri /type"]);
}

#[test]
fn row_b1_an_instant_has_time_and_zone() {
    for right in [
        "2016-12-31T23:59Z",
        "2016-12-31T23:59:59Z",
        "2016-12-31T23:59:59.123456789012Z",
        "2016-12-31T23:59:59+01",
        "2016-12-31T23:59:59-0530",
        "2016-12-31T23:59:59+05:30",
    ] {
        assert!(values::parse_date_time(right).is_some(), "{right}");
    }
    for wrong in [
        "2016-12-31T23:59:59",
        "2016-12-31",
        "1483228799",
        "2016-13-31T23:59:59Z",
        "2016-02-30T23:59:59Z",
        "2016-12-31 23:59:59Z",
        "2016-12-31T24:00:00Z",
        "2016-12-31T23:59:59.Z",
        "2016-12-31T23:59:59+1",
        "2016-12-31T23:59:59+01:00:00",
        "2016-12-31T23:59:5é",
        "é016-12-31T23:59Z",
        "",
    ] {
        assert!(values::parse_date_time(wrong).is_none(), "{wrong}");
        let found = faults(with(assertion(), "issuedOn", json!(wrong)), Class::Assertion);
        assert_eq!(found, ["not_date_time /issuedOn"], "{wrong}");
    }
    let found = faults(with(assertion(), "issuedOn", json!(1_483_228_799)), Class::Assertion);
    assert_eq!(found, ["not_date_time /issuedOn"]);
}

#[test]
fn row_b2_an_iri_is_a_url_a_uuid_or_a_blank_node() {
    for right in
        ["https://example.org/a", "http://localhost:8080/a", "urn:uuid:E79a6c18-787e-4868-8e65-e6a4530fb418", "_:b0"]
    {
        assert!(values::is_iri(right), "{right}");
    }
    for wrong in [
        "foo",
        "https://",
        "https://exa mple.org/",
        "ftp://example.org/a",
        "did:web:example.org",
        "urn:uuid:019a6c18-787e-7868-8e65-e6a4530fb418",
        "urn:uuid:e79a6c18-787e-4868-8e65-e6a4530fb41",
        "urn:isbn:1",
        "_:",
        "",
    ] {
        assert!(!values::is_iri(wrong), "{wrong}");
        assert_eq!(faults(with(assertion(), "id", json!(wrong)), Class::Assertion), ["not_iri /id"], "{wrong}");
    }
}

#[test]
fn row_b3_a_boolean_is_a_boolean() {
    let mut wrong = assertion();
    wrong["recipient"]["hashed"] = json!("true");
    assert_eq!(faults(wrong, Class::Assertion), ["not_boolean /recipient/hashed"]);
    let found = faults(with(assertion(), "revoked", json!("true")), Class::Assertion);
    assert_eq!(found, ["not_boolean /revoked"]);
}

#[test]
fn row_b4_an_identity_hash_is_sha256_or_md5() {
    assert_eq!(
        recipient::sha256("mayze", ""),
        "sha256$7a1a1b3f7d40552e4299180e346e3add12bf9a751a43d9c4ca4518febc2c60c6"
    );
    let hash = |text: &str| {
        let mut changed = assertion();
        changed["recipient"]["identity"] = json!(text);
        faults(changed, Class::Assertion)
    };
    let digits = "ECF5409F3F4B91AB60CC5EF4C02AEF7032354375E70CF4D8E43F6A1D29891942";
    assert_eq!(hash(&format!("sha256${digits}")), NONE);
    assert_eq!(hash(&format!("md5${}", &digits[..32])), NONE);
    for wrong in [
        format!("sha1${}", &digits[..40]),
        format!("sha256${}", &digits[1..]),
        format!("md5${digits}"),
        digits.to_owned(),
    ] {
        assert_eq!(hash(&wrong), ["not_identity_hash /recipient/identity"], "{wrong}");
    }
}

#[test]
fn row_b5_a_telephone_number_is_e164() {
    for right in ["+33235525600", "33235525600", "+33235525600;ext=12"] {
        assert_eq!(faults(with(issuer(), "telephone", json!(right)), Class::Profile), NONE, "{right}");
    }
    for wrong in ["+33 2 35", "0235525600", "+", "+3323552560012345", "+33;ext=", "tel:+33235525600"] {
        let found = faults(with(issuer(), "telephone", json!(wrong)), Class::Profile);
        assert_eq!(found, ["not_telephone /telephone"], "{wrong}");
    }
}

#[test]
fn row_b6_markdown_is_text() {
    assert_eq!(faults(with(assertion(), "narrative", json!("**a** <script>")), Class::Assertion), NONE);
    assert_eq!(faults(with(assertion(), "narrative", json!(3)), Class::Assertion), ["not_text /narrative"]);
}

#[test]
fn row_b7_a_language_is_bcp47() {
    for right in ["fr", "en-US", "zh-Hant-TW", "es-419", "x-normand", "de-CH-1996"] {
        assert_eq!(faults(with(badge_class(), "@language", json!(right)), Class::BadgeClass), NONE, "{right}");
    }
    for wrong in ["", "f", "fr_FR", "français", "fr-", "a-verylongsubtag"] {
        let found = faults(with(badge_class(), "@language", json!(wrong)), Class::BadgeClass);
        assert_eq!(found, ["not_language /@language"], "{wrong}");
    }
}

#[test]
fn row_c1_to_c5_an_assertion_has_these() {
    for (name, at) in [
        ("id", "missing_member /id"),
        ("recipient", "missing_member /recipient"),
        ("badge", "missing_member /badge"),
        ("verification", "missing_member /verification"),
        ("issuedOn", "missing_member /issuedOn"),
    ] {
        assert_eq!(faults(without(assertion(), name), Class::Assertion), [at]);
    }
    let two = with(assertion(), "recipient", json!([assertion()["recipient"], assertion()["recipient"]]));
    assert_eq!(faults(two, Class::Assertion), ["not_single /recipient"]);
    let two = with(assertion(), "badge", json!(["https://example.org/1", "https://example.org/2"]));
    assert_eq!(faults(two, Class::Assertion), ["not_single /badge"]);
    let mut legacy = without(assertion(), "verification");
    legacy["verify"] = json!({ "type": "hosted" });
    assert_eq!(plain(legacy, Class::Assertion), plain(assertion(), Class::Assertion));
}

#[test]
fn row_c7_an_end_comes_after_the_beginning() {
    let wrong = with(assertion(), "expires", json!("2016-12-31T23:59:58Z"));
    assert_eq!(faults(wrong, Class::Assertion), ["expires_before_issued /expires"]);
}

#[test]
fn row_c8_the_picture_of_an_assertion_is_an_address() {
    let object = json!({ "id": "https://example.org/a.png", "caption": "A", "author": "https://example.org/b" });
    let read = plain(with(assertion(), "image", object), Class::Assertion).assertion();
    assert_eq!((read.is_right(), read.value.image.unwrap().caption.as_deref()), (true, Some("A")));
    let data = with(assertion(), "image", json!("data:image/png;base64,AA=="));
    assert_eq!(faults(data, Class::Assertion), ["data_image /image"]);
    assert_eq!(faults(with(assertion(), "image", json!("a.png")), Class::Assertion), ["not_url /image"]);
}

#[test]
fn row_c9_evidence_may_be_many() {
    let many = json!([
        "https://example.org/work",
        { "id": "https://example.org/photos", "name": "Photos", "genre": "Photography" },
        { "narrative": "Worked hard.", "audience": "all", "description": "d" },
    ]);
    let read = plain(with(assertion(), "evidence", many), Class::Assertion).assertion();
    assert_eq!((read.is_right(), read.value.evidence.len()), (true, 3));
    assert_eq!(read.value.evidence[2].id, None);
    let wrong = with(assertion(), "evidence", json!(["https://example.org/work", { "name": 3 }]));
    assert_eq!(faults(wrong, Class::Assertion), ["not_text /evidence/1/name"]);
}

#[test]
fn row_c10_a_revoked_assertion_needs_its_id_alone() {
    let body = json!({ "@context": "https://w3id.org/openbadges/v2", "id": "https://example.org/assertions/1", "revoked": true, "revocationReason": "By mistake" });
    let read = plain(body, Class::Assertion).assertion();
    assert!(read.is_right() && read.value.revoked);
    assert_eq!(read.value.revocation_reason.as_deref(), Some("By mistake"));
    let not = json!({ "@context": "https://w3id.org/openbadges/v2", "id": "https://example.org/assertions/1", "revoked": false });
    assert_eq!(faults(not, Class::Assertion).len(), 5);
}

#[test]
fn row_c11_uid_is_advised_against() {
    let read = plain(with(assertion(), "uid", json!("a1")), Class::Assertion).assertion();
    assert!(read.is_right());
    assert_eq!(read.faults[0].code(), "ob2_uid_deprecated");
}

#[test]
fn row_d1_a_badge_class_has_these() {
    assert_eq!(faults(badge_class(), Class::BadgeClass), NONE);
    for name in ["id", "type", "name", "description", "image", "criteria", "issuer"] {
        let found = faults(without(badge_class(), name), Class::BadgeClass);
        assert_eq!(found, [format!("missing_member /{name}")]);
    }
}

#[test]
fn row_d2_and_pitfall_2_19_the_picture_of_a_class_may_be_data() {
    for right in ["data:image/png;base64,AA==", "data:image/svg+xml,%3Csvg%3E", "https://example.org/a"] {
        assert_eq!(faults(with(badge_class(), "image", json!(right)), Class::BadgeClass), NONE, "{right}");
    }
    for wrong in ["data:image/jpeg;base64,AA==", "data:text/html,a", "DATA:image/gif;base64,AA=="] {
        let found = faults(with(badge_class(), "image", json!(wrong)), Class::BadgeClass);
        assert_eq!(found, ["not_png_or_svg /image"], "{wrong}");
    }
    assert_eq!(
        faults(with(badge_class(), "image", json!({ "caption": "c" })), Class::BadgeClass),
        ["missing_member /image/id"]
    );
}

#[test]
fn row_d3_a_class_may_be_ephemeral() {
    let urn = with(badge_class(), "id", json!("urn:uuid:e79a6c18-787e-4868-8e65-e6a4530fb418"));
    assert_eq!(faults(urn, Class::BadgeClass), NONE);
}

#[test]
fn row_d4_alignments_and_tags_may_be_many() {
    let read = plain(badge_class(), Class::BadgeClass).badge_class().value;
    assert_eq!((read.alignments.len(), read.tags.len()), (2, 2));
    assert_eq!(faults(with(badge_class(), "tags", json!(["a", 1])), Class::BadgeClass), ["not_text /tags/1"]);
}

#[test]
fn row_e1_an_issuer_has_these() {
    assert_eq!(faults(issuer(), Class::Profile), NONE);
    for name in ["id", "type", "name", "url", "email"] {
        assert_eq!(faults(without(issuer(), name), Class::Profile), [format!("missing_member /{name}")]);
    }
    assert_eq!(faults(with(issuer(), "email", json!("contact")), Class::Profile), ["not_email /email"]);
    assert_eq!(faults(with(issuer(), "url", json!("example.org")), Class::Profile), ["not_url /url"]);
}

#[test]
fn row_e2_an_issuer_is_a_profile_or_an_issuer() {
    assert_eq!(faults(with(issuer(), "type", json!("Profile")), Class::Profile), NONE);
    assert_eq!(faults(with(issuer(), "type", json!("BadgeClass")), Class::Profile), ["wrong_type /type"]);
}

#[test]
fn row_e4_keys_may_be_many() {
    let many = with(issuer(), "publicKey", json!(["https://example.org/k1", key()]));
    let read = plain(many, Class::Profile).profile();
    assert_eq!((read.is_right(), read.value.public_keys.len()), (true, 2));
    assert!(read.value.public_keys[1].is_embedded());
}

#[test]
fn row_e5_and_e7_list_and_picture_are_addresses() {
    assert_eq!(faults(with(issuer(), "revocationList", json!("_:l")), Class::Profile), ["not_url /revocationList"]);
    assert_eq!(faults(with(issuer(), "image", json!("data:image/gif,a")), Class::Profile), ["not_png_or_svg /image"]);
}

#[test]
fn row_f1_a_recipient_says_its_kind_and_whether_it_is_hashed() {
    let change = |name: &str, value: Option<Value>| {
        let mut changed = assertion();
        match value {
            Some(value) => changed["recipient"][name] = value,
            None => changed["recipient"] = without(changed["recipient"].clone(), name),
        }
        faults(changed, Class::Assertion)
    };
    assert_eq!(change("hashed", None), ["missing_member /recipient/hashed"]);
    assert_eq!(change("identity", None), ["missing_member /recipient/identity"]);
    assert_eq!(change("type", None), ["missing_member /recipient/type"]);
    assert_eq!(change("type", Some(json!("name"))), ["unknown_recipient_type /recipient/type"]);
    for kind in ["email", "url", "telephone", "id"] {
        assert_eq!(change("type", Some(json!(kind))), NONE, "{kind}");
    }
    let bare = with(assertion(), "recipient", json!("https://example.org/me"));
    assert_eq!(faults(bare, Class::Assertion), ["not_embedded /recipient"]);
}

fn names(recipient: &Value, kind: IdentityType, value: &str) -> bool {
    let read = plain(with(assertion(), "recipient", recipient.clone()), Class::Assertion).assertion().value;
    recipient::matches(&read.recipient.unwrap(), Identifier { kind, value })
}

#[test]
fn row_f2_the_salt_is_appended() {
    for (identity, salt, hash) in [
        ("nobody@example.org", "deadsea", "sha256$ecf5409f3f4b91ab60cc5ef4c02aef7032354375e70cf4d8e43f6a1d29891942"),
        ("test@example.com", "sel gris", "sha256$85c4196c5516561cef673642157499b70066cb1070852b2a37fdbf3cc599b087"),
    ] {
        assert_eq!(recipient::sha256(identity, salt), hash);
        let recipient = json!({ "type": "email", "hashed": true, "identity": hash, "salt": salt });
        assert!(names(&recipient, IdentityType::Email, identity));
        assert!(!names(&recipient, IdentityType::Email, "other@example.org"));
        assert!(!names(&recipient, IdentityType::Url, identity));
    }
    // Without salt, and md5.
    let md5 = json!({ "type": "email", "hashed": true, "identity": "md5$900150983cd24fb0d6963f7d28e17f72" });
    assert!(names(&md5, IdentityType::Email, "abc"));
}

#[test]
fn row_f4_a_recipient_does_not_lie_about_its_hash() {
    let with_recipient = |recipient: Value| faults(with(assertion(), "recipient", recipient), Class::Assertion);
    let plain = json!({ "type": "email", "hashed": true, "identity": "a@example.org" });
    assert_eq!(with_recipient(plain), ["not_identity_hash /recipient/identity"]);
    let hash = json!({ "type": "email", "hashed": false, "identity": recipient::sha256("a@example.org", "") });
    assert_eq!(with_recipient(hash), ["hash_not_declared /recipient/identity"]);
}

#[test]
fn row_f5_case_of_digits_and_of_addresses_does_not_count() {
    let upper = recipient::sha256("john.doe@example.org", "s")[7..].to_uppercase();
    let recipient = json!({ "type": "email", "hashed": true, "identity": format!("sha256${upper}"), "salt": "s" });
    assert!(names(&recipient, IdentityType::Email, "John.Doe@example.org"));
    let as_given = json!({ "type": "email", "hashed": true, "identity": recipient::sha256("John.Doe@example.org", "s"), "salt": "s" });
    assert!(names(&as_given, IdentityType::Email, "John.Doe@example.org"));
    let clear = json!({ "type": "email", "hashed": false, "identity": "John.Doe@example.org" });
    assert!(names(&clear, IdentityType::Email, "john.doe@example.org"));
}

#[test]
fn row_f6_a_plain_address_looks_like_one() {
    let with_recipient = |kind: &str, identity: &str| {
        let recipient = json!({ "type": kind, "hashed": false, "identity": identity });
        faults(with(assertion(), "recipient", recipient), Class::Assertion)
    };
    assert_eq!(with_recipient("email", "nobody"), ["not_email /recipient/identity"]);
    assert_eq!(with_recipient("url", "nobody"), ["not_url /recipient/identity"]);
    assert_eq!(with_recipient("telephone", "nobody"), ["not_telephone /recipient/identity"]);
    assert_eq!(with_recipient("id", "did:key:z6Mk"), NONE);
}

#[test]
fn row_f7_one_identifier_that_matches_suffices() {
    let read = plain(assertion(), Class::Assertion).assertion().value.recipient.unwrap();
    let known = |value| Identifier { kind: IdentityType::Email, value };
    let mine = [known("other@example.org"), known("nobody@example.org")];
    assert_eq!(recipient::find(&read, &mine), Some(mine[1]));
    assert_eq!(recipient::find(&read, &mine[..1]), None);
    assert_eq!(recipient::find(&read, &[known(" ")]), None);
}

#[test]
fn row_f8_verification_is_hosted_or_signed() {
    for (written, kind) in [
        ("hosted", VerificationType::Hosted),
        ("HostedBadge", VerificationType::Hosted),
        ("signed", VerificationType::Signed),
        ("SignedBadge", VerificationType::Signed),
    ] {
        let read = plain(with(assertion(), "verification", json!({ "type": written })), Class::Assertion).assertion();
        assert_eq!((read.is_right(), read.value.verification.unwrap().kind), (true, Some(kind)));
    }
    for wrong in [json!("Trusted"), json!(["hosted", "signed"]), json!("VerificationObject")] {
        let read = plain(with(assertion(), "verification", json!({ "type": wrong })), Class::Assertion).assertion();
        assert!(!read.is_right());
        assert_eq!(read.value.verification.unwrap().kind, None);
    }
}

#[test]
fn row_f10_and_f12_a_policy_may_have_many_beginnings_and_hosts() {
    let policy = json!({
        "startsWith": ["https://example.org/a/", "https://example.org/b/"],
        "allowedOrigins": ["example.org", "badges.example.org"],
        "verificationProperty": "id",
    });
    let read = plain(with(issuer(), "verification", policy), Class::Profile).profile();
    assert!(read.is_right());
    let policy = read.value.policy.unwrap();
    assert_eq!((policy.starts_with.len(), policy.allowed_origins.len(), policy.unusable), (2, 2, false));
    let wrong = with(issuer(), "verification", json!({ "verificationProperty": "name" }));
    assert_eq!(faults(wrong, Class::Profile), ["unknown_verification_property /verification/verificationProperty"]);
}

#[test]
fn row_f11_an_allowed_origin_is_a_registered_name() {
    for wrong in ["https://example.org", "example.org:8080", "localhost", "127.0.0.1", "[::1]", "example.org/", ""] {
        let policy = json!({ "allowedOrigins": ["example.org", wrong] });
        let read = plain(with(issuer(), "verification", policy.clone()), Class::Profile).profile();
        assert!(read.value.policy.unwrap().unusable, "{wrong}");
        let found = faults(with(issuer(), "verification", policy), Class::Profile);
        assert_eq!(found, ["not_host_name /verification/allowedOrigins/1"], "{wrong}");
    }
}

#[test]
fn row_g3_a_key_has_an_owner_and_a_pem() {
    assert_eq!(faults(key(), Class::CryptographicKey), NONE);
    for name in ["type", "id", "owner", "publicKeyPem"] {
        assert_eq!(faults(without(key(), name), Class::CryptographicKey), [format!("missing_member /{name}")]);
    }
}

#[test]
fn row_g4_a_key_is_spki() {
    let rsa =
        with(key(), "publicKeyPem", json!("-----BEGIN RSA PUBLIC KEY-----\nMIIB\n-----END RSA PUBLIC KEY-----\n"));
    assert_eq!(faults(rsa, Class::CryptographicKey), ["not_spki_pem /publicKeyPem"]);
}

#[test]
fn row_g5_a_creator_is_read() {
    let signed = with(assertion(), "verification", json!({ "type": "signed", "creator": "https://example.org/key" }));
    let read = plain(signed, Class::Assertion).assertion().value.verification.unwrap();
    assert_eq!(read.creator.as_deref(), Some("https://example.org/key"));
}

#[test]
fn row_h3_and_h5_a_revocation_list_names_ids_and_uids() {
    let list = |entries: Value| json!({ "@context": "https://w3id.org/openbadges/v2", "id": "https://example.org/revocations", "type": "RevocationList", "issuer": "https://example.org/issuer", "revokedAssertions": entries });
    let mixed = list(json!([
        "urn:uuid:3c574c87-b96f-4f06-8eb5-68a29335b60e",
        { "id": "urn:uuid:e79a6c18-787e-4868-8e65-e6a4530fb418", "revocationReason": "Honor code violation" },
        { "uid": "abc123", "revocationReason": "Issued in error." },
    ]));
    let read = plain(mixed, Class::RevocationList).revocation_list();
    assert!(read.is_right());
    assert!(read.value.entry("urn:uuid:3c574c87-b96f-4f06-8eb5-68a29335b60e", None).is_some());
    let second = read.value.entry("urn:uuid:e79a6c18-787e-4868-8e65-e6a4530fb418", None).unwrap();
    assert_eq!(second.reason.as_deref(), Some("Honor code violation"));
    assert!(read.value.entry("https://example.org/a", Some("abc123")).is_some());
    assert!(read.value.entry("https://example.org/a", None).is_none());
    let wrong = list(json!(["foo", { "revocationReason": "r" }, 3]));
    assert_eq!(
        faults(wrong, Class::RevocationList),
        [
            "revocation_entry /revokedAssertions/0",
            "revocation_entry /revokedAssertions/1",
            "revocation_entry /revokedAssertions/2"
        ]
    );
    assert_eq!(faults(list(json!([])), Class::RevocationList), NONE);
    assert_eq!(faults(with(list(json!([])), "type", json!("Issuer")), Class::RevocationList), ["wrong_type /type"]);
}

#[test]
fn row_h3_a_list_names_an_id_whatever_its_writing() {
    let list = json!({ "@context": "https://w3id.org/openbadges/v2", "type": "RevocationList", "revokedAssertions": ["urn:uuid:E79A6C18-787E-4868-8E65-E6A4530FB418", "HTTPS://example.org:443/a/./1"] });
    let read = plain(list, Class::RevocationList).revocation_list().value;
    for (id, named) in [
        ("urn:uuid:e79a6c18-787e-4868-8e65-e6a4530fb418", true),
        ("https://example.org/a/1", true),
        ("https://example.org/A/1", false),
        ("http://example.org/a/1", false),
        ("urn:uuid:e79a6c18-787e-4868-8e65-e6a4530fb419", false),
    ] {
        assert_eq!(read.entry(id, None).is_some(), named, "{id}");
    }
}

#[test]
fn row_i1_everything_of_evidence_is_optional() {
    for right in [
        json!({ "type": "Evidence" }),
        json!({ "narrative": "n" }),
        json!({ "id": "https://example.org/e", "name": "n", "description": "d", "genre": "g", "audience": "a" }),
        json!({ "id": "urn:uuid:e79a6c18-787e-4868-8e65-e6a4530fb418", "narrative": "n" }),
        json!("urn:uuid:e79a6c18-787e-4868-8e65-e6a4530fb418"),
    ] {
        let read = plain(with(assertion(), "evidence", right.clone()), Class::Assertion).assertion();
        assert_eq!((read.is_right(), read.value.evidence.len()), (true, 1), "{right}");
    }
    for name in ["narrative", "name", "description", "genre", "audience"] {
        let wrong = with(assertion(), "evidence", json!({ name: 3 }));
        assert_eq!(faults(wrong, Class::Assertion), [format!("not_text /evidence/{name}")]);
    }
}

#[test]
fn row_i2_criteria_say_something() {
    for right in [json!({ "narrative": "n" }), json!({ "id": "https://example.org/c" }), json!("https://example.org/c")]
    {
        assert_eq!(faults(with(badge_class(), "criteria", right), Class::BadgeClass), NONE);
    }
    for wrong in [json!({}), json!({ "narrative": " " }), json!({ "type": "Criteria" })] {
        assert_eq!(faults(with(badge_class(), "criteria", wrong), Class::BadgeClass), ["empty_criteria /criteria"]);
    }
    assert_eq!(faults(with(badge_class(), "criteria", json!("do it")), Class::BadgeClass), ["not_iri /criteria"]);
}

#[test]
fn row_i3_an_alignment_has_a_name_and_an_address() {
    let one = |alignment: Value| faults(with(badge_class(), "alignment", alignment), Class::BadgeClass);
    assert_eq!(one(json!({ "targetName": "A" })), ["missing_member /alignment/targetUrl"]);
    assert_eq!(one(json!({ "targetUrl": "https://a.example" })), ["missing_member /alignment/targetName"]);
    assert_eq!(one(json!({ "targetName": "A", "targetUrl": "a" })), ["not_url /alignment/targetUrl"]);
    // The names of 1.1 are not those of 2.0.
    assert_eq!(one(json!({ "name": "A", "url": "https://a.example" })).len(), 2);
}

#[test]
fn row_i4_an_image_has_an_id_and_perhaps_words() {
    let image = json!({ "id": "https://example.org/a.png", "caption": "A robot" });
    let read = plain(with(badge_class(), "image", image), Class::BadgeClass).badge_class().value;
    assert_eq!(read.image.unwrap().caption.as_deref(), Some("A robot"));
}

#[test]
fn row_i5_and_i6_and_pitfall_2_20_languages_and_versions_are_related() {
    let mut class = with(badge_class(), "@language", json!("en-us"));
    class["version"] = json!(2);
    class["endorsement"] = json!(["https://example.org/e1", "https://example.org/e2"]);
    class["related"] = json!([{ "id": "https://example.org/es", "@language": "es" }, { "id": "https://example.org/v1", "version": 1 }]);
    let read = plain(class.clone(), Class::BadgeClass).badge_class();
    assert!(read.is_right());
    let common = read.value.common;
    assert_eq!((common.language.as_deref(), common.version.as_deref()), (Some("en-us"), Some("2")));
    assert_eq!((common.related[0].language.as_deref(), common.related[1].version.as_deref()), (Some("es"), Some("1")));
    assert_eq!(common.endorsements.len(), 2);
    class["related"] = json!({ "@language": "es" });
    assert_eq!(faults(class, Class::BadgeClass), ["missing_member /related/id"]);
}

#[test]
fn row_j1_an_endorsement_has_these() {
    assert_eq!(faults(endorsement(), Class::Endorsement), NONE);
    for name in ["id", "type", "claim", "issuer", "issuedOn", "verification"] {
        assert_eq!(faults(without(endorsement(), name), Class::Endorsement), [format!("missing_member /{name}")]);
    }
    let read = plain(endorsement(), Class::Endorsement).endorsement().value;
    assert_eq!(
        (read.claim_id.as_deref(), read.comment.as_deref()),
        (Some("https://example.org/classes/1"), Some("Good."))
    );
    let nothing = with(endorsement(), "claim", json!({ "endorsementComment": "Good." }));
    assert_eq!(faults(nothing, Class::Endorsement), ["missing_member /claim/id"]);
}

#[test]
fn row_j2_a_revoked_endorsement_needs_id_and_issuer() {
    let revoked = json!({ "@context": "https://w3id.org/openbadges/v2", "type": "Endorsement", "id": "https://example.org/e", "issuer": "https://example.org/i", "revoked": true });
    assert_eq!(faults(revoked.clone(), Class::Endorsement), NONE);
    assert_eq!(faults(without(revoked, "issuer"), Class::Endorsement), ["missing_member /issuer"]);
}

#[test]
fn row_j2_a_signed_endorsement_may_stand_where_its_id_would() {
    let token = "eyJhbGciOiJSUzI1NiJ9.eyJpZCI6InVybjphIn0.c2lnbmF0dXJl";
    let mut class = with(badge_class(), "endorsement", json!([token, "https://example.org/e1", endorsement()]));
    let common = plain(class.clone(), Class::BadgeClass).badge_class();
    assert!(common.is_right(), "{:?}", common.faults);
    let tokens: Vec<_> = common.value.common.endorsements.iter().map(|link| link.token()).collect();
    assert_eq!(tokens, [Some(token), None, None]);
    // Also in an object that stands embedded.
    let mut whole = with(assertion(), "badge", class.clone());
    whole["badge"]["issuer"] = with(issuer(), "endorsement", json!(token));
    let badge = plain(whole, Class::Assertion).assertion().value.badge.unwrap();
    let read = Document::embedded(&badge).unwrap().badge_class().value;
    assert_eq!(read.common.endorsements[0].token(), Some(token));
    let profile = Document::embedded(&read.issuer.unwrap()).unwrap().profile().value;
    assert_eq!(profile.common.endorsements[0].token(), Some(token));
    // Of nothing else, and no other word.
    class["endorsement"] = json!("a.b");
    assert_eq!(faults(class, Class::BadgeClass), ["not_iri /endorsement"]);
    assert_eq!(faults(with(assertion(), "badge", json!(token)), Class::Assertion), ["not_iri /badge"]);
}

#[test]
fn pitfall_2_10_identity_and_salt_are_hashed_as_utf8() {
    // printf 'zoé@example.orgsel de mer é' | sha256sum
    let hash = recipient::sha256("zoé@example.org", "sel de mer é");
    let bytes = ["zoé@example.org".as_bytes(), "sel de mer é".as_bytes()].concat();
    assert_eq!(hash, recipient::sha256(std::str::from_utf8(&bytes).unwrap(), ""));
    let recipient = json!({ "type": "email", "hashed": true, "identity": hash, "salt": "sel de mer é" });
    assert!(names(&recipient, IdentityType::Email, "zoé@example.org"));
    // Typed with its accent apart.
    assert!(names(&recipient, IdentityType::Email, "zoe\u{301}@example.org"));
}

#[test]
fn pitfall_2_21_the_type_of_an_extension_is_compared_as_it_is_written() {
    let geo = |types: Value| {
        let value = json!({ "type": types, "description": "no place" });
        faults(with(badge_class(), "extensions:GeoCoordinates", value), Class::BadgeClass)
    };
    // The property says what it is, so its shape is asked for whatever its type says.
    for types in [json!(["Extension", "extensions:GeoCoordinates"]), json!("extensions:geoCoordinates"), json!(null)] {
        assert_eq!(geo(types), ["extension_shape /extensions:GeoCoordinates"]);
    }
    // An object that says in another case that it is an extension is an unknown property.
    let other = with(badge_class(), "odd", json!({ "type": ["extension"], "x": 1 }));
    assert!(plain(other, Class::BadgeClass).extensions.is_empty());
}

#[test]
fn row_m3_the_extensions_of_ims_are_kept_as_they_are() {
    let value = json!({ "@context": "https://purl.imsglobal.org/spec/ob-assessment/v2p0/context.json", "type": ["Extension", "extensions:AssessmentExtension"], "assessments": [{ "name": "Test" }] });
    let mut class = with(badge_class(), "extensions:AssessmentExtension", value.clone());
    class["@context"] =
        json!(["https://w3id.org/openbadges/v2", "https://purl.imsglobal.org/spec/ob-accred/v2p0/c.json"]);
    let document = plain(class, Class::BadgeClass);
    assert!(document.badge_class().is_right());
    assert_eq!((document.extensions[0].name.as_str(), &document.extensions[0].value), ("AssessmentExtension", &value));
}

#[test]
fn row_m1_a_known_extension_has_its_shape() {
    let geo = |value: Value| with(badge_class(), "extensions:GeoCoordinates", value);
    let right = json!({
        "@context": "https://w3id.org/openbadges/extensions/geoCoordinatesExtension/context.json",
        "type": ["Extension", "extensions:GeoCoordinates"],
        "description": "Here",
        "geo": { "latitude": 49.44, "longitude": 1.1 },
    });
    assert_eq!(faults(geo(right.clone()), Class::BadgeClass), NONE);
    let wrong = without(right, "geo");
    assert_eq!(faults(geo(wrong), Class::BadgeClass), ["extension_shape /extensions:GeoCoordinates"]);
}

#[test]
fn row_m4_an_unknown_extension_is_kept_as_written() {
    let value = json!({ "@context": "https://nowhere.example/c.json", "type": ["Extension", "extensions:Odd"], "x": [1, { "y": null }] });
    let mut class = with(badge_class(), "extensions:Odd", value.clone());
    class["alignment"][1]["odd"] = value.clone();
    class["@context"] =
        json!(["https://w3id.org/openbadges/v2", "https://w3id.org/openbadges/extensions/odd/context.json"]);
    let document = plain(class, Class::BadgeClass);
    assert!(document.badge_class().is_right());
    let found: Vec<_> = document.extensions.iter().map(|e| (e.path.as_str(), e.name.as_str(), &e.value)).collect();
    assert_eq!(found, [("", "Odd", &value), ("/alignment/1", "odd", &value)]);
}
